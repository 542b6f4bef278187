"""From nothing to the first answered ledger in the browser: seven steps, no command but the one that starts it."""

import http.client
import os
import re
import subprocess
import time
from contextlib import contextmanager

import openpyxl
from clock import Clock
from mail_server import PASSWORD, USER
from offices import GO_LIVE, HERE, PASSPHRASE, Office
from sites import Server, until
from stories import told_twice

ROSTER = "/settings/programs/wutang-visits/roster"


class New(Office):
    """A folder in which nothing lies yet."""

    def __init__(self, world, name, now, for_all):
        self.world, self.folder = world, world.folder / name
        self.clock = Clock(world.library, world.folder / f"{name}.clock")
        self.clock.set(now)
        self.process, self.config = None, self.folder / "config.toml"
        self._web(for_all)
        self.said = world.folder / f"{name}.said"

    @contextmanager
    def beginning(self):
        """`setup` at work: what it says goes to whoever sits there."""
        log = (self.world.folder / f"{self.folder.name}.log").open("ab")
        with log, self.said.open("wb") as said:
            words = [self.world.binary, "setup", str(self.folder), "--listen", f"{self.host}:{self.port}"]
            self.process = subprocess.Popen(words, stdout=said, stderr=log, env=self.environment())
        try:
            until(lambda: self.ask("GET", "/setup").status == 303, lambda: self.log()[-3000:])
            yield self
        except BaseException:
            print(self.log()[-6000:])
            raise
        finally:
            self.kill()

    def entrance(self):
        (found,) = re.findall(r"https?://\S+", self.said.read_text(encoding="utf-8"))
        assert found.startswith(f"{self.address}/setup/in/"), found
        return found


def filled_in(site, roster):
    """The table as a clerk changes it: another address, none for one, one unit more."""
    (site.world.folder / "home").mkdir(exist_ok=True)
    file = site.world.folder / "home" / f"{site.folder.name}.xlsx"
    file.write_bytes(roster)
    book = openpyxl.load_workbook(file)
    sheet = book.active
    heads = [cell.value for cell in sheet[3]]
    at = {name: heads.index(name) + 1 for name in ("名称", "联络员邮箱", "负责人邮箱")}
    for row in range(4, sheet.max_row + 1):
        for name in ("联络员邮箱", "负责人邮箱"):
            value = str(sheet.cell(row, at[name]).value or "")
            sheet.cell(row, at[name]).value = value.replace("@wutang.example", "@wutang.gov.cn") or None
    sheet.cell(5, at["联络员邮箱"]).value = None
    sheet.cell(sheet.max_row + 1, at["名称"]).value = "经济发展办"
    book.save(file)
    return file


def from_nothing(world, name, script):
    """Seven steps: faults are told at once, what was filled in outlasts a kill, nobody is written to before the end."""
    with Server(world, "none") as server:
        site = New(world, name, GO_LIVE, script)
        began = time.monotonic()
        with site.beginning(), site.browser(script) as browser:
            browser.open("/today")
            assert browser.path == "/login" and "启动程序的窗口" in browser.words("main"), browser.words()
            address = site.entrance()
            browser.open(address).press("开始")
            assert browser.path == "/setup/where", browser.path
            browser.fill("汇总单位自己的文件夹", "watch/汇总")
            browser.press("保存，下一步")
            assert browser.status == 422 and "重叠" in browser.words("main"), browser.words()
            browser.fill("汇总单位自己的文件夹", "output")
            browser.press("保存，下一步")

            rows = browser.rows("choices")
            ticked = [row for row, box in zip(rows, browser.all("#choices input[type=checkbox]")) if box.is_selected()]
            assert ticked and all("文件要求报送" in row["依据"] for row in ticked), ticked
            for box in browser.all("#choices input:checked"):
                if box.get_attribute("value") != "wutang-visits":
                    browser.pick(box)
            browser.press("保存，下一步")

            for label, text in (("单位名称", "乌塘镇指挥部办公室"), ("联系人", "张三"), ("电话", "0668-1234567"), ("邮箱", "office@wutang.gov.cn"), ("姓名", "李四"), ("登录名", "lisi")):
                browser.fill(label, text)
            browser.fill("密码", "lisi1234")
            browser.fill("再输一次密码", "lisi1234")
            browser.press("保存，下一步")
            assert browser.status == 422 and "密码" in browser.words(".wrong"), browser.words()
            assert browser.field("单位名称").get_attribute("value") == "乌塘镇指挥部办公室", "what was typed is kept"
            assert "密码空着就不改" not in browser.words("main"), "there is none yet that could stay"
            browser.fill("密码", PASSPHRASE, secret=True)
            browser.fill("再输一次密码", PASSPHRASE, secret=True)
            browser.press("保存，下一步")

            assert browser.path == "/setup/roster"
            browser.press("下载、上传、改一个")
            file = filled_in(site, fetched_bytes(site, browser, f"{ROSTER}.xlsx"))
            browser.pick(browser.find("details.panel summary"))
            browser.field("改好的表").send_keys(str(file))
            browser.press("上传，先看改了什么")
            assert "新增 1" in browser.words("main"), browser.words("main")
            browser.press("写入名册")
            browser.press("回到建立站点")
            (row,) = browser.rows("rosters")
            assert (row["填报单位"], row["没有邮箱"], row["占位邮箱"]) == ("14", "2", "0"), row
            assert not site.config.exists() and not (site.folder / "watch").exists(), "nothing is made yet"

        # Power is lost. What was filled in is there; the address was used, there is another one.
        with site.beginning(), site.browser(script) as browser:
            assert browser.open(address).status == 404
            browser.open(site.entrance()).press("开始")
            assert browser.path == "/setup/roster", browser.path
            browser.open("/setup/who")
            assert browser.field("联系人").get_attribute("value") == "张三"
            browser.press("保存，下一步")
            browser.press("保存，下一步")
            rows = browser.rows("dates")
            assert browser.path == "/setup/when" and len(rows) == 3 and "第一期" in browser.words("#dates"), rows
            assert "12月5日 17:30" in browser.words("#dates"), browser.words("#dates")
            for label, text in (("截止日", "0"), ("从哪一期收起", "去年")):
                before = browser.field(label).get_attribute("value")
                browser.fill(label, text)
                browser.press("保存，下一步")
                assert browser.status == 422 and browser.words(".wrong"), browser.words("main")
                assert browser.field(label).get_attribute("value") == before
            browser.fill("截止日", "8")
            browser.press("保存，下一步")
            assert browser.path == "/setup/when" and "12月9日 17:30" in browser.words("#dates"), browser.words("#dates")
            browser.press("保存，下一步")

            browser.pick(browser.find("input[name=way][value=smtp]"))
            for label, text in (("服务器", "localhost"), ("端口", str(server.port)), ("登录账号", USER), ("发件邮箱", "office@wutang.gov.cn"), ("收件邮箱", "zhangsan@wutang.gov.cn")):
                browser.fill(label, text)
            browser.choose("加密方式", "不加密")
            browser.press("保存，下一步")
            assert "密码没有填写" in browser.words(".wrong"), browser.words()
            browser.pick(browser.find("input[name=way][value=smtp]"))
            browser.fill("密码", PASSWORD, secret=True)
            browser.press("试发")
            assert "信已交给" in browser.words("main"), browser.words("main")
            assert [own.recipients for own in server.inbox.taken] == [["zhangsan@wutang.gov.cn"]]
            browser.press("保存，下一步")

            assert browser.path == "/setup/look" and not browser.all(".wrong"), browser.words("main")
            words = browser.words("main")
            assert "下面14个单位各一个文件夹" in words and "填报单位" in browser.words(".sheet"), words
            assert "报送提醒" in browser.words("#calendar"), browser.words("#calendar")
            assert not site.config.exists() and len(server.inbox.taken) == 1, "nothing is made, nobody is written to"
            assert browser.find("input[name=trial][value=true]").is_selected()
            browser.press("启用", "main form")
            until(lambda: browser.path == "/today", lambda: browser.words())
            assert "李四" in browser.words("header"), browser.words()
            print(f"    from nothing in {time.monotonic() - began:.0f} s, {browser.clicks} clicks after the restart", flush=True)
            assert (site.share / "经济发展办").is_dir() and not (site.folder / ".setup").exists()
            text = site.config.read_text(encoding="utf-8")
            assert PASSWORD not in text and 'enabled = [\n  "wutang-visits",\n]' in text, text
            token = address.rsplit("/", 1)[1]
            for path in site.folder.rglob("*"):
                assert not path.is_file() or token.encode() not in path.read_bytes(), path
            # The first ledger: on trial, so it stays where it was laid.
            site.clock.set("2024-12-02T10:05:00+08:00")
            site.log_in(browser, "lisi", PASSPHRASE)
            assert browser.path == "/today", "days later with the password that was chosen"
            site.hand_in("吴垂超")
            until(lambda: "已通过" in browser.open(HERE).words("#units"), lambda: browser.words())
            assert "试运行" in browser.open("/settings").words("#programs")
            site.stop()
        site.keeps_its_secrets()
        refused = subprocess.run([world.binary, "setup", str(site.folder)], capture_output=True, text=True, timeout=60, env=os.environ)
        assert refused.returncode == 2 and "已经有一个站点" in refused.stderr, refused


def fetched_bytes(site, browser, path):
    """A workbook as the browser would save it."""
    cookie = browser.session()
    at = http.client.HTTPConnection(site.host, site.port, timeout=30)
    try:
        at.request("GET", path, headers={"Cookie": f"{cookie['name']}={cookie['value']}"})
        answer = at.getresponse()
        assert answer.status == 200, answer.status
        return answer.read()
    finally:
        at.close()


CHECKS = told_twice(from_nothing)
