//! Looks into a finished workbook: which of its texts editing would make live.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use super::needs_quoting;

/// Texts of all cells that need quoting: whether the cell's style quotes them.
pub fn live_texts(workbook: &[u8]) -> Vec<(String, bool)> {
    let mut parts = BTreeMap::new();
    let mut archive = zip::ZipArchive::new(Cursor::new(workbook)).unwrap();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).unwrap();
        let name = entry.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        parts.insert(name, String::from_utf8_lossy(&bytes).into_owned());
    }
    let quoting = quoting_styles(&parts["xl/styles.xml"]);
    let shared: Vec<String> = parts
        .get("xl/sharedStrings.xml")
        .map(|xml| elements(xml, "si").map(|(_, inner)| words(inner)).collect())
        .unwrap_or_default();
    let mut found = Vec::new();
    for xml in parts
        .iter()
        .filter(|(name, _)| name.starts_with("xl/worksheets/sheet"))
        .map(|(_, xml)| xml)
    {
        for (attributes, inner) in elements(xml, "c") {
            let text = match attribute(attributes, "t") {
                Some("s") => {
                    let (_, index) = elements(inner, "v").next().unwrap();
                    shared[index.parse::<usize>().unwrap()].clone()
                }
                Some("inlineStr") => words(inner),
                _ => continue,
            };
            if needs_quoting(&text) {
                let style = attribute(attributes, "s").map_or(0, |style| style.parse().unwrap());
                found.push((text, quoting[style]));
            }
        }
    }
    found
}

/// Asserts that no text of a workbook becomes a formula when its cell is edited,
/// and that there are texts which could.
pub fn assert_quoted(workbook: &[u8]) {
    let texts = live_texts(workbook);
    assert!(!texts.is_empty(), "there is nothing to quote");
    let live: Vec<_> = texts.iter().filter(|(_, quoted)| !quoted).collect();
    assert!(live.is_empty(), "{live:?}");
}

/// For each cell style, whether it quotes.
fn quoting_styles(styles: &str) -> Vec<bool> {
    let (_, inner) = elements(styles, "cellXfs").next().unwrap();
    inner
        .split("<xf ")
        .skip(1)
        .map(|xf| attribute(xf.split('>').next().unwrap(), "quotePrefix") == Some("1"))
        .collect()
}

/// Attributes and content of the elements of a name that have content.
fn elements<'a>(xml: &'a str, name: &str) -> impl Iterator<Item = (&'a str, &'a str)> {
    let (open, close) = (format!("<{name}"), format!("</{name}>"));
    let mut rest = xml;
    std::iter::from_fn(move || {
        loop {
            let after = &rest[rest.find(&open)? + open.len()..];
            let end = after.find('>')?;
            let attributes = &after[..end];
            rest = &after[end + 1..];
            // Another name that begins alike, or an element without content.
            if !attributes.is_empty() && !attributes.starts_with(' ') || attributes.ends_with('/') {
                continue;
            }
            let close_at = rest.find(&close)?;
            let inner = &rest[..close_at];
            rest = &rest[close_at..];
            return Some((attributes, inner));
        }
    })
}

fn attribute<'a>(attributes: &'a str, name: &str) -> Option<&'a str> {
    let start = format!("{name}=\"");
    attributes
        .split_inclusive('"')
        .zip(attributes.split('"').skip(1))
        .find(|(before, _)| before.trim_start() == start)
        .map(|(_, value)| value)
}

fn words(xml: &str) -> String {
    let text: String = elements(xml, "t").map(|(_, text)| text).collect();
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}
