#!/usr/bin/env python3
"""Makes a site that has been running for years, for bench/history.sh and bench/pages.py; the same arguments give the same history.

    history.py TAIZHANG DIR [--units 300] [--months 36] [--last 2024-11] [--rows 12] [--programs 1]

One month is handed in for real: every unit a ledger with visits, taken by the program itself. The months before it
are copies of that month in the database (submissions with rows and findings, notes, notices, letters, journal) and
on the share, each with its own dates. A part of the units needed a second version, as about every second does.
Further programmes (--programs) are the shipped one once more under other names. Needs nothing but Python.
"""
import argparse
import os
import shutil
import sqlite3
import subprocess
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂华建国玉梅红文辉玲志春晓燕海峰"
TENS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥东西南北上下左右"
HEADER = ["序号", "调研时间", "调研地点", "调研内容", "调研成效", "调研推动解决问题数量(个)", "联系人及联系方式", "备注"]
PROGRAM = "wutang-visits"
FOLDER = "乌塘挂点台账"
KINDS = ["调研", "督查", "走访", "帮扶"]


def units(count):
    """Names that differ by more than one sign, and a village for each."""
    for n in range(count):
        name = SURNAMES[n % len(SURNAMES)] + GIVEN[(n * 7) % len(GIVEN)] + GIVEN[(n // len(SURNAMES) + n * 3) % len(GIVEN)]
        yield n, f"{name}{n:03d}", f"{TENS[n % len(TENS)]}{TENS[(n // len(TENS)) % len(TENS)]}{GIVEN[n % len(GIVEN)]}村"


def month(last, back):
    year, number = map(int, last.split("-"))
    at = year * 12 + number - 1 - back
    return f"{at // 12}-{at % 12 + 1:02d}"


def table(path, rows):
    lines = [",".join(row) for row in rows]
    path.write_text("\ufeff" + "\r\n".join(lines) + "\r\n", encoding="utf-8")


def again(site, which):
    """The shipped programme once more; which one it is stands in its id, names and title."""
    shipped = site / "templates" / "programs" / PROGRAM
    if which == 0:
        return shipped
    folder = shipped.with_name(f"{PROGRAM}-{which}")
    shutil.copytree(shipped, folder)
    path = folder / "program.toml"
    text = path.read_text(encoding="utf-8")
    for old, new in ((f'id = "{PROGRAM}"', f'id = "{folder.name}"'), (f'folder = "{FOLDER}"', f'folder = "{FOLDER}{which}"'),
                     ("“百千万工程”调研台账\"", f"“百千万工程”{KINDS[which]}台账\""), ("挂点调研台账", f"挂点{KINDS[which]}台账"),
                     ("工作挂点调研台账", f"工作挂点{KINDS[which]}台账")):
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    return folder


def define(folder, count, first):
    """A programme with as many units as wanted, from the first month on."""
    people = list(units(count))
    day = f"{first}-01"
    table(folder / "leaders.csv", [["编号", "姓名", "曾用名", "统筹领导", "邮箱", "生效", "失效"]] + [
        [f"L{n:03d}", name, "", "否", f"leader{n:03d}@wutang.example", day, ""] for n, name, _ in people])
    table(folder / "places.csv", [["编号", "领导", "村", "生效", "失效"]] + [
        [f"P{n:03d}", name, village, day, ""] for n, name, village in people])
    table(folder / "roster.csv", [[
        "编号", "名称", "显示名称", "部门", "别名", "曾用名", "挂点领导", "生效日期", "失效日期", "联络员", "联络员邮箱", "负责人", "负责人邮箱",
    ]] + [[f"U{n:03d}", name, f"{name}挂点组", "", "", "", name, day, "", "", f"liaison{n:03d}@wutang.example", "",
           f"head{n:03d}@wutang.example"] for n, name, _ in people])
    path = folder / "program.toml"
    text = path.read_text(encoding="utf-8")
    for old, new in (('first = "2024-11"', f'first = "{first}"'), ("effective = 2024-11-11", f"effective = {day}"),
                     ("date = 2024-11-11", f"date = {day}")):
        assert old in text, old
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")


def workbook(path, which, name, village, period, rows):
    year, number = period.split("-")
    cells = [[f"{year}年度乌塘镇领导开展“百千万工程”工作挂点{KINDS[which]}台账"],
             [f"挂点领导：{name}", "", f"填报单位：{name}挂点组", "", f"填报月份：{year}年{int(number)}月"],
             ["填报人：张三", "", "审核人：李四", "", "联系电话：13800000000", "", f"填报时间：{year}年{int(number)}月28日"],
             HEADER]
    for row in range(rows):
        cells.append([str(row + 1), f"{year}年{int(number)}月{row + 1}日", village,
                      f"{village}第{row + 1}次走访，了解撂荒地复耕和农村人居环境整治的进展情况。",
                      f"召开座谈会{row + 1}次，明确责任人和完成时限，要求按月报告进展，预计下月底完成。",
                      f"推动{village}解决问题1个：1.第{row + 1}段村道的路灯：已经修好。", "张三；电话13800000000", ""])
    lines = []
    for at, row in enumerate(cells, 1):
        line = "".join(f'<c r="{chr(65 + place)}{at}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'
                       for place, text in enumerate(row) if text)
        lines.append(f'<row r="{at}">{line}</row>')
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    packages = "http://schemas.openxmlformats.org/package/2006"
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    parts = {
        "[Content_Types].xml": f'{head}<Types xmlns="{packages}/content-types"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.'
        'sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-'
        'officedocument.spreadsheetml.worksheet+xml"/></Types>',
        "_rels/.rels": f'{head}<Relationships xmlns="{packages}/relationships"><Relationship Id="rId1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{head}<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="挂点调研台账" sheetId="1" '
        'r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{head}<Relationships xmlns="{packages}/relationships"><Relationship Id="rId1" '
        f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'{head}<worksheet xmlns="{main}"><sheetData>{"".join(lines)}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for part, text in parts.items():
            book.writestr(zipfile.ZipInfo(part, (2024, 1, 1, 0, 0, 0)), text)


def columns(database, table):
    return [row[1] for row in database.execute(f"PRAGMA table_info({table})")]


def place_again(share, path, last, period):
    """The copy of a file of the last month for another one; its size and time."""
    source = share / path
    target = share / path.replace(last, period)
    if source == target or not source.exists():
        return None
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        shutil.copyfile(source, target)
    status = os.stat(target)
    return status.st_size, status.st_mtime_ns


def copy_month(database, share, last, period):
    """All that the database and the share know of the last month, once more for another one."""
    def insert(table, names, select, values=()):
        database.execute(f"INSERT INTO {table} ({', '.join(names)}) {select}", values)

    shift = (int(last[:4]) * 12 + int(last[5:]) - int(period[:4]) * 12 - int(period[5:])) * 2_629_800_000
    dated = "replace(replace({0}, :last, :period), :last_words, :period_words)"
    words = {"last": last, "period": period, "last_words": f"{last[:4]}年{int(last[5:])}月",
             "period_words": f"{period[:4]}年{int(period[5:])}月", "shift": shift}
    names = columns(database, "submission")
    top = database.execute("SELECT max(id) FROM submission").fetchone()[0]
    offset = top - database.execute("SELECT min(id) FROM submission WHERE period = :last", words).fetchone()[0] + 1
    words["offset"] = offset
    value = {"id": "id + :offset", "period": ":period", "placed": dated.format("placed"), "origin": dated.format("origin"),
             "file_name": dated.format("file_name"), "detail": dated.format("detail"), "sha256": f"substr(sha256, 1, 52) || '{period}' || 'month'",
             "content": f"content || '{period}'", "duplicate_of": "NULL", "claimed_from": "NULL",
             **{name: f"{name} - :shift" for name in ("arrived_after", "arrived_seen", "decided", "accepted_at", "withdrawn_at")}}
    insert("submission", names, f"SELECT {', '.join(value.get(name, name) for name in names)} FROM submission WHERE period = :last", words)
    ids = "(SELECT id FROM submission WHERE period = :last)"
    insert("submission_rows", ["submission", "rows"], f"SELECT submission + :offset, {dated.format('rows')} FROM submission_rows WHERE submission IN {ids}", words)
    names = columns(database, "finding")
    insert("finding", names, f"SELECT {', '.join('submission + :offset' if n == 'submission' else n for n in names)} FROM finding WHERE submission IN {ids}", words)
    for path, sha256, role, submission in database.execute(
            "SELECT path, sha256, role, submission FROM placed WHERE instr(path, ?) > 0", (last,)).fetchall():
        if found := place_again(share, path, last, period):
            database.execute("INSERT OR IGNORE INTO placed (path, sha256, size, modified, role, submission) VALUES (?, ?, ?, ?, ?, ?)",
                             (path.replace(last, period), sha256, *found, role, submission and submission + offset))
    names = [name for name in columns(database, "delivery") if name != "id"]
    value = {"submission": "submission + :offset", "action": dated.format("action"), "source": dated.format("source")}
    insert("delivery", names, f"SELECT {', '.join(value.get(name, name) for name in names)} FROM delivery WHERE state = 'done' AND submission IN {ids}", words)
    names = [name for name in columns(database, "journal") if name != "id"]
    value = {"at": "at - :shift", "period": ":period", "submission": "submission + :offset", "detail": dated.format("detail")}
    insert("journal", names, f"SELECT {', '.join(value.get(name, name) for name in names)} FROM journal WHERE submission IN {ids}", words)
    names = columns(database, "form_given")
    insert("form_given", names, f"SELECT {', '.join(':period' if n == 'period' else n for n in names)} FROM form_given WHERE period = :last", words)
    names = [name for name in columns(database, "notice") if name != "id"]
    value = {"period": ":period", "at": "at - :shift", "created": "created - :shift", "letter": "NULL"}
    insert("notice", names, f"SELECT {', '.join(value.get(name, name) for name in names)} FROM notice WHERE period = :last", words)


def second_versions(database, last, share):
    """Every second unit was returned once before: 45 more submissions to a hundred."""
    names = columns(database, "submission")
    value = {"id": "id + 1000000", "version": "1", "verdict": "'returned'", "placed": "NULL", "sha256": "substr(sha256, 1, 58) || 'first1'", "content": "content || '1'"}
    chosen = "period = ? AND version = 1 AND CAST(substr(unit, 2) AS INTEGER) % 20 < 9"
    database.execute("CREATE TEMP TABLE chosen AS SELECT id FROM submission WHERE " + chosen, (last,))
    database.execute("UPDATE submission SET version = 2 WHERE id IN (SELECT id FROM chosen)")
    database.execute(f"INSERT INTO submission ({', '.join(names)}) SELECT {', '.join(value.get(n, n) for n in names)} "
                     "FROM submission WHERE id IN (SELECT id FROM chosen)")
    names = columns(database, "finding")
    database.execute(f"INSERT INTO finding ({', '.join(names)}) SELECT {', '.join('submission + 1000000' if n == 'submission' else n for n in names)} "
                     "FROM finding WHERE submission IN (SELECT id FROM chosen)")
    database.execute("INSERT INTO submission_rows (submission, rows) SELECT submission + 1000000, rows FROM submission_rows WHERE submission IN (SELECT id FROM chosen)")
    database.execute("DROP TABLE chosen")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("taizhang")
    options.add_argument("dir", type=Path)
    options.add_argument("--units", type=int, default=300)
    options.add_argument("--months", type=int, default=36)
    options.add_argument("--last", default="2024-11", help="the last month of the history")
    options.add_argument("--rows", type=int, default=12)
    options.add_argument("--programs", type=int, default=1, choices=range(1, 1 + len(KINDS)))
    said = options.parse_args()
    first = month(said.last, said.months - 1)
    now = f"{month(said.last, -1)}-02T09:00:00+08:00"
    site = said.dir
    subprocess.run([said.taizhang, "init", str(site), "--program", PROGRAM], check=True, stdout=subprocess.DEVNULL)
    folders = [again(site, which) for which in range(said.programs)]
    for folder in folders:
        define(folder, said.units, first)
    config = site / "config.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace('settle = "2s"', 'settle = "50ms"'), encoding="utf-8")
    run = [said.taizhang, "--config", str(config), "--now", now, "run", "--once"]
    quiet = {**os.environ, "RUST_LOG": "error"}
    subprocess.run(run, check=True, stdout=subprocess.DEVNULL, env=quiet)
    share = site / "watch"
    for which in range(said.programs):
        for _, name, village in units(said.units):
            target = share / f"{FOLDER}{which or ''}" / name / f"{name}{said.last}台账.xlsx"
            workbook(target, which, name, village, said.last, said.rows)
    subprocess.run(run, check=True, stdout=subprocess.DEVNULL, env=quiet)
    database = sqlite3.connect(site / "data" / "taizhang.sqlite3", isolation_level=None)
    taken = database.execute("SELECT count(*) FROM submission WHERE version IS NOT NULL AND verdict <> 'returned'").fetchone()[0]
    if taken != said.units * said.programs:
        found = database.execute("SELECT verdict, count(*) FROM submission GROUP BY 1").fetchall()
        codes = database.execute("SELECT code, count(*), min(body) FROM finding GROUP BY 1").fetchall()
        raise SystemExit(f"only {taken} of {said.units * said.programs} ledgers were accepted: {found}\n{codes}")
    database.execute("BEGIN")
    second_versions(database, said.last, share)
    for back in range(1, said.months):
        copy_month(database, share, said.last, month(said.last, back))
    database.execute("UPDATE program SET go_live = go_live - ?", (said.months * 2_629_800_000,))
    database.execute("COMMIT")
    count = database.execute("SELECT count(*) FROM submission").fetchone()[0]
    placed = database.execute("SELECT count(*) FROM placed").fetchone()[0]
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    # Its masters, once, so that they are part of the history.
    subprocess.run(run, check=True, stdout=subprocess.DEVNULL, env=quiet)
    print(f"{count} submissions, {placed} files of ours on the share, {(site / 'data' / 'taizhang.sqlite3').stat().st_size >> 20} MB")


if __name__ == "__main__":
    main()
