#!/usr/bin/env python3
"""Prints the medians of a table that measure.py wrote, as Markdown, with ratios to the row named FLOOR.

    table.py TABLE FLOOR
"""
import csv
import sys
from collections import defaultdict
from statistics import median

path, floor = sys.argv[1:3]
rounds = defaultdict(list)
with open(path, encoding="utf-8", newline="") as source:
    for name, *numbers in csv.reader(source, delimiter="\t"):
        rounds[name].append([float(number) for number in numbers])
medians = {name: [median(column) for column in zip(*rows)] for name, rows in rounds.items()}
print("| what | rounds | wall | range | ratio to the floor | processor | peak | largest child |")
print("|---|---|---|---|---|---|---|---|")
for name, (wall, cpu, own, child) in medians.items():
    walls = [row[0] for row in rounds[name]]
    ratio = f"{wall / medians[floor][0]:.2f}" if floor in medians else ""
    child = f"{child:.0f} MB" if child else "–"
    print(
        f"| {name} | {len(walls)} | {wall:.2f} s | {min(walls):.2f}–{max(walls):.2f} | {ratio} | {cpu:.2f} s "
        f"| {own:.0f} MB | {child} |"
    )
