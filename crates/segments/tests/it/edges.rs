//! The edges: today, the border of a window, birthdays, those who never bought, what is dated ahead or made up, refunds,
//! people who turned out to be one. Each answer is asked of both evaluators.

use crate::world::{World, alias, consent, identify, order, page, refund, track};
use serde_json::json;
use testing::on_both;
use vocabulary::{Event, event::names};

const NOBODY: [&str; 0] = [];

on_both! {
    async fn a_window_is_today_and_the_days_before_it(world: World) {
        let numbers = ["0", "29", "30", "31"];
        for days in [0, 29, 30, 31] {
            // The last minute of the day, then the first.
            let number = days.to_string();
            world.happens(vec![order(&number, &number, world.ago(days, 1_439 * i64::from(days % 2)), "a", 100)]).await;
        }
        assert_eq!(world.who(&numbers, "orders >= 1 in 1 days").await, ["0"]);
        assert_eq!(world.who(&numbers, "orders >= 1 in 30 days").await, ["0", "29"]);
        assert_eq!(world.who(&numbers, "orders >= 1 in 31 days").await, ["0", "29", "30"]);
        assert_eq!(world.who(&numbers, "sales >= 1 in 30 days").await, ["0", "29"]);
        assert_eq!(world.who(&numbers, "days_since_order <= 30").await, ["0", "29", "30"]);
        assert_eq!(world.who(&numbers, "days_since_order = 0").await, ["0"]);
        let tomorrow = world.first_day().plus(1);
        assert_eq!(world.who_on(tomorrow, &numbers, "orders >= 1 in 30 days").await, ["0"], "it moves at midnight");
    }

    async fn a_birthday_counts_from_the_day_itself(world: World) {
        let born = |number: &str, birthday: &str| identify(number, json!({ "birthday": birthday }));
        world.happens(vec![
            born("today", "1980-11-13"),
            born("tomorrow", "1980-11-14"),
            born("leap", "2000-02-29"),
            born("month", "1980-11"),
            born("yearless", "--11-13"),
            identify("unknown", json!({ "city": "x" })),
        ])
        .await;
        let numbers = ["today", "tomorrow", "leap", "month", "yearless", "unknown"];
        assert_eq!(world.who(&numbers, "age = 46").await, ["today"]);
        assert_eq!(world.who(&numbers, "age = 45").await, ["tomorrow"]);
        assert_eq!(world.who(&numbers, "age >= 0").await, ["leap", "today", "tomorrow"], "an age needs year, month and day");
        assert_eq!(world.who(&numbers, "not age >= 0").await, ["month", "unknown", "yearless"], "what is not known does not hold");
        assert_eq!(world.who(&numbers, "birth_month = 11").await, ["month", "today", "tomorrow", "yearless"]);
        let on = |day: &str| day.parse().unwrap();
        assert_eq!(world.who_on(on("2027-02-28"), &numbers, "age = 27").await, NOBODY);
        assert_eq!(world.who_on(on("2027-03-01"), &numbers, "age = 27").await, ["leap"]);
        assert_eq!(world.who_on(on("2028-02-28"), &numbers, "age = 28").await, NOBODY);
        assert_eq!(world.who_on(on("2028-02-29"), &numbers, "age = 28").await, ["leap"]);
    }

    async fn who_never_bought_has_nothing_and_is_never_recent(world: World) {
        world.happens(vec![identify("member", json!({ "city": "x" })), order("buyer", "1", world.ago(5, 0), "a", 100)]).await;
        world.happens(vec![order("free", "2", world.ago(5, 0), "a", 0), refund("back", "3", world.ago(5, 0), 70)]).await;
        let numbers = ["back", "buyer", "free", "member"];
        assert_eq!(world.who(&numbers, "orders = 0").await, ["back", "free", "member"]);
        assert_eq!(world.who(&numbers, "orders = 0 in 90 days").await, ["back", "free", "member"]);
        assert_eq!(world.who(&numbers, "orders between 0 and 1").await, numbers);
        assert_eq!(world.who(&numbers, "orders of \"a\" = 0").await, ["back", "free", "member"]);
        assert_eq!(world.who(&numbers, "is_member_only = true").await, ["back", "free", "member"]);
        assert_eq!(world.who(&numbers, "sales = 0").await, ["free", "member"]);
        assert_eq!(world.who(&numbers, "sales <= 0 in 90 days").await, ["back", "free", "member"]);
        assert_eq!(world.who(&numbers, "days_since_order >= 0").await, ["buyer"]);
        assert_eq!(world.who(&numbers, "not days_since_order <= 36500").await, ["back", "free", "member"]);
        assert_eq!(world.who(&numbers, "rfm r [30] f [1] cells [0:0 1:0]").await, ["buyer"]);
        assert_eq!(world.who(&numbers, "opened = 0").await, numbers);
    }

    async fn what_is_dated_ahead_is_not_known_before_its_day(world: World) {
        world.happens(vec![
            order("both", "1", world.ago(10, 0), "a", 100),
            order("both", "2", world.ago(-1, 0), "a", 900),
            order("ahead", "3", world.ago(-1, 0), "a", 900),
            refund("returning", "5", world.ago(-1, 0), 40),
        ])
        .await;
        world.happens(vec![order("returning", "4", world.ago(20, 0), "a", 100), page("reader", world.ago(-1, 0))]).await;
        let (numbers, tomorrow) = (["ahead", "both", "reader", "returning"], world.first_day().plus(1));
        let both_days = async |text: &str| (world.who(&numbers, text).await, world.who_on(tomorrow, &numbers, text).await);
        let are = |now: &[&str], then: &[&str]| -> (Vec<String>, Vec<String>) {
            let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
            (owned(now), owned(then))
        };
        assert_eq!(both_days("orders = 1").await, are(&["both", "returning"], &["ahead", "returning"]));
        assert_eq!(both_days("orders = 0").await, are(&["ahead", "reader"], &["reader"]));
        assert_eq!(both_days("is_member_only = true").await, are(&["ahead", "reader"], &["reader"]));
        assert_eq!(both_days("orders of \"a\" >= 1").await, are(&["both", "returning"], &["ahead", "both", "returning"]));
        assert_eq!(both_days("sales = 100").await, are(&["both", "returning"], &[]));
        assert_eq!(both_days("sales = 60").await, are(&[], &["returning"]));
        assert_eq!(both_days("sales = 60 in 30 days").await, are(&[], &["returning"]));
        assert_eq!(both_days("days_since_order <= 10").await, are(&["both"], &["ahead", "both"]));
        assert_eq!(both_days("rfm r [10] f [1 2] cells [0:0]").await, are(&["both"], &["ahead"]), "the cell of today");
        assert_eq!(both_days("pages >= 1").await, are(&[], &["reader"]));
    }

    async fn refunds_lower_sales_on_their_own_day(world: World) {
        world.happens(vec![
            order("1", "1", world.ago(100, 0), "a", 1_000),
            refund("1", "2", world.ago(10, 0), 300),
            order("2", "3", world.ago(10, 0), "a", 1_000),
            refund("2", "4", world.ago(10, 1), 1_000),
        ])
        .await;
        let numbers = ["1", "2"];
        assert_eq!(world.who(&numbers, "sales = 700").await, ["1"]);
        assert_eq!(world.who(&numbers, "sales = -300 in 30 days").await, ["1"], "the order is older than that");
        assert_eq!(world.who(&numbers, "sales = 0 in 30 days").await, ["2"]);
        assert_eq!(world.who(&numbers, "orders = 1").await, numbers);
        assert_eq!(world.who(&numbers, "days_since_order = 100").await, ["1"]);
    }

    async fn what_the_demo_made_up_counts_nowhere(world: World) {
        let made_up = |event: Event| Event { is_simulated: true, ..event };
        world.happens(vec![
            identify("1", json!({ "city": "x" })),
            made_up(order("1", "1", world.ago(1, 0), "a", 1_000)),
            made_up(refund("1", "2", world.ago(1, 0), 300)),
            made_up(track("1", names::MAIL_OPENED, world.ago(1, 0))),
            made_up(order("1", "3", world.ago(-1, 0), "a", 1_000)),
        ])
        .await;
        for text in ["orders = 0", "orders = 0 in 7 days", "sales = 0", "sales = 0 in 7 days", "opened = 0", "is_member_only = true"] {
            assert_eq!(world.who(&["1"], text).await, ["1"], "{text}");
        }
        assert_eq!(world.who(&["1"], "days_since_order >= 0").await, NOBODY);
    }

    async fn two_who_are_one_person_have_the_figures_of_both(world: World) {
        let did = |number: &str, days: i32| {
            vec![
                order(number, &format!("{number}-1"), world.ago(days, 0), "a", 500),
                track(number, names::MAIL_OPENED, world.ago(days, 0)),
                page(number, world.ago(days, 0)),
            ]
        };
        world.happens([did("old", 40), did("new", 5), did("other", 5)].concat()).await;
        world.happens(vec![alias("new", "old")]).await;
        let numbers = ["new", "old", "other"];
        for text in ["orders = 2", "orders = 2 in 90 days", "sales = 1000", "sales = 1000 in 90 days", "opened = 2", "opened = 2 in 90 days", "pages = 2"] {
            assert_eq!(world.who(&numbers, text).await, ["new", "old"], "{text}");
        }
        for text in ["orders = 1 in 30 days", "opened = 1 in 30 days", "orders of \"a\" = 1 in 30 days", "days_since_order = 5", "opened >= 1", "clicked = 0"] {
            assert_eq!(world.who(&numbers, text).await, numbers, "{text}");
        }
        assert_eq!(world.who(&numbers, "opened = 0").await, NOBODY);
        assert_eq!(world.who(&numbers, "not opened = 2").await, ["other"]);
        // Later events and a second merge.
        world.happens(did("new", 1)).await;
        world.happens(vec![alias("other", "new")]).await;
        assert_eq!(world.who(&numbers, "opened = 4 and pages = 4").await, numbers);
        assert_eq!(world.who(&numbers, "orders = 3 and sales = 1500").await, numbers, "the order of `new` was told again");
    }

    async fn hundreds_of_events_are_all_counted(world: World) {
        let seen = (0..1_250).map(|n| page("1", world.ago(n / 10, i64::from(n % 10))));
        world.happens(seen.collect()).await;
        world.happens(vec![track("1", names::MAIL_OPENED, world.ago(300, 0))]).await;
        assert_eq!(world.who(&["1"], "pages = 1250 and opened = 1").await, ["1"]);
        assert_eq!(world.who(&["1"], "pages = 900 in 90 days").await, ["1"]);
    }

    async fn who_can_be_reached_is_who_may_be_written_to(world: World) {
        let person = |number: &str, email: &str| identify(number, json!({ "email": email }));
        world.happens(vec![
            person("yes", "yes@example.com"), consent("yes", "granted"),
            person("no", "no@example.com"), consent("no", "denied"),
            person("silent", "silent@example.com"),
            person("broken", "not an address"), consent("broken", "granted"),
            person("stopped", "Stopped@Example.com"), consent("stopped", "granted"),
        ])
        .await;
        world.stop("stopped@example.com").await;
        let numbers = ["broken", "no", "silent", "stopped", "yes"];
        assert_eq!(world.who(&numbers, "reachable by email").await, ["yes"]);
        world.happens(vec![alias("yes", "no")]).await;
        assert_eq!(world.who(&numbers, "reachable by email").await, NOBODY, "a no outlives a yes");
    }
}
