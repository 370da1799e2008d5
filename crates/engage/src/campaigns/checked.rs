//! What was wrong with the mails that were looked at lately, so that a draft is not compiled anew whenever it is shown.

use super::mail::{Mail, Surroundings};
use access::Problem;
use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

/// Mails that are remembered at the most.
const KEPT_MAX: usize = 16;

/// Mails with all that decides about them, and what was wrong with them.
#[derive(Default)]
pub(crate) struct Checked(Mutex<VecDeque<(Mail, Surroundings, Vec<Problem>)>>);

impl Checked {
    /// What was wrong with this very mail.
    pub fn find(&self, mail: &Mail, around: &Surroundings) -> Option<Vec<Problem>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.iter().find(|(of, in_, _)| of == mail && in_ == around);
        found.map(|(.., problems)| problems.clone())
    }

    /// Remembers it; the oldest is forgotten.
    pub fn keep(&self, mail: Mail, around: Surroundings, problems: &[Problem]) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_back((mail, around, problems.to_vec()));
        if kept.len() > KEPT_MAX {
            kept.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::campaigns::mail::Sending;
    use channels::{mail::Language, settings::MailSettings};

    #[test]
    fn the_same_mail_in_the_same_surroundings_is_known() {
        let around = |language| Surroundings {
            products: Vec::new(),
            footer: MailSettings::default().footer(),
            language,
            sending: Sending::Missing,
        };
        let mail = |subject: &str| Mail { subject: subject.to_owned(), ..Mail::default() };
        let (checked, problems) = (Checked::default(), [Problem::unprocessable("mail_empty")]);
        checked.keep(mail("0"), around(Language::Ja), &problems);
        assert_eq!(checked.find(&mail("0"), &around(Language::Ja)).unwrap(), problems);
        assert!(checked.find(&mail("0"), &around(Language::En)).is_none(), "the settings have changed");
        assert!(checked.find(&mail("1"), &around(Language::Ja)).is_none());
        (1..=KEPT_MAX).for_each(|n| checked.keep(mail(&n.to_string()), around(Language::Ja), &[]));
        assert!(checked.find(&mail("0"), &around(Language::Ja)).is_none(), "the oldest is forgotten");
    }
}
