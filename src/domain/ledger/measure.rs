//! The unit that a column's header names in brackets, and what a number with a
//! unit of its own is in it.

use rust_decimal::Decimal;

use crate::domain::text::half_width;

/// Units by what they measure, each with its worth in the smallest.
const FAMILIES: [&[(&str, u64)]; 4] = [
    &[
        ("元", 1),
        ("千元", 1_000),
        ("万元", 10_000),
        ("百万元", 1_000_000),
        ("亿元", 100_000_000),
    ],
    &[("米", 1), ("公里", 1_000), ("千米", 1_000)],
    &[("斤", 1), ("公斤", 2), ("千克", 2), ("吨", 2_000)],
    &[
        ("平方米", 1),
        ("㎡", 1),
        ("万平方米", 10_000),
        ("平方公里", 1_000_000),
    ],
];

/// The unit in a header: 万元 of 投资额（万元）, % of 完成率（%）; none without brackets.
pub(super) fn unit_of(header: &str) -> Option<String> {
    let header = half_width(header);
    let (_, inner) = header.rsplit_once('(')?;
    let (inner, _) = inner.split_once(')')?;
    let unit = inner.trim().trim_start_matches("单位:").trim();
    (!unit.is_empty()).then(|| unit.to_owned())
}

/// What a number of one unit is in another; none unless both measure the same
/// and differ.
pub(super) fn converted(number: Decimal, own: &str, wanted: &str) -> Option<Decimal> {
    let worth = |family: &[(&str, u64)], unit: &str| {
        family
            .iter()
            .find(|(name, _)| *name == unit)
            .map(|(_, worth)| Decimal::from(*worth))
    };
    FAMILIES.iter().find_map(|family| {
        let (own, wanted) = (worth(family, own)?, worth(family, wanted)?);
        if own == wanted {
            return None;
        }
        Some(number.checked_mul(own)?.checked_div(wanted)?.normalize())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_name_their_unit_in_brackets() {
        for (header, unit) in [
            ("投资额（万元）", Some("万元")),
            ("完成率(％)", Some("%")),
            ("金额（单位：元）", Some("元")),
            ("受益人数", None),
            ("备注（）", None),
        ] {
            assert_eq!(unit_of(header).as_deref(), unit, "{header}");
        }
    }

    #[test]
    fn only_what_measures_the_same_is_converted() {
        for (number, own, wanted, expected) in [
            (125_000, "元", "万元", Some("12.5")),
            (3, "公里", "米", Some("3000")),
            (3, "万元", "万元", None),
            (3, "公里", "千米", None),
            (3, "人", "户", None),
            (3, "元", "米", None),
        ] {
            let found = converted(Decimal::from(number), own, wanted).map(|number| number.to_string());
            assert_eq!(found.as_deref(), expected, "{number}{own}");
        }
    }
}
