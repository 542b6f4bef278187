//! Where the folders of a programme and its units lie on the share.

use super::Site;
use crate::domain::ids::UnitId;
use crate::domain::placement::Place;
use crate::domain::program::Program;
use crate::domain::share_path::SharePath;
use crate::domain::text::file_name_part;
use crate::domain::words::FolderWords;

impl Site {
    /// A unit's folder, relative to the watch root.
    #[must_use]
    pub fn unit_folder(&self, program: &Program, unit: &UnitId) -> SharePath {
        let name = program
            .roster
            .unit(unit)
            .map_or(unit.as_str(), |unit| unit.name.as_str());
        SharePath::root()
            .join(&program.folder)
            .join(&file_name_part(name))
    }

    /// The folder of a place on the share, relative to the watch root; none for
    /// places that are none, or where the unit isn't known.
    #[must_use]
    pub fn folder_of(
        &self,
        program: &Program,
        unit: Option<&UnitId>,
        period: &str,
        place: Place,
    ) -> Option<SharePath> {
        let of_unit = unit.map(|unit| self.unit_folder(program, unit));
        match place {
            Place::Unclaimed => Some(self.unclaimed_folder(program)),
            Place::OfUnit => of_unit,
            _ => {
                let below = place.below_unit(FolderWords::of(program.language))?;
                Some(of_unit?.join(below).join(&file_name_part(period)))
            }
        }
    }

    /// The folder for files whose unit or period could not be told, relative to the watch root.
    #[must_use]
    pub fn unclaimed_folder(&self, program: &Program) -> SharePath {
        SharePath::root()
            .join(&program.folder)
            .join(FolderWords::of(program.language).unclaimed)
    }
}
