//! Letters, from the duty to the file or the server: who hears of it, once,
//! at the right time.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use taizhang::domain::letters::Hold;
use taizhang::domain::letters::decide::Decision;
use taizhang::domain::letters::{Letter, LetterState};
use taizhang::embedded;
use taizhang::jobs::remind::{decide, edited, remind, to_edit, withdraw};
use taizhang::mail::{MemoryTransport, Outcome, Transport};

use crate::harness::{PROGRAM, TestSite, open, sample, samples, tree};

/// The steps of November's ladder: three days before, one day before, on the
/// day, one, three and five days after, and the close.
const STEPS: [&str; 7] = [
    "2024-12-02T09:00:00+08:00",
    "2024-12-04T09:00:00+08:00",
    "2024-12-05T09:00:00+08:00",
    "2024-12-06T09:00:00+08:00",
    "2024-12-10T09:00:00+08:00",
    "2024-12-12T09:00:00+08:00",
    "2024-12-16T17:30:00+08:00",
];

/// A site that hands its letters to memory.
async fn site() -> TestSite {
    let mut own = TestSite::with(|_| {}).await;
    let site = Arc::get_mut(&mut own.site).unwrap();
    site.transport = Transport::Memory(MemoryTransport::new());
    own
}

fn memory(own: &TestSite) -> &MemoryTransport {
    match &own.site.transport {
        Transport::Memory(memory) => memory,
        other => panic!("{other:?}"),
    }
}

async fn letters(own: &TestSite, states: &[LetterState]) -> Vec<Letter> {
    own.site.store.letters(states).await.unwrap()
}

/// Kinds of the letters made so far, counted.
async fn kinds(own: &TestSite) -> BTreeMap<&'static str, usize> {
    let mut kinds = BTreeMap::new();
    for letter in letters(own, &[]).await {
        *kinds.entry(letter.kind.as_str()).or_default() += 1;
    }
    kinds
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_in_which_nobody_hands_in() {
    let own = site().await;
    let mut made = Vec::new();
    for step in STEPS {
        own.at(step);
        own.run().await;
        // Again at once, and an hour later: nothing comes twice.
        own.run().await;
        made.push(letters(&own, &[]).await.len());
    }
    // 13 clerks; 11 leaders and one letter to the head of the office for the two
    // coordinating ones; 13; 13; 13 heads; 12 again; report, bulletin and master.
    // The targets ask for nothing yet in their first month: nobody is behind.
    assert_eq!(made, [13, 25, 38, 51, 64, 76, 79]);
    let drafts = letters(&own, &[LetterState::Draft]).await;
    let kinds: Vec<_> = drafts.iter().map(|letter| letter.kind.as_str()).collect();
    assert_eq!(kinds, ["bulletin", "report"]);
    let sent = memory(&own).taken();
    assert_eq!(sent.len(), 77);
    let coordinating = ["leader01@wutang.example", "leader02@wutang.example"];
    for message in &sent {
        for to in message.to.iter().chain(&message.cc) {
            assert!(
                !coordinating.contains(&to.address.as_str()),
                "{}",
                message.subject
            );
        }
        assert!(!message.subject.contains('\n') && !message.text.is_empty() && !message.html.is_empty());
    }
    let escalation = sent
        .iter()
        .find(|message| message.subject.contains("逾期"))
        .unwrap();
    assert!(escalation.text.contains("同志"), "{}", escalation.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_handed_in_hears_nothing_and_who_was_told_hears_that_it_came() {
    let own = site().await;
    own.at(STEPS[0]);
    for (name, bytes) in samples() {
        own.drop_file(&name, bytes);
    }
    own.run().await;
    // Three ledgers and one of 罗养 go back; everybody else is done.
    let returned = letters(&own, &[]).await;
    assert!(
        returned
            .iter()
            .all(|letter| ["returned", "unconfirmed"].contains(&letter.kind.as_str())),
        "{returned:?}"
    );
    for step in &STEPS[1..5] {
        own.at(step);
        own.run().await;
    }
    let before = kinds(&own).await;
    assert_eq!(before["second-chase"], 4);
    own.at("2024-12-10T10:00:00+08:00");
    own.drop_sample("更正/更正：罗养 2024年11月台账.xlsx", "罗养");
    own.run().await;
    own.run().await;
    let after = kinds(&own).await;
    assert_eq!(after["cleared"], 1, "to the head, who was told; the clerk knows");
    let last = memory(&own).taken().pop().unwrap();
    assert_eq!(last.to[0].address, "head05@wutang.example");
    own.at(STEPS[5]);
    own.run().await;
    assert_eq!(
        kinds(&own).await["escalation"],
        3,
        "not for the one who has corrected"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_says_decides_what_is_tried_again() {
    let own = site().await;
    memory(&own).answer([
        Outcome::Temporary("稍后再试".into()),
        Outcome::Permanent("没有这个邮箱".into()),
        Outcome::Uncertain("连接断了".into()),
    ]);
    own.at(STEPS[0]);
    own.run().await;
    assert_eq!(memory(&own).taken().len(), 11, "ten sent, one uncertain");
    assert_eq!(letters(&own, &[LetterState::Queued]).await.len(), 1);
    assert_eq!(letters(&own, &[LetterState::Failed]).await.len(), 1);
    let uncertain = letters(&own, &[LetterState::Uncertain]).await;
    assert_eq!(uncertain.len(), 1);
    own.run().await;
    assert_eq!(memory(&own).taken().len(), 11, "not before its time");
    own.at("2024-12-02T09:20:00+08:00");
    own.run().await;
    assert_eq!(
        memory(&own).taken().len(),
        12,
        "only the temporary one was tried again"
    );
    decide(&own.site, &crate::by(), uncertain[0].id, &Decision::Retry)
        .await
        .unwrap();
    own.run().await;
    assert_eq!(memory(&own).taken().len(), 13);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_knows_better_need_not_wait_for_the_next_try() {
    let own = site().await;
    memory(&own).answer([Outcome::Temporary("连接不上".into())]);
    own.at(STEPS[0]);
    own.run().await;
    let waiting = letters(&own, &[LetterState::Queued]).await;
    assert_eq!((waiting.len(), memory(&own).taken().len()), (1, 12));
    decide(&own.site, &crate::by(), waiting[0].id, &Decision::Retry)
        .await
        .unwrap();
    own.run().await;
    assert_eq!(memory(&own).taken().len(), 13);
    assert!(
        decide(&own.site, &crate::by(), waiting[0].id, &Decision::Retry)
            .await
            .is_err(),
        "it has gone"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn chases_wait_while_the_share_is_away_and_reminders_do_not() {
    let own = site().await;
    let hold = Hold {
        share_away: true,
        ..Hold::default()
    };
    own.at(STEPS[0]);
    assert_eq!(remind(&own.site, hold).await.unwrap().sent, 13);
    own.at(STEPS[3]);
    let reminded = remind(&own.site, hold).await.unwrap();
    assert_eq!(
        reminded.walked.held,
        13 * 2,
        "the day itself and the first chase, not what may come later"
    );
    assert_eq!(
        memory(&own).taken().len(),
        13 + 12,
        "the missed prompt to leaders, no chase"
    );
    own.at("2024-12-06T10:00:00+08:00");
    remind(&own.site, Hold::default()).await.unwrap();
    let last = memory(&own).taken().pop().unwrap();
    assert!(last.subject.contains("催报"), "{}", last.subject);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_goes_out_at_night_or_on_a_rest_day() {
    let own = site().await;
    for quiet in [
        "2024-12-05T20:00:00+08:00",
        "2024-12-07T10:00:00+08:00",
        "2025-01-01T10:00:00+08:00",
    ] {
        own.at(quiet);
        assert_eq!(
            remind(&own.site, Hold::default()).await.unwrap().sent,
            0,
            "{quiet}"
        );
    }
    assert!(letters(&own, &[]).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn people_without_mail_are_reached_by_hand() {
    let own = TestSite::with(|root| {
        let roster = root.join("templates/programs/wutang-visits/roster.csv");
        let text = fs::read_to_string(&roster).unwrap();
        fs::write(&roster, text.replace("liaison03@wutang.example", "")).unwrap();
    })
    .await;
    own.at(STEPS[0]);
    own.run().await;
    let by_hand = letters(&own, &[LetterState::ByHand]).await;
    assert_eq!(by_hand.len(), 1);
    assert!(
        by_hand[0].text.chat.contains("袁庆挂点组"),
        "{:?}",
        by_hand[0].text
    );
    let state = decide(&own.site, &crate::by(), by_hand[0].id, &Decision::Done)
        .await
        .unwrap();
    assert_eq!(state, LetterState::Sent);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_decides_about_drafts_and_takes_letters_back() {
    let own = site().await;
    own.at(STEPS[6]);
    own.run().await;
    let drafts = letters(&own, &[LetterState::Draft]).await;
    let bulletin = drafts
        .iter()
        .find(|letter| letter.kind.as_str() == "bulletin")
        .unwrap();
    let file = to_edit(&own.site, bulletin).await.unwrap();
    let file = file.replace("现将2024年11月", "经研究，现予通报。2024年11月");
    let text = edited(&own.site, bulletin, &file).await.unwrap();
    assert!(text.is_some());
    decide(&own.site, &crate::by(), bulletin.id, &Decision::Approve(text))
        .await
        .unwrap();
    own.at("2024-12-17T09:00:00+08:00");
    own.run().await;
    let sent = memory(&own)
        .taken()
        .into_iter()
        .find(|message| message.text.contains("现予通报。"));
    let sent = sent.expect("the bulletin, in the person's words");
    assert_eq!(sent.to.len(), 13);
    assert!(
        decide(&own.site, &crate::by(), bulletin.id, &Decision::Discard)
            .await
            .is_err(),
        "it has gone"
    );
    let withdrawal = withdraw(&own.site, &crate::by(), bulletin.id, "数据有误")
        .await
        .unwrap()
        .unwrap();
    own.run().await;
    let taken = memory(&own).taken().pop().unwrap();
    assert_eq!(
        (taken.to, taken.cc),
        (sent.to, sent.cc),
        "exactly those who got it"
    );
    assert!(taken.text.contains("数据有误"));
    assert!(
        withdraw(&own.site, &crate::by(), withdrawal, "又错了")
            .await
            .is_err()
    );
    assert!(
        withdraw(&own.site, &crate::by(), bulletin.id, "再撤")
            .await
            .is_err(),
        "once is enough"
    );
}

/// A pass of the real program; whether it lived to its end.
fn run(folder: &Path, now: &str, halt: Option<&str>) -> bool {
    let mut command = Command::new(env!("CARGO_BIN_EXE_taizhang"));
    command.arg("--config").arg(folder.join("config.toml"));
    command.args(["--now", now, "run", "--once"]);
    command.env_remove("TAIZHANG_HALT_AT").env("RUST_LOG", "error");
    if let Some(halt) = halt {
        command.env("TAIZHANG_HALT_AT", halt);
    }
    command.output().unwrap().status.success()
}

/// Names of the letters as they lie in the folder.
fn mails(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = tree(&folder.join("data/mail")).into_keys().collect();
    names.retain(|name| Path::new(name).extension().is_some_and(|ending| ending == "html"));
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_on_the_way_of_a_letter_loses_none_and_doubles_none() {
    let folder = tempfile::tempdir().unwrap();
    let make = |name: &str| {
        let site = folder.path().join(name);
        embedded::write_site(&site, &[PROGRAM.to_owned()]).unwrap();
        let config = site.join("config.toml");
        let text = fs::read_to_string(&config)
            .unwrap()
            .replace("settle = \"2s\"", "settle = \"10ms\"");
        fs::write(&config, text).unwrap();
        let drop = site.join("watch/乌塘挂点台账/罗养/罗养 2024年11月台账.xlsx");
        fs::create_dir_all(drop.parent().unwrap()).unwrap();
        assert!(run(&site, "2024-11-20T09:00:00+08:00", None));
        fs::write(drop, sample("罗养 2024年11月台账.xlsx")).unwrap();
        site
    };
    let smooth = make("smooth");
    assert!(run(&smooth, STEPS[0], None));
    let expected = mails(&smooth).len();
    assert_eq!(expected, 13, "twelve reminders and one returned ledger");
    let mut halted = 0;
    for step in [
        "letters-made",
        "letters-committed",
        "letters-attempting",
        "letter-handed-over",
        "letters-recorded",
    ] {
        for n in [1, 2, 7] {
            let site = make(&format!("{step}-{n}"));
            if run(&site, STEPS[0], Some(&format!("{step}:{n}"))) {
                continue;
            }
            halted += 1;
            assert!(run(&site, STEPS[0], None), "after {step}:{n}");
            assert_eq!(mails(&site).len(), expected, "after {step}:{n}");
            let again = open(&site, STEPS[0]).await;
            let letters = again.store.letters(&[]).await.unwrap();
            let sent = letters.iter().filter(|letter| letter.state == LetterState::Sent);
            assert_eq!(
                (letters.len(), sent.count()),
                (expected, expected),
                "after {step}:{n}"
            );
        }
    }
    assert!(halted >= 7, "only {halted} kills were real");
}
