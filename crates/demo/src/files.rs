//! The files as a shop would hand them over: the demo loads itself through the ordinary import.

use std::io::Write;

use chrono::{NaiveDate, NaiveDateTime};

use crate::folder::{DemoError, DemoFolder};
use crate::people::{Channel, Decision, Person, Sex, katakana};

/// Header of the order file, one row for each line of an order; prices in pounds.
pub const ORDER_COLUMNS: [&str; 8] = ["注文番号", "受注日", "会員ID", "商品コード", "商品名", "個数", "価格", "通貨"];

/// Header of the customer file: EC-CUBE's names where EC-CUBE has the column.
pub const CUSTOMER_COLUMNS: [&str; 26] = [
    "会員ID",
    "お名前(姓)",
    "お名前(名)",
    "お名前(セイ)",
    "お名前(メイ)",
    "会社名",
    "会社名(カナ)",
    "郵便番号",
    "都道府県(名称)",
    "住所1",
    "住所2",
    "メールアドレス",
    "TEL",
    "性別(名称)",
    "誕生日",
    "登録日",
    "メール同意",
    "メール同意日時",
    "メール同意の根拠",
    "電話同意",
    "電話同意日時",
    "電話同意の根拠",
    "郵便同意",
    "郵便同意日時",
    "郵便同意の根拠",
    "メール配信停止日時",
];

const CURRENCY: &str = "GBP";

impl DemoFolder {
    /// Writes the order lines of these days (both included, in the demo's year) as UTF-8 CSV and
    /// returns their number.
    pub fn write_orders_csv(
        &self,
        writer: impl Write,
        from_day: NaiveDate,
        to_day: NaiveDate,
    ) -> Result<u64, DemoError> {
        let products = self.products()?;
        let mut table = csv::Writer::from_writer(writer);
        table.write_record(ORDER_COLUMNS)?;
        let mut written = 0;
        for line in self.orders()? {
            let line = line?;
            let at = line.shifted_at();
            if !(from_day..=to_day).contains(&at.date()) {
                continue;
            }
            table.write_record([
                line.invoice.as_str(),
                &local(at),
                &line.customer.map(|customer| customer.to_string()).unwrap_or_default(),
                &line.sku,
                products.name(&line.sku),
                &line.quantity.to_string(),
                &line.unit_price,
                CURRENCY,
            ])?;
            written += 1;
        }
        table.flush()?;
        Ok(written)
    }

    /// Writes the people whom the shop came to know on these days (first order line or joining)
    /// as UTF-8 CSV and returns their number.
    pub fn write_customers_csv(
        &self,
        writer: impl Write,
        from_day: NaiveDate,
        to_day: NaiveDate,
    ) -> Result<u64, DemoError> {
        let mut table = csv::Writer::from_writer(writer);
        table.write_record(CUSTOMER_COLUMNS)?;
        let mut written = 0;
        for person in self.people()? {
            let person = person?;
            if (from_day..=to_day).contains(&person.since.date()) {
                table.write_record(customer_row(&person))?;
                written += 1;
            }
        }
        table.flush()?;
        Ok(written)
    }
}

/// One person as a row of the customer file.
pub(crate) fn customer_row(person: &Person) -> Vec<String> {
    let kana = |hiragana: &Option<String>| hiragana.as_deref().map(katakana).unwrap_or_default();
    let mut row = vec![
        person.id.clone(),
        person.family.clone(),
        person.given.clone(),
        kana(&person.family_kana),
        kana(&person.given_kana),
        person.company.clone().unwrap_or_default(),
        person.company_kana.clone().unwrap_or_default(),
        person.postal_code.clone(),
        person.prefecture.clone(),
        person.city.clone(),
        person.street.clone(),
        person.mail.clone(),
        person.phone.clone().unwrap_or_default(),
        sex(person.sex).to_owned(),
        person.birthday.to_string(),
        local(person.since),
    ];
    for channel in [Channel::Mail, Channel::Phone, Channel::Post] {
        row.extend(consent(person, channel));
    }
    row.push(person.unsubscribed_at.map(local).unwrap_or_default());
    row
}

fn consent(person: &Person, channel: Channel) -> [String; 3] {
    let Some(consent) = person.consent(channel) else {
        return Default::default();
    };
    let decision = match consent.decision {
        Decision::Allowed => "あり",
        Decision::Refused => "なし",
    };
    [decision.to_owned(), local(consent.at), consent.basis.to_owned()]
}

fn sex(sex: Option<Sex>) -> &'static str {
    match sex {
        Some(Sex::Female) => "女性",
        Some(Sex::Male) => "男性",
        None => "",
    }
}

fn local(at: NaiveDateTime) -> String {
    at.format("%Y-%m-%d %H:%M:%S").to_string()
}
