//! The command line: flags, their environment variables, and what goes to the terminal.

mod contract;
mod failure;
mod log;
mod replay;
mod report;
mod scenario;
mod serve;
mod token;
mod watching;

use crate::cli::contract::ContractArgs;
use crate::cli::failure::{ended, ended_in_time};
use crate::cli::replay::ReplayArgs;
use crate::cli::report::ReportArgs;
use crate::cli::report::RoutesArgs;
use crate::cli::scenario::CheckArgs;
use crate::cli::scenario::GenerateArgs;
use crate::cli::serve::ServeArgs;
use crate::cli::watching::LineageArgs;
use crate::cli::watching::TailArgs;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand};
use clap_complete::Shell;

use crate::cli::failure::{Failure, print};
use crate::cli::watching::{HealthcheckArgs, WaitArgs};
use crate::exit;

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
    /// Reads a scenario and reports all of its mistakes
    Check(CheckArgs),
    /// Lists the vendors' operations, with their paths and evidence
    Routes(RoutesArgs),
    /// Tells how each operation, refusal, field and switch is known to be the vendor's
    Fidelity(ReportArgs),
    /// Prints a vendor's contract, or the section that a reason names as its source
    Contract(ContractArgs),
    /// Lists the switches for what the vendors' papers leave open
    Variants(ReportArgs),
    /// Writes made-up rows for a scenario, as CSV, to stdout
    Generate(GenerateArgs),
    /// Follows a running world's journal, one line per exchange
    Tail(TailArgs),
    /// Shows a person's way across the vendors of a running world, in order of time
    Lineage(LineageArgs),
    /// Waits until a running program serves, or until something has happened in a world
    Wait(WaitArgs),
    /// Says by its exit code whether a running program serves: 0 for yes, 1 for no
    Healthcheck(HealthcheckArgs),
    /// Prints the JSON Schema of a scenario
    Schema,
    /// Prints what a shell needs to complete commands and flags
    Completions(CompletionsArgs),
    /// Runs the steps of scenarios, each in a fresh world, and says what differs
    Replay(ReplayArgs),
}

/// Runs the program.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are answers, not mistakes.
            let fine = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
            let _ = error.print();
            return ExitCode::from(if fine { exit::FINE } else { exit::BAD_INPUT });
        }
    };
    match cli.command {
        Command::Serve(args) => ended_in_time(args.run()),
        Command::Check(args) => ended(args.run()),
        Command::Routes(args) => ended(args.run()),
        Command::Fidelity(args) => ended(args.fidelity()),
        Command::Contract(args) => ended(args.run()),
        Command::Variants(args) => ended(args.variants()),
        Command::Generate(args) => ended(args.run()),
        Command::Tail(args) => ended(args.run()),
        Command::Lineage(args) => ended(args.run()),
        Command::Wait(args) => ended(args.run()),
        Command::Healthcheck(args) => ended(args.run()),
        Command::Schema => ended(scenario::schema()),
        Command::Completions(args) => ended(args.run()),
        Command::Replay(args) => ended(args.run()),
    }
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
        clap_complete::generate(self.shell, &mut Cli::command(), "ringback", &mut script);
        print(String::from_utf8_lossy(&script).trim_end())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use clap::CommandFactory;

    use super::*;
    use crate::cli::token::TOKEN_VARIABLE;

    #[test]
    fn each_flag_has_a_variable_and_each_variable_one_meaning() {
        let cli = Cli::command();
        cli.clone().debug_assert();
        let mut meanings: BTreeMap<String, String> = BTreeMap::new();
        let mut n_flags = 0;
        for command in cli.get_subcommands() {
            for arg in command.get_arguments().filter(|arg| !arg.is_global_set()) {
                let (name, id) = (command.get_name(), arg.get_id().as_str());
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
        assert!(n_flags > 25, "the commands were not found");
    }
}
