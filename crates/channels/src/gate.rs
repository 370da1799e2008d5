//! The gate: who may be written to, and why not.
//!
//! Invariant: one sentence of SQL says how a person stands; the confirmation before sending, the transaction that
//! claims a message and the customer's card all ask it (shown in `tests/it/gate.rs` and `najimi/tests/it/card.rs`).

use records::{FromQueryResult, InList, RecordsError, RecordsResult, Sql, in_lists, values};
use roaring::RoaringBitmap;
use std::collections::HashMap;
use uuid::Uuid;
use vocabulary::{Day, Timestamp, Zone, id::Ordinal};

/// How many promotions a person may get: at most `max` within `days` local days, the day of sending included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CapSettings {
    /// The length of the window in local days.
    pub days: u32,
    /// Promotions within it.
    pub max: u32,
    /// Where the shop counts its days.
    pub zone: Zone,
}

impl Default for CapSettings {
    /// 販促は7日に1通まで.
    fn default() -> Self {
        Self { days: 7, max: 1, zone: Zone::TOKYO }
    }
}

impl CapSettings {
    /// What was sent from this instant on counts: with 7 days, a mail of Friday lets the next one go on Friday.
    fn counts_from(&self, now: Timestamp) -> Timestamp {
        self.zone.start_of(self.zone.day(now).plus(1 - self.window()))
    }

    fn window(&self) -> i32 {
        i32::try_from(self.days.clamp(1, 3_650)).unwrap_or(1)
    }
}

/// Why a person gets no mail. The order is that in which reasons are asked; the first one counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Refusal {
    /// Never said yes, or said no.
    NoConsent,
    /// No mail address that can be written to.
    BadAddress,
    /// The address was stopped, or its server refused it for good.
    Suppressed,
    /// Has got as much as the cap allows.
    RecentlySent,
}

impl Refusal {
    /// All of them, in their order.
    pub const ALL: [Self; 4] = [Self::NoConsent, Self::BadAddress, Self::Suppressed, Self::RecentlySent];

    /// The name in tables and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NoConsent => "no_consent",
            Self::BadAddress => "bad_address",
            Self::Suppressed => "suppressed",
            Self::RecentlySent => "recently_sent",
        }
    }
}

/// People in the classes of the confirmation; nobody is in two.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Screened {
    /// Never said yes, or said no.
    pub no_consent: RoaringBitmap,
    /// No mail address that can be written to.
    pub bad_address: RoaringBitmap,
    /// The address was stopped.
    pub suppressed: RoaringBitmap,
    /// Has got as much as the cap allows.
    pub recently_sent: RoaringBitmap,
    /// May be written to.
    pub sendable: RoaringBitmap,
}

impl Screened {
    fn class(&mut self, refusal: Option<Refusal>) -> &mut RoaringBitmap {
        match refusal {
            Some(Refusal::NoConsent) => &mut self.no_consent,
            Some(Refusal::BadAddress) => &mut self.bad_address,
            Some(Refusal::Suppressed) => &mut self.suppressed,
            Some(Refusal::RecentlySent) => &mut self.recently_sent,
            None => &mut self.sendable,
        }
    }
}

/// Puts each person into the first class that applies, as of now.
pub async fn screen<S: Sql>(
    sql: &S,
    people: &RoaringBitmap,
    now: Timestamp,
    cap: CapSettings,
) -> RecordsResult<Screened> {
    let mut screened = Screened::default();
    let everyone: Vec<Ordinal> = people.iter().collect();
    for chunk in everyone.chunks(CHUNK) {
        let standings = standings(sql, chunk, now, cap).await?;
        for person in chunk {
            let refusal = standings.get(person).map_or(Some(Refusal::NoConsent), |standing| standing.refusal(cap));
            screened.class(refusal).insert(*person);
        }
    }
    Ok(screened)
}

/// When a person may be written to next, for the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NextMail {
    /// Now, if nothing stands against it; else why not.
    pub refusal: Option<Refusal>,
    /// The local day from which the cap allows it; none when it does not stand in the way.
    pub on: Option<Day>,
    /// When the newest promotion went out.
    pub last_sent: Option<Timestamp>,
}

/// When this person may be written to next; what went to those who were joined to them counts.
pub async fn next_mail<S: Sql>(
    sql: &S,
    customer: Ordinal,
    now: Timestamp,
    cap: CapSettings,
) -> RecordsResult<NextMail> {
    let standing = standings(sql, &[customer], now, cap).await?.remove(&customer);
    let refusal = standing.map_or(Some(Refusal::NoConsent), |standing| standing.refusal(cap));
    // The window is free again when the max-th newest message has left it.
    let sent_at = |place: i64| async move {
        let text = format!(
            "SELECT sent_at AS value FROM messages WHERE customer IN (SELECT customer FROM customers \
             WHERE customer = $1 OR redirect_to = $1) AND {COUNTS} ORDER BY sent_at DESC LIMIT 1 OFFSET $2"
        );
        sql.scalar::<i64>(&text, values![i64::from(customer), place]).await
    };
    let filling = sent_at(i64::from(cap.max.max(1)) - 1).await?.map(Timestamp::from_micros);
    let on = filling.map(|at| cap.zone.day(at).plus(cap.window()));
    Ok(NextMail {
        refusal,
        on: on.filter(|_| refusal == Some(Refusal::RecentlySent)),
        last_sent: sent_at(0).await?.map(Timestamp::from_micros),
    })
}

/// People of one question.
const CHUNK: usize = 500;

/// States of a message that has reached a person, may have, or is about to.
const COUNTS: &str =
    "sent_at IS NOT NULL AND state IN ('claimed', 'handed', 'accepted', 'captured', 'unknown', 'held')";

/// How a person stands.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Standing {
    customer: i64,
    /// The id that the world sees; of the person whom this one was joined to, if so.
    pub customer_id: Uuid,
    /// Where to write to.
    pub address: Option<String>,
    consent: Option<String>,
    is_suppressed: i64,
    /// Promotions within the window.
    pub recent: i64,
}

impl Standing {
    /// The first reason against writing.
    pub fn refusal(&self, cap: CapSettings) -> Option<Refusal> {
        if self.consent.as_deref() != Some("granted") {
            Some(Refusal::NoConsent)
        } else if self.address.is_none() {
            Some(Refusal::BadAddress)
        } else if self.is_suppressed != 0 {
            Some(Refusal::Suppressed)
        } else {
            (self.recent >= i64::from(cap.max)).then_some(Refusal::RecentlySent)
        }
    }
}

/// How these people stand, as the connection that is asked sees it. An id that was merged away stands for the person
/// who stayed.
pub(crate) async fn standings<S: Sql>(
    sql: &S,
    people: &[Ordinal],
    now: Timestamp,
    cap: CapSettings,
) -> RecordsResult<HashMap<Ordinal, Standing>> {
    let mut found = HashMap::with_capacity(people.len());
    for InList { places, mut values } in in_lists(people.iter().map(|customer| i64::from(*customer))) {
        values.push(cap.counts_from(now).micros().into());
        let text = format!(
            "SELECT i.customer, c.customer_id, c.email AS address, p.state AS consent, \
             CASE WHEN {suppressed} THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END AS is_suppressed, \
             (SELECT COUNT(*) FROM messages WHERE customer = c.customer AND sent_at >= ${since} AND {COUNTS}) \
             + (SELECT COUNT(*) FROM customers k JOIN messages m ON m.customer = k.customer \
                WHERE k.redirect_to = c.customer AND sent_at >= ${since} AND {COUNTS}) AS recent \
             FROM customers i JOIN customers c ON c.customer = COALESCE(i.redirect_to, i.customer) \
             LEFT JOIN consents p ON p.customer = c.customer AND p.channel = 'email' \
             WHERE i.customer IN ({places})",
            suppressed = is_suppressed("c.email"),
            since = values.len(),
        );
        for standing in sql.all::<Standing>(&text, values).await? {
            let customer = Ordinal::try_from(standing.customer).map_err(|_| RecordsError::unreadable("customer"))?;
            found.insert(customer, standing);
        }
    }
    Ok(found)
}

/// SQL: this address is stopped, in whatever spelling of its mailbox.
pub(crate) fn is_suppressed(address: &str) -> String {
    format!("EXISTS (SELECT 1 FROM suppressions s WHERE s.address IN ({address}, LOWER({address})))")
}

/// SQL: the same for good: a no that the shop passed on is lifted by a later yes (`customers::consents`).
pub(crate) fn is_stopped(address: &str) -> String {
    format!(
        "EXISTS (SELECT 1 FROM suppressions s WHERE s.address IN ({address}, LOWER({address})) AND s.reason <> 'withdrawn')"
    )
}

/// SQL: the row of `messages` may still go to its person: its sending runs, consent stands, the address is not
/// stopped. Asked in the very statement that hands a message over.
pub(crate) fn may_go() -> String {
    format!(
        "EXISTS (SELECT 1 FROM sendings g WHERE g.sending_id = messages.sending_id AND g.state = 'running') \
         AND EXISTS (SELECT 1 FROM customers i JOIN consents p ON p.customer = COALESCE(i.redirect_to, i.customer) \
           AND p.channel = 'email' AND p.state = 'granted' WHERE i.customer = messages.customer) \
         AND NOT {}",
        is_suppressed("messages.address")
    )
}

/// Stops an address, and the plain spelling that other rows may hold of it. The first reason stays, but for a no that
/// the shop passed on: what a person or a server says themselves holds longer.
pub(crate) async fn suppress<S: Sql>(
    sql: &S,
    address: &str,
    reason: &'static str,
    now: Timestamp,
) -> RecordsResult<()> {
    let mut spellings = vec![address.to_owned(), address.to_ascii_lowercase()];
    spellings.dedup();
    for spelling in spellings {
        let text = "INSERT INTO suppressions (address, reason, suppressed_at) VALUES ($1, $2, $3) ON CONFLICT (address) \
                    DO UPDATE SET reason = excluded.reason, suppressed_at = excluded.suppressed_at \
                    WHERE suppressions.reason = 'withdrawn'";
        sql.execute(text, values![spelling, reason, now.micros()]).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_window_is_counted_in_local_days() {
        let cap = CapSettings::default();
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        // Friday 9:30 in Tokyo: what was sent since Saturday 0:00 counts, last Friday evening does not.
        assert_eq!(cap.counts_from(at("2026-11-13T00:30:00Z")), at("2026-11-06T15:00:00Z"));
    }
}
