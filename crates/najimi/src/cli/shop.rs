//! What commands open: the records and the door of a data folder, beside a server that may be running or in its place.

use crate::{
    config::Config,
    demo_shop::{DemoKind, DemoShop},
    lock::DataLock,
    shop::Ground,
};
use access::Installation;
use anyhow::Context;
use std::sync::Arc;

/// Opens the ground of a shop that exists. Its clock is that of the wall: for what is no matter of the demo's time.
pub async fn open(config: Config) -> anyhow::Result<Ground> {
    anyhow::ensure!(
        config.data.exists(),
        "there is no data folder `{}`; start with `najimi serve`, or name the folder with --data",
        config.data.display()
    );
    Ground::open(config, None).await
}

/// The same with the demo's clock, where it is the demo; its files must be there.
pub async fn open_with_clock(config: Config) -> anyhow::Result<Ground> {
    let ground = open(config.clone()).await?;
    if DemoKind::of(&ground.records).await?.is_none() {
        return Ok(ground);
    }
    ground.records.close().await;
    let demo = DemoShop::open(config.demo_folder.clone(), config.data.join("demo"))?;
    Ground::open(config, Some(demo)).await
}

/// Whose shop it is; a command cannot set one up.
pub fn installation(ground: &Ground) -> anyhow::Result<Arc<Installation>> {
    ground.access.installation().with_context(|| {
        format!(
            "nobody has set up the shop in `{}` yet; start `najimi serve` and open the link that it prints",
            ground.config.data.display()
        )
    })
}

/// Makes the data folder when it is new, and takes its lock.
pub fn lock(config: &Config, command: &str) -> anyhow::Result<DataLock> {
    let data = &config.data;
    std::fs::create_dir_all(data).with_context(|| format!("the data folder {} cannot be made", data.display()))?;
    Ok(DataLock::take(data, command)?)
}
