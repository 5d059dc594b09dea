//! `serve`: its flags. Not here: its log (`cli::log`).

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::app::{self, Address, ClockWanted, Config, HostOf, Listen};
use crate::base::limits;
use crate::cli::certificate::CertificateArgs;
use crate::cli::failure::{Failure, runtime};
use crate::cli::greeting;
use crate::cli::log;
use crate::cli::token::token;
use crate::net::descriptors;
use crate::net::limits::Limits;
use crate::store::database::Sync;

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct ServeArgs {
    /// Scenario files, folders of them, or names of built-in scenarios: each can be asked for by its
    /// name, and the default world is made of the first (of a folder, of its default.toml, else of its
    /// first by name); the demo where left out
    #[arg(env = "RINGBACK_SCENARIO", value_delimiter = ',')]
    scenario: Vec<PathBuf>,
    /// Address for the vendors' clients, or `vendor=ADDRESS` for one vendor alone; may be given more
    /// than once; port 0 takes any that is free, and `localhost` is both loopback addresses
    #[arg(long, env = "RINGBACK_LISTEN", default_value = "localhost:8080", value_delimiter = ',')]
    listen: Vec<Listen>,
    /// Address of the control plane; loopback only, unless `RINGBACK_ADMIN_TOKEN` is set
    #[arg(long, env = "RINGBACK_ADMIN", default_value = "localhost:8081")]
    admin: Address,
    /// Seed in place of the scenario's own
    #[arg(long, env = "RINGBACK_SEED", value_parser = clap::value_parser!(u64).range(..=i64::MAX as u64))]
    seed: Option<u64>,
    /// Clock in place of the scenario's own: `real`, `frozen@2026-03-02T09:00:00Z` or `scaled:60`
    #[arg(long, env = "RINGBACK_CLOCK")]
    clock: Option<ClockWanted>,
    /// Has the run of the default world fail on whatever was not expected; exit code 1 at the end
    #[arg(long, env = "RINGBACK_STRICT")]
    strict: bool,
    /// On a terminal, says what is up and nothing of what is refused
    #[arg(long, short, env = "RINGBACK_QUIET")]
    quiet: bool,
    /// Has the default world begin again when its scenario file changes, or a file that it names
    #[arg(long, env = "RINGBACK_WATCH")]
    watch: bool,
    /// Stops when stdin is at its end, as at a signal, so that a program which started this one and holds
    /// the other end of a pipe is never outlived, however it ends; what comes on stdin is passed over
    #[arg(long, env = "RINGBACK_UNTIL_STDIN_CLOSES")]
    until_stdin_closes: bool,
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
    log: String,
}

/// What becomes of clients that ask for a host of nobody's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Others {
    /// They are told that it is nobody's; this program connects to nobody
    Refuse,
    /// They are let through untouched, by way of the proxy that the environment names
    Pass,
}

impl ServeArgs {
    pub(crate) fn run(self) -> Result<(), Failure> {
        // Dropped last: it writes what was said until then.
        let log = log::start(&self.log)?;
        let person = greeting::person(log.queue(), self.quiet);
        descriptors::raise();
        let limits = Limits {
            body_bytes_max: self.body_max,
            connections_max: self.connections_max.max(1),
            idle_timeout: Duration::from_secs(self.idle_timeout.max(1)),
            head_timeout: Duration::from_secs(self.head_timeout.max(1)),
            body_timeout: Duration::from_secs(self.body_timeout.max(1)),
            ..Limits::default()
        };
        let config = Config {
            scenarios: self.scenario,
            seed: self.seed,
            clock: self.clock,
            strict: self.strict.then_some(true),
            watch: self.watch,
            until_stdin_closes: self.until_stdin_closes,
            listen: self.listen,
            admin: self.admin,
            admin_token: token()?,
            data: self.data,
            sync: self.sync,
            limits,
            show_secrets: self.show_secrets,
            explain_header: self.explain_header,
            certificates: self.certificates.source(),
            hosts: self.host,
            passes: self.others == Others::Pass,
        };
        let runtime = runtime()?;
        let ended = runtime.block_on(app::run(config, person));
        // A thread that is blocked does not hold the end.
        runtime.shutdown_timeout(limits::THREADS_END_MAX);
        ended.map_err(Failure::from)
    }
}
