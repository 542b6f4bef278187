"""Disks that fail under the processes of a test, and come right again."""

import errno
import os
import subprocess
from pathlib import Path

from sites import Site

SOURCE = Path(__file__).with_name("fault.c")


def library(folder):
    """Builds what is loaded before the program, so that its disks can fail."""
    made = folder / "fault.so"
    command = ["cc", "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", str(made), str(SOURCE), "-ldl"]
    subprocess.run(command, check=True, timeout=120)
    return made


class FaultySite(Site):
    """A site whose disks fail while a test says so."""

    def __init__(self, world, name, now, **keys):
        self.library = world.once("fault.so", lambda: library(world.folder))
        self.control = world.folder / f"{name}.faults"
        self.works()
        super().__init__(world, name, now, **keys)

    def environment(self, halt=None):
        own = super().environment(halt)
        loaded = f"{self.library} {own['LD_PRELOAD']}"
        return {**own, "LD_PRELOAD": loaded, "TEST_FAULTS": str(self.control)}

    def fails(self, error, calls, *paths):
        """From now on calls fail below some paths of the site."""
        number = getattr(errno, error)
        lines = [f"{number} {calls} {self.folder.resolve() / path}\n" for path in paths]
        self._say("".join(lines))

    def works(self):
        """All disks are sound again."""
        self._say("")

    def _say(self, text):
        # Whole or not at all: a process may be reading it.
        beside = self.control.with_suffix(".new")
        beside.write_text(text, encoding="utf-8")
        os.replace(beside, self.control)
