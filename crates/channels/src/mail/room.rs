//! Room for readers that call themselves.
//!
//! The readers of MJML and of templates go as deep as a mail does, and the values of a template nest as deep as its fuel
//! lasts. A stack that overflows ends the whole program; so mails are compiled and printed on threads whose stack holds
//! more than our limits let through, and a reader that breaks off takes nothing else with it.

use super::compile::MailError;
use super::template::RenderError;
use std::{cell::Cell, thread};
use tokio::{sync::Semaphore, task::spawn_blocking};

/// Reserved, and only taken as far as it is used.
const STACK_BYTES: usize = 64 << 20;
/// Mails that requests may compile or print at one time; the others wait.
const APART_MAX: usize = 2;

static APART: Semaphore = Semaphore::const_new(APART_MAX);

thread_local! {
    static IS_ROOMY: Cell<bool> = const { Cell::new(false) };
}

/// The work broke off, or no thread was to be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("reading it broke off")]
pub struct BrokenOff;

impl From<BrokenOff> for MailError {
    fn from(error: BrokenOff) -> Self {
        Self::Mjml(error.to_string())
    }
}

impl From<BrokenOff> for RenderError {
    fn from(error: BrokenOff) -> Self {
        Self::Failed(error.to_string())
    }
}

/// Does the work where there is room for it: on a thread of its own, unless this is one. Whoever prints many mails asks
/// once for all of them.
pub fn roomy<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, BrokenOff> {
    if IS_ROOMY.get() {
        return Ok(work());
    }
    let work = || {
        IS_ROOMY.set(true);
        work()
    };
    thread::scope(|scope| {
        let thread = thread::Builder::new().name("mail".to_owned()).stack_size(STACK_BYTES);
        thread.spawn_scoped(scope, work).ok()?.join().ok()
    })
    .ok_or(BrokenOff)
}

/// The same for a request: apart from the threads that serve requests, and a few at a time.
pub async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, BrokenOff> {
    let place = APART.acquire().await.map_err(|_| BrokenOff)?;
    let work = move || {
        // Held to the end of the work, also when nobody waits for it any more.
        let _place = place;
        roomy(work)
    };
    spawn_blocking(work).await.map_err(|_| BrokenOff)?
}
