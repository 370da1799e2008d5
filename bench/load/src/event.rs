//! The event of the bench: 577 bytes by the Segment spec, the same as the peer's (`peers.py`).

use std::{fmt::Write, ops::Range};

/// One event alone, or several as a batch.
pub fn body(numbers: Range<u64>, at: &str) -> String {
    let count = numbers.end - numbers.start;
    let mut body = String::with_capacity(600 * usize::try_from(count).unwrap_or(1) + 20);
    if count == 1 {
        push(&mut body, numbers.start, at);
        return body;
    }
    body.push_str("{\"batch\":[");
    for number in numbers.clone() {
        if number > numbers.start {
            body.push(',');
        }
        push(&mut body, number, at);
    }
    body.push_str("]}");
    body
}

fn push(body: &mut String, i: u64, at: &str) {
    let (visitor, person, product, price) = (i % 50_021, i % 20_011, i % 9_973, 1_280 + i % 5_000);
    // Writing into a text cannot fail.
    let _ = write!(
        body,
        "{{\"type\": \"track\", \"messageId\": \"m-{i:012}\", \"anonymousId\": \"a-{visitor:08}\", \"userId\": \"u-{person:07}\", \"event\": \"商品を見た\", \
         \"properties\": {{\"product_id\": \"P{product:06}\", \"price\": {price}, \"currency\": \"JPY\", \"category\": \"和菓子\"}}, \
         \"context\": {{\"ip\": \"203.0.113.7\", \"userAgent\": \"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)\", \
         \"page\": {{\"url\": \"https://shop.example.jp/p/{product}\", \"referrer\": \"https://www.google.com/\"}}, \
         \"locale\": \"ja-JP\", \"library\": {{\"name\": \"analytics.js\", \"version\": \"2.1.0\"}}}}, \
         \"timestamp\": \"{at}\", \"sentAt\": \"{at}\"}}"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_has_577_bytes_give_or_take_the_digits_of_its_product() {
        assert_eq!(body(500..501, "2026-11-22T03:00:00.000Z").len(), 577);
        assert_eq!(body(500..502, "2026-11-22T03:00:00.000Z").len(), 2 * 577 + "{\"batch\":[,]}".len());
    }
}
