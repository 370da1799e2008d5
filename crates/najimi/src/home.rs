//! The campaigns that the first page shows; they live above insights, so they are handed in here.

use access::ApiResult;
use async_trait::async_trait;
use engage::Engage;

/// Campaigns for the first page.
pub struct Campaigns(pub Engage);

#[async_trait]
impl insights::HomeCampaigns for Campaigns {
    async fn campaigns(&self) -> ApiResult<Vec<serde_json::Value>> {
        let rows = engage::campaign_rows(&self.0).await?;
        Ok(rows.iter().filter_map(|row| serde_json::to_value(row).ok()).collect())
    }
}
