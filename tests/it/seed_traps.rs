//! The traps of the five source documents: each is handled and proved, or
//! listed for the office to decide (`tests/data/seed_traps.csv`).

mod hengli;
mod qianshui;
mod table;
mod wutang;
mod xinhui;
mod zhanjiang;

use taizhang::domain::table::Workbook;

use crate::harness::{TestSite, read};

/// The form that lies ready for a unit: `period` and `matter` as its name has them.
fn form(site: &TestSite, unit: &str, name: &str) -> Workbook {
    read(&site.share(&format!("{unit}/本期填报表/{name}（{unit}）.xlsx")))
}

/// A workbook that tells nothing but what stands in its cells.
fn without_stamp(book: &Workbook) -> Workbook {
    let mut book = book.clone();
    book.properties.clear();
    book
}

/// Runs a site until its forms lie ready.
async fn with_forms(site: TestSite) -> TestSite {
    for _ in 0..3 {
        site.run().await;
    }
    site
}

/// The name of the unit that a file was taken for.
async fn taken_for(site: &TestSite, program: &str, file: &str) -> String {
    let records = site.records().await;
    let record = records.iter().rev().find(|own| own.file_name == file);
    let unit = record
        .unwrap_or_else(|| panic!("{file} was not taken"))
        .unit
        .clone();
    let program = site.site.program(program).unwrap();
    unit.and_then(|id| program.roster.unit(&id).map(|unit| unit.name.clone()))
        .unwrap_or_default()
}
