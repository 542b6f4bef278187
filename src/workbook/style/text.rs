//! Text on its way into a workbook.

/// The most characters of a sheet's name.
const LONGEST_NAME: usize = 31;

/// Text as it may be written into a cell, a note or a message; see
/// [`crate::domain::safe_text`].
#[must_use]
pub fn safe_text(text: &str) -> String {
    crate::domain::safe_text::safe_text(text).into_owned()
}

/// At most `longest` UTF-16 units of a text; what was cut is shown by an ellipsis.
#[must_use]
pub fn clipped(text: &str, longest: usize) -> String {
    if text.encode_utf16().count() <= longest {
        return text.to_owned();
    }
    let mut left = longest.saturating_sub(1);
    let mut kept: String = text
        .chars()
        .take_while(|c| {
            let fits = c.len_utf16() <= left;
            left = if fits { left - c.len_utf16() } else { 0 };
            fits
        })
        .collect();
    kept.push('…');
    kept
}

/// Whether a spreadsheet would take the text for a formula if it were typed.
#[must_use]
pub fn is_formula_like(text: &str) -> bool {
    text.trim_start()
        .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

/// Whether a spreadsheet would take the text for a number if it were typed.
#[must_use]
pub fn is_number_like(text: &str) -> bool {
    text.trim().parse::<f64>().is_ok_and(f64::is_finite)
}

/// Whether no further sheet may bear a name: another one does, or Excel keeps
/// it for itself.
#[must_use]
pub fn is_taken(name: &str, taken: &[String]) -> bool {
    let name = name.to_lowercase();
    name == "history" || taken.iter().any(|other| other.to_lowercase() == name)
}

/// A name that a sheet may bear and that none of `taken` bears yet.
#[must_use]
pub fn sheet_name(wanted: &str, taken: &[String]) -> String {
    let allowed: String = safe_text(wanted)
        .chars()
        .filter(|c| !c.is_control() && !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\''))
        .collect();
    let allowed = match allowed.trim() {
        "" => "台账",
        name => name,
    };
    let is_taken = |name: &str| is_taken(name, taken);
    let plain = clipped(allowed, LONGEST_NAME);
    if !is_taken(&plain) {
        return plain;
    }
    // One more candidate than names taken: one of them is free.
    (2..taken.len() + 4)
        .map(|number| format!("{}({number})", clipped(allowed, LONGEST_NAME - 6)))
        .find(|name| !is_taken(name))
        .unwrap_or(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_is_cut_at_a_whole_character() {
        assert_eq!(clipped("一二三四", 4), "一二三四");
        assert_eq!(clipped("一二三四五", 4), "一二三…");
        assert_eq!(clipped("😀😀😀", 4), "😀…");
        let long = safe_text(&"𠮷".repeat(20_000));
        assert!(long.encode_utf16().count() <= 32_767);
        assert!(long.ends_with('…'));
    }

    #[test]
    fn controls_and_ready_made_markup_are_disarmed() {
        assert_eq!(safe_text("a\u{0}b\r\nc\u{7}"), "ab\nc");
        assert_eq!(safe_text("<r><t>x</t></r>"), " <r><t>x</t></r>");
    }

    #[test]
    fn what_typing_would_change_is_known() {
        for text in ["=1+1", "+86", "-", "@x", " =A1", "＝1"] {
            assert!(is_formula_like(text), "{text}");
        }
        assert!(!is_formula_like("1-2"));
        assert!(is_number_like("00123") && is_number_like("1e5") && !is_number_like("无"));
    }

    #[test]
    fn sheet_names_are_allowed_and_unique() {
        assert_eq!(sheet_name("一/二:三'", &[]), "一二三");
        assert_eq!(sheet_name("  ", &[]), "台账");
        assert_eq!(sheet_name("台账", &["台账".into()]), "台账(2)");
        assert_eq!(sheet_name("abc", &["ABC".into(), "abc(2)".into()]), "abc(3)");
        assert_eq!(sheet_name(&"长".repeat(40), &[]).chars().count(), 31);
    }
}
