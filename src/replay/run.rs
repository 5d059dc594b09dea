//! Replays one scenario: makes its world, runs its steps, has a strict world judge them, and deletes the
//! world.
//!
//! Not here: the steps (`session`).

use http::{Method, StatusCode};
use serde_json::{Value as Json, json};

use crate::base::limits::PAGE_ROWS_MAX;
use crate::base::lock::lock;
use crate::base::text::counted;
use crate::client::Target;
use crate::client::judged::Found;
use crate::replay::control::{RunError, control};
use crate::replay::difference::Difference;
use crate::replay::plan::Plan;
use crate::replay::session::Session;
use crate::replay::site::Site;
use crate::replay::verdict::{Differed, Ended, ScenarioOutcome, StepOutcome, Verdict};
use crate::scenario::step::Step;

/// Names that are tried for a world at a server that others use as well.
const NAMES_MAX: usize = 1000;

/// Says of all steps that they were not run.
pub(crate) fn not_run(plan: &Plan, reason: &str) -> ScenarioOutcome {
    let steps =
        plan.steps.iter().map(|step| StepOutcome::of(step, Ended::NotRun(reason.to_owned())));
    ScenarioOutcome {
        file: plan.file.clone(),
        title: plan.title.clone(),
        then: plan.then.clone(),
        steps: steps.collect(),
    }
}

/// Replays one scenario.
///
/// # Errors
/// Where no world can be made for it.
pub(crate) async fn scenario(
    site: &Site,
    plan: &Plan,
    number: usize,
) -> Result<ScenarioOutcome, RunError> {
    let Some(admin) = &site.admin else {
        if plan.needs_control() {
            let reason = "its steps need a control plane, and none was given with --admin";
            return Ok(not_run(plan, reason));
        }
        return Ok(Session::new(site, &plan.secrets, None).run(plan).await);
    };
    let world = match &plan.world {
        Some(world) => world.clone(),
        None => make_world(admin, plan, number).await?,
    };
    if let Some(variants) = &site.variants {
        let path = format!("/v1/worlds/{world}/variants");
        control(admin, Method::PUT, &path, variants).await?.whole()?;
    }
    let mut outcome = Session::new(site, &plan.secrets, Some(world.clone())).run(plan).await;
    if outcome.verdict() == Verdict::Passed
        && let Some(last) = plan.steps.last()
    {
        outcome.steps.extend(judged(admin, &world, last).await?);
    }
    if let Some(covered) = &site.covered {
        let path = format!("/v1/worlds/{world}/coverage");
        let told = control(admin, Method::GET, &path, &Json::Null).await?.whole()?;
        lock(covered).insert(number, told);
    }
    if let Some(journals) = &site.journals {
        let told = journal(admin, &world).await?;
        lock(journals).insert(number, told);
    }
    let path = format!("/v1/worlds/{world}");
    control(admin, Method::DELETE, &path, &json!({})).await?.whole()?;
    Ok(outcome)
}

/// All that the journal of a world has.
async fn journal(admin: &Target, world: &str) -> Result<Json, RunError> {
    let mut all = Vec::new();
    let mut after = Json::from(0);
    loop {
        let path = format!("/v1/worlds/{world}/journal?after={after}&limit={PAGE_ROWS_MAX}");
        let mut page = control(admin, Method::GET, &path, &Json::Null).await?.whole()?;
        let Json::Array(entries) = page["entries"].take() else { break };
        let Some(last) = entries.last() else { break };
        after = last["seq"].clone();
        all.extend(entries);
    }
    Ok(Json::Array(all))
}

/// What a strict world says of the whole run, as a last step; `None` where it is not strict.
async fn judged(admin: &Target, world: &str, end: &Step) -> Result<Option<StepOutcome>, RunError> {
    let path = format!("/v1/worlds/{world}/findings");
    let found = control(admin, Method::GET, &path, &Json::Null).await?.whole()?;
    let found: Found =
        serde_json::from_value(found).map_err(|error| RunError::Unread { path, error })?;
    let Some(strict) = found.strict else { return Ok(None) };
    let difference = |subject: String, expected: String, found: String| Difference {
        kind: "strict",
        at: end.at.clone(),
        subject,
        expected,
        found,
    };
    let mut differences = Vec::new();
    for it in strict.unexpected {
        let (subject, found) = (format!("entry {}", it.seq), format!("{}: {}", it.line, it.reason));
        differences.push(difference(subject, "only what is expected".into(), found));
    }
    for unmet in strict.unmet {
        differences.push(difference("expectation".into(), unmet.expected, unmet.reason));
    }
    if differences.is_empty() && strict.verdict != "pass" {
        let evicted = counted(strict.evicted, "entry", "entries");
        let found = format!("{evicted} went to make room");
        differences.push(difference("journal".into(), "all of it".into(), found));
    }
    let ended = if differences.is_empty() {
        Ended::Passed
    } else {
        Ended::Differed(Box::new(Differed::of(differences)))
    };
    let name = "the run is as the strict world expects".to_owned();
    Ok(Some(StepOutcome { name, ..StepOutcome::of(end, ended) }))
}

/// Makes a world at a server elsewhere, under a name that nobody has.
async fn make_world(admin: &Target, plan: &Plan, number: usize) -> Result<String, RunError> {
    for attempt in 0..NAMES_MAX {
        let name = format!("replay-{}-{number}-{attempt}", std::process::id());
        let body = json!({ "name": name, "scenario": plan.scenario });
        let answer = control(admin, Method::POST, "/v1/worlds", &body).await?;
        if answer.status != StatusCode::CONFLICT {
            answer.whole()?;
            return Ok(name);
        }
    }
    Err(RunError::NoName)
}
