//! Names to be passed over, as a site writes them in its configuration.

/// Whether a name matches a pattern in which `*` stands for any text and `?`
/// for one character. Case makes no difference, as on the systems that people
/// drop files from.
#[must_use]
pub fn matches_pattern(pattern: &str, name: &str) -> bool {
    // Nearly all patterns are for an ending or a beginning, and nearly all names have another one.
    let last = |text: &str| {
        text.chars()
            .next_back()
            .and_then(|last| last.to_lowercase().last())
    };
    let first = |text: &str| text.chars().next().and_then(|first| first.to_lowercase().next());
    let differ = |wanted: Option<char>, own: Option<char>| {
        wanted.is_some_and(|wanted| !matches!(wanted, '*' | '?') && own != Some(wanted))
    };
    if differ(last(pattern), last(name)) || differ(first(pattern), first(name)) {
        return false;
    }
    let (pattern, name): (Vec<char>, Vec<char>) = (fold(pattern), fold(name));
    let (mut at, mut seen) = (0, 0);
    // The last `*`, and how far it has swallowed the name.
    let mut star: Option<(usize, usize)> = None;
    while let Some(own) = name.get(seen) {
        match (pattern.get(at), star) {
            (Some('*'), _) => {
                star = Some((at, seen));
                at += 1;
            }
            (Some(wanted), _) if *wanted == '?' || wanted == own => {
                at += 1;
                seen += 1;
            }
            (_, Some((place, swallowed))) => {
                star = Some((place, swallowed + 1));
                at = place + 1;
                seen = swallowed + 1;
            }
            _ => return false,
        }
    }
    pattern.iter().skip(at).all(|rest| *rest == '*')
}

fn fold(text: &str) -> Vec<char> {
    text.chars().flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_and_question_marks() {
        for (pattern, name, matches) in [
            ("*.part", "a.part", true),
            ("*.part", "a.PART", true),
            ("*.part", "a.part1", false),
            ("*", "", true),
            ("", "a", false),
            ("desktop.ini", "desktop.ini", true),
            ("desktop.ini", "desktop.in", false),
            ("草稿*.xlsx", "草稿1.xlsx", true),
            ("第?稿.xlsx", "第二稿.xlsx", true),
            ("第?稿.xlsx", "第十二稿.xlsx", false),
            ("*a*b?", "xaybaabc", true),
            ("*a*b?", "xayb", false),
            ("*İ", "aİ", true),
            ("İ*", "i̇a", true),
            ("", "", true),
            ("a", "", false),
        ] {
            assert_eq!(matches_pattern(pattern, name), matches, "{pattern} {name}");
        }
    }
}
