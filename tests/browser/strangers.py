"""What strangers try: forged heads and pages, texts that are scripts, connections that trickle, ten thousand
passwords; and what must not happen by looking.

All that is much or slow goes to loopback addresses of this machine alone.
"""

import http.client
import http.server
import json
import re
import socket
import sqlite3
import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from html.parser import HTMLParser
from urllib.parse import quote, urlencode, urljoin, urlsplit

import openpyxl
from openpyxl.comments import Comment

from offices import FIRST, GO_LIVE, HERE, MORNING, PASSPHRASE, PERIOD, SAMPLES, Office, month
from sites import until

FORM = "application/x-www-form-urlencoded"


# ── whose page it is ──


def hosts_and_origins(world):
    """On the house's network: only by its own names, and only from its own pages."""
    site = month(world).copy("hosts", for_all=True)
    with site.open():
        own, port = site.address, site.port
        for host, status in (
            (f"{site.host}:{port}", 200),
            (f"localhost:{port}", 200),
            (site.host, 421),
            (f"{site.host}:{port + 1}", 421),
            ("evil.example", 421),
            (f"127.0.0.1.evil.example:{port}", 421),
            ("", 421),
        ):
            assert site.ask("GET", "/login", {"Host": host}).status == status, host
        for origin, fetched, status in (
            (own, "same-origin", 403),
            (own, None, 403),
            (None, "same-origin", 403),
            (own, "cross-site", 0),
            (own, "same-site", 0),
            (None, None, 0),
            (None, "none", 0),
            (None, "cross-site", 0),
            ("null", None, 0),
            ("null", "same-origin", 0),
            (f"http://{site.host}", None, 0),
            (f"http://127.0.0.1:{port}", None, 0),
            ("http://evil.example", None, 0),
        ):
            heads = {"Content-Type": FORM, "Origin": origin, "Sec-Fetch-Site": fetched}
            heads = {name: value for name, value in heads.items() if value is not None}
            answer = site.ask("POST", "/login", heads, body="name=nobody&password=x")
            # What comes from our own page is a login that fails; what doesn't never gets so far.
            got_there = "登录名或密码不对" in answer.text or answer.status == 429
            assert got_there == bool(status), (origin, fetched, answer.status, answer.text[:200])
            site.clock.passes(minutes=2)


@contextmanager
def another_site(text):
    """A page of somebody else's on another port of this machine; gives its address."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def another_sites_page(world):
    """A page elsewhere sends the browser of somebody who is logged in to ours."""
    site = month(world).copy("elsewhere", for_all=True)
    with site.open(), site.browser(script=True) as browser:
        site.first(browser)
        browser.open(HERE)
        token = browser.find("input[name=token]").get_attribute("value")
        fields = {"token": token, "undo": "false", "unit": "U04", "seen": "", "reason": "别处"}
        inputs = "".join(f'<label>{name}<input name="{name}" value="{value}"></label>' for name, value in fields.items())
        with another_site(
            f'<!doctype html><html lang="zh"><title>别处</title><h1>别处</h1><form method="post" action="{site.address}{HERE}/exempt">'
            f"{inputs}<button>领奖</button></form>"
            f'<form method="post" action="{site.address}/logout"><input type="hidden" name="token" value="{token}"><button>再领</button></form>'
            f'<iframe src="{site.address}/today"></iframe><script src="{site.address}/today"></script>'
        ) as address:
            for words in ("领奖", "再领"):
                browser.driver.get(address)
                frame = browser.find("iframe")
                browser.driver.switch_to.frame(frame)
                assert "今天" not in browser.words("body"), "shown in another's frame"
                browser.driver.switch_to.default_content()
                browser.driver.find_element("xpath", f"//button[.='{words}']").click()
                until(lambda: "不是从本站的网页来的" in browser.words("body"), lambda: browser.words("body"))
        browser.driver.get_log("browser")
        browser.open("/today")
        assert browser.path == "/today", "logged out from elsewhere"
        assert site.status()["exempt"] == 0


# ── texts that are scripts ──


def canary(where):
    return f"\"'><img src=x onerror=window.__xss='{where}'><script>window.__xss='{where}'</script>{{{{7*7}}}}"


FILE_NAME = "<img src=x onerror=window.__xss='name'>吴垂超11月台账.xlsx"
SHEET_NAME = "<img src=x onerror=__xss=1>"
UNIT = "<script>window.__xss='unit'<>"


def poisoned(path, source):
    """A ledger with a script wherever a text may stand."""
    book = openpyxl.load_workbook(source)
    sheet = book.active
    sheet.title = SHEET_NAME
    header = next(row for row in sheet.iter_rows() if any(cell.value and "村" in str(cell.value) for cell in row))
    last = sheet.max_column + 1
    sheet.cell(header[0].row, last, canary("header"))
    for row in sheet.iter_rows(min_row=header[0].row + 1):
        for cell in row:
            if isinstance(cell.value, str) and not cell.value.startswith("="):
                cell.value = canary("cell")
    sheet.cell(header[0].row + 1, last, canary("extra"))
    sheet.cell(1, 1).comment = Comment(canary("comment"), canary("author"))
    for name in ("creator", "title", "subject", "description", "keywords", "category", "lastModifiedBy"):
        setattr(book.properties, name, canary(name))
    book.save(path)


def texts_that_are_scripts(world):
    """Every text that a stranger may write is shown as a text."""
    site = Office(world, "scripts", GO_LIVE)
    roster = site.definition / "roster.csv"
    roster.write_text(roster.read_text(encoding="utf-8-sig").replace("林强挂点组,", f"{UNIT},", 1), encoding="utf-8-sig")
    site.run("run", "--once")
    poisoned(site.share / "吴垂超" / FILE_NAME, SAMPLES / "吴垂超11月台账.xlsx")
    poisoned(site.share / FILE_NAME, SAMPLES / "新建 Microsoft Excel 工作表.xlsx")
    (site.share / "林强" / f"{canary('attachment').replace('/', '')}.docx").write_bytes(b"PK")
    (site.share / "罗养" / f"{canary('unreadable').replace('/', '')}.xlsx").write_bytes(b"nothing")
    site.clock.set(MORNING)
    site.run("run", "--once")
    with site.open(), site.browser(script=True) as browser:
        site.first(browser, shown="<b>李四</b>")
        browser.open(f"{HERE}/exempt?unit=U04&undo=false")
        browser.fill("理由", canary("reason"))
        browser.press("定为免报")
        assert canary("reason") in browser.words("main"), browser.words()
        browser.press("撤销：取消这次免报")
        assert "onerror" in browser.words("main")
        # The reasons given before are offered again; whoever types a wrong name finds it again.
        pages = ["/today", HERE, f"{HERE}?show=returned", f"{HERE}/exempt?unit=U04&undo=false", "/password"]
        (submissions,), (letters,) = site.query("SELECT max(id) FROM submission")[0], site.query("SELECT max(id) FROM letter")[0]
        pages += [f"/s/{number}" for number in range(1, submissions + 1)]
        pages += ["/letters", "/letters?part=by_hand", "/letters?part=outbox", "/letters?part=calendar"]
        pages += [f"/letters/{number}" for number in range(1, (letters or 0) + 1)]
        seen = ""
        for path in pages:
            browser.open(path)
            assert browser.status == 200, path
            strange = browser.run("return [...document.querySelectorAll('img, b *, script:not([src]), iframe')].map(own => own.outerHTML)")
            assert not strange, (path, strange)
            seen += browser.run("return document.body.innerHTML")
            assert ">49<" not in browser.words(), f"{path}: taken for a template"
        browser.press("退出")
        browser.fill("登录名", canary("name")[:40])
        browser.fill("密码", "x")
        browser.press("登录", "main")
        for where in ("name", "cell", "reason", "unreadable"):
            assert f"__xss='{where}'" in seen or f"__xss=&#x27;{where}" in seen, f"{where} isn't shown at all"
        assert "__xss=1" in seen, "the sheet's name isn't shown at all"


# ── much and slow ──


def seconds(act):
    began = time.monotonic()
    act()
    return time.monotonic() - began


#: One ledger of each unit, of one kind.
LEDGERS = {own["unit"]: own["file"] for own in FIRST if own["unit"] and own["file"].endswith(".xlsx") and own["rows"]}


def answered(site, unit):
    """Drops a unit's ledger into its folder; the seconds until it was taken and answered."""
    path = site.share / unit / LEDGERS[unit]
    before = {note.name for note in (site.share / unit).glob(f"{PERIOD} *.txt")}
    data = (SAMPLES / LEDGERS[unit]).read_bytes()

    def dropped():
        path.write_bytes(data)
        until(lambda: not path.exists(), lambda: f"not taken: {site.log()[-2000:]}", deadline=60, step=0.01)
        until(lambda: {note.name for note in (site.share / unit).glob(f"{PERIOD} *.txt")} - before, "no note", step=0.01)

    return seconds(dropped)


def fresh(world, name):
    """A site at work on which nobody has handed in."""
    site = Office(world, name, GO_LIVE)
    site.run("run", "--once")
    site.clock.set(MORNING)
    return site


def trickling(source, port, text, stop, ends):
    """A connection that sends its text a byte each second; notes when it was hung up on."""
    began = time.monotonic()
    try:
        with closing(socket.create_connection(("127.0.0.1", port), timeout=5, source_address=(source, 0))) as line:
            line.settimeout(1)
            for byte in text.encode():
                line.sendall(bytes([byte]))
                try:
                    if stop.wait(0) or not line.recv(4096):
                        break
                except TimeoutError:
                    pass
    except OSError:
        pass
    ends.append(time.monotonic() - began)


def slow_heads_and_bodies(world):
    """A hundred and sixty connections that trickle hold up nobody else, and are shown out."""
    site = fresh(world, "slow")
    with site.open():
        alone = [seconds(lambda: site.ask("GET", "/login")) for _ in range(30)]
        one, other = list(LEDGERS)[:2]
        quiet = answered(site, one)
        heads = "GET /login HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: " + "x" * 60
        whole = f"POST /login HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\nOrigin: {site.address}\r\nContent-Type: {FORM}\r\nContent-Length: 5000\r\n\r\n"
        stop, ends, body_ends = threading.Event(), [], []

        def slow_body(source):
            began = time.monotonic()
            try:
                with closing(socket.create_connection(("127.0.0.1", site.port), timeout=5, source_address=(source, 0))) as line:
                    line.sendall(whole.encode())
                    line.settimeout(1)
                    while not stop.is_set():
                        line.sendall(b"n")
                        try:
                            if not line.recv(4096):
                                break
                        except TimeoutError:
                            pass
            except OSError:
                pass
            body_ends.append(time.monotonic() - began)

        threads = [threading.Thread(target=trickling, args=(f"127.0.0.{n}", site.port, heads, stop, ends)) for n in range(2, 9) for _ in range(16)]
        threads += [threading.Thread(target=slow_body, args=(f"127.0.0.{n}",)) for n in range(9, 12) for _ in range(16)]
        for thread in threads:
            thread.start()
        time.sleep(1)
        beside = [seconds(lambda: site.ask("GET", "/login")) for _ in range(60)]
        assert all(site.ask("GET", "/login").status == 200 for _ in range(5))
        busy = answered(site, other)
        deadline = time.monotonic() + 45
        for thread in threads:
            thread.join(max(0, deadline - time.monotonic()))
        stop.set()
        print(
            f"    a page {statistics.median(alone) * 1000:.1f} ms, beside {len(threads)} slow ones {statistics.median(beside) * 1000:.1f} ms"
            f" (worst {max(beside) * 1000:.0f}); a ledger {quiet:.2f} s and {busy:.2f} s;"
            f" slow heads shown out after {max(ends, default=0):.1f} s, bodies after {max(body_ends, default=0):.1f} s",
            flush=True,
        )
        assert len(ends) == 112 and len(body_ends) == 48, f"still there: {len(ends)} {len(body_ends)}"
        assert max(beside) < 1.5, beside
        assert busy < max(3 * quiet, quiet + 2), (quiet, busy)
        assert max(ends) < 15, "a head may take ten seconds"
        assert max(body_ends) < 20, "a form of five thousand bytes may take twelve seconds and a half"


class Guesser(threading.Thread):
    """Tries passwords from one of this machine's loopback addresses as fast as it is answered."""

    def __init__(self, site, number, until_then, each):
        super().__init__()
        self.site, self.number, self.until_then, self.each = site, number, until_then, each
        self.answers = []

    def run(self):
        source = (f"127.0.1.{self.number}", 0)
        line, next_one = None, time.monotonic()
        while time.monotonic() < self.until_then:
            next_one += self.each
            time.sleep(max(0, next_one - time.monotonic()))
            name = "lisi" if len(self.answers) % 3 == 0 else f"guess{self.number}-{len(self.answers)}"
            try:
                line = line or http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=30, source_address=source)
                heads = {"Content-Type": FORM, "Origin": self.site.address}
                line.request("POST", "/login", body=urlencode({"name": name, "password": f"猜{len(self.answers)}"}), headers=heads)
                answer = line.getresponse()
                answer.read()
                self.answers.append((time.monotonic(), answer.status))
            except OSError:
                line = None


def ten_thousand_logins(world):
    """Ten thousand passwords in a minute: sixty are looked at, and ledgers are taken as before."""
    site = fresh(world, "guesses")
    with site.open():
        units = list(LEDGERS)
        before = [answered(site, unit) for unit in units[::2]]
        began = time.monotonic()
        guessers = [Guesser(site, number, began + 58, 58 / 250) for number in range(1, 41)]
        for guesser in guessers:
            guesser.start()
        during = []
        for unit in units[1::2]:
            time.sleep(7)
            during.append(answered(site, unit))
        pages = [seconds(lambda: site.ask("GET", "/healthz")) for _ in range(20)]
        for guesser in guessers:
            guesser.join()
        answers = sorted(answer for guesser in guessers for answer in guesser.answers)
        looked_at = sum(status == 403 for _, status in answers)
        print(
            f"    {len(answers)} logins in {answers[-1][0] - began:.0f} s: {looked_at} passwords looked at;"
            f" a ledger {statistics.median(before):.2f} s before, {statistics.median(during):.2f} s beside (worst {max(during):.2f});"
            f" a page {statistics.median(pages) * 1000:.0f} ms",
            flush=True,
        )
        assert {status for _, status in answers} <= {403, 429}, {status for _, status in answers}
        assert len(answers) > 5000, "this machine is too slow for the test to say anything"
        assert 30 <= looked_at <= 60, looked_at
        # Twice its median is what the page may cost at work; this machine tests and serves on the same cores.
        assert statistics.median(during) <= 4 * statistics.median(before) + 1, (before, during)


# ── what must not happen by looking ──


class Links(HTMLParser):
    """Wherever a page leads to by GET: its links, and its forms as they stand."""

    def __init__(self, at):
        super().__init__()
        self.at, self.found, self.form, self.options = at, set(), None, []

    def handle_starttag(self, tag, attributes):
        own = dict(attributes)
        for name in ("href", "src"):
            if own.get(name):
                self.found.add(urljoin(self.at, own[name]))
        if tag == "form":
            self.form = own if own.get("method", "get") == "get" else None
        elif self.form is not None and own.get("name") and tag in ("input", "button"):
            self.found.add(urljoin(self.at, f"{self.form['action']}?{own['name']}={quote(own.get('value') or '')}"))
        elif self.form is not None and tag == "option":
            self.found.add(urljoin(self.at, f"{self.form['action']}?to={quote(own.get('value') or '')}"))

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None


def crawl(site, cookie):
    """Asks for everything that can be come to from the first page; gives what was answered."""
    wait, answers = ["/"], {}
    while wait:
        path = wait.pop()
        answer = site.ask("GET", path, {"Cookie": cookie})
        answers[path] = answer.status
        assert answer.status < 500, (path, answer.text)
        heads = site.ask("HEAD", path, {"Cookie": cookie})
        assert heads.status == answer.status and not heads.text, path
        assert site.ask("OPTIONS", path, {"Cookie": cookie, "Origin": site.address}).status < 500, path
        links = set()
        if location := answer.getheader("Location"):
            links.add(urljoin(path, location))
        if (answer.getheader("Content-Type") or "").startswith("text/html"):
            parser = Links(path)
            parser.feed(answer.text)
            links |= parser.found
        for link in links:
            parts = urlsplit(link)
            assert not parts.netloc, f"{path} leads out: {link}"
            own = f"{parts.path}?{parts.query}" if parts.query else parts.path
            if own not in answers and own not in wait:
                wait.append(own)
        assert len(answers) < 3000, "it doesn't come to an end"
    return answers


def dump(site):
    """All that the database holds, but for the hands of its clock."""
    path = site.folder / "data" / "taizhang.sqlite3"
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)) as database:
        hands = ("'latest_instant'", "'last_scan'")
        return [line for line in database.iterdump() if not any(hand in line for hand in hands)]


def cookie_of(site, name, password):
    heads = {"Content-Type": FORM, "Origin": site.address}
    answer = site.ask("POST", "/login", heads, urlencode({"name": name, "password": password}))
    assert answer.status == 303, answer.text
    cookie = answer.getheader("Set-Cookie").split(";")[0]
    site.secrets.add(cookie.split("=", 1)[1])
    return cookie


def looking_changes_nothing(world):
    """Everything that can be come to by GET, twice: the database is the same, and so are the answers."""
    site = month(world).copy("crawled")
    for day in ("06", "10", "17"):
        site.clock.set(f"2024-12-{day}T09:30:00+08:00")
        site.run("run", "--once")
    with site.open(), site.browser(script=False) as browser:
        site.first(browser)
        cookie = cookie_of(site, "lisi", PASSPHRASE)
        site.until_attended()
        before = dump(site)
        first = crawl(site, cookie)
        second = crawl(site, cookie)
        routes = {world.gallery.route(urlsplit(path).path) for path in first}
        print(f"    {len(first)} addresses of {len(routes)} kinds: {' '.join(sorted(routes))}", flush=True)
        assert first == second, {path for path in first.keys() | second.keys() if first.get(path) != second.get(path)}
        after = dump(site)
        assert before == after, sorted(set(before) ^ set(after))[:10]
        log = "".join(path.read_text(encoding="utf-8") for path in (site.folder / "data" / "access").glob("*.log"))
        assert "GET /p/{program}/{period} 200" in log and PERIOD not in log, log[-500:]


# ── who was logged in, and who is called what ──


def sessions_end_with_a_restore(world):
    """Who was logged in when a backup was made isn't when it is put back."""
    site = month(world).copy("restored")
    with site.browser(script=False) as browser:
        with site.open():
            site.first(browser)
            backup = site.folder / "backup.sqlite3"
            site.run("backup", str(backup))
            assert browser.open("/today").path == "/today"
        site.run("restore", str(backup))
        with site.open():
            assert browser.session(), "the browser still has its session"
            assert browser.open("/today").path == "/login", browser.words()
            site.log_in(browser, "lisi", PASSPHRASE)
            assert browser.path == "/today"


def somebody_called_taizhang(world):
    """What somebody decides who is called as the program calls itself wakes the daemon all the same."""
    site = month(world).copy("namesake")
    with site.open(), site.browser(script=False) as browser:
        site.first(browser, name="taizhang", shown="taizhang")
        browser.open(HERE)
        browser.tick("谭仁普")
        browser.press("免报")
        browser.fill("理由", "外出学习")
        browser.enter("理由")
        assert "已免报" in browser.words("main")
        # Within seconds, without the five minutes after which it looks anyway.
        waited = seconds(lambda: until(lambda: list((site.share / "谭仁普").glob(f"{PERIOD} *免报*")), "the daemon slept on", deadline=20))
        print(f"    woken within {waited:.1f} s", flush=True)
        journal = json.loads(site.run("log", "--format", "json"))
        own = [line for line in journal if line["what"] == "exempted"]
        assert len(own) == 1 and own[0]["by"] == "taizhang", own
        browser.open("/today")
        assert "taizhang" in browser.words("header")


def over_tls(world):
    """With a certificate: a cookie that no neighbour can set, nobody warned, nothing said without."""
    certificates = world.certificates
    site = month(world).copy("tls")
    site.configure(**{"web.tls_cert": f"'{certificates.certificate}'", "web.tls_key": f"'{certificates.key}'"})
    site.configure(**{"web.public_url": f'"https://localhost:{site.port}"'})
    site.address = f"https://localhost:{site.port}"
    with site.daemon(), site.browser(script=True) as browser:
        site.first(browser)
        cookie = browser.session()
        assert cookie["name"] == "__Host-taizhang" and cookie["secure"] and cookie["httpOnly"] and cookie["sameSite"] == "Lax", cookie
        assert "未加密" not in browser.words()
        browser.open(HERE)
        browser.press("退出")
        assert browser.path == "/login"
        try:
            said = site.ask("GET", "/login", {"Host": f"localhost:{site.port}"})
            assert said.status != 200, said.text
        except (http.client.HTTPException, OSError):
            pass
    site.keeps_its_secrets()


CHECKS = [
    hosts_and_origins,
    another_sites_page,
    texts_that_are_scripts,
    slow_heads_and_bodies,
    ten_thousand_logins,
    looking_changes_nothing,
    sessions_end_with_a_restore,
    somebody_called_taizhang,
    over_tls,
]
