//! How our notes begin: by the templates in force and those that the program
//! brings, so that what was written before an office changed them is known too.

use std::collections::HashMap;

use crate::domain::own_notes::OwnNotes;

macro_rules! shipped {
    ($($name:literal),*) => {
        [$(($name, include_str!(concat!("../../../templates/notes/", $name)))),*]
    };
}

/// The templates that the program brings.
const SHIPPED: [(&str, &str); 12] = shipped![
    "zh-CN/status.txt.j2",
    "zh-CN/status-name.txt.j2",
    "zh-CN/draft-name.txt.j2",
    "zh-CN/receipt.txt.j2",
    "zh-CN/guide.txt.j2",
    "zh-CN/beside.txt.j2",
    "en/status.txt.j2",
    "en/status-name.txt.j2",
    "en/draft-name.txt.j2",
    "en/receipt.txt.j2",
    "en/guide.txt.j2",
    "en/beside.txt.j2"
];

/// By the site's own templates, by name, and the shipped ones.
pub(super) fn own_notes(templates: &HashMap<String, String>) -> OwnNotes {
    let in_force = templates
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()));
    OwnNotes::from_templates(in_force.chain(SHIPPED))
}
