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
    /// 启用（须写理由），不管 config.toml 里写没写
    On(SwitchProgram),
    /// 停用（须写理由）：不再收，不再发信，收到的都留着
    Off(SwitchProgram),
    /// 试运行转为正式运行（须写理由）
    Live(SwitchProgram),
    /// 从文件的原文（txt）或任务表（xlsx、csv）生成一个登记簿
    ImportTasks(Box<ImportTasks>),
}

#[derive(Debug, ClapArgs)]
pub struct ImportTasks {
    /// 原文（另存为 txt）或任务表
    #[arg(value_name = "文件")]
    pub file: PathBuf,
    /// 生成到哪个文件夹；不写只读出来看看，不生成
    #[arg(long, value_name = "文件夹")]
    pub out: Option<PathBuf>,
    /// 新方案的编号（小写字母、数字、连字符）；不写取文件夹的名称
    #[arg(long, value_name = "编号")]
    pub id: Option<String>,
    /// 单位没有标明牵头、配合的，第一个算牵头
    #[arg(long)]
    pub first_leads: bool,
    /// 表格里序号的列名
    #[arg(long, value_name = "列")]
    pub number: Option<String>,
    /// 任务名称的列名
    #[arg(long, value_name = "列")]
    pub task: Option<String>,
    /// 内容的列名
    #[arg(long, value_name = "列")]
    pub content: Option<String>,
    /// 责任单位（牵头、配合写在一格里）的列名
    #[arg(long, value_name = "列")]
    pub units: Option<String>,
    /// 牵头单位的列名
    #[arg(long, value_name = "列")]
    pub lead: Option<String>,
    /// 配合单位的列名
    #[arg(long, value_name = "列")]
    pub assist: Option<String>,
    /// 分组的列名
    #[arg(long, value_name = "列")]
    pub group: Option<String>,
    /// 输出格式
    #[arg(long, value_enum, default_value = "table")]
    pub format: TableFormat,
}

#[derive(Debug, ClapArgs)]
pub struct SwitchProgram {
    /// 方案的编号
    #[arg(value_name = "方案")]
    pub program: String,
    /// 理由
    #[arg(long, value_name = "理由", value_parser = when::reason)]
    pub reason: String,
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
