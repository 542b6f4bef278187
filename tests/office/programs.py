"""Every programme with a form: laid, filled in, saved as .xls by LibreOffice and dropped.

Two periods each. In the first all is well; the second one's ledger has faults,
and says the same as .xls and as .xlsx. All workbooks of a period are converted
in one go, since starting LibreOffice takes longer than all of them.
"""

import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import openpyxl
from openpyxl.cell.cell import MergedCell

FILLED_BY = {"填报人": "李敏仪", "联系电话": "0759-2966123"}
PROGRESS = "第{no}项完成现场踏勘{no}处，形成初步方案，已报分管领导。"
LATER = "第{no}项方案已经批复，{no}月份签订合同并组织进场。"


@dataclass
class Case:
    """What a unit fills in, twice: texts by header, or rows of them, and then the faults."""

    program: str
    unit: str
    #: Of each period: its name, when its form lies ready, when it is handed in.
    periods: list
    #: By sheet, "" for the first: texts for each row that stands ready, or rows.
    first: dict
    second: dict
    #: Row from 0, header, text; or sheet before them.
    faults: list
    #: Codes that the second period's ledger comes to.
    codes: set
    #: What is added to the definition.
    added: str = ""
    site: Path = None

    @property
    def folder(self):
        """The programme's folder on the share."""
        return next(path for path in (self.site / "watch").iterdir() if path.is_dir())


def register(program, unit, periods, header, problem, nxt, faults, codes, **more):
    """A register whose rows say how an item stands; `figures` is a sheet of measures."""
    figures, sheets = more.pop("figures", None), []
    for text, figure in ((PROGRESS, 30), (LATER, 60)):
        own = {header: text, "进度状态": "推进中", problem: "", **more}
        own |= {nxt: "月底前完成第{no}项的验收。"} if nxt else {}
        sheets.append({"": own} | ({figures: {"本期累计": figure}} if figures else {}))
    return Case(program, unit, periods, *sheets, faults, codes)


def visit(day, village, number=0):
    return {
        "调研时间": day,
        "调研地点": village,
        "调研内容": f"{day}实地查看{village}村道硬化和垃圾收集点，与村干部座谈。",
        "调研成效": f"{village}{day}定下三项整改，月底前完成。",
        "调研推动解决问题数量(个)": number,
        "联系人及联系方式": "张三；13800000000",
    }


def meeting(day, people):
    topic = f"{day}研究帮扶村饮水工程和集体经济项目。"
    return {
        "会议时间": day,
        "主持人及职务": "区卫生健康局局长",
        "参会人数": people,
        "研究事项": topic,
        "议定事项和落实情况": f"{day}议定两项工程的资金安排，已拨付到镇。",
    }


def dispute(level, times, found, settled):
    counts = {"排查次数": times, "排查出纠纷（件）": found, "化解（件）": settled}
    return {"层级": level, **counts, "重大纠纷及处置": f"宅基地纠纷{found}件，由综治中心调解。"}


def contract(number, end, plan="待定"):
    return {
        "合同编号": number,
        "资产名称": f"村头市场{number[-1]}号铺",
        "承租（包）方": "顺兴商行",
        "起始日期": "2022年3月1日",
        "到期日期": end,
        "面积（㎡）": 86,
        "月租金（元）": 2600,
        "到期处置意向": plan,
    }


#: Those of a team stand ready; the first one leads it.
MEMBER = {"是否队长": ["是", "否"], "职级": ["副科级", "科员"], "政治面貌": ["中共党员", "群众"], "联系电话": "0750-6661234"}

#: A check that can't be evaluated as soon as one row says so.
UNSURE = """
[[form.check]]
id = "unsure"
expression = "10 / (count(rows, |r| r.remark == \\"调动\\") - 1) < 100"
severity = "error"
message = "不成立。"
hint = ""
"""

CASES = [
    register(
        "zhanjiang-tasks",
        "区农业局",
        [("2018-Q3", "2018-09-29T09:00", "2018-10-08T10:00"), ("2018-Q4", "2018-12-29T09:00", "2019-01-04T10:00")],
        "本季度完成情况",
        "存在问题及原因",
        None,
        [(0, "进度状态", "差不多"), (1, "序号", 999), (1, "任务", "修桥铺路"), (2, "任务", "招商引资"), (3, "进度状态", "滞后")]
        + [("量化指标", row, "本期累计", 1) for row in range(12)]
        + [("量化指标", 0, "本期累计", "40%")],
        {"not-in-list", "item-unknown", "item-missing", "item-name-mismatch", "required", "below-last-period"}
        | {"number-reinterpreted"},
        figures="量化指标",
    ),
    register(
        "hengli-tasks",
        "公用事业服务中心",
        [("2018-Q4", "2018-12-29T09:00", "2019-01-03T10:00"), ("2019-Q1", "2019-03-29T09:00", "2019-04-02T10:00")],
        "本季度进展情况",
        "困难和问题",
        "下季度计划",
        [(0, "进度状态", "严重滞后"), (1, "序号", 1), (2, "下季度计划", "")],
        {"required", "item-not-yours", "item-missing"},
    ),
    register(
        "qianshui-tasks",
        "规划办",
        [("2023-05", "2023-05-22T09:00", "2023-05-24T10:00"), ("2023-06", "2023-06-20T09:00", "2023-06-21T10:00")],
        "本月进展情况",
        "存在问题",
        "下一步措施及完成时限",
        [(0, "进度状态", "已完成"), (1, "完成率(%)", 10), (2, "完成率(%)", "30%")],
        {"status-contradiction", "below-last-period"},
        **{"完成率(%)": 30},
    ),
    Case(
        "wutang-checklist",
        "洪文泽",
        [("2024-H2", "2024-12-30T09:00", "2025-01-03T10:00"), ("2025-H1", "2025-06-27T09:00", "2025-07-02T10:00")],
        {"": {"落实情况": PROGRESS}},
        {"": {"落实情况": LATER}},
        [(0, "落实情况", ""), (1, "落实情况", PROGRESS.format(no=2)), (2, "序号", 99), (2, "具体内容", "别的事")],
        {"item-missing", "item-unknown", "repeats-last-period"},
    ),
    Case(
        "wutang-scores",
        "乌塘圩村",
        [("2024-H2", "2024-12-30T09:00", "2025-01-03T10:00"), ("2025-H1", "2025-06-27T09:00", "2025-07-02T10:00")],
        {"": {"自评分": 1, "佐证材料": "见附件第{no}页"}, "负面清单": {"是否存在": "否"}},
        {"": {"自评分": 2, "佐证材料": "见附件第{no}页"}, "负面清单": {"是否存在": "否"}},
        [(0, "自评分", 99), (1, "自评分", "两分"), ("负面清单", 0, "是否存在", "是")],
        {"score-over-maximum", "negative-item-hit", "required", "number-unreadable"},
    ),
    Case(
        "wutang-visits",
        "洪文泽",
        [("2024-11", "2024-11-29T09:00", "2024-12-03T10:00"), ("2024-12", "2024-12-30T09:00", "2025-01-03T10:00")],
        {"": [visit("2024年11月12日", "乌塘圩村", 1), visit("2024年11月19日", "边板村")]},
        {"": [visit("2024年12月12日", "乌塘圩村", 1), visit("2024年12月19日", "边板村")]},
        [(0, "调研时间", "2024年10月8日"), (0, "调研成效", ""), (1, "调研成效", "边板村2024年11月19日定下三项整改，月底前完成。")],
        {"date-out-of-period", "required", "repeats-last-period"},
    ),
    Case(
        "xinhui-meetings",
        "新会区中医院",
        [("2022-H1", "2022-06-29T09:00", "2022-07-04T10:00"), ("2022-H2", "2022-12-29T09:00", "2023-01-04T10:00")],
        {"": [meeting("2022年3月8日", 12), meeting("2022年5月20日", 15)]},
        {"": [meeting("2022年9月8日", 12), meeting("2022年11月18日", 15)]},
        [(0, "参会人数", "十几个"), (1, "会议时间", "下半年")],
        {"number-unreadable", "date-unreadable"},
    ),
    register(
        "xinhui-tasks",
        "区人力资源社会保障局",
        [("2022-Q1", "2022-03-30T09:00", "2022-04-06T10:00"), ("2022-Q2", "2022-06-29T09:00", "2022-07-05T10:00")],
        "工作进展",
        "存在问题",
        "下一步计划",
        [(0, "进度状态", "滞后"), (1, "进度状态", "不清楚"), (2, "序号", 1)],
        {"required", "not-in-list", "item-not-yours", "item-missing"},
    ),
    Case(
        "zhanjiang-disputes",
        "东山街道",
        [("2018-08", "2018-08-30T09:00", "2018-09-04T10:00"), ("2018-09", "2018-09-28T09:00", "2018-10-08T10:00")],
        {"": [dispute("镇（街）", 1, 4, 4), dispute("村（居）", 2, 6, 5)]},
        {"": [dispute("镇（街）", 1, 3, 3), dispute("村（居）", 2, 5, 5)]},
        [(0, "化解（件）", 7), (1, "层级", "片区")],
        {"rule-broken", "not-in-list"},
    ),
    Case(
        "hengli-contracts",
        "村头村",
        [("2026", "2026-01-05T09:00", "2026-01-09T10:00"), ("2027", "2027-01-04T09:00", "2027-01-08T10:00")],
        {"": [contract("CT-01", "2027年2月28日"), contract("CT-02", "2028年2月28日")]},
        {"": {}},
        [(0, "到期日期", "2021年1月1日"), (1, "合同编号", "CT-01")],
        {"rule-broken"},
    ),
    Case(
        "xinhui-teams",
        "双水镇",
        [("2026", "2026-01-05T09:00", "2026-01-09T10:00"), ("2027", "2027-01-04T09:00", "2027-01-08T10:00")],
        {"": {**MEMBER, "派驻起始日": "2025年3月1日"}},
        {"": {}},
        [(0, "职级", "科员"), (1, "类别", "热心人"), (2, "备注", "调动")],
        {"rule-broken", "not-in-list", "check-failed"},
        UNSURE,
    ),
]


class Office:
    """Sites of all programmes."""

    def __init__(self, binary, folder):
        self.binary, self.folder = binary, folder / "programs"
        for case in CASES:
            case.site = self.folder / case.program
            self.call("init", str(case.site), "--program", case.program)
            definition = case.site / "templates" / "programs" / case.program / "program.toml"
            # In earnest, where it is shipped on trial; and nobody waits for files to settle.
            change(definition, "\ntrial = true\n", "\ntrial = false\n")
            definition.write_text(definition.read_text(encoding="utf-8") + case.added, encoding="utf-8")
            change(case.site / "config.toml", 'settle = "2s"', 'settle = "100ms"')

    def call(self, *words, expect=(0,)):
        done = subprocess.run([self.binary, *words], capture_output=True, text=True, timeout=120)
        assert done.returncode in expect, f"{words}: exit {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout

    def run(self, case, now, *words, expect=(0,)):
        return self.call("--config", str(case.site / "config.toml"), "--now", f"{now}:00+08:00", *words, expect=expect)

    def ask(self, case, now, *words):
        return json.loads(self.run(case, now, *words, "--format", "json", expect=(0, 1)))

    def form(self, case, period):
        name, laid, _ = case.periods[period]
        # A first pass opens the site or closes what is over, a second one lays forms.
        for _ in range(3):
            self.run(case, laid, "run", "--once")
        found = sorted((case.folder / case.unit / "本期填报表").glob("*.xlsx"))
        assert found, f"{case.program}: no form for {name}"
        return found[-1]

    def filled(self, case, period):
        """The form as the unit fills it in."""
        book = filled(self.form(case, period), *((case.second, case.faults) if period else (case.first, ())))
        path = self.folder / f"{case.program}-{period}.xlsx"
        book.save(path)
        return path

    def handed_in(self, case, period, xls):
        """What `check` says of a ledger as .xls, which is the same as of it as .xlsx; then it is dropped."""
        name, _, now = case.periods[period]
        words = ["--unit", case.unit, "--period", name]
        said = [self.ask(case, now, "check", str(path), *words)[0] for path in (xls.with_suffix(".xlsx"), xls)]
        for one, other in zip(*(findings(answer) for answer in said), strict=True):
            assert one == other, f"{case.program}: {other} as .xls, {one} as .xlsx"
        assert [answer["verdict"] for answer in said] == [said[0]["verdict"]] * 2, said
        shutil.copyfile(xls, case.folder / case.unit / f"{name}台账.xls")
        self.run(case, now, "run", "--once")
        status = self.ask(case, now, "status", "--period", name)
        state = next(line for line in status["units"] if line["unit"] == case.unit)
        own = [item for item in status.get("items") or [] if item["unit"] == case.unit and not item["figure"]]
        return said[1], state, [item["state"] for item in own if item["state"] != "not_this_year"]


def findings(answer):
    return [[finding[key] for key in ("code", "sheet", "cell", "message")] for finding in answer["findings"]]


def change(path, was, becomes):
    path.write_text(path.read_text(encoding="utf-8").replace(was, becomes), encoding="utf-8")


def periods_in_xls(site, period):
    """Each case with what became of its ledger of a period, handed in as .xls."""
    office = site.office
    made = [office.filled(case, period) for case in CASES]
    for case, xls in zip(CASES, site.convert_all(made, "xls")):
        shutil.move(xls, office.folder / xls.name)
        yield case, *office.handed_in(case, period, office.folder / xls.name)


def each_form_filled_and_saved_as_xls_is_accepted(site):
    site.office = Office(site.binary, site.folder)
    for case, answer, state, items in periods_in_xls(site, 0):
        assert answer["verdict"] in ("accepted", "accepted_with_warnings"), (case.program, answer)
        assert answer["rows"] >= max(len(items), 2) and state["state"] == "accepted", (case.program, answer, state)
        assert set(items) <= {"accepted"}, (case.program, items)
        rows = case.first[""]
        texts = [text for text in (rows if isinstance(rows, dict) else rows[0]).values() if isinstance(text, str)]
        said = re.escape(max(texts, key=len)).replace(r"\{no\}", r"\S+")
        assert any(re.fullmatch(said, text) for text in texts_of_master(site, case)), f"{case.program}: no {said}"


def texts_of_master(site, case):
    """The texts of the first period's master."""
    name, _, now = case.periods[0]
    path = site.office.run(case, now, "master", "--period", name).strip().splitlines()[-1]
    rows = (row for sheet in openpyxl.load_workbook(path) for row in sheet.iter_rows(values_only=True))
    return [str(text) for row in rows for text in row]


def each_fault_is_found_in_xls_as_in_xlsx(site):
    for case, answer, state, items in periods_in_xls(site, 1):
        codes = {finding["code"] for finding in answer["findings"]}
        assert case.codes <= codes, f"{case.program}: no {case.codes - codes} in {codes}"
        assert (answer["verdict"], state["state"]) == ("returned", "returned"), (case.program, answer, state)
        assert ("missing" in items) == ("item-missing" in codes) and set(items) <= {"returned", "missing"}, (
            case.program,
            items,
        )
        now = case.periods[1][2]
        letters = site.office.ask(case, now, "letters", "list")
        assert any(letter["units"] == [case.unit] and letter["kind"] == "returned" for letter in letters), case.program


def filled(form, sheets, faults):
    """A form with its labels' values, its rows, and faults."""
    book = openpyxl.load_workbook(form)
    for place, sheet in enumerate(book.worksheets):
        wanted = sheets.get(sheet.title, sheets.get("") if place == 0 else None)
        head = next((row[0].row for row in sheet.iter_rows(max_col=1) if row[0].value == "序号"), None)
        if head is None:
            continue
        columns = {cell.value: cell.column for cell in sheet[head]}
        for row in sheet.iter_rows(max_row=head - 1):
            for cell in row:
                label = str(cell.value or "").rstrip("：:")
                if label in FILLED_BY:
                    # A label may lie over several columns.
                    beside = next(own for own in row[cell.column :] if not isinstance(own, MergedCell))
                    beside.value = FILLED_BY[label]
        ready = [row[0].row for row in sheet.iter_rows(min_row=head + 1, max_col=1) if str(row[0].value or "")[:1].isdigit()]
        if isinstance(wanted, list):
            # An example may stand under the header.
            ready = [row for row in range(head + 1, head + 30) if sheet.cell(row, 2).value is None]
            for row, texts in zip(ready, wanted):
                for header, text in texts.items():
                    sheet.cell(row, columns[header]).value = text
        else:
            for row in ready:
                for header, text in (wanted or {}).items():
                    own = text[min(row - ready[0], len(text) - 1)] if isinstance(text, list) else text
                    own = own.format(no=str(sheet.cell(row, 1).value).removesuffix(".0")) if isinstance(own, str) else own
                    sheet.cell(row, columns[header]).value = own or None
        for *where, row, header, text in faults:
            if (where == [sheet.title]) if where else place == 0:
                if row < len(ready):
                    sheet.cell(ready[row], columns[header]).value = text or None
    return book


TESTS = [each_form_filled_and_saved_as_xls_is_accepted, each_fault_is_found_in_xls_as_in_xlsx]
