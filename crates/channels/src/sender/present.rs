//! What holds at present: settings, sender, server. Looked at before each round, so that a change is in effect at once.

use super::{SenderLimits, SharedPresent};
use crate::{
    Channels,
    gate::CapSettings,
    mail::{self, PublicUrl, SmtpTransport},
    settings::{self, MailSettings},
};
use access::Installation;
use records::RecordsResult;
use std::sync::Arc;

/// What holds at present.
#[derive(Clone)]
pub(super) struct Present {
    pub fixed: SharedPresent,
    /// None when mails are kept instead of sent.
    pub transport: Option<Arc<SmtpTransport>>,
    /// Why nothing can be sent, when the settings themselves are at fault.
    pub fault: Option<String>,
}

/// What a mail needs to know.
pub(crate) struct Fixed {
    pub settings: MailSettings,
    pub installation: Arc<Installation>,
    pub public_url: PublicUrl,
    pub cap: CapSettings,
    /// From the settings; a content may name its own.
    pub sender: Option<mail::Sender>,
}

impl Fixed {
    pub fn of(settings: MailSettings, installation: Arc<Installation>, public_url: PublicUrl) -> Self {
        let (cap, sender) = (settings.cap(installation.zone), settings.sender());
        Self { settings, installation, public_url, cap, sender }
    }
}

impl Present {
    /// Looks again. None before the installation is set up.
    pub async fn look(channels: &Channels, before: Option<Self>, limits: &SenderLimits) -> RecordsResult<Option<Self>> {
        let (Some(installation), Some(public_url)) = (channels.installation(), channels.public_url()) else {
            return Ok(None);
        };
        let settings = settings::read(&channels.inner.records.reader()).await?;
        if let Some(before) = before.filter(|before| before.fits(&settings, &installation)) {
            return Ok(Some(before));
        }
        let fixed = Fixed::of(settings, installation, public_url);
        let (settings, sender) = (&fixed.settings, &fixed.sender);
        let (transport, fault) = match connect(channels, settings, limits) {
            Ok(transport) => (transport, sender.is_none().then(|| NO_SENDER.to_owned())),
            // A server is set and cannot be used: nothing is sent, and nothing is kept as if there were none.
            Err(fault) => (None, Some(fault)),
        };
        Ok(Some(Self { fixed: Arc::new(fixed), transport, fault }))
    }

    fn fits(&self, settings: &MailSettings, installation: &Arc<Installation>) -> bool {
        self.fixed.settings == *settings && self.fixed.installation == *installation
    }
}

const NO_SENDER: &str = "the sender's name and address are not set";

fn connect(
    channels: &Channels,
    settings: &MailSettings,
    limits: &SenderLimits,
) -> Result<Option<Arc<SmtpTransport>>, String> {
    let Some(server) = &settings.smtp else { return Ok(None) };
    let settings = server.unsealed(&channels.inner.secret_key).map_err(|error| error.to_string())?;
    let transport = SmtpTransport::new(settings, limits.smtp).map_err(|error| error.to_string())?;
    Ok(Some(Arc::new(transport)))
}
