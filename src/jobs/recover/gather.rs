//! What lies on the share and in the archive, put in order by unit and period.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::sync::Arc;

use chrono::DateTime;

use super::evidence::{Aside, Evidence, Files, as_it_lies, is_guide, is_marked, is_text, period_of};
use super::look::{Looked, lies_beside, look};
use crate::domain::dates::civil;
use crate::domain::identify::read_file_name;
use crate::domain::ids::{Duty, UnitId};
use crate::domain::own_digest::Kind;
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::domain::recover::{
    Beside, BesideNote, Lies, Original, believable, is_draft_note, kind_of_beside, lies_as, read_beside,
    read_note, status_name,
};
use crate::domain::sha256::Sha256;
use crate::domain::share_path::SharePath;
use crate::domain::submission::Record;
use crate::domain::words::FolderWords;
use crate::inbox::{Found, Zone};
use crate::jobs::site::Site;
use crate::store::{Placed, Role};

/// Gathers all evidence. `records` is what the database has.
///
/// # Errors
/// See [`look`]; the database can't be read: say so, and recover again.
pub(super) async fn gather(site: &Arc<Site>) -> anyhow::Result<Evidence> {
    let records = site.store.all_submissions().await?;
    let placed: HashMap<SharePath, Placed> = site
        .store
        .placed()
        .await?
        .into_iter()
        .map(|placed| (placed.path.clone(), placed))
        .collect();
    let looked = look(site, &placed).await?;
    let own = site.clone();
    Ok(tokio::task::spawn_blocking(move || Gathering::new(&own, records, placed, looked).all()).await?)
}

struct Gathering<'a> {
    site: &'a Site,
    placed: HashMap<SharePath, Placed>,
    looked: Looked,
    records: Vec<Record>,
    evidence: Evidence,
}

impl<'a> Gathering<'a> {
    fn new(site: &'a Site, records: Vec<Record>, placed: HashMap<SharePath, Placed>, looked: Looked) -> Self {
        Self {
            site,
            placed,
            looked,
            records,
            evidence: Evidence::default(),
        }
    }

    fn all(mut self) -> Evidence {
        let found = std::mem::take(&mut self.looked.found);
        // Notes first: they say whose the files are that lie beside them.
        for (one, sha256) in found.iter().filter(|(one, _)| is_text(&one.name)) {
            self.note(one, *sha256);
        }
        let besides: HashMap<SharePath, (Beside, BesideNote)> = std::mem::take(&mut self.evidence.besides)
            .into_iter()
            .filter_map(|(placed, text)| {
                let name = placed.path.name();
                let read = (kind_of_beside(name)?, read_beside(&text)?);
                self.evidence.besides.push((placed.clone(), text));
                Some((placed.path, read))
            })
            .collect();
        for (one, sha256) in found.iter().filter(|(one, _)| !is_text(&one.name)) {
            self.file(one, *sha256, &besides);
        }
        self.known();
        self.believe_times();
        let on_share: HashSet<Sha256> = found.iter().map(|(_, sha256)| *sha256).collect();
        let recorded: HashSet<Sha256> = self.records.iter().map(|own| own.sha256).collect();
        self.evidence.loose = self
            .looked
            .archive
            .iter()
            .filter(|(sha256, _)| !on_share.contains(sha256) && !recorded.contains(sha256))
            .map(|(sha256, at)| (*sha256, *at))
            .collect();
        self.evidence
    }

    /// Takes up a text file, if it is one of our notes.
    fn note(&mut self, one: &Found, sha256: Sha256) {
        let Some(program) = self.site.program(&one.place.program) else {
            return;
        };
        let words = FolderWords::of(program.language);
        let text = || fs::read_to_string(self.site.share.path(&one.path)).unwrap_or_default();
        let period = || -> Option<Period> { period_of(&program, one.place.period.as_deref()?) };
        match (&one.place.unit, one.place.zone) {
            (Some(unit), Zone::Drop) if status_name(&one.name).is_some() => {
                let named = status_name(&one.name).and_then(|named| period_of(&program, &named.period));
                if let Some(period) = named {
                    // Worded by another template it says nothing, and is ours all the same.
                    self.ours(one, sha256, Role::Status);
                    if let Some(noted) = read_note(&text()) {
                        self.group(&program, unit, &period).status = Some(noted);
                    }
                }
            }
            (Some(_), Zone::Drop) if is_draft_note(&one.name) => self.ours(one, sha256, Role::Status),
            (Some(unit), Zone::Accepted) if one.name == format!("{}.txt", words.receipt) => {
                self.ours(one, sha256, Role::Note);
                if let (Some(period), Some(noted)) = (period(), read_note(&text())) {
                    self.group(&program, unit, &period).receipt = Some(noted);
                }
            }
            (Some(_), Zone::Forms) if is_guide(&one.name) => self.ours(one, sha256, Role::Note),
            _ if kind_of_beside(&one.name).is_some() => {
                let text = text();
                if read_beside(&text).is_some_and(|note| note.received.is_some()) {
                    self.evidence
                        .besides
                        .push((as_it_lies(one, sha256, Role::Note), text));
                }
            }
            _ => {}
        }
    }

    /// Takes up any other file that lies in one of our folders.
    fn file(&mut self, one: &Found, sha256: Sha256, besides: &HashMap<SharePath, (Beside, BesideNote)>) {
        let Some(program) = self.site.program(&one.place.program) else {
            return;
        };
        let beside = besides
            .iter()
            .find(|(note, _)| lies_beside(note, &one.path))
            .map(|(_, read)| read);
        let taken = self.looked.archive.contains_key(&sha256);
        if self.looked.aside.contains(&one.path) {
            self.put_aside(&program, one, sha256, beside.map(|(_, note)| note));
            return;
        }
        let written = self.looked.written.get(&sha256).copied();
        match (&one.place.unit, one.place.zone) {
            (Some(unit), Zone::Accepted | Zone::Returned) => {
                if is_marked(&one.name) && written == Some(Kind::Copy) {
                    self.ours(one, sha256, Role::Marked);
                    return;
                }
                if !(taken || self.looked.archive_lost) {
                    // New bytes: somebody corrects it where it lies.
                    return;
                }
                let period = one
                    .place
                    .period
                    .as_deref()
                    .and_then(|text| period_of(&program, text));
                let Some(period) = period else {
                    self.evidence.unplaced.push(one.path.clone());
                    self.ours(one, sha256, Role::Original);
                    return;
                };
                let lies = if one.place.zone == Zone::Accepted {
                    Lies::Accepted
                } else {
                    Lies::Returned
                };
                if !taken {
                    self.evidence.unarchived.push((one.path.clone(), sha256));
                }
                let kind = beside.map(|(kind, _)| *kind);
                let unit = unit.clone();
                self.original(&program, &unit, &period, (one, sha256), lies, kind);
            }
            (Some(unit), Zone::Forms) => {
                let unit = unit.clone();
                // A form that nobody has filled in since we laid it there.
                if written == Some(Kind::Form) {
                    self.ours(one, sha256, Role::Form);
                }
                let period = self.period_of_form(&program, &unit, one);
                let Some(period) = period else { return };
                let key = Duty::of(&program.id, &unit, &period);
                self.evidence.forms.insert(key);
                if taken && written.is_none() {
                    let kind = beside.map(|(kind, _)| *kind);
                    self.original(&program, &unit, &period, (one, sha256), Lies::Forms, kind);
                }
            }
            (Some(_), Zone::Attachments) if taken => self.ours(one, sha256, Role::Attachment),
            (None, Zone::Unclaimed) if (taken || beside.is_some()) && !self.knows(&one.path, sha256) => {
                let note = beside.map(|(_, note)| note.clone());
                self.evidence.unclaimed.push((one.clone(), sha256, note));
            }
            _ => {}
        }
    }

    /// Takes up a file that was put aside, without opening it.
    fn put_aside(&mut self, program: &Program, one: &Found, sha256: Sha256, note: Option<&BesideNote>) {
        if self.knows(&one.path, sha256) {
            return;
        }
        if !self.looked.archive.contains_key(&sha256) {
            self.evidence.unarchived.push((one.path.clone(), sha256));
        }
        let folder = one.place.period.as_deref();
        let period = folder.and_then(|text| period_of(program, text)).or_else(|| {
            let unit = one.place.unit.as_ref()?;
            self.period_of_form(program, unit, one)
        });
        self.evidence.aside.push(Aside {
            found: one.clone(),
            sha256,
            period,
            received: note.and_then(|note| note.received),
        });
    }

    fn original(
        &mut self,
        program: &Program,
        unit: &UnitId,
        period: &Period,
        (one, sha256): (&Found, Sha256),
        lies: Lies,
        beside: Option<Beside>,
    ) {
        // A version has its place; what makes none is known by where it lies.
        let recorded = |own: &&Record| {
            own.sha256 == sha256
                && own.program == program.id
                && own.unit.as_deref() == Some(unit)
                && own.period.as_ref() == Some(period)
        };
        let by_note = beside == Some(Beside::Duplicate);
        let group = self.group(program, unit, period);
        // The same bytes once more make no version of their own.
        let again = !by_note
            && group
                .originals
                .iter()
                .any(|own| own.sha256 == sha256 && !own.repeats);
        let repeats = by_note || again;
        let known = self.records.iter().filter(recorded).find_map(|own| own.version);
        let known = known.filter(|_| !repeats);
        if known.is_none() && self.knows(&one.path, sha256) {
            return;
        }
        let archived = self.looked.archive.get(&sha256).copied();
        let group = self.group(program, unit, period);
        group.originals.push(Original {
            path: one.path.clone(),
            name: one.name.clone(),
            lies,
            sha256,
            archived,
            saved: DateTime::from_timestamp_nanos(one.stat.modified),
            known,
            repeats,
            unreadable: beside == Some(Beside::Unreadable),
        });
        group.found.push(Some(one.clone()));
    }

    /// The period of a file that lies in a folder of forms: that of the note
    /// which names it, else what its own name says.
    fn period_of_form(&self, program: &Program, unit: &UnitId, one: &Found) -> Option<Period> {
        let noted = self.evidence.groups.iter().find(|(duty, files)| {
            let names = [&files.status, &files.receipt];
            duty.program == program.id
                && duty.unit == *unit
                && names
                    .into_iter()
                    .flatten()
                    .any(|noted| lies_as(&noted.file, &one.name))
        });
        noted.map(|(duty, _)| duty.period.clone()).or_else(|| {
            let today = self.site.clock.now().date_naive();
            read_file_name(&one.name, &program.roster, &program.cycle, today).period
        })
    }

    /// Puts beside the evidence what the database has of each unit and period.
    fn known(&mut self) {
        for record in &self.records {
            if let (Some(unit), Some(period), Some(_)) = (&record.unit, &record.period, record.version) {
                let key = Duty::of(&record.program, unit, period);
                if let Some(files) = self.evidence.groups.get_mut(&key) {
                    files.known.push(record.clone());
                }
            }
        }
    }

    /// Keeps the times of the archive's copies only where notes bear them out,
    /// and finds out when somebody last looked.
    fn believe_times(&mut self) {
        let zone = self.site.clock.zone();
        let mut pairs = Vec::new();
        let mut latest = None;
        for files in self.evidence.groups.values() {
            for noted in [&files.receipt, &files.status].into_iter().flatten() {
                let Some(received) = noted.received else { continue };
                let received = civil(zone, received.date(), received.time()).to_utc();
                latest = latest.max(Some(received));
                let mut named = files
                    .originals
                    .iter()
                    .filter(|own| lies_as(&noted.file, &own.name) && !own.repeats);
                if let (Some(only), None) = (named.next(), named.next()) {
                    pairs.extend(only.archived.map(|archived| (received, archived)));
                }
            }
        }
        let now = self.site.clock.utc();
        let believed = believable(&pairs);
        for original in self
            .evidence
            .groups
            .values_mut()
            .flat_map(|files| &mut files.originals)
        {
            original.archived = original.archived.filter(|at| believed && *at <= now);
        }
        self.evidence.looked = latest;
    }

    fn group(&mut self, program: &Program, unit: &UnitId, period: &Period) -> &mut Files {
        let key = Duty::of(&program.id, unit, period);
        self.evidence.groups.entry(key).or_default()
    }

    /// Whether the database knows a file of ours as it lies there.
    fn knows(&self, path: &str, sha256: Sha256) -> bool {
        self.placed
            .get(path)
            .is_some_and(|placed| placed.sha256 == sha256)
    }

    fn ours(&mut self, one: &Found, sha256: Sha256, role: Role) {
        if !self.knows(&one.path, sha256) {
            self.evidence.ours.push(as_it_lies(one, sha256, role));
        }
    }
}
