//! A register from a document's own text or table: items with their numbers,
//! who leads them, who assists, and what is odd about it.

mod names;
mod table;
mod text;
mod units;
mod years;

use serde::Serialize;

pub use table::{Columns, from_table};
pub use text::from_text;
pub use units::{UnitList, read_units};

/// An item as the document lists it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Task {
    /// Its key: the number, with a letter behind it where that stands twice.
    pub id: String,
    /// Its number as printed.
    pub number: String,
    /// The heading that it stands under.
    pub section: String,
    /// Marked with a star.
    pub starred: bool,
    /// Its name.
    pub name: String,
    /// Its text.
    pub content: String,
    /// Who leads it and who assists.
    pub units: UnitList,
    /// The units as printed.
    pub printed: String,
    /// Further columns of a table, by their headers.
    pub further: Vec<(String, String)>,
}

/// Items that were read, and what is to be looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Imported {
    /// In their order.
    pub tasks: Vec<Task>,
    /// What is odd, for a person to look at, each with the item that it is about.
    pub odd: Vec<String>,
}

impl Imported {
    /// How many units lead items, all counted together.
    #[must_use]
    pub fn leads(&self) -> usize {
        self.tasks.iter().map(|task| task.units.leads.len()).sum()
    }

    /// How many assist, likewise.
    #[must_use]
    pub fn assists(&self) -> usize {
        self.tasks.iter().map(|task| task.units.assists.len()).sum()
    }

    /// Every unit that is named, the leads first, each once, in the order in
    /// which they come.
    #[must_use]
    pub fn units(&self) -> Vec<&str> {
        let leads = self.tasks.iter().flat_map(|task| &task.units.leads);
        let others = self
            .tasks
            .iter()
            .flat_map(|task| task.units.assists.iter().chain(&task.units.unlabelled));
        let mut found: Vec<&str> = Vec::new();
        for unit in leads.chain(others) {
            if !found.contains(&unit.as_str()) {
                found.push(unit);
            }
        }
        found
    }
}

/// Gives items their keys, and says what is odd about numbers, units and totals.
fn settle(mut tasks: Vec<Task>, declared: &[(usize, String)]) -> Imported {
    let mut odd = Vec::new();
    odd.extend(numbers(&mut tasks));
    odd.extend(names::part(&mut tasks));
    odd.extend(names::cut_off(&mut tasks));
    for units in tasks.iter_mut().map(|task| &mut task.units) {
        // Who stands there alone leads.
        if units.leads.is_empty() && units.assists.is_empty() && units.unlabelled.len() == 1 {
            units.leads.append(&mut units.unlabelled);
        }
    }
    for task in &tasks {
        let of = |what: &String| format!("第{}项：{what}", task.number);
        odd.extend(task.units.odd.iter().map(of));
    }
    odd.extend(names::abbreviations(&tasks));
    odd.extend(years::misplaced(&tasks));
    for (count, words) in declared {
        if *count != tasks.len() {
            odd.push(format!("原文写“{words}”，读出的是{}项。", tasks.len()));
        }
    }
    Imported { tasks, odd }
}

/// Gives each item its key; says which numbers stand twice and which are missing.
fn numbers(tasks: &mut [Task]) -> Vec<String> {
    let mut odd = Vec::new();
    let mut seen: Vec<String> = Vec::new();
    for task in tasks.iter_mut() {
        let before = seen.iter().filter(|own| **own == task.number).count();
        seen.push(task.number.clone());
        task.id = task.number.clone();
        if before > 0 {
            let letter = char::from(b'a' + u8::try_from(before.min(25)).unwrap_or(25));
            task.id = format!("{}{letter}", task.number);
            odd.push(format!(
                "序号{}重复，第{}个编号为{}。",
                task.number,
                before + 1,
                task.id
            ));
        }
    }
    let figures: Vec<u32> = seen.iter().filter_map(|own| own.parse().ok()).collect();
    if let (Some(first), Some(last)) = (figures.iter().min(), figures.iter().max())
        && last - first < 1000
    {
        let missing = (*first..=*last).filter(|number| !figures.contains(number));
        let missing: Vec<String> = missing.map(|number| number.to_string()).collect();
        if !missing.is_empty() {
            odd.push(format!("缺序号{}。", missing.join("、")));
        }
    }
    odd
}

#[cfg(test)]
mod tests;
