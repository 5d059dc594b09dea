//! `run --explore-variants` and `replay --explore-variants`: the same again under every other reading.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::os::fd::OwnedFd;
use std::os::unix::fs::OpenOptionsExt;

use rustix::io::dup;
use rustix::stdio::{dup2_stderr, dup2_stdout};

use crate::app::{self, Program, Telling, Told, explored};
use crate::base::clock::system_now;
use crate::base::text::counted;
use crate::base::time::Instant;
use crate::cli::explore_args::ExploreArgs;
use crate::cli::failure::{Failure, bad_input, runtime};
use crate::cli::progress::{Progress, Unit};
use crate::cli::run::RunArgs;
use crate::cli::run_report::no_resource;
use crate::exit;
use crate::explore::report::{Explored, Tried, pairs};
use crate::explore::seen::{self, Seen};
use crate::explore::touched::{Turn, stated, touches};
use crate::replay::all;
use crate::replay::verdict::{Ended, Outcome, Verdict};

/// Longest line of a client's last words.
const LAST_WORDS_CHARS: usize = 200;

/// Differences of a replay that are told of one reading.
const DIFFERENCES_MAX: usize = 3;

/// Why a client is not tried under other readings.
const NOT_AS_IT_IS: &str =
    "the run does not pass as it is, and what breaks the client cannot be told from that";

/// What a shell makes of a client that was interrupted.
const INTERRUPTED: u8 = 130;

/// One run of the client.
struct Once {
    code: u8,
    seen: Vec<Seen>,
    last_words: String,
    told: Told,
}

/// Runs a client as it is, and then under every other reading.
///
/// # Errors
/// Where the client cannot be run, or fails as it is.
pub(super) fn run(args: &RunArgs) -> Result<u8, Failure> {
    // Dropped last: it writes what was said until then.
    let _log = args.begin()?;
    let explore = args.explore;
    let scenario = explored::scenario(&args.config())?;
    let (first, now) = once(args, &[], false)?;
    if let Some((lines, code)) = args.as_it_is(&first.told, first.code) {
        let lines = lines.iter().map(String::as_str);
        for line in lines.chain([NOT_AS_IT_IS]) {
            let _ = writeln!(io::stderr(), "ringback: {line}");
        }
        return Ok(code);
    }
    let now = now.unwrap_or_else(|| system_now().as_world_time());
    let touches =
        touches(&first.seen, &scenario, now).map_err(|error| no_resource(error.to_string()))?;
    let mut explored = Explored {
        as_it_is: format!("exit code {}", first.code),
        seen: first.seen,
        touches,
        ..Explored::default()
    };
    let singles: Vec<Vec<Turn>> = explored.touches.iter().map(|it| vec![it.turn]).collect();
    let progress = Progress::new("readings tried", None, Unit::Things);
    let mut goes_on = tries(args, explore, singles, &mut explored, &progress)?;
    if goes_on {
        let broken: Vec<Turn> = explored.breaks().flat_map(|it| it.turns.iter().copied()).collect();
        let both = pairs(&explored.touches, &broken).into_iter();
        let both = both.map(|(one, other)| vec![one, other]).collect();
        goes_on = tries(args, explore, both, &mut explored, &progress)?;
    }
    progress.end();
    if !goes_on {
        let _ = writeln!(io::stderr(), "ringback: interrupted; what follows is what was tried");
    }
    args.tell(|is_json| if is_json { explored.json().to_string() } else { lines(&explored) })?;
    Ok(code(explore, &explored))
}

/// Tries readings as far as the budget goes; whether to go on.
fn tries(
    args: &RunArgs,
    explore: ExploreArgs,
    readings: Vec<Vec<Turn>>,
    explored: &mut Explored,
    progress: &Progress,
) -> Result<bool, Failure> {
    for turns in readings {
        if explored.tried.len() >= explore.explore_budget {
            explored.n_left += 1;
            continue;
        }
        progress.say(turns.iter().map(Turn::line).collect::<Vec<_>>().join(" with "));
        let (ran, _) = once(args, &turns, true)?;
        if ran.code == INTERRUPTED {
            return Ok(false);
        }
        explored.tried.push(Tried {
            turns,
            ended: format!("exit code {}", ran.code),
            breaks: ran.code != 0,
            n_exchanges: ran.seen.len(),
            differences: Vec::new(),
            last_words: ran.last_words,
        });
        progress.add(1);
    }
    Ok(true)
}

/// Runs the client once, with switches turned; also the time at which its world began.
fn once(args: &RunArgs, turns: &[Turn], quiet: bool) -> Result<(Once, Option<Instant>), Failure> {
    let runtime = runtime()?;
    let mut program: Program = runtime.block_on(app::start(args.config(), None))?;
    let internal = |error: crate::contract::reply::InternalError| no_resource(error.to_string());
    let turned = turns.iter().map(|turn| turn.to_switch()).collect();
    runtime.block_on(program.turn(turned)).map_err(internal)?;
    program.judge_from_now();
    program.keep_what_goes();
    let now = program.now();
    let folder = args.folder(&program)?;
    let changes = args.changes(&program, &folder)?;
    let aside = quiet.then(Aside::begin).transpose();
    let aside = aside.map_err(|error| no_resource(format!("no file for its output: {error}")))?;
    let ran = args.client(&runtime, &mut program, &folder, &changes);
    let last_words = aside.map(Aside::end).unwrap_or_default();
    let ended = ran?;
    let code = ended.code;
    let entries = program.exchanges().map_err(internal)?;
    let seen = entries.map(|it| seen::of_journal(it.shown())).unwrap_or_default();
    let mut told = runtime.block_on(program.finish_and_tell(Telling::default()))?;
    told.facts.elsewhere = ended.elsewhere;
    told.facts.client = code;
    Ok((Once { code, seen, last_words, told }, now))
}

/// The exit code of what was found.
fn code(explore: ExploreArgs, explored: &Explored) -> u8 {
    let depends = explore.fail_on_dependence && explored.breaks().next().is_some();
    if depends { exit::DIFFERED } else { exit::FINE }
}

fn lines(explored: &Explored) -> String {
    let text = explored.text();
    let lines: Vec<String> = text.lines().map(|line| format!("ringback: {line}")).collect();
    lines.join("\n")
}

/// What a client says, kept aside: of a hundred runs nobody wants to read it all.
struct Aside {
    file: File,
    stdout: OwnedFd,
    stderr: OwnedFd,
}

impl Aside {
    fn begin() -> io::Result<Self> {
        let path = std::env::temp_dir().join(format!("ringback-aside-{}", std::process::id()));
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).create_new(true).mode(0o600).open(&path)?;
        // It has no name from now on, and goes with the last who holds it.
        std::fs::remove_file(&path)?;
        let (stdout, stderr) = (dup(io::stdout())?, dup(io::stderr())?);
        dup2_stdout(&file)?;
        dup2_stderr(&file)?;
        Ok(Aside { file, stdout, stderr })
    }

    /// Gives the outputs back; answers the last line that was said.
    fn end(mut self) -> String {
        // Where that fails, there is nobody to tell.
        let _ = dup2_stdout(&self.stdout);
        let _ = dup2_stderr(&self.stderr);
        let mut bytes = Vec::new();
        let _ = self.file.rewind();
        let _ = self.file.read_to_end(&mut bytes);
        let text = String::from_utf8_lossy(&bytes);
        let last = text.lines().rev().map(str::trim).find(|line| !line.is_empty());
        last.unwrap_or_default().chars().take(LAST_WORDS_CHARS).collect()
    }
}

/// Replays scenarios as they are, and then under every other reading.
///
/// # Errors
/// Where they cannot be replayed, or differ as they are.
pub(super) fn replay(
    config: &all::Config,
    explore: ExploreArgs,
    is_json: bool,
) -> Result<(String, u8), Failure> {
    if config.against.is_some() {
        let text =
            "--explore-variants turns switches in worlds of this process; leave --against out";
        return Err(bad_input(text));
    }
    let runtime = runtime()?;
    let again = |turn: Option<Turn>| {
        let mut config = config.clone();
        config.variants.extend(turn.map(|turn| turn.line().replace(" = ", "=")));
        let done = runtime.block_on(all::all(&config, &mut |_| {}));
        done.map_err(Failure::from)
    };
    let first = again(None)?;
    if first.verdict() == Verdict::Differed {
        let text = "the scenarios differ as they are; replay them without --explore-variants first";
        return Err(Failure { text: text.into(), code: exit::DIFFERED });
    }
    let mut explored = Explored {
        as_it_is: format!(
            "{} passed",
            counted(first.count(Verdict::Passed), "scenario", "scenarios")
        ),
        ..Explored::default()
    };
    let progress = Progress::new("readings tried", None, Unit::Things);
    for turn in every_turn() {
        if explored.tried.len() >= explore.explore_budget {
            explored.n_left += 1;
            continue;
        }
        progress.say(turn.line());
        let outcome = again(Some(turn))?;
        let n_differ = outcome.count(Verdict::Differed);
        explored.tried.push(Tried {
            turns: vec![turn],
            ended: counted(n_differ, "scenario differs", "scenarios differ"),
            breaks: n_differ > 0,
            n_exchanges: 0,
            differences: differences(&outcome),
            last_words: String::new(),
        });
        progress.add(1);
    }
    progress.end();
    let text = if is_json { explored.json().to_string() } else { explored.text() };
    Ok((text.trim_end().to_owned(), code(explore, &explored)))
}

/// Every position that is no default, of every vendor.
fn every_turn() -> Vec<Turn> {
    let mut turns = Vec::new();
    for vendor in app::vendors().0 {
        let surface = vendor.surface;
        let base = stated(&serde_json::Value::Null, surface.vendor, surface.variants);
        for (variant, switch) in surface.variants.iter().enumerate() {
            for position in 1..u8::try_from(switch.values.len()).unwrap_or(u8::MAX) {
                let (vendor, before) = (surface.vendor, base[variant]);
                turns.push(Turn { vendor, variant, position, before });
            }
        }
    }
    turns
}

/// What the first scenarios that differ say.
fn differences(outcome: &Outcome) -> Vec<String> {
    let mut lines = Vec::new();
    for scenario in &outcome.scenarios {
        for step in &scenario.steps {
            let Ended::Differed(differed) = &step.ended else { continue };
            if let Some(it) = differed.differences.first() {
                lines.push(format!(
                    "{}, step {:?}: it takes {} to be {}; here it is {}",
                    scenario.file, step.name, it.subject, it.expected, it.found
                ));
            }
        }
    }
    lines.truncate(DIFFERENCES_MAX);
    lines
}
