"""What the scenarios of a suite share: the program, a folder, clocks to set, certificates."""

import os
import threading

import clock
from mail_server import Certificates
from suite import ROOT


class World:
    """A folder in which scenarios make their sites."""

    def __init__(self, binary, folder):
        self.binary, self.folder, self.root = str(binary), folder, ROOT
        self.library = clock.library(folder)
        # Valid at the time at which the program will look at them.
        issued = clock.Clock(self.library, folder / "certificates.clock")
        issued.set("2024-01-01T00:00:00+08:00")
        self.certificates = Certificates(folder, env={**os.environ, **issued.environment})
        self.made, self.making = {}, threading.RLock()

    def once(self, name, make):
        """Makes a thing when it is asked for the first time."""
        with self.making:
            if name not in self.made:
                self.made[name] = make()
            return self.made[name]
