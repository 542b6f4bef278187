#!/usr/bin/env python3
"""The measuring part of latency.sh.

    latency.py TAIZHANG WORK NOW
"""
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

ROUNDS = 20
REMERGES = 5
SETTLE = 0.5
QUIET = 2.0
FOLDER = "调研台账"
UNITS = 1000

taizhang, work, now = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
site = work / "latency"
common = [taizhang, "--config", str(site / "config.toml"), "--now", now]
share = site / "watch" / FOLDER
master = site / "output" / FOLDER / "2026" / "汇总台账.xlsx"


def wall(command):
    began = time.monotonic()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.monotonic() - began


def wait(ready, most=120.0):
    """Seconds until something holds, looked at every half millisecond."""
    began = time.monotonic()
    while not ready():
        if time.monotonic() - began > most:
            sys.exit("waited in vain")
        time.sleep(0.0005)
    return time.monotonic() - began


def drop(n, source):
    """Renames a ledger into its unit's folder, as a finished copy arrives."""
    name = f"ledger_{n:05d}"
    beside = site / "arriving.xlsx"
    shutil.copyfile(work / source / f"{name}.xlsx", beside)
    folder = share / name
    folder.mkdir(parents=True, exist_ok=True)
    os.rename(beside, folder / f"{name}.xlsx")


def receipt(n):
    return share / f"ledger_{n:05d}" / "审核通过" / "2026" / "报送回执.txt"


def stamp(path):
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_ino, status.st_mtime_ns


def peaks(pid):
    """VmHWM in MB: of a process, and of the largest that it started."""

    def of(pid):
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024

    children = [
        int(child)
        for task in Path(f"/proc/{pid}/task").iterdir()
        for child in (task / "children").read_text().split()
    ]
    return of(pid), max(map(of, children), default=0)


def line(what, value, target="–"):
    print(f"| {what} | {value} | {target} |", flush=True)


def milliseconds(values):
    values = [1000 * value for value in values]
    return f"{median(values):.0f} ms ({min(values):.0f}–{max(values):.0f})"


print("| what | median (range) | to reach |\n|---|---|---|")
line("`taizhang --version`", milliseconds([wall([taizhang, "--version"]) for _ in range(ROUNDS)]), "≤ 50 ms")
daemon = subprocess.Popen([*common[:3], "run"], stderr=subprocess.DEVNULL)
try:
    wait((site / "watch" / ".taizhang").exists)
    time.sleep(3)
    # One at a time, all on disk before the next.
    waits = []
    for n in range(ROUNDS):
        before = stamp(receipt(n))
        drop(n, "M")
        waits.append(wait(lambda n=n, before=before: stamp(receipt(n)) != before) - SETTLE)
        time.sleep(0.3)
    line("rename into the folder → receipt on disk, beyond `settle`", milliseconds(waits), "≤ 150 ms")
    # All the others at once.
    began = time.monotonic()
    for n in range(ROUNDS, UNITS):
        drop(n, "M")
    dropped = time.monotonic() - began
    wait(lambda: all(receipt(n).exists() for n in (UNITS - 1, UNITS // 2, ROUNDS)), 600)
    wait(lambda: sum(receipt(n).exists() for n in range(UNITS)) == UNITS, 600)
    line("980 more dropped within "f"{dropped:.1f} s → last receipt", f"{time.monotonic() - began:.1f} s")
    time.sleep(QUIET + 10)
    # One of a thousand changes.
    merges, again = [], []
    for n in range(500, 500 + REMERGES):
        old, told = stamp(master), stamp(receipt(n))
        drop(n, "M2")
        again.append(wait(lambda n=n, told=told: stamp(receipt(n)) != told) - SETTLE)
        merges.append(wait(lambda old=old: stamp(master) != old) - QUIET)
        time.sleep(1)
    line("a new version of one of 1,000 → receipt, beyond `settle`", milliseconds(again), "≤ 150 ms")
    line("receipt → master of 1,000 × 100 rows replaced, beyond `quiet`", milliseconds(merges))
    own, child = peaks(daemon.pid)
    line("peak memory of the daemon over all this", f"{own:.0f} MB", "< 150 MB")
    line("peak memory of its largest child", f"{child:.0f} MB")
finally:
    daemon.terminate()
    daemon.wait()
status = [*common, "status", "--format", "json"]
line("`taizhang status`, 1,000 units", milliseconds([wall(status) for _ in range(ROUNDS)]), "≤ 50 ms")
one = str(work / "M" / "ledger_00000.xlsx")
check = [*common, "check", one, "--unit", "ledger_00000"]
line("`taizhang check` on one file of 100 rows", milliseconds([wall(check) for _ in range(ROUNDS)]))
