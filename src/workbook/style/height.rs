//! How much room text takes. Spreadsheet programs don't fit the height of
//! merged cells, and not all fit rows on opening, so we estimate.

use crate::domain::text::count_bytes;

/// The highest row that Excel allows, in points.
pub const HIGHEST_ROW: f64 = 409.0;

/// Pixels of a column for each unit of its width (one digit of the default font).
const PIXELS_PER_UNIT: f64 = 7.0;
/// Pixels of a point at 96 dots per inch.
const PIXELS_PER_POINT: f64 = 96.0 / 72.0;
/// Line height as a multiple of the font size. Fangsong takes 1.2, the
/// fonts that stand in for it up to 1.45.
const LINE: f64 = 1.4;
/// Points left free above and below the text.
const PADDING: f64 = 5.0;

/// The height in points that wrapped text needs in a column of `width`
/// characters, at a font size in points; never more than [`HIGHEST_ROW`].
#[must_use]
pub fn estimate_height(text: &str, width: f64, size: f64) -> f64 {
    let lines: u32 = text.split('\n').map(|line| lines_of(line, width, size)).sum();
    (f64::from(lines.max(1)) * size * LINE + PADDING)
        .min(HIGHEST_ROW)
        .ceil()
}

/// The column width, in characters, in which a line of text just fits.
#[must_use]
pub fn text_width(line: &str, size: f64) -> f64 {
    let ems: f64 = line.chars().map(ems).sum();
    ems * size * PIXELS_PER_POINT / PIXELS_PER_UNIT + 1.0
}

/// How many lines one paragraph takes: Chinese breaks anywhere, words of
/// letters and digits stay whole if they fit a line at all.
fn lines_of(paragraph: &str, width: f64, size: f64) -> u32 {
    // A character is lost where a line may not begin with punctuation, and a
    // line too many is better than a text cut off.
    let room = (width * PIXELS_PER_UNIT / (size * PIXELS_PER_POINT) - 1.2).max(1.0);
    let (mut lines, mut used, mut word) = (1_u32, 0.0_f64, 0.0_f64);
    for c in paragraph.chars() {
        let own = ems(c);
        let breakable = own >= 1.0 || c == ' ';
        word = if breakable { 0.0 } else { word + own };
        used += own;
        if used > room && c != ' ' {
            lines += 1;
            used = if word > 0.0 && word <= room { word } else { own };
            word = if breakable { 0.0 } else { used };
        }
    }
    lines
}

/// The width of a character in units of the font size.
fn ems(c: char) -> f64 {
    match u32::from(c) {
        0..0x20 => 0.0,
        0x20..0x1100 => 0.53,
        // Dashes, quotes and dots are as wide as a character in Chinese fonts.
        _ => 1.0,
    }
}

/// Point size of the text of a master's tables.
pub const MASTER_SIZE: f64 = 11.0;

/// As [`estimate_height`] for a whole row, at once and without going through
/// characters: a master may have a hundred thousand of them. The height in
/// points that shows wrapped texts wholly, each beside the
/// width of its column in characters. Excel ends at 409.
pub fn row_height<'a>(cells: impl Iterator<Item = (&'a str, f64)>, size: f64) -> f64 {
    let mut most = 1.0_f64;
    for (text, width) in cells {
        // A column of w characters is 7w + 5 pixels wide at 96 dpi, of which
        // some 8 stay empty; a Chinese character takes its point size.
        let room = ((width * 7.0 - 3.0) / (size * 4.0 / 3.0)).max(1.0);
        let lines_of = |line: &str| {
            let needed = quick_ems(line) / room;
            // A word or a bracket that doesn't fit moves to the next line as a whole.
            if needed > 1.0 { (needed * 1.06).ceil() } else { 1.0 }
        };
        // Nearly all texts are one line.
        let lines = if count_bytes(text.as_bytes(), |byte| byte == b'\n') == 0 {
            lines_of(text)
        } else {
            text.split('\n').map(lines_of).sum()
        };
        most = most.max(lines);
    }
    (most * size * 1.36 + 7.0).clamp(20.0, HIGHEST_ROW)
}

/// Width in characters as wide as high; Latin letters and digits take about half.
fn quick_ems(line: &str) -> f64 {
    let bytes = line.len();
    let ascii = count_bytes(line.as_bytes(), |byte| byte.is_ascii());
    // Nearly all others take three bytes in UTF-8.
    let wide = (bytes - ascii).div_ceil(3);
    #[expect(clippy::cast_precision_loss, reason = "lengths of cell texts are small")]
    let ems = wide as f64 + ascii as f64 * 0.52;
    ems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn taller_with_more_text_and_narrower_columns() {
        let text = "实地查看村道硬化与照明工作情况".repeat(6);
        assert!(estimate_height("一行", 20.0, 10.5) < 22.0);
        assert!(estimate_height(&text, 20.0, 10.5) > estimate_height(&text, 40.0, 10.5));
        assert!(estimate_height("a\nb\nc", 20.0, 10.5) > 2.0 * estimate_height("a", 20.0, 10.5));
        assert!((estimate_height(&text.repeat(100), 5.0, 10.5) - HIGHEST_ROW).abs() < f64::EPSILON);
    }

    #[test]
    fn ten_characters_a_line_make_three_lines_of_thirty() {
        // 23 units are 161 pixels, eleven and a half characters of 14 pixels.
        assert_eq!(lines_of(&"字".repeat(30), 23.0, 10.5), 3);
        assert_eq!(lines_of(&"字".repeat(31), 23.0, 10.5), 4);
    }

    #[test]
    fn words_stay_whole_and_endless_words_end() {
        assert_eq!(lines_of("inspection inspection", 14.0, 10.0), 2);
        assert!(lines_of(&"x".repeat(1000), 1.0, 10.0) >= 500);
        assert_eq!(lines_of("", 10.0, 10.0), 1);
    }

    #[test]
    fn rows_grow_with_their_longest_text() {
        let height = |text: &str| row_height([(text, 20.0)].into_iter(), MASTER_SIZE);
        assert!((height("村") - 21.96).abs() < 0.1);
        assert!(height(&"村".repeat(30)) > height(&"村".repeat(10)));
        assert!(height("一\n二\n三") > height("一二三"));
        assert!(height(&"村".repeat(100_000)) <= HIGHEST_ROW);
    }
}
