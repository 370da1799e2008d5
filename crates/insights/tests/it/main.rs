//! Stories of insights: the known truths of real orders, and what each role is shown.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod answers;
mod home;
mod months;
mod people;
mod rfm;
mod screens;
mod shop;
