//! `roster`.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args as ClapArgs, Subcommand, ValueEnum};

use crate::cli::when;
use crate::domain::program::RosterTable;

#[derive(Debug, Subcommand)]
pub enum Rosters {
    /// 把名册写成一个 xlsx，改好以后用 import 写回
    Export(ExportRoster),
    /// 看改好的名册改了什么；--apply 写入，原来的另存在旁边
    Import(ImportRoster),
    /// 改一个单位（领导）的联系方式
    Contact(SetContact),
    /// 台账里写的、名册里没有的名称：列出，记为某单位的别名，或者不是别名
    Alias(Alias),
}

/// 名册的哪一张表
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum TableWord {
    /// 填报单位
    #[default]
    Units,
    /// 领导
    Leaders,
    /// 挂点
    Places,
}

impl From<TableWord> for RosterTable {
    fn from(word: TableWord) -> Self {
        match word {
            TableWord::Units => Self::Units,
            TableWord::Leaders => Self::Leaders,
            TableWord::Places => Self::Places,
        }
    }
}

#[derive(Debug, ClapArgs)]
pub struct ExportRoster {
    /// 写到哪个文件
    #[arg(value_name = "文件")]
    pub file: PathBuf,
    /// 方案
    #[arg(long, value_name = "方案")]
    pub program: Option<String>,
    /// 哪一张表
    #[arg(long, value_enum, default_value_t)]
    pub table: TableWord,
}

#[derive(Debug, ClapArgs)]
pub struct ImportRoster {
    /// 改好的表（xlsx）
    #[arg(value_name = "文件")]
    pub file: PathBuf,
    /// 方案
    #[arg(long, value_name = "方案")]
    pub program: Option<String>,
    /// 哪一张表
    #[arg(long, value_enum, default_value_t)]
    pub table: TableWord,
    /// 表里没有的单位，最后有效的一天；不写是今天
    #[arg(long, value_name = "日期", value_parser = when::date)]
    pub until: Option<NaiveDate>,
    /// 写入，而不只是列出
    #[arg(long)]
    pub apply: bool,
    /// 改动很大时也写入：已经核对，不是拿错了表
    #[arg(long, requires = "apply")]
    pub sure: bool,
}

#[derive(Debug, ClapArgs)]
pub struct SetContact {
    /// 编号或名称
    #[arg(value_name = "单位")]
    pub row: String,
    /// 方案
    #[arg(long, value_name = "方案")]
    pub program: Option<String>,
    /// 联络员
    #[arg(long, value_name = "姓名")]
    pub liaison: Option<String>,
    /// 联络员邮箱；"" 是没有
    #[arg(long, value_name = "邮箱")]
    pub liaison_mail: Option<String>,
    /// 负责人
    #[arg(long, value_name = "姓名")]
    pub head: Option<String>,
    /// 负责人邮箱；"" 是没有
    #[arg(long, value_name = "邮箱")]
    pub head_mail: Option<String>,
    /// 领导的邮箱（改领导名册）；"" 是没有
    #[arg(long, value_name = "邮箱", conflicts_with_all = ["liaison", "liaison_mail", "head", "head_mail"])]
    pub leader_mail: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub struct Alias {
    /// 台账里写的名称；不写则列出待定的
    #[arg(value_name = "名称")]
    pub name: Option<String>,
    /// 方案
    #[arg(long, value_name = "方案")]
    pub program: Option<String>,
    /// 记为哪个单位的别名
    #[arg(long, value_name = "单位", requires = "name")]
    pub unit: Option<String>,
    /// 不是别名，不再提示
    #[arg(long, requires = "name", conflicts_with = "unit")]
    pub dismiss: bool,
}
