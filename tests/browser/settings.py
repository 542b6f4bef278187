"""What the office sets: who reports, days off, programmes, users, mail, the clock."""

import json
import sqlite3
from contextlib import closing

import openpyxl

from looking_back import fetched
from offices import MORNING, PASSPHRASE, Office, month
from sites import until
from stories import told_twice

HERE = "/settings/programs/wutang-visits"

NOTICE = """国务院办公厅关于2027年部分节假日安排的通知
一、元旦：1月1日（周五）至4日（周一）放假调休，共4天。1月9日（周六）上班。
二、春节：2月5日（周五）至12日（周五）放假调休，共8天。2月13日（周六）、2月14日（周日）上班。
三、清明节：4月3日（周六）至5日（周一）放假，共3天。
四、劳动节：5月1日至5日放假调休，共5天。5月8日（周六）上班。
五、端午节：6月9日（周三）放假1天。
六、中秋节：9月15日（周三）放假1天。
七、国庆节：10月1日至7日放假调休，共7天。9月26日（周日）上班。"""


def kept(site):
    return sorted(own.name for own in site.definition.glob("*.bak"))


def rosters_are_kept(world, name, script):
    """An address by itself; the whole table taken home, handed in, looked at, written; names that are aliases."""
    site = month(world).copy(name, for_all=script)
    with closing(sqlite3.connect(site.folder / "data" / "taizhang.sqlite3")) as base, base:
        for own in ("洪文择组", "甲办"):
            base.execute("INSERT INTO alias_offer (program, name, unit, at) VALUES ('wutang-visits', ?, 'U01', 0)", (own,))
    with site.open(), site.browser(script) as browser:
        site.first(browser)
        roster = site.definition / "roster.csv"
        before = roster.read_text(encoding="utf-8-sig")
        browser.press("设置", "header")
        assert browser.rows("programs")[0]["写法"] == "没有问题", browser.words("main")
        with browser.at_most(4, "改一个地址"):
            browser.press("名册", "#programs")
            browser.press("U04", "#roster")
            browser.fill("联络员邮箱", "不是邮箱")
            browser.press("保存")
            assert "应写成" in browser.words(".wrong"), browser.words("main")
            browser.fill("联络员邮箱", "linqiang@wutang.gov.cn")
            browser.enter("联络员邮箱")
        assert "已保存" in browser.words("main"), browser.words("main")
        assert "linqiang@wutang.gov.cn" in roster.read_text(encoding="utf-8-sig") and len(kept(site)) == 1
        browser.press("回到名册")
        browser.fill("名称或编号", "罗养")
        browser.press("改联系方式", ".tools")
        assert "罗养" in browser.words("h1"), browser.words("main")

        # The whole table: one more, one called otherwise.
        answer = fetched(site, browser, f"{HERE}/roster.xlsx")
        assert answer.status == 200, answer.status
        site.run("roster", "export", str(site.folder / "名册.xlsx"))
        book = openpyxl.load_workbook(site.folder / "名册.xlsx")
        sheet = book.active
        heads = [cell.value for cell in sheet[3]]
        name_at = heads.index("名称") + 1
        for row in range(4, sheet.max_row + 1):
            if sheet.cell(row, name_at).value == "袁庆":
                sheet.cell(row, name_at).value = "袁庆组"
        sheet.cell(sheet.max_row + 1, name_at).value = "经济发展办"
        changed = site.folder / "改好的名册.xlsx"
        book.save(changed)
        browser.open(f"{HERE}/roster")
        browser.pick(browser.find("details.panel summary"))
        browser.field("改好的表").send_keys(str(changed))
        browser.press("上传，先看改了什么")
        words = browser.words("main")
        assert "新增 1" in words and "改名 1" in words and "袁庆 → 袁庆组" in words, words
        assert "袁庆组" not in roster.read_text(encoding="utf-8-sig"), "looking writes nothing"
        browser.press("写入名册")
        assert "已写入 roster.csv" in browser.words("main"), browser.words("main")
        text = roster.read_text(encoding="utf-8-sig")
        assert "U03,袁庆组" in text and "U14,经济发展办" in text, text
        untouched = [line for line in before.splitlines() if line.startswith(("U01", "U06", "U13"))]
        assert all(line in text for line in untouched), text
        # The daemon makes the folder of whoever is new.
        until((site.share / "经济发展办").is_dir, lambda: site.log()[-2000:])
        # What is no roster is refused, line by line.
        wrong = site.folder / "错.xlsx"
        sheet.cell(4, name_at).value = "吴垂超"
        book.save(wrong)
        browser.open(f"{HERE}/roster")
        browser.pick(browser.find("details.panel summary"))
        browser.field("改好的表").send_keys(str(wrong))
        browser.press("上传，先看改了什么")
        assert "名称与名册里的一行相同" in browser.words("#faults"), browser.words("main")

        browser.open("/today").press("确认", "#matters")
        browser.press("记为别名")
        assert "洪文择组" in roster.read_text(encoding="utf-8-sig")
        browser.press("不是别名")
        assert "没有待定的名称" in browser.words("main"), browser.words("main")
        known = json.loads(site.run("log", "--last", "0", "--format", "json"))
        done = {own["what"] for own in known if own["by"] == "李四" and own["via"] == "page"}
        assert {"roster-changed", "contact-changed", "alias-taken", "alias-dismissed"} <= done, done


class Several(Office):
    programs = ("wutang-visits", "xinhui-meetings")


def programs_are_switched(world, name, script):
    """Off and on again, from trial to work, each with what follows shown before."""
    site = Several(world, name, MORNING, for_all=script)
    with site.open(), site.browser(script) as browser:
        site.first(browser)
        browser.press("设置", "header")
        trial = next(own for own in browser.rows("programs") if "试运行" in own["状态"])
        browser.press(trial["台账"], "#programs")
        browser.press("转为正式运行", "main")
        assert "文件会移动、退回" in browser.words("main"), browser.words("main")
        browser.fill("理由", "试了一期，没有问题")
        browser.press("转为正式运行", "main form")
        assert "正式运行" in browser.words("h1"), browser.words("main")
        definition = site.folder / "templates" / "programs" / "xinhui-meetings" / "program.toml"
        assert "\ntrial = false\n" in definition.read_text(encoding="utf-8")
        browser.press("停用", "main")
        browser.fill("理由", "年度已结束")
        browser.press("停用", "main form")
        assert "停用" in browser.words("h1"), browser.words("main")
        assert browser.open("/p/xinhui-meetings").status == 404
        browser.open("/settings/programs/xinhui-meetings").press("启用", "main")
        browser.fill("理由", "新年度")
        browser.press("启用", "main form")
        assert "正式运行" in browser.words("h1"), browser.words("main")
        listed = json.loads(site.run("program", "list", "--format", "json"))
        assert all(own["on"] for own in listed), listed


def the_site_is_set(world, name, script):
    """Days off by the notice, users, a letter to try, everything looked at, a clock that was put right."""
    site = Office(world, name, "2026-12-22T09:00:00+08:00", for_all=script)
    with site.open(), site.browser(script) as browser, site.browser(script) as other:
        site.first(browser)
        browser.press("设置", "header")
        browser.press("节假日", ".tabs")
        browser.fill("粘贴国务院办公厅", NOTICE)
        browser.press("逐日看一遍")
        days = browser.rows("days")
        assert len(days) == 34 and {own["安排"] for own in days} == {"放假", "调休上班"}, len(days)
        browser.press("写入节假日表")
        assert "2027年的放假安排已写入" in browser.words("main"), browser.words("main")
        assert "2027-01-09,work" in (site.folder / "templates" / "holidays.csv").read_text(encoding="utf-8-sig")

        browser.press("用户", ".tabs")
        browser.fill("姓名", "王五")
        browser.fill("登录名", "wangwu")
        browser.choose("角色", "审核")
        browser.press("增加，给出初始密码")
        password = browser.words("code")
        browser.secrets.add(password)
        site.log_in(other, "wangwu", password)
        site.change_password(other, password, PASSPHRASE)
        assert other.path == "/today" and not other.has("设置"), other.words("header")
        browser.press("回到用户")
        browser.press("wangwu", "#users")
        browser.choose("角色", "经办")
        browser.press("改角色和台账")
        assert other.open("/today").has("设置"), other.words("header")
        browser.press("wangwu", "#users")
        browser.press("重置密码", "main form")
        browser.secrets.add(browser.words("code"))
        assert other.open("/today").path == "/login", other.path
        browser.press("回到用户")
        browser.press("wangwu", "#users")
        browser.press("停用", "main form")
        assert "停用" in next(own for own in browser.rows("users") if own["登录名"] == "wangwu")["状态"]

        browser.press("邮件", ".tabs")
        browser.fill("收件邮箱", "office@wutang.gov.cn")
        browser.press("试发")
        assert "信已写进" in browser.words("main"), browser.words("main")

        browser.press("运行", ".tabs")
        browser.press("检查", "main")
        assert any(own["什么"] == "数据库" for own in browser.rows("doctor")), browser.words("main")

        # Days back: chases are held and the page says so, until somebody says that the clock is right.
        site.clock.move(-3 * 86400)
        until(lambda: browser.open("/settings/service").has("时间无误，恢复催报"), lambda: browser.words("main"))
        assert "催报暂停" in browser.words("main"), browser.words("main")
        browser.fill("理由", "已核对过时间")
        browser.press("时间无误，恢复催报")
        until(lambda: not browser.open("/settings/service").has("时间无误，恢复催报"), lambda: browser.words("main"))
        journal = site.query("SELECT via, \"by\" FROM journal WHERE what = 'clock-accepted'")
        assert journal == [("page", "李四")], journal


CHECKS = told_twice(rosters_are_kept, programs_are_switched, the_site_is_set)
