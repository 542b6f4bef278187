//! From the main reader's values to ours.

use calamine::{Data, DataRef, ExcelDateTime};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use smol_str::{ToSmolStr as _, format_smolstr};

use crate::domain::table::Value;

/// Days from the start of the calendar to the year 10000, which no sheet shows.
const END_OF_DATES: f64 = 2_958_466.0;

/// Takes over a value of a sheet that is read cell by cell.
pub(super) fn from_ref(value: DataRef) -> Value {
    match value {
        DataRef::SharedString(text) => Value::Text(text.into()),
        DataRef::DateTime(at) => date(&at),
        other => from_data(other.into()),
    }
}

/// Takes over a value of a sheet that is read whole.
pub(super) fn from_data(value: Data) -> Value {
    match value {
        Data::Empty => Value::Empty,
        Data::String(text) => Value::Text(text.into()),
        Data::Float(number) => Value::Number(number),
        #[expect(
            clippy::cast_precision_loss,
            reason = "the formats store at most 30 bits as a whole number"
        )]
        Data::Int(number) => Value::Number(number as f64),
        Data::Bool(bool) => Value::Bool(bool),
        Data::Error(error) => Value::Error(error.to_smolstr()),
        Data::DateTime(at) => date(&at),
        Data::DateTimeIso(text) => iso_date(&text).map_or_else(|| Value::Text(text.into()), Value::Date),
        Data::DurationIso(text) => iso_duration(&text).map_or_else(|| Value::Text(text.into()), clock_text),
    }
}

/// A number formatted as a date, rounded to the second: a third of a day is not
/// stored exactly. One that Excel itself shows as ##### stays a number.
fn date(at: &ExcelDateTime) -> Value {
    let days = at.as_f64();
    if !(0.0..END_OF_DATES).contains(&days) {
        return Value::Number(days);
    }
    // A time alone has no date; OpenDocument makes no difference between it and a duration either.
    if at.is_duration() || days > 0.0 && days < 1.0 {
        #[expect(clippy::cast_possible_truncation, reason = "bounded above")]
        return clock_text(TimeDelta::seconds((days * 86_400.0).round() as i64));
    }
    let (year, month, day, hour, minute, second, milli) = at.to_ymd_hms_milli();
    let second_more = TimeDelta::seconds((milli >= 500).into());
    NaiveDate::from_ymd_opt(year.into(), month.into(), day.into())
        .and_then(|date| date.and_hms_opt(hour.into(), minute.into(), second.into()))
        .and_then(|at| at.checked_add_signed(second_more))
        .map(|at| at - past_midnight(days, at))
        // The 29th of February 1900 that only Excel knows.
        .map_or(Value::Number(days), Value::Date)
}

/// What rounding a time to seconds took it past its day: 23:59:59.997 still
/// belongs to the day, while a sum that fell short of midnight by less than a
/// tenth of a millisecond is meant to be there.
fn past_midnight(days: f64, at: NaiveDateTime) -> TimeDelta {
    let short_of_midnight = (1.0 - days.fract()) * 86_400.0;
    let past = at.time() == NaiveTime::MIN && (0.0001..1.0).contains(&short_of_midnight);
    TimeDelta::seconds(past.into())
}

fn iso_date(text: &str) -> Option<NaiveDateTime> {
    let text = text.trim_end_matches('Z');
    ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
        .or_else(|| {
            NaiveDate::parse_from_str(text, "%Y-%m-%d")
                .ok()
                .map(|date| date.and_time(NaiveTime::MIN))
        })
}

/// `PT08H30M00S`, as OpenDocument writes times and durations alike.
fn iso_duration(text: &str) -> Option<TimeDelta> {
    let mut rest = text.strip_prefix("PT")?;
    let mut seconds = 0.0;
    for (unit, worth) in [('H', 3600.0), ('M', 60.0), ('S', 1.0)] {
        if let Some((count, after)) = rest.split_once(unit) {
            seconds += count
                .replace(',', ".")
                .parse::<f64>()
                .ok()
                .filter(|count| *count >= 0.0)?
                * worth;
            rest = after;
        }
    }
    if !rest.is_empty() || seconds > END_OF_DATES * 86_400.0 {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "bounded above")]
    Some(TimeDelta::seconds(seconds.round() as i64))
}

/// A time or duration as it stands in the cell: `36:00:00`. A date would be
/// wrong, and 1.5 days is not what its reader sees.
fn clock_text(time: TimeDelta) -> Value {
    let seconds = time.num_seconds();
    Value::Text(format_smolstr!(
        "{}:{:02}:{:02}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::ExcelDateTimeType::{DateTime, TimeDelta as Duration};

    #[test]
    fn dates_follow_the_workbook_s_calendar() {
        let at = |days, kind, is_1904| {
            from_data(Data::DateTime(ExcelDateTime::new(days, kind, is_1904))).display()
        };
        assert_eq!(at(45_601.0, DateTime, false), "2024-11-05");
        assert_eq!(at(45_601.0 - 1462.0, DateTime, true), "2024-11-05");
        assert_eq!(at(45_601.354_166_666_66, DateTime, false), "2024-11-05 08:30:00");
        // The end of a day: Excel shows the 30th of November.
        assert_eq!(at(45_626.999_999_965_28, DateTime, false), "2024-11-30 23:59:59");
        assert_eq!(at(45_626.999_994_212_96, DateTime, false), "2024-11-30 23:59:59");
        assert_eq!(at(45_626.999_999_999_9, DateTime, false), "2024-12-01");
        assert_eq!(at(60.0, DateTime, false), "60");
        assert_eq!(at(-1.0, DateTime, false), "-1");
        assert_eq!(at(1e12, DateTime, false), "1000000000000");
        assert_eq!(at(f64::NAN, DateTime, false), "NaN");
        assert_eq!(at(1.5, Duration, false), "36:00:00");
        assert_eq!(at(1.0 / 3.0, DateTime, false), "8:00:00");
    }

    #[test]
    fn iso_texts_of_open_document_are_dates_and_times() {
        for (text, expected) in [
            ("2024-11-05", "2024-11-05"),
            ("2024-11-05T08:30:00", "2024-11-05 08:30:00"),
            ("2024-11-05T08:30:00.000Z", "2024-11-05 08:30:00"),
            ("2024年", "2024年"),
        ] {
            assert_eq!(from_data(Data::DateTimeIso(text.into())).display(), expected);
        }
        for (text, expected) in [
            ("PT08H30M00S", "8:30:00"),
            ("PT36H", "36:00:00"),
            ("PTxH", "PTxH"),
            ("P1Y", "P1Y"),
        ] {
            assert_eq!(from_data(Data::DurationIso(text.into())).display(), expected);
        }
    }
}
