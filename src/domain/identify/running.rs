//! A running workbook: one sheet a month, of which the period's own counts.

use super::period_clues::own_period;
use super::{Clues, read_file_name};
use crate::domain::ledger::{Parsed, Reading, SetAside, SheetReading};
use crate::domain::period::Period;

/// Leaves out the sheets whose own line or name says another period, where
/// another sheet with the same table is the period's own. That is the one that the office or the
/// file's name says, else the open one.
pub fn set_aside(clues: &Clues<'_>, reading: &mut Reading, open: Option<&Period>) {
    if reading.sheets.len() < 2 {
        return;
    }
    let program = clues.program;
    let today = clues.now.date_naive();
    let name = read_file_name(&clues.origin.file_name, &program.roster, &program.cycle, today);
    let claimed = clues.origin.claimed_period.clone();
    let Some(wanted) = claimed.or(name.period).or_else(|| open.cloned()) else {
        return;
    };
    let said: Vec<Option<Period>> = reading
        .sheets
        .iter()
        .map(|sheet| own_period(clues, reading, &sheet.sheet, open))
        .collect();
    // The second table of a form is no other month's first one. A sheet that
    // says nothing is the period's own if all its rows lie in it.
    let is_own = |(sheet, said): &(&SheetReading, &Option<Period>)| match said {
        Some(said) => *said == wanted,
        None => period_of_rows(clues, sheet).as_ref() == Some(&wanted),
    };
    let own: Vec<usize> = (reading.sheets.iter().zip(&said))
        .filter(is_own)
        .map(|(sheet, _)| sheet.header.form_sheet)
        .collect();
    let mut said = said.into_iter();
    let mut left_out = Vec::new();
    reading.sheets.retain(|sheet| {
        let other = said.next().flatten().filter(|period| *period != wanted);
        let Some(period) = other.filter(|_| own.contains(&sheet.header.form_sheet)) else {
            return true;
        };
        let rows = sheet.rows.first().zip(sheet.rows.last());
        left_out.push(SetAside {
            sheet: sheet.sheet.clone(),
            rows: rows.map(|(first, last)| (first.row + 1, last.row + 1)),
            periods: vec![period],
            accepted: 0,
        });
        false
    });
    let stays = |sheet: &str| !left_out.iter().any(|own| own.sheet == sheet);
    reading.fill.retain(|fill| stays(&fill.sheet));
    reading.title = reading.title.take().filter(|title| stays(&title.sheet));
    reading.set_aside = left_out;
}

/// The period in which all dated rows of a sheet lie.
fn period_of_rows(clues: &Clues<'_>, sheet: &SheetReading) -> Option<Period> {
    let fields = sheet.rows.iter().flat_map(|row| &row.fields);
    let mut periods = fields
        .filter_map(|field| match &field.parsed {
            Parsed::Dates(found) => Some(&found.spans),
            _ => None,
        })
        .flatten()
        .map(|span| clues.program.cycle.at(span.from));
    let first = periods.next()??;
    periods
        .all(|other| other.as_ref() == Some(&first))
        .then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::Calendar;
    use crate::domain::identify::sample::program;
    use crate::domain::identify::{History, Origin};
    use crate::domain::ledger::{DataRow, DateReading, DateSpan, Field, FillValue, Header};
    use crate::domain::table::Pos;

    struct Nothing;

    impl History for Nothing {
        fn is_accepted(&self, _: &crate::domain::ids::UnitId, _: &Period) -> bool {
            false
        }
    }

    fn sheet(name: &str, form_sheet: usize) -> SheetReading {
        SheetReading {
            sheet: name.into(),
            header: Header {
                form_sheet,
                ..Header::default()
            },
            ..SheetReading::default()
        }
    }

    /// Sheets by name, table and period line; what stays and what is left out.
    fn left(file: &str, sheets: &[(&str, usize, &str)]) -> (Vec<String>, Vec<String>) {
        let line_of = |(name, _, line): &(&str, usize, &str)| FillValue {
            key: "period".into(),
            value: (*line).into(),
            sheet: (*name).into(),
            pos: Pos::new(1, 0),
        };
        let read = sheets.iter().map(|(name, table, _)| sheet(name, *table));
        left_of(file, read.collect(), sheets.iter().map(line_of).collect())
    }

    fn left_of(name: &str, sheets: Vec<SheetReading>, fill: Vec<FillValue>) -> (Vec<String>, Vec<String>) {
        let (program, calendar) = (program(), Calendar::default());
        let origin = Origin {
            file_name: name.into(),
            ..Origin::default()
        };
        let day = "2024-12-02".parse().unwrap();
        let nine = chrono::NaiveTime::from_hms_opt(9, 0, 0).unwrap();
        let clues = Clues {
            program: &program,
            origin: &origin,
            workbook: None,
            reading: None,
            standing: &Nothing,
            calendar: &calendar,
            now: crate::domain::dates::civil(chrono_tz::Asia::Shanghai, day, nine),
        };
        let mut reading = Reading {
            fill,
            sheets,
            ..Reading::default()
        };
        let open: Period = "2024-11".parse().unwrap();
        set_aside(&clues, &mut reading, Some(&open));
        assert!(
            reading
                .fill
                .iter()
                .all(|fill| reading.sheets.iter().any(|own| own.sheet == fill.sheet))
        );
        (
            reading.sheets.into_iter().map(|own| own.sheet).collect(),
            reading.set_aside.into_iter().map(|own| own.sheet).collect(),
        )
    }

    /// A row of one day.
    fn row_of(day: &str) -> DataRow {
        let dates = DateReading {
            spans: vec![DateSpan::day(day.parse().unwrap())],
            ..DateReading::default()
        };
        let field = Field {
            pos: Some(Pos::new(5, 1)),
            value: crate::domain::table::Value::Text(day.into()),
            text: day.into(),
            formula: false,
            filled_down: false,
            parsed: Parsed::Dates(dates),
        };
        DataRow {
            row: 5,
            fields: vec![field],
            extras: Vec::new(),
            explanation: String::new(),
            hidden: false,
        }
    }

    #[test]
    fn a_sheet_that_says_nothing_speaks_by_its_rows() {
        let dated = |name: &str, days: &[&str]| SheetReading {
            rows: days.iter().map(|day| row_of(day)).collect(),
            ..sheet(name, 0)
        };
        for (days, stay) in [
            (&["2024-11-05", "2024-11-12"][..], &["本月"][..]),
            // Not all of them, and none at all.
            (&["2024-11-05", "2024-10-12"], &["10月", "本月"]),
            (&[], &["10月", "本月"]),
        ] {
            let (left, _) = left_of(
                "林强.xlsx",
                vec![dated("10月", &["2024-10-08"]), dated("本月", days)],
                Vec::new(),
            );
            assert_eq!(left, stay, "{days:?}");
        }
    }

    #[test]
    fn the_sheet_of_the_period_counts() {
        let names = |names: &[&str]| -> Vec<String> { names.iter().map(|name| (*name).to_owned()).collect() };
        for (file, sheets, stay, out) in [
            // By the sheets' names, and by their lines, which say more.
            (
                "林强.xlsx",
                &[("10月", 0, ""), ("11月", 0, "")][..],
                &["11月"][..],
                &["10月"][..],
            ),
            (
                "林强.xlsx",
                &[("甲", 0, "2024年10月"), ("乙", 0, "2024年11月")],
                &["乙"],
                &["甲"],
            ),
            (
                "林强2024年10月.xlsx",
                &[("10月", 0, ""), ("11月", 0, "")],
                &["10月"],
                &["11月"],
            ),
            // A sheet that says nothing stays; without the period's own one all do.
            (
                "林强.xlsx",
                &[("11月", 0, ""), ("附表", 0, "")],
                &["11月", "附表"],
                &[],
            ),
            (
                "林强.xlsx",
                &[("9月", 0, ""), ("10月", 0, "")],
                &["9月", "10月"],
                &[],
            ),
            // The form's second table with a stale line is not another month's first.
            (
                "林强.xlsx",
                &[("甲", 0, "2024年11月"), ("乙", 1, "2024年10月")],
                &["甲", "乙"],
                &[],
            ),
        ] {
            assert_eq!(left(file, sheets), (names(stay), names(out)), "{file} {sheets:?}");
        }
    }
}
