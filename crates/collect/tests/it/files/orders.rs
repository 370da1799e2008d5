//! Lines become orders.

use super::{options, orders, orders_with};
use collect::files::{LineClass, OrderPart};

const HEADER: &str = "order_number,ordered_at,sku,product_name,quantity,unit_price,customer_number,email\n";

fn shape(parts: &[OrderPart]) -> Vec<(String, usize)> {
    parts.iter().map(|part| (part.order_number.clone(), part.lines.len())).collect()
}

#[test]
fn neighbouring_lines_are_one_part_and_others_come_again() {
    let file = format!(
        "{HEADER}1,2026-11-01 10:01,A,a,1,100,7,\n1,2026-11-01 10:00,B,b,1,100,7,\n2,2026-11-01,A,a,1,100,8,\n1,2026-11-01,C,c,1,100,7,\n"
    );
    let found = orders(file).unwrap();
    assert_eq!(shape(&found.parts), [("1".to_owned(), 2), ("2".to_owned(), 1), ("1".to_owned(), 1)]);
    assert_eq!(found.parts[0].ordered_at.to_string(), "2026-11-01T01:00:00Z", "the earliest of its lines");
    assert_eq!((found.parts[0].first_line, found.parts[0].last_line), (2, 3));
}

#[test]
fn an_order_without_end_comes_in_parts() {
    let mut file = HEADER.to_owned();
    for _ in 0..5_000 {
        file += "1,2026-11-01,A,a,1,100,7,\n";
    }
    let found = orders(file).unwrap();
    assert_eq!(shape(&found.parts), [("1".to_owned(), 2_000), ("1".to_owned(), 2_000), ("1".to_owned(), 1_000)]);
    let last = found.parts[2].lines.last().unwrap();
    assert_eq!(last.key.ordinal, 4_999);
}

#[test]
fn a_buyer_is_known_by_number_or_mail() {
    let file = format!(
        "{HEADER}1,2026-11-01,A,a,1,100,7,\n2,2026-11-01,A,a,1,100,,taro@example.com\n3,2026-11-01,A,a,1,100,,\n4,2026-11-01,A,a,1,0,7,\n5,2026-11-01,A,a,-1,100,7,\n"
    );
    let found = orders(file).unwrap();
    let classes: Vec<LineClass> = found.parts.iter().map(|part| part.lines[0].class).collect();
    assert_eq!(
        classes,
        [LineClass::Purchase, LineClass::Purchase, LineClass::NoCustomer, LineClass::Free, LineClass::Refund]
    );
    let summary = found.summary;
    assert_eq!(LineClass::ALL.map(|class| summary.of(class)), [2, 1, 1, 1, 0, 0]);
}

#[test]
fn where_no_column_has_the_number_the_mail_address_is_it() {
    let file = "order_number,ordered_at,sku,quantity,unit_price,email,phone\n\
        1,2026-11-01,A,1,100,Taro@Example.com,\n\
        2,2026-11-01,A,1,100,taro@example.com,\n\
        2,2026-11-01,B,1,100,,\n\
        3,2026-11-01,A,1,100,taro@,090-1234-5678\n\
        4,2026-11-01,A,1,100,,\n";
    let numbers = |file: &str| -> Vec<Option<String>> {
        orders(file).unwrap().parts.into_iter().map(|part| part.customer_number).collect()
    };
    let taro = || Some("taro@example.com".to_owned());
    assert_eq!(numbers(file), [taro(), taro(), None, None]);
    let with_column = file.replace("phone", "customer_number").replace("090-1234-5678", "7");
    assert_eq!(numbers(&with_column), [None, None, Some("7".to_owned()), None], "a column that is there says it alone");
}

#[test]
fn an_order_that_cannot_begin_takes_nothing_from_the_one_before() {
    let file = "注文番号,注文日,商品名,数量,単価,値引き,会員番号\n\
        1,2026-11-01,りんご,1,100,0,7\n\
        2,2026-11-01,りんご,1,100,半額,8\n\
        1,2026-11-01,みかん,1,100,0,7\n\
        2,2026-11-01,りんご,1,100,50,8\n";
    let found = orders(file).unwrap();
    assert_eq!(shape(&found.parts), [("1".to_owned(), 2), ("2".to_owned(), 1)]);
    assert_eq!(found.problems[0].code(), "cell_unreadable");
    assert_eq!(found.parts[1].lines[0].key.ordinal, 0, "a line that was not taken is not counted");
    assert_eq!(found.parts[1].discount.unwrap().minor, 50);
}

#[test]
fn a_preview_reads_as_many_rows_as_it_wants() {
    let mut file = HEADER.to_owned();
    for number in 0..100 {
        file += &format!("{number},2026-11-01,A,a,1,100,7,\n");
    }
    let mut options = options();
    options.rows_max = Some(10);
    assert_eq!(orders_with(file, &options).unwrap().parts.len(), 10);
}
