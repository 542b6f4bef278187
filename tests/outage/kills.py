"""kill -9 along the way of a letter, against a real mail server.

A round takes a site at the moment at which thirteen letters come due, kills
the program somewhere on their way, starts it again until nothing is left to
do, and compares what the server got with what the program says it sent.
"""

import random
import signal
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from sites import DEADLINE, Server, Site
from suite import ROOT

GO_LIVE = "2024-11-20T09:00:00+08:00"
DUE = "2024-12-02T10:05:00+08:00"
LEDGER = ROOT / "templates" / "demo" / "wutang-2024-11" / "罗养 2024年11月台账.xlsx"

# Letters are sent in parts, so that there is a before, an amid and an after.
RATE = 5
PARTS = [5, 5, 3]

POINTS = ["letters-made", "letters-committed", "letters-attempting", "letter-handed-over", "letters-recorded"]


def prepared(world):
    """A site half an hour before its letters come due: ledgers taken, forms given."""
    site = Site(world, "kills", GO_LIVE, **{"letters.office_from": '"10:00"', "mail.rate_per_minute": RATE})
    site.run("run", "--once")
    (site.share / "罗养" / LEDGER.name).write_bytes(LEDGER.read_bytes())
    site.clock.set("2024-12-02T09:30:00+08:00")
    site.run("run", "--once")
    assert site.letters() == [], "no letter before the office opens"
    site.clock.set(DUE)
    return site


class Round:
    """One site, one server, one kill."""

    def __init__(self, world, origin, name):
        self.server = Server(world)
        # Time is let pass quickly beside the daemon, which must not take it for a slow server.
        self.site = origin.copy(name, **{**self.server.settings(), "mail.timeout": '"15m"'})
        self.killed = False

    def once(self):
        """A pass, as cron makes one, then a minute in which the rate comes free again."""
        self.site.run("run", "--once")
        self.site.clock.passes(seconds=61)

    def died(self):
        """Notes whether the kill was real, and ends a process that came through."""
        self.killed = self.site.process.poll() == -signal.SIGKILL
        self.site.kill()

    def finish_by_passes(self, letters):
        for _ in range(2 * len(PARTS) + 2):
            if self.is_finished(letters):
                return
            self.once()
        raise AssertionError(f"passes don't come to an end: {self.site.states()}")

    def is_finished(self, letters):
        states = self.site.states()
        return sum(states.values()) >= letters and not {"queued", "attempting"} & states.keys()

    def beside_the_daemon(self, condition):
        """Lets time pass quickly until a condition holds or the daemon has died."""
        end = time.monotonic() + DEADLINE
        while self.site.process.poll() is None and not condition():
            assert time.monotonic() < end, f"waited in vain: {self.site.states()}\n{self.site.log()[-3000:]}"
            self.site.clock.passes(seconds=5)
            time.sleep(0.03)

    def finish_by_daemon(self, letters):
        self.site.start()
        self.beside_the_daemon(lambda: self.is_finished(letters))
        # It may not have come so far yet that it could be asked to end.
        self.site.kill()


def halted_in_a_pass(own, point, number, expected):
    """Killed at a named step of one of the passes; what follows is known exactly."""
    part = number % len(PARTS)
    nth = 1 + number // len(PARTS) % PARTS[part] if point == "letter-handed-over" else 1
    for _ in range(part):
        own.once()
    before = len(own.server.inbox.taken)
    own.site.start("--once", halt=f"{point}:{nth}").wait(DEADLINE)
    assert own.site.kill(), f"{point}:{nth} in part {part} was never reached"
    own.killed = True
    taken = len(own.server.inbox.taken) - before
    # A quick server gets several letters between two records, a slow one a single one.
    amid = own.site.query("SELECT count(*) FROM letter WHERE state = 'attempting'")[0][0]
    own.finish_by_passes(len(expected))
    if point == "letters-recorded":
        assert taken >= 1, "nothing was handed over before it was recorded"
    else:
        assert taken == (nth if point == "letter-handed-over" else 0), f"{taken} were handed over before the kill"
    assert (amid > 0) == (point in ("letters-attempting", "letter-handed-over")), f"{amid} were under way"
    assert own.site.states().get("uncertain", 0) == amid, own.site.states()


def halted_in_the_daemon(own, point, number, expected, dice):
    """Killed at the n-th pass of a step through a daemon that goes on by itself."""
    nth = dice.randint(1, 13 if point == "letter-handed-over" else 3)
    own.site.start(halt=f"{point}:{nth}")
    own.beside_the_daemon(lambda: own.is_finished(len(expected)) and point not in POINTS[:2])
    own.died()
    own.finish_by_daemon(len(expected))
    if point in ("letters-made", "letters-committed", "letters-recorded"):
        assert "uncertain" not in own.site.states(), own.site.states()


def killed_at_random(own, number, expected, dice, duration):
    """Killed from outside: after a random time, or at a random word that the server hears."""
    site, inbox = own.site, own.server.inbox
    for _ in range(dice.randrange(len(PARTS)) if number % 2 else 0):
        own.once()
    words = () if number % 2 else ("--once",)
    if number % 4 < 2:
        site.start(*words)
        time.sleep(dice.uniform(0, duration))
        site.process.kill()
        site.process.wait(DEADLINE)
    else:
        step, nth, heard = dice.choice(["MAIL", "RCPT", "DATA", "TAKEN"]), dice.randint(1, 5), Counter()

        def kill_at(word):
            heard[word] += 1
            if (word, heard[word]) == (step, nth) and site.process:
                site.process.kill()

        inbox.before = kill_at
        site.start(*words)
        if words:
            site.process.wait(DEADLINE)
        else:
            own.beside_the_daemon(lambda: own.is_finished(len(expected)))
        inbox.before = lambda step: None
    own.died()
    if number % 2:
        own.finish_by_daemon(len(expected))
    else:
        own.finish_by_passes(len(expected))


def described(letter):
    return letter["kind"], tuple(letter["to"]), tuple(letter["cc"]), letter["subject"]


def addresses(letter):
    return sorted(name.rsplit("<", 1)[1].rstrip(">") for name in letter["to"] + letter["cc"])


def verified(own, expected):
    """Holds what the program says against what the server got; gives the figures."""
    letters, taken = own.site.letters(), own.server.inbox.taken
    assert sorted(map(described, letters)) == expected, "not the letters of an undisturbed run"
    assert len({mail.id for mail in taken}) == len(taken), "a Message-ID came twice"
    times = Counter(mail.number for mail in taken)
    by_number = {letter["id"]: letter for letter in letters}
    for letter in letters:
        came = times[letter["id"]]
        allowed = {"sent": (1,), "uncertain": (0, 1)}.get(letter["state"], ())
        assert came in allowed, f"{letter['state']} and came {came} times: {letter}"
        assert bool(letter["sent"]) == (letter["state"] == "sent") and letter["attempts"] == 1, letter
    for mail in taken:
        letter = by_number[mail.number]
        assert mail.recipients == addresses(letter) and mail.subject == letter["subject"], (mail.recipients, letter)
    figures = Counter(letter["state"] for letter in letters)
    figures["arrived although uncertain"] = sum(times[own["id"]] for own in letters if own["state"] == "uncertain")
    return figures


def stays_so(own):
    """An hour later nothing has gone again: what is uncertain waits for a person."""
    before = len(own.server.inbox.taken), own.site.states()
    own.site.clock.passes(hours=1)
    own.site.run("run", "--once")
    assert (len(own.server.inbox.taken), own.site.states()) == before, "something went again"


def undisturbed(world, origin):
    """What an undisturbed run makes of it, and how long its longest pass takes."""
    own = Round(world, origin, "undisturbed")
    with own.server:
        began = time.monotonic()
        own.once()
        duration = time.monotonic() - began
        own.finish_by_passes(sum(PARTS))
    letters = own.site.letters()
    assert [letter["state"] for letter in letters] == ["sent"] * sum(PARTS), letters
    assert len(own.server.inbox.taken) == sum(PARTS)
    expected = sorted(map(described, letters))
    assert Counter(kind for kind, *_ in expected) == {"reminder": 12, "returned": 1}, expected
    return expected, duration


def killed(world, point):
    """Rounds for one step (or for random moments) side by side; prints the figures."""
    origin = world.once("kills", lambda: prepared(world))
    expected, duration = world.once("undisturbed", lambda: undisturbed(world, origin))

    def one(number):
        # Each round can be repeated by its own number alone.
        dice = random.Random(f"{world.seed}/{point}/{number}")
        own = Round(world, origin, f"{point}-{number}")
        try:
            with own.server:
                if point == "random":
                    killed_at_random(own, number, expected, dice, duration)
                elif number % 4 == 3:
                    halted_in_the_daemon(own, point, number, expected, dice)
                else:
                    halted_in_a_pass(own, point, number, expected)
                figures = verified(own, expected)
                stays_so(own)
        except BaseException as error:
            print(own.site.log()[-4000:])
            raise AssertionError(f"{point}, round {number}, seed {world.seed}: {error}") from error
        finally:
            own.site.kill()
        own.site.remove()
        figures["killed"] = int(own.killed)
        return figures

    total = Counter()
    with ThreadPoolExecutor(world.jobs) as pool:
        for figures in pool.map(one, range(world.rounds)):
            total.update(figures)
    print(
        f"  {point}: {world.rounds} rounds, {total['killed']} real kills; {total['sent']} letters sent and came once, "
        f"{total['uncertain']} uncertain, {total['arrived although uncertain']} of which came once; none lost, none twice"
    )
    assert total["killed"] * 2 >= world.rounds, "too few kills were real"


def check(point):
    def run(world):
        killed(world, point)

    run.__name__ = f"kill_9_at_{point.replace('-', '_')}"
    return run


CHECKS = [check(point) for point in [*POINTS, "random"]]
