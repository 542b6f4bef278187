//! The month of the samples, in short.

use std::collections::BTreeSet;

use super::{CONTACT, ledger, look, named};
use crate::domain::codes::Severity;
use crate::domain::finding::Verdict;
use crate::domain::period::Period;

/// One file of a month and what must come of it.
struct Sample {
    name: &'static str,
    leader: &'static str,
    rows: Vec<[&'static str; 8]>,
    verdict: Verdict,
    findings: &'static [(&'static str, &'static str)],
}

/// The month of the samples, in short.
#[allow(clippy::too_many_lines, reason = "a table of cases reads best in one piece")]
fn month() -> Vec<Sample> {
    let row = |date, place, solved| {
        [
            "1",
            date,
            place,
            "集体经济发展情况",
            "盘活闲置鱼塘",
            solved,
            CONTACT,
            "",
        ]
    };
    vec![
        Sample {
            name: "附件3：2024年11月乌塘镇领导开展“百千万工程”工作挂点调研台账（洪文泽）.xlsx",
            leader: "洪文泽",
            rows: vec![
                row(
                    "2024年11月5日",
                    "乌塘圩村",
                    "推动乌塘圩村解决问题1个：1.饮水管网漏损：已更换。",
                ),
                row("2024年11月5日", "边板村", "无"),
            ],
            verdict: Verdict::Accepted,
            findings: &[],
        },
        Sample {
            name: "吴垂超11月台账.xlsx",
            leader: "吴垂超",
            rows: vec![
                row("2024.11.13", "山口王村", "0"),
                row("2024/11/20", "湛川村", "0"),
                row("２０２４年１１月２７日", "山口王村", "无"),
            ],
            verdict: Verdict::Accepted,
            findings: &[],
        },
        Sample {
            name: "袁 庆11月台账.xlsx",
            leader: "袁 庆",
            rows: vec![row("2024年11月7日", "浩发村、外坡村", "1")],
            verdict: Verdict::AcceptedWithWarnings,
            findings: &[("several-places", "C6"), ("count-not-listed", "F6")],
        },
        Sample {
            name: "林强-2024年11月.xlsx",
            leader: "林强",
            rows: vec![
                row("2024年11月13日", "边板村", "0"),
                row("2024年11月13日", "边板村", "0"),
            ],
            verdict: Verdict::AcceptedWithWarnings,
            findings: &[("repeated-row", "B7")],
        },
        Sample {
            name: "罗养 2024年11月台账.xlsx",
            leader: "罗养",
            rows: vec![
                row("2023年11月12日", "山口陈村", "0"),
                row("2024年11月31日", "山口王村", "0"),
            ],
            verdict: Verdict::Returned,
            findings: &[("date-out-of-period", "B6"), ("date-impossible", "B7")],
        },
        Sample {
            name: "谭仁普2024年11月台账.xlsx",
            leader: "谭仁普",
            rows: vec![
                [
                    "1",
                    "2024年11月8日",
                    "安至塘村",
                    "xx村人居环境整治工作情况，与村干部座谈。",
                    "已清理",
                    "0",
                    CONTACT,
                    "",
                ],
                row("2024年XX月8日", "冷水村", "0"),
            ],
            verdict: Verdict::Returned,
            findings: &[("placeholder", "D6"), ("placeholder", "B7")],
        },
        Sample {
            name: "吴忠强2024年11月台账.xlsx",
            leader: "吴忠强",
            rows: vec![
                row("2024年11月14日", "塘沟村", "0"),
                row("2024年11月15日", "罗屋村", "0"),
            ],
            verdict: Verdict::Returned,
            findings: &[("place-not-assigned", "C7")],
        },
        Sample {
            name: "马陕燕2024年11月台账.xlsx",
            leader: "马陕燕",
            rows: vec![
                row(
                    "2024年11月18日",
                    "罗屋村",
                    "推动罗屋村解决问题3个：1.村道硬化：完成。2.校舍招租：挂网。",
                ),
                row("2024年11月22日", "车补塘村", "若干"),
                [
                    "3",
                    "2024年11月25日",
                    "扫手塘村",
                    "集体经济发展情况",
                    "盘活闲置鱼塘",
                    "0",
                    "",
                    "",
                ],
            ],
            verdict: Verdict::Returned,
            findings: &[
                ("count-mismatch", "F6"),
                ("count-unreadable", "F7"),
                ("required", "G8"),
            ],
        },
        Sample {
            name: "零报告-周景辉-2024年11月.xlsx",
            leader: "周景辉",
            rows: vec![["本期无", "", "", "", "", "", "", ""]],
            verdict: Verdict::Accepted,
            findings: &[],
        },
        Sample {
            name: "吴忠强陪同调研.xlsx",
            leader: "吴忠强",
            rows: vec![[
                "1",
                "2024年11月15日",
                "罗屋村",
                "陪同调研",
                "盘活闲置鱼塘",
                "0",
                CONTACT,
                "陪同区领导调研",
            ]],
            verdict: Verdict::Accepted,
            findings: &[("place-not-assigned", "C6")],
        },
        Sample {
            name: "罗养补报.xlsx",
            leader: "罗养",
            rows: vec![[
                "1",
                "2024年10月15日",
                "山口陈村",
                "人居环境整治",
                "已清理",
                "0",
                CONTACT,
                "补报10月",
            ]],
            verdict: Verdict::AcceptedWithWarnings,
            findings: &[("late-row", "B6")],
        },
    ]
}

#[test]
fn a_month_comes_out_as_expected() {
    let program = crate::domain::fixture::wutang();
    for sample in month() {
        let workbook = ledger(sample.leader, &sample.rows);
        let examination = look(&program, &named(sample.name), &workbook, &[]);
        let unit = examination.unit.as_deref().and_then(|id| program.roster.unit(id));
        assert_eq!(
            unit.unwrap().name,
            sample.leader.replace(' ', ""),
            "{}",
            sample.name
        );
        assert_eq!(
            examination.period,
            Some(Period::Month(2024, 11)),
            "{}",
            sample.name
        );
        let found: BTreeSet<(&str, String)> = examination
            .findings
            .iter()
            .filter(|finding| finding.severity() >= Severity::Warning)
            .map(|finding| (finding.code.as_str(), finding.cell().unwrap_or_default()))
            .collect();
        let expected = sample
            .findings
            .iter()
            .map(|(code, cell)| (*code, (*cell).to_owned()))
            .collect();
        assert_eq!(found, expected, "{}", sample.name);
        let explained = examination.findings.iter().any(|finding| finding.explained);
        let verdict = if explained {
            Verdict::AcceptedWithWarnings
        } else {
            sample.verdict
        };
        assert_eq!(examination.verdict, verdict, "{}", sample.name);
        let nil = sample.rows[0][0] == "本期无";
        assert_eq!(examination.nil, nil, "{}", sample.name);
        let rows = if nil { 0 } else { sample.rows.len() };
        assert_eq!(
            (examination.rows.len(), examination.row_count),
            (rows, Some(rows)),
            "{}",
            sample.name
        );
    }
}
