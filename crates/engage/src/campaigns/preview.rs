//! A mail as one real person would get it, with what is personal masked; and the ready mails to start from.

use super::{CampaignError, Mail, campaign::Campaign, mail::Surroundings, problems::compile_unfinished};
use crate::Engage;
use channels::{
    mail::{Language, ReadyMailId, RenderError, Values, apart, ready_mail},
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
        let print = move || Ok::<_, CampaignError>(compile_unfinished(&mail, &around)?.preview(&values)?);
        let preview = apart(print).await.map_err(RenderError::from)??;
        Ok(Printed {
            subject: if has_subject { preview.mail.subject } else { String::new() },
            html: preview.mail.html,
            text: preview.mail.text,
            name_masked: masked.as_ref().map(customers::list::display_name).unwrap_or_default(),
            unresolved: preview.unresolved,
        })
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
        let ready = ready_mail(template, language, &shop_url(&settings), &[]);
        Ok(Mail { subject: ready.subject, preheader: ready.preheader, blocks: ready.blocks, ..empty })
    }
}

/// Where the shop most likely is: at the domain that it writes from. A writer changes it where it is elsewhere.
fn shop_url(settings: &MailSettings) -> String {
    settings.from_address.rsplit_once('@').map_or_else(String::new, |(_, domain)| format!("https://{domain}/"))
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
