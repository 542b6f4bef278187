"""The share taken away and put back while the daemon works."""

from collections import Counter

from sites import Server, Site, until

HELD = "催报和通报暂停发出"


def liaisons(taken):
    return Counter(mail.recipients[0].rsplit("@")[0] for mail in taken)


def share_taken_away_and_put_back(world):
    with Server(world) as server:
        site = Site(world, "share", "2024-11-20T09:00:00+08:00", **server.settings())
        site.run("run", "--once")
        site.clock.set("2024-12-05T15:59:00+08:00")
        watch, gone = site.folder / "watch", site.folder / "gone"
        taken = server.inbox.taken
        with site.daemon():
            until(lambda: site.states() == {"sent": 13}, lambda: f"{site.states()}")
            assert {letter["kind"] for letter in site.letters()} == {"due-today"}

            watch.rename(gone)
            site.clock.passes(minutes=6)
            until(lambda: "共享文件夹不可用" in site.page() and HELD in site.page(), site.page)
            # The due date goes by, and the morning of the first chase.
            site.clock.passes_until("2024-12-06T09:02:00+08:00")
            site.until_walked()
            site.clock.passes_until("2024-12-06T11:00:00+08:00")
            site.until_walked()
            assert len(taken) == 13 and len(site.letters()) == 13, "chased although nobody could hand in"
            assert "催报暂停" in site.log() and not watch.exists(), "made a new share beside the lost one"

            # One unit's ledger lay there all the time; nobody had looked.
            (gone / "乌塘挂点台账" / "周景辉" / "零报告-2024年11月.txt").write_text("本期无", encoding="utf-8")
            gone.rename(watch)
            site.clock.passes(minutes=1)
            until(lambda: site.states() == {"sent": 25}, lambda: f"{site.states()}\n{site.log()[-2000:]}")
            until(lambda: "【请处理】" not in site.page(), site.page)
            chases = [letter for letter in site.letters() if letter["kind"] == "first-chase"]
            assert len(chases) == 12 and all(letter["sent"] >= "2024-12-06T11" for letter in chases), chases
            assert "周景辉" not in {unit for letter in chases for unit in letter["units"]}, "chased who has handed in"
            status = site.run("status", "--period", "2024-11")
            assert any("周景辉" in line and "零报告" in line for line in status.splitlines()), status

            site.clock.passes(hours=3)
            site.until_walked()
            assert len(taken) == 25, "something went again"
        assert len({mail.number for mail in taken}) == 25
        # To a clerk, with a copy to the head: each once.
        assert all(len(mail.recipients) == 2 for mail in taken[13:])
        assert set(liaisons(taken[13:]).values()) == {1}


CHECKS = [share_taken_away_and_put_back]
