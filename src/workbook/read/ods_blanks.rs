//! Blanks in an OpenDocument part that nobody means: those between the
//! elements of a part that was laid out for reading, over which the main reader
//! stumbles, and those that stand alone in a cell, which would stretch its grid.

use std::borrow::Cow;
use std::fmt::Write as _;

use quick_xml::events::{BytesStart, Event};

use super::failure::Reading;
use super::xml::{attribute, reader};

/// The part without the blanks that stand outside of texts, and with empty
/// cells where cells hold nothing but blanks.
pub(super) fn without_blanks(part: &str) -> Reading<Cow<'_, str>> {
    if !is_laid_out(part) && !has_blank_texts(part) {
        return Ok(part.into());
    }
    let mut kept = String::with_capacity(part.len());
    let mut events = reader(part);
    let mut within = 0_usize;
    let mut from = 0;
    // A cell that has held nothing but blanks so far: where it begins, and
    // what stands for it.
    let mut blank_cell: Option<(usize, String)> = None;
    loop {
        let event = events.read_event()?;
        let is_text = |name: &str| matches!(name, "p" | "h");
        let mut blank = false;
        match &event {
            Event::Start(element) if is_cell(element.local_name().as_ref()) => {
                blank_cell = blank_text(element).map(|empty| (kept.len(), empty));
            }
            Event::Start(element) if is_text(element.local_name().as_ref()) => within += 1,
            Event::End(element) if is_text(element.local_name().as_ref()) => {
                within = within.saturating_sub(1);
            }
            Event::Text(text) => {
                let text: &str = text;
                let only_blanks = text.chars().all(char::is_whitespace);
                blank = within == 0 && only_blanks;
                if !only_blanks {
                    blank_cell = None;
                }
            }
            Event::Start(element) | Event::Empty(element)
                if !matches!(
                    element.local_name().as_ref(),
                    "s" | "tab" | "line-break" | "span" | "p"
                ) =>
            {
                blank_cell = None;
            }
            Event::CData(_) | Event::GeneralRef(_) => blank_cell = None,
            _ => {}
        }
        let until = usize::try_from(events.buffer_position())
            .unwrap_or(part.len())
            .min(part.len());
        let ended = matches!(&event, Event::End(element) if is_cell(element.local_name().as_ref()));
        match blank_cell.take_if(|_| ended) {
            Some((start, empty)) => {
                kept.truncate(start);
                kept.push_str(&empty);
            }
            None if !blank => kept.push_str(part.get(from..until).unwrap_or_default()),
            None => {}
        }
        from = until;
        if matches!(event, Event::Eof) {
            return Ok(kept.into());
        }
    }
}

/// Whether blanks stand between elements.
fn is_laid_out(part: &str) -> bool {
    part.match_indices("<table:")
        .any(|(at, _)| part[..at].ends_with(char::is_whitespace))
}

/// Whether a paragraph begins with a blank, or holds nothing.
fn has_blank_texts(part: &str) -> bool {
    part.match_indices("<text:p").any(|(at, _)| {
        let behind = part[at..].split_once('>').map_or("", |(_, behind)| behind);
        behind.starts_with(char::is_whitespace)
            || ["<text:s", "<text:tab", "</text:p"]
                .iter()
                .any(|blank| behind.starts_with(blank))
    })
}

fn is_cell(name: &str) -> bool {
    matches!(name, "table-cell" | "covered-table-cell")
}

/// What stands for a cell of text if it holds nothing but blanks: the same
/// place, look and repetition. None for cells that hold something else anyway.
fn blank_text(cell: &BytesStart<'_>) -> Option<String> {
    let holds = ["formula", "value", "date-value", "time-value", "boolean-value"];
    let kind = attribute(cell, "value-type");
    if kind.is_some_and(|kind| kind != "string") || holds.iter().any(|name| attribute(cell, name).is_some()) {
        return None;
    }
    let mut empty = format!("<{}", cell.name().as_ref());
    for kept in cell.attributes().with_checks(false).flatten() {
        if !matches!(kept.key.local_name().as_ref(), "value-type" | "string-value") {
            // Writing to a text can't fail.
            let _ = write!(empty, " {}=\"{}\"", kept.key.as_ref(), kept.value);
        }
    }
    Some(empty + "/>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_go_and_texts_stay() {
        let laid_out = "<?xml version=\"1.0\"?>\n<a>\n <table:table>\n  <table:table-cell>\n   <text:p> 边板 村 <text:span> </text:span>\n</text:p>\n  </table:table-cell>\n </table:table>\n</a>\n";
        assert_eq!(
            without_blanks(laid_out).unwrap(),
            "<?xml version=\"1.0\"?><a><table:table><table:table-cell><text:p> 边板 村 <text:span> </text:span>\n</text:p></table:table-cell></table:table></a>"
        );
        // What is marked, hidden in a note or more than a text stays.
        let cells = "<t><table:table-cell table:style-name=\"ce1\" office:value-type=\"string\" table:number-columns-repeated=\"3\"><text:p><text:s text:c=\"3\"/></text:p></table:table-cell>\
            <table:table-cell office:value-type=\"string\"><text:p>\u{3000}</text:p><text:p></text:p></table:table-cell>\
            <table:table-cell office:value-type=\"string\"><text:p> 村</text:p></table:table-cell>\
            <table:table-cell office:value-type=\"string\"><text:p> &amp;</text:p></table:table-cell>\
            <table:table-cell office:value-type=\"float\" office:value=\"1\"><text:p> </text:p></table:table-cell>\
            <table:table-cell table:formula=\"of:=A1\" office:value-type=\"string\"><text:p> </text:p></table:table-cell>\
            <table:table-cell><office:annotation><text:p>记</text:p></office:annotation></table:table-cell></t>";
        let expected = cells
            .replace(" office:value-type=\"string\" table:number-columns-repeated=\"3\"><text:p><text:s text:c=\"3\"/></text:p></table:table-cell>", " table:number-columns-repeated=\"3\"/>")
            .replace(" office:value-type=\"string\"><text:p>\u{3000}</text:p><text:p></text:p></table:table-cell>", "/>");
        assert_eq!(without_blanks(cells).unwrap(), expected);
        let plain = "<a><table:table><text:p>村 </text:p></table:table>\n</a>";
        assert!(matches!(without_blanks(plain).unwrap(), Cow::Borrowed(_)));
    }
}
