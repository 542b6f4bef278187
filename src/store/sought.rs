//! Searching through the log: from its end backwards, never further than was
//! said, whatever is searched for.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use sqlx::QueryBuilder;

use super::Store;
use super::database::Database;
use super::error::Result;
use super::journal::{JournalLine, LINE};
use crate::domain::actor::Via;
use crate::domain::ids::{ProgramId, UnitId};
use crate::domain::period::Period;

/// What a line has to be about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concern {
    /// The programme.
    pub program: ProgramId,
    /// The unit; none: any.
    pub unit: Option<UnitId>,
    /// The period; none: any.
    pub period: Option<Period>,
}

/// Which lines are looked for; what isn't said is no matter. A line about a
/// letter is about all that its letter speaks of.
#[derive(Debug, Clone, Default)]
pub struct Sought {
    /// Older than this line.
    pub before: Option<i64>,
    /// From this instant on.
    pub from: Option<DateTime<Utc>>,
    /// Before this instant.
    pub to: Option<DateTime<Utc>>,
    /// What was done: one of these words.
    pub kinds: Vec<String>,
    /// By which way.
    pub via: Option<Via>,
    /// A person with this in the name.
    pub by: Option<String>,
    /// All of these stand in the detail.
    pub words: Vec<String>,
    /// About one of these.
    pub about: Option<Vec<Concern>>,
    /// About nothing but these programmes.
    pub within: Option<BTreeSet<ProgramId>>,
}

impl Sought {
    /// Whether only what people did is looked for: of that there is an index.
    fn of_people(&self) -> bool {
        self.by.is_some() || self.via.is_some_and(|via| via != Via::Program)
    }

    /// The conditions, each after an AND. Columns that have an index are
    /// disguised: it would give the lines in another order than theirs.
    fn push(&self, query: &mut QueryBuilder<Database>) {
        if let Some(from) = self.from {
            query.push(" AND at >= ").push_bind(from.timestamp_millis());
        }
        if let Some(to) = self.to {
            query.push(" AND at < ").push_bind(to.timestamp_millis());
        }
        if !self.kinds.is_empty() {
            query.push(" AND what || '' IN (");
            let mut kinds = query.separated(", ");
            for kind in &self.kinds {
                kinds.push_bind(kind.as_str());
            }
            query.push(")");
        }
        if self.of_people() {
            query.push(" AND via <> 'program'");
        }
        if let Some(via) = self.via {
            query.push(" AND via = ").push_bind(via.as_str());
        }
        if let Some(by) = &self.by {
            query.push(" AND by LIKE ").push_bind(containing(by));
            query.push(" ESCAPE '\\'");
        }
        if !self.words.is_empty() {
            // Which submissions a master has is for programs.
            query.push(" AND what <> 'master'");
        }
        for words in &self.words {
            query.push(" AND detail LIKE ").push_bind(containing(words));
            query.push(" ESCAPE '\\'");
        }
        if let Some(about) = &self.about {
            push_about(query, about);
        }
        if let Some(within) = &self.within {
            push_within(query, within);
        }
    }
}

/// What a search came to.
#[derive(Debug, Clone, Default)]
pub struct Looked {
    /// Lines that fit, latest first.
    pub lines: Vec<JournalLine>,
    /// Older lines than this one weren't looked at; none: all were.
    pub down_to: Option<i64>,
}

impl Store {
    /// Lines that are looked for, latest first: `most` of them at most, among
    /// the last `look` lines before the one that was named.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn journal_sought(&self, sought: &Sought, most: usize, look: usize) -> Result<Looked> {
        let Some((first, before)) = self.reach(sought).await? else {
            return Ok(Looked::default());
        };
        let floor = before.saturating_sub(number(look)).max(first);
        let mut query = QueryBuilder::new(LINE);
        bounded(&mut query, sought, (floor, before));
        query.push(" ORDER BY id DESC LIMIT ").push_bind(number(most));
        let lines = query
            .build_query_as()
            .persistent(false)
            .fetch_all(&self.pool)
            .await?;
        Ok(Looked {
            lines,
            down_to: (floor > first).then_some(floor),
        })
    }

    /// How many lines are looked for.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn count_sought(&self, sought: &Sought) -> Result<usize> {
        let Some(reach) = self.reach(sought).await? else {
            return Ok(0);
        };
        let mut query = QueryBuilder::new("SELECT count(*) FROM journal ");
        bounded(&mut query, sought, reach);
        let count: i64 = query
            .build_query_scalar()
            .persistent(false)
            .fetch_one(&self.pool)
            .await?;
        Ok(usize::try_from(count).unwrap_or(0))
    }

    /// The first line that may be looked for, and the one behind the last;
    /// nothing where there is none.
    async fn reach(&self, sought: &Sought) -> Result<Option<(i64, i64)>> {
        let mut query = QueryBuilder::new("SELECT (SELECT max(id) FROM journal), ");
        match sought.from {
            None => query.push("1"),
            Some(from) => query
                .push("(SELECT id FROM journal WHERE at >= ")
                .push_bind(from.timestamp_millis())
                .push(" ORDER BY id LIMIT 1)"),
        };
        match (sought.to, sought.before) {
            (None, before) => query.push(", ").push_bind(before),
            (Some(to), before) => query
                .push(", (SELECT id FROM journal WHERE at < ")
                .push_bind(to.timestamp_millis())
                .push(" AND id < ")
                .push_bind(before.unwrap_or(i64::MAX))
                .push(" ORDER BY id DESC LIMIT 1) + 1"),
        };
        let (last, first, before): (Option<i64>, Option<i64>, Option<i64>) = query
            .build_query_as()
            .persistent(false)
            .fetch_one(&self.pool)
            .await?;
        let (Some(last), Some(first)) = (last, first) else {
            return Ok(None);
        };
        if sought.to.is_some() && before.is_none() {
            return Ok(None);
        }
        let before = before.map_or(last + 1, |before| before.min(last + 1));
        Ok((first < before).then_some((first, before)))
    }
}

fn bounded(query: &mut QueryBuilder<Database>, sought: &Sought, (floor, before): (i64, i64)) {
    query.push("WHERE id >= ").push_bind(floor);
    query.push(" AND id < ").push_bind(before);
    sought.push(query);
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A pattern for texts that hold another.
fn containing(text: &str) -> String {
    let mut pattern = String::from("%");
    for sign in text.chars() {
        if matches!(sign, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(sign);
    }
    pattern.push('%');
    pattern
}

fn push_about(query: &mut QueryBuilder<Database>, about: &[Concern]) {
    query.push(" AND (FALSE");
    for own in about {
        query.push(" OR ");
        push_concern(query, own);
    }
    // A letter that speaks of several has a look at each of them.
    query.push(" OR letter IS NOT NULL AND (program IS NULL");
    if about.iter().any(|own| own.unit.is_some()) {
        query.push(" OR unit IS NULL");
    }
    if about.iter().any(|own| own.period.is_some()) {
        query.push(" OR period IS NULL");
    }
    query.push(") AND EXISTS (SELECT 1 FROM notice WHERE notice.letter = journal.letter AND (FALSE");
    for own in about {
        query.push(" OR ");
        push_concern_of(query, "notice.", own);
    }
    query.push(")))");
}

fn push_concern(query: &mut QueryBuilder<Database>, own: &Concern) {
    push_concern_of(query, "journal.", own);
}

fn push_concern_of(query: &mut QueryBuilder<Database>, of: &str, own: &Concern) {
    query
        .push("(")
        .push(of)
        .push("program = ")
        .push_bind(&own.program);
    if let Some(unit) = &own.unit {
        query.push(" AND ").push(of).push("unit = ").push_bind(unit);
    }
    if let Some(period) = &own.period {
        query.push(" AND ").push(of).push("period = ").push_bind(period);
    }
    query.push(")");
}

fn push_within(query: &mut QueryBuilder<Database>, within: &BTreeSet<ProgramId>) {
    let list = |query: &mut QueryBuilder<Database>| {
        query.push("(");
        let mut list = query.separated(", ");
        for program in within {
            list.push_bind(program);
        }
        query.push(")");
    };
    query.push(" AND (program IN ");
    list(query);
    query.push(
        " OR program IS NULL AND letter IS NOT NULL \
         AND EXISTS (SELECT 1 FROM notice WHERE notice.letter = journal.letter) \
         AND NOT EXISTS (SELECT 1 FROM notice WHERE notice.letter = journal.letter AND program NOT IN ",
    );
    list(query);
    query.push("))");
}

#[cfg(test)]
mod tests {
    use sqlx::Row as _;

    use super::*;

    #[tokio::test]
    async fn every_search_goes_by_the_numbers_of_the_lines() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("x.sqlite3")).await.unwrap();
        let program: ProgramId = "wutang-visits".parse().unwrap();
        let concern = Concern {
            program: program.clone(),
            unit: Some("U01".parse().unwrap()),
            period: Some(Period::Month(2024, 11)),
        };
        let all = Sought {
            kinds: vec!["letter".into(), "exempted".into()],
            words: vec!["外出".into()],
            about: Some(vec![concern]),
            within: Some(BTreeSet::from([program])),
            ..Sought::default()
        };
        let person = Sought {
            by: Some("李四".into()),
            via: Some(Via::Page),
            ..all.clone()
        };
        for (sought, expected) in [
            (Sought::default(), "INTEGER PRIMARY KEY"),
            (all, "INTEGER PRIMARY KEY"),
            (person, "INDEX journal_people"),
        ] {
            let mut query = QueryBuilder::new("EXPLAIN QUERY PLAN ");
            query.push(LINE);
            bounded(&mut query, &sought, (1, 9));
            query.push(" ORDER BY id DESC LIMIT 201");
            let rows = query.build().fetch_all(&store.pool).await.unwrap();
            let plan: Vec<String> = rows.iter().map(|row| row.get("detail")).collect();
            assert!(
                plan[0].starts_with(&format!("SEARCH journal USING {expected}")),
                "{plan:?}"
            );
            assert!(
                !plan
                    .iter()
                    .any(|step| step.contains("B-TREE") || step.starts_with("SCAN")),
                "{plan:?}"
            );
        }
    }
}
