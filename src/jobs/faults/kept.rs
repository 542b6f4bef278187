//! The faults in a file, for other processes. All its room is taken when it
//! is made and it is overwritten in place, so that a full disk still holds it.
//! (A file system that never writes in place may refuse all the same; then
//! 运行情况.txt has to do.)

use std::fs::File;
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use super::Fault;
use crate::platform::open_private;

/// The name in the data folder.
const NAME: &str = "faults.json";

/// Its room in bytes: four faults with all they have to say.
const ROOM: usize = 8192;

/// The longest words of a system that are kept, in bytes.
const LONGEST: usize = 600;

/// The file while it is written.
#[derive(Debug)]
pub struct Kept {
    path: PathBuf,
    file: Option<File>,
    /// What it says isn't so any more.
    pub is_due: bool,
}

impl Kept {
    /// The file in a data folder, to be written.
    pub fn new(data: &Path) -> Self {
        Self {
            path: data.join(NAME),
            file: None,
            is_due: true,
        }
    }

    /// Writes the faults, if something changed; left for later where that fails.
    pub fn write<'a>(&mut self, faults: impl Iterator<Item = &'a Fault>) {
        if !self.is_due {
            return;
        }
        let faults: Vec<Fault> = faults.map(shortened).collect();
        match self.put(&faults) {
            Ok(()) => self.is_due = false,
            // It is tried again; the log has the fault itself.
            Err(error) => tracing::debug!(%error, "故障记录没有写成"),
        }
    }

    fn put(&mut self, faults: &[Fault]) -> io::Result<()> {
        let mut bytes = serde_json::to_vec(faults)?;
        bytes.resize(ROOM.max(bytes.len()), b' ');
        if self.file.is_none() {
            self.file = Some(open_private(&self.path)?);
        }
        if let Some(file) = &mut self.file {
            file.rewind()?;
            file.write_all(&bytes)?;
        }
        Ok(())
    }
}

fn shortened(fault: &Fault) -> Fault {
    let mut fault = fault.clone();
    let end = fault.what.floor_char_boundary(LONGEST);
    fault.what.truncate(end);
    fault
}

/// The faults that the daemon left in a data folder; none where none ran.
///
/// # Errors
/// The file can't be read.
pub fn read(data: &Path) -> io::Result<Vec<Fault>> {
    let mut bytes = Vec::new();
    match File::open(data.join(NAME)) {
        Ok(mut file) => file.read_to_end(&mut bytes)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Ok(Vec::new());
    }
    Ok(serde_json::from_slice(&bytes)?)
}
