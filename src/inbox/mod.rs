//! The shared folder: what lies there, when it has settled, and what we put there.

mod decoded;
mod fresh;
mod locks;
mod marks;
mod notes;
mod pattern;
mod scan;
mod sentinel;
mod settle;
mod share;
mod stage;
mod watch;
mod way;

pub use decoded::decoded;
pub use fresh::Fresh;
pub use locks::{is_lock_name, is_temporary_name, lock_stands_beside};
pub use marks::Marks;
pub use notes::Notes;
pub use scan::{
    Deep, Found, InTheWay, Layout, Obstacle, PassedOver, Place, ProgramFolders, Scan, ScanError, Stat, Zone,
    scan, scan_again,
};
pub use sentinel::{SENTINEL, clear_half_sentinels, make_sentinel, read_sentinel, write_sentinel};
pub use settle::{Ready, Settle};
pub use share::{Left, Share, free_names};
pub use stage::{Archive, StageError, Staged, TOGETHER};
pub use watch::{WatchMode, Watcher};
pub use way::{Blocked, NoWay};
