//! In whatever order events arrive, who is who is the same.

use crate::shop::{Shop, alias, for_random, identify, order, visit};
use proptest::prelude::*;
use records::{FromQueryResult, Sql, values};
use serde_json::json;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::atomic::{AtomicU32, Ordering},
};
use testing::on_both;
use vocabulary::Event;

/// One of a few numbers or visitors. An alias may name either.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Name {
    User(u8),
    Visitor(u8),
}

#[derive(Clone, Debug)]
enum Told {
    Identify { user: u8, visitor: Option<u8> },
    Visit { visitor: u8 },
    Order { user: u8 },
    Alias { user: u8, previous: Name },
}

fn told() -> impl Strategy<Value = Told> {
    let (user, visitor) = (0..6_u8, 0..4_u8);
    prop_oneof![
        3 => (user.clone(), proptest::option::of(visitor.clone())).prop_map(|(user, visitor)| Told::Identify { user, visitor }),
        1 => visitor.clone().prop_map(|visitor| Told::Visit { visitor }),
        2 => user.clone().prop_map(|user| Told::Order { user }),
        2 => (user.clone(), prop_oneof![user.prop_map(Name::User), visitor.prop_map(Name::Visitor)])
            .prop_map(|(user, previous)| Told::Alias { user, previous }),
    ]
}

/// What happened, each with its own minute.
type Happened = Vec<(i64, Told)>;

/// What happened; the same in another order of arrival; and how many arrive together.
fn arrivals() -> impl Strategy<Value = (Happened, Happened, Vec<usize>)> {
    let happened = proptest::collection::vec(told(), 1..16).prop_map(|told| (0..).zip(told).collect::<Vec<_>>());
    happened.prop_flat_map(|happened| {
        let shuffled = Just(happened.clone()).prop_shuffle();
        (Just(happened), shuffled, proptest::collection::vec(1..6_usize, 4))
    })
}

/// A world of its own within the database: its own site, its own visitors.
struct World(String);

impl World {
    fn name(&self, name: Name) -> String {
        match name {
            Name::User(n) => format!("u{n}"),
            Name::Visitor(n) => format!("{}-v{n}", self.0),
        }
    }

    fn event(&self, (minute, told): &(i64, Told)) -> Event {
        let at = testing::START.plus_seconds(minute * 60 - 86_400);
        let user = |n: u8| self.name(Name::User(n));
        let event = match told {
            Told::Identify { user: n, visitor } => {
                let anonymous_id = visitor.map(|visitor| self.name(Name::Visitor(visitor)));
                Event { anonymous_id, ..identify(&user(*n), json!({ "city": format!("city {minute}") })) }
            }
            Told::Visit { visitor } => visit(&self.name(Name::Visitor(*visitor)), at),
            Told::Order { user: n } => order(&user(*n), &format!("{minute}"), at, 100 + minute),
            Told::Alias { user: n, previous } => alias(&user(*n), &self.name(*previous), at),
        };
        Event { source: self.0.clone(), occurred_at: at, ..event }
    }

    async fn arrives(&self, shop: &Shop, told: &[(i64, Told)], together: &[usize]) {
        let (mut rest, mut sizes) = (told, together.iter().cycle());
        while !rest.is_empty() {
            let (now, later) = rest.split_at((*sizes.next().unwrap()).min(rest.len()));
            shop.happens(now.iter().map(|told| self.event(told)).collect()).await;
            rest = later;
        }
    }

    /// Each identifier with all that mean the same customer, what the customer bought, and whether it is one at all.
    async fn who_is_who(&self, shop: &Shop) -> BTreeMap<Name, Option<(BTreeSet<Name>, i64, i64)>> {
        #[derive(FromQueryResult)]
        struct Row {
            customer: Option<i64>,
            orders: Option<i64>,
            sales: Option<i64>,
            redirect_to: Option<i64>,
        }
        let mut found: BTreeMap<Name, Option<(i64, i64, i64)>> = BTreeMap::new();
        for name in (0..6).map(Name::User).chain((0..4).map(Name::Visitor)) {
            let identifier = match name {
                Name::User(_) => customers::identity::user_identifier(&self.0, &self.name(name)),
                Name::Visitor(_) => customers::identity::anonymous_identifier(&self.name(name)),
            };
            let text = "SELECT i.customer, v.orders, v.sales, c.redirect_to FROM identifiers i LEFT JOIN customers c ON c.customer = i.customer \
                        LEFT JOIN customer_values v ON v.customer = i.customer WHERE i.identifier = $1";
            if let Some(row) = shop.records.reader().one::<Row>(text, values![identifier]).await.unwrap() {
                assert_eq!(row.redirect_to, None, "an identifier means somebody who is still there");
                found.insert(name, row.customer.map(|customer| (customer, row.orders.unwrap(), row.sales.unwrap())));
            }
        }
        let same = |wanted: i64| {
            let is_same =
                |(_, whose): &(&Name, &Option<(i64, i64, i64)>)| whose.is_some_and(|(customer, ..)| customer == wanted);
            found.iter().filter(is_same).map(|(name, _)| *name).collect()
        };
        found
            .iter()
            .map(|(name, whose)| (*name, whose.map(|(who, orders, sales)| (same(who), orders, sales))))
            .collect()
    }
}

/// The same by the definition: aliases join numbers of the shop, and a visitor is the first person who came with the id.
fn by_definition(happened: &[(i64, Told)]) -> BTreeMap<Name, Option<(BTreeSet<Name>, i64, i64)>> {
    let (mut users, mut aliases): (BTreeSet<u8>, Vec<(u8, u8)>) = Default::default();
    let mut first: BTreeMap<u8, Option<u8>> = BTreeMap::new();
    let mut bought: BTreeMap<u8, (i64, i64)> = BTreeMap::new();
    for (minute, told) in happened {
        match told {
            Told::Identify { user, visitor } => {
                users.insert(*user);
                if let Some(visitor) = visitor {
                    first.entry(*visitor).or_default().get_or_insert(*user);
                }
            }
            Told::Visit { visitor } => {
                first.entry(*visitor).or_default();
            }
            Told::Order { user } => {
                users.insert(*user);
                let entry = bought.entry(*user).or_default();
                *entry = (entry.0 + 1, entry.1 + 100 + minute);
            }
            Told::Alias { user, previous } => {
                users.insert(*user);
                match previous {
                    Name::User(previous) => aliases.push((*user, *previous)),
                    Name::Visitor(visitor) => {
                        first.entry(*visitor).or_default().get_or_insert(*user);
                    }
                }
            }
        }
    }
    let mut groups: Vec<BTreeSet<u8>> = (0..6).map(|n| BTreeSet::from([n])).collect();
    for (user, previous) in aliases.into_iter().filter(|(_, previous)| users.contains(previous)) {
        let joined: BTreeSet<u8> = &groups[usize::from(user)] | &groups[usize::from(previous)];
        joined.iter().for_each(|member| groups[usize::from(*member)] = joined.clone());
    }
    let person = |user: u8| {
        let members = &groups[usize::from(user)];
        let visitors = first.iter().filter(|(_, whose)| whose.is_some_and(|whose| members.contains(&whose)));
        let names = members.iter().map(|n| Name::User(*n)).chain(visitors.map(|(n, _)| Name::Visitor(*n))).collect();
        let sums = members.iter().filter_map(|n| bought.get(n)).fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        (names, sums.0, sums.1)
    };
    let visitors = first.iter().map(|(n, whose)| (Name::Visitor(*n), whose.map(person)));
    users.iter().map(|n| (Name::User(*n), Some(person(*n)))).chain(visitors).collect()
}

static WORLDS: AtomicU32 = AtomicU32::new(0);

fn world() -> World {
    World(format!("world {}", WORLDS.fetch_add(1, Ordering::SeqCst)))
}

on_both! {
    async fn the_order_of_arrival_does_not_change_who_is_who(shop: Shop) {
        for_random(40, arrivals(), async |(happened, shuffled, together)| {
            let (one, other) = (world(), world());
            one.arrives(&shop, &happened, &[1]).await;
            other.arrives(&shop, &shuffled, &together).await;
            let expected = by_definition(&happened);
            assert_eq!(one.who_is_who(&shop).await, expected, "one after the other");
            assert_eq!(other.who_is_who(&shop).await, expected, "in another order, some together");
        });
    }

    async fn figures_stay_what_the_orders_come_to(shop: Shop) {
        for_random(20, arrivals(), async |(_, shuffled, together)| world().arrives(&shop, &shuffled, &together).await);
        let text = "SELECT COUNT(*) AS value FROM customer_values v JOIN customers c ON c.customer = v.customer \
            WHERE c.redirect_to IS NOT NULL OR v.orders <> (SELECT COUNT(*) FROM orders o WHERE o.customer = v.customer) \
            OR v.sales <> (SELECT COALESCE(SUM(o.reporting), 0) FROM orders o WHERE o.customer = v.customer)";
        assert_eq!(shop.records.reader().scalar::<i64>(text, vec![]).await.unwrap(), Some(0));
        let text = "SELECT COUNT(*) AS value FROM customers a JOIN customers b ON b.customer = a.redirect_to WHERE b.redirect_to IS NOT NULL";
        assert_eq!(shop.records.reader().scalar::<i64>(text, vec![]).await.unwrap(), Some(0), "one step leads to who stayed");
    }

    async fn sites_whose_names_hold_a_colon_keep_their_numbers_apart(shop: Shop) {
        let of = |site: &str, number: &str| Event { source: site.to_owned(), ..identify(number, json!({ "city": site })) };
        shop.happens(vec![of("shop:1", "2"), of("shop", "1:2"), of("shop%3A1", "2")]).await;
        let found: BTreeSet<u32> = [
            shop.customer_of_site("shop:1", "2").await.ordinal,
            shop.customer_of_site("shop", "1:2").await.ordinal,
            shop.customer_of_site("shop%3A1", "2").await.ordinal,
        ]
        .into();
        assert_eq!(found.len(), 3);
    }
}

#[test]
fn the_definition_itself_is_as_it_was_told() {
    let at = |minute: i64, told: Told| (minute, told);
    let found = by_definition(&[
        at(0, Told::Identify { user: 1, visitor: Some(0) }),
        at(1, Told::Identify { user: 2, visitor: Some(0) }),
        at(2, Told::Alias { user: 2, previous: Name::User(3) }),
        at(2, Told::Alias { user: 5, previous: Name::User(4) }),
        at(2, Told::Alias { user: 5, previous: Name::Visitor(0) }),
        at(3, Told::Order { user: 3 }),
        at(4, Told::Visit { visitor: 1 }),
    ]);
    let (one, both) = ([Name::User(1), Name::Visitor(0)], [Name::User(2), Name::User(3)]);
    assert_eq!(found[&Name::Visitor(0)], Some((one.into(), 0, 0)));
    assert_eq!(found[&Name::User(2)], Some((both.into(), 1, 103)));
    assert_eq!(found[&Name::User(5)], Some(([Name::User(5)].into(), 0, 0)), "nobody ever came as 4");
    assert_eq!(found[&Name::Visitor(1)], None);
}
