//! Whether the database is the right one, and how old its newest copy is.

use super::{Line, fail, note, well};
use crate::jobs::recover::lost;
use crate::jobs::site::Site;
use crate::jobs::{backup, remind};
use crate::store::{Damaged, remedy};

/// From so many days on the newest copy is too old.
const OLD: i64 = 3;

/// All that there is to say.
///
/// # Errors
/// The database can't be read: tell the person, who may ask again.
pub(super) async fn lines(site: &Site) -> anyhow::Result<Vec<Line>> {
    let mut lines = Vec::new();
    if let Some(words) = lost::in_words(site).await? {
        lines.push(fail("数据库", words));
        return Ok(lines);
    }
    let held = remind::held(site).await?;
    if held.values().any(|until| site.clock.utc() < *until) {
        lines.push(note(
            "信函",
            format!(
                "数据库恢复过，本期关期以前信函先作草稿，见 {} 和 taizhang letters list",
                site.options.output.join("恢复情况.txt").display()
            ),
        ));
    }
    lines.push(newest(site));
    lines.extend(ahead(site));
    Ok(lines)
}

fn newest(site: &Site) -> Line {
    let options = &site.options;
    if !options.daily.on {
        return note(
            "备份",
            "自动备份已关闭（[database] backup = false），请自行备份".into(),
        );
    }
    if let Some((free, needed)) = backup::lacks_room(options) {
        return fail("备份", backup::no_room(free, needed));
    }
    let today = site.clock.now().date_naive();
    let copies = backup::copies(options);
    let Some((day, path)) = copies.into_iter().find(|(day, _)| *day <= today) else {
        return note(
            "备份",
            format!(
                "还没有自动备份；运行以后每天一次，放在 {}",
                backup::folder(options).display()
            ),
        );
    };
    let age = (today - day).num_days();
    let words = format!("最近一次自动备份是{age}天前的 {}", path.display());
    match age {
        0 => well("备份", format!("今天已备份：{}", path.display())),
        1..OLD => well("备份", words),
        _ => note("备份", format!("{words}；没有运行的日子不备份")),
    }
}

/// The copies of days that have yet to come.
fn ahead(site: &Site) -> Option<Line> {
    let today = site.clock.now().date_naive();
    let names: Vec<String> = backup::copies(&site.options)
        .into_iter()
        .filter(|(day, _)| *day > today)
        .map(|(_, path)| path.display().to_string())
        .collect();
    (!names.is_empty()).then(|| {
        note(
            "备份",
            format!(
                "有 {} 个备份的日期在今天（{today}）以后：{}。可能是系统时钟曾经走快，请核对时钟；超出保留个数时先清理这些",
                names.len(),
                names.join("、")
            ),
        )
    })
}

/// That the database is damaged, and what to do.
pub(super) fn damaged(path: &std::path::Display<'_>, fault: String) -> String {
    let error = anyhow::Error::new(Damaged(fault));
    format!("{path}：{error}。{}", remedy(&error).unwrap_or_default())
}
