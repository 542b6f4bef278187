//! How often somebody may try to log in. Nobody is ever locked out: who waits
//! long enough may try again.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

use chrono::{DateTime, TimeDelta, Utc};

/// Tries within a minute from one address.
const OF_ADDRESS: usize = 30;

/// Tries within a minute over all: each costs a hash.
const OVER_ALL: usize = 60;

/// The longest wait after a failure.
const LONGEST: TimeDelta = TimeDelta::seconds(60);

const MINUTE: TimeDelta = TimeDelta::seconds(60);

/// Names and addresses that are remembered at most.
const MOST: usize = 4_096;

/// Tries of the last minute, and failures of each name.
#[derive(Debug)]
pub struct Throttle<Address> {
    /// Failures in a row, and when the last was.
    failures: HashMap<String, (u32, DateTime<Utc>)>,
    addresses: HashMap<Address, VecDeque<DateTime<Utc>>>,
    all: VecDeque<DateTime<Utc>>,
}

impl<Address> Default for Throttle<Address> {
    fn default() -> Self {
        Self {
            failures: HashMap::new(),
            addresses: HashMap::new(),
            all: VecDeque::new(),
        }
    }
}

impl<Address: Hash + Eq> Throttle<Address> {
    /// Lets a name be tried from an address now, and counts it.
    ///
    /// # Errors
    /// It has to wait so long.
    pub fn take(&mut self, name: &str, address: Address, now: DateTime<Utc>) -> Result<(), TimeDelta> {
        if let Some((failures, last)) = self.failures.get(name) {
            let wait = TimeDelta::seconds(1 << failures.saturating_sub(1).min(6)).min(LONGEST);
            let until = *last + wait;
            // A clock that was set back makes nobody wait longer than that.
            if now < until && *last <= now {
                return Err(until - now);
            }
        }
        if self.addresses.len() >= MOST && !self.addresses.contains_key(&address) {
            self.addresses.retain(|_, tries| {
                forget(tries, now);
                !tries.is_empty()
            });
            if self.addresses.len() >= MOST {
                return Err(MINUTE);
            }
        }
        let of_address = self.addresses.entry(address).or_default();
        room(of_address, OF_ADDRESS, now)?;
        room(&mut self.all, OVER_ALL, now)?;
        of_address.push_back(now);
        self.all.push_back(now);
        Ok(())
    }

    /// A try failed.
    pub fn failed(&mut self, name: &str, now: DateTime<Utc>) {
        if self.failures.len() >= MOST && !self.failures.contains_key(name) {
            let longest_ago = self.failures.iter().min_by_key(|(_, (_, last))| *last);
            if let Some(name) = longest_ago.map(|(name, _)| name.clone()) {
                self.failures.remove(&name);
            }
        }
        let (failures, last) = self.failures.entry(name.to_owned()).or_insert((0, now));
        *failures = failures.saturating_add(1);
        *last = now;
    }

    /// A try succeeded.
    pub fn succeeded(&mut self, name: &str) {
        self.failures.remove(name);
    }
}

fn forget(tries: &mut VecDeque<DateTime<Utc>>, now: DateTime<Utc>) {
    tries.retain(|at| *at <= now && now - *at < MINUTE);
}

fn room(tries: &mut VecDeque<DateTime<Utc>>, most: usize, now: DateTime<Utc>) -> Result<(), TimeDelta> {
    forget(tries, now);
    match tries.front() {
        Some(first) if tries.len() >= most => Err(MINUTE - (now - *first)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000 + seconds, 0).unwrap()
    }

    #[test]
    fn failures_of_a_name_make_it_wait_longer_and_longer() {
        let mut throttle = Throttle::default();
        let mut now = 0;
        for wait in [1, 2, 4, 8, 16, 32, 60, 60] {
            assert_eq!(throttle.take("lisi", now, at(now)), Ok(()));
            throttle.failed("lisi", at(now));
            let left = throttle.take("lisi", now, at(now));
            assert_eq!(left, Err(TimeDelta::seconds(wait)));
            assert_eq!(
                throttle.take("zhangsan", now + 1000, at(now)),
                Ok(()),
                "another one"
            );
            now += wait;
        }
        throttle.succeeded("lisi");
        throttle.failed("lisi", at(now));
        assert_eq!(throttle.take("lisi", now, at(now)), Err(TimeDelta::seconds(1)));
        // The clock is set back by an hour.
        assert_eq!(throttle.take("lisi", now, at(now - 3600)), Ok(()));
    }

    #[test]
    fn an_address_has_thirty_tries_a_minute_and_all_together_sixty() {
        let mut throttle = Throttle::default();
        for n in 0..30 {
            assert_eq!(throttle.take(&format!("a{n}"), 1, at(0)), Ok(()));
        }
        assert_eq!(throttle.take("b", 1, at(10)), Err(TimeDelta::seconds(50)));
        for n in 0..30 {
            assert_eq!(throttle.take(&format!("c{n}"), 100 + n, at(20)), Ok(()));
        }
        assert_eq!(throttle.take("d", 2, at(20)), Err(TimeDelta::seconds(40)));
        assert_eq!(throttle.take("d", 2, at(60)), Ok(()));
    }

    #[test]
    fn what_is_remembered_is_limited() {
        let mut throttle = Throttle::default();
        for n in 0..10_000_i64 {
            let _ = throttle.take(&n.to_string(), n, at(n));
            throttle.failed(&n.to_string(), at(n));
        }
        assert!(throttle.failures.len() <= MOST && throttle.addresses.len() <= MOST);
        assert!(throttle.all.len() <= OVER_ALL);
    }
}
