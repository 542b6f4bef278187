//! Registers: one lags behind with all its items.

use taizhang::domain::period::Period;

use super::fill::{Part, register_form};
use super::walk::{Units, Walk};

/// Hands in a period of the two that report.
async fn reports(walk: &Walk, period: &Period) {
    for (unit, part) in [(walk.units.worst, Part::Worst), (walk.units.best, Part::Best)] {
        let book = walk.form(unit, period);
        let bytes = register_form(&walk.program(), period, &book, part);
        walk.accepted(unit, &format!("{unit}{}.xlsx", period.label()), &bytes)
            .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hengli_tasks() {
    let units = Units {
        silent: "旅游办",
        worst: "财政分局",
        best: "公用事业服务中心",
    };
    let walk = Walk::begin(
        &["hengli-tasks"],
        "横沥乡村振兴台账",
        "2018-12-27T09:00:00+08:00",
        units,
    )
    .await;
    walk.to("2019-01-03T15:00:00+08:00").await;
    reports(&walk, &Period::Quarter(2018, 4)).await;
    walk.to("2019-01-25T17:00:00+08:00").await;
    insta::assert_snapshot!("hengli-tasks", walk.page().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn qianshui_tasks() {
    let units = Units {
        silent: "综治办",
        worst: "党建办",
        best: "应急办",
    };
    let walk = Walk::begin(
        &["qianshui-tasks"],
        "浅水任务台账",
        "2023-05-04T09:00:00+08:00",
        units,
    )
    .await;
    for (month, at) in [(5, "2023-05-24"), (6, "2023-06-25"), (7, "2023-07-24")] {
        walk.to(&format!("{at}T15:00:00+08:00")).await;
        reports(&walk, &Period::Month(2023, month)).await;
    }
    walk.to("2023-08-10T17:00:00+08:00").await;
    insta::assert_snapshot!("qianshui-tasks", walk.page().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn xinhui_tasks() {
    let units = Units {
        silent: "区财政局",
        worst: "区民政局",
        best: "区人力资源社会保障局",
    };
    let walk = Walk::begin(
        &["xinhui-tasks"],
        "新会重点工作台账",
        "2022-03-25T09:00:00+08:00",
        units,
    )
    .await;
    walk.to("2022-04-08T15:00:00+08:00").await;
    reports(&walk, &Period::Quarter(2022, 1)).await;
    walk.to("2022-04-30T17:00:00+08:00").await;
    insta::assert_snapshot!("xinhui-tasks", walk.page().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn zhanjiang_tasks() {
    let units = Units {
        silent: "区旅游局",
        worst: "区交通局",
        best: "区教育局",
    };
    let walk = Walk::begin(
        &["zhanjiang-tasks"],
        "湛江经开区任务台账",
        "2018-09-27T09:00:00+08:00",
        units,
    )
    .await;
    walk.to("2018-10-09T15:00:00+08:00").await;
    reports(&walk, &Period::Quarter(2018, 3)).await;
    walk.to("2018-10-31T17:00:00+08:00").await;
    insta::assert_snapshot!("zhanjiang-tasks", walk.page().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn wutang_checklist() {
    let units = Units {
        silent: "林强",
        worst: "罗养",
        best: "洪文泽",
    };
    let walk = Walk::begin(
        &["wutang-checklist"],
        "乌塘工作清单",
        "2024-12-26T09:00:00+08:00",
        units,
    )
    .await;
    walk.to("2025-01-08T15:00:00+08:00").await;
    reports(&walk, &Period::Half(2024, 2)).await;
    walk.to("2025-02-10T17:00:00+08:00").await;
    insta::assert_snapshot!("wutang-checklist", walk.page().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn wutang_scores() {
    let units = Units {
        silent: "乌塘圩村",
        worst: "边板村",
        best: "湛川村",
    };
    let walk = Walk::begin(
        &["wutang-scores"],
        "乌塘典型村评价",
        "2024-12-26T09:00:00+08:00",
        units,
    )
    .await;
    walk.to("2025-01-08T15:00:00+08:00").await;
    reports(&walk, &Period::Half(2024, 2)).await;
    walk.to("2025-02-10T17:00:00+08:00").await;
    insta::assert_snapshot!("wutang-scores", walk.page().await);
}
