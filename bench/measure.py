#!/usr/bin/env python3
"""Runs a command and appends one line to a table: its name, wall and processor seconds, peak memory in MB of the
process itself and of the largest process that it started.

    measure.py TABLE NAME COMMAND...

A process's peak is what the kernel keeps as VmHWM, which never falls; it is looked at every 50 ms until the process
ends, so only what it takes in its last 50 ms can be missed. More often, the looking itself would take time from what is
measured, from a process of many threads most of all. Processor seconds count the children that were waited for.
"""
import os
import subprocess
import sys
import threading
import time

LOOK = 0.05


def peak(pid):
    try:
        with open(f"/proc/{pid}/status") as status:
            return next((int(line.split()[1]) for line in status if line.startswith("VmHWM")), 0)
    except (FileNotFoundError, ProcessLookupError):
        return 0


def children(pid):
    """Processes that the process started, and theirs."""
    found = []
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/children") as line:
                for child in map(int, line.read().split()):
                    found += [child, *children(child)]
    except (FileNotFoundError, ProcessLookupError):
        pass
    return found


def watch(pid, peaks, ended):
    while not ended.wait(LOOK):
        peaks[0] = max(peaks[0], peak(pid))
        peaks[1] = max([peaks[1], *map(peak, children(pid))])


def main():
    table, name, *command = sys.argv[1:]
    peaks, ended = [0, 0], threading.Event()
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    threading.Thread(target=watch, args=(process.pid, peaks, ended), daemon=True).start()
    _, status, used = os.wait4(process.pid, 0)
    wall = time.monotonic() - began
    ended.set()
    if status:
        sys.exit(f"{name}: {command} ended with {os.waitstatus_to_exitcode(status)}")
    with open(table, "a", encoding="utf-8") as out:
        numbers = [wall, used.ru_utime + used.ru_stime, *(peak / 1024 for peak in peaks)]
        out.write("\t".join([name, *(f"{number:.3f}" for number in numbers)]) + "\n")


main()
