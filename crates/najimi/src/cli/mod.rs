//! The command line: a file for each command.
//!
//! Exit codes: 0 done, 1 failed, 2 wrong words (also a question that is not understood), 3 done but lines were rejected.
//! What was asked for goes to the standard output; how far it is, and what went wrong, to the standard error.

mod audit;
mod backup;
mod config;
mod demo;
mod import;
mod operator;
mod output;
mod query;
mod sending;
mod serve;
mod shop;

use crate::config::{Config, LogFormat};
use clap::{CommandFactory, Parser, Subcommand};
use std::{
    io::IsTerminal,
    path::{Path, PathBuf},
    process::ExitCode,
};
use tracing_subscriber::EnvFilter;

/// Najimi: a customer record that remembers, and tells honestly what helped.
#[derive(Parser)]
#[command(version, about, after_help = EXAMPLES)]
struct Arguments {
    /// The configuration file; `najimi.toml` in this folder when not given.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The data folder; that of the configuration when not given.
    #[arg(long, global = true, value_name = "FOLDER")]
    data: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  najimi demo                                        the demo shop, to look around
  najimi serve                                       your own shop; prints a one-time set-up link
  najimi import orders orders.csv                    bring in a file of orders
  najimi query 'SELECT kind, COUNT(*) FROM orders GROUP BY kind'
  najimi backup /backups                             while the shop is open

Exit codes: 0 done, 1 failed, 2 wrong words, 3 done but lines were rejected.";

#[derive(Subcommand)]
enum Command {
    /// Starts Najimi; at the first start it prints a link to set it up.
    Serve,
    /// Starts Najimi with the demo shop.
    Demo(demo::DemoArguments),
    /// Brings in a file of orders or customers, as the browser does.
    Import(import::ImportArguments),
    /// Asks the history in SQL; reads only.
    Query(query::QueryArguments),
    /// Writes records, history, journal and keys into one archive; also while Najimi runs.
    Backup(backup::BackupArguments),
    /// Brings a backup back into an empty data folder; the copy starts with sending paused.
    Restore(backup::RestoreArguments),
    /// Says whether sending is paused; pauses or resumes all of it.
    Sending {
        #[command(subcommand)]
        what: Option<sending::SendingCommand>,
    },
    /// Lets people in: adds, lists and disables operators, prints sign-in links.
    Operator {
        #[command(subcommand)]
        what: operator::OperatorCommand,
    },
    /// Says whether the log of who did what is as it was written.
    Audit {
        #[command(subcommand)]
        what: audit::AuditCommand,
    },
    /// Looks at the configuration.
    Config {
        #[command(subcommand)]
        what: config::ConfigCommand,
    },
    /// Prints the description of the HTTP API (OpenAPI 3.1).
    Openapi,
    /// Prints the completion script of a shell.
    #[command(after_help = "Example:\n  najimi completion bash > /etc/bash_completion.d/najimi")]
    Completion {
        /// Which shell.
        shell: clap_complete::Shell,
    },
    /// Prints a one-time sign-in link: `najimi operator link`.
    #[command(hide = true)]
    SignInLink {
        /// The operator's mail address.
        email: String,
    },
}

/// How a command ended that did not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Done.
    Done,
    /// Done, but lines of the file were not taken.
    WithRejects,
}

/// Words that cannot be followed: exit code 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct WrongWords(pub String);

/// Runs the command and tells by the exit code how it went.
pub fn run() -> ExitCode {
    match execute(Arguments::parse()) {
        Ok(Ended::Done) => ExitCode::SUCCESS,
        Ok(Ended::WithRejects) => ExitCode::from(3),
        Err(error) => {
            eprintln!("najimi: {error:#}");
            ExitCode::from(if error.is::<WrongWords>() { 2 } else { 1 })
        }
    }
}

fn execute(arguments: Arguments) -> anyhow::Result<Ended> {
    let Arguments { config: file, data, command } = arguments;
    match command {
        Command::Completion { shell } => {
            clap_complete::generate(shell, &mut Arguments::command(), "najimi", &mut std::io::stdout());
            return Ok(Ended::Done);
        }
        Command::Config { what } => return config::run(&what, file.as_deref(), data),
        Command::Openapi => {
            print!("{}", crate::contract::json());
            return Ok(Ended::Done);
        }
        _ => {}
    }
    let setting = Setting::read(file.as_deref(), data)?;
    let is_server = matches!(command, Command::Serve | Command::Demo(_));
    begin_log(&setting.config, is_server);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(perform(command, setting))
}

async fn perform(command: Command, setting: Setting) -> anyhow::Result<Ended> {
    let config = setting.config;
    let done = |()| Ended::Done;
    match command {
        Command::Serve => serve::run(config).await.map(done),
        Command::Demo(arguments) => demo::run(arguments, config, setting.is_data_chosen).await.map(done),
        Command::Import(arguments) => import::run(arguments, config).await,
        Command::Query(arguments) => query::run(arguments, config).await.map(done),
        Command::Backup(arguments) => backup::backup(arguments, config).await.map(done),
        Command::Restore(arguments) => backup::restore(arguments, config).await.map(done),
        Command::Sending { what } => sending::run(&what.unwrap_or_default(), config).await.map(done),
        Command::Operator { what } => operator::run(what, config).await.map(done),
        Command::Audit { what } => audit::run(&what, config).await.map(done),
        Command::SignInLink { email } => operator::link(config, &email).await.map(done),
        // These need no shop; they were done before.
        Command::Config { .. } | Command::Completion { .. } | Command::Openapi => Ok(Ended::Done),
    }
}

/// The configuration, with what the command line says on top.
struct Setting {
    config: Config,
    is_data_chosen: bool,
}

impl Setting {
    fn read(file: Option<&Path>, data: Option<PathBuf>) -> anyhow::Result<Self> {
        let read = Config::read(file)?;
        let is_data_chosen = read.is_data_chosen || data.is_some();
        let config = Config { data: data.unwrap_or(read.config.data.clone()), ..read.config };
        Ok(Self { config, is_data_chosen })
    }
}

/// What matters to people who watch a server; a command of its own says only what goes wrong.
const LOG_OF_SERVER: &str =
    "info,sqlx=error,datafusion=warn,deltalake=warn,deltalake_core=warn,buoyant_kernel=warn,buoyant_kernel_engine=warn";
const LOG_OF_COMMAND: &str = "warn,sqlx=error";

fn begin_log(config: &Config, is_server: bool) {
    let chosen = Some(config.log_filter.as_str()).filter(|filter| !filter.is_empty());
    let filter = EnvFilter::new(chosen.unwrap_or(if is_server { LOG_OF_SERVER } else { LOG_OF_COMMAND }));
    let is_terminal = std::io::stderr().is_terminal();
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(is_terminal).with_writer(std::io::stderr);
    match config.log {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
}
