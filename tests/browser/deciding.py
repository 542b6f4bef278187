"""What the office decides with a few clicks, what it is told before, and what becomes of it."""

from offices import HERE, PASSPHRASE, PERIOD, month
from sites import Server, until
from stories import told_twice


def notices(plan):
    return {(own["at"], own["unit"], own["kind"], own["step"], own["period"]) for own in plan}


def exempting(world, name, script):
    """免报 with three clicks and a reason, and its undo; what is shown before is what the plan says after."""
    site = month(world).copy(name, for_all=script)
    with site.open(), site.browser(script) as browser, site.browser(script) as second:
        site.first(browser)
        site.log_in(second, "lisi", PASSPHRASE)
        before = site.plan()
        with browser.at_most(3, "免报"):
            browser.press("乌塘镇领导挂点联系“百千万工程”调研台账", "header")
            browser.tick("林强")
            browser.press("免报")
            lines = browser.words("main")
            browser.fill("理由", "外出学习")
            browser.enter("理由")
        assert "林强" in browser.words("main") and "已免报" in browser.words("main"), browser.words()
        until(lambda: list((site.share / "林强").glob(f"{PERIOD} *免报*")), lambda: str(list((site.share / "林强").iterdir())))
        after = site.plan()
        away = notices(before) - notices(after)
        assert all(own[1] == "林强" for own in away), away
        if away:
            assert f"{len(away)}封信不再发" in lines or "封信不再发" in lines, (away, lines)
        row = next(row for row in browser.open(HERE).rows("units") if row["单位"] == "林强")
        assert row["状态"].endswith("免报"), row
        assert site.status()["exempt"] == 1

        # Two before the same unit: one decides, the other is told, and keeps what he wrote.
        for own in (browser, second):
            own.open(HERE)
            own.tick("罗养")
            own.press("免报")
            own.fill("理由", "住院" if own is browser else "出差")
        browser.enter("理由")
        second.enter("理由")
        assert "已免报" in browser.words("main"), browser.words()
        assert "刚才已由李四" in second.words("main") and "出差" in second.words("main"), second.words()

        # And back, from the page that says it is done.
        with browser.at_most(2, "撤销免报"):
            browser.press("撤销：取消这次免报")
            browser.fill("理由", "提前回来")
            browser.enter("理由")
        assert "已取消免报" in browser.words("main"), browser.words()
        until(lambda: not list((site.share / "罗养").glob(f"{PERIOD} *免报*")), "the note still says so")
        assert site.status()["exempt"] == 1
        # Several at once; without a reason nothing is done, and the page stays.
        browser.press("回到本期")
        browser.tick("庞兴", "吴忠强", "余晓锐")
        browser.press("免报")
        browser.run("document.querySelector('[name=reason]').required = false")
        browser.press("定为免报")
        assert browser.status == 422 and "请写理由" in browser.words(".wrong"), browser.words()
        browser.fill("理由", "另有任务")
        browser.press("定为免报")
        assert browser.words("main").count("已免报") == 3, browser.words()
        assert site.status()["exempt"] == 4
        journal = site.query("SELECT via, \"by\" FROM journal WHERE what = 'exempted'")
        assert journal == [("page", "李四")] * 5, journal


def approving(world, name, script):
    """A draft goes off with three clicks at most; of two who decide it one is told, and it goes once."""
    with Server(world) as server:
        site = month(world).copy(name, for_all=script, **server.settings())
        # The month goes by: who is behind is chased, the period closes, report and bulletin wait.
        for day in ("05", "06", "10", "12", "17"):
            site.clock.set(f"2024-12-{day}T09:30:00+08:00")
            site.run("run", "--once")
        with site.open(), site.browser(script) as browser, site.browser(script) as second:
            site.first(browser)
            drafts = [row for row in browser.rows("matters") if row["类别"] == "待核准的信函"]
            known = {letter["id"]: letter for letter in site.letters("--state", "draft")}
            assert len(drafts) == len(known) >= 2, (drafts, known)
            number = int(drafts[0]["links"][0].rsplit("/", 1)[1])
            site.log_in(second, "lisi", PASSPHRASE)
            second.open(f"/letters/{number}")
            sent = len(server.inbox.taken)
            with browser.at_most(3, "核准"):
                browser.press("核准", "#matters")
                assert browser.path == f"/letters/{number}"
                assert known[number]["subject"] in browser.words("main"), browser.words()
                browser.press("核准发出")
            assert not browser.has("核准发出"), browser.words()
            second.press("不发")
            assert second.status == 409 and "刚才已由李四处理" in second.words(".wrong"), second.words()
            until(lambda: len(server.inbox.taken) > sent, lambda: f"{site.states()} {site.log()[-2000:]}")
            until(lambda: site.letters("--state", "draft", "--state", "sent"), "no letters")
            (state,) = [letter["state"] for letter in site.letters() if letter["id"] == number]
            assert state in ("sent", "queued", "attempting"), state
            until(lambda: browser.open(f"/letters/{number}").words("h1").endswith("已发出"), lambda: browser.words("h1"))
            assert [mail.number for mail in server.inbox.taken[sent:]].count(number) == len(server.inbox.taken[sent:]), server.inbox.taken
            # The other one isn't sent; nobody is left to do.
            browser.open("/today")
            while browser.has("核准"):
                browser.press("核准", "#matters")
                browser.press("不发")
                assert not browser.all(".wrong"), browser.words()
                browser.open("/today")
            assert not site.letters("--state", "draft")


CHECKS = told_twice(exempting, approving)
