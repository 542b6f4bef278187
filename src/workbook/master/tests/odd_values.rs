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
