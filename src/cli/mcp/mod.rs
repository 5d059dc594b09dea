//! `mcp`: the Model Context Protocol over stdin and stdout, by which a coding assistant asks a running
//! program what its clients did, and why they were refused.
//!
//! | module | what it holds |
//! | --- | --- |
//! | `server` | the protocol's requests, and what is answered to each |
//! | `tool` | a tool as data: its arguments, their schema and how they are read |
//! | `tools` | the list of the lists of tools |
//! | `exchanges`, `worlds`, `known` | tools that read: journals, worlds, what is built in |
//! | `changes` | tools that change worlds |
//! | `resources` | contracts, switches, evidence, rules and the manual, by their addresses |
//! | `session` | the running program that is asked |
//! | `bounded` | how long replies are cut |
//!
//! Not here: the protocol itself, which is `rmcp`'s.

mod bounded;
mod changes;
mod exchanges;
mod known;
mod resources;
mod server;
mod session;
mod tool;
mod tools;
mod worlds;

use std::io::{self, IsTerminal, Write};

use clap::Args;
use rmcp::ServiceExt;
use rmcp::service::ServerInitializeError;
use rmcp::transport::io::stdio_pipes;

use crate::cli::asking::Running;
use crate::cli::failure::{Failure, bad_input, runtime};
use crate::cli::log;
use crate::cli::mcp::server::Server;
use crate::cli::mcp::session::Session;
use crate::sim::worlds::name::DEFAULT;

#[derive(Debug, Args)]
pub(crate) struct McpArgs {
    #[command(flatten)]
    running: Running,
    /// World that is meant where a call names none
    #[arg(long, env = "RINGBACK_WORLD", default_value = DEFAULT)]
    world: String,
    /// Has the tools that change worlds as well; without it an assistant can only read
    // Not the variable of `calibrate --writes`, which is about a vendor's system.
    #[arg(long = "writes", id = "mcp writes", env = "RINGBACK_MCP_WRITES")]
    writes: bool,
    /// What goes to stderr: error, warn, info, debug, trace, or a filter per module
    // Each answer that is an error would be a warning.
    #[arg(long, env = "RINGBACK_LOG", default_value = "warn,rmcp=error")]
    log: String,
}

impl McpArgs {
    pub(crate) fn run(self) -> Result<(), Failure> {
        let _log = log::start(&self.log)?;
        let target = self.running.target()?;
        if io::stdin().is_terminal() {
            // Whoever typed it would wait for ever.
            let _ = writeln!(
                io::stderr(),
                "ringback: this speaks the Model Context Protocol over stdin and stdout; an assistant \
                 starts it, and `ringback manual assistants` tells how"
            );
        }
        let session = Session::new(target, self.world, self.writes);
        let runtime = runtime()?;
        let ended = runtime.block_on(speak(session));
        // A read of stdin that is under way is not waited for.
        runtime.shutdown_background();
        ended
    }
}

/// Speaks until stdin is at its end.
async fn speak(session: Session) -> Result<(), Failure> {
    let running = match Server::new(session).serve(stdio_pipes()).await {
        Ok(running) => running,
        // It ended before a word was said, which is nobody's mistake.
        Err(ServerInitializeError::ConnectionClosed(_)) => return Ok(()),
        Err(error) => return Err(bad_input(format!("the Model Context Protocol: {error}"))),
    };
    match running.waiting().await {
        Ok(_) => Ok(()),
        Err(error) => Err(bad_input(format!("the Model Context Protocol: {error}"))),
    }
}
