//! Forms that lie ready: for whom, from when, for how long.

use std::fs;
use std::path::Path;

use taizhang::domain::finding::Verdict;
use taizhang::domain::obligation::Exemption;
use taizhang::jobs::decide;

use crate::harness::{PROGRAM, TestSite, cells, read, sample, save_with, tree};

pub const FORM: &str = "吴垂超/本期填报表/2024年12月挂点调研台账（吴垂超）.xlsx";
const GUIDE: &str = "吴垂超/本期填报表/2024年12月填报说明.txt";
pub const SHEET: &str = "挂点调研台账";

/// A village of the unit's own.
pub const OWN: &str = "湛川村";

/// The bytes of a form with its head filled in and one row, as an editor saves it.
pub fn filled(form: &Path, day: &str, village: &str) -> Vec<u8> {
    let form = read(form);
    let head = cells(&form, SHEET);
    let mut changes: Vec<(String, String)> = [
        ("填报人", "李四"),
        ("审核人", "王五"),
        ("联系电话", "13800138000"),
        ("填报时间", day),
    ]
    .iter()
    .map(|(label, value)| {
        let (at, _) = head.iter().find(|(_, text)| text.starts_with(label)).unwrap();
        (at.clone(), format!("{label}：{value}"))
    })
    .collect();
    let row = [
        "1".to_owned(),
        day.to_owned(),
        village.to_owned(),
        format!("{village}村道硬化与照明工作情况，实地查看现场并座谈。"),
        format!("{village}加快推进村道硬化与照明，要求补齐自然村内道路断头段。"),
        format!("推动{village}解决问题1个：1.路灯维修：损坏的12盏已全部更换。"),
        "林美玲；电话13928993242".to_owned(),
    ];
    changes.extend(
        row.into_iter()
            .zip('A'..)
            .map(|(text, column)| (format!("{column}8"), text)),
    );
    let changes: Vec<(&str, &str, &str)> = changes
        .iter()
        .map(|(at, text)| (SHEET, at.as_str(), text.as_str()))
        .collect();
    save_with(&form, &changes)
}

/// A site whose forms for December lie ready.
pub async fn december() -> TestSite {
    let site = TestSite::new().await;
    site.run().await;
    site
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_appear_on_the_first_working_day_and_not_before() {
    let site = TestSite::new().await;
    // The 1st is a Sunday.
    for early in ["2024-12-01T10:00:00+08:00", "2024-12-02T08:59:00+08:00"] {
        site.at(early).run().await;
        assert!(!site.exists("吴垂超/本期填报表"), "{early}");
    }
    site.at("2024-12-02T09:00:00+08:00").run().await;
    let program = site.site.program(PROGRAM).unwrap();
    for unit in &program.roster.units {
        let names = site.names(&format!("{}/本期填报表", unit.name));
        let form = format!("2024年12月挂点调研台账（{}）.xlsx", unit.name);
        assert_eq!(names, ["2024年12月填报说明.txt".to_owned(), form]);
    }
    let head = cells(&read(&site.share(FORM)), SHEET);
    for known in ["吴垂超挂点组", "2024年12月"] {
        assert!(head.values().any(|text| text.contains(known)), "{head:?}");
    }
    let before = tree(&site.site.options.watch);
    assert_eq!(site.run().await.taken, 0);
    assert_eq!(tree(&site.site.options.watch), before);
    assert!(site.records().await.is_empty());
    // A form that its unit threw away doesn't come back.
    fs::remove_file(site.share(FORM)).unwrap();
    site.run().await;
    assert!(!site.exists(FORM));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_that_goes_with_a_form_is_one_page() {
    let site = december().await;
    let text = fs::read_to_string(site.share(GUIDE)).unwrap();
    for said in [
        "2025年1月6日17:30（星期一）",
        "乌委〔2024〕84号",
        "本期无",
        "12月31日本期结束",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    // A4 takes some 45 lines of 40 characters.
    let lines: usize = text
        .lines()
        .map(|line| line.chars().count().div_ceil(40).max(1))
        .sum();
    assert!(lines <= 45, "{lines} lines");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_daemon_that_starts_late_lays_the_form_ready_then() {
    let site = TestSite::new().await;
    site.at("2024-12-20T15:00:00+08:00").run().await;
    assert!(site.exists(FORM));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_untouched_form_is_replaced_and_a_touched_one_stays_until_it_is_settled() {
    const NOVEMBER: &str = "吴垂超/本期填报表/2024年11月挂点调研台账（吴垂超）.xlsx";
    let site = TestSite::new().await;
    site.at("2024-11-20T09:00:00+08:00").run().await;
    let bytes = filled(&site.share(NOVEMBER), "2024年11月19日", OWN);
    site.drop_file(NOVEMBER, &bytes).run().await;
    site.at("2024-12-02T09:00:00+08:00").run().await;
    // Many fill in November's after the month's end: it stays until November closes.
    assert_eq!(
        site.names("庞兴/本期填报表"),
        [
            "2024年11月填报说明.txt",
            "2024年11月挂点调研台账（庞兴）.xlsx",
            "2024年12月填报说明.txt",
            "2024年12月挂点调研台账（庞兴）.xlsx",
        ]
    );
    assert!(site.exists(NOVEMBER) && site.exists(FORM));
    assert!(
        site.last().await.verdict.is_accepted(),
        "{:?}",
        site.codes().await
    );
    // November is closed when the next form comes.
    site.at("2025-01-02T09:00:00+08:00").run().await;
    assert_eq!(
        site.names("吴垂超/本期填报表"),
        [
            "2024年12月填报说明.txt",
            "2024年12月挂点调研台账（吴垂超）.xlsx",
            "2025年1月填报说明.txt",
            "2025年1月挂点调研台账（吴垂超）.xlsx",
        ]
    );
    let settled = "吴垂超/审核通过/2024-11/2024年11月挂点调研台账（吴垂超）.xlsx";
    assert_eq!(fs::read(site.share(settled)).unwrap(), bytes);
    assert!(site.last().await.placed.unwrap().ends_with(settled));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_exempt_get_no_form_and_a_classified_draft_leaves_at_once() {
    let site = TestSite::new().await;
    let program = site.site.program(PROGRAM).unwrap();
    let exemption = Exemption {
        unit: program.roster.find("庞兴").unwrap().id.clone(),
        period: "2024-12".parse().unwrap(),
        reason: "外出学习".into(),
        by: "测试".into(),
        at: site.site.clock.utc(),
    };
    decide::exempt(&site.site, &crate::by(), &program, &exemption)
        .await
        .unwrap();
    site.run().await;
    assert!(site.exists(FORM) && !site.exists("庞兴/本期填报表"));
    let marked = save_with(&read(&site.share(FORM)), &[(SHEET, "A1", "机密★1年")]);
    site.at("2024-12-10T10:00:00+08:00")
        .drop_file(FORM, &marked)
        .run()
        .await;
    assert_eq!(site.last().await.verdict, Verdict::Quarantined);
    assert!(!site.exists(FORM));
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_have_no_forms() {
    let site = TestSite::with(|root| {
        let target = root.join("templates/programs/document-sample");
        fs::create_dir_all(&target).unwrap();
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/programs/document-sample");
        for entry in fs::read_dir(source).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), target.join(entry.file_name())).unwrap();
        }
    })
    .await;
    let program = site.site.program("document-sample").unwrap();
    let unit = site.site.unit_folder(&program, &program.roster.units[0].id);
    site.run().await;
    assert!(site.site.share.path(&unit).exists() && site.exists(FORM));
    let forms = site.site.share.path(&format!("{unit}/本期填报表"));
    assert!(!forms.exists());
    fs::create_dir(&forms).unwrap();
    fs::write(forms.join("总结.xlsx"), sample("吴垂超11月台账.xlsx")).unwrap();
    site.run().await;
    assert!(forms.join("总结.xlsx").exists() && site.records().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_english_unit_reads_english() {
    let site = crate::second_program::site().await;
    site.run().await;
    let program = site.site.program("site-inspections").unwrap();
    let unit = &program.roster.units[0];
    let folder = site.site.unit_folder(&program, &unit.id);
    let names = |below: &str| {
        let folder = site.site.share.path(&format!("{folder}{below}"));
        let names = fs::read_dir(folder).unwrap();
        let mut names: Vec<String> = names
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    };
    let forms = names("/current form");
    let form = format!("Q3 2024 {} ({}).xlsx", program.matter, unit.name);
    assert_eq!(forms, ["Q3 2024 how to fill in.txt".to_owned(), form.clone()]);
    let path = site.site.share.path(&format!("{folder}/current form/{form}"));
    fs::write(path, b"no workbook").unwrap();
    site.run().await;
    let note = names("").into_iter().find(|name| name.starts_with("2024-Q3 "));
    assert_eq!(
        note.as_deref(),
        Some("2024-Q3 0 rows saved, not submitted, 1 to correct.txt")
    );
}
