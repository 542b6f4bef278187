"""The machine off over the Spring Festival of 2026: 15 to 23 February, with 14 and 28 February worked.

January's ledger is due on Thursday 5 February; the chases fall on the 6th,
the 10th and the 12th, the close on the 14th, a Saturday that is worked.
"""

import json
from collections import Counter

from sites import Site, until

OFF = "2026-02-05T09:30:00+08:00"
REST = "2026-02-20T10:00:00+08:00"
BACK = "2026-02-24T09:30:00+08:00"
LATER = "2026-02-24T15:00:00+08:00"
NIL = "零报告-2026年1月.xlsx"
CAME = ("周景辉", "庞兴")


def switched_off(world):
    """A site whose machine goes off on the due date, with the letters of the day out."""
    site = Site(world, "festival", OFF)
    site.run("run", "--once", now="2026-01-04T09:30:00+08:00")
    # December's is history for a site that starts on the 4th only if it was due before; it was.
    for now in ("2026-02-02T09:30:00+08:00", "2026-02-04T09:30:00+08:00", OFF):
        site.run("run", "--once", now=now)
    # Two units hand in while nobody looks.
    return site


def hand_in(site):
    for unit in CAME:
        (site.share / unit / NIL).write_bytes(b"")


def of_january(letters):
    return [letter for letter in letters if letter["periods"] == ["2026-01"]]


def kinds(letters):
    return Counter(letter["kind"] for letter in letters)


def planned(site, now):
    words = ("schedule", "--from", "2026-02-01", "--to", "2026-02-28", "--format", "json")
    return [notice for notice in json.loads(site.run(*words, now=now)) if notice["period"] == "2026-01"]


def the_plan_knows_the_festival(site):
    """Had the machine stayed on: what would have gone out, and never on a rest day."""
    plan = planned(site, OFF)
    days = {notice["step"]: notice["at"][:16] for notice in plan}
    assert days["first-chase"] == "2026-02-06T09:00" and days["second-chase"] == "2026-02-10T09:00", days
    assert days["escalation"] == "2026-02-12T09:00" and days["report"] == "2026-02-14T17:30", days
    rest = [f"2026-02-{day:02}" for day in (7, 8, *range(15, 24), 21, 22)]
    assert not [notice for notice in plan if notice["at"][:10] in rest], "planned for a rest day"


def one_letter_for_what_was_missed(before, after):
    """The letters of January after the machine came back: only the most advanced step of each duty."""
    new = [letter for letter in of_january(after) if letter["id"] not in {own["id"] for own in before}]
    units = [unit for letter in new if letter["kind"] == "escalation" for unit in letter["units"]]
    # Eleven leaders are written to, and the head of the office for the two coordinating ones.
    assert len(units) == len(set(units)) == 11, units
    assert not set(units) & set(CAME), "chased who has handed in"
    counted = kinds(new)
    assert not counted["first-chase"] and not counted["second-chase"], counted
    assert {"report", "bulletin", "consolidated"} <= counted.keys(), counted
    recipients = Counter(to for letter in new if letter["kind"] == "escalation" for to in letter["to"])
    assert set(recipients.values()) == {1}, recipients
    return new


def machine_off_over_the_spring_festival(world):
    site = switched_off(world)
    before = site.letters()
    # Both coordinating leaders are reminded by nobody but their clerks.
    assert kinds(of_january(before))["due-today"] == 13, kinds(before)
    the_plan_knows_the_festival(site)
    hand_in(site)

    holiday = site.copy("holiday")
    holiday.run("run", "--once", now=REST)
    assert holiday.letters() == before, "a letter on a rest day"
    assert sorted(mail.name for mail in (holiday.folder / "data" / "mail").iterdir())[-1] <= "2026-02-05"

    site.run("run", "--once", now=BACK)
    after = site.letters()
    new = one_letter_for_what_was_missed(before, after)
    drafts = {letter["kind"] for letter in new if letter["state"] == "draft"}
    assert drafts == {"report", "bulletin"}, drafts
    assert all(letter["sent"][:10] == "2026-02-24" for letter in new if letter["state"] == "sent")
    assert planned(site, BACK) == [], "the plan still holds what is over"
    status = json.loads(site.run("status", "--period", "2026-01", "--format", "json", now=BACK))
    assert (status["received"], status["missing"]) == (2, 11), status
    site.run("run", "--once", now=LATER)
    assert site.letters() == after, "something went again"

    # The day in between changes nothing: coming back on a rest day first, then on a working day.
    holiday.run("run", "--once", now=BACK)
    assert kinds(holiday.letters()) == kinds(after)


def daemon_started_after_the_festival(world):
    """The same with the daemon itself, whose first look finds ledgers that have yet to settle."""
    site = Site(world, "restart", OFF, **{"watch.settle": '"2s"'})
    site.clock.set("2026-01-04T09:30:00+08:00")
    site.run("run", "--once")
    for now in ("2026-02-02T09:30:00+08:00", "2026-02-04T09:30:00+08:00", OFF):
        site.clock.set(now)
        site.run("run", "--once")
    before = site.letters()
    hand_in(site)
    site.clock.set(BACK)
    with site.daemon():

        def settled():
            return kinds(of_january(site.letters("--state", "sent")))["escalation"]

        until(settled, lambda: f"{kinds(site.letters())}")
        site.clock.passes(minutes=2)
        site.until_walked()
        one_letter_for_what_was_missed(before, site.letters())
        assert "本机时间不对" not in site.page(), "a machine that was off is no fault"


CHECKS = [machine_off_over_the_spring_festival, daemon_started_after_the_festival]
