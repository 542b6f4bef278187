//! How many of the items stand where, in words that people read.

use super::{ItemLine, ItemState};
use crate::domain::language::Language;
use crate::domain::program::Items;

/// Numbers that are said although all stand alike.
const FEW: usize = 3;

/// States that are counted, in the order in which they are said.
const STATES: [ItemState; 6] = [
    ItemState::Accepted,
    ItemState::Unchanged,
    ItemState::Done,
    ItemState::Covered,
    ItemState::Returned,
    ItemState::Missing,
];

/// How many rows of items stand where, the figures that measure them counted
/// by themselves. What nobody owes isn't counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ItemTally {
    /// By state, with the numbers of the items, each once.
    tasks: Vec<Counted>,
    figures: Vec<Counted>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Counted {
    state: ItemState,
    rows: usize,
    numbers: Vec<String>,
}

impl ItemTally {
    /// Counts lines, of one unit or of all.
    #[must_use]
    pub fn of<'l>(items: &Items, lines: impl Iterator<Item = &'l ItemLine>) -> Self {
        let lines: Vec<&ItemLine> = lines.collect();
        let counted = |figures: bool| {
            let lines = lines.iter();
            let lines = lines.filter(|line| items.all[line.place].measure.is_some() == figures);
            let counted = STATES.map(|state| {
                let mut of = Counted {
                    state,
                    rows: 0,
                    numbers: Vec::new(),
                };
                for line in lines.clone().filter(|line| line.state == state) {
                    of.rows += 1;
                    let number = &items.all[line.place].number;
                    if !of.numbers.contains(number) {
                        of.numbers.push(number.clone());
                    }
                }
                of
            });
            counted.into_iter().filter(|own| own.rows > 0).collect()
        };
        Self {
            tasks: counted(false),
            figures: counted(true),
        }
    }

    /// “11项：已报9项，未报2项（第6、7项）；指标6个：已报6个”; empty where nothing is owed.
    /// Where many stand alike to the last, their numbers say nothing.
    #[must_use]
    pub fn in_words(&self, language: Language) -> String {
        self.worded(language, true)
    }

    /// The same without numbers: “11项：已报9项，未报2项；指标6个：已报6个”.
    #[must_use]
    pub fn in_figures(&self, language: Language) -> String {
        self.worded(language, false)
    }

    fn worded(&self, language: Language, numbered: bool) -> String {
        let (item, figure, parting) = match language {
            Language::Chinese => (["", "项"], ["指标", "个"], "；"),
            Language::English => (["", " items"], ["", " figures"], "; "),
        };
        let parts = [(&self.tasks, item), (&self.figures, figure)];
        let parts = parts.into_iter().filter(|(counted, _)| !counted.is_empty());
        let parts: Vec<String> = parts
            .map(|(counted, words)| said(language, counted, words, numbered))
            .collect();
        parts.join(parting)
    }
}

fn said(language: Language, counted: &[Counted], [before, after]: [&str; 2], numbered: bool) -> String {
    let whole: usize = counted.iter().map(|own| own.rows).sum();
    let parts: Vec<String> = counted
        .iter()
        .map(|own| {
            let all_alike = counted.len() == 1 && own.numbers.len() > FEW;
            let open = numbered && own.state.is_open() && !all_alike;
            match language {
                Language::Chinese if open => format!(
                    "{}{}{after}（第{}项）",
                    own.state.label(),
                    own.rows,
                    own.numbers.join("、")
                ),
                Language::Chinese => format!("{}{}{after}", own.state.label(), own.rows),
                Language::English if open => {
                    format!(
                        "{} {} (no. {})",
                        own.rows,
                        own.state.label_en(),
                        own.numbers.join(", ")
                    )
                }
                Language::English => format!("{} {}", own.rows, own.state.label_en()),
            }
        })
        .collect();
    match language {
        Language::Chinese => format!("{before}{whole}{after}：{}", parts.join("，")),
        Language::English => format!("{whole}{after}: {}", parts.join(", ")),
    }
}

/// Numbers of the items that nobody is known to lead, each once, in the order
/// of the table.
#[must_use]
pub fn undecided<'i>(items: &'i Items, lines: &[ItemLine]) -> Vec<&'i str> {
    let mut numbers: Vec<&str> = Vec::new();
    for line in lines.iter().filter(|line| line.state == ItemState::Undecided) {
        let item = &items.all[line.place];
        if item.measure.is_none() && numbers.last() != Some(&item.number.as_str()) {
            numbers.push(&item.number);
        }
    }
    numbers
}
