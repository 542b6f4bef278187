#!/usr/bin/env python3
"""What fails around the program: the power, the mail server, the share, the disks, the clock, a second daemon or site.

Usage: tests/outage/run.py [PATH-OF-TAIZHANG] [--rounds N] [--jobs N] [--seed N] [--only WORD] [--long]

Runs the real program as separate processes against a real mail server
(aiosmtpd), on clocks that the suite sets (clock.c, loaded before the
program), so that nothing depends on the day on which it is run. Needs
aiosmtpd, openpyxl, openssl, mkfs.ext4, a C compiler and the right to mount
(root, or sudo without a password); without them it fails.
"""

import argparse
import random
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import clock_back
import faults
import festival
import kills
import poison
import restore
import server_away
import share_away
import two_daemons
import two_sites
from suite import program, run_all
from world import World

CHECKS = [
    *kills.CHECKS,
    *server_away.CHECKS,
    *share_away.CHECKS,
    *faults.CHECKS,
    *festival.CHECKS,
    *clock_back.CHECKS,
    *two_daemons.CHECKS,
    *poison.CHECKS,
    *two_sites.CHECKS,
    *restore.CHECKS,
]


class Outages(World):
    """What all scenarios share, and how often and how long things fail in them."""

    def __init__(self, options, folder):
        super().__init__(program(options.program), folder)
        self.rounds, self.jobs, self.seed = options.rounds, options.jobs, options.seed
        self.long = options.long
        # How long a disk fails, in seconds.
        self.lasts = 30 if options.long else 4


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", nargs="?", help="the program under test")
    parser.add_argument("--rounds", type=int, default=5, help="kills for each step of a letter's way (5)")
    parser.add_argument("--jobs", type=int, default=2, help="rounds at a time (2)")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="repeats an earlier run's dice")
    parser.add_argument("--long", action="store_true", help="disks fail in every way, for 30 seconds each")
    parser.add_argument("--only", default="", help="only checks whose name has this word in it")
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    checks = [check for check in CHECKS if options.only in check.__name__]
    with tempfile.TemporaryDirectory() as folder:
        return run_all("outage", checks, Outages(options, Path(folder)))


if __name__ == "__main__":
    sys.exit(main())
