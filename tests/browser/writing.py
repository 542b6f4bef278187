"""Letters: whom a person tells, what failed and goes again, what is taken back, and drafts with words of one's own."""

import json
import re

from offices import PROGRAM, month
from sites import Server, until
from stories import told_twice


def without_address(site, units):
    """The clerks of some units have no mail."""
    roster = site.folder / "templates" / "programs" / PROGRAM / "roster.csv"
    lines = roster.read_text(encoding="utf-8").split("\n")
    changed = [re.sub(r"liaison\d+@[\w.]+", "", line) if set(line.split(",")[1:2]) & set(units) else line for line in lines]
    assert sum(one != other for one, other in zip(lines, changed)) == len(units)
    roster.write_text("\n".join(changed), encoding="utf-8")


def behind(site):
    return [own["unit"] for own in site.status()["units"] if own["state"] in ("due", "overdue", "upcoming", "returned")]


def handing_over(world, name, script):
    """Who has no address: the texts are a click away; what failed goes again; what went is taken back; the calendar is the plan."""
    with Server(world) as server:
        site = month(world).copy(name, for_all=script, **server.settings())
        units = behind(site)[:2]
        assert len(units) == 2, site.status()
        without_address(site, units)
        site.clock.set("2024-12-05T09:30:00+08:00")
        site.run("run", "--once")
        # The server takes nothing of the chase.
        server.inbox.refuse["DATA"] = "550 5.7.1 refused"
        site.clock.set("2024-12-06T09:30:00+08:00")
        site.run("run", "--once")
        server.inbox.refuse.clear()
        hand, failed = site.letters("--state", "by-hand"), site.letters("--state", "failed")
        assert len(hand) == 2 and failed, (hand, failed)
        with site.open(), site.browser(script) as browser:
            site.first(browser)
            with browser.at_most(1, "待人工送达的文字"):
                browser.press("送达", "#matters")
            assert browser.path == "/letters", browser.path
            texts = site.run("letters", "list", "--state", "by-hand", "--text")
            for letter in hand:
                text = browser.words(f"#t{letter['id']}")
                assert text and text in " ".join(texts.split()), (text, texts)
            if script:
                # Over plain http a page may not write to the clipboard: then the text is marked.
                browser.pick(browser.find(f"button[data-copy=t{hand[0]['id']}]"))
                until(lambda: browser.words("#said"), lambda: browser.words("main"))
                marked = browser.run("return getSelection().toString()")
                assert "已复制" in browser.words("#said") or marked.strip() == browser.words(f"#t{hand[0]['id']}"), marked
            else:
                assert not browser.has("复制"), "what needs a script isn't offered without one"
            for box in browser.all("#waiting input[type=checkbox]"):
                browser.pick(box)
            browser.press("已送达")
            assert "2封已送达（勾选2封）" in browser.words("main"), browser.words()
            assert not site.letters("--state", "by-hand")

            browser.open("/letters?part=outbox&state=failed")
            rows = browser.rows("outbox")
            assert len(rows) == len(failed) and all("550" in row["情况"] for row in rows), rows[:2]
            sent = len(server.inbox.taken)
            browser.press(rows[-1]["编号"], "#outbox")
            number = int(browser.path.rsplit("/", 1)[1])
            browser.press("重发")
            until(lambda: len(server.inbox.taken) > sent, lambda: f"{site.states()} {site.log()[-2000:]}")
            until(lambda: browser.open(f"/letters/{number}").words("h1").endswith("已发出"), lambda: browser.words("h1"))

            went = server.inbox.taken[-1]
            browser.press("撤回", "main")
            assert all(address in browser.words("main") for address in went.recipients), (went.recipients, browser.words())
            browser.fill("理由", "联络员已当面说明")
            browser.press("撤回并发撤销通知")
            assert "撤销通知编号" in browser.words("main"), browser.words()
            until(lambda: len(server.inbox.taken) > sent + 1, lambda: f"{site.states()} {site.log()[-2000:]}")
            assert server.inbox.taken[-1].recipients == went.recipients
            assert "联络员已当面说明" in server.inbox.taken[-1].message.get_body(("plain",)).get_content()

            browser.open("/letters?part=calendar")
            plan = json.loads(site.run("schedule", "--format", "json"))
            assert f"要发{len(plan)}封" in browser.words("main"), (len(plan), browser.words("main"))
            assert all(own["reason"] in browser.words("#calendar") for own in plan if own["unit"] is None), browser.words()
            assert "休息" in browser.words("#calendar")


def editing(world, name, script):
    """A draft is read as it will go, changed, looked at and sent with a person's words; the other browser keeps its own."""
    with Server(world) as server:
        site = month(world).copy(name, for_all=script, **server.settings())
        for day in ("05", "06", "10", "12", "17"):
            site.clock.set(f"2024-12-{day}T09:30:00+08:00")
            site.run("run", "--once")
        drafts = {letter["kind"]: letter for letter in site.letters("--state", "draft")}
        number = drafts["bulletin"]["id"]
        own, other = "尚未报送的单位，请于12月20日前补报。", "请各单位高度重视。"
        with site.open(), site.browser(script) as browser, site.browser(script) as second:
            site.first(browser)
            site.add(second, "wangwu", "王五", "reviewer", "更上一层楼欲穷千里")
            for one in (browser, second):
                one.open(f"/letters/{number}")
            for one, words in ((browser, own), (second, other)):
                text = one.field("正文").get_attribute("value")
                one.fill("正文", f"{text.rstrip()}\n{words}")
            sent = len(server.inbox.taken)
            browser.press("预览")
            assert "还没有保存" in browser.words("main"), browser.words()
            assert own in browser.words(".paper") and browser.words(".paper").count(own) == 1
            assert own in browser.field("正文").get_attribute("value")
            assert len(server.inbox.taken) == sent and site.letters("--state", "draft")
            browser.press("核准并发出")
            until(lambda: len(server.inbox.taken) > sent, lambda: f"{site.states()} {site.log()[-2000:]}")
            assert own in server.inbox.taken[-1].message.get_body(("plain",)).get_content()
            second.press("核准并发出")
            assert second.status == 409 and "刚才已由李四处理" in second.words(".wrong"), second.words()
            assert other in second.field("正文").get_attribute("value"), second.words()
            # The other draft isn't sent, from the list.
            second.open("/letters?part=drafts")
            (row,) = second.rows("waiting")
            second.pick(second.find("#waiting input[type=checkbox]"))
            second.press("不发")
            assert "1封不发（勾选1封）" in second.words("main"), second.words()
            assert not site.letters("--state", "draft")
            assert len(server.inbox.taken) == sent + 1, "once, and nothing else"


CHECKS = told_twice(handing_over, editing)
