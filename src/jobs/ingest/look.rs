//! Looking at one settled file, without changing anything.

use std::sync::Arc;

use anyhow::Context as _;
use smol_str::SmolStr;

use super::accepted::{self, Accepted};
use super::aside;
use super::content::content_digest;
use super::drafts::{folder_period, is_note, weigh};
use super::elsewhere::{Elsewhere, elsewhere};
use super::examine::{Keep, declare_nil, examine, misplaced, receive};
use super::ours::{self, Ours};
use super::turn::{Held, Turn};
use crate::domain::check::Examination;
use crate::domain::finding::Verdict;
use crate::domain::identify::Origin;
use crate::domain::ledger::LedgerRow;
use crate::domain::program::{Material, Program};
use crate::domain::table::Workbook;
use crate::inbox::{Ready, StageError, Staged, Stat};
use crate::jobs::faults::Area;
use crate::jobs::site::Site;
use crate::store::{Checked, Draft, Placed};
use crate::workbook::read::{ReadFailure, Sniffed, sniff, unfolded_size};

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
    /// The memory that it takes until it is recorded.
    pub held: Option<Held>,
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
    /// Work on it broke off, through no fault of a place; the reason, and what
    /// it was when it was looked at.
    Stumbled(String, Stat),
}

/// How a file is to be looked at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Manner {
    /// It won't become any more complete than it is.
    pub(super) complete: bool,
    /// It isn't opened: the process died over it too often.
    pub(super) put_aside: bool,
    /// It lies in a folder of forms.
    pub(super) in_forms: bool,
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
    mut turn: Turn,
    left: (Option<&Placed>, Option<&Checked>),
    standing: &Accepted,
    manner: Manner,
) -> anyhow::Result<Result<Looked, NotYet>> {
    let in_forms = manner.in_forms;
    let mut looked = match look_at_file(site, ready, &mut turn, left, standing, manner).await? {
        Ok(looked) if in_forms && !looked.untouched => weigh(site, looked, left.1).await?,
        Ok(looked) => looked,
        Err(not_yet) => return Ok(Err(not_yet)),
    };
    looked.held = Some(turn.brought(looked.bytes_held()));
    Ok(Ok(looked))
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
    fn bytes_held(&self) -> usize {
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
    mut ready: Ready,
    turn: &mut Turn,
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
            held: None,
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
    if manner.put_aside || standing.is_put_aside(staged.sha256) {
        return Ok(Ok(aside::put_aside(site, standing, ready, staged, program)));
    }
    crate::platform::halt_point_at("handling", &ready.found.name);
    if !turn.for_bytes(bytes).await? {
        return Ok(Err(NotYet::NoRoom(ready)));
    }
    let in_forms = manner.in_forms;
    // A person moved a file that we could not place into a unit's folder; or
    // changed one where it lies ready, which keeps the period that it names.
    let placed_by_hand =
        in_forms || ready.found.place.unit.is_some() && standing.was_moved(site, staged.sha256);
    let origin = Origin {
        file_name: ready.found.name.clone(),
        folder_unit: ready.found.place.unit.clone(),
        placed_by_hand,
        folder_period: if in_forms {
            folder_period(site, &program, &ready.found, checked).await?
        } else {
            None
        },
        arrival: Some(ready.arrival),
        ..Origin::default()
    };
    if let Material::Document(documents) = &program.material {
        let examination = receive(
            site,
            &program,
            documents,
            (&origin, ready.found.stat.size),
            standing,
        );
        let content = staged.sha256.to_string();
        let sight = Sight::Ledger(Box::new(examination));
        return looked(sight, None, content, ready, staged, program);
    }
    let read = match open(site, &program, &origin, standing, (&staged, sniffed?), manner).await? {
        Opened::Workbook(read) => read,
        Opened::Other(sight) => return looked(sight, None, String::new(), ready, staged, program),
        Opened::Incomplete => return Ok(Err(NotYet::Changing)),
    };
    crate::platform::halt_point("read");
    let own = read.as_ref().ok();
    if let Some(own) = own.and_then(|book| ours::by_cells(&program, &ready.found, known, book)) {
        let sight = Sight::Known(own);
        return looked(sight, None, String::new(), ready, staged, program);
    }
    let other = own.and_then(|book| elsewhere(site, &program, &ready.found, book));
    let (examination, marked, program) =
        judge(site, program, (&mut ready, origin), standing, (read, other)).await?;
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

/// Judges a workbook as what it is, wherever it lies: its first arrival is kept.
async fn judge(
    site: &Site,
    program: Arc<Program>,
    (ready, origin): (&mut Ready, Origin),
    standing: &Accepted,
    (read, other): (Result<Workbook, ReadFailure>, Option<Elsewhere>),
) -> anyhow::Result<(Examination, Option<Vec<u8>>, Arc<Program>)> {
    let (there, unit) = match other {
        Some(Elsewhere::Unit(there, unit)) => (there, unit),
        Some(other) => {
            let examination = misplaced(site, &program, &origin, standing, &other);
            return Ok((examination, None, program));
        }
        None => {
            let (examination, marked) =
                examine(site, &program, &origin, standing, (read, Keep::Picture), None).await?;
            return Ok((examination, marked, program));
        }
    };
    ready.found.place.program = there.id.clone();
    ready.found.place.unit = Some(unit.clone());
    let origin = Origin {
        folder_unit: Some(unit),
        ..origin
    };
    let standing = accepted::standing(site, &there.id).await?;
    let (examination, marked) =
        examine(site, &there, &origin, &standing, (read, Keep::Picture), None).await?;
    Ok((examination, marked, there))
}

/// What a file turned out to hold.
enum Opened {
    /// A workbook, or something that should have been one.
    Workbook(Result<Workbook, ReadFailure>),
    /// Something else.
    Other(Sight),
    /// It was cut off, and may have yet to arrive as a whole.
    Incomplete,
}

/// Opens a staged file: reads a workbook in a child, tells the rest by what was sniffed.
async fn open(
    site: &Site,
    program: &Arc<Program>,
    origin: &Origin,
    standing: &Accepted,
    (staged, sniffed): (&Staged, Sniffed),
    manner: Manner,
) -> anyhow::Result<Opened> {
    match sniffed {
        // What everybody may open is read, whatever it is wrapped in.
        Sniffed::Workbook(_) | Sniffed::Encrypted => {
            let read = site.reader.read(staged.path()).await;
            return Ok(Opened::Workbook(read.context(NotTheFile)?));
        }
        Sniffed::Unsupported(_) if manner.in_forms && is_note(&origin.file_name) => {
            return Ok(Opened::Other(Sight::Attachment));
        }
        _ => {}
    }
    if let Some(nil) = declare_nil(site, program, origin, standing) {
        return Ok(Opened::Other(Sight::Ledger(Box::new(nil))));
    }
    let failure = match sniffed {
        Sniffed::Attachment(what) if is_called_workbook(&origin.file_name) => {
            ReadFailure::UnsupportedType(what.to_owned())
        }
        Sniffed::Attachment(_) => return Ok(Opened::Other(Sight::Attachment)),
        Sniffed::Unsupported(what) => ReadFailure::UnsupportedType(what.to_owned()),
        _ if !manner.complete => return Ok(Opened::Incomplete),
        Sniffed::Empty => ReadFailure::Unreadable("文件是空的，没有内容".into()),
        Sniffed::Enciphered => ReadFailure::Enciphered,
        Sniffed::Damaged(reason) => ReadFailure::Unreadable(reason.to_owned()),
        Sniffed::Workbook(_) | Sniffed::Encrypted => ReadFailure::Unreadable(String::new()),
    };
    Ok(Opened::Workbook(Err(failure)))
}

/// Whether a name says that the file is a workbook, and so a ledger.
fn is_called_workbook(name: &str) -> bool {
    let extension = name
        .rsplit_once('.')
        .map(|(_, extension)| extension.to_lowercase());
    extension.is_some_and(|extension| {
        ["xlsx", "xls", "xlsm", "et", "ett", "ods", "xltx", "csv"].contains(&extension.as_str())
    })
}

/// Said of an error that tells nothing about the file: the reading children don't work.
#[derive(Debug)]
pub(super) struct NotTheFile;

impl std::fmt::Display for NotTheFile {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("读表的进程启动不了，或被从外面结束")
    }
}
