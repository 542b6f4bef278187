//! `[letters]`: when letters are made and sent.

use super::LetterOptions;
use crate::domain::cron::Cron;
use crate::domain::definition::Section;
use crate::domain::notices::Hours;

/// Every five minutes: a step's own time of day decides, this only how soon it is noticed.
const WALK: &str = "*/5 * * * *";

pub fn read(section: &Section<'_>) -> LetterOptions {
    let default = Hours::default();
    let hours = Hours {
        from: section.time("office_from").unwrap_or(default.from),
        to: section.time("office_to").unwrap_or(default.to),
    };
    if hours.from >= hours.to {
        section.report(
            "office_from",
            "上班时刻不早于下班时刻。",
            "例如 office_from = \"08:30\"，office_to = \"17:30\"。",
        );
    }
    LetterOptions {
        hours,
        walk: cron(section, "walk").unwrap_or_else(walk),
        standing: cron(section, "standing"),
        master: cron(section, "master"),
    }
}

fn walk() -> Cron {
    // Its own text is tested below.
    Cron::parse(WALK).unwrap_or_else(|fault| unreachable!("{fault}"))
}

/// An expression; an empty one is none.
fn cron(section: &Section<'_>, key: &str) -> Option<Cron> {
    let text = section.text(key).filter(|text| !text.is_empty())?;
    match Cron::parse(&text) {
        Ok(cron) => Some(cron),
        Err(fault) => {
            section.report(key, fault, "不需要就写 \"\"。");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_an_expression() {
        assert_eq!(walk().to_string(), WALK);
    }
}
