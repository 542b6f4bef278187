//! Looking at one settled file, without changing anything.

use std::cell::RefCell;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use smol_str::SmolStr;

use super::accepted::Accepted;
use super::aside;
use super::content::content_digest;
use super::drafts::{folder_period, is_note, weigh};
use super::ours::{self, Ours};
use super::turn::Turn;
use crate::domain::calendar::Calendar;
use crate::domain::check::{self, Context, Examination};
use crate::domain::codes::Code;
use crate::domain::finding::Verdict;
use crate::domain::identify::{Origin, Standing as _};
use crate::domain::ledger::LedgerRow;
use crate::domain::period::Period;
use crate::domain::program::{Language, Program};
use crate::domain::table::Workbook;
use crate::inbox::{Ready, StageError, Staged, Zone};
use crate::jobs::faults::Area;
use crate::jobs::site::Site;
use crate::store::{Checked, Draft, Placed, Record};
use crate::workbook::form::{FormContext, form_context};
use crate::workbook::read::{ReadFailure, Sniffed, sniff, unfolded_size};
use crate::workbook::returned::write_returned;

/// A file that was looked at.
pub struct Looked {
    /// The file.
    pub ready: Ready,
    /// Its private copy.
    pub staged: Staged,
    /// Its programme.
    pub program: Arc<Program>,
    /// What it turned out to be.
    pub sight: Sight,
    /// The bytes of its marked-up copy, if it has to go back.
    pub marked: Option<Vec<u8>>,
    /// Digest of rows and fill lines.
    pub content: String,
    /// It stays as and where it is, unopened.
    pub untouched: bool,
}

/// What a file turned out to be.
pub enum Sight {
    /// A ledger, or something that should have been one.
    Ledger(Box<Examination>),
    /// A photo, PDF or Word file.
    Attachment,
    /// A draft, or a form that nobody has filled in.
    Draft(Box<Draft>),
    /// Our own file, as we wrote or left it.
    Known(Ours),
}

/// Why a file is left for later.
#[derive(Debug)]
pub enum NotYet {
    /// It is still being written.
    Changing,
    /// Another program holds it, or we could not read it just now.
    Blocked(String),
    /// The files before it brought so much that it has to wait for them.
    NoRoom(Ready),
}

/// How a file is to be looked at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Manner {
    /// It won't become any more complete than it is.
    pub(super) complete: bool,
    /// It isn't opened: the process died over it too often.
    pub(super) put_aside: bool,
}

/// Looks at a settled file. `left` is what we left there and the draft that
/// lay there before, `standing` that of its programme.
///
/// # Errors
/// The outer error: database or reading children don't work. The inner one:
/// the file has to be looked at again later.
pub(super) async fn look(
    site: &Site,
    ready: Ready,
    turn: Turn,
    left: (Option<&Placed>, Option<&Checked>),
    standing: &Accepted,
    manner: Manner,
) -> anyhow::Result<Result<Looked, NotYet>> {
    let in_forms = ready.found.place.zone == Zone::Forms;
    let looked = look_at_file(site, ready, turn, left, standing, manner).await?;
    Ok(match looked {
        Ok(looked) if in_forms && !looked.untouched => Ok(weigh(site, looked, left.1).await?),
        other => other,
    })
}

/// Archives originals, but for those that bear a classification mark or aren't taken.
///
/// # Errors
/// The archive can't be written.
pub async fn archived(site: &Site, mut batch: Vec<Looked>) -> anyhow::Result<Vec<Looked>> {
    let archive = site.archive.clone();
    let keep = move || {
        let taken = batch.iter_mut().filter(|looked| looked.is_taken());
        archive
            .keep(taken.map(|looked| &mut looked.staged))
            .context(Area::Data)?;
        anyhow::Ok(batch)
    };
    tokio::task::spawn_blocking(keep).await?
}

impl Looked {
    /// Whether its original goes into the archive.
    fn is_taken(&self) -> bool {
        match &self.sight {
            Sight::Ledger(examination) => examination.verdict != Verdict::Quarantined,
            Sight::Attachment => true,
            Sight::Known(_) | Sight::Draft(_) => false,
        }
    }

    /// Bytes, about, that are held of it until it is recorded.
    pub(super) fn bytes_held(&self) -> usize {
        const ROW: usize = size_of::<LedgerRow>();
        const CELL: usize = size_of::<SmolStr>();
        let marked = self.marked.as_ref().map_or(0, Vec::len);
        let Sight::Ledger(examination) = &self.sight else {
            return marked;
        };
        let cells = |row: &LedgerRow| row.cells.iter().map(|cell| CELL + cell.len()).sum::<usize>();
        let rows: usize = examination.rows.iter().map(|row| ROW + cells(row)).sum();
        marked + rows
    }
}

async fn look_at_file(
    site: &Site,
    ready: Ready,
    mut turn: Turn,
    (known, checked): (Option<&Placed>, Option<&Checked>),
    standing: &Accepted,
    manner: Manner,
) -> anyhow::Result<Result<Looked, NotYet>> {
    let Some(program) = site.program(&ready.found.place.program) else {
        return Ok(Err(NotYet::Blocked("这项报送的定义读不出来".into())));
    };
    let source = site.share.path(&ready.found.path);
    let (archive, stat) = (site.archive.clone(), ready.found.stat);
    let stage = move || {
        let staged = archive.stage(&source, stat)?;
        let sniffed = sniff(staged.path());
        let bytes = unfolded_size(staged.path());
        Ok((staged, sniffed, bytes))
    };
    let (staged, sniffed, bytes) = match tokio::task::spawn_blocking(stage).await? {
        Ok(staged) => staged,
        Err(StageError::Changing) => return Ok(Err(NotYet::Changing)),
        Err(StageError::Disk(error)) => return Err(anyhow::Error::new(error).context(Area::Data)),
        Err(error) => return Ok(Err(NotYet::Blocked(error.to_string()))),
    };
    crate::platform::halt_point("staged");
    let looked = |sight, marked, content, ready, staged, program| {
        Ok(Ok(Looked {
            ready,
            staged,
            program,
            sight,
            marked,
            content,
            untouched: false,
        }))
    };
    if let Some(known) = known.filter(|known| known.sha256 == staged.sha256) {
        let sight = Sight::Known(Ours::as_before(known));
        return looked(sight, None, String::new(), ready, staged, program);
    }
    if let Some(own) = ours::by_bytes(site, &program, &ready.found, &staged).await? {
        let sight = Sight::Known(own);
        return looked(sight, None, String::new(), ready, staged, program);
    }
    if manner.put_aside || standing.is_put_aside(&staged.sha256) {
        return Ok(Ok(aside::put_aside(site, standing, ready, staged, program)));
    }
    crate::platform::halt_point_at("handling", &ready.found.name);
    turn.for_bytes(bytes).await?;
    let in_forms = ready.found.place.zone == Zone::Forms;
    // A person moved a file that we could not place into a unit's folder; or
    // changed one where it lies ready, which keeps the period that it names.
    let placed_by_hand =
        in_forms || ready.found.place.unit.is_some() && standing.is_unclaimed(&staged.sha256);
    let origin = Origin {
        file_name: ready.found.name.clone(),
        folder_unit: ready.found.place.unit.clone(),
        placed_by_hand,
        folder_period: if in_forms {
            folder_period(site, &program, &ready.found, checked).await?
        } else {
            None
        },
        ..Origin::default()
    };
    let sniffed = sniffed?;
    let read = match sniffed {
        Sniffed::Workbook(_) => site.reader.read(staged.path()).await?,
        Sniffed::Encrypted => Err(ReadFailure::Encrypted),
        Sniffed::Unsupported(_) if in_forms && is_note(&ready.found.name) => {
            return looked(Sight::Attachment, None, String::new(), ready, staged, program);
        }
        Sniffed::Empty | Sniffed::Damaged(_) | Sniffed::Attachment(_) | Sniffed::Unsupported(_) => {
            if let Some(nil) = declare_nil(site, &program, &origin, standing) {
                return looked(
                    Sight::Ledger(Box::new(nil)),
                    None,
                    String::new(),
                    ready,
                    staged,
                    program,
                );
            }
            match sniffed {
                Sniffed::Attachment(_) => {
                    return looked(Sight::Attachment, None, String::new(), ready, staged, program);
                }
                Sniffed::Unsupported(what) => Err(ReadFailure::UnsupportedType(what.to_owned())),
                _ if !manner.complete => return Ok(Err(NotYet::Changing)),
                Sniffed::Empty => Err(ReadFailure::Unreadable("文件是空的，没有内容".into())),
                Sniffed::Damaged(reason) => Err(ReadFailure::Unreadable(reason.to_owned())),
                _ => Err(ReadFailure::Unreadable(String::new())),
            }
        }
    };
    crate::platform::halt_point("read");
    let own = read.as_ref().ok();
    if let Some(own) = own.and_then(|book| ours::by_cells(&program, &ready.found, known, book)) {
        let sight = Sight::Known(own);
        return looked(sight, None, String::new(), ready, staged, program);
    }
    let (examination, marked) = examine(site, &program, &origin, standing, read).await?;
    let content = content_digest(&examination);
    looked(
        Sight::Ledger(Box::new(examination)),
        marked,
        content,
        ready,
        staged,
        program,
    )
}

/// Runs the checks and, if the ledger has to go back, writes its marked-up copy.
///
/// # Errors
/// The database is gone, or the copy can't be written.
pub async fn examine(
    site: &Site,
    program: &Arc<Program>,
    origin: &Origin,
    standing: &Accepted,
    read: Result<Workbook, ReadFailure>,
) -> anyhow::Result<(Examination, Option<Vec<u8>>)> {
    let nothing = |_: &str, _: &Period| Vec::new();
    let calendar = site.calendar();
    let workbook = match read {
        Ok(workbook) => workbook,
        Err(failure) => {
            let (code, reason) = refusal(&failure);
            let context = context(site, &calendar, program, origin, standing, &nothing);
            return Ok((check::refuse(&context, code, &reason), None));
        }
    };
    // Checks are quick but not free: they run beside the other files.
    let handle = tokio::runtime::Handle::current();
    tokio::task::block_in_place(|| {
        let failed = RefCell::new(None);
        let last = |unit: &str, period: &Period| {
            let previous = program.cycle.previous(period);
            if !previous.is_some_and(|previous| standing.is_accepted(unit, &previous)) {
                return Vec::new();
            }
            let rows = handle.block_on(last_rows(site, program, unit, period));
            rows.unwrap_or_else(|error| {
                failed.replace(Some(error));
                Vec::new()
            })
        };
        let context = context(site, &calendar, program, origin, standing, &last);
        let mut examination = check::examine(&context, &workbook);
        drop(workbook);
        if let Some(error) = failed.take() {
            // Judged without the rows before, a copy of them would pass: the
            // file is looked at again when the database answers.
            return Err(error);
        }
        let marked = if examination.verdict == Verdict::Returned {
            let marked = mark(site, program, &origin.file_name, &mut examination)?;
            // Only the copy shows the values as typed.
            examination.rows.iter_mut().for_each(|row| row.typed = Vec::new());
            Some(marked)
        } else {
            None
        };
        Ok((examination, marked))
    })
}

/// Writes the marked-up copy of a returned ledger.
fn mark(
    site: &Site,
    program: &Program,
    file_name: &str,
    examination: &mut Examination,
) -> anyhow::Result<Vec<u8>> {
    let period = examination.period.clone();
    let unit = examination.unit.clone().and_then(|id| program.roster.unit(&id));
    let context: Option<FormContext<'_>> = period
        .as_ref()
        .and_then(|period| form_context(program, unit, period));
    let mut context =
        context.ok_or_else(|| anyhow::anyhow!("方案 {} 没有表样，写不出审核意见", program.id))?;
    context.fill.clone_from(&examination.fill);
    write_returned(&context, file_name, examination, site.options.marked_size)
}

pub(super) fn context<'a>(
    site: &'a Site,
    calendar: &'a Calendar,
    program: &'a Program,
    origin: &'a Origin,
    standing: &'a Accepted,
    last_rows: &'a dyn Fn(&str, &Period) -> Vec<LedgerRow>,
) -> Context<'a> {
    Context {
        program,
        origin,
        standing,
        last_rows,
        calendar,
        messages: site.messages(program.language),
        limits: site.options.checks,
        now: site.clock.now(),
    }
}

/// Rows of the unit's counting ledger of the period before.
///
/// # Errors
/// The database is gone.
pub async fn last_rows(
    site: &Site,
    program: &Program,
    unit: &str,
    period: &Period,
) -> anyhow::Result<Vec<LedgerRow>> {
    let Some(previous) = program.cycle.previous(period) else {
        return Ok(Vec::new());
    };
    let records = site.store.versions(&program.id, unit, &previous).await?;
    let submissions: Vec<_> = records.iter().filter_map(Record::submission).collect();
    match crate::domain::submission::counting(&submissions) {
        Some(counts) => site.store.rows(counts.id).await,
        None => Ok(Vec::new()),
    }
}

/// The code and the reason in words for a file that can't be read.
#[must_use]
pub fn refusal(failure: &ReadFailure) -> (Code, String) {
    match failure {
        ReadFailure::Unreadable(reason) => (Code::Unreadable, reason.clone()),
        ReadFailure::Encrypted => (Code::Encrypted, String::new()),
        ReadFailure::UnsupportedType(what) => (Code::UnsupportedType, what.clone()),
        ReadFailure::TooLarge(reason) => (Code::TooLarge, reason.clone()),
    }
}

/// The programme that a file outside the share belongs to, for `check`: the
/// one whose header it bears.
#[must_use]
pub fn guess_program(
    programs: &[Arc<Program>],
    workbook: Option<&Workbook>,
    path: &Path,
) -> Option<Arc<Program>> {
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let score = |program: &Arc<Program>| {
        let header = workbook.is_some_and(|workbook| {
            program.forms.iter().any(|form| {
                workbook
                    .sheets
                    .iter()
                    .any(|sheet| crate::domain::ledger::locate(sheet, form).is_some())
            })
        });
        let named = program.roster.units.iter().any(|unit| name.contains(&unit.name));
        let chinese = program.language == Language::Chinese;
        (header, named, chinese)
    };
    let best = programs.iter().max_by_key(|program| score(program))?;
    Some(best.clone())
}

/// The examination of a file that isn't a ledger but whose name declares that
/// there was nothing to report; none if it doesn't.
#[must_use]
pub fn declare_nil(
    site: &Site,
    program: &Arc<Program>,
    origin: &Origin,
    standing: &Accepted,
) -> Option<Examination> {
    let nothing = |_: &str, _: &Period| Vec::new();
    let calendar = site.calendar();
    check::declared_nil(&context(site, &calendar, program, origin, standing, &nothing))
}
