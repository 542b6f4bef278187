//! `user`.

use clap::{Args as ClapArgs, Subcommand, ValueEnum};

use super::TableFormat;
use crate::domain::account::Role;

#[derive(Debug, Subcommand)]
pub enum Users {
    /// 增加一个能登录网页的用户，写出他的初始密码
    Add(AddUser),
    /// 改角色和管哪些台账，随即生效
    Change(ChangeUser),
    /// 重置密码：写出新的初始密码，已登录的随即退出；停用的恢复使用
    Reset(NamedUser),
    /// 停用一个用户，已登录的随即退出
    Disable(NamedUser),
    /// 列出用户
    List(ListUsers),
}

#[derive(Debug, ClapArgs)]
pub struct AddUser {
    /// 登录名
    #[arg(value_name = "登录名")]
    pub name: String,
    /// 姓名，记入日志、写在页面上；不写就用登录名
    #[arg(long, value_name = "姓名", default_value = "")]
    pub shown: String,
    /// 能做什么
    #[arg(long, value_enum, default_value = "office")]
    pub role: RoleWord,
    /// 只管哪些台账（编号，可写几个）；不写全都管
    #[arg(long = "program", value_name = "编号")]
    pub programs: Vec<String>,
}

/// 用户能做什么
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RoleWord {
    /// 经办：什么都能做
    Office,
    /// 审核：查看、通过台账、核准信函
    Reviewer,
    /// 查阅：只看
    Reader,
}

impl From<RoleWord> for Role {
    fn from(word: RoleWord) -> Self {
        match word {
            RoleWord::Office => Self::Office,
            RoleWord::Reviewer => Self::Reviewer,
            RoleWord::Reader => Self::Reader,
        }
    }
}

#[derive(Debug, ClapArgs)]
pub struct ChangeUser {
    /// 登录名
    #[arg(value_name = "登录名")]
    pub name: String,
    /// 能做什么；不写不变
    #[arg(long, value_enum)]
    pub role: Option<RoleWord>,
    /// 只管哪些台账（编号，可写几个）；不写不变
    #[arg(long = "program", value_name = "编号", conflicts_with = "all")]
    pub programs: Vec<String>,
    /// 管全部台账
    #[arg(long)]
    pub all: bool,
}

#[derive(Debug, ClapArgs)]
pub struct NamedUser {
    /// 登录名
    #[arg(value_name = "登录名")]
    pub name: String,
}

#[derive(Debug, ClapArgs)]
pub struct ListUsers {
    /// 输出格式
    #[arg(long, value_enum, default_value = "table")]
    pub format: TableFormat,
}
