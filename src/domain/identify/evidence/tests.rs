mod periods;
mod units;

use std::collections::BTreeMap;

use super::*;
use crate::domain::calendar::Calendar;
use crate::domain::identify::sample::{id, name, names, program};
use crate::domain::identify::{History, Origin};
use crate::domain::ledger::{
    DataRow, DateReading, DateSpan, Field, FillValue, Header, Parsed, PlaceReading, Reading, SheetReading,
    Titled,
};
use crate::domain::table::{FileKind, Pos, Value, Workbook};

/// One file, as a test describes it.
#[derive(Default)]
struct File<'a> {
    name: &'a str,
    origin: Origin,
    fill: &'a [(&'a str, &'a str)],
    title: &'a str,
    sheet: &'a str,
    /// Date, place and remark of each row.
    rows: &'a [(&'a str, &'a str, &'a str)],
    stamp: &'a str,
    /// A column that the form doesn't have: its header, and its value in each row.
    column: (&'a str, &'a [&'a str]),
    accepted: &'a [(&'a str, &'a str)],
    now: &'a str,
}

impl History for File<'_> {
    fn is_accepted(&self, unit: &UnitId, period: &Period) -> bool {
        self.accepted
            .contains(&(name(unit).as_str(), period.to_string().as_str()))
    }
}

impl File<'_> {
    fn reading(&self) -> Reading {
        let pos = Pos::new(1, 0);
        let sheet = if self.sheet.is_empty() {
            "台账"
        } else {
            self.sheet
        };
        let fill = self.fill.iter().map(|(key, value)| FillValue {
            key: (*key).into(),
            value: (*value).into(),
            sheet: sheet.into(),
            pos,
        });
        Reading {
            fill: fill.collect(),
            title: (!self.title.is_empty()).then(|| Titled {
                sheet: sheet.into(),
                pos,
                text: self.title.into(),
            }),
            sheets: vec![SheetReading {
                sheet: sheet.into(),
                hidden: false,
                header: Header {
                    form_sheet: 0,
                    first_row: 3,
                    last_row: 3,
                    columns: (0..8).map(Some).collect(),
                    extras: vec![(8, self.column.0.to_owned())],
                    ..Header::default()
                },
                rows: self
                    .rows
                    .iter()
                    .enumerate()
                    .map(|(at, own)| self.row(at, own))
                    .collect(),
                ..SheetReading::default()
            }],
            set_aside: Vec::new(),
            excess: None,
            without_header: Vec::new(),
        }
    }

    fn row(&self, at: usize, own: &(&str, &str, &str)) -> DataRow {
        let value = self.column.1.get(at).copied().unwrap_or_default();
        DataRow {
            extras: vec![value.to_owned()],
            ..row(own)
        }
    }

    fn identify(&self) -> Identity {
        let program = program();
        let calendar = Calendar::default();
        let now = if self.now.is_empty() {
            "2024-12-02"
        } else {
            self.now
        };
        let day: chrono::NaiveDate = now.parse().unwrap();
        let zone = chrono_tz::Asia::Shanghai;
        let now = crate::domain::dates::civil(zone, day, chrono::NaiveTime::from_hms_opt(9, 0, 0).unwrap());
        let mut origin = self.origin.clone();
        origin.file_name = self.name.to_owned();
        let stamps = [(crate::domain::stamp::UNIT, self.stamp)];
        let workbook = Workbook {
            kind: FileKind::Xlsx,
            sheets: Vec::new(),
            properties: stamps
                .into_iter()
                .filter(|(_, stamp)| !stamp.is_empty())
                .map(|(key, stamp)| (key.to_owned(), stamp.to_owned()))
                .collect::<BTreeMap<_, _>>(),
            times: crate::domain::table::FileTimes::default(),
            page_texts: Vec::new(),
            has_macros: false,
            has_external_links: false,
        };
        identify(&Clues {
            program: &program,
            origin: &origin,
            workbook: Some(&workbook),
            reading: Some(&self.reading()),
            standing: self,
            calendar: &calendar,
            now,
        })
    }

    /// Unit, period, held, codes.
    fn told(&self) -> (Option<String>, Option<String>, bool, Vec<&'static str>) {
        let found = self.identify();
        let codes = found
            .findings
            .iter()
            .map(|finding| finding.code.as_str())
            .collect();
        (
            found.unit.map(name),
            found.period.map(|period| period.to_string()),
            found.held,
            codes,
        )
    }
}

fn row((date, place, remark): &(&str, &str, &str)) -> DataRow {
    let field = |text: &str, parsed: Parsed| Field {
        pos: Some(Pos::new(5, 0)),
        value: Value::Text(text.into()),
        text: text.into(),
        formula: false,
        filled_down: false,
        parsed,
    };
    let spans = date.parse().ok().map(DateSpan::day).into_iter().collect();
    let dates = DateReading {
        spans,
        ..DateReading::default()
    };
    let found = PlaceReading {
        written: (*place).to_owned(),
        place: (!place.is_empty()).then(|| (*place).to_owned()),
        abbreviated: false,
        candidates: Vec::new(),
    };
    let blank = || field("", Parsed::Blank);
    DataRow {
        row: 5,
        fields: vec![
            blank(),
            field(date, Parsed::Dates(dates)),
            field(place, Parsed::Places(vec![found])),
            blank(),
            blank(),
            blank(),
            blank(),
            blank(),
            field(remark, Parsed::Text),
        ],
        extras: Vec::new(),
        explanation: String::new(),
        hidden: false,
    }
}

fn in_folder(unit: &str) -> Origin {
    Origin {
        folder_unit: Some(id(unit)),
        ..Origin::default()
    }
}

fn is(file: &File<'_>, unit: Option<&str>, period: &str, held: bool, codes: &[&str]) {
    let expected = (
        unit.map(str::to_owned),
        Some(period.to_owned()),
        held,
        codes.to_vec(),
    );
    assert_eq!(file.told(), expected, "{}", file.name);
}

const NOVEMBER: &[(&str, &str, &str)] = &[("2024-11-05", "", ""), ("2024-11-12", "", "")];

#[test]
fn a_plain_ledger_is_told_by_its_fill_lines() {
    let file = File {
        name: "庞 兴11月台账.xlsx",
        fill: &[
            ("leader", "庞 兴"),
            ("unit", "庞兴挂点组"),
            ("period", "2024年11月"),
        ],
        rows: NOVEMBER,
        ..File::default()
    };
    is(&file, Some("庞兴"), "2024-11", false, &[]);
    let found = file.identify();
    let unit: Vec<_> = found.evidence.iter().filter(|own| own.about == "unit").collect();
    assert_eq!(unit[0].source, Source::FillLine);
    assert!(
        found
            .evidence
            .windows(2)
            .all(|pair| pair[0].weight >= pair[1].weight)
    );
}

#[test]
fn a_name_in_the_brackets_of_the_title_counts() {
    let file = File {
        name: "工作簿1.xlsx",
        title: "2024年度督查（黄景连）",
        rows: NOVEMBER,
        ..File::default()
    };
    is(&file, Some("黄景连"), "2024-11", false, &[]);
}

#[test]
fn an_unknown_unit_beside_a_known_leader_or_folder_is_only_recorded() {
    let mut file = File {
        name: "台账.xlsx",
        fill: &[("leader", "林强"), ("unit", "镇财政所"), ("period", "11月")],
        rows: NOVEMBER,
        ..File::default()
    };
    is(&file, Some("林强"), "2024-11", false, &[]);
    assert_eq!(file.identify().unknown_name.as_deref(), Some("镇财政所"));
    file.fill = &[("unit", "镇财政所")];
    file.origin = in_folder("林强");
    is(&file, Some("林强"), "2024-11", false, &[]);
    file.origin = Origin::default();
    is(&file, None, "2024-11", true, &["unit-not-in-roster"]);
    file.fill = &[("unit", "洪文择")];
    let found = file.identify();
    assert_eq!(
        names(&found.candidates),
        ["洪文泽"],
        "a near name is only suggested"
    );
    assert_eq!(found.findings[0].args["similar"], "洪文泽");
    assert_eq!(
        found.findings[0].args["contact"],
        "乌塘镇“百千万工程”指挥部办公室"
    );
}

#[test]
fn a_folder_against_the_form_is_a_mismatch_unless_claimed() {
    let mut file = File {
        name: "庞兴11月.xlsx",
        origin: in_folder("林强"),
        fill: &[("leader", "庞兴")],
        rows: NOVEMBER,
        ..File::default()
    };
    is(&file, Some("林强"), "2024-11", false, &["unit-mismatch"]);
    let found = file.identify();
    assert!(found.mismatch);
    assert_eq!(found.findings[0].args["folder_unit"], "林强");
    assert_eq!(found.findings[0].args["form_unit"], "庞兴");
    file.origin.placed_by_hand = true;
    assert!(file.identify().mismatch, "moving the file is no claim");
    file.origin.claimed_unit = Some(id("林强"));
    is(&file, Some("林强"), "2024-11", false, &[]);
    // The file's name and a neighbour's stamp never speak against the folder.
    file.origin = in_folder("林强");
    file.fill = &[];
    file.stamp = "吴垂超";
    is(&file, Some("林强"), "2024-11", false, &[]);
}

#[test]
fn without_a_folder_form_against_file_name_is_held() {
    let file = File {
        name: "林强11月台账.xlsx",
        fill: &[("leader", "庞兴")],
        rows: NOVEMBER,
        ..File::default()
    };
    is(&file, None, "2024-11", true, &["unit-mismatch"]);
    assert_eq!(names(&file.identify().candidates), ["庞兴", "林强"]);
}

#[test]
fn places_tell_a_unit_only_when_nobody_shares_them() {
    let mut file = File {
        name: "新建 Microsoft Excel 工作表.xlsx",
        rows: &[("2024-11-06", "边板村", "")],
        ..File::default()
    };
    is(&file, None, "2024-11", true, &["unit-unknown"]);
    assert_eq!(names(&file.identify().candidates), ["洪文泽", "林强"]);
    file.rows = &[("2024-11-06", "边板村", ""), ("2024-11-07", "油河村", "")];
    is(&file, Some("林强"), "2024-11", false, &["unit-inferred"]);
    assert_eq!(file.identify().findings[0].args["basis"], "油河村");
    file.name = "庞村村11月.xlsx";
    is(&file, None, "2024-11", true, &["unit-unknown"]);
    file.name = "边板村11月台账.xlsx";
    is(&file, Some("林强"), "2024-11", false, &["unit-inferred"]);
    file.rows = &[];
    is(&file, None, "2024-11", true, &["unit-unknown"]);
}

#[test]
fn a_stamp_decides_only_where_nothing_speaks_against_it() {
    let mut file = File {
        name: "工作簿1.xlsx",
        rows: &[("2024-11-06", "边板村", "")],
        stamp: "林强",
        ..File::default()
    };
    is(&file, Some("林强"), "2024-11", false, &["unit-inferred"]);
    file.stamp = "庞兴";
    is(&file, None, "2024-11", true, &["unit-unknown"]);
    file.sheet = "规划办";
    is(&file, Some("规划办"), "2024-11", false, &[]);
}

#[test]
fn a_nil_report_needs_no_workbook() {
    let program = program();
    let file = File::default();
    let calendar = Calendar::default();
    let origin = Origin {
        file_name: "本期无.txt".into(),
        ..in_folder("林强")
    };
    let day: chrono::NaiveDate = "2024-12-02".parse().unwrap();
    let found = identify(&Clues {
        program: &program,
        origin: &origin,
        workbook: None,
        reading: None,
        standing: &file,
        calendar: &calendar,
        now: crate::domain::dates::civil(chrono_tz::Asia::Shanghai, day, chrono::NaiveTime::MIN),
    });
    assert!(found.nil_by_name && found.findings.is_empty());
    assert_eq!(found.period, Some(Period::Month(2024, 11)));
}

#[test]
fn a_unit_that_no_longer_reports_is_not_in_the_roster_of_the_period() {
    let mut program = program();
    let unit = program
        .roster
        .units
        .iter_mut()
        .find(|unit| unit.name == "林强")
        .unwrap();
    unit.valid.to = Some("2024-10-31".parse().unwrap());
    let file = File::default();
    let calendar = Calendar::default();
    let origin = Origin {
        file_name: "11月.xlsx".into(),
        ..in_folder("林强")
    };
    let day: chrono::NaiveDate = "2024-12-02".parse().unwrap();
    let found = identify(&Clues {
        program: &program,
        origin: &origin,
        workbook: None,
        reading: None,
        standing: &file,
        calendar: &calendar,
        now: crate::domain::dates::civil(chrono_tz::Asia::Shanghai, day, chrono::NaiveTime::MIN),
    });
    assert_eq!(found.findings[0].code, Code::UnitNotInRoster);
}
