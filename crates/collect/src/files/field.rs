//! What a column can mean.

use serde::{Deserialize, Serialize};

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// A line for each thing that was bought.
    Orders,
    /// A line for each person.
    Customers,
}

macro_rules! fields {
    ($($name:ident $kind:ident $column:literal $japanese:literal $english:literal,)+) => {
        /// The meaning of a column.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Field {
            $(#[doc = $english] $name,)+
        }

        impl Field {
            /// All of them, in the order of the screen.
            pub const ALL: &'static [Field] = &[$(Field::$name,)+];

            /// The name in files of our own and in JSON.
            pub const fn name(self) -> &'static str {
                match self { $(Field::$name => $column,)+ }
            }
            /// The name on the Japanese screen.
            pub const fn label_ja(self) -> &'static str {
                match self { $(Field::$name => $japanese,)+ }
            }
            /// The name on the English screen.
            pub const fn label_en(self) -> &'static str {
                match self { $(Field::$name => $english,)+ }
            }
            const fn home(self) -> Home {
                match self { $(Field::$name => Home::$kind,)+ }
            }
        }
    };
}

/// In which files a field has a place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Home {
    Order,
    Customer,
    Both,
}

fields! {
    OrderNumber Order "order_number" "注文番号" "order number",
    LineId Order "line_id" "明細ID" "id of the line",
    CustomerNumber Both "customer_number" "顧客番号" "customer number",
    OrderedAt Order "ordered_at" "注文日時" "date of the order",
    OrderedTime Order "ordered_time" "注文時刻" "time of the order",
    Sku Order "sku" "商品コード" "product code",
    ProductName Order "product_name" "商品名" "product name",
    Quantity Order "quantity" "数量" "quantity",
    UnitPrice Order "unit_price" "単価" "unit price",
    LineTotal Order "line_total" "明細金額" "total of the line",
    ItemKind Order "item_kind" "明細区分" "kind of line (product, postage …)",
    Discount Order "discount" "値引き" "discount of the order",
    Shipping Order "shipping" "送料" "postage of the order",
    Fee Order "fee" "手数料" "fees of the order",
    Currency Order "currency" "通貨" "currency",
    Status Order "status" "注文状況" "status of the order",
    CancelledAt Order "cancelled_at" "キャンセル日時" "date of the cancellation",
    Country Both "country" "国" "country",
    FamilyName Both "family_name" "姓" "family name",
    GivenName Both "given_name" "名" "given name",
    FullName Both "full_name" "氏名" "full name",
    FamilyKana Both "family_kana" "セイ" "family name in kana",
    GivenKana Both "given_kana" "メイ" "given name in kana",
    FullKana Both "full_kana" "氏名カナ" "full name in kana",
    Company Both "company" "会社名" "company",
    CompanyKana Both "company_kana" "会社名カナ" "company in kana",
    Email Both "email" "メールアドレス" "mail address",
    Phone Both "phone" "電話番号" "telephone number",
    Phone1 Both "phone1" "電話番号1" "telephone number, part 1",
    Phone2 Both "phone2" "電話番号2" "telephone number, part 2",
    Phone3 Both "phone3" "電話番号3" "telephone number, part 3",
    PostalCode Both "postal_code" "郵便番号" "postal code",
    PostalCode1 Both "postal_code1" "郵便番号1" "postal code, part 1",
    PostalCode2 Both "postal_code2" "郵便番号2" "postal code, part 2",
    Prefecture Both "prefecture" "都道府県" "prefecture",
    City Both "city" "市区町村" "city",
    Address1 Both "address1" "住所1" "address, first line",
    Address2 Both "address2" "住所2" "address, second line",
    Sex Both "sex" "性別" "sex",
    Birthday Both "birthday" "誕生日" "birthday",
    JoinedAt Customer "joined_at" "登録日" "date of joining",
    ConsentEmail Both "consent_email" "メール配信の同意" "consent to mail",
    ConsentEmailAt Both "consent_email_at" "同意した日時" "date of the consent",
    ConsentEmailBasis Both "consent_email_basis" "同意の根拠" "basis of the consent",
    ConsentPhone Both "consent_phone" "電話の同意" "consent to calls",
    ConsentPhoneAt Both "consent_phone_at" "電話に同意した日時" "date of the consent to calls",
    ConsentPhoneBasis Both "consent_phone_basis" "電話の同意の根拠" "basis of the consent to calls",
    ConsentPost Both "consent_post" "郵便の同意" "consent to letters",
    ConsentPostAt Both "consent_post_at" "郵便に同意した日時" "date of the consent to letters",
    ConsentPostBasis Both "consent_post_basis" "郵便の同意の根拠" "basis of the consent to letters",
    UnsubscribedAt Both "unsubscribed_at" "メール配信停止日時" "date of stopping mails",
}

impl Field {
    /// How many there are.
    pub const COUNT: usize = Field::ALL.len();

    /// Whether a file of this kind can have this field.
    pub fn belongs_to(self, kind: FileKind) -> bool {
        match self.home() {
            Home::Both => true,
            Home::Order => kind == FileKind::Orders,
            Home::Customer => kind == FileKind::Customers,
        }
    }

    /// Whether its values are dates.
    pub fn is_date(self) -> bool {
        matches!(
            self,
            Field::OrderedAt
                | Field::CancelledAt
                | Field::JoinedAt
                | Field::ConsentEmailAt
                | Field::ConsentPhoneAt
                | Field::ConsentPostAt
                | Field::UnsubscribedAt
        )
    }

    /// Whether this is about the person who bought.
    pub fn is_personal(self) -> bool {
        self.home() == Home::Both && !matches!(self, Field::CustomerNumber | Field::Country)
    }
}
