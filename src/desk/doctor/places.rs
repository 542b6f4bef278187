//! The places that are written to: whether they take it, how much room they
//! have, and what the running daemon meets there.

use std::fs;
use std::path::Path;

use chrono_tz::Tz;

use super::{Line, fail, note, well};
use crate::inbox::SENTINEL;
use crate::jobs::faults::{folder_takes, in_data, read};
use crate::jobs::options::Options;
use crate::jobs::pass::become_the_one;
use crate::platform;
use crate::store::{in_words, remedy};

/// Below this a disk is nearly full.
const LOW_SPACE: u64 = 1 << 30;

/// The faults that a running daemon has met and that last. What one that
/// ended has left is over.
pub fn told_by_daemon(options: &Options, zone: Tz) -> Vec<Line> {
    if matches!(become_the_one(options), Ok(Some(_))) {
        return Vec::new();
    }
    match read(&options.data) {
        Ok(faults) => faults
            .iter()
            .map(|fault| fail("故障", fault.words(zone)))
            .collect(),
        Err(error) => vec![note(
            "故障",
            format!("运行中的程序记下的故障读不出来（{error}），请看 运行情况.txt"),
        )],
    }
}

/// Whether data, output and share take files, and how much room is left.
///
/// `share` is the folder of the share to try, if one is known.
pub fn folders(options: &Options, share: Option<&Path>) -> Vec<Line> {
    let made = |path: &Path| fs::create_dir_all(path);
    let data = made(&options.data).and_then(|()| {
        let (from, to) = in_data(&options.data);
        folder_takes(&from, &to)
    });
    let output = made(&options.output).and_then(|()| folder_takes(&options.output, &options.output));
    let mut lines = vec![
        line("数据目录", &options.data, data),
        line("输出目录", &options.output, output),
    ];
    // A share that isn't there must not be made, nor written to in its place.
    if options.watch.join(SENTINEL).exists() {
        let share = share.unwrap_or(&options.watch);
        lines.push(line("共享文件夹", &options.watch, folder_takes(share, share)));
    }
    lines
}

fn line(about: &'static str, path: &Path, taken: std::io::Result<()>) -> Line {
    if let Err(error) = taken {
        let why = with_remedy(&error.into());
        return fail(about, format!("{} 写不进去：{why}", path.display()));
    }
    match platform::free_space(path) {
        Ok(space) if space < LOW_SPACE => fail(
            about,
            format!("{} 只剩 {} MB，请清理", path.display(), space >> 20),
        ),
        Ok(space) => well(about, format!("{} 可写，剩余 {} GB", path.display(), space >> 30)),
        Err(error) => note(about, format!("{} 的剩余空间看不到（{error}）", path.display())),
    }
}

/// An error with what to do about it.
pub fn with_remedy(error: &anyhow::Error) -> String {
    match remedy(error) {
        Some(remedy) => format!("{}。{remedy}", in_words(error)),
        None => in_words(error),
    }
}
