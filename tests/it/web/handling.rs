//! What is done with a submission at the page: accept, hand back, give to a
//! unit, check again, take back.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use taizhang::desk::consequence::Supposed;
use taizhang::desk::handling::Deed;
use taizhang::domain::actor::Via;
use taizhang::domain::finding::Verdict;
use taizhang::domain::submission::Record;
use taizhang::jobs::remind::forecast;

use super::*;
use crate::harness::MORNING;

/// A site with one ledger that counts, one that was returned, and a file that
/// nobody knows whose it is.
async fn page() -> Page {
    let both = [PROGRAM, "qianshui-tasks"];
    let site = TestSite::shipped(&both, "乌塘挂点台账", MORNING, |_| {}).await;
    for name in [COUNTS, RETURNED, UNKNOWN] {
        site.drop_sample(name, "");
    }
    site.run().await;
    Page::of(site, options()).await
}

const COUNTS: &str = "吴垂超11月台账.xlsx";
const RETURNED: &str = "罗养 2024年11月台账.xlsx";
const UNKNOWN: &str = "新建 Microsoft Excel 工作表.xlsx";

/// The last submission of a file.
async fn record(page: &Page, name: &str) -> Record {
    let all = page.site.records().await;
    let own = all.into_iter().rev().find(|own| own.file_name == name);
    own.expect("such a submission")
}

/// Whose it is.
fn of(page: &Page, own: &Record) -> String {
    let site = page.own().program(PROGRAM).unwrap();
    let unit = site.roster.unit(own.unit.as_ref().unwrap()).unwrap();
    format!("{} {}", unit.name, own.period.as_ref().unwrap())
}

async fn send(browser: &mut Browser, path: &str, asked: &Answer, reason: &str) -> Answer {
    let mut all = asked.fields();
    all.push(("reason".into(), reason.into()));
    let all: Vec<(&str, &str)> = all.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    browser.post(path, &all).await
}

/// Asks, sees that what is shown is what the plan says afterwards, and gives
/// the page that follows.
async fn done(page: &Page, browser: &mut Browser, path: &str, reason: &str) -> Answer {
    let asked = browser.get(path).await;
    assert_eq!(asked.status, 200, "{}", asked.words());
    let then = plan(page).await;
    let answer = send(browser, path.split('?').next().unwrap(), &asked, reason).await;
    assert_eq!(answer.status, 303, "{}", answer.words());
    let now = plan(page).await;
    let words = asked.words();
    let said = |away: bool, n: usize| match (away, n) {
        (_, 0) => String::new(),
        (true, n) => format!("{n}封信不再发"),
        (false, n) => format!("{n}封信要发"),
    };
    assert!(
        words.contains(&said(true, then.difference(&now).count())),
        "{words}"
    );
    assert!(
        words.contains(&said(false, now.difference(&then).count())),
        "{words}"
    );
    if then == now {
        assert!(words.contains("没有信函因此增减"), "{words}");
    }
    page.site.run().await;
    let to = answer.to().to_owned();
    browser.get(&to).await
}

/// Every letter that is to go within a month.
async fn plan(page: &Page) -> BTreeSet<String> {
    let program = page.own().program(PROGRAM).unwrap();
    let until = NaiveDate::from_ymd_opt(2025, 1, 1).unwrap();
    let all = forecast(page.own(), &program, until, &Supposed::default())
        .await
        .unwrap();
    all.iter()
        .map(|own| format!("{} {} {:?}", own.at, own.kind.as_str(), own.key()))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_returned_ledger_is_accepted_and_taken_back() {
    let page = page().await;
    let mut browser = page.user("王五", Role::Reviewer, &[]).await;
    let period = browser.get("/p/wutang-visits/2024-11").await;
    let own = record(&page, RETURNED).await;
    assert_eq!(own.verdict, Verdict::Returned);
    let path = format!("/s/{}/accept", own.id);
    assert!(period.text.contains(&path), "one click from the period");
    assert_eq!(browser.get(&format!("/s/{}/withdraw", own.id)).await.status, 403);
    for reason in [" ", &"长".repeat(201)] {
        let asked = browser.get(&path).await;
        let told = send(&mut browser, &path, &asked, reason).await;
        assert_eq!(told.status, 422);
        assert!(told.text.contains("role=\"alert\""), "{}", told.text);
    }
    let asked = browser.get(&path).await;
    let words = asked.words();
    assert!(
        words.contains("罗养") && words.contains("第1版计入汇总"),
        "{words}"
    );
    assert!(words.contains("文件移到"), "{words}");
    let shown = done(&page, &mut browser, &path, "已电话核实").await;
    let words = shown.words();
    assert!(
        words.contains("已按原样通过") && words.contains("已电话核实"),
        "{words}"
    );
    let accepted = record(&page, RETURNED).await;
    assert_eq!(
        accepted.accepted_by_office,
        Some(("王五".into(), "已电话核实".into()))
    );
    let journal = page.own().store.journal().await.unwrap();
    let line = journal
        .iter()
        .find(|line| line.what == "accepted-by-office")
        .unwrap();
    assert_eq!((line.via, line.by.as_str()), (Via::Page, "王五"));
    // It can't be accepted twice.
    assert!(!shown.text.contains(&path));
    assert_eq!(browser.get(&path).await.status, 409);
    // The office takes it back.
    let mut office = page.office().await;
    let path = format!("/s/{}/withdraw", own.id);
    assert!(
        office
            .get(&path)
            .await
            .words()
            .contains("第1版不再计入，没有可计入的报送")
    );
    let shown = done(&page, &mut office, &path, "还是要改").await;
    assert!(shown.words().contains("这一步没有撤销"), "{}", shown.words());
    assert_eq!(
        record(&page, RETURNED).await.withdrawn,
        Some(("李四".into(), "还是要改".into()))
    );
    assert!(!shown.text.contains("/withdraw\""), "nothing is left to be done");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_waits_is_given_to_a_unit() {
    let page = page().await;
    let mut browser = page.office().await;
    let own = record(&page, UNKNOWN).await;
    let path = format!("/s/{}/claim", own.id);
    let today = browser.get("/today").await;
    assert!(
        today.text.contains(&path.replace('/', "&#x2f;")),
        "{}",
        today.text
    );
    let asked = browser.get(&path).await;
    assert_eq!(asked.status, 200);
    assert!(
        asked.text.contains("<option value=\"林强挂点组\">"),
        "{}",
        asked.text
    );
    // What isn't said, isn't there, or hasn't begun is told with what was written.
    for (unit, period, says) in [
        ("张三丰", "2024-11", "张三丰"),
        ("林强", "2023年13月", "2023年13月"),
        ("林强", "2025-11", "还没有开始"),
    ] {
        let told = browser.get(&format!("{path}?unit={unit}&period={period}")).await;
        assert_eq!(told.status, 409, "{unit} {period}");
        let words = told.words();
        assert!(words.contains(says), "{words}");
        assert!(told.text.contains(&format!("value=\"{unit}\"")), "{}", told.text);
        assert!(!told.text.contains("name=\"seen\""), "nothing to decide on");
    }
    let shown = done(
        &page,
        &mut browser,
        &format!("{path}?unit=林强挂点组&period=2024-11"),
        "",
    )
    .await;
    let words = shown.words();
    assert!(
        words.contains("已归到这个单位") && words.contains("林强"),
        "{words}"
    );
    let claimed = record(&page, UNKNOWN).await;
    assert_ne!(claimed.id, own.id);
    assert_eq!(of(&page, &claimed), "林强 2024-11");
    assert!(!browser.get("/today").await.words().contains("待确认的文件"));
    // And on to another unit: it leaves the first.
    let path = format!("/s/{}/claim?unit=洪文泽挂点组&period=2024-11", claimed.id);
    let words = browser.get(&path).await.words();
    assert!(
        words.contains("没有可计入的报送") || words.contains("退回"),
        "{words}"
    );
    done(&page, &mut browser, &path, "").await;
    let moved = record(&page, UNKNOWN).await;
    assert_eq!(of(&page, &moved), "洪文泽 2024-11");
    let all = page.site.records().await;
    let left = all.iter().find(|own| own.id == claimed.id).unwrap();
    assert!(left.withdrawn.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_decide_about_one_the_second_is_told() {
    let page = page().await;
    let (mut first, mut second) = (page.office().await, page.user("王五", Role::Office, &[]).await);
    let own = record(&page, COUNTS).await;
    let path = format!("/s/{}/withdraw", own.id);
    let (a, b) = (first.get(&path).await, second.get(&path).await);
    assert_eq!(send(&mut first, &path, &a, "报错了").await.status, 303);
    let told = send(&mut second, &path, &b, "重复").await;
    assert_eq!(told.status, 409);
    let words = told.words();
    assert!(
        words.contains("刚才已由李四于") && words.contains("撤回"),
        "{words}"
    );
    assert_eq!(
        record(&page, COUNTS).await.withdrawn,
        Some(("李四".into(), "报错了".into()))
    );
    // Two who give one file to different units.
    let own = record(&page, UNKNOWN).await;
    let path = format!("/s/{}/claim", own.id);
    let a = first.get(&format!("{path}?unit=林强&period=2024-11")).await;
    let b = second.get(&format!("{path}?unit=洪文泽&period=2024-11")).await;
    assert_eq!(send(&mut first, &path, &a, "").await.status, 303);
    let told = send(&mut second, &path, &b, "").await;
    assert_eq!(told.status, 409);
    let words = told.words();
    assert!(
        words.contains("刚才已由李四于") && words.contains("认领"),
        "{words}"
    );
    assert!(told.text.contains("洪文泽"), "what was written is kept");
    assert_eq!(of(&page, &record(&page, UNKNOWN).await), "林强 2024-11");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_handles_what_is_none_of_theirs() {
    let page = page().await;
    let mut office = page.office().await;
    let (counts, returned) = (record(&page, COUNTS).await.id, record(&page, RETURNED).await.id);
    let form = office.get(&format!("/s/{counts}/withdraw")).await;
    let mut reader = page.user("赵六", Role::Reader, &[]).await;
    let mut elsewhere = page.user("别处", Role::Office, &["qianshui-tasks"]).await;
    for deed in Deed::ALL {
        for id in [counts, returned] {
            let path = format!("/s/{id}/{}", deed.as_str());
            assert_eq!(reader.get(&path).await.status, 403, "{path}");
            assert_eq!(elsewhere.get(&path).await.status, 404, "{path}");
            assert_eq!(send(&mut reader, &path, &form, "x").await.status, 403, "{path}");
            assert_eq!(
                send(&mut elsewhere, &path, &form, "x").await.status,
                404,
                "{path}"
            );
        }
    }
    assert_eq!(office.get(&format!("/s/{counts}/nonsense")).await.status, 404);
    assert_eq!(office.get("/s/999/withdraw").await.status, 404);
    assert!(
        !reader
            .get(&format!("/s/{counts}"))
            .await
            .text
            .contains("/withdraw")
    );
    // What doesn't fit is told: no document, nothing to accept.
    assert_eq!(office.get(&format!("/s/{counts}/reject")).await.status, 409);
    assert_eq!(office.get(&format!("/s/{counts}/accept")).await.status, 409);
    let same = office.get(&format!("/s/{counts}/recheck")).await;
    assert!(same.words().contains("结果没有变化"), "{}", same.words());
    assert!(!same.text.contains("name=\"reason\""));
    assert!(record(&page, COUNTS).await.withdrawn.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sheet_is_seen_as_it_was_handed_in() {
    let page = page().await;
    let mut browser = page.office().await;
    let own = record(&page, RETURNED).await;
    let seen = browser.get(&format!("/s/{}", own.id)).await;
    let findings = page.own().store.findings(own.id).await.unwrap();
    // Each finding of a cell stands at its cell, and leads to its words.
    for (number, finding) in (1..).zip(&findings) {
        let mark = format!("href=\"#f{number}\"");
        assert_eq!(seen.text.contains(&mark), finding.pos.is_some(), "{number}");
        assert!(seen.text.contains(&format!("id=\"f{number}\"")));
    }
    assert!(seen.text.contains("<td class=\"error\">"), "{}", seen.text);
    // What stands in the file is there to be read.
    let path = page.own().archive.path_of(own.sha256);
    let book = crate::harness::read(&path);
    let words = seen.words();
    for (_, text) in crate::harness::cells(&book, &book.sheets[0].name) {
        for part in text.split_whitespace().filter(|part| part.chars().count() < 100) {
            assert!(words.contains(part), "{part}");
        }
    }
    // Read again from the archive it is the same.
    let again = browser.get(&format!("/s/{}?from=0", own.id)).await;
    let table = |answer: &Answer| {
        let (_, rest) = answer.text.split_once("<div class=\"sheet\"").unwrap();
        rest.split("</table>").next().unwrap().to_owned()
    };
    assert_eq!(table(&again), table(&seen));
    assert_eq!(browser.get(&format!("/s/{}?from=x", own.id)).await.status, 400);
    // A sheet that isn't there, a row far behind: no table, no fault.
    for query in ["sheet=99", "sheet=99&from=0", "from=999999"] {
        assert_eq!(
            browser.get(&format!("/s/{}?{query}", own.id)).await.status,
            200,
            "{query}"
        );
    }
}
