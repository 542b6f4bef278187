//! Room for the fill lines: label in one cell, value in the next.
//!
//! People know these lines as one row of text (填报人：　审核人：　联系电话：).
//! Typing into the middle of a text cell is a nuisance and easily destroys a
//! label, so each value gets a cell of its own, beside its locked label.

/// Where one fill line stands. Rows and columns are 0-based, ranges inclusive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// Index into [`crate::domain::program::Form::fill_lines`].
    pub line: usize,
    /// The row.
    pub row: u32,
    /// The label's columns; none when label and value share one cell.
    pub label: Option<(u16, u16)>,
    /// The value's columns.
    pub value: (u16, u16),
}

/// Places lines (index, label width, value width) on columns of the given
/// widths, from `first_row` on, as many in a row as find room.
pub fn arrange(lines: &[(usize, f64, f64)], widths: &[f64], first_row: u32) -> Vec<Slot> {
    let mut slots = Vec::with_capacity(lines.len());
    let (mut row, mut next) = (first_row, 0);
    for &(line, label_width, value_width) in lines {
        let from = |column| fit(widths, column, label_width, value_width);
        let found = from(next).or_else(|| {
            if next > 0 {
                row += 1;
            }
            from(0)
        });
        let (label, value) = found.unwrap_or_else(|| {
            // No single column is wide enough for the label: the left half is.
            let last = widths.len().max(1) - 1;
            match last {
                0 => (None, (0, 0)),
                _ => (Some((0, (last - 1) / 2)), ((last - 1) / 2 + 1, last)),
            }
        });
        next = value.1 + 1;
        let narrow = |(from, to): (usize, usize)| (narrow(from), narrow(to));
        slots.push(Slot {
            line,
            row,
            label: label.map(narrow),
            value: narrow(value),
        });
    }
    slots
}

type Columns = (usize, usize);

/// The place from column `from` on that ends first, where a label fits one
/// column, or else several, and its value the columns after it.
fn fit(
    widths: &[f64],
    from: usize,
    label_width: f64,
    value_width: f64,
) -> Option<(Option<Columns>, Columns)> {
    let spans = |first: usize, wanted: f64| {
        let mut room = 0.0;
        (first..widths.len()).find(|column| {
            room += widths[*column];
            room >= wanted
        })
    };
    let single = (from..widths.len()).find(|column| widths[*column] >= label_width);
    let several = spans(from, label_width);
    [
        single.map(|column| (column, column)),
        several.map(|last| (from, last)),
    ]
    .into_iter()
    .flatten()
    .filter_map(|label| Some((Some(label), (label.1 + 1, spans(label.1 + 1, value_width)?))))
    .min_by_key(|(_, value)| value.1)
}

fn narrow(column: usize) -> u16 {
    u16::try_from(column).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_share_rows_and_never_overlap() {
        let widths = [6.0, 15.0, 12.0, 26.0, 34.0, 30.0, 18.0, 12.0];
        let lines: Vec<_> = (0..7).map(|index| (index, 13.0, 12.0)).collect();
        let slots = arrange(&lines, &widths, 1);
        assert_eq!(slots.len(), 7);
        for (index, slot) in slots.iter().enumerate() {
            let (label, value) = (slot.label.unwrap(), slot.value);
            assert_eq!(label.1 + 1, value.0, "the value stands in the next cell");
            for other in &slots[index + 1..] {
                assert!(other.row > slot.row || other.label.unwrap().0 > value.1);
            }
        }
        assert!(slots[6].row < 4, "seven lines need no more than three rows");
    }

    #[test]
    fn narrow_sheets_still_hold_every_line() {
        for widths in [vec![5.0], vec![5.0, 5.0], vec![5.0; 9]] {
            let slots = arrange(&[(0, 30.0, 30.0), (1, 30.0, 30.0)], &widths, 1);
            assert_eq!(slots.len(), 2);
            assert_eq!((slots[0].row, slots[1].row), (1, 2));
        }
    }
}
