//! What is served and how, as `serve` and `run` both take it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::app::{Address, ClockWanted, Config, HostOf, Listen};
use crate::base::limits;
use crate::cli::certificate::CertificateArgs;
use crate::net::limits::Limits;
use crate::store::database::Sync;
use crate::web::via::Reach;

/// What is served and how.
#[derive(Clone, Debug, Args)]
pub(crate) struct ServedArgs {
    /// Seed in place of the scenario's own
    #[arg(long, env = "RINGBACK_SEED", value_parser = clap::value_parser!(u64).range(..=i64::MAX as u64))]
    seed: Option<u64>,
    /// Clock in place of the scenario's own: `real`, `frozen@2026-03-02T09:00:00Z` or `scaled:60`
    #[arg(long, env = "RINGBACK_CLOCK")]
    clock: Option<ClockWanted>,
    /// Has the run of the default world fail on whatever was not expected; exit code 1 at the end
    #[arg(long, env = "RINGBACK_STRICT")]
    strict: bool,
    /// Folder to keep worlds in; without it they are in memory
    #[arg(long, env = "RINGBACK_DATA")]
    data: Option<PathBuf>,
    /// When a commit to the data folder is safe
    #[arg(long, env = "RINGBACK_SYNC", default_value = "normal", requires = "data")]
    sync: Sync,
    /// Shows credentials in the journal as they came; for your own machine
    #[arg(long, env = "RINGBACK_SHOW_SECRETS")]
    show_secrets: bool,
    /// Adds the reason of a refusal to its response, as header `X-Ringback-Why`
    #[arg(long, env = "RINGBACK_EXPLAIN_HEADER")]
    explain_header: bool,
    /// Largest request body in bytes
    #[arg(long, env = "RINGBACK_BODY_MAX", default_value_t = limits::BODY_BYTES_MAX)]
    body_max: usize,
    /// Open connections per listener; beyond it, the longest idle are closed
    #[arg(long, env = "RINGBACK_CONNECTIONS_MAX", default_value_t = limits::CONNECTIONS_MAX)]
    connections_max: usize,
    /// Seconds that a connection may stay open between two requests
    #[arg(long, env = "RINGBACK_IDLE_TIMEOUT", default_value_t = limits::IDLE_TIMEOUT.as_secs())]
    idle_timeout: u64,
    /// Seconds in which a request head must be complete, from its first byte
    #[arg(long, env = "RINGBACK_HEAD_TIMEOUT", default_value_t = limits::HEAD_TIMEOUT.as_secs())]
    head_timeout: u64,
    /// Seconds in which a request body must be complete
    #[arg(long, env = "RINGBACK_BODY_TIMEOUT", default_value_t = limits::BODY_TIMEOUT.as_secs())]
    body_timeout: u64,
    /// A host name for a vendor, beside its own: `jtel=portal.example.test` or `mor=*.example.test`; may
    /// be given more than once
    #[arg(long, env = "RINGBACK_HOSTS", value_delimiter = ',')]
    host: Vec<HostOf>,
    /// What becomes of clients that ask for a host of nobody's by way of a listener as their proxy
    #[arg(long, env = "RINGBACK_OTHERS", default_value = "refuse")]
    others: Others,
    #[command(flatten)]
    certificates: CertificateArgs,
    /// What goes to stderr: error, warn, info, debug, trace, or a filter per module
    #[arg(long, env = "RINGBACK_LOG", default_value = "warn")]
    pub(crate) log: String,
}

/// What becomes of clients that ask for a host of nobody's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Others {
    /// They are told that it is nobody's; this program connects to nobody
    Refuse,
    /// They are let through untouched, by way of the proxy that the environment names
    Pass,
}

/// Where it is served.
#[derive(Debug)]
pub(crate) struct Place {
    /// Files, folders of files, names of built-in scenarios.
    pub(crate) scenarios: Vec<PathBuf>,
    pub(crate) listen: Vec<Listen>,
    pub(crate) admin: Address,
    pub(crate) admin_token: Option<String>,
    pub(crate) watch: bool,
    pub(crate) until_stdin_closes: bool,
    /// Whom clients are let through to where others are refused.
    pub(crate) reach: Reach,
}

impl ServedArgs {
    /// The file of the user's own certificate.
    pub(crate) fn own_certificate(&self) -> Option<&Path> {
        self.certificates.own()
    }

    /// Whether clients are let through to hosts of nobody's.
    pub(crate) fn passes(&self) -> bool {
        self.others == Others::Pass
    }

    /// All of it.
    pub(crate) fn config(self, place: Place) -> Config {
        let limits = Limits {
            body_bytes_max: self.body_max,
            connections_max: self.connections_max.max(1),
            idle_timeout: Duration::from_secs(self.idle_timeout.max(1)),
            head_timeout: Duration::from_secs(self.head_timeout.max(1)),
            body_timeout: Duration::from_secs(self.body_timeout.max(1)),
            ..Limits::default()
        };
        Config {
            scenarios: place.scenarios,
            seed: self.seed,
            clock: self.clock,
            strict: self.strict.then_some(true),
            watch: place.watch,
            until_stdin_closes: place.until_stdin_closes,
            listen: place.listen,
            admin: place.admin,
            admin_token: place.admin_token,
            data: self.data,
            sync: self.sync,
            limits,
            show_secrets: self.show_secrets,
            explain_header: self.explain_header,
            certificates: self.certificates.source(),
            hosts: self.host,
            reach: if self.others == Others::Pass { Reach::Everybody } else { place.reach },
            tap: None,
        }
    }
}
