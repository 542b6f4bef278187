//! Connections that are never handed out again after an error.
//!
//! `SQLite` rolls a change back by itself when the disk is full or fails, and
//! who counts begun changes beside it (as sqlx does) believes from then on
//! that one is still open: every later `BEGIN` on that connection fails. A
//! connection that has seen any error is closed; the next one begins afresh,
//! so that work goes on as soon as the fault is over.
//!
//! Who wants to write waits for a turn before asking for a connection. There
//! are few connections: if those who wait for the one writer held them all,
//! the change in progress could read nothing beside its own connection, and
//! all would stand still until the first of them gave up. So waiting writers
//! hold none, the writer holds one, and the others are for reads, which in
//! `SQLite` wait for nobody. Other processes take turns by the file's lock.
//!
//! Who only looks, and as often as people like (the page), has connections
//! besides that can change nothing: see [`only_reading`].

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use std::vec;

use futures_core::future::BoxFuture;
use futures_core::stream::{BoxStream, Stream};
use sqlx::pool::PoolConnection;
use sqlx::{ConnectOptions as _, Describe, Either, Execute, Executor, SqlStr};
use tokio::sync::{Mutex, OwnedMutexGuard};
use tokio::time::timeout;

use super::database::{self, Connection, Database, Outcome, Pool, Row, Statement, TypeInfo};
use super::error::Result as StoreResult;

/// What a statement answers with, bit by bit.
type Item = Either<Outcome, Row>;

/// The longest wait for others of this process that write.
const LONGEST_WAIT: Duration = super::BUSY;

/// The way to the database: for reads as an executor, for what writes with
/// [`Connections::begin`] and [`Connections::write`].
#[derive(Debug, Clone)]
pub(super) struct Connections {
    pool: Pool,
    /// For whoever only looks.
    readers: Pool,
    /// Whose turn it is to write.
    turn: Arc<Mutex<()>>,
}

tokio::task_local! {
    /// The work under way only looks.
    static ONLY_READING: ();
}

/// Does something that only looks: what it asks goes over connections of its
/// own, so that it keeps nobody waiting who works.
pub async fn only_reading<T>(work: impl Future<Output = T>) -> T {
    ONLY_READING.scope((), work).await
}

impl Connections {
    pub fn new(pool: Pool, readers: Pool) -> Self {
        Self {
            pool,
            readers,
            turn: Arc::default(),
        }
    }

    async fn turn(&self) -> Result<OwnedMutexGuard<()>, sqlx::Error> {
        let turn = timeout(LONGEST_WAIT, self.turn.clone().lock_owned()).await;
        turn.map_err(|_| sqlx::Error::PoolTimedOut)
    }

    /// A connection of one's own; whoever meets an error on it has to close it.
    pub async fn acquire(&self) -> Result<PoolConnection<Database>, sqlx::Error> {
        self.pool.acquire().await
    }

    /// A connection beside them, for whoever needs one for long.
    pub async fn connect(&self) -> Result<Connection, sqlx::Error> {
        self.pool.connect_options().connect().await
    }

    /// Closes all of them, once what is under way has ended.
    pub async fn close(&self) {
        self.readers.close().await;
        self.pool.close().await;
    }

    /// Over which of them is asked.
    fn asked(&self) -> Pool {
        let only_reading = ONLY_READING.try_with(|()| ()).is_ok();
        if only_reading { &self.readers } else { &self.pool }.clone()
    }

    /// Begins a change; others wait until it ends.
    pub async fn begin(&self) -> Result<Change, sqlx::Error> {
        let turn = self.turn().await?;
        let mut change = Change {
            connection: self.pool.acquire().await?,
            ended: false,
            _turn: turn,
        };
        sqlx::query("BEGIN IMMEDIATE")
            .execute(change.connection())
            .await?;
        Ok(change)
    }

    /// Carries out one statement that writes, as a change of its own.
    pub async fn write<'q, E>(&self, query: E) -> Result<Outcome, sqlx::Error>
    where
        E: 'q + Execute<'q, Database>,
    {
        let _turn = self.turn().await?;
        let mut connection = self.pool.acquire().await?;
        let outcome = (*connection).execute(query).await;
        told(connection, outcome).await
    }
}

/// A change in progress; dropped without commit, it never happened.
#[derive(Debug)]
pub struct Change {
    connection: PoolConnection<Database>,
    /// Committed or rolled back without an error: the connection is as new.
    ended: bool,
    /// Given on after the connection.
    _turn: OwnedMutexGuard<()>,
}

impl Change {
    /// What statements of the change are carried out on.
    pub(super) fn connection(&mut self) -> &mut Connection {
        &mut self.connection
    }

    /// Makes the change last. After an error nothing of it was recorded, as
    /// far as the database knows: the same work can be done again.
    ///
    /// # Errors
    /// The database can't be written.
    pub async fn commit(self) -> StoreResult<()> {
        self.end("COMMIT").await
    }

    /// Gives a change up in which nothing was to be changed after all.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn roll_back(self) -> StoreResult<()> {
        self.end("ROLLBACK").await
    }

    async fn end(mut self, word: &'static str) -> StoreResult<()> {
        sqlx::query(word).execute(self.connection()).await?;
        self.ended = true;
        Ok(())
    }
}

impl Drop for Change {
    fn drop(&mut self) {
        if !self.ended {
            // Closing rolls back whatever is open, also what nobody knows to be open.
            self.connection.close_on_drop();
        }
    }
}

impl<'p> Executor<'p> for &Connections {
    type Database = database::Database;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, Result<Item, sqlx::Error>>
    where
        E: 'q + Execute<'q, Database>,
    {
        let pool = self.asked();
        Box::pin(Answer::of(Box::pin(async move {
            let mut connection = pool.acquire().await?;
            let outcome = all_of((*connection).fetch_many(query)).await;
            told(connection, outcome).await
        })))
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<Row>, sqlx::Error>>
    where
        E: 'q + Execute<'q, Database>,
    {
        let pool = self.asked();
        Box::pin(async move {
            let mut connection = pool.acquire().await?;
            let outcome = (*connection).fetch_optional(query).await;
            told(connection, outcome).await
        })
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [TypeInfo],
    ) -> BoxFuture<'e, Result<Statement, sqlx::Error>>
    where
        'p: 'e,
    {
        let pool = self.asked();
        Box::pin(async move {
            let mut connection = pool.acquire().await?;
            let outcome = (*connection).prepare_with(sql, parameters).await;
            told(connection, outcome).await
        })
    }

    fn describe<'e>(self, sql: SqlStr) -> BoxFuture<'e, Result<Describe<Database>, sqlx::Error>>
    where
        'p: 'e,
    {
        let pool = self.asked();
        Box::pin(async move {
            let mut connection = pool.acquire().await?;
            let outcome = (*connection).describe(sql).await;
            told(connection, outcome).await
        })
    }
}

/// Gives an outcome on, and closes the connection if it was an error.
async fn told<T>(
    connection: PoolConnection<Database>,
    outcome: Result<T, sqlx::Error>,
) -> Result<T, sqlx::Error> {
    if outcome.is_err() {
        // What closing says is of no interest any more.
        let _ = connection.close().await;
    }
    outcome
}

async fn all_of(mut stream: BoxStream<'_, Result<Item, sqlx::Error>>) -> Result<Vec<Item>, sqlx::Error> {
    let mut items = Vec::new();
    while let Some(item) = poll_fn(|context| stream.as_mut().poll_next(context)).await {
        items.push(item?);
    }
    Ok(items)
}

/// An answer that is told once all of it is there: so the connection is back
/// or closed before anybody works with it.
struct Answer<'a> {
    asked: Option<BoxFuture<'a, Result<Vec<Item>, sqlx::Error>>>,
    items: vec::IntoIter<Item>,
}

impl<'a> Answer<'a> {
    fn of(asked: BoxFuture<'a, Result<Vec<Item>, sqlx::Error>>) -> Self {
        Self {
            asked: Some(asked),
            items: Vec::new().into_iter(),
        }
    }
}

impl Stream for Answer<'_> {
    type Item = Result<Item, sqlx::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(asked) = &mut self.asked {
            let outcome = ready!(asked.as_mut().poll(context));
            self.asked = None;
            self.items = match outcome {
                Ok(items) => items.into_iter(),
                Err(error) => return Poll::Ready(Some(Err(error))),
            };
        }
        Poll::Ready(self.items.next().map(Ok))
    }
}

#[cfg(test)]
mod tests;
