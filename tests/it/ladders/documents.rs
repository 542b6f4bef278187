//! Documents: one hands in a file that isn't one.

use super::walk::{Units, Walk};

#[tokio::test(flavor = "multi_thread")]
async fn zhanjiang_plans() {
    let units = Units {
        silent: "区编办",
        worst: "区法院",
        best: "区教育局",
    };
    let walk = Walk::begin(
        &["zhanjiang-plans"],
        "湛江经开区实施方案",
        "2018-07-18T09:00:00+08:00",
        units,
    )
    .await;
    walk.to("2018-07-24T15:00:00+08:00").await;
    walk.hand_in(units.worst, "实施方案.pdf", b"").await;
    walk.accepted(units.best, "区教育局实施方案.pdf", b"%PDF-1.4 plan")
        .await;
    walk.to("2018-08-31T17:00:00+08:00").await;
    insta::assert_snapshot!("zhanjiang-plans", walk.page().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn hengli_milestones() {
    let units = Units {
        silent: "旅游办",
        worst: "财政分局",
        best: "公安分局",
    };
    let walk = Walk::begin(
        &["hengli-milestones"],
        "横沥一次性报送",
        "2018-11-15T09:00:00+08:00",
        units,
    )
    .await;
    walk.to("2018-12-26T15:00:00+08:00").await;
    walk.hand_in(units.worst, "配套文件.docx", b"").await;
    walk.accepted(units.best, "公安分局配套文件.pdf", b"%PDF-1.4 plan")
        .await;
    walk.to("2019-01-31T17:00:00+08:00").await;
    // What the office does itself.
    walk.to("2020-12-31T17:00:00+08:00").await;
    insta::assert_snapshot!("hengli-milestones", walk.page().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn xinhui_reports_and_the_districts() {
    let units = Units {
        silent: "大鳌镇",
        worst: "双水镇",
        best: "三江镇",
    };
    let walk = Walk::begin(
        &["xinhui-reports", "xinhui-district-report"],
        "新会年度报告",
        "2023-01-03T09:00:00+08:00",
        units,
    )
    .await;
    walk.to("2023-01-30T15:00:00+08:00").await;
    walk.hand_in(units.worst, "双水镇年度报告.pdf", b"").await;
    walk.accepted(units.best, "三江镇2022年年度报告.pdf", b"%PDF-1.4 report")
        .await;
    walk.to("2023-03-20T17:00:00+08:00").await;
    insta::assert_snapshot!("xinhui-reports", walk.page().await);
}
