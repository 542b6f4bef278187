//! `setup`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args as ClapArgs;

use crate::domain::language::Language;

#[derive(Debug, ClapArgs)]
pub struct Setup {
    /// 站点文件夹；不写是当前文件夹
    #[arg(default_value = ".")]
    pub dir: PathBuf,
    /// 网页开在哪里；给别的电脑用，写本机在局域网里的地址和端口
    #[arg(long, value_name = "地址:端口", default_value = "127.0.0.1:8460")]
    pub listen: SocketAddr,
    /// 网页用的语言：zh-CN 或 en
    #[arg(long, value_name = "语言", default_value = "zh-CN", value_parser = locale)]
    pub locale: Language,
}

fn locale(word: &str) -> Result<Language, String> {
    Language::parse(word).ok_or_else(|| "只能是 zh-CN 或 en".to_owned())
}
