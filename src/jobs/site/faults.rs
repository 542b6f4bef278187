//! What fails, named once, and whether a place takes writes again.

use std::path::PathBuf;

use super::Site;
use crate::jobs::faults::{Area, area_of, folder_takes, in_data};
use crate::store::{in_words, remedy};

/// What to do about something in the way.
const OBSTACLE: &str = "请把它移走或改名，之后自动继续";

impl Site {
    /// Names a failure once where it is handled, and remembers it if it is one
    /// of an area; `otherwise` is the area where the work writes, if the error
    /// doesn't tell by itself.
    pub fn name_fault(&self, otherwise: Area, what: &'static str, error: &anyhow::Error) -> Option<Area> {
        let area = area_of(error, otherwise);
        let news = area.is_none_or(|area| self.faults.failed(area, error, self.clock.utc()));
        if news {
            let remedy = remedy(error).map_or_else(String::new, |remedy| format!("：{remedy}"));
            tracing::error!(error = in_words(error), "{what}{remedy}");
        }
        area
    }

    /// Names what stands where something of ours belongs, once as long as it
    /// stands there; the work that it kept up is tried again like after a fault.
    pub fn name_obstacle(&self, area: Area, what: &str) {
        let now = self.clock.utc();
        if self.faults.failed_as(area, what, Some(OBSTACLE), now) {
            tracing::error!("{what}。{OBSTACLE}");
        }
    }

    /// Whether an area takes writes.
    ///
    /// # Errors
    /// It doesn't, and why.
    pub async fn takes(&self, area: Area) -> anyhow::Result<()> {
        let options = &self.options;
        let (from, to) = match area {
            Area::Database => return Ok(self.store.probe(self.clock.utc()).await?),
            Area::Data => in_data(&options.data),
            Area::Output => (options.output.clone(), options.output.clone()),
            // It writes nowhere; whether it is served it says itself.
            Area::Page => return Ok(()),
            Area::Share => {
                // Where the share is unmounted its folder takes writes, but isn't the share.
                anyhow::ensure!(self.share_is_there(), "共享文件夹不可用");
                let folder = self.tried_on_share();
                (folder.clone(), folder)
            }
        };
        Ok(tokio::task::spawn_blocking(move || folder_takes(&from, &to)).await??)
    }

    /// Where on the share it is tried: in the folder of a programme, where a
    /// start clears what a kill leaves behind; its root may be closed to us.
    #[must_use]
    pub fn tried_on_share(&self) -> PathBuf {
        let watch = &self.options.watch;
        let programs = self.programs();
        let mut folders = programs.iter().map(|program| watch.join(&program.folder));
        folders
            .find(|folder| folder.is_dir())
            .unwrap_or_else(|| watch.clone())
    }
}
