//! The footer that stands under every mail, whoever wrote it.

use super::blocks::{FONT, Language};
use super::tags::inert_html;

/// What the law on commercial mail wants under every mail (特定電子メール法).
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Footer {
    /// Who sends.
    pub sender_name: String,
    /// Where they are.
    pub postal_address: String,
    /// Where complaints and questions go: mail address, phone or web address.
    pub contact: String,
}

/// The sentences around the footer's facts.
pub(crate) struct FooterWords {
    pub reason: String,
    pub stop: &'static str,
    pub preference: String,
}

impl Footer {
    /// The field that is still empty, if one is.
    pub fn missing_field(&self) -> Option<&'static str> {
        let fields =
            [("sender_name", &self.sender_name), ("postal_address", &self.postal_address), ("contact", &self.contact)];
        fields.into_iter().find(|(_, value)| value.trim().is_empty()).map(|(name, _)| name)
    }

    pub(crate) fn words(&self, language: Language) -> FooterWords {
        let (sender, contact) = (&self.sender_name, &self.contact);
        match language {
            Language::Ja => FooterWords {
                reason: format!("このメールは、{sender}からのご案内をご希望いただいた方にお送りしています。"),
                stop: "配信停止",
                preference: format!("お名前の変更、ご案内の内容や回数のご希望、お問い合わせは {contact} まで。"),
            },
            Language::En => FooterWords {
                reason: format!("You receive this mail because you agreed to hear from {sender}."),
                stop: "Unsubscribe",
                preference: format!("To change your name or how often we write, or to ask us anything: {contact}"),
            },
        }
    }
}

/// The footer as a section of its own; also put under mails that an expert wrote.
pub(crate) fn footer_mjml(footer: &Footer, language: Language) -> String {
    let words = footer.words(language);
    format!(
        "<mj-section padding=\"20px 16px 36px\"><mj-column><mj-text css-class=\"soft\" align=\"center\" \
         font-family=\"{FONT}\" font-size=\"12px\" line-height=\"1.8\" color=\"#635d51\" padding=\"0 8px\">\
         {reason}<br/><a href=\"{{{{ unsubscribe_url }}}}\" style=\"color:#635d51;text-decoration:underline;\">{stop}</a><br/>\
         {preference}<br/><br/>{sender}<br/>{address}</mj-text></mj-column></mj-section>",
        reason = inert_html(&words.reason),
        stop = words.stop,
        preference = inert_html(&words.preference),
        sender = inert_html(&footer.sender_name),
        address = inert_html(&footer.postal_address).replace('\n', "<br/>"),
    )
}
