//! Switching programmes: on, off, from trial to work. What follows is shown before.

mod trial;

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use super::consequence::{Consequence, Side, Supposed, between};
use super::misuse;
use super::programs::{ProgramLine, line, list};
use crate::domain::account::Account;
use crate::domain::actor::Actor;
use crate::domain::definition::Problem;
use crate::domain::ids::ProgramId;
use crate::domain::program::Program;
use crate::domain::sha256::Sha256;
use crate::jobs::kept_files;
use crate::jobs::programs::{self, Chosen};
use crate::jobs::refusal::{overtaken, refuse, refuse_unless};
use crate::jobs::rosters;
use crate::jobs::site::Site;
use crate::store::Entry;
use trial::{end_trial, trial_drafts};

/// How a programme stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It asks for reports.
    Live,
    /// It is tried out.
    Trial,
    /// It is off.
    Off,
}

/// What it is switched to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Switch {
    /// From trial to work.
    Live,
    /// On.
    On,
    /// Off.
    Off,
}

impl Switch {
    /// What the journal calls it.
    fn as_str(self) -> &'static str {
        match self {
            Self::Live => "program-live",
            Self::On => "program-on",
            Self::Off => "program-off",
        }
    }

    /// Whether it can be switched so.
    fn is_possible(self, state: State) -> bool {
        match self {
            Self::Live => state == State::Trial,
            Self::On => state == State::Off,
            Self::Off => state != State::Off,
        }
    }
}

/// A programme with its definition.
#[derive(Debug, Clone, Serialize)]
pub struct ProgramAnswer {
    /// What a list says of it; none where its definition is faulty.
    pub line: Option<ProgramLine>,
    /// Its id.
    pub program: ProgramId,
    /// Its name, or its id.
    pub name: String,
    /// How it stands.
    pub state: State,
    /// What is wrong with its definition, a line each.
    pub problems: Vec<String>,
    /// How many values are by default, and which.
    pub assumed: Vec<String>,
    /// What it can be switched to.
    pub switches: Vec<Switch>,
    /// It asks for items of a register; how many and how many lack a lead.
    pub items: Option<(usize, usize)>,
}

/// What follows from a switch.
#[derive(Debug, Clone, Serialize)]
pub struct SwitchAnswer {
    /// The programme.
    pub program: ProgramId,
    /// Its name.
    pub name: String,
    /// How it stands.
    pub state: State,
    /// What it is switched to.
    pub to: Switch,
    /// Letters that come and fall away.
    pub consequence: Consequence,
    /// Drafts of the trial, which won't be sent.
    pub drafts: usize,
    /// Programmes that wait for this one.
    pub waiting: Vec<String>,
    /// How many units owe reports.
    pub owers: usize,
    /// What tells how it stood.
    pub seen: Sha256,
}

/// All programmes of an account, those that are off or faulty included.
#[must_use]
pub fn all(site: &Site, account: &Account) -> Vec<ProgramAnswer> {
    let (lines, problems) = list(site);
    let mut lines: BTreeMap<ProgramId, ProgramLine> =
        lines.into_iter().map(|own| (own.id.clone(), own)).collect();
    let root = site.options.templates.join("programs");
    let ids = programs::present(&root).unwrap_or_default();
    let ids = ids.iter().filter_map(|id| id.parse::<ProgramId>().ok());
    ids.filter(|id| account.has(id))
        .map(|id| {
            let line = lines.remove(&id);
            let of_it = problems.iter().filter(|own| is_of(own, &id));
            let words = of_it.map(in_words).collect();
            answer(site, id, line, words)
        })
        .collect()
}

/// Whether a problem is one of a programme's definition.
fn is_of(problem: &Problem, id: &ProgramId) -> bool {
    let mut parts = problem.file.rsplit(['/', '\\']);
    parts.next();
    parts.next() == Some(id.as_str())
}

/// A problem without the places of this machine.
fn in_words(problem: &Problem) -> String {
    let file = problem.file.rsplit(['/', '\\']).next().unwrap_or_default();
    Problem {
        file: file.to_owned(),
        ..problem.clone()
    }
    .to_string()
}

/// A programme; none where there is no such one, or it is none of the account's.
#[must_use]
pub fn one(site: &Site, account: &Account, id: &str) -> Option<ProgramAnswer> {
    let id: ProgramId = id.parse().ok()?;
    let folder = rosters::folder(site, &id).filter(|_| account.has(&id))?;
    let (own, problems) = match site.read_program(&folder) {
        Ok(program) => (Some(line(site, &program)), Vec::new()),
        Err(problems) => (None, problems.iter().map(in_words).collect()),
    };
    Some(answer(site, id, own, problems))
}

fn answer(site: &Site, id: ProgramId, line: Option<ProgramLine>, problems: Vec<String>) -> ProgramAnswer {
    let state = state(site, &id);
    let program = match rosters::defined(site, &id) {
        Some(Ok(program)) => Some(program),
        _ => None,
    };
    let possible = |own: &Switch| own.is_possible(state) && (problems.is_empty() || *own == Switch::Off);
    let count = program
        .as_ref()
        .and_then(|own| super::programs::register_count(own));
    ProgramAnswer {
        name: program
            .as_ref()
            .map_or_else(|| id.to_string(), |own| own.name.clone()),
        assumed: program.map_or_else(Vec::new, |own| own.assumed.iter().cloned().collect()),
        items: count.map(|own| (own.items, own.undecided.len())),
        switches: [Switch::Live, Switch::On, Switch::Off]
            .into_iter()
            .filter(possible)
            .collect(),
        line,
        program: id,
        state,
        problems,
    }
}

fn state(site: &Site, id: &ProgramId) -> State {
    match site.program(id) {
        None => State::Off,
        Some(program) if program.ladder.trial => State::Trial,
        Some(_) => State::Live,
    }
}

/// What tells how a programme stands: its state, and its definition's content.
fn seen(site: &Site, id: &ProgramId) -> anyhow::Result<Sha256> {
    let folder = rosters::folder(site, id).context("方案的文件夹不在了")?;
    let definition = kept_files::hash_if_any(&folder.join("program.toml"))?;
    let state = format!("{:?}", state(site, id));
    Ok(Sha256::of([state.as_str(), &definition.to_string()]))
}

/// What would follow from switching a programme.
///
/// # Errors
/// It can't be switched so ([`crate::jobs::refusal::Refusal`]); the database
/// can't be read.
pub async fn before(site: &Arc<Site>, id: &ProgramId, to: Switch) -> anyhow::Result<SwitchAnswer> {
    let (state, language) = (state(site, id), site.language());
    possible(site, id, to)?;
    let program = match rosters::defined(site, id) {
        Some(Ok(program)) => program,
        Some(Err(problems)) => refuse!(
            language,
            "{id} 的写法有问题：{}",
            "the definition of {id} is faulty: {}",
            problems.iter().map(in_words).collect::<Vec<_>>().join("；")
        ),
        None => misuse!(language, "没有方案“{id}”", "there is no programme “{id}”"),
    };
    let mut live = Arc::clone(&program);
    let mut begun = None;
    let mut drafts = 0;
    match to {
        Switch::Live => {
            Arc::make_mut(&mut live).ladder.trial = false;
            begun = Some(site.clock.utc());
            drafts = trial_drafts(site, id).await?;
        }
        Switch::On => begun = Some(site.clock.utc()),
        Switch::Off => {}
    }
    // What ran before the trial goes on where it was.
    if site.store.ran_first(id).await?.is_some() {
        begun = None;
    }
    let nothing = Supposed::default();
    let then = Supposed {
        begun,
        ..Supposed::default()
    };
    let own: Side<'_> = (&program, &nothing);
    let consequence = match to {
        Switch::Live => between(site, Some(own), Some((&live, &then))).await?,
        Switch::On => between(site, None, Some((&live, &then))).await?,
        Switch::Off => between(site, Some(own), None).await?,
    };
    let waits = |own: &Arc<Program>| own.deadline.after.as_ref().is_some_and(|after| after == id);
    Ok(SwitchAnswer {
        program: id.clone(),
        name: program.name.clone(),
        state,
        to,
        consequence,
        drafts,
        waiting: site
            .programs()
            .iter()
            .filter(|own| waits(own))
            .map(|own| own.name.clone())
            .collect(),
        owers: line(site, &program).owers,
        seen: seen(site, id)?,
    })
}

/// Whether a programme can be switched so as it stands.
fn possible(site: &Site, id: &ProgramId, to: Switch) -> anyhow::Result<()> {
    let state = state(site, id);
    let language = site.language();
    let (chinese, english) = match (to, state) {
        (Switch::Live, State::Off) => ("它没有启用，请先启用", "it is off; switch it on first"),
        (Switch::Live, _) => ("它已经在正式运行", "it is live already"),
        (Switch::On, _) => ("它已经启用了", "it is on already"),
        (Switch::Off, _) => ("它本来就没有启用", "it is off already"),
    };
    refuse_unless!(
        to.is_possible(state),
        language,
        "{}",
        "{}",
        language.either(chinese, english)
    );
    if to != Switch::On {
        return Ok(());
    }
    // By the same reading that the daemon makes: folders may clash.
    let switched = programs::Switches::from([(id.clone(), true)]);
    let running: Vec<String> = site.programs().iter().map(|own| own.id.to_string()).collect();
    let enabled: Vec<String> = running.into_iter().chain([id.to_string()]).collect();
    let chosen = Chosen {
        enabled: &enabled,
        switched: &switched,
    };
    let loaded = programs::load(&site.options.templates, chosen, &|path| site.read_table(path));
    if loaded.program(id).is_none() {
        let of_it = loaded.problems.iter().filter(|own| is_of(own, id));
        let words: Vec<String> = of_it.map(in_words).collect();
        refuse!(
            language,
            "不能启用：{}",
            "it can't be switched on: {}",
            words.join("；")
        );
    }
    Ok(())
}

/// Switches a programme, as it was seen.
///
/// # Errors
/// It can't be switched so, or stands otherwise by now
/// ([`crate::jobs::refusal::Refusal`]); the database is gone.
pub async fn switch(
    site: &Arc<Site>,
    by: &Actor,
    (id, to): (&ProgramId, Switch),
    reason: &str,
    shown: Option<Sha256>,
) -> anyhow::Result<()> {
    let language = site.language();
    if rosters::folder(site, id).is_none() {
        misuse!(language, "没有方案“{id}”", "there is no programme “{id}”");
    }
    possible(site, id, to)?;
    let mut change = site.store.begin().await?;
    if shown.is_some_and(|shown| seen(site, id).ok() != Some(shown)) {
        overtaken!(
            language,
            "这项方案刚才有改动，没有执行。请核对现在的情况，再定一次",
            "the programme has just changed; nothing was done. Look again and decide anew"
        );
    }
    match to {
        Switch::On | Switch::Off => {
            let now = site.store.switch_within(&mut change, id).await?;
            let known = site.switched(id);
            if now != known {
                overtaken!(
                    language,
                    "这项方案刚才已经有人启用或停用，没有执行。请刷新后再看",
                    "somebody has just switched the programme; nothing was done. Refresh and look again"
                );
            }
            site.store.switch(&mut change, id, to == Switch::On).await?;
        }
        Switch::Live => end_trial(site, &mut change, by, id).await?,
    }
    let entry = Entry {
        by: by.name(),
        via: by.via(),
        what: to.as_str(),
        program: Some(id),
        detail: reason.into(),
        ..Entry::default()
    };
    site.store.log(&mut change, site.clock.utc(), &entry).await?;
    change.commit().await?;
    let own = site.clone();
    tokio::task::spawn_blocking(move || own.reload()).await?;
    site.take_decisions().await?;
    Ok(())
}
