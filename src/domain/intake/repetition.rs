//! Whether a file was there before, and in which place.

use super::counted;
use crate::domain::check::Examination;
use crate::domain::finding::Verdict;
use crate::domain::submission::Record;

/// The submission of the same bytes whose place this one takes: the first that
/// nobody could place, or the unit's own that could not be read then; of a file
/// that is put aside once more (`untouched`) the one that said so before.
#[must_use]
pub fn claimed_from<'a>(
    same: &'a [Record],
    examination: &Examination,
    untouched: bool,
) -> Option<&'a Record> {
    examination.unit.as_ref()?;
    let now = examination.verdict;
    if now == Verdict::Unclaimed {
        return None;
    }
    let unplaced = same
        .iter()
        .rev()
        .find(|record| record.verdict == Verdict::Unclaimed);
    unplaced.or_else(|| {
        let read_now = now != Verdict::Unreadable || untouched;
        let unread =
            |record: &&Record| record.verdict == Verdict::Unreadable && record.unit == examination.unit;
        same.iter().filter(|_| read_now).find(unread)
    })
}

/// The submission that the file repeats: the same bytes for the same unit and
/// period, or the same rows and fill lines as the version that counts.
#[must_use]
pub fn duplicate<'a>(
    same: &'a [Record],
    versions: &'a [Record],
    examination: &Examination,
    content: &str,
) -> Option<&'a Record> {
    if matches!(examination.verdict, Verdict::Quarantined | Verdict::Unreadable) || examination.mismatch {
        return None;
    }
    let by_bytes = same.iter().find(|record| match record.verdict {
        Verdict::Accepted | Verdict::AcceptedWithWarnings | Verdict::Returned => {
            (examination.unit.is_none() || record.unit == examination.unit)
                && (examination.period.is_none() || record.period == examination.period)
        }
        Verdict::Unclaimed => examination.verdict == Verdict::Unclaimed,
        _ => false,
    });
    by_bytes.or_else(|| {
        let record = counted(versions)?;
        (!content.is_empty() && record.content == content && examination.verdict != Verdict::Unclaimed)
            .then_some(record)
    })
}
