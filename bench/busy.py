#!/usr/bin/env python3
"""How long a ledger waits while a mail server keeps silent and a master of 100,000 rows is being written.

    bench/latency.sh                       makes the site: 1,000 ledgers of 100 rows
    bench/busy.py TAIZHANG BENCH_DIR       on a copy of it; prints milliseconds, `settle` included
"""
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from statistics import median

ROUNDS = 8
PORT = 2599

taizhang, work = sys.argv[1], Path(sys.argv[2])
site = work / "busy"
config = site / "config.toml"
share = site / "watch" / "调研台账"
master = site / "output" / "调研台账" / "2026" / "汇总台账.xlsx"


def prepare():
    """The site of latency.sh with one unit more, which hasn't reported and is written to."""
    shutil.rmtree(site, ignore_errors=True)
    shutil.copytree(work / "latency", site)
    text = config.read_text(encoding="utf-8").replace(str(work / "latency"), str(site))
    head, mail = text.split("[mail]", 1)
    for key, value in {
        "transport": "smtp",
        "host": "127.0.0.1",
        "port": PORT,
        "security": "none",
        "from_address": "office@bench.gov.cn",
    }.items():
        value = value if isinstance(value, int) else f'"{value}"'
        mail, found = re.subn(rf"(?m)^{key} = .*$", f"{key} = {value}", mail, count=1)
        assert found, key
    config.write_text(f"{head}[mail]{mail}", encoding="utf-8")
    roster = site / "templates" / "programs" / "bench-surveys" / "roster.csv"
    lines = roster.read_text(encoding="utf-8").splitlines()
    lines = [lines[0] + ",联络员邮箱", *(line + "," for line in lines[1:]), "u99999,新单位,2026-01-01,u@bench.gov.cn"]
    roster.write_text("\n".join(lines) + "\n", encoding="utf-8")


def silent():
    """A server that takes calls and never says a word."""
    calls = []
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(("127.0.0.1", PORT))
    server.listen(64)

    def take():
        while True:
            calls.append(server.accept())

    threading.Thread(target=take, daemon=True).start()
    return calls


def receipt(n):
    return share / f"ledger_{n:05d}" / "审核通过" / "2026" / "报送回执.txt"


def stamp(path):
    status = path.stat()
    return status.st_ino, status.st_mtime_ns


def until(holds, most=120):
    began = time.monotonic()
    while not holds():
        if time.monotonic() - began > most:
            sys.exit("waited in vain")
        time.sleep(0.001)
    return time.monotonic() - began


def answered(n):
    """Seconds from a new version of a ledger to its receipt."""
    before, beside = stamp(receipt(n)), site / "arriving.xlsx"
    shutil.copyfile(work / "M2" / f"ledger_{n:05d}.xlsx", beside)
    os.rename(beside, share / f"ledger_{n:05d}" / f"ledger_{n:05d}.xlsx")
    return until(lambda: stamp(receipt(n)) != before)


prepare()
calls = silent()
command = [taizhang, "--config", str(config)]
daemon = subprocess.Popen([*command, "run"], stderr=subprocess.DEVNULL)
try:
    time.sleep(5)
    extend = ["--by", "bench", "extend", "--period", "2026", "--to", "2027-03-15", "--reason", "延长调研时间"]
    subprocess.run([*command, *extend], stdout=subprocess.DEVNULL, check=True)
    until(lambda: calls)
    began, waits = time.monotonic(), []
    for n in range(700, 700 + 2 * ROUNDS, 2):
        written = stamp(master)
        answered(n)
        # `quiet` is 2 s: the master is begun.
        time.sleep(2.1)
        waited = answered(n + 1)
        if stamp(master) == written:
            waits.append(1000 * waited)
        until(lambda written=written: stamp(master) != written)
        time.sleep(4)
    assert waits, "the master was never in work"
    print(
        f"{median(waits):.0f} ms ({min(waits):.0f}–{max(waits):.0f}) in {len(waits)} rounds;"
        f" {len(calls)} call open for {time.monotonic() - began:.0f} s"
    )
finally:
    daemon.terminate()
    daemon.wait()
