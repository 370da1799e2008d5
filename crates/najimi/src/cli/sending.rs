//! `najimi sending`: the one switch over all mails.

use super::{output, shop::open};
use crate::config::Config;
use clap::Subcommand;
use records::Actor;
use serde_json::json;

/// What to do with all sending.
#[derive(Subcommand)]
pub enum SendingCommand {
    /// Says whether sending is paused, and why.
    Show {
        /// For programs.
        #[arg(long)]
        json: bool,
    },
    /// Pauses all sending; what is on the wire comes to its end.
    Pause,
    /// Lets sending go on, for example in a copy that was restored.
    Resume,
}

impl Default for SendingCommand {
    fn default() -> Self {
        Self::Show { json: false }
    }
}

/// Does it.
pub async fn run(command: &SendingCommand, config: Config) -> anyhow::Result<()> {
    let ground = open(config).await?;
    let (records, actor) = (&ground.records, Actor::Console);
    let pause = match command {
        SendingCommand::Show { .. } => channels::pause::read(&records.reader()).await?,
        SendingCommand::Pause => channels::pause::change(records, &actor, true).await?,
        SendingCommand::Resume => channels::pause::change(records, &actor, false).await?,
    };
    match (command, pause) {
        (SendingCommand::Show { json: true }, pause) => {
            output::json(&json!({ "is_paused": pause.is_some(), "pause": pause }));
        }
        (_, Some(pause)) => println!("Paused: {}.", pause.sentence()),
        (_, None) => println!("Sending goes on."),
    }
    records.close().await;
    Ok(())
}
