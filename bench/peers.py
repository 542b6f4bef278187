#!/usr/bin/env python3
"""What a user would otherwise write: read every ledger, put them together with file and row, write one workbook.

    peers.py openpyxl DIR OUT.xlsx    pandas, reading and writing with openpyxl
    peers.py calamine DIR OUT.xlsx    pandas, reading with calamine, writing with xlsxwriter
"""
import glob
import os
import sys

import pandas as pd

WRITERS = {"openpyxl": "openpyxl", "calamine": "xlsxwriter"}


def read(path, engine):
    frame = pd.read_excel(path, header=1, engine=engine, dtype={"电话": str})
    frame["来源文件"] = os.path.basename(path)
    frame["来源行号"] = range(3, 3 + len(frame))
    return frame


engine, folder, target = sys.argv[1:4]
frames = [read(path, engine) for path in sorted(glob.glob(folder + "/*.xlsx"))]
pd.concat(frames, ignore_index=True).to_excel(target, index=False, engine=WRITERS[engine])
