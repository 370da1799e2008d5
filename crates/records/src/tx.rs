//! A change: belongs to somebody, has a name, and commits once, at the end.

use crate::{Dialect, RecordsResult, outbox, sql::Sql, values};
use sea_orm::{DatabaseConnection, DatabaseTransaction, SqliteTransactionMode, TransactionOptions, TransactionTrait};
use std::sync::Arc;
use tokio::sync::Notify;
use vocabulary::{
    Event, OperatorId, Timestamp,
    id::{KeyId, new_uuid},
};

/// Who makes a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Somebody of the company.
    Operator(OperatorId),
    /// A program with a key.
    Key(KeyId),
    /// A customer, by a link in a mail or on a page.
    Customer(&'static str),
    /// Somebody on the machine itself, by a command.
    Console,
    /// A stage of Najimi itself; the events or jobs behind its changes are their own record.
    System(&'static str),
}

impl Actor {
    fn audit(&self) -> Option<(&'static str, String)> {
        match self {
            Actor::Operator(id) => Some(("operator", id.to_string())),
            Actor::Key(id) => Some(("key", id.to_string())),
            Actor::Customer(way) => Some(("customer", (*way).to_owned())),
            Actor::Console => Some(("console", "command line".to_owned())),
            Actor::System(_) => None,
        }
    }
}

/// An open change. Dropped without `commit`, it leaves no trace.
pub struct Tx {
    inner: DatabaseTransaction,
    dialect: Dialect,
    actor: Actor,
    action: &'static str,
    object: String,
    detail: String,
    now: Timestamp,
    events: Vec<Event>,
    outbox_filled: Arc<Notify>,
}

impl Tx {
    pub(crate) async fn begin(
        connection: &DatabaseConnection,
        dialect: Dialect,
        actor: Actor,
        action: &'static str,
        now: Timestamp,
        outbox_filled: Arc<Notify>,
    ) -> RecordsResult<Self> {
        // A deferred transaction that reads first and writes later fails under concurrency on SQLite.
        let sqlite_transaction_mode = (dialect == Dialect::Sqlite).then_some(SqliteTransactionMode::Immediate);
        let inner =
            connection.begin_with_options(TransactionOptions { sqlite_transaction_mode, ..Default::default() }).await?;
        let (object, detail) = (String::new(), "{}".to_owned());
        Ok(Self { inner, dialect, actor, action, object, detail, now, events: Vec::new(), outbox_filled })
    }

    /// What the change is about, for the audit log: an id, and details that hold no personal data.
    pub fn about(&mut self, object: impl ToString, detail: serde_json::Value) {
        self.object = object.to_string();
        self.detail = detail.to_string();
    }

    /// Tells the world: the event goes to the journal after the commit.
    pub fn emit(&mut self, event: Event) {
        self.events.push(event);
    }

    /// Who makes the change.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// When it began, by the clock on the wall.
    pub fn began_at(&self) -> Timestamp {
        self.now
    }

    /// Makes the change, its audit row and its events true together.
    pub async fn commit(self) -> RecordsResult<()> {
        if let Some((kind, actor)) = self.actor.audit() {
            self.execute(
                "INSERT INTO audit_log (audit_id, at, actor_kind, actor, action, object, detail) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                values![new_uuid(self.now), self.now.micros(), kind, actor, self.action, self.object.clone(), self.detail.clone()],
            )
            .await?;
        }
        outbox::write(&self, &self.events, self.now).await?;
        self.inner.commit().await?;
        if !self.events.is_empty() {
            self.outbox_filled.notify_one();
        }
        Ok(())
    }

    /// Gives the change up.
    pub async fn rollback(self) -> RecordsResult<()> {
        Ok(self.inner.rollback().await?)
    }
}

impl Sql for Tx {
    type Connection = DatabaseTransaction;
    fn connection(&self) -> &DatabaseTransaction {
        &self.inner
    }
    fn dialect(&self) -> Dialect {
        self.dialect
    }
}
