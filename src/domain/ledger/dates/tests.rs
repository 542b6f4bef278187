use super::*;
use crate::domain::ledger::placeholder;
use proptest::prelude::*;

fn date(text: &str) -> NaiveDate {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap()
}

fn november() -> (NaiveDate, NaiveDate) {
    (date("2024-11-01"), date("2024-11-30"))
}

fn read(text: &str) -> DateReading {
    read_dates(&Value::Text(text.into()), Shown::Plain, november())
}

fn written(reading: &DateReading) -> String {
    let spans: Vec<String> = reading
        .spans
        .iter()
        .map(|span| {
            if span.from == span.to {
                span.from.to_string()
            } else {
                format!("{}..{}", span.from, span.to)
            }
        })
        .collect();
    spans.join(";")
}

#[test]
fn every_sample_reads_as_listed() {
    let mut reader =
        csv::Reader::from_reader(include_str!("../../../../tests/data/date_samples.csv").as_bytes());
    for record in reader.records() {
        let record = record.unwrap();
        let (raw, parsed, days, expected) = (&record[0], &record[1], &record[2], &record[3]);
        // Blank, example and placeholder cells never reach the date reader.
        if matches!(raw, "" | "/" | "例") || placeholder(raw).is_some() {
            assert!(
                ["required:error", "skip", "placeholder:error"].contains(&expected),
                "{raw}"
            );
            continue;
        }
        let reading = read(raw);
        assert_eq!(written(&reading), parsed, "{raw}");
        let count: usize = {
            let mut all: Vec<_> = reading.spans.iter().flat_map(|span| span.days()).collect();
            all.sort();
            all.dedup();
            all.len()
        };
        assert_eq!(count.to_string(), days, "{raw}");
        let outside = reading
            .spans
            .iter()
            .any(|span| span.from < november().0 || span.to > november().1);
        let code = match &reading.problem {
            Some(DateProblem::Ambiguous { .. }) => "date-ambiguous:error",
            Some(DateProblem::Unreadable) => "date-unreadable:error",
            Some(DateProblem::Impossible { .. }) => "date-impossible:error",
            None if outside => "date-out-of-period:error",
            None if reading.year_assumed.is_some() => "date-year-assumed:warning",
            None if expected == "date-on-holiday:info" => expected,
            None => "ok",
        };
        assert_eq!(code, expected, "{raw}");
    }
}

#[test]
fn numbers_and_real_dates_are_dates() {
    let at = date("2024-11-05").and_hms_opt(8, 0, 0).unwrap();
    assert_eq!(
        written(&read_dates(&Value::Date(at), Shown::Plain, november())),
        "2024-11-05"
    );
    assert_eq!(
        written(&read_dates(&Value::Number(45601.0), Shown::Plain, november())),
        "2024-11-05"
    );
    assert_eq!(
        written(&read_dates(&Value::Number(11.5), Shown::Plain, november())),
        "2024-11-05"
    );
    assert_eq!(
        written(&read_dates(
            &Value::Number(20_241_105.0),
            Shown::Plain,
            november()
        )),
        "2024-11-05"
    );
}

#[test]
fn a_range_over_new_year_runs_on() {
    assert_eq!(
        written(&read("2024年12月30日-2025年1月2日")),
        "2024-12-30..2025-01-02"
    );
    assert_eq!(written(&read("2024年12月30日至1月2日")), "2024-12-30..2025-01-02");
    assert_eq!(read("2024年11月6日-5日").problem, Some(DateProblem::Unreadable));
    assert_eq!(written(&read("2024-11-05至2024-11-07")), "2024-11-05..2024-11-07");
    assert_eq!(written(&read("11.5-11.6")), "2024-11-05..2024-11-06");
    assert_eq!(written(&read("24-11-5")), "2024-11-05");
}

#[test]
fn a_fill_date_is_one_whole_date() {
    assert_eq!(read_date("2024年12月2日"), Some(date("2024-12-02")));
    assert_eq!(read_date("12月2日"), None);
    assert_eq!(read_date("2024年12月"), None);
}

proptest! {
    #[test]
    fn no_text_breaks_it(text in ".*") {
        let _ = read(&text);
    }

    #[test]
    fn no_dateish_text_breaks_it(text in "[0-9年月日、至\\-/.一十〇 :（）,]{0,40}") {
        let _ = read(&text);
    }

    #[test]
    fn a_written_range_reads_back(from in 0u64..20_000, length in 1u64..300) {
        let from = date("1990-01-01") + Days::new(from);
        let to = from + Days::new(length);
        let text = format!("{}年{}月{}日至{}年{}月{}日", from.year(), from.month(), from.day(), to.year(), to.month(), to.day());
        prop_assert_eq!(read(&text).spans, vec![DateSpan { from, to }]);
    }
}

#[test]
fn what_stands_beside_a_date_says_nothing_about_the_day() {
    for (text, days) in [
        ("2024年11月5日。", "2024-11-05"),
        ("2024.11.5.", "2024-11-05"),
        ("（2024年11月5日）", "2024-11-05"),
        ("2024-11-5 AM", "2024-11-05"),
        ("2024-11-05T00:00:00", "2024-11-05"),
        ("2024-11-05T08:30:00.000Z", "2024-11-05"),
        ("2024-11-05T08:30+08:00", "2024-11-05"),
        ("2024年11月5日星期二上午9时", "2024-11-05"),
        ("2024年11月5日上午9时30分至11时", "2024-11-05"),
        ("2024年11月5日 9:00-11:30", "2024-11-05"),
        ("2024年11月5日下午三点半", "2024-11-05"),
        ("2024年11月5日（周二）", "2024-11-05"),
        ("2024年11月5日至7日共3天", "2024-11-05..2024-11-07"),
        ("2024年11月5日至7日，共三天", "2024-11-05..2024-11-07"),
        ("2024年11月5日/7日", "2024-11-05;2024-11-07"),
        ("2024年11月5日/11月7日", "2024-11-05;2024-11-07"),
        ("2024年11月5日 7日 12日", "2024-11-05;2024-11-07;2024-11-12"),
        ("2024.11.5/2024.11.8", "2024-11-05;2024-11-08"),
        ("2024年11月5日。2024年11月8日。", "2024-11-05;2024-11-08"),
        ("2024 11 19", "2024-11-19"),
        ("2024 年 11 月 19 日", "2024-11-19"),
        ("2024年⼗⼀⽉五⽇", "2024-11-05"),
    ] {
        let reading = read(text);
        assert_eq!(
            (written(&reading).as_str(), reading.year_assumed),
            (days, None),
            "{text}"
        );
    }
    for text in [
        "9时",
        "上午",
        "共3天",
        "11 5",
        "2024/11/5/7",
        "。",
        "(",
        "2024年11月5日 若干",
    ] {
        assert!(read(text).problem.is_some(), "{text}");
    }
}

#[test]
fn a_number_that_lost_its_nought_is_asked_about() {
    let ambiguous = |first: &str, second: &str| {
        Err(DateProblem::Ambiguous {
            first: date(first),
            second: date(second),
        })
    };
    let week = (date("2024-11-18"), date("2024-11-24"));
    for (number, shown, span, expected) in [
        (11.1, Shown::Decimals(2), november(), Ok("2024-11-10")),
        (11.05, Shown::Decimals(2), november(), Ok("2024-11-05")),
        (
            11.1,
            Shown::Plain,
            november(),
            ambiguous("2024-11-01", "2024-11-10"),
        ),
        (
            11.2,
            Shown::Unknown,
            november(),
            ambiguous("2024-11-02", "2024-11-20"),
        ),
        (
            11.3,
            Shown::Plain,
            november(),
            ambiguous("2024-11-03", "2024-11-30"),
        ),
        (11.2, Shown::Plain, week, Ok("2024-11-02")),
        (11.2, Shown::Unknown, week, ambiguous("2024-11-02", "2024-11-20")),
        (11.15, Shown::Plain, november(), Ok("2024-11-15")),
        (11.5, Shown::Unknown, november(), Ok("2024-11-05")),
        (2.3, Shown::Plain, november(), Ok("2025-02-03")),
    ] {
        let reading = read_dates(&Value::Number(number), shown, span);
        let found = match &reading.problem {
            None => Ok(written(&reading)),
            Some(problem) => Err(problem.clone()),
        };
        assert_eq!(found, expected.map(str::to_owned), "{number} {shown:?}");
    }
}

#[test]
fn a_day_is_read_whatever_the_period() {
    let day = |text: &str| read_day(&Value::Text(text.into())).map(|day| day.to_string());
    for (text, expected) in [
        ("2019年3月1日", Some("2019-03-01")),
        ("2019-03-01", Some("2019-03-01")),
        ("2019.3.1", Some("2019-03-01")),
        ("２０１９/３/１", Some("2019-03-01")),
        ("20190301", Some("2019-03-01")),
        ("1985年3月", Some("1985-03-01")),
        ("1985.03", Some("1985-03-01")),
        ("198503", Some("1985-03-01")),
        ("3月1日", None),
        ("2019年13月1日", None),
        ("长期", None),
        ("13800000000", None),
    ] {
        assert_eq!(day(text).as_deref(), expected, "{text}");
    }
    assert_eq!(
        read_day(&Value::Number(43_525.0)).unwrap().to_string(),
        "2019-03-01"
    );
}
