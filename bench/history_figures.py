#!/usr/bin/env python3
"""The figures of bench/history.sh: TAIZHANG SITE ROUNDS SECONDS. Prints a Markdown table."""
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

taizhang, site, rounds, seconds = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
NOW = "2024-12-02T09:00:00+08:00"
common = [taizhang, "--config", str(site / "config.toml")]
DEADLINE = 300


def wall(words):
    began = time.perf_counter()
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - began


def line(what, values, target="–"):
    values = [1000 * value for value in values]
    print(f"| {what} | {median(values):.0f} ms ({min(values):.0f}–{max(values):.0f}) | {target} |", flush=True)


def until(found, process, what):
    end = time.monotonic() + DEADLINE
    while not found():
        if process.poll() is not None or time.monotonic() > end:
            raise SystemExit(f"{what}: waited in vain; the daemon's code is {process.poll()}")
        time.sleep(0.001)


def peak(pid):
    """VmHWM of a process in MB: children that read workbooks are not in it."""
    text = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    return next(int(line.split()[1]) for line in text.splitlines() if line.startswith("VmHWM")) / 1024


def start():
    """From the start of the process until the daemon has begun its work, as its log tells."""
    log = site.parent / "history.log"
    log.write_bytes(b"")
    began = time.perf_counter()
    with log.open("ab") as out:
        process = subprocess.Popen([*common, "run"], stdout=out, stderr=out, env={**os.environ, "RUST_LOG": "taizhang=info"})
    until(lambda: "开始运行" in log.read_text(encoding="utf-8"), process, "start")
    return process, time.perf_counter() - began


def end(process):
    """Ends the daemon. It may be writing three years of masters for the first time, for which nobody waits here."""
    process.kill()
    process.wait()


print("| what | median (range) | to reach |\n|---|---|---|")
status = [*common, "--now", NOW, "status"]
wall(status)
line("`status` of all periods", [wall(status) for _ in range(rounds)], "≤ 100 ms")
line("`status --format json` of all periods", [wall([*status, "--format", "json"]) for _ in range(rounds)], "≤ 100 ms")
line("`status` of one period", [wall([*status, "--period", "2024-11"]) for _ in range(rounds)], "≤ 100 ms")
killed = []
for _ in range(rounds):
    process, took = start()
    killed.append(took)
    end(process)
stopped = []
for _ in range(rounds + 1):
    process, took = start()
    stopped.append(took)
    process.terminate()
    process.wait()
line("start of the daemon", stopped[1:], "≤ 100 ms")
line("start after a kill", killed[1:], "≤ 100 ms")
# The daemon for a while: scans, masters, the ladder, and a ledger that comes in again every few seconds.
process, _ = start()
try:
    share = next(path for path in (site / "watch").iterdir() if path.is_dir())
    sample = next(share.glob("*/审核通过/2024-11/*.xlsx"))
    folders = sorted(path.parent.parent.parent for path in share.glob("*/审核通过/2024-11/*.xlsx"))
    stop = time.monotonic() + seconds
    dropped = 0
    while time.monotonic() < stop:
        # A picture: it is kept, and all that follows a file follows it, but the history stays what it is.
        target = folders[dropped % len(folders)] / f"照片{dropped}.jpg"
        target.write_bytes(b"\xff\xd8\xff\xe0" + str(time.time_ns()).encode())
        dropped += 1
        time.sleep(3)
        if process.poll() is not None:
            raise SystemExit("the daemon ended")
    print(f"| peak memory of the daemon within {seconds:.0f} s, {dropped} files coming | {peak(process.pid):.0f} MB | ≤ 200 MB |")
finally:
    end(process)
    for picture in share.glob("*/附件/**/照片*.jpg"):
        picture.unlink()
