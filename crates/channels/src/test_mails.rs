//! Test mails: a draft that an operator sends to themselves, to see it in a mail program before anybody else does.
//!
//! Invariant: a test mail goes to the address of the operator who asks and to nobody else; nothing in it is tracked or
//! acts in a person's name, and it stands in no figure (shown in `engage/tests/it/campaigns/test_mail.rs`).

use crate::{
    Channels,
    mail::{MailAddress, MessageUrls, RenderedMail, Sender, build_message},
    pause,
    sender::{Kept, Printed, Trial, hand_over, system_time},
};
use access::{ApiResult, Caller, CampaignsWrite, Operator, Path, Problem};
use axum::{Json, extract::State};
use records::{FromQueryResult, RecordsResult, Sql, Tx, values};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use vocabulary::{Timestamp, id::new_uuid};

/// Test mails of one operator within the window.
const OF_ONE_MAX: i64 = 20;
/// The window, in seconds.
const WINDOW_SECONDS: i64 = 600;
/// A test mail holds its reader's address; nobody looks at one of last month again.
const KEPT_SECONDS: i64 = 30 * 86_400;

/// A mail as a preview printed it.
#[derive(Clone, Debug)]
pub struct NewTestMail {
    /// The campaign that it belongs to.
    pub campaign_id: Uuid,
    /// Who sends the campaign.
    pub sender: Sender,
    /// What the preview shows.
    pub mail: RenderedMail,
}

/// What became of a test mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TestMailOutcome {
    /// A mail server took it.
    Sent,
    /// No mail server is set; it can be read here.
    Kept,
    /// The mail server did not take it.
    Failed,
}

/// A test mail on its way.
#[derive(Clone, Debug)]
pub struct TestMail {
    /// Leads to what was sent.
    pub test_mail_id: Uuid,
    /// What became of it.
    pub outcome: TestMailOutcome,
    /// The server's words, or what went wrong; empty for one that is kept.
    pub detail: String,
}

impl Channels {
    /// Sends a test mail to the operator's own address; without a mail server it is kept.
    pub async fn send_test_mail(&self, operator: &Operator, new: NewTestMail) -> Result<TestMail, Problem> {
        let now = self.wall_now();
        let to = MailAddress::parse(operator.email.reveal()).map_err(|_| no_address())?;
        let test_mail_id = new_uuid(now);
        let urls = MessageUrls::preview([]);
        let outgoing = build_message(test_mail_id, &new.sender, &to, &new.mail, &urls, system_time(now))
            .map_err(|error| Problem::from_cause(&error))?;
        let packed = Kept::packed(Printed { mail: new.mail, outgoing: outgoing.clone() })
            .map_err(|error| Problem::internal("internal").detail(error))?;
        let actor = records::Actor::Operator(operator.operator_id);
        let mut tx = self.inner.records.begin(&actor, "campaign.test_mail").await?;
        if let Some(pause) = pause::read(&tx).await? {
            return Err(Problem::conflict("sending_paused").detail(format!("No mail leaves: {}.", pause.sentence())));
        }
        make_room(&tx, operator, now).await?;
        let text = "INSERT INTO test_mails (test_mail_id, operator_id, campaign_id, made_at, content) VALUES ($1, $2, $3, $4, $5)";
        let row = values![test_mail_id, operator.operator_id.uuid(), new.campaign_id, now.micros(), packed];
        tx.execute(text, row).await?;
        tx.about(new.campaign_id, serde_json::json!({}));
        let server = crate::settings::read(&tx).await?.smtp;
        tx.commit().await?;
        let kept = TestMail { test_mail_id, outcome: TestMailOutcome::Kept, detail: String::new() };
        let Some(server) = server else { return Ok(kept) };
        let Trial { is_accepted, detail } = hand_over(self, &server, &outgoing).await;
        let outcome = if is_accepted { TestMailOutcome::Sent } else { TestMailOutcome::Failed };
        Ok(TestMail { outcome, detail, ..kept })
    }
}

/// Forgets what is older than the window, and refuses more than fits into it.
async fn make_room(tx: &Tx, operator: &Operator, now: Timestamp) -> Result<(), Problem> {
    let (who, since) = (operator.operator_id.uuid(), now.plus_seconds(-WINDOW_SECONDS).micros());
    let text = "SELECT COUNT(*) AS value FROM test_mails WHERE operator_id = $1 AND made_at > $2";
    if tx.scalar::<i64>(text, values![who, since]).await?.unwrap_or(0) >= OF_ONE_MAX {
        return Err(Problem::too_many("too_many_tries")
            .detail("There were too many test mails in a short time.")
            .hint("Wait a few minutes.")
            .retry_after(60));
    }
    let text = "DELETE FROM test_mails WHERE made_at < $1";
    tx.execute(text, values![now.plus_seconds(-KEPT_SECONDS).micros()]).await?;
    let text = "DELETE FROM test_mails WHERE operator_id = $1 AND test_mail_id NOT IN \
                (SELECT test_mail_id FROM test_mails WHERE operator_id = $1 ORDER BY made_at DESC LIMIT $2)";
    tx.execute(text, values![who, OF_ONE_MAX]).await?;
    Ok(())
}

fn no_address() -> Problem {
    Problem::unprocessable("mail_address_unfit")
        .detail("Your own address is no mail address.")
        .hint("An owner can change it on the page of members.")
}

#[derive(FromQueryResult)]
struct Row {
    campaign_id: Uuid,
    made_at: i64,
    content: Vec<u8>,
}

async fn find<S: Sql>(sql: &S, id: Uuid, operator: &Operator) -> RecordsResult<Option<Row>> {
    let text = "SELECT campaign_id, made_at, content FROM test_mails WHERE test_mail_id = $1 AND operator_id = $2";
    sql.one(text, values![id, operator.operator_id.uuid()]).await
}

/// A test mail as it was sent or kept.
#[derive(Serialize, ToSchema)]
pub(crate) struct TestMailView {
    test_mail_id: String,
    campaign_id: String,
    to: String,
    subject: String,
    html: String,
    text: String,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
}

/// One of the caller's own test mails; the newest are kept.
#[utoipa::path(get, path = "/api/test-mails/{id}", tag = "campaigns", params(("id" = String, Path, format = Uuid)),
    responses((status = 200, body = TestMailView), (status = 403, body = Problem), (status = 404, body = Problem)),
    security(("session" = ["campaigns.write"])))]
pub(crate) async fn get_test_mail(
    caller: Caller<CampaignsWrite>,
    State(channels): State<Channels>,
    Path(id): Path<Uuid>,
) -> ApiResult<Json<TestMailView>> {
    let row = find(&channels.inner.records.reader(), id, caller.operator()).await?;
    let row = row.ok_or_else(|| Problem::unknown("test mail"))?;
    let kept = Kept::unpacked(&row.content)?;
    Ok(Json(TestMailView {
        test_mail_id: id.to_string(),
        campaign_id: row.campaign_id.to_string(),
        to: caller.operator().email.reveal().to_owned(),
        subject: kept.subject,
        html: kept.html,
        text: kept.text,
        at: Timestamp::from_micros(row.made_at),
    }))
}
