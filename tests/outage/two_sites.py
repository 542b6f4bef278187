"""Two daemons with two data folders on one share: which works, when the other takes over, what a copy may do."""

import functools
import re
import shutil

from sites import Site, until

UNITS = {"周景辉": "零报告-2024年11月.txt", "庞兴": "本期无.txt"}
REFUSED = "不动共享文件夹"
HOUR = 3600


def alone(check):
    """A check whose daemons end with it, however it ends."""

    @functools.wraps(check)
    def checked(world):
        sites = []
        try:
            check(world, lambda *words, **more: sites.append(site(world, *words, **more)) or sites[-1])
        finally:
            for one in sites:
                one.kill()

    return checked


def sentinel(site):
    """What the share says of its owner."""
    text = (site.watch / ".taizhang").read_text(encoding="utf-8")
    return dict(line.split(" = ", 1) for line in text.splitlines() if " = " in line)


def site(world, name, watch=None):
    """A site; with `watch`: on another one's share, by the same clock of the world."""
    made = Site(world, name, "2024-12-02T09:00:00+08:00")
    made.watch = made.folder / "watch"
    if watch:
        made.watch = watch
        made.configure(**{"paths.watch": f"'{watch}'"})
    return made


def nil(site, unit):
    (site.watch / "乌塘挂点台账" / unit / UNITS[unit]).write_text("本期无", encoding="utf-8")


def passes(*sites, **time):
    for one in sites:
        one.clock.passes(**time)


def taken(site):
    return site.query("SELECT count(*) FROM submission")[0][0]


def looked(site):
    """When the daemon looked at its share last, in seconds since 1970."""
    rows = site.query("SELECT value FROM meta WHERE key = 'last_scan'")
    return int(rows[0][0]) / 1000 if rows else 0


def started(site):
    """Starts the daemon and waits until it has looked at its share and laid the forms ready."""
    began = site.clock.now()
    site.start()
    until(lambda: looked(site) >= began - 1, site.log)
    until_quiet(site)


def until_quiet(site):
    """Waits until the daemon has laid the forms ready and has nothing more to do."""
    forms = "SELECT count(*) FROM placed WHERE role = 'form'"
    until(lambda: site.query(forms)[0][0] == 13, lambda: f"{site.query(forms)} forms\n{site.log()}")
    until(lambda: not site.query("SELECT 1 FROM delivery WHERE state = 'pending'"), site.log)


def refused_at_start(site, of):
    """A start ends at once, with the other's name, and touches nothing."""
    before = snapshot(site.watch)
    for words in (("run",), ("run", "--once")):
        said = site.run(*words, expect=(2,))
        for word in (sentinel(of)["host"], str(of.folder / "data"), "最近心跳", "不启动"):
            assert word in said, f"{word}: {said}"
    assert snapshot(site.watch) == before, "the refused one touched the share"


def snapshot(watch):
    """Every file of the share with its bytes, but for the heartbeat."""
    files = (path for path in sorted(watch.rglob("*")) if path.is_file() and path.name != ".taizhang")
    return {str(path.relative_to(watch)): path.read_bytes() for path in files if ".taizhang-" not in path.name}


def journal(site, what):
    return [detail for (detail,) in site.query("SELECT detail FROM journal WHERE what = ? ORDER BY id", what)]


@alone
def second_site_waits_takes_over_and_gives_back(world, site):
    first = site("one")
    second = site("another", watch=first.watch)
    started(first)
    owner = sentinel(first)
    assert owner["data"] == str(first.folder / "data") and re.fullmatch("[0-9a-f]{32}", owner["site"]), owner
    refused_at_start(second, first)

    # The heartbeat goes on while nothing happens, every few minutes at most.
    passes(first, second, minutes=3)
    until(lambda: sentinel(first)["heartbeat"] > owner["heartbeat"], lambda: f"no heartbeat: {sentinel(first)}")
    nil(first, "周景辉")
    until(lambda: taken(first) == 1, first.log)

    # Killed in the middle: nobody knows whether it will come back.
    first.kill()
    refused_at_start(second, first)
    passes(first, second, minutes=55)
    refused_at_start(second, first)
    passes(first, second, minutes=10)
    nil(first, "庞兴")
    second.start()
    # It says its name first, and waits whether the other one lives all the same.
    until(lambda: sentinel(first)["data"] == str(second.folder / "data"), second.log)
    passes(first, second, minutes=1)
    until(lambda: taken(second) >= 1, second.log)
    assert any("已停一小时以上" in line for line in journal(second, "share-taken-over")), second.log()
    until(lambda: "由本站点接管" in second.page(), second.page)
    until_quiet(second)

    # The first one is started again, and is the second now.
    refused_at_start(first, second)
    assert "[问题] 标志文件" in first.run("doctor", expect=(1,))
    # A clean stop hands over at once, to a move as to a start.
    second.stop()
    assert sentinel(first)["state"] == "stopped"
    first.start()
    until(lambda: sentinel(first)["data"] == str(first.folder / "data"), first.log)
    until(lambda: any("停止" in line for line in journal(first, "share-taken-over")), first.log)
    first.stop()


@alone
def a_running_site_that_lost_its_share_stops_and_goes_on(world, site):
    first = site("slow")
    second = site("wrong-clock", watch=first.watch)
    started(first)
    # A clock that is two hours ahead takes the living owner for dead.
    second.clock.move(2 * HOUR)
    second.start()
    until(lambda: REFUSED in first.log(), lambda: f"the first one goes on:\n{first.log()}")
    until(lambda: REFUSED in first.page() and "暂停发出" in first.page(), first.page)
    assert first.process.poll() is None and taken(second) == 0, "the other began before the owner had stopped"
    before = taken(first)
    passes(second, minutes=1)
    nil(first, "周景辉")
    until(lambda: taken(second) == 1, second.log)
    assert taken(first) == before, "both took it"
    # It doesn't come back while the other lives, however long, and not by its own clock.
    passes(first, minutes=30)
    assert sentinel(first)["data"] == str(second.folder / "data")

    # Killed: after an hour by the heartbeat's own time the first goes on by itself.
    second.kill()
    passes(first, hours=4)
    until(lambda: sentinel(first)["data"] == str(first.folder / "data"), first.log)
    passes(first, minutes=1)
    until(lambda: journal(first, "share-taken-over"), first.log)
    nil(first, "庞兴")
    until(lambda: any(name == UNITS["庞兴"] for (name,) in first.query("SELECT file_name FROM submission")), first.log)
    until(lambda: REFUSED not in first.page(), first.page)
    first.stop()


@alone
def a_copied_site_keeps_off(world, site):
    first = site("origin")
    started(first)
    # Data and configuration copied, the share left where it is.
    copy = first.copy("copied", **{"paths.watch": f"'{first.watch}'"})
    shutil.rmtree(copy.folder / "watch")
    copy.watch = first.watch
    said = copy.run("run", expect=(2,))
    assert "本站点的另一份副本" in said and str(first.folder / "data") in said, said
    # Copied with its share: a site of its own, which leaves the original alone.
    whole = first.copy("whole")
    whole.watch = whole.folder / "watch"
    whole.run("run", "--once")
    assert sentinel(whole)["site"] != sentinel(first)["site"] and sentinel(whole)["data"] == str(whole.folder / "data")
    # And so is a rehearsal beside the running daemon.
    said = first.run("run", "--once", "--rehearse")
    shutil.rmtree(said.split("副本在", 1)[1].split()[0])
    assert sentinel(first)["data"] == str(first.folder / "data"), sentinel(first)
    assert first.process.poll() is None and REFUSED not in first.log(), first.log()
    first.stop()


@alone
def two_that_start_at_once(world, site):
    first = site("left")
    second = site("right", watch=first.watch)
    for _ in range(max(2, world.rounds // 2)):
        (first.watch / ".taizhang").write_text("", encoding="utf-8")
        began = {one: one.clock.now() for one in (first, second)}
        for one in (first, second):
            one.start()
        lost = until(
            lambda: next((one for one in (first, second) if one.process.poll() is not None), None), "neither gave way"
        )
        won = second if lost is first else first
        assert lost.process.wait() == 2 and REFUSED in lost.log(), lost.log()
        until(lambda: looked(won) > began[won], won.log)
        assert sentinel(won)["data"] == str(won.folder / "data"), sentinel(won)
        won.stop()
        lost.kill()


CHECKS = [
    second_site_waits_takes_over_and_gives_back,
    a_running_site_that_lost_its_share_stops_and_goes_on,
    a_copied_site_keeps_off,
    two_that_start_at_once,
]
