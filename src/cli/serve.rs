//! `serve`: its flags, and the log.

use crate::cli::failure::Failure;
use crate::cli::failure::bad_input;
use crate::cli::failure::runtime;
use crate::cli::failure::token;
use std::io::{self};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::app::{self, Config, Listen};
use crate::base::limits;
use crate::net::server::Limits;
use crate::store::database::Sync;

#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// Scenario file to serve
    #[arg(env = "RINGBACK_SCENARIO")]
    scenario: Option<PathBuf>,
    /// Address for the vendors' clients, or `vendor=ADDRESS` for one vendor alone; may be given more
    /// than once; port 0 takes any that is free
    #[arg(long, env = "RINGBACK_LISTEN", default_value = "127.0.0.1:8080", value_delimiter = ',')]
    listen: Vec<Listen>,
    /// Address of the control plane; loopback only, unless `RINGBACK_ADMIN_TOKEN` is set
    #[arg(long, env = "RINGBACK_ADMIN", default_value = "127.0.0.1:8081")]
    admin: SocketAddr,
    /// Seed in place of the scenario's own
    #[arg(long, env = "RINGBACK_SEED", value_parser = clap::value_parser!(u64).range(..=i64::MAX as u64))]
    seed: Option<u64>,
    /// Has the default world begin again when its scenario file changes, or a file that it names
    #[arg(long, env = "RINGBACK_WATCH")]
    watch: bool,
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
    /// Open connections per listener
    #[arg(long, env = "RINGBACK_CONNECTIONS_MAX", default_value_t = limits::CONNECTIONS_MAX)]
    connections_max: usize,
    /// Seconds in which a request head must be complete
    #[arg(long, env = "RINGBACK_HEAD_TIMEOUT", default_value_t = limits::HEAD_TIMEOUT.as_secs())]
    head_timeout: u64,
    /// Seconds in which a request body must be complete
    #[arg(long, env = "RINGBACK_BODY_TIMEOUT", default_value_t = limits::BODY_TIMEOUT.as_secs())]
    body_timeout: u64,
    /// What goes to stderr: error, warn, info, debug, trace, or a filter per module
    #[arg(long, env = "RINGBACK_LOG", default_value = "warn")]
    log: String,
}

impl ServeArgs {
    pub(crate) fn run(self) -> Result<(), Failure> {
        self.start_log()?;
        let limits = Limits {
            body_bytes_max: self.body_max,
            connections_max: self.connections_max.max(1),
            head_timeout: Duration::from_secs(self.head_timeout.max(1)),
            body_timeout: Duration::from_secs(self.body_timeout.max(1)),
            ..Limits::default()
        };
        let config = Config {
            scenario: self.scenario,
            seed: self.seed,
            watch: self.watch,
            listen: self.listen,
            admin: self.admin,
            admin_token: token()?,
            data: self.data,
            sync: self.sync,
            limits,
            show_secrets: self.show_secrets,
            explain_header: self.explain_header,
        };
        runtime()?.block_on(app::run(config)).map_err(Failure::from)
    }

    fn start_log(&self) -> Result<(), Failure> {
        let filter = tracing_subscriber::EnvFilter::try_new(&self.log)
            .map_err(|error| bad_input(format!("--log {:?}: {error}", self.log)))?;
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).init();
        Ok(())
    }
}
