"""A site under test: a folder of its own, a clock of its own, real processes."""

import email
import email.policy
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import time
from contextlib import closing, contextmanager

from clock import Clock
from mail_server import PASSWORD, USER, free_port, serve

# Settings of every site; what a scenario is about it sets itself.
COMMON = {
    "letters.walk": '"* * * * *"',
    "watch.settle": '"50ms"',
    "merge.quiet": '"100ms"',
    "mail.rate_per_minute": "1000",
    "mail.rate_per_day": "10000",
    "web.listen": '""',
}

DEADLINE = 60


def configured(text, keys):
    """The shipped config.toml with other values, written as a person would."""
    section, lines, left = None, [], dict(keys)
    for line in text.split("\n"):
        if found := re.fullmatch(r"\[(\w+)\]", line.strip()):
            section = found[1]
        elif (found := re.match(r"(\w+) = ", line)) and f"{section}.{found[1]}" in left:
            line = f"{found[1]} = {left.pop(f'{section}.{found[1]}')}"
        lines.append(line)
    assert not left, f"config.toml doesn't know {left}"
    return "\n".join(lines)


def until(condition, what, deadline=DEADLINE, step=0.02):
    """Waits for a condition and gives what it gave; fails loudly after a while."""
    end = time.monotonic() + deadline
    while not (found := condition()):
        assert time.monotonic() < end, f"waited {deadline} s in vain: {what() if callable(what) else what}"
        time.sleep(step)
    return found


class Site:
    """A folder as `init` makes it, with people who can be written to."""

    # Which of the shipped programmes it has; the first one is about leaders and villages.
    programs = ("wutang-visits",)

    def __init__(self, world, name, now, **keys):
        self.world, self.folder = world, world.folder / name
        self.clock = Clock(world.library, world.folder / f"{name}.clock")
        self.clock.set(now)
        self.process = None
        chosen = [word for program in self.programs for word in ("--program", program)]
        subprocess.run([world.binary, "init", str(self.folder), *chosen], check=True, capture_output=True, timeout=60)
        self.config = self.folder / "config.toml"
        self.keys = {**COMMON, **keys}
        self.shipped = self.config.read_text(encoding="utf-8")
        self.configure()
        for name in ("roster.csv", "leaders.csv", "program.toml"):
            # Nobody is behind a placeholder, so the program would refuse it.
            path = self.definition / name
            if path.exists():
                text = path.read_text(encoding="utf-8").replace("@wutang.example", "@wutang.gov.cn")
                path.write_text(text, encoding="utf-8")
        (self.folder / "password").write_text(PASSWORD, encoding="utf-8")

    def configure(self, **keys):
        self.keys.update(keys)
        self.config.write_text(configured(self.shipped, self.keys), encoding="utf-8")

    def copy(self, name, **keys):
        """The same site once more, as a backup would bring it back, with a clock that shows the same."""
        other = object.__new__(type(self))
        other.world, other.folder = self.world, self.world.folder / name
        shutil.copytree(self.folder, other.folder)
        other.clock = Clock(self.world.library, self.world.folder / f"{name}.clock")
        other.clock.move(self.clock.now() - other.clock.now())
        other.process, other.config = None, other.folder / "config.toml"
        other.keys, other.shipped = dict(self.keys), self.shipped
        other.configure(**keys)
        return other

    def remove(self):
        shutil.rmtree(self.folder)

    @property
    def definition(self):
        """The folder in which the first programme is defined."""
        return self.folder / "templates" / "programs" / self.programs[0]

    @property
    def share(self):
        return self.folder / "watch" / "乌塘挂点台账"

    def page(self):
        """运行情况.txt, the page that the office looks at."""
        path = self.folder / "output" / "运行情况.txt"
        return path.read_text(encoding="utf-8-sig") if path.exists() else ""

    # ── processes ──

    def command(self, *words, now=None):
        said = ["--now", now] if now else []
        return [self.world.binary, "--config", str(self.config), *said, *words]

    def environment(self, halt=None):
        more = {"RUST_LOG": "info", **({"TAIZHANG_HALT_AT": halt} if halt else {})}
        return {**os.environ, **self.clock.environment, **more}

    def run(self, *words, now=None, expect=(0,), halt=None):
        """A command to its end; gives what it printed."""
        done = subprocess.run(
            self.command(*words, now=now), capture_output=True, text=True, timeout=120, env=self.environment(halt)
        )
        said = done.stdout + done.stderr
        assert done.returncode in expect, f"{words}: exit {done.returncode}\n{said}"
        return done.stdout if "json" in words else said

    def start(self, *words, halt=None):
        """A process that goes on beside the test: the daemon, unless told otherwise."""
        assert self.process is None, "there is one already"
        log = (self.world.folder / f"{self.folder.name}.log").open("ab")
        with log:
            self.process = subprocess.Popen(
                self.command("run", *words), stdout=log, stderr=log, env=self.environment(halt)
            )
        return self.process

    def kill(self):
        """SIGKILL: no destructor, no flush, as in a power cut. Gives whether it was still alive."""
        process, self.process = self.process, None
        if process is None:
            return False
        if process.poll() is None:
            process.kill()
        return process.wait(DEADLINE) == -signal.SIGKILL

    def stop(self):
        """Asks the daemon to end, which it has to do well."""
        process, self.process = self.process, None
        process.terminate()
        assert process.wait(DEADLINE) == 0, f"the daemon ended with {process.returncode}:\n{self.log()}"

    def log(self):
        path = self.world.folder / f"{self.folder.name}.log"
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        return re.sub(r"\x1b\[[0-9;]*m", "", text)

    @contextmanager
    def daemon(self):
        """A running daemon that is ended well; on a fault its log is shown."""
        began = self.clock.now()
        self.start()
        try:
            until(lambda: self.walked() >= began, lambda: f"the daemon didn't come up:\n{self.log()}")
            yield
            assert self.process.poll() is None, "the daemon died"
            self.stop()
        except BaseException:
            print(self.log()[-6000:])
            raise
        finally:
            self.kill()

    # ── what it knows ──

    def letters(self, *words):
        return json.loads(self.run("letters", "list", "--format", "json", *words))

    def query(self, sql, *values):
        """Asks the database beside the process, for waiting only: a command would cost a process each time."""
        path = self.folder / "data" / "taizhang.sqlite3"
        if not path.exists():
            return []
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)) as database:
            try:
                return database.execute(sql, values).fetchall()
            except sqlite3.OperationalError as error:
                if "no such table" in str(error):
                    return []
                raise

    def states(self):
        """How many letters are in each state, without asking the program."""
        return dict(self.query("SELECT state, count(*) FROM letter GROUP BY state"))

    def walked(self):
        """The last instant at which the daemon looked at its clock and trusted it, in seconds since 1970."""
        rows = self.query("SELECT value FROM meta WHERE key = 'latest_instant'")
        return int(rows[0][0]) / 1000 if rows else 0

    def until_walked(self):
        """Waits until the daemon has walked the ladder at the present time."""
        now = self.clock.now()
        end = time.monotonic() + DEADLINE
        # A walk that was under way when the clock moved has noted the time of
        # before, and the next one comes with the next minute.
        while not self._walks_within(5, now - 60):
            assert time.monotonic() < end, f"no walk at the present time:\n{self.log()[-3000:]}"
            self.clock.passes(minutes=1)

    def _walks_within(self, seconds, at):
        """Whether the daemon notes a walk of an instant or later while so much time goes by."""
        end = time.monotonic() + seconds
        while self.walked() < at:
            if time.monotonic() > end:
                return False
            time.sleep(0.02)
        return True

    def until_attended(self):
        """Lets some minutes pass in which the daemon surely does all that is due, whatever it thinks of its clock."""
        for _ in range(2):
            self._until_looked()

    def _until_looked(self):
        # It looks at the whole share every five minutes, and does the rest
        # after each look. These minutes begin at the end of a look: one that is
        # under way when the clock moves takes its end from after the move.
        end = time.monotonic() + DEADLINE
        while True:
            self.clock.passes(minutes=6)
            soon = time.monotonic() + 5
            while time.monotonic() < soon:
                if self._has_looked():
                    return
                time.sleep(0.02)
            assert time.monotonic() < end, f"nobody looks at the share:\n{self.log()[-3000:]}"

    def _has_looked(self):
        rows = self.query("SELECT value FROM meta WHERE key = 'last_scan'")
        return rows and abs(int(rows[0][0]) / 1000 - self.clock.now()) < 60


class Inbox:
    """What a server took, and how it behaves: refuses, or does something before its answer."""

    def __init__(self):
        self.taken = []
        self.refuse = {}
        self.before = lambda step: None

    def _answer(self, step):
        self.before(step)
        return self.refuse.get(step)

    async def handle_MAIL(self, server, session, envelope, address, options):
        if refused := self._answer("MAIL"):
            return refused
        envelope.mail_from = address
        return "250 sender noted"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if refused := self._answer("RCPT"):
            return refused
        envelope.rcpt_tos.append(address)
        return "250 recipient noted"

    async def handle_DATA(self, server, session, envelope):
        if refused := self._answer("DATA"):
            return refused
        self.taken.append(Taken(envelope))
        self.before("TAKEN")
        return "250 taken"


class Taken:
    """A letter as the server has it."""

    def __init__(self, envelope):
        self.recipients = sorted(envelope.rcpt_tos)
        self.message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.id = self.message["Message-ID"]
        # A letter that only tries the way has none.
        numbered = re.match(r"<(\d+)\.", self.id)
        self.number = int(numbered[1]) if numbered else None
        self.subject = self.message["Subject"]

    def text(self):
        return self.message.get_body(("plain",)).get_content()


class Server:
    """A mail server that can be taken away and come back at the same place."""

    def __init__(self, world, security="starttls"):
        self.world, self.port, self.inbox, self.controller = world, free_port(), Inbox(), None
        self.security = security

    def settings(self):
        return {
            "mail.transport": '"smtp"',
            "mail.host": '"localhost"',
            "mail.port": self.port,
            "mail.security": '"starttls"',
            "mail.ca_file": f"'{self.world.certificates.authority}'",
            "mail.user": f'"{USER}"',
            "mail.password_file": '"password"',
            "mail.from_address": f'"{USER}"',
            "mail.allow_domains": '["wutang.gov.cn"]',
            "mail.timeout": '"20s"',
        }

    def start(self):
        self.controller = serve(self.world.certificates, self.security, self.inbox, port=self.port)
        return self

    def stop(self):
        controller, self.controller = self.controller, None
        if controller:
            controller.stop()

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()
