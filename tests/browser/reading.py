"""What the pages say, beside what the commands say; and what a page looks like on paper."""

import json
import re
import subprocess

from offices import GO_LIVE, HERE, LABELS, PASSPHRASE, PERIOD, Office, month
from stories import told_twice


def shown(site, number):
    return json.loads(site.run("show", str(number), "--format", "json"))


def compared_with_status(site, browser):
    """一期 against `status --format json`, cell by cell."""
    known = site.status()
    tally = {own.split(" ")[0]: int(own.split(" ")[1]) for own in re.findall(r"\S+ \d+", browser.words(".tally"))}
    for word, key in {
        "应报": "expected",
        "已报": "received",
        "按时": "on_time",
        "迟报": "late",
        "退回": "returned",
        "未报": "missing",
        "免报": "exempt",
    }.items():
        assert tally[word] == known[key], f"{word}: {tally} {known[key]}"
    rows = browser.rows("units")
    assert [row["单位"] for row in rows] == [unit["unit"] for unit in known["units"]], "in the order of the roster"
    for row, unit in zip(rows, known["units"]):
        assert row["状态"].split(" ", 1)[1] == LABELS[unit["state"]], (row, unit)
        said = "；".join(part for part in (unit["why"], unit["unconfirmed"]) if part)
        assert row["说明"] == " ".join(said.split()), (row["说明"], said)
        assert row["版本"] == (str(unit["versions"]) if unit["versions"] else "–"), (row, unit)
    return known


def filters_count_what_they_show(site, browser):
    known = site.status()
    states = [unit["state"] for unit in known["units"]]
    wanted = {
        "未报": sum(state in ("overdue", "due", "upcoming") for state in states),
        "退回": states.count("returned"),
        "待确认": sum(unit["unconfirmed"] is not None for unit in known["units"]),
        "全部": len(states),
    }
    for word, count in wanted.items():
        browser.press(f"{word} {count}", ".tools")
        assert len(browser.rows("units")) == count, word
        current = browser.words('[aria-label="只看"] [aria-current]')
        assert current == f"{word} {count}", current


def next_letters_are_the_plan(site, browser):
    plan = site.plan()
    for row in browser.rows("units"):
        own = [notice for notice in plan if notice["unit"] == row["单位"] and notice["period"] == PERIOD]
        own = [notice for notice in own if notice["program"] == "wutang-visits"]
        if row["下一封信"] == "–":
            assert not own, (row, own[:2])
        else:
            # 12月5日 09:00 当日提醒
            month_day, clock, *_ = row["下一封信"].split(" ")
            first = min(notice["at"] for notice in own)
            day = f"{int(first[5:7])}月{int(first[8:10])}日"
            assert (month_day, clock) == (day, first[11:16]), (row, first)


def submissions_say_what_show_says(site, browser):
    (last,) = site.query("SELECT max(id) FROM submission")[0]
    for number in range(1, last + 1):
        known = shown(site, number)
        browser.open(f"/s/{number}")
        assert browser.status == 200
        words = browser.words("main")
        for text in (known["unit_shown"], known["period_label"], known["label"], known["file_name"]):
            assert not text or " ".join(text.split()) in words, (number, text, words)
        if known["findings"]:
            rows = browser.rows("findings")
            assert len(rows) == len(known["findings"]), number
            for row, finding in zip(rows, known["findings"]):
                said = f"{finding['label']} {finding['message']} {finding['hint']}"
                assert row["意见"].split() == said.split(), (row, said)
                assert row["单元格"] == (finding["cells"] or ""), (row, finding)


def the_month(world, name, script):
    """The demo's Monday: what every page says is what the commands say."""
    site = month(world).copy(name, for_all=script)
    with site.open(), site.browser(script) as browser:
        site.first(browser)
        matters = browser.rows("matters")
        assert [own["类别"] for own in matters].count("待确认的文件") == 3, matters
        (bar,) = browser.rows("programs")
        known = site.status()
        assert [bar[word] for word in ("应报", "按时", "迟报", "退回", "未报")] == [
            str(known[key]) for key in ("expected", "on_time", "late", "returned", "missing")
        ], (bar, known)
        assert "12月5日 17:30" in bar["截止"] and "还有3天" in bar["截止"], bar
        assert "上次登录以来" not in browser.words() or browser.all(".news li")
        browser.press(bar["台账"], "#programs")
        assert browser.path == HERE
        compared_with_status(site, browser)
        next_letters_are_the_plan(site, browser)
        filters_count_what_they_show(site, browser)
        submissions_say_what_show_says(site, browser)
        for path in ("/p/wutang-visits/2024-13", "/p/nobody/2024-11", "/s/9999", "/letters/9999", "/p/wutang-visits/..%2f"):
            assert browser.open(path).status == 404, path
        # A month later there is another period: from the list, with script at once, without by a button.
        site.clock.passes_until("2025-01-02T10:05:00+08:00")
        site.until_walked()
        site.log_in(browser, "lisi", PASSPHRASE)
        browser.press(bar["台账"], "#programs")
        assert browser.path == "/p/wutang-visits/2024-12", browser.path
        browser.choose("期次", "2024年11月")
        if script:
            browser.until_at(HERE)
        else:
            browser.press("打开")
            assert browser.path == HERE, browser.path
        compared_with_status(site, browser)


def large(world):
    """A county's worth of units, so that a page of them has to be turned on paper."""

    def make():
        site = Office(world, "large", GO_LIVE)
        roster = site.definition / "roster.csv"
        text = roster.read_text(encoding="utf-8-sig")
        more = "".join(
            f"U{n},第{n}挂点组,第{n}挂点组,,,,,2024-11-11,,,liaison{n}@wutang.gov.cn,,head{n}@wutang.gov.cn\n" for n in range(20, 80)
        )
        roster.write_text(f"\ufeff{text.rstrip()}\n{more}", encoding="utf-8")
        # Seen every so often, as by a daemon: what came is known to have come in time.
        for day in ("11-20", "12-02", "12-03", "12-05", "12-06"):
            if day == "12-03":
                site.hand_in("洪文泽", "吴垂超", "罗养", "周景辉")
            site.clock.set(f"2024-{day}T10:05:00+08:00")
            site.run("run", "--once")
        return site

    return world.once("large", make)


def fits_a_screen_and_a_sheet(world, name, script):
    """一期 shows sixteen units and more at 1366 × 768, and prints whole, in black, on A4."""
    site = large(world).copy(name, for_all=script)
    with site.open(), site.browser(script) as browser:
        site.first(browser)
        browser.open(HERE)
        within = browser.run(
            "return [...document.querySelectorAll('#units tbody tr')]"
            ".filter(own => own.getBoundingClientRect().bottom <= innerHeight).length"
        )
        print(f"    {within} units at 1366 × 768", flush=True)
        pdf = browser.printed(world.folder / f"{name}.pdf")
        if world.gallery.pictures and script:
            (world.gallery.pictures / "一期.pdf").write_bytes(pdf.read_bytes())
        layout = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True).stdout
        text = "".join(layout.split())
        sizes = subprocess.run(["pdfinfo", str(pdf)], capture_output=True, text=True, check=True).stdout
        assert "A4" in sizes, sizes
        for row in browser.rows("units"):
            for part in (row["单位"], row["状态"].split(" ", 1)[1]):
                assert part in text, f"{part} isn't printed"
        pages = layout.rstrip("\f\n").split("\f")
        assert len(pages) > 1 and all("单位" in page and "状态" in page for page in pages[:-1]), "the head of the table again on each page"
        assert "勾选的单位" not in text and "退出" not in text, "buttons are printed"
        # A printer with wide margins leaves less than a phone has: a sheet of paper is no phone.
        narrow = browser.printed(world.folder / f"{name}-narrow.pdf", paperWidth=5.83, paperHeight=8.27)
        layout = subprocess.run(["pdftotext", "-layout", str(narrow), "-"], capture_output=True, text=True, check=True).stdout
        assert "单位" in layout and "下一封信" in layout, "printed as on a phone"
        compared_with_status(site, browser)
        assert within >= 16, f"only {within} units at 1366 × 768"


CHECKS = told_twice(the_month, fits_a_screen_and_a_sheet)
