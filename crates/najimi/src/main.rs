//! `najimi`: the whole product in one program.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this is the command line")]

mod backup;
mod cli;
mod config;
mod contract;
mod demo_shop;
mod extras;
mod home;
mod http;
mod keys;
mod lock;
mod measures;
mod next_mail;
mod pairing;
mod pipeline;
mod serve;
mod shop;
mod system;
mod web;

fn main() -> std::process::ExitCode {
    cli::run()
}
