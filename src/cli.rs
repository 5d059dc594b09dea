//! The command line: flags, their environment variables, and what goes to the terminal.

#![expect(clippy::print_stderr, reason = "only the command line prints")]

use std::io::{self, IsTerminal, Write};
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::error::ErrorKind;
use clap::{Args, Parser, Subcommand};

use crate::app::{self, AppError, Config, Listen};
use crate::base::limits;
use crate::base::seed::Seed;
use crate::client::lineage::Lineage;
use crate::client::tail::{Tail, TailError};
use crate::client::{FetchError, Target};
use crate::contract::evidence::Evidence;
use crate::contract::surface::Surface;
use crate::exit;
use crate::net::server::Limits;
use crate::replay::all;
use crate::replay::report::Kind;
use crate::replay::text;
use crate::replay::verdict::Verdict;
use crate::sim::documents::fidelity;
use crate::sim::outside::people::crowd;
use crate::sim::worlds::name::DEFAULT;
use crate::store::database::Sync;

mod running;

use running::{CompletionsArgs, HealthcheckArgs, WaitArgs};

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

#[derive(Debug, Args)]
struct ServeArgs {
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

#[derive(Debug, Args)]
struct CheckArgs {
    /// Scenario file; the demo where left out
    #[arg(env = "RINGBACK_SCENARIO")]
    scenario: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct RoutesArgs {
    /// Only this vendor
    #[arg(env = "RINGBACK_VENDOR")]
    vendor: Option<String>,
}

#[derive(Debug, Args)]
struct ReportArgs {
    /// Only this vendor
    #[arg(env = "RINGBACK_VENDOR")]
    vendor: Option<String>,
    /// As JSON, for programs
    #[arg(long, env = "RINGBACK_JSON")]
    json: bool,
}

#[derive(Debug, Args)]
struct GenerateArgs {
    /// What to make up: the vendor and the collection, such as `jtel-contacts`
    #[arg(env = "RINGBACK_WHAT")]
    what: String,
    /// How many rows
    #[arg(long, env = "RINGBACK_COUNT", default_value_t = 1000)]
    count: u64,
    /// The same seed makes up the same rows
    #[arg(long, env = "RINGBACK_SEED", default_value_t = 0)]
    seed: u64,
}

#[derive(Debug, Args)]
struct TailArgs {
    /// Admin address of the running program
    #[arg(long, env = "RINGBACK_ADMIN_URL", default_value = "http://127.0.0.1:8081")]
    admin: String,
    /// World to follow
    #[arg(long, env = "RINGBACK_WORLD", default_value = DEFAULT)]
    world: String,
    /// Begins after this sequence number instead of at the end; 0 for the whole journal
    #[arg(long, env = "RINGBACK_AFTER")]
    after: Option<u64>,
    /// Prints what there is, from the beginning where `--after` says nothing, and ends
    #[arg(long, env = "RINGBACK_NO_FOLLOW")]
    no_follow: bool,
    /// Below each exchange, prints a line for the shell that sends the request again
    #[arg(long, env = "RINGBACK_CURL")]
    curl: bool,
}

#[derive(Debug, Args)]
struct LineageArgs {
    /// The person's telephone number, written in any way
    #[arg(env = "RINGBACK_PHONE")]
    phone: String,
    /// Admin address of the running program
    #[arg(long, env = "RINGBACK_ADMIN_URL", default_value = "http://127.0.0.1:8081")]
    admin: String,
    /// World to look at
    #[arg(long, env = "RINGBACK_WORLD", default_value = DEFAULT)]
    world: String,
}

#[derive(Debug, Args)]
struct ReplayArgs {
    /// Scenario files, or folders of them
    #[arg(required = true, env = "RINGBACK_REPLAY", value_delimiter = ',')]
    paths: Vec<PathBuf>,
    /// A server to replay against, instead of this process: another Ringback, or a vendor's sandbox
    #[arg(long, env = "RINGBACK_AGAINST", value_name = "URL")]
    against: Option<String>,
    /// That server's control plane, with --against: makes a world for each scenario
    #[arg(long, env = "RINGBACK_ADMIN_URL", value_name = "URL")]
    admin: Option<String>,
    /// Seed in place of the scenarios' own
    #[arg(long, env = "RINGBACK_SEED", value_parser = clap::value_parser!(u64).range(..=i64::MAX as u64))]
    seed: Option<u64>,
    /// Turns switches in each world
    #[arg(
        long,
        env = "RINGBACK_VARIANTS",
        value_name = "VENDOR.SWITCH=VALUE",
        value_delimiter = ','
    )]
    variants: Vec<String>,
    /// Only scenarios whose file or title has this text in it
    #[arg(long, env = "RINGBACK_FILTER", value_name = "TEXT")]
    filter: Option<String>,
    /// Begins no further scenario once one differs
    #[arg(long, env = "RINGBACK_FAIL_FAST")]
    fail_fast: bool,
    /// Scenarios at a time; as many as there are processors where left out
    #[arg(long, env = "RINGBACK_JOBS", value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// What to say: text, json, junit, tap or github, to stdout or to a file; may be given more than
    /// once
    #[arg(
        long,
        env = "RINGBACK_REPORT",
        value_name = "KIND[=FILE]",
        default_value = "text",
        value_delimiter = ','
    )]
    report: Vec<String>,
}

/// The environment variable of the control plane's token; never a flag, because flags are seen by
/// everybody on the machine.
const TOKEN_VARIABLE: &str = "RINGBACK_ADMIN_TOKEN";

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
        Command::Serve(args) => ended(args.run()),
        Command::Check(args) => ended(args.run()),
        Command::Routes(args) => ended(args.run()),
        Command::Fidelity(args) => ended(args.fidelity()),
        Command::Variants(args) => ended(args.variants()),
        Command::Generate(args) => ended(args.run()),
        Command::Tail(args) => ended(args.run()),
        Command::Lineage(args) => ended(args.run()),
        Command::Wait(args) => ended(args.run()),
        Command::Healthcheck(args) => ended(args.run()),
        Command::Schema => ended(running::schema()),
        Command::Completions(args) => ended(args.run()),
        Command::Replay(args) => ended(args.run()),
    }
}

fn ended(result: Result<(), Failure>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::from(exit::FINE),
        Err(failure) => {
            if !failure.text.is_empty() {
                eprintln!("ringback: {}", failure.text);
            }
            ExitCode::from(failure.code)
        }
    }
}

/// An ending that is not fine: what to say, and the exit code.
#[derive(Debug)]
struct Failure {
    text: String,
    code: u8,
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        let code = match error {
            AppError::BadInput(_) | AppError::Scenario(_) => exit::BAD_INPUT,
            AppError::NotAsExpected(_) => exit::DIFFERED,
            AppError::Bind { .. } | AppError::Data(_) | AppError::Open(_) | AppError::Stdout(_) => {
                exit::NO_RESOURCE
            }
        };
        Failure { text: error.to_string(), code }
    }
}

impl From<TailError> for Failure {
    fn from(error: TailError) -> Self {
        let code = match error {
            TailError::Refused(_) | TailError::Fetch(FetchError::Address(_)) => exit::BAD_INPUT,
            _ => exit::NO_RESOURCE,
        };
        Failure { text: error.to_string(), code }
    }
}

impl ReplayArgs {
    fn run(self) -> Result<(), Failure> {
        let reports = reports(&self.report)?;
        let jobs = self.jobs.or_else(|| std::thread::available_parallelism().ok());
        let config = all::Config {
            paths: self.paths,
            against: self.against,
            admin: self.admin,
            admin_token: token()?,
            seed: self.seed,
            variants: self.variants,
            filter: self.filter,
            fail_fast: self.fail_fast,
            jobs: jobs.map_or(1, NonZeroUsize::get),
        };
        let mut progress = Progress { is_terminal: io::stderr().is_terminal() };
        let mut show = |it: all::Progress<'_>| progress.show(it);
        let outcome = runtime()?.block_on(all::all(&config, &mut show)).map_err(bad_input);
        progress.end();
        let outcome = outcome?;
        for (kind, file) in &reports {
            let text = kind.render(&outcome).map_err(bad_input)?;
            match file {
                None => print(text.trim_end())?,
                Some(file) => std::fs::write(file, text).map_err(|error| {
                    let text = format!("--report {}: {error}", file.display());
                    Failure { text, code: exit::NO_RESOURCE }
                })?,
            }
        }
        match outcome.verdict() {
            Verdict::Differed => {
                // Whoever reads the report on the terminal has been told.
                let is_told = reports.contains(&(Kind::Text, None));
                let text = if is_told { String::new() } else { text::summary(&outcome) };
                Err(Failure { text, code: exit::DIFFERED })
            }
            Verdict::Passed | Verdict::NotRun => Ok(()),
        }
    }
}

/// A line on the terminal that says how far a replay is; nothing where there is no terminal.
#[derive(Debug)]
struct Progress {
    is_terminal: bool,
}

/// Goes to the start of the line and clears it.
const CLEAR_LINE: &str = "\r\x1b[K";

impl Progress {
    fn show(&mut self, progress: all::Progress<'_>) {
        if self.is_terminal {
            let all::Progress { n_done, n_all, scenario } = progress;
            let verdict = scenario.verdict().name();
            eprint!("{CLEAR_LINE}[{n_done}/{n_all}] {} {verdict}", scenario.file);
        }
    }

    fn end(&mut self) {
        if self.is_terminal {
            eprint!("{CLEAR_LINE}");
        }
    }
}

/// The kinds of report, each with its file; one of them may go to stdout.
fn reports(given: &[String]) -> Result<Vec<(Kind, Option<PathBuf>)>, Failure> {
    let mut reports: Vec<(Kind, Option<PathBuf>)> = Vec::new();
    for text in given {
        let (word, file) = match text.split_once('=') {
            Some((word, file)) => (word, Some(PathBuf::from(file))),
            None => (text.as_str(), None),
        };
        let kind = Kind::parse(word).ok_or_else(|| {
            let known = Kind::ALL.map(|(word, _)| word).join(", ");
            bad_input(format!("--report {text:?}: expected one of {known}, or KIND=FILE"))
        })?;
        if file.is_none() && reports.iter().any(|(_, file)| file.is_none()) {
            let text =
                format!("--report {text:?} goes to stdout like the one before; give it a file");
            return Err(bad_input(text));
        }
        reports.push((kind, file));
    }
    Ok(reports)
}

fn bad_input(text: impl Into<String>) -> Failure {
    Failure { text: text.into(), code: exit::BAD_INPUT }
}

impl ServeArgs {
    fn run(self) -> Result<(), Failure> {
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

/// The control plane's token; an empty one is as good as none and surely a mistake.
fn token() -> Result<Option<String>, Failure> {
    match std::env::var(TOKEN_VARIABLE) {
        Ok(token) if token.is_empty() => {
            Err(bad_input(format!("{TOKEN_VARIABLE} is empty; unset it, or give it a value")))
        }
        Ok(token) => Ok(Some(token)),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => {
            Err(bad_input(format!("{TOKEN_VARIABLE} is not text in UTF-8")))
        }
    }
}

fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    let built = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    built.map_err(|error| Failure { text: error.to_string(), code: exit::NO_RESOURCE })
}

impl CheckArgs {
    fn run(self) -> Result<(), Failure> {
        let said = app::check(self.scenario)?;
        print(&said)
    }
}

/// The vendors that are asked for: one, or all.
fn wanted(vendor: Option<&str>) -> Result<Vec<&'static Surface>, Failure> {
    let surfaces: Vec<_> = app::vendors().0.iter().map(|vendor| vendor.surface()).collect();
    let Some(wanted) = vendor else { return Ok(surfaces) };
    let names: Vec<_> = surfaces.iter().map(|surface| surface.vendor).collect();
    let found = surfaces.into_iter().find(|surface| surface.vendor == wanted);
    found.map(|surface| vec![surface]).ok_or_else(|| {
        bad_input(format!(
            "there is no vendor called {wanted:?}; expected one of {}",
            names.join(", ")
        ))
    })
}

fn with_source(evidence: Evidence) -> String {
    format!("[{}, {}]", evidence.grade(), evidence.source())
}

impl RoutesArgs {
    fn run(self) -> Result<(), Failure> {
        for surface in wanted(self.vendor.as_deref())? {
            print(&format!("{}: {}", surface.vendor, surface.title))?;
            for operation in surface.operations {
                print(&format!(
                    "  {:<28} {:<6} {}  {}",
                    operation.name,
                    operation.method,
                    operation.path,
                    with_source(operation.evidence)
                ))?;
            }
        }
        Ok(())
    }
}

impl ReportArgs {
    fn fidelity(self) -> Result<(), Failure> {
        let surfaces = wanted(self.vendor.as_deref())?;
        if self.json {
            let reports: Vec<_> = surfaces.into_iter().map(fidelity::report).collect();
            return print(&serde_json::Value::from(reports).to_string());
        }
        for surface in surfaces {
            let facts = fidelity::facts(surface);
            print(&format!("{}: {}", surface.vendor, surface.title))?;
            for fact in &facts {
                let dot = if fact.group.is_empty() { "" } else { "." };
                print(&format!(
                    "  {:<13} {:<44} {:<11} {:<28} {}",
                    fact.kind,
                    format!("{}{dot}{}", fact.group, fact.name),
                    fact.evidence.grade(),
                    fact.evidence.source(),
                    fact.text
                ))?;
            }
            let totals = fidelity::totals(&facts).into_iter();
            let totals: Vec<_> =
                totals.map(|(grade, n_facts)| format!("{n_facts} {grade}")).collect();
            print(&format!("  total: {}\n", totals.join(", ")))?;
        }
        Ok(())
    }

    fn variants(self) -> Result<(), Failure> {
        let surfaces = wanted(self.vendor.as_deref())?;
        if self.json {
            let reports: Vec<_> = surfaces.into_iter().map(fidelity::switches).collect();
            return print(&serde_json::Value::from(reports).to_string());
        }
        for surface in surfaces {
            print(&format!("[{}.variants]", surface.vendor))?;
            for variant in surface.variants {
                print(&format!("\n# {}", variant.text))?;
                for value in variant.values {
                    let source = with_source(value.evidence);
                    print(&format!("#   {:<18} {} {source}", value.name, value.text))?;
                }
                print(&format!("{} = \"{}\"", variant.name, variant.values[0].name))?;
            }
            print("")?;
        }
        Ok(())
    }
}

impl GenerateArgs {
    fn run(self) -> Result<(), Failure> {
        let vendors = app::vendors().0.iter().flat_map(|vendor| vendor.generators());
        let mut generators = std::iter::once(&crowd::GENERATOR).chain(vendors);
        let names: Vec<_> = generators.clone().map(|generator| generator.name).collect();
        let found = generators.find(|generator| generator.name == self.what);
        let generator = found.ok_or_else(|| {
            let names = names.join(", ");
            bad_input(format!("there is no {:?} to make up; expected one of {names}", self.what))
        })?;
        let mut stdout = io::BufWriter::new(io::stdout().lock());
        let written = (generator.write)(&mut stdout, self.count, Seed(self.seed));
        match written.and_then(|()| stdout.flush()) {
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => {
                Err(bad_input(error.to_string()))
            }
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Failure { text: error.to_string(), code: exit::NO_RESOURCE })
            }
            _ => Ok(()),
        }
    }
}

impl TailArgs {
    fn run(self) -> Result<(), Failure> {
        let target = Target { base: self.admin, token: token()? };
        let tail = Tail {
            target,
            world: self.world,
            after: self.after,
            follow: !self.no_follow,
            curl: self.curl,
        };
        let mut print = |line: &str| {
            let mut stdout = io::stdout().lock();
            writeln!(stdout, "{line}").and_then(|()| stdout.flush())
        };
        match runtime()?.block_on(tail.run(&mut print)) {
            // The reader of a pipe has seen enough.
            Err(TailError::Print(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => other.map_err(Failure::from),
        }
    }
}

impl LineageArgs {
    fn run(self) -> Result<(), Failure> {
        let target = Target { base: self.admin, token: token()? };
        let lineage = Lineage { target, world: self.world, phone: self.phone };
        let lines = runtime()?.block_on(lineage.lines())?;
        print(&lines.join("\n"))
    }
}

fn print(line: &str) -> Result<(), Failure> {
    match writeln!(io::stdout(), "{line}") {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure { text: error.to_string(), code: exit::NO_RESOURCE })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use clap::CommandFactory;

    use super::*;

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
