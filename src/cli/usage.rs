//! What is wrong with a command line, in Chinese.

use clap::error::{ContextKind, ContextValue, ErrorKind};

/// The fault in words, with what to do.
#[must_use]
pub fn in_words(error: &clap::Error) -> String {
    let of = |kind: ContextKind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(all)) => all.join("、"),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let argument = of(ContextKind::InvalidArg);
    let value = of(ContextKind::InvalidValue);
    let name = argument
        .split(' ')
        .next()
        .unwrap_or_default()
        .trim_end_matches("...");
    let said = match error.kind() {
        ErrorKind::ValueValidation => std::error::Error::source(error).map_or_else(
            || format!("{name} 的值“{value}”不能用"),
            |source| format!("{name}：{source}"),
        ),
        ErrorKind::InvalidValue if value.is_empty() => format!("{name} 后面要写值"),
        ErrorKind::InvalidValue => {
            format!("{name} 不能写“{value}”，可以写：{}", of(ContextKind::ValidValue))
        }
        ErrorKind::UnknownArgument => {
            let like = of(ContextKind::SuggestedArg);
            let like = if like.is_empty() {
                like
            } else {
                format!("，是不是 {like}")
            };
            format!("没有“{name}”这一项{like}")
        }
        ErrorKind::InvalidSubcommand => {
            let like = of(ContextKind::SuggestedSubcommand);
            let like = if like.is_empty() {
                like
            } else {
                format!("，是不是 {like}")
            };
            format!("没有“{}”这个命令{like}", of(ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingRequiredArgument => format!("还要写明：{argument}"),
        ErrorKind::MissingSubcommand => "要写明做什么".to_owned(),
        ErrorKind::ArgumentConflict => {
            format!("{name} 与 {} 不能同时写", of(ContextKind::PriorArg))
        }
        ErrorKind::TooManyValues => format!("{name} 的值写多了：“{value}”"),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => format!("{name} 的值没有写全"),
        ErrorKind::NoEquals => format!("{name} 后面要用等号写值"),
        ErrorKind::InvalidUtf8 => "命令里有不是文字的字符，请检查文件名和编码".to_owned(),
        _ => return error.to_string(),
    };
    format!("{said}。用法见 --help\n")
}
