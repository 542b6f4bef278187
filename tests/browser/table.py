"""Which decision is made where: command, page, who may, and the story in which it is made in a browser.

Every command that clap knows stands here, so that a new one can't be without a page or a reason.
"""

import re
import subprocess
from typing import NamedTuple


class Row(NamedTuple):
    command: str
    page: str
    role: str
    story: str


DECISIONS = [
    Row("exempt", "/p/{program}/{period}/exempt", "office", "exempting"),
    Row("extend", "/p/{program}/{period}/extend", "office", "handling"),
    Row("claim", "/s/{id}/{deed}", "office", "handling"),
    Row("accept", "/s/{id}/{deed}", "reviewer", "handling"),
    Row("reject", "/s/{id}/{deed}", "reviewer", "documents_go_back"),
    Row("withdraw", "/s/{id}/{deed}", "office", "handling"),
    Row("recheck", "/s/{id}/{deed}", "office", "handling"),
    Row("items assign", "/p/{program}/{period}/assign", "office", "items_get_their_leads"),
    Row("letters edit", "/letters/{id}", "reviewer", "editing"),
    Row("letters approve", "/letters/{id}", "reviewer", "approving"),
    Row("letters discard", "/letters/{id}", "reviewer", "approving"),
    Row("letters retry", "/letters/{id}", "office", "handing_over"),
    Row("letters withdraw", "/letters/{id}/withdraw", "office", "handing_over"),
    Row("letters done", "/letters", "office", "handing_over"),
    Row("letters nudge", "/p/{program}/{period}/nudge", "office", "nudging"),
    Row("clock accept", "/settings/clock", "office", "the_site_is_set"),
    Row("holidays import", "/settings/holidays", "office", "the_site_is_set"),
    Row("user add", "/settings/users", "office", "the_site_is_set"),
    Row("user change", "/settings/users/{id}", "office", "the_site_is_set"),
    Row("user reset", "/settings/users/{id}", "office", "the_site_is_set"),
    Row("user disable", "/settings/users/{id}", "office", "the_site_is_set"),
    Row("doctor", "/settings/service", "office", "the_site_is_set"),
    Row("program on", "/settings/programs/{program}/switch", "office", "programs_are_switched"),
    Row("program off", "/settings/programs/{program}/switch", "office", "programs_are_switched"),
    Row("program live", "/settings/programs/{program}/switch", "office", "programs_are_switched"),
    Row("roster export", "/settings/programs/{program}/roster.xlsx", "office", "rosters_are_kept"),
    Row("roster import", "/settings/programs/{program}/changes/{upload}", "office", "rosters_are_kept"),
    Row("roster contact", "/settings/programs/{program}/row", "office", "rosters_are_kept"),
    Row("roster alias", "/settings/programs/{program}/aliases", "office", "rosters_are_kept"),
    Row("master", "/p/{program}/{period}/files/{which}", "reader", "looking_back"),
    Row("form", "/p/{program}/{period}/forms/{unit}", "reader", "looking_back"),
]

#: What is looked at: command, page, story.
LOOKS = {
    "status": "the_month",
    "show": "the_month",
    "schedule": "handing_over",
    "letters list": "handing_over",
    "letters show": "approving",
    "log": "looking_back",
    "program list": "programs_are_switched",
    "holidays list": "the_site_is_set",
    "user list": "the_site_is_set",
}

#: What isn't done at the page, and why.
NOT_HERE = {
    "init": "makes the site",
    "setup": "makes the site",
    "run": "serves the page",
    "demo": "a site of its own",
    "check": "tries a file that isn't handed in",
    "program check": "no programme is taken through the page",
    "program import-tasks": "no programme is taken through the page",
    "backup": "belongs to whoever keeps the machine",
    "restore": "the daemon has to be stopped",
    "recover": "the daemon has to be stopped",
}


def commands(binary, *before):
    """All commands, as the program itself lists them, each with the one above it."""
    said = subprocess.run([binary, *before, "--help"], capture_output=True, text=True, check=True).stdout
    listed = said.split("Commands:\n")[1:]
    own = re.findall(r"^  ([a-z][a-z-]*)", listed[0].split("\n\n")[0], re.M) if listed else []
    if not own:
        return {" ".join(before)}
    return set().union(*(commands(binary, *before, name) for name in own if name != "help"))


def every_command_has_its_page(world):
    """No command is left without a page or a reason, and none stands here that is no more."""
    known = commands(world.binary)
    here = {row.command for row in DECISIONS} | LOOKS.keys() | NOT_HERE.keys()
    assert known <= here, f"without a page: {sorted(known - here)}"
    to_come = [row.command for row in DECISIONS if not row.story] + [own for own, story in LOOKS.items() if not story]
    print(f"    without a story: {', '.join(to_come) or 'none'}", flush=True)
    stories = {row.story for row in DECISIONS} | set(LOOKS.values())
    missing = [own for own in stories if own and not any(check.startswith(own) for check in world.stories)]
    assert not missing, f"no story is called {missing}"


CHECKS = [every_command_has_its_page]
