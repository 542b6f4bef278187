//! Looking at one settled file, without changing anything.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use super::content::content_digest;
use super::drafts::{folder_period, is_note, weigh};
use super::ours::{self, Ours};
use crate::domain::calendar::Calendar;
use crate::domain::check::{self, Context, Examination};
use crate::domain::codes::Code;
use crate::domain::finding::Verdict;
use crate::domain::identify::{Origin, Standing};
use crate::domain::ledger::LedgerRow;
use crate::domain::period::Period;
use crate::domain::program::{Language, Program};
use crate::domain::table::Workbook;
use crate::inbox::{Ready, StageError, Staged, Zone};
use crate::jobs::site::Site;
use crate::store::{Checked, Draft, Placed, Record};
use crate::workbook::form::{FormContext, form_context};
use crate::workbook::read::{ReadFailure, Sniffed, sniff};
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
}

/// What has been accepted of a programme, and what nobody could place.
pub struct Accepted {
    keys: HashSet<(String, Period)>,
    /// SHA-256 of the files that nobody could place.
    unclaimed: HashSet<String>,
}

impl Standing for Accepted {
    fn is_accepted(&self, unit: &str, period: &Period) -> bool {
        self.keys.contains(&(unit.to_owned(), period.clone()))
    }
}

/// What has been accepted of a programme.
///
/// # Errors
/// The database is gone.
pub async fn standing(site: &Site, program: &str) -> anyhow::Result<Accepted> {
    let keys = site.store.accepted_keys(program).await?;
    let unclaimed = site.store.unclaimed_contents(program).await?;
    Ok(Accepted {
        keys: keys.into_iter().collect(),
        unclaimed: unclaimed.into_iter().collect(),
    })
}

/// Looks at a settled file. `known` is what we left there, `checked` the draft
/// that lay there before, `standing` that of its programme.
///
/// # Errors
/// The outer error: database or reading children don't work. The inner one:
/// the file has to be looked at again later.
pub async fn look(
    site: &Site,
    ready: Ready,
    known: Option<&Placed>,
    checked: Option<&Checked>,
    standing: &Accepted,
    incomplete_ok: bool,
) -> anyhow::Result<Result<Looked, NotYet>> {
    let in_forms = ready.found.place.zone == Zone::Forms;
    let looked = look_at_file(site, ready, known, checked, standing, incomplete_ok).await?;
    Ok(match looked {
        Ok(looked) if in_forms => Ok(weigh(site, looked, checked).await?),
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
        archive.keep(taken.map(|looked| &mut looked.staged))?;
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
}

async fn look_at_file(
    site: &Site,
    ready: Ready,
    known: Option<&Placed>,
    checked: Option<&Checked>,
    standing: &Accepted,
    incomplete_ok: bool,
) -> anyhow::Result<Result<Looked, NotYet>> {
    let Some(program) = site.program(&ready.found.place.program) else {
        return Ok(Err(NotYet::Blocked("这项报送的定义读不出来".into())));
    };
    let source = site.share.path(&ready.found.path);
    let (archive, stat) = (site.archive.clone(), ready.found.stat);
    let stage = move || {
        let staged = archive.stage(&source, stat)?;
        let sniffed = sniff(staged.path());
        Ok((staged, sniffed))
    };
    let (staged, sniffed) = match tokio::task::spawn_blocking(stage).await? {
        Ok(staged) => staged,
        Err(StageError::Changing) => return Ok(Err(NotYet::Changing)),
        Err(StageError::Disk(error)) => return Err(anyhow::Error::new(error).context("数据目录写不进去")),
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
    let in_forms = ready.found.place.zone == Zone::Forms;
    // A person moved a file that we could not place into a unit's folder; or
    // changed one where it lies ready, which keeps the period that it names.
    let placed_by_hand =
        in_forms || ready.found.place.unit.is_some() && standing.unclaimed.contains(&staged.sha256);
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
                _ if !incomplete_ok => return Ok(Err(NotYet::Changing)),
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
        let last = |unit: &str, period: &Period| {
            let previous = program.cycle.previous(period);
            if !previous.is_some_and(|previous| standing.is_accepted(unit, &previous)) {
                return Vec::new();
            }
            handle
                .block_on(last_rows(site, program, unit, period))
                .unwrap_or_default()
        };
        let context = context(site, &calendar, program, origin, standing, &last);
        let mut examination = check::examine(&context, &workbook);
        drop(workbook);
        let marked = if examination.verdict == Verdict::Returned {
            Some(mark(program, &origin.file_name, &mut examination)?)
        } else {
            None
        };
        Ok((examination, marked))
    })
}

/// Writes the marked-up copy of a returned ledger.
fn mark(program: &Program, file_name: &str, examination: &mut Examination) -> anyhow::Result<Vec<u8>> {
    let period = examination.period.clone();
    let unit = examination.unit.clone().and_then(|id| program.roster.unit(&id));
    let context: Option<FormContext<'_>> = period
        .as_ref()
        .and_then(|period| form_context(program, unit, period));
    let mut context =
        context.ok_or_else(|| anyhow::anyhow!("方案 {} 没有表样，写不出审核意见", program.id))?;
    context.fill.clone_from(&examination.fill);
    write_returned(&context, file_name, examination)
}

fn context<'a>(
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
