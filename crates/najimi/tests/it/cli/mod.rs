//! The command line, told as stories of somebody at a console.

mod audit;
mod backup;
mod config;
mod demo;
mod home;
mod import;
mod lock;
mod operator;
mod pairing;
mod python;
mod query;
mod rows;
