//! The HTTP side of campaigns.

mod drafts;
mod sending;
mod templates;
mod views;

pub(crate) use sending::SendRequest;
pub(crate) use views::CampaignView;
pub use views::{CampaignRowView, campaign_rows};

use crate::Engage;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of campaigns.
pub fn routes() -> OpenApiRouter<Engage> {
    OpenApiRouter::new()
        .routes(routes!(drafts::list_campaigns, drafts::create_campaign))
        .routes(routes!(drafts::get_campaign, drafts::change_campaign, drafts::delete_campaign))
        .routes(routes!(templates::list_templates))
        .routes(routes!(templates::list_products))
        .routes(routes!(templates::preview_campaign))
        .routes(routes!(templates::test_campaign))
        .routes(routes!(sending::confirm_campaign))
        .routes(routes!(sending::send_campaign))
        .routes(routes!(sending::pause_campaign))
        .routes(routes!(sending::resume_campaign))
        .routes(routes!(sending::stop_campaign))
}
