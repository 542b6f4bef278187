use std::io::{Cursor, Write as _};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::super::zip_directory::Directory;
use super::*;

fn kind_of(bytes: &[u8]) -> Sniffed {
    sniff_file(&mut Cursor::new(bytes)).unwrap()
}

fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, text) in parts {
        writer.start_file(*name, stored).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn compound(streams: &[&str]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    for name in streams {
        file.create_stream(name).unwrap().write_all(b"something").unwrap();
    }
    file.into_inner().into_inner()
}

#[test]
fn simple_kinds_are_told_by_their_beginning() {
    use Sniffed::{Attachment, Damaged, Empty, Unsupported};
    let cases: [(&[u8], Sniffed); 26] = [
        (b"", Empty),
        (&[0; 5000], Damaged("文件内容为空白，没有保存完整")),
        (b"%PDF-1.7\n", Attachment("PDF")),
        (b"\xFF\xD8\xFF\xE0\0\x10JFIF", Attachment("照片")),
        (b"\x89PNG\r\n\x1A\n\0\0", Attachment("照片")),
        (b"GIF89a\x01", Attachment("照片")),
        (b"BM\x36\0\x0C\0\0\0\0\0\x36\0\0\0", Attachment("照片")),
        (b"II*\0\x08\0\0\0", Attachment("照片")),
        (b"RIFF\x24\0\0\0WEBPVP8 ", Attachment("照片")),
        (b"\0\0\0\x18ftypheic\0\0\0\0", Attachment("照片")),
        (b"\0\0\0\x18ftypisom\0\0\0\0", Unsupported("视频")),
        (b"{\\rtf1\\ansi", Attachment("Word文档")),
        (b"Rar!\x1A\x07\x01\0", Unsupported("压缩包")),
        (b"7z\xBC\xAF\x27\x1C\0\x04", Unsupported("压缩包")),
        ("\u{FEFF}  <html xmlns:o=\"x\">".as_bytes(), Unsupported("网页")),
        (b"\r\n<!DOCTYPE html><body>", Unsupported("网页")),
        (
            b"<?xml version=\"1.0\"?>\n<?mso-application progid=\"Excel.Sheet\"?>",
            Unsupported("XML表格"),
        ),
        (b"<?xml version=\"1.0\"?><a/>", Unsupported("XML文件")),
        (
            b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n",
            Unsupported("网页"),
        ),
        ("序号,调研时间,村\n1,11.5,官湖村\n".as_bytes(), Unsupported("csv")),
        // 序号,村 in GBK.
        (b"\xD0\xF2\xBA\xC5,\xB4\xE5\r\n1,", Unsupported("csv")),
        // The last character is cut in two.
        (b"\xD0\xF2\xBA\xC5\t\xB4\xE5\r\n\xB4", Unsupported("csv")),
        (
            "序号\t村"
                .encode_utf16()
                .flat_map(u16::to_le_bytes)
                .collect::<Vec<_>>()
                .leak(),
            Unsupported("无法识别的文件"),
        ),
        (b"\xFF\xFE1\0,\x002\0", Unsupported("csv")),
        ("本月没有调研。".as_bytes(), Unsupported("文本")),
        (b"\x05office\0\0\0\x01", Unsupported("无法识别的文件")),
    ];
    for (bytes, expected) in cases {
        assert_eq!(
            kind_of(bytes),
            expected,
            "{:?}",
            String::from_utf8_lossy(&bytes[..bytes.len().min(20)])
        );
    }
}

#[test]
fn zip_archives_are_told_by_their_parts() {
    let types = ("[Content_Types].xml", "");
    let cases: [(&[(&str, &str)], Sniffed); 12] = [
        (
            &[types, ("xl/workbook.xml", "")],
            Sniffed::Workbook(FileKind::Xlsx),
        ),
        (
            &[types, ("Xl\\Workbook.xml", "")],
            Sniffed::Workbook(FileKind::Xlsx),
        ),
        (&[types, ("workbook.xml", "")], Sniffed::Workbook(FileKind::Xlsx)),
        (
            &[types, ("xl/workbook.xml", ""), ("xl/vbaProject.bin", "")],
            Sniffed::Workbook(FileKind::Xlsm),
        ),
        (&[types, ("xl/workbook.bin", "")], Sniffed::Unsupported("xlsb")),
        (
            &[types, ("word/document.xml", "")],
            Sniffed::Attachment("Word文档"),
        ),
        (
            &[types, ("ppt/presentation.xml", "")],
            Sniffed::Unsupported("演示文稿"),
        ),
        (
            &[
                ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
                ("content.xml", ""),
            ],
            Sniffed::Workbook(FileKind::Ods),
        ),
        (
            &[("mimetype", "application/vnd.oasis.opendocument.text")],
            Sniffed::Attachment("文字文档"),
        ),
        (&[("OFD.xml", "")], Sniffed::Attachment("OFD文档")),
        (&[("照片/1.jpg", "")], Sniffed::Unsupported("压缩包")),
        (&[], Sniffed::Unsupported("压缩包")),
    ];
    for (parts, expected) in cases {
        let bytes = zipped(parts);
        assert_eq!(kind_of(&bytes), expected, "{parts:?}");
        if !parts.is_empty() {
            let cut = kind_of(&bytes[..bytes.len() - 30]);
            assert!(matches!(cut, Sniffed::Damaged(_)), "{parts:?} cut off: {cut:?}");
        }
        let mut behind = b"#!/bin/sh\n".to_vec();
        behind.extend(&bytes);
        let mut found = Cursor::new(behind);
        assert!(
            Directory::read(&mut found, 100).unwrap().is_some(),
            "with something before it"
        );
    }
}

#[test]
fn compound_files_are_told_by_their_streams() {
    let cases: [(&[&str], Sniffed); 6] = [
        (&["/Workbook"], Sniffed::Workbook(FileKind::Xls)),
        (&["/Book"], Sniffed::Workbook(FileKind::Xls)),
        (&["/EncryptionInfo", "/EncryptedPackage"], Sniffed::Encrypted),
        (&["/WordDocument", "/1Table"], Sniffed::Attachment("Word文档")),
        (&["/PowerPoint Document"], Sniffed::Unsupported("演示文稿")),
        (&["/VisioDocument"], Sniffed::Unsupported("无法识别的文件")),
    ];
    for (streams, expected) in cases {
        assert_eq!(kind_of(&compound(streams)), expected, "{streams:?}");
    }
    // A cut-off one is left to the reader of workbooks, which says that it is damaged.
    assert_eq!(
        kind_of(&compound(&["/Workbook"])[..600]),
        Sniffed::Workbook(FileKind::Xls)
    );
}

#[test]
fn no_change_of_bytes_makes_the_first_look_fail() {
    let sources = [
        zipped(&[("[Content_Types].xml", ""), ("xl/workbook.xml", "abc")]),
        zipped(&[("mimetype", "application/vnd.oasis.opendocument.spreadsheet")]),
        compound(&["/Workbook", "/Other"]),
    ];
    let mut random = 0x2545_F491_4F6C_DD1D_u64;
    let mut next = move || {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        usize::try_from(random >> 8).unwrap()
    };
    for source in sources {
        for _ in 0..400 {
            let mut bytes = source.clone();
            for _ in 0..=next() % 8 {
                let at = next() % bytes.len();
                bytes[at] = u8::try_from(next() & 0xFF).unwrap();
            }
            bytes.truncate(bytes.len() - (next() % 4) * next() % bytes.len());
            sniff_file(&mut Cursor::new(bytes)).unwrap();
        }
    }
}
