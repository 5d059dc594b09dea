//! The shortest run of inputs that still shows the same failure.
//!
//! A failure is a step that differs, or where none does the last request that was refused. Inputs before it
//! are left out by halves, then by smaller and smaller parts, and each try is made in a world of its own: what
//! is left cannot lose one input more without losing the failure. What those inputs were answered is no longer
//! expected, as it may depend on what was left out.

use serde_json::Value as Json;

use crate::embed::{self, Ringback};
use crate::replay::all::{Config, opened, site};
use crate::replay::control::RunError;
use crate::replay::difference::Difference;
use crate::replay::error::ReplayError;
use crate::replay::inputs::{bare, inputs};
use crate::replay::plan::{OpenedAs, PlanError, plan};
use crate::replay::run;
use crate::replay::site::{AsksWhy, Site};
use crate::replay::switches::turned;
use crate::replay::verdict::{Differed, Ended, ScenarioOutcome};
use crate::scenario::ScenarioError;

/// Tries of one shrinking: far more than 10,000 inputs with one cause need.
const TRIES_MAX: usize = 2000;

/// The world of each try.
const WORLD: &str = "shrink";

/// What became of it.
#[derive(Debug)]
pub(crate) struct Shrunk {
    /// What stands by itself, with the steps that are left.
    pub(crate) scenario: Json,
    /// The failure, in a line.
    pub(crate) shows: String,
    pub(crate) n_before: usize,
    pub(crate) n_after: usize,
    pub(crate) n_tried: usize,
}

/// Why nothing is shrunk.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ShrinkError {
    #[error(transparent)]
    Replay(#[from] ReplayError),
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    #[error("{0}: {1}")]
    Steps(String, String),
    #[error(transparent)]
    Plan(#[from] PlanError),
    #[error(transparent)]
    Run(#[from] RunError),
    #[error("nothing differs, and no request is refused: there is no failure to keep")]
    NoFailure,
    #[error(
        "{0} does not fail again in a new world: what it depends on is not in its steps; expected a scenario \
         with a frozen clock"
    )]
    NotAgain(String),
}

/// A failure, as far as it is the same with fewer inputs before it.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Failure {
    Differs { kind: &'static str, subject: String, expected: String, found: String, rule: String },
    Refused { rule: String },
}

impl Failure {
    fn of(differed: &Differed) -> Option<Self> {
        let Difference { kind, subject, expected, found, .. } = differed.differences.first()?;
        let rule = differed.why.as_ref().map(|why| why.rule.clone()).unwrap_or_default();
        let [subject, expected, found] = [subject, expected, found].map(|it| without_numbers(it));
        Some(Failure::Differs { kind, subject, expected, found, rule })
    }

    /// What the last input shows.
    fn at_the_end(outcome: &ScenarioOutcome) -> Option<Self> {
        let last = outcome.steps.last()?;
        match &last.ended {
            Ended::Differed(differed) => Failure::of(differed),
            Ended::Passed => Some(Failure::Refused { rule: last.heard.why.as_ref()?.rule.clone() }),
            Ended::NotRun(_) => None,
        }
    }
}

/// Ids and times are other ones where there were fewer inputs before.
fn without_numbers(text: &str) -> String {
    let mut told = String::with_capacity(text.len());
    for it in text.chars() {
        if !it.is_ascii_digit() {
            told.push(it);
        } else if !told.ends_with('9') {
            told.push('9');
        }
    }
    told
}

/// A failure, where it shows, and how it is told.
struct Found {
    failure: Failure,
    /// How many inputs there are up to it, itself among them.
    n_inputs: usize,
    /// Whether the last of them is what fails; a strict world judges all of them.
    is_last: bool,
    shows: String,
}

/// Where tries are made.
struct Stage {
    ringback: Ringback,
    site: Site,
    seed: Option<u64>,
}

impl Stage {
    async fn new(config: &Config) -> Result<Self, ReplayError> {
        let ringback = Ringback::start().serve()?;
        let variants = turned(&config.variants, ringback.worlds().vendors())?;
        let site = site(config, &ringback, variants).await?;
        Ok(Stage { ringback, site, seed: config.seed })
    }

    async fn run(
        &self,
        file: &str,
        scenario: &Json,
        asks_why: AsksWhy,
    ) -> Result<ScenarioOutcome, ShrinkError> {
        let library = embed::library();
        let opened = OpenedAs {
            file: file.to_owned(),
            opened: library.read_json(scenario),
            then: Vec::new(),
        };
        let worlds = self.ringback.worlds();
        let plan = tokio::task::block_in_place(|| {
            // One that had mistakes has left its world.
            worlds.delete(WORLD).map_err(ReplayError::Delete)?;
            plan(worlds, opened, true, WORLD, self.seed).map_err(ShrinkError::Plan)
        });
        match plan? {
            Some(plan) => {
                let site = Site { asks_why, ..self.site.clone() };
                Ok(run::scenario(&site, &plan, 0).await?)
            }
            None => Err(ShrinkError::NoFailure),
        }
    }
}

/// A scenario that fails, and its inputs up to that.
struct Case<'c> {
    stage: &'c Stage,
    file: String,
    /// Without steps.
    scenario: Json,
    inputs: Vec<Json>,
    found: Found,
    n_tried: usize,
}

/// Shrinks the first scenario that fails; `tell` hears how many inputs are left.
///
/// # Errors
/// Where none fails, or it cannot be replayed.
pub(crate) async fn shrink(
    config: &Config,
    tell: &mut dyn FnMut(usize),
) -> Result<Shrunk, ShrinkError> {
    let stage = Stage::new(config).await?;
    let shrunk = first(config, &stage, tell).await;
    tokio::task::block_in_place(|| drop(stage));
    shrunk
}

async fn first(
    config: &Config,
    stage: &Stage,
    tell: &mut dyn FnMut(usize),
) -> Result<Shrunk, ShrinkError> {
    for OpenedAs { file, opened, .. } in opened(config)? {
        let mut scenario = opened.to_json_with_steps()?;
        let steps = scenario["step"].take();
        let all = inputs(steps.as_array().map(Vec::as_slice).unwrap_or_default())
            .map_err(|told| ShrinkError::Steps(file.clone(), told))?;
        if all.is_empty() {
            continue;
        }
        let whole = with_steps(&scenario, all.clone());
        let outcome = stage.run(&file, &whole, AsksWhy::Always).await?;
        let Some(found) = found(&outcome, all.len()) else { continue };
        let inputs = all[..found.n_inputs].to_vec();
        let case = Case { stage, file, scenario, inputs, found, n_tried: 1 };
        return case.shrink(tell).await;
    }
    Err(ShrinkError::NoFailure)
}

/// The first step that differs, else the last request that was refused.
fn found(outcome: &ScenarioOutcome, n_all: usize) -> Option<Found> {
    for (idx, step) in outcome.steps.iter().enumerate() {
        if let Ended::Differed(differed) = &step.ended {
            let first = differed.differences.first()?;
            return Some(Found {
                failure: Failure::of(differed)?,
                n_inputs: n_all.min(idx + 1),
                is_last: idx < n_all,
                shows: format!(
                    "{}: expected {}, found {}",
                    first.subject, first.expected, first.found
                ),
            });
        }
    }
    let idx = outcome.steps.iter().rposition(|step| step.heard.why.is_some())?;
    let why = outcome.steps[idx].heard.why.as_ref()?;
    let failure = Failure::Refused { rule: why.rule.clone() };
    Some(Found { failure, n_inputs: idx + 1, is_last: true, shows: format!("refused: {why}") })
}

fn with_steps(scenario: &Json, steps: Vec<Json>) -> Json {
    let mut whole = scenario.clone();
    whole["step"] = steps.into();
    whole
}

impl Case<'_> {
    async fn shrink(mut self, tell: &mut dyn FnMut(usize)) -> Result<Shrunk, ShrinkError> {
        let n_before = self.inputs.len();
        let n_free = n_before - usize::from(self.found.is_last);
        let mut left: Vec<usize> = (0..n_free).collect();
        // Often nothing else is needed.
        if self.shows(&[]).await? {
            left.clear();
        } else if !self.shows(&left).await? {
            return Err(ShrinkError::NotAgain(self.file));
        }
        let mut n_parts = 2;
        while !left.is_empty() && self.n_tried < TRIES_MAX {
            tell(left.len() + n_before - n_free);
            let size = left.len().div_ceil(n_parts);
            let mut fewer = None;
            for at in (0..left.len()).step_by(size) {
                let end = left.len().min(at + size);
                let others = [&left[..at], &left[end..]].concat();
                if self.shows(&others).await? {
                    fewer = Some(others);
                    break;
                }
            }
            match fewer {
                Some(others) => {
                    left = others;
                    n_parts = (n_parts - 1).max(2);
                }
                None if size == 1 => break,
                None => n_parts = (n_parts * 2).min(left.len()),
            }
        }
        let mut scenario = self.of(&left, true);
        // What the refused one was answered may depend on what was left out.
        if matches!(self.found.failure, Failure::Refused { .. })
            && !self.is_shown_by(&scenario).await?
        {
            scenario = self.of(&left, false);
        }
        let title = scenario["title"].as_str().unwrap_or(&self.file);
        scenario["title"] = format!("shrunk: {title}").into();
        let n_after = left.len() + n_before - n_free;
        let Case { found: Found { shows, .. }, n_tried, .. } = self;
        Ok(Shrunk { scenario, shows, n_before, n_after, n_tried })
    }

    /// Whether the failure shows with no others than these before it.
    async fn shows(&mut self, kept: &[usize]) -> Result<bool, ShrinkError> {
        let is_refusal = matches!(self.found.failure, Failure::Refused { .. });
        let scenario = self.of(kept, !is_refusal);
        self.is_shown_by(&scenario).await
    }

    async fn is_shown_by(&mut self, scenario: &Json) -> Result<bool, ShrinkError> {
        if scenario["step"].as_array().is_none_or(Vec::is_empty) {
            return Ok(false);
        }
        self.n_tried += 1;
        // A step may use what one that was left out would have captured.
        let outcome = match self.stage.run(&self.file, scenario, AsksWhy::AtTheEnd).await {
            Err(ShrinkError::Plan(PlanError::Mistakes { .. })) => return Ok(false),
            outcome => outcome?,
        };
        Ok(Failure::at_the_end(&outcome).as_ref() == Some(&self.found.failure))
    }

    /// The scenario with these inputs, and the one that fails behind them, which expects what it did or nothing.
    fn of(&self, kept: &[usize], expects: bool) -> Json {
        let mut steps: Vec<Json> = kept.iter().map(|idx| bare(&self.inputs[*idx])).collect();
        if let (true, Some(last)) = (self.found.is_last, self.inputs.last()) {
            steps.push(if expects { last.clone() } else { bare(last) });
        }
        with_steps(&self.scenario, steps)
    }
}
