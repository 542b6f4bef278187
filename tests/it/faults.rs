//! What is said while a disk or the database fails, and what is done after.
//! Failing disks themselves: `tests/outage/faults.py`.

use std::fs;

use taizhang::domain::finding::Verdict;
use taizhang::domain::letters::Hold;
use taizhang::jobs::faults::Area;
use taizhang::jobs::ingest::Round;
use taizhang::jobs::progress::Progress;
use taizhang::jobs::{pass, running};

use crate::harness::{TestSite, read, sample, save_with};

const WU: &str = "吴垂超11月台账.xlsx";

async fn page(site: &TestSite) -> String {
    running::write(&site.site, &Round::default(), None, Hold::default())
        .await
        .unwrap();
    fs::read_to_string(site.site.options.output.join("运行情况.txt")).unwrap()
}

/// Changes the database behind the program's back.
async fn change(site: &TestSite, words: &'static str) {
    let path = site.site.options.database.display();
    let pool = sqlx::SqlitePool::connect(&format!("sqlite:{path}"))
        .await
        .unwrap();
    sqlx::raw_sql(words).execute(&pool).await.unwrap();
    pool.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_says_what_fails_and_since_when_until_it_is_over() {
    let site = TestSite::new().await;
    let faults = &site.site.faults;
    assert!(page(&site).await.contains("没有需要处理的事项"));
    let now = site.site.clock.utc();
    let full = std::io::Error::from_raw_os_error(28);
    faults.failed(Area::Share, &full.into(), now);
    site.at("2024-12-02T10:30:00+08:00");
    let told = page(&site).await;
    assert!(told.contains("共享文件夹从2024年12月2日9:00起出错"), "{told}");
    assert!(
        told.contains("磁盘已满") && !told.contains("没有需要处理的事项"),
        "{told}"
    );
    site.site.takes(Area::Share).await.unwrap();
    faults.tried(Area::Share);
    faults.confirm(site.site.clock.utc());
    let told = page(&site).await;
    assert!(
        !told.contains("起出错") && told.contains("没有需要处理的事项"),
        "{told}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_is_written_though_the_database_cannot_be_asked() {
    let site = TestSite::new().await;
    site.drop_sample(WU, "吴垂超").run().await;
    change(&site, "ALTER TABLE delivery RENAME TO away").await;
    let told = page(&site).await;
    assert!(
        told.contains("待处理的事项这次没有列出") && told.contains("数据库从2024年12月2日"),
        "{told}"
    );
    // A single pass, by cron, says so as well before it gives up.
    fs::remove_file(site.site.options.output.join("运行情况.txt")).unwrap();
    assert!(pass::once(&site.site, &Progress::default()).await.is_err());
    let told = fs::read_to_string(site.site.options.output.join("运行情况.txt")).unwrap();
    assert!(told.contains("数据库从2024年12月2日"), "{told}");
    change(&site, "ALTER TABLE away RENAME TO delivery").await;
    for area in Area::ALL {
        site.site.takes(area).await.unwrap();
        site.site.faults.tried(area);
    }
    site.site.faults.confirm(site.site.clock.utc());
    assert!(!page(&site).await.contains("数据库"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_is_not_judged_without_the_rows_of_the_period_before() {
    let site = TestSite::new().await;
    site.drop_sample(WU, "吴垂超").run().await;
    assert_eq!(site.last().await.verdict, Verdict::Accepted);
    site.at("2025-01-02T09:00:00+08:00");
    let december = save_with(
        &read(&site.share("吴垂超/审核通过/2024-11/吴垂超11月台账.xlsx")),
        &[
            (
                "台账",
                "A2",
                "挂点领导：吴垂超　　填报单位：吴垂超挂点组　　填报月份：2024年12月",
            ),
            ("台账", "B6", "2024年12月4日"),
            ("台账", "B7", "2024年12月11日"),
            ("台账", "B8", "2024年12月18日"),
            ("台账", "B9", "2024年12月25日"),
        ],
    );
    site.drop_file("吴垂超/吴垂超12月台账.xlsx", &december);
    change(
        &site,
        "CREATE TABLE kept AS SELECT * FROM submission_rows; UPDATE submission_rows SET rows = 'broken'",
    )
    .await;
    assert!(pass::once(&site.site, &Progress::default()).await.is_err());
    assert_eq!(
        site.records().await.len(),
        1,
        "judged without what it has to be compared with"
    );
    assert!(site.exists("吴垂超/吴垂超12月台账.xlsx"));
    change(
        &site,
        "UPDATE submission_rows SET rows = (SELECT rows FROM kept WHERE kept.submission = submission_rows.submission); \
         DROP TABLE kept",
    )
    .await;
    site.run().await;
    let record = site.last().await;
    assert_eq!(record.period.as_ref().unwrap().to_string(), "2024-12");
    // Repeated texts under new dates are seen, because the rows before were there.
    let codes = site.codes().await;
    assert!(codes.contains(&"repeats-last-period"), "{codes:?}");
}

/// What a note says of a file has been done: while the first step of a
/// submission fails, those behind it wait, also in later turns.
#[tokio::test(flavor = "multi_thread")]
async fn no_note_says_quarantined_of_a_file_that_still_lies_on_the_share() {
    const NOTE: &str = "吴垂超/吴垂超11月台账（已隔离）.txt";
    let site = TestSite::new().await;
    let original = site.root().join("o.xlsx");
    fs::write(&original, sample(WU)).unwrap();
    let classified = save_with(&read(&original), &[("台账", "A1", "机密★1年")]);
    // A file in its place: nothing can be moved there.
    let quarantine = site.site.archive.quarantine();
    if quarantine.exists() {
        fs::remove_dir(&quarantine).unwrap();
    }
    fs::write(&quarantine, "").unwrap();
    site.drop_file(&format!("吴垂超/{WU}"), &classified).run().await;
    assert_eq!(site.last().await.verdict, Verdict::Quarantined);
    site.at("2024-12-02T09:00:30+08:00").run().await;
    assert!(site.exists(&format!("吴垂超/{WU}")));
    assert!(!site.exists(NOTE), "it lies there and is said to be gone");
    fs::remove_file(&quarantine).unwrap();
    site.at("2024-12-02T09:02:00+08:00").run().await;
    assert!(!site.exists(&format!("吴垂超/{WU}")));
    assert!(site.exists(NOTE), "{:?}", site.names("吴垂超"));
    assert_eq!(fs::read_dir(&quarantine).unwrap().count(), 1);
}
