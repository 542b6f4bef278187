//! Characters that look alike and mean the same: full-width forms, the radicals
//! that a text copied from a PDF is made of, compatibility ideographs.
//!
//! Folding is for comparing and reading only. What is stored and shown stays as
//! it was written.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization as _;

/// Each character of the CJK Radicals Supplement (U+2E80–2EFF) and the
/// ideograph that stands for it: Unicode's `Equivalent_Unified_Ideograph`. The
/// Kangxi radicals (U+2F00–2FDF) have theirs in the compatibility decomposition.
const RADICALS: &str = "\
    ⺁厂⺂乛⺃乚⺄乙⺅亻⺆冂⺇𠘨⺈刀⺉刂⺊卜⺋㔾⺌小⺍小⺎兀⺏尣⺐尢⺑𡯂⺒巳⺓幺⺔彑\
    ⺕彐⺖忄⺗心⺘扌⺙攵⺛旡⺜日⺝月⺞歺⺟母⺠民⺡氵⺢氺⺣灬⺤爫⺥爫⺦丬⺧牛⺨犭⺩王\
    ⺪𤴔⺫目⺬示⺭礻⺮𥫗⺯糹⺰纟⺱罓⺲罒⺳㓁⺴冗⺵𦉫⺶羊⺷𦍌⺸𦍋⺹耂⺺肀⺻聿⺼肉⺽𦥑\
    ⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见⻆角⻇𧢲⻈讠⻉贝⻊𧾷⻋车⻌辶⻍辶⻎辶⻏邑⻐钅⻑長\
    ⻒镸⻓长⻔门⻕𨸏⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞𩙿⻟飠⻠饣⻡𩠐⻢马⻣骨⻤鬼⻥鱼\
    ⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟";

/// Folds what is written in one character and is one character: full-width
/// ASCII (`２０２４．１１`), the ideographic space, radicals (⽔, ⻔), compatibility
/// ideographs. Chinese punctuation other than the full-width ASCII forms, and
/// numbers in circles, stay.
#[must_use]
pub fn half_width(text: &str) -> Cow<'_, str> {
    if may_fold(text.as_bytes()) {
        text.chars().map(half_width_char).collect::<String>().into()
    } else {
        text.into()
    }
}

/// Whether a text may hold a character that [`half_width_char`] changes, told by
/// the first bytes of each. Nearly every cell of every ledger is asked this.
fn may_fold(text: &[u8]) -> bool {
    let next = |at: usize| text.get(at).copied().unwrap_or_default();
    text.iter().enumerate().any(|(at, byte)| match byte {
        // U+2E80–2FFF
        0xe2 => next(at + 1) >= 0xba,
        0xe3 => next(at + 1) == 0x80 && next(at + 2) == 0x80,
        // U+F900–FAFF, U+FF00–FF7F
        0xef => matches!(next(at + 1), 0xa4..=0xab | 0xbc..=0xbd),
        // U+2F000–2FFFF
        0xf0 => next(at + 1) == 0xaf,
        _ => false,
    })
}

/// One character of [`half_width`].
#[must_use]
pub fn half_width_char(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{2e80}'..='\u{2fdf}' | '\u{f900}'..='\u{faff}' | '\u{2f800}'..='\u{2fa1f}' => ideograph(c),
        _ => c,
    }
}

/// The ideograph that a radical or a compatibility character stands for.
fn ideograph(c: char) -> char {
    let mut pairs = RADICALS.chars();
    while let (Some(radical), Some(own)) = (pairs.next(), pairs.next()) {
        if radical == c {
            return own;
        }
    }
    let mut plain = std::iter::once(c).nfkc();
    match (plain.next(), plain.next()) {
        (Some(only), None) => only,
        _ => c,
    }
}

/// A text as two are compared: Unicode's compatibility composition (NFKC), and
/// [`half_width`].
#[must_use]
pub fn folded(text: &str) -> Cow<'_, str> {
    if is_composed(text) {
        return half_width(text);
    }
    text.nfkc().map(half_width_char).collect::<String>().into()
}

/// What a character folds to where it does so by itself; none where
/// [`folded`] may make another number of characters of it and its neighbours.
#[must_use]
pub fn folded_char(c: char) -> Option<char> {
    is_plain(c).then(|| half_width_char(c))
}

/// Whether every character is one that [`half_width_char`] folds by itself or
/// that needs no folding, as nearly all are.
pub(super) fn is_composed(text: &str) -> bool {
    // Ideographs from U+5000 on, and ASCII, by their first bytes alone.
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        at += match byte {
            0x00..=0x7f => 1,
            0xe5..=0xe9 => 3,
            _ => return text.get(at..).is_some_and(|rest| rest.chars().all(is_plain)),
        };
    }
    true
}

fn is_plain(c: char) -> bool {
    c.is_ascii()
        || matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3000}'..='\u{301b}' | '\u{ff01}'..='\u{ff5e}' | '“' | '”' | '‘' | '’' | '—' | '·' | '★')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn look_alikes_are_one_character() {
        for (written, plain) in [
            ("２０２４．１１（一）", "2024.11(一)"),
            ("⽔塘⻔村", "水塘门村"),
            ("⼤坡⾥村⺟亲", "大坡里村母亲"),
            ("龜\u{f907}", "龜龜"),
            ("①通水，㈡路灯…", "①通水,㈡路灯…"),
        ] {
            assert_eq!(half_width(written), plain);
        }
        for (written, plain) in [
            ("①㈡㎡", "1(二)m2"),
            ("⽉份：１１", "月份:11"),
            ("Cafe\u{301}", "Café"),
        ] {
            assert_eq!(folded(written), plain);
        }
    }

    #[test]
    fn every_radical_has_an_ideograph_of_its_own() {
        let characters: Vec<char> = RADICALS.chars().collect();
        assert_eq!(characters.len(), 2 * 114);
        for pair in characters.chunks(2) {
            assert!(('\u{2e80}'..='\u{2eff}').contains(&pair[0]) && half_width_char(pair[1]) == pair[1]);
        }
        for c in '\u{2f00}'..='\u{2fd5}' {
            assert!(matches!(half_width_char(c), '\u{3400}'..='\u{9fff}'), "{c}");
        }
    }

    #[test]
    fn what_is_told_by_bytes_holds_for_every_character() {
        for c in '\u{0}'..=char::MAX {
            let text = c.to_string();
            assert!(may_fold(text.as_bytes()) || half_width_char(c) == c, "{c:?}");
            assert_eq!(is_composed(&text), is_plain(c), "{c:?}");
            assert!(
                folded_char(c).is_none_or(|own| folded(&text).chars().eq([own])),
                "{c:?}"
            );
        }
    }

    proptest::proptest! {
        #[test]
        fn folding_again_changes_nothing(text in "\\PC{0,40}") {
            let once = folded(&text).into_owned();
            proptest::prop_assert_eq!(folded(&once).into_owned(), once);
        }
    }
}
