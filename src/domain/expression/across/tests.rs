//! What checks over all rows can say.

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn facts(rows: usize) -> Facts {
    let row = |place: usize| {
        Row::new(
            place,
            [
                ("name".to_owned(), Value::Text(format!("干部{place}"))),
                ("town".to_owned(), Value::Text(format!("镇{}", place % 11))),
                ("points".to_owned(), Value::Number(Decimal::from(place % 7))),
                (
                    "birth".to_owned(),
                    if place == 3 {
                        Value::Empty
                    } else {
                        Value::Date(day("1980-06-15"))
                    },
                ),
            ],
        )
    };
    Facts {
        rows: (0..rows).map(row).collect(),
        unit: "会城街道办".into(),
        span: (day("2022-01-01"), day("2022-12-31")),
    }
}

fn holds(expression: &str) -> Result<bool, String> {
    Check::new(expression, None)?.holds(&facts(22))
}

#[test]
fn checks_see_rows_unit_and_period() {
    for (expression, expected) in [
        ("count(rows) == 22", true),
        ("count(rows) >= 23", false),
        ("count(rows, |r| r.town == \"镇0\") == 2", true),
        ("sum(rows, \"points\") == 63", true),
        ("any(rows, |r| r.birth == ())", true),
        ("all(rows, |r| r.birth != ())", false),
        ("count(distinct(rows, \"town\")) == 11", true),
        ("all(group(rows, \"town\"), |g| count(g) == 2)", true),
        ("all(rows, |r| r.birth == () || age(r.birth, end) < 50)", true),
        ("months_between(start, end) == 11 && start < end", true),
        ("unit == \"会城街道办\"", true),
        (
            "if unit == \"会城街道办\" { count(rows) > 1 } else { true }",
            true,
        ),
        ("end.year == 2022 && end.month == 12", true),
    ] {
        assert_eq!(holds(expression), Ok(expected), "{expression}");
    }
}

#[test]
fn what_can_not_be_evaluated_says_why() {
    for (expression, word) in [
        ("count(rows", "写法有误"),
        ("count(rows)", "成立"),
        ("any(rows, |r| r.nmae == \"x\")", "nmae"),
        ("cuont(rows) > 1", "cuont"),
        ("sum(rows, \"name\") > 1", "不能相加"),
        ("let x = 1; x == 1", "let"),
        ("while true {}", "while"),
    ] {
        let error = holds(expression).unwrap_err();
        assert!(error.contains(word), "{expression}: {error}");
    }
}

#[test]
fn ages_and_months_are_whole() {
    for (from, to, months) in [
        ("2020-01-31", "2020-02-29", 0),
        ("2020-01-31", "2020-03-31", 2),
        ("2020-03-01", "2023-02-28", 35),
        ("2020-03-01", "2023-03-01", 36),
        ("2023-03-01", "2020-03-01", -36),
        ("2020-03-15", "2020-03-14", 0),
    ] {
        assert_eq!(months_between(day(from), day(to)), months, "{from} {to}");
    }
}

#[test]
fn rows_are_marked_where_the_check_says() {
    let facts = facts(22);
    let at = |at: &str| Check::new("false", Some(at)).unwrap().marked(&facts);
    assert_eq!(at("rows.filter(|r| r.birth == ())"), Ok(Some(vec![3])));
    assert_eq!(at("rows[4]"), Ok(Some(vec![4])));
    assert_eq!(at("repeated(rows, \"name\")"), Ok(Some(Vec::new())));
    assert_eq!(at("repeated(rows, \"birth\")").unwrap().unwrap().len(), 21);
    assert!(at("count(rows)").is_err());
    assert_eq!(Check::new("false", None).unwrap().marked(&facts), Ok(None));
}

#[test]
fn a_check_holds_for_a_long_list() {
    let facts = facts(20_000);
    for expression in [
        "count(rows, |r| r.points > 3) > 0 && all(rows, |r| r.name != ())",
        "count(distinct(rows, \"name\")) == 20000",
        "all(group(rows, \"town\"), |g| count(g) > 1800)",
        "rows.filter(|r| r.birth == ()).len() == 1",
    ] {
        let check = Check::new(expression, None).unwrap();
        assert_eq!(check.holds(&facts), Ok(true), "{expression}");
    }
}
