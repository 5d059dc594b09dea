//! The only place that knows everything: opens the worlds, loads the scenario, binds the listeners,
//! says that it is ready, and stops when told.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Map, Value, json};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::admin::answer::Admin;
use crate::net::front::Front;
use crate::net::server::{Limits, serve};
use crate::scenario::library::{DEMO, Library};
use crate::sim::load::LoadError;
use crate::sim::seed::ClockSpec;
use crate::sim::world::Vendors;
use crate::sim::worlds::{DEFAULT, DataFolder, DataFolderError, Keep, MakeError, Worlds};
use crate::store::database::Sync;
use crate::vendors;

/// What `serve` was asked for.
#[derive(Clone, Debug)]
pub struct Config {
    pub scenario: Option<PathBuf>,
    pub seed: Option<u64>,
    pub listen: Vec<SocketAddr>,
    pub admin: SocketAddr,
    pub admin_token: Option<String>,
    pub data: Option<PathBuf>,
    pub sync: Sync,
    pub limits: Limits,
    pub show_secrets: bool,
    pub explain_header: bool,
}

/// Why the program cannot do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    #[error("{0}")]
    BadInput(String),
    #[error("the scenario has mistakes:\n{0}")]
    Scenario(String),
    #[error("cannot listen on {address} ({flag}): {source}{hint}")]
    Bind { address: SocketAddr, flag: &'static str, source: io::Error, hint: &'static str },
    #[error(transparent)]
    Data(#[from] DataFolderError),
    #[error("{0}")]
    Open(String),
    #[error("cannot print the ready line: {0}")]
    Stdout(io::Error),
}

/// The vendors of this build.
pub fn vendors() -> Vendors {
    Vendors(vendors::ALL)
}

/// The scenarios of this build, and the file that was given.
pub fn library(given: Option<PathBuf>, clock: ClockSpec) -> Library {
    Library::new(vendors::ALL, &[DEMO], given, clock)
}

/// Reads a scenario without serving it.
///
/// # Errors
/// Where it has mistakes; all of them are told.
pub fn check(scenario: Option<PathBuf>) -> Result<String, AppError> {
    let library = library(scenario, ClockSpec::Real);
    let worlds =
        Worlds::new(vendors(), Keep::Memory).map_err(|error| AppError::Open(error.to_string()))?;
    let mut opened = library.open_first().map_err(AppError::BadInput)?;
    let world = worlds.make(DEFAULT, &mut opened).map_err(make_error)?;
    let facts = world.facts();
    Ok(format!("{}: fine ({}, seed {})", library.names()[0], facts.title, facts.seed))
}

/// Serves until it is told to stop.
///
/// # Errors
/// Where the scenario, an address or the data folder cannot be used. Nothing is served then.
pub async fn run(config: Config) -> Result<(), AppError> {
    // Bound first: the quickest way to learn that another copy is running.
    let admin_listener = bind_admin(&config).await?;
    let mut listeners = Vec::new();
    for address in &config.listen {
        listeners.push(bind(*address, "--listen").await?);
    }
    let library = library(config.scenario.clone(), ClockSpec::Real);
    let worlds = tokio::task::block_in_place(|| open_worlds(&config, &library))?;
    let worlds = Arc::new(worlds);
    let scenario = library.names()[0].to_owned();
    let admin =
        Admin::new(Arc::clone(&worlds), library, config.admin_token.clone(), config.show_secrets);
    let admin = Arc::new(admin.expect("the routes are fixed, and a test builds them"));
    let front =
        Arc::new(Front { worlds: Arc::clone(&worlds), explain_header: config.explain_header });

    let ready = ready_line(&worlds, &scenario, &admin_listener, &listeners)?;
    let mut signals = Signals::new()?;
    let (stop, stopped) = watch::channel(false);
    let mut serving = tokio::task::JoinSet::new();
    for listener in listeners {
        serving.spawn(serve(listener, Arc::clone(&front), config.limits, stopped.clone()));
    }
    serving.spawn(serve(admin_listener, Arc::clone(&admin), config.limits, stopped));
    admin.set_ready();
    print_line(&ready)?;
    signals.wait().await;
    tracing::info!("stopping");
    // No receiver is no reason to stay.
    let _ = stop.send(true);
    while serving.join_next().await.is_some() {}
    Ok(())
}

fn open_worlds(config: &Config, library: &Library) -> Result<Worlds, AppError> {
    let keep = match &config.data {
        None => Keep::Memory,
        Some(path) => Keep::Folder(DataFolder::take(path, config.sync)?),
    };
    let worlds = Worlds::new(vendors(), keep).map_err(|error| AppError::Open(error.to_string()))?;
    let kept = worlds.open_kept().map_err(make_error)?;
    if kept.is_empty() || worlds.get(DEFAULT).is_none() {
        let mut opened = library.open_first().map_err(AppError::BadInput)?;
        opened.replace_seed(config.seed);
        worlds.make(DEFAULT, &mut opened).map_err(make_error)?;
    } else if config.scenario.is_some() {
        tracing::warn!("the data folder holds a default world already; the scenario is not loaded");
    }
    Ok(worlds)
}

fn make_error(error: MakeError) -> AppError {
    match error {
        MakeError::Load(LoadError::Mistakes(mistakes)) => AppError::Scenario(mistakes.to_string()),
        other => AppError::Open(full_text(&other)),
    }
}

/// An error with its causes.
fn full_text(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

async fn bind(address: SocketAddr, flag: &'static str) -> Result<TcpListener, AppError> {
    TcpListener::bind(address).await.map_err(|source| {
        let hint = match source.kind() {
            io::ErrorKind::AddrInUse => "; another program has the port: stop it, or choose another (0 takes any that is free)",
            io::ErrorKind::PermissionDenied => "; ports below 1024 need a privilege",
            io::ErrorKind::AddrNotAvailable => "; this machine has no such address",
            _ => "",
        };
        AppError::Bind { address, flag, source, hint }
    })
}

async fn bind_admin(config: &Config) -> Result<TcpListener, AppError> {
    if config.admin_token.is_none() && !config.admin.ip().is_loopback() {
        return Err(AppError::BadInput(format!(
            "--admin {} is open to others; without a token the admin listener binds loopback only \
             (127.0.0.1 or [::1]); set RINGBACK_ADMIN_TOKEN to bind it elsewhere",
            config.admin
        )));
    }
    bind(config.admin, "--admin").await
}

/// One JSON line with every address.
fn ready_line(
    worlds: &Worlds,
    scenario: &str,
    admin: &TcpListener,
    listeners: &[TcpListener],
) -> Result<Value, AppError> {
    let address = |listener: &TcpListener| {
        let address = listener.local_addr().map_err(|error| AppError::Open(error.to_string()));
        address.map(|address| format!("http://{address}"))
    };
    let listen = listeners.iter().map(address).collect::<Result<Vec<_>, _>>()?;
    let first = listen.first().cloned().unwrap_or_default();
    let mut vendors = Map::new();
    for vendor in worlds.vendors().0 {
        let surface = vendor.surface();
        let path = surface.prefixes.first().copied().unwrap_or("/");
        vendors.insert(surface.vendor.into(), format!("{first}{path}").into());
    }
    let names: Vec<String> = worlds.all().iter().map(|world| world.name().to_owned()).collect();
    let seed = worlds.get(DEFAULT).map(|world| world.facts().seed);
    let listen: Value = if listen.len() == 1 { first.into() } else { listen.into() };
    Ok(json!({
        "ready": true,
        "version": env!("CARGO_PKG_VERSION"),
        "pid": std::process::id(),
        "admin": address(admin)?,
        "listen": listen,
        "vendors": vendors,
        "worlds": names,
        "scenario": scenario,
        "seed": seed,
    }))
}

fn print_line(line: &Value) -> Result<(), AppError> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{line}").and_then(|()| stdout.flush()).map_err(AppError::Stdout)
}

/// The ways of being told to stop.
#[derive(Debug)]
struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

impl Signals {
    fn new() -> Result<Self, AppError> {
        let listen = |kind| signal(kind).map_err(|error| AppError::Open(error.to_string()));
        Ok(Signals {
            terminate: listen(SignalKind::terminate())?,
            interrupt: listen(SignalKind::interrupt())?,
        })
    }

    async fn wait(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
