//! The few pages that a customer sees: stopping mails, and a link that leads nowhere. In Japanese and English.

use crate::mail::Language;
use axum::http::{HeaderMap, header};

/// One transparent pixel: GIF89a, 1 × 1.
pub(super) const PICTURE: &[u8] = &[
    0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 0x01, 0x00, 0x01, 0x00, 0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff,
    0x21, 0xf9, 0x04, 0x01, 0x00, 0x00, 0x00, 0x00, 0x2c, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x01, 0x00, 0x00, 0x02,
    0x02, 0x44, 0x01, 0x00, 0x3b,
];

/// English for those whose browser asks for it first; Japanese for everybody else.
pub(super) fn language(headers: &HeaderMap) -> Language {
    let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let known = wanted.split(',').filter_map(|part| match part.trim().get(..2)? {
        "ja" => Some(Language::Ja),
        "en" => Some(Language::En),
        _ => None,
    });
    known.into_iter().next().unwrap_or(Language::Ja)
}

/// Asks whether mails are to stop, or says that they are stopped. `token` is of our own letters.
pub(super) fn unsubscribe(language: Language, company: &str, token: &str, is_stopped: bool) -> String {
    let company = escaped(company);
    let (title, sentence, button) = match (language, is_stopped) {
        (Language::Ja, false) => (
            "配信停止",
            format!("{company}からのご案内メールを停止します。下のボタンを押すと、すぐに停止されます。"),
            Some("配信を停止する"),
        ),
        (Language::Ja, true) => {
            ("配信を停止しました", format!("{company}からのご案内メールは、もう届きません。"), None)
        }
        (Language::En, false) => (
            "Unsubscribe",
            format!("This stops mails from {company}. They end as soon as you press the button."),
            Some("Stop these mails"),
        ),
        (Language::En, true) => ("You are unsubscribed", format!("You will get no more mails from {company}."), None),
    };
    let form =
        button.map(|label| format!("<form method=\"post\" action=\"/u/{token}\"><button>{label}</button></form>"));
    page(language, title, &format!("<p>{sentence}</p>{}", form.unwrap_or_default()))
}

/// A link that was not made here, is not whole, or whose mail is gone.
pub(super) fn not_found(language: Language) -> String {
    match language {
        Language::Ja => page(
            language,
            "このリンクは使えません",
            "<p>リンクが途中で切れているか、もう使われていません。メールを開いて、もう一度お試しください。</p>",
        ),
        Language::En => page(
            language,
            "This link does not work",
            "<p>It is not whole, or no longer in use. Open the mail and try once more.</p>",
        ),
    }
}

fn page(language: Language, title: &str, body: &str) -> String {
    let code = match language {
        Language::Ja => "ja",
        Language::En => "en",
    };
    format!(
        "<!doctype html><html lang=\"{code}\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><style>{STYLE}</style></head>\
         <body><main><h1>{title}</h1>{body}</main></body></html>"
    )
}

const STYLE: &str = "body{margin:0;background:#f6f3ec;color:#2b2820;font:16px/1.9 -apple-system,'Hiragino Sans',\
    'Noto Sans JP',sans-serif}main{max-width:32em;margin:12vh auto;padding:0 24px}h1{font-size:22px;font-weight:600}\
    button{font:inherit;padding:10px 28px;border:0;border-radius:6px;background:#2b2820;color:#fff;cursor:pointer}\
    button:focus-visible{outline:3px solid #b5692e;outline-offset:3px}\
    @media(prefers-color-scheme:dark){body{background:#211f1a;color:#ece7da}button{background:#ece7da;color:#211f1a}}";

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}
