#!/usr/bin/env python3
"""Runs a command and appends one line to a table: its name, wall and processor seconds, peak memory in MB of the
process itself and of the largest process that it started.

    measure.py TABLE NAME COMMAND...

A process's peak is what the kernel keeps as VmHWM; it is looked at every 5 ms until the process ends, so only what it
takes in its last 5 ms can be missed. Processor seconds count the children that were waited for.
"""
import os
import subprocess
import sys
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


def main():
    table, name, *command = sys.argv[1:]
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    own, largest = 0, 0
    while True:
        own = max(own, peak(process.pid))
        largest = max([largest, *map(peak, children(process.pid))])
        pid, status, used = os.wait4(process.pid, os.WNOHANG)
        if pid:
            break
        time.sleep(LOOK)
    wall = time.monotonic() - began
    if status:
        sys.exit(f"{name}: {command} ended with {os.waitstatus_to_exitcode(status)}")
    with open(table, "a", encoding="utf-8") as out:
        numbers = [wall, used.ru_utime + used.ru_stime, own / 1024, largest / 1024]
        out.write("\t".join([name, *(f"{number:.3f}" for number in numbers)]) + "\n")


main()
