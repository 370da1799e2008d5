//! Answers that were given before: kept while nothing changed, and computed once for all who ask at the same time.
//!
//! An answer belongs to a question and a position of the history. When the history has moved on, a cheap answer is
//! computed anew; a dear one is given out a little longer while a fresh one is made behind it, never longer than
//! `stale_max`. With `stale_max` nought every answer is as of the history's position.
//!
//! Invariant: at most `answers_max` answers are kept.

use crate::InsightsError;
use history::Positions;
use std::{
    any::Any,
    collections::HashMap,
    future::Future,
    hash::Hash,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use vocabulary::Day;

/// What is computed within this is computed anew rather than given out late.
const CHEAP: Duration = Duration::from_millis(250);

/// What was asked: which figure, on which local day, with which parameters.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Question {
    pub what: &'static str,
    pub today: Day,
    pub parameters: String,
}

impl Question {
    pub(crate) fn new(what: &'static str, today: Day) -> Self {
        Self { what, today, parameters: String::new() }
    }
    pub(crate) fn with(mut self, parameters: impl ToString) -> Self {
        self.parameters = parameters.to_string();
        self
    }
}

struct Answer {
    value: Arc<dyn Any + Send + Sync>,
    position: Positions,
    took: Duration,
    at: Instant,
}

#[derive(Default)]
struct Slot {
    answer: Mutex<Option<Answer>>,
    /// Held by whoever computes; the others wait for it.
    turn: tokio::sync::Mutex<()>,
    is_refreshing: AtomicBool,
    used: AtomicU64,
}

/// The answers. Cloning is cheap; all clones are the same.
#[derive(Clone)]
pub(crate) struct Cache {
    slots: Arc<Mutex<HashMap<Question, Arc<Slot>>>>,
    answers_max: usize,
    stale_max: Duration,
    /// An answer that took less is never given out when the history has moved on.
    cheap: Duration,
    uses: Arc<AtomicU64>,
}

impl Cache {
    pub(crate) fn new(answers_max: usize, stale_max: Duration) -> Self {
        Self { slots: Arc::default(), answers_max, stale_max, cheap: CHEAP, uses: Arc::default() }
    }

    /// The answer to `question` at `position`, from memory or by `compute`.
    pub(crate) async fn get<T, F, C>(
        &self,
        question: Question,
        position: Positions,
        compute: C,
    ) -> Result<Arc<T>, InsightsError>
    where
        T: Send + Sync + 'static,
        F: Future<Output = Result<T, InsightsError>> + Send + 'static,
        C: FnOnce() -> F + Send + 'static,
    {
        let slot = self.slot(question);
        match self.known(&slot, position) {
            Known::Fresh(value) => return Ok(value),
            Known::Stale(value) => {
                if !slot.is_refreshing.swap(true, Ordering::AcqRel) {
                    tokio::spawn(refresh(slot, position, compute));
                }
                return Ok(value);
            }
            Known::Usable(value) => return Ok(value),
            Known::Nothing => {}
        }
        let _turn = slot.turn.lock().await;
        if let Known::Fresh(value) = self.known(&slot, position) {
            return Ok(value);
        }
        computed(&slot, position, compute).await
    }

    fn known<T: Send + Sync + 'static>(&self, slot: &Slot, position: Positions) -> Known<T> {
        let answer = lock(&slot.answer);
        let Some(answer) = answer.as_ref() else { return Known::Nothing };
        let Ok(value) = answer.value.clone().downcast::<T>() else { return Known::Nothing };
        // Another who asked a moment later may have computed at a later position already.
        if position.is_within(&answer.position) {
            return Known::Fresh(value);
        }
        let age = answer.at.elapsed();
        if answer.took < self.cheap || age >= self.stale_max {
            Known::Nothing
        } else if age >= self.stale_max / 2 {
            Known::Stale(value)
        } else {
            Known::Usable(value)
        }
    }

    fn slot(&self, question: Question) -> Arc<Slot> {
        let mut slots = lock(&self.slots);
        if !slots.contains_key(&question) && slots.len() >= self.answers_max {
            let oldest =
                slots.iter().min_by_key(|(_, slot)| slot.used.load(Ordering::Relaxed)).map(|(key, _)| key.clone());
            oldest.and_then(|oldest| slots.remove(&oldest));
        }
        let slot = slots.entry(question).or_default().clone();
        slot.used.store(self.uses.fetch_add(1, Ordering::Relaxed), Ordering::Relaxed);
        slot
    }

    #[cfg(test)]
    fn len(&self) -> usize {
        lock(&self.slots).len()
    }
}

enum Known<T> {
    /// At the position, or behind it.
    Fresh(Arc<T>),
    /// A little behind: good enough.
    Usable(Arc<T>),
    /// A little behind, and time to make a fresh one.
    Stale(Arc<T>),
    Nothing,
}

async fn computed<T, F, C>(slot: &Slot, position: Positions, compute: C) -> Result<Arc<T>, InsightsError>
where
    T: Send + Sync + 'static,
    F: Future<Output = Result<T, InsightsError>> + Send,
    C: FnOnce() -> F,
{
    let begin = Instant::now();
    let value = Arc::new(compute().await?);
    let answer = Answer { value: value.clone(), position, took: begin.elapsed(), at: Instant::now() };
    *lock(&slot.answer) = Some(answer);
    Ok(value)
}

async fn refresh<T, F, C>(slot: Arc<Slot>, position: Positions, compute: C)
where
    T: Send + Sync + 'static,
    F: Future<Output = Result<T, InsightsError>> + Send,
    C: FnOnce() -> F,
{
    let _turn = slot.turn.lock().await;
    if let Err(error) = computed(&slot, position, compute).await {
        tracing::warn!(error = &error as &(dyn std::error::Error + 'static), "a figure could not be refreshed");
    }
    slot.is_refreshing.store(false, Ordering::Release);
}

// A panic while a lock was held leaves plain values behind, none of them half changed.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::sync::atomic::AtomicUsize;

    fn at(live: u64) -> Positions {
        Positions { live, backfill: 0 }
    }

    fn question(parameters: usize) -> Question {
        Question::new("test", Day(0)).with(parameters)
    }

    #[tokio::test]
    async fn those_who_ask_at_once_are_answered_by_one_computation() {
        let (cache, count) = (Cache::new(4, Duration::ZERO), Arc::new(AtomicUsize::new(0)));
        let ask = |position| {
            let (cache, count) = (cache.clone(), count.clone());
            tokio::spawn(async move {
                let compute = move || async move {
                    tokio::task::yield_now().await;
                    Ok(count.fetch_add(1, Ordering::SeqCst))
                };
                *cache.get(question(0), at(position), compute).await.unwrap()
            })
        };
        let asked: Vec<_> = (0..20).map(|_| ask(1)).collect();
        for answer in asked {
            assert_eq!(answer.await.unwrap(), 0);
        }
        assert_eq!(ask(2).await.unwrap(), 1, "the history has moved on");
        assert_eq!(ask(1).await.unwrap(), 1, "an answer at a later position will do");
    }

    #[tokio::test]
    async fn the_answer_that_was_not_used_longest_goes_first() {
        let cache = Cache::new(2, Duration::ZERO);
        for parameters in [1, 2, 1, 3] {
            cache.get(question(parameters), at(1), move || async move { Ok(parameters) }).await.unwrap();
        }
        assert_eq!(cache.len(), 2);
        let again = cache.get(question(1), at(1), || async { Ok(99_usize) }).await.unwrap();
        assert_eq!(*again, 1, "it was used after the second");
    }

    #[tokio::test]
    async fn a_dear_answer_is_given_a_little_longer_and_a_failure_is_not_kept() {
        let cache = Cache { cheap: Duration::ZERO, ..Cache::new(2, Duration::from_secs(60)) };
        let failed = cache.get::<usize, _, _>(question(1), at(1), || async { Err(InsightsError::GivenUp) }).await;
        assert!(failed.is_err());
        assert_eq!(*cache.get(question(1), at(1), || async { Ok(1) }).await.unwrap(), 1);
        assert_eq!(*cache.get(question(1), at(2), || async { Ok(2) }).await.unwrap(), 1);
    }
}
