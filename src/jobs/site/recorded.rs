//! Where files lie that are on record.

use std::borrow::Cow;
use std::path::Path;

use super::Site;
use crate::domain::share_path::SharePath;

impl Site {
    /// Where a file that is on record lies on this site. What lies outside the
    /// share is on record by its whole path, and a site may have been moved or
    /// copied since: then the file of that name in its own folder is meant. None
    /// for what lies anywhere else outside the share.
    #[must_use]
    pub fn of_this_site<'a>(&self, path: &'a SharePath) -> Option<Cow<'a, SharePath>> {
        let recorded = Path::new(path.as_str());
        if !recorded.is_absolute() {
            return Some(Cow::Borrowed(path));
        }
        let waiting = self.waiting_folder();
        let is_waiting = recorded.parent()?.file_name() == waiting.file_name();
        let here = waiting.join(recorded.file_name()?);
        let here = here.display().to_string().parse().ok()?;
        is_waiting.then_some(Cow::Owned(here))
    }
}
