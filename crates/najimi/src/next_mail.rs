//! What a customer's card says of the next mail: the word of the gate that mails go through. It lives above customers,
//! so it is handed in here.

use async_trait::async_trait;
use channels::{Channels, gate::Refusal};
use customers::card::{NextMailSource, notes::NextMail};
use records::RecordsResult;
use vocabulary::id::Ordinal;

/// The gate, asked by the card.
pub struct Gate(pub Channels);

#[async_trait]
impl NextMailSource for Gate {
    async fn next_mail(&self, customer: Ordinal) -> RecordsResult<NextMail> {
        let (next, cap) = self.0.next_mail(customer).await?;
        Ok(match next.refusal {
            None => NextMail::Today { last_sent: next.last_sent.map(|at| cap.zone.day(at)), cap_days: cap.days },
            Some(Refusal::NoConsent) => NextMail::Never("no_consent"),
            Some(Refusal::BadAddress) => NextMail::Never("no_address"),
            Some(Refusal::Suppressed) => NextMail::Never("suppressed"),
            Some(Refusal::RecentlySent) => next.on.map_or(NextMail::Never("cap"), NextMail::On),
        })
    }
}
