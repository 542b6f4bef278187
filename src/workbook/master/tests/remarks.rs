//! What the office writes, through sorting and new versions.

use super::*;

#[test]
fn remarks_follow_their_rows_through_sorting_and_new_versions() {
    let mut site = Site::november();
    let (mut book, _) = site.write();
    let detail = &mut book.sheets[2];
    put(detail, 2, "领导批示", "请  跟进\r\n边板村");
    put(detail, 5, "办理情况", "=已办");
    // The office sorts, and inserts a column before all others and a line above.
    detail.rows[HEADER + 1..].reverse();
    for (index, row) in (1..).zip(&mut detail.rows) {
        row.index = index;
        for cell in &mut row.cells {
            cell.column += 1;
        }
    }
    let edits = read_remarks(&book, &site.remarks);
    assert_eq!(edits.len(), 2);
    for edit in &edits {
        site.remarks.set(&edit.key, edit.column.clone(), &edit.after);
    }
    assert_eq!(read_remarks(&book, &site.remarks), []);
    // A new version of the first ledger puts its rows in another order.
    site.ledgers[0].1.reverse();
    site.ledgers[0].1.insert(0, row("2024-11-20", "乌塘圩村", 0));
    let (book, _) = site.write();
    let detail = sheet(&book, "明细");
    let said = column(detail, "领导批示");
    assert_eq!(
        detail.rows[HEADER + 2].cell(said).unwrap().value.display(),
        "请 跟进\n边板村"
    );
    assert_eq!(read_remarks(&book, &site.remarks), []);
    assert!(!book.sheets.iter().any(|sheet| sheet.name == "未对应批示"));
    // Its row goes: the remark stands on a sheet of its own.
    site.ledgers.remove(0);
    let (book, _) = site.write();
    let orphans = texts(sheet(&book, "未对应批示"));
    assert_eq!(
        orphans[2],
        [
            "洪文泽挂点组",
            "2024年11月5日 边板村",
            "领导批示",
            "请 跟进\n边板村"
        ]
    );
    assert_eq!(
        read_remarks(&book, &site.remarks),
        [],
        "an absent row clears nothing"
    );
}

#[test]
fn a_cleared_remark_goes_and_a_copied_row_is_joined() {
    let mut site = Site::november();
    let keys = row_keys(&site.program.material.forms()[0], "U01", &site.ledgers[0].1);
    let key = keys[0].to_string();
    site.remarks.set(&key, OfficeColumn::Instruction, "请跟进");
    let (book, _) = site.write();
    let mut cleared = book.clone();
    put(&mut cleared.sheets[2], 1, "领导批示", " ");
    let edits = read_remarks(&cleared, &site.remarks);
    assert_eq!(
        (edits[0].before.as_str(), edits[0].after.as_str()),
        ("请跟进", "")
    );
    let mut copied = book.clone();
    let mut twin = copied.sheets[2].rows[HEADER + 1].clone();
    twin.index = 50;
    copied.sheets[2].rows.push(twin);
    put(&mut copied.sheets[2], 6, "领导批示", "再核");
    assert_eq!(read_remarks(&copied, &site.remarks)[0].after, "请跟进；再核");
}
