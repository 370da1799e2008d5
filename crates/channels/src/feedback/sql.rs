//! Whom a message went to, and taking their consent back.

use crate::{events::Told, gate};
use records::{FromQueryResult, RecordsResult, Sql, Tx, values};
use uuid::Uuid;
use vocabulary::Timestamp;

/// Whom a message went to.
pub(super) struct Addressee {
    pub told: Told,
    /// The dense number of the person; of the one whom they were joined to, if so.
    pub customer: i64,
    /// The address that the message went to.
    pub sent_to: Option<String>,
    /// The person's address now.
    pub address: Option<String>,
    /// Whether mails are stopped for good already: the consent taken back and the address stopped, not only by a word
    /// that the shop passed on and may take back.
    pub is_stopped: bool,
}

#[derive(FromQueryResult)]
struct Row {
    message_id: Uuid,
    sending_id: Uuid,
    name: String,
    customer: i64,
    customer_id: Uuid,
    sent_to: Option<String>,
    address: Option<String>,
    consent: Option<String>,
    is_stopped: i64,
}

/// Whom this message went to; none when there is no such message any more.
pub(super) async fn addressee<S: Sql>(sql: &S, message_id: Uuid) -> RecordsResult<Option<Addressee>> {
    let text = format!(
        "SELECT m.message_id, m.sending_id, g.name, c.customer, c.customer_id, m.address AS sent_to, c.email AS address, \
         p.state AS consent, CASE WHEN {} THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END AS is_stopped \
         FROM messages m JOIN sendings g ON g.sending_id = m.sending_id \
         JOIN customers i ON i.customer = m.customer JOIN customers c ON c.customer = COALESCE(i.redirect_to, i.customer) \
         LEFT JOIN consents p ON p.customer = c.customer AND p.channel = 'email' WHERE m.message_id = $1",
        gate::is_stopped("m.address")
    );
    let row = sql.one::<Row>(&text, values![message_id]).await?;
    Ok(row.map(|row| Addressee {
        told: Told {
            message_id: row.message_id,
            sending_id: row.sending_id,
            name: row.name,
            customer_id: row.customer_id.into(),
        },
        customer: row.customer,
        sent_to: row.sent_to,
        address: row.address,
        is_stopped: row.consent.as_deref() == Some("denied") && row.is_stopped != 0,
    }))
}

/// The person says no, whatever was said before and whenever.
pub(super) async fn deny(tx: &Tx, customer: i64, now: Timestamp) -> RecordsResult<()> {
    let text = "INSERT INTO consents (customer, channel, state, basis, stated_at) VALUES ($1, 'email', 'denied', 'unsubscribed', $2) \
                ON CONFLICT (customer, channel) DO UPDATE SET state = excluded.state, basis = excluded.basis, \
                stated_at = CASE WHEN excluded.stated_at > consents.stated_at THEN excluded.stated_at ELSE consents.stated_at END";
    tx.execute(text, values![customer, now.micros()]).await.map(|_| ())
}
