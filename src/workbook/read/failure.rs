//! Why a file could not be read, as people are told.

use std::io;

use serde::{Deserialize, Serialize};

/// A verdict on a file that can't be read as a workbook. The texts are short
/// Chinese reasons, fit to stand after “未读取：”.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum ReadFailure {
    /// Damaged, incomplete or not what it says; finding `unreadable`.
    #[error("{0}")]
    Unreadable(String),
    /// Needs a password to open; finding `encrypted`.
    #[error("设有打开密码")]
    Encrypted,
    /// Unreadable but for those who have the office's encryption software; finding `encrypted`.
    #[error("被加密软件加密")]
    Enciphered,
    /// Not a kind of file that is read as a ledger; holds the kind's name; finding `unsupported-type`.
    #[error("“{0}”不能作为台账读取")]
    UnsupportedType(String),
    /// Beyond a limit of size, time or memory; finding `too-large`.
    #[error("{0}")]
    TooLarge(String),
}

impl ReadFailure {
    /// The general verdict on a file whose parts don't fit together.
    pub(super) fn damaged() -> Self {
        Self::Unreadable("文件已损坏或结构不完整".into())
    }
}

/// What ends reading: the file's own fault, or that it could not be got at.
#[derive(Debug)]
pub(super) enum Stop {
    /// A verdict on the file.
    File(ReadFailure),
    /// The disk or the share failed; says nothing about the file.
    Io(io::Error),
}

/// The result of every step of reading.
pub(super) type Reading<T> = Result<T, Stop>;

impl From<ReadFailure> for Stop {
    fn from(failure: ReadFailure) -> Self {
        Self::File(failure)
    }
}

/// An error that the operating system gave is the disk's; one that a decoder
/// made up ("unexpected end", "invalid data") is the file's.
impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        if error.raw_os_error().is_some() {
            Self::Io(error)
        } else {
            Self::File(ReadFailure::damaged())
        }
    }
}

impl From<zip::result::ZipError> for Stop {
    fn from(error: zip::result::ZipError) -> Self {
        match error {
            zip::result::ZipError::Io(error) => error.into(),
            _ => ReadFailure::damaged().into(),
        }
    }
}

impl From<quick_xml::Error> for Stop {
    fn from(_: quick_xml::Error) -> Self {
        ReadFailure::damaged().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_system_s_errors_spare_the_file() {
        assert!(matches!(Stop::from(io::Error::from_raw_os_error(5)), Stop::Io(_)));
        assert!(matches!(
            Stop::from(io::Error::from(io::ErrorKind::UnexpectedEof)),
            Stop::File(ReadFailure::Unreadable(_))
        ));
    }
}
