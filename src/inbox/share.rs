//! What we do on the share: move originals, publish files, never overwrite
//! what a person put there.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::fresh::Fresh;
use super::locks::lock_stands_beside;
use super::scan::Stat;
use super::way::{NoWay, make_way, make_way_on_share, way};
use crate::domain::sha256::Sha256;
use crate::domain::share_path::SharePath;
use crate::platform::durable::sha256_of;
use crate::platform::{self, FileSystem};

/// The shared folder as a place to write to.
#[derive(Debug, Clone)]
pub struct Share {
    root: PathBuf,
}

/// A file as we left it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// Path relative to the root, with `/`.
    pub path: SharePath,
    /// SHA-256 of its bytes.
    pub sha256: Sha256,
    /// As the file system describes it.
    pub stat: Stat,
}

impl Share {
    /// A share with its root.
    #[must_use]
    pub fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
        }
    }

    /// The root.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The path of something on the share.
    #[must_use]
    pub fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// The path of a file, if only folders lead there: a link in the place of
    /// one is not followed.
    fn plain(&self, relative: &str) -> io::Result<PathBuf> {
        way(
            &self.root,
            relative.rsplit_once('/').map_or("", |(folder, _)| folder),
        )?;
        Ok(self.path(relative))
    }

    /// Whether a folder stands at a path, and only folders lead there.
    #[must_use]
    pub fn is_folder(&self, folder: &str) -> bool {
        way(&self.root, folder).is_ok_and(|path| path.is_dir())
    }

    /// Makes a folder and those that lead there; whether any was missing. The
    /// root itself is never made.
    ///
    /// # Errors
    /// See [`NoWay`].
    pub fn make_folder(&self, folder: &str) -> Result<bool, NoWay> {
        make_way(&self.root, folder)
    }

    /// The file at a path as the file system describes it; none if there is no
    /// regular file, or a link leads there.
    #[must_use]
    pub fn stat(&self, relative: &str) -> Option<Stat> {
        let metadata = fs::symlink_metadata(self.plain(relative).ok()?).ok()?;
        metadata.is_file().then(|| Stat::of(&metadata))
    }

    /// SHA-256 of the file at a path.
    ///
    /// # Errors
    /// It can't be read, or a link leads there.
    pub fn hash(&self, relative: &str) -> io::Result<Sha256> {
        let path = self.plain(relative)?;
        if fs::symlink_metadata(&path)?.is_symlink() {
            return Err(io::Error::other(format!("“{relative}”是一个链接")));
        }
        sha256_of(&path).map(Sha256::from)
    }

    /// Moves a file that is still as `expected` into a folder, under `name` or,
    /// if that is taken, a name beside it. `None`: it has changed or is gone.
    /// It lies there for good once [`Share::make_lasting`] has seen the folder.
    ///
    /// # Errors
    /// The file is in use, the folder can't be written.
    pub fn move_into(
        &self,
        from: &str,
        expected: Stat,
        sha256: Sha256,
        folder: &SharePath,
        name: &str,
    ) -> io::Result<Option<Left>> {
        if self.stat(from) != Some(expected) {
            return Ok(None);
        }
        make_way_on_share(&self.root, folder)?;
        for name in free_names(name) {
            let relative = folder.join(&name);
            if relative == from {
                return Ok(Some(Left {
                    path: relative,
                    sha256,
                    stat: expected,
                }));
            }
            match rename_across(&self.path(from), &self.path(&relative)) {
                Ok(()) => {
                    let stat = self.stat(&relative).unwrap_or(expected);
                    return Ok(Some(Left {
                        path: relative,
                        sha256,
                        stat,
                    }));
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound && self.stat(from).is_none() => {
                    return Ok(None);
                }
                Err(error) => return Err(error),
            }
        }
        Err(io::Error::new(
            io::ErrorKind::AlreadyExists,
            format!("“{name}”已有太多同名文件"),
        ))
    }

    /// Sees to it that what was moved and published into a folder outlasts a
    /// power cut. Once for all of it: each time costs as much as writing a file.
    ///
    /// # Errors
    /// The disk can't be written, or the share is gone.
    pub fn make_lasting(&self, folder: &str) -> io::Result<()> {
        platform::sync_dir(&self.path(folder))
    }

    /// A file in a folder that has this content already, under `name` or a name beside it.
    #[must_use]
    pub fn find(&self, folder: &SharePath, name: &str, sha256: Sha256) -> Option<Left> {
        for name in free_names(name) {
            let relative = folder.join(&name);
            let stat = self.stat(&relative)?;
            if self.hash(&relative).is_ok_and(|own| own == sha256) {
                return Some(Left {
                    path: relative,
                    sha256,
                    stat,
                });
            }
        }
        None
    }

    /// Writes bytes beside the place where they are to be published. They are on
    /// disk when this returns, unless they lie on `later`, a file system that
    /// is made to last afterwards.
    ///
    /// # Errors
    /// The folder can't be written, the disk is full.
    pub fn write(&self, folder: &str, bytes: &[u8], later: Option<&FileSystem>) -> io::Result<Fresh> {
        Fresh::write(&make_way_on_share(&self.root, folder)?, bytes, later)
    }

    /// Publishes a written file under `name` in the folder that it was written
    /// for. A file of that name is replaced only if its bytes are `ours`;
    /// otherwise a name beside it is taken. It lies there for good once
    /// [`Share::make_lasting`] has seen the folder.
    ///
    /// # Errors
    /// The folder can't be written.
    pub fn publish(&self, folder: &SharePath, name: &str, fresh: Fresh, ours: &[Sha256]) -> io::Result<Left> {
        // Since it was written, somebody may have put a link there.
        way(&self.root, folder)?;
        for name in free_names(name) {
            let relative = folder.join(&name);
            let target = self.path(&relative);
            let put = match fs::symlink_metadata(&target) {
                Ok(metadata) if metadata.is_file() => {
                    let own = self.hash(&relative)?;
                    if own == fresh.sha256 {
                        return Ok(Left {
                            path: relative,
                            sha256: own,
                            stat: Stat::of(&metadata),
                        });
                    }
                    if !ours.contains(&own) {
                        continue;
                    }
                    fs::rename(fresh.path(), &target)
                }
                Ok(_) => continue,
                Err(_) => platform::rename_no_replace(fresh.path(), &target),
            };
            match put {
                Ok(()) => {}
                // Somebody was quicker.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                Err(error) => return Err(error),
            }
            let stat = self.stat(&relative).unwrap_or(Stat {
                size: fresh.size,
                modified: 0,
            });
            return Ok(Left {
                path: relative,
                sha256: fresh.put_away(),
                stat,
            });
        }
        Err(io::Error::new(
            io::ErrorKind::AlreadyExists,
            format!("“{name}”已有太多同名文件"),
        ))
    }

    /// Whether an editor's lock stands beside a file.
    #[must_use]
    pub fn is_locked(&self, folder: &str, name: &str) -> bool {
        let names: Vec<String> = way(&self.root, folder)
            .map_err(io::Error::from)
            .and_then(fs::read_dir)
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|entry| entry.file_name().into_string().ok())
            .collect();
        lock_stands_beside(name, names.iter().map(String::as_str))
    }

    /// Removes a file of ours, if nobody has changed it.
    pub fn remove_ours(&self, relative: &str, sha256: Sha256) {
        if self.hash(relative).is_ok_and(|own| own == sha256) {
            let _ = fs::remove_file(self.path(relative));
        }
    }

    /// Moves a file off the share without leaving a copy on it, under `name`
    /// or a name beside it. `None`: it has changed or is gone.
    ///
    /// # Errors
    /// The file is in use, the folder can't be written.
    pub fn move_out(
        &self,
        from: &str,
        expected: Stat,
        folder: &Path,
        name: &str,
    ) -> io::Result<Option<PathBuf>> {
        if self.stat(from) != Some(expected) {
            return Ok(None);
        }
        fs::create_dir_all(folder)?;
        for name in free_names(name) {
            let target = folder.join(name);
            match rename_across(&self.path(from), &target) {
                Ok(()) => {
                    platform::sync_dir(folder)?;
                    return Ok(Some(target));
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::Error::new(
            io::ErrorKind::AlreadyExists,
            format!("“{name}”已有太多同名文件"),
        ))
    }
}

/// Renames without replacing; across file systems: copies, flushes, then removes the source.
fn rename_across(from: &Path, to: &Path) -> io::Result<()> {
    match platform::rename_no_replace(from, to) {
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
            let mut source = File::open(from)?;
            let mut copy = File::create_new(to)?;
            let copied = io::copy(&mut source, &mut copy).and_then(|_| copy.sync_all());
            if let Err(error) = copied {
                let _ = fs::remove_file(to);
                return Err(error);
            }
            // Either here or there, or the next try would make another copy.
            fs::remove_file(from).inspect_err(|_| {
                let _ = fs::remove_file(to);
            })
        }
        other => other,
    }
}

/// `name`, then `stem (2).ext`, `stem (3).ext`, …
pub fn free_names(name: &str) -> impl Iterator<Item = String> {
    let path = Path::new(name);
    let stem = path
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned())
        .unwrap_or_default();
    let ending = path
        .extension()
        .map(|ending| format!(".{}", ending.to_string_lossy()))
        .unwrap_or_default();
    let first = name.to_owned();
    (1..1000).map(move |n| {
        if n == 1 {
            first.clone()
        } else {
            format!("{stem} ({n}){ending}")
        }
    })
}

#[cfg(test)]
mod tests;
