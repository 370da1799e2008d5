//! `najimi operator`: lets people in from the machine itself, also when nobody can sign in any more.

use super::{
    WrongWords, output,
    shop::{installation, open},
};
use crate::{config::Config, shop::Ground};
use access::{NewOperator, Operator, OperatorChange, Role};
use clap::Subcommand;
use records::Actor;
use serde_json::json;

/// What to do with operators.
#[derive(Subcommand)]
pub enum OperatorCommand {
    /// Lets somebody in, and prints a link that signs them in once within three days.
    #[command(after_help = "Example:\n  najimi operator add --name '佐藤 花' --email hana@example.com --role marketer")]
    Add {
        /// The person's name.
        #[arg(long)]
        name: String,
        /// The mail address, by which the person signs in.
        #[arg(long)]
        email: String,
        /// owner, marketer, agent, clerk or viewer.
        #[arg(long, value_parser = role)]
        role: Role,
        /// For programs.
        #[arg(long)]
        json: bool,
    },
    /// Lists all operators.
    List {
        /// For programs.
        #[arg(long)]
        json: bool,
    },
    /// Prints a link that signs an operator in once within 15 minutes.
    Link {
        /// The operator's mail address.
        email: String,
    },
    /// Ends an operator's sessions and lets them in no more.
    Disable {
        /// The operator's mail address.
        email: String,
    },
    /// Lets an operator in again who was disabled.
    Enable {
        /// The operator's mail address.
        email: String,
    },
}

fn role(text: &str) -> Result<Role, String> {
    text.parse().map_err(|error: access::permission::RoleError| error.to_string())
}

/// Does it.
pub async fn run(command: OperatorCommand, config: Config) -> anyhow::Result<()> {
    match command {
        OperatorCommand::Add { name, email, role, json } => add(config, &name, &email, role, json).await,
        OperatorCommand::List { json } => list(config, json).await,
        OperatorCommand::Link { email } => link(config, &email).await,
        OperatorCommand::Disable { email } => let_in(config, &email, false).await,
        OperatorCommand::Enable { email } => let_in(config, &email, true).await,
    }
}

async fn add(config: Config, name: &str, email: &str, role: Role, is_json: bool) -> anyhow::Result<()> {
    let ground = ground(config).await?;
    let new = NewOperator::new(name, email, role, None).map_err(|error| WrongWords(error.to_string()))?;
    let operator = ground.access.create_operator(&Actor::Console, new).await?;
    let token = ground.access.invitation_link(&Actor::Console, operator.operator_id).await?;
    let url = ground.access.sign_in_url(&token);
    if is_json {
        output::json(&json!({ "operator_id": operator.operator_id, "role": role.name(), "url": url }));
    } else {
        println!("Added as {role}. This link signs in once, within three days:\n\n  {url}");
    }
    ground.records.close().await;
    Ok(())
}

async fn list(config: Config, is_json: bool) -> anyhow::Result<()> {
    let ground = ground(config).await?;
    let operators = ground.access.operators().await?;
    if is_json {
        for one in &operators {
            output::json(&json!({
                "operator_id": one.operator_id, "name": one.name, "email": one.email.reveal(), "role": one.role.name(),
                "is_active": one.is_active, "signed_in_at": one.signed_in_at,
            }));
        }
    } else {
        let row = |one: &Operator| {
            let state = if one.is_active { "" } else { "disabled" };
            let seen = one.signed_in_at.map_or_else(|| "never".to_owned(), |at| at.to_string());
            [one.email.reveal().to_owned(), one.name.clone(), one.role.to_string(), seen, state.to_owned()].map(Some)
        };
        let rows: Vec<Vec<Option<String>>> = operators.iter().map(|one| row(one).to_vec()).collect();
        let names = ["email", "name", "role", "signed in", ""].map(str::to_owned);
        super::query::print_table(&names, &rows, &[false; 5]);
    }
    ground.records.close().await;
    Ok(())
}

/// Prints a sign-in link.
pub async fn link(config: Config, email: &str) -> anyhow::Result<()> {
    let ground = ground(config).await?;
    let operator = find(&ground, email).await?;
    anyhow::ensure!(operator.is_active, "this operator is disabled; `najimi operator enable` lets them in again");
    let token = ground.access.sign_in_link(&Actor::Console, operator.operator_id).await?;
    println!("{}", ground.access.sign_in_url(&token));
    ground.records.close().await;
    Ok(())
}

async fn let_in(config: Config, email: &str, is_active: bool) -> anyhow::Result<()> {
    let ground = ground(config).await?;
    let operator = find(&ground, email).await?;
    let change = OperatorChange { is_active: Some(is_active), ..OperatorChange::default() };
    ground.access.change_operator(&Actor::Console, operator.operator_id, change).await?;
    println!("{}", if is_active { "Enabled." } else { "Disabled; all sessions have ended." });
    ground.records.close().await;
    Ok(())
}

async fn ground(config: Config) -> anyhow::Result<Ground> {
    let ground = open(config).await?;
    installation(&ground)?;
    Ok(ground)
}

async fn find(ground: &Ground, email: &str) -> anyhow::Result<Operator> {
    let found = ground.access.operator_by_email(email).await?;
    Ok(found.ok_or_else(|| WrongWords(format!("nobody signs in as `{email}`; `najimi operator list` lists them")))?)
}
