//! The plain Rust floor of the benchmark: what the two best-known crates do
//! when they are used as their manuals say. One thread, no checks, no limits.
//!
//! A package of its own, so that the crates have the features they have by default.
//!
//! `cargo run --release --manifest-path bench/floor/Cargo.toml -- DIR OUT.xlsx`

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use calamine::{Data, DataType as _, Reader as _, Xlsx, open_workbook};
use rust_xlsxwriter::{Format, Workbook};

/// Title and header.
const HEAD_ROWS: usize = 2;

const HEADER: [&str; 12] = [
    "序号",
    "调研时间",
    "单位",
    "调研地点",
    "调研内容",
    "调研成效",
    "解决问题数量",
    "联系人",
    "电话",
    "备注",
    "来源文件",
    "来源行号",
];

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(folder), Some(target)) = (arguments.next(), arguments.next()) else {
        anyhow::bail!("floor DIR OUT.xlsx");
    };
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<std::io::Result<_>>()?;
    files.sort();
    merge(&files, &target)
}

fn merge(files: &[PathBuf], target: &Path) -> anyhow::Result<()> {
    let date = Format::new().set_num_format("yyyy-mm-dd");
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_row(0, 0, HEADER)?;
    let mut line = 0;
    for path in files {
        let name = path
            .file_name()
            .context("a file without a name")?
            .to_string_lossy();
        let mut source: Xlsx<_> = open_workbook(path)?;
        let range = source
            .worksheet_range_at(0)
            .context("a workbook without a sheet")??;
        for (place, row) in range.rows().enumerate().skip(HEAD_ROWS) {
            line += 1;
            for (column, value) in (0..).zip(row) {
                match value {
                    Data::Empty => continue,
                    Data::Float(number) => sheet.write_number(line, column, *number)?,
                    Data::DateTime(day) => {
                        sheet.write_number_with_format(line, column, day.as_f64(), &date)?
                    }
                    other => sheet.write_string(line, column, other.as_string().unwrap_or_default())?,
                };
            }
            sheet.write_string(line, 10, name.as_ref())?;
            sheet.write_number(line, 11, u32::try_from(place + 1)?)?;
        }
    }
    book.save(target)?;
    Ok(())
}
