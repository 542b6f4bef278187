#!/usr/bin/env python3
"""How quick a site with all programmes is after eight quarters.

    programs.py TAIZHANG FOLDER

Makes a site with every shipped programme switched on, none on trial, all begun in the third quarter of 2018 (those of
later years are moved there), hengli-contracts with 20 villages of 21 contracts. For eight quarters the forms that lie
ready are filled in and handed in. Then it measures whole commands, from the start of the process to its end:
`program list`, `status` of all, `run --once` without news, each ten times, and the master of zhanjiang-tasks three
times. Needs openpyxl.
"""
import datetime
import os
import pathlib
import re
import statistics
import subprocess
import sys
import time

import openpyxl

FIRSTS = {
    "qianshui-tasks": ('"2023-05"', '"2018-07"'),
    "wutang-checklist": ('"2024-H2"', '"2018-H2"'),
    "wutang-scores": ('"2024-H2"', '"2018-H2"'),
    "wutang-visits": ('"2024-11"', '"2018-07"'),
    "xinhui-tasks": ('"2022-Q1"', '"2018-Q3"'),
    "xinhui-meetings": ('"2022-H1"', '"2018-H2"'),
    "xinhui-reports": ('"2022"', '"2018"'),
    "xinhui-district-report": ('"2022"', '"2018"'),
}
GREY = "E7E6E6"


def run(taizhang, *args):
    done = subprocess.run([taizhang, *args], capture_output=True, text=True)
    if done.returncode not in (0, 1):
        sys.exit(f"{args}: {done.stdout[-500:]}{done.stderr[-500:]}")
    return done.stdout


def make(taizhang, folder):
    os.makedirs(folder)
    os.chdir(folder)
    run(taizhang, "init", ".")
    config = pathlib.Path("config.toml")
    ids = sorted(path.name for path in pathlib.Path("templates/programs").iterdir())
    enabled = ", ".join(f'"{own}"' for own in ids)
    config.write_text(re.sub(r"(?ms)^enabled = \[.*?\]", f"enabled = [{enabled}]", config.read_text()))
    for own in ids:
        file = pathlib.Path(f"templates/programs/{own}/program.toml")
        text = file.read_text().replace("\ntrial = true\n", "\ntrial = false\n")
        if own in FIRSTS:
            text = text.replace("first = " + FIRSTS[own][0], "first = " + FIRSTS[own][1])
        if own.startswith("xinhui-"):
            text = re.sub(r'(?m)^last = "20.*\n', "", text)
        file.write_text(text)
    roster = pathlib.Path("templates/programs/hengli-contracts/roster.csv")
    lines = roster.read_text().rstrip("\n")
    for number in range(4, 21):
        lines += f"\nV{number:02},第{number}村,,,,,,village{number:02}@hengli.example,,secretary{number:02}@hengli.example"
    roster.write_text(lines + "\n")
    return ids


def choices(book, sheet):
    """The lists of cells, by column."""
    found = {}
    for rule in sheet.data_validations.dataValidation:
        if rule.type != "list":
            continue
        formula = rule.formula1 or ""
        if formula.startswith('"'):
            values = formula.strip('"').split(",")
        else:
            name, cells = formula.lstrip("=").replace("'", "").replace("$", "").rsplit("!", 1)
            values = [row[0].value for row in book[name][cells] if row[0].value]
        for block in rule.sqref.ranges:
            for column in range(block.min_col, block.max_col + 1):
                found[column] = values
    return found


def fill(path, quarter):
    book = openpyxl.load_workbook(path)
    typed = 0
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        head = next((row for row in range(1, 15) if "序号" in [cell.value for cell in sheet[row]]), None)
        if head is None:
            continue
        lists = choices(book, sheet)
        for row in range(1, head):
            for cell in sheet[row]:
                text = str(cell.value or "")
                for label, value in (("填报人", "李明"), ("联系电话", "0759-7712345")):
                    if text.startswith(label):
                        merged = [own for own in sheet.merged_cells.ranges if cell.coordinate in own]
                        last = merged[0].max_col if merged else cell.column
                        sheet.cell(row, last + 1).value = value
        headers = {cell.column: str(cell.value) for cell in sheet[head] if cell.value}
        contracts = "合同编号" in headers.values()
        last = head + 21 if contracts else sheet.max_row
        if contracts:
            # The list is longer than the form: its note goes.
            for block in [own for own in sheet.merged_cells.ranges if own.min_row > head]:
                sheet.unmerge_cells(str(block))
                sheet.cell(block.min_row, block.min_col).value = None
        for row in range(head + 1, last + 1):
            number = sheet.cell(row, 1).value
            if not contracts and not isinstance(number, (int, float)):
                continue
            for column, header in headers.items():
                cell = sheet.cell(row, column)
                if cell.fill.fgColor.rgb and str(cell.fill.fgColor.rgb).endswith(GREY) or cell.value is not None:
                    continue
                typed += 1
                if column in lists:
                    middle = min(1, len(lists[column]) - 1)
                    cell.value = lists[column][middle]
                elif contracts and header in ("起始日期", "到期日期"):
                    year = 2016 if header == "起始日期" else 2019 + row % 6
                    cell.value = datetime.date(year, 1 + row % 12, 15)
                elif contracts:
                    cell.value = None if header == "备注" else f"HT-{row:03}" if header == "合同编号" else 1 + row
                    if header in ("资产名称", "承租（包）方", "所属村（组）"):
                        cell.value = f"{header}{row}"
                elif re.search(r"率|分|累计|次数|人数|数量", header):
                    cell.value = 1
                elif "电话" in header or "联系人" in header:
                    cell.value = "李明0759-7712345"
                elif header != "备注":
                    cell.value = f"第{number}项{quarter}完成现场踏勘{row}次，落实资金{row * 3}万元，形成方案{column}份。"
    if typed:
        book.save(path)
    return typed


def timed(what, times=10):
    taken = []
    for _ in range(times):
        began = time.monotonic()
        what()
        taken.append((time.monotonic() - began) * 1000)
    return f"{statistics.median(taken):.0f} ms ({min(taken):.0f}–{max(taken):.0f})"


def main():
    taizhang, folder = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    ids = make(taizhang, folder)
    run(taizhang, "run", "--once", "--now", "2018-07-02 09:00")
    handed = 0
    for quarter in range(8):
        year, part = divmod(2 + quarter, 4)
        year, month = 2018 + year, 3 * part + 1
        after = datetime.date(year + (month == 10), (month + 3) % 12, 8)
        now = f"{after} 09:30"
        for _ in range(8):
            run(taizhang, "run", "--once", "--now", now)
        for path in sorted(pathlib.Path("watch").glob("*/*/本期填报表/*.xlsx")):
            handed += fill(path, f"{year}年{part + 1}季度") > 0
        for _ in range(2):
            run(taizhang, "run", "--once", "--now", now)
        print(f"{after}: {handed} forms handed in", flush=True)
    now = f"{after} 10:30"
    run(taizhang, "run", "--once", "--now", now)
    opened = lambda: run(taizhang, "program", "list", "--format", "json")
    print("programmes:", len(ids))
    print("a site opened (program list):", timed(opened))
    print("status of all:", timed(lambda: run(taizhang, "status", "--now", now)))
    print("a round without news (run --once, all of it):", timed(lambda: run(taizhang, "run", "--once", "--now", now)))
    master = ["master", "--program", "zhanjiang-tasks", "--period", "2020-Q2", "--now", now]
    print("master of zhanjiang-tasks:", timed(lambda: run(taizhang, *master), 3))


if __name__ == "__main__":
    main()
