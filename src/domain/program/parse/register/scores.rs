//! `[register.scores]`: what items are worth, and whether it adds up.

use std::str::FromStr as _;

use rust_decimal::Decimal;

use super::Opened;
use crate::domain::program::{ColumnKind, Form, Item, Scores};

/// Reads the section. Groups of which the points don't come to what the table
/// says of them are refused: a page break has moved a heading.
pub fn read(opened: &Opened<'_>, items: &[Item], forms: &[Form]) -> Option<Scores> {
    let section = opened.section.section("scores");
    if !section.exists() {
        return None;
    }
    let column = section.required_text("column", "self_score");
    let mut sheets = forms.iter().flat_map(|form| &form.sheets);
    let is_number = sheets.any(|sheet| {
        let found = sheet.column(&column);
        found.is_some_and(|(_, own)| matches!(own.kind, ColumnKind::Number { .. }))
    });
    if !is_number && !column.is_empty() {
        let message = format!("没有 key 为“{column}”的数字列。");
        section.report("column", message, "应为 type = \"number\" 的列的 key。");
    }
    let points = section.required_text("points", "分值");
    let place = opened.place_of(&section, "points", &points);
    let whole = section.text("section_points").filter(|header| !header.is_empty());
    let whole = whole.and_then(|header| opened.place_of(&section, "section_points", &header));
    if let (Some(place), Some(whole)) = (place, whole) {
        let mut groups: Vec<(&str, Decimal, Decimal)> = Vec::new();
        for item in items {
            let number = |place: usize| Decimal::from_str(item.cells.get(place)?).ok();
            let (Some(own), Some(most)) = (number(place), number(whole)) else {
                continue;
            };
            match groups.iter_mut().find(|(name, ..)| *name == item.group) {
                Some((_, sum, _)) => *sum += own,
                None => groups.push((&item.group, own, most)),
            }
        }
        for (name, sum, most) in groups {
            if sum != most {
                section.report(
                    "section_points",
                    format!("“{name}”写明{most}分，其下各项相加是{sum}分。"),
                    "核对各项归在哪一组：跨页的合并格常常错位。",
                );
            }
        }
    }
    Some(Scores {
        column,
        points,
        rank: section.boolean("rank").unwrap_or(false),
    })
}
