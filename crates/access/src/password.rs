//! Passwords: Argon2id with 19 MiB, two passes, one lane (OWASP Password Storage Cheat Sheet), a few at a time.

use crate::AccessError;
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier},
};
use std::{fmt, sync::Arc, time::Duration};
use tokio::{sync::Semaphore, task::spawn_blocking, time::timeout};

/// Memory of one computation, in KiB.
const MEMORY_KIB: u32 = 19 * 1024;
/// Passes over the memory.
const PASSES: u32 = 2;
/// Computations at a time: they bound the memory and leave processors to others.
const AT_ONCE_MAX: usize = 2;
/// How long a sign-in waits for its turn.
const WAIT_MAX: Duration = Duration::from_secs(10);
/// Letters of a password.
const LETTERS: std::ops::RangeInclusive<usize> = 10..=200;

/// A password that somebody typed. Its `Debug` hides it.
#[derive(Clone)]
pub(crate) struct Password(String);

impl Password {
    /// One that is to be set: long enough, and not too long.
    pub(crate) fn chosen(text: String) -> Result<Self, AccessError> {
        if LETTERS.contains(&text.chars().count()) { Ok(Self(text)) } else { Err(AccessError::PasswordLength) }
    }
    /// One that is to be compared. Longer ones than can be set are cut, not computed.
    pub(crate) fn typed(text: &str) -> Self {
        Self(text.chars().take(LETTERS.end() + 1).collect())
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// Computes and compares, off the threads that answer requests.
#[derive(Clone, Debug)]
pub(crate) struct Passwords {
    turns: Arc<Semaphore>,
    /// Compared when there is no such operator, so that both take the same time.
    nobody: Arc<str>,
}

impl Passwords {
    pub(crate) fn new() -> Result<Self, AccessError> {
        let nobody = compute(&Password("nobody's password".to_owned()))?.into();
        Ok(Self { turns: Arc::new(Semaphore::new(AT_ONCE_MAX)), nobody })
    }

    pub(crate) async fn hash(&self, password: Password) -> Result<String, AccessError> {
        self.in_turn(move || compute(&password)).await?
    }

    /// Whether the password fits. Takes as long when there is none to compare with.
    pub(crate) async fn fits(&self, password: Password, hash: Option<String>) -> Result<bool, AccessError> {
        let nobody = self.nobody.clone();
        self.in_turn(move || {
            let fits = argon2().is_ok_and(|argon2| {
                argon2.verify_password(password.0.as_bytes(), hash.as_deref().unwrap_or(&nobody)).is_ok()
            });
            fits && hash.is_some()
        })
        .await
    }

    /// All turns at once: whoever wants to compute meanwhile waits.
    #[cfg(test)]
    pub(crate) async fn take_all_turns(&self) -> tokio::sync::OwnedSemaphorePermit {
        self.turns.clone().acquire_many_owned(AT_ONCE_MAX as u32).await.expect("turns")
    }

    async fn in_turn<T: Send + 'static>(&self, compute: impl FnOnce() -> T + Send + 'static) -> Result<T, AccessError> {
        let turn = timeout(WAIT_MAX, self.turns.clone().acquire_owned()).await;
        let turn = turn.ok().and_then(Result::ok).ok_or(AccessError::Busy)?;
        // The turn goes into the computation: it ends with it, even if the caller has gone away.
        let done = spawn_blocking(move || {
            let answer = compute();
            drop(turn);
            answer
        });
        done.await.map_err(|_| AccessError::Busy)
    }
}

fn argon2() -> Result<Argon2<'static>, AccessError> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).map_err(|_| AccessError::Hashing)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn compute(password: &Password) -> Result<String, AccessError> {
    let hash = argon2()?.hash_password(password.0.as_bytes()).map_err(|_| AccessError::Hashing)?;
    Ok(hash.to_string())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_hash_tells_how_it_was_made() {
        let hash = compute(&Password("correct horse battery".to_owned())).unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
    }

    #[tokio::test]
    async fn only_the_same_password_fits() {
        let passwords = Passwords::new().unwrap();
        let hash = passwords.hash(Password::chosen("correct horse".to_owned()).unwrap()).await.unwrap();
        assert!(passwords.fits(Password::typed("correct horse"), Some(hash.clone())).await.unwrap());
        assert!(!passwords.fits(Password::typed("correct hors"), Some(hash)).await.unwrap());
        assert!(!passwords.fits(Password::typed("nobody's password"), None).await.unwrap());
    }

    #[test]
    fn a_password_has_ten_to_two_hundred_letters() {
        for (letters, is_taken) in [(9, false), (10, true), (200, true), (201, false)] {
            assert_eq!(Password::chosen("あ".repeat(letters)).is_ok(), is_taken, "{letters}");
        }
    }
}
