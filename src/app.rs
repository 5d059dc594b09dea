//! The only place that knows everything: opens the worlds, loads the scenario, binds the listeners,
//! says that it is ready, and stops when told.

use std::path::PathBuf;
use std::str::FromStr;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::admin::answer::Desk;
use crate::admin::condition;
use crate::admin::plane::Admin;
use crate::app::address::if_given_twice;
use crate::app::harvest::{Journals, OfWorlds};
use crate::app::hosting::{certificates, hosts, known_vendor, of_other_scenarios};
use crate::app::person::tell_refusals;
use crate::app::ready::{BoundTo, ready_line, served};
use crate::app::serving::{Serving, Signals, at_end, ended, named, stdin_end, unprinted};
use crate::base::chain::Chain;
use crate::base::descriptors;
use crate::base::health::Health;
use crate::base::limits::{REAP_INTERVAL, WATCH_INTERVAL};
use crate::base::lock;
use crate::contract::fields::{Field, Kind};
use crate::contract::reply::InternalError;
use crate::contract::vendor::Vendors;
use crate::net::doors::OwnListeners;
use crate::net::front::Front;
use crate::net::limits::Limits;
use crate::net::lobby::Lobby;
use crate::net::proxy::pass::Pass;
use crate::net::proxy::upstream::Upstream;
use crate::net::sealed::seen::Seen;
use crate::net::server::serve;
use crate::net::tls::certificates::Certificates;
use crate::net::watched::keep_up;
use crate::run::facts::Facts;
use crate::scenario::adjusted::{Adjusted, Wanted};
use crate::scenario::built_in::BUILT_IN;
use crate::scenario::counted::Counted;
use crate::scenario::library::{Library, Opened};
use crate::scenario::watched::Watched;
use crate::sim::blocking::blocking;
use crate::sim::journal::tap::Tap;
use crate::sim::judge::verify::report::Outcome;
use crate::sim::loading::settings::ClockSpec;
use crate::sim::loading::top::TOP;
use crate::sim::worlds::extras::Doors;
use crate::sim::worlds::folder::Keep;
use crate::sim::worlds::name::DEFAULT;
use crate::sim::worlds::reaper::Reaper;
use crate::sim::worlds::{MakeError, Worlds};
use crate::store::database::Sync;
use crate::web::certificate::Authority;
use crate::web::via::Reach;
use crate::{scenario, vendors};

mod address;
pub(crate) mod check;
mod error;
pub(crate) mod explored;
pub(crate) mod harvest;
mod hosting;
mod person;
pub(crate) mod reading;
mod ready;
pub(crate) mod relaying;
mod sealing;
mod serving;
pub(crate) mod stopping;

pub(crate) use crate::scenario::built_in::built_in_text;
pub(crate) use crate::scenario::counted::RowsTold;
pub(crate) use crate::sim::loading::clock_wanted::ClockWanted;
pub(crate) use address::Address;
pub(crate) use error::AppError;
pub(crate) use hosting::{CertificateSource, HostOf};
pub(crate) use person::{Person, Refused};

/// What `serve` was asked for.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is asked for by itself")]
pub(crate) struct Config {
    /// Files, folders of files, names of built-in scenarios; the default world is made of the first.
    pub scenarios: Vec<PathBuf>,
    pub seed: Option<u64>,
    /// In place of the scenario's own.
    pub clock: Option<ClockWanted>,
    /// Whether the run of the default world fails on whatever was not expected, in place of what its
    /// scenario says.
    pub strict: Option<bool>,
    /// Whether the default world begins again when its scenario file changes.
    pub watch: bool,
    /// Whether the end of stdin stops the program.
    pub until_stdin_closes: bool,
    pub listen: Vec<Listen>,
    pub admin: Address,
    pub admin_token: Option<String>,
    pub data: Option<PathBuf>,
    pub sync: Sync,
    pub limits: Limits,
    pub show_secrets: bool,
    pub explain_header: bool,
    /// What clients that speak TLS are shown.
    pub certificates: CertificateSource,
    /// Hosts that are given to vendors beside their own.
    pub hosts: Vec<HostOf>,
    /// Which hosts that are no vendor's clients are let through to.
    pub reach: Reach,
    /// Who is told of each input.
    pub tap: Option<Arc<dyn Tap>>,
}

/// A listener for the vendors' clients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Listen {
    /// The one vendor that it is for; all where `None`.
    pub vendor: Option<String>,
    pub address: Address,
}

impl FromStr for Listen {
    type Err = String;

    /// `127.0.0.1:8080` or `vendor=127.0.0.1:8080`.
    fn from_str(text: &str) -> Result<Self, String> {
        let (vendor, address) = match text.split_once('=') {
            Some((vendor, address)) => (Some(vendor.to_owned()), address),
            None => (None, text),
        };
        let address = address
            .parse()
            .map_err(|told| format!("{told}, or vendor=127.0.0.1:8080 for one vendor alone"))?;
        Ok(Listen { vendor, address })
    }
}

/// The vendors of this build.
pub fn vendors() -> Vendors {
    Vendors(vendors::ALL)
}

/// The scenarios of this build, and the files that were given.
pub fn library(given: impl IntoIterator<Item = PathBuf>, clock: ClockSpec) -> Library {
    Library::new(vendors::ALL, BUILT_IN, given, clock)
}

/// What a scenario may hold, as JSON Schema 2020-12.
pub fn schema() -> Value {
    library(None, ClockSpec::Real).schema()
}

/// What a condition over a journal may hold, as JSON Schema 2020-12.
pub(crate) fn condition_schema() -> Value {
    condition::schema()
}

/// The fields at the top of scenarios, which are no vendor's.
pub(crate) fn top_of_scenario() -> impl Iterator<Item = &'static Field> {
    scenario::top::TOP.iter().chain(TOP)
}

/// The field of every vendor's section that gives it hosts.
pub(crate) fn hosts_of_section() -> &'static Field {
    scenario::top::HOSTS
}

/// The fields of a row of a collection at the top of scenarios; none where there is no such.
pub(crate) fn rows_of_scenario(collection: &str) -> &'static [Field] {
    let field = TOP.iter().find(|field| field.name == collection);
    match field.map(|field| field.kind) {
        Some(Kind::Rows(rows)) => rows.fields,
        _ => &[],
    }
}

/// The program as it serves.
pub(crate) struct Program {
    pub(crate) worlds: Arc<Worlds>,
    pub(crate) certificates: Arc<Certificates>,
    /// Every address, as the ready line has it.
    pub(crate) ready: Value,
    config: Config,
    own: Arc<OwnListeners>,
    lobby: Arc<Lobby>,
    desk: Arc<Desk>,
    /// What a client that is sealed off asked for and is nobody's.
    seen: Option<Arc<Seen>>,
    /// What worlds have shown that were deleted.
    gone: Arc<Mutex<OfWorlds>>,
    serving: Serving,
    stop: watch::Sender<bool>,
}

/// Serves until it is told to stop. Where a person sits before it, they are told what goes on.
///
/// # Errors
/// Where the scenario, an address or the data folder cannot be used. Nothing is served then.
pub(crate) async fn run(config: Config, person: Option<Person>) -> Result<(), AppError> {
    let until_stdin_closes = config.until_stdin_closes;
    let mut program = start(config, person.as_ref()).await?;
    let cannot = |source| AppError::System { what: "listen for signals", source };
    let mut signals = Signals::new().map_err(cannot)?;
    let cannot = |source| AppError::System { what: "wait for the end of stdin", source };
    let stdin = until_stdin_closes.then(stdin_end).transpose().map_err(cannot)?;
    let ready = program.ready.to_string();
    let ended = tokio::select! {
        () = signals.wait() => Ok(()),
        () = at_end(stdin) => Ok(()),
        what = ended(&mut program.serving) => Err(AppError::Ended { what }),
        error = unprinted(ready) => return Err(AppError::Stdout(error)),
    };
    tracing::info!("stopping");
    tokio::select! {
        finished = program.finish() => ended.and(finished),
        () = signals.wait() => ended.and(Err(AppError::Cut)),
    }
}

/// Begins to serve.
///
/// # Errors
/// Where the scenario, an address or the data folder cannot be used. Nothing is served then.
pub(crate) async fn start(config: Config, person: Option<&Person>) -> Result<Program, AppError> {
    // Bound first: the quickest way to learn that another copy is running.
    let (admin_listeners, listeners) = bind(&config).await?;
    let library = named_library(&config)?;
    // Before it is read, so that no change is missed.
    let watched = watched(&config, &library)?;
    let worlds = {
        let told = person.as_ref().map(|person| person.rows.clone());
        tokio::task::block_in_place(|| open_worlds(&config, &library, told))?
    };
    let worlds = Arc::new(worlds);
    let scenario = library.names()[0].to_owned();
    let health = Arc::new(Health::default());
    let addresses = config.listen.iter().map(|listen| listen.address).chain([config.admin]);
    // Whoever is told an address that is listened on asks for that; some hosts are to come.
    let others = addresses.filter_map(Address::host).chain(of_other_scenarios(&library));
    let hosts = worlds.hosts().patterns().into_iter().chain(others);
    let certificates = Arc::new(certificates(&config.certificates, hosts)?);
    let upstream = match config.reach {
        Reach::Nobody => None,
        Reach::ThisMachine => Some(Upstream::default()),
        Reach::Everybody => Some(Upstream::from_environment().map_err(AppError::Upstream)?),
    };
    let pass = upstream.map(|upstream| Pass::new(upstream, config.reach));
    let lobby =
        Lobby::new(config.limits, Arc::clone(&health), Arc::clone(&certificates)).with_pass(pass);
    let lobby = Arc::new(lobby);
    let own = OwnListeners::new(Arc::clone(&worlds), config.explain_header, Arc::clone(&lobby));
    let own = Arc::new(own);
    let served = served(vendors(), &listeners)?;
    let admin = Admin::new(
        Arc::clone(&worlds),
        library,
        Arc::clone(&own) as Arc<dyn Doors>,
        config.admin_token.clone(),
        config.show_secrets,
        Arc::clone(&certificates) as Arc<dyn Authority>,
    )
    .with_health(Arc::clone(&health))
    .with_urls(served.listen.clone(), served.vendors.clone());
    let desk = Desk::new(admin).expect("the routes are fixed, and a test builds them");
    let desk = Arc::new(desk);

    let trusted = certificates.trusted()?;
    let ready = ready_line(&worlds, &scenario, &admin_listeners[0], &served, trusted.as_ref())?;
    let cannot = |source| AppError::System { what: "have descriptors for clients", source };
    descriptors::are_to_be_had(descriptors::SERVED_MIN).map_err(cannot)?;
    let (stop, stopped) = watch::channel(false);
    let mut serving = Serving::new();
    for BoundTo { listener, vendor, .. } in listeners {
        let front = Front::new(Arc::clone(&worlds), config.explain_header);
        let front = Front { vendor, reach: config.reach, ..front };
        let front = Arc::new(front);
        let listening = serve(listener, front, Arc::clone(&lobby), stopped.clone());
        serving.spawn(named("a listener of the vendors", listening));
    }
    for listener in admin_listeners {
        let listening = serve(listener, Arc::clone(&desk), Arc::clone(&lobby), stopped.clone());
        serving.spawn(named("the listener of the control plane", listening));
    }
    if let Some(refused) = person.and_then(|person| person.refused.clone()) {
        let (worlds, stopped) = (Arc::clone(&worlds), stopped.clone());
        let telling = tell_refusals(worlds, refused, config.show_secrets, stopped);
        serving.spawn(named("telling a person what is refused", telling));
    }
    if let Some(watched) = watched {
        let watched = Arc::new(tokio::sync::Mutex::new(watched));
        let what = "the watch over the scenario";
        let (worlds, config, stopped) = (Arc::clone(&worlds), config.clone(), stopped.clone());
        let again = move || {
            let (worlds, watched) = (Arc::clone(&worlds), Arc::clone(&watched));
            reseed(worlds, watched, config.clone(), stopped.clone())
        };
        let health = Arc::clone(&health);
        serving.spawn(named(what, async move { keep_up(what, &health, again).await }));
    }
    let what = "the end of worlds whose time is over";
    let reaping = Arc::clone(&worlds);
    let again = move || reap(Arc::clone(&reaping), stopped.clone());
    serving.spawn(named(what, async move { keep_up(what, &health, again).await }));
    desk.set_ready();
    if let Some(person) = person {
        let world = worlds.get(DEFAULT).map(|world| world.facts().to_json());
        (person.is_up)(&ready, &world.unwrap_or_default());
    }
    let (seen, gone) = Default::default();
    Ok(Program { worlds, certificates, ready, config, own, lobby, desk, seen, gone, serving, stop })
}

impl Program {
    /// From now on takes of each world that is deleted what it has shown, for what is told in the end.
    pub(crate) fn keep_what_goes(&self) {
        let (gone, show_secrets) = (Arc::clone(&self.gone), self.config.show_secrets);
        self.worlds.before_deleting(Box::new(move |world| {
            if let Err(error) = lock::lock(&gone).add(world, show_secrets) {
                let world = world.name();
                tracing::warn!(world, %error, "what it has shown is not told");
            }
        }));
    }

    /// Stops: lets what is in flight finish, and judges strict worlds.
    ///
    /// # Errors
    /// Where a strict world's run is not as expected, or cannot be told.
    pub(crate) async fn finish(self) -> Result<(), AppError> {
        // No receiver is no reason to stay.
        let _ = self.stop.send(true);
        finish(self.worlds, &self.own, self.serving, &self.config).await
    }

    /// Has only what comes from now on be judged and told: kept worlds have journals of runs before.
    pub(crate) fn judge_from_now(&self) {
        self.worlds.all().iter().for_each(|world| world.judge_from_now());
    }

    /// Stops, and tells what the run has shown, with what else is asked for.
    ///
    /// # Errors
    /// Where that cannot be told.
    pub(crate) async fn finish_and_tell(self, wanted: Telling) -> Result<Told, AppError> {
        let (worlds, show_secrets) = (Arc::clone(&self.worlds), self.config.show_secrets);
        let (seen, gone) = (self.seen.clone(), Arc::clone(&self.gone));
        let unmet = match self.finish().await {
            Ok(()) => Vec::new(),
            Err(AppError::NotAsExpected(lines)) => lines.lines().map(str::to_owned).collect(),
            Err(error) => return Err(error),
        };
        let told = blocking(move || {
            let gone = std::mem::take(&mut *lock::lock(&gone));
            let facts = harvest::facts(&worlds, gone, seen.as_deref(), show_secrets)?;
            let journals = || harvest::journals(&worlds, show_secrets);
            let archive = || harvest::archive(&worlds, show_secrets);
            let coverage = || harvest::coverage(&worlds);
            let journals = wanted.journals.then(journals).transpose()?;
            let archive = wanted.archive.then(archive).transpose()?;
            let coverage = wanted.coverage.then(coverage).transpose()?;
            Ok::<_, InternalError>(Told {
                facts: Facts { unmet, ..facts },
                journals,
                coverage,
                archive,
            })
        });
        Ok(told.await??)
    }
}

/// What is to be told of a run beside its facts: each takes its time, and most runs need none of it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Telling {
    pub(crate) journals: bool,
    pub(crate) archive: bool,
    pub(crate) coverage: bool,
}

/// What a run has shown. What was not asked for is not there.
pub(crate) struct Told {
    pub(crate) facts: Facts,
    /// The journals of all worlds.
    pub(crate) journals: Option<Journals>,
    /// How much of what the vendors declare was shown.
    pub(crate) coverage: Option<Value>,
    /// The exchanges of the default world, as an HTTP archive.
    pub(crate) archive: Option<Value>,
}

/// Lets what is in flight finish, and judges strict worlds.
async fn finish(
    worlds: Arc<Worlds>,
    own: &OwnListeners,
    mut serving: Serving,
    config: &Config,
) -> Result<(), AppError> {
    worlds.close();
    own.close().await;
    while serving.join_next().await.is_some() {}
    let show_secrets = config.show_secrets;
    // A world that is still busy has its lock taken.
    let judged = blocking(move || judge(&worlds, show_secrets));
    match tokio::time::timeout(config.limits.drain_timeout, judged).await {
        Ok(judged) => judged?,
        Err(_) => Err(AppError::Busy),
    }
}

/// What strict worlds say of their runs, when all is over.
fn judge(worlds: &Worlds, show_secrets: bool) -> Result<(), AppError> {
    let mut lines = Vec::new();
    for world in worlds.all() {
        match world.judge(show_secrets)? {
            Some(judgement) if judgement.outcome != Outcome::Pass => {
                lines.push(format!("world {}: {}", world.name(), judgement.outcome.name()));
                lines.extend(judgement.to_lines().iter().map(|line| format!("  {line}")));
            }
            _ => {}
        }
    }
    if lines.is_empty() { Ok(()) } else { Err(AppError::NotAsExpected(lines.join("\n"))) }
}

/// The scenarios of this build, and those that the command line names.
fn named_library(config: &Config) -> Result<Library, AppError> {
    Ok(Library::of_named(vendors::ALL, BUILT_IN, &config.scenarios, ClockSpec::Real)?)
}

fn watched(config: &Config, library: &Library) -> Result<Option<Watched>, AppError> {
    match (library.first_file(), config.watch) {
        (_, false) => Ok(None),
        (Some(path), true) => Ok(Some(Watched::new(path))),
        (None, true) => Err(AppError::NothingToWatch),
    }
}

/// Has the default world begin again when its scenario has changed.
async fn reseed(
    worlds: Arc<Worlds>,
    watched: Arc<tokio::sync::Mutex<Watched>>,
    config: Config,
    mut stop: watch::Receiver<bool>,
) {
    let mut watched = watched.lock().await;
    let wanted = config.clone();
    // It could be had when the program started; what went since is told when it is asked for.
    let Ok(library) = named_library(&config) else { return };
    let mut ticks = tokio::time::interval(WATCH_INTERVAL);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
        // Looking and reading may block, but nothing waits for this task.
        if !tokio::task::block_in_place(|| watched.look()) {
            continue;
        }
        let (Some(world), Ok(opened)) =
            (worlds.get(DEFAULT), tokio::task::block_in_place(|| first(&library, &wanted)))
        else {
            continue;
        };
        match worlds.reseed(&world, opened).await.map_err(AppError::from) {
            Ok(seq) => tracing::info!(
                seq = seq.get(),
                "the default world begins again: its scenario changed"
            ),
            Err(error) => {
                let why = Chain(&error);
                tracing::error!("the default world keeps its old seed: {why}");
            }
        }
    }
}

/// Deletes worlds whose time to live is over.
async fn reap(worlds: Arc<Worlds>, mut stop: watch::Receiver<bool>) {
    let mut reaper = Reaper::default();
    let mut ticks = tokio::time::interval(REAP_INTERVAL);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let began = ticks.tick().await;
    loop {
        let now = tokio::select! {
            now = ticks.tick() => now,
            _ = stop.wait_for(|stop| *stop) => return,
        };
        for expired in reaper.look(&worlds, now.duration_since(began)) {
            let all = Arc::clone(&worlds);
            let name = expired.name().to_owned();
            // Removing files may block.
            let deleted = blocking(move || all.delete_expired(&expired)).await;
            match deleted.and_then(|deleted| deleted) {
                Ok(Some(closing)) => {
                    closing.await;
                    tracing::info!(world = name, "deleted: its time to live is over");
                }
                // It was used in the meantime.
                Ok(None) => {}
                Err(error) => {
                    let error = Chain(&error);
                    tracing::error!(world = name, %error, "the world cannot be deleted");
                }
            }
        }
    }
}

fn open_worlds(
    config: &Config,
    library: &Library,
    told: Option<RowsTold>,
) -> Result<Worlds, AppError> {
    let keep = match &config.data {
        None => Keep::Memory,
        Some(path) => Keep::in_folder(path, config.sync)?,
    };
    let worlds = Worlds::new(vendors(), keep).map_err(MakeError::from)?;
    let worlds = worlds.with_own_secret(config.admin_token.as_deref());
    let worlds = worlds.with_hosts(hosts(vendors(), &config.hosts)?);
    let worlds = worlds.with_tap(config.tap.clone());
    worlds.open_kept()?;
    if worlds.unreadable(DEFAULT).is_some() {
        tracing::error!("there is no default world: what is kept of it cannot be read");
    } else if worlds.get(DEFAULT).is_none() {
        worlds.make(DEFAULT, &mut Counted { scenario: first(library, config)?, told })?;
    } else if !config.scenarios.is_empty() {
        tracing::warn!("the data folder holds a default world already; the scenario is not loaded");
    }
    Ok(worlds)
}

/// The scenario of the default world, with what the command line wants over it.
fn first(library: &Library, config: &Config) -> Result<Adjusted<Opened>, AppError> {
    let mut scenario = library.open_first()?;
    scenario.replace_seed(config.seed);
    let clock = config.clock.map(ClockWanted::spec);
    let wanted = Wanted { clock, strict: config.strict, ..Wanted::default() };
    Ok(Adjusted { scenario, wanted })
}

async fn bind(config: &Config) -> Result<(Vec<TcpListener>, Vec<BoundTo>), AppError> {
    let bound = async { Ok((bind_admin(config).await?, bind_listeners(config).await?)) };
    bound.await.map_err(|error| {
        let listen: Vec<Address> = config.listen.iter().map(|it| it.address).collect();
        if_given_twice(error, &listen, config.admin)
    })
}

async fn bind_listeners(config: &Config) -> Result<Vec<BoundTo>, AppError> {
    let mut listeners = Vec::new();
    for listen in &config.listen {
        let vendor = listen.vendor.as_deref().map(|name| known_vendor(vendors(), "--listen", name));
        let vendor = vendor.transpose()?;
        let bound = listen.address.bind("--listen").await?.into_iter().enumerate();
        listeners.extend(bound.map(|(idx, listener)| BoundTo {
            listener,
            vendor,
            is_second: idx > 0,
        }));
    }
    Ok(listeners)
}

async fn bind_admin(config: &Config) -> Result<Vec<TcpListener>, AppError> {
    if config.admin_token.is_none() && !config.admin.is_loopback() {
        return Err(AppError::AdminOpen { address: config.admin.to_string() });
    }
    config.admin.bind("--admin").await
}
