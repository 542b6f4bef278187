"""A site whose page is open, and the people who sit before it."""

import base64
import http.client
import json
import re
import stat
import subprocess
from contextlib import contextmanager

from browser import Browser
from mail_server import PASSWORD, free_port
from sites import Site, until
from suite import ROOT

SAMPLES = ROOT / "templates" / "demo" / "wutang-2024-11"
EXPECTED = json.loads((SAMPLES / "expected.json").read_text(encoding="utf-8"))
#: What comes on the first Monday, and what comes later in its stead.
FIRST = [own for own in EXPECTED["files"] if "/" not in own["file"]]
CORRECTIONS = [own for own in EXPECTED["files"] if "/" in own["file"]]
GO_LIVE = "2024-11-20T09:00:00+08:00"
MORNING = "2024-12-02T10:05:00+08:00"
PASSPHRASE = "春江潮水连海平海上"
PROGRAM, PERIOD = "wutang-visits", "2024-11"
HERE = f"/p/{PROGRAM}/{PERIOD}"

#: The words of each state, as people read them.
LABELS = {
    "historic": "历史",
    "upcoming": "未到期",
    "due": "待报",
    "overdue": "逾期未报",
    "returned": "退回待更正",
    "accepted": "已通过",
    "accepted_late": "迟报（已通过）",
    "nil": "零报告",
    "exempt": "免报",
}


def own_address():
    """An address of this machine that isn't loopback: how a colleague's browser gets there."""
    said = subprocess.run(["hostname", "-I"], capture_output=True, text=True, check=True).stdout.split()
    found = [own for own in said if ":" not in own and not own.startswith("127.")]
    assert found, f"this machine has no address but loopback: {said}"
    return found[0]


class Office(Site):
    """A site with its page, on this machine alone or for the whole house."""

    def __init__(self, world, name, now, for_all=False, **keys):
        super().__init__(world, name, now, **{**self._web(for_all), **keys})

    def _web(self, for_all):
        self.port, self.host, self.secrets = free_port(), own_address() if for_all else "127.0.0.1", set()
        self.address = f"http://{self.host}:{self.port}"
        if not for_all:
            return {"web.listen": f'"127.0.0.1:{self.port}"'}
        return {
            "web.listen": f'"0.0.0.0:{self.port}"',
            "web.plaintext": "true",
            "web.public_url": f'"{self.address}"',
        }

    def copy(self, name, for_all=False, **keys):
        other = super().copy(name)
        other.configure(**other._web(for_all), **keys)
        return other

    @contextmanager
    def open(self):
        """The daemon with its page at work; nothing secret lies about afterwards."""
        with self.daemon():
            until(lambda: self.ask("GET", "/healthz").status == 200, lambda: self.log()[-3000:])
            yield self
        self.keeps_its_secrets()

    def ask(self, method, path, headers=None, body=None, host=None, source=None):
        """One request as any program can make it; the answer with its text read."""
        at = http.client.HTTPConnection(host or self.host, self.port, timeout=30, source_address=source)
        try:
            at.request(method, path, body=body, headers=headers or {})
            answer = at.getresponse()
            answer.text = answer.read().decode("utf-8", "replace")
            return answer
        except ConnectionRefusedError:
            return Nothing
        finally:
            at.close()

    # ── people ──

    @contextmanager
    def browser(self, script):
        with Browser(self.world, self.address, script) as browser:
            yield browser
            self.secrets |= browser.secrets

    def one_time(self):
        """The address with which the first person comes in, as whoever keeps the machine finds it."""
        file = self.folder / "data" / "首次登录.txt"
        until(file.exists, lambda: self.log()[-2000:])
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, oct(file.stat().st_mode)
        (found,) = re.findall(r"https?://\S+", file.read_text(encoding="utf-8"))
        self.secrets.add(found.rsplit("/", 1)[1])
        return found

    def first(self, browser, name="lisi", shown="李四", password=PASSPHRASE):
        """Makes the first account, and is logged in with it."""
        browser.open(self.one_time())
        browser.fill("姓名", shown)
        browser.fill("登录名", name)
        browser.fill("密码", password, secret=True)
        browser.fill("再输一次密码", password, secret=True)
        browser.press("建立并登录")
        assert browser.path == "/today", browser.words()

    def add(self, browser, name, shown, role, password, *words):
        """A further account by the command, and its first steps at the page."""
        said = self.run("user", "add", name, "--shown", shown, "--role", role, *words)
        given = re.search(r"初始密码[^：]*：\s*(\S+)", said)
        assert given, said
        self.secrets.add(given[1])
        self.log_in(browser, name, given[1])
        assert browser.path == "/password" and "初始密码" in browser.words("main"), browser.words()
        self.change_password(browser, given[1], password)
        assert browser.path == "/today", browser.words()

    def log_in(self, browser, name, password):
        browser.open("/login")
        browser.fill("登录名", name)
        browser.fill("密码", password, secret=True)
        browser.enter("密码")

    def change_password(self, browser, old, new):
        browser.fill("原密码", old, secret=True)
        browser.fill("新密码", new, secret=True)
        browser.fill("再输一次密码", new, secret=True)
        browser.press("修改")

    # ── ledgers ──

    def hand_in(self, *units):
        """The samples of some units, or of all; what names no unit is laid where everybody may."""
        for own in FIRST:
            unit = own["unit"]
            if not units or unit in units:
                source = SAMPLES / own["file"]
                place = self.share / unit if unit else self.share / "待确认单位"
                place.mkdir(exist_ok=True)
                (place / source.name).write_bytes(source.read_bytes())

    def status(self, period=PERIOD):
        return json.loads(self.run("status", "--program", PROGRAM, "--period", period, "--format", "json"))

    def plan(self):
        """Every notice of the next weeks, as `schedule` has it."""
        words = ("schedule", "--from", "2024-12-01", "--to", "2024-12-31", "--format", "json")
        return json.loads(self.run(*words))

    # ── secrets ──

    def keeps_its_secrets(self):
        """No password, session, one-time address lies in a file that the program writes."""
        secrets = {own for own in {*self.secrets, PASSWORD} if own}
        searched = {own: [own.encode(), base64.b64encode(own.encode()).rstrip(b"=")[:-1]] for own in secrets}
        files = [path for path in self.folder.rglob("*") if path.is_file() and path.name not in ("password", "mail.password")]
        assert len(files) > 20, "looked at too little"
        for path in [*files, self.world.folder / f"{self.folder.name}.log"]:
            data = path.read_bytes()
            for own, spellings in searched.items():
                assert not any(spelling in data for spelling in spellings), f"{own!r} lies in {path}"
        for unseen in secrets:
            assert unseen not in self.page()


class Nothing:
    """No answer at all."""

    status, text = 0, ""


def month(world):
    """The demo's month at its first Monday: all ledgers handed in, answered, nobody logged in yet. Made once."""

    def make():
        site = Office(world, "month", GO_LIVE)
        for now in (GO_LIVE, "2024-12-02T09:00:00+08:00"):
            site.clock.set(now)
            site.run("run", "--once")
        site.hand_in()
        site.clock.set(MORNING)
        site.run("run", "--once")
        return site

    return world.once("month", make)
