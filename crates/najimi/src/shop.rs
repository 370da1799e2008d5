//! One running shop: every part opened and put together, in the order of the flow.

use crate::{
    config::Config,
    demo_shop::DemoShop,
    extras::ShopExtras,
    keys, pairing,
    pipeline::{self, Pipeline},
};
use access::{Access, Installation};
use anyhow::Context;
use channels::{Channels, NewChannels, SecretKey, Sender, SenderLimits, mail::LinkKey};
use collect::{
    imports::Imports,
    ingest::{Done, Intake},
};
use customers::{
    api::{Customers, Shop as CustomersShop},
    consents::ConsentsProjection,
    identity::PresenceProjection,
    orders::OrdersProjection,
    profile::ProfilesProjection,
    recent_events::EventsProjection,
    stream::Projection,
};
use engage::{CampaignPeople, Engage, NewEngage};
use history::{HistoryReader, Lane};
use history_engine::{History, Options};
use insights::{Figures, Insights};
use jobs::{Jobs, Runner, Work};
use journal::Journal;
use records::{Migration, Records};
use segments::{Segments, people::PeopleSource};
use std::{os::unix::fs::DirBuilderExt, path::Path, sync::Arc, time::Duration};
use tokio::{sync::watch, task::JoinSet};
use vocabulary::{SharedClock, clock::SystemClock};

/// The tables of all features, in the order in which they may refer to each other.
pub const MIGRATIONS: &[&[Migration]] = &[
    jobs::MIGRATIONS,
    access::MIGRATIONS,
    customers::MIGRATIONS,
    collect::MIGRATIONS,
    segments::MIGRATIONS,
    channels::MIGRATIONS,
    engage::MIGRATIONS,
    &[Migration { name: "0009_pipeline", sql: include_str!("../migrations/0009_pipeline.sql") }],
];

/// What is there before anybody has set the shop up: the records and the door.
pub struct Ground {
    /// The configuration.
    pub config: Config,
    /// The records.
    pub records: Records,
    /// Background work.
    pub jobs: Jobs,
    /// The door.
    pub access: Access,
    /// The shop's clock: the wall's, or the demo's.
    pub clock: SharedClock,
    /// The demo, when this is one.
    pub demo: Option<DemoShop>,
}

impl Ground {
    /// Opens records and door.
    pub async fn open(config: Config, demo: Option<DemoShop>) -> anyhow::Result<Self> {
        make_private(&config.data)
            .with_context(|| format!("the data folder {} cannot be made", config.data.display()))?;
        let wall: SharedClock = Arc::new(SystemClock);
        let records = Records::open(&config.records_url(), wall.clone())
            .await
            .context("the records database cannot be opened")?;
        records.migrate(MIGRATIONS).await.context("the records database cannot be brought up to date")?;
        pairing::pair(&records, &config.data).await?;
        let demo = match demo {
            Some(demo) => Some(demo.resume(&records).await?),
            None => None,
        };
        let clock: SharedClock = demo.as_ref().map_or(wall.clone(), |demo| demo.clock());
        let jobs = Jobs::new(records.clone(), wall.clone());
        let extras = Arc::new(ShopExtras { records: records.clone(), clock: clock.clone(), demo: demo.clone() });
        let access = Access::open(records.clone(), jobs.clone(), wall, extras).await?;
        Ok(Self { config, records, jobs, access, clock, demo })
    }
}

/// A folder that nobody else of this machine looks into, where there is none yet.
fn make_private(folder: &Path) -> std::io::Result<()> {
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Everything that a running shop is made of.
pub struct Shop {
    /// Records, door, clock.
    pub ground: Ground,
    /// Whose shop it is.
    pub installation: Arc<Installation>,
    /// The door of the journal.
    pub intake: Intake,
    /// Imports of files.
    pub imports: Imports,
    /// The history.
    pub history: History,
    /// The channels.
    pub channels: Channels,
    /// Campaigns.
    pub engage: Engage,
    /// Customers' routes.
    pub customers: Customers,
    /// Segments' routes.
    pub segments: Segments,
    /// Figures.
    pub insights: Insights,
}

impl Shop {
    /// Puts the parts together.
    pub async fn open(ground: Ground, installation: Arc<Installation>) -> anyhow::Result<Self> {
        let data = ground.config.data.clone();
        // Once more: of two servers that waited for the same set-up, one opens.
        pairing::pair(&ground.records, &data).await?;
        let options = Options {
            flush_rows: ground.config.history.flush_rows,
            flush_seconds: ground.config.history.flush_seconds,
            ..Options::default()
        };
        // First, since this is the lock of the data folder.
        let history = History::open(data.join("history"), options).await.context("the history cannot be opened")?;
        let live = open_journal(&data, Lane::Live, &ground.records).await?;
        let backfill = open_journal(&data, Lane::Backfill, &ground.records).await?;
        ground.jobs.take_over().await?;
        let done = Arc::new(Done::default());
        for lane in Lane::ALL {
            done.set(lane, pipeline::position(&ground.records, lane).await?);
        }
        let reader: Arc<dyn HistoryReader> = Arc::new(history.clone());
        let (records, access, clock) = (ground.records.clone(), ground.access.clone(), ground.clock.clone());
        let (zone, currency) = (installation.zone, installation.currency);
        let intake = Intake {
            live: live.clone(),
            backfill,
            done,
            records: records.clone(),
            clock: clock.clone(),
            reporting: currency,
            limits: collect::ingest::Limits::default(),
        };
        let imports = Imports {
            records: records.clone(),
            jobs: ground.jobs.clone(),
            intake: intake.clone(),
            access: access.clone(),
            clock: clock.clone(),
            zone,
            currency,
            folder: data.join("imports"),
        };
        let channels = Channels::new(NewChannels {
            records: records.clone(),
            live,
            access: access.clone(),
            clock: clock.clone(),
            wall_clock: Arc::new(SystemClock),
            link_key: LinkKey::new(&keys::key(&data, "links.key")?),
            secret_key: SecretKey::new(&keys::key(&data, "secrets.key")?)?,
        });
        let engage = Engage::new(NewEngage {
            records: records.clone(),
            jobs: ground.jobs.clone(),
            history: reader.clone(),
            access: access.clone(),
            channels: channels.clone(),
            clock: clock.clone(),
            days_arrive_whole: ground.demo.is_some(),
            stale_max: Duration::from_secs(5),
        });
        let figures =
            Figures::new(records.clone(), reader.clone(), clock.clone(), zone, currency, Duration::from_secs(5));
        let campaign_people: Arc<dyn PeopleSource> = Arc::new(CampaignPeople(engage.clone()));
        let sources = Arc::new(vec![figures.people_source(), campaign_people]);
        let insights = Insights {
            figures,
            access: access.clone(),
            campaigns: Some(Arc::new(crate::home::Campaigns(engage.clone()))),
        };
        let customers = Customers {
            records: records.clone(),
            access: access.clone(),
            clock: clock.clone(),
            shop: CustomersShop { zone, currency },
            mails: Arc::new(crate::next_mail::Gate(channels.clone())),
            average: Arc::default(),
        };
        let segments = Segments { records, history: reader, access, clock, zone, currency, sources };
        Ok(Self { ground, installation, intake, imports, history, channels, engage, customers, segments, insights })
    }

    /// Starts everything that works by itself. Each task ends when `shutdown` becomes true.
    pub fn start(&self, shutdown: &watch::Receiver<bool>) -> JoinSet<anyhow::Result<()>> {
        let mut tasks = JoinSet::new();
        let pipeline = self.pipeline();
        let stop = shutdown.clone();
        tasks.spawn(async move { pipeline.run(stop).await.context("the pipeline has stopped") });
        let (records, live, stop) = (self.ground.records.clone(), self.intake.live.clone(), shutdown.clone());
        tasks.spawn(async move { pipeline::relay_outbox(records, live, stop).await.context("the relay has stopped") });
        let upkeep = pipeline::Upkeep {
            records: self.ground.records.clone(),
            history: self.history.clone(),
            intake: self.intake.clone(),
            imports: self.imports.clone(),
            data: self.ground.config.data.clone(),
        };
        let stop = shutdown.clone();
        tasks.spawn(async move { upkeep.run(stop).await.context("the upkeep has stopped") });
        let (sender, stop) = (Sender::new(self.channels.clone(), SenderLimits::default()), shutdown.clone());
        tasks.spawn(async move {
            sender.take_over().await?;
            sender.run(stop).await;
            Ok(())
        });
        let (runner, stop) = (Runner::new(self.ground.jobs.clone(), self.works()), shutdown.clone());
        tasks.spawn(async move {
            runner.run(stop).await;
            Ok(())
        });
        let (access, stop) = (self.ground.access.clone(), shutdown.clone());
        tasks.spawn(async move {
            access::keep_audit_log(access, stop).await;
            Ok(())
        });
        let (engage, stop) = (self.engage.clone(), shutdown.clone());
        tasks.spawn(async move {
            engage::keep_watch(engage, stop).await;
            Ok(())
        });
        tasks
    }

    /// Starts only what an import needs, for a command: nothing is sent and no campaign begins meanwhile.
    pub fn start_imports(&self, shutdown: &watch::Receiver<bool>) -> JoinSet<anyhow::Result<()>> {
        let mut tasks = JoinSet::new();
        let (pipeline, stop) = (self.pipeline(), shutdown.clone());
        tasks.spawn(async move { pipeline.run(stop).await.context("the pipeline has stopped") });
        let works = collect::imports::works(self.imports.clone());
        let (runner, stop) = (Runner::new(self.ground.jobs.clone(), works), shutdown.clone());
        tasks.spawn(async move {
            runner.run(stop).await;
            Ok(())
        });
        tasks
    }

    fn works(&self) -> Vec<Arc<dyn Work>> {
        let mut works = engage::works(self.engage.clone());
        works.extend(collect::imports::works(self.imports.clone()));
        if let Some(demo) = &self.ground.demo {
            works.push(demo.advance_work(self.intake.clone(), self.ground.records.clone()));
        }
        works
    }

    fn pipeline(&self) -> Pipeline {
        let projections: Vec<Arc<dyn Projection>> = vec![
            Arc::new(ProfilesProjection),
            Arc::new(ConsentsProjection),
            Arc::new(OrdersProjection { reporting: self.installation.currency }),
            Arc::new(EventsProjection),
            Arc::new(PresenceProjection),
        ];
        Pipeline {
            records: self.ground.records.clone(),
            live: self.intake.live.clone(),
            backfill: self.intake.backfill.clone(),
            history: self.history.clone(),
            projections,
            done: self.intake.done.clone(),
            clock: self.ground.clock.clone(),
            zone: self.installation.zone,
            data: self.ground.config.data.clone(),
        }
    }
}

/// Opens a lane's journal; what is not as it should be is told.
async fn open_journal(data: &std::path::Path, lane: Lane, records: &Records) -> anyhow::Result<Journal> {
    let folder = data.join("journal").join(lane.as_str());
    let position = pipeline::position(records, lane).await?;
    let (journal, found) =
        Journal::open_at(&folder, journal::Limits::default(), position).context("the journal cannot be opened")?;
    if let Some(damage) = found.damage {
        tracing::warn!(
            file = %damage.file.display(), offset = damage.offset, bytes = damage.bytes, kept_in = %damage.set_aside.display(),
            "the journal ended in bytes that are no whole event; they were set aside. After a crash this is a write that \
             was never acknowledged; after damage of the disk there may be acknowledged events among them"
        );
    }
    if found.lost > 0 {
        tracing::error!(
            lane = lane.as_str(),
            events = found.lost,
            "the disk has lost events of the journal that were worked through already; they stand in records and history"
        );
    }
    Ok(journal)
}
