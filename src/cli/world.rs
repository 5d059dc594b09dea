//! `world`: the worlds of a running program, listed, made, put back, deleted.
//!
//! Not here: worlds as files (`world_file`).

use clap::{Args, Subcommand};
use http::Method;
use serde_json::{Value, json};

use crate::app::ClockWanted;
use crate::cli::asking::{Asking, AskingWorld, Naming, list, shown, text};
use crate::cli::failure::{Failure, runtime};
use crate::cli::run_report::no_resource;
use crate::cli::scenario_body;
use crate::cli::table;
use crate::cli::words;
use crate::cli::world_diff::DiffArgs;
use crate::cli::world_facts::facts;
use crate::cli::world_file::{ExportArgs, ImportArgs};
use crate::client::control::escaped;
use crate::client::each::Listed;

#[derive(Debug, Args)]
pub(crate) struct WorldArgs {
    #[command(subcommand)]
    command: WorldCommand,
}

#[derive(Debug, Subcommand)]
enum WorldCommand {
    /// Lists the worlds
    List(Asking),
    /// Makes a world from a scenario
    Make(MakeArgs),
    /// Makes a new world that begins where another is now
    Fork(ForkArgs),
    /// Puts a world back to its seed; its journal and checkpoints stay
    Reset(Naming),
    /// Deletes a world with its journal and checkpoints
    Delete(DeleteArgs),
    /// Writes a world's state into one file, credentials included
    Export(ExportArgs),
    /// Makes a new world of an exported file
    Import(ImportArgs),
    /// Shows which rows differ between a world and its seed, a checkpoint, or another world
    Diff(DiffArgs),
}

#[derive(Debug, Args)]
struct MakeArgs {
    /// Name of the new world
    #[arg(env = "RINGBACK_NAME")]
    name: String,
    /// A scenario that the running program knows by name, or a file of your own
    #[arg(long, env = "RINGBACK_SCENARIO", default_value = "demo")]
    scenario: String,
    /// Seed in place of the scenario's own
    #[arg(long, env = "RINGBACK_SEED")]
    seed: Option<u64>,
    /// Clock in place of the scenario's own: `real`, `frozen@2026-03-02T09:00:00Z` or `scaled:60`
    #[arg(long, env = "RINGBACK_CLOCK")]
    clock: Option<ClockWanted>,
    /// Turns switches in the new world
    #[arg(
        long,
        env = "RINGBACK_VARIANTS",
        value_name = "VENDOR.SWITCH=VALUE",
        value_delimiter = ','
    )]
    variants: Vec<String>,
    /// Has its run fail on whatever was not expected
    #[arg(long, env = "RINGBACK_STRICT")]
    strict: bool,
    /// Credentials that lead to it, such as `jtel:SIMTOKEN-7A`
    #[arg(long, env = "RINGBACK_CLAIMS", value_delimiter = ',')]
    claims: Vec<String>,
    /// An address for it alone, such as 127.0.0.1:0
    #[arg(
        long = "listen",
        id = "own listener",
        env = "RINGBACK_OWN_LISTENER",
        value_name = "ADDRESS"
    )]
    listen: Option<String>,
    /// How long it lives unused, such as 10m
    #[arg(long, env = "RINGBACK_TTL")]
    ttl: Option<String>,
    #[command(flatten)]
    asking: Asking,
}

#[derive(Debug, Args)]
struct ForkArgs {
    /// Name of the new world
    #[arg(env = "RINGBACK_NAME")]
    name: String,
    /// Clock of the new world, not before the other's: `real`, `frozen`, `frozen@2026-03-02T09:00:00Z`
    /// or `scaled:60`; it goes on as the other's where left out
    // Not the variable of `serve --clock`, whose moment is mostly over by then.
    #[arg(long = "clock", id = "fork clock", env = "RINGBACK_FORK_CLOCK", value_name = "CLOCK")]
    clock: Option<ClockWanted>,
    #[command(flatten)]
    asking: AskingWorld,
}

#[derive(Debug, Args)]
struct DeleteArgs {
    /// Name of the world
    #[arg(env = "RINGBACK_NAME")]
    name: String,
    #[command(flatten)]
    asking: Asking,
}

impl WorldArgs {
    pub(crate) fn run(self) -> Result<(), Failure> {
        match self.command {
            WorldCommand::List(asking) => {
                let target = asking.target()?;
                let Listed { answer, down } = runtime()?.block_on(target.worlds())?;
                asking.show(&answer, rows)?;
                if down.is_empty() { Ok(()) } else { Err(no_resource(down.join("\n"))) }
            }
            WorldCommand::Make(args) => args.run(),
            WorldCommand::Fork(ForkArgs { name, clock, asking }) => {
                let mut body = json!({ "name": name });
                if let Some(clock) = clock {
                    body["clock"] = clock.to_json();
                }
                let answer = asking.ask(Method::POST, "/fork", &body)?;
                asking.asking.show(&answer, |made| vec![format!("made {}", facts(made))])
            }
            WorldCommand::Reset(naming) => {
                let asking = naming.asking();
                let answer = asking.ask(Method::POST, "/reset", &json!({}))?;
                asking.asking.show(&answer, |told| {
                    vec![format!("reset {} (entry {})", facts(&told["world"]), told["seq"])]
                })
            }
            WorldCommand::Delete(DeleteArgs { name, asking }) => {
                let path = format!("/v1/worlds/{}", escaped(&name));
                let answer = asking.ask(Method::DELETE, &path, &Value::Null)?;
                asking.show(&answer, |told| vec![format!("deleted {}", text(told, "deleted"))])
            }
            WorldCommand::Export(args) => args.run(),
            WorldCommand::Import(args) => args.run(),
            WorldCommand::Diff(args) => args.run(),
        }
    }
}

impl MakeArgs {
    fn run(self) -> Result<(), Failure> {
        let named = self.scenario;
        let scenario = if scenario_body::is_file(&named) {
            scenario_body::read(named.as_ref())?
        } else {
            named.as_str().into()
        };
        let mut body = json!({ "name": self.name, "scenario": scenario });
        if let Some(seed) = self.seed {
            body["seed"] = seed.into();
        }
        if let Some(clock) = self.clock {
            body["clock"] = clock.spec().to_json();
        }
        if !self.variants.is_empty() {
            body["variants"] = words::body(&self.variants, &[], "jtel.pick=highest_id")?;
        }
        if self.strict {
            body["strict"] = true.into();
        }
        if !self.claims.is_empty() {
            body["claims"] = self.claims.into();
        }
        if let Some(listen) = self.listen {
            body["listen"] = listen.into();
        }
        if let Some(ttl) = self.ttl {
            body["ttl"] = ttl.into();
        }
        let answer = self.asking.ask(Method::POST, "/v1/worlds", &body);
        let answer = answer.map_err(|refused| scenario_body::told(&named, refused))?;
        self.asking.show(&answer, |made| vec![format!("made {}", facts(made))])
    }
}

fn rows(answer: &Value) -> Vec<String> {
    let head =
        ["name", "process", "clock", "now", "inputs", "seed", "listen", "ttl", "claims", "what"];
    let row = |world: &Value| {
        let clock = &world["clock"];
        let what = if world["why"].is_null() { &world["title"] } else { &world["why"] };
        let cells = [
            &world["name"],
            &world["process"],
            &clock["mode"],
            &clock["now"],
            &world["inputs"],
            &world["seed"],
            &world["listen"],
            &world["ttl"],
            &world["claims"],
            what,
        ];
        cells.map(shown).to_vec()
    };
    table::lines(&head, &list(answer, "worlds").iter().map(row).collect::<Vec<_>>())
}
