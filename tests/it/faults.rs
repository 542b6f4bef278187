//! What is said while a disk or the database fails, and what is done after.
//! Failing disks themselves: `tests/outage/faults.py`.

use std::fs;

use taizhang::domain::finding::Verdict;
use taizhang::jobs::faults::{Area, takes};
use taizhang::jobs::ingest::Round;
use taizhang::jobs::progress::Progress;
use taizhang::jobs::remind::Hold;
use taizhang::jobs::{pass, running};

use crate::harness::{TestSite, read, save_with};

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
    takes(&site.site, Area::Share).await.unwrap();
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
        takes(&site.site, area).await.unwrap();
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
