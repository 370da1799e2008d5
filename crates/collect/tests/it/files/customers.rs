//! People out of files: what can be read is taken, what cannot is kept with a warning.

use super::{customers, test_data, unfailing};
use collect::files::{CustomerItem, FileKind, ReadOptions, Source, TableOptions, Watch, inspect, read_customers};
use std::convert::Infallible;
use vocabulary::{
    address::Prefecture,
    consent::{Channel, ConsentState},
    sex::Sex,
};

const MEMBERS: &str = "会員番号,氏名,フリガナ,メールアドレス,電話番号,郵便番号,都道府県,住所,性別,生年月日,メルマガ,同意日時,同意経路,登録日\n\
    1,髙橋 花子,タカハシ ハナコ,a..b.@docomo.ne.jp,090-1234-5678,150-0001,東京都,渋谷区神宮前1-1,女,S55.4.1,希望する,2025-01-02 03:04,会員登録で,2024/05/06\n\
    2,佐藤太郎,,noemail@example.com,000-0000-0000,,13,,1,4月,0,,,\n\
    3,鈴木,,taro@,12345,abc,東京都,,?,0001-01-01,たぶん,,,0000-00-00\n\
    ,名無し,,,,,,,,,,,,\n";

#[test]
fn a_row_becomes_a_person() {
    let (rows, problems) = customers(MEMBERS).unwrap();
    let [first, second, third] = &rows[..] else { panic!("three people") };
    assert_eq!(first.warnings, []);
    assert_eq!(first.name.as_ref().unwrap().reveal().family, "髙橋");
    assert_eq!(first.email.as_ref().unwrap().reveal(), "a..b.@docomo.ne.jp");
    assert_eq!(first.address.as_ref().unwrap().prefecture(), Some(Prefecture::Tokyo));
    assert_eq!((first.sex, first.birthday.unwrap().reveal().as_str()), (Some(Sex::Female), "1980-04-01"));
    let [consent] = &first.consents[..] else { panic!("one statement") };
    assert_eq!((consent.channel, consent.state), (Channel::Email, ConsentState::Granted));
    assert_eq!(consent.basis.as_deref(), Some("会員登録で"));
    assert_eq!(consent.at.unwrap().to_string(), "2025-01-01T18:04:00Z");

    assert_eq!((second.email.as_ref(), second.phone.as_ref()), (None, None), "placeholders are nobody");
    assert_eq!(second.consents[0].state, ConsentState::Denied);
    assert_eq!(second.birthday.unwrap().reveal(), "--04");

    let fields: Vec<&str> = third.warnings.iter().map(|warning| warning.field.name()).collect();
    assert_eq!(fields, ["email", "phone", "postal_code", "sex", "birthday", "consent_email"]);
    assert_eq!(
        third.warnings[1].sentence_ja(),
        "「電話番号」の「12345」を電話番号として読めません。電話番号は空のまま取り込みました。"
    );
    assert_eq!(third.warnings[1].found.reveal(), "12345", "what was found is kept");
    assert_eq!(problems[0].code(), "customer_without_identity");
    assert!(!format!("{rows:?}{problems:?}").contains("花子"), "no personal data in Debug");
    assert!(!format!("{rows:?}{problems:?}").contains("12345"));
}

#[test]
fn consent_is_read_for_each_channel_and_a_stop_of_mails_is_a_later_statement() {
    let file = "会員ID,お名前(姓),会社名,会社名(カナ),メール同意,メール同意日時,メール同意の根拠,電話同意,電話同意日時,電話同意の根拠,郵便同意,郵便同意日時,郵便同意の根拠,メール配信停止日時\n\
        7,佐藤,佐藤商店,サトウショウテン,あり,2025-01-02 03:04:05,会員登録で,なし,2025-01-02 03:04:05,会員登録で,,,,2026-02-03 04:05:06\n";
    let (rows, problems) = customers(file).unwrap();
    assert_eq!(problems, []);
    let statements: Vec<String> = rows[0]
        .consents
        .iter()
        .map(|consent| format!("{:?} {:?} {}", consent.channel, consent.state, consent.at.unwrap()))
        .collect();
    assert_eq!(
        statements,
        [
            "Email Granted 2025-01-01T18:04:05Z",
            "Phone Denied 2025-01-01T18:04:05Z",
            "Email Denied 2026-02-02T19:05:06Z"
        ]
    );
    assert_eq!(rows[0].company_kana.as_deref(), Some("サトウショウテン"));
}

#[test]
fn the_members_of_100knocks_are_all_read() {
    let test = "files::customers::the_members_of_100knocks_are_all_read";
    let Some(path) = test_data(test, "jp/100knocks/customer.csv.zst") else { return };
    let open = || Source::open(&path, &TableOptions::default().limits).unwrap();
    let found = inspect(open(), None, &TableOptions::default()).unwrap();
    let mapping = found.proposal.mapping;
    assert_eq!(mapping.kind, FileKind::Customers);
    let options: ReadOptions = super::options();
    let (mut women, mut people, mut addresses) = (0, 0, 0);
    let summary = read_customers(open(), &mapping, &options, Watch::default(), |item| -> Result<(), Infallible> {
        let CustomerItem::Row(row) = item else { panic!("{item:?}") };
        people += 1;
        women += usize::from(row.sex == Some(Sex::Female));
        addresses += usize::from(row.address.as_ref().is_some_and(|address| address.prefecture().is_some()));
        assert!(row.birthday.is_some() && row.name.is_some() && row.joined_at.is_some());
        Ok(())
    });
    let summary = unfailing(summary).unwrap();
    assert_eq!((people, summary.progress.warnings, summary.progress.rejected), (21_971, 0, 0));
    assert_eq!((women, addresses), (17_918, 21_971));
}
