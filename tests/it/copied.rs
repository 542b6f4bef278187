//! A site that was copied, share and all, leaves the original alone.

use std::fs;

use taizhang::jobs::decide::claim::claim;
use taizhang::jobs::finish;

use crate::harness::{MORNING, PROGRAM, TestSite, open, tree};

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_of_a_site_takes_its_own_waiting_file_and_not_the_originals() {
    const BROKEN: &str = "损坏的台账.xlsx";
    let site = TestSite::new().await;
    site.drop_sample(BROKEN, "").run().await;
    let waiting = site.site.options.output.join("待处理").join(BROKEN);
    assert!(waiting.is_file());
    site.site.store.close().await;
    let copy = tempfile::tempdir().unwrap();
    for (path, bytes) in tree(site.root()) {
        let path = copy.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    let copied = open(copy.path(), MORNING).await;
    let record = copied.store.all_submissions().await.unwrap().pop().unwrap();
    // The times are the copy's own; what it lies at is as it was recorded.
    let program = site.site.program(PROGRAM).unwrap();
    let unit = program.roster.find("庞兴").unwrap().id.clone();
    claim(
        &copied,
        &crate::by(),
        &program,
        &record,
        &unit,
        &"2024-11".parse().unwrap(),
    )
    .await
    .unwrap();
    finish(&copied).await.unwrap();
    assert!(waiting.is_file(), "the original's was taken");
    let moved = copy.path().join("output/待处理").join(BROKEN);
    assert!(!moved.exists(), "its own stayed");
    let taken = copied
        .options
        .watch
        .join("乌塘挂点台账/庞兴/退回修改/2024-11")
        .join(BROKEN);
    assert!(taken.is_file(), "{:?}", tree(&copied.options.watch).keys());
}
