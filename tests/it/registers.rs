//! Registers: ledgers whose rows are given.

pub mod any_form;
mod assigned;
pub mod filling;
mod master;
mod measures;

use taizhang::domain::finding::Verdict;

use crate::harness::{read, save_with};
use filling::{FILLED_BY, FORM, SEVEN, filled, form, hengli, opened, rows};

#[tokio::test(flavor = "multi_thread")]
async fn a_form_holds_what_its_unit_leads_and_what_is_missing_goes_back() {
    let site = hengli("2018-12-29T10:00:00+08:00").await;
    site.run().await;
    site.run().await;
    let book = form(&site, "公用事业服务中心");
    let given = rows(&book);
    assert_eq!(given.keys().collect::<Vec<_>>(), ["22", "23", "24", "27"]);
    assert_eq!(given["22"]["重点任务"], "实施“厕所革命”");
    assert_eq!(given["27"].get("配合单位"), None, "nobody assists");
    // Who owes nothing has neither form nor folder.
    assert!(!site.exists("司法分局"));

    // Two of the four are missing.
    site.at("2019-01-03T10:00:00+08:00");
    site.drop_file(
        "公用事业服务中心/四季度.xlsx",
        &filled(
            &book,
            &SEVEN[..2],
            &[("填报人", "李明"), ("联系电话", "0769-83371234")],
        ),
    );
    site.run().await;
    assert_eq!(site.verdict("四季度.xlsx").await, Verdict::Returned);
    assert!(
        site.codes().await.contains(&"item-missing"),
        "{:?}",
        site.codes().await
    );
    let copy = read(&site.share("公用事业服务中心/退回修改/2018-Q4/四季度（审核意见）.xlsx"));
    let copied = rows(&copy);
    assert_eq!(copied.keys().collect::<Vec<_>>(), ["22", "23", "24", "27"]);
    assert_eq!(copied["22"]["本季度进展情况"], SEVEN[0].1);
    assert_eq!(copied["24"].get("本季度进展情况"), None);

    // Corrected where it lies.
    let corrected = filled(&copy, &SEVEN[2..], &[]);
    site.drop_file(
        "公用事业服务中心/退回修改/2018-Q4/四季度（审核意见）.xlsx",
        &corrected,
    );
    site.run().await;
    let last = site.last().await;
    assert_eq!(last.verdict, Verdict::Accepted, "{:?}", site.codes().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_quarter_shows_the_last_one_and_an_untouched_form_follows_it() {
    let site = hengli("2018-12-29T10:00:00+08:00").await;
    site.run().await;
    site.run().await;
    let unit = "公用事业服务中心";
    let book = form(&site, unit);
    // The next form is laid before the last quarter is in.
    site.at("2019-01-02T10:00:00+08:00").run().await;
    site.run().await;
    let next = format!("{unit}/本期填报表/2019年第一季度乡村振兴工作台账（{unit}）.xlsx");
    let before = rows(&read(&site.share(&next)));
    assert_eq!(before["22"].get("上季度进展"), None);
    site.drop_file(&format!("{unit}/四季度.xlsx"), &filled(&book, &SEVEN, &FILLED_BY));
    site.run().await;
    assert_eq!(
        site.verdict("四季度.xlsx").await,
        Verdict::Accepted,
        "{:?}",
        site.codes().await
    );
    site.run().await;
    let after = rows(&read(&site.share(&next)));
    assert_eq!(after["22"]["上季度进展"], SEVEN[0].1);
    let status = |number: &str| after[number]["上季度状态"].clone();
    assert_eq!((status("24"), status("27")), ("推进缓慢".into(), "已完成".into()));

    // One row is new, one is copied, and one that was done is opened again; the tick stands for the last.
    site.at("2019-04-02T10:00:00+08:00");
    let book = read(&site.share(&next));
    let report = [
        (
            "22",
            "又完成公厕改造3座，累计7座。",
            "推进中",
            "",
            "二季度完成其余5座。",
        ),
        ("23", SEVEN[1].1, "推进中", "", "二季度覆盖全部村（社区）。"),
        ("27", "返工，重新整地。", "推进中", "", "5月底前完成。"),
    ];
    let fill = [FILLED_BY[0], FILLED_BY[1], ("本期无变化", "是")];
    site.drop_file(&format!("{unit}/一季度.xlsx"), &filled(&book, &report, &fill));
    site.run().await;
    let (last, codes) = (site.last().await, site.codes().await);
    let period = last.period.clone().unwrap();
    assert_eq!(
        (last.verdict, period.to_string().as_str()),
        (Verdict::AcceptedWithWarnings, "2019-Q1"),
        "{codes:?}"
    );
    assert!(
        codes.contains(&"reopened") && codes.contains(&"repeats-last-period"),
        "{codes:?}"
    );
    let program = site.site.program("hengli-tasks").unwrap();
    let stored = site.site.rows(&program, &period, last.id).await.unwrap();
    let carried = stored.iter().map(|row| (row.text("no"), row.carried.is_some()));
    assert_eq!(
        carried.collect::<Vec<_>>(),
        [("22", false), ("23", false), ("27", false), ("24", true)]
    );
    assert_eq!(stored[3].text("done"), SEVEN[2].1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tick_without_an_accepted_quarter_is_refused() {
    let site = hengli("2018-12-29T10:00:00+08:00").await;
    site.run().await;
    site.run().await;
    // 团委 only assists.
    assert!(!site.exists("团委"));
    let unit = "旅游办";
    let book = form(&site, unit);
    let fill = [FILLED_BY[0], FILLED_BY[1], ("本期无变化", "是")];
    site.at("2019-01-03T10:00:00+08:00");
    site.drop_file(&format!("{unit}/台账.xlsx"), &filled(&book, &[], &fill));
    site.run().await;
    assert_eq!(
        site.verdict("台账.xlsx").await,
        Verdict::Returned,
        "{:?}",
        site.codes().await
    );
    let findings = site.site.store.findings(site.last().await.id).await.unwrap();
    let missing = findings
        .iter()
        .find(|finding| finding.code.as_str() == "item-missing");
    let message = &missing.unwrap().message;
    assert!(message.contains("不能用“本期无变化”代替"), "{message}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_in_which_nothing_was_typed_never_counts() {
    let site = hengli("2018-12-29T10:00:00+08:00").await;
    site.run().await;
    site.run().await;
    let book = form(&site, "旅游办");
    site.drop_file(&format!("旅游办/{FORM}（旅游办）.xlsx"), &save_with(&book, &[]));
    site.run().await;
    site.at("2019-01-08T10:00:00+08:00").run().await;
    assert!(site.records().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_are_wrong_are_named_where_they_stand() {
    let site = hengli("2018-12-29T10:00:00+08:00").await;
    site.run().await;
    site.run().await;
    let unit = "财政分局";
    let book = form(&site, unit);
    let given = rows(&book);
    let report = [
        ("9", "按要求推进。", "严重滞后", "", "尽快推进。"),
        ("19", "起草了实施办法。", "差不多了", "", "下季度印发。"),
    ];
    let wrong = opened(&filled(&book, &report, &FILLED_BY));
    let last: u32 = given["19"]["行"].parse().unwrap();
    let name = format!("B{}", given["9"]["行"]);
    let below = |column: &str, by: u32| format!("{column}{}", last + by);
    let (a, b, c, d) = (below("A", 1), below("F", 1), below("A", 2), below("F", 2));
    let changed = save_with(
        &wrong,
        &[
            ("工作台账", &name, "招商引资"),
            ("工作台账", &a, "99"),
            ("工作台账", &b, "不知道是哪一项。"),
            ("工作台账", &c, "2"),
            ("工作台账", &d, "配合确权。"),
        ],
    );
    site.at("2019-01-03T10:00:00+08:00");
    site.drop_file(&format!("{unit}/台账.xlsx"), &changed);
    site.run().await;
    assert_eq!(site.verdict("台账.xlsx").await, Verdict::Returned);
    let findings = site.site.store.findings(site.last().await.id).await.unwrap();
    let column = |own: Option<&str>| own.unwrap_or_default().to_owned();
    let told: Vec<(&str, String)> = findings
        .iter()
        .map(|finding| (finding.code.as_str(), column(finding.column.as_deref())))
        .collect();
    for (code, at) in [
        ("item-name-mismatch", "task"),
        ("required", "problem"),
        ("not-in-list", "status"),
        ("item-unknown", "no"),
        ("item-not-yours", "no"),
    ] {
        assert!(told.contains(&(code, at.into())), "{code} {told:?}");
    }
    let problem = findings
        .iter()
        .find(|finding| finding.column.as_deref() == Some("problem"));
    assert_eq!(
        problem.unwrap().message,
        "进度状态为“推进缓慢”或“严重滞后”的，“困难和问题”不能为空。"
    );
}
