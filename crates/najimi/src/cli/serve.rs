//! `najimi serve`: the shop is opened, set up first where that is needed, and served until a signal.

use super::shop::lock;
use crate::{
    config::Config,
    demo_shop::DemoKind,
    lock::DataLock,
    serve::{Ending, end_work, serve_setup, serve_shop},
    shop::{Ground, Shop},
};
use anyhow::Context;
use tokio::{net::TcpListener, sync::watch, task::JoinSet};

/// Serves until a signal.
pub async fn run(config: Config) -> anyhow::Result<()> {
    let (listener, address, lock) = begin(&config, "najimi serve").await?;
    let ground = Ground::open(config, None).await?;
    if DemoKind::of(&ground.records).await?.is_some() {
        anyhow::bail!(
            "`{}` holds the demo shop; open it with `najimi demo`, or name another folder with --data",
            ground.config.data.display()
        );
    }
    if ground.access.installation().is_none() {
        let token = ground.access.setup_token().await?.context("the set-up has no token")?;
        println!("Najimi is new here. Set it up (once) at:\n\n  {address}/setup?token={}\n", token.reveal());
        serve_setup(&ground, &listener).await?;
    }
    let installation = ground.access.installation().context("nobody has set Najimi up")?;
    let shop = Shop::open(ground, installation).await?;
    let opened = Opened::start(shop, lock).await?;
    println!("Najimi is open at {}", opened.shop.installation.public_url);
    opened.serve(listener).await
}

/// Takes the lock and listens, so that a second server fails before it touches anything.
pub async fn begin(config: &Config, command: &str) -> anyhow::Result<(TcpListener, String, DataLock)> {
    let mut lock = lock(config, command)?;
    let listener =
        TcpListener::bind(config.listen).await.with_context(|| format!("{} cannot be listened on", config.listen))?;
    let address = format!("http://{}", listener.local_addr()?);
    lock.tell_address(&address).context("the lock of the data folder cannot be written")?;
    Ok((listener, address, lock))
}

/// A shop whose work goes on.
pub struct Opened {
    /// The shop.
    pub shop: Shop,
    tasks: JoinSet<anyhow::Result<()>>,
    stop: watch::Sender<bool>,
    /// Somebody's wish that it ends.
    pub ending: Ending,
    lock: DataLock,
}

impl Opened {
    /// Starts everything that works by itself.
    pub async fn start(shop: Shop, lock: DataLock) -> anyhow::Result<Self> {
        // Nobody else works on this folder, so what is still leased was left by a process that died.
        shop.ground.jobs.take_over().await?;
        if let Some(pause) = channels::pause::read(&shop.ground.records.reader()).await? {
            println!("Note: {} (System page, or `najimi sending resume`).", pause.sentence());
        }
        let ending = Ending::listen()?;
        let (stop, stopped) = watch::channel(false);
        let tasks = shop.start(&stopped);
        Ok(Self { shop, tasks, stop, ending, lock })
    }

    /// Serves until a signal.
    pub async fn serve(self, listener: TcpListener) -> anyhow::Result<()> {
        keep_to_the_end(self.lock);
        serve_shop(&self.shop, listener, self.tasks, self.stop, self.ending).await
    }

    /// Ends without having served.
    pub async fn end(self) -> anyhow::Result<()> {
        keep_to_the_end(self.lock);
        end_work(&self.shop, self.tasks, &self.stop).await;
        Ok(())
    }
}

/// A thread that reads a file may outlive everything else; the system lets go of the lock when the process has ended.
fn keep_to_the_end(lock: DataLock) {
    std::mem::forget(lock);
}
