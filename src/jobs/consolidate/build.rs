//! Writing one master workbook to a file.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};

use tokio::runtime::Handle;

use super::{Model, infos};
use crate::domain::consolidate::{Collector, KeyedRows, Summary, unit_change};
use crate::domain::ids::{SubmissionId, UnitId};
use crate::domain::ledger::LedgerRow;
use crate::domain::period::Period;
use crate::domain::program::Form;
use crate::domain::roster::Unit;
use crate::domain::submission::Submission;
use crate::jobs::lists::{Listed, lists};
use crate::jobs::site::Site;
use crate::workbook::master::{Changes, Fingerprint, MasterSource, MasterWriter, OfficeColumn, Remarks};

/// Submissions fetched before the writer has come to them, and parts before
/// they are counted.
const FETCHED_AHEAD: usize = 8;

/// Rows of submissions that are fetched at once to be counted, unless one has more.
const ROWS_AT_ONCE: u32 = 500;

/// Writes the master to `path`, one submission at a time: rows are never all
/// in memory. Blocks; `rows` are fetched through the runtime's handle.
///
/// # Errors
/// The database can't be read, the disk is full: throw the file away; the next
/// round writes it again.
pub fn write(
    site: &Arc<Site>,
    model: &Model,
    (watch, stamp): (&str, &str),
    path: &Path,
) -> anyhow::Result<Fingerprint> {
    let handle = Handle::current();
    let program = &model.program;
    let period = &model.standing.period;
    let rows = |id: SubmissionId| handle.block_on(site.rows(program, period, id));
    let remarks = remarks(model);
    let source = MasterSource {
        program,
        period,
        remarks: &remarks,
        register: model.register.as_ref(),
        expiring: &model.expiring,
        watch,
        stamp,
    };
    // The first lines say what all rows come to.
    let summary = summarise(site, model)?;
    let mut writer = MasterWriter::create(source, &summary)?;
    // Fetching the next submission goes on beside writing this one, and so
    // does finding out what has changed.
    let sheet = writer.changes(model.version.version)?;
    let counting = with_fill_lines(&handle, site, model)?;
    // Of lists that are kept on change, how they stood before the year.
    let carried = match program.cycle.previous(period) {
        Some(previous) => handle.block_on(lists(site, program, &previous))?,
        None => HashMap::new(),
    };
    let sheet = std::thread::scope(|scope| {
        let (sender, receiver) = sync_channel(FETCHED_AHEAD);
        // Rows go back when they are written: memory is given up with the
        // least waiting by the thread that took it.
        let (give_back, used) = channel();
        let form = writer.form();
        let rows = &rows;
        let (handle, counting) = (&handle, &counting);
        let fetching = scope.spawn(move || fetch((handle, site), model, counting, form, &sender, &used));
        let comparing = scope.spawn(|| changes(model, &carried, rows, sheet));
        for (unit, submission, rows) in receiver {
            writer.add(unit, submission, &rows)?;
            // Nobody listens once all are fetched.
            let _ = give_back.send(rows);
        }
        let ended = |_| anyhow::anyhow!("汇总时读取已收台账的线程中断了");
        fetching.join().map_err(ended)??;
        anyhow::Ok(comparing.join().map_err(ended)??)
    })?;
    let infos = handle.block_on(infos::of(site, model))?;
    Ok(writer.finish(sheet, &infos, path)?)
}

/// What a master would say in its small sheets. Blocks, as [`write`] does.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub fn summarise(site: &Arc<Site>, model: &Model) -> anyhow::Result<Summary> {
    let handle = Handle::current();
    let roster = &model.program.roster;
    let mut collector = Collector::new(&model.program, &model.standing.period, &model.standing.due);
    // Rows of the next submissions are fetched while those of one are counted.
    std::thread::scope(|scope| {
        let (sender, receiver) = sync_channel(FETCHED_AHEAD);
        let handle = &handle;
        let fetching = scope.spawn(move || fetch_all(handle, site, model, &sender));
        for Part { own, submissions } in receiver {
            for (submission, rows) in &submissions {
                match roster.unit(&submission.unit) {
                    Some(unit) if own => collector.add(unit, submission, rows),
                    Some(unit) => collector.add_other(unit, submission, rows),
                    None => {}
                }
            }
        }
        let ended = |_| anyhow::anyhow!("汇总时读取已收台账的线程中断了");
        fetching.join().map_err(ended)?
    })?;
    Ok(collector.finish(&model.standing.obligations))
}

/// Some submissions with their rows, on their way to be counted.
struct Part {
    /// They are for the period itself, not for another one.
    own: bool,
    submissions: Vec<(Submission, Vec<LedgerRow>)>,
}

/// Fetches what counts for the period, and then what other periods hold for
/// the year. Ends early when nobody listens any more: counting has failed.
fn fetch_all(handle: &Handle, site: &Site, model: &Model, sender: &SyncSender<Part>) -> anyhow::Result<()> {
    let counting = with_fill_lines(handle, site, model)?;
    if !fetch_parts(
        handle,
        site,
        model,
        (&model.standing.period, true),
        counting,
        sender,
    )? {
        return Ok(());
    }
    let (program, store) = (&model.program, &site.store);
    for (period, ids) in &model.others {
        let ids: HashSet<SubmissionId> = ids.iter().copied().collect();
        let mut lines = handle.block_on(store.fill_lines(&program.id, period))?;
        let mut facts = handle.block_on(store.facts_of(&program.id, period))?;
        facts.retain(|own| ids.contains(&own.id));
        for submission in &mut facts {
            submission.fill = lines.remove(&submission.id).unwrap_or_default();
        }
        if !fetch_parts(handle, site, model, (period, false), facts, sender)? {
            break;
        }
    }
    Ok(())
}

/// Fetches some submissions at a time, so many that their rows are few; tells
/// whether somebody still listens.
fn fetch_parts(
    handle: &Handle,
    site: &Site,
    model: &Model,
    (period, own): (&Period, bool),
    submissions: Vec<Submission>,
    sender: &SyncSender<Part>,
) -> anyhow::Result<bool> {
    let mut left = submissions.into_iter().peekable();
    while left.peek().is_some() {
        let (mut part, mut rows) = (Vec::new(), 0);
        while let Some(next) = left.next_if(|next| part.is_empty() || rows + next.rows <= ROWS_AT_ONCE) {
            rows += next.rows;
            part.push(next);
        }
        let ids: Vec<SubmissionId> = part.iter().map(|submission| submission.id).collect();
        let mut rows = handle.block_on(site.rows_of_each(&model.program, period, &ids))?;
        let submissions = part.into_iter().map(|submission| {
            let own = rows.remove(&submission.id).unwrap_or_default();
            (submission, own)
        });
        let submissions = submissions.collect();
        if sender.send(Part { own, submissions }).is_err() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The submissions that count, with who filled them in.
fn with_fill_lines(handle: &Handle, site: &Site, model: &Model) -> anyhow::Result<Vec<Submission>> {
    let lines = site.store.fill_lines(&model.program.id, &model.standing.period);
    let mut lines = handle.block_on(lines)?;
    let filled = model.counting.iter().map(|own| Submission {
        fill: lines.remove(&own.id).unwrap_or_default(),
        ..own.clone()
    });
    Ok(filled.collect())
}

/// A submission on its way to the writer.
type Fetched<'a> = (&'a Unit, &'a Submission, KeyedRows);

/// Fetches the rows of every submission. Ends early when nobody listens any more: the writer has failed.
fn fetch<'a>(
    (handle, site): (&Handle, &Site),
    model: &'a Model,
    counting: &'a [Submission],
    form: &Form,
    sender: &SyncSender<Fetched<'a>>,
    used: &Receiver<KeyedRows>,
) -> anyhow::Result<()> {
    let roster = &model.program.roster;
    for submission in counting {
        let Some(unit) = roster.unit(&submission.unit) else {
            continue;
        };
        used.try_iter().for_each(drop);
        let rows = handle.block_on(site.rows(&model.program, &model.standing.period, submission.id))?;
        let keyed = KeyedRows::of(form, &unit.id, rows);
        if sender.send((unit, submission, keyed)).is_err() {
            break;
        }
    }
    Ok(())
}

/// The office's remarks as the writer takes them.
pub fn remarks(model: &Model) -> Remarks {
    collect(&model.remarks)
}

/// Remarks by row key.
pub fn collect(stored: &[crate::store::StoredRemark]) -> Remarks {
    let mut remarks = Remarks::default();
    for remark in stored {
        if let Some(column) = OfficeColumn::of(&remark.field) {
            remarks.set(&remark.row_key, column, &remark.text);
        }
    }
    remarks
}

/// Writes into 变动 what differs from the version before, unit by unit; only
/// units whose submission changed are looked at.
fn changes<'a>(
    model: &Model,
    carried: &HashMap<UnitId, Listed>,
    rows: &dyn Fn(SubmissionId) -> anyhow::Result<Vec<LedgerRow>>,
    mut sheet: Changes<'a>,
) -> anyhow::Result<Changes<'a>> {
    let Some(before) = &model.before else {
        return Ok(sheet);
    };
    let program = &model.program;
    let Some(form) = program.form(Some(&model.standing.period)) else {
        return Ok(sheet);
    };
    for unit in &program.roster.units {
        let versions = model
            .standing
            .submissions
            .get(&unit.id)
            .map_or(&[][..], Vec::as_slice);
        let ids = versions.iter().map(|own| own.id);
        let ids = ids.chain(carried.get(&unit.id).map(|own| own.submission));
        let in_version = |members: &[SubmissionId]| ids.clone().find(|id| members.contains(id));
        let (old, new) = (in_version(&before.members), in_version(&model.version.members));
        if old == new {
            continue;
        }
        let old = old.map(rows).transpose()?.unwrap_or_default();
        let new = new.map(rows).transpose()?.unwrap_or_default();
        if let Some(change) = unit_change(form, &unit.id, &old, &new)
            && !sheet.add(&change)?
        {
            break;
        }
    }
    Ok(sheet)
}
