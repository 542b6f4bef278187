#!/usr/bin/env python3
"""How quick the office's page is on a site with a history.

    pages.py TAIZHANG SITE PROGRAM PERIOD [NOW]

SITE is a folder with config.toml, for example one that history.py made. NOW, such as 2024-12-03T10:00:00+08:00, sets the
clock of all that runs (by tests/outage/clock.c; needs a C compiler), so that a history ends where it ends. A user is added, the daemon started, and each
page asked for fifty times after five, compressed, over one connection: median and 95th percentile from the first byte
sent to the last received, and the bytes. Then a unit is exempted by command, and the first answer after it is timed.
Changes the site. Needs nothing but Python otherwise.
"""
import gzip
import http.client
import os
import re
import subprocess
import sys
import time
import urllib.parse
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "outage"))
from clock import Clock, library

taizhang, site, program, period = sys.argv[1], Path(sys.argv[2]), sys.argv[3], sys.argv[4]
environment = dict(os.environ)
if sys.argv[5:]:
    clock = Clock(library(site), site / "bench.clock")
    clock.set(sys.argv[5])
    environment |= clock.environment
common = [taizhang, "--config", str(site / "config.toml"), "--by", "bench"]
PORT = 8461
HOST = f"127.0.0.1:{PORT}"
PASSWORD = "bench-Passw0rd-of-its-own"


class Browser:
    def __init__(self):
        self.connection = http.client.HTTPConnection("127.0.0.1", PORT)
        self.cookie = ""

    def ask(self, method, path, fields=None):
        headers = {"Host": HOST, "Accept-Encoding": "gzip", "Cookie": self.cookie}
        body = None
        if fields is not None:
            body = urllib.parse.urlencode(fields)
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://{HOST}"}
        began = time.perf_counter()
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        data = answer.read()
        took = 1000 * (time.perf_counter() - began)
        if cookie := answer.getheader("Set-Cookie"):
            self.cookie = cookie.split(";")[0]
        text = gzip.decompress(data) if answer.getheader("Content-Encoding") == "gzip" else data
        return answer.status, text.decode(), took, len(data)


def run(*words):
    done = subprocess.run([*common, *words], capture_output=True, text=True, env=environment)
    if done.returncode:
        sys.exit(f"{words}: {done.stdout}{done.stderr}")
    return done.stdout


def log_in(browser, name, password):
    browser.ask("POST", "/login", {"name": name, "password": password})
    _, page, _, _ = browser.ask("GET", "/password")
    token = re.search('name="token" value="([0-9a-f]+)"', page).group(1)
    fields = {"token": token, "old": password, "password": PASSWORD, "again": PASSWORD}
    status, page, _, _ = browser.ask("POST", "/password", fields)
    assert status == 303, page


def main():
    config = site / "config.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(re.sub(r'(?m)^listen = ".*"$', f'listen = "{HOST}"', text), encoding="utf-8")
    name = f"bench{os.getpid()}"
    password = re.search("初始密码：(\\S+)", run("user", "add", name)).group(1)
    log = (site / "pages.log").open("ab")
    daemon = subprocess.Popen([*common[:3], "run"], stdout=log, stderr=log, env=environment)
    try:
        browser = Browser()
        while True:
            try:
                browser.ask("GET", "/healthz")
                break
            except OSError:
                assert daemon.poll() is None, "the daemon ended"
                browser = Browser()
                time.sleep(0.1)
        log_in(browser, name, password)
        # What the daemon does at its start isn't measured here.
        time.sleep(30)
        # A connection that says nothing for ten seconds is closed.
        browser.connection.close()
        here = f"/p/{program}/{period}"
        _, page, _, _ = browser.ask("GET", here)
        one = re.search('data-unit="([^"]+)"', page).group(1)
        # Of a history some are copies, which have no ledger of their own to be read.
        links = re.findall('href="(/s/[0-9]+)"', page)
        submission = next(path for path in links if browser.ask("GET", path)[0] == 200)
        confirming = f"{here}/exempt?unit={one}&undo=false"
        pages = ["/today", here, f"{here}?show=missing", f"/p/{program}/trend", submission, f"{here}/files"]
        letters = [f"/letters?part={part}" for part in ("drafts", "by_hand", "outbox", "calendar")]
        searched = ["/log", "/log?words=%E6%B2%A1%E6%9C%89%E8%BF%99%E5%8F%A5", "/settings", f"/settings/programs/{program}/roster"]
        print("| page | first | median | 95 % | bytes |\n|---|---|---|---|---|")
        for path, times in [*((path, 50) for path in [*pages, *letters, *searched]), (confirming, 5)]:
            _, _, first, _ = browser.ask("GET", path)
            for _ in range(times // 10):
                browser.ask("GET", path)
            took = []
            for _ in range(times):
                status, _, ms, size = browser.ask("GET", path)
                assert status == 200, (path, status)
                took.append(ms)
            took.sort()
            shown = path.replace(one, "UNIT").replace(submission, "/s/NUMBER")
            print(f"| {shown} | {first:.1f} ms | {took[times // 2]:.1f} ms | {took[times * 19 // 20]:.1f} ms | {size} |", flush=True)
        for path in ["/today", here]:
            run("exempt", "--program", program, "--unit", one, "--period", period, "--reason", f"{path} {time.time()}")
            # By the command's end the change is there.
            _, _, ms, _ = browser.ask("GET", path)
            print(f"| {path}, first after a change | {ms:.1f} ms | | | |", flush=True)
        peak = next(line for line in Path(f"/proc/{daemon.pid}/status").read_text().splitlines() if "VmHWM" in line)
        print(f"| peak of the daemon | {int(peak.split()[1]) / 1024:.0f} MB | | | |")
    finally:
        daemon.terminate()
        daemon.wait()


main()
