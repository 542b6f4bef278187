#!/usr/bin/env python3
"""What an office sees: LibreOffice opens, prints, edits and saves what taizhang writes.

Usage: tests/office/run.py [PATH-OF-TAIZHANG]

Takes the month of the demo, turns its workbooks into PDF, and sends corrected
ones through LibreOffice (xlsx, ods, xlsx again) back into the pipeline. Then
every programme's form is filled in and handed in as .xls. Needs
soffice, pdfinfo, pdftotext and openpyxl; without them it fails.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import openpyxl

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import programs
from suite import program, run_all

NOW = "2024-12-04T10:30:00+08:00"
PERIOD = "2024-11"
A4_LANDSCAPE = (841.9, 595.3)
REMARK = "请跟进，月底前报办理结果"


class Site:
    """A demo that has run, and LibreOffice with a profile of its own."""

    def __init__(self, binary, folder):
        self.binary, self.folder = binary, folder
        self.site = folder / "demo"
        self.run("demo", str(self.site), plain=True)
        self.share = self.site / "watch" / "乌塘挂点台账"
        self.masters = self.site / "output" / "乌塘挂点台账" / PERIOD
        self.master = self.masters / "汇总台账.xlsx"

    def run(self, *words, plain=False, expect=(0,)):
        common = [] if plain else ["--config", str(self.site / "config.toml"), "--now", NOW]
        done = subprocess.run([self.binary, *common, *words], capture_output=True, text=True, timeout=120)
        assert done.returncode in expect, f"{words}: exit {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout

    def marked_copy(self, unit):
        found = list((self.share / unit / "退回修改" / PERIOD).glob("*（审核意见）.xlsx"))
        assert len(found) == 1, f"marked copies of {unit}: {found}"
        return found[0]

    def form(self, unit):
        out = self.folder / "forms"
        self.run("form", "--unit", unit, "--period", PERIOD, "--out", str(out))
        return next(out.glob(f"*{unit}*.xlsx"))

    def state(self, unit):
        status = json.loads(self.run("status", "--period", PERIOD, "--format", "json"))
        return next(line for line in status["units"] if line["unit"] == unit)

    def convert(self, source, ending):
        """Lets LibreOffice save a workbook as something else; gives the new file."""
        return self.convert_all([source], ending)[0]

    def convert_all(self, sources, ending):
        """The same for many at once: starting LibreOffice takes longer than they do."""
        out = Path(tempfile.mkdtemp(dir=self.folder))
        command = ["soffice", "--headless", f"-env:UserInstallation=file://{self.folder}/profile"]
        command += ["--convert-to", ending, "--outdir", str(out), *map(str, sources)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=180)
        made = [out / f"{source.stem}.{ending}" for source in sources]
        for path in made:
            assert path.is_file() and path.stat().st_size > 0, f"{path.name}: {done.stdout}{done.stderr}"
        return made

    def saved_by_libreoffice(self, source):
        """A workbook as LibreOffice saves it, through its own format and back."""
        return self.convert(self.convert(source, "ods"), "xlsx")


def pages(pdf):
    """Width and height of each page in points."""
    text = subprocess.run(["pdfinfo", "-l", "9999", str(pdf)], capture_output=True, text=True, check=True).stdout
    sizes = re.findall(r"^Page +\d+ size: +([\d.]+) x ([\d.]+) pts", text, re.M)
    assert sizes, text
    return [(float(width), float(height)) for width, height in sizes]


def printed(pdf):
    """What stands on the pages, without gaps: cells break lines anywhere."""
    text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True).stdout
    return "".join(text.split())


def expect_print(site, workbook, *texts):
    pdf = site.convert(workbook, "pdf")
    for size in pages(pdf):
        assert all(abs(a - b) < 2 for a, b in zip(size, A4_LANDSCAPE)), f"{workbook.name}: page of {size}"
    found = printed(pdf)
    for text in texts:
        assert text in found, f"{workbook.name}: “{text}” isn't printed"
    return pages(pdf)


def correct(book, cell, text):
    """Types into the cell of a marked-up copy that 需更正事项 cites."""
    sheet = next(sheet for sheet in book.worksheets if sheet.title != "需更正事项")
    sheet[cell].value = text


def cited(book):
    """The cells that 需更正事项 cites, with what is wrong there."""
    sheet = book["需更正事项"]
    rows = sheet.iter_rows(min_row=6, values_only=True)
    return {row[2]: row[3] for row in rows if row[0] is not None}


def master_prints(site):
    texts = ["2024年11月乌塘镇领导挂点联系“百千万工程”调研台账汇总表", "洪文泽", "情况概览", "报送情况统计表"]
    assert len(expect_print(site, site.master, *texts)) >= 5, "a page for every sheet at least"


def returned_workbook_prints(site):
    texts = ["挂点调研台账需更正事项", "填报单位：谭仁普挂点组", "仍有模板占位符", "审核意见", "情况说明"]
    expect_print(site, site.marked_copy("谭仁普"), *texts)


def blank_form_prints(site):
    texts = ["工作挂点调研台账", "填报单位：", "林强", "调研时间", "联系人及联系方式"]
    expect_print(site, site.form("林强"), *texts)


def filled_form_saved_by_libreoffice_is_accepted(site):
    book = openpyxl.load_workbook(site.form("黄景连"))
    sheet = book.worksheets[0]
    header = next(row[0].row for row in sheet.iter_rows() if row[0].value == "序号")
    master = openpyxl.load_workbook(site.master)["明细"]
    own = [row for row in master.iter_rows(min_row=3, values_only=True) if row[0] == "黄景连"]
    assert own, "the master has rows of 黄景连"
    # The form's first line below the header is the example.
    for offset, row in enumerate(own, start=2):
        for column, value in enumerate(row[1:9], start=1):
            sheet.cell(header + offset, column).value = value
    filled = site.folder / "2024年11月挂点调研台账（黄景连）.xlsx"
    book.save(filled)
    saved = site.saved_by_libreoffice(filled)
    answer = json.loads(site.run("check", str(saved), "--unit", "黄景连", "--format", "json", expect=(0, 1)))[0]
    assert answer["verdict"] in ("accepted", "accepted_with_warnings"), answer
    assert answer["rows"] == len(own), answer


def unit_state(site, unit):
    """What may not change when nothing was handed in: state and files of a unit."""
    files = sorted(str(path.relative_to(site.share)) for path in (site.share / unit).rglob("*"))
    return site.state(unit), files


def ours_saved_again_unchanged_is_still_ours(site):
    """The marked copy where it lies, and elsewhere under another name; a master beside it."""
    copy = site.marked_copy("谭仁普")
    original = copy.read_bytes()
    direct, through_ods = site.convert(copy, "xlsx"), site.saved_by_libreoffice(copy)
    assert direct.read_bytes() != original, "LibreOffice writes it anew"
    before = unit_state(site, "谭仁普")
    for saved in (direct, through_ods):
        shutil.copyfile(saved, copy)
        site.run("run", "--once")
        assert unit_state(site, "谭仁普") == before, f"{saved}: {unit_state(site, '谭仁普')}"
    elsewhere = site.share / "谭仁普" / "看看.xlsx"
    shutil.copyfile(direct, elsewhere)
    master = site.share / "谭仁普" / "汇总.xlsx"
    shutil.copyfile(site.convert(site.master, "xlsx"), master)
    ods = site.share / "谭仁普" / "看看.ods"
    shutil.copyfile(site.convert(copy, "ods"), ods)
    site.run("run", "--once")
    for left in (elsewhere, master, ods):
        left.unlink()
    assert unit_state(site, "谭仁普") == before, unit_state(site, "谭仁普")
    copy.write_bytes(original)


def form_saved_again_unchanged_is_no_draft_and_one_changed_cell_makes_one(site):
    folder = site.share / "林强" / "本期填报表"
    form = next(folder.glob("*.xlsx"))
    before = unit_state(site, "林强")
    original = form.read_bytes()
    shutil.copyfile(site.convert(form, "xlsx"), form)
    site.run("run", "--once")
    assert unit_state(site, "林强") == before, unit_state(site, "林强")
    book = openpyxl.load_workbook(form)
    sheet = book.worksheets[0]
    header = next(row[0].row for row in sheet.iter_rows() if row[0].value == "序号")
    sheet.cell(header + 2, 4).value = "实地查看村道照明，与村干部座谈。"
    book.save(form)
    shutil.copyfile(site.convert(form, "xlsx"), form)
    site.run("run", "--once")
    assert unit_state(site, "林强") != before, "one cell was filled in"
    form.write_bytes(original)
    site.run("run", "--once")
    assert unit_state(site, "林强") == before, "and emptied again"


def remark_saved_by_libreoffice_survives_a_new_version(site):
    book = openpyxl.load_workbook(site.master)
    sheet = book["明细"]
    # A title stands above the header.
    header = {cell.value: cell.column for cell in sheet[2]}
    row = next(row[0].row for row in sheet.iter_rows(min_row=3) if row[0].value == "林强")
    key = sheet.cell(row, header["行标识"]).value
    sheet.cell(row, header["领导批示"]).value = REMARK
    edited = site.folder / "汇总台账.xlsx"
    book.save(edited)
    shutil.copyfile(site.saved_by_libreoffice(edited), site.master)

    copy = site.marked_copy("谭仁普")
    book = openpyxl.load_workbook(copy)
    faults = cited(book)
    assert set(faults) == {"D8", "B9"}, faults
    correct(book, "D8", "安至塘村人居环境整治工作情况，与村干部座谈。")
    correct(book, "B9", "2024年11月18日")
    edited = site.folder / copy.name
    book.save(edited)
    shutil.copyfile(site.saved_by_libreoffice(edited), copy)
    site.run("run", "--once")

    state = site.state("谭仁普")
    assert (state["state"], state["versions"], state["times_returned"]) == ("accepted", 2, 1), state
    sheet = openpyxl.load_workbook(site.master)["明细"]
    header = {cell.value: cell.column for cell in sheet[2]}
    rows = {row[header["行标识"] - 1].value: row for row in sheet.iter_rows(min_row=3)}
    assert rows[key][header["领导批示"] - 1].value == REMARK, "the remark is gone"
    units = {row[0].value for row in rows.values()}
    assert "谭仁普" in units, "the corrected rows are in the master"
    # The demo ends at the close, so 定稿 and 更正稿 stand beside the current one.
    others = sorted(path.name for path in site.masters.iterdir() if "人工改动" in path.name or "待替换" in path.name)
    assert not others, f"a remark is no edit of our cells, but there is {others}"


def edit_of_our_cells_is_kept_beside(site):
    book = openpyxl.load_workbook(site.master)
    book["明细"]["E3"].value = "改过的内容"
    edited = site.folder / "汇总台账.xlsx"
    book.save(edited)
    saved = site.saved_by_libreoffice(edited)
    shutil.copyfile(saved, site.master)
    site.run("master", "--period", PERIOD)
    kept = [path for path in site.masters.iterdir() if path.name.startswith("汇总台账（人工改动")]
    assert len(kept) == 1, kept
    assert kept[0].read_bytes() == saved.read_bytes(), "their copy is kept as it is"
    assert openpyxl.load_workbook(site.master)["明细"]["E3"].value != "改过的内容"


#: Texts that a careless writer of sheet XML loses or changes.
ODD = [
    "村道<r>&amp;\"硬化\"'工程'",
    "字面上的 _x0041_ 和 _x000D_ 不是转义",
    "第一行\n第二行",
    "生僻字𠮷、表情😀和全角＜＞＆",
    "=1+1 只是文字",
    "0012，+86，-3，@x",
    "村" * 3000,
]


def odd_texts_come_back_from_a_master(site):
    """What the program's own writer of large sheets made, read by others."""
    book = openpyxl.load_workbook(site.form("庞兴"))
    sheet = book.worksheets[0]
    header = next(row[0].row for row in sheet.iter_rows() if row[0].value == "序号")
    for offset, text in enumerate(ODD, start=2):
        row = [offset - 1, f"2024年11月{offset + 2}日", "米塘村", text, f"推进第{offset}项，月底前完成", 0]
        for column, value in enumerate(row + ["张三；13800000000"], start=1):
            cell = sheet.cell(header + offset, column)
            # openpyxl takes the escapes out of texts that it reads, but writes none.
            cell.value = value.replace("_x0", "_x005F_x0") if isinstance(value, str) else value
            cell.data_type = "n" if isinstance(value, int) else "s"
    book.save(site.share / "庞兴" / "更正：庞兴2024年11月台账.xlsx")
    site.run("run", "--once")
    assert site.state("庞兴")["versions"] == 2, site.state("庞兴")

    def told(path):
        rows = list(openpyxl.load_workbook(path)["明细"].iter_rows(min_row=2, values_only=True))
        content = rows[0].index("调研内容")
        return [row[content] for row in rows[1:] if row[0] == "庞兴"]

    def expect(path, by):
        for found, typed in zip(told(path), ODD, strict=True):
            assert found == typed, f"{by}: {found[:80]} instead of {typed[:80]}"

    expect(site.master, "openpyxl")
    expect(site.convert(site.master, "xlsx"), "LibreOffice")
    expect(site.saved_by_libreoffice(site.master), "LibreOffice through its own format")


# In this order: the later ones change the site.
TESTS = [
    master_prints,
    returned_workbook_prints,
    blank_form_prints,
    filled_form_saved_by_libreoffice_is_accepted,
    ours_saved_again_unchanged_is_still_ours,
    form_saved_again_unchanged_is_no_draft_and_one_changed_cell_makes_one,
    remark_saved_by_libreoffice_survives_a_new_version,
    edit_of_our_cells_is_kept_beside,
    odd_texts_come_back_from_a_master,
    *programs.TESTS,
]


def main():
    binary = program(sys.argv[1] if len(sys.argv) > 1 else None)
    missing = [tool for tool in ("soffice", "pdfinfo", "pdftotext", str(binary)) if not shutil.which(tool)]
    if missing:
        print(f"missing: {', '.join(missing)}")
        print("0 passed, 1 failed")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        return run_all("office", TESTS, Site(str(binary), Path(folder)))


if __name__ == "__main__":
    sys.exit(main())
