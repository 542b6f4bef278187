"""Two daemons on one database by mistake; commands beside a running one."""

import json
import shutil
import subprocess

from sites import Server, Site, until

REFUSAL = "不能再启动一个"


def second_daemon_is_refused_and_commands_work(world):
    with Server(world) as server:
        site = Site(world, "two", "2024-11-20T09:00:00+08:00", **server.settings())
        site.run("run", "--once")
        site.clock.set("2024-12-02T09:20:00+08:00")
        with site.daemon():
            until(lambda: site.states() == {"sent": 13}, lambda: f"{site.states()}")
            for words in (("run",), ("run", "--once")):
                said = site.run(*words, expect=(2,))
                assert REFUSAL in said and str(site.folder / "data") in said, said
            # By another way to the same folder as well: a configuration elsewhere, a link.
            link = world.folder / "link-to-two"
            link.symlink_to(site.folder)
            other = subprocess.run(
                [world.binary, "--config", str(link / "config.toml"), "run"],
                capture_output=True, text=True, timeout=60, env=site.environment(),
            )
            assert other.returncode == 2 and REFUSAL in other.stderr, other
            assert site.process.poll() is None, "the first one was disturbed"

            # Commands only write to the database; the daemon acts on it.
            assert "正在运行" in site.run("doctor")
            status = json.loads(site.run("status", "--period", "2024-11", "--format", "json"))
            assert status["missing"] == 13, status
            assert json.loads(site.run("schedule", "--format", "json"))
            site.run("exempt", "--unit", "周景辉", "--period", "2024-11", "--reason", "已调离")
            withdrawn = site.letters()[0]
            site.run("letters", "withdraw", str(withdrawn["id"]), "--reason", "数据有误")
            # The withdrawal, and the notice of the exemption.
            until(lambda: len(server.inbox.taken) == 15, lambda: f"{site.states()}")
            later = [mail.recipients for mail in server.inbox.taken[13:]]
            assert server.inbox.taken[0].recipients in later, later
            backup = site.folder / "backup.sqlite3"
            site.run("backup", str(backup))
            assert backup.stat().st_size > 0
            rehearsed = site.run("run", "--once", "--rehearse", now="2024-12-06T09:30:00+08:00")
            copy = rehearsed.split("副本在", 1)[1].split()[0]
            assert "演练" in rehearsed and len(server.inbox.taken) == 15, "a rehearsal sent for real"
            shutil.rmtree(copy)

            # Who is exempt is not reminded; everybody else once.
            site.clock.passes_until("2024-12-05T09:05:00+08:00")
            site.until_walked()
            until(lambda: "queued" not in site.states(), lambda: f"{site.states()}")
            due = [letter for letter in site.letters() if letter["kind"] == "due-today"]
            assert len(due) == 12 and not any("周景辉" in letter["units"] for letter in due), due
        assert len({mail.number for mail in server.inbox.taken}) == len(server.inbox.taken)

        # When it has ended, or was killed, the next one starts at once.
        site.start()
        until(lambda: "正在运行" in site.run("doctor"), site.log)
        site.kill()
        with site.daemon():
            assert "正在运行" in site.run("doctor")


CHECKS = [second_daemon_is_refused_and_commands_work]
