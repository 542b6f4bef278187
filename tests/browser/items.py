"""A register at the page: its items, and who leads them."""

from offices import Office
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


CHECKS = told_twice(items_get_their_leads)
