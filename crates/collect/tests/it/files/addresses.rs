//! Real addresses as people write them, and taken apart by another program, meet in one spelling.

use super::test_data;
use collect::files::{Row, Source, Table, TableOptions, table::Next};
use vocabulary::address::normalised;

#[test]
fn real_addresses_in_two_spellings_meet() {
    let test = "files::addresses::real_addresses_in_two_spellings_meet";
    let Some(path) = test_data(test, "jp/address_normalisation/addresses.csv.zst") else { return };
    let source = Source::open(&path, &TableOptions::default().limits).unwrap();
    let mut table = Table::open(source, &TableOptions::default()).unwrap();
    let (mut row, mut rows, mut met, mut apart) = (Row::default(), 0, 0, Vec::new());
    while let Next::Row = table.next(&mut row).unwrap() {
        let level: u32 = row.get(6).parse().unwrap_or(0);
        if level < 8 {
            continue;
        }
        rows += 1;
        let parts: String = (1..=5).map(|column| row.get(column)).collect();
        if normalised(row.get(0)) == normalised(&parts) {
            met += 1;
        } else if apart.len() < 40 {
            apart.push(format!("{} / {parts}", row.get(0)));
        }
    }
    eprintln!("{met} of {rows} addresses meet; apart: {apart:#?}");
    assert!(met * 100 >= rows * 99, "{met} of {rows}");
}
