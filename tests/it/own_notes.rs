//! Notes of ours that somebody has changed, that an older program wrote, and
//! texts that only look like ours.

use std::fs;

use taizhang::domain::finding::Verdict;

use crate::harness::{TestSite, read, save_with};
use crate::own_files::{RECEIPT, STATUS, expect_left_alone, forget, month, share};

#[tokio::test(flavor = "multi_thread")]
async fn a_note_with_a_person_s_words_stays_theirs() {
    let site = month().await;
    for path in [STATUS, RECEIPT, "吴垂超/本期填报表/2024年12月填报说明.txt"] {
        let text = fs::read_to_string(site.share(path)).unwrap();
        site.drop_file(path, text.replace("乌塘", "乌塘（已电话核对）").as_bytes());
    }
    let before = share(&site);
    expect_left_alone(&site, &before).await;
    let correction = save_with(
        &read(&site.share("吴垂超/审核通过/2024-11/吴垂超11月台账.xlsx")),
        &[("台账", "D6", "湛川村村道硬化与照明工作情况，已全部完成。")],
    );
    site.at("2024-12-03T10:00:00+08:00")
        .drop_file("吴垂超/更正.xlsx", &correction)
        .run()
        .await;
    site.at("2025-01-02T09:00:00+08:00").run().await;
    for path in [STATUS, RECEIPT, "吴垂超/本期填报表/2024年12月填报说明.txt"] {
        assert!(fs::read(site.share(path)).unwrap() == before[path], "{path}");
    }
    assert!(site.exists("吴垂超/审核通过/2024-11/报送回执 (2).txt"));
    assert!(site.exists("吴垂超/2024-11 已通过 第2版.txt"));
}

#[tokio::test(flavor = "multi_thread")]
async fn notes_of_an_older_program_are_known_by_name_and_first_line() {
    let site = month().await;
    // They bore no check code.
    for path in [STATUS, RECEIPT] {
        let text = fs::read_to_string(site.share(path)).unwrap();
        let (text, code) = text.trim_end().rsplit_once("\r\n").unwrap();
        assert!(code.starts_with("校验码 "), "{code}");
        // An older editor saves in GBK.
        let bytes = encoding_rs::GBK.encode(text.trim_start_matches('\u{feff}')).0;
        site.drop_file(path, &bytes);
    }
    forget(&site, "DELETE FROM placed").await;
    let before = share(&site);
    expect_left_alone(&site, &before).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_s_own_text_is_treated_as_ever() {
    for (name, text) in [
        ("2024-11 已通过 第1版.txt", "我们单位的说明\r\n请看附件"),
        ("报送回执.txt", "回执已收到，谢谢"),
        ("说明.txt", "报送回执\r\n请查收"),
        ("台账（无法读取）.txt", "这个文件我打不开"),
    ] {
        let site = TestSite::new().await;
        site.drop_file(&format!("洪文泽/{name}"), text.as_bytes())
            .run()
            .await;
        assert_eq!(site.verdict(name).await, Verdict::Unreadable, "{name}");
        assert!(site.exists(&format!("洪文泽/退回修改/2024-11/{name}")), "{name}");
    }
}
