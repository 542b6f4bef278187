//! `restore`: a backup takes the place of the database.

use super::args::{Common, Restore};
use super::{Exit, Misuse, site};
use crate::domain::language::Language;
use crate::jobs::notes::moment;
use crate::jobs::pass;
use crate::jobs::recover::restore;

/// Restores.
///
/// # Errors
/// A daemon runs, or the file is no sound backup of this program.
pub async fn run(common: &Common, options: &Restore) -> anyhow::Result<Exit> {
    let (site, clock) = site::options(common)?;
    std::fs::create_dir_all(&site.data)?;
    let Some(_running) = pass::hold(&site.data)? else {
        return Err(Misuse("taizhang 正在运行，请先停止运行，再恢复数据库".into()).into());
    };
    let restored = restore::restore(&site, &options.backup, clock.now())
        .await
        .map_err(|error| Misuse(format!("{error:#}。数据库没有改动。")))?;
    say!(
        "已用 {} 恢复数据库 {}",
        options.backup.display(),
        site.database.display()
    );
    if let Some(last) = restored.last {
        say!(
            "备份里最后一条记录：第{}条，{}",
            last.id,
            moment(Language::Chinese, last.at.with_timezone(&clock.zone()))
        );
    } else {
        say!("备份里还没有任何记录");
    }
    if let Some(aside) = restored.aside {
        say!("原来的数据库留在 {}，没有删除", aside.display());
    }
    say!(
        "下次运行时先对照共享文件夹：备份以后收下的台账按共享文件夹上的位置和回执补登，\
         说不清的列在 {}；到期的提醒和催报当作已经发过，新的信函在本期关期以前先作草稿，待人核准。",
        site.output.join("恢复情况.txt").display()
    );
    Ok(Exit::Well)
}
