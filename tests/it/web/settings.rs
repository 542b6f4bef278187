//! 设置: who may change what, what is shown before, and that nothing that a
//! person wrote is lost.

mod accounts;
mod aliases;
mod holidays;
mod hostile;
mod kept;
mod programs;
mod rights;
mod rosters;
mod service;

use std::fs;
use std::path::PathBuf;

use rust_xlsxwriter::Workbook;
use taizhang::domain::source_table::SourceTable;
use taizhang::store::JournalLine;

use super::*;

const HERE: &str = "/settings/programs/wutang-visits";

/// The hidden fields of the page's own form, as a browser sends them.
fn fields(answer: &Answer) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for part in answer.text.split("<input type=\"hidden\" name=\"").skip(1) {
        let (name, rest) = part.split_once("\" value=\"").unwrap();
        let value = rest.split('"').next().unwrap();
        found.push((
            name.to_owned(),
            value.replace("&#x2f;", "/").replace("&#10;", "\n"),
        ));
    }
    // The first token is that of the form for logging out.
    found.remove(0);
    found
}

async fn send(browser: &mut Browser, path: &str, own: &[(String, String)], more: &[(&str, &str)]) -> Answer {
    let mut all: Vec<(&str, &str)> = own.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    all.extend_from_slice(more);
    browser.post(path, &all).await
}

/// A file of a programme's folder.
fn file(page: &Page, program: &str, name: &str) -> PathBuf {
    page.site
        .root()
        .join("templates/programs")
        .join(program)
        .join(name)
}

fn roster(page: &Page) -> PathBuf {
    file(page, PROGRAM, "roster.csv")
}

/// Files of the roster's folder that were kept when another took their place.
fn kept(page: &Page, name: &str) -> Vec<PathBuf> {
    let folder = roster(page).parent().unwrap().to_owned();
    let mut all: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| {
            let own = path.file_name().unwrap().to_str().unwrap();
            own.starts_with(&format!("{name}.")) && path.extension() == Some("bak".as_ref())
        })
        .collect();
    all.sort();
    all
}

/// What waits to be decided about.
fn waiting(page: &Page) -> usize {
    let folder = page.own().options.data.join("uploads");
    fs::read_dir(folder).map_or(0, Iterator::count)
}

/// A workbook with these rows.
fn book(rows: &[Vec<String>]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in (0..).zip(rows) {
        for (column, text) in (0..).zip(cells) {
            sheet.write_string(row, column, text).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

/// The rows of the roster's file, its header first.
fn rows(page: &Page) -> Vec<Vec<String>> {
    let table = SourceTable::from_csv(&fs::read_to_string(roster(page)).unwrap()).unwrap();
    let rows = table.rows.into_iter().map(|(_, cells)| cells);
    std::iter::once(table.header).chain(rows).collect()
}

/// Hands a table in; gives where its changes are shown.
async fn hand_in(browser: &mut Browser, bytes: &[u8]) -> String {
    let answer = handed_in(browser, "units", bytes).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    answer.to().to_owned()
}

async fn handed_in(browser: &mut Browser, table: &str, bytes: &[u8]) -> Answer {
    let token = browser.token().await;
    let own = [
        ("token", token.as_str()),
        ("table", table),
        ("until", "2024-12-02"),
    ];
    browser.upload(&format!("{HERE}/upload"), &own, Some(bytes)).await
}

/// The last line of the journal of a kind.
async fn last(page: &Page, what: &str) -> Option<JournalLine> {
    let journal = page.own().store.journal().await.unwrap();
    journal.into_iter().rfind(|line| line.what == what)
}
