//! The customer card: everything about one person on one page, read whole from the records.

pub mod notes;
pub mod rhythm;
mod view;

use crate::{
    consents,
    orders::{self, sql::StoredOrder},
    profile::sql::{self as profile, ProfileRow},
};
use history::{LineKind, OrderKind};
use notes::NextMail;
use records::{RecordsResult, Sql, values};
use std::collections::HashMap;
use vocabulary::{
    CustomerId, Day, Zone,
    consent::{Channel, Consent, ConsentState},
    id::Ordinal,
};

pub use view::{CardView, Surroundings};

/// Products that a card lists.
const PRODUCTS_MAX: usize = 20;

/// What the card is made of.
pub struct Card {
    /// The person.
    pub profile: ProfileRow,
    /// Orders and refunds up to the present day, the newest first.
    pub orders: Vec<StoredOrder>,
    /// What they said on each channel.
    pub consents: Vec<Consent>,
    /// Whether the next mail may go.
    pub next_mail: NextMail,
}

/// A product that the person buys.
pub struct Favourite {
    /// The product's code.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// Pieces, after returns.
    pub quantity: i64,
    /// Orders that hold it.
    pub orders: u32,
}

/// Reads a card. `cap_days`: one promotional mail within so many days.
pub async fn find<S: Sql>(
    sql: &S,
    id: CustomerId,
    cap_days: i32,
    today: Day,
    zone: Zone,
) -> RecordsResult<Option<Card>> {
    let Some(profile) = profile::find(sql, id).await? else { return Ok(None) };
    let customer = Ordinal::try_from(profile.customer).unwrap_or(Ordinal::MAX);
    let mut orders = orders::sql::of_customer(sql, customer).await?;
    orders.retain(|stored| zone.day(stored.order.ordered_at) <= today);
    let consents = consents::of_customer(sql, customer).await?;
    let next_mail = next_mail(sql, &profile, &consents, cap_days, today, zone).await?;
    Ok(Some(Card { profile, orders, consents, next_mail }))
}

/// Why a person gets no mail at all; none when mail may be sent.
async fn mail_obstacle<S: Sql>(
    sql: &S,
    profile: &ProfileRow,
    consents: &[Consent],
) -> RecordsResult<Option<&'static str>> {
    if !consents.iter().any(|consent| consent.channel == Channel::Email && consent.state == ConsentState::Granted) {
        return Ok(Some("no_consent"));
    }
    let Some(email) = profile.email.clone() else { return Ok(Some("no_address")) };
    let suppressed: Option<String> = sql
        .scalar("SELECT reason AS value FROM suppressions WHERE address IN ($1, LOWER($1)) LIMIT 1", values![email])
        .await?;
    Ok(suppressed.map(|_| "suppressed"))
}

/// Whether mail may be sent to a person at all: consent, a usable address, not suppressed.
pub async fn is_mailable<S: Sql>(sql: &S, profile: &ProfileRow, consents: &[Consent]) -> RecordsResult<bool> {
    Ok(mail_obstacle(sql, profile, consents).await?.is_none())
}

async fn next_mail<S: Sql>(
    sql: &S,
    profile: &ProfileRow,
    consents: &[Consent],
    cap_days: i32,
    today: Day,
    zone: Zone,
) -> RecordsResult<NextMail> {
    if let Some(obstacle) = mail_obstacle(sql, profile, consents).await? {
        return Ok(NextMail::Never(obstacle));
    }
    let last: Option<i64> = sql
        .scalar::<Option<i64>>("SELECT MAX(occurred_at) AS value FROM recent_events WHERE customer = $1 AND kind = 'mail_sent' AND NOT is_simulated", values![profile.customer])
        .await?
        .flatten();
    let last_sent = last.map(|at| zone.day(vocabulary::Timestamp::from_micros(at)));
    Ok(match last_sent {
        Some(day) if today.since(day) < cap_days => NextMail::On(day.plus(cap_days)),
        last_sent => NextMail::Today { last_sent },
    })
}

impl Card {
    /// Orders that count.
    pub fn counted(&self) -> impl Iterator<Item = &StoredOrder> {
        self.orders.iter().filter(|stored| stored.order.state.kind == OrderKind::Order && !stored.is_simulated)
    }

    /// The products that the person buys most, by the number of orders.
    pub fn favourites(&self) -> Vec<Favourite> {
        let mut products: HashMap<&str, Favourite> = HashMap::new();
        for stored in self.orders.iter().filter(|stored| !stored.is_simulated) {
            let is_order = u32::from(stored.order.state.kind == OrderKind::Order);
            let mut seen = std::collections::HashSet::new();
            for line in stored.order.state.lines.iter().filter(|line| line.kind == LineKind::Product) {
                let favourite = products.entry(&line.sku).or_insert_with(|| Favourite {
                    sku: line.sku.clone(),
                    name: line.name.clone(),
                    quantity: 0,
                    orders: 0,
                });
                favourite.quantity += line.quantity;
                favourite.orders += if seen.insert(&line.sku) { is_order } else { 0 };
            }
        }
        let mut favourites: Vec<Favourite> = products.into_values().filter(|favourite| favourite.orders > 0).collect();
        favourites.sort_by(|a, b| (b.orders, b.quantity, &a.sku).cmp(&(a.orders, a.quantity, &b.sku)));
        favourites.truncate(PRODUCTS_MAX);
        favourites
    }
}
