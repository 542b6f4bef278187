//! Documents: registered as received, never parsed.

mod rejected;

use std::fs;

use taizhang::desk::standing;
use taizhang::domain::finding::Verdict;
use taizhang::domain::ladder::Kind;
use taizhang::domain::obligation::State;
use taizhang::domain::period::Period;

use crate::harness::TestSite;

fn milestone(id: &str) -> Period {
    Period::Milestone(id.into())
}

async fn states(site: &TestSite, program: &str, period: &Period) -> Vec<(String, State)> {
    let program = site.site.program(program).unwrap();
    let found = standing::standing(&site.site, &program, period)
        .await
        .unwrap()
        .unwrap();
    found.units.into_iter().map(|own| (own.name, own.state)).collect()
}

fn of(states: &[(String, State)], unit: &str) -> Option<State> {
    states
        .iter()
        .find(|(name, _)| name == unit)
        .map(|(_, state)| *state)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_is_registered_and_the_others_are_chased() {
    let site = TestSite::of(
        "zhanjiang-plans",
        "湛江经开区实施方案",
        "2018-07-20T09:30:00+08:00",
    )
    .await;
    site.run().await;
    let plans = milestone("plans");
    assert_eq!(states(&site, "zhanjiang-plans", &plans).await.len(), 35);
    // Any allowed file meets the duty; what it says is nobody's business here.
    site.drop_file("区教育局/区教育局实施方案.pdf", b"%PDF-1.4 plan");
    site.drop_file("区教育局/附表.docx", b"PK table");
    site.drop_file("区纪委/方案.exe", b"MZ");
    site.drop_file("区法院/实施方案.pdf", b"");
    site.run().await;
    site.run().await;
    assert_eq!(site.verdict("区教育局实施方案.pdf").await, Verdict::Accepted);
    assert_eq!(
        site.verdict("附表.docx").await,
        Verdict::Accepted,
        "it joins the hand-in"
    );
    assert_eq!(site.verdict("方案.exe").await, Verdict::Returned);
    let records = site.records().await;
    let refused = records.iter().find(|record| record.file_name == "方案.exe");
    let found = site.site.store.findings(refused.unwrap().id).await.unwrap();
    assert_eq!(found[0].code.as_str(), "document-type");
    assert_eq!(site.verdict("实施方案.pdf").await, Verdict::Returned);
    assert!(site.exists("区教育局/审核通过/plans/区教育局实施方案.pdf"));
    assert!(site.exists("区教育局/审核通过/plans/附表.docx"));
    // A document has no rows and no marked-up copy, and its notes speak of neither.
    let receipt = fs::read_to_string(site.share("区教育局/审核通过/plans/报送回执.txt")).unwrap();
    assert!(receipt.contains("收到，已登记，计入2018—2020年"), "{receipt}");
    let names = site.names("区法院");
    let note = names
        .iter()
        .find(|name| name.contains("已退回"))
        .expect("a status note");
    let status = fs::read_to_string(site.share(&format!("区法院/{note}"))).unwrap();
    assert!(
        status.contains("1. 文件是空的，没有内容。请打开原来的文件核对"),
        "{status}"
    );
    for text in [&receipt, &status] {
        println!("{text}");
        assert!(
            !text.contains("行，") && !text.contains("台账") && !text.contains("审核意见）"),
            "{text}"
        );
    }
    site.at("2018-07-26T10:00:00+08:00").run().await;
    let found = states(&site, "zhanjiang-plans", &plans).await;
    assert_eq!(of(&found, "区教育局"), Some(State::Accepted));
    assert_eq!(of(&found, "区纪委"), Some(State::Returned));
    assert_eq!(of(&found, "区编办"), Some(State::Overdue));
    let chased: Vec<String> = site
        .sent()
        .iter()
        .filter(|own| own.subject.contains("催报"))
        .map(|own| own.subject.clone())
        .collect();
    assert!(
        chased.iter().any(|subject| subject.contains("区编办")),
        "{chased:?}"
    );
    assert!(
        chased.iter().all(|subject| !subject.contains("区教育局")),
        "{chased:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn each_milestone_has_its_own_owers_and_what_was_over_is_history() {
    let site = TestSite::of("hengli-milestones", "横沥一次性报送", "2018-11-15T09:30:00+08:00").await;
    site.run().await;
    let (meeting, docs) = (milestone("meeting"), milestone("docs"));
    let villages = states(&site, "hengli-milestones", &meeting).await;
    assert_eq!(villages.len(), 3);
    assert!(
        villages.iter().all(|(_, state)| *state == State::Historic),
        "{villages:?}"
    );
    let departments = states(&site, "hengli-milestones", &docs).await;
    assert_eq!(departments.len(), 24);
    // What the office carries out itself nobody hands in.
    assert!(
        states(&site, "hengli-milestones", &milestone("accept"))
            .await
            .is_empty()
    );
    // A department owes one open milestone, a village two that are over; the name tells which.
    site.drop_file("财政分局/配套文件.docx", b"PK one");
    site.drop_file("公安分局/通知.pdf", b"%PDF two");
    site.drop_file("田坑村/动员会议情况.docx", b"PK three");
    site.drop_file("张坑村/材料.docx", b"PK four");
    site.run().await;
    site.run().await;
    let records = site.records().await;
    let period = |name: &str| {
        let record = records.iter().find(|own| own.file_name == name).expect(name);
        (record.verdict, record.period.clone())
    };
    assert_eq!(period("配套文件.docx"), (Verdict::Accepted, Some(docs.clone())));
    // What is history isn't open: one is left.
    assert_eq!(period("通知.pdf"), (Verdict::Accepted, Some(docs)));
    assert_eq!(period("动员会议情况.docx"), (Verdict::Accepted, Some(meeting)));
    // Both of a village's are history: what names neither is held.
    assert_eq!(period("材料.docx").0, Verdict::Unclaimed);
}

/// The towns' yearly report, and the district's that waits for it.
async fn two_levels(now: &str) -> TestSite {
    let both = ["xinhui-reports", "xinhui-district-report"];
    TestSite::shipped(&both, "新会年度报告", now, |_| {}).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_districts_report_waits_for_the_towns() {
    let site = two_levels("2023-01-03T09:30:00+08:00").await;
    site.run().await;
    let year = Period::Year(2022);
    let due = async |now: &str| {
        site.at(now).run().await;
        taizhang::jobs::levels::take_up(&site.site).await.unwrap();
        let program = site.site.program("xinhui-district-report").unwrap();
        let due = program
            .due(&year, &site.site.calendar(), site.site.clock.zone())
            .unwrap();
        due.at.date_naive().to_string()
    };
    // Nobody has reported: ten working days after the towns' close.
    assert_eq!(due("2023-01-03T10:00:00+08:00").await, "2023-02-23");
    let towns = site.site.program("xinhui-reports").unwrap();
    let names: Vec<&str> = towns.roster.units.iter().map(|unit| unit.name.as_str()).collect();
    for town in &names[..9] {
        site.drop_file(&format!("{town}/{town}2022年年度报告.pdf"), b"%PDF-1.4 report");
    }
    assert_eq!(due("2023-02-17T10:00:00+08:00").await, "2023-02-23");
    assert_eq!(due("2023-02-20T10:00:00+08:00").await, "2023-02-23");
    // The letter lists the two that are missing.
    let letters = site.site.store.letters(&[]).await.unwrap();
    let district: Vec<_> = letters
        .iter()
        .filter(|own| own.text.subject.contains("驻镇帮扶工作区级报告"))
        .collect();
    let text = &district.last().expect("a reminder").text.text;
    assert!(
        text.contains(&format!("下级尚未完成报送的2个单位：{}、{}", names[9], names[10])),
        "{text}"
    );
    // The last two are in late: the close was first.
    for town in &names[9..] {
        site.drop_file(&format!("{town}/{town}2022年年度报告.pdf"), b"%PDF-1.4 report");
    }
    assert_eq!(due("2023-02-21T10:00:00+08:00").await, "2023-02-23");
    // It may come before it is due.
    let own = site
        .root()
        .join("watch/新会区级年度报告/区农业农村局(区乡村振兴局)/2022年区级年度报告.pdf");
    fs::write(&own, b"%PDF-1.4 district").unwrap();
    site.run().await;
    assert_eq!(site.verdict("2022年区级年度报告.pdf").await, Verdict::Accepted);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_districts_report_is_due_ten_working_days_after_the_last_town() {
    let site = two_levels("2023-01-03T09:30:00+08:00").await;
    site.run().await;
    let towns = site.site.program("xinhui-reports").unwrap();
    for unit in &towns.roster.units {
        site.drop_file(
            &format!("{0}/{0}2022年年度报告.pdf", unit.name),
            b"%PDF-1.4 report",
        );
    }
    site.at("2023-01-05T10:00:00+08:00").run().await;
    taizhang::jobs::levels::take_up(&site.site).await.unwrap();
    let program = site.site.program("xinhui-district-report").unwrap();
    let due = program
        .due(&Period::Year(2022), &site.site.calendar(), site.site.clock.zone())
        .unwrap();
    // The 5th is a Thursday: ten working days later is the 19th.
    assert_eq!(due.at.date_naive().to_string(), "2023-01-19");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_office_does_itself_reminds_it_and_chases_nobody() {
    let site = TestSite::of("hengli-milestones", "横沥里程碑", "2018-11-05T09:30:00+08:00").await;
    site.run().await;
    let own = async || -> Vec<String> {
        let letters = site.site.store.letters(&[]).await.unwrap();
        let own = letters.into_iter().filter(|own| own.kind == Kind::OwnDuty);
        own.map(|own| own.text.text).collect()
    };
    // Two months before the end of 2019, thirty days (a Sunday: the Friday before), ten working days.
    for (now, count) in [
        ("2019-10-31T09:30:00+08:00", 0),
        ("2019-11-01T09:30:00+08:00", 1),
        ("2019-11-28T09:30:00+08:00", 1),
        ("2019-11-29T09:30:00+08:00", 2),
        ("2019-12-16T09:30:00+08:00", 2),
        ("2019-12-17T09:30:00+08:00", 3),
        ("2020-01-06T09:30:00+08:00", 3),
    ] {
        site.at(now).run().await;
        assert_eq!(own().await.len(), count, "{now}");
    }
    let text = &own().await[0];
    assert!(
        text.contains("“中期评估”由我办办理，应于2019年12月31日"),
        "{text}"
    );
    let letters = site.site.store.letters(&[]).await.unwrap();
    let about = letters.iter().filter(|own| own.text.subject.contains("中期评估"));
    assert!(about.clone().all(|own| own.kind == Kind::OwnDuty), "{about:?}");
}
