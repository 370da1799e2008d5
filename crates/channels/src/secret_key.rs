//! Secrets at rest: sealed with a key that is not in the database, so that a copy of the database alone opens nothing.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ring::{
    aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    rand::{SecureRandom as _, SystemRandom},
};
use std::{fmt, sync::Arc};

use crate::mail::Secret;

/// The installation's key for secrets at rest. Shows itself nowhere.
#[derive(Clone)]
pub struct SecretKey(Arc<LessSafeKey>);

/// A secret could not be sealed or opened: another key, or a damaged value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the secret was sealed with another key or is damaged")]
pub struct SealError;

impl SecretKey {
    /// Takes the 32 bytes of the key file in the data folder.
    pub fn new(bytes: &[u8; 32]) -> Result<Self, SealError> {
        let key = UnboundKey::new(&CHACHA20_POLY1305, bytes).map_err(|_| SealError)?;
        Ok(Self(Arc::new(LessSafeKey::new(key))))
    }

    /// Seals a secret. `purpose` binds it: what was sealed for one purpose opens for no other.
    pub(crate) fn seal(&self, secret: &Secret, purpose: &'static str) -> Result<String, SealError> {
        let mut nonce = [0; NONCE_LEN];
        // Chance is enough here: passwords are saved a few times in a life, not 2^32 times.
        SystemRandom::new().fill(&mut nonce).map_err(|_| SealError)?;
        let mut sealed = secret.reveal().as_bytes().to_vec();
        let aad = Aad::from(purpose.as_bytes());
        let key = &self.0;
        key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), aad, &mut sealed).map_err(|_| SealError)?;
        Ok(STANDARD.encode([nonce.as_slice(), &sealed].concat()))
    }

    /// Opens what was sealed for this purpose.
    pub(crate) fn open(&self, sealed: &str, purpose: &'static str) -> Result<Secret, SealError> {
        let bytes = STANDARD.decode(sealed).map_err(|_| SealError)?;
        let (nonce, body) = bytes.split_at_checked(NONCE_LEN).ok_or(SealError)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| SealError)?;
        let mut body = body.to_vec();
        let opened = self.0.open_in_place(nonce, Aad::from(purpose.as_bytes()), &mut body).map_err(|_| SealError)?;
        String::from_utf8(opened.to_vec()).map(Secret::new).map_err(|_| SealError)
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("SecretKey(…)")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_secret_opens_with_its_key_and_its_purpose_only() {
        let key = SecretKey::new(&[1; 32]).unwrap();
        let sealed = key.seal(&Secret::new("ひみつ"), "smtp").unwrap();
        assert_eq!(key.open(&sealed, "smtp").unwrap().reveal(), "ひみつ");
        assert_eq!(key.open(&sealed, "other"), Err(SealError));
        assert_eq!(SecretKey::new(&[2; 32]).unwrap().open(&sealed, "smtp"), Err(SealError));
        assert_eq!(key.open("AAAA", "smtp"), Err(SealError));
        assert_ne!(key.seal(&Secret::new("ひみつ"), "smtp").unwrap(), sealed, "never twice the same");
    }
}
