//! Which files are being handled: marked before, cleared after, so that a
//! process that died tells its successor what it was at.
//!
//! The marks outlive the process, not a power cut: they are never flushed.

use std::collections::VecDeque;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::scan::{Found, Stat};
use crate::domain::share_path::SharePath;
use crate::platform::open_private;

/// A file as it was when it was taken up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Mark {
    path: SharePath,
    stat: Stat,
}

impl Mark {
    fn of(found: &Found) -> Self {
        Self {
            path: found.path.clone(),
            stat: found.stat,
        }
    }
}

/// A file that was being handled when the process died.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Suspect {
    #[serde(flatten)]
    mark: Mark,
    /// How often the process died while it handled this file and no other.
    deaths: u32,
}

/// What the file on disk says.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    /// Batches that are being handled.
    now: VecDeque<Vec<Mark>>,
    /// Files that are handled alone.
    suspects: Vec<Suspect>,
}

/// The marks of the one process that takes files.
#[derive(Debug)]
pub struct Marks {
    path: PathBuf,
    kept: Kept,
}

impl Marks {
    /// Reads what an earlier process left in the data folder. If it died, the
    /// files that it was handling are to be handled alone from now on.
    #[must_use]
    pub fn open(data: &Path) -> Self {
        let path = data.join("handling.json");
        let kept = fs::read(&path).ok();
        let kept = kept.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let mut marks = Self {
            path,
            kept: kept.unwrap_or_default(),
        };
        marks.learn();
        marks
    }

    /// Takes up a batch.
    ///
    /// # Errors
    /// The data folder can't be written.
    pub fn begin<'a>(&mut self, files: impl Iterator<Item = &'a Found>) -> io::Result<()> {
        self.kept.now.push_back(files.map(Mark::of).collect());
        self.write()
    }

    /// The oldest batch is done with; these paths of it were recorded. What was
    /// only put off stays suspect, if it was.
    ///
    /// # Errors
    /// The data folder can't be written.
    pub fn done(&mut self, recorded: &[SharePath]) -> io::Result<()> {
        self.kept.now.pop_front();
        let suspects = &mut self.kept.suspects;
        suspects.retain(|suspect| !recorded.contains(&suspect.mark.path));
        self.write()
    }

    /// Work on a file broke off without ending the process: that counts as much.
    ///
    /// # Errors
    /// The data folder can't be written.
    pub fn stumbled(&mut self, path: &SharePath, stat: Stat) -> io::Result<()> {
        let mark = Mark {
            path: path.clone(),
            stat,
        };
        self.blame(mark, true);
        self.write()
    }

    /// The batch that was begun last is put back, while an older one goes on.
    ///
    /// # Errors
    /// The data folder can't be written.
    pub fn done_with_last(&mut self) -> io::Result<()> {
        self.kept.now.pop_back();
        self.write()
    }

    /// A round was broken off by a fault that the process survived: nothing of
    /// it is being handled any more, and no file is to blame.
    pub fn break_off(&mut self) {
        self.kept.now.clear();
        // It can't be written at worst, and then the next batch does.
        let _ = self.write();
    }

    /// How often the process died while it handled this file alone; none for a
    /// file that was never near when it died.
    #[must_use]
    pub fn deaths(&self, found: &Found) -> Option<u32> {
        let suspects = &mut self.kept.suspects.iter();
        suspects
            .find(|suspect| suspect.mark.path == found.path && suspect.mark.stat == found.stat)
            .map(|suspect| suspect.deaths)
    }

    /// Whether some file is to be handled alone.
    #[must_use]
    pub fn any_suspect(&self) -> bool {
        !self.kept.suspects.is_empty()
    }

    /// Has a file handled alone, whatever happened before.
    pub fn suspect(&mut self, path: &SharePath, stat: Stat) {
        let mark = Mark {
            path: path.clone(),
            stat,
        };
        self.kept.suspects.retain(|own| own.mark.path != mark.path);
        self.kept.suspects.push(Suspect { mark, deaths: 0 });
    }

    fn learn(&mut self) {
        let died_at: Vec<Mark> = std::mem::take(&mut self.kept.now).into_iter().flatten().collect();
        let alone = died_at.len() == 1;
        for mark in died_at {
            self.blame(mark, alone);
        }
    }

    fn blame(&mut self, mark: Mark, alone: bool) {
        let mut suspects = self.kept.suspects.iter_mut();
        match suspects.find(|suspect| suspect.mark == mark) {
            Some(suspect) => suspect.deaths += u32::from(alone),
            None => self.kept.suspects.push(Suspect {
                mark,
                deaths: u32::from(alone),
            }),
        }
    }

    /// Whole or not at all, for this process may end at any time.
    fn write(&self) -> io::Result<()> {
        if self.kept.now.is_empty() && self.kept.suspects.is_empty() {
            return match fs::remove_file(&self.path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                _ => Ok(()),
            };
        }
        let beside = self.path.with_extension("tmp");
        // One that a dead process left there may be longer.
        let mut file = open_private(&beside)?;
        file.set_len(0)?;
        file.write_all(&serde_json::to_vec(&self.kept)?)?;
        fs::rename(&beside, &self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inbox::{Place, Zone};

    fn found(path: &str) -> Found {
        Found {
            path: path.into(),
            name: path.into(),
            stat: Stat { size: 1, modified: 2 },
            place: Place {
                program: "p".into(),
                unit: None,
                zone: Zone::Drop,
                period: None,
            },
            locked: false,
        }
    }

    #[test]
    fn a_process_that_ends_well_suspects_nobody() {
        let data = tempfile::tempdir().unwrap();
        let (one, two) = (found("1"), found("2"));
        let mut marks = Marks::open(data.path());
        marks.begin([&one, &two].into_iter()).unwrap();
        marks.done(&["1".into(), "2".into()]).unwrap();
        assert_eq!(Marks::open(data.path()).deaths(&one), None);
        assert_eq!(fs::read_dir(data.path()).unwrap().count(), 0);
    }

    #[test]
    fn what_was_handled_at_a_death_is_suspect_and_counted_only_alone() {
        let data = tempfile::tempdir().unwrap();
        let files = [found("1"), found("2"), found("3")];
        let mut marks = Marks::open(data.path());
        marks.begin(files[..2].iter()).unwrap();
        marks.begin(files[2..].iter()).unwrap();
        // It dies here: all three were under way.
        let mut marks = Marks::open(data.path());
        assert_eq!(files.each_ref().map(|own| marks.deaths(own)), [Some(0); 3]);
        marks.begin(files[..1].iter()).unwrap();
        marks.done(&["1".into()]).unwrap();
        // Put off, not recorded: it stays what it was.
        marks.begin(files[1..2].iter()).unwrap();
        marks.done(&[]).unwrap();
        for deaths in 1..=3 {
            marks.begin(files[1..2].iter()).unwrap();
            marks = Marks::open(data.path());
            let told = files.each_ref().map(|own| marks.deaths(own));
            assert_eq!(told, [None, Some(deaths), Some(0)]);
        }
        // Changed bytes are another file.
        let mut changed = files[1].clone();
        changed.stat.size = 7;
        assert_eq!(marks.deaths(&changed), None);
    }

    #[test]
    fn work_that_breaks_off_counts_as_a_death() {
        let data = tempfile::tempdir().unwrap();
        let one = found("1");
        let mut marks = Marks::open(data.path());
        for deaths in 1..=3 {
            marks.begin([&one].into_iter()).unwrap();
            marks.stumbled(&one.path, one.stat).unwrap();
            marks.done(&[]).unwrap();
            assert_eq!(marks.deaths(&one), Some(deaths));
        }
        assert_eq!(Marks::open(data.path()).deaths(&one), Some(3));
    }

    #[test]
    fn a_fault_that_the_process_survives_blames_nobody() {
        let data = tempfile::tempdir().unwrap();
        let one = found("1");
        let mut marks = Marks::open(data.path());
        marks.begin([&one].into_iter()).unwrap();
        marks.break_off();
        assert_eq!(Marks::open(data.path()).deaths(&one), None);
    }

    #[test]
    fn marks_that_were_cut_off_are_none() {
        let data = tempfile::tempdir().unwrap();
        fs::write(data.path().join("handling.json"), b"{\"now\":[[").unwrap();
        assert_eq!(Marks::open(data.path()).deaths(&found("1")), None);
    }
}
