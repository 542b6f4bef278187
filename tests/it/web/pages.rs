//! What the pages say, beside what the commands say.

use taizhang::desk::standing::standing;
use taizhang::domain::period::Period;

use super::*;
use crate::harness::{MORNING, sample};

const NOVEMBER: Period = Period::Month(2024, 11);

/// The month's first ledgers: one good, one faulty, one that nobody can place.
async fn some_ledgers() -> Page {
    let page = Page::new().await;
    let site = &page.site;
    site.drop_file("吴垂超/吴垂超11月台账.xlsx", &sample("吴垂超11月台账.xlsx"));
    site.run().await;
    page
}

#[tokio::test(flavor = "multi_thread")]
async fn the_period_says_what_status_says() {
    let page = some_ledgers().await;
    let mut browser = page.office().await;
    let program = page.own().program(PROGRAM).unwrap();
    let known = standing(page.own(), &program, &NOVEMBER).await.unwrap().unwrap();
    assert_eq!(
        browser.get("/p/wutang-visits").await.to(),
        "/p/wutang-visits/2024-11"
    );
    let answer = browser.get("/p/wutang-visits/2024-11").await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let words = answer.words();
    for (name, count) in [
        ("应报", known.tally.expected),
        ("已报", known.tally.received),
        ("按时", known.tally.on_time),
        ("未报", known.tally.missing),
    ] {
        assert!(
            words.contains(&format!("{name} {count}")),
            "{name} {count}: {words}"
        );
    }
    // In the order of the roster, each with its own words.
    let mut rest = answer.text.as_str();
    for unit in &known.units {
        let row = format!("data-unit=\"{}\"", unit.id);
        let at = rest.find(&row).unwrap_or_else(|| panic!("{}", unit.name));
        rest = &rest[at..];
        let end = rest.find("</tr>").unwrap();
        let own = &rest[..end];
        assert!(
            own.contains(unit.name.as_str()) && own.contains(unit.state.label()),
            "{own}"
        );
    }
    let today = browser.get("/today").await.words();
    assert!(today.contains("乌塘") && today.contains("2024年11月"), "{today}");
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_show_whom_they_name_and_count_them() {
    let page = some_ledgers().await;
    let mut browser = page.office().await;
    let missing = browser.get("/p/wutang-visits/2024-11?show=missing").await;
    let rows = |answer: &Answer| answer.text.matches("data-unit=").count();
    let all = browser.get("/p/wutang-visits/2024-11").await;
    assert_eq!(rows(&all), rows(&missing) + 1);
    assert!(
        all.words().contains(&format!("未报 {}", rows(&missing))),
        "{}",
        all.words()
    );
    let returned = browser.get("/p/wutang-visits/2024-11?show=returned").await;
    assert_eq!(rows(&returned), 0);
    for path in [
        "/p/wutang-visits/2024-13",
        "/p/nobody/2024-11",
        "/p/wutang-visits/..%2f..%2fetc",
        "/p/wutang-visits/2024-11/..",
    ] {
        assert_eq!(browser.get(path).await.status, 404, "{path}");
    }
    for (to, status) in [
        ("/p/wutang-visits/2024-11", 303),
        ("//evil.example", 404),
        ("https://x", 404),
    ] {
        assert_eq!(browser.get(&format!("/go?to={to}")).await.status, status, "{to}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_sees_its_own_programmes_and_no_trace_of_others() {
    let both = [PROGRAM, "qianshui-tasks"];
    let site = TestSite::shipped(&both, "乌塘挂点台账", MORNING, |_| {}).await;
    let page = Page::of(site, options()).await;
    let mut all = page.office().await;
    assert_eq!(all.get("/p/qianshui-tasks/2024-11").await.status, 200);
    let mut reader = page.user("王五", Role::Reader, &[PROGRAM]).await;
    let today = reader.get("/today").await;
    let name = page.own().program("qianshui-tasks").unwrap().name.clone();
    assert!(
        !today.text.contains(&name) && !today.text.contains("qianshui"),
        "{}",
        today.text
    );
    let others = reader.get("/p/qianshui-tasks/2024-11").await;
    let nobodys = reader.get("/p/nobody/2024-11").await;
    assert_eq!((others.status, others.text), (404, nobodys.text));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_strangers_write_is_never_a_tag() {
    let page = Page::new().await;
    let mut browser = page.office().await;
    let name = "<img src=x onerror=alert(1)>&'\".xlsx";
    // Nobody can tell whose it is: it waits for the office, by this name.
    page.site
        .drop_sample("新建 Microsoft Excel 工作表.xlsx", "待确认单位");
    let at = page.site.share("待确认单位");
    std::fs::rename(at.join("新建 Microsoft Excel 工作表.xlsx"), at.join(name)).unwrap();
    page.site.run().await;
    let waits = page.site.last().await;
    for path in ["/today", &format!("/s/{}", waits.id)] {
        let answer = browser.get(path).await;
        assert_eq!(answer.status, 200);
        assert!(answer.words().contains(name), "{path}: {}", answer.text);
        assert!(!answer.text.contains("<img"), "{path}: {}", answer.text);
    }
    let answer = browser.log_in("<script>x</script>", "y").await;
    assert!(!answer.text.contains("<script>x"), "{}", answer.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submission_says_what_was_found_in_it() {
    let both = [PROGRAM, "qianshui-tasks"];
    let page = Page::of(
        TestSite::shipped(&both, "乌塘挂点台账", MORNING, |_| {}).await,
        options(),
    )
    .await;
    page.site.drop_sample("袁 庆11月台账.xlsx", "袁庆").run().await;
    let record = page.site.last().await;
    let known = page.own().store.findings(record.id).await.unwrap();
    assert!(!known.is_empty());
    let mut browser = page.office().await;
    let words = browser.get(&format!("/s/{}", record.id)).await.words();
    for finding in known {
        assert!(
            words.contains(finding.message.split('“').next().unwrap()),
            "{}: {words}",
            finding.message
        );
    }
    for path in ["/s/999", "/s/x", "/s/-1", "/s/1%00"] {
        assert_eq!(browser.get(path).await.status, 404, "{path}");
    }
    let mut other = page.user("王五", Role::Office, &["qianshui-tasks"]).await;
    assert_eq!(other.get(&format!("/s/{}", record.id)).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn looking_changes_nothing() {
    let page = some_ledgers().await;
    let mut browser = page.office().await;
    // The file and what is written beside it: a copy would leave sessions out.
    let database = page.own().options.database.clone();
    let dump = async || {
        let log = format!("{}-wal", database.display());
        (std::fs::read(&database).unwrap(), std::fs::read(log).unwrap())
    };
    let before = dump().await;
    for path in [
        "/",
        "/today",
        "/p/wutang-visits",
        "/p/wutang-visits/2024-11",
        "/letters",
        "/letters?part=by_hand",
        "/letters?part=outbox",
        "/letters?part=calendar",
        "/letters/1",
        "/password",
        "/login",
    ] {
        browser.get(path).await;
    }
    assert!(before == dump().await, "a page that only shows has written");
    let log = page.own().options.data.join("access/2024-12-02.log");
    let log = std::fs::read_to_string(log).unwrap();
    assert!(log.contains("GET /p/{program}/{period} 200"), "{log}");
    assert!(!log.contains("2024-11"), "{log}");
}
