"""What was done, how the periods went, and what there is to be taken along: journal, trend, files."""

import json
import re
import subprocess

from offices import HERE, month
from stories import told_twice

SHAPES = {"accepted": "●", "nil": "●", "accepted_late": "◐", "returned": "△", "exempt": "–", "overdue": "○"}


def fetched(site, browser, path):
    """A file as the browser would save it."""
    cookie = browser.session()
    return site.ask("GET", path, {"Cookie": f"{cookie['name']}={cookie['value']}"})


def looking_back(world, name, script):
    """日志 says what `log` says, 走势 what `status` says; master and forms are two clicks away."""
    site = month(world).copy(name, for_all=script)
    with site.open(), site.browser(script) as browser:
        site.first(browser)
        browser.press("日志", "header")
        known = json.loads(site.run("log", "--last", "0", "--format", "json"))
        rows = browser.rows("log")
        assert len(rows) == min(len(known), 200) > 20, (len(rows), len(known))
        assert any("程序" in row["谁"] for row in rows), rows[:3]
        browser.fill("说明里有", "罗养")
        browser.press("查找", "main")
        found = browser.rows("log")
        assert found and all("罗养" in row["说明"] for row in found), found[:3]
        (export,) = [own.get_attribute("href") for own in browser.all("main a") if "导出" in own.text]
        book = fetched(site, browser, export.split(site.address)[-1])
        assert book.status == 200 and "attachment" in book.getheader("Content-Disposition"), book.status
        browser.open("/log?words=%E6%B2%A1%E6%9C%89%E8%BF%99%E5%8F%A5%E8%AF%9D")
        assert "没有符合条件的记录" in browser.words("main"), browser.words()

        browser.open(HERE).press("走势", "main")
        assert browser.path == "/p/wutang-visits/trend"
        units = {own["unit"]: own["state"] for own in site.status()["units"]}
        strips = {row["unit"]: row for row in browser.rows("trend") if row.get("unit")}
        assert len(strips) == len(units), (len(strips), len(units))
        text = browser.words("#trend")
        for state, shape in SHAPES.items():
            assert (shape in text) or state not in units.values(), (state, text[:300])
        # Its head and its table are on one sheet, whatever way the paper lies.
        sheets = subprocess.run(["pdfinfo", str(browser.printed(world.folder / f"{name}-trend.pdf"))], capture_output=True, text=True, check=True)
        assert re.search(r"Pages: +1\n", sheets.stdout), sheets.stdout

        with browser.at_most(2, "总表"):
            browser.open("/today").press("乌塘镇领导挂点联系“百千万工程”调研台账", "header")
            leads = [own.get_attribute("href") for own in browser.all(".files a")]
            assert any("/files/" in own for own in leads), leads
        master = next(own for own in leads if "/files/" in own).split(site.address)[-1]
        book = fetched(site, browser, master)
        assert book.status == 200, (master, book.status)
        browser.press("更多", ".files") if browser.has("更多") else browser.open(f"{HERE}/files")
        assert browser.path == f"{HERE}/files", browser.path
        forms = [own.get_attribute("href") for own in browser.all(".columns a")]
        assert len(forms) == len(units), (len(forms), len(units))
        form = fetched(site, browser, forms[0].split(site.address)[-1])
        assert form.status == 200, form.status


CHECKS = told_twice(looking_back)
