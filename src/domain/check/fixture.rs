//! A small programme and a ledger of it, for the tests of the checks. Every
//! finding that a test looks at is worded strictly in both languages, so the
//! catalogue can't miss a value that a check gives, or ask for one it doesn't.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::case::{Case, Cell, first_date};
use super::wording::Words;
use crate::domain::calendar::Calendar;
use crate::domain::finding::Finding;
use crate::domain::fixture;
use crate::domain::identify::Origin;
use crate::domain::language::Language;
use crate::domain::ledger::{
    ContactReading, CountReading, DataRow, DateProblem, DateReading, DateSpan, Field, FillValue, Header,
    LedgerRow, Parsed, PlaceReading, Reading, SheetReading,
};
use crate::domain::messages::Catalogue;
use crate::domain::period::Period;
use crate::domain::program::{Column, Program};
use crate::domain::table::{Cell as TableCell, FileKind, Pos, Row, Sheet, Value, Workbook};

/// The catalogue as shipped.
pub fn catalogue(language: Language) -> Catalogue {
    Catalogue::parse(include_str!("../../../templates/messages.toml"), language).unwrap()
}

/// Words a finding in both languages and hands it back worded in Chinese.
pub fn worded(finding: Finding) -> Finding {
    thread_local! {
        static BOTH: (Catalogue, Catalogue) = (catalogue(Language::English), catalogue(Language::Chinese));
    }
    BOTH.with(|(english, chinese)| {
        let mut finding = finding;
        for language in [english, chinese] {
            let (message, hint) = language
                .render(&finding)
                .unwrap_or_else(|error| panic!("{}: {error:#}", finding.code.as_str()));
            assert!(!message.is_empty(), "{}", finding.code.as_str());
            finding.message = message;
            finding.hint = hint;
        }
        finding
    })
}

/// A sheet with these text cells.
pub fn sheet(name: &str, cells: &[(u32, u16, &str)]) -> Sheet {
    let mut rows: BTreeMap<u32, Vec<TableCell>> = BTreeMap::new();
    for (row, column, text) in cells {
        rows.entry(*row).or_default().push(TableCell {
            column: *column,
            value: Value::Text((*text).into()),
            formula: false,
        });
    }
    Sheet {
        name: name.to_owned(),
        rows: rows
            .into_iter()
            .map(|(index, cells)| Row { index, cells })
            .collect(),
        ..Sheet::default()
    }
}

/// A field as reading would leave it; its position is set by the row.
pub fn field(text: &str, parsed: Parsed) -> Field {
    Field {
        pos: None,
        value: if text.is_empty() {
            Value::Empty
        } else {
            Value::Text(text.into())
        },
        text: text.into(),
        formula: false,
        filled_down: false,
        parsed,
    }
}

/// A text, or nothing.
pub fn text(text: &str) -> Field {
    field(
        text,
        if text.is_empty() {
            Parsed::Blank
        } else {
            Parsed::Text
        },
    )
}

/// A count cell.
pub fn count(text: &str, reading: CountReading) -> Field {
    field(text, Parsed::Count(reading))
}

/// Dates, each `2024-11-05` or `2024-11-05..2024-11-06`.
pub fn dates(spans: &[&str]) -> Parsed {
    let spans = spans
        .iter()
        .map(|span| {
            let (from, to) = span.split_once("..").unwrap_or((span, span));
            DateSpan {
                from: from.parse().unwrap(),
                to: to.parse().unwrap(),
            }
        })
        .collect();
    Parsed::Dates(DateReading {
        spans,
        ..DateReading::default()
    })
}

/// Dates that can't be understood.
pub fn date_problem(problem: DateProblem) -> Parsed {
    Parsed::Dates(DateReading {
        problem: Some(problem),
        ..DateReading::default()
    })
}

/// A place by its full name.
pub fn place(name: &str) -> PlaceReading {
    PlaceReading {
        written: name.to_owned(),
        place: Some(name.to_owned()),
        abbreviated: false,
        candidates: Vec::new(),
    }
}

/// A name that is no single place.
pub fn unknown_place(written: &str, candidates: &[&str]) -> PlaceReading {
    PlaceReading {
        written: written.to_owned(),
        place: None,
        abbreviated: false,
        candidates: candidates.iter().map(|name| (*name).to_owned()).collect(),
    }
}

/// A place cell.
pub fn places(readings: Vec<PlaceReading>) -> Field {
    let written: Vec<&str> = readings.iter().map(|place| place.written.as_str()).collect();
    field(&written.join("、"), Parsed::Places(readings))
}

/// A contact.
pub fn contact(names: &[&str], phones: &[&str], incomplete: bool) -> Parsed {
    let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    Parsed::Contacts(ContactReading {
        names: owned(names),
        phones: owned(phones),
        incomplete,
        unreadable: false,
        masked: false,
    })
}

/// Everything that a case needs, owned.
#[derive(Debug, Clone)]
pub struct Bench {
    pub program: Program,
    pub origin: Origin,
    pub workbook: Workbook,
    pub reading: Reading,
    pub calendar: Calendar,
    pub unit: Option<String>,
    pub period: Option<Period>,
    pub today: NaiveDate,
    pub filled_on: Option<NaiveDate>,
    pub last_rows: Vec<LedgerRow>,
    pub nil: bool,
}

impl Bench {
    /// A ledger of 吴忠强 for November 2024 without rows, on 2 December.
    pub fn new() -> Self {
        let program = fixture::wutang();
        let reading = Reading {
            sheets: vec![sheet_reading(&program)],
            ..Reading::default()
        };
        Self {
            program,
            origin: Origin {
                file_name: "吴忠强2024年11月台账.xlsx".into(),
                ..Origin::default()
            },
            workbook: workbook(vec![sheet("台账", &[])]),
            reading,
            calendar: Calendar::parse("date,kind,name\n2024-10-01,off,国庆节\n").unwrap(),
            unit: Some("U07".into()),
            period: Some(Period::Month(2024, 11)),
            today: "2024-12-02".parse().unwrap(),
            filled_on: None,
            last_rows: Vec::new(),
            nil: false,
        }
    }

    /// The form's column.
    pub fn column(&mut self, key: &str) -> &mut Column {
        let columns = &mut self.program.material.form_mut().sheets[0].columns;
        columns.iter_mut().find(|column| column.key == key).unwrap()
    }

    /// Adds a fill line's value, in A3.
    pub fn fill(mut self, key: &str, value: &str) -> Self {
        self.reading.fill.push(FillValue {
            key: key.into(),
            value: value.into(),
            sheet: "台账".into(),
            pos: Pos::new(2, 0),
        });
        self
    }

    /// Adds a data row; the first stands in row 6. Other cells are empty.
    pub fn row(mut self, cells: &[(&str, Field)]) -> Self {
        let layout = &self.program.material.forms()[0].sheets[0];
        let rows = &mut self.reading.sheets[0].rows;
        let row = 5 + u32::try_from(rows.len()).unwrap();
        let fields = (0..)
            .zip(&layout.columns)
            .map(|(index, column)| Field {
                pos: Some(Pos::new(row, index)),
                ..cells
                    .iter()
                    .find(|(key, _)| *key == column.key)
                    .map_or_else(|| text(""), |(_, field)| field.clone())
            })
            .collect();
        rows.push(DataRow {
            row,
            fields,
            extras: Vec::new(),
            explanation: String::new(),
            hidden: false,
        });
        self
    }

    /// Adds a row without fault: 塘沟村 on 5 November.
    pub fn filled_row(self) -> Self {
        let solved = CountReading {
            count: Some(0),
            stated: Some(0),
            ..CountReading::default()
        };
        self.row(&[
            ("seq", field("1", Parsed::Sequence(Some(1)))),
            ("visit_date", field("2024年11月5日", dates(&["2024-11-05"]))),
            ("village", places(vec![place("塘沟村")])),
            ("content", text("集体经济发展情况")),
            ("effect", text("盘活闲置鱼塘")),
            ("solved", count("0", solved)),
            (
                "contact",
                field("张三；13812345678", contact(&["张三"], &["13812345678"], false)),
            ),
        ])
    }

    /// The case.
    pub fn case(&self) -> Case<'_> {
        let roster = &self.program.roster;
        let span = self
            .period
            .as_ref()
            .and_then(|period| self.program.cycle.span(period));
        let unit = self.unit.as_deref().and_then(|id| roster.unit(id));
        Case {
            program: &self.program,
            form: self.program.material.forms().last().unwrap(),
            origin: &self.origin,
            workbook: &self.workbook,
            reading: &self.reading,
            calendar: &self.calendar,
            words: Words(self.program.language),
            stock_phrases: catalogue(self.program.language).stock_phrases().to_vec().leak(),
            unit,
            period: self.period.as_ref(),
            span,
            today: self.today,
            filled_on: self.filled_on,
            first_date: first_date(&self.reading, span),
            places: roster.places().leak(),
            own_places: unit
                .zip(span)
                .map_or_else(Vec::new, |(unit, span)| roster.places_of(unit, span)),
            last_rows: &self.last_rows,
            nil: self.nil,
            register: None,
        }
    }

    /// What a check of the whole ledger finds.
    pub fn findings(&self, check: fn(&Case<'_>) -> Vec<Finding>) -> Vec<Finding> {
        check(&self.case()).into_iter().map(worded).collect()
    }

    /// Codes and cells of [`Bench::findings`].
    pub fn codes(&self, check: fn(&Case<'_>) -> Vec<Finding>) -> Vec<(&'static str, String)> {
        codes(&self.findings(check))
    }

    /// What a check of a sheet finds on the first.
    pub fn sheet_findings(&self, check: fn(&Case<'_>, &SheetReading) -> Vec<Finding>) -> Vec<Finding> {
        check(&self.case(), &self.reading.sheets[0])
            .into_iter()
            .map(worded)
            .collect()
    }

    /// Codes and cells of [`Bench::sheet_findings`].
    pub fn sheet_codes(
        &self,
        check: fn(&Case<'_>, &SheetReading) -> Vec<Finding>,
    ) -> Vec<(&'static str, String)> {
        codes(&self.sheet_findings(check))
    }

    /// What a check says of one cell in a row of its own.
    pub fn ask(self, check: fn(&Cell<'_>) -> Option<Finding>, key: &str, field: Field) -> Option<Finding> {
        self.row(&[(key, field)]).ask_first(check, key)
    }

    /// What a check says of a cell of the first row.
    pub fn ask_first(&self, check: fn(&Cell<'_>) -> Option<Finding>, key: &str) -> Option<Finding> {
        let case = self.case();
        let cell = case.all_cells().find(|cell| cell.column.key == key).unwrap();
        check(&cell).map(worded)
    }
}

fn codes(findings: &[Finding]) -> Vec<(&'static str, String)> {
    findings
        .iter()
        .map(|finding| (finding.code.as_str(), finding.cell().unwrap_or_default()))
        .collect()
}

/// A workbook of these sheets.
pub fn workbook(sheets: Vec<Sheet>) -> Workbook {
    Workbook {
        kind: FileKind::Xlsx,
        sheets,
        properties: BTreeMap::new(),
        times: crate::domain::table::FileTimes::default(),
        page_texts: Vec::new(),
        has_macros: false,
        has_external_links: false,
    }
}

fn sheet_reading(program: &Program) -> SheetReading {
    let columns = program.material.forms()[0].sheets[0].columns.len();
    SheetReading {
        sheet: "台账".into(),
        hidden: false,
        header: Header {
            form_sheet: 0,
            first_row: 3,
            last_row: 3,
            columns: (0..u16::try_from(columns).unwrap()).map(Some).collect(),
            ..Header::default()
        },
        ..SheetReading::default()
    }
}
