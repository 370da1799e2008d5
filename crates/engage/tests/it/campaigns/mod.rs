//! Campaigns, from draft to the outbox.

mod confirm;
mod draft;
mod preview;
mod send;
mod stop;
mod test_mail;
