//! Names that columns have in files of unknown origin, in Japanese and English.
//!
//! Names are compared without width, case, spaces and brackets. What is said of the recipient (お届け先…) is never taken
//! for the buyer.

use super::field::Field;
use unicode_normalization::UnicodeNormalization;

/// Names of each field, as `plain` makes them, with spaces between; the surest first.
const NAMES: &[(Field, &str)] = &[
    (
        Field::OrderNumber,
        "注文番号 受注番号 オーダー番号 注文no 受注no 注文id 受注id 購入番号 取引番号 伝票番号 売上番号 \
         注文管理番号 ordernumber orderno orderid order invoiceno invoicenumber invoiceid invoice \
         transactionid transactionno receiptno receiptnumber transactionheadid",
    ),
    (
        Field::LineId,
        "注文詳細id 明細id 受注明細id 注文明細id 商品明細id 明細番号 lineid lineitemid orderitemid \
         orderlineid detailid",
    ),
    (
        Field::CustomerNumber,
        "顧客番号 会員番号 顧客id 会員id 顧客コード 会員コード 顧客no 会員no お客様番号 得意先コード \
         ユーザーid 購入者id customernumber customerid customerno customercode memberid membernumber \
         userid buyerid clientid customer",
    ),
    (
        Field::OrderedAt,
        "注文日時 受注日時 購入日時 注文日 受注日 購入日 ご注文日 売上日 売上日時 取引日時 取引日 申込日 \
         申込日時 orderedat ordereddate orderdate orderdatetime purchasedate purchasedat invoicedate \
         transactiondate transactiondatetime createdat date saledate salesdate salesymd",
    ),
    (Field::OrderedTime, "注文時間 注文時刻 受注時間 受注時刻 購入時刻 orderedtime ordertime time"),
    (
        Field::Sku,
        "商品コード 商品番号 sku 品番 商品管理番号 sku管理番号 sku番号 型番 jan janコード jancode 商品id \
         lineitemsku stockcode productcode productid itemcode itemid productsku itemno productcd",
    ),
    (
        Field::ProductName,
        "商品名 品名 商品名称 作品名 商品タイトル lineitemname productname itemname producttitle \
         description product item title",
    ),
    (
        Field::Quantity,
        "数量 個数 購入数 購入数量 注文数 注文数量 受注数 受注数量 点数 lineitemquantity quantity qty \
         quantitypurchased numberofcds units",
    ),
    (
        Field::UnitPrice,
        "単価 価格 販売価格 商品単価 作品価格 作品単価 売単価 税込単価 単価税込 販売単価 商品価格 lineitemprice unitprice \
         price itemprice salesprice",
    ),
    (
        Field::LineTotal,
        "明細金額 明細合計 商品小計 行合計 金額 売上金額 購入金額 linetotal lineamount amount \
         subtotalamount dollarvalue extendedprice",
    ),
    (Field::ItemKind, "明細区分 明細区分id 明細区分名称 商品区分 itemkind linetype itemtype"),
    (
        Field::Discount,
        "値引き 値引 割引 割引額 割引金額 値引額 値引金額 クーポン利用額 クーポン割引 discount \
         discountamount discounttotal totaldiscount",
    ),
    (Field::Shipping, "送料 送料合計 配送料 shipping shippingprice shippingamount shippingfee postage shippingtotal"),
    (Field::Fee, "手数料 代引料 代引手数料 代引き手数料 決済手数料 代引料合計 fee fees handlingfee"),
    (Field::Currency, "通貨 通貨コード currency currencycode"),
    (
        Field::Status,
        "注文状況 対応状況 対応状況id ステータス 受注ステータス 注文ステータス 状態 受注状態 \
         キャンセル区分 status orderstatus financialstatus canceldivision",
    ),
    (Field::CancelledAt, "キャンセル日時 キャンセル日 cancelledat canceledat cancellationdate canceldate"),
    (Field::Country, "国 国名 国コード country countrycode"),
    (Field::FamilyName, "姓 氏 苗字 名字 お名前姓 氏名姓 名前姓 familyname lastname surname lname"),
    (Field::GivenName, "名 お名前名 氏名名 名前名 givenname firstname forename fname"),
    (
        Field::FullName,
        "氏名 名前 お名前 顧客名 会員名 購入者名 注文者名 お客様名 fullname name customername buyername \
         membername",
    ),
    (
        Field::FamilyKana,
        "セイ せい 姓カナ 姓かな 姓フリガナ 姓ふりがな 氏カナ お名前セイ お名前姓カナ フリガナ姓 \
         フリガナセイ ふりがな姓 familykana familynamekana lastnamekana kana01",
    ),
    (
        Field::GivenKana,
        "メイ めい 名カナ 名かな 名フリガナ 名ふりがな お名前メイ お名前名カナ フリガナ名 フリガナメイ \
         ふりがな名 givenkana givennamekana firstnamekana kana02",
    ),
    (
        Field::FullKana,
        "氏名カナ 氏名かな 名前カナ お名前カナ カナ かな フリガナ ふりがな 氏名フリガナ 名前フリガナ \
         カナ氏名 カナ名 fullkana kana namekana furigana customernamekana",
    ),
    (Field::Company, "会社名 会社 法人名 企業名 店名 company companyname organization defaultaddresscompany"),
    (
        Field::Email,
        "メールアドレス メール email eメール eメールアドレス mail mailaddress emailaddress \
         pcメールアドレス pcメール buyeremail",
    ),
    (
        Field::Phone,
        "電話番号 電話 tel 携帯電話番号 携帯電話 携帯番号 携帯 連絡先電話番号 phone phonenumber telephone \
         mobile mobilephone buyerphonenumber defaultaddressphone",
    ),
    (Field::Phone1, "電話番号1 tel1 電話1 phone1 tel01"),
    (Field::Phone2, "電話番号2 tel2 電話2 phone2 tel02"),
    (Field::Phone3, "電話番号3 tel3 電話3 phone3 tel03"),
    (Field::PostalCode, "郵便番号 〒 郵便 postalcode postcode zip zipcode postalcd defaultaddresszip"),
    (Field::PostalCode1, "郵便番号1 zip1 zip01 postalcode1"),
    (Field::PostalCode2, "郵便番号2 zip2 zip02 postalcode2"),
    (
        Field::Prefecture,
        "都道府県 都道府県名 都道府県名称 都道府県id 県 住所都道府県 prefecture province state pref \
         defaultaddressprovincecode provincecode",
    ),
    (Field::City, "市区町村 市町村 郡市区 市区郡 住所郡市区 city town defaultaddresscity"),
    (
        Field::Address1,
        "住所1 住所 ご住所 住所それ以降の住所 番地 町名番地 住所以降 address1 address addressline1 street \
         addr01 defaultaddressaddress1",
    ),
    (
        Field::Address2,
        "住所2 建物名 建物 マンション名 建物名部屋番号 アパートマンション名 address2 addressline2 \
         building addr02 defaultaddressaddress2",
    ),
    (Field::Sex, "性別 性別名称 性別id sex gender gendercd sexcd"),
    (Field::Birthday, "誕生日 生年月日 birthday birthdate dateofbirth birth"),
    (
        Field::JoinedAt,
        "登録日 登録日時 会員登録日 会員登録日時 入会日 作成日 作成日時 joinedat registeredat \
         registrationdate joindate createdat signupdate applicationdate",
    ),
    (
        Field::ConsentEmail,
        "メルマガ メルマガ配信 メルマガ設定 メルマガ購読 メルマガ希望 メール配信 メール配信希望 \
         メール受信 メール受信許可 メール許可 メール同意 配信許可 メール配信の同意 お知らせメール \
         consentemail acceptsmarketing acceptsemailmarketing newsletter optin emailoptin marketingconsent \
         mailmagazine subscribed",
    ),
    (
        Field::ConsentEmailAt,
        "同意日時 同意日 メール同意日時 メール同意日 許可日時 同意した日時 consentemailat consentat \
         optinat consentdate optindate",
    ),
    (
        Field::ConsentEmailBasis,
        "同意の根拠 メール同意の根拠 同意経路 同意方法 同意元 取得方法 取得経路 consentbasis consentsource optinsource",
    ),
    (Field::ConsentPhone, "電話同意 電話の同意 電話許可 電話可否 consentphone phoneconsent"),
    (Field::ConsentPhoneAt, "電話同意日時 電話同意日 consentphoneat"),
    (Field::ConsentPhoneBasis, "電話同意の根拠 consentphonebasis"),
    (Field::ConsentPost, "郵便同意 郵便の同意 dm許可 dm可否 dm希望 dm同意 ハガキ可否 consentpost"),
    (Field::ConsentPostAt, "郵便同意日時 郵便同意日 dm同意日時 consentpostat"),
    (Field::ConsentPostBasis, "郵便同意の根拠 dm同意の根拠 consentpostbasis"),
    (Field::UnsubscribedAt, "メール配信停止日時 配信停止日時 配信停止日 メルマガ解除日 unsubscribedat optoutat"),
    (Field::CompanyKana, "会社名カナ 会社名フリガナ 法人名カナ companykana"),
];

/// Words in front of what is said of the buyer.
const BUYERS: [&str; 14] = [
    "ご注文者",
    "注文者の",
    "注文者",
    "購入者の",
    "購入者",
    "ご請求先",
    "請求先",
    "お客様",
    "顧客",
    "会員",
    "billing",
    "customer",
    "buyer",
    "member",
];
/// Words in front of what is said of the recipient.
const RECIPIENTS: [&str; 9] =
    ["お届け先", "届け先", "配送先", "送付先", "発送先", "ご依頼主", "shipping", "ship", "recipient"];

/// A name as it is compared: narrow, small, without spaces, brackets and hyphens.
pub(crate) fn plain(name: &str) -> String {
    name.chars()
        .take(80)
        .collect::<String>()
        .nfkc()
        .flat_map(char::to_lowercase)
        .filter(|letter| !letter.is_whitespace() && !"_-・:./()[]（）【】「」*※".contains(*letter))
        .collect()
}

/// What a column of this name means, and how sure that is (0 is surest).
pub(crate) fn field_of(name: &str) -> Option<(Field, usize)> {
    let name = plain(name);
    let name = name.trim_end_matches("必須").trim_end_matches("任意");
    let name = name.strip_prefix('\u{feff}').unwrap_or(name);
    exact(name).or_else(|| of_buyer(name))
}

/// Whether this is the name of any column that we know.
pub(crate) fn is_known(name: &str) -> bool {
    field_of(name).is_some()
}

/// Whether this is the name of a column about the recipient.
pub(crate) fn is_of_recipient(name: &str) -> bool {
    let name = plain(name);
    RECIPIENTS.iter().any(|recipient| name.starts_with(recipient) || name.ends_with(recipient))
}

fn exact(name: &str) -> Option<(Field, usize)> {
    NAMES
        .iter()
        .find_map(|(field, names)| names.split_whitespace().position(|known| known == name).map(|rank| (*field, rank)))
}

/// 注文者電話番号 is the buyer's telephone number, 送付先電話番号 nobody's that we ask for.
fn of_buyer(name: &str) -> Option<(Field, usize)> {
    if is_of_recipient(name) {
        return None;
    }
    BUYERS
        .iter()
        .filter_map(|buyer| name.strip_prefix(buyer).or_else(|| name.strip_suffix(buyer)))
        .find_map(|rest| exact(rest).filter(|(field, _)| field.is_personal() || *field == Field::CustomerNumber))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_unknown_files_are_understood() {
        for (name, field) in [
            ("注文番号", Some(Field::OrderNumber)),
            ("受注番号", Some(Field::OrderNumber)),
            ("Order ID", Some(Field::OrderNumber)),
            ("InvoiceNo", Some(Field::OrderNumber)),
            ("お名前（姓）", Some(Field::FamilyName)),
            ("注文者電話番号1", Some(Field::Phone1)),
            ("氏(請求先)", Some(Field::FamilyName)),
            ("送付先電話番号1", None),
            ("電話番号(配送先)", None),
            ("Shipping", Some(Field::Shipping)),
            ("Shipping Name", None),
            ("E-mail", Some(Field::Email)),
            ("ＴＥＬ", Some(Field::Phone)),
            ("ふりがな", Some(Field::FullKana)),
            ("占い", None),
        ] {
            assert_eq!(field_of(name).map(|(field, _)| field), field, "{name}");
        }
    }

    #[test]
    fn names_are_plain_and_unique() {
        let mut seen = std::collections::HashMap::new();
        for (field, names) in NAMES {
            for name in names.split_whitespace() {
                let other = seen.insert(name, *field);
                let is_shared = matches!((other, field), (Some(Field::OrderedAt), Field::JoinedAt));
                assert!(other.is_none() || is_shared, "{name} means two things");
                assert!(plain(name) == name, "{name} is not plain");
            }
        }
    }
}
