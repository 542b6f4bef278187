#!/usr/bin/env python3
"""The office's page in a real browser, on the real daemon.

Usage: tests/browser/run.py [PATH-OF-TAIZHANG] [--only WORD] [--jobs N] [--pictures DIR]

Debian's Chromium, driven by chromedriver through Debian's own selenium: both
come as one version from the same archive, so that no browser has to be
matched with a driver or downloaded. Every story is told twice, with script
on the house's network and without script on this machine, on a clock that
the suite sets (the outage suite's). Every kind of page is looked at with
axe-core (axe/), at 1366 × 768 and at 360 px. Needs chromium,
chromium-driver, python3-selenium, poppler and what the outage suite needs;
without them it fails.

Which decision is made on which page, by whom, is in table.py.
"""

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "outage")]

import coming_in
import deciding
import handling
import items
import looking_back
import reading
import setting_up
import settings
import strangers
import table
import writing
from browser import AXE, Gallery
from suite import program, run_all
from world import World

#: Addresses that lead on or hold no page.
NO_PAGES = {
    "/",
    "/go",
    "/p/{program}",
    "/assets/{name}",
    "/healthz",
    "/log.xlsx",
    "/setup",
    "/s/{id}/original",
    "/p/{program}/{period}/files/{which}",
    "/p/{program}/{period}/forms/{unit}",
    "/settings/programs/{program}/roster.xlsx",
}

STORIES = [coming_in, reading, deciding, handling, items, looking_back, writing, settings, setting_up, strangers, table]
CHECKS = [check for story in STORIES for check in story.CHECKS]


class Pages(World):
    """What all stories share, and what was seen in them."""

    def __init__(self, binary, folder, pictures):
        super().__init__(binary, folder)
        self.gallery, self.axe = Gallery(pictures), AXE.read_text(encoding="utf-8")
        self.stories = {check.__name__ for check in CHECKS}


def every_page_is_good(world):
    """axe-core, captions, labels, widths, sizes: of every kind of page that a story came by."""
    faults = sorted(set(world.gallery.faults))
    print(f"    {world.gallery.number()} kinds of page", flush=True)
    assert not faults, f"{len(faults)} faults:\n" + "\n".join(faults)


def every_page_was_seen(world):
    """No page that the router knows was left out."""
    left = world.gallery.pages - world.gallery.seen.keys() - NO_PAGES
    left = {own for own in left if not own.startswith("/api/")}
    assert not left, f"no story comes by {sorted(left)}"


def timed(check):
    def told(world):
        began = time.monotonic()
        try:
            check(world)
        finally:
            print(f"    {time.monotonic() - began:.1f} s", flush=True)

    told.__name__ = check.__name__
    return told


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", nargs="?", help="the program under test")
    parser.add_argument("--only", default="", help="only checks whose name has this word in it")
    parser.add_argument("--jobs", type=int, default=2, help="stories at a time (2)")
    parser.add_argument("--pictures", type=Path, help="a folder for a picture of every page")
    options = parser.parse_args()
    if options.pictures:
        options.pictures.mkdir(parents=True, exist_ok=True)
    checks = [timed(check) for check in CHECKS if options.only in check.__name__]
    # What takes longest begins first.
    checks.sort(key=lambda check: check.__name__ != "ten_thousand_logins")
    last = [every_page_is_good] if options.only else [every_page_is_good, every_page_was_seen]
    with tempfile.TemporaryDirectory() as folder:
        world = Pages(program(options.program), Path(folder), options.pictures)
        return run_all("browser", checks, world, options.jobs, last)


if __name__ == "__main__":
    sys.exit(main())
