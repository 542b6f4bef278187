//! What the store promises, a story for each of its tables.
//!
//! Nothing here knows which database is behind it: a second one has to tell
//! the same stories. Two programmes with the same units stand in every one.

mod decisions;
mod drafts;
mod history;
mod letters;
mod masters;
mod outbox;
mod records;
mod revisions;
mod sought;
mod steps;
mod submissions;

use chrono::{DateTime, Utc};
use std::sync::LazyLock;
use taizhang::domain::ids::{ProgramId, UnitId};
use taizhang::domain::period::Period;
use taizhang::domain::sha256::Sha256;
use taizhang::store::{Change, Store};

/// A store of its own, and what it lies in.
struct Own {
    store: Store,
    _folder: tempfile::TempDir,
}

static ONE: LazyLock<ProgramId> = LazyLock::new(|| "wutang-visits".parse().unwrap());
static OTHER: LazyLock<ProgramId> = LazyLock::new(|| "wutang-again".parse().unwrap());

async fn opened() -> Own {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("taizhang.sqlite3"))
        .await
        .unwrap();
    Own {
        store,
        _folder: folder,
    }
}

impl Own {
    async fn change(&self) -> Change {
        self.store.begin().await.unwrap()
    }
}

fn unit(id: &str) -> UnitId {
    id.parse().unwrap()
}

/// What a file with this text is known by.
fn bytes(text: &str) -> Sha256 {
    taizhang::platform::durable::sha256(text.as_bytes()).into()
}

fn period(text: &str) -> Period {
    text.parse().unwrap()
}

/// An instant of a day, by its hour in UTC.
fn at(day: u32, hour: u32) -> DateTime<Utc> {
    format!("2024-12-{day:02}T{hour:02}:00:00Z").parse().unwrap()
}
