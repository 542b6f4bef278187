//! What each shipped programme asks for, counted in what lies on the share and
//! in what `status` prints: forms, rows, items, who leads them, which wait for
//! a decision, and by when.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use taizhang::domain::period::Period;

use crate::harness::{TestSite, live, names, read};
use crate::registers::any_form::lines;

/// A period of a programme, and what it comes to.
struct Case {
    /// With now, when its forms lie ready.
    now: &'static str,
    period: &'static str,
    due: &'static str,
    /// Units that owe it; of a programme with forms each has one.
    units: usize,
    /// Rows that stand ready in the forms, figures (量化指标) left out.
    rows: usize,
    /// Items that somebody owes, figures left out.
    items: usize,
    /// Items that nobody is known to lead, figures left out.
    undecided: usize,
    /// Rows of units that are named.
    of: &'static [(&'static str, usize)],
}

/// Runs a programme through its cases.
async fn comes_to(program: &str, below: &'static str, cases: &[Case]) {
    let site = TestSite::shipped(&[program], below, &at(cases[0].now), |root| {
        live(root, program);
    })
    .await;
    for case in cases {
        site.at(&at(case.now)).run().await;
        let own = site.site.program(program).unwrap();
        let about = format!("{program} {}", case.period);
        if own.material.has_rows() {
            let forms = forms(&site, &case.period.parse().unwrap());
            assert_eq!(forms.len(), case.units, "{about}: {:?}", forms.keys());
            assert_eq!(forms.values().sum::<usize>(), case.rows, "{about}: {forms:?}");
            for (unit, rows) in case.of {
                assert_eq!(forms.get(*unit), Some(rows), "{about} {unit}");
            }
        }
        let status = status(site.root(), case.now, program, case.period);
        assert_eq!(&status["due"].as_str().unwrap()[..10], case.due, "{about}");
        assert_eq!(status["units"].as_array().unwrap().len(), case.units, "{about}");
        let items: Vec<&Value> = status["items"].as_array().into_iter().flatten().collect();
        let tasks = items.iter().filter(|item| item["figure"] == false);
        // Parts of an item (湛江44、45) have its number and its name.
        let in_state = |state: &str| -> BTreeSet<(&str, &str)> {
            let own = tasks.clone().filter(|item| item["state"] == state);
            own.map(|item| (item["number"].as_str().unwrap(), item["name"].as_str().unwrap()))
                .collect()
        };
        let (owed, undecided) = (in_state("missing"), in_state("undecided"));
        assert_eq!(owed.len(), case.items, "{about}");
        assert_eq!(undecided.len(), case.undecided, "{about}: {undecided:?}");
    }
}

fn at(day: &str) -> String {
    format!("{day}T09:00:00+08:00")
}

/// Rows in the form of each unit that has one for a period, by the unit's folder.
fn forms(site: &TestSite, period: &Period) -> BTreeMap<String, usize> {
    let label = match period {
        Period::Year(year) => format!("{year}年"),
        other => other.label(),
    };
    let mut found = BTreeMap::new();
    for unit in site.names("") {
        let folder = format!("{unit}/本期填报表");
        let forms = site.names(&folder);
        let forms = forms
            .iter()
            .filter(|name| name.starts_with(&label) && name.ends_with("）.xlsx"));
        for form in forms {
            let book = read(&site.share(&format!("{folder}/{form}")));
            let sheets = names(&book).into_iter().filter(|name| *name != "量化指标");
            let rows = sheets.map(|sheet| {
                let given = lines(&book, sheet);
                given
                    .iter()
                    .filter(|line| line.cells.len() > 1 && line.cells["序号"] != "例")
                    .count()
            });
            found.insert(unit.clone(), rows.sum());
        }
    }
    found
}

/// What the command prints.
fn status(root: &Path, now: &str, program: &str, period: &str) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_taizhang"))
        .current_dir(root)
        .args(["--now", &at(now), "status", "--format", "json"])
        .args(["--program", program, "--period", period])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {period}: {said}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn hengli() {
    let quarter = |now, period, due| Case {
        now,
        period,
        due,
        units: 24 + 3,
        rows: 44 + 9 + 9 + 10,
        items: 36,
        undecided: 0,
        of: &[
            ("农林水务局", 11),
            ("村头村", 10),
            ("张坑村", 9),
            ("公用事业服务中心", 4),
            ("旅游办", 1),
        ],
    };
    let cases = [
        quarter("2018-12-27", "2018-Q4", "2019-01-07"),
        quarter("2019-01-02", "2019-Q1", "2019-04-08"),
    ];
    comes_to("hengli-tasks", "横沥乡村振兴台账", &cases).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hengli_once() {
    let milestone = |period, due, units| Case {
        now: "2018-11-15",
        period,
        due,
        units,
        rows: 0,
        items: 0,
        undecided: 0,
        of: &[],
    };
    let cases = [
        milestone("docs", "2018-12-31", 24),
        milestone("meeting", "2018-10-31", 3),
        milestone("midterm", "2019-12-31", 0),
        milestone("accept", "2020-12-31", 0),
    ];
    comes_to("hengli-milestones", "横沥一次性报送", &cases).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hengli_lists() {
    let year = |now, period, due| Case {
        now,
        period,
        due,
        units: 3,
        rows: 0,
        items: 0,
        undecided: 0,
        of: &[],
    };
    let cases = [
        year("2018-11-05", "2018", "2018-11-19"),
        year("2019-01-02", "2019", "2019-01-31"),
    ];
    comes_to("hengli-contracts", "横沥集体资产合同", &cases).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn qianshui() {
    let month = |now, period, due| Case {
        now,
        period,
        due,
        units: 7,
        rows: 27,
        items: 26,
        // No. 2, of the 农业办.
        undecided: 1,
        of: &[
            ("农业农村办", 8),
            ("规划办", 7),
            ("公共服务办", 5),
            ("党建办", 3),
            ("纪检监察办", 2),
            ("综治办", 1),
            ("应急办", 1),
        ],
    };
    let cases = [
        month("2023-05-04", "2023-05", "2023-05-25"),
        month("2023-06-01", "2023-06", "2023-06-25"),
    ];
    comes_to("qianshui-tasks", "浅水任务台账", &cases).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn xinhui() {
    let quarter = |now, period, due| Case {
        now,
        period,
        due,
        units: 20,
        rows: 42,
        items: 42,
        undecided: 9,
        of: &[
            ("区农业农村局(乡村振兴局)", 15),
            ("区委组织部", 4),
            ("区民政局", 3),
            ("区人力资源社会保障局", 3),
            ("区财政局", 2),
            ("区水利局", 1),
        ],
    };
    let cases = [
        quarter("2022-03-25", "2022-Q1", "2022-04-11"),
        quarter("2022-04-01", "2022-Q2", "2022-07-11"),
    ];
    comes_to("xinhui-tasks", "新会重点工作台账", &cases).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn xinhui_others() {
    let case = |now, period, due, units, rows| Case {
        now,
        period,
        due,
        units,
        rows,
        items: 0,
        undecided: 0,
        of: &[],
    };
    let teams = [
        case("2022-03-01", "2022", "2022-03-15", 11, 75),
        case("2023-01-03", "2023", "2023-01-31", 11, 75),
    ];
    comes_to("xinhui-teams", "新会工作队名册", &teams).await;
    let meetings = [
        case("2022-03-01", "2022-H1", "2022-07-11", 9 + 11, 0),
        case("2022-07-01", "2022-H2", "2023-01-10", 9 + 11, 0),
    ];
    comes_to("xinhui-meetings", "新会专题会议", &meetings).await;
    let reports = [
        case("2023-01-03", "2022", "2023-01-31", 11, 0),
        case("2024-01-03", "2023", "2024-01-31", 11, 0),
    ];
    comes_to("xinhui-reports", "新会年度报告", &reports).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wutang() {
    let half = |now, period, due, units, each| Case {
        now,
        period,
        due,
        units,
        rows: units * each,
        items: each,
        undecided: 0,
        of: &[],
    };
    let list = [
        half("2024-12-26", "2024-H2", "2025-01-10", 13, 16),
        half("2025-01-02", "2025-H1", "2025-07-10", 13, 16),
    ];
    comes_to("wutang-checklist", "乌塘工作清单", &list).await;
    let month = |now, period, due| half(now, period, due, 13, 0);
    let visits = [
        month("2024-11-26", "2024-11", "2024-12-05"),
        month("2024-12-02", "2024-12", "2025-01-06"),
    ];
    comes_to("wutang-visits", "乌塘挂点台账", &visits).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wutang_points() {
    let half = |now, period, due| Case {
        now,
        period,
        due,
        units: 34,
        rows: 34 * (25 + 8),
        items: 25 + 8,
        undecided: 0,
        of: &[("乌塘圩村", 25 + 8)],
    };
    let points = [
        half("2024-12-26", "2024-H2", "2025-01-10"),
        half("2025-01-02", "2025-H1", "2025-07-10"),
    ];
    comes_to("wutang-scores", "乌塘典型村评价", &points).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn zhanjiang() {
    let cases = [
        Case {
            now: "2018-09-27",
            period: "2018-Q3",
            due: "2018-10-10",
            units: 16,
            rows: 81,
            items: 75,
            // 41 in all: 39 that name no lead, 40 and 99; one is over before it begins.
            undecided: 40,
            of: &[("区农业局", 22), ("区委组织部", 18), ("区人口局", 10)],
        },
        Case {
            now: "2019-01-02",
            period: "2019-Q1",
            due: "2019-04-10",
            units: 15,
            rows: 71,
            items: 70,
            undecided: 38,
            of: &[("区农业局", 20), ("区委组织部", 18), ("区人口局", 9)],
        },
        Case {
            now: "2020-01-02",
            period: "2020-Q1",
            due: "2020-04-10",
            units: 14,
            rows: 68,
            items: 67,
            undecided: 38,
            of: &[("区农业局", 19), ("区委组织部", 18), ("区人口局", 9)],
        },
    ];
    comes_to("zhanjiang-tasks", "湛江经开区任务台账", &cases).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn zhanjiang_others() {
    let case = |now, period, due, units| Case {
        now,
        period,
        due,
        units,
        rows: 0,
        items: 0,
        undecided: 0,
        of: &[],
    };
    let plans = [case("2018-07-18", "plans", "2018-07-25", 35)];
    comes_to("zhanjiang-plans", "湛江经开区实施方案", &plans).await;
    let disputes = [
        case("2018-08-01", "2018-08", "2018-09-05", 4),
        case("2018-09-03", "2018-09", "2018-10-08", 4),
    ];
    comes_to("zhanjiang-disputes", "湛江经开区矛盾排查", &disputes).await;
}
