//! The customer card: everything about one person on one page, read whole from the records.

pub mod notes;
pub mod rhythm;
mod view;

use crate::{
    consents,
    orders::{self, sql::StoredOrder},
    profile::sql::{self as profile, ProfileRow},
};
use async_trait::async_trait;
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

/// Knows when a person may be written to: the gate that mails go through.
#[async_trait]
pub trait NextMailSource: Send + Sync {
    /// When this person may be written to next, as of now.
    async fn next_mail(&self, customer: Ordinal) -> RecordsResult<NextMail>;
}

/// Reads a card.
pub async fn find<S: Sql>(
    sql: &S,
    mails: &dyn NextMailSource,
    id: CustomerId,
    today: Day,
    zone: Zone,
) -> RecordsResult<Option<Card>> {
    let Some(profile) = profile::find(sql, id).await? else { return Ok(None) };
    let customer = Ordinal::try_from(profile.customer).unwrap_or(Ordinal::MAX);
    let mut orders = orders::sql::of_customer(sql, customer).await?;
    orders.retain(|stored| zone.day(stored.order.ordered_at) <= today);
    let consents = consents::of_customer(sql, customer).await?;
    let next_mail = mails.next_mail(customer).await?;
    Ok(Some(Card { profile, orders, consents, next_mail }))
}

/// Whether mail may be sent to a person at all: consent, a usable address, not suppressed.
pub async fn is_mailable<S: Sql>(sql: &S, profile: &ProfileRow, consents: &[Consent]) -> RecordsResult<bool> {
    let is_yes = |consent: &Consent| consent.channel == Channel::Email && consent.state == ConsentState::Granted;
    let Some(email) = profile.email.clone().filter(|_| consents.iter().any(is_yes)) else { return Ok(false) };
    let text = "SELECT reason AS value FROM suppressions WHERE address IN ($1, LOWER($1)) LIMIT 1";
    Ok(sql.scalar::<String>(text, values![email]).await?.is_none())
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
