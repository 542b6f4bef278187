//! The first paragraph of 汇总表: what a leader should know who reads no further.

use rust_decimal::Decimal;

use super::Words;
use crate::domain::consolidate::{ReportingLine, Summary};
use crate::domain::obligation::State;
use crate::domain::program::Program;

/// Names that are listed in the paragraph; 报送情况 has all of them.
const NAMED: usize = 12;

impl Words {
    /// Who has reported and who hasn't, what was done, and who is behind. The
    /// numbers of units add up to those expected.
    pub fn opening(&self, program: &Program, summary: &Summary) -> String {
        let mut sentences = vec![self.reported(summary)];
        let awaits = |line: &ReportingLine| matches!(line.state, State::Upcoming | State::Due);
        if summary.units.iter().any(awaits) {
            let due = self.perhaps(summary.due.at, summary.due.provisional);
            sentences.push(if self.is_chinese() {
                format!("报送截止时间为{due}")
            } else {
                format!("Due: {due}")
            });
        }
        if let Some(done) = self.done(program, summary) {
            sentences.push(done);
        }
        if summary.late_rows > 0 {
            let late = summary.late_rows;
            sentences.push(if self.is_chinese() {
                format!("另有补报{late}行，计入本年累计，不计入本期")
            } else {
                format!("{late} late entries count for the year only")
            });
        }
        let behind: Vec<&str> = summary.leaders_behind().map(|line| line.name.as_str()).collect();
        if !behind.is_empty() {
            let (count, names) = (behind.len(), self.few(&behind));
            sentences.push(if self.is_chinese() {
                format!("低于本年序时要求的有{count}人{names}")
            } else {
                format!("Below the pace of the year: {count}{names}")
            });
        }
        let between = if self.is_chinese() { "" } else { " " };
        sentences
            .into_iter()
            .map(|sentence| sentence + self.stop())
            .collect::<Vec<_>>()
            .join(between)
    }

    fn reported(&self, summary: &Summary) -> String {
        let tally = &summary.tally;
        let of = |which: &dyn Fn(&ReportingLine) -> bool| {
            let units = summary.units.iter().filter(|line| line.expected && which(line));
            self.few(&units.map(|line| line.name.as_str()).collect::<Vec<_>>())
        };
        let is_in =
            |line: &ReportingLine| matches!(line.state, State::Accepted | State::AcceptedLate | State::Nil);
        let overdue = summary.units.iter().any(|line| line.state == State::Overdue);
        let missing = match (self.is_chinese(), overdue) {
            (true, true) => "未报",
            (true, false) => "尚未报送",
            (false, true) => "missing",
            (false, false) => "still to come",
        };
        let [on_time, late, returned] = if self.is_chinese() {
            ["按时报送", "迟报", "退回未更正"]
        } else {
            ["on time", "late", "returned and not yet corrected"]
        };
        let mut missing_names =
            of(&|line| matches!(line.state, State::Upcoming | State::Due | State::Overdue));
        if tally.unconfirmed > 0 {
            missing_names += &self.unconfirmed.replace("{}", &tally.unconfirmed.to_string());
        }
        let nil = (summary.units.iter())
            .filter(|line| line.expected && line.state == State::Nil && !line.late)
            .count();
        let nil = match (nil, self.is_chinese()) {
            (0, _) => String::new(),
            (nil, true) => format!("（含零报告{nil}个）"),
            (nil, false) => format!(" ({nil} of them nil reports)"),
        };
        let mut parts = vec![self.units(on_time, tally.on_time, &nil)];
        for (word, count, names) in [
            (late, tally.late, of(&|line| line.late && is_in(line))),
            (
                returned,
                tally.returned,
                of(&|line| line.state == State::Returned),
            ),
            (missing, tally.missing, missing_names),
        ] {
            if count > 0 {
                parts.push(self.units(word, count, &names));
            }
        }
        let exempt: Vec<&str> = (summary.units.iter())
            .filter(|line| line.state == State::Exempt)
            .map(|line| line.name.as_str())
            .collect();
        let besides = match (exempt.len(), self.is_chinese()) {
            (0, _) => String::new(),
            (count, true) => format!("；另有免报{count}个{}", self.few(&exempt)),
            (count, false) => format!("; exempt: {count}{}", self.few(&exempt)),
        };
        let expected = tally.expected;
        if self.is_chinese() {
            format!("本期应报{expected}个单位，{}{besides}", parts.join("，"))
        } else {
            format!("Of {expected} ledgers expected: {}{besides}", parts.join(", "))
        }
    }

    /// A number of units: 迟报1个（林强）.
    fn units(&self, word: &str, count: u32, names: &str) -> String {
        if self.is_chinese() {
            format!("{word}{count}个{names}")
        } else {
            format!("{count} {word}{names}")
        }
    }

    /// Names in brackets, not too many of them.
    fn few(&self, names: &[&str]) -> String {
        let listed = names[..names.len().min(NAMED)].join(self.list);
        let more = match (names.len() > NAMED, self.is_chinese()) {
            (false, _) => "",
            (true, true) => "等",
            (true, false) => " and others",
        };
        self.bracketed(&(listed + more))
    }

    /// What the ledgers say was done.
    fn done(&self, program: &Program, summary: &Summary) -> Option<String> {
        let chinese = self.is_chinese();
        if summary.tally.received == 0 && summary.rows == 0 {
            // Nothing is known of it yet.
            return None;
        }
        let Some(visits) = &summary.visits else {
            let rows = summary.rows;
            let text = if chinese {
                format!("共收到{rows}行数据")
            } else {
                format!("{rows} rows in all")
            };
            return (rows > 0).then_some(text);
        };
        let count = visits.period;
        let pair = self.pair(count.visits, count.days);
        let counts_solved = program
            .material
            .visits()
            .is_some_and(|visits| visits.count.is_some());
        let solved = match (counts_solved, chinese) {
            (false, _) => String::new(),
            (true, true) => format!("，推动解决问题{}个", count.solved),
            (true, false) => format!(", {} problems solved", count.solved),
        };
        let once = if visits.joint.is_empty() {
            ""
        } else {
            self.counted_once
        };
        Some(if chinese {
            format!("本期{}{pair}{solved}{once}", self.visits_done)
        } else {
            format!("{pair}{solved}{once}")
        })
    }

    /// Why a column's sum and the figure of the period differ.
    pub fn not_counted(&self, header: &str, sum: Decimal, figure: u64) -> String {
        let apart = (sum - Decimal::from(figure)).normalize();
        let sum = sum.normalize();
        if self.is_chinese() {
            format!(
                "“{header}”各行合计{sum}个，其中补报和重复填报（含联合调研）的{apart}个不计入本期，本期按{figure}个计。"
            )
        } else {
            format!(
                "“{header}” adds up to {sum}; {figure} count for this period, without the {apart} of late entries and of what was reported twice."
            )
        }
    }
}
