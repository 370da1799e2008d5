//! The command line.

use crate::{
    config::{Config, LogFormat},
    demo_shop::{self, DemoShop},
    serve,
    shop::{Ground, Shop},
};
use access::{NewInstallation, NewOperator, Role};
use anyhow::Context;
use clap::{CommandFactory, Parser, Subcommand};
use history_engine::{History, Options};
use records::Actor;
use std::{path::PathBuf, process::ExitCode};
use tokio::{net::TcpListener, sync::watch};
use tracing_subscriber::EnvFilter;

/// Najimi: a customer record that remembers, and tells honestly what helped.
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    /// The configuration file; `najimi.toml` in this folder when not given.
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Starts Najimi.
    Serve,
    /// Starts Najimi with the demo shop.
    Demo,
    /// Asks the history in SQL; reads only.
    Query {
        /// One SELECT over orders, order_lines and events.
        sql: String,
        /// Prints JSON instead of tab-separated columns.
        #[arg(long)]
        json: bool,
    },
    /// Prints a new one-time sign-in link for an operator.
    SignInLink {
        /// The operator's mail address.
        email: String,
    },
    /// Looks at the configuration.
    Config {
        #[command(subcommand)]
        what: ConfigCommand,
    },
    /// Prints the completion script of a shell.
    Completion {
        /// Which shell.
        shell: clap_complete::Shell,
    },
}

#[derive(Subcommand)]
enum ConfigCommand {
    /// Says whether the configuration can be used, and what it comes to.
    Check,
}

/// Runs the command and tells by the exit code how it went: 0 done, 1 failed, 2 wrong words.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    match execute(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("najimi: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn execute(arguments: Arguments) -> anyhow::Result<()> {
    let config = Config::read(arguments.config)?;
    begin_log(config.log);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    match arguments.command {
        Command::Serve => runtime.block_on(start(config, false)),
        Command::Demo => runtime.block_on(start(config, true)),
        Command::Query { sql, json } => runtime.block_on(query(config, &sql, json)),
        Command::SignInLink { email } => runtime.block_on(sign_in_link(config, &email)),
        Command::Config { what: ConfigCommand::Check } => {
            print!("{}", toml::to_string(&config)?);
            Ok(())
        }
        Command::Completion { shell } => {
            clap_complete::generate(shell, &mut Arguments::command(), "najimi", &mut std::io::stdout());
            Ok(())
        }
    }
}

fn begin_log(format: LogFormat) {
    let filter = EnvFilter::try_from_env("NAJIMI_LOG_FILTER").unwrap_or_else(|_| EnvFilter::new("info,sqlx=error,datafusion=warn,deltalake=warn,deltalake_core=warn,buoyant_kernel=warn,buoyant_kernel_engine=warn"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
}

async fn start(config: Config, is_demo: bool) -> anyhow::Result<()> {
    let listener =
        TcpListener::bind(config.listen).await.with_context(|| format!("{} cannot be listened on", config.listen))?;
    let address = format!("http://{}", listener.local_addr()?);
    let demo = if is_demo { Some(DemoShop::open(config.demo_folder.clone(), config.data.join("demo"))?) } else { None };
    let ground = Ground::open(config, demo).await?;
    if ground.access.installation().is_none() {
        if is_demo {
            set_up_demo(&ground, &address).await?;
        } else {
            let token = ground.access.setup_token().await?.context("the set-up has no token")?;
            println!("Najimi is new here. Set it up at {address}/setup?token={}", token.reveal());
            serve::serve_setup(&ground, &listener).await?;
        }
    }
    if is_demo {
        follow_address(&ground, &address).await?;
    }
    let installation = ground.access.installation().context("nobody has set Najimi up")?;
    let shop = Shop::open(ground, installation).await?;
    let (stop, stopped) = watch::channel(false);
    let tasks = shop.start(&stopped);
    if let Some(demo) = &shop.ground.demo {
        demo_shop::load(&shop, demo, |sentence| println!("  {sentence}")).await?;
        let link = demo_link(&shop).await?;
        println!("\nThe demo shop is open. Sign in (once, within the next minutes) at:\n\n  {link}\n");
    } else {
        println!("Najimi is open at {address}");
    }
    serve::serve_shop(&shop, listener, tasks, stop).await
}

/// The demo's operator; nobody can sign in as them but by a link that the console prints.
const DEMO_OPERATOR: (&str, &str) = ("佐伯 由佳", "yuka.saeki@example.com");

async fn set_up_demo(ground: &Ground, address: &str) -> anyhow::Result<()> {
    let installation = NewInstallation::new(demo::SHOP_NAME, "Asia/Tokyo", "JPY", address)?;
    let owner = NewOperator::new(DEMO_OPERATOR.0, DEMO_OPERATOR.1, Role::Owner, None)?;
    ground.access.install(installation, owner).await?;
    let tx = ground.records.begin(&Actor::System("demo"), "demo.settings").await?;
    let settings = channels::settings::MailSettings {
        from_name: demo::SHOP_NAME.to_owned(),
        from_address: "letter@example.com".to_owned(),
        footer_address: "〒231-0001 神奈川県横浜市中区みなと町1-2-3".to_owned(),
        ..channels::settings::MailSettings::default()
    };
    channels::settings::save(&tx, &settings).await?;
    tx.commit().await?;
    Ok(())
}

/// A demo that listens elsewhere than last time takes its links along.
async fn follow_address(ground: &Ground, address: &str) -> anyhow::Result<()> {
    let known = ground.access.installation().context("the demo is not set up")?;
    if known.public_url != address {
        let moved = NewInstallation::new(&known.company, "Asia/Tokyo", "JPY", address)?;
        ground.access.change_installation(&Actor::System("demo"), moved).await?;
    }
    Ok(())
}

async fn demo_link(shop: &Shop) -> anyhow::Result<String> {
    let access = &shop.ground.access;
    let operator = access.operator_by_email(DEMO_OPERATOR.1).await?.context("the demo's operator is gone")?;
    let token = access.sign_in_link(&Actor::System("demo"), operator.operator_id).await?;
    Ok(access.sign_in_url(&token))
}

async fn sign_in_link(config: Config, email: &str) -> anyhow::Result<()> {
    let ground = Ground::open(config, None).await?;
    let operator =
        ground.access.operator_by_email(email).await?.with_context(|| format!("nobody signs in as `{email}`"))?;
    let token = ground.access.sign_in_link(&Actor::System("command line"), operator.operator_id).await?;
    println!("{}", ground.access.sign_in_url(&token));
    Ok(())
}

async fn query(config: Config, sql: &str, json: bool) -> anyhow::Result<()> {
    let history = History::open_to_read(config.data.join("history"), Options::default()).await?;
    let rows = history.query_readonly(sql).await?;
    let cell = |column: &history::Column, row: usize| -> serde_json::Value {
        match column {
            history::Column::I64(cells) => cells.get(row).map_or(serde_json::Value::Null, |value| (*value).into()),
            history::Column::F64(cells) => cells.get(row).map_or(serde_json::Value::Null, |value| (*value).into()),
            history::Column::Text(cells) => {
                cells.get(row).map_or(serde_json::Value::Null, |value| value.clone().into())
            }
            history::Column::Bool(cells) => cells.get(row).map_or(serde_json::Value::Null, |value| (*value).into()),
        }
    };
    if !json {
        println!("{}", rows.names().join("\t"));
    }
    for row in 0..rows.len() {
        let values: Vec<serde_json::Value> = rows.columns().iter().map(|column| cell(column, row)).collect();
        if json {
            let object: serde_json::Map<_, _> = rows.names().iter().cloned().zip(values).collect();
            println!("{}", serde_json::Value::Object(object));
        } else {
            let texts: Vec<String> =
                values.iter().map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)).collect();
            println!("{}", texts.join("\t"));
        }
    }
    Ok(())
}
