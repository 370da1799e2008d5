//! A mail as one real person would get it, with what is personal masked; the same as a test to the writer; and the
//! ready mails to start from.

use super::{
    CampaignError, Mail,
    campaign::Campaign,
    mail::{Sending, Surroundings},
    problems::{compile_unfinished, of_sender},
    warnings::leads_nowhere,
};
use crate::Engage;
use access::{Operator, Problem};
use channels::{
    NewTestMail, TestMail,
    mail::{Language, ReadyMailId, RenderError, RenderedMail, Values, apart, ready_mail},
    settings::MailSettings,
    values_of,
};
use customers::profile::{self, sql::ProfileRow};
use vocabulary::CustomerId;

/// A mail printed for an operator's eyes.
pub(crate) struct Printed {
    pub subject: String,
    pub html: String,
    pub text: String,
    pub name_masked: String,
    pub unresolved: Vec<String>,
    pub language: Language,
    pub sending: Sending,
}

impl Engage {
    /// Prints a mail, finished or not, for one person; without one for the first of the campaign's people.
    pub(crate) async fn preview(
        &self,
        campaign: &Campaign,
        mail: Option<Mail>,
        customer: Option<CustomerId>,
    ) -> Result<Printed, CampaignError> {
        let mail = mail.unwrap_or_else(|| campaign.draft.mail.clone());
        mail.check_size()?;
        let person = match customer {
            Some(id) => {
                let found = profile::sql::find(&self.reader(), id).await?;
                Some(found.ok_or(CampaignError::Unknown("customer"))?)
            }
            None => self.first_person(campaign).await?,
        };
        let settings = self.inner.channels.mail_settings().await?;
        let around = Surroundings::of(&self.reader(), &mail, &settings, self.currency()).await?;
        let masked = person.map(masked);
        let values = self.values(masked.as_ref());
        let has_subject = !mail.subject.trim().is_empty();
        let (language, sending) = (around.language, around.sending.clone());
        let print = move || Ok::<_, CampaignError>(compile_unfinished(&mail, &around)?.preview(&values)?);
        let preview = apart(print).await.map_err(RenderError::from)??;
        Ok(Printed {
            subject: if has_subject { preview.mail.subject } else { String::new() },
            html: preview.mail.html,
            text: preview.mail.text,
            name_masked: masked.as_ref().map(customers::list::display_name).unwrap_or_default(),
            unresolved: preview.unresolved,
            language,
            sending,
        })
    }

    /// Sends what the preview shows to the writer's own address.
    pub(crate) async fn send_test_mail(
        &self,
        operator: &Operator,
        campaign: &Campaign,
        mail: Option<Mail>,
        customer: Option<CustomerId>,
    ) -> Result<TestMail, Problem> {
        let printed = self.preview(campaign, mail, customer).await?;
        let sender = match printed.sending {
            Sending::By(sender) => sender,
            lacking => return Err(of_sender(&lacking).unwrap_or_else(|| Problem::unprocessable("from_missing"))),
        };
        let mark = match printed.language {
            Language::Ja => "【テスト】",
            Language::En => "[Test] ",
        };
        let subject = format!("{mark}{}", printed.subject).trim().to_owned();
        let mail = RenderedMail { subject, html: printed.html, text: printed.text };
        let new = NewTestMail { campaign_id: campaign.campaign_id.uuid(), sender, mail };
        self.inner.channels.send_test_mail(operator, new).await
    }

    async fn first_person(&self, campaign: &Campaign) -> Result<Option<ProfileRow>, CampaignError> {
        let audience = match self.audience(&campaign.draft.whom).await {
            Err(CampaignError::SegmentUnknown) => None,
            found => found?,
        };
        let Some(audience) = audience else { return Ok(None) };
        let first = self.people_lately(&audience.tree).await?.min();
        let found = profile::sql::find_many(&self.reader(), first.as_slice()).await?;
        Ok(found.into_iter().next())
    }

    fn values(&self, person: Option<&ProfileRow>) -> Values {
        match (person, self.installation()) {
            (Some(person), Some(installation)) => values_of(person, &installation),
            (None, Some(installation)) => Values::new().with("shop.name", &installation.company),
            (_, None) => Values::new(),
        }
    }

    /// A mail to start from: ready words, or nothing but the sender.
    pub(crate) async fn new_mail(
        &self,
        template: Option<ReadyMailId>,
        language: Language,
    ) -> Result<Mail, CampaignError> {
        let settings = self.inner.channels.mail_settings().await?;
        let empty = Mail {
            from_name: settings.from_name.clone(),
            from_address: settings.from_address.clone(),
            ..Mail::default()
        };
        let Some(template) = template else { return Ok(empty) };
        let own = self.installation().map(|installation| installation.public_url.clone());
        let ready = ready_mail(template, language, &shop_url(&settings, own.as_deref()), &[]);
        Ok(Mail { subject: ready.subject, preheader: ready.preheader, blocks: ready.blocks, ..empty })
    }
}

/// Providers whose domain is not the shop's.
const FREE_MAIL: [&str; 8] =
    ["gmail.com", "yahoo.co.jp", "yahoo.com", "icloud.com", "outlook.com", "outlook.jp", "hotmail.com", "docomo.ne.jp"];

/// Where the shop most likely is: at the domain that it writes from; where that is nobody's (the demo), the one address
/// that is known to lead somewhere, our own. A writer changes it, and has to where nothing is known.
fn shop_url(settings: &MailSettings, own: Option<&str>) -> String {
    let domain = settings.from_address.rsplit_once('@').map(|(_, domain)| domain.to_lowercase());
    match domain {
        Some(domain) if FREE_MAIL.contains(&domain.as_str()) => String::new(),
        Some(domain) if !leads_nowhere(&domain) => format!("https://{domain}/"),
        _ => own.map_or_else(String::new, |own| format!("{}/", own.trim_end_matches('/'))),
    }
}

/// The person with everything masked that a mail could show.
fn masked(mut person: ProfileRow) -> ProfileRow {
    for text in [&mut person.family_name, &mut person.given_name, &mut person.company] {
        if let Some(first) = text.as_deref().and_then(|text| text.trim().chars().next()) {
            *text = Some(format!("{first}＊＊"));
        }
    }
    person.number = person.number.map(|_| "＊＊＊".to_owned());
    person.family_kana = None;
    person.given_kana = None;
    person
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ready_mail_leads_to_the_shop_or_to_an_address_that_works() {
        let own = Some("http://localhost:8080");
        for (from, expected) in [
            ("letter@minato-zakka.jp", "https://minato-zakka.jp/"),
            ("letter@example.com", "http://localhost:8080/"),
            ("letter@minato.example", "http://localhost:8080/"),
            ("minato.zakka@gmail.com", ""),
            ("", "http://localhost:8080/"),
        ] {
            let settings = MailSettings { from_address: from.to_owned(), ..MailSettings::default() };
            assert_eq!(shop_url(&settings, own), expected, "{from}");
        }
    }
}
