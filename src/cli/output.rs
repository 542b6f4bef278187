//! Standard output for people and machines; the log goes to standard error.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::jobs::progress::Progress;

/// Starts the log on standard error. `RUST_LOG` wins over `-v`.
pub fn start_log(verbose: u8, quiet: bool) {
    let level = match verbose {
        0 if quiet => "warn",
        0 => "taizhang=info",
        1 => "taizhang=debug",
        _ => "taizhang=trace,info",
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(level));
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false)
        .try_init();
}

/// Prints JSON.
///
/// # Errors
/// Standard output is closed.
pub fn json<T: serde::Serialize>(value: &T) -> anyhow::Result<()> {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    match out.write_all(crate::desk::json::text(value)?.as_bytes()) {
        // A reader that went away (`| head`) is no fault.
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// How wide a text stands on a terminal: Chinese characters take two places.
#[must_use]
pub fn width(text: &str) -> usize {
    text.chars()
        .map(|c| if (c as u32) >= 0x1100 { 2 } else { 1 })
        .sum()
}

/// Prints rows in columns.
pub fn table(header: &[&str], rows: &[Vec<String>]) {
    text(&table_text(header, rows));
}

/// Prints a text at once; a reader that went away (`| head`) is no fault.
pub fn text(text: &str) {
    use std::io::Write as _;
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Rows in columns, each with a line break.
#[must_use]
pub fn table_text(header: &[&str], rows: &[Vec<String>]) -> String {
    let mut widths: Vec<usize> = header.iter().map(|cell| width(cell)).collect();
    for row in rows {
        for (place, cell) in row.iter().enumerate() {
            if let Some(own) = widths.get_mut(place) {
                *own = (*own).max(width(cell));
            }
        }
    }
    let mut text = String::new();
    let mut line = |cells: &mut dyn Iterator<Item = &str>| {
        let mut gap = 0;
        for (cell, to) in cells.zip(&widths) {
            text.extend(std::iter::repeat_n(' ', gap));
            text.push_str(cell);
            gap = to.saturating_sub(width(cell)) + 2;
        }
        let end = text.trim_end_matches([' ', '\t']).len();
        text.truncate(end);
        text.push('\n');
    };
    line(&mut header.iter().copied());
    for row in rows {
        line(&mut row.iter().map(String::as_str));
    }
    text
}

/// The program as it was called, so that lines with it can be pasted.
#[must_use]
pub fn own_name() -> String {
    std::env::args().next().unwrap_or_else(|| "taizhang".into())
}

/// A spinner for long work on a terminal; nothing where standard error is piped.
#[must_use]
pub fn spinner(words: &'static str) -> indicatif::ProgressBar {
    let spinner = indicatif::ProgressBar::new_spinner().with_message(words);
    spinner.enable_steady_tick(std::time::Duration::from_millis(120));
    spinner
}

/// A bar for work that can be counted; nothing where standard error is piped.
#[must_use]
pub fn bar(words: &'static str) -> indicatif::ProgressBar {
    let style = indicatif::ProgressStyle::with_template("{msg} {bar:30} {pos}/{len}")
        .unwrap_or_else(|_| indicatif::ProgressStyle::default_bar());
    indicatif::ProgressBar::new(0)
        .with_style(style)
        .with_message(words)
}

/// Moves a bar along.
#[must_use]
pub fn progress(bar: &indicatif::ProgressBar) -> Progress {
    let bar = bar.clone();
    Progress::to(move |done, all| {
        bar.set_length(all as u64);
        bar.set_position(done as u64);
    })
}
