//! Why the program cannot do what it was asked.

use std::io;
use std::net::SocketAddr;

use crate::base::nearest::did_you_mean;
use crate::contract::reply::InternalError;
use crate::net::tls::error::TlsError;
use crate::scenario::ScenarioError;
use crate::scenario::named::NamedError;
use crate::sim::loading::scenario::LoadError;
use crate::sim::worlds::MakeError;
use crate::sim::worlds::hosts::HostError;
use crate::store::folder::error::FolderError;

/// Why the program cannot do what it was asked. It is printed as its outermost words; [`Chain`] prints
/// its causes too.
///
/// [`Chain`]: crate::base::chain::Chain
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum AppError {
    #[error("{flag} {name}=…: expected one of {} before the ={}", .known.join(", "), did_you_mean(.name, .known.iter().copied()))]
    UnknownVendor { flag: &'static str, name: String, known: Vec<&'static str> },
    #[error(
        "--host {host}={vendor}: expected the vendor first; did you mean --host {vendor}={host}?"
    )]
    HostFirst { host: String, vendor: &'static str },
    #[error("--host {host} is given to {} and to {}; expected one vendor", .vendors[0], .vendors[1])]
    HostTwice { host: String, vendors: [&'static str; 2] },
    #[error("--watch: expected a scenario file to watch; one that is built in never changes")]
    NothingToWatch,
    #[error(
        "--admin {address} is open to others; without a token the admin listener binds loopback only \
         (127.0.0.1 or [::1]); set RINGBACK_ADMIN_TOKEN to bind it elsewhere"
    )]
    AdminOpen { address: String },
    #[error(transparent)]
    Named(#[from] NamedError),
    #[error("{}", scenario_words(.0))]
    Scenario(#[from] ScenarioError),
    #[error("cannot listen on {address} ({flag}): {source}{hint}")]
    Bind { address: SocketAddr, flag: &'static str, source: io::Error, hint: &'static str },
    /// What a variable says of the proxy to go through.
    #[error("--others pass: {0}")]
    Upstream(String),
    /// There is no certificate to show.
    #[error(transparent)]
    Tls(#[from] TlsError),
    #[error(transparent)]
    Data(#[from] FolderError),
    #[error("a strict world's run is not as expected:\n{0}")]
    NotAsExpected(String),
    /// The scenario gives a host to a vendor that is another's.
    #[error(transparent)]
    Host(#[from] HostError),
    /// A world cannot be made or opened, for no reason that lies in its scenario.
    #[error(transparent)]
    World(MakeError),
    /// What a strict world's run was cannot be told.
    #[error(transparent)]
    Judge(#[from] InternalError),
    /// The system refuses what it never should.
    #[error("cannot {what}")]
    System { what: &'static str, source: io::Error },
    #[error("{what} ended, which it never should")]
    Ended { what: &'static str },
    #[error("stopped before strict worlds could be judged: a world is still busy")]
    Busy,
    #[error("stopped at once by a second signal; what was in flight is cut off")]
    Cut,
    #[error("cannot print the ready line: {0}")]
    Stdout(#[source] io::Error),
}

impl From<MakeError> for AppError {
    fn from(error: MakeError) -> Self {
        match error {
            MakeError::Load(LoadError::Mistakes(mistakes)) => {
                AppError::Scenario(ScenarioError::from(mistakes.as_ref()))
            }
            MakeError::Host(error) => AppError::Host(error),
            other => AppError::World(other),
        }
    }
}

fn scenario_words(error: &ScenarioError) -> String {
    match error {
        ScenarioError::Mistakes { lines, .. } => format!("the scenario has mistakes:\n{lines}"),
        other => other.to_string(),
    }
}
