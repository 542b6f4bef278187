//! A programme that shares nothing with Wutang: English, quarterly, two
//! sheets, numbers, a list of values, rules across columns, no places.

use std::fs;
use std::path::Path;

use rust_xlsxwriter::Workbook;
use taizhang::domain::finding::Verdict;

use crate::harness::{TestSite, cells, names, read, save_with};

pub async fn site() -> TestSite {
    let site = TestSite::with(|root| {
        let target = root.join("templates/programs/site-inspections");
        fs::create_dir_all(&target).unwrap();
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/programs/site-inspections");
        for entry in fs::read_dir(source).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), target.join(entry.file_name())).unwrap();
        }
    })
    .await;
    // The second quarter has ended and isn't closed.
    site.at("2024-07-05T09:00:00+08:00");
    site
}

/// A ledger as a depot types it; one tuple a row: date, area, found, closed, severity.
pub fn ledger(depot: &str, rows: &[(&str, &str, &str, &str, &str)]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("Inspections").unwrap();
    for (at, text) in [
        "Site inspections Q2 2024".to_owned(),
        format!("Depot: {depot}"),
        "Quarter: 2024-Q2".into(),
    ]
    .iter()
    .enumerate()
    {
        sheet.write_string(u32::try_from(at).unwrap(), 0, text).unwrap();
    }
    sheet.write_string(3, 0, "Prepared by: Bea Hill").unwrap();
    for (at, header) in [
        "No.",
        "Inspected on",
        "Area",
        "Defects found",
        "Defects closed",
        "Worst severity",
        "Remarks",
    ]
    .iter()
    .enumerate()
    {
        sheet
            .write_string(4, u16::try_from(at).unwrap(), *header)
            .unwrap();
    }
    for (n, row) in rows.iter().enumerate() {
        let at = 5 + u32::try_from(n).unwrap();
        sheet.write_number(at, 0, f64::from(at - 4)).unwrap();
        sheet.write_string(at, 1, row.0).unwrap();
        sheet.write_string(at, 2, row.1).unwrap();
        for (column, text) in [(3, row.2), (4, row.3)] {
            match text.parse::<f64>() {
                Ok(number) => sheet.write_number(at, column, number).unwrap(),
                Err(_) => sheet.write_string(at, column, text).unwrap(),
            };
        }
        sheet.write_string(at, 5, row.4).unwrap();
    }
    let sheet = book.add_worksheet();
    sheet.set_name("Equipment").unwrap();
    for (at, header) in ["Equipment", "Hours run", "Condition"].iter().enumerate() {
        sheet
            .write_string(0, u16::try_from(at).unwrap(), *header)
            .unwrap();
    }
    sheet.write_string(1, 0, "Forklift 2").unwrap();
    sheet.write_number(1, 1, 120.5).unwrap();
    sheet.write_string(1, 2, "Good").unwrap();
    book.save_to_buffer().unwrap()
}

fn path(site: &TestSite, below: &str) -> std::path::PathBuf {
    site.site.options.watch.join("Site inspections").join(below)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_good_ledger_is_merged_sheet_by_sheet() {
    let site = site().await;
    let rows = [
        ("2024-05-14", "Loading bay", "3", "2", "high"),
        ("2024-06-03", "Yard", "1", "1", "Minor"),
    ];
    let with_remark = {
        let file = site.root().join("x.xlsx");
        fs::write(&file, ledger("North depot", &rows)).unwrap();
        save_with(
            &read(&file),
            &[("Inspections", "G6", "Bay closed at once, part replaced.")],
        )
    };
    fs::write(path(&site, "North depot/q2.xlsx"), with_remark).unwrap();
    site.run().await;
    let record = site.last().await;
    assert!(
        record.verdict.is_accepted(),
        "{:?}",
        site.site.store.findings(record.id).await
    );
    assert_eq!(
        (record.row_count, record.period.unwrap().to_string()),
        (Some(3), "2024-Q2".to_owned())
    );
    assert!(path(&site, "North depot/2024-Q2 accepted version 1.txt").exists());
    let receipt = fs::read_to_string(path(&site, "North depot/accepted/2024-Q2/receipt.txt")).unwrap();
    assert!(receipt.contains("accepted with 3 rows"), "{receipt}");
    let master = read(
        &site
            .site
            .options
            .output
            .join("Site inspections/2024-Q2/master.xlsx"),
    );
    let chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    for name in names(&master) {
        assert!(!chinese(name), "{name}");
        for (at, text) in cells(&master, name) {
            assert!(!chinese(&text), "{name}!{at}: {text}");
        }
    }
    let sums = cells(&master, "Defects by depot");
    assert!(sums.values().any(|text| text == "4"), "{sums:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_numbers_and_lists_are_checked_and_the_copy_is_english() {
    let site = site().await;
    let rows = [
        ("2024-05-14", "Loading bay", "1", "2", "Minor"),
        ("2024-06-03", "Yard", "501", "1", "terrible"),
        ("2024-06-04", "Gate", "many", "0", "Critical"),
    ];
    fs::write(path(&site, "South depot/q2.xlsx"), ledger("South depot", &rows)).unwrap();
    site.run().await;
    assert_eq!(site.last().await.verdict, Verdict::Returned);
    let codes = site.codes().await;
    for code in ["rule-broken", "number-unreadable", "not-in-list", "rule-doubtful"] {
        assert!(codes.contains(&code), "{code} is missing from {codes:?}");
    }
    let copy = read(&path(&site, "South depot/returned/2024-Q2/q2 (review).xlsx"));
    let text: String = names(&copy)
        .iter()
        .flat_map(|name| cells(&copy, name).into_values())
        .collect();
    assert!(text.contains("More defects closed than found."));
    assert!(
        !text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)),
        "{text}"
    );
}
