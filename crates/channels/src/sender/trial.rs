//! Trying the settings out: one small mail to an operator.

use super::{SenderLimits, print::system_time};
use crate::{
    Channels,
    mail::{MailAddress, MessageUrls, Outcome, OutgoingMail, RenderedMail, SmtpTransport, build_message},
    settings::Server,
};
use access::Problem;
use vocabulary::id::new_uuid;

/// What became of a trial.
pub(crate) struct Trial {
    pub is_accepted: bool,
    /// The server's words, or what went wrong.
    pub detail: String,
}

/// Sends one small mail with the saved settings.
pub(crate) async fn try_out(channels: &Channels, to: &str) -> Result<Trial, Problem> {
    let to = MailAddress::parse(to).map_err(|_| {
        Problem::unprocessable("mail_address_unfit")
            .detail("This is no mail address.")
            .hint("Write it as name@example.com.")
    })?;
    let settings = channels.mail_settings().await?;
    let missing = |detail: &str| Trial { is_accepted: false, detail: detail.to_owned() };
    let Some(server) = &settings.smtp else { return Ok(missing("No mail server is set; mails are kept.")) };
    let Some(sender) = settings.sender() else { return Ok(missing("The sender's name and address are not set.")) };
    let now = channels.wall_now();
    let urls = MessageUrls::preview([]);
    let mail = build_message(new_uuid(now), &sender, &to, &words(), &urls, system_time(now))
        .map_err(|error| Problem::from_cause(&error))?;
    Ok(hand_over(channels, server, &mail).await)
}

/// Hands one mail to the server at once, beside the outbox.
pub(crate) async fn hand_over(channels: &Channels, server: &Server, mail: &OutgoingMail) -> Trial {
    let fault = |error: &dyn std::error::Error| Trial { is_accepted: false, detail: format!("{error}.") };
    let smtp = match server.unsealed(&channels.inner.secret_key) {
        Ok(smtp) => smtp,
        Err(error) => return fault(&error),
    };
    let transport = match SmtpTransport::new(smtp, SenderLimits::default().smtp) {
        Ok(transport) => transport,
        Err(error) => return fault(&error),
    };
    let outcome = transport.send(mail).await;
    transport.close().await;
    trial(outcome)
}

fn words() -> RenderedMail {
    RenderedMail {
        subject: "Najimi：メール設定の確認".to_owned(),
        html: "<p>このメールが届いていれば、メールサーバーの設定は正しく働いています。<br>\
               If you can read this, the mail server is set up correctly.</p>"
            .to_owned(),
        text: "このメールが届いていれば、メールサーバーの設定は正しく働いています。\n\
               If you can read this, the mail server is set up correctly.\n"
            .to_owned(),
    }
}

fn trial(outcome: Outcome) -> Trial {
    match outcome {
        Outcome::Accepted { response } => Trial { is_accepted: true, detail: response },
        Outcome::Failed { text, .. } | Outcome::RetryLater { text, .. } | Outcome::Unknown { text } => {
            Trial { is_accepted: false, detail: text }
        }
    }
}
