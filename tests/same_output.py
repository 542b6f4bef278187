#!/usr/bin/env python3
"""Whether two builds of the program do the same: for redesigns that are to change nothing.

Usage: tests/same_output.py BEFORE AFTER [--keep]

BEFORE and AFTER are two builds of `taizhang`. Each makes a demo, goes on with
the next month, decides what an office decides, and answers every command.
Then all that it wrote is compared: workbooks, letters, notes and archive byte
for byte, the database row for row, what commands print, line by line. Only
what can't be equal is left out: the site's own number, the folder it lies in,
the times at which files were written. Ends with 1 where something differs.

Needs nothing but Python.
"""

import argparse
import difflib
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

DECEMBER = "2024-12"
#: A command line, when it is given, and the exit statuses that it may end with.
STEPS = [
    ("exempt --unit 林强 --period 2024-12 --reason 驻村培训 --by 张三", "2024-12-20T09:00:00+08:00"),
    ("extend --period 2024-12 --to 2025-01-10 --reason 山洪断路 --by 张三", "2024-12-31T09:00:00+08:00"),
    ("run --once", "2025-01-02T09:30:00+08:00"),
    ("drop 袁庆", "2025-01-02T10:00:00+08:00"),
    ("drop 洪文泽", "2025-01-02T10:00:00+08:00"),
    ("run --once", "2025-01-02T10:00:00+08:00"),
    ("run --once", "2025-01-06T09:30:00+08:00"),
    ("run --once", "2025-01-08T09:30:00+08:00"),
    ("drop 庞兴", "2025-01-09T10:00:00+08:00"),
    ("run --once", "2025-01-09T10:00:00+08:00"),
    ("withdraw 2 --reason 报错月份 --by 李四", "2025-01-09T11:00:00+08:00"),
    ("accept 3 --reason 已电话核实 --by 李四", "2025-01-09T11:10:00+08:00"),
    ("claim 8 --unit 周景辉 --period 2024-12 --by 李四", "2025-01-09T11:20:00+08:00"),
    ("recheck --period 2024-11", "2025-01-09T11:30:00+08:00"),
    ("run --once", "2025-01-13T09:30:00+08:00"),
    ("run --once", "2025-01-15T17:40:00+08:00"),
    ("run --once", "2025-01-16T09:30:00+08:00"),
]
#: Asked at the end; what they print is compared.
QUESTIONS = [
    "status",
    "status --format json",
    f"status --period {DECEMBER} --format json",
    "letters list --format json",
    "letters list --state by-hand --text",
    "schedule --format json",
    "log --format json",
    "doctor",
    "--help",
]
NOW = "2025-01-16T10:00:00+08:00"


class Site:
    """What one build makes."""

    def __init__(self, program, folder):
        # Both are called alike, as a program says how it is called.
        self.program, self.folder = folder / "taizhang", folder
        self.program.symlink_to(program)
        self.root = folder / "site"
        self.printed = {}
        subprocess.run([self.program, "demo", str(self.root)], check=True, capture_output=True, timeout=300)
        self.number = (self.root / "data" / "site").read_text(encoding="utf-8").strip()

    def run(self, words, now):
        command = [self.program, "--config", str(self.root / "config.toml"), "--now", now, *words.split()]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
        return self.same(f"{done.stdout}\n(ended with {done.returncode})\n{done.stderr}")

    def drop(self, unit):
        """The unit sends its file of the month before once more, as the next one's."""
        share = self.root / "watch" / "乌塘挂点台账" / unit
        (before,) = sorted((share / "审核通过" / "2024-11").glob("*.xlsx"))
        with zipfile.ZipFile(before) as old, zipfile.ZipFile(share / f"{unit}2024年12月台账.xlsx", "w") as new:
            for part in old.infolist():
                content = old.read(part)
                if part.filename.endswith(".xml"):
                    for was, becomes in (("11月", "12月"), ("12月2日", "12月31日")):
                        content = content.replace(was.encode(), becomes.encode())
                    # Days of November, as numbers.
                    content = re.sub(rb"<v>(45(?:59[7-9]|6[01]\d|62[0-6]))</v>", a_month_later, content)
                new.writestr(zipfile.ZipInfo(part.filename), content)

    def go_on(self):
        for place, (words, now) in enumerate(STEPS):
            verb, _, rest = words.partition(" ")
            if verb == "drop":
                self.drop(rest)
            else:
                self.printed[f"step {place + 1}: {words}"] = self.run(words, now)
        for words in QUESTIONS:
            self.printed[f"asked: {words}"] = self.run(words, NOW)

    def same(self, text):
        """A text without what can't be equal."""
        text = text.replace(str(self.root), "<site>").replace(str(self.folder), "<folder>")
        text = text.replace(self.number, "<number>")
        text = re.sub(r'"modified":\d+', '"modified":"<now>"', text)
        text = re.sub(r"最近心跳 \S+", "最近心跳 <now>", text)
        # The present of the log's own lines, and how long things took.
        text = re.sub(r"^20\d\d-\d\d-\d\dT[\d:.]+Z ", "<now> ", text, flags=re.M)
        return re.sub(r"\b\d+(\.\d+)?(毫秒|秒| ms| s)\b", "<time>", text)

    def files(self):
        """All files but the database, by path: bytes, or text where it holds what can't be equal."""
        found = {}
        for path in sorted(self.root.rglob("*")):
            name = path.relative_to(self.root).as_posix()
            if not path.is_file() or ".sqlite3" in name or name in ("data/site", "watch/.taizhang"):
                continue
            content = path.read_bytes()
            if self.number.encode() in content or str(self.root).encode() in content or name.endswith(".txt"):
                content = self.same(content.decode("utf-8", "surrogateescape"))
            found[name] = content
        return found

    def rows(self):
        """The rows of each table, as text."""
        database = sqlite3.connect(f"file:{self.root}/data/taizhang.sqlite3?mode=ro", uri=True)
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
        found = {}
        for (table,) in tables:
            columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
            wanted = [name for name in columns if (table, name) not in NOT_EQUAL and table != "_sqlx_migrations"]
            if wanted:
                rows = database.execute(f"SELECT {', '.join(wanted)} FROM {table}").fetchall()
                rows = [row for row in rows if not str(row[0]).startswith("mark_")]
                found[table] = [self.same(repr(dict(zip(wanted, row)))) for row in rows]
        database.close()
        return found


def a_month_later(day):
    return b"<v>%d</v>" % (int(day[1]) + 30)


#: Columns that tell when a file was written; the marks in `meta` are left out as well.
NOT_EQUAL = {("placed", "modified"), ("master_file", "modified")}


def differences(before, after):
    """Names of what differs, each with its first lines that do."""
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        if old is None or new is None:
            yield name, "only before" if new is None else "only after"
        elif isinstance(old, bytes) or isinstance(new, bytes):
            yield name, "other bytes"
        else:
            old, new = (part if isinstance(part, list) else part.splitlines() for part in (old, new))
            lines = difflib.unified_diff(old, new, "before", "after", lineterm="", n=0)
            yield name, "\n".join(line[:400] for line in list(lines)[2:12])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    parser.add_argument("--show", action="store_true", help="print what the first build printed")
    parser.add_argument("--keep", action="store_true", help="leave the two sites where they are")
    words = parser.parse_args()
    folder = tempfile.mkdtemp()
    try:
        sites = []
        for name, program in (("one", words.before), ("two", words.after)):
            (Path(folder) / name).mkdir()
            site = Site(program.resolve(), Path(folder) / name)
            site.go_on()
            sites.append(site)
        if words.show:
            for name, text in sites[0].printed.items():
                print(f"== {name}\n{text}")
        count = differing = 0
        for what in ("printed", "files", "rows"):
            before, after = (getattr(site, what) if what == "printed" else getattr(site, what)() for site in sites)
            count += len(before)
            for name, how in differences(before, after):
                differing += 1
                print(f"{what}: {name}\n{how}\n")
    finally:
        if words.keep:
            print(f"kept in {folder}")
        else:
            shutil.rmtree(folder)
    print(f"{count} compared, {differing} differ")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
