"""Workbooks that hold far more than any ledger, for a daemon on a small machine."""

import re
import resource
import subprocess
import zipfile
from contextlib import contextmanager
from xml.sax.saxutils import escape

from sites import Site, until

# Bytes of address space that the daemon may have, and of memory that it may use.
ADDRESS_SPACE = 1 << 30
MEMORY = 300_000_000

SAMPLE = "吴垂超11月台账.xlsx"
HEADER = ["序号", "调研时间", "调研地点", "调研内容", "调研成效", "调研推动解决问题数量(个)", "联系人及联系方式", "备注"]
GOOD = [1, 45601, "罗屋村", "走访农户", "已推动解决道路问题", 1, "张三；13812345678", ""]
BAD = ["x", "某天", "哪里", "XX", "", "很多", "12", "440823199001011234"]
PARTS = {
    "[Content_Types].xml": '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
    "_rels/.rels": '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
    "xl/styles.xml": '<?xml version="1.0"?><styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
}


def cell(column, row, value):
    at = f"{'ABCDEFGHIJ'[column]}{row}"
    if isinstance(value, str):
        return f'<c r="{at}" t="inlineStr"><is><t>{escape(value)}</t></is></c>' if value else ""
    return f'<c r="{at}" s="{1 if value > 40000 else 0}"><v>{value}</v></c>'


def workbook(path, row, rows, sheets=1, merges=None):
    """A workbook of `sheets` ledgers whose rows are those that `row` gives."""
    names = ["台账" if n == 0 else f"台账{n + 1}" for n in range(sheets)]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for name, text in PARTS.items():
            target.writestr(name, text)
        listed = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(names, 1))
        target.writestr(
            "xl/workbook.xml",
            '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
            'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
            f"<sheets>{listed}</sheets></workbook>",
        )
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        links = "".join(
            f'<Relationship Id="rId{n}" Type="{kind}/worksheet" Target="worksheets/sheet{n}.xml"/>'
            for n in range(1, sheets + 1)
        )
        links += f'<Relationship Id="rId0" Type="{kind}/styles" Target="styles.xml"/>'
        target.writestr(
            "xl/_rels/workbook.xml.rels",
            '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f"{links}</Relationships>",
        )
        for n in range(1, sheets + 1):
            with target.open(f"xl/worksheets/sheet{n}.xml", "w", force_zip64=True) as sheet:
                space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
                sheet.write(f'<?xml version="1.0"?><worksheet xmlns="{space}"><sheetData>'.encode())
                head = "".join(cell(column, 1, text) for column, text in enumerate(HEADER))
                sheet.write(f'<row r="1">{head}</row>'.encode())
                lines = []
                for number in range(2, rows + 2):
                    cells = "".join(cell(column, number, value) for column, value in row(number).items())
                    lines.append(f'<row r="{number}">{cells}</row>')
                    if len(lines) == 1000 or number == rows + 1:
                        sheet.write("".join(lines).encode())
                        lines.clear()
                sheet.write(b"</sheetData>")
                if merges:
                    ranges = "".join(f'<mergeCell ref="{one}"/>' for one in merges)
                    sheet.write(f'<mergeCells count="{len(merges)}">{ranges}</mergeCells>'.encode())
                sheet.write(b"</worksheet>")


def good(number, **changes):
    row = dict(enumerate(GOOD)) | {0: number - 1}
    return row | {int(column[1:]): value for column, value in changes.items()}


# Shape, and whether it can be read as a ledger at all.
SHAPES = {
    "date-only": (lambda path: workbook(path, lambda n: {1: 45601}, 500_000), "unreadable"),
    "two-columns": (lambda path: workbook(path, lambda n: {1: 45601, 2: "罗屋村"}, 200_000), "unreadable"),
    "one-bad-column": (lambda path: workbook(path, lambda n: good(n, c1="某天"), 20_000), "returned"),
    "all-columns-bad": (lambda path: workbook(path, lambda n: dict(enumerate(BAD)), 20_000), "returned"),
    "far-too-many-bad": (lambda path: workbook(path, lambda n: dict(enumerate(BAD)), 120_000), "unreadable"),
    "sixty-sheets": (lambda path: workbook(path, lambda n: dict(enumerate(BAD)), 330, sheets=60), "returned"),
    "sixty-long-sheets": (lambda path: workbook(path, lambda n: {1: 45601}, 5_000, sheets=60), "unreadable"),
    "totals": (lambda path: workbook(path, lambda n: {0: "合计", 5: 1}, 100_000), "unreadable"),
    "merged": (
        lambda path: workbook(
            path, lambda n: good(n) if n % 2 else good(n, c1=""), 19_998,
            merges=[f"B{n}:B{n + 1}" for n in range(3, 19_998, 2)],
        ),
        "returned",
    ),
    "long-texts": (lambda path: workbook(path, lambda n: good(n, c3=f"{n}走访" * 40, c4="推动" * 90), 15_000), "returned"),
}


def limited():
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))


@contextmanager
def small_daemon(site, log):
    """The daemon with little address space; asserts that it lived, and gives a way to ask for its peak."""
    with open(log, "w", encoding="utf-8") as out:
        process = subprocess.Popen(
            site.command("run"), stdout=out, stderr=subprocess.STDOUT, env=site.environment(), preexec_fn=limited
        )
        try:
            yield lambda: peak(process.pid)
            assert process.poll() is None, f"the daemon ended: {log.read_text(encoding='utf-8')[-2000:]}"
        finally:
            process.terminate()
            process.wait(timeout=60)


def peak(pid):
    with open(f"/proc/{pid}/status", encoding="utf-8") as status:
        return 1024 * int(re.search(r"VmHWM:\s+(\d+) kB", status.read())[1])


def ten_monstrous_workbooks_stop_nobody(world):
    site = Site(world, "poison", "2024-12-02T09:20:00+08:00")
    site.run("run", "--once")
    units = sorted(path.name for path in site.share.iterdir() if path.is_dir() and path.name != "待确认单位")
    for (shape, (make, _)), unit in zip(SHAPES.items(), units):
        make(site.share / unit / f"{shape}.xlsx")
    last = units[len(SHAPES)]
    sample = next((world.root / "templates/demo/wutang-2024-11").rglob(SAMPLE))
    (site.share / last / SAMPLE).write_bytes(sample.read_bytes())
    wanted = {f"{shape}.xlsx": verdict for shape, (_, verdict) in SHAPES.items()}

    def verdicts():
        return dict(site.query("SELECT file_name, verdict FROM submission"))

    with small_daemon(site, site.folder / "poison.log") as used:
        until(lambda: len(verdicts()) > len(SHAPES), lambda: f"only {verdicts()}", deadline=600, step=0.5)
        # Its notes and the master are written as well.
        until(lambda: not site.query("SELECT 1 FROM delivery WHERE state = 'pending'"), "steps wait", deadline=300)
        until(lambda: (site.folder / "output/乌塘挂点台账/2024-11/汇总台账.xlsx").exists(), "no master", deadline=300)
        most = used()
    found = verdicts()
    assert found.pop(SAMPLE) in ("accepted", "unclaimed", "returned"), found
    assert found == wanted, {name: (found.get(name), verdict) for name, verdict in wanted.items() if found.get(name) != verdict}
    counts = dict(site.query("SELECT s.file_name, count(*) FROM finding f JOIN submission s ON s.id = f.submission GROUP BY 1"))
    assert counts["date-only.xlsx"] == 1, counts
    assert max(counts.values()) <= 600, counts
    for note in site.share.rglob("*.txt"):
        assert note.stat().st_size <= 64_000, f"{note} has {note.stat().st_size} bytes"
    print(f"  peak {most / 1e6:.0f} MB under {ADDRESS_SPACE >> 20} MiB of address space", flush=True)
    assert most < MEMORY, f"{most / 1e6:.0f} MB"


CHECKS = [ten_monstrous_workbooks_stop_nobody]
