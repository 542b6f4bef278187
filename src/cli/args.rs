//! What can be said on the command line.

mod clock;
mod holidays;
mod letters;
mod programs;
mod roster;
mod setup;
mod users;

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

use super::when::{self, Now};

pub use clock::Clock;
pub use holidays::{Holidays, HolidaysImport, HolidaysList};
pub use letters::{Edit, Letters, LettersCommand, List, Nudge, Schedule};
pub use programs::{
    AssignItem, CheckProgram, ImportTasks, Items, ListPrograms, ProgramCommand, SwitchProgram,
};
pub use roster::{Alias, ExportRoster, ImportRoster, Rosters, SetContact};
pub use setup::Setup;
pub use users::Users;

/// 台账收集、审核、汇总。
#[derive(Debug, Parser)]
#[command(name = "taizhang", version, about = "收台账、审台账、汇总台账：监视共享文件夹，退回有问题的，汇总通过的", long_about = None)]
pub struct Args {
    /// 配置文件
    #[arg(long, global = true, default_value = "config.toml", value_name = "文件")]
    pub config: PathBuf,
    /// 现在的时间，如 2024-12-02 或 "2024-12-02 09:00"，用于演练
    #[arg(long, global = true, value_name = "时间", value_parser = when::now)]
    pub now: Option<Now>,
    /// 经办人，记入日志
    #[arg(long, global = true, value_name = "姓名")]
    pub by: Option<String>,
    /// 多写些日志（-vv 更多）
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    #[command(subcommand)]
    pub command: Command,
}

/// What every command is given.
#[derive(Debug, Clone)]
pub struct Common {
    /// The configuration file.
    pub config: PathBuf,
    /// The present, if not the machine's.
    pub now: Option<Now>,
    /// Who acts.
    pub by: Option<String>,
}

impl Args {
    /// The options that every command shares.
    #[must_use]
    pub fn common(&self) -> Common {
        Common {
            config: self.config.clone(),
            now: self.now,
            by: self.by.clone(),
        }
    }
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// 新建站点：config.toml、templates、共享文件夹及各单位文件夹
    Init(Init),
    /// 在浏览器里建立新站点（分七步），建好接着运行
    Setup(Setup),
    /// 运行：监视、审核、汇总；--once 处理一遍后退出
    Run(Run),
    /// 演示：用自带样例走完 2024 年 11 月乌塘挂点台账
    Demo(Demo),
    /// 只审核文件，不报送
    Check(Check),
    /// 谁报了、谁没报
    Status(Status),
    /// 查看一份报送：审核意见、其他版本、经过
    Show(Show),
    /// 往后要发的提醒和催报：哪天几点、发给谁、为什么
    Schedule(Schedule),
    /// 信函：查看、核准、不发、重发、撤销、已送达
    Letters(Letters),
    /// 日志：谁在什么时候做了什么
    Log(Log),
    /// 立即生成汇总台账，并写出它的位置
    Master(OfPeriod),
    /// 空白填报表
    Form(Form),
    /// 待确认的文件归某单位某期
    Claim(Claim),
    /// 本机时间：调正之后恢复催报
    #[command(subcommand)]
    Clock(Clock),
    /// 按原样接收退回的台账（须写理由）
    Accept(Accept),
    /// 退回已登记的材料（须写理由），由单位改好重报
    Reject(Reject),
    /// 撤回一次报送，前一版重新生效
    Withdraw(Withdraw),
    /// 用现行方案重新审核已收的台账
    Recheck(Recheck),
    /// 某单位某期免报
    Exempt(Exempt),
    /// 延长某期的截止时间；加 --unit 只给一个单位缓报
    Extend(Extend),
    /// 名册：写出、写回、改联系方式、别名
    #[command(subcommand)]
    Roster(Rosters),
    /// 报送制度：列出、检查、启用、停用、转为正式运行
    #[command(subcommand)]
    Program(ProgramCommand),
    /// 登记簿的各项：明确牵头单位
    #[command(subcommand)]
    Items(Items),
    /// 节假日：导入国务院办公厅的放假安排，查看各年安排
    #[command(subcommand)]
    Holidays(Holidays),
    /// 能登录网页的用户：增加、改角色、重置密码、停用、列出
    #[command(subcommand)]
    User(Users),
    /// 运行中备份数据库
    Backup(Backup),
    /// 用备份恢复数据库（先停止运行）；原来的数据库留在旁边
    Restore(Restore),
    /// 数据库丢失又没有备份时，从存档、共享文件夹和汇总台账重建
    Recover,
    /// 检查配置、文件夹、数据库、邮件、日历、模板
    Doctor(Doctor),
}

/// table 或 json
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TableFormat {
    /// 表格
    Table,
    /// JSON
    Json,
}

/// text 或 json
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TextFormat {
    /// 文字
    Text,
    /// JSON
    Json,
}

#[derive(Debug, ClapArgs)]
pub struct Init {
    /// 站点文件夹
    pub dir: PathBuf,
    /// 只装这些方案（可多次给出）
    #[arg(long, value_name = "方案")]
    pub program: Vec<String>,
}

#[derive(Debug, ClapArgs)]
pub struct Run {
    /// 处理一遍后退出
    #[arg(long)]
    pub once: bool,
    /// 演练：在数据库和共享文件夹的副本上处理一遍，信函只写成文件
    #[arg(long, requires = "once")]
    pub rehearse: bool,
}

#[derive(Debug, ClapArgs)]
pub struct Demo {
    /// 演示用的文件夹，每次重新生成
    #[arg(default_value = "demo")]
    pub dir: PathBuf,
}

#[derive(Debug, ClapArgs)]
pub struct Check {
    /// 要审核的文件
    #[arg(required = true, value_name = "文件")]
    pub files: Vec<PathBuf>,
    /// 方案
    #[arg(long, value_name = "方案")]
    pub program: Option<String>,
    /// 单位
    #[arg(long, value_name = "单位")]
    pub unit: Option<String>,
    /// 报告期，如 2024-11
    #[arg(long, value_name = "期")]
    pub period: Option<String>,
    /// 输出格式
    #[arg(long, value_enum, default_value = "text")]
    pub format: TextFormat,
}

#[derive(Debug, ClapArgs)]
pub struct Status {
    /// 方案
    #[arg(long, value_name = "方案")]
    pub program: Option<String>,
    /// 报告期
    #[arg(long, value_name = "期")]
    pub period: Option<String>,
    /// 输出格式
    #[arg(long, value_enum, default_value = "table")]
    pub format: TableFormat,
    /// 有单位逾期未报，或退回后过了更正期限时，以 1 退出
    #[arg(long)]
    pub strict: bool,
}

#[derive(Debug, ClapArgs)]
pub struct Log {
    /// 方案
    #[arg(long, value_name = "方案")]
    pub program: Option<String>,
    /// 单位
    #[arg(long, value_name = "单位")]
    pub unit: Option<String>,
    /// 报告期
    #[arg(long, value_name = "期")]
    pub period: Option<String>,
    /// 只看这些事，如 免报 延期 信函（可写多个）
    #[arg(long, value_name = "类别", num_args = 1..)]
    pub kind: Vec<String>,
    /// 从哪天起，如 2024-12-01
    #[arg(long, value_name = "日期", value_parser = when::date)]
    pub from: Option<NaiveDate>,
    /// 到哪天止
    #[arg(long, value_name = "日期", value_parser = when::date)]
    pub to: Option<NaiveDate>,
    /// 只看最后几条；0 是全部
    #[arg(long, value_name = "条数", default_value = "200", value_parser = when::last)]
    pub last: usize,
    /// 输出格式
    #[arg(long, value_enum, default_value = "text")]
    pub format: TextFormat,
}

#[derive(Debug, ClapArgs)]
pub struct OfPeriod {
    /// 方案
    #[arg(long, value_name = "方案")]
    pub program: Option<String>,
    /// 报告期
    #[arg(long, value_name = "期")]
    pub period: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub struct Form {
    /// 方案
    #[arg(long, value_name = "方案")]
    pub program: Option<String>,
    /// 单位；不写则每个单位一份
    #[arg(long, value_name = "单位")]
    pub unit: Option<String>,
    /// 报告期；不写则为本期
    #[arg(long, value_name = "期")]
    pub period: Option<String>,
    /// 放到哪个文件夹
    #[arg(long, value_name = "文件夹", default_value = ".")]
    pub out: PathBuf,
}

#[derive(Debug, ClapArgs)]
pub struct Claim {
    /// 待确认的文件（路径或文件名）
    pub file: String,
    /// 方案；只有一个方案时可不写
    #[arg(long, value_name = "方案")]
    pub program: Option<String>,
    /// 单位
    #[arg(long, value_name = "单位")]
    pub unit: String,
    /// 报告期
    #[arg(long, value_name = "期")]
    pub period: String,
}

#[derive(Debug, ClapArgs)]
pub struct Accept {
    /// 退回的文件（路径或文件名），或报送编号
    pub file: String,
    /// 理由
    #[arg(long, value_name = "理由", value_parser = when::reason)]
    pub reason: String,
}

#[derive(Debug, ClapArgs)]
pub struct Show {
    /// 报送编号（见 status），或文件路径
    pub file: String,
    /// 输出格式
    #[arg(long, value_enum, default_value = "text")]
    pub format: TextFormat,
}

#[derive(Debug, ClapArgs)]
pub struct Reject {
    /// 报送编号（见 status），或文件路径
    pub submission: String,
    /// 理由，写给报送单位
    #[arg(long, value_name = "理由", value_parser = when::reason)]
    pub reason: String,
}

#[derive(Debug, ClapArgs)]
pub struct Withdraw {
    /// 报送编号（见 status），或文件路径
    pub submission: String,
    /// 理由
    #[arg(long, value_name = "理由", value_parser = when::reason)]
    pub reason: String,
}

#[derive(Debug, ClapArgs)]
pub struct Recheck {
    /// 只审核这一份：报送编号（见 status），或文件路径；不写则审核整期
    #[arg(conflicts_with_all = ["program", "period"])]
    pub submission: Option<String>,
    /// 方案
    #[arg(long, value_name = "方案")]
    pub program: Option<String>,
    /// 报告期
    #[arg(long, value_name = "期")]
    pub period: Option<String>,
    /// 照新结果更改，而不只是列出
    #[arg(long)]
    pub apply: bool,
    /// 理由，--apply 时必写；重新退回的单位会看到
    #[arg(long, value_name = "理由", value_parser = when::reason)]
    pub reason: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub struct Exempt {
    /// 方案
    #[arg(long, value_name = "方案")]
    pub program: Option<String>,
    /// 单位
    #[arg(long, value_name = "单位")]
    pub unit: String,
    /// 报告期
    #[arg(long, value_name = "期")]
    pub period: String,
    /// 取消免报：从现在起须报送
    #[arg(long)]
    pub undo: bool,
    /// 理由，单位会看到
    #[arg(long, value_name = "理由", value_parser = when::reason)]
    pub reason: String,
}

#[derive(Debug, ClapArgs)]
pub struct Extend {
    /// 方案
    #[arg(long, value_name = "方案")]
    pub program: Option<String>,
    /// 只给这个单位延期（缓报）；不写则给全部单位
    #[arg(long, value_name = "单位")]
    pub unit: Option<String>,
    /// 报告期
    #[arg(long, value_name = "期")]
    pub period: String,
    /// 延期到哪一天，如 2024-12-10
    #[arg(long, value_name = "日期", value_parser = when::date)]
    pub to: NaiveDate,
    /// 理由
    #[arg(long, value_name = "理由", value_parser = when::reason)]
    pub reason: String,
}

#[derive(Debug, ClapArgs)]
pub struct Backup {
    /// 备份文件
    pub file: PathBuf,
}

#[derive(Debug, ClapArgs)]
pub struct Restore {
    /// 备份文件
    pub backup: PathBuf,
}

#[derive(Debug, ClapArgs)]
pub struct Doctor {
    /// 只试发一封信到这个邮箱，看能不能发出
    #[arg(long, value_name = "邮箱")]
    pub send_test: Option<String>,
}
