"""The present of the processes under test, which a test sets and lets pass."""

import mmap
import struct
import subprocess
import time
from datetime import datetime, timedelta
from pathlib import Path

SOURCE = Path(__file__).with_name("clock.c")
BILLION = 10**9


def library(folder):
    """Builds what is loaded before the program, so that its clocks can be moved."""
    made = folder / "clock.so"
    command = ["cc", "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", str(made), str(SOURCE), "-ldl"]
    subprocess.run(command, check=True, timeout=120)
    return made


class Clock:
    """A machine's clocks. The wall clock is set, or time passes on all of them."""

    def __init__(self, library, file):
        file.write_bytes(bytes(16))
        with file.open("r+b") as opened:
            self.page = mmap.mmap(opened.fileno(), 16)
        self.environment = {"LD_PRELOAD": str(library), "TEST_CLOCK": str(file)}

    def now(self):
        """Seconds since 1970, as the processes under test see it."""
        passed, moved = struct.unpack("=qq", self.page[:])
        return time.time() + (passed + moved) / BILLION

    def set(self, text):
        """Sets the wall clock, as a person would; it goes on from there."""
        self.move(datetime.fromisoformat(text).timestamp() - self.now())

    def move(self, seconds):
        """Moves the wall clock alone: what a wrong time server does to a machine."""
        self._add(8, seconds)

    def passes(self, **time):
        """Lets time pass on all clocks, as it does by itself."""
        self._add(0, timedelta(**time).total_seconds())

    def passes_until(self, text):
        """Lets time pass until the wall clock shows a time."""
        left = datetime.fromisoformat(text).timestamp() - self.now()
        assert left >= 0, f"{text} has gone by"
        self._add(0, left)

    def _add(self, at, seconds):
        # One aligned word, so that nobody sees half of it.
        (before,) = struct.unpack("=q", self.page[at : at + 8])
        self.page[at : at + 8] = struct.pack("=q", before + round(seconds * BILLION))
