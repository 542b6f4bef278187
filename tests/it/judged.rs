//! What the checks find decides where a file goes.

use std::fs;

use taizhang::domain::finding::Verdict;
use taizhang::domain::obligation::Obligation;
use taizhang::jobs::obligations;

use crate::harness::{PROGRAM, TestSite, read, sample, save_with};

const WU: &str = "吴垂超11月台账.xlsx";

async fn obligation(site: &TestSite, period: &str, name: &str) -> Obligation {
    let program = site.site.program(PROGRAM).unwrap();
    let unit = program.roster.find(name).unwrap().id.clone();
    let period = period.parse().unwrap();
    let standing = obligations::standing(&site.site, &program, &period);
    let obligations = standing.await.unwrap().unwrap().obligations;
    obligations.into_iter().find(|own| own.unit == unit).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn last_months_file_dropped_again_is_held_and_a_late_month_is_taken() {
    let site = TestSite::with(|root| {
        // One month earlier, so that there is a month before.
        let path = root.join("templates/programs/wutang-visits/program.toml");
        let text = fs::read_to_string(&path)
            .unwrap()
            .replace("first = \"2024-11\"", "first = \"2024-10\"");
        fs::write(path, text).unwrap();
    })
    .await;
    site.drop_sample(WU, "吴垂超").run().await;
    site.at("2025-01-03T09:00:00+08:00");
    let path = site.share("吴垂超/审核通过/2024-11/吴垂超11月台账.xlsx");
    let edited = save_with(
        &read(&path),
        &[(
            "台账",
            "D6",
            "湛川村村道硬化与照明工作情况，与村干部座谈了解进度。",
        )],
    );
    site.drop_file("吴垂超/台账.xlsx", &edited).run().await;
    assert_eq!(site.verdict("台账.xlsx").await, Verdict::Unclaimed);
    assert!(
        site.codes().await.contains(&"period-unclear"),
        "{:?}",
        site.codes().await
    );
    // It may be December's: nobody is chased for that one meanwhile.
    let december = obligation(&site, "2024-12", "吴垂超").await;
    assert!(december.unconfirmed.is_some(), "{december:?}");
    assert_eq!(obligation(&site, "2024-11", "吴垂超").await.unconfirmed, None);
    assert_eq!(obligation(&site, "2024-12", "洪文泽").await.unconfirmed, None);
    // The same file, marked as a correction, replaces.
    let again = save_with(
        &read(&path),
        &[(
            "台账",
            "D6",
            "湛川村村道硬化与照明工作情况，与村干部座谈，已核实。",
        )],
    );
    site.drop_file("吴垂超/更正 台账.xlsx", &again).run().await;
    assert_eq!(site.last().await.version, Some(2), "{:?}", site.codes().await);
    // A month that is closed and never came is taken late.
    site.drop_sample("庞 兴11月台账.xlsx", "庞兴").run().await;
    let record = site.last().await;
    assert!(record.verdict.is_accepted());
    assert_eq!(record.period.unwrap().to_string(), "2024-11");
    assert!(site.codes().await.contains(&"period-mismatch"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_identity_number_is_returned_and_masked_in_everything_written() {
    const NUMBER: &str = "440823199001011234";
    let site = TestSite::new().await;
    let original = site.root().join("o.xlsx");
    fs::write(&original, sample(WU)).unwrap();
    let changed = save_with(&read(&original), &[("台账", "G6", &format!("林美玲 {NUMBER}"))]);
    site.drop_file("吴垂超/台账.xlsx", &changed).run().await;
    assert_eq!(site.last().await.verdict, Verdict::Returned);
    assert!(site.codes().await.contains(&"id-number"));
    for finding in site.site.store.findings(site.last().await.id).await.unwrap() {
        assert!(!format!("{finding:?}").contains(NUMBER), "{finding:?}");
    }
    let copy = read(&site.share("吴垂超/退回修改/2024-11/台账（审核意见）.xlsx"));
    let mut masked = false;
    for name in crate::harness::names(&copy) {
        for text in crate::harness::cells(&copy, name).values() {
            assert!(!text.contains(NUMBER), "{text}");
            masked |= text.contains("440*************34");
        }
    }
    assert!(masked);
    for (path, bytes) in crate::harness::tree(&site.site.options.watch) {
        let plain = !path.contains(".xlsx") && String::from_utf8_lossy(&bytes).contains(NUMBER);
        assert!(!plain, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_passes_with_an_explanation() {
    let site = TestSite::new().await;
    site.drop_sample("吴忠强2024年11月台账.xlsx", "吴忠强")
        .run()
        .await;
    assert!(site.codes().await.contains(&"place-not-assigned"));
    let path = site.share("吴忠强/退回修改/2024-11/吴忠强2024年11月台账（审核意见）.xlsx");
    let copy = read(&path);
    let sheet = crate::harness::names(&copy)
        .into_iter()
        .find(|name| *name != "需更正事项")
        .unwrap()
        .to_owned();
    let cells = crate::harness::cells(&copy, &sheet);
    let letters = |at: &str| {
        at.chars()
            .take_while(char::is_ascii_alphabetic)
            .collect::<String>()
    };
    let column = letters(cells.iter().find(|(_, text)| *text == "情况说明").unwrap().0);
    let row = cells
        .iter()
        .find(|(_, text)| *text == "罗屋村")
        .unwrap()
        .0
        .trim_start_matches(char::is_alphabetic)
        .to_owned();
    fs::write(
        &path,
        save_with(
            &copy,
            &[(&sheet, &format!("{column}{row}"), "陪同马陕燕同志调研")],
        ),
    )
    .unwrap();
    site.run().await;
    let record = site.last().await;
    assert!(record.verdict.is_accepted(), "{:?}", site.codes().await);
    assert!(
        site.codes().await.contains(&"place-not-assigned"),
        "the query stays on record"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_folder_decides_and_a_neighbours_form_is_returned_without_rows() {
    let site = TestSite::new().await;
    site.drop_sample(WU, "袁庆").run().await;
    let record = site.last().await;
    assert_eq!(
        (record.verdict, record.unit.as_deref()),
        (Verdict::Returned, site.last().await.unit.as_deref())
    );
    assert!(site.codes().await.contains(&"unit-mismatch"));
    let copy = read(&site.share("袁庆/退回修改/2024-11/吴垂超11月台账（审核意见）.xlsx"));
    assert_eq!(crate::harness::names(&copy), ["需更正事项"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn classified_files_leave_the_share_and_nothing_of_them_is_kept_elsewhere() {
    let site = TestSite::new().await;
    let original = site.root().join("o.xlsx");
    fs::write(&original, sample(WU)).unwrap();
    let marked = save_with(&read(&original), &[("台账", "A1", "机密★1年")]);
    site.drop_file("吴垂超/吴垂超11月台账.xlsx", &marked).run().await;
    let record = site.last().await;
    assert_eq!(record.verdict, Verdict::Quarantined);
    assert!(!site.exists("吴垂超/吴垂超11月台账.xlsx"));
    assert!(
        site.exists("吴垂超/吴垂超11月台账（已隔离）.txt"),
        "{:?}",
        site.names("吴垂超")
    );
    assert!(!site.site.archive.path_of(record.sha256).exists());
    assert_eq!(fs::read_dir(site.site.archive.quarantine()).unwrap().count(), 1);
    assert!(site.site.store.rows(record.id).await.unwrap().is_empty());
}
