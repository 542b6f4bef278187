"""The clock set back and forth, under rehearsal and under the daemon."""

from collections import Counter

from sites import Server, Site, until

STEPS = [
    "2024-12-02T09:30:00+08:00",
    "2024-12-04T09:30:00+08:00",
    "2024-12-05T09:30:00+08:00",
    "2024-12-06T09:30:00+08:00",
]
FAULT = "本机时间不对"


def sent(site):
    return {letter["id"]: (letter["kind"], letter["sent"]) for letter in site.letters()}


def set_back_between_passes(world):
    """Whatever the order of the times, each step comes once, and what was sent keeps its time."""
    site = Site(world, "back", STEPS[0])
    site.run("run", "--once", now="2024-11-20T09:00:00+08:00")
    for now in STEPS:
        site.run("run", "--once", now=now)
    before = sent(site)
    made = Counter(kind for kind, _ in before.values())
    assert made == {"reminder": 25, "due-today": 13, "first-chase": 13}, made
    for now in (STEPS[2], STEPS[0], "2024-11-25T10:00:00+08:00", STEPS[3]):
        site.run("run", "--once", now=now)
        assert sent(site) == before, f"something went at {now}"
    site.run("run", "--once", now="2024-12-10T09:30:00+08:00")
    new = {number: what for number, what in sent(site).items() if number not in before}
    assert Counter(kind for kind, _ in new.values()) == {"second-chase": 13}, new
    # A site that was off until the chase, then set back: the steps before it are over.
    late = Site(world, "late", STEPS[0])
    late.run("run", "--once", now="2024-11-20T09:00:00+08:00")
    late.run("run", "--once", now=STEPS[3])
    before = sent(late)
    assert {kind for kind, _ in before.values()} == {"first-chase"}, before
    for now in STEPS[:3]:
        late.run("run", "--once", now=now)
        assert sent(late) == before, f"a step that is over went at {now}"


def set_back_under_the_daemon(world):
    """Escalation is held and that is said, at once; when the clock is right again all goes on, once."""
    with Server(world) as server:
        site = Site(world, "jumps", "2024-11-20T09:00:00+08:00", **server.settings())
        site.run("run", "--once")
        site.clock.set("2024-12-06T09:20:00+08:00")
        taken = server.inbox.taken
        with site.daemon():
            until(lambda: site.states() == {"sent": 13}, lambda: f"{site.states()}")
            before = sent(site)
            assert {kind for kind, _ in before.values()} == {"first-chase"}, before

            # A day back: nobody may have to wait a day to be told.
            site.clock.move(-86400)
            until(lambda: FAULT in site.page() and "催报和通报暂停发出" in site.page(), site.page)
            assert "2024年12月5日" in site.page()
            site.until_attended()
            assert site.log().count(FAULT) == 1, "said again and again"
            assert sent(site) == before and len(taken) == 13

            # Right again, which is a jump as well: an hour passes evenly first.
            site.clock.move(86400)
            site.until_attended()
            assert sent(site) == before and FAULT in site.page()
            site.clock.passes(minutes=61)
            until(lambda: FAULT not in site.page(), site.page)

            # And far ahead: what would be due then waits until the clock has gone evenly.
            site.clock.move(4 * 86400)
            until(lambda: FAULT in site.page(), site.page)
            assert sent(site) == before, "escalated because of a jump"
            site.clock.move(-4 * 86400)
            site.until_attended()
            assert len(taken) == 13 and FAULT in site.page()
            site.clock.passes(minutes=61)
            until(lambda: FAULT not in site.page(), site.page)

            # Four days by themselves are no fault.
            site.clock.passes_until("2024-12-10T09:05:00+08:00")
            until(lambda: site.states() == {"sent": 26}, lambda: f"{site.states()}\n{site.page()}\n{site.log()[-3000:]}")
            new = {number: what for number, what in sent(site).items() if number not in before}
            assert {kind for kind, _ in new.values()} == {"second-chase"}, new
            assert all(at[:10] == "2024-12-10" for _, at in new.values()), new
        assert len({mail.number for mail in taken}) == len(taken) == 26, "something went twice"


def set_back_while_it_was_off(world):
    """A machine whose clock battery is empty: started in the past, by cron or as a daemon."""
    with Server(world) as server:
        site = Site(world, "battery", "2024-11-20T09:00:00+08:00", **server.settings())
        site.run("run", "--once")
        site.clock.set("2024-12-06T09:20:00+08:00")
        site.run("run", "--once")
        before = sent(site)
        assert len(before) == len(server.inbox.taken) == 13
        site.clock.set("2024-12-04T09:20:00+08:00")
        said = site.run("run", "--once")
        assert FAULT in said and FAULT in site.page(), said
        assert sent(site) == before, "sent by a clock that can't be right"
        site.start()
        until(lambda: FAULT in site.log() and FAULT in site.page(), site.log)
        assert sent(site) == before
        site.stop()
        site.clock.set("2024-12-10T09:20:00+08:00")
        site.run("run", "--once")
        assert FAULT not in site.page() and len(server.inbox.taken) == 26, site.page()
        assert len({mail.number for mail in server.inbox.taken}) == 26


def put_right_after_running_ahead(world):
    """A clock that ran ahead was put right: without a word of the office letters would wait until its time is reached."""
    with Server(world) as server:
        site = Site(world, "ahead", "2024-11-20T09:00:00+08:00", **server.settings())
        site.run("run", "--once")
        said = site.run("clock", "accept", "--reason", "试试", expect=(1,))
        assert "不用认可" in said, said
        assert "不能与 --now 同用" in site.run("clock", "accept", "--reason", "试试", now=STEPS[0], expect=(2,))
        # A Sunday that hasn't come yet: nothing goes out, but its time is remembered.
        site.clock.set("2024-12-08T10:00:00+08:00")
        site.run("run", "--once")
        assert not server.inbox.taken
        site.clock.set("2024-12-02T09:20:00+08:00")
        with site.daemon():
            until(lambda: FAULT in site.page(), site.page)
            assert "taizhang clock accept --reason" in site.page(), site.page()
            doctor = site.run("doctor", expect=(0, 1))
            assert "taizhang clock accept --reason" in doctor and "上次记录的 2024-12-08" in doctor, doctor
            site.until_attended()
            assert not server.inbox.taken, "sent by a clock that isn't trusted"
            said = site.run("clock", "accept", "--reason", "主板电池换过")
            assert "已认可本机现在的时间2024年12月2日" in said and "2024年12月8日10:00作废" in said, said
            until(lambda: FAULT not in site.page(), site.page, deadline=10)
            until(lambda: len(server.inbox.taken) == 13, lambda: f"{site.states()}", deadline=10)
            doctor = site.run("doctor", expect=(0, 1))
            assert "clock accept" not in doctor, doctor
            (why,) = site.query("SELECT detail FROM journal WHERE what = 'clock-accepted'")
            assert "主板电池换过" in why[0] and "可能被调回" in why[0], why

            # A jump there and back needs no hour to pass either.
            site.clock.move(-86400)
            until(lambda: FAULT in site.page(), site.page)
            site.clock.move(86400)
            site.until_attended()
            assert FAULT in site.page(), "trusted too early"
            site.run("clock", "accept", "--reason", "已核对")
            until(lambda: FAULT not in site.page(), site.page, deadline=10)
            assert "不用认可" in site.run("clock", "accept", "--reason", "再来", expect=(1,))
        assert len(server.inbox.taken) == 13, "something went twice"


CHECKS = [
    set_back_between_passes,
    set_back_under_the_daemon,
    set_back_while_it_was_off,
    put_right_after_running_ahead,
]
