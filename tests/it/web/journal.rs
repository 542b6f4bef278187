//! 日志: what is found, who sees what of it, and the workbook.

use std::borrow::Cow;

use taizhang::desk::log::{Asked, log};
use taizhang::domain::actor::Via;
use taizhang::domain::ids::ProgramId;
use taizhang::store::Entry;

use super::*;
use crate::harness::{MORNING, cells, read, sample};

/// A line about a programme, or about the whole site.
async fn line(page: &Page, program: Option<&str>, by: &str, detail: &str) {
    let program: Option<ProgramId> = program.map(|id| id.parse().unwrap());
    let entry = Entry {
        by,
        via: Via::Page,
        what: "withdrawn",
        program: program.as_ref(),
        detail: Cow::Borrowed(detail),
        ..Entry::default()
    };
    let store = &page.own().store;
    let mut change = store.begin().await.unwrap();
    store
        .log(&mut change, page.own().clock.utc(), &entry)
        .await
        .unwrap();
    change.commit().await.unwrap();
}

/// The rows of the list: what stands between their tags.
fn rows(answer: &Answer) -> Vec<String> {
    let Some((_, table)) = answer.text.split_once("id=\"log\"") else {
        return Vec::new();
    };
    let body = table.split_once("<tbody>").unwrap().1;
    let body = body.split("</tbody>").next().unwrap();
    let row = |own: &str| {
        let parts = own.split('<').filter_map(|part| part.split_once('>'));
        parts.map(|(_, text)| text.trim()).collect::<Vec<_>>().join(" ")
    };
    body.split("</tr>")
        .filter(|own| own.contains("<tr"))
        .map(row)
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_says_what_the_command_says_latest_first() {
    let page = Page::new().await;
    page.site
        .drop_file("吴垂超/吴垂超11月台账.xlsx", &sample("吴垂超11月台账.xlsx"))
        .run()
        .await;
    page.site.at("2024-12-06T09:00:00+08:00").run().await;
    let mut browser = page.office().await;
    let id = page.site.last().await.id;
    taizhang::desk::decide::withdraw(page.own(), &crate::by(), id, "报错了", None)
        .await
        .unwrap();
    let known = log(page.own(), &Asked::default()).await.unwrap().lines;
    let of = |from: &str| {
        let known = known.iter().filter(|line| line.letter.is_some());
        known.filter(|line| line.at.to_rfc3339().as_str() >= from).count()
    };
    let (letters, later) = (of(""), of("2024-12-06"));
    assert!(0 < later && later < letters, "{later} of {letters}");
    let answer = browser.get("/log").await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let shown = rows(&answer);
    assert_eq!(shown.len(), known.len());
    for (row, line) in shown.iter().zip(known.iter().rev()) {
        let escaped = line.detail.replace('&', "&amp;").replace('/', "&#x2f;");
        assert!(
            row.contains(&line.label) && row.contains(&escaped),
            "{row}: {line:?}"
        );
        assert!(row.contains(line.via.label()), "{row}");
        assert!(row.contains(line.unit_shown.as_deref().unwrap_or("")), "{row}");
    }
    for (query, fits) in [
        ("kind=%E6%92%A4%E5%9B%9E%E6%8A%A5%E9%80%81", 1),
        ("by=%E6%B5%8B%E8%AF%95&via=command", 2),
        ("via=share", 0),
        ("words=%E6%8A%A5%E9%94%99", 1),
        ("from=2024-12-06&kind=%E4%BF%A1%E5%87%BD", later),
        ("to=2024-12-05&kind=%E4%BF%A1%E5%87%BD", letters - later),
        (
            "unit=%E5%90%B4%E5%9E%82%E8%B6%85&period=11%E6%9C%88&via=command",
            1,
        ),
        ("unit=%E6%9E%97%E5%BC%BA&via=command", 0),
        ("program=wutang-visits&via=command", 1),
    ] {
        let answer = browser.get(&format!("/log?{query}")).await;
        assert_eq!(answer.status, 200, "{query}: {}", answer.text);
        assert_eq!(rows(&answer).len(), fits, "{query}: {}", answer.words());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_looked_for_is_said_and_what_was_typed_is_kept() {
    let page = Page::new().await;
    let mut browser = page.office().await;
    for (query, says) in [
        (
            "unit=%E6%97%A0%E6%AD%A4%E5%8D%95%E4%BD%8D&by=%E6%9D%8E",
            "名册里没有单位“无此单位”",
        ),
        ("period=%E6%98%A8%E5%A4%A9", "没有“昨天”这个报告期"),
        ("kind=%E6%B2%A1%E6%9C%89", "没有“没有”这一类记录"),
        ("from=2024-13-01", "“2024-13-01”不是日期"),
        ("from=2024-12-03&to=2024-12-02", "起止日期颠倒了"),
    ] {
        let answer = browser.get(&format!("/log?{query}")).await;
        let words = answer.words();
        assert_eq!(answer.status, 422, "{query}: {words}");
        assert!(words.contains(says), "{query}: {words}");
        let typed = says
            .split(['“', '”'])
            .nth(1)
            .filter(|_| !query.starts_with("kind"));
        assert!(
            answer
                .text
                .contains(&format!("value=\"{}\"", typed.unwrap_or("2024-12-03")))
                || query.starts_with("kind"),
            "{}",
            answer.text
        );
        assert_eq!(
            browser.get(&format!("/log.xlsx?{query}")).await.status,
            422,
            "{query}"
        );
    }
    let long = "x".repeat(61);
    assert_eq!(browser.get(&format!("/log?words={long}")).await.status, 422);
    for query in ["via=nobody", "program=nobody", "before=x"] {
        assert_eq!(browser.get(&format!("/log?{query}")).await.status, 404, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_journal_is_gone_through_page_by_page_and_every_line_once() {
    let page = Page::new().await;
    let mut browser = page.office().await;
    let store = &page.own().store;
    let texts: Vec<String> = (0..450).map(|n| format!("第{n}条完")).collect();
    let entries: Vec<Entry<'_>> = texts
        .iter()
        .map(|text| Entry {
            by: "李四",
            via: Via::Command,
            what: "exempted",
            detail: Cow::Borrowed(text),
            ..Entry::default()
        })
        .collect();
    let mut change = store.begin().await.unwrap();
    let now = page.own().clock.utc();
    store.log_all(&mut change, now, &entries).await.unwrap();
    change.commit().await.unwrap();
    let mut seen = Vec::new();
    let mut path = "/log?kind=%E5%85%8D%E6%8A%A5".to_owned();
    let mut counts = Vec::new();
    loop {
        let answer = browser.get(&path).await;
        let own = rows(&answer);
        counts.push(own.len());
        seen.extend(own);
        // What is written meanwhile moves nothing.
        line(&page, None, "王五", "在翻页时写下的").await;
        let links = answer.links();
        let Some(older) = links.iter().find(|link| link.contains("before=")) else {
            break;
        };
        path = older.clone();
    }
    assert_eq!(counts, [200, 200, 50]);
    for (row, n) in seen.iter().zip((0..450).rev()) {
        assert!(row.contains(&format!("第{n}条完")), "{row}");
    }
    let back = browser.get(&path).await;
    assert!(back.words().contains("回到最近的"), "{}", back.words());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_reads_of_its_own_programmes_only() {
    let both = [PROGRAM, "qianshui-tasks"];
    let site = TestSite::shipped(&both, "乌塘挂点台账", MORNING, |_| {}).await;
    let page = Page::of(site, options()).await;
    line(&page, Some(PROGRAM), "甲甲", "自己的事").await;
    line(&page, Some("qianshui-tasks"), "乙乙", "别家的事").await;
    line(&page, None, "丙丙", "全站的事").await;
    let mut all = page.office().await;
    let words = all.get("/log").await.words();
    assert!(
        ["自己的事", "别家的事", "全站的事"]
            .iter()
            .all(|own| words.contains(own)),
        "{words}"
    );
    let mut reader = page.user("王五", Role::Reader, &[PROGRAM]).await;
    for path in [
        "/log",
        "/log?by=%E4%B9%99",
        "/log?words=%E7%9A%84%E4%BA%8B",
        "/log?via=page",
    ] {
        let answer = reader.get(path).await;
        let words = answer.words();
        assert_eq!(answer.status, 200);
        assert!(
            !words.contains("别家的事") && !words.contains("全站的事"),
            "{path}: {words}"
        );
        assert!(!answer.text.contains("qianshui"), "{path}");
    }
    assert_eq!(rows(&reader.get("/log").await).len(), 1);
    let others = reader.get("/log?program=qianshui-tasks").await;
    let nobodys = reader.get("/log?program=nobody").await;
    assert_eq!((others.status, others.text), (404, nobodys.text));
    // A unit of the other programme's roster is nobody here.
    let program = page.own().program("qianshui-tasks").unwrap();
    let own = page.own().program(PROGRAM).unwrap();
    let foreign = program
        .roster
        .units
        .iter()
        .find(|unit| own.roster.find(&unit.name).is_none())
        .expect("a unit of its own");
    let path: String = foreign
        .name
        .bytes()
        .flat_map(|byte| format!("%{byte:02X}").into_bytes())
        .map(char::from)
        .collect();
    let answer = reader.get(&format!("/log?unit={path}")).await;
    assert_eq!(answer.status, 422, "{}", answer.words());
    assert_eq!(all.get(&format!("/log?unit={path}")).await.status, 200);
    let book = reader.get("/log.xlsx").await;
    let file = page.site.root().join("log.xlsx");
    std::fs::write(&file, &book.bytes).unwrap();
    let cells = cells(&read(&file), "日志");
    let text: Vec<&String> = cells.values().collect();
    assert!(text.iter().any(|own| own.contains("自己的事")), "{text:?}");
    assert!(
        !text
            .iter()
            .any(|own| own.contains("别家") || own.contains("全站")),
        "{text:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_strangers_wrote_is_text_on_the_page_and_no_formula_in_the_workbook() {
    let page = Page::new().await;
    let mut browser = page.office().await;
    let canary = "<img src=x onerror=alert(1)>&'\"</td>";
    let formula = "=HYPERLINK(\"http://evil.example\",\"点我\")";
    line(&page, Some(PROGRAM), canary, canary).await;
    for detail in [formula, "+1+1", "-2", "@SUM(A1)", "\t=1", "007"] {
        line(&page, Some(PROGRAM), "=cmd|' /C calc'!A0", detail).await;
    }
    for path in [
        "/log",
        "/log?words=%3Cimg%20src%3Dx",
        "/log?by=%3Cimg",
        "/log?unit=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
        "/log?from=%22%3E%3Cscript%3E",
    ] {
        let answer = browser.get(path).await;
        assert!(
            !answer.text.contains("<img") && !answer.text.contains("<script>"),
            "{path}: {}",
            answer.text
        );
    }
    assert!(browser.get("/log").await.words().contains(canary));
    let book = browser.get("/log.xlsx").await;
    assert_eq!(book.status, 200);
    assert_eq!(
        book.header("content-type"),
        Some("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    );
    let name = book.header("content-disposition").unwrap();
    assert!(
        name.starts_with("attachment; filename*=UTF-8''%E6%97%A5%E5%BF%972024-12-02"),
        "{name}"
    );
    let file = page.site.root().join("log.xlsx");
    std::fs::write(&file, &book.bytes).unwrap();
    let own = cells(&read(&file), "日志");
    let details: Vec<&str> = own
        .iter()
        .filter(|(at, _)| at.starts_with('I'))
        .map(|(_, text)| text.as_str())
        .collect();
    for text in [formula, "+1+1", "-2", "@SUM(A1)", "007", canary] {
        assert!(details.contains(&text), "{text}: {details:?}");
    }
    let parts = crate::harness::rewritten(&book.bytes, |name, bytes| {
        let text = String::from_utf8_lossy(&bytes);
        if name.starts_with("xl/worksheets/sheet") {
            assert!(
                !text.contains("<f>") && !text.contains("<f "),
                "a formula: {text}"
            );
            assert!(!text.contains("<v>007"), "a number");
        }
        if name == "xl/styles.xml" {
            assert!(text.contains("quotePrefix=\"1\""), "{text}");
        }
        bytes
    });
    assert!(!parts.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_workbook_says_itself_where_it_is_cut() {
    let page = Page::new().await;
    let mut browser = page.office().await;
    let store = &page.own().store;
    let entry = Entry {
        by: "李四",
        via: Via::Command,
        what: "exempted",
        ..Entry::default()
    };
    let add = async |count: usize| {
        let mut change = store.begin().await.unwrap();
        let now = page.own().clock.utc();
        store
            .log_all(&mut change, now, &vec![entry.clone(); count])
            .await
            .unwrap();
        change.commit().await.unwrap();
    };
    let mut export = async |query: &str| {
        let book = browser.get(&format!("/log.xlsx?{query}")).await;
        assert_eq!(book.status, 200);
        let file = page.site.root().join("log.xlsx");
        std::fs::write(&file, &book.bytes).unwrap();
        let own = cells(&read(&file), "日志");
        (
            own["A2"].clone(),
            own.keys().filter(|at| at.starts_with('A')).count() - 3,
        )
    };
    add(20_000).await;
    let (note, rows) = export("kind=%E5%85%8D%E6%8A%A5").await;
    assert_eq!(rows, 20_000);
    assert!(note.contains("共20000条") && !note.contains("不止"), "{note}");
    add(1).await;
    let (note, rows) = export("kind=%E5%85%8D%E6%8A%A5").await;
    assert_eq!(rows, 20_000);
    assert!(note.contains("不止20000条"), "{note}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_repeats_what_was_typed_is_not_compressed() {
    let page = Page::new().await;
    let mut browser = page.office().await;
    for n in 0..20 {
        line(&page, None, "李四", &format!("第{n}条")).await;
    }
    let mut coding = async |path: &str| {
        let answer = browser.get_with(path, "Accept-Encoding: gzip\r\n").await;
        assert_eq!(answer.status, 200, "{path}");
        answer.header("content-encoding").map(str::to_owned)
    };
    assert_eq!(coding("/log").await.as_deref(), Some("gzip"));
    assert_eq!(coding("/log?words=%E6%9D%A1").await, None);
    assert_eq!(coding("/p/wutang-visits/trend").await.as_deref(), Some("gzip"));
}
