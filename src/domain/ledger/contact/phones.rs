//! Telephone numbers among other text.

/// How far a number reaches.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// It can be dialled from anywhere.
    Complete,
    /// A landline without its area code.
    Local,
    /// A short number of 4 to 6 digits.
    Short,
}

/// What the numbers of a text are.
#[derive(Default)]
pub(super) struct Numbers {
    /// Normalised numbers, in the order written.
    pub(super) phones: Vec<(String, Kind)>,
    /// Digits stand there that are no telephone number.
    pub(super) unreadable: bool,
    /// A number of which some digits are hidden (138****1234).
    pub(super) masked: bool,
    /// The text with `;` in place of the numbers.
    pub(super) rest: String,
}

/// Reads the numbers of a half-width text.
pub(super) fn read(text: &str) -> Numbers {
    let mut numbers = Numbers::default();
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        numbers.rest.push_str(&rest[..start]);
        numbers.rest.push(';');
        rest = &rest[start..];
        if let Some(length) = masked(rest) {
            numbers.unreadable = true;
            numbers.masked = true;
            rest = &rest[length..];
            continue;
        }
        if let Some(length) = scientific(rest) {
            numbers.unreadable = true;
            rest = &rest[length..];
            continue;
        }
        let length = rest
            .find(|c: char| !(c.is_ascii_digit() || matches!(c, ' ' | '-' | '(' | ')')))
            .unwrap_or(rest.len());
        let (chain, after) = rest.split_at(length);
        // A digit that a decimal point follows is left to the next round.
        let digits = chain
            .rfind(|c: char| c.is_ascii_digit())
            .map_or(0, |last| last + 1);
        numbers.rest.push_str(&chain[digits..]);
        let groups: Vec<&str> = chain
            .split(|c: char| !c.is_ascii_digit())
            .filter(|group| !group.is_empty())
            .collect();
        numbers.read_chain(&groups);
        rest = after;
    }
    numbers.rest.push_str(rest);
    numbers
}

/// Length of a number that begins with two digits or more and hides at least
/// two of the others.
fn masked(text: &str) -> Option<usize> {
    let first = text.find(|c: char| !(c.is_ascii_digit() || matches!(c, ' ' | '-')))?;
    let hides = |c: char| matches!(c, '*' | 'x' | 'X' | '×' | '#' | '●' | '•' | '○');
    let hidden = text[first..]
        .find(|c: char| !hides(c))
        .unwrap_or(text.len() - first);
    let shown = text[..first].bytes().filter(u8::is_ascii_digit).count();
    let marks = text[first..first + hidden].chars().count();
    // 3x5 is a product, and 2 * 3 too.
    if shown < 2 || marks < 2 {
        return None;
    }
    let behind = &text[first + hidden..];
    Some(first + hidden + behind.find(|c: char| !c.is_ascii_digit()).unwrap_or(behind.len()))
}

/// Length of a number in scientific notation (1.38123E+10), which has lost its digits.
fn scientific(text: &str) -> Option<usize> {
    let digits = |at: usize| text[at..].bytes().take_while(u8::is_ascii_digit).count();
    let mut at = digits(0);
    if text[at..].starts_with('.') {
        at += 1 + digits(at + 1);
    }
    at += text[at..].strip_prefix(['e', 'E']).map(|_| 1)?;
    at += usize::from(text[at..].starts_with(['+', '-']));
    let exponent = digits(at);
    (exponent > 0).then_some(at + exponent)
}

impl Numbers {
    /// Reads groups of digits with only spaces, hyphens and brackets between them.
    fn read_chain(&mut self, groups: &[&str]) {
        let mut at = 0;
        while at < groups.len() {
            let rest = &groups[at..];
            if let Some((phone, taken)) = mobile(rest).or_else(|| landline(rest)).or_else(|| service(rest)) {
                self.phones.push((phone, Kind::Complete));
                at += taken;
            } else if let Some((phone, taken)) = local(rest) {
                self.phones.push((phone, Kind::Local));
                at += taken;
            } else {
                let group = rest[0];
                if group.len() == 3 && group.starts_with('1') && rest.len() > 1 {
                    // The beginning of a mobile number with a digit too few or too many.
                    self.unreadable = true;
                    return;
                }
                match group.len() {
                    // Running numbers and numbers of people.
                    0..=3 => {}
                    4..=6 => self.phones.push((group.to_owned(), Kind::Short)),
                    _ => self.unreadable = true,
                }
                at += 1;
            }
        }
    }
}

/// The first groups joined, as long as they have no more than `most` digits.
fn joined<'g>(groups: &'g [&str], most: usize) -> impl Iterator<Item = (String, usize)> + 'g {
    let mut digits = String::new();
    groups.iter().enumerate().map_while(move |(at, group)| {
        digits.push_str(group);
        (digits.len() <= most).then(|| (digits.clone(), at + 1))
    })
}

fn mobile(groups: &[&str]) -> Option<(String, usize)> {
    // Nearly all numbers are written in one.
    if let Some(number) = groups.first().filter(|group| is_mobile(group)) {
        return Some(((*number).to_owned(), 1));
    }
    joined(groups, 15).find_map(|(digits, taken)| {
        let national = [digits.as_str()]
            .into_iter()
            .chain(digits.strip_prefix("86"))
            .chain(digits.strip_prefix("0086"))
            .find(|number| is_mobile(number))?;
        Some((national.to_owned(), taken))
    })
}

fn is_mobile(digits: &str) -> bool {
    let bytes = digits.as_bytes();
    bytes.len() == 11 && bytes[0] == b'1' && (b'3'..=b'9').contains(&bytes[1])
}

/// A landline with its area code, and with an extension if one follows.
fn landline(groups: &[&str]) -> Option<(String, usize)> {
    let first = *groups.first()?;
    if !first.starts_with('0') || first.starts_with("00") {
        return None;
    }
    let (area, number, taken) = if first.len() <= 4 {
        let (number, taken) = local(groups.get(1..)?)?;
        (first, number, taken + 1)
    } else {
        // 010 and 02x are the area codes of three digits.
        let (area, number) =
            first.split_at_checked(if first.starts_with("01") || first.starts_with("02") {
                3
            } else {
                4
            })?;
        (area, number.to_owned(), 1)
    };
    if area.len() < 3 || !(7..=8).contains(&number.len()) {
        return None;
    }
    let extension = groups
        .get(taken)
        .filter(|group| group.len() <= 4 && !group.starts_with('0') && mobile(&groups[taken..]).is_none());
    Some(match extension {
        Some(extension) => (format!("{area}-{number}-{extension}"), taken + 1),
        None => (format!("{area}-{number}"), taken),
    })
}

/// Numbers that need no area code: 400-123-4567.
fn service(groups: &[&str]) -> Option<(String, usize)> {
    let (digits, taken) = joined(groups, 10).find(|(digits, _)| digits.len() == 10)?;
    let is_service = digits.starts_with("400") || digits.starts_with("800");
    is_service.then(|| {
        (
            format!("{}-{}-{}", &digits[..3], &digits[3..6], &digits[6..]),
            taken,
        )
    })
}

/// 7 or 8 digits in one group, or in two of which the second has four. None
/// begins with 0 or 1.
fn local(groups: &[&str]) -> Option<(String, usize)> {
    if groups.first()?.starts_with(['0', '1']) {
        return None;
    }
    match groups {
        [number, ..] if (7..=8).contains(&number.len()) => Some(((*number).to_owned(), 1)),
        [first, second, ..] if (3..=4).contains(&first.len()) && second.len() == 4 => {
            Some((format!("{first}{second}"), 2))
        }
        _ => None,
    }
}
