//! What can be said to `schedule` and `letters`.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args as ClapArgs, Subcommand};

use super::super::when;
use super::TableFormat;
use crate::domain::ids::LetterId;

#[derive(Debug, ClapArgs)]
pub struct Schedule {
    /// 从哪天起，如 2024-12-01；不写则从今天
    #[arg(long, value_name = "日期", value_parser = when::date)]
    pub from: Option<NaiveDate>,
    /// 到哪天止；不写则到起日后30天
    #[arg(long, value_name = "日期", value_parser = when::date)]
    pub to: Option<NaiveDate>,
    /// 只看这个方案
    #[arg(long, value_name = "方案")]
    pub program: Option<String>,
    /// 假定这些单位已经报送（可写多个）
    #[arg(long, value_name = "单位", num_args = 1..)]
    pub assume_received: Vec<String>,
    /// 输出格式
    #[arg(long, value_enum, default_value = "table")]
    pub format: TableFormat,
}

#[derive(Debug, ClapArgs)]
pub struct Letters {
    #[command(subcommand)]
    pub command: LettersCommand,
}

#[derive(Debug, Subcommand)]
pub enum LettersCommand {
    /// 列出信函
    List(List),
    /// 一封信函的全文、收件人、由来
    Show(One),
    /// 把草稿的文字写成文件，改好后用 approve --text 核准
    Edit(Edit),
    /// 核准草稿，由程序发出
    Approve(Approve),
    /// 不发
    Discard(One),
    /// 重发失败的、结果不明的；等着重试的马上再发
    Retry(One),
    /// 撤销已发出的：给原收件人发撤销通知
    Withdraw(WithdrawLetter),
    /// 已由人送达
    Done(One),
    /// 另行提醒还没有报的单位（催一次）
    Nudge(Nudge),
}

#[derive(Debug, ClapArgs)]
pub struct List {
    /// 只看这些状态，如 草稿 待人工送达（可写多个；也可写 draft queued attempting sent by-hand failed uncertain discarded）
    #[arg(long, value_name = "状态", num_args = 1..)]
    pub state: Vec<String>,
    /// 只看这个方案
    #[arg(long, value_name = "方案")]
    pub program: Option<String>,
    /// 只看这一期
    #[arg(long, value_name = "期")]
    pub period: Option<String>,
    /// 只看这些信函，如 催办通知 returned（可写多个）
    #[arg(long, value_name = "种类", num_args = 1..)]
    pub kind: Vec<String>,
    /// 只看说到这个单位的
    #[arg(long, value_name = "单位")]
    pub unit: Option<String>,
    /// 只印短文本，一封接一封，便于粘贴到工作群、照着打电话
    #[arg(long)]
    pub text: bool,
    /// 输出格式
    #[arg(long, value_enum, default_value = "table")]
    pub format: TableFormat,
}

#[derive(Debug, ClapArgs)]
pub struct One {
    /// 信函编号（见 letters list）
    pub id: LetterId,
}

#[derive(Debug, ClapArgs)]
pub struct Edit {
    /// 信函编号（见 letters list）
    pub id: LetterId,
    /// 写到这个文件；不写则是当前文件夹里的“信函编号.txt”
    #[arg(long, value_name = "文件")]
    pub to: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub struct Approve {
    /// 信函编号（见 letters list）
    pub id: LetterId,
    /// 用 letters edit 写出、改好的文件
    #[arg(long, value_name = "文件")]
    pub text: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub struct Nudge {
    /// 方案
    #[arg(long, value_name = "方案")]
    pub program: Option<String>,
    /// 报告期
    #[arg(long, value_name = "期")]
    pub period: String,
    /// 单位（可写多个）
    #[arg(long, value_name = "单位", num_args = 1.., required = true)]
    pub unit: Vec<String>,
}

#[derive(Debug, ClapArgs)]
pub struct WithdrawLetter {
    /// 信函编号（见 letters list）
    pub id: LetterId,
    /// 理由，写进撤销通知
    #[arg(long, value_name = "理由", value_parser = when::reason)]
    pub reason: String,
}
