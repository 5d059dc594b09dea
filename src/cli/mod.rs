//! The command line: flags, their environment variables, and what goes to the terminal.

mod advance;
mod asking;
mod calibrate;
mod capsule;
mod certificate;
pub(crate) mod chapters;
mod check;
mod clock;
mod contract;
mod coverage;
mod credentials;
mod declared;
mod drift;
mod entry_shown;
mod env;
mod event;
mod event_samples;
mod events;
mod explain;
mod explore;
mod explore_args;
mod failure;
mod fault;
mod findings;
mod generate;
mod greeting;
mod import;
mod journal;
mod levers;
mod log;
mod man;
mod manual;
mod mcp;
mod mistaken;
mod new;
mod new_file;
mod open;
mod pager;
mod progress;
mod record;
mod recorded;
mod replay;
mod report;
mod reports;
mod routes;
mod run;
mod run_report;
mod scenario_body;
mod schema;
mod serve;
mod served;
mod shrink;
mod table;
mod tail;
mod terminal;
mod token;
mod verify;
mod watching;
mod words;
mod world;
mod world_diff;
mod world_facts;
mod world_file;

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Arg, ArgAction, Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use clap_complete::Shell;

use crate::cli::advance::AdvanceArgs;
use crate::cli::calibrate::CalibrateArgs;
use crate::cli::certificate::CaArgs;
use crate::cli::check::CheckArgs;
use crate::cli::clock::ClockArgs;
use crate::cli::contract::ContractArgs;
use crate::cli::drift::DriftArgs;
use crate::cli::env::EnvArgs;
use crate::cli::event::EventArgs;
use crate::cli::events::EventsArgs;
use crate::cli::explain::ExplainArgs;
use crate::cli::failure::{Failure, ended, ended_in_time, print};
use crate::cli::fault::FaultArgs;
use crate::cli::findings::FindingsArgs;
use crate::cli::generate::GenerateArgs;
use crate::cli::import::ImportArgs;
use crate::cli::journal::JournalArgs;
use crate::cli::man::ManArgs;
use crate::cli::manual::ManualArgs;
use crate::cli::mcp::McpArgs;
use crate::cli::new::NewArgs;
use crate::cli::open::OpenArgs;
use crate::cli::record::RecordArgs;
use crate::cli::replay::ReplayArgs;
use crate::cli::report::ReportArgs;
use crate::cli::routes::RoutesArgs;
use crate::cli::run::RunArgs;
use crate::cli::schema::SchemaArgs;
use crate::cli::serve::ServeArgs;
use crate::cli::tail::TailArgs;
use crate::cli::verify::VerifyArgs;
use crate::cli::watching::{HealthcheckArgs, LineageArgs, WaitArgs};
use crate::cli::world::WorldArgs;
use crate::exit;
use crate::run::guard;

/// A stand-in for telephony vendors' HTTP APIs, with real state and the vendors' own rules.
#[derive(Debug, Parser)]
#[command(name = "ringback", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves worlds; the demo when no scenario is given
    Serve(ServeArgs),
    /// Runs a client as it is against a Ringback of its own, and says what the run shows
    Run(Box<RunArgs>),
    /// Prints the variables that lead clients to a running program, for a shell or another reader
    Env(EnvArgs),
    /// Prints the certificate of a running program's authority, for clients to trust
    Ca(CaArgs),
    /// Reads scenarios and reports all of their mistakes
    Check(CheckArgs),
    /// Writes a scenario to begin with, or the state of a running world as one
    New(NewArgs),
    /// Lists the vendors' operations, with their paths and evidence
    Routes(RoutesArgs),
    /// Lists what can happen outside the vendors' APIs, with fields and an example
    Events(EventsArgs),
    /// Tells how each operation, refusal, field and switch is known to be the vendor's
    Fidelity(ReportArgs),
    /// Prints a vendor's contract, or the section that a reason names as its source
    Contract(ContractArgs),
    /// Explains a rule of a refusal: why it is there, what breaks it, what mends that
    Explain(ExplainArgs),
    /// Shows a chapter of the manual, or looks for a text in it
    Manual(ManualArgs),
    /// Lists the switches for what the vendors' papers leave open
    Variants(ReportArgs),
    /// Writes made-up rows for a scenario, as CSV, to stdout
    Generate(GenerateArgs),
    /// Lists, makes, forks, resets, deletes, exports, imports and compares the worlds of a running program
    World(WorldArgs),
    /// Moves a running world's clock on, and tells what fired
    Advance(AdvanceArgs),
    /// Reads a running world's clock, or sets it
    Clock(ClockArgs),
    /// Lets something happen in a running world, outside a vendor's API
    Event(EventArgs),
    /// Adds, lists and clears the rules by which requests to a running world go wrong
    Fault(FaultArgs),
    /// Says by its exit code whether a condition over a running world's journal holds
    Verify(VerifyArgs),
    /// Tells what clients of a running world do wrong although they are answered
    Findings(FindingsArgs),
    /// Prints a page of a running world's journal, one entry, or an archive of it
    Journal(JournalArgs),
    /// Follows a running world's journal, one line per exchange
    Tail(TailArgs),
    /// Opens the page of a running program in a browser, and prints its address
    Open(OpenArgs),
    /// Lets a coding assistant ask a running program, by the Model Context Protocol over stdin and stdout
    Mcp(McpArgs),
    /// Shows a person's way across the vendors of a running world, in order of time
    Lineage(LineageArgs),
    /// Waits until a running program serves, or until something has happened in a world
    Wait(WaitArgs),
    /// Says by its exit code whether a running program serves: 0 for yes, 1 for no
    Healthcheck(HealthcheckArgs),
    /// Prints the JSON Schema of a scenario, or the keys of one section as a table
    Schema(SchemaArgs),
    /// Prints what a shell needs to complete commands and flags
    Completions(CompletionsArgs),
    /// Writes the manual pages, one per command
    Man(ManArgs),
    /// Finds the positions of a vendor's switches by asking a system of the vendor's
    Calibrate(CalibrateArgs),
    /// Makes a scenario of a recording, with the rows and switches that give the same replies
    Import(ImportArgs),
    /// Stands between a client and a vendor's own system, and makes a scenario of what was said
    Record(RecordArgs),
    /// Says where a vendor's own system answers otherwise than it was recorded
    Drift(DriftArgs),
    /// Runs the steps of scenarios, each in a fresh world, and says what differs
    Replay(ReplayArgs),
}

/// The command line. Its switches take more words from the environment than clap does by itself, and a variable
/// that is empty is one that is not set. Each command's help names its chapter of the manual.
pub fn command() -> clap::Command {
    with_switches(Cli::command()).mut_subcommands(chapters::named_in)
}

fn with_switches(command: clap::Command) -> clap::Command {
    let is_switch = |arg: &Arg| matches!(arg.get_action(), ArgAction::SetTrue);
    let read = |arg: Arg| match arg.get_env().and_then(std::env::var_os) {
        _ if is_switch(&arg) => arg.value_parser(yes_or_no),
        // A build server hands on what nobody filled in.
        Some(value) if value.is_empty() => arg.env(None::<&'static str>),
        _ => arg,
    };
    command.mut_args(read).mut_subcommands(with_switches)
}

/// Reads a switch, as environments have them. A variable that is empty is one that is not set.
fn yes_or_no(word: &str) -> Result<bool, String> {
    match word.to_ascii_lowercase().as_str() {
        "1" | "yes" | "y" | "true" | "on" => Ok(true),
        "" | "0" | "no" | "n" | "false" | "off" => Ok(false),
        _ => Err("expected 1 or 0, yes or no, true or false, on or off".to_owned()),
    }
}

/// Runs the program.
pub fn main() -> ExitCode {
    // A part in a run has no flags, and begins before anything else.
    if let Some(code) = guard::part(std::env::args_os()) {
        return ExitCode::from(code);
    }
    let parsed = command().try_get_matches().and_then(|mut matches| {
        let name = matches.subcommand_name().unwrap_or_default().to_owned();
        Ok((name, Cli::from_arg_matches_mut(&mut matches)?))
    });
    let (name, cli) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => {
            // Help and version are answers, not mistakes.
            let fine = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
            if fine {
                let _ = error.print();
                return ExitCode::from(exit::FINE);
            }
            let mut whole = command();
            // Only then its flags know what they are called.
            whole.build();
            mistaken::say(&error, &whole, &std::env::args_os().collect::<Vec<_>>());
            return ExitCode::from(exit::BAD_INPUT);
        }
    };
    let code = done(cli.command);
    // For people: a program that reads stderr looks for what went wrong alone.
    if code == ExitCode::from(exit::BAD_INPUT)
        && io::stderr().is_terminal()
        && let Some(line) = chapters::line(&name)
    {
        let _ = writeln!(io::stderr(), "{line}");
    }
    code
}

/// Does what a command asks for, and says how it ended.
fn done(command: Command) -> ExitCode {
    match command {
        Command::Serve(args) => ended_in_time(args.run()),
        Command::Run(args) => match run(*args) {
            Ok(code) => ExitCode::from(code),
            Err(failure) => ended(Err(failure)),
        },
        Command::Env(args) => ended(args.run()),
        Command::Ca(args) => ended(args.run()),
        Command::Check(args) => ended(args.run()),
        Command::New(args) => ended(args.run()),
        Command::Routes(args) => ended(args.run()),
        Command::Events(args) => ended(args.run()),
        Command::Fidelity(args) => ended(args.fidelity()),
        Command::Contract(args) => ended(args.run()),
        Command::Explain(args) => ended(args.run()),
        Command::Manual(args) => ended(args.run()),
        Command::Variants(args) => ended(args.variants()),
        Command::Generate(args) => ended(args.run()),
        Command::World(args) => ended(args.run()),
        Command::Advance(args) => ended(args.run()),
        Command::Clock(args) => ended(args.run()),
        Command::Event(args) => ended(args.run()),
        Command::Fault(args) => ended(args.run()),
        Command::Verify(args) => ended(args.run()),
        Command::Findings(args) => ended(args.run()),
        Command::Journal(args) => ended(args.run()),
        Command::Tail(args) => ended(args.run()),
        Command::Open(args) => ended(args.run()),
        Command::Mcp(args) => ended(args.run()),
        Command::Lineage(args) => ended(args.run()),
        Command::Wait(args) => ended(args.run()),
        Command::Healthcheck(args) => ended(args.run()),
        Command::Schema(args) => ended(args.run()),
        Command::Completions(args) => ended(args.run()),
        Command::Man(args) => ended(args.run(self::command())),
        Command::Calibrate(args) => ended(args.run()),
        Command::Import(args) => ended(args.run()),
        Command::Record(args) => ended_in_time(args.run()),
        Command::Drift(args) => ended(args.run()),
        Command::Replay(args) => ended(args.run()),
    }
}

/// Runs a client once, or under every reading.
fn run(args: RunArgs) -> Result<u8, Failure> {
    if args.explore.is_wanted()? { explore::run(&args) } else { args.run() }
}

#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// The shell to complete for
    #[arg(env = "RINGBACK_SHELL")]
    shell: Shell,
}

impl CompletionsArgs {
    pub(super) fn run(self) -> Result<(), Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut command(), "ringback", &mut script);
        print(String::from_utf8_lossy(&script).trim_end())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::cli::token::TOKEN_VARIABLE;

    /// The commands that do something, each with its whole name.
    fn leaves(command: &clap::Command, name: &str, found: &mut Vec<(String, clap::Command)>) {
        for inner in command.get_subcommands() {
            let name = format!("{name} {}", inner.get_name());
            if inner.has_subcommands() {
                leaves(inner, &name, found);
            } else {
                found.push((name, inner.clone()));
            }
        }
    }

    #[test]
    fn each_flag_has_a_variable_and_each_variable_one_meaning() {
        let cli = command();
        cli.clone().debug_assert();
        let mut commands = Vec::new();
        leaves(&cli, "ringback", &mut commands);
        let mut meanings: BTreeMap<String, String> = BTreeMap::new();
        let mut n_flags = 0;
        for (name, command) in &commands {
            for arg in command.get_arguments().filter(|arg| !arg.is_global_set()) {
                let id = arg.get_id().as_str();
                if ["help", "version"].contains(&id) {
                    continue;
                }
                n_flags += 1;
                let variable = arg.get_env().and_then(|it| it.to_str());
                let variable = variable.unwrap_or_else(|| panic!("{name} {id} has no variable"));
                assert!(variable.starts_with("RINGBACK_"), "{name} {id}: {variable}");
                assert_ne!(variable, TOKEN_VARIABLE, "{name} {id} would show the token");
                assert!(!id.contains("token"), "{name} {id}: flags are seen by everybody");
                // The address to bind and the address to ask are two things of one name.
                let meaning = match (id, variable) {
                    ("admin", "RINGBACK_ADMIN_URL") => "admin url",
                    (id, _) => id,
                };
                let known = meanings.entry(variable.to_owned()).or_insert(meaning.to_owned());
                assert_eq!(known, meaning, "{variable} means two things");
            }
        }
        let mut named: Vec<&String> = meanings.values().collect();
        named.sort_unstable();
        named.dedup();
        assert_eq!(named.len(), meanings.len(), "one meaning has two variables");
        assert!(n_flags > 60, "the commands were not found");
    }

    #[test]
    fn switches_are_read_as_environments_have_them() {
        for (word, expected) in
            [("1", true), ("yes", true), ("TRUE", true), ("", false), ("0", false), ("no", false)]
        {
            assert_eq!(yes_or_no(word), Ok(expected), "{word:?}");
        }
        assert!(yes_or_no("perhaps").is_err());
    }
}
