//! The database's file was taken away while the daemon runs: what it holds is
//! saved, and the daemon ends, for nothing that it writes would last.

use std::sync::Arc;

use super::AFTER_FAULT;
use super::terminate::Terminate;
use crate::domain::letters::Hold;
use crate::jobs::backup;
use crate::jobs::faults::Area;
use crate::jobs::ingest::Round;
use crate::jobs::running;
use crate::jobs::site::Site;
use crate::store::{in_words, may_pass};

/// Saves the database; gives why the daemon ends. While the disk is full or
/// fails it is tried again: what isn't saved is gone with the process.
pub(super) async fn rescue(site: &Arc<Site>, terminate: &mut Terminate) -> anyhow::Error {
    let database = site.options.database.display();
    let what = format!("数据库文件 {database} 在运行中被移走、删除或替换，不再收文");
    let mut said = false;
    loop {
        let error = match backup::save(site).await {
            Ok(copy) => {
                return anyhow::anyhow!(
                    "{what}。停下之前的全部记录已另存为 {copy}。请查明是谁动了这个文件，再恢复：taizhang restore {copy}",
                    copy = copy.display()
                );
            }
            Err(error) => error,
        };
        if !may_pass(&error) {
            return error.context(format!(
                "{what}；停下之前的记录没有能另存，请用备份恢复（taizhang restore）或者重建（taizhang recover）"
            ));
        }
        if !std::mem::replace(&mut said, true) {
            tracing::error!(
                error = in_words(&error),
                "{what}；记录还没有能另存，每隔几秒再试，请不要停止程序"
            );
            site.faults
                .failed_as(Area::Database, &what, None, site.clock.utc());
            // Where people look; it may lie on the disk that is full.
            running::write(site, &Round::default(), None, Hold::default())
                .await
                .ok();
        }
        tokio::select! {
            () = tokio::time::sleep(AFTER_FAULT) => {}
            () = terminate.wait() => return error.context(format!("{what}；停止时记录没有能另存")),
        }
    }
}
