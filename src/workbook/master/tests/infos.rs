//! 供参考.

use super::*;

#[test]
fn what_is_only_worth_a_look_stands_on_a_sheet_of_its_own() {
    let mut site = Site::november();
    assert!(!site.write().0.sheets.iter().any(|sheet| sheet.name == "供参考"));
    site.infos = vec![Info {
        unit: "袁庆挂点组".into(),
        place: "台账 E6".into(),
        message: "“调研成效”与2024年10月台账第6行文字高度相似（96%）。".into(),
        row: "2024年11月5日｜浩发村｜盘活鱼塘".into(),
        before: "2024年10月8日｜浩发村｜盘活鱼塘".into(),
    }];
    let (book, _) = site.write();
    let sheet = book.sheets.iter().find(|sheet| sheet.name == "供参考").unwrap();
    let texts: Vec<String> = sheet
        .rows
        .iter()
        .flat_map(|row| row.cells.iter().map(|cell| cell.value.display().to_string()))
        .collect();
    for words in ["上期该行", "袁庆挂点组", "2024年10月8日｜浩发村｜盘活鱼塘"] {
        assert!(texts.iter().any(|text| text == words), "{words}: {texts:?}");
    }
}
