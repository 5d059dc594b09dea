//! A whole replay: all scenarios read and checked, then run side by side, each in a world of its own.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::Value as Json;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::client::Target;
use crate::embed::{self, Ringback};
use crate::replay::enough::Enough;
use crate::replay::error::ReplayError;
pub(crate) use crate::replay::plan::OpenedAs;
use crate::replay::plan::{self, Plan};
use crate::replay::run;
use crate::replay::site::{AsksWhy, Covered, Site};
use crate::replay::switches::turned;
use crate::replay::verdict::{Outcome, ScenarioOutcome, Verdict};
use crate::scenario::step::Step;
use crate::sim::worlds::Worlds;

/// How the names of worlds begin that are made here.
const WORLD: &str = "replay-";

/// What to replay, and where.
#[derive(Clone, Debug, Default)]
pub(crate) struct Config {
    /// Files, and folders of files.
    pub paths: Vec<PathBuf>,
    /// A server elsewhere; this process where it is left out.
    pub against: Option<String>,
    /// The control plane of that server.
    pub admin: Option<String>,
    pub admin_token: Option<String>,
    pub seed: Option<u64>,
    /// Switches to turn in each world: `vendor.switch=value`.
    pub variants: Vec<String>,
    /// Only scenarios whose file or title has this in it.
    pub filter: Option<String>,
    pub fail_fast: bool,
    /// Whether requests and replies are kept for the report.
    pub verbose: bool,
    /// How many scenarios run at a time.
    pub jobs: usize,
    /// Where the coverage of each world goes, where it is asked for.
    pub covered: Option<Covered>,
    /// Where the journal of each world goes, where it is asked for.
    pub journals: Option<Covered>,
    /// Whether replies are kept as they came, to be compared with others.
    pub compares: bool,
    /// What becomes of the steps before they are taken.
    pub prepare: Option<Prepare>,
    /// Where is kept why nothing more is asked, of a system that is somebody else's.
    pub enough: Option<Enough>,
}

/// Changes the steps of a scenario before they are taken.
#[derive(Clone)]
pub(crate) struct Prepare(pub(crate) Arc<PrepareSteps>);

/// What is done to the steps of a scenario.
type PrepareSteps = dyn Fn(&mut Vec<Step>) + Send + Sync;

impl std::fmt::Debug for Prepare {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Prepare")
    }
}

/// How far a replay is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Progress<'p> {
    pub n_done: usize,
    pub n_all: usize,
    pub scenario: &'p ScenarioOutcome,
}

/// Replays everything; tells `progress` of each scenario as it ends.
///
/// # Errors
/// What is wrong with the scenarios, the switches or the server. Nothing was replayed then, or not
/// all of it.
pub(crate) async fn all(
    config: &Config,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Outcome, ReplayError> {
    let ringback = Ringback::start().serve()?;
    let variants = turned(&config.variants, ringback.worlds().vendors())?;
    let plans = tokio::task::block_in_place(|| plans(config, ringback.worlds()))?;
    let site = site(config, &ringback, variants).await?;
    let outcome = run_all(config, site, plans, progress).await;
    tokio::task::block_in_place(|| drop(ringback));
    let outcome = outcome?;
    // What is compared is told by who compares it.
    if !config.compares && outcome.count(Verdict::NotRun) == outcome.scenarios.len() {
        let reason = outcome.scenarios.first().and_then(ScenarioOutcome::not_run);
        let reason = reason.unwrap_or("there is no step").to_owned();
        return Err(ReplayError::NothingRun { reason });
    }
    Ok(outcome)
}

/// Reads all scenarios.
fn plans(config: &Config, worlds: &Worlds) -> Result<Vec<Plan>, ReplayError> {
    let library = embed::library();
    let mut plans = Vec::new();
    let mut mistakes = Vec::new();
    for (number, found) in plan::gather(&config.paths)?.iter().enumerate() {
        let world = format!("{WORLD}{number}");
        match plan::read(&library, worlds, found, &world, config.seed) {
            Ok(read) => plans.extend(read.into_iter().filter(|plan| is_wanted(config, plan))),
            Err(mistake) => mistakes.push(mistake),
        }
    }
    if config.against.is_some() {
        // They were made to be checked; those that count are made there.
        let made = |name: &str| name.starts_with(WORLD);
        for world in worlds.all().into_iter().filter(|world| made(world.name())) {
            worlds.delete(world.name())?;
        }
    }
    if !mistakes.is_empty() {
        return Err(ReplayError::Mistakes(mistakes));
    }
    if plans.is_empty() {
        return Err(ReplayError::NoScenario { filter: config.filter.clone() });
    }
    if config.against.is_some() {
        for plan in &mut plans {
            plan.world = None;
        }
    }
    if let Some(Prepare(prepare)) = &config.prepare {
        for plan in &mut plans {
            prepare(&mut plan.steps);
        }
    }
    Ok(plans)
}

fn is_wanted(config: &Config, plan: &Plan) -> bool {
    is_called(config, &plan.file, plan.title.as_deref())
}

fn is_called(config: &Config, file: &str, title: Option<&str>) -> bool {
    let Some(filter) = &config.filter else { return true };
    file.contains(filter) || title.is_some_and(|title| title.contains(filter))
}

/// What the files hold that are to be replayed.
///
/// # Errors
/// Where a file is not there, or is no capsule although its name says so.
pub(crate) fn opened(config: &Config) -> Result<Vec<OpenedAs>, ReplayError> {
    let library = embed::library();
    let mut opened = Vec::new();
    for found in plan::gather(&config.paths)? {
        let more = plan::open(&library, &found);
        opened.extend(more.map_err(|mistake| ReplayError::Mistakes(vec![mistake]))?);
    }
    opened.retain(|it| is_called(config, &it.file, it.opened.title()));
    Ok(opened)
}

/// The server to replay against, which answers.
pub(crate) async fn site(
    config: &Config,
    ringback: &Ringback,
    variants: Option<Json>,
) -> Result<Site, ReplayError> {
    let here = |base: String| Target::at(base, None);
    let site = |target: Target, admin: Option<Target>| Site {
        target,
        admin,
        variants: variants.clone(),
        verbose: config.verbose,
        covered: config.covered.clone(),
        journals: config.journals.clone(),
        asks_why: AsksWhy::Never,
        compares: config.compares,
        enough: config.enough.clone(),
    };
    let Some(against) = &config.against else {
        return Ok(site(here(ringback.listen_url()), Some(here(ringback.admin_url()))));
    };
    let target = here(against.clone());
    target.probe().await?;
    let Some(admin) = &config.admin else {
        let needs = [config.covered.is_some(), config.journals.is_some()];
        if variants.is_some() || config.seed.is_some() || needs.contains(&true) {
            return Err(ReplayError::NeedsAdmin);
        }
        return Ok(site(target, None));
    };
    let admin = Target::at(admin.clone(), config.admin_token.clone());
    let version = admin.get("/version").await?;
    let answer: Json = serde_json::from_slice(&version.body).unwrap_or_default();
    if answer["version"].is_null() {
        let detail = answer["detail"].as_str().unwrap_or("it does not answer like ringback's");
        return Err(ReplayError::Control { base: admin.base, detail: detail.to_owned() });
    }
    Ok(site(target, Some(admin)))
}

async fn run_all(
    config: &Config,
    site: Site,
    plans: Vec<Plan>,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Outcome, ReplayError> {
    let n_all = plans.len();
    let site = Arc::new(site);
    let room = Arc::new(Semaphore::new(config.jobs.max(1)));
    let is_over = Arc::new(AtomicBool::new(false));
    let mut running = JoinSet::new();
    for (number, plan) in plans.into_iter().enumerate() {
        let (site, room, is_over) = (Arc::clone(&site), Arc::clone(&room), Arc::clone(&is_over));
        let fail_fast = config.fail_fast;
        running.spawn(async move {
            let _permit = room.acquire().await;
            if is_over.load(Ordering::Relaxed) {
                let reason = "an earlier scenario differs, and --fail-fast was given";
                return (number, Ok(run::not_run(&plan, reason)));
            }
            if let Some(reason) = site.enough.as_ref().and_then(|it| it.get()) {
                return (number, Ok(run::not_run(&plan, reason)));
            }
            let outcome = run::scenario(&site, &plan, number).await;
            let differs = matches!(&outcome, Ok(it) if it.verdict() == Verdict::Differed);
            if (fail_fast && differs) || outcome.is_err() {
                is_over.store(true, Ordering::Relaxed);
            }
            (number, outcome.map_err(|error| ReplayError::Run { file: plan.file, error }))
        });
    }
    let mut done: Vec<(usize, ScenarioOutcome)> = Vec::new();
    while let Some(ended) = running.join_next().await {
        let (number, outcome) = ended.map_err(|error| ReplayError::Task(error.into()))?;
        let scenario = outcome?;
        progress(Progress { n_done: done.len() + 1, n_all, scenario: &scenario });
        done.push((number, scenario));
    }
    done.sort_by_key(|(number, _)| *number);
    Ok(Outcome { scenarios: done.into_iter().map(|(_, scenario)| scenario).collect() })
}
