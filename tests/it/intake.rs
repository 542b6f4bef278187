//! What people do to a shared folder.

use std::fs;

use taizhang::domain::finding::Verdict;

use crate::harness::{TestSite, read, sample, save_with};

const WU: &str = "吴垂超11月台账.xlsx";

#[tokio::test(flavor = "multi_thread")]
async fn the_same_bytes_again_make_no_new_version() {
    let site = TestSite::new().await;
    site.drop_sample(WU, "吴垂超").run().await;
    site.drop_file("吴垂超/再报一次.xlsx", &sample(WU)).run().await;
    let record = site.last().await;
    assert_eq!((record.verdict, record.version), (Verdict::Duplicate, None));
    assert!(site.exists("吴垂超/审核通过/2024-11/再报一次.xlsx"));
    assert!(site.exists("吴垂超/审核通过/2024-11/再报一次（与已报送文件相同）.txt"));
    assert!(site.exists("吴垂超/2024-11 已通过 第1版.txt"));
}

#[tokio::test(flavor = "multi_thread")]
async fn saving_an_accepted_file_again_changes_nothing() {
    let site = TestSite::new().await;
    site.drop_sample(WU, "吴垂超").run().await;
    let path = site.share("吴垂超/审核通过/2024-11/吴垂超11月台账.xlsx");
    let saved = save_with(&read(&path), &[]);
    fs::write(&path, &saved).unwrap();
    site.run().await;
    assert_eq!(site.last().await.verdict, Verdict::Duplicate);
    assert_eq!(fs::read(&path).unwrap(), saved);
    assert_eq!(site.run().await.taken, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_accepted_file_corrected_in_place_is_a_new_version_beside_the_old_one() {
    let site = TestSite::new().await;
    site.drop_sample(WU, "吴垂超").run().await;
    let path = site.share("吴垂超/审核通过/2024-11/吴垂超11月台账.xlsx");
    fs::write(
        &path,
        save_with(
            &read(&path),
            &[("台账", "D6", "湛川村村道硬化与照明工作情况，已全部完成。")],
        ),
    )
    .unwrap();
    site.run().await;
    let record = site.last().await;
    assert_eq!((record.verdict, record.version), (Verdict::Accepted, Some(2)));
    // What the unit had submitted first stands beside it.
    assert_eq!(
        fs::read(site.share("吴垂超/审核通过/2024-11/吴垂超11月台账 (2).xlsx")).unwrap(),
        sample(WU)
    );
    assert_eq!(site.run().await.taken, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_faulty_correction_does_not_displace_what_counts() {
    let site = TestSite::new().await;
    site.drop_sample(WU, "吴垂超").run().await;
    let bad = save_with(
        &read(&site.share("吴垂超/审核通过/2024-11/吴垂超11月台账.xlsx")),
        &[("台账", "B6", "2024年11月31日")],
    );
    site.drop_file("吴垂超/更正.xlsx", &bad).run().await;
    assert_eq!(site.verdict("更正.xlsx").await, Verdict::Returned);
    let note = fs::read_to_string(site.share("吴垂超/2024-11 已退回 第2版 1处须处理.txt")).unwrap();
    assert!(note.contains("目前计入汇总的是第1版"), "{note}");
    let rows = crate::harness::cells(&site.master(), "汇总表（呈阅）");
    assert!(rows.values().any(|text| text == "吴垂超"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_marked_copy_corrected_where_it_lies_is_accepted() {
    let site = TestSite::new().await;
    site.drop_sample("马陕燕2024年11月台账.xlsx", "马陕燕")
        .run()
        .await;
    let path = site.share("马陕燕/退回修改/2024-11/马陕燕2024年11月台账（审核意见）.xlsx");
    let copy = read(&path);
    let sheet = crate::harness::names(&copy)
        .into_iter()
        .find(|name| *name != "需更正事项")
        .unwrap()
        .to_owned();
    let cells = crate::harness::cells(&copy, &sheet);
    let at = |text: &str| {
        cells
            .iter()
            .find(|(_, own)| own.starts_with(text))
            .unwrap()
            .0
            .clone()
    };
    let (count, word) = (at("推动罗屋村解决问题3个"), at("若干"));
    let contact = format!(
        "G{}",
        2 + word.trim_start_matches('F').parse::<u32>().unwrap() - 1
    );
    let fixed = save_with(
        &copy,
        &[
            (
                &sheet,
                &count,
                "推动罗屋村解决问题1个：1.村道断头段硬化：已完成路基平整。",
            ),
            (&sheet, &word, "0"),
            (&sheet, &contact, "吴秀英；电话19580267829"),
        ],
    );
    fs::write(&path, fixed).unwrap();
    site.at("2024-12-03T09:00:00+08:00").run().await;
    let record = site.last().await;
    let findings = site.site.store.findings(record.id).await.unwrap();
    assert!(
        record.verdict.is_accepted(),
        "{:?}",
        findings.iter().map(|own| &own.message).collect::<Vec<_>>()
    );
    assert_eq!(record.version, Some(2));
    assert!(
        site.exists("马陕燕/审核通过/2024-11/马陕燕2024年11月台账.xlsx"),
        "{:?}",
        site.names("马陕燕/审核通过/2024-11")
    );
    assert!(site.exists("马陕燕/2024-11 已通过 第2版.txt"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_named_so_is_a_nil_report_unless_it_has_rows() {
    let site = TestSite::new().await;
    site.drop_file("余晓锐/本期无.txt", b"").run().await;
    let record = site.last().await;
    assert_eq!((record.verdict, record.nil), (Verdict::Accepted, true));
    assert!(
        site.exists("余晓锐/2024-11 零报告已通过 第1版.txt"),
        "{:?}",
        site.names("余晓锐")
    );
    let typed = "本期无".as_bytes();
    site.drop_file("庞兴/零报告.txt", typed).run().await;
    let record = site.last().await;
    assert_eq!(
        (record.verdict, record.nil),
        (Verdict::Accepted, true),
        "typed in an editor"
    );
    site.drop_file("吴垂超/零报告.xlsx", &sample(WU)).run().await;
    let record = site.last().await;
    assert_eq!(
        (record.verdict, record.nil, record.row_count),
        (Verdict::Accepted, false, Some(4))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn photos_and_documents_are_kept_and_meet_no_duty() {
    let site = TestSite::new().await;
    site.drop_file("袁庆/现场照片.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF")
        .run()
        .await;
    assert!(site.exists("袁庆/附件/2024-11/现场照片.jpg"));
    assert!(site.records().await.is_empty());
    assert_eq!(site.run().await.taken, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_moved_out_of_the_unclaimed_folder_is_claimed_and_keeps_its_arrival() {
    let site = TestSite::new().await;
    let name = "新建 Microsoft Excel 工作表.xlsx";
    site.drop_sample(name, "").run().await;
    assert_eq!(site.last().await.verdict, Verdict::Unclaimed);
    let arrived = site.last().await.arrival;
    site.at("2024-12-09T09:00:00+08:00");
    fs::rename(
        site.share(&format!("待确认单位/{name}")),
        site.share(&format!("林强/{name}")),
    )
    .unwrap();
    site.run().await;
    let record = site.last().await;
    assert!(record.verdict.is_accepted(), "{:?}", site.codes().await);
    assert_eq!(record.arrival, arrived);
    assert!(site.site.store.waiting().await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn locks_links_and_temporary_files_are_left_alone() {
    let site = TestSite::new().await;
    site.drop_file("吴垂超/~$吴垂超11月台账.xlsx", b"x")
        .drop_file("吴垂超/a.tmp", b"x")
        .drop_file("吴垂超/.hidden.xlsx", b"x");
    std::os::unix::fs::symlink("/etc/hostname", site.share("吴垂超/link.xlsx")).unwrap();
    let round = site.run().await;
    assert_eq!(round.taken, 0);
    assert_eq!(round.scan.unwrap().refused, ["乌塘挂点台账/吴垂超/link.xlsx"]);
    assert!(site.exists("吴垂超/~$吴垂超11月台账.xlsx"));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_concluded_while_the_share_is_away() {
    let site = TestSite::new().await;
    site.drop_sample(WU, "吴垂超").run().await;
    let watch = site.site.options.watch.clone();
    let aside = site.root().join("aside");
    fs::rename(&watch, &aside).unwrap();
    assert!(site.run().await.away.is_some());
    assert!(!watch.exists(), "an absent share must not be made");
    fs::create_dir(&watch).unwrap();
    assert!(
        site.run().await.away.is_some(),
        "an empty mount point is no share"
    );
    fs::remove_dir(&watch).unwrap();
    fs::rename(&aside, &watch).unwrap();
    let round = site.run().await;
    assert_eq!((round.away, round.taken), (None, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn files_at_the_top_of_the_share_are_named_and_not_taken() {
    let site = TestSite::new().await;
    fs::write(site.site.options.watch.join("散落.xlsx"), sample(WU)).unwrap();
    assert_eq!(site.run().await.taken, 0);
    let page = fs::read_to_string(site.site.options.output.join("运行情况.txt")).unwrap();
    assert!(page.contains("散落.xlsx"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_cannot_be_moved_is_taken_once_and_moved_later() {
    let site = TestSite::new().await;
    // A link into nowhere stands where the folder should be.
    std::os::unix::fs::symlink("/nowhere/at/all", site.share("吴垂超/审核通过")).unwrap();
    site.drop_sample(WU, "吴垂超").run().await;
    let taken = site
        .records()
        .await
        .iter()
        .filter(|record| record.file_name == WU)
        .count();
    assert_eq!(taken, 1);
    assert!(site.exists(&format!("吴垂超/{WU}")), "it can't be moved yet");
    site.at("2024-12-02T09:00:05+08:00").run().await;
    assert_eq!(
        site.records()
            .await
            .iter()
            .filter(|record| record.file_name == WU)
            .count(),
        1
    );
    fs::remove_file(site.share("吴垂超/审核通过")).unwrap();
    site.at("2024-12-02T09:05:00+08:00").run().await;
    assert!(
        site.exists(&format!("吴垂超/审核通过/2024-11/{WU}")),
        "{:?}",
        site.names("吴垂超")
    );
    assert_eq!(
        site.records()
            .await
            .iter()
            .filter(|record| record.file_name == WU)
            .count(),
        1
    );
}
