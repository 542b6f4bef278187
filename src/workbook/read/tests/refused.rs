//! What is refused, and what it is called.

use super::*;

#[test]
fn every_limit_holds() {
    let bytes = simple().save_to_buffer().unwrap();
    let whole = Limits::default();
    for (name, limits) in [
        (
            "entries",
            Limits {
                entries: 3,
                ..whole.clone()
            },
        ),
        (
            "declared size",
            Limits {
                uncompressed: 2000,
                ..whole.clone()
            },
        ),
        (
            "ratio",
            Limits {
                ratio: 1,
                ratio_from: 100,
                ..whole.clone()
            },
        ),
        (
            "sheets",
            Limits {
                sheets: 0,
                ..whole.clone()
            },
        ),
        (
            "cells",
            Limits {
                cells: 0,
                ..whole.clone()
            },
        ),
    ] {
        let refused = read_within(&bytes, &limits).unwrap_err();
        assert!(matches!(refused, ReadFailure::TooLarge(_)), "{name}: {refused}");
    }
}

#[test]
fn entity_declarations_are_refused_wherever_they_stand() {
    let bytes = simple().save_to_buffer().unwrap();
    for part in [
        "xl/workbook.xml",
        "xl/sharedStrings.xml",
        "xl/worksheets/sheet1.xml",
        "xl/styles.xml",
    ] {
        let bad = edited(&bytes, part, |xml| {
            xml.replacen("?>", "?><!DOCTYPE a [<!ENTITY b \"c\">]>", 1)
        });
        let refused = read(&bad).unwrap_err();
        assert!(refused.to_string().contains("实体"), "{part}: {refused}");
    }
}

#[test]
fn files_that_are_no_workbooks_are_named() {
    let is_unreadable = |bytes: &[u8]| matches!(read(bytes), Err(ReadFailure::Unreadable(_)));
    assert_eq!(
        read(b"<html><table>"),
        Err(ReadFailure::UnsupportedType("网页".into()))
    );
    assert_eq!(read(b"%PDF-1.4"), Err(ReadFailure::UnsupportedType("PDF".into())));
    assert!(is_unreadable(b""));
    let bytes = simple().save_to_buffer().unwrap();
    assert!(is_unreadable(&bytes[..bytes.len() / 2]));
    let missing = read_in_process(std::path::Path::new("/nowhere/at/all.xlsx"), &Limits::default());
    assert!(matches!(missing, Err(ReadFailure::Unreadable(_))));
}

#[test]
fn a_flipped_bit_is_damage_and_no_other_figure() {
    let mut book = Written::new();
    let sheet = book.add_worksheet();
    for row in 0..50 {
        sheet.write(row, 0, row * 7919).unwrap();
    }
    let bytes = book.save_to_buffer().unwrap();
    let good = read(&bytes).unwrap();
    for at in (0..bytes.len()).step_by(61) {
        let mut bad = bytes.clone();
        bad[at] ^= 0x10;
        if let Ok(book) = read(&bad) {
            assert_eq!(book.sheets, good.sheets, "byte {at}");
        }
    }
}
