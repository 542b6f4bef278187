//! Logs: one reports as little as its form can hold.

use taizhang::domain::period::Period;

use super::fill::FILLED_BY;
use super::walk::{Units, Walk};
use crate::registers::any_form::listed;

type Row = Vec<(&'static str, String)>;

fn row(cells: &[(&'static str, &str)]) -> Row {
    cells
        .iter()
        .map(|(header, text)| (*header, (*text).to_owned()))
        .collect()
}

/// Hands in a period of the two that report.
async fn reports(walk: &Walk, period: &Period, (worst, best): (&[Row], &[Row]), more: &[(&str, &str)]) {
    let fill = [&FILLED_BY, more].concat();
    for (unit, rows) in [(walk.units.worst, worst), (walk.units.best, best)] {
        let book = walk.form(unit, period);
        let bytes = listed(&book, &fill, rows);
        walk.accepted(unit, &format!("{unit}{}.xlsx", period.label()), &bytes)
            .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn wutang_visits() {
    let units = Units {
        silent: "林强",
        worst: "罗养",
        best: "袁庆",
    };
    let walk = Walk::begin(
        &["wutang-visits"],
        "乌塘挂点台账",
        "2024-11-26T09:00:00+08:00",
        units,
    )
    .await;
    walk.to("2024-12-04T15:00:00+08:00").await;
    let visit = |day: &str, village: &str, solved: &str| {
        row(&[
            ("调研时间", day),
            ("调研地点", village),
            ("调研内容", &format!("{village}人居环境整治情况")),
            (
                "调研成效",
                &format!("{village}推进巷道硬化，要求{day}后一个月内完工。"),
            ),
            ("调研推动解决问题数量(个)", solved),
            ("联系人及联系方式", "李明；电话0759-2966123"),
        ])
    };
    let program = walk.program();
    let village = |unit: &str| {
        let leader = &program.roster.find(unit).unwrap().leaders[0];
        let mut links = program.roster.links.iter();
        links.find(|link| link.leader == *leader).unwrap().place.clone()
    };
    let (few, many) = (village(units.worst), village(units.best));
    let all: Vec<Row> = ["13日", "18日", "20日", "22日", "26日"]
        .iter()
        .map(|day| visit(&format!("2024年11月{day}"), &many, "1"))
        .collect();
    let one = [visit("2024年11月20日", &few, "0")];
    let more = [("审核人", "王强"), ("填报时间", "2024年12月3日")];
    reports(&walk, &Period::Month(2024, 11), (&one, &all), &more).await;
    walk.to("2024-12-31T17:00:00+08:00").await;
    insta::assert_snapshot!("wutang-visits", walk.page().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn zhanjiang_disputes() {
    let units = Units {
        silent: "东简街道",
        worst: "民安街道",
        best: "硇洲镇",
    };
    let walk = Walk::begin(
        &["zhanjiang-disputes"],
        "湛江经开区矛盾排查",
        "2018-08-28T09:00:00+08:00",
        units,
    )
    .await;
    walk.to("2018-09-04T15:00:00+08:00").await;
    let level = |level: &str, times: &str, found: &str, settled: &str| {
        row(&[
            ("层级", level),
            ("排查次数", times),
            ("排查出纠纷（件）", found),
            ("化解（件）", settled),
        ])
    };
    let worst = [level("镇街", "0", "0", "0")];
    let best = [
        level("镇街", "1", "3", "3"),
        level("村居", "26", "9", "9"),
        level("村民小组", "240", "14", "14"),
    ];
    reports(&walk, &Period::Month(2018, 8), (&worst, &best), &[]).await;
    walk.to("2018-09-30T17:00:00+08:00").await;
    insta::assert_snapshot!("zhanjiang-disputes", walk.page().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn xinhui_meetings() {
    let units = Units {
        silent: "市委宣传部",
        worst: "市供销社",
        best: "新会区统计局",
    };
    let walk = Walk::begin(
        &["xinhui-meetings"],
        "新会专题会议",
        "2022-06-28T09:00:00+08:00",
        units,
    )
    .await;
    walk.to("2022-07-07T15:00:00+08:00").await;
    let meeting = |day: &str, people: &str| {
        row(&[
            ("会议时间", day),
            ("主持人及职务", "王强局长"),
            ("参会人数", people),
            ("研究事项", &format!("{day}研究对口镇产业帮扶项目")),
            ("议定事项和落实情况", &format!("{day}议定安排帮扶资金，已拨付。")),
        ])
    };
    let worst = [meeting("2022年6月30日", "1")];
    let best = [meeting("2022年3月15日", "12"), meeting("2022年6月15日", "9")];
    reports(&walk, &Period::Half(2022, 1), (&worst, &best), &[]).await;
    walk.to("2022-07-31T17:00:00+08:00").await;
    insta::assert_snapshot!("xinhui-meetings", walk.page().await);
}
