//! Japanese files in all their encodings.

use super::{orders, source, test_data};
use collect::files::{Encoding, FileKind, Row, Source, Table, TableOptions, inspect, table::Next};
use encoding_rs::{EUC_JP, ISO_2022_JP, SHIFT_JIS};

const FILE: &str = "注文番号,注文日時,商品名,数量,単価,会員番号\r\n1,2026-11-01 10:00,髙島屋のりんご①㈱Ⅱ～－,2,120,7\r\n2,2026-11-02,ﾐｶﾝ,1,80,8\r\n";

fn names(bytes: Vec<u8>) -> (Encoding, Vec<String>) {
    let found = inspect(source(&bytes).unwrap(), Some(FileKind::Orders), &TableOptions::default()).unwrap();
    let orders = orders(&bytes).unwrap();
    assert_eq!(orders.problems, []);
    (found.encoding, orders.parts.iter().map(|part| part.lines[0].product_name.clone()).collect())
}

fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(unit).collect()
}

#[test]
fn one_file_in_every_encoding_says_the_same() {
    let expected = vec!["髙島屋のりんご①㈱Ⅱ～－".to_owned(), "ﾐｶﾝ".to_owned()];
    let marked = format!("\u{feff}{FILE}");
    for (bytes, encoding) in [
        (FILE.as_bytes().to_vec(), Encoding::Utf8),
        (marked.clone().into_bytes(), Encoding::Utf8),
        (SHIFT_JIS.encode(FILE).0.into_owned(), Encoding::Cp932),
        (EUC_JP.encode(FILE).0.into_owned(), Encoding::EucJp),
        (utf16(&marked, u16::to_le_bytes), Encoding::Utf16Le),
        (utf16(&marked, u16::to_be_bytes), Encoding::Utf16Be),
        (utf16(FILE, u16::to_le_bytes), Encoding::Utf16Le),
    ] {
        if encoding == Encoding::EucJp {
            let (found, names) = names(EUC_JP.encode(&FILE.replace('髙', "高")).0.into_owned());
            assert_eq!((found, names[0].contains("高島屋")), (encoding, true));
        } else {
            assert_eq!(names(bytes), (encoding, expected.clone()), "{encoding:?}");
        }
    }
    let mail = FILE.replace('髙', "高").replace("ﾐｶﾝ", "ミカン").replace(['①', '㈱', 'Ⅱ'], "");
    let (found, names) = names(ISO_2022_JP.encode(&mail).0.into_owned());
    assert_eq!((found, names[1].as_str()), (Encoding::Iso2022Jp, "ミカン"));
}

#[test]
fn half_width_kana_alone_are_no_kanji() {
    let file =
        "order_number,ordered_at,product_name,quantity,unit_price\n1,2026-11-01,ﾘﾝｺﾞ,1,100\n2,2026-11-01,ｻﾄｳ ﾀﾛｳ,1,80\n";
    let (encoding, names) = names(SHIFT_JIS.encode(file).0.into_owned());
    assert_eq!((encoding, names), (Encoding::Cp932, vec!["ﾘﾝｺﾞ".to_owned(), "ｻﾄｳ ﾀﾛｳ".to_owned()]));
}

#[test]
fn japanese_that_comes_late_is_still_found() {
    let mut file = b"order_number,ordered_at,product_name,quantity,unit_price\n".to_vec();
    for number in 0..20_000 {
        file.extend_from_slice(format!("{number},2026-11-01,apple,1,100\n").as_bytes());
    }
    file.extend_from_slice(&SHIFT_JIS.encode("20000,2026-11-01,髙級りんご,1,100\n").0);
    let found = orders(&file).unwrap();
    assert_eq!(found.problems, []);
    assert_eq!(found.parts.last().unwrap().lines[0].product_name, "髙級りんご");
}

/// Every character of two bytes that CP932 has, in one file with a line for each.
#[test]
fn all_characters_of_cp932_come_back() {
    let mut file = SHIFT_JIS.encode("code,文字,メモ\r\n").0.into_owned();
    let mut expected = Vec::new();
    for lead in (0x81..=0x9f).chain(0xe0..=0xfc) {
        for trail in (0x40..=0x7e).chain(0x80..=0xfc) {
            let bytes = [lead, trail];
            if let Some(text) = SHIFT_JIS.decode_without_bom_handling_and_without_replacement(&bytes) {
                expected.push((format!("{lead:02x}{trail:02x}"), text.into_owned()));
                file.extend_from_slice(format!("{lead:02x}{trail:02x},\"").as_bytes());
                file.extend_from_slice(&bytes);
                file.extend_from_slice(b"\",x\r\n");
            }
        }
    }
    let options = TableOptions { encoding: Some(Encoding::Cp932), ..TableOptions::default() };
    let mut table = Table::open(source(&file).unwrap(), &options).unwrap();
    let mut row = Row::default();
    for (code, text) in &expected {
        assert!(matches!(table.next(&mut row).unwrap(), Next::Row));
        assert_eq!((row.raw(0), row.raw(1)), (code.as_str(), text.as_str()));
        let (bytes, _, is_lossy) = SHIFT_JIS.encode(text);
        let again = SHIFT_JIS.decode_without_bom_handling(&bytes).0;
        assert!(
            (*text == again && !is_lossy) || text.chars().all(|c| ('\u{e000}'..='\u{f8ff}').contains(&c)),
            "{code}"
        );
    }
    assert!(matches!(table.next(&mut row).unwrap(), Next::End));
    assert!(expected.len() > 9_000, "{}", expected.len());
}

#[test]
fn bytes_that_mean_nothing_are_reported_with_their_place() {
    let mut file =
        "注文番号,注文日時,商品名,数量,単価,会員番号\n1,2026-11-01,りんご,1,100,7\n2,2026-11-01,".as_bytes().to_vec();
    file.extend_from_slice(&[0xff, 0xfe]);
    file.extend_from_slice(",1,100,7\n3,2026-11-01,みかん,1,100,7\n".as_bytes());
    let found = orders(&file).unwrap();
    assert_eq!(found.parts.len(), 2);
    assert_eq!(found.problems[0].line, 3);
    assert_eq!(found.problems[0].sentence_ja(), "14バイト目に UTF-8 で読めない文字があります（2か所）。");
}

#[test]
fn a_real_file_of_a_government_in_cp932_is_read_whole() {
    let test = "files::encodings::a_real_file_of_a_government_in_cp932_is_read_whole";
    let Some(path) = test_data(test, "jp/localgovjp-sjis.csv.zst") else { return };
    let source = Source::open(&path, &TableOptions::default().limits).unwrap();
    let mut table = Table::open(source, &TableOptions::default()).unwrap();
    assert_eq!((table.encoding(), table.header().len()), (Encoding::Cp932, 9));
    let (mut row, mut rows) = (Row::default(), 0);
    loop {
        match table.next(&mut row).unwrap() {
            Next::Row => rows += 1,
            Next::Problem(problem) => panic!("{problem:?}"),
            Next::End => break,
        }
    }
    assert!(rows > 1_700, "{rows}");
}
