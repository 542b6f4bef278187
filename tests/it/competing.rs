//! Files that compete for one unit and period, and files that the office has to confirm.

use std::fs;

use taizhang::domain::finding::Verdict;
use taizhang::domain::obligation::tally;
use taizhang::jobs::obligations;

use crate::harness::{PROGRAM, TestSite, cells, rewritten, sample};

const UNIT: &str = "洪文泽";
const SAMPLE: &str = "附件3：2024年11月乌塘镇领导开展“百千万工程”工作挂点调研台账（洪文泽）.xlsx";

/// The sample ledger, saved at a time, with one text put in place of another.
fn saved(at: &str, change: Option<(&str, &str)>) -> Vec<u8> {
    rewritten(&sample(SAMPLE), |name, bytes| {
        match (name, change) {
        ("docProps/core.xml", _) => format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" xmlns:dcterms=\"http://purl.org/dc/terms/\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dcterms:created xsi:type=\"dcterms:W3CDTF\">2024-11-11T01:00:00Z</dcterms:created><dcterms:modified xsi:type=\"dcterms:W3CDTF\">{at}</dcterms:modified></cp:coreProperties>"
        )
        .into_bytes(),
        (name, Some((old, new))) if name.starts_with("xl/") => {
            String::from_utf8_lossy(&bytes).replace(old, new).into_bytes()
        }
        _ => bytes,
    }
    })
}

/// A text of the sample's first row, and what to put in its place.
fn a_text() -> (String, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("台账.xlsx");
    fs::write(&path, sample(SAMPLE)).unwrap();
    let book = crate::harness::read(&path);
    let sheet = book.sheets[0].name.clone();
    let text = cells(&book, &sheet)["D6"].clone();
    (text.clone(), format!("补充走访{text}"))
}

async fn verdicts(site: &TestSite) -> Vec<(String, Verdict, Option<u32>)> {
    let records = site.records().await;
    records
        .into_iter()
        .map(|record| (record.file_name, record.verdict, record.version))
        .collect()
}

fn note_of(site: &TestSite, folder: &str, part: &str) -> Option<String> {
    let name = site.names(folder).into_iter().find(|name| name.contains(part))?;
    Some(fs::read_to_string(site.share(&format!("{folder}/{name}"))).unwrap())
}

async fn unconfirmed(site: &TestSite) -> (u32, u32) {
    let program = site.site.program(PROGRAM).unwrap();
    let period = "2024-11".parse().unwrap();
    let standing = obligations::standing(&site.site, &program, &period)
        .await
        .unwrap()
        .unwrap();
    let tally = tally(&standing.obligations);
    (tally.missing, tally.unconfirmed)
}

#[tokio::test(flavor = "multi_thread")]
async fn of_files_that_come_together_the_one_saved_last_counts() {
    let (old, new) = a_text();
    let site = TestSite::new().await;
    // The later save has the earlier name, and was copied first.
    site.drop_file("洪文泽/甲 2024年11月.xlsx", &saved("2024-12-01T09:00:00Z", None));
    site.drop_file(
        "洪文泽/乙 2024年11月.xlsx",
        &saved("2024-11-29T09:00:00Z", Some((&old, &new))),
    );
    site.run().await;
    let found = verdicts(&site).await;
    let counts = found.iter().max_by_key(|own| own.2).unwrap();
    assert_eq!(
        (counts.0.as_str(), counts.2),
        ("甲 2024年11月.xlsx", Some(2)),
        "{found:?}"
    );
    let running = fs::read_to_string(site.site.options.output.join("运行情况.txt")).unwrap();
    assert!(running.contains("另有1行，没有计入"), "{running}");
    let folders = [UNIT, "洪文泽/审核通过/2024-11"];
    let receipt = folders
        .iter()
        .find_map(|folder| note_of(&site, folder, "报送回执"));
    let receipt = receipt.unwrap();
    assert!(
        receipt.contains("“乙 2024年11月.xlsx”另有1行"),
        "{receipt} {:?}",
        site.names(UNIT)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_save_is_held_and_leaves_a_word() {
    let (old, new) = a_text();
    let site = TestSite::new().await;
    site.drop_file(
        "洪文泽/台账 2024年11月.xlsx",
        &saved("2024-12-01T09:00:00Z", None),
    );
    site.run().await;
    site.at("2024-12-03T09:00:00+08:00");
    site.drop_file(
        "洪文泽/旧稿 2024年11月.xlsx",
        &saved("2024-11-29T09:00:00Z", Some((&old, &new))),
    );
    site.run().await;
    let last = site.last().await;
    assert_eq!(last.verdict, Verdict::Unclaimed);
    assert!(site.codes().await.contains(&"older-version"));
    let word = note_of(&site, UNIT, "已收到，待办公室确认").expect("a word in the unit's folder");
    assert!(
        word.contains("早于已通过的第1版") && !word.contains("更正”"),
        "{word}"
    );
    let beside = note_of(&site, "待确认单位", "（待确认）").unwrap();
    assert!(
        !beside.contains("注明“更正”"),
        "nothing is asked for that would replace a good version"
    );
    // The same file once more is no decision of the office's.
    let again = saved("2024-11-29T09:00:00Z", Some((&old, &new)));
    site.drop_file("洪文泽/旧稿 2024年11月.xlsx", &again);
    site.run().await;
    assert_eq!(site.last().await.verdict, Verdict::Duplicate);
    // 更正 in its name says what is meant.
    site.drop_file(
        "洪文泽/更正 旧稿 2024年11月.xlsx",
        &saved("2024-11-28T09:00:00Z", Some((&old, &new))),
    );
    site.run().await;
    assert_eq!(site.last().await.version, Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nil_report_and_a_conflict_copy_displace_no_rows() {
    let (old, new) = a_text();
    let site = TestSite::new().await;
    site.drop_sample(SAMPLE, UNIT).run().await;
    site.drop_file("洪文泽/2024年11月零报告.txt", "本期无".as_bytes());
    site.run().await;
    assert_eq!(site.last().await.verdict, Verdict::Unclaimed);
    let copy = saved("2024-12-02T00:00:00Z", Some((&old, &new)));
    site.drop_file("洪文泽/台账 2024年11月.sync-conflict-20241202.xlsx", &copy);
    site.run().await;
    assert_eq!(site.last().await.verdict, Verdict::Unclaimed);
    let beside = note_of(&site, "待确认单位", "20241202（待确认）").unwrap();
    assert!(beside.contains("冲突副本") && beside.contains(SAMPLE), "{beside}");
    assert_eq!(unconfirmed(&site).await.1, 0, "what counts is there");
}

/// On which days the office was told of what waits for it.
fn told(site: &TestSite) -> usize {
    let sent = site.sent();
    sent.iter()
        .filter(|own| own.subject.starts_with("【待确认】"))
        .count()
}

/// What was sent that concerns the unit's ledger, by subject and text.
fn chased(site: &TestSite) -> Vec<String> {
    let of_unit = |text: &String| text.contains("洪文泽挂点组") && !text.starts_with("【待确认】");
    let sent = site
        .sent()
        .into_iter()
        .map(|message| format!("{}\n{}", message.subject, message.text));
    sent.filter(of_unit).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_whose_file_waits_is_missing_and_not_chased_for_three_days() {
    let site = TestSite::posting(|_| {}).await;
    site.at("2024-12-05T15:00:00+08:00");
    // A name that nobody bears, but that resembles one; the villages don't decide.
    site.drop_file(
        "台账.xlsx",
        &saved("2024-12-01T09:00:00Z", Some(("洪文泽", "洪文择"))),
    );
    site.run().await;
    assert_eq!(site.last().await.verdict, Verdict::Unclaimed);
    assert_eq!(unconfirmed(&site).await, (13, 1));
    assert!(note_of(&site, UNIT, "已收到，待办公室确认").is_some());
    // Leaders are reminded of a date, and told how it stands.
    let before = chased(&site).len();
    assert_eq!(told(&site), 1, "the office hears of it the same day");
    for now in ["2024-12-06T09:00:00+08:00", "2024-12-10T09:00:00+08:00"] {
        site.at(now).run().await;
        assert_eq!(chased(&site)[before..], Vec::<String>::new(), "{now}");
    }
    // 6 December is a Friday, the 8th a Sunday.
    site.at("2024-12-08T10:00:00+08:00").run().await;
    assert_eq!(told(&site), 3, "and on every working day after");
    site.at("2024-12-11T09:00:00+08:00").run().await;
    let letters = chased(&site);
    assert!(
        letters
            .iter()
            .any(|text| text.contains("已收到一份，待办公室确认（“洪文择”")),
        "{letters:?}"
    );
    // Another such file in the same period buys no further days.
    site.drop_file(
        "台账（改）.xlsx",
        &saved("2024-12-02T09:00:00Z", Some(("洪文泽", "洪文择"))),
    );
    site.at("2024-12-11T10:00:00+08:00").run().await;
    assert_eq!(unconfirmed(&site).await, (13, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_that_waits_is_said_beside_the_return() {
    let site = TestSite::posting(|_| {}).await;
    site.at("2024-12-06T09:00:00+08:00");
    let faulty = saved("2024-12-01T09:00:00Z", Some(("乌塘圩村", "没有的村")));
    site.drop_file("洪文泽/台账.xlsx", &faulty).run().await;
    assert_eq!(site.last().await.verdict, Verdict::Returned);
    let before = chased(&site).len();
    // Corrected, and under a name that nobody bears: the office has to look.
    site.at("2024-12-06T10:00:00+08:00");
    let corrected = saved("2024-12-06T01:30:00Z", Some(("洪文泽", "洪文择")));
    site.drop_file("台账.xlsx", &corrected).run().await;
    assert_eq!(site.last().await.verdict, Verdict::Unclaimed);
    assert_eq!(
        unconfirmed(&site).await,
        (12, 0),
        "it stands under those returned"
    );
    site.at("2024-12-10T09:30:00+08:00").run().await;
    assert_eq!(chased(&site)[before..], Vec::<String>::new());
    site.at("2024-12-12T09:30:00+08:00").run().await;
    let letters = chased(&site);
    assert!(
        letters
            .iter()
            .any(|text| text.contains("未更正，另收到一份，待办公室确认（“洪文择”")),
        "{letters:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn leftovers_are_passed_over_and_named_when_nothing_else_comes() {
    let site = TestSite::new().await;
    for name in ["洪文泽11月.xlk", "备份属于洪文泽11月.xlsx", "5D6F1A30"] {
        site.drop_file(&format!("洪文泽/{name}"), &sample(SAMPLE));
    }
    site.run().await;
    assert!(verdicts(&site).await.is_empty());
    let running = || fs::read_to_string(site.site.options.output.join("运行情况.txt")).unwrap();
    let old = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_733_000_000);
    for name in ["洪文泽11月.xlk", "5D6F1A30"] {
        let file = fs::File::options()
            .write(true)
            .open(site.share(&format!("洪文泽/{name}")))
            .unwrap();
        file.set_modified(old).unwrap();
    }
    site.run().await;
    assert!(
        running().contains("洪文泽11月.xlk") && running().contains("5D6F1A30"),
        "{}",
        running()
    );
    site.drop_sample(SAMPLE, UNIT).run().await;
    assert!(!running().contains("洪文泽11月.xlk"));
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_name_in_another_encoding_is_told_to_its_unit() {
    use std::os::unix::ffi::OsStrExt;
    let site = TestSite::new().await;
    let (name, ..) = encoding_rs::GBK.encode("洪文泽11月.xlsx");
    let path = site.share(UNIT).join(std::ffi::OsStr::from_bytes(&name));
    fs::write(&path, sample(SAMPLE)).unwrap();
    site.run().await;
    site.run().await;
    let listed = fs::read_dir(site.share(UNIT)).unwrap();
    let names = listed.filter_map(|entry| entry.unwrap().file_name().into_string().ok());
    let notes: Vec<String> = names.filter(|name| name.contains("文件名无法识别")).collect();
    assert_eq!(notes, ["洪文泽11月（文件名无法识别）.txt"], "once");
    let running = fs::read_to_string(site.site.options.output.join("运行情况.txt")).unwrap();
    assert!(running.contains("洪文泽11月.xlsx"), "{running}");
    fs::rename(path, site.share("洪文泽/洪文泽11月.xlsx")).unwrap();
    site.run().await;
    assert!(site.last().await.verdict.is_accepted());
    assert_eq!(
        note_of(&site, UNIT, "文件名无法识别"),
        None,
        "the name was mended"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_note_of_a_slow_upload_goes_when_the_whole_file_comes() {
    let site = TestSite::new().await;
    let whole = sample(SAMPLE);
    site.drop_file("洪文泽/台账 2024年11月.xlsx", &whole[..whole.len() / 2]);
    site.run().await;
    assert_eq!(site.last().await.verdict, Verdict::Unreadable);
    let folder = "洪文泽/退回修改/2024-11";
    assert!(note_of(&site, folder, "（无法读取）").is_some());
    site.drop_file("洪文泽/台账 2024年11月.xlsx", &whole);
    site.run().await;
    site.run().await;
    assert!(site.last().await.verdict.is_accepted());
    assert_eq!(note_of(&site, folder, "（无法读取）"), None);
}
