//! Messages for the screens.

use super::MessageState;
use access::Limit;
use records::{FromQueryResult, Reader, RecordsResult, Sql, values};
use uuid::Uuid;

/// A message with the name of its person.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct MessageRow {
    pub message_id: Uuid,
    pub sending_id: Uuid,
    pub customer: i64,
    pub customer_id: Uuid,
    pub family_name: Option<String>,
    pub given_name: Option<String>,
    pub company: Option<String>,
    /// Where it went; before that, where it would go.
    pub address: Option<String>,
    pub state: String,
    pub reason: Option<String>,
    pub changed_at: i64,
}

const SELECT: &str = "SELECT m.message_id, m.sending_id, m.customer, c.customer_id, c.family_name, c.given_name, c.company, \
    COALESCE(m.address, c.email) AS address, m.state, m.reason, m.changed_at \
    FROM messages m JOIN customers i ON i.customer = m.customer JOIN customers c ON c.customer = COALESCE(i.redirect_to, i.customer)";

/// A page of a sending's messages by person, of one state or of all.
pub(crate) async fn page(
    reader: &Reader,
    sending_id: Uuid,
    state: Option<MessageState>,
    after: Option<i64>,
    limit: Limit,
) -> RecordsResult<Vec<MessageRow>> {
    let state = state.map(|state| format!("AND m.state = '{state}'")).unwrap_or_default();
    let text = format!("{SELECT} WHERE m.sending_id = $1 {state} AND m.customer > $2 ORDER BY m.customer LIMIT $3");
    reader.all(&text, values![sending_id, after.unwrap_or(-1), limit.and_one()]).await
}

/// One message.
pub(crate) async fn find(reader: &Reader, message_id: Uuid) -> RecordsResult<Option<MessageRow>> {
    reader.one(&format!("{SELECT} WHERE m.message_id = $1"), values![message_id]).await
}
