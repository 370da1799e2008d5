//! The people of the demo: invented, and the same at every start.

mod address;
mod buyer;
mod company;
mod consent;
mod mail;
mod member;
mod names;
mod person;
mod phone;

use std::collections::HashSet;

use crate::folder::{DemoError, DemoFolder};
pub use buyer::Buyer;
use buyer::BuyerMaker;
pub(crate) use company::katakana;
pub use mail::is_deliverable;
pub(crate) use mail::romaji;
use member::MemberMaker;
pub(crate) use names::NameList;
pub use person::{Channel, Consent, Decision, Person, PersonKind, Sex};

/// All people: those who order, by customer number, then the members who never bought.
///
/// Invariant: mail addresses, telephones and company names are given out once.
pub struct People {
    buyers: std::vec::IntoIter<Buyer>,
    members: member::Rows,
    buyer_maker: BuyerMaker,
    member_maker: MemberMaker,
    taken: Taken,
    made: u64,
}

/// What can belong to one person only.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    mails: HashSet<String>,
    companies: HashSet<String>,
}

impl People {
    pub(crate) fn open(folder: &DemoFolder) -> Result<Self, DemoError> {
        let buyers = folder.buyers()?;
        Ok(Self {
            members: member::Rows::open(folder, buyers.len())?,
            buyers: buyers.into_iter(),
            buyer_maker: BuyerMaker::open(folder)?,
            member_maker: MemberMaker::new(),
            taken: Taken::with_regular(),
            made: 0,
        })
    }
}

impl Iterator for People {
    type Item = Result<Person, DemoError>;

    fn next(&mut self) -> Option<Self::Item> {
        let ordinal = self.made;
        self.made += 1;
        if let Some(buyer) = self.buyers.next() {
            return Some(self.buyer_maker.make(&buyer, ordinal, &mut self.taken));
        }
        let row = self.members.next()?;
        Some(row.and_then(|row| self.member_maker.make(row, ordinal, &mut self.taken)))
    }
}

impl Taken {
    /// Keeps the address and the shop of the regular whom the guide shows for her.
    fn with_regular() -> Self {
        Self {
            mails: HashSet::from([buyer::REGULAR.mail.to_owned()]),
            companies: HashSet::from([buyer::REGULAR.company.to_owned()]),
        }
    }
}
