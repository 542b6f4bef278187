//! A trial is a trial: nothing on the share is touched, and what would have
//! happened stands in the office's output.

use std::fs;
use std::path::Path;

use taizhang::domain::finding::Verdict;
use taizhang::domain::letters::LetterState;
use taizhang::domain::obligation::State;
use taizhang::jobs::{decide, finish, obligations, recheck};

use crate::harness::{PROGRAM, TestSite, cells, read, sample, tree};

const GOOD: &str = "吴垂超11月台账.xlsx";
const FAULTY: &str = "罗养 2024年11月台账.xlsx";

fn set_trial(root: &Path, on: bool) {
    let path = root.join("templates/programs/wutang-visits/program.toml");
    let text = fs::read_to_string(&path).unwrap();
    let (from, to) = (format!("\ntrial = {}", !on), format!("\ntrial = {on}"));
    assert!(text.contains(&from));
    fs::write(path, text.replace(&from, &to)).unwrap();
}

async fn on_trial() -> TestSite {
    TestSite::posting(|root| set_trial(root, true)).await
}

fn share(own: &TestSite) -> std::collections::BTreeMap<String, Vec<u8>> {
    tree(&own.share(""))
}

#[tokio::test(flavor = "multi_thread")]
async fn on_trial_nothing_on_the_share_is_touched() {
    let own = on_trial().await;
    own.run().await;
    own.at("2024-12-03T10:00:00+08:00")
        .drop_sample(GOOD, "吴垂超")
        .drop_sample(FAULTY, "罗养")
        .drop_file("罗养/坏.xlsx", b"PK\x03\x04 no workbook")
        .drop_file("罗养/现场.jpg", b"\xff\xd8\xff\xe0 picture")
        .drop_file("没有名字.xlsx", &sample(GOOD));
    let before = share(&own);
    own.run().await;
    assert_eq!(own.verdict(GOOD).await, Verdict::Accepted);
    assert_eq!(own.verdict(FAULTY).await, Verdict::Returned);
    // Decisions, a day later, the forms of a new month: all the same.
    let program = own.site.program(PROGRAM).unwrap();
    let records = own.records().await;
    let returned = records.iter().find(|record| record.file_name == FAULTY).unwrap();
    decide::accept(&own.site, &crate::by(), returned, "确有其事")
        .await
        .unwrap();
    finish(&own.site).await.unwrap();
    recheck::recheck(
        &own.site,
        &program,
        &"2024-11".parse().unwrap(),
        Some((&crate::by(), "再看一遍")),
    )
    .await
    .unwrap();
    finish(&own.site).await.unwrap();
    for at in [
        "2024-12-04T09:00:00+08:00",
        "2024-12-16T17:30:00+08:00",
        "2025-01-02T09:00:00+08:00",
    ] {
        own.at(at).run().await;
    }
    let after = share(&own);
    assert_eq!(
        before.keys().collect::<Vec<_>>(),
        after.keys().collect::<Vec<_>>()
    );
    assert_eq!(before, after);
    // Every letter is a draft, and nobody got one.
    let letters = own.site.store.letters(&[]).await.unwrap();
    assert!(!letters.is_empty());
    for letter in &letters {
        assert!(
            matches!(letter.state, LetterState::Draft | LetterState::Discarded),
            "{letter:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_office_reads_what_would_have_happened_and_there_are_no_rates() {
    let own = on_trial().await;
    own.at("2024-12-03T10:00:00+08:00")
        .drop_sample(GOOD, "吴垂超")
        .drop_sample(FAULTY, "罗养")
        .run()
        .await;
    let path = own.output("试运行审核意见.xlsx");
    let book = read(&path);
    let files: Vec<String> = cells(&book, "审核结果").into_values().collect();
    for words in [
        GOOD,
        FAULTY,
        "吴垂超挂点组",
        "退回修改",
        "审核通过",
        "附标色的审核意见",
    ] {
        assert!(
            files.iter().any(|text| text.contains(words)),
            "{words}: {files:?}"
        );
    }
    let findings: Vec<String> = cells(&book, "问题明细").into_values().collect();
    assert!(
        findings.iter().any(|text| text.contains("罗养挂点组")),
        "{findings:?}"
    );
    let overview: Vec<String> = cells(&own.master(), "情况概览").into_values().collect();
    assert!(!overview.iter().any(|text| text.contains('%')), "{overview:?}");
    // What a person wrote into it is set aside, not overwritten.
    fs::write(&path, b"written by a person").unwrap();
    own.drop_file("袁庆/台账.xlsx", &sample(GOOD)).run().await;
    let kept = fs::read_dir(own.output("")).unwrap().any(|entry| {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        name.contains("人工改动") && fs::read(entry.path()).unwrap() == b"written by a person"
    });
    assert!(kept);
}

#[tokio::test(flavor = "multi_thread")]
async fn go_live_is_the_first_run_without_trial_and_what_was_judged_stays_judged() {
    let own = on_trial().await;
    own.at("2024-12-03T10:00:00+08:00")
        .drop_sample(GOOD, "吴垂超")
        .drop_sample(FAULTY, "罗养")
        .run()
        .await;
    own.at("2024-12-06T09:00:00+08:00").run().await;
    let drafts = own.site.store.letters(&[LetterState::Draft]).await.unwrap();
    assert!(!drafts.is_empty());
    assert_eq!(own.records().await.len(), 2);
    set_trial(own.root(), false);
    assert!(own.site.reload(), "{:?}", own.site.problems());
    own.at("2024-12-09T10:00:00+08:00").run().await;
    let live = own
        .site
        .store
        .gone_live(&PROGRAM.parse().unwrap())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(live, own.site.clock.utc());
    for draft in &drafts {
        let now = own.site.store.letter(draft.id).await.unwrap().unwrap();
        assert_eq!(now.state, LetterState::Discarded);
        assert!(now.last_error.unwrap().contains("试运行结束"));
    }
    // November was due before: nobody is chased for it.
    let program = own.site.program(PROGRAM).unwrap();
    let standing = obligations::standing(&own.site, &program, &"2024-11".parse().unwrap())
        .await
        .unwrap()
        .unwrap();
    let states: Vec<State> = standing.obligations.iter().map(|own| own.state).collect();
    assert!(!states.contains(&State::Overdue), "{states:?}");
    // The files lie where they lay, and were not taken again, also when only saved again.
    let path = own.share("吴垂超").join(GOOD);
    let bytes = fs::read(&path).unwrap();
    fs::remove_file(&path).unwrap();
    fs::write(&path, bytes).unwrap();
    own.at("2024-12-09T11:00:00+08:00").run().await;
    assert_eq!(own.records().await.len(), 2);
    assert!(path.exists());
    // A changed one is taken as any other.
    own.drop_file(
        &format!("罗养/{FAULTY}"),
        &sample("罗养 2024年11月台账.xlsx")
            .iter()
            .chain(b"\0")
            .copied()
            .collect::<Vec<_>>(),
    );
    own.at("2024-12-09T12:00:00+08:00").run().await;
    assert!(own.records().await.len() > 2);
    assert!(
        !own.share("罗养").join(FAULTY).exists(),
        "{:?}",
        own.names("罗养")
    );
}
