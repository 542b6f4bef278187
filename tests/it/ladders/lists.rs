//! Lists kept on change: one has what expires.

use taizhang::domain::period::Period;

use super::fill::FILLED_BY;
use super::walk::{Units, Walk};
use crate::registers::any_form::{filled, listed};

#[tokio::test(flavor = "multi_thread")]
async fn hengli_contracts() {
    let units = Units {
        silent: "村头村",
        worst: "张坑村",
        best: "田坑村",
    };
    let walk = Walk::begin(
        &["hengli-contracts"],
        "横沥集体资产合同",
        "2018-11-05T09:00:00+08:00",
        units,
    )
    .await;
    walk.to("2018-11-13T15:00:00+08:00").await;
    let contract = |number: &str, end: &str, plan: &str| {
        [
            ("合同编号", number),
            ("资产名称", "商铺"),
            ("承租（包）方", "某某商行"),
            ("起始日期", "2014-01-01"),
            ("到期日期", end),
            ("到期处置意向", plan),
        ]
        .map(|(header, text)| (header, text.to_owned()))
        .to_vec()
    };
    let year = Period::Year(2018);
    // One comes to its end and nothing is planned; one is dealt with.
    let open = [
        contract("张2014-3", "2019-02-20", "待定"),
        contract("张2014-4", "2024-12-31", ""),
    ];
    let settled = [contract("田2014-1", "2019-02-20", "公开竞价")];
    for (unit, rows) in [(units.worst, &open[..]), (units.best, &settled[..])] {
        let bytes = listed(&walk.form(unit, &year), &FILLED_BY, rows);
        walk.accepted(unit, &format!("{unit}合同名单.xlsx"), &bytes).await;
    }
    // The year's confirmation: one by its tick, one not at all.
    walk.to("2019-01-29T15:00:00+08:00").await;
    let book = walk.form(units.best, &Period::Year(2019));
    let tick = [FILLED_BY[0], FILLED_BY[1], ("本期无变化", "是")];
    let bytes = filled(&book, &tick, |_, _| Vec::new());
    walk.accepted(units.best, "没有变动.xlsx", &bytes).await;
    walk.to("2019-03-08T17:00:00+08:00").await;
    insta::assert_snapshot!("hengli-contracts", walk.page().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn xinhui_teams() {
    let units = Units {
        silent: "三江镇",
        worst: "双水镇",
        best: "罗坑镇",
    };
    let walk = Walk::begin(
        &["xinhui-teams"],
        "新会工作队名册",
        "2022-03-01T09:00:00+08:00",
        units,
    )
    .await;
    walk.to("2022-03-08T15:00:00+08:00").await;
    let year = Period::Year(2022);
    for (unit, since) in [(units.worst, "2019-06-20"), (units.best, "2021-07-01")] {
        let book = walk.form(unit, &year);
        let first = std::cell::Cell::new(true);
        let bytes = filled(&book, &FILLED_BY, |_, _| {
            let mut row = vec![("派驻起始日", since.to_owned())];
            if first.replace(false) {
                let captain = [
                    ("是否队长", "是"),
                    ("政治面貌", "中共党员"),
                    ("职级", "副科级"),
                    ("出生年月日", "1980-05-01"),
                ];
                row.extend(captain.map(|(header, text)| (header, text.to_owned())));
            }
            row
        });
        walk.accepted(unit, &format!("{unit}名册.xlsx"), &bytes).await;
    }
    walk.to("2022-04-15T17:00:00+08:00").await;
    insta::assert_snapshot!("xinhui-teams", walk.page().await);
}
