//! What letters say: plain facts, gathered by `jobs`, worded by the templates.

use serde::Serialize;

/// Everything that one letter can say.
#[derive(Debug, Clone, Default, Serialize)]
pub struct LetterFacts {
    /// The letter's kind, as in `Kind::as_str`: the most serious of its items'.
    pub kind: String,
    /// Its number within the site, such as `2024-0012`.
    pub number: String,
    /// `zh-CN` or `en`.
    pub language: String,
    /// Whom the salutation names, in the order of the address line.
    pub recipients: Vec<String>,
    /// The same with their units, for short texts that many read: 规划办李晓同志.
    pub called: Vec<String>,
    /// Role of the first recipient: `liaison`, `head`, `leader`, `coordinating`, `office`, `office-head`, …
    pub role: String,
    /// Why this recipient gets the letter, one short sentence without a full stop.
    pub why: String,
    /// The date of the letter without leading zeros: 2024年12月6日.
    pub date: String,
    /// As of when the standing is told: 12月6日9:00.
    pub as_of: String,
    /// Who signs.
    pub office: OfficeFacts,
    /// The duties it speaks of, one paragraph each, in order of time.
    pub items: Vec<ItemFacts>,
    /// The period's result, for report, bulletin, standing and consolidated.
    pub period: Option<PeriodFacts>,
    /// Names of attachments.
    pub attachments: Vec<String>,
    /// For a withdrawal: number, date and subject of the letter that is withdrawn, and why.
    pub withdrawn: Option<WithdrawnFacts>,
    /// Nothing of this is real: the programme runs on trial.
    pub trial: bool,
}

/// The office that signs.
#[derive(Debug, Clone, Default, Serialize)]
pub struct OfficeFacts {
    /// Name.
    pub name: String,
    /// Whom to ask; may be empty.
    pub contact: String,
    /// Telephone; may be empty.
    pub phone: String,
}

/// One duty, or one other matter, that a letter speaks of.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ItemFacts {
    /// The kind of notice: `first-chase`.
    pub kind: String,
    /// The document that the duty rests on: 《…》.
    pub basis: String,
    /// Its number: 乌委〔2024〕84号; may be empty.
    pub basis_number: String,
    /// The clause, as written; may be empty.
    pub clause: String,
    /// What is handed in: 挂点调研台账.
    pub matter: String,
    /// How the items of a register stand that the unit owes, in words:
    /// 11项：已报9项，未报2项（第6、7项）; empty elsewhere.
    pub items: String,
    /// What kind of thing that is: `log`, `list` (a log kept on change), `register`, `document`.
    pub material: String,
    /// What no document says: `duty`, the `deadline` alone, or nothing.
    pub agreed: String,
    /// The period as people say it: 2024年11月.
    pub period: String,
    /// The unit as people call it: 规划办, 洪文泽挂点组.
    pub unit: String,
    /// The leader concerned without title, for targets and escalations; may be empty.
    pub leader: String,
    /// 2024年12月5日（星期四）17:30.
    pub due: String,
    /// How the date came about, if it was moved: 遇清明节放假，顺延; else empty.
    pub moved: String,
    /// The year's holidays are not published: the date is 暂定.
    pub provisional: bool,
    /// `missing` or `returned` (in, handed back, not corrected), `accepted` for answers.
    pub state: String,
    /// The last day of the period while it runs, is due after its end and nothing has come:
    /// 12月31日; else empty.
    pub runs_until: String,
    /// How many faults the returned ledger has.
    pub faults: u32,
    /// The first of them in words, ten at most: cell of the marked-up copy, what is wrong, what to write.
    pub fault_list: Vec<FaultFacts>,
    /// Why a file that came doesn't count before the office has confirmed it; else empty.
    pub unconfirmed: String,
    /// The marked-up copy of a returned ledger holds none of its rows.
    pub without_rows: bool,
    /// Rows that stand unsubmitted in the form in the unit's folder, if any; with its faults.
    pub draft_rows: Option<u32>,
    /// Faults of that draft.
    pub draft_faults: u32,
    /// How many working days it is overdue.
    pub overdue_days: u32,
    /// Until when it should come now: 12月6日（星期五）17:30; empty before the due date.
    /// For a returned ledger never before a correction still counts as on time.
    pub reply_by: String,
    /// A correction by then counts as on time.
    pub in_time: bool,
    /// Where to put it: 共享文件夹“乌塘挂点台账”中的“规划办”文件夹.
    pub place: String,
    /// How it has been chased so far: 12月6日第一次催报, …; for escalations, talks and `cleared`.
    pub history: Vec<String>,
    /// When it came at last, for receipts and `cleared`.
    pub received: String,
    /// Version, for receipts and returns.
    pub version: u32,
    /// File name, for receipts and returns.
    pub file_name: String,
    /// Rows, for receipts.
    pub rows: u32,
    /// Visits and days this year, for targets.
    pub target: Option<TargetFacts>,
    /// Units of the level below that haven't reported, where this one waits for them.
    pub below: Vec<String>,
    /// Rows of a list that expire; only for letters about these.
    pub expiry: Option<ExpiryFacts>,
    /// What it lagged behind in, a line for each period that the letter speaks of.
    pub lagging: Vec<String>,
    /// How many periods in a row were missed, for talks.
    pub missed: u32,
    /// The value in the ledger that the step speaks of; may be empty.
    pub value: String,
    /// The items of a register that say it, as people cite them.
    pub value_items: Vec<String>,
    /// The ledger had been accepted before a recheck handed it back: why; else empty.
    pub reopened: String,
    /// The date before it was extended: 2024年12月5日; empty if it never was.
    pub due_before: String,
    /// What is announced: `extended`, `exempted`, `owed-again`, `taken-back`; else empty.
    pub decision: String,
    /// Why the office decided so.
    pub decision_reason: String,
}

/// A fault of a returned ledger.
#[derive(Debug, Clone, Default, Serialize)]
pub struct FaultFacts {
    /// D7 of the marked-up copy; empty for the file as a whole.
    pub cell: String,
    /// What is wrong.
    pub message: String,
    /// What to write.
    pub hint: String,
}

/// Where a leader stands against the yearly target.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TargetFacts {
    /// Visits so far.
    pub visits: u32,
    /// Days so far.
    pub days: u32,
    /// Visits due by now.
    pub visits_by_now: u32,
    /// Days due by now.
    pub days_by_now: u32,
    /// The year's target.
    pub visits_year: u32,
    /// See `visits_year`.
    pub days_year: u32,
    /// Villages not yet visited this year.
    pub unvisited: Vec<String>,
    /// The last measure of the year: says what is still missing.
    pub last: bool,
    /// 原则上: only shown, no shortfall in the strict sense.
    pub soft: bool,
}

/// A period's result.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PeriodFacts {
    /// The matter: 挂点调研台账.
    pub matter: String,
    /// See [`ItemFacts::material`].
    pub material: String,
    /// The period: 2024年11月.
    pub period: String,
    /// 2024年12月5日（星期四）17:30.
    pub due: String,
    /// 应报.
    pub expected: u32,
    /// 已报.
    pub received: u32,
    /// 按时.
    pub on_time: u32,
    /// 迟报.
    pub late: u32,
    /// 退回待更正.
    pub returned: u32,
    /// 未报.
    pub missing: u32,
    /// 其中待确认: a file came, and the office has to confirm it.
    pub unconfirmed: u32,
    /// The files that wait to be confirmed; only for the letter about them.
    pub waiting: Vec<WaitingFacts>,
    /// 免报.
    pub exempt: u32,
    /// The exempt units; they stand nowhere else.
    pub exempt_units: Vec<String>,
    /// 合格率: of what was received, how much passed without being handed back.
    pub passed_at_once: String,
    /// 报送率 and 及时率 as people write them: 92.3%.
    pub completeness: String,
    /// See `completeness`.
    pub timeliness: String,
    /// Every unit that owes the period, in roster order.
    pub units: Vec<UnitFacts>,
    /// How the items of a register stand; none of other programmes.
    pub items: Option<ItemsFacts>,
    /// To whom what was collected is presented (呈镇委、镇政府); empty: to nobody.
    pub presented_to: String,
    /// The document says that the office itself does this by a date.
    pub own_duty: bool,
    /// Where the master lies; a path without a drive letter.
    pub master: String,
    /// Whether the bulletin praises and ranks.
    pub praise: bool,
    /// The due date is still to come: nobody is missing.
    pub not_due: bool,
    /// Other periods that have begun and aren't due (未到期), oldest first.
    pub running: Vec<RunningFacts>,
    /// Leaders behind the pace, in roster order: name, visits, days.
    pub behind: Vec<(String, u32, u32)>,
    /// The basis of the whole: title, number, clause.
    pub basis: String,
    /// See `basis`.
    pub basis_number: String,
    /// See `basis`.
    pub clause: String,
}

/// Rows of a list that expire.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ExpiryFacts {
    /// The unit has sent these people; their lists are others'.
    pub sent: bool,
    /// What they are: 合同.
    pub what: String,
    /// What happens: 到期.
    pub end: String,
    /// What the unit is asked to do, without its full stop.
    pub ask: String,
    /// Each with its day, in words.
    pub rows: Vec<(String, String)>,
}

/// How the items of a register stand in a period.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ItemsFacts {
    /// How many rows stand where: 44项：已报40项，未报4项（第2、7项）.
    pub words: String,
    /// Every unit owes every item, whoever leads it.
    pub everyone: bool,
    /// Numbers of the items that nobody is known to lead.
    pub undecided: Vec<String>,
    /// How many rows say which status, in the order of its list.
    pub statuses: Vec<(String, usize)>,
    /// Items that are behind schedule, with who reports so.
    pub behind: Vec<String>,
    /// How many more of these there are than are named.
    pub further: usize,
    /// Items of which several leads report different things; for the office only.
    pub disagree: Vec<String>,
}

/// A file that waits for the office to confirm it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct WaitingFacts {
    /// Its name.
    pub file_name: String,
    /// When it came.
    pub received: String,
    /// The units that may be meant; may be empty.
    pub units: String,
    /// Why it isn't certain; may be empty.
    pub reason: String,
}

/// A period that isn't due.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RunningFacts {
    /// 2024年12月.
    pub period: String,
    /// 2025年1月6日（星期一）17:30.
    pub due: String,
    /// 应报.
    pub expected: u32,
    /// 已报.
    pub received: u32,
}

/// One line of the bulletin's table.
#[derive(Debug, Clone, Default, Serialize)]
pub struct UnitFacts {
    /// 序号.
    pub number: u32,
    /// 单位.
    pub unit: String,
    /// 应报 (0 or 1).
    pub expected: u32,
    /// 已报.
    pub received: u32,
    /// 按时.
    pub on_time: u32,
    /// 迟报.
    pub late: u32,
    /// 退回未更正.
    pub returned: u32,
    /// 未报.
    pub missing: u32,
    /// 退回次数.
    pub times_returned: u32,
    /// 首报时间.
    pub first_received: String,
    /// 合格时间.
    pub accepted_at: String,
    /// 状态 in words.
    pub state: String,
    /// 位次; none where ranks are off, or for units of coordinating leaders.
    pub rank: Option<u32>,
    /// 备注.
    pub remark: String,
}

/// The letter that is withdrawn.
#[derive(Debug, Clone, Default, Serialize)]
pub struct WithdrawnFacts {
    /// Its number.
    pub number: String,
    /// Its date.
    pub date: String,
    /// Its subject.
    pub subject: String,
    /// Why, as the office wrote it.
    pub reason: String,
}

/// A letter in words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Composed {
    /// Subject, one line.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// HTML, a whole document.
    pub html: String,
    /// A short text to paste into a chat group.
    pub chat: String,
}
