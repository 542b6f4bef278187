//! The title still names another year, period or unit: a copied ledger.

use super::Case;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::identify::read_period;
use crate::domain::ledger::Titled;
use crate::domain::period::Period;
use crate::domain::text::{half_width, name_key};

/// One finding for what the title says that the ledger is not.
pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let Some(title) = &case.reading.title else {
        return Vec::new();
    };
    wrong_time(case, title)
        .or_else(|| wrong_unit(case, title))
        .map(|(said, expected)| {
            Finding::new(Code::TitleMismatch)
                .at(&title.sheet, title.pos)
                .with("said", said)
                .with("expected", expected)
        })
        .into_iter()
        .collect()
}

fn wrong_time(case: &Case<'_>, title: &Titled) -> Option<(String, String)> {
    let period = case.period?;
    let expected = period.year()?;
    if let Some(year) = year_of(&title.text).filter(|year| *year != expected) {
        return Some((in_year(case, year), in_year(case, expected)));
    }
    // A title without a year of its own says nothing certain about the month.
    let (said, assumed) = read_period(&title.text, &case.program.cycle, case.span?.0)?;
    let comparable = !assumed && !matches!(said, Period::Year(_)) && case.program.cycle.owes(&said);
    (comparable && said != *period).then(|| (case.words.period(&said), case.words.period(period)))
}

fn in_year(case: &Case<'_>, year: i32) -> String {
    case.words.period(&Period::Year(year))
}

/// The first year before 年, or standing alone among other characters.
fn year_of(title: &str) -> Option<i32> {
    let title = half_width(title);
    let digits = |text: &str| text.chars().take_while(char::is_ascii_digit).count();
    let mut before = None;
    for (at, c) in title.char_indices() {
        let starts = c.is_ascii_digit() && before.is_none_or(|c: char| !c.is_ascii_digit());
        before = Some(c);
        if starts && digits(&title[at..]) == 4 {
            let year: i32 = title[at..at + 4].parse().ok()?;
            // Numbers of documents such as 〔2024〕 are years too; 1100 is a room.
            if (2000..2100).contains(&year) && !title[..at].ends_with('〔') {
                return Some(year);
            }
        }
    }
    None
}

fn wrong_unit(case: &Case<'_>, title: &Titled) -> Option<(String, String)> {
    let unit = case.unit?;
    let key = name_key(&title.text);
    let names = |name: &&str| {
        let name = name_key(name);
        name.chars().count() > 1 && key.contains(&name)
    };
    if unit.names().any(|name| names(&name)) {
        return None;
    }
    let roster = &case.program.roster;
    let others = roster.units_named_in(&title.text);
    let other = others.into_iter().find(|other| **other != unit.id)?;
    Some((roster.unit(other)?.name.clone(), unit.name.clone()))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Bench;
    use super::*;
    use crate::domain::table::Pos;

    #[test]
    fn a_title_must_not_name_another_time_or_unit() {
        for (title, told) in [
            ("2024年度乌塘镇领导开展“百千万工程”工作挂点调研台账", None),
            (
                "2023年度乌塘镇领导开展“百千万工程”工作挂点调研台账",
                Some("2023年度"),
            ),
            ("2024年11月挂点调研台账", None),
            ("2024年12月挂点调研台账", Some("2024年12月")),
            ("挂点调研台账", None),
            ("2024年度挂点调研台账（吴忠强）", None),
            ("2024年度挂点调研台账（马陕燕）", Some("马陕燕")),
        ] {
            let mut bench = Bench::new();
            bench.reading.title = Some(Titled {
                sheet: "台账".into(),
                pos: Pos::new(0, 0),
                text: title.into(),
            });
            let found = bench.findings(check);
            assert_eq!(
                found.first().map(|finding| finding.args["said"].as_str()),
                told,
                "{title}"
            );
        }
    }

    #[test]
    fn years_are_found_in_titles() {
        for (title, year) in [
            ("2024年度乌塘镇领导开展“百千万工程”工作挂点调研台账", Some(2024)),
            ("２０２３年挂点调研台账", Some(2023)),
            ("Site inspections 2025", Some(2025)),
            ("挂点调研台账（乌委〔2023〕84号）", None),
            ("1100号文件台账", None),
            ("挂点调研台账", None),
        ] {
            assert_eq!(year_of(title), year, "{title}");
        }
    }
}
