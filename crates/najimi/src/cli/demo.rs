//! `najimi demo`: the demo shop, or a large one of any size.

use super::{
    output::{Progress, count, duration},
    serve::{Opened, begin},
};
use crate::{
    config::Config,
    demo_shop::{self, DemoKind, DemoShop},
    shop::{Ground, Shop},
};
use access::{NewInstallation, NewOperator, Role};
use anyhow::Context;
use records::Actor;
use std::path::PathBuf;

/// The demo shop.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  najimi demo                       541,909 real order lines in `data-demo`; the first start takes about a minute
  najimi demo --customers 100000    a large shop in `data-large`: invented customers, 20 orders each on average

A load that was broken off goes on at the next start.")]
pub struct DemoArguments {
    /// Makes a large shop of so many customers who have bought, 20 orders each on average.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=20_000_000))]
    customers: Option<u64>,
}

/// Where demos lie when nobody names a folder: never where a shop of one's own would.
const FOLDER: &str = "data-demo";
const LARGE_FOLDER: &str = "data-large";

/// Loads what is missing, then serves until a signal.
pub async fn run(arguments: DemoArguments, mut config: Config, is_data_chosen: bool) -> anyhow::Result<()> {
    let kind = arguments.customers.map_or(DemoKind::Real, |customers| DemoKind::Large { customers });
    if !is_data_chosen {
        config.data = PathBuf::from(if arguments.customers.is_some() { LARGE_FOLDER } else { FOLDER });
    }
    let (listener, address, lock) = begin(&config, "najimi demo").await?;
    let demo = DemoShop::open(config.demo_folder.clone(), config.data.join("demo"))?;
    let ground = Ground::open(config, Some(demo)).await?;
    prepare(&ground, kind, &address).await?;
    follow_address(&ground, &address).await?;
    let installation = ground.access.installation().context("the demo is not set up")?;
    let shop = Shop::open(ground, installation).await?;
    let mut opened = Opened::start(shop, lock).await?;
    tokio::select! {
        loaded = load(&opened.shop) => loaded?,
        () = opened.ending.told() => return opened.end().await,
    }
    let link = sign_in_link(&opened.shop).await?;
    println!("\nThe demo shop is open. Sign in (once, within the next minutes) at:\n\n  {link}\n");
    opened.serve(listener).await
}

/// Sets a new folder up; an old one must hold the same kind of demo.
async fn prepare(ground: &Ground, wanted: DemoKind, address: &str) -> anyhow::Result<()> {
    let folder = ground.config.data.display();
    match DemoKind::of(&ground.records).await? {
        None if ground.access.installation().is_some() => {
            anyhow::bail!("`{folder}` holds a shop of its own; name another folder for the demo with --data")
        }
        None => set_up(ground, wanted, address).await,
        // A folder keeps what it holds when no number is said.
        Some(DemoKind::Large { .. }) if wanted == DemoKind::Real => Ok(()),
        Some(found) if found == wanted => Ok(()),
        Some(found) => {
            anyhow::bail!("`{folder}` holds {found}, not {wanted}; name another folder with --data, or remove it")
        }
    }
}

/// The demo's operator; nobody can sign in as them but by a link that the console prints.
const OPERATOR: (&str, &str) = ("佐伯 由佳", "yuka.saeki@example.com");

async fn set_up(ground: &Ground, kind: DemoKind, address: &str) -> anyhow::Result<()> {
    let installation = NewInstallation::new(::demo::SHOP_NAME, "Asia/Tokyo", "JPY", address)?;
    let owner = NewOperator::new(OPERATOR.0, OPERATOR.1, Role::Owner, None)?;
    // First what it is: a folder that was broken off here is a demo all the same.
    let tx = ground.records.begin(&Actor::System("demo"), "demo.settings").await?;
    kind.keep(&tx).await?;
    let settings = channels::settings::MailSettings {
        from_name: ::demo::SHOP_NAME.to_owned(),
        from_address: "letter@example.com".to_owned(),
        footer_address: "〒231-0001 神奈川県横浜市中区みなと町1-2-3".to_owned(),
        ..channels::settings::MailSettings::default()
    };
    channels::settings::save(&tx, &settings).await?;
    tx.commit().await?;
    ground.access.install(installation, owner).await?;
    Ok(())
}

/// A demo that listens elsewhere than last time takes its links along.
async fn follow_address(ground: &Ground, address: &str) -> anyhow::Result<()> {
    let known = ground.access.installation().context("the demo is not set up")?;
    if known.public_url != address {
        ground.access.change_installation(&Actor::System("demo"), None, Some(address)).await?;
    }
    Ok(())
}

async fn load(shop: &Shop) -> anyhow::Result<()> {
    let Some(demo) = &shop.ground.demo else { return Ok(()) };
    match DemoKind::of(&shop.ground.records).await? {
        Some(DemoKind::Large { customers }) => {
            let mut progress = Progress::new(true);
            demo_shop::load_large(shop, demo, customers, |step| {
                let left =
                    step.seconds_left.map_or_else(String::new, |left| format!(", about {} left", duration(left)));
                progress.tell(&format!(
                    "{} of {} customers, {} order lines, {} lines/s{left}",
                    count(step.customers),
                    count(customers),
                    count(step.lines),
                    count(step.lines_per_second),
                ));
            })
            .await
        }
        _ => demo_shop::load(shop, demo, |sentence| println!("  {sentence}")).await,
    }
}

async fn sign_in_link(shop: &Shop) -> anyhow::Result<String> {
    let access = &shop.ground.access;
    let operator = access.operator_by_email(OPERATOR.1).await?.context("the demo's operator is gone")?;
    let token = access.sign_in_link(&Actor::System("demo"), operator.operator_id).await?;
    Ok(access.sign_in_url(&token))
}
