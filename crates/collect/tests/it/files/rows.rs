//! Rows as spreadsheets and carts write them, and the lines that are none.

use super::{orders, source};
use collect::files::{Row, Table, TableOptions, table::Next};

/// Every row, or the sentence about the line.
fn rows(file: &str) -> Vec<String> {
    let mut table = Table::open(source(file).unwrap(), &TableOptions::default()).unwrap();
    let (mut row, mut rows) = (Row::default(), Vec::new());
    loop {
        match table.next(&mut row).unwrap() {
            Next::Row => rows.push(format!("{}: {}", row.line(), row.cells().collect::<Vec<_>>().join("|"))),
            Next::Problem(problem) => rows.push(format!("{}! {}", problem.line, problem.code())),
            Next::End => return rows,
        }
    }
}

#[test]
fn quotes_breaks_and_separators() {
    assert_eq!(rows("a,b\r\n1,\"x, y\"\r\n2,\"say \"\"hi\"\"\"\r\n"), ["2: 1|x, y", "3: 2|say \"hi\""]);
    assert_eq!(rows("a,b\n1,\"two\nlines\"\n2,z\n"), ["2: 1|two\nlines", "4: 2|z"]);
    assert_eq!(rows("a\tb\n1\t5 \"inch\"\n"), ["2: 1|5 \"inch\""]);
    assert_eq!(rows("a;b\n1,5;2\n"), ["2: 1,5|2"]);
    assert_eq!(rows("a,b\r1,2\r3,4\r"), ["2: 1|2", "3: 3|4"]);
    assert_eq!(rows("a,b\n\n1,2\n,\n3,4"), ["3: 1|2", "5: 3|4"]);
    assert_eq!(rows("sep=;\na;b\n1,5;2\n"), ["3: 1,5|2"]);
    assert_eq!(rows("a,b\n=\"0123\",'0123\n"), ["2: 0123|0123"]);
    assert_eq!(rows("a,b,,\n1,2,,\n1,2,\n1,2\n"), ["2: 1|2", "3: 1|2", "4: 1|2"]);
}

#[test]
fn a_broken_line_costs_itself_only() {
    assert_eq!(rows("a,b\n1,2\n3\n4,5,6\n7,8\n"), ["2: 1|2", "3! line_ragged", "4! line_ragged", "5: 7|8"]);
    assert_eq!(rows("a,b\n1,\"open\n2,x\n3,y\n"), ["2! line_open_quote", "3: 2|x", "4: 3|y"]);
    assert_eq!(rows("a,b\n1,\"x\"y\n2,z\n"), ["2! line_misplaced_quote", "3: 2|z"]);
    assert_eq!(rows("a,b\n1,x\0y\n2,z\n"), ["2! line_has_nul", "3: 2|z"]);
    let long = "x".repeat(2 << 20);
    assert_eq!(rows(&format!("a,b\n1,{long}\n2,z\n")), ["2! line_too_long", "3: 2|z"]);
    let wide = "x".repeat(100 << 10);
    assert_eq!(rows(&format!("a,b\n1,{wide}\n2,z\n")), ["2! cell_too_long", "3: 2|z"]);
}

#[test]
fn values_that_cannot_be_are_reported_with_what_is_allowed() {
    let file = "注文番号,注文日,商品名,数量,単価,会員番号\n\
        1,0001-01-01,りんご,1,100,7\n\
        2,3000-01-01,りんご,1,100,7\n\
        3,昨日,りんご,1,100,7\n\
        4,2026-11-01,りんご,半分,100,7\n\
        5,2026-11-01,りんご,1,時価,7\n\
        ,2026-11-01,りんご,1,100,7\n\
        7,2026-11-01,りんご,999999999999,99999999999,7\n\
        8,2026年11月1日,りんご,２,￥1，200,7\n";
    let found = orders(file).unwrap();
    let sentences: Vec<String> =
        found.problems.iter().map(|problem| format!("{} {}", problem.line, problem.sentence_ja())).collect();
    assert_eq!(
        sentences,
        [
            "2 「注文日」の「0001-01-01」は1980年より前か未来の日付です。",
            "3 「注文日」の「3000-01-01」は1980年より前か未来の日付です。",
            "4 「注文日」の「昨日」を読めません。日付は 2026-11-13 09:30、2026/11/13、2026年11月13日 のように書きます。",
            "5 「数量」の「半分」を読めません。数量は整数です。",
            "6 「単価」の「時価」を読めません。金額は 1234 や 1,234.5 のように書きます。",
            "7 「注文番号」が空です。",
            "8 「単価」の「99999999999」は大きすぎて計算できません。",
        ]
    );
    assert_eq!(found.parts.len(), 1);
    assert_eq!(found.parts[0].lines[0].amount.minor, 2_400);
    let progress = found.summary.progress;
    assert_eq!((progress.accepted, progress.rejected, progress.lines), (1, 7, 9));
    assert_eq!(found.problems[3].sentence_en(), "`半分` in `数量` cannot be read. A quantity is a whole number.");
}
