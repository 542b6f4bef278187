//! Through the folders of a programme.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::path::Path;

use super::names::{Names, shown};
use super::{Deep, Found, InTheWay, Layout, Obstacle, PassedOver, Place, ProgramFolders, Scan, Stat, Zone};
use crate::domain::period::Period;
use crate::domain::share_path::SharePath;
use crate::inbox::locks::{is_leftover, is_lock_name, is_temporary_name, lock_stands_beside};

/// Folders deeper than this are not looked into.
const DEPTH: usize = 8;

/// How many files that lie too deep are named. Nobody reads more, and such a
/// tree may be somebody's whole disk.
const MOST_DEEP: usize = 20;

/// How many folders are gone through to find them.
const MOST_DEEP_FOLDERS: usize = 200;

/// A walk through one programme's folders.
pub(super) struct Walk<'a> {
    pub(super) scan: &'a mut Scan,
    pub(super) root: &'a Path,
    pub(super) layout: &'a Layout,
    pub(super) folders: &'a ProgramFolders,
}

/// What lies in a folder beside folders.
#[derive(Default)]
struct Files {
    found: Vec<(SharePath, String, Stat)>,
    locks: HashSet<String>,
}

impl Walk<'_> {
    /// Walks the programme's own folder.
    pub(super) fn program(&mut self, path: &SharePath) {
        let place = Place {
            program: self.folders.program.clone(),
            unit: None,
            zone: Zone::Drop,
            period: None,
        };
        let Some(listing) = self.list(path) else { return };
        let own: BTreeSet<&str> = self.folders.own.iter().map(String::as_str).collect();
        let names = Names::of(self.root, path, listing, &own, self.scan);
        let mut files = Files::default();
        for (name, entry) in names.entries {
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if is_folder && own.contains(name.own.as_str()) {
                self.scan.folders.insert(path.join(&name.own));
            }
            self.entry(path, &name.own, &entry, &place, 1, &mut files);
        }
        self.add(files, &place);
    }

    fn folder(&mut self, path: &SharePath, place: &Place, depth: usize) {
        let Some(listing) = self.list(path) else { return };
        let mut files = Files::default();
        for entry in listing.flatten() {
            let file_name = entry.file_name();
            match file_name.to_str() {
                Some(name) => self.entry(path, name, &entry, place, depth, &mut files),
                None => self.scan.badly_named.push(path.join(&shown(&file_name))),
            }
        }
        self.add(files, place);
    }

    fn list(&mut self, path: &SharePath) -> Option<fs::ReadDir> {
        match fs::read_dir(self.root.join(path.as_str())) {
            Ok(listing) => Some(listing),
            Err(error) => {
                self.scan.unreadable.push((path.clone(), error.to_string()));
                None
            }
        }
    }

    /// One entry of the folder at `path`.
    fn entry(
        &mut self,
        path: &SharePath,
        name: &str,
        entry: &fs::DirEntry,
        place: &Place,
        depth: usize,
        files: &mut Files,
    ) {
        if is_lock_name(name) {
            files.locks.insert(name.to_owned());
            return;
        }
        if is_temporary_name(name) || self.layout.ignores(name) {
            self.pass_over(path, name, entry, place);
            return;
        }
        let below = path.join(name);
        let Ok(kind) = entry.file_type() else {
            self.scan.refused.push(below);
            return;
        };
        if kind.is_dir() {
            if depth < DEPTH {
                self.folder(&below, &enter(place, name, self.folders), depth + 1);
            } else {
                self.too_deep(below, place);
            }
        } else if self.ours(place, name, depth) {
            let own_unit = || self.folders.units.get(name).cloned();
            self.scan.in_the_way.push(InTheWay {
                path: below,
                program: place.program.clone(),
                unit: place.unit.clone().or_else(own_unit),
                obstacle: Obstacle::of(kind),
            });
        } else if kind.is_file() {
            // Without metadata it went away between listing and looking.
            if let Ok(metadata) = entry.metadata() {
                files.found.push((below, name.to_owned(), Stat::of(&metadata)));
            }
        } else {
            self.scan.refused.push(below);
        }
    }

    /// Remembers a leftover where people drop; what systems leave is no news.
    fn pass_over(&mut self, path: &SharePath, name: &str, entry: &fs::DirEntry, place: &Place) {
        if place.zone != Zone::Drop || !is_leftover(name) || self.scan.passed_over.len() >= MOST_DEEP {
            return;
        }
        if let Ok(metadata) = entry.metadata()
            && metadata.is_file()
        {
            self.scan.passed_over.push(PassedOver {
                path: path.join(name),
                program: place.program.clone(),
                unit: place.unit.clone(),
                stat: Stat::of(&metadata),
            });
        }
    }

    /// Whether a folder of ours belongs at `name`.
    fn ours(&self, place: &Place, name: &str, depth: usize) -> bool {
        let words = self.folders.words;
        match (&place.unit, place.zone, depth) {
            (None, Zone::Drop, 1) => self.folders.own.contains(name),
            (Some(_), Zone::Drop, 2) => {
                [words.accepted, words.returned, words.attachments, words.forms].contains(&name)
            }
            (Some(_), Zone::Accepted | Zone::Returned | Zone::Attachments, 3) => {
                name.parse::<Period>().is_ok()
            }
            _ => false,
        }
    }

    fn add(&mut self, files: Files, place: &Place) {
        for (path, name, stat) in files.found {
            let locked = lock_stands_beside(&name, files.locks.iter().map(String::as_str));
            self.scan.found.push(Found {
                path,
                name,
                stat,
                place: place.clone(),
                locked,
            });
        }
    }

    /// Names the files below a folder that is too deep.
    fn too_deep(&mut self, path: SharePath, place: &Place) {
        let mut folders = vec![path];
        let mut looked = 0;
        while let Some(folder) = folders.pop() {
            looked += 1;
            if looked > MOST_DEEP_FOLDERS {
                return;
            }
            let Some(listing) = self.list(&folder) else {
                continue;
            };
            for entry in listing.flatten() {
                let name = shown_name(&entry.file_name());
                if is_temporary_name(&name) || self.layout.ignores(&name) {
                    continue;
                }
                let below = folder.join(&name);
                match entry.file_type() {
                    Ok(kind) if kind.is_dir() => folders.push(below),
                    Ok(kind) if kind.is_file() => {
                        if self.scan.too_deep.len() >= MOST_DEEP {
                            return;
                        }
                        self.scan.too_deep.push(Deep {
                            path: below,
                            program: place.program.clone(),
                            unit: place.unit.clone(),
                        });
                    }
                    _ => {}
                }
            }
        }
    }
}

fn shown_name(name: &std::ffi::OsStr) -> String {
    name.to_str().map_or_else(|| shown(name), str::to_owned)
}

/// The place of what lies in the folder `name` at `place`.
fn enter(place: &Place, name: &str, folders: &ProgramFolders) -> Place {
    let mut inner = place.clone();
    match (&place.unit, place.zone) {
        (None, Zone::Drop) if name == folders.words.unclaimed => inner.zone = Zone::Unclaimed,
        (None, Zone::Drop) => inner.unit = folders.units.get(name).cloned(),
        (Some(_), Zone::Drop) => {
            let zone = [
                (folders.words.accepted, Zone::Accepted),
                (folders.words.returned, Zone::Returned),
                (folders.words.attachments, Zone::Attachments),
                (folders.words.forms, Zone::Forms),
            ]
            .into_iter()
            .find(|(word, _)| *word == name);
            if let Some((_, zone)) = zone {
                inner.zone = zone;
            }
        }
        (_, Zone::Accepted | Zone::Returned | Zone::Attachments | Zone::Forms) if place.period.is_none() => {
            inner.period = Some(name.to_owned());
        }
        _ => {}
    }
    inner
}
