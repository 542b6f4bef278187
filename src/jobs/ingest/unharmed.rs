//! What goes wrong over one file is that file's, and harms no other.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

use super::look::{NotTheFile, NotYet};
use crate::inbox::Stat;
use crate::jobs::faults::{Area, area_of};

/// Looks at a file; a panic, and an error that is neither the database's nor a
/// place's nor the reading children's, are told of the file.
///
/// # Errors
/// What would meet every other file as well.
pub(super) async fn unharmed<T>(
    looking: impl Future<Output = anyhow::Result<Result<T, NotYet>>>,
    stat: Stat,
) -> anyhow::Result<Result<T, NotYet>> {
    let mut looking = pin!(looking);
    // A look that panicked is never polled again, and what it shares with
    // others are counters and handles.
    let outcome = poll_fn(|context| {
        let polled = catch_unwind(AssertUnwindSafe(|| looking.as_mut().poll(context)));
        match polled {
            Ok(poll) => poll.map(Some),
            Err(_) => Poll::Ready(None),
        }
    });
    match outcome.await {
        None => Ok(Err(NotYet::Stumbled("处理时程序出错".into(), stat))),
        Some(Err(error)) if is_of_the_file(&error) => {
            Ok(Err(NotYet::Stumbled(format!("处理时出错：{error:#}"), stat)))
        }
        Some(outcome) => outcome,
    }
}

fn is_of_the_file(error: &anyhow::Error) -> bool {
    error.downcast_ref::<NotTheFile>().is_none() && area_of(error, Area::Data).is_none()
}

#[cfg(test)]
mod tests {
    use std::io;

    use anyhow::Context as _;

    use super::*;

    const STAT: Stat = Stat { size: 1, modified: 1 };

    async fn stumbles(outcome: anyhow::Result<Result<(), NotYet>>) -> Option<bool> {
        let looked = unharmed(async { outcome }, STAT).await;
        looked
            .ok()
            .map(|looked| matches!(looked, Err(NotYet::Stumbled(..))))
    }

    #[tokio::test]
    async fn only_what_would_meet_every_file_is_an_error() {
        let full: anyhow::Error = io::Error::from(io::ErrorKind::StorageFull).into();
        let child: anyhow::Result<()> = Err(anyhow::anyhow!("another program"));
        assert_eq!(stumbles(Ok(Ok(()))).await, Some(false));
        assert_eq!(stumbles(Err(full)).await, None);
        assert_eq!(stumbles(Err(child.context(NotTheFile).unwrap_err())).await, None);
        assert_eq!(stumbles(Err(anyhow::anyhow!("没有表样"))).await, Some(true));
    }

    #[tokio::test]
    async fn a_panic_is_told_of_the_file() {
        let looking = async { panic!("as if a check had a hole") };
        let looked: Result<(), NotYet> = unharmed(looking, STAT).await.unwrap();
        assert!(matches!(looked, Err(NotYet::Stumbled(..))));
    }
}
