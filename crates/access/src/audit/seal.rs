//! Seals of the audit log: a chain of hashes that shows whether a row was changed, taken out or put in.
//!
//! A chain within each change would make all of them wait for each other, so the rows are sealed afterwards, when no
//! transaction can still bring an earlier one. Whoever may write into the database can make all seals anew; so each is
//! told to the log of the program as well, and `najimi audit verify` prints the last one.

use super::AuditEntry;
use crate::{Access, AccessError, sql};
use records::Actor;
use sha2::{Digest, Sha256};
use uuid::Uuid;
use vocabulary::Timestamp;

/// Rows of so many seconds are not sealed yet: a row bears the time at which its transaction began.
const SETTLED_SECONDS: i64 = 600;
/// Rows under one seal.
const ROWS_MAX: u64 = 10_000;

/// A row's place in the log.
pub(crate) type Place = (i64, Uuid);

/// A seal over the rows since the one before.
#[derive(Clone, Debug, PartialEq)]
pub struct Seal {
    /// 1 for the first.
    pub number: i64,
    /// When it was made.
    pub sealed_at: Timestamp,
    /// The last row that it covers.
    pub(crate) last: Place,
    /// How many rows it covers.
    pub row_count: i64,
    /// SHA-256 of the hash before and of the rows.
    pub(crate) hash: Vec<u8>,
}

/// What the seals say.
#[derive(Clone, Debug, PartialEq)]
pub enum AuditVerdict {
    /// All rows are as they were when they were sealed.
    Whole {
        /// The last seal; none in a new log.
        last: Option<Seal>,
        /// How many rows are sealed.
        rows: i64,
        /// How many wait for the next seal.
        waiting: i64,
    },
    /// Rows under this seal, or the seal itself, are not as they were; those under seals before are.
    Broken {
        /// The number of the first seal that does not hold.
        seal: i64,
        /// When it was made; none when it is missing.
        sealed_at: Option<Timestamp>,
    },
}

impl Seal {
    fn over(before: Option<&Seal>, rows: &[AuditEntry], now: Timestamp) -> Option<Self> {
        let last = rows.last()?;
        Some(Self {
            number: before.map_or(0, |seal| seal.number) + 1,
            sealed_at: now,
            last: (last.at.micros(), last.audit_id),
            row_count: rows.len() as i64,
            hash: hash(before, rows),
        })
    }

    fn holds(&self, before: Option<&Seal>, rows: &[AuditEntry]) -> bool {
        Self::over(before, rows, self.sealed_at).as_ref() == Some(self)
    }

    /// The hash in hexadecimal digits, to be kept elsewhere.
    pub fn hash_text(&self) -> String {
        self.hash.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Each field with its length before it, so that no two logs read the same.
fn hash(before: Option<&Seal>, rows: &[AuditEntry]) -> Vec<u8> {
    let mut hasher = Sha256::new();
    let mut add = |field: &[u8]| {
        hasher.update((field.len() as u64).to_be_bytes());
        hasher.update(field);
    };
    add(before.map_or(&[], |seal| seal.hash.as_slice()));
    for row in rows {
        add(row.audit_id.as_bytes());
        add(&row.at.micros().to_be_bytes());
        for text in [&row.actor_kind, &row.actor, &row.action, &row.object, &row.detail] {
            add(text.as_bytes());
        }
    }
    hasher.finalize().to_vec()
}

fn end(seal: Option<&Seal>) -> Place {
    seal.map_or((i64::MIN, Uuid::nil()), |seal| seal.last)
}

impl Access {
    /// Seals the rows that have settled.
    pub async fn seal_audit_log(&self) -> Result<(), AccessError> {
        while let Some(seal) = self.seal_some().await? {
            let hash = seal.hash_text();
            tracing::info!(seal = seal.number, rows = seal.row_count, hash, "rows of the audit log were sealed");
        }
        Ok(())
    }

    async fn seal_some(&self) -> Result<Option<Seal>, AccessError> {
        let now = self.inner.clock.now();
        let until = (now.plus_seconds(-SETTLED_SECONDS).micros(), Uuid::max());
        let tx = self.inner.records.begin(&Actor::System("audit"), "audit.seal").await?;
        let before = sql::last_seal(&tx).await?;
        let rows = sql::audit_between(&tx, end(before.as_ref()), until, ROWS_MAX).await?;
        let Some(seal) = Seal::over(before.as_ref(), &rows, now) else {
            tx.rollback().await?;
            return Ok(None);
        };
        sql::insert_seal(&tx, &seal).await?;
        tx.commit().await?;
        Ok(Some(seal))
    }

    /// Says whether all rows are as they were when they were sealed.
    pub async fn verify_audit_log(&self) -> Result<AuditVerdict, AccessError> {
        let reader = self.inner.records.reader();
        let (mut last, mut rows): (Option<Seal>, i64) = (None, 0);
        while let Some(seal) = sql::seal_after(&reader, last.as_ref().map_or(0, |seal| seal.number)).await? {
            // One more than there should be, to find what was put in.
            let most = seal.row_count.unsigned_abs() + 1;
            let covered = sql::audit_between(&reader, end(last.as_ref()), seal.last, most).await?;
            if !seal.holds(last.as_ref(), &covered) {
                let expected = last.as_ref().map_or(0, |seal| seal.number) + 1;
                let sealed_at = (seal.number == expected).then_some(seal.sealed_at);
                return Ok(AuditVerdict::Broken { seal: expected, sealed_at });
            }
            rows += seal.row_count;
            last = Some(seal);
        }
        let waiting = sql::count_audit_after(&reader, end(last.as_ref())).await?;
        Ok(AuditVerdict::Whole { last, rows, waiting })
    }
}
