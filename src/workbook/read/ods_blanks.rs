//! Blanks between the elements of an OpenDocument part that somebody laid out
//! for reading: the main reader stumbles over them.

use std::borrow::Cow;

use quick_xml::events::Event;

use super::failure::Reading;
use super::xml::reader;

/// The part without the blanks that stand outside of texts.
pub(super) fn without_blanks(part: &str) -> Reading<Cow<'_, str>> {
    let indented = part
        .match_indices("<table:")
        .any(|(at, _)| part[..at].ends_with(char::is_whitespace));
    if !indented {
        return Ok(part.into());
    }
    let mut kept = String::with_capacity(part.len());
    let mut events = reader(part);
    let mut within = 0_usize;
    let mut from = 0;
    loop {
        let event = events.read_event()?;
        let is_text = |name: &str| matches!(name, "p" | "h");
        let mut blank = false;
        match &event {
            Event::Start(element) if is_text(element.local_name().as_ref()) => within += 1,
            Event::End(element) if is_text(element.local_name().as_ref()) => {
                within = within.saturating_sub(1);
            }
            Event::Text(text) => {
                let text: &str = text;
                blank = within == 0 && text.chars().all(char::is_whitespace);
            }
            _ => {}
        }
        let until = usize::try_from(events.buffer_position())
            .unwrap_or(part.len())
            .min(part.len());
        if !blank {
            kept.push_str(part.get(from..until).unwrap_or_default());
        }
        from = until;
        if matches!(event, Event::Eof) {
            return Ok(kept.into());
        }
    }
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
        let plain = "<a><table:table><text:p> </text:p></table:table>\n</a>";
        assert!(matches!(without_blanks(plain).unwrap(), Cow::Borrowed(_)));
    }
}
