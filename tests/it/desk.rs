//! The desk: answers as plain values, and decisions of which one wins.

use std::fs;

use taizhang::desk::Misuse;
use taizhang::desk::decide::{self, Decision, Refusal};
use taizhang::desk::log::{Asked, log};
use taizhang::desk::standing::standing;
use taizhang::desk::submission::submission;
use taizhang::desk::{doctor, letters};
use taizhang::domain::actor::Actor;
use taizhang::domain::finding::Verdict;
use taizhang::domain::ids::{Duty, ProgramId, SubmissionId};
use taizhang::domain::obligation::State;
use taizhang::domain::period::Period;
use taizhang::jobs::finish;

use crate::harness::{PROGRAM, TestSite};

/// A programme with the same units, in a folder of its own.
const OTHER: &str = "wutang-copy";

async fn two_programmes() -> TestSite {
    TestSite::with(|root| {
        let programs = root.join("templates/programs");
        let copy = programs.join(OTHER);
        fs::create_dir_all(&copy).unwrap();
        for entry in fs::read_dir(programs.join(PROGRAM)).unwrap() {
            let entry = entry.unwrap();
            let text = fs::read_to_string(entry.path()).unwrap();
            let text = text
                .replace(&format!("id = \"{PROGRAM}\""), &format!("id = \"{OTHER}\""))
                .replace("folder = \"乌塘挂点台账\"", "folder = \"另一台账\"");
            fs::write(copy.join(entry.file_name()), text).unwrap();
        }
    })
    .await
}

fn person(name: &str) -> Actor {
    Actor::person(name).unwrap()
}

fn november() -> Period {
    "2024-11".parse().unwrap()
}

fn duty(site: &TestSite, program: &str, name: &str) -> Duty {
    let program = site.site.program(program).unwrap();
    let unit = program.roster.find(name).unwrap();
    Duty::of(&program.id, &unit.id, &november())
}

fn is_overtaken(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(Refusal::Overtaken(_)))
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_decide_at_once_one_wins_and_the_other_is_told() {
    let site = TestSite::new().await;
    let duty = duty(&site, PROGRAM, "袁庆");
    let (first, second) = (person("甲"), person("乙"));
    let (one, other) = tokio::join!(
        decide::exempt(&site.site, &first, &duty, "外出学习"),
        decide::exempt(&site.site, &second, &duty, "已调离"),
    );
    let won = [one.is_ok(), other.is_ok()];
    let stands = site
        .site
        .store
        .exemptions(&PROGRAM.parse().unwrap(), &november())
        .await
        .unwrap();
    assert_eq!(stands.len(), 1);
    // One after the other both may win: then the later one's word stands.
    assert!(won.contains(&true), "{one:?} {other:?}");
    for (result, by) in [(one, "甲"), (other, "乙")] {
        if let Err(error) = result {
            assert!(is_overtaken(&error), "{error:?}");
            assert_ne!(stands[0].by, by);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_on_what_has_changed_says_how_it_was_lost() {
    let site = TestSite::new().await;
    site.drop_sample("吴忠强2024年11月台账.xlsx", "吴忠强")
        .run()
        .await;
    let id = site.last().await.id;
    let accepted = decide::accept(&site.site, &person("甲"), id, "陪同调研", None).await;
    assert_eq!(accepted.unwrap().verdict, Verdict::Returned);
    let again = decide::accept(&site.site, &person("乙"), id, "也同意", None).await;
    let error = again.unwrap_err();
    assert!(
        matches!(error.downcast_ref(), Some(Refusal::Impossible(words)) if words.contains("已由甲按原样接收")),
        "{error:?}"
    );
    let none = decide::withdraw(&site.site, &person("乙"), SubmissionId::new(999), "错了", None).await;
    assert!(none.unwrap_err().is::<Misuse>());
    let (before, counts) = decide::withdraw(&site.site, &person("乙"), id, "报错了", None)
        .await
        .unwrap();
    assert_eq!((before.id, counts), (id, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_two_decide_about_goes_once() {
    let site = TestSite::new().await;
    site.run().await;
    site.at("2024-12-17T09:00:00+08:00").run().await;
    let asked = letters::Asked {
        states: vec!["草稿".into()],
        ..letters::Asked::default()
    };
    let (drafts, _) = letters::letters(&site.site, &asked).await.unwrap();
    let id = drafts.first().expect("a letter waits").id;
    let decided = decide::letter(&site.site, &person("甲"), id, &Decision::Discard).await;
    decided.unwrap();
    let late = decide::letter(&site.site, &person("乙"), id, &Decision::Approve(None)).await;
    assert!(is_overtaken(&late.unwrap_err()));
    let asked = Asked {
        kinds: vec!["信函不发".into()],
        ..Asked::default()
    };
    let lines = log(&site.site, &asked).await.unwrap().lines;
    assert_eq!(
        lines.iter().map(|line| line.by.as_str()).collect::<Vec<_>>(),
        ["甲"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submission_is_told_with_its_findings_versions_and_what_was_done() {
    let site = two_programmes().await;
    site.drop_sample("罗养 2024年11月台账.xlsx", "罗养").run().await;
    let first = site.last().await.id;
    site.drop_sample("更正/更正：罗养 2024年11月台账.xlsx", "罗养")
        .run()
        .await;
    let own = submission(&site.site, first).await.unwrap();
    assert_eq!(own.program, ProgramId::new(PROGRAM).unwrap());
    assert_eq!(
        (own.unit_shown.as_deref(), own.version),
        (Some("罗养挂点组"), Some(1))
    );
    assert!(!own.counts && own.verdict == Verdict::Returned);
    assert!(own.findings.iter().any(|finding| !finding.message.is_empty()));
    assert_eq!(own.versions.len(), 1);
    assert!(own.versions[0].counts);
    let kinds: Vec<_> = own.journal.iter().map(|line| line.what.as_str()).collect();
    assert_eq!(kinds, ["returned"]);
    // Given to another programme, its history stays with it.
    let second = own.versions[0].id;
    let claimed = decide::claim(
        &site.site,
        &person("甲"),
        second,
        &duty(&site, OTHER, "林强"),
        None,
    )
    .await;
    claimed.unwrap();
    finish(&site.site).await.unwrap();
    let moved = submission(&site.site, second).await.unwrap();
    assert!(moved.withdrawn.is_some() && !moved.counts);
    let last = moved.journal.last().unwrap();
    assert_eq!((last.by.as_str(), last.what.as_str()), ("甲", "moved"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_standing_of_a_period_adds_up_programme_by_programme() {
    let site = two_programmes().await;
    site.drop_sample("吴垂超11月台账.xlsx", "吴垂超")
        .drop_sample("马陕燕2024年11月台账.xlsx", "马陕燕")
        .run()
        .await;
    decide::exempt(
        &site.site,
        &person("甲"),
        &duty(&site, OTHER, "吴垂超"),
        "外出学习",
    )
    .await
    .unwrap();
    site.at("2024-12-12T09:00:00+08:00");
    for (id, expected, received) in [(PROGRAM, 13, 2), (OTHER, 12, 0)] {
        let program = site.site.program(id).unwrap();
        let found = standing(&site.site, &program, &november()).await.unwrap();
        let found = found.expect("a period of the programme");
        let count = |states: &[State]| {
            let units = found.units.iter().filter(|unit| states.contains(&unit.state));
            u32::try_from(units.count()).unwrap()
        };
        let tally = found.tally;
        assert_eq!((tally.expected, tally.received), (expected, received), "{id}");
        assert_eq!(tally.expected + tally.exempt, 13);
        assert_eq!(tally.missing, count(&[State::Overdue]));
        assert_eq!(tally.returned, count(&[State::Returned]));
        let behind = found.units.iter().filter(|unit| unit.behind).count();
        assert_eq!(
            u32::try_from(behind).unwrap(),
            tally.missing + tally.returned,
            "{id}"
        );
        // As a page or another program reads it.
        let json = serde_json::to_value(&found).unwrap();
        assert_eq!(json["units"][0]["id"], found.units[0].id.as_str());
        assert_eq!(json["due"], "2024-12-05T17:30:00+08:00");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_answers_in_plain_values() {
    let site = TestSite::new().await;
    site.run().await;
    let lines = doctor::doctor(&site.site).await.unwrap();
    let json = serde_json::to_value(&lines).unwrap();
    assert_eq!(json.as_array().unwrap().len(), lines.len());
    assert!(
        lines
            .iter()
            .any(|line| line.about == "数据库" && line.health == doctor::Health::Well)
    );
}
