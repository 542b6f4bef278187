use super::*;
use chrono::NaiveDate;

fn utc(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

fn local(day: u32, hour: u32, minute: u32) -> Option<NaiveDateTime> {
    NaiveDate::from_ymd_opt(2024, 12, day)?.and_hms_opt(hour, minute, 0)
}

fn original(name: &str, lies: Lies, saved: &str) -> Original {
    Original {
        path: name.into(),
        name: name.into(),
        lies,
        sha256: [0; 32].into(),
        archived: None,
        saved: utc(saved),
        known: None,
        repeats: false,
        unreadable: false,
    }
}

fn noted(version: u32, file: &str, outcome: Outcome) -> Noted {
    Noted {
        version,
        file: file.into(),
        received: local(3, 9, 12),
        unseen_since: None,
        outcome,
        late: None,
        rows: Some(3),
        counts: None,
    }
}

fn group<'a>(originals: &'a [Original], receipt: Option<&'a Noted>, status: Option<&'a Noted>) -> Group<'a> {
    Group {
        originals,
        receipt,
        status,
        due: Some(utc("2024-12-05T17:30:00+08:00")),
        zone: chrono_tz::Asia::Shanghai,
        last_known: 0,
        now: utc("2024-12-20T09:00:00+08:00"),
    }
}

fn stands(planned: &Planned) -> Vec<(usize, u32, Stands)> {
    let versions = planned.versions.iter();
    versions
        .map(|(place, own)| (*place, own.number, own.stands.clone()))
        .collect()
}

#[test]
fn the_notes_say_which_version_counts_and_when_it_came() {
    let files = [
        original("a.xlsx", Lies::Returned, "2024-12-02T08:00:00+08:00"),
        original("a (2).xlsx", Lies::Accepted, "2024-12-03T08:00:00+08:00"),
    ];
    let receipt = Noted {
        late: Some(false),
        ..noted(2, "a.xlsx", Outcome::Accepted)
    };
    let status = noted(2, "a.xlsx", Outcome::Accepted);
    let planned = plan(&group(&files, Some(&receipt), Some(&status)));
    assert_eq!(
        stands(&planned),
        [(0, 1, Stands::Returned), (1, 2, Stands::Accepted)]
    );
    let second = &planned.versions[1].1;
    assert_eq!(
        (second.arrival.seen, second.proof),
        (utc("2024-12-03T09:12:00+08:00"), Proof::Noted)
    );
    // The first one's time is nobody's word but its own.
    assert!(matches!(planned.doubts.as_slice(), [Doubt::Arrival { file, .. }] if file == "a.xlsx"));
}

#[test]
fn a_version_that_was_taken_back_stands_above_the_one_that_counts() {
    let files = [
        original("a.xlsx", Lies::Accepted, "2024-12-02T08:00:00+08:00"),
        original("b.xlsx", Lies::Returned, "2024-12-03T08:00:00+08:00"),
    ];
    let status = noted(1, "a.xlsx", Outcome::Accepted);
    let planned = plan(&group(&files, None, Some(&status)));
    assert_eq!(
        stands(&planned),
        [(0, 1, Stands::Accepted), (1, 2, Stands::Returned)]
    );
    let why = Outcome::Withdrawn("报错了".into());
    let status = noted(2, "b.xlsx", why);
    let planned = plan(&group(&files, None, Some(&status)));
    assert_eq!(planned.versions[1].1.stands, Stands::Withdrawn("报错了".into()));
}

#[test]
fn only_a_receipt_makes_late() {
    let due = utc("2024-12-05T17:30:00+08:00");
    let files = [original("a.xlsx", Lies::Accepted, "2024-12-09T08:00:00+08:00")];
    let cases = [
        // No note: the file's own time proves nothing.
        (None, None, false),
        // A receipt that says so, though the minute is that of the deadline.
        (Some((local(5, 17, 30), Some(true))), None, true),
        (Some((local(9, 9, 0), Some(true))), None, true),
        // One that says nothing of it: the machine was off.
        (Some((local(9, 9, 0), Some(false))), None, false),
        // A status note doesn't tell.
        (None, Some(local(9, 9, 0)), false),
        (None, Some(local(4, 9, 0)), false),
    ];
    for (receipt, status, late) in cases {
        let receipt = receipt.map(|(received, late)| Noted {
            received,
            late,
            ..noted(1, "a.xlsx", Outcome::Accepted)
        });
        let status = status.map(|received| Noted {
            received,
            ..noted(1, "a.xlsx", Outcome::Accepted)
        });
        let planned = plan(&group(&files, receipt.as_ref(), status.as_ref()));
        let version = &planned.versions[0].1;
        assert_eq!(version.arrival.is_after(due), late, "{receipt:?} {status:?}");
    }
}

#[test]
fn what_a_note_names_and_nobody_has_is_said() {
    let files = [original("a.xlsx", Lies::Returned, "2024-12-02T08:00:00+08:00")];
    let status = noted(2, "b.xlsx", Outcome::Accepted);
    let planned = plan(&group(&files, None, Some(&status)));
    assert_eq!(stands(&planned), [(0, 1, Stands::Returned)]);
    assert!(planned.doubts.contains(&Doubt::VersionGone {
        version: 2,
        file: Some("b.xlsx".into())
    }));
    // The archive has one that fits.
    let files = [
        files[0].clone(),
        original("", Lies::ArchiveOnly, "2024-12-03T08:00:00+08:00"),
    ];
    let planned = plan(&group(&files, None, Some(&status)));
    assert_eq!(
        stands(&planned),
        [(0, 1, Stands::Returned), (1, 2, Stands::Accepted)]
    );
}

#[test]
fn what_the_database_knows_keeps_its_number() {
    let known = Original {
        known: Some(1),
        ..original("a.xlsx", Lies::Accepted, "2024-12-04T08:00:00+08:00")
    };
    let files = [
        known,
        original("b.xlsx", Lies::Accepted, "2024-12-02T08:00:00+08:00"),
    ];
    let receipt = noted(2, "b.xlsx", Outcome::ByOffice("属实".into()));
    let planned = plan(&Group {
        last_known: 1,
        ..group(&files, Some(&receipt), None)
    });
    assert_eq!(
        stands(&planned),
        [(0, 1, Stands::Accepted), (1, 2, Stands::ByOffice("属实".into()))]
    );
}

#[test]
fn files_without_notes_are_numbered_in_order_and_named() {
    let repeated = Original {
        repeats: true,
        ..original("c.xlsx", Lies::Accepted, "2024-12-01T08:00:00+08:00")
    };
    let files = [
        original("b.xlsx", Lies::Accepted, "2024-12-03T08:00:00+08:00"),
        original("a.xlsx", Lies::Returned, "2024-12-02T08:00:00+08:00"),
        repeated,
    ];
    let planned = plan(&group(&files, None, None));
    assert_eq!(
        stands(&planned),
        [(1, 1, Stands::Returned), (0, 2, Stands::Accepted)]
    );
    assert_eq!(planned.others.len(), 1);
    assert!(planned.doubts.contains(&Doubt::NoNote));
    let numbers = planned
        .doubts
        .iter()
        .filter(|doubt| matches!(doubt, Doubt::Number { .. }));
    assert_eq!(numbers.count(), 2);
}

#[test]
fn an_original_that_was_put_back_beside_a_changed_one_is_the_earlier_version() {
    let files = [
        original("a.xlsx", Lies::Accepted, "2024-12-03T09:10:00+08:00"),
        // Put back by us, after the changed one had come.
        original("a (2).xlsx", Lies::Accepted, "2024-12-03T09:15:00+08:00"),
    ];
    let receipt = noted(2, "a.xlsx", Outcome::Accepted);
    let planned = plan(&group(&files, Some(&receipt), None));
    assert_eq!(
        stands(&planned),
        [(1, 1, Stands::Accepted), (0, 2, Stands::Accepted)]
    );
    // Two that came under one name: the later one was set apart.
    let files = [
        original("a.xlsx", Lies::Accepted, "2024-12-02T09:10:00+08:00"),
        original("a (2).xlsx", Lies::Accepted, "2024-12-03T09:05:00+08:00"),
    ];
    let planned = plan(&group(&files, Some(&receipt), None));
    assert_eq!(
        stands(&planned),
        [(0, 1, Stands::Accepted), (1, 2, Stands::Accepted)]
    );
}
