//! Workbooks made to do harm.

use std::fmt::Write as _;

use super::raw_zip::{Part, write, zeros};

const TYPES: &str =
    r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#;
const ROOT: &str = r#"<?xml version="1.0"?><Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const LINKS: &str = r#"<?xml version="1.0"?><Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
const ENTITIES: &str = r#"<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;"><!ENTITY f "&e;&e;&e;&e;&e;&e;&e;&e;">]>"#;
/// Rounds of zeros that make 4 GiB.
const BLOCKS_OF_4_GIB: usize = (4 << 30) / 2064 + 1;

/// Each file by a name of its own; none may be read.
pub fn files() -> Vec<(&'static str, Vec<u8>)> {
    let good = sheet(r#"<row r="1"><c r="A1" t="s"><v>0</v></c></row>"#);
    let strings = r#"<sst count="1" uniqueCount="1"><si><t>村</t></si></sst>"#;
    let nested = format!("<worksheet>{}", "<a>".repeat(5_000_000));
    vec![
        (
            "spanning",
            book(workbook(1), strings, sheet(r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#)),
        ),
        ("string-count", book(workbook(1), r#"<sst count="4000000000" uniqueCount="4000000000"><si><t>a</t></si></sst>"#, good.clone())),
        ("string-count-2", book(workbook(1), r#"<sst uniqueCount="18446744073709551615"><si><t>a</t></si></sst>"#, good.clone())),
        ("bomb", bomb(u32::MAX)),
        ("lying-bomb", bomb(5000)),
        ("lying-string-bomb", string_bomb()),
        ("sheet-list", book(workbook(100_000), strings, good.clone())),
        ("entries", entries()),
        ("strings-entities", book(workbook(1), &format!("{ENTITIES}<sst><si><t>&f;</t></si></sst>"), good.clone())),
        ("workbook-entities", book(format!("{ENTITIES}{}", workbook(1)).replace("表0", "&f;"), strings, good.clone())),
        ("unknown-entity", book(workbook(1), "<sst><si><t>&f;</t></si></sst>", good)),
        ("nested", book(workbook(1), strings, nested)),
        ("shared-formula", book(workbook(1), strings, sheet(r#"<row r="1"><c r="A1"><f t="shared" si="99999999999999999999" ref="A1:A2">1</f><v>1</v></c></row>"#))),
        ("backwards", book(workbook(1), strings, sheet("").replace("<sheetData>", r#"<dimension ref="Z9:A1"/><sheetData><row r="9999999"><c r="A9999999"><v>1</v></c></row>"#))),
        ("merges", book(workbook(1), strings, sheet("").replace("</worksheet>", &r#"<mergeCell ref="A1:B2"/>"#.repeat(100_000)))),
        ("cut-off", { let whole = many_rows(1000); whole[..whole.len() / 2].to_vec() }),
    ]
}

/// A harmless workbook with a number in each of `rows` rows.
pub fn many_rows(rows: usize) -> Vec<u8> {
    let mut cells = String::new();
    for row in 1..=rows {
        write!(cells, r#"<row r="{row}"><c r="A{row}"><v>{row}</v></c></row>"#).unwrap();
    }
    book(workbook(1), "<sst/>", sheet(&cells))
}

/// A workbook that keeps a reader busy for more than a second without needing memory.
pub fn slow() -> Vec<u8> {
    book(workbook(1), "<sst/>", sheet(&"<row><c/></row>".repeat(8_000_000)))
}

/// A workbook of less than 5 MB that unfolds to 600 MB.
pub fn small_bomb() -> Vec<u8> {
    let mut parts = parts(workbook(1), "<sst/>", String::new());
    let last = parts.len() - 1;
    parts[last] = Part {
        name: "xl/worksheets/sheet1.xml".into(),
        data: zeros(300_000),
        deflated: true,
        claimed: 5000,
    };
    write(&parts)
}

/// A workbook with a macro project.
pub fn with_macros() -> Vec<u8> {
    let mut parts = parts(
        workbook(1),
        "<sst/>",
        sheet(r#"<row r="1"><c r="A1"><v>1</v></c></row>"#),
    );
    parts.push(Part::stored("xl/vbaProject.bin", "x"));
    write(&parts)
}

fn bomb(claimed: u32) -> Vec<u8> {
    let mut parts = parts(workbook(1), "<sst/>", String::new());
    let last = parts.len() - 1;
    parts[last] = Part {
        name: "xl/worksheets/sheet1.xml".into(),
        data: zeros(BLOCKS_OF_4_GIB),
        deflated: true,
        claimed,
    };
    write(&parts)
}

fn string_bomb() -> Vec<u8> {
    let mut parts = parts(workbook(1), "<sst/>", sheet(""));
    parts[4] = Part {
        name: "xl/sharedStrings.xml".into(),
        data: zeros(BLOCKS_OF_4_GIB),
        deflated: true,
        claimed: 5000,
    };
    write(&parts)
}

fn entries() -> Vec<u8> {
    let mut parts = parts(workbook(1), "<sst/>", sheet(""));
    parts.extend(
        (2..65_000).map(|number| Part::stored(&format!("xl/worksheets/sheet{number}.xml"), "<worksheet/>")),
    );
    write(&parts)
}

fn workbook(sheets: usize) -> String {
    let mut list = String::new();
    for number in 0..sheets {
        write!(
            list,
            r#"<sheet name="表{number}" sheetId="{number}" r:id="rId1"/>"#
        )
        .unwrap();
    }
    format!("<workbook><sheets>{list}</sheets></workbook>")
}

fn sheet(rows: &str) -> String {
    format!("<worksheet><sheetData>{rows}</sheetData></worksheet>")
}

fn book(workbook: String, strings: &str, sheet: String) -> Vec<u8> {
    write(&parts(workbook, strings, sheet))
}

fn parts(workbook: String, strings: &str, sheet: String) -> Vec<Part> {
    vec![
        Part::stored("[Content_Types].xml", TYPES),
        Part::stored("_rels/.rels", ROOT),
        Part::stored("xl/_rels/workbook.xml.rels", LINKS),
        Part::stored("xl/workbook.xml", workbook),
        Part::stored("xl/sharedStrings.xml", strings),
        Part::stored("xl/worksheets/sheet1.xml", sheet),
    ]
}

/// Numbers that are the same in every run.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap() % end
    }
}
