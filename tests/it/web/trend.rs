//! 走势: its figures are those of `status`, they add up, and they are never old.

use std::collections::BTreeMap;

use taizhang::desk::standing::{PeriodStanding, standing};
use taizhang::domain::obligation::{Exemption, State};
use taizhang::domain::period::Period;

use super::*;
use crate::harness::{MORNING, sample, samples};

const HERE: &str = "/p/wutang-visits/trend";

/// A table of the page: each row's head with its cells' texts.
fn table(answer: &Answer) -> Vec<(String, Vec<String>)> {
    let (_, table) = answer
        .text
        .split_once("id=\"trend\"")
        .unwrap_or_else(|| panic!("{}", answer.text));
    let body = &table[table.find("<tbody").unwrap()..table.find("<tfoot").unwrap()];
    let text = |own: &str| {
        let parts = own.split('<').filter_map(|part| part.split_once('>'));
        parts.map(|(_, text)| text.trim()).collect::<String>()
    };
    let rows = body.split("</tr>").filter(|row| row.contains("<th"));
    rows.map(|row| {
        let (head, cells) = row.split_once("</th>").unwrap();
        let head = text(&head[head.rfind("<th").unwrap()..]);
        let cells = cells.split("</td>").filter(|cell| cell.contains("<td"));
        let own = |cell: &str| text(&cell[cell.find("<td").unwrap()..]);
        (head, cells.map(own).collect())
    })
    .collect()
}

/// The periods of the columns, in their order.
fn periods(answer: &Answer) -> Vec<Period> {
    let (_, head) = answer.text.split_once("id=\"trend\"").expect("a table");
    let head = head.split("</thead>").next().unwrap();
    head.split("href=\"/p/wutang-visits/")
        .skip(1)
        .map(|part| part.split('"').next().unwrap().parse().unwrap())
        .collect()
}

async fn known(page: &Page, period: &Period) -> PeriodStanding {
    let program = page.own().program(PROGRAM).unwrap();
    standing(page.own(), &program, period).await.unwrap().unwrap()
}

/// Several months: one handed in, one with little, one that nobody thought of.
async fn months() -> Page {
    let page = Page::new().await;
    let site = &page.site;
    for (name, bytes) in samples() {
        site.drop_file(&name, bytes);
    }
    site.run().await;
    let program = page.own().program(PROGRAM).unwrap();
    let mut change = page.own().store.begin().await.unwrap();
    let exemption = Exemption {
        unit: program.roster.units[3].id.clone(),
        period: Period::Month(2024, 12),
        reason: "外出学习".into(),
        by: "李四".into(),
        at: page.own().clock.utc(),
    };
    let store = &page.own().store;
    store.exempt(&mut change, &program.id, &exemption).await.unwrap();
    change.commit().await.unwrap();
    site.at("2025-01-20T09:00:00+08:00").run().await;
    site.drop_file("吴垂超/2024年12月零报告.txt", b"").run().await;
    site.at("2025-02-20T09:00:00+08:00").run().await;
    page
}

#[tokio::test(flavor = "multi_thread")]
async fn the_figures_are_those_of_status_and_add_up() {
    let page = months().await;
    let mut browser = page.office().await;
    let answer = browser.get(HERE).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let shown = periods(&answer);
    assert_eq!(
        shown,
        [
            Period::Month(2024, 11),
            Period::Month(2024, 12),
            Period::Month(2025, 1),
            Period::Month(2025, 2)
        ]
    );
    let table = table(&answer);
    let rows: BTreeMap<&str, &Vec<String>> = table.iter().map(|(head, own)| (head.as_str(), own)).collect();
    let number = |text: &String| -> u32 { text.trim_start_matches("合计").parse().unwrap() };
    let names = ["应报", "按时", "迟报", "退回", "未报", "免报"];
    let mut sums = [0; 6];
    for (at, period) in shown.iter().enumerate() {
        let known = known(&page, period).await.tally;
        let expected = [
            known.expected,
            known.on_time,
            known.late,
            known.returned,
            known.missing,
            known.exempt,
        ];
        for ((name, expected), sum) in names.iter().zip(expected).zip(&mut sums) {
            assert_eq!(number(&rows[name][at]), expected, "{period} {name}");
            *sum += expected;
        }
    }
    // All kinds of cells are among them, or the test tells little.
    assert!(sums.iter().all(|sum| *sum > 0), "{sums:?}");
    for (name, sum) in names.iter().zip(sums) {
        assert_eq!(number(rows[name].last().unwrap()), sum, "{name}");
    }
    // By unit: a mark for each period, and the unit's own figures.
    let mut by_unit = [0; 5];
    let marks = |name: &str| &rows[name][..shown.len()];
    for (at, period) in shown.iter().enumerate() {
        for unit in known(&page, period).await.units {
            let expected: &[&str] = match unit.state {
                State::Accepted => &["●"],
                State::AcceptedLate => &["◐"],
                State::Nil => &["●", "◐"],
                State::Returned => &["△"],
                State::Exempt => &["–"],
                _ if unit.unconfirmed.is_some() => &["□"],
                State::Overdue => &["○"],
                State::Historic => &["／"],
                State::Due | State::Upcoming => &["·"],
            };
            let mark = &marks(&unit.name)[at];
            assert!(
                expected.contains(&mark.as_str()),
                "{period} {}: {mark}",
                unit.name
            );
        }
    }
    for (name, cells) in &table[names.len()..] {
        let own: Vec<u32> = cells[shown.len()..].iter().map(number).collect();
        assert_eq!(own[0], own[1..].iter().sum::<u32>(), "{name}");
        for (sum, own) in by_unit.iter_mut().zip(own) {
            *sum += own;
        }
    }
    assert_eq!(by_unit[..], sums[..5]);
    let units = &page.own().program(PROGRAM).unwrap().roster.units;
    let names: Vec<&str> = table[6..].iter().map(|(head, _)| head.as_str()).collect();
    let roster: Vec<&str> = units.iter().map(|own| own.name.as_str()).collect();
    assert_eq!(names, roster, "in the order of the roster");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_year_shows_its_own_periods() {
    let page = months().await;
    let mut browser = page.office().await;
    let answer = browser.get(&format!("{HERE}?year=2025")).await;
    assert_eq!(periods(&answer), [Period::Month(2025, 1), Period::Month(2025, 2)]);
    let answer = browser.get(&format!("{HERE}?year=2024")).await;
    assert_eq!(
        periods(&answer),
        [Period::Month(2024, 11), Period::Month(2024, 12)]
    );
    for year in ["2023", "x", "99999999999"] {
        assert_eq!(
            browser.get(&format!("{HERE}?year={year}")).await.status,
            404,
            "{year}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_goes_with_the_first_change_and_with_time() {
    let page = Page::new().await;
    page.site.run().await;
    let mut browser = page.office().await;
    let mut marks = async |unit: &str| {
        // Days pass between two looks.
        browser.log_in("李四", PASSWORD).await;
        let answer = browser.get(HERE).await;
        let table = table(&answer);
        let row = table.into_iter().find(|(head, _)| head == unit);
        row.unwrap().1.remove(0)
    };
    assert_eq!(marks("吴垂超").await, "·");
    page.site
        .drop_file("吴垂超/吴垂超11月台账.xlsx", &sample("吴垂超11月台账.xlsx"))
        .run()
        .await;
    assert_eq!(marks("吴垂超").await, "●");
    assert_eq!(marks("林强").await, "·");
    // The due date passes, and nothing else happens.
    page.site.at("2024-12-05T17:30:00+08:00");
    assert_eq!(marks("林强").await, "·");
    page.site.at("2024-12-05T17:30:01+08:00");
    assert_eq!(marks("林强").await, "○");
    assert_eq!(marks("吴垂超").await, "●");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_s_programme_is_nowhere_and_registers_have_their_strips() {
    let both = [PROGRAM, "qianshui-tasks"];
    let site = TestSite::shipped(&both, "乌塘挂点台账", MORNING, |_| {}).await;
    let page = Page::of(site, options()).await;
    let mut all = page.office().await;
    let answer = all.get("/p/qianshui-tasks/trend").await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let mut reader = page.user("王五", Role::Reader, &[PROGRAM]).await;
    assert_eq!(reader.get(HERE).await.status, 200);
    let others = reader.get("/p/qianshui-tasks/trend").await;
    let nobodys = reader.get("/p/nobody/trend").await;
    assert_eq!((others.status, others.text), (404, nobodys.text));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_never_a_tag() {
    let name = "&'甲";
    let site = TestSite::with(|root| {
        let file = root.join("templates/programs/wutang-visits/roster.csv");
        let text = std::fs::read_to_string(&file).unwrap();
        let changed = text.replacen(",吴垂超,", &format!(",{name},"), 1);
        assert_ne!(changed, text);
        std::fs::write(&file, changed).unwrap();
    })
    .await;
    let page = Page::of(site, options()).await;
    let mut browser = page.office().await;
    for path in [HERE, "/p/wutang-visits/2024-11/files", "/p/wutang-visits/2024-11"] {
        let answer = browser.get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert!(answer.words().contains(name), "{path}: {}", answer.words());
        assert!(!answer.text.contains(name), "{path}");
    }
}
