//! From facts to what templates may name: cleaned, and with what several items have in common.

use minijinja::value::{Serde, Value};
use serde::Serialize;

use super::LintProblem;
use crate::domain::ladder::Kind;
use crate::domain::language::Language;
use crate::domain::ledger::mask_identity_numbers;
use crate::domain::text::printable;
use crate::domain::words::FolderWords;
use crate::mail::{ItemFacts, LetterFacts};

/// Kinds whose items tell more than where a report stands.
const SINGULAR: [&str; 4] = ["target", "expiry", "returned", "receipt"];

/// The facts and what follows from them.
#[derive(Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "templates ask simple questions")]
struct Words<'a> {
    #[serde(flatten)]
    facts: &'a LetterFacts,
    /// The first item of the letter's own kind: its matter stands in the subject.
    lead: Option<&'a ItemFacts>,
    /// How many different reports (matter and period) the items are about.
    matters: usize,
    /// The units concerned, each once, in order.
    units: Vec<&'a str>,
    /// The units of the lead's own report, for which the short text speaks first.
    named: Vec<&'a str>,
    /// Everything else that the letter speaks of, each in words.
    also: Vec<String>,
    /// The letter speaks of the targets of several leaders, or to several.
    name_leaders: bool,
    /// All items rest on the same document and clause.
    same_basis: bool,
    /// All items are the same report, due at the same time: only the units differ.
    same_duty: bool,
    /// The letter goes to a leader, or to the head of the office in a leader's
    /// place: short, and asks for attention instead of action.
    to_leader: bool,
    /// The letter goes to the one unit that it speaks of.
    own: bool,
    folders: Folders,
}

/// Names on the share that instructions speak of.
#[derive(Serialize)]
struct Folders {
    returned: &'static str,
    forms: &'static str,
    marked: &'static str,
}

/// Everything that a template may name.
pub(super) fn values(facts: &LetterFacts, locale: &str) -> Value {
    let items = &facts.items;
    let mut units: Vec<&str> = Vec::new();
    let mut matters: Vec<(&str, &str)> = Vec::new();
    for item in items {
        if !item.unit.is_empty() && !units.contains(&item.unit.as_str()) {
            units.push(&item.unit);
        }
        let matter = (item.matter.as_str(), item.period.as_str());
        if !matters.contains(&matter) {
            matters.push(matter);
        }
    }
    let names = FolderWords::of(match locale {
        "en" => Language::English,
        _ => Language::Chinese,
    });
    let lead = items
        .iter()
        .find(|item| item.kind == facts.kind)
        .or(items.first());
    // A liaison hears of nobody else's duties; of several units each is named.
    let own = facts.role == "liaison" && facts.recipients.len() == 1 && units.len() == 1;
    let targets = items.iter().filter(|item| item.kind == Kind::Target.as_str());
    let (of_lead, also) = gathered(lead, items, own, locale);
    let words = Words {
        facts,
        lead,
        named: of_lead,
        also,
        name_leaders: targets.count() > 1 || facts.recipients.len() > 1,
        matters: matters.len(),
        own,
        units,
        same_basis: items.windows(2).all(|pair| basis(&pair[0]) == basis(&pair[1])),
        same_duty: !SINGULAR.contains(&facts.kind.as_str())
            && items.iter().all(|item| item.value.is_empty())
            && items.windows(2).all(|pair| duty(&pair[0]) == duty(&pair[1])),
        to_leader: matches!(
            facts.role.as_str(),
            "leader" | "coordinating" | "office-head" | "group-head"
        ),
        folders: Folders {
            returned: names.returned,
            forms: names.forms,
            marked: names.marked.trim(),
        },
    };
    // A struct of strings and numbers always becomes JSON.
    let mut json = serde_json::to_value(&words).unwrap_or_default();
    let told = json.get_mut("items").and_then(serde_json::Value::as_array_mut);
    for (at, item) in told.into_iter().flatten().enumerate() {
        // A document that an earlier item cited in full need only be named.
        let cited = items[..at]
            .iter()
            .any(|earlier| basis(earlier) == basis(&items[at]));
        item["cited"] = cited.into();
    }
    clean(&mut json);
    Value::from(Serde(json))
}

/// The units of the lead's report, and the other reports and matters in words,
/// each with its units: nothing that a letter speaks of is left out of its
/// short text.
fn gathered<'a>(
    lead: Option<&'a ItemFacts>,
    items: &'a [ItemFacts],
    own: bool,
    locale: &str,
) -> (Vec<&'a str>, Vec<String>) {
    let mut groups: Vec<(&ItemFacts, Vec<&str>)> = Vec::new();
    for item in lead.into_iter().chain(items) {
        let known = groups.iter().position(|(first, _)| is_one_report(first, item));
        let at = known.unwrap_or_else(|| {
            groups.push((item, Vec::new()));
            groups.len() - 1
        });
        let units = &mut groups[at].1;
        if !item.unit.is_empty() && !units.contains(&item.unit.as_str()) {
            units.push(&item.unit);
        }
    }
    let mut groups = groups.into_iter();
    let named = groups.next().map(|(_, units)| units).unwrap_or_default();
    let also = groups.map(|(item, units)| in_words(item, &units, own, locale));
    (named, also.collect())
}

/// Whether two items are the same report, so that only the units differ.
fn is_one_report(one: &ItemFacts, other: &ItemFacts) -> bool {
    fn words(own: &ItemFacts) -> [&str; 5] {
        [&own.kind, &own.matter, &own.period, &own.leader, &own.value]
    }
    words(one) == words(other)
}

/// A report with its units, and what about it.
fn in_words(item: &ItemFacts, units: &[&str], own: bool, locale: &str) -> String {
    let language = match locale {
        "en" => Language::English,
        _ => Language::Chinese,
    };
    let what = Kind::parse(&item.kind).map_or("", |kind| kind.label(language));
    let is_target = item.kind == Kind::Target.as_str();
    let value = match (item.value.as_str(), language) {
        ("", _) => String::new(),
        (value, Language::Chinese) => format!("（{value}）"),
        (value, Language::English) => format!(" ({value})"),
    };
    match language {
        Language::Chinese => {
            let whom = match (is_target && !item.leader.is_empty(), own) {
                (true, _) => format!("{}同志", item.leader),
                (false, true) => String::new(),
                (false, false) => units.join("、"),
            };
            format!("{whom}{}{}{value}（{what}）", item.period, item.matter)
        }
        Language::English => {
            let whom = match (is_target && !item.leader.is_empty(), own || units.is_empty()) {
                (true, _) => format!(", {}", item.leader),
                (false, true) => String::new(),
                (false, false) => format!(", {}", units.join(", ")),
            };
            format!("{} for {}{value}{whom} ({what})", item.matter, item.period)
        }
    }
}

/// What an item rests on.
fn basis(item: &ItemFacts) -> [&str; 3] {
    [&item.basis, &item.basis_number, &item.clause]
}

/// What is due when.
fn duty(item: &ItemFacts) -> ([&str; 5], bool) {
    let words: [&str; 5] = [&item.kind, &item.matter, &item.period, &item.due, &item.moved];
    (words, item.provisional)
}

/// Whether the facts hold what the kind speaks of; the templates rely on it.
pub(super) fn check(facts: &LetterFacts) -> Result<(), LintProblem> {
    let lacks = |what: &str| Err(LintProblem::of(&facts.kind, format!("信函缺少内容：{what}")));
    let Some(kind) = Kind::parse(&facts.kind) else {
        return lacks("不认识的种类");
    };
    match kind {
        _ if kind.is_of_period() => match facts.period {
            Some(_) => Ok(()),
            None => lacks("本期结果"),
        },
        Kind::Withdrawal => match facts.withdrawn {
            Some(_) => Ok(()),
            None => lacks("所撤销的信函"),
        },
        _ if facts.items.is_empty() => lacks("事项"),
        _ if facts
            .items
            .iter()
            .any(|item| item.kind == "target" && item.target.is_none()) =>
        {
            lacks("调研进度")
        }
        _ => Ok(()),
    }
}

/// Every text in one line, without characters that could break a line or turn
/// its direction, and with identity numbers masked.
fn clean(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::String(text) => {
            let words: Vec<&str> = text.split_whitespace().collect();
            *text = mask_identity_numbers(&printable(&words.join(" ")));
        }
        serde_json::Value::Array(list) => list.iter_mut().for_each(clean),
        serde_json::Value::Object(map) => map.values_mut().for_each(clean),
        _ => {}
    }
}
