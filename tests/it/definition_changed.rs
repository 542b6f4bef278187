//! A form whose columns change while ledgers of its period are there already.

use std::collections::BTreeMap;
use std::fs;

use crate::harness::{PROGRAM, TestSite, cells, read};

/// The texts of each column of 明细, under its header, and of the sheet of
/// leaders, whose figures come from dates, places and numbers.
fn shown(site: &TestSite) -> (BTreeMap<String, Vec<String>>, BTreeMap<String, String>) {
    let book = read(&site.output("汇总台账.xlsx"));
    let detail = cells(&book, "明细");
    let split = |at: &str| {
        let letters = at.trim_end_matches(|c: char| c.is_ascii_digit());
        (letters.to_owned(), at[letters.len()..].parse::<u32>().unwrap())
    };
    let header = detail
        .iter()
        .find(|(_, text)| *text == "调研内容")
        .map(|(at, _)| split(at).1)
        .expect("a header");
    let mut columns: BTreeMap<String, (String, Vec<(u32, String)>)> = BTreeMap::new();
    for (at, text) in &detail {
        let (column, row) = split(at);
        if row == header {
            columns.entry(column).or_default().0.clone_from(text);
        } else if row > header {
            columns.entry(column).or_default().1.push((row, text.clone()));
        }
    }
    let texts = columns.into_values().map(|(header, mut texts)| {
        texts.sort();
        (header, texts.into_iter().map(|(_, text)| text).collect())
    });
    (texts.collect(), cells(&book, "按领导"))
}

#[tokio::test(flavor = "multi_thread")]
async fn values_stay_under_their_headers_when_a_column_is_added() {
    let site = TestSite::new().await;
    site.drop_sample("吴垂超11月台账.xlsx", "吴垂超")
        .drop_sample("庞 兴11月台账.xlsx", "庞兴")
        .run()
        .await;
    let (before, leaders) = shown(&site);
    assert!(before["调研内容"].len() > 3);
    // The office adds a column in the middle, without a
    // new version of the form: nobody told it to.
    let path = site
        .root()
        .join(format!("templates/programs/{PROGRAM}/program.toml"));
    let text = fs::read_to_string(&path).unwrap();
    let start = "[[form.sheet.column]]\nkey = ";
    let (head, rest) = text.split_once(&format!("{start}\"content\"")).unwrap();
    let added = "[[form.sheet.column]]\nkey = \"weather\"\nheader = \"天气\"\ntype = \"text\"\nrequired = false\nwidth = 8\n\n";
    fs::write(&path, format!("{head}{added}{start}\"content\"{rest}")).unwrap();
    assert!(site.site.reload(), "{:?}", site.site.problems());
    site.run().await;
    let (mut after, leaders_after) = shown(&site);
    assert!(
        after
            .remove("天气")
            .is_some_and(|texts| texts.iter().all(String::is_empty))
    );
    assert_eq!(after, before);
    assert_eq!(leaders_after, leaders);
}
