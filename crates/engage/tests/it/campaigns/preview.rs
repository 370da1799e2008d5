//! A mail as a person would get it.

use crate::shop::{Shop, text};
use records::Sql as _;
use serde_json::json;

testing::on_both! {
    async fn a_mail_is_shown_as_a_masked_person_gets_it(shop: Shop) {
        shop.members(2).await;
        shop.bought(1..=2, 3, 1_000).await;
        let campaign = shop.campaign(0.1).await;
        let path = format!("/api/campaigns/{}/preview", text(&campaign, "campaign_id"));
        let preview = shop.post(&path, json!({})).await;
        assert_eq!(preview["subject"], "佐＊＊様、お変わりありませんか");
        assert_eq!(preview["customer"]["name_masked"], "佐＊＊ 花＊＊");
        assert!(text(&preview, "html").contains("神戸市中央区1-1"), "the footer is there");
        assert!(!text(&preview, "html").contains("佐藤"), "nobody's name is");
        assert_eq!(shop.count("messages").await, 0, "nothing is kept");
    }

    async fn no_mail_shows_more_of_a_person_than_the_mask(shop: Shop) {
        shop.members(1).await;
        shop.bought(1..=1, 3, 1_000).await;
        let campaign = shop.campaign(0.1).await;
        shop.change(async |tx| tx.execute("UPDATE customers SET number = 'N-4711'", vec![]).await.unwrap()).await;
        let path = format!("/api/campaigns/{}/preview", text(&campaign, "campaign_id"));
        let mail = json!({
            "subject": "題", "preheader": "", "from_name": "", "from_address": "", "mjml": null,
            "blocks": [{ "kind": "text", "text": "[{{ customer.number }}]" }],
        });
        let preview = shop.post(&path, json!({ "mail": mail })).await;
        assert!(text(&preview, "html").contains("[＊＊＊]"), "{preview}");
    }

    async fn an_unfinished_mail_can_be_looked_at(shop: Shop) {
        let campaign = shop.campaign(0.1).await;
        let path = format!("/api/campaigns/{}/preview", text(&campaign, "campaign_id"));
        let mail = json!({
            "subject": "", "preheader": "", "from_name": "", "from_address": "", "mjml": null,
            "blocks": [
                { "kind": "button", "label": "見る", "url": "" },
                { "kind": "products", "skus": ["無い品"] },
                { "kind": "text", "text": "{{ customer.company }}様" },
            ],
        });
        let preview = shop.post(&path, json!({ "mail": mail })).await;
        assert_eq!(preview["subject"], "");
        assert_eq!(preview["unresolved"], json!(["customer.company"]));
        let broken = json!({ "mail": { "subject": "題", "preheader": "", "from_name": "", "from_address": "", "blocks": [], "mjml": "<mjml>" } });
        assert_eq!(shop.call(axum::http::Method::POST, &path, Some(broken)).await.problem(), "422 mjml_invalid");
    }
}
