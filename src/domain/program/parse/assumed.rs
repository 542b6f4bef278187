//! `assumed`: values that no source document fixes.

use std::collections::BTreeSet;

use super::deadline::DEFAULTED;
use super::table::Tables;
use crate::domain::definition::{Definition, Section, nearest};

/// Reads the list; comes last, when every key has been asked for. Defaults of
/// the deadline that are not written come from no document, so they are added.
pub fn read(root: &Section<'_>, definition: &Definition<'_>, tables: &Tables<'_>) -> BTreeSet<String> {
    let mut assumed = BTreeSet::new();
    for (line, key) in root.lined_texts("assumed").unwrap_or_default() {
        if !definition.knows(&key) && !tables.knows(&key) {
            let known = definition.known_keys();
            let all = known.iter().map(String::as_str).chain(tables.known());
            let remedy = nearest(&key, all).map_or_else(
                || "写本文件的项（如 deadline.day）或名册的列（如 roster.department）。".to_owned(),
                |near| format!("是不是“{near}”？"),
            );
            definition.report(Some(line), format!("assumed 里的“{key}”不是任何一项。"), remedy);
        } else if !assumed.insert(key.clone()) {
            definition.report(Some(line), format!("assumed 里的“{key}”写了两次。"), "留一个。");
        }
    }
    let deadline = root.section("deadline");
    let unwritten = DEFAULTED.iter().filter(|key| !deadline.has(key));
    assumed.extend(unwritten.map(|key| format!("deadline.{key}")));
    assumed
}
