"""The database lost, damaged and put back, under the real daemon and a real mail server."""

import json
import sqlite3
from contextlib import closing

from sites import Server, Site, until
from suite import ROOT

GO_LIVE = "2024-11-20T09:00:00+08:00"


def sample(site, name, unit):
    """Drops a shipped ledger into a unit's folder, as its clerk would."""
    source = ROOT / "templates" / "demo" / "wutang-2024-11" / name
    (site.share / unit / source.name).write_bytes(source.read_bytes())


def database(site):
    return site.folder / "data" / "taizhang.sqlite3"


def lose(site):
    for ending in ("", "-wal", "-shm"):
        database(site).with_name(database(site).name + ending).unlink(missing_ok=True)


def standing(site):
    """Who stands how, and when that was settled, to the minute."""
    shown = json.loads(site.run("status", "--period", "2024-11", "--format", "json"))
    return {
        unit["unit"]: (unit["state"], unit["versions"], unit["times_returned"], (unit["first_received"] or "")[:16])
        for unit in shown["units"]
    }


def names(site):
    """All that lies on the share, but for the sentinel and what hangs on the hour."""
    return sorted(str(path.relative_to(site.share)) for path in site.share.rglob("*") if path.is_file())


def worked(site, server):
    """A site in the first days of December: taken, handed back, accepted by the office, chased."""
    site.clock.set("2024-12-02T10:05:00+08:00")
    with site.daemon():
        sample(site, "吴垂超11月台账.xlsx", "吴垂超")
        sample(site, "罗养 2024年11月台账.xlsx", "罗养")
        sample(site, "马陕燕2024年11月台账.xlsx", "马陕燕")
        until(lambda: len(list(site.share.glob("*/2024-11 已*"))) == 3, lambda: site.log()[-2000:])
        site.run("accept", "马陕燕2024年11月台账.xlsx", "--reason", "电话核实")
        until(lambda: list(site.share.glob("马陕燕/2024-11 已通过*")), lambda: site.log()[-2000:])
        site.clock.passes_until("2024-12-06T09:05:00+08:00")
        site.until_walked()
        until(lambda: server.inbox.taken, "no letter at all")


def database_lost_under_the_daemon_and_rebuilt(world):
    with Server(world) as server:
        site = Site(world, "lost", GO_LIVE, **server.settings())
        site.run("run", "--once")
        worked(site, server)
        before, files, sent = standing(site), names(site), len(server.inbox.taken)
        lose(site)
        daemon = site.start()
        until(lambda: daemon.poll() is not None, "the daemon began as a new site")
        assert daemon.poll() == 2, f"exit {daemon.poll()}: {site.log()[-1000:]}"
        site.kill()
        for word in ("原来的数据库丢失了", "taizhang restore", "taizhang recover", "backups"):
            assert word in site.log(), site.log()[-1500:]
        said = site.run("recover")
        assert "马陕燕" in said and "电话核实" in said, said
        assert standing(site) == before, f"{before}\n{standing(site)}"
        with site.daemon():
            sample(site, "庞 兴11月台账.xlsx", "庞兴")
            until(lambda: list(site.share.glob("庞兴/2024-11 已通过*")), lambda: site.log()[-2000:])
            site.clock.passes_until("2024-12-09T09:05:00+08:00")
            site.until_walked()
        assert len(server.inbox.taken) == sent, "sent although nobody knows what was sent before"
        states = site.states()
        assert set(states) <= {"draft", "discarded"}, states
        kept = [name for name in files if name not in names(site)]
        assert not kept, f"gone from the share: {kept}"


def backup_put_back_and_the_daemon_goes_on(world):
    with Server(world) as server:
        site = Site(world, "older", GO_LIVE, **server.settings())
        site.run("run", "--once")
        site.clock.set("2024-12-02T10:05:00+08:00")
        began = site.clock.now()
        site.start()
        until(lambda: site.walked() >= began, lambda: site.log()[-2000:])
        sample(site, "吴垂超11月台账.xlsx", "吴垂超")
        until(lambda: list(site.share.glob("吴垂超/2024-11 已通过*")), lambda: site.log()[-2000:])
        backup = site.folder / "backup.sqlite3"
        site.run("backup", str(backup))
        refused = site.run("restore", str(backup), expect=(2,))
        assert "正在运行" in refused, refused
        sample(site, "罗养 2024年11月台账.xlsx", "罗养")
        until(lambda: list(site.share.glob("罗养/2024-11 已退回*")), lambda: site.log()[-2000:])
        site.until_walked()
        until(lambda: server.inbox.taken, "罗养 was not told")
        assert site.kill(), "the daemon had died before"
        before, sent = standing(site), len(server.inbox.taken)
        said = site.run("restore", str(backup))
        assert "最后一条记录" in said and "没有删除" in said, said
        with site.daemon():
            until(lambda: "已对照共享文件夹补登" in site.log(), lambda: site.log()[-2000:])
            site.clock.passes(minutes=10)
            site.until_walked()
            assert len(list(site.share.glob("罗养/退回修改/2024-11/*"))) == 2, "handed back once more"
        assert standing(site) == before, f"{before}\n{standing(site)}"
        assert len(server.inbox.taken) == sent, "answered once more"


def page_damaged_under_the_daemon(world):
    with Server(world) as server:
        site = Site(world, "damaged", GO_LIVE, **server.settings())
        site.run("run", "--once")
        worked(site, server)
        before = standing(site)
        # All of it in the file itself: what still lies in the log would hide the damage.
        with closing(sqlite3.connect(database(site))) as held:
            held.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with database(site).open("r+b") as file:
            size = file.seek(0, 2)
            for page in range(size // 16384 // 2, size // 16384 // 2 + 3):
                file.seek(page * 16384)
                file.write(b"\xa5" * 16384)
        said = site.run("doctor", expect=(1,))
        for word in ("数据库已损坏", "taizhang restore", "taizhang recover"):
            assert word in said, said
        site.run("recover")
        assert standing(site) == before, f"{before}\n{standing(site)}"


CHECKS = [
    database_lost_under_the_daemon_and_rebuilt,
    backup_put_back_and_the_daemon_goes_on,
    page_damaged_under_the_daemon,
]
