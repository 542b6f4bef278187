use chrono::TimeZone;
use chrono_tz::Asia::Shanghai;

use super::*;
use crate::domain::calendar::Roll;
use crate::domain::fixture::wutang;

const SHIPPED: &str = include_str!("../../../templates/reasons.toml");

fn shipped() -> Calendar {
    Calendar::parse(include_str!("../../../templates/holidays.csv")).unwrap()
}

fn due_words(language: Language, roll: Roll, period: &str) -> String {
    let mut program = wutang();
    program.deadline.roll = roll;
    program.assumed.clear();
    let calendar = shipped();
    let due = program
        .due(&period.parse().unwrap(), &calendar, Shanghai)
        .unwrap();
    Reasons::parse(SHIPPED, language)
        .unwrap()
        .due(&program, &due, &calendar)
}

#[test]
fn a_due_date_says_how_it_came_about() {
    for (roll, period, words) in [
        (
            Roll::Postpone,
            "2024-11",
            "名义截止日2024年12月5日（星期四，期后第5日）是工作日，不作顺延",
        ),
        (
            Roll::Postpone,
            "2026-03",
            "名义截止日2026年4月5日（星期日，期后第5日），遇清明节放假，顺延至4月7日（星期二）",
        ),
        (
            Roll::Postpone,
            "2026-08",
            "名义截止日2026年9月5日（星期六，期后第5日），遇双休日，顺延至9月7日（星期一）",
        ),
        (
            Roll::Advance,
            "2026-04",
            "名义截止日2026年5月5日（星期二，期后第5日），遇劳动节放假，提前至4月30日（星期四）",
        ),
        (
            Roll::PostponeHolidayOnly,
            "2026-08",
            "名义截止日2026年9月5日（星期六，期后第5日），虽遇双休日，按规定不顺延",
        ),
        (
            Roll::Postpone,
            "2026-12",
            "名义截止日2027年1月5日（星期二，期后第5日）是工作日，不作顺延；\
             2027年放假安排尚未公布，按双休日和公历固定的法定节日推算，暂定",
        ),
    ] {
        assert_eq!(due_words(Language::Chinese, roll, period), words);
    }
    assert_eq!(
        due_words(Language::English, Roll::Postpone, "2026-03"),
        "nominally Sunday, 5 April 2026 (day 5 after the period), which is a public holiday \
         (Qingming Festival): moved on to Tuesday, 7 April"
    );
    assert!(
        due_words(Language::English, Roll::Postpone, "2026-12")
            .contains("provisional: the public holidays of 2027")
    );
}

#[test]
fn a_value_that_no_document_fixes_is_called_so() {
    let mut program = wutang();
    program.assumed = ["deadline.day".to_owned()].into();
    let calendar = shipped();
    let due = program
        .due(&"2024-11".parse().unwrap(), &calendar, Shanghai)
        .unwrap();
    let words = Reasons::parse(SHIPPED, Language::Chinese).unwrap();
    assert!(
        words
            .due(&program, &due, &calendar)
            .ends_with("；默认，非文件规定")
    );
}

/// One reason of every kind.
fn every_reason() -> Vec<Why> {
    let at = |day| Utc.with_ymd_and_hms(2024, 12, day, 1, 0, 0).unwrap();
    let arrival = Arrival {
        after: Some(at(4)),
        seen: at(6),
    };
    let text = String::from;
    let first = |arrived| Why::FirstArrival {
        arrival,
        arrived,
        due: at(5),
    };
    let corrected = |in_time| Why::Corrected {
        arrival,
        until: at(9),
        in_time,
    };
    let nil = |by_name| Why::Nil {
        file: text("本期无.txt"),
        by_name,
    };
    vec![
        Why::Exempt {
            reason: text("借调"),
            by: text("办公室"),
        },
        Why::Historic {
            due: at(5),
            go_live: at(8),
        },
        Why::Running {
            until: at(31).date_naive(),
        },
        Why::Awaited { due: at(5) },
        Why::Missing { due: at(5) },
        first(Arrived::InTime),
        first(Arrived::InDoubt),
        first(Arrived::Late),
        Why::AfterClose { close: at(16) },
        Why::Returned { at: at(6), times: 2 },
        Why::CorrectionOpen {
            until: at(9),
            provisional: true,
        },
        Why::CorrectionPassed { until: at(9) },
        corrected(true),
        corrected(false),
        Why::Accepted {
            version: 2,
            at: at(9),
        },
        Why::AcceptedByOffice {
            version: 1,
            by: text("办公室"),
            reason: text("情况属实"),
        },
        nil(true),
        nil(false),
        Why::Withdrawn { versions: vec![1, 3] },
    ]
}

#[test]
fn every_reason_is_worded_in_both_languages() {
    let chinese = Reasons::parse(SHIPPED, Language::Chinese).unwrap();
    let english = Reasons::parse(SHIPPED, Language::English).unwrap();
    let is_chinese = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    let mut lines = Vec::new();
    for reason in every_reason() {
        let one = chinese.why(std::slice::from_ref(&reason), Shanghai);
        assert!(!one.starts_with("why/") && one.contains(is_chinese), "{one}");
        lines.push(one);
        let one = english.why(std::slice::from_ref(&reason), Shanghai);
        assert!(!one.starts_with("why/"), "{one}");
        let own = matches!(
            reason,
            Why::Exempt { .. } | Why::AcceptedByOffice { .. } | Why::Nil { .. }
        );
        assert!(own || !one.contains(is_chinese), "{one}");
    }
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn a_text_from_outside_is_never_a_template() {
    let words = Reasons::parse(SHIPPED, Language::Chinese).unwrap();
    let reason = Why::Exempt {
        reason: "{{ 1 + 1 }}<b>".into(),
        by: String::new(),
    };
    assert_eq!(words.why(&[reason], Shanghai), "免报：{{ 1 + 1 }}<b>");
}

#[test]
fn mistakes_are_named_with_language_and_section() {
    for (from, to, named) in [
        ("weekend = \"双休日\"\n", "", "[zh-CN.due] 缺少 weekend"),
        ("[zh-CN.why]", "[zh-CN.wy]", "[zh-CN.why] 缺少 exempt"),
        ("免报：{{ reason }}", "免报：{{ reason", "[zh-CN.why] 的 exempt"),
        (
            "weekend = \"双休日\"",
            "weekend = \"双休日\"\nweekday = \"\"",
            "没有“weekday”",
        ),
    ] {
        assert!(SHIPPED.contains(from), "{from}");
        let problem = Reasons::parse(&SHIPPED.replacen(from, to, 1), Language::Chinese).unwrap_err();
        assert!(problem.contains(named), "{problem}");
    }
}
