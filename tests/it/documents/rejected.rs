//! A document that the office hands back.

use std::fs;

use taizhang::desk::decide;
use taizhang::domain::finding::Verdict;
use taizhang::domain::ids::SubmissionId;
use taizhang::domain::ladder::Kind;
use taizhang::domain::obligation::State;

use super::{milestone, of, states};
use crate::harness::TestSite;

const PROGRAM: &str = "zhanjiang-plans";

async fn begun() -> TestSite {
    let site = TestSite::of(PROGRAM, "湛江经开区实施方案", "2018-07-20T09:30:00+08:00").await;
    site.run().await;
    site
}

async fn number(site: &TestSite, name: &str) -> SubmissionId {
    let records = site.records().await;
    records.iter().find(|own| own.file_name == name).expect(name).id
}

async fn state(site: &TestSite, unit: &str) -> Option<State> {
    of(&states(site, PROGRAM, &milestone("plans")).await, unit)
}

fn note(site: &TestSite, unit: &str) -> String {
    let names = site.names(unit);
    let name = names
        .iter()
        .find(|name| name.starts_with("plans "))
        .expect("a note");
    fs::read_to_string(site.share(&format!("{unit}/{name}"))).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn its_unit_owes_it_again_with_a_grace_and_the_reason() {
    let site = begun().await;
    site.drop_file("区教育局/实施方案.pdf", b"%PDF-1.4 plan");
    site.drop_file("区教育局/附表.docx", b"PK table");
    site.run().await;
    site.run().await;
    assert_eq!(state(&site, "区教育局").await, Some(State::Accepted));
    // Handed back after the due date: in time until its grace ends.
    site.at("2018-07-26T10:00:00+08:00");
    let plan = number(&site, "实施方案.pdf").await;
    decide::reject(&site.site, &crate::by(), plan, "没有写明责任人和完成时限", None)
        .await
        .unwrap();
    site.run().await;
    // The table that came with it doesn't stand for the plan.
    assert_eq!(state(&site, "区教育局").await, Some(State::Returned));
    assert!(site.exists("区教育局/退回修改/plans/实施方案.pdf"));
    assert!(site.exists("区教育局/审核通过/plans/附表.docx"));
    let told = note(&site, "区教育局");
    assert!(
        told.contains("办公室审看后退回：没有写明责任人和完成时限。请改好后重新报送。")
            && told.contains("在此之前更正的仍按按时报送计"),
        "{told}"
    );
    let sent = site.sent();
    let letters: Vec<_> = sent.iter().filter(|own| own.subject.contains("退回")).collect();
    let [letter] = letters.as_slice() else {
        panic!("{letters:?}")
    };
    for words in [
        "原已登记收到，经审看须重新报送，现予退回：",
        "办公室审看后退回：没有写明责任人和完成时限。",
        "将改好的文件重新放入",
    ] {
        assert!(letter.text.contains(words), "{}", letter.text);
    }
    assert!(!letter.text.contains("标色"), "{}", letter.text);
    // The same file again is no correction.
    site.drop_file("区教育局/实施方案（再报）.pdf", b"%PDF-1.4 plan");
    site.run().await;
    site.run().await;
    assert_eq!(state(&site, "区教育局").await, Some(State::Returned));
    // A new one is, in time.
    site.at("2018-07-27T10:00:00+08:00");
    site.drop_file("区教育局/实施方案.pdf", b"%PDF-1.4 better plan");
    site.run().await;
    site.run().await;
    assert_eq!(state(&site, "区教育局").await, Some(State::Accepted));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_stands_registered_can_be_rejected_and_it_stays_so() {
    let site = begun().await;
    site.drop_file("区法院/实施方案.pdf", b"%PDF-1.4 plan");
    site.drop_file("区纪委/方案.exe", b"MZ");
    site.run().await;
    site.run().await;
    let refused = async |id, words: &str| {
        let error = decide::reject(&site.site, &crate::by(), id, "不合要求", None).await;
        let error = error.expect_err(words).to_string();
        assert!(error.contains(words), "{error}");
    };
    refused(number(&site, "方案.exe").await, "不用退回").await;
    let plan = number(&site, "实施方案.pdf").await;
    decide::reject(&site.site, &crate::by(), plan, "不合要求", None)
        .await
        .unwrap();
    refused(plan, "不用退回").await;
    // Checking again doesn't check documents: what was rejected stays so.
    let program = PROGRAM.parse().unwrap();
    let applied = Some((&crate::by(), "重新审核"));
    let differences = decide::recheck_of(&site.site, (&program, &milestone("plans")), applied)
        .await
        .unwrap();
    assert!(differences.is_empty(), "{differences:?}");
    assert_eq!(site.verdict("实施方案.pdf").await, Verdict::Returned);
    // The office changes its mind.
    decide::accept(&site.site, &crate::by(), plan, "已当面说明", None)
        .await
        .unwrap();
    site.run().await;
    assert_eq!(state(&site, "区法院").await, Some(State::Accepted));
    refused(plan, "按原样接收").await;
    let returned = site.site.store.letters(&[]).await.unwrap();
    assert!(returned.iter().any(|own| own.kind == Kind::Returned));
}
