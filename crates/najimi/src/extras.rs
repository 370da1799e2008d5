//! What only the whole product knows of the present: the shop's day, the demo's clock, how mails leave.

use crate::demo_shop::DemoShop;
use access::{ApiResult, Extras, MailMode, MeExtras};
use async_trait::async_trait;
use records::Records;
use vocabulary::{SharedClock, Zone};

/// Tells the present of the shop.
pub struct ShopExtras {
    /// The records.
    pub records: Records,
    /// The shop's clock.
    pub clock: SharedClock,
    /// The demo, when this is one.
    pub demo: Option<DemoShop>,
}

#[async_trait]
impl MeExtras for ShopExtras {
    async fn extras(&self) -> ApiResult<Extras> {
        let reader = self.records.reader();
        let zone = access::installation(&reader).await?.map_or(Zone::TOKYO, |installation| installation.zone);
        let mail =
            if channels::settings::read(&reader).await?.smtp.is_some() { MailMode::Smtp } else { MailMode::Capture };
        let now = self.clock.now();
        Ok(Extras { today: zone.day(now), now, demo: self.demo.as_ref().map(DemoShop::view), mail })
    }
}
