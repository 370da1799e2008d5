//! How often somebody may try to sign in. Tries slow down; nobody is locked out for ever, and a stranger elsewhere
//! cannot lock out the person whose mail address he knows, for what is counted is address and mail together.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};
use vocabulary::Timestamp;

/// Tries with one mail from one address before the first pause.
const TRIES_OF_ONE: u32 = 5;
/// Tries from one address, whatever the mail, before the first pause.
const TRIES_OF_ADDRESS: u32 = 30;
/// The longest pause, in seconds.
const PAUSE_MAX_SECONDS: i64 = 300;
/// After so many seconds without a try all is forgotten.
const FORGOTTEN_SECONDS: i64 = 900;
/// Counters kept; the oldest make room.
const COUNTERS_MAX: usize = 10_000;

#[derive(Clone, PartialEq, Eq, Hash)]
enum Who {
    One(IpAddr, String),
    Address(IpAddr),
}

#[derive(Clone, Copy)]
struct Tries {
    count: u32,
    last: Timestamp,
}

impl Tries {
    /// Seconds until the next try is allowed; 0 when it is.
    fn pause(self, free: u32, now: Timestamp) -> i64 {
        if self.count < free {
            return 0;
        }
        let pause = (1_i64 << (self.count - free).min(20)).min(PAUSE_MAX_SECONDS);
        let left_us = self.last.plus_seconds(pause).micros() - now.micros();
        (left_us.max(0) + 999_999) / 1_000_000
    }
}

/// The counters, in memory: a restart forgets them.
#[derive(Default)]
pub(crate) struct Throttle(Mutex<HashMap<Who, Tries>>);

impl Throttle {
    /// Counts a try, or says how many seconds to wait. A try counts before its outcome is known, so that many at
    /// once gain nothing.
    pub(crate) fn admit(&self, address: IpAddr, email_key: &str, now: Timestamp) -> Result<(), u32> {
        let keys = [
            (Who::One(network(address), email_key.to_owned()), TRIES_OF_ONE),
            (Who::Address(network(address)), TRIES_OF_ADDRESS),
        ];
        let mut counters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        make_room(&mut counters, now);
        let pause = keys
            .iter()
            .filter_map(|(who, free)| Some(fresh(counters.get(who)?, now)?.pause(*free, now)))
            .max()
            .unwrap_or(0);
        if pause > 0 {
            return Err(u32::try_from(pause).unwrap_or(u32::MAX));
        }
        for (who, _) in keys {
            let count = counters.get(&who).and_then(|tries| fresh(tries, now)).map_or(0, |tries| tries.count);
            counters.insert(who, Tries { count: count.saturating_add(1), last: now });
        }
        Ok(())
    }

    /// It was the right password: this person's tries are forgotten.
    pub(crate) fn forgive(&self, address: IpAddr, email_key: &str) {
        let mut counters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counters.remove(&Who::One(network(address), email_key.to_owned()));
        if let Some(tries) = counters.get_mut(&Who::Address(network(address))) {
            tries.count = tries.count.saturating_sub(1);
        }
    }
}

fn fresh(tries: &Tries, now: Timestamp) -> Option<Tries> {
    (tries.last.plus_seconds(FORGOTTEN_SECONDS) > now).then_some(*tries)
}

fn make_room(counters: &mut HashMap<Who, Tries>, now: Timestamp) {
    if counters.len() + 2 <= COUNTERS_MAX {
        return;
    }
    counters.retain(|_, tries| fresh(tries, now).is_some());
    if counters.len() + 2 > COUNTERS_MAX {
        let mut lasts: Vec<Timestamp> = counters.values().map(|tries| tries.last).collect();
        lasts.sort_unstable();
        let middle = lasts[lasts.len() / 2];
        counters.retain(|_, tries| tries.last > middle);
    }
}

/// One household of IPv6 is a /64.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6((u128::from(v6) & !u128::from(u64::MAX)).into()),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
    const THERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 2));

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(0).plus_seconds(seconds)
    }

    #[test]
    fn tries_slow_down_and_are_forgotten() {
        let throttle = Throttle::default();
        for _ in 0..5 {
            assert_eq!(throttle.admit(HERE, "a@example.com", at(0)), Ok(()));
        }
        assert_eq!(throttle.admit(HERE, "a@example.com", at(0)), Err(1));
        assert_eq!(throttle.admit(HERE, "a@example.com", at(1)), Ok(()));
        assert_eq!(throttle.admit(HERE, "a@example.com", at(1)), Err(2));
        assert_eq!(throttle.admit(THERE, "a@example.com", at(1)), Ok(()), "the person herself is elsewhere");
        assert_eq!(throttle.admit(HERE, "a@example.com", at(1 + FORGOTTEN_SECONDS)), Ok(()));
    }

    #[test]
    fn one_address_cannot_try_many_people() {
        let throttle = Throttle::default();
        let admitted =
            (0..100).filter(|person| throttle.admit(HERE, &format!("{person}@example.com"), at(0)).is_ok()).count();
        assert_eq!(admitted, 30);
    }

    #[test]
    fn who_knows_the_password_waits_for_nobody() {
        let throttle = Throttle::default();
        for second in 0..200 {
            assert_eq!(throttle.admit(HERE, "a@example.com", at(second)), Ok(()));
            throttle.forgive(HERE, "a@example.com");
        }
    }

    #[test]
    fn the_counters_are_bounded() {
        let throttle = Throttle::default();
        for person in 0..20_000_u32 {
            let address = IpAddr::V4(person.into());
            throttle.admit(address, "a@example.com", Timestamp::from_micros(i64::from(person))).unwrap();
        }
        assert!(throttle.0.lock().unwrap().len() <= COUNTERS_MAX);
    }

    #[test]
    fn a_household_of_ipv6_is_one() {
        let a: IpAddr = "2001:db8::1".parse().unwrap();
        let b: IpAddr = "2001:db8::ffff:1".parse().unwrap();
        let other: IpAddr = "2001:db8:0:1::1".parse().unwrap();
        assert_eq!(network(a), network(b));
        assert_ne!(network(a), network(other));
        assert_eq!(network("::ffff:192.0.2.1".parse().unwrap()), HERE);
    }
}
