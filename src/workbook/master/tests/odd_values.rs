//! Values that no form asked for.

use super::*;

#[test]
fn large_texts_and_names_are_taken() {
    let mut site = Site::november();
    site.ledgers[0].1[0].cells[3] = "长".repeat(40_000).into();
    site.ledgers[0].1[0].cells[4] = "440823199001011234".into();
    let (book, print) = site.write();
    assert_eq!(Fingerprint::of(&book), print);
    let all = texts(&book.sheets[0]).concat().concat();
    assert!(!all.contains("440823199001011234"));
}

#[test]
fn no_text_becomes_a_formula_when_its_cell_is_edited() {
    use crate::workbook::style::quoted::proof::assert_quoted;
    let live = ["=1+1", "+86", "-", "@x", "＝A1"];
    let mut odd = row("2024-11-05", "乌塘圩村", 1);
    odd.cells = vec!["=1+1".into(); odd.cells.len()];
    odd.extras = vec![("@extra".into(), "-extra".into())];
    let mut site = Site::new(vec![(0, vec![odd.clone(), row("2024-11-06", "边板村", 2)])]);
    // What is new and what is gone stands in 变动, which is XML of our own.
    let unit = site.program.roster.units[0].id.clone();
    let form = site.program.material.forms()[0].clone();
    site.version = 2;
    site.changes = unit_change(
        &form,
        &unit,
        &[row("2024-11-05", "边板村", 1)],
        std::slice::from_ref(&odd),
    )
    .into_iter()
    .collect();
    let key = row_keys(&form, &unit, &[odd])[0].to_string();
    for (column, text) in OfficeColumn::ALL.into_iter().zip(live) {
        site.remarks.set(&key, column.clone(), text);
        site.remarks.set("gone", column, text);
    }
    let (path, print) = site.write_to("a.xlsx");
    assert_quoted(&std::fs::read(&path).unwrap());
    assert_eq!(Fingerprint::of(&read(&path)), print, "reading doesn't change");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn nothing_becomes_a_formula_and_nothing_is_lost(
        cells in prop::collection::vec("[=+@-]?[ -~\u{4e00}-\u{4e20}\n\t\u{1}]{0,12}", 8)
    ) {
        let mut odd = row("2024-11-05", "乌塘圩村", 1);
        odd.cells = cells.into_iter().map(Into::into).collect();
        odd.extras = vec![("=1+1".into(), "=cmd|' /C calc'!A0".into())];
        let site = Site::new(vec![(0, vec![odd])]);
        let (path, print) = site.write_to("a.xlsx");
        prop_assert_eq!(Fingerprint::of(&read(&path)), print);
        let mut zip = zip::ZipArchive::new(std::fs::File::open(&path).unwrap()).unwrap();
        for index in 0..zip.len() {
            let mut entry = zip.by_index(index).unwrap();
            if entry.name().unwrap().starts_with("xl/worksheets/sheet") {
                let mut xml = String::new();
                std::io::Read::read_to_string(&mut entry, &mut xml).unwrap();
                prop_assert!(!xml.contains("<f>") && !xml.contains("<f "), "{}", xml);
            }
        }
    }
}

#[test]
fn no_sheet_bears_a_name_that_excel_keeps_or_that_is_borne() {
    let names = ["明细".to_owned(), "明细(2)".to_owned()];
    assert_eq!(crate::workbook::master::free_name(&names, "明细"), "明细(3)");
    assert_eq!(crate::workbook::master::free_name(&[], "History"), "History(2)");
    assert_eq!(
        crate::workbook::master::free_name(&["history(2)".to_owned()], "History"),
        "History(3)"
    );
    assert_eq!(crate::workbook::master::free_name(&[], "a/b"), "a_b");
}
