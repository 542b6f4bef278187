//! Who has no address: reached by hand, counted and listed, and offered only
//! what still holds. And drafts whose words a person changes.

use std::fs;
use std::sync::Arc;

use taizhang::domain::letters::decide::Decision;
use taizhang::domain::letters::{Letter, LetterState};
use taizhang::jobs::remind::{copies_by_hand, decide, drop_settled, edited, to_edit, word_new};
use taizhang::mail::{MemoryTransport, Message, Transport};

use crate::harness::{PROGRAM, TestSite};

const REMINDER: &str = "2024-12-02T09:00:00+08:00";
const DUE_TODAY: &str = "2024-12-05T09:00:00+08:00";
const FIRST_CHASE: &str = "2024-12-06T09:00:00+08:00";
const SECOND_CHASE: &str = "2024-12-10T09:00:00+08:00";
const CLOSE: &str = "2024-12-16T17:30:00+08:00";

/// A site in whose rosters some addresses are missing.
async fn site(without: &[&str]) -> TestSite {
    let mut own = TestSite::with(|root| {
        for file in ["roster.csv", "leaders.csv"] {
            let path = root.join("templates/programs").join(PROGRAM).join(file);
            let mut text = fs::read_to_string(&path).unwrap();
            for address in without {
                text = text.replace(address, "");
            }
            fs::write(path, text).unwrap();
        }
    })
    .await;
    let site = Arc::get_mut(&mut own.site).unwrap();
    site.transport = Transport::Memory(MemoryTransport::new());
    own
}

fn sent(own: &TestSite) -> Vec<Message> {
    match &own.site.transport {
        Transport::Memory(memory) => memory.taken(),
        other => panic!("{other:?}"),
    }
}

async fn letters(own: &TestSite, state: LetterState) -> Vec<Letter> {
    own.site.store.letters(&[state]).await.unwrap()
}

fn names(letter: &Letter) -> Vec<&str> {
    letter.addressed.to.iter().map(|to| to.name.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_with_an_address_goes_although_its_letter_is_handed_over() {
    // 袁庆's clerk has no address, the head of the unit has one.
    let own = site(&["liaison03@wutang.example"]).await;
    own.at(FIRST_CHASE).run().await;
    let by_hand = letters(&own, LetterState::ByHand).await;
    assert_eq!(by_hand.len(), 1);
    assert_eq!(names(&by_hand[0]), ["袁庆挂点组联络员"]);
    assert!(by_hand[0].addressed.cc.is_empty());
    let head = |message: &&Message| {
        let all = message.to.iter().chain(&message.cc);
        all.into_iter().any(|own| own.address == "head03@wutang.example")
    };
    let sent = sent(&own);
    let copies: Vec<_> = sent.iter().filter(head).collect();
    assert_eq!(copies.len(), 1, "the head hears of it, once");
    assert_eq!(copies[0].from.name, "乌塘镇“百千万工程”指挥部办公室");
    assert!(copies[0].text.contains("袁庆挂点组"), "{}", copies[0].text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_without_an_address_is_a_line_and_no_letter() {
    let own = site(&["head11@wutang.example"]).await;
    own.at(FIRST_CHASE).run().await;
    assert_eq!(letters(&own, LetterState::ByHand).await.len(), 0);
    let copies = copies_by_hand(&own.site).await.unwrap();
    assert_eq!(copies.len(), 1);
    assert_eq!(copies[0].to.name, "庞兴挂点组负责人");
    assert_eq!(names(&copies[0].letter), ["庞兴挂点组联络员"]);
    // Once the ledger is there, nobody is told that it is missing.
    own.drop_sample("庞 兴11月台账.xlsx", "庞兴").run().await;
    assert!(copies_by_hand(&own.site).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_document_to_several_nobody_drops_out() {
    let own = site(&["liaison03@wutang.example", "liaison05@wutang.example"]).await;
    own.at(CLOSE).run().await;
    let drafts = letters(&own, LetterState::Draft).await;
    let bulletin = drafts.iter().find(|own| own.kind.as_str() == "bulletin").unwrap();
    assert_eq!(names(bulletin).len(), 13, "one draft to decide about");
    decide(&own.site, &crate::by(), bulletin.id, &Decision::Approve(None))
        .await
        .unwrap();
    own.at("2024-12-17T09:00:00+08:00").run().await;
    word_new(&own.site).await.unwrap();
    let mailed = sent(&own)
        .into_iter()
        .find(|own| own.subject.contains("通报"))
        .unwrap();
    assert_eq!(mailed.to.len(), 11);
    let by_hand = letters(&own, LetterState::ByHand).await;
    let of_bulletin: Vec<_> = by_hand
        .iter()
        .filter(|own| own.kind.as_str() == "bulletin")
        .collect();
    assert_eq!(of_bulletin.len(), 2);
    for letter in of_bulletin {
        assert_eq!(letter.addressed.to.len(), 1);
        assert!(
            letter.text.text.contains("报送情况通报如下"),
            "{}",
            letter.text.text
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_nobody_can_be_mailed_goes_to_its_copies_and_by_hand() {
    // Both coordinating leaders: the report is theirs, with a copy to the office.
    let own = site(&["leader01@wutang.example", "leader02@wutang.example"]).await;
    own.at(CLOSE).run().await;
    let drafts = letters(&own, LetterState::Draft).await;
    let report = drafts.iter().find(|own| own.kind.as_str() == "report").unwrap();
    assert_eq!(report.addressed.to.len(), 2);
    decide(&own.site, &crate::by(), report.id, &Decision::Approve(None))
        .await
        .unwrap();
    own.at("2024-12-17T09:00:00+08:00").run().await;
    word_new(&own.site).await.unwrap();
    let by_hand = letters(&own, LetterState::ByHand).await;
    let of_report: Vec<_> = by_hand
        .iter()
        .filter(|own| own.kind.as_str() == "report")
        .collect();
    assert_eq!(of_report.len(), 2);
    for letter in &of_report {
        assert_eq!(letter.addressed.to.len(), 1);
        assert!(
            letter.text.text.contains("报送情况报告如下"),
            "{}",
            letter.text.text
        );
    }
    let copy = sent(&own).into_iter().find(|own| own.subject.contains("呈阅"));
    let copy = copy.expect("the office's copy");
    assert!(copy.to.is_empty() && copy.cc[0].address == "office@wutang.example");
    assert!(copy.text.contains("洪文泽同志"), "{}", copy.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_handed_over_never_lags_behind_the_ladder() {
    let own = site(&["liaison03@wutang.example", "head03@wutang.example"]).await;
    let mut ids = Vec::new();
    for step in [REMINDER, DUE_TODAY, FIRST_CHASE] {
        own.at(step).run().await;
        let by_hand = letters(&own, LetterState::ByHand).await;
        // Only the latest step is offered.
        let chases: Vec<_> = by_hand
            .iter()
            .filter(|own| names(own) == ["袁庆挂点组联络员"])
            .collect();
        assert_eq!(chases.len(), 1, "{step}: {by_hand:?}");
        ids.push(chases[0].id);
    }
    let store = &own.site.store;
    let dropped = store.letter(ids[0]).await.unwrap().unwrap();
    assert_eq!(dropped.state, LetterState::Discarded);
    assert!(
        dropped
            .last_error
            .as_deref()
            .is_some_and(|why| why.contains("已到后一步（当日提醒）")),
        "{dropped:?}"
    );
    // What was handed over counts, what was dropped doesn't.
    decide(&own.site, &crate::by(), ids[2], &Decision::Done)
        .await
        .unwrap();
    own.at(SECOND_CHASE).run().await;
    let by_hand = letters(&own, LetterState::ByHand).await;
    let second = by_hand
        .iter()
        .find(|own| own.kind.as_str() == "second-chase")
        .unwrap();
    assert_eq!(names(second), ["袁庆挂点组负责人"]);
    assert!(
        second.text.text.contains("12月6日第一次催报"),
        "{}",
        second.text.text
    );
    for never in ["12月2日", "12月5日发出当日提醒"] {
        assert!(!second.text.text.contains(never), "{}", second.text.text);
    }
    // With the close nothing of the ladder is carried any more.
    own.at("2024-12-16T18:00:00+08:00");
    drop_settled(&own.site).await.unwrap();
    let left = letters(&own, LetterState::ByHand).await;
    assert!(
        left.iter().all(|own| own.kind.as_str() != "second-chase"),
        "{left:?}"
    );
    let second = store.letter(second.id).await.unwrap().unwrap();
    assert!(
        second
            .last_error
            .as_deref()
            .is_some_and(|why| why.contains("已关")),
        "{second:?}"
    );
}

/// Lines in which two texts differ.
fn differing(one: &str, other: &str) -> Vec<(String, String)> {
    assert_eq!(one.lines().count(), other.lines().count(), "{one}\n{other}");
    let pairs = one.lines().zip(other.lines()).filter(|(one, other)| one != other);
    pairs
        .map(|(one, other)| (one.to_owned(), other.to_owned()))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_changed_sentence_changes_one_sentence() {
    let own = site(&[]).await;
    own.at(CLOSE).run().await;
    for letter in letters(&own, LetterState::Draft).await {
        let file = to_edit(&own.site, &letter).await.unwrap();
        assert!(
            edited(&own.site, &letter, &file).await.unwrap().is_none(),
            "nothing was changed"
        );
        let from = "尚未报送、退回后尚未更正的单位，请抓紧补报、更正，并向我办说明原因。";
        let (from, to) = if file.contains(from) {
            (from, "尚未报送的单位，请于12月20日前补报。")
        } else {
            ("未报的单位：", "尚未报送的单位：")
        };
        assert_eq!(file.matches(from).count(), 1, "{file}");
        let changed = file.replace(from, to);
        // As any editor saves it.
        for saved in [
            changed.clone(),
            format!("\u{feff}{}", changed.replace('\n', "\r\n")),
        ] {
            let text = edited(&own.site, &letter, &saved).await.unwrap().unwrap();
            assert_eq!(
                (&text.subject, &text.chat),
                (&letter.text.subject, &letter.text.chat)
            );
            for (before, after) in [(&letter.text.text, &text.text), (&letter.text.html, &text.html)] {
                let differing = differing(before, after);
                assert_eq!(differing.len(), 1, "{differing:?}");
                assert_eq!(differing[0].0.replace(from, to), differing[0].1);
            }
        }
        // A paragraph more is a paragraph more, in text and HTML.
        let more = file.replace(from, &format!("{from}\n另据了解，有关单位正在补报。"));
        let text = edited(&own.site, &letter, &more).await.unwrap().unwrap();
        assert_eq!(text.text.lines().count(), letter.text.text.lines().count() + 1);
        assert!(text.html.contains(">另据了解，有关单位正在补报。"));
        // The short text is changed where it stands.
        let chat = file.replace("〔短文本〕", "〔短文本〕（请转各位）");
        let text = edited(&own.site, &letter, &chat).await.unwrap().unwrap();
        assert_eq!(text.chat, format!("（请转各位）{}", letter.text.chat));
        assert_eq!(text.text, letter.text.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_no_letter_is_refused_with_the_reason() {
    let own = site(&[]).await;
    own.at(CLOSE).run().await;
    let drafts = letters(&own, LetterState::Draft).await;
    let [bulletin, report] = drafts.as_slice() else {
        panic!("{drafts:?}")
    };
    let file = to_edit(&own.site, bulletin).await.unwrap();
    let line = |mark: &str| {
        file.lines()
            .find(|line| line.starts_with(mark))
            .unwrap()
            .to_owned()
    };
    let other = to_edit(&own.site, report).await.unwrap();
    let without = |mark: &str| file.replace(&format!("{}\n", line(mark)), "");
    for (text, why) in [
        (String::new(), "文件是空的"),
        ("\n\n// 只有说明\n".into(), "文件是空的"),
        ("各单位：现予通报。".into(), "不在正文的位置"),
        (without("〔落款〕"), "缺少〔落款〕"),
        (without("〔附表〕"), "缺少〔附表〕"),
        (without("〔编号〕"), "缺少〔编号〕"),
        (other, "编号"),
        (format!("{file}另：请电告。\n"), "不在正文的位置"),
        (format!("{file}〔抄送〕某某\n"), "没有〔抄送〕"),
        (file.replace(&line("〔标题〕"), "〔标题〕"), "〔标题〕后面是空的"),
        (format!("{file}〔落款〕某办\n"), "不止一行"),
    ] {
        let refused = edited(&own.site, bulletin, &text).await.unwrap_err();
        assert!(format!("{refused:#}").contains(why), "{why}: {refused:#}");
    }
    // Words from outside break no line and show no identity number.
    let file = file.replace(
        "请各单位对照审核意见",
        "440811199001011234\u{202e}请各单位对照审核意见",
    );
    let text = edited(&own.site, bulletin, &file).await.unwrap().unwrap();
    assert!(!text.text.contains("440811199001011234") && !text.text.contains('\u{202e}'));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_writes_the_file_and_takes_it_back_also_in_gbk() {
    let own = site(&[]).await;
    own.at(CLOSE).run().await;
    let drafts = letters(&own, LetterState::Draft).await;
    let id = drafts[0].id.to_string();
    let command = |words: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_taizhang"));
        command.arg("--config").arg(own.root().join("config.toml"));
        command.args(["--now", CLOSE]).args(words).current_dir(own.root());
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned()
            + String::from_utf8_lossy(&output.stderr).as_ref();
        (output.status.code(), said)
    };
    let (code, said) = command(&["letters", "edit", &id]);
    assert_eq!(code, Some(0), "{said}");
    let path = own.root().join(format!("信函{id}.txt"));
    let file = fs::read_to_string(&path).unwrap();
    assert!(
        said.contains("letters approve") && file.starts_with('\u{feff}'),
        "{said}"
    );
    // What a person may have changed is never written over.
    let (code, said) = command(&["letters", "edit", &id]);
    assert!(code == Some(2) && said.contains("已经有了"), "{said}");
    let changed = file.replace("请各单位对照审核意见", "请各单位逐条对照审核意见");
    assert_ne!(changed, file);
    let (gbk, _, _) = encoding_rs::GBK.encode(changed.trim_start_matches('\u{feff}'));
    fs::write(&path, gbk).unwrap();
    let (code, said) = command(&["letters", "approve", &id, "--text", path.to_str().unwrap()]);
    assert_eq!(code, Some(0), "{said}");
    let letter = own.site.store.letter(drafts[0].id).await.unwrap().unwrap();
    assert!(letter.edited && letter.text.html.contains("请各单位逐条对照审核意见"));
    let (code, said) = command(&["letters", "list", "--state", "by-hand", "--text"]);
    assert_eq!(code, Some(0), "{said}");
}
