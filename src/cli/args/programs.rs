//! `program` and `items`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand};

use super::TableFormat;
use crate::cli::when;

#[derive(Debug, Subcommand)]
pub enum ProgramCommand {
    /// 列出全部报送制度：类别、周期、应报几个单位、是否启用、是否试运行
    List(ListPrograms),
    /// 检查一个方案文件夹写得对不对，并说出它要谁报什么
    Check(CheckProgram),
}

#[derive(Debug, ClapArgs)]
pub struct ListPrograms {
    /// 输出格式
    #[arg(long, value_enum, default_value = "table")]
    pub format: TableFormat,
}

#[derive(Debug, ClapArgs)]
pub struct CheckProgram {
    /// 方案文件夹，如 templates/programs/wutang-visits
    #[arg(value_name = "文件夹")]
    pub folder: PathBuf,
}

#[derive(Debug, Subcommand)]
pub enum Items {
    /// 明确一项的牵头单位，从某期起由它填报
    Assign(AssignItem),
}

#[derive(Debug, ClapArgs)]
pub struct AssignItem {
    /// 方案
    #[arg(long, value_name = "方案")]
    pub program: Option<String>,
    /// 哪一项：编号或序号
    #[arg(long, value_name = "项")]
    pub item: String,
    /// 牵头单位；几个单位共同牵头的，写几次
    #[arg(long, value_name = "单位", required = true)]
    pub lead: Vec<String>,
    /// 从哪一期起
    #[arg(long, value_name = "期")]
    pub from: String,
    /// 理由
    #[arg(long, value_name = "理由", value_parser = when::reason)]
    pub reason: String,
}
