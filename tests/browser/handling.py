"""A month's untidy ledgers, without a terminal: accepted, claimed, taken back, checked again, given more time."""

from offices import CORRECTIONS, HERE, PERIOD, SAMPLES, month
from sites import until
from stories import told_twice


def fill_day(browser, label, day):
    """A date as a person types it: month, day, year, as Chromium's English field asks for it."""
    field = browser.field(label)
    year, month_, day_ = day.split("-")
    field.send_keys(f"{month_}{day_}{year}")
    assert field.get_attribute("value") == day, field.get_attribute("value")


def number_of(browser, unit):
    row = next(row for row in browser.open(HERE).rows("units") if row["单位"] == unit)
    return next(int(own.rsplit("/", 1)[1]) for own in row["links"] if own.count("/") >= 2 and own.rsplit("/", 1)[1].isdigit())


def handling(world, name, script):
    """Each decision about a submission, with what follows shown before, and the clicks that it may take."""
    site = month(world).copy(name, for_all=script)
    with site.open(), site.browser(script) as browser:
        site.first(browser)
        # 人工通过: a returned ledger, with a reason.
        returned = [unit["unit"] for unit in site.status()["units"] if unit["state"] == "returned"]
        with browser.at_most(3, "人工通过"):
            browser.press("乌塘镇领导挂点联系“百千万工程”调研台账", "header")
            browser.press("人工通过", "#units")
            words = browser.words("main")
            assert "计入汇总" in words and "文件移到" in words, words
            browser.fill("理由", "已电话核实")
            browser.enter("理由")
        number = int(browser.path.rsplit("/", 1)[1])
        assert browser.path == f"/s/{number}" and "已按原样通过" in browser.words(".told"), browser.words()
        ((by, why, unit),) = site.query("SELECT accepted_by, accept_reason, unit FROM submission WHERE id = ?", number)
        assert (by, why) == ("李四", "已电话核实"), (by, why)
        now = [own["unit"] for own in site.status()["units"] if own["state"] == "returned"]
        assert len(now) == len(returned) - 1, (returned, now)
        # The sheet as it came: each finding of a cell stands there and leads to its words.
        marks = browser.all(".sheet .mark")
        assert marks, browser.words()
        browser.pick(marks[0])
        assert browser.run("return location.hash") == "#f1" or marks[0].text, browser.path

        # 认领: a file that waits, with three clicks; the likely unit is written by hand.
        (file,) = site.query("SELECT id FROM submission WHERE verdict = 'unclaimed' ORDER BY id LIMIT 1")
        browser.open("/today")
        with browser.at_most(3, "认领"):
            browser.press("认领", "#matters")
            browser.fill("单位", "林强挂点组")
            browser.fill("报告期", PERIOD)
            browser.press("看结果")
            assert "审核结果" in browser.words("main"), browser.words()
            browser.press("认领", "main form[method=post]")
        assert "已归到这个单位" in browser.words(".told"), browser.words()
        assert "林强挂点组" in browser.words("dl"), browser.words()

        # 撤回: it is gone from what counts; the page says that there is no undo.
        number = int(browser.path.rsplit("/", 1)[1])
        browser.press("撤回", "main")
        browser.fill("理由", "认领错了")
        browser.press("撤回", "main")
        assert "这一步没有撤销" in browser.words(".told"), browser.words()
        assert site.query("SELECT withdrawn_by FROM submission WHERE id = ?", number) == [("李四",)]

        # 重新审核: nothing has changed in the definition, and it is said.
        browser.open(f"/s/{number_of(browser, '吴垂超')}")
        browser.press("重新审核", "main")
        assert "结果没有变化" in browser.words("main"), browser.words()

        # 缓报: a later date for one unit, in four clicks; the others keep theirs.
        before = site.plan()
        browser.open("/today")
        with browser.at_most(4, "缓报"):
            browser.press("乌塘镇领导挂点联系“百千万工程”调研台账", "header")
            browser.tick("谭仁普")
            fill_day(browser, "延到", "2024-12-10")
            browser.press("缓报", ".tools")
            words = browser.words("main")
            assert "12月10日 17:30（星期二）" in words and "封信不再发" in words, words
            browser.fill("理由", "下乡抗旱")
            browser.enter("理由")
        assert "谭仁普" in browser.words("main") and "延到2024-12-10" in browser.words("main"), browser.words()
        moved = [own for own in site.plan() if own["unit"] == "谭仁普" and own not in before]
        assert moved and all(own["at"] > "2024-12-02" for own in moved), moved
        assert site.query("SELECT unit IS NOT NULL, due, reason FROM extension") == [(1, "2024-12-10", "下乡抗旱")]
        # The whole period.
        browser.open(HERE).press("整期延期", "main")
        fill_day(browser, "延到", "2024-12-09")
        browser.press("看结果")
        browser.fill("理由", "寒潮")
        browser.press("整期延期", "main")
        until(lambda: "12月9日 17:30" in browser.open(HERE).words("main"), lambda: browser.words("main")[:300])


def versions_beside_each_other(world, name, script):
    """A corrected ledger stands beside the one before it, row by row."""
    site = month(world).copy(name, for_all=script)
    for own in CORRECTIONS:
        source = SAMPLES / own["file"]
        (site.share / own["unit"]).mkdir(exist_ok=True)
        (site.share / own["unit"] / source.name).write_bytes(source.read_bytes())
    site.clock.set("2024-12-03T10:05:00+08:00")
    site.run("run", "--once")
    with site.open(), site.browser(script) as browser:
        site.first(browser)
        unit = CORRECTIONS[0]["unit"]
        browser.open(f"/s/{number_of(browser, unit)}")
        browser.press("与上一版的变动", "main")
        words = browser.words("main")
        assert "第2版与第1版相比" in words, words
        assert browser.rows("changes"), words


CHECKS = told_twice(handling, versions_beside_each_other)
