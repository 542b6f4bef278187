//! `holidays`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand};

use super::TextFormat;

#[derive(Debug, Subcommand)]
pub enum Holidays {
    /// 导入放假安排：通知原文（txt），或 CSV、表格（date,kind,name 即 日期,类型,名称；类型写 off 放假、work 上班）
    Import(HolidaysImport),
    /// 查看放假安排；不写年份则看今年和明年
    List(HolidaysList),
}

#[derive(Debug, ClapArgs)]
pub struct HolidaysImport {
    /// 放假安排的文件
    #[arg(value_name = "文件")]
    pub file: PathBuf,
}

#[derive(Debug, ClapArgs)]
pub struct HolidaysList {
    /// 年份
    #[arg(value_name = "年份", value_parser = clap::value_parser!(i32).range(1950..=2200))]
    pub year: Option<i32>,
    /// 输出格式
    #[arg(long, value_enum, default_value = "text")]
    pub format: TextFormat,
}
