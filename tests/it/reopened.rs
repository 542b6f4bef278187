//! What was settled and is open again, and that units hear of decisions.

use std::fs;

use taizhang::domain::finding::Verdict;
use taizhang::domain::ids::Duty;
use taizhang::domain::obligation::{Exemption, State};
use taizhang::domain::period::Period;
use taizhang::jobs::recheck::recheck;
use taizhang::jobs::{decide, extend, finish, obligations};

use crate::harness::{PROGRAM, TestSite, cells, read};

const LEDGER: &str = "吴垂超11月台账.xlsx";
const COPY: &str = "吴垂超/退回修改/2024-11/吴垂超11月台账（审核意见）.xlsx";

async fn site() -> TestSite {
    TestSite::posting(|_| {}).await
}

fn november() -> Period {
    "2024-11".parse().unwrap()
}

/// Takes 湛川村, which the ledger names, from the places of its unit.
fn take_place(own: &TestSite) {
    let places = own.root().join("templates/programs/wutang-visits/places.csv");
    let text = fs::read_to_string(&places).unwrap();
    let kept: Vec<&str> = text
        .lines()
        .filter(|line| !(line.contains("吴垂超") && line.contains("湛川村")))
        .collect();
    assert_eq!(kept.len() + 1, text.lines().count());
    fs::write(&places, kept.join("\r\n") + "\r\n").unwrap();
    assert!(own.site.reload(), "{:?}", own.site.problems());
}

async fn rechecked(own: &TestSite, reason: &str) -> usize {
    let program = own.site.program(PROGRAM).unwrap();
    let found = recheck(&own.site, &program, &november(), Some((&crate::by(), reason)))
        .await
        .unwrap();
    finish(&own.site).await.unwrap();
    own.run().await;
    found.len()
}

/// Subjects of what was sent about a unit since `from`, those to units as such.
fn about(own: &TestSite, unit: &str, from: usize) -> Vec<String> {
    let sent = own.sent();
    let new = sent.iter().skip(from).filter(|own| own.text.contains(unit));
    let of_units = new.filter(|own| !own.subject.contains("汇总台账") && !own.subject.contains("报送情况"));
    of_units.map(|own| own.subject.clone()).collect()
}

async fn state(own: &TestSite, unit: &str) -> (State, bool) {
    let program = own.site.program(PROGRAM).unwrap();
    let id = &program.roster.find(unit).unwrap().id;
    let standing = obligations::standing(&own.site, &program, &november())
        .await
        .unwrap()
        .unwrap();
    let own = standing.of(id).unwrap();
    (own.state, own.late)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recheck_reopens_from_now() {
    let own = site().await;
    own.at("2024-12-03T10:00:00+08:00")
        .drop_sample(LEDGER, "吴垂超")
        .run()
        .await;
    assert_eq!(own.last().await.verdict, Verdict::Accepted);
    take_place(&own);
    // A Monday, after the due date: three working days later is Thursday.
    own.at("2024-12-09T10:00:00+08:00");
    let before = own.sent().len();
    assert_eq!(rechecked(&own, "挂点村已作调整").await, 1);
    let letter = own
        .sent()
        .into_iter()
        .rfind(|own| own.subject.contains("退回更正"))
        .unwrap();
    let note = own
        .names("吴垂超")
        .into_iter()
        .find(|name| name.contains("已退回"))
        .unwrap();
    let note = fs::read_to_string(own.share(&format!("吴垂超/{note}"))).unwrap();
    let copy = cells(&read(&own.share(COPY)), "需更正事项");
    let copy = copy.into_values().collect::<Vec<_>>().join("\n");
    for (place, text) in [("letter", &letter.text), ("note", &note), ("copy", &copy)] {
        for words in ["2024年12月12日", "17:30前更正", "仍按按时报送计"] {
            assert!(text.contains(words), "{place} lacks {words}: {text}");
        }
    }
    for (place, text) in [("letter", &letter.text), ("note", &note)] {
        for words in ["审核通过", "重新审核", "挂点村已作调整"] {
            assert!(text.contains(words), "{place} lacks {words}: {text}");
        }
    }
    // Again it finds nothing, and sends nothing.
    assert_eq!(rechecked(&own, "挂点村已作调整").await, 0);
    assert_eq!(about(&own, "吴垂超", before).len(), 1);
    // The chases of the week before are never made up for; what comes due in
    // the grace waits for its end.
    for at in [
        "2024-12-10T09:00:00+08:00",
        "2024-12-11T09:00:00+08:00",
        "2024-12-12T09:00:00+08:00",
        "2024-12-12T17:00:00+08:00",
    ] {
        own.at(at).run().await;
    }
    assert_eq!(about(&own, "吴垂超", before).len(), 1);
    own.at("2024-12-13T09:00:00+08:00").run().await;
    let heard = about(&own, "吴垂超", before);
    assert_eq!(heard.len(), 2, "{heard:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_on_time_stays_so_and_who_was_late_stays_late() {
    for (first, late) in [
        ("2024-12-03T10:00:00+08:00", false),
        ("2024-12-06T10:00:00+08:00", true),
    ] {
        let own = site().await;
        own.at(first).drop_sample(LEDGER, "吴垂超").run().await;
        take_place(&own);
        own.at("2024-12-09T10:00:00+08:00");
        rechecked(&own, "挂点村已作调整").await;
        assert_eq!(state(&own, "吴垂超").await.0, State::Returned);
        // The office takes it as it is: the times of arrival and return stay.
        own.at("2024-12-13T10:00:00+08:00");
        let record = own.last().await;
        decide::accept(&own.site, &crate::by(), &record, "确有其事")
            .await
            .unwrap();
        finish(&own.site).await.unwrap();
        let (state, is_late) = state(&own, "吴垂超").await;
        assert_eq!(is_late, late, "first at {first}");
        assert_eq!(state == State::AcceptedLate, late);
        let now = own.last().await;
        assert_eq!((now.judged, now.arrival), (record.judged, record.arrival));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recheck_of_a_closed_period_chases_nobody() {
    let own = site().await;
    own.at("2024-12-03T10:00:00+08:00")
        .drop_sample(LEDGER, "吴垂超")
        .run()
        .await;
    for at in ["2024-12-16T17:30:00+08:00", "2024-12-17T09:00:00+08:00"] {
        own.at(at).run().await;
    }
    take_place(&own);
    own.at("2024-12-18T10:00:00+08:00");
    let before = own.sent().len();
    rechecked(&own, "挂点村已作调整").await;
    let letter = own
        .sent()
        .into_iter()
        .rfind(|own| own.subject.contains("退回更正"))
        .unwrap();
    assert!(letter.text.contains("2024年12月23日"), "{}", letter.text);
    assert!(
        own.output("").read_dir().unwrap().any(|entry| {
            let name = entry.unwrap().file_name().into_string().unwrap();
            name.contains("更正稿")
        }),
        "no corrected master"
    );
    for day in 19..=31 {
        own.at(&format!("2024-12-{day}T09:00:00+08:00")).run().await;
    }
    let heard = about(&own, "2024年11月", before);
    assert!(
        heard.iter().all(|subject| !subject.starts_with("【催")),
        "{heard:?}"
    );
    let mut heard = about(&own, "吴垂超挂点组", before);
    heard.retain(|subject| !subject.contains("2024年12月"));
    assert_eq!(heard.len(), 1, "{heard:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn units_hear_of_decisions_once_and_at_once() {
    let own = site().await;
    let program = own.site.program(PROGRAM).unwrap();
    own.at("2024-12-03T10:00:00+08:00")
        .drop_sample(LEDGER, "吴垂超")
        .run()
        .await;
    let before = own.sent().len();
    let notices = |own: &TestSite| -> Vec<String> {
        let sent = own.sent();
        let new = sent
            .iter()
            .skip(before)
            .filter(|own| own.subject.starts_with("【情况告知】"));
        new.map(|own| own.text.clone()).collect()
    };
    // An extension: to those who owe, not to who has handed in.
    let day = "2024-12-10".parse().unwrap();
    let whose = extend::Whose {
        period: &november(),
        unit: None,
    };
    extend::extend(&own.site, &crate::by(), &program, whose, (day, "寒潮停课"), None)
        .await
        .unwrap();
    finish(&own.site).await.unwrap();
    own.run().await;
    own.at("2024-12-03T10:30:00+08:00").run().await;
    let told = notices(&own);
    let owing = program.roster.units.len() - 1;
    assert_eq!(told.len(), owing);
    for words in ["原定2024年12月5日，现延至2024年12月10日", "（寒潮停课）"] {
        assert!(
            told.iter().all(|text| text.contains(words)),
            "{words}: {}",
            told[0]
        );
    }
    assert!(!told.iter().any(|text| text.contains("吴垂超")));
    // An exemption, and its end.
    let unit = program.roster.find("周景辉").unwrap().id.clone();
    let exemption = Exemption {
        unit: unit.clone(),
        period: november(),
        reason: "外出培训".into(),
        by: "李明".into(),
        at: own.site.clock.utc(),
    };
    decide::exempt(&own.site, &crate::by(), &program, &exemption)
        .await
        .unwrap();
    finish(&own.site).await.unwrap();
    own.run().await;
    let note = |own: &TestSite, word: &str| own.names("周景辉").iter().any(|name| name.contains(word));
    assert!(note(&own, "免报"), "{:?}", own.names("周景辉"));
    let told = notices(&own);
    assert_eq!(told.len(), owing + 1);
    assert!(told[owing].contains("准予免报（外出培训）"), "{}", told[owing]);
    own.at("2024-12-12T10:00:00+08:00");
    undo(&own, &Duty::of(&program.id, &unit, &november()), "培训取消").await;
    finish(&own.site).await.unwrap();
    own.run().await;
    assert!(
        note(&own, "须报送") && !note(&own, "免报"),
        "{:?}",
        own.names("周景辉")
    );
    let told = notices(&own);
    assert_eq!(told.len(), owing + 2);
    assert!(
        told[owing + 1].contains("现须报送（培训取消）"),
        "{}",
        told[owing + 1]
    );
    // No step that lay before is made up for: the first chase was on the 11th.
    own.at("2024-12-12T10:30:00+08:00").run().await;
    let to_zhou = || -> Vec<String> {
        let sent = own.sent();
        let own = sent.iter().filter(|own| own.text.contains("周景辉挂点组"));
        own.map(|own| own.subject.clone())
            .filter(|subject| subject.contains("催"))
            .collect()
    };
    assert!(to_zhou().is_empty(), "{:?}", to_zhou());
    own.at("2024-12-13T09:00:00+08:00").run().await;
    assert_eq!(to_zhou().len(), 1, "the second comes on its day: {:?}", to_zhou());
    // What had been accepted is taken back.
    let record = own.last().await;
    decide::withdraw(&own.site, &crate::by(), &record, "报错了单位")
        .await
        .unwrap();
    finish(&own.site).await.unwrap();
    own.run().await;
    let told = notices(&own);
    assert_eq!(told.len(), owing + 3);
    assert!(
        told[owing + 2].contains("原已审核通过，现由我办撤回（报错了单位）")
            && told[owing + 2].contains("吴垂超"),
        "{}",
        told[owing + 2]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exemption_ahead_is_announced_at_once_and_undone_in_time_says_nothing() {
    let own = site().await;
    let program = own.site.program(PROGRAM).unwrap();
    own.run().await;
    let unit = program.roster.find("周景辉").unwrap().id.clone();
    let ahead: Period = "2025-03".parse().unwrap();
    let exemption = |at: &str| Exemption {
        unit: unit.clone(),
        period: ahead.clone(),
        reason: "借调省里".into(),
        by: "李明".into(),
        at: chrono::DateTime::parse_from_rfc3339(at).unwrap().to_utc(),
    };
    let notices = || {
        let sent = own.sent();
        let own = sent
            .into_iter()
            .filter(|own| own.subject.starts_with("【情况告知】"));
        own.map(|own| own.text).collect::<Vec<_>>()
    };
    // At night, and changed before anybody could have read it.
    own.at("2024-12-02T20:00:00+08:00");
    decide::exempt(
        &own.site,
        &crate::by(),
        &program,
        &exemption("2024-12-02T20:00:00+08:00"),
    )
    .await
    .unwrap();
    own.run().await;
    undo(&own, &Duty::of(&program.id, &unit, &ahead), "写错了人").await;
    own.run().await;
    assert!(notices().is_empty());
    own.at("2024-12-03T08:30:00+08:00");
    decide::exempt(
        &own.site,
        &crate::by(),
        &program,
        &exemption("2024-12-03T08:30:00+08:00"),
    )
    .await
    .unwrap();
    own.run().await;
    let told = notices();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].contains("2025年3月") && told[0].contains("准予免报"),
        "{}",
        told[0]
    );
    own.at("2024-12-04T09:00:00+08:00").run().await;
    assert_eq!(notices().len(), 1);
}

/// Undoes an exemption, as the command does.
async fn undo(own: &TestSite, duty: &Duty, why: &str) {
    taizhang::desk::decide::undo_exemption(&own.site, &crate::by(), duty, why)
        .await
        .unwrap();
}
