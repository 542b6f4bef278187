"""What the office decides with a few clicks, what it is told before, and what becomes of it."""

from offices import HERE, PASSPHRASE, PERIOD, month
from sites import Server, until
from stories import told_twice


def no_longer_sent(browser):
    """What a confirming page says won't go: when, what, about whom."""
    lists = browser.all(".consequence")
    headings = [own.text for own in browser.all("main h3")]
    lines = {heading: own.find_elements("tag name", "li") for heading, own in zip(headings, lists)}
    return sorted(" ".join(line.text.split()) for heading, own in lines.items() if "不再发" in heading for line in own)


def gone_from(before, after):
    """What is no longer in a plan, as the page would say it."""
    left = [notice for notice in before if notice not in after]
    moment = lambda at: f"{int(at[5:7])}月{int(at[8:10])}日 {at[11:16]}"
    return sorted((moment(own["at"]), own["unit"]) for own in left)


def exempting(world, name, script):
    """免报 with three clicks and a reason, and its undo; what is shown before is what the plan says after."""
    site = month(world).copy(name, for_all=script)
    with site.open(), site.browser(script) as browser, site.browser(script) as second:
        site.first(browser)
        site.log_in(second, "lisi", PASSPHRASE)
        before = site.plan()
        with browser.at_most(3, "免报"):
            browser.press("乌塘镇领导挂点联系“百千万工程”调研台账", "header")
            browser.tick("谭仁普")
            browser.press("免报")
            lines = no_longer_sent(browser)
            browser.fill("理由", "外出学习")
            browser.enter("理由")
        assert "谭仁普" in browser.words("main") and "已免报" in browser.words("main"), browser.words()
        folder = site.share / "谭仁普"
        until(lambda: list(folder.glob(f"{PERIOD} *免报*")), lambda: str(list(folder.iterdir())))
        gone = gone_from(before, site.plan())
        assert len(lines) == len(gone) > 3, (lines, gone)
        for line, (moment, unit) in zip(lines, gone):
            assert line.startswith(moment) and f"（{unit}挂点组）" in line, (line, moment, unit)
        row = next(row for row in browser.open(HERE).rows("units") if row["单位"] == "谭仁普")
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
        browser.tick("罗养", "吴忠强", "马陕燕")
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
                browser.press("核准并发出")
            assert not browser.has("核准并发出"), browser.words()
            second.press("不发")
            assert second.status == 409 and "刚才已由李四处理" in second.words(".wrong"), second.words()
            until(lambda: len(server.inbox.taken) > sent, lambda: f"{site.states()} {site.log()[-2000:]}")
            until(lambda: browser.open(f"/letters/{number}").words("h1").endswith("已发出"), lambda: browser.words("h1"))
            subjects = [mail.subject for mail in server.inbox.taken[sent:]]
            assert subjects == [known[number]["subject"]], "once, and nothing else"
            # The other one isn't sent; nobody is left to do.
            browser.open("/today")
            while browser.has("核准"):
                browser.press("核准", "#matters")
                browser.press("不发")
                assert not browser.all(".wrong"), browser.words()
                browser.open("/today")
            assert not site.letters("--state", "draft")


def nudging(world, name, script):
    """催一次, a click for each unit and three more: who may be asked, who not and why; it goes once, as the plan says, and not again that day."""
    with Server(world) as server:
        site = month(world).copy(name, for_all=script, **server.settings())
        site.clock.set("2024-12-03T10:05:00+08:00")
        ((number,),) = site.query("SELECT id FROM submission WHERE unit = 'U09'")
        site.run("withdraw", str(number), "--reason", "报错了")
        site.run("run", "--once")
        with site.open(), site.browser(script) as browser:
            site.first(browser)
            unit = next(own["unit"] for own in site.status()["units"] if own["state"] == "due")
            returned = next(own for own in site.status()["units"] if own["state"] == "returned")
            sent = len(server.inbox.taken)
            with browser.at_most(5, "催一次"):
                browser.press("乌塘镇领导挂点联系“百千万工程”调研台账", "header")
                browser.tick(unit, returned["unit"])
                browser.press("催一次", ".tools")
                words = browser.words("main")
                assert "给1个单位的联络员另发一封提醒" in words and "可以更正或补报，过后再催" in words, words
                assert "1封信要发" in words and "另行提醒" in words.split("1封信要发")[1], words
                browser.press("催一次", "main form")
            assert "另行提醒12月3日 10:05发给" in browser.words("main"), browser.words("main")
            until(lambda: len(server.inbox.taken) > sent, lambda: f"{site.states()} {site.log()[-2000:]}")
            (mail,) = server.inbox.taken[sent:]
            assert mail.subject.startswith("【另行提醒】"), mail.subject
            browser.press("回到本期")
            browser.tick(unit)
            browser.press("催一次", ".tools")
            assert "已经另行提醒" in browser.words("main") and not browser.all("main form button"), browser.words("main")
            journal = site.query("SELECT via, \"by\" FROM journal WHERE what = 'nudged'")
            assert journal == [("page", "李四")], journal


CHECKS = told_twice(exempting, approving, nudging)
