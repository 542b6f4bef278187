//! Names of folders and files on the share, by language.

use crate::domain::language::Language;

/// The fixed names that people see in the shared folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FolderWords {
    /// Accepted originals.
    pub accepted: &'static str,
    /// Returned originals with their marked-up copies.
    pub returned: &'static str,
    /// Photos, sealed PDF, Word files.
    pub attachments: &'static str,
    /// The form for the open period.
    pub forms: &'static str,
    /// Files whose unit or period could not be told.
    pub unclaimed: &'static str,
    /// Ends the name of a marked-up copy.
    pub marked: &'static str,
    /// The receipt's name, without extension.
    pub receipt: &'static str,
    /// The master's name, without extension.
    pub master: &'static str,
    /// Ends the name of the master as it stood when the period closed.
    pub settled: &'static str,
    /// Ends the name of the master with what came after the close.
    pub corrected: &'static str,
    /// Ends the name of a master that waits until the open one is closed.
    pub waiting: &'static str,
    /// Ends the name of a master that a person edited.
    pub edited: &'static str,
}

const CHINESE: FolderWords = FolderWords {
    accepted: "审核通过",
    returned: "退回修改",
    attachments: "附件",
    forms: "本期填报表",
    unclaimed: "待确认单位",
    marked: "（审核意见）",
    receipt: "报送回执",
    master: "汇总台账",
    settled: "（定稿）",
    corrected: "（更正稿）",
    waiting: "（待替换）",
    edited: "（人工改动）",
};

const ENGLISH: FolderWords = FolderWords {
    accepted: "accepted",
    returned: "returned",
    attachments: "attachments",
    forms: "current form",
    unclaimed: "unclaimed",
    marked: " (review)",
    receipt: "receipt",
    master: "master",
    settled: " (final)",
    corrected: " (corrected)",
    waiting: " (to replace)",
    edited: " (edited by hand)",
};

impl FolderWords {
    /// The names in a language.
    #[must_use]
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::Chinese => &CHINESE,
            Language::English => &ENGLISH,
        }
    }

    /// Names of folders that no unit may bear.
    pub fn reserved() -> impl Iterator<Item = &'static str> {
        [&CHINESE, &ENGLISH].into_iter().flat_map(|words| {
            [
                words.accepted,
                words.returned,
                words.attachments,
                words.forms,
                words.unclaimed,
            ]
        })
    }

    /// What ends the name of a marked-up copy, in any language.
    pub fn marks() -> impl Iterator<Item = &'static str> {
        [CHINESE.marked, ENGLISH.marked].into_iter()
    }

    /// Whether a name is one of ours, so that no unit may bear it.
    #[must_use]
    pub fn is_reserved(name: &str) -> bool {
        Self::reserved().any(|own| own == name)
    }
}
