//! The rows of campaigns.

use super::{
    Mail,
    campaign::{Campaign, CampaignState, Draft, StopReason, Whom},
};
use records::{FromQueryResult, Reader, RecordsError, RecordsResult, Sql, Tx, Value, escape_like, in_lists, values};
use roaring::RoaringBitmap;
use uuid::Uuid;
use vocabulary::{Timestamp, id::CampaignId};

const COLUMNS: &str = "campaign_id, name, state, segment_id, tree, segment_text, mail, holdout, version, scheduled_at, \
    started_at, window_days, people, treated, control, sent, is_queued, is_settled, stop_reason, is_simulated, true_effect, created_at";

#[derive(FromQueryResult)]
struct Row {
    campaign_id: Uuid,
    name: String,
    state: String,
    segment_id: Option<Uuid>,
    tree: Option<String>,
    segment_text: Option<String>,
    mail: String,
    holdout: f64,
    version: i64,
    scheduled_at: Option<i64>,
    started_at: Option<i64>,
    window_days: i64,
    people: Option<i64>,
    treated: i64,
    control: i64,
    sent: i64,
    is_queued: bool,
    is_settled: bool,
    stop_reason: Option<String>,
    is_simulated: bool,
    true_effect: Option<f64>,
    created_at: i64,
}

impl Row {
    fn campaign(self) -> RecordsResult<Campaign> {
        let whom = match (self.segment_id, self.tree.as_deref().map(serde_json::from_str).transpose()) {
            (_, Err(_)) => return Err(RecordsError::unreadable("campaigns.tree")),
            (Some(id), Ok(_)) => Whom::Segment(id.into()),
            (None, Ok(Some(tree))) => Whom::Tree(tree),
            (None, Ok(None)) => Whom::Nobody,
        };
        let mail: Mail = serde_json::from_str(&self.mail).map_err(|_| RecordsError::unreadable("campaigns.mail"))?;
        let state = CampaignState::from_name(&self.state).ok_or_else(|| RecordsError::unreadable("campaigns.state"))?;
        Ok(Campaign {
            campaign_id: self.campaign_id.into(),
            state,
            draft: Draft { name: self.name, whom, mail, holdout: self.holdout },
            segment_text: self.segment_text,
            version: self.version,
            scheduled_at: self.scheduled_at.map(Timestamp::from_micros),
            started_at: self.started_at.map(Timestamp::from_micros),
            window_days: u32::try_from(self.window_days).unwrap_or(0),
            people: self.people.map(count),
            treated: count(self.treated),
            control: count(self.control),
            sent: count(self.sent),
            is_queued: self.is_queued,
            is_settled: self.is_settled,
            stop_reason: self.stop_reason.as_deref().and_then(StopReason::from_name),
            is_simulated: self.is_simulated,
            true_effect: self.true_effect,
            created_at: Timestamp::from_micros(self.created_at),
        })
    }
}

fn count(stored: i64) -> u64 {
    u64::try_from(stored).unwrap_or(0)
}

fn stored(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// The campaign with this id.
pub(crate) async fn find<S: Sql>(sql: &S, id: CampaignId) -> RecordsResult<Option<Campaign>> {
    let row: Option<Row> =
        sql.one(&format!("SELECT {COLUMNS} FROM campaigns WHERE campaign_id = $1"), values![id.uuid()]).await?;
    row.map(Row::campaign).transpose()
}

/// The campaign with this id, locked until the commit.
pub(crate) async fn find_for_update(tx: &Tx, id: CampaignId) -> RecordsResult<Option<Campaign>> {
    let lock = tx.for_update();
    let row: Option<Row> =
        tx.one(&format!("SELECT {COLUMNS} FROM campaigns WHERE campaign_id = $1{lock}"), values![id.uuid()]).await?;
    row.map(Row::campaign).transpose()
}

/// Campaigns, the newest first, from behind a place on.
pub(crate) async fn page(reader: &Reader, before: Option<(i64, Uuid)>, rows: i64) -> RecordsResult<Vec<Campaign>> {
    let (at, id) = before.unwrap_or((i64::MAX, Uuid::max()));
    let text = format!(
        "SELECT {COLUMNS} FROM campaigns WHERE created_at < $1 OR (created_at = $1 AND campaign_id < $2) \
         ORDER BY created_at DESC, campaign_id DESC LIMIT $3"
    );
    reader.all::<Row>(&text, values![at, id, rows]).await?.into_iter().map(Row::campaign).collect()
}

/// Campaigns of which something waits or may still leave.
pub(crate) async fn open(reader: &Reader) -> RecordsResult<Vec<Campaign>> {
    let text = format!(
        "SELECT {COLUMNS} FROM campaigns WHERE NOT is_settled AND state IN ('scheduled', 'sending', 'paused', 'stopped') \
         ORDER BY created_at, campaign_id"
    );
    reader.all::<Row>(&text, vec![]).await?.into_iter().map(Row::campaign).collect()
}

/// What earlier campaigns sent: the id of each and its messages.
pub(crate) async fn earlier(
    reader: &Reader,
    id: CampaignId,
    from: Timestamp,
    until: Timestamp,
) -> RecordsResult<Vec<(CampaignId, u64)>> {
    #[derive(FromQueryResult)]
    struct Sent {
        campaign_id: Uuid,
        sent: i64,
    }
    let text = "SELECT campaign_id, sent FROM campaigns WHERE is_settled AND NOT is_simulated AND sent > 0 \
                AND started_at >= $1 AND started_at < $2 AND campaign_id <> $3";
    let rows: Vec<Sent> = reader.all(text, values![from.micros(), until.micros(), id.uuid()]).await?;
    Ok(rows.into_iter().map(|row| (row.campaign_id.into(), count(row.sent))).collect())
}

/// How many there are.
pub(crate) async fn number<S: Sql>(sql: &S) -> RecordsResult<i64> {
    Ok(sql.scalar("SELECT COUNT(*) AS value FROM campaigns", vec![]).await?.unwrap_or(0))
}

/// Writes a new campaign; one that is there stays as it is.
pub(crate) async fn insert(tx: &Tx, campaign: &Campaign) -> RecordsResult<()> {
    let places: Vec<String> = (1..=22).map(|place| format!("${place}")).collect();
    let text = format!("INSERT INTO campaigns ({COLUMNS}) VALUES ({}) ON CONFLICT DO NOTHING", places.join(", "));
    tx.execute(&text, row_of(campaign)?).await.map(|_| ())
}

/// Writes a campaign as it is now.
pub(crate) async fn save(tx: &Tx, campaign: &Campaign) -> RecordsResult<()> {
    let sets: Vec<String> = COLUMNS
        .split(',')
        .map(str::trim)
        .enumerate()
        .skip(1)
        .map(|(place, name)| format!("{name} = ${}", place + 1))
        .collect();
    tx.execute(&format!("UPDATE campaigns SET {} WHERE campaign_id = $1", sets.join(", ")), row_of(campaign)?)
        .await
        .map(|_| ())
}

/// The values in the order of [`COLUMNS`].
fn row_of(campaign: &Campaign) -> RecordsResult<Vec<Value>> {
    let json = |text: Result<String, serde_json::Error>| text.map_err(|_| RecordsError::unreadable("campaign"));
    let (segment_id, tree) = match &campaign.draft.whom {
        Whom::Nobody => (None, None),
        Whom::Segment(id) => (Some(id.uuid()), None),
        Whom::Tree(tree) => (None, Some(json(serde_json::to_string(tree))?)),
    };
    Ok(values![
        campaign.campaign_id.uuid(),
        campaign.draft.name.clone(),
        campaign.state.name(),
        segment_id,
        tree,
        campaign.segment_text.clone(),
        json(serde_json::to_string(&campaign.draft.mail))?,
        campaign.draft.holdout,
        campaign.version,
        campaign.scheduled_at.map(Timestamp::micros),
        campaign.started_at.map(Timestamp::micros),
        i64::from(campaign.window_days),
        campaign.people.map(stored),
        stored(campaign.treated),
        stored(campaign.control),
        stored(campaign.sent),
        campaign.is_queued,
        campaign.is_settled,
        campaign.stop_reason.map(StopReason::name),
        campaign.is_simulated,
        campaign.true_effect,
        campaign.created_at.micros(),
    ])
}

/// Deletes a campaign of which nothing was sent, with all that belongs to it.
pub(crate) async fn delete(tx: &Tx, id: CampaignId) -> RecordsResult<()> {
    for table in ["campaign_requests", "campaign_people", "campaigns"] {
        tx.execute(&format!("DELETE FROM {table} WHERE campaign_id = $1"), values![id.uuid()]).await?;
    }
    Ok(())
}

/// Who was drawn into which arm.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Drawn {
    pub treated: RoaringBitmap,
    pub control: RoaringBitmap,
}

#[derive(FromQueryResult)]
struct DrawnRow {
    treated: Vec<u8>,
    control: Vec<u8>,
}

/// The arms of a campaign, once they were drawn.
pub(crate) async fn drawn<S: Sql>(sql: &S, id: CampaignId) -> RecordsResult<Option<Drawn>> {
    let text = "SELECT treated, control FROM campaign_people WHERE campaign_id = $1";
    let row: Option<DrawnRow> = sql.one(text, values![id.uuid()]).await?;
    row.map(|row| Ok(Drawn { treated: bitmap(&row.treated)?, control: bitmap(&row.control)? })).transpose()
}

/// Keeps the arms. False when they were drawn before: those count.
pub(crate) async fn save_drawn(tx: &Tx, id: CampaignId, drawn: &Drawn) -> RecordsResult<bool> {
    let text = "INSERT INTO campaign_people (campaign_id, treated, control) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    Ok(tx.execute(text, values![id.uuid(), bytes(&drawn.treated)?, bytes(&drawn.control)?]).await? == 1)
}

fn bitmap(bytes: &[u8]) -> RecordsResult<RoaringBitmap> {
    RoaringBitmap::deserialize_from(bytes).map_err(|_| RecordsError::unreadable("campaign_people"))
}

fn bytes(people: &RoaringBitmap) -> RecordsResult<Vec<u8>> {
    let mut bytes = Vec::with_capacity(people.serialized_size());
    people.serialize_into(&mut bytes).map_err(|_| RecordsError::unreadable("campaign_people"))?;
    Ok(bytes)
}

/// A request that came before, and what was answered.
#[derive(FromQueryResult)]
pub(crate) struct Answered {
    pub request: String,
    pub answer: String,
}

/// What was answered to the request with this key.
pub(crate) async fn answered(tx: &Tx, id: CampaignId, key: &str) -> RecordsResult<Option<Answered>> {
    let text = "SELECT request, answer FROM campaign_requests WHERE campaign_id = $1 AND idempotency_key = $2";
    tx.one(text, values![id.uuid(), key]).await
}

/// Keeps an answer.
pub(crate) async fn save_answer(
    tx: &Tx,
    id: CampaignId,
    key: &str,
    answered: Answered,
    now: Timestamp,
) -> RecordsResult<()> {
    let text = "INSERT INTO campaign_requests (campaign_id, idempotency_key, request, answer, created_at) VALUES ($1, $2, $3, $4, $5)";
    tx.execute(text, values![id.uuid(), key, answered.request, answered.answer, now.micros()]).await.map(|_| ())
}

/// A product as the orders name it.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct ProductRow {
    pub sku: String,
    pub name: String,
    /// In minor units of the reporting currency.
    pub price: i64,
}

/// The products with these codes.
pub(crate) async fn find_products<S: Sql>(sql: &S, skus: &[String]) -> RecordsResult<Vec<ProductRow>> {
    let mut found = Vec::with_capacity(skus.len());
    for list in in_lists(skus.iter().map(String::as_str)) {
        let text = format!("SELECT sku, name, price FROM products WHERE sku IN ({})", list.places);
        found.extend(sql.all::<ProductRow>(&text, list.values).await?);
    }
    Ok(found)
}

/// Products whose name or code holds the text, the one with this very code first, then the most sold.
pub(crate) async fn search_products(reader: &Reader, text: &str, rows: i64) -> RecordsResult<Vec<ProductRow>> {
    let pattern = format!("%{}%", escape_like(&text.trim().to_lowercase()));
    let sql = "SELECT sku, name, price FROM products WHERE LOWER(name) LIKE $1 ESCAPE '\\' OR LOWER(sku) LIKE $1 ESCAPE '\\' \
               ORDER BY CASE WHEN sku = $3 THEN 0 ELSE 1 END, lines DESC, sku LIMIT $2";
    reader.all(sql, values![pattern, rows, text.trim()]).await
}

/// Who became a member up to a local day.
pub(crate) async fn joined_until(reader: &Reader, day: i32) -> RecordsResult<RoaringBitmap> {
    let text = "SELECT customer AS value FROM customers WHERE joined_day <= $1";
    let found: Vec<i64> = reader.column(text, values![i64::from(day)]).await?;
    Ok(found.into_iter().filter_map(|customer| u32::try_from(customer).ok()).collect())
}
