//! Cells that hold a decimal number.

use std::borrow::Cow;

use rust_decimal::Decimal;

use super::NumberReading;
use super::measure::{converted, unit_of};
use crate::domain::table::{Shown, Value};
use crate::domain::text::{half_width, numeral, without_spaces};

/// Words after a number that say what is counted. A bare 万 or 亿 is none of
/// them: it changes the number, and the column alone doesn't say how.
const UNITS: [&str; 46] = [
    "个",
    "元",
    "万元",
    "亿元",
    "人",
    "户",
    "次",
    "家",
    "场",
    "亩",
    "公里",
    "千米",
    "米",
    "平方米",
    "立方米",
    "处",
    "条",
    "项",
    "件",
    "宗",
    "间",
    "座",
    "吨",
    "公斤",
    "斤",
    "名",
    "份",
    "册",
    "人次",
    "户次",
    "天",
    "分",
    "只",
    "头",
    "株",
    "棵",
    "套",
    "台",
    "辆",
    "期",
    "轮",
    "村",
    "盏",
    "㎡",
    "km",
    "m",
];

/// Signs and words for nothing.
const NOTHING: [&str; 5] = ["/", "无", "-", "—", "——"];

/// Reads a number. Percentages keep the number that is written before the
/// sign (`85%` is 85), and so do amounts with a unit (`12万元` is 12); tenths
/// in words become percentages (八成 is 80).
///
/// `header` names the column's unit in brackets. Under a per cent a number that
/// is shown as 85% is 85, and a bare 0.85 is pointed out; an amount in another
/// unit of the same kind (125000元 under 万元) is no number there.
#[must_use]
pub fn read_number(value: &Value, shown: Shown, header: &str) -> NumberReading {
    match value {
        Value::Number(number) => {
            let percent = unit_of(header).is_some_and(|unit| unit == "%");
            let number = from_float(*number);
            let as_percent = percent && shown == Shown::Percent;
            let hundredfold = number
                .filter(|_| as_percent)
                .map(|number| (number * Decimal::ONE_HUNDRED).normalize());
            NumberReading {
                number: hundredfold.or(number),
                reinterpreted: as_percent,
                part: percent && !as_percent && number.is_some_and(is_part),
                ..NumberReading::default()
            }
        }
        Value::Text(text) => read_text(text, header),
        Value::Empty | Value::Date(_) | Value::Bool(_) | Value::Error(_) => NumberReading::default(),
    }
}

/// Whether it may be a hundredfold under a per cent.
fn is_part(number: Decimal) -> bool {
    number > Decimal::ZERO && number < Decimal::ONE
}

/// A stored number as people see it: 15 significant digits, which is what
/// spreadsheets show, so that 0.1+0.2 is 0.3.
fn from_float(number: f64) -> Option<Decimal> {
    if !number.is_finite() {
        return None;
    }
    // Less than this is what a subtraction leaves of zero, and a decimal can't hold its digits.
    if number.abs() < 1e-14 {
        return Some(Decimal::ZERO);
    }
    let decimal = Decimal::from_scientific(&format!("{number:.14e}")).ok()?;
    Some(decimal.normalize())
}

fn read_text(text: &str, header: &str) -> NumberReading {
    let tidy = without_spaces(&half_width(text));
    let tidy = tidy.trim_start_matches(['\'', '‘', '’']);
    let reading = |number, was_text, reinterpreted| NumberReading {
        number: Some(number),
        was_text,
        reinterpreted,
        ..NumberReading::default()
    };
    if let Some(number) = plain(tidy) {
        let percent = unit_of(header).is_some_and(|unit| unit == "%");
        return NumberReading {
            part: percent && is_part(number),
            ..reading(number, true, false)
        };
    }
    if NOTHING.contains(&tidy) {
        return reading(Decimal::ZERO, false, true);
    }
    if let Some(number) = tidy.strip_suffix('%').and_then(plain).or_else(|| in_words(tidy)) {
        return reading(number, false, true);
    }
    let unit = tidy
        .find(|c: char| !matches!(c, '0'..='9' | '.' | ',' | '+' | '-'))
        .unwrap_or(tidy.len());
    let (number, unit) = tidy.split_at(unit);
    if UNITS.contains(&unit)
        && let Some(number) = plain(number)
    {
        let wanted = unit_of(header);
        let other = wanted.and_then(|wanted| Some((converted(number, unit, &wanted)?, wanted)));
        if other.is_some() {
            return NumberReading {
                in_unit: other,
                ..NumberReading::default()
            };
        }
        return reading(number, true, true);
    }
    NumberReading::default()
}

/// Digits with at most a sign, a point, and commas between thousands.
fn plain(text: &str) -> Option<Decimal> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let mut thousands = whole.split(',');
    let first = thousands.next().unwrap_or_default();
    let grouped = whole.contains(',');
    let well_grouped = !grouped || (1..=3).contains(&first.len());
    if !digits(first) || !digits(fraction) || !well_grouped || (first.is_empty() && fraction.is_empty()) {
        return None;
    }
    if !thousands.all(|group| group.len() == 3 && digits(group)) {
        return None;
    }
    let text: Cow<'_, str> = if grouped {
        text.replace(',', "").into()
    } else {
        text.into()
    };
    text.parse::<Decimal>().ok()
}

/// Numbers in words: 八成, 八成五, 百分之八十, 十二.
fn in_words(text: &str) -> Option<Decimal> {
    let tenths = || {
        let (tens, ones) = text.split_once('成')?;
        let tens = numeral(tens).filter(|tens| (1..=10).contains(tens))?;
        let ones = if ones.is_empty() {
            0
        } else {
            numeral(ones).filter(|ones| *ones < 10)?
        };
        Some(tens * 10 + ones)
    };
    let percent = || numeral(text.strip_prefix("百分之")?);
    tenths()
        .or_else(percent)
        .or_else(|| numeral(text))
        .map(Decimal::from)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(text: &str) -> NumberReading {
        read_number(&Value::Text(text.into()), Shown::Plain, "")
    }

    #[test]
    fn texts_are_read() {
        for (written, number, was_text, reinterpreted) in [
            ("0.85", "0.85", true, false),
            ("12", "12", true, false),
            ("'12", "12", true, false),
            ("１２．５", "12.5", true, false),
            ("1,234,567.8", "1234567.8", true, false),
            ("１２，３４５", "12345", true, false),
            ("-3", "-3", true, false),
            ("85%", "85", false, true),
            ("85.5％", "85.5", false, true),
            ("八成", "80", false, true),
            ("八成五", "85", false, true),
            ("百分之八十五", "85", false, true),
            ("十二", "12", false, true),
            ("/", "0", false, true),
            ("无", "0", false, true),
            ("12万元", "12", true, true),
            ("12 个", "12", true, true),
        ] {
            let expected = NumberReading {
                number: number.parse().ok(),
                was_text,
                reinterpreted,
                ..NumberReading::default()
            };
            assert_eq!(text(written), expected, "{written}");
        }
    }

    #[test]
    fn other_texts_are_no_numbers() {
        for written in [
            "", " ", "NaN", "inf", "1e5", "1_000", "1,2", "1234,567", ".", "12万", "约12个", "1.2.3", "成",
            "个",
        ] {
            assert_eq!(text(written), NumberReading::default(), "{written}");
        }
    }

    #[test]
    fn stored_numbers_have_no_noise() {
        for (stored, expected) in [
            (0.1 + 0.2, Some("0.3")),
            (0.85, Some("0.85")),
            (-0.0, Some("0")),
            (13_812_345_678.0, Some("13812345678")),
            (1e-300, Some("0")),
            (f64::NAN, None),
            (f64::INFINITY, None),
            (1e300, None),
        ] {
            let read = read_number(&Value::Number(stored), Shown::Plain, "");
            assert_eq!(
                read.number.map(|number| number.to_string()).as_deref(),
                expected,
                "{stored}"
            );
            assert!(!read.was_text && !read.reinterpreted);
        }
    }

    #[test]
    fn a_column_s_unit_decides_what_a_number_is() {
        for (value, shown, header, expected, said) in [
            (
                Value::Number(0.85),
                Shown::Percent,
                "完成率（%）",
                Some("85"),
                true,
            ),
            (
                Value::Number(0.85),
                Shown::Plain,
                "完成率（%）",
                Some("0.85"),
                true,
            ),
            (
                Value::Number(85.0),
                Shown::Plain,
                "完成率（%）",
                Some("85"),
                false,
            ),
            (
                Value::Number(0.85),
                Shown::Plain,
                "投资额（万元）",
                Some("0.85"),
                false,
            ),
            (
                Value::Number(0.85),
                Shown::Percent,
                "投资额（万元）",
                Some("0.85"),
                false,
            ),
            (
                Value::Text("85%".into()),
                Shown::Plain,
                "完成率（%）",
                Some("85"),
                true,
            ),
            (
                Value::Text("12.5万元".into()),
                Shown::Plain,
                "投资额（万元）",
                Some("12.5"),
                true,
            ),
            (
                Value::Text("125000元".into()),
                Shown::Plain,
                "投资额（万元）",
                None,
                false,
            ),
            (
                Value::Text("0.5万元".into()),
                Shown::Plain,
                "投资额（万元）",
                Some("0.5"),
                true,
            ),
            (
                Value::Text("125000元".into()),
                Shown::Plain,
                "投资额",
                Some("125000"),
                true,
            ),
        ] {
            let read = read_number(&value, shown, header);
            let number = read.number.map(|number| number.to_string());
            assert_eq!(
                (number.as_deref(), read.reinterpreted || read.part),
                (expected, said),
                "{value:?} {header}"
            );
        }
        let read = read_number(&Value::Text("125000元".into()), Shown::Plain, "投资额（万元）");
        assert_eq!(read.in_unit, Some((Decimal::new(125, 1), "万元".to_owned())));
    }

    proptest! {
        #[test]
        fn any_value_is_read(written in "([0-9０-９.,%+\\-成个]{0,40}|\\PC{0,30})", stored in any::<f64>()) {
            let read = text(&written);
            prop_assert!(read.number.is_some() || !(read.was_text || read.reinterpreted));
            prop_assert!(stored.abs() > 1e28 || read_number(&Value::Number(stored), Shown::Plain, "").number.is_some() || stored.is_nan());
        }
    }
}
