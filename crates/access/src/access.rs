//! What all parts of access share, and the installation: whose it is, where it counts its days, where it is found.

use crate::{
    AccessError, MeExtras, audit::notes::Notes, keys::KeysInUse, password::Passwords, sql, throttle::Throttle,
};
use jobs::Jobs;
use records::Records;
use std::sync::{Arc, PoisonError, RwLock};
use vocabulary::{Currency, SharedClock, Zone};

/// Whose installation it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installation {
    /// The company's name.
    pub company: String,
    /// Where it counts its days.
    pub zone: Zone,
    /// The currency of its reports.
    pub currency: Currency,
    /// Where people find it, without a slash at the end; the beginning of every link.
    pub public_url: String,
}

impl Installation {
    /// Whether it is reached over TLS.
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

pub(crate) struct Inner {
    pub records: Records,
    pub jobs: Jobs,
    pub clock: SharedClock,
    pub extras: Arc<dyn MeExtras>,
    pub passwords: Passwords,
    pub throttle: Throttle,
    pub keys_in_use: KeysInUse,
    pub notes: Notes,
    installation: RwLock<Option<Arc<Installation>>>,
}

/// The door: operators, sessions, keys, the installation. Cheap to clone.
#[derive(Clone)]
pub struct Access {
    pub(crate) inner: Arc<Inner>,
}

impl Access {
    /// Opens the door. `wall_clock` is the real one: sessions and links are no matter of the demo's time.
    pub async fn open(
        records: Records,
        jobs: Jobs,
        wall_clock: SharedClock,
        extras: Arc<dyn MeExtras>,
    ) -> Result<Self, AccessError> {
        let installation = RwLock::new(sql::installation(&records.reader()).await?.map(Arc::new));
        let passwords = Passwords::new()?;
        let (throttle, keys_in_use) = (Throttle::default(), KeysInUse::default());
        Ok(Self {
            inner: Arc::new(Inner {
                records,
                jobs,
                clock: wall_clock,
                extras,
                passwords,
                throttle,
                keys_in_use,
                notes: Notes::default(),
                installation,
            }),
        })
    }

    /// Whose installation it is; none before the set-up.
    pub fn installation(&self) -> Option<Arc<Installation>> {
        self.inner.installation.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn remember_installation(&self, installation: Installation) {
        *self.inner.installation.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(installation));
    }

    /// Reads the installation again: another process may have set it up.
    pub(crate) async fn refresh_installation(&self) -> Result<(), AccessError> {
        if let Some(installation) = sql::installation(&self.inner.records.reader()).await? {
            self.remember_installation(installation);
        }
        Ok(())
    }

    /// The records, for whoever holds the door.
    pub fn records(&self) -> &Records {
        &self.inner.records
    }
}
