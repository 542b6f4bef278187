//! What is said about the machine's clock.

use clap::{Args as ClapArgs, Subcommand};

use crate::cli::when;

#[derive(Debug, Subcommand)]
pub enum Clock {
    /// 认可本机现在的时间，催报照常（须写理由）
    Accept(ClockAccept),
}

#[derive(Debug, ClapArgs)]
pub struct ClockAccept {
    /// 理由
    #[arg(long, value_name = "理由", value_parser = when::reason)]
    pub reason: String,
}
