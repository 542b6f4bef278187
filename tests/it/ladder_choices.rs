//! What an office or a programme chooses about its letters: a later deadline,
//! praise, a desk that supervises, words of its own.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use chrono::NaiveDate;
use taizhang::domain::letters::{Letter, LetterState};
use taizhang::domain::obligation::State;
use taizhang::domain::period::Period;
use taizhang::jobs::extend::{Whose, extend};
use taizhang::jobs::obligations::standing;
use taizhang::mail::{MemoryTransport, Transport};

use crate::harness::{PROGRAM, TestSite, samples};

async fn site(change: impl FnOnce(&Path)) -> TestSite {
    let mut own = TestSite::with(change).await;
    Arc::get_mut(&mut own.site).unwrap().transport = Transport::Memory(MemoryTransport::new());
    own
}

/// Changes the text of one of the site's files.
fn edit(root: &Path, file: &str, from: &str, to: &str) {
    let path = root.join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{file} has no {from}");
    fs::write(&path, text.replace(from, to)).unwrap();
}

const DEFINITION: &str = "templates/programs/wutang-visits/program.toml";

async fn of_kind(own: &TestSite, kind: &str) -> Vec<Letter> {
    let letters = own.site.store.letters(&[]).await.unwrap();
    letters
        .into_iter()
        .filter(|letter| letter.kind.as_str() == kind)
        .collect()
}

async fn extend_to(own: &TestSite, day: &str) -> anyhow::Result<()> {
    let program = own.site.program(PROGRAM).unwrap();
    let period: Period = "2024-11".parse().unwrap();
    let day: NaiveDate = day.parse().unwrap();
    let whose = Whose {
        period: &period,
        unit: None,
    };
    extend(&own.site, &crate::by(), &program, whose, (day, "寒潮"), None).await?;
    own.site.take_decisions().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_extended_deadline_begins_its_steps_anew_and_forgets_the_old_ones() {
    let own = site(|_| {}).await;
    own.at("2024-12-02T09:00:00+08:00");
    own.run().await;
    assert_eq!(of_kind(&own, "reminder").await.len(), 13);
    own.at("2024-12-06T08:00:00+08:00");
    extend_to(&own, "2024-12-11").await.unwrap();
    own.at("2024-12-06T09:00:00+08:00");
    own.run().await;
    assert_eq!(
        of_kind(&own, "first-chase").await.len(),
        0,
        "it isn't late any more"
    );
    assert_eq!(
        of_kind(&own, "reminder").await.len(),
        26,
        "once more, for the new date"
    );
    let program = own.site.program(PROGRAM).unwrap();
    let period: Period = "2024-11".parse().unwrap();
    let now = standing(&own.site, &program, &period).await.unwrap().unwrap();
    assert!(now.obligations.iter().all(|own| own.state == State::Due));
    let letter = of_kind(&own, "reminder").await.pop().unwrap();
    assert!(
        letter.text.text.contains("2024年12月11日（星期三）17:30")
            && letter.text.text.contains("原定2024年12月5日，现已延期"),
        "{}",
        letter.text.text
    );
    own.at("2024-12-12T09:00:00+08:00");
    own.run().await;
    own.run().await;
    assert_eq!(of_kind(&own, "first-chase").await.len(), 13);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_about_the_old_date_that_has_yet_to_go_is_dropped() {
    let own = site(|root| edit(root, DEFINITION, "approval = \"none\"", "approval = \"all\"")).await;
    own.at("2024-12-06T09:00:00+08:00");
    own.run().await;
    let drafts = own.site.store.letters(&[LetterState::Draft]).await.unwrap();
    assert!(drafts.iter().any(|letter| letter.kind.as_str() == "first-chase"));
    extend_to(&own, "2024-12-11").await.unwrap();
    own.run().await;
    let drafts = own.site.store.letters(&[LetterState::Draft]).await.unwrap();
    assert!(
        drafts.iter().all(|letter| letter.kind.as_str() != "first-chase"),
        "{}",
        drafts.len()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deadline_is_only_made_later_and_not_after_the_close() {
    let own = site(|_| {}).await;
    own.at("2024-12-06T08:00:00+08:00");
    for (day, word) in [
        ("2024-12-05", "不能用"),
        ("2024-12-04", "不能用"),
        ("2034-12-11", "请核对年份"),
    ] {
        let error = extend_to(&own, day).await.unwrap_err().to_string();
        assert!(error.contains(word), "{error}");
    }
    own.at("2024-12-13T08:00:00+08:00");
    let error = extend_to(&own, "2024-12-12").await.unwrap_err().to_string();
    assert!(error.contains("已经过去"), "{error}");
    own.at("2024-12-17T08:00:00+08:00");
    let error = extend_to(&own, "2024-12-20").await.unwrap_err().to_string();
    assert!(error.contains("已于2024年12月16日17:30关期"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slip_in_an_extension_is_put_right_by_another() {
    let own = site(|_| {}).await;
    own.at("2024-12-04T08:00:00+08:00");
    extend_to(&own, "2025-11-12").await.unwrap();
    extend_to(&own, "2024-12-11").await.unwrap();
    let program = own.site.program(PROGRAM).unwrap();
    let due = program.due(
        &"2024-11".parse().unwrap(),
        &own.site.calendar(),
        own.site.clock.zone(),
    );
    let due = due.unwrap();
    assert_eq!(
        (due.at.date_naive().to_string().as_str(), due.revision),
        ("2024-12-11", 2)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn drafts_outlast_a_programme_that_is_away_for_a_moment() {
    let own = site(|root| edit(root, DEFINITION, "approval = \"none\"", "approval = \"all\"")).await;
    own.at("2024-12-02T09:00:00+08:00");
    own.run().await;
    let drafts = own.site.store.letters(&[LetterState::Draft]).await.unwrap().len();
    assert_eq!(drafts, 13);
    let folder = own.root().join("templates/programs/wutang-visits");
    let aside = own.root().join("aside");
    fs::rename(&folder, &aside).unwrap();
    own.site.reload();
    assert!(own.site.program(PROGRAM).is_none());
    own.run().await;
    fs::rename(&aside, &folder).unwrap();
    own.site.reload();
    own.run().await;
    assert_eq!(
        own.site.store.letters(&[LetterState::Draft]).await.unwrap().len(),
        drafts
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn praise_is_for_units_whoever_gets_it() {
    let praising = site(|root| {
        let steps = "[[ladder.step]]\nid = \"well-done\"\nkind = \"praise\"\nwhen = \"close\"\n\
                     to = [\"all-units\"]\nmode = \"draft\"\n\n# 截止前3个工作日，提醒联络员。";
        edit(root, DEFINITION, "# 截止前3个工作日，提醒联络员。", steps);
    })
    .await;
    praising.at("2024-12-16T17:30:00+08:00");
    praising.run().await;
    assert!(
        of_kind(&praising, "praise").await.is_empty(),
        "nobody was on time"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_on_time_is_praised_where_a_programme_praises() {
    let own = site(|root| edit(root, DEFINITION, "praise = false", "praise = true")).await;
    own.at("2024-12-02T09:00:00+08:00");
    for (name, bytes) in samples() {
        own.drop_file(&name, bytes);
    }
    own.run().await;
    own.at("2024-12-16T17:30:00+08:00");
    own.run().await;
    let program = own.site.program(PROGRAM).unwrap();
    let period: Period = "2024-11".parse().unwrap();
    let now = standing(&own.site, &program, &period).await.unwrap().unwrap();
    let on_time = now.obligations.iter();
    let on_time = on_time.filter(|own| matches!(own.state, State::Accepted | State::Nil));
    let praised = of_kind(&own, "praise").await;
    assert_eq!(praised.len(), on_time.count());
    assert!(!praised.is_empty());
    for letter in praised {
        assert_eq!(letter.state, LetterState::Draft, "a person approves it");
        assert!(letter.text.text.contains("现予表扬"), "{}", letter.text.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_talk_is_proposed_to_the_desk_that_supervises() {
    let own = site(|root| {
        edit(root, DEFINITION, "# [supervision]\n# name", "[supervision]\nname");
        edit(
            root,
            DEFINITION,
            "# mail = \"supervision@",
            "mail = \"supervision@",
        );
        let talk = "[[ladder.step]]\nid = \"talk\"\nkind = \"talk\"\nwhen = \"missed\"\nperiods = 1\n\
                    to = [\"supervision\"]\nmode = \"draft\"\n\n# 截止前3个工作日，提醒联络员。";
        edit(root, DEFINITION, "# 截止前3个工作日，提醒联络员。", talk);
    })
    .await;
    own.at("2024-12-16T17:30:00+08:00");
    own.run().await;
    let talks = of_kind(&own, "talk").await;
    assert_eq!(talks.len(), 13);
    let to = &talks[0].addressed.to[0];
    assert_eq!(to.address, "supervision@wutang.example");
    assert!(
        talks[0].text.text.contains("镇纪检监察办公室："),
        "{}",
        talks[0].text.text
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_programme_has_words_of_its_own_for_its_letters() {
    let own = site(|root| {
        let folder = root.join("templates/programs/wutang-visits/mail/zh-CN/reminder");
        fs::create_dir_all(&folder).unwrap();
        fs::write(
            folder.join("item.txt.j2"),
            "{{ item.unit }}请按镇里的口径报送。\n",
        )
        .unwrap();
    })
    .await;
    own.at("2024-12-02T09:00:00+08:00");
    own.run().await;
    let reminder = of_kind(&own, "reminder").await.remove(0);
    assert!(
        reminder.text.text.contains("请按镇里的口径报送。"),
        "{}",
        reminder.text.text
    );
    assert_eq!(own.site.letters.lint(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_in_a_programmes_template_is_named_and_stops_no_letter() {
    let own = site(|root| {
        let folder = root.join("templates/programs/wutang-visits/mail/zh-CN/reminder");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("item.txt.j2"), "{{ itme.unit }}").unwrap();
    })
    .await;
    let faults = own.site.letters.lint();
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert!(
        faults[0].starts_with("方案 wutang-visits 的模板 mail/zh-CN/reminder/item.txt.j2 第1行"),
        "{faults:?}"
    );
    own.at("2024-12-02T09:00:00+08:00");
    own.run().await;
    assert_eq!(of_kind(&own, "reminder").await.len(), 13);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_in_another_encoding_stops_nothing() {
    let own = site(|root| {
        let folder = root.join("templates/programs/wutang-visits/mail/zh-CN/reminder");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("subject.txt.j2"), b"\xcc\xe1\xd0\xd1").unwrap();
    })
    .await;
    assert!(own.site.letters.lint()[0].contains("UTF-8"));
    own.at("2024-12-02T09:00:00+08:00");
    own.run().await;
    assert_eq!(of_kind(&own, "reminder").await.len(), 13);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_for_its_content_is_not_overtaken_by_its_own_unit() {
    let own = site(|_| {}).await;
    own.at("2024-12-02T09:00:00+08:00");
    // Two empty declarations are the same bytes; the second waits for the first.
    own.drop_file("林强/本期无.txt", b"");
    own.drop_file("洪文泽/本期无.txt", b"");
    let (name, bytes) = samples()
        .into_iter()
        .find(|(name, _)| name.contains("洪文泽"))
        .unwrap();
    own.drop_file(&format!("洪文泽/{}", name.rsplit('/').next().unwrap()), bytes);
    own.run().await;
    let program = own.site.program(PROGRAM).unwrap();
    let period: Period = "2024-11".parse().unwrap();
    let now = standing(&own.site, &program, &period).await.unwrap().unwrap();
    let unit = program
        .roster
        .units
        .iter()
        .find(|unit| unit.name == "洪文泽")
        .unwrap();
    let versions = &now.submissions[&unit.id];
    let order: Vec<_> = versions.iter().map(|own| own.file_name.as_str()).collect();
    assert_eq!(order.len(), 2, "{order:?}");
    assert_eq!(order[0], "本期无.txt", "in the order in which they lay there");
}

#[test]
fn the_command_extends_and_says_what_follows() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_taizhang"))
            .current_dir(folder.path())
            .args(arguments)
            .output()
            .unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (
            output.status.code(),
            text(&output.stdout) + text(&output.stderr).as_str(),
        )
    };
    assert_eq!(run(&["init", ".", "--program", "wutang-visits"]).0, Some(0));
    let now = ["--now", "2024-12-04T10:00:00+08:00"];
    let extend = [
        "extend",
        "--period",
        "2024-11",
        "--to",
        "2024-12-07",
        "--reason",
        "寒潮",
    ];
    let (code, said) = run(&[&now[..], &extend[..]].concat());
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("2024年12月7日17:30（星期六）") && said.contains("不是工作日"),
        "{said}"
    );
    let (_, said) = run(&[&now[..], &["status", "--period", "2024-11"]].concat());
    assert!(said.contains("已延期至") && said.contains("寒潮"), "{said}");
    let (code, said) = run(&[&now[..], &extend[..]].concat());
    assert_eq!(code, Some(1), "{said}");
}
