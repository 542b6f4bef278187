//! Figures that measure items, and units that lag behind for several periods.

use taizhang::domain::finding::Verdict;
use taizhang::domain::letters::LetterState;

use super::any_form::{Line, filled, lines};
use crate::harness::{TestSite, cells, names, read};

const FILLED_BY: [(&str, &str); 2] = [("填报人", "李明"), ("联系电话", "0759-2966123")];

/// A line of Zhanjiang's form, with a share of what the year wants of a figure.
fn report<'h>(sheet: &str, line: &Line, share: f64) -> Vec<(&'h str, String)> {
    let number = &line.cells["序号"];
    if sheet == "量化指标" {
        let wanted = line.cells.get("本年要求").map_or("", String::as_str);
        let wanted: f64 = wanted.trim_start_matches('≥').parse().unwrap_or(2.0);
        return vec![("本期累计", format!("{}", wanted * share))];
    }
    vec![
        (
            "本季度完成情况",
            format!("第{number}项按年度计划完成{}成工作，已报市备案。", share * 10.0),
        ),
        ("进度状态", "推进中".to_owned()),
        ("填报人及电话", "李明0759-2966123".to_owned()),
    ]
}

fn quarter(site: &TestSite, unit: &str, quarter: &str) -> taizhang::domain::table::Workbook {
    read(&site.share(&format!("{unit}/本期填报表/{quarter}任务进度台账（{unit}）.xlsx")))
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_are_reported_beside_their_items_and_shown_against_their_pace() {
    let site = TestSite::running(
        "zhanjiang-tasks",
        "湛江经开区任务台账",
        "2018-10-08T09:00:00+08:00",
    )
    .await;
    site.run().await;
    site.run().await;
    site.run().await;
    let unit = "区交通局";
    let book = quarter(&site, unit, "2018年第三季度");
    assert_eq!(
        (lines(&book, "任务进度台账").len(), lines(&book, "量化指标").len()),
        (5, 2)
    );
    // Who leads nothing that is measured isn't asked for figures.
    let other = quarter(&site, "区旅游局", "2018年第三季度");
    assert!(!names(&other).contains(&"量化指标"));

    // A figure is missing: the whole goes back, and the copy waits for it.
    let gap = filled(&book, &FILLED_BY, |sheet, line| {
        let left_out = sheet == "量化指标" && line.cells["序号"] == "45";
        if left_out {
            Vec::new()
        } else {
            report(sheet, line, 0.5)
        }
    });
    site.drop_file(&format!("{unit}/三季度.xlsx"), &gap);
    site.run().await;
    assert_eq!(site.verdict("三季度.xlsx").await, Verdict::Returned);
    assert!(
        site.codes().await.contains(&"item-missing"),
        "{:?}",
        site.codes().await
    );
    site.drop_file(
        &format!("{unit}/三季度更正.xlsx"),
        &filled(&book, &FILLED_BY, |sheet, line| report(sheet, line, 0.5)),
    );
    site.run().await;
    assert!(
        site.last().await.verdict.is_accepted(),
        "{:?}",
        site.codes().await
    );

    let farming = "区农业局";
    let last = quarter(&site, farming, "2018年第三季度");
    site.drop_file(
        &format!("{farming}/三季度.xlsx"),
        &filled(&last, &FILLED_BY, |sheet, line| report(sheet, line, 0.5)),
    );
    site.run().await;

    // The next quarter: levels may fall, the sum of a year may not.
    site.at("2019-01-08T09:00:00+08:00").run().await;
    site.run().await;
    let book = quarter(&site, farming, "2018年第四季度");
    site.drop_file(
        &format!("{farming}/四季度.xlsx"),
        &filled(&book, &FILLED_BY, |sheet, line| report(sheet, line, 0.3)),
    );
    site.run().await;
    let codes = site.codes().await;
    let falls = codes.iter().filter(|code| **code == "below-last-period").count();
    assert_eq!(falls, 2, "31 and 33 add up over the year: {codes:?}");

    let master = read(
        &site
            .site
            .options
            .output
            .join("湛江经开区任务台账/2018-Q3/汇总台账（定稿）.xlsx"),
    );
    let sheet = cells(&master, "量化指标");
    let row = |name: &str| {
        let (cell, _) = sheet
            .iter()
            .find(|(cell, text)| cell.starts_with('C') && *text == name)
            .expect(name);
        ["H", "I", "J", "K"].map(|column| {
            sheet
                .get(&format!("{column}{}", &cell[1..]))
                .cloned()
                .unwrap_or_default()
        })
    };
    assert_eq!(row("造林更新"), ["500", "750", "25", "黄灯"]);
    // A level without last year's requirement is judged at the end of the year.
    assert_eq!(row("通客运班车站点建候车亭"), ["45", "", "", ""]);
    // What is measured stands on its own sheet only.
    let items = cells(&master, "任务清单");
    assert!(items.values().all(|text| text != "造林更新"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_lags_or_is_silent_for_two_periods_is_proposed_for_a_talk_and_for_three_for_criticism() {
    let site = TestSite::running("qianshui-tasks", "浅水任务台账", "2023-05-04T09:00:00+08:00").await;
    let hand_in = async |unit: &str, month: &str, status: &'static str| {
        let book = read(&site.share(&format!("{unit}/本期填报表/{month}任务推进台账（{unit}）.xlsx")));
        let bytes = filled(&book, &FILLED_BY, |_, line| {
            let number = &line.cells["序号"];
            let mut said = vec![
                (
                    "本月进展情况",
                    format!("{month}第{number}项完成现场踏勘，形成初步方案。"),
                ),
                ("完成率(%)", "30".to_owned()),
                ("进度状态", status.to_owned()),
                ("下一步措施及完成时限", "年底前完成。".to_owned()),
            ];
            if status == "滞后" {
                said.push(("存在问题", "用地没有落实。".to_owned()));
            }
            said
        });
        site.drop_file(&format!("{unit}/{month}.xlsx"), &bytes);
        site.run().await;
        assert!(
            site.last().await.verdict.is_accepted(),
            "{:?}",
            site.codes().await
        );
    };
    let drafts = async |word: &str| -> Vec<String> {
        let drafts = site.site.store.letters(&[LetterState::Draft]).await.unwrap();
        let own = drafts
            .into_iter()
            .filter(|letter| letter.text.subject.contains(word));
        own.map(|letter| format!("{}\n{}", letter.text.subject, letter.text.text))
            .collect()
    };
    for _ in 0..3 {
        site.run().await;
    }
    // 规划办 lags in May and June and is silent in July; 综治办 is silent all along;
    // 应急办 lags in May only.
    hand_in("规划办", "2023年5月", "滞后").await;
    hand_in("应急办", "2023年5月", "滞后").await;
    site.at("2023-06-07T10:00:00+08:00").run().await;
    assert_eq!(drafts("约谈").await, Vec::<String>::new());
    for _ in 0..3 {
        site.run().await;
    }
    hand_in("规划办", "2023年6月", "滞后").await;
    hand_in("应急办", "2023年6月", "推进中").await;
    for now in ["2023-07-03T10:00:00+08:00", "2023-07-10T10:00:00+08:00"] {
        site.at(now).run().await;
        site.run().await;
    }
    let talks = drafts("约谈").await;
    let about = |letters: &[String], unit: &str| letters.iter().any(|text| text.contains(unit));
    assert!(about(&talks, "规划办") && about(&talks, "综治办"), "{talks:?}");
    assert!(!about(&talks, "应急办"), "{talks:?}");
    let text = talks.iter().find(|text| text.contains("对象：规划办")).unwrap();
    assert!(
        text.contains("2023年5月第3项") && text.contains("2023年6月第3项"),
        "{text}"
    );
    let silent = talks.iter().find(|text| text.contains("对象：综治办")).unwrap();
    assert!(silent.contains("2023年5月未报送；2023年6月未报送"), "{silent}");
    assert_eq!(drafts("通报批评").await, Vec::<String>::new());
    for now in ["2023-08-02T10:00:00+08:00", "2023-08-09T10:00:00+08:00"] {
        site.at(now).run().await;
        site.run().await;
    }
    let criticised = drafts("通报批评").await;
    assert!(
        about(&criticised, "规划办") && about(&criticised, "综治办"),
        "{criticised:?}"
    );
    let text = criticised
        .iter()
        .find(|text| text.contains("对象：规划办"))
        .unwrap();
    assert!(text.contains("2023年7月未报送"), "{text}");
}
