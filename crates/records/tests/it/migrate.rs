//! Tables change forward only, each step once.

use crate::bookkeeping::operator;
use records::{Migration, Records, RecordsError, Sql, values};
use testing::{TestDatabase, on_both};

const FIRST: Migration = Migration {
    name: "9001_coupons",
    sql: "-- What a coupon is.\nCREATE TABLE coupons (code BINARY_TEXT PRIMARY KEY, uses BIGINT NOT NULL);\nINSERT INTO coupons (code, uses) VALUES ('SPRING', 0);\n",
};
const SECOND: Migration = Migration {
    name: "9002_coupons_counted",
    sql: "UPDATE coupons SET uses = uses + 1;\nALTER TABLE coupons ADD COLUMN ended_at BIGINT;\n",
};
const BROKEN: Migration = Migration {
    name: "9003_coupons_broken",
    sql: "UPDATE coupons SET uses = 100;\nALTER TABLE nothing ADD COLUMN x BIGINT;\n",
};

async fn uses(records: &Records) -> i64 {
    records.reader().scalar("SELECT uses AS value FROM coupons WHERE code = 'SPRING'", vec![]).await.unwrap().unwrap()
}

async fn applied(records: &Records) -> Vec<String> {
    let text = "SELECT name AS value FROM migrations WHERE name LIKE '9%' ORDER BY name";
    records.reader().column(text, vec![]).await.unwrap()
}

on_both! {
    async fn each_step_happens_once_however_often_the_program_begins(database: TestDatabase) {
        let records = &database.records;
        records.migrate(&[&[FIRST]]).await.unwrap();
        for _ in 0..3 {
            records.migrate(&[&[FIRST, SECOND]]).await.unwrap();
        }
        let again = database.reopened().await;
        again.migrate(&[&[FIRST, SECOND]]).await.unwrap();
        assert_eq!((uses(&again).await, applied(&again).await), (1, vec![FIRST.name.to_owned(), SECOND.name.to_owned()]));
        again.close().await;
    }

    async fn programs_that_begin_at_the_same_time_take_each_step_once(database: TestDatabase) {
        let mut programs = Vec::new();
        for _ in 0..6 {
            let records = database.reopened().await;
            programs.push(tokio::spawn(async move {
                records.migrate(&[&[FIRST, SECOND]]).await.unwrap();
                records.close().await;
            }));
        }
        for program in programs {
            program.await.unwrap();
        }
        assert_eq!(uses(&database.records).await, 1);
    }

    async fn a_step_that_breaks_leaves_nothing_and_is_taken_when_it_is_mended(database: TestDatabase) {
        let records = &database.records;
        assert!(records.migrate(&[&[FIRST, SECOND, BROKEN]]).await.is_err());
        assert_eq!((uses(records).await, applied(records).await.len()), (1, 2), "the steps before it have happened");
        let mended = Migration { sql: "UPDATE coupons SET uses = 100;\n", ..BROKEN };
        records.migrate(&[&[FIRST, SECOND, mended]]).await.unwrap();
        assert_eq!(uses(records).await, 100);
    }

    async fn an_older_program_does_not_touch_newer_tables(database: TestDatabase) {
        let records = &database.records;
        records.migrate(&[&[FIRST, SECOND]]).await.unwrap();
        let tx = records.begin(&operator(), "coupon.use").await.unwrap();
        tx.execute("UPDATE coupons SET ended_at = $1", values![1_i64]).await.unwrap();
        tx.commit().await.unwrap();
        let refused = records.migrate(&[&[FIRST]]).await.unwrap_err();
        assert!(matches!(refused, RecordsError::Newer(ref name) if name == SECOND.name), "{refused}");
        assert_eq!(uses(records).await, 1);
    }
}
