//! The words of the form and the returned copy, in both languages.

use crate::domain::codes::Severity;
use crate::domain::language::Language;

/// Everything that these workbooks say by themselves. `{}` stands for a value.
pub(super) struct Words {
    /// Header of the column with the findings of a row.
    pub remarks: &'static str,
    /// Header of the column in which the unit explains a query.
    pub explanation: &'static str,
    /// Input message of that column.
    pub explanation_help: &'static str,
    /// Name and title of the sheet that lists what is to be corrected.
    pub to_correct: &'static str,
    /// Name of the hidden sheet with long lists for dropdowns.
    pub lists: &'static str,
    /// What follows a label.
    pub colon: &'static str,
    /// What a note below the table begins with.
    pub note: &'static str,
    /// Words with which a note may begin already.
    pub note_marks: &'static [&'static str],
    /// Message when a value is not in a dropdown.
    pub not_in_list: &'static str,
    /// Message when a value is no date of the period.
    pub not_a_date: &'static str,
    /// Message when a value is no number in range.
    pub not_a_number: &'static str,
    /// Input message of a date column without help of its own; `{}` is the period.
    pub date_help: &'static str,
    /// Input message of the day of filling in.
    pub filled_on_help: &'static str,
    /// Title of messages.
    pub please_note: &'static str,
    /// Labels at the head of the list: unit, period, file.
    pub head: [&'static str; 3],
    /// What stands between them.
    pub gap: &'static str,
    /// Headers of the list.
    pub columns: [&'static str; 5],
    /// What to do with the copy; `{}` is the name of the ledger's sheet.
    pub what_to_do: &'static str,
    /// What to do when no rows are handed back.
    pub what_to_do_without_rows: &'static str,
    /// What stands beside the further rows of a block; `{}` is its first row.
    pub as_above: &'static str,
    /// The same, where the copy has the table and none of the rows.
    pub what_to_do_with_empty_table: &'static str,
    /// Until when it should be corrected, after another sentence; `{}` is the time.
    pub correct_by: &'static str,
    /// The same where a correction by then counts as on time.
    pub correct_in_time: &'static str,
    /// How many of each; three `{}`.
    pub counts: &'static str,
    /// A cell of the original that the copy doesn't have; `{}` is the cell.
    pub in_original: &'static str,
    /// When the list was cut; `{}` is how many are left.
    pub further: &'static str,
    /// What stands between a finding's message and its hint.
    pub instead: &'static str,
    error: &'static str,
    query: &'static str,
    warning: &'static str,
}

impl Words {
    /// The words of a language.
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::Chinese => &CHINESE,
            Language::English => &ENGLISH,
        }
    }

    /// What a severity is called; an info is never shown.
    pub fn severity(&self, severity: Severity) -> &'static str {
        match severity {
            Severity::Error => self.error,
            Severity::Query => self.query,
            Severity::Warning | Severity::Info => self.warning,
        }
    }

    /// Whether a header is one of the two columns that we add, in any language.
    pub fn is_own_column(header: &str) -> bool {
        [&CHINESE, &ENGLISH]
            .iter()
            .any(|words| header == words.remarks || header == words.explanation)
    }
}

/// Puts values in the place of each `{}`.
pub(super) fn fill_in(template: &str, values: &[&str]) -> String {
    let mut parts = template.split("{}");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for (index, part) in parts.enumerate() {
        text.push_str(values.get(index).copied().unwrap_or_default());
        text.push_str(part);
    }
    text
}

static CHINESE: Words = Words {
    remarks: "审核意见",
    explanation: "情况说明",
    explanation_help: "本行标为“请核实”、情况属实的，请在此写明原因（四个字以上），如：受委托陪同调研。",
    to_correct: "需更正事项",
    lists: "下拉选项",
    colon: "：",
    note: "注：",
    note_marks: &["注", "说明", "备注"],
    not_in_list: "所填内容不在下拉选项中。确需这样填写的，请点“是”。",
    not_a_date: "所填内容不是本期内的单个日期。一次调研多日的可写“11月5日-6日”，点“确定”即可保留。",
    not_a_number: "所填内容不是规定范围内的数字。确需这样填写的，请点“是”。",
    date_help: "请填{}内的日期，如“2024年11月5日”。",
    filled_on_help: "请填填报当天的日期，如“2024年12月2日”。",
    please_note: "请注意",
    head: ["填报单位", "报告期", "文件"],
    gap: "　　",
    columns: ["序号", "级别", "位置", "问题", "怎么改"],
    what_to_do: "请直接在本文件“{}”表中更正，保存后放在原处即可，不必改名，系统会自动重新审核。红色的必须更正；橙色的请核实，有误的改正，属实的在该行“情况说明”栏写明原因；黄色的为提示，不影响通过。点“位置”可跳到该单元格。",
    what_to_do_without_rows: "本文件只列需更正事项，未带回数据行。请核对原文件，更正后放回本单位文件夹。",
    as_above: "同第{}行。",
    what_to_do_with_empty_table: "原文件没有可以带回的数据行。请在本文件“{}”表中填写（原文件有内容的，可以粘贴过来，不要改动表头），保存后放在原处即可，不必改名，系统会自动重新审核。",
    correct_by: "请于{}前更正。",
    correct_in_time: "请于{}前更正，在此之前更正的仍按按时报送计。",
    counts: "必须更正{}处，请核实{}处，提示{}处。",
    in_original: "原文件{}",
    further: "其余{}处未在此列出，见台账表中标色的单元格和“审核意见”栏。",
    instead: "　",
    error: "必须更正",
    query: "请核实",
    warning: "提示",
};

static ENGLISH: Words = Words {
    remarks: "Review remarks",
    explanation: "Explanation",
    explanation_help: "If this row is marked “please verify” and is right as it is, say here why.",
    to_correct: "Corrections needed",
    lists: "Lists",
    colon: ":",
    note: "Note: ",
    note_marks: &["Note", "note", "NOTE"],
    not_in_list: "This is not in the list. Choose Yes to keep it all the same.",
    not_a_date: "This is not a single date of the period. Choose OK to keep it all the same.",
    not_a_number: "This is not a number in the allowed range. Choose Yes to keep it all the same.",
    date_help: "A date in {}, such as 2024-11-05.",
    filled_on_help: "The day on which this form is filled in, such as 2024-12-02.",
    please_note: "Please note",
    head: ["Unit", "Period", "File"],
    gap: "    ",
    columns: ["No.", "Level", "Cell", "What is wrong", "What to do"],
    what_to_do: "Correct the sheet “{}” of this file where it lies and save it; it is checked again by itself and needs no new name. Red must be corrected. Orange: please verify; correct it, or say in “Explanation” why it is right. Yellow is for your notice only. Click a cell's name to go there.",
    what_to_do_without_rows: "This file only lists what is wrong and holds no rows. Please correct the original and put it back into your unit's folder.",
    as_above: "As in row {}.",
    what_to_do_with_empty_table: "No rows of the original could be carried over. Fill in the sheet “{}” of this file (paste what the original has, and leave the headers as they are) and save it where it lies; it is checked again by itself and needs no new name.",
    correct_by: " Please correct it by {}.",
    correct_in_time: " Please correct it by {}; a correction by then counts as on time.",
    counts: "Must be corrected: {}. Please verify: {}. Notice: {}.",
    in_original: "original {}",
    further: "{} more are not listed here; see the coloured cells and the column “Review remarks”.",
    instead: " ",
    error: "Must correct",
    query: "Please verify",
    warning: "Notice",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_in_their_places() {
        assert_eq!(fill_in("{}和{}。", &["甲", "乙"]), "甲和乙。");
        assert_eq!(fill_in("{}和{}。", &["甲{}"]), "甲{}和。");
    }
}
