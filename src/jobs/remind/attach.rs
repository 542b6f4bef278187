//! What is attached, where a programme turns that on: attachments carry names
//! and telephone numbers, so without it letters give a path.

use std::sync::Arc;

use crate::domain::ladder::Kind;
use crate::domain::letters::{Letter, NoticeRecord};
use crate::jobs::consolidate::MasterFolder;
use crate::jobs::site::Site;
use crate::mail::Attachment;
use crate::store::Role;

/// A workbook of any office program.
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The files that go with a letter.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn attachments(
    site: &Arc<Site>,
    letter: &Letter,
    notices: &[NoticeRecord],
) -> anyhow::Result<Vec<Attachment>> {
    let mut found = Vec::new();
    for notice in notices {
        let Some(program) = site
            .program(&notice.key.program)
            .filter(|program| program.ladder.attach)
        else {
            continue;
        };
        let period = &notice.key.period;
        let path = match (letter.kind, &notice.unit) {
            (Kind::Consolidated, _) => {
                let folder = MasterFolder::of(site, &program, period);
                folder.file(&folder.current())
            }
            (Kind::Returned, Some(unit)) => {
                let below = site.unit_folder(&program, unit);
                let placed = site.store.placed_below(&below).await?;
                let part = format!("/{period}/");
                let marked = placed
                    .into_iter()
                    .find(|own| own.role == Role::Marked && own.path.contains(&part));
                let Some(marked) = marked else { continue };
                if site.share.stat(&marked.path).is_none() {
                    // A link may lead anywhere by now; nobody else's file is mailed.
                    continue;
                }
                site.share.path(&marked.path)
            }
            _ => continue,
        };
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        // A letter without its attachment still says where the file lies.
        if let (Ok(bytes), Some(name)) = (tokio::fs::read(&path).await, name) {
            found.push(Attachment {
                name,
                content_type: XLSX.to_owned(),
                bytes,
            });
        }
    }
    Ok(found)
}
