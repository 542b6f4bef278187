//! Where something lies on the share.

use std::borrow::Borrow;
use std::fmt;
use std::ops::Deref;
use std::path::Path;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A path below the watch root, with `/` between its parts; the root's own is
/// empty. Of a file that was moved off the share, into one of the office's own
/// folders, it is the whole path. It is ordered, printed and stored as its text.
#[derive(Default, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SharePath(String);

/// A text that is no such path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}”不是共享文件夹里的相对路径")]
pub struct NoSharePath(String);

impl SharePath {
    /// The path that a text is.
    ///
    /// # Errors
    /// It leads out of the watch root without being a whole path, or one of its
    /// parts is empty.
    pub fn new(text: &str) -> Result<Self, NoSharePath> {
        let lost = |part: &str| part.is_empty() || part == "." || part == "..";
        let outside = Path::new(text).is_absolute();
        if !outside && !text.is_empty() && text.split('/').any(lost) {
            return Err(NoSharePath(text.chars().take(200).collect()));
        }
        Ok(Self(text.to_owned()))
    }

    /// The watch root.
    #[must_use]
    pub fn root() -> Self {
        Self::default()
    }

    /// What is called so in this folder. What a name may hold is up to who
    /// gives it: `/` leads further down, an empty one nowhere.
    #[must_use]
    pub fn join(&self, name: &str) -> Self {
        let name = name.trim_matches('/');
        match (self.0.is_empty(), name.is_empty()) {
            (_, true) => self.clone(),
            (true, false) => Self(name.to_owned()),
            (false, false) => Self(format!("{}/{name}", self.0)),
        }
    }

    /// The folder that it lies in.
    #[must_use]
    pub fn folder(&self) -> Self {
        Self(self.folder_str().to_owned())
    }

    /// The text of [`SharePath::folder`].
    #[must_use]
    pub fn folder_str(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// Its name within its folder.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.rsplit_once('/').map_or(&self.0, |(_, name)| name)
    }

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for SharePath {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for SharePath {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for SharePath {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl AsRef<Path> for SharePath {
    fn as_ref(&self) -> &Path {
        Path::new(&self.0)
    }
}

impl PartialEq<str> for SharePath {
    fn eq(&self, text: &str) -> bool {
        self.0 == text
    }
}

impl PartialEq<&str> for SharePath {
    fn eq(&self, text: &&str) -> bool {
        self.0 == *text
    }
}

impl PartialEq<String> for SharePath {
    fn eq(&self, text: &String) -> bool {
        self.0 == *text
    }
}

impl fmt::Display for SharePath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, formatter)
    }
}

impl fmt::Debug for SharePath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, formatter)
    }
}

impl FromStr for SharePath {
    type Err = NoSharePath;
    fn from_str(text: &str) -> Result<Self, NoSharePath> {
        Self::new(text)
    }
}

impl TryFrom<String> for SharePath {
    type Error = NoSharePath;
    fn try_from(text: String) -> Result<Self, NoSharePath> {
        Self::new(&text)
    }
}

impl From<SharePath> for String {
    fn from(path: SharePath) -> Self {
        path.0
    }
}

/// For tests, which write paths as they are.
#[cfg(test)]
impl From<&str> for SharePath {
    fn from(text: &str) -> Self {
        Self::new(text).unwrap()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stays_below_the_root() {
        for text in ["甲/../..", "甲//乙", "甲/", ".", ".."] {
            assert!(SharePath::new(text).is_err(), "{text}");
        }
        for text in [
            "",
            "甲",
            "甲/乙.xlsx",
            "甲/..乙",
            "/srv/site/../output/待处理/乙.xlsx",
        ] {
            assert_eq!(SharePath::new(text).unwrap(), text);
        }
    }

    #[test]
    fn folders_and_names_make_paths() {
        let folder = SharePath::root().join("台账").join("林强");
        let file = folder.join("11月.xlsx");
        assert_eq!(file, "台账/林强/11月.xlsx");
        assert_eq!((file.folder(), file.name()), (folder, "11月.xlsx"));
        let top = SharePath::root().join("a");
        assert_eq!((top.folder(), top.name()), (SharePath::root(), "a"));
        assert_eq!(top.join(""), top);
    }
}
