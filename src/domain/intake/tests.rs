//! Tables of cases: the order of arrivals, repetitions, and who is held.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use rstest::rstest;

use super::order::{Saved, in_order};
use super::repetition::{claimed_from, duplicate};
use super::rivals::{displaced, held, missing, noted};
use super::{counted, next_version};
use crate::domain::check::Examination;
use crate::domain::codes::Code;
use crate::domain::finding::Verdict;
use crate::domain::fixture::{self, november, row};
use crate::domain::language::Language;
use crate::domain::sha256::Sha256;
use crate::domain::share_path::SharePath;
use crate::domain::submission::{Record, RecordDetail};

const ZONE: chrono_tz::Tz = chrono_tz::Asia::Shanghai;

fn at(hour: u32) -> DateTime<Utc> {
    fixture::instant(&format!("2024-12-02T{hour:02}:00:00Z"))
}

/// A ledger of a unit for November, as it is recorded.
fn record(unit: &str, verdict: Verdict, version: Option<u32>) -> Record {
    Record {
        id: i64::from(version.unwrap_or(9)).into(),
        program: "wutang-visits".into(),
        unit: Some(unit.into()),
        period: Some(november()),
        version,
        sha256: [7; 32].into(),
        size: 1000,
        file_name: "台账.xlsx".into(),
        origin: "台账.xlsx".into(),
        arrival: crate::domain::submission::Arrival {
            after: None,
            seen: at(1),
        },
        decided: at(1),
        verdict,
        nil: false,
        row_count: Some(3),
        content: "内容".into(),
        program_hash: String::new(),
        form_version: None,
        duplicate_of: None,
        accepted_by_office: None,
        withdrawn: None,
        withdrawn_at: None,
        judged: at(1),
        reopened: None,
        rechecks: 0,
        placed: None,
        detail: RecordDetail::default(),
    }
}

/// What the checks say of a file of a unit for November.
fn examined(unit: &str, verdict: Verdict) -> Examination {
    Examination {
        unit: Some(unit.into()),
        period: Some(november()),
        row_count: Some(3),
        ..Examination::of(verdict)
    }
}

fn saved(by_itself: Option<u32>, modified: i64, size: u64) -> Saved {
    Saved {
        by_itself: by_itself.map(at),
        modified,
        size,
    }
}

#[rstest]
#[case::the_last_save_goes_last(&[saved(Some(5), 1, 10), saved(Some(3), 2, 11)], Some(vec![1, 0]))]
#[case::a_tie_is_broken_by_the_share(&[saved(Some(5), 2, 10), saved(Some(5), 1, 10)], Some(vec![1, 0]))]
#[case::one_that_tells_nothing_makes_the_share_tell(&[saved(Some(5), 1, 10), saved(None, 0, 11)], Some(vec![1, 0]))]
#[case::copies_keep_their_order(&[saved(None, 2, 10), saved(None, 1, 10)], None)]
#[case::one_alone(&[saved(Some(5), 1, 10)], Some(vec![0]))]
fn files_are_taken_as_they_were_saved(#[case] files: &[Saved], #[case] expected: Option<Vec<usize>>) {
    assert_eq!(in_order(files), expected);
}

proptest! {
    #[test]
    fn every_file_is_taken_once(
        files in prop::collection::vec((prop::option::of(0u32..23), any::<i64>(), 0u64..3), 1..12),
    ) {
        let files: Vec<_> = files.into_iter().map(|(by, at, size)| saved(by, at, size)).collect();
        if let Some(mut order) = in_order(&files) {
            let last = files[*order.last().unwrap()];
            if files.iter().all(|own| own.by_itself.is_some()) {
                prop_assert_eq!(last.by_itself, files.iter().filter_map(|own| own.by_itself).max());
            }
            order.sort_unstable();
            prop_assert_eq!(order, (0..files.len()).collect::<Vec<_>>());
        }
    }
}

#[rstest]
#[case::the_same_bytes(Verdict::Accepted, "U01", Verdict::Accepted, true)]
#[case::also_of_a_return(Verdict::Returned, "U01", Verdict::Returned, true)]
#[case::of_another_unit(Verdict::Accepted, "U02", Verdict::Accepted, false)]
#[case::held_twice(Verdict::Unclaimed, "U01", Verdict::Unclaimed, true)]
#[case::held_once_and_clear_now(Verdict::Unclaimed, "U01", Verdict::Accepted, false)]
#[case::nothing_repeats_what_can_t_be_read(Verdict::Accepted, "U01", Verdict::Unreadable, false)]
#[case::nor_what_is_classified(Verdict::Accepted, "U01", Verdict::Quarantined, false)]
fn the_same_bytes_are_a_repetition_for_the_same_duty(
    #[case] before: Verdict,
    #[case] unit: &str,
    #[case] now: Verdict,
    #[case] repeats: bool,
) {
    let same = [record("U01", before, Some(1))];
    let found = duplicate(&same, &[], &examined(unit, now), "");
    assert_eq!(found.is_some(), repeats);
}

#[test]
fn a_ledger_that_was_only_saved_again_repeats_the_version_that_counts() {
    let versions = [
        record("U01", Verdict::Accepted, Some(1)),
        record("U01", Verdict::Returned, Some(2)),
    ];
    let own = examined("U01", Verdict::Accepted);
    assert_eq!(
        duplicate(&[], &versions, &own, "内容").map(|own| own.id),
        Some(1.into())
    );
    assert_eq!(duplicate(&[], &versions, &own, "别的"), None);
    assert_eq!(
        duplicate(&[], &versions[1..], &own, "内容"),
        None,
        "it was returned"
    );
    let mismatch = Examination {
        mismatch: true,
        ..examined("U01", Verdict::Returned)
    };
    assert_eq!(duplicate(&[], &versions, &mismatch, "内容"), None);
}

#[test]
fn a_file_takes_the_place_of_what_nobody_could_place_or_read() {
    let unplaced = record("U01", Verdict::Unclaimed, None);
    let unread = Record {
        id: 2.into(),
        ..record("U01", Verdict::Unreadable, None)
    };
    let same = [unread.clone(), unplaced.clone()];
    let clear = examined("U01", Verdict::Accepted);
    assert_eq!(claimed_from(&same, &clear, false), Some(&unplaced));
    assert_eq!(claimed_from(&same[..1], &clear, false), Some(&unread));
    assert_eq!(
        claimed_from(&same[..1], &examined("U02", Verdict::Accepted), false),
        None
    );
    let again = examined("U01", Verdict::Unreadable);
    assert_eq!(claimed_from(&same[..1], &again, false), None);
    assert_eq!(
        claimed_from(&same[..1], &again, true),
        Some(&unread),
        "put aside once more"
    );
    assert_eq!(
        claimed_from(&same, &examined("U01", Verdict::Unclaimed), false),
        None
    );
}

#[rstest]
#[case::nil_over_rows(|own: &mut Examination| own.nil = true, "零报告.xlsx", Some(Code::PeriodUnclear))]
#[case::a_conflict_copy(|_: &mut Examination| {}, "台账 (冲突文件).xlsx", Some(Code::PeriodUnclear))]
#[case::an_older_save(|own: &mut Examination| own.saved = Some(at(2)), "台账.xlsx", Some(Code::OlderVersion))]
#[case::a_newer_save(|own: &mut Examination| own.saved = Some(at(5)), "台账.xlsx", None)]
#[case::saved_nobody_knows_when(|_: &mut Examination| {}, "台账.xlsx", None)]
#[case::a_correction(|own: &mut Examination| { own.nil = true; own.correction = true; }, "更正.xlsx", None)]
#[case::a_faulty_one(|own: &mut Examination| { own.nil = true; own.verdict = Verdict::Returned; }, "台账.xlsx", None)]
fn what_would_displace_a_better_one_is_held(
    #[case] change: fn(&mut Examination),
    #[case] name: &str,
    #[case] expected: Option<Code>,
) {
    let mut counts = record("U01", Verdict::Accepted, Some(1));
    counts.detail.saved = Some(at(4));
    let mut own = examined("U01", Verdict::Accepted);
    change(&mut own);
    let found = |decided, versions: &[Record]| {
        held(Language::Chinese, &own, name, decided, versions, ZONE).map(|finding| finding.code)
    };
    assert_eq!(found(false, std::slice::from_ref(&counts)), expected);
    assert_eq!(
        found(true, std::slice::from_ref(&counts)),
        None,
        "the office has decided"
    );
    assert_eq!(found(false, &[]), None, "there is nothing to displace");
    let taken_back = Record {
        withdrawn: Some(("甲".into(), "报错了".into())),
        withdrawn_at: Some(at(3)),
        ..counts
    };
    assert_eq!(
        found(false, &[taken_back]),
        None,
        "what was taken back counts no more"
    );
}

#[test]
fn of_two_that_came_together_the_rows_of_the_loser_are_counted() {
    let program = fixture::wutang();
    let counts = record("U01", Verdict::Accepted, Some(1));
    let versions = std::slice::from_ref(&counts);
    let mut own = examined("U01", Verdict::Accepted);
    own.rows = vec![row("2024-11-05", "乌塘圩村", 2)];
    let soon = at(1) + TimeDelta::minutes(10);
    assert_eq!(displaced(&own, versions, soon), Some(&counts));
    assert_eq!(
        displaced(&own, versions, soon + TimeDelta::seconds(1)),
        None,
        "chosen by the unit"
    );
    let mut again = row("2024-11-05", "乌塘圩村", 2);
    again.cells[0] = "7".into();
    let other = [
        again,
        row("2024-11-06", "乌塘圩村", 2),
        row("2024-11-05", "边板村", 2),
    ];
    assert_eq!(
        missing(&program, &own, &other),
        2,
        "the running number says nothing"
    );
    own.correction = true;
    assert_eq!(displaced(&own, versions, soon), None);
}

#[test]
fn a_ledger_that_comes_again_says_so() {
    let versions = [record("U01", Verdict::Returned, Some(1))];
    let code = |verdict, versions: &[Record]| {
        noted(Language::Chinese, verdict, versions, ZONE).map(|finding| finding.code)
    };
    assert_eq!(code(Verdict::Duplicate, &versions), Some(Code::DuplicateFile));
    assert_eq!(code(Verdict::Accepted, &versions), Some(Code::Resubmission));
    assert_eq!(code(Verdict::Accepted, &[]), None);
    let finding = noted(Language::Chinese, Verdict::Accepted, &versions, ZONE).unwrap();
    assert_eq!(finding.args["n"], "2");
    assert_eq!(finding.args["time"], "2024年12月2日9:00");
}

#[test]
fn versions_are_numbered_within_unit_and_period() {
    let before = [
        record("U01", Verdict::Accepted, Some(1)),
        record("U01", Verdict::Returned, Some(4)),
        record("U01", Verdict::Unclaimed, None),
    ];
    assert_eq!(counted(&before).map(|own| own.version), Some(Some(1)));
    let mut new = crate::domain::submission::NewSubmission {
        program: "wutang-visits".into(),
        unit: Some("U01".into()),
        period: Some(november()),
        sha256: Sha256::default(),
        size: 0,
        file_name: String::new(),
        origin: SharePath::root(),
        arrival: before[0].arrival,
        decided: at(1),
        verdict: Verdict::Accepted,
        nil: false,
        row_count: None,
        content: String::new(),
        program_hash: String::new(),
        form_version: None,
        duplicate_of: None,
        claimed_from: None,
        rows: Vec::new(),
        picture: Vec::new(),
        findings: Vec::new(),
        detail: RecordDetail::default(),
    };
    assert_eq!(next_version(&new, &before), Some(5));
    assert_eq!(next_version(&new, &[]), Some(1));
    for verdict in [Verdict::Unclaimed, Verdict::Duplicate, Verdict::Unreadable] {
        new.verdict = verdict;
        assert_eq!(next_version(&new, &before), None, "{verdict:?} makes none");
    }
    (new.verdict, new.period) = (Verdict::Returned, None);
    assert_eq!(next_version(&new, &before), None);
}
