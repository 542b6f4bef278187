"""A register at the page: its items, and who leads them; and a document that goes back."""

from offices import Office
from sites import until
from stories import told_twice


class Register(Office):
    programs = ("wutang-visits", "hengli-tasks")


def items_get_their_leads(world, name, script):
    """A register by its items; one without a lead gets it, and what follows is shown before."""

    def make():
        own = Register(world, "register", "2018-12-29T10:00:00+08:00")
        own.run("run", "--once")
        return own

    site = world.once("register", make).copy(name, for_all=script)
    with site.open(), site.browser(script) as browser:
        site.first(browser)
        browser.open("/p/hengli-tasks/2018-Q4?by=items")
        rows = browser.rows("items")
        assert len(rows) > 20, len(rows)
        browser.press("牵头", "#items")
        browser.fill("牵头单位", "农林水务局")
        browser.press("看结果")
        assert "这样做以后" in browser.words("main"), browser.words()
        browser.fill("理由", "镇长办公会议定")
        browser.press("定为牵头单位", "main")
        assert browser.path == "/p/hengli-tasks/2018-Q4", browser.path
        ((reason, by),) = site.query("SELECT reason, assigned_by FROM assignment")
        assert (reason, by) == ("镇长办公会议定", "李四")


class Documents(Office):
    programs = ("zhanjiang-plans",)

    @property
    def folder_of_unit(self):
        return self.folder / "watch" / "湛江经开区实施方案" / "区教育局"


def documents_go_back(world, name, script):
    """A document that was registered goes back with a reason, and 人工通过 takes that back."""

    def make():
        own = Documents(world, "documents", "2018-07-20T09:30:00+08:00")
        own.run("run", "--once")
        (own.folder_of_unit / "区教育局实施方案.pdf").write_bytes(b"%PDF-1.4 plan")
        own.run("run", "--once")
        return own

    site = world.once("documents", make).copy(name, for_all=script)
    with site.open(), site.browser(script) as browser:
        site.first(browser)
        ((number, verdict),) = site.query("SELECT id, verdict FROM submission")
        assert verdict == "accepted", verdict
        browser.open("/p/zhanjiang-plans/plans")
        row = next(row for row in browser.rows("units") if row["单位"] == "区教育局")
        assert f"/s/{number}" in row["links"], row
        browser.open(f"/s/{number}")
        browser.press("退回材料", "main")
        assert "这样做以后" in browser.words("main"), browser.words("main")
        browser.fill("理由", "没有盖章")
        browser.press("退回材料", "main form[method=post]")
        assert "已退回，理由会写给报送单位" in browser.words(".told"), browser.words()
        until(lambda: any("退回" in own.name for own in site.folder_of_unit.iterdir()), lambda: "no note of it")
        browser.press("人工通过", "main")
        browser.fill("理由", "已补盖")
        browser.enter("理由")
        journal = site.query("SELECT what, via, \"by\", detail FROM journal WHERE via = 'page' AND submission = ? ORDER BY id", number)
        assert journal == [("rejected", "page", "李四", "没有盖章"), ("accepted-by-office", "page", "李四", "已补盖")], journal


CHECKS = told_twice(items_get_their_leads, documents_go_back)
