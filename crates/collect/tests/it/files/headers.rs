//! Files of known carts are recognised by the names of their columns.

use super::{customers, orders, sample, source};
use collect::files::{
    Encoding, Field, FileError, FileKind, Source, TableOptions, inspect,
    presets::{PresetId, recognise},
};

#[test]
fn every_sample_of_a_cart_is_recognised() {
    let samples: [(&str, Result<PresetId, &str>); 7] = [
        ("ec_cube_orders.csv", Ok(PresetId::EcCube4Orders)),
        ("ec_cube_shipments.csv", Ok(PresetId::EcCube4Orders)),
        ("ec_cube_customers.csv", Ok(PresetId::EcCube4Customers)),
        ("ec_cube_products.csv", Err("EC-CUBE 4 の商品CSV")),
        ("ec_cube_categories.csv", Err("EC-CUBE 4 のカテゴリCSV")),
        ("rakuten_orders.csv", Ok(PresetId::RakutenOrders)),
        ("yamato_shipments.csv", Err("ヤマトB2クラウドの送り状CSV")),
    ];
    for (file, expected) in samples {
        let source = Source::open(&sample(file), &TableOptions::default().limits).unwrap();
        match (inspect(source, None, &TableOptions::default()), expected) {
            (Ok(found), Ok(preset)) => {
                assert_eq!(found.encoding, Encoding::Cp932, "{file}");
                assert_eq!(found.proposal.preset.map(|preset| preset.id), Some(preset), "{file}");
                assert_eq!(found.proposal.missing, [], "{file}");
            }
            (Err(FileError::OtherFile { name }), Err(expected)) => assert_eq!(name, expected),
            (other, _) => panic!("{file}: {:?}", other.map(|found| found.proposal.preset)),
        }
    }
}

#[test]
fn the_columns_of_the_other_carts_are_understood() {
    let formats = std::fs::read(sample("cart_headers.json")).unwrap();
    let formats: serde_json::Value = serde_json::from_slice(&formats).unwrap();
    let header = |name: &str| -> Vec<String> {
        let columns = formats[name].as_array().unwrap();
        columns.iter().map(|column| column.as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(recognise(&header("Shopify 注文エクスポート")).unwrap().id, PresetId::ShopifyOrders);
    assert_eq!(recognise(&header("Shopify 顧客エクスポート")).unwrap().id, PresetId::ShopifyCustomers);
    for (name, kind, fields) in [
        (
            "BASE 注文CSV",
            FileKind::Orders,
            &[Field::OrderNumber, Field::OrderedAt, Field::FamilyName, Field::Email][..],
        ),
        ("minne 注文CSV", FileKind::Orders, &[Field::OrderNumber, Field::OrderedAt, Field::Quantity, Field::FullName]),
        ("Creema 注文CSV", FileKind::Orders, &[Field::OrderNumber, Field::OrderedAt, Field::Quantity]),
        ("Amazon 注文レポート (flat file)", FileKind::Orders, &[Field::OrderNumber, Field::Email, Field::Sku]),
    ] {
        let header = header(name);
        let proposal = collect::files::mapping::propose(Some(kind), &header, &[]).unwrap();
        for field in fields {
            assert!(proposal.mapping.column(*field).is_some(), "{name}: {field:?} {:?}", proposal.mapping);
        }
        assert_eq!(proposal.missing, [], "{name}");
        let email = proposal.mapping.column(Field::Phone).map(|column| header[column].as_str());
        assert!(email.is_none_or(|name| !name.contains("配送先") && !name.contains("ship")), "{email:?}");
    }
}

#[test]
fn an_ec_cube_order_with_postage_and_discount_is_read_as_its_lines() {
    let file = "注文番号,会員ID,お名前(姓),お名前(名),メールアドレス,TEL,値引き,送料,対応状況(ID),対応状況(名称),受注日,注文詳細ID,商品ID,商品規格ID,商品名,商品コード,価格,個数,明細区分(ID),明細区分(名称),出荷ID\n\
        1001,7,佐藤,太郎,taro@example.com,090-1234-5678,100,500,5,発送済み,2026/11/01 10:00,1,3,5,りんご,A-1,1200,2,1,商品,1\n\
        1001,7,佐藤,太郎,taro@example.com,090-1234-5678,100,500,5,発送済み,2026/11/01 10:00,2,,,送料,,500,1,2,送料,1\n\
        1001,7,佐藤,太郎,taro@example.com,090-1234-5678,100,500,5,発送済み,2026/11/01 10:00,3,,,割引,,-100,1,4,割引,1\n\
        1002,,鈴木,花子,hana@example.com,,0,0,3,注文取消し,2026/11/02 10:00,4,3,5,りんご,A-1,1200,1,1,商品,2\n\
        1003,,山田,,,,0,0,8,購入処理中,2026/11/02 10:00,5,3,5,りんご,A-1,1200,1,1,商品,3\n";
    let found = orders(file).unwrap();
    let lines: Vec<String> = found
        .parts
        .iter()
        .flat_map(|part| {
            part.lines
                .iter()
                .map(|line| format!("{} {:?} {:?} {}", part.order_number, line.class, line.item, line.amount.minor))
        })
        .collect();
    assert_eq!(
        lines,
        [
            "1001 Purchase Product 2400",
            "1001 Purchase Fee 500",
            "1001 Purchase Fee -100",
            "1002 Cancelled Product 1200"
        ]
    );
    assert_eq!(found.parts[0].shipping, None, "postage is a line of its own and not counted twice");
    let buyer = found.parts[0].buyer.as_ref().unwrap();
    assert_eq!(buyer.email.as_ref().unwrap().reveal(), "taro@example.com");
    assert_eq!(found.problems[0].sentence_ja(), "「対応状況(ID)」が「8」です。完了していない注文は取り込みません。");
}

#[test]
fn a_shopify_order_carries_its_own_cells_only_once() {
    let file = "Name,Email,Financial Status,Currency,Shipping,Discount Amount,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Billing Name,Billing Zip,Billing Province,Cancelled at\n\
        #1001,taro@example.com,paid,JPY,500,100,2026-11-01 10:00:00 +0900,2,りんご,1200,A-1,佐藤 太郎,'1500001,JP-13,\n\
        #1001,,,,,,,1,みかん,300,B-1,,,,\n\
        #1002,hana@example.com,refunded,JPY,0,0,2026-11-02 10:00:00 +0900,1,りんご,1200,A-1,,,,2026-11-03 10:00:00 +0900\n";
    let found = orders(file).unwrap();
    assert_eq!(found.problems, []);
    let [first, second] = &found.parts[..] else { panic!("two orders") };
    assert_eq!(first.lines.iter().map(|line| line.amount.minor).collect::<Vec<_>>(), [2400, 300]);
    assert!(first.lines.iter().all(|line| line.class == collect::files::LineClass::Purchase));
    assert_eq!(first.customer_number.as_deref(), Some("taro@example.com"));
    assert_eq!((first.shipping.unwrap().minor, first.discount.unwrap().minor), (500, 100));
    assert_eq!(first.ordered_at.to_string(), "2026-11-01T01:00:00Z");
    let address = first.buyer.as_ref().unwrap().address.as_ref().unwrap();
    assert_eq!(address.reveal().postal_code.unwrap().hyphenated(), "150-0001");
    assert_eq!(second.lines[0].class, collect::files::LineClass::Cancelled);
}

#[test]
fn a_rakuten_order_has_its_date_and_time_apart_and_phones_in_three() {
    let file = "注文番号,ステータス,注文日,注文時間,送料合計,代引料合計,クーポン利用総額,注文者郵便番号1,注文者郵便番号2,注文者住所都道府県,注文者住所郡市区,注文者住所それ以降の住所,注文者姓,注文者名,注文者電話番号1,注文者電話番号2,注文者電話番号3,注文者メールアドレス,送付先電話番号1,商品明細ID,商品名,商品管理番号,単価,個数,楽天会員フラグ\n\
        1-2,500,2026-11-01,09:30:15,500,330,200,150,0001,東京都,渋谷区,神宮前1-1,佐藤,太郎,090,1234,5678,abc@pc.fw.rakuten.ne.jp,03,9,りんご,ringo,1200,2,1\n";
    let found = orders(file).unwrap();
    let part = &found.parts[0];
    assert_eq!(part.ordered_at.to_string(), "2026-11-01T00:30:15Z");
    assert_eq!((part.shipping.unwrap().minor, part.fee.unwrap().minor, part.discount.unwrap().minor), (500, 330, 200));
    assert_eq!(part.customer_number.as_deref(), Some("abc@pc.fw.rakuten.ne.jp"), "by which the shop knows the buyer");
    let buyer = part.buyer.as_ref().unwrap();
    assert_eq!(buyer.phone.as_ref().unwrap().reveal(), "09012345678");
    assert_eq!(buyer.address.as_ref().unwrap().reveal().line1, "渋谷区神宮前1-1");
    assert_eq!(buyer.email.as_ref().unwrap().matching_key(), None, "a relay is no identity");
}

#[test]
fn the_orders_of_the_demo_shop_keep_the_rules_of_their_source() {
    let file = "注文番号,受注日,会員ID,商品コード,商品名,個数,価格,通貨\n\
        536365,2025-12-01 08:26:00,17850,85123A,ハート,6,2.55,GBP\n\
        C536379,2025-12-01 09:41:00,14527,D,Discount,-1,27.50,GBP\n\
        A563185,2026-08-12 14:50:00,,B,Adjust bad debt,1,11062.06,GBP\n\
        536370,2025-12-01 08:45:00,12583,POST,POSTAGE,3,18.00,GBP\n";
    let found = orders(file).unwrap();
    let lines: Vec<String> = found
        .parts
        .iter()
        .flat_map(|part| &part.lines)
        .map(|line| format!("{:?} {:?} {} {}", line.class, line.item, line.amount.minor, line.amount.currency))
        .collect();
    assert_eq!(
        lines,
        ["Purchase Product 1530 GBP", "Refund Fee -2750 GBP", "Adjustment Fee 1106206 GBP", "Purchase Fee 5400 GBP"]
    );
}

#[test]
fn a_file_without_what_is_needed_says_which_column() {
    let error = orders("注文番号,商品名\n1,りんご\n").map(|_| ()).unwrap_err();
    assert_eq!(error.sentence_ja(), "列が決まっていません：注文日時、数量、単価");
    let error = customers("氏名,住所\n佐藤,東京\n").map(|_| ()).unwrap_err();
    assert_eq!(error.code(), "file_columns_missing");
    let found = inspect(source("a,b\n1,2\n").unwrap(), Some(FileKind::Orders), &TableOptions::default()).unwrap();
    assert_eq!(found.proposal.missing.len(), 4);
}
