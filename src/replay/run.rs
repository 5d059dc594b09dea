//! Runs the steps of one scenario, one after the other.
//!
//! A step that differs ends its scenario: what comes behind it builds on it.

use std::collections::BTreeMap;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use serde_json::{Value as Json, json};

use crate::client::entry::{Page, Seen, Why};
use crate::client::judged::Found;
use crate::client::{Arrival, FetchError, Incoming, Outgoing, Target};
use crate::embed;
use crate::replay::call::Call;
use crate::replay::compare::finder::Reply;
use crate::replay::compare::{captured, differences, unfilled};
use crate::replay::plan::Plan;
use crate::replay::request::request;
use crate::replay::secrets::Secrets;
use crate::replay::verdict::{
    Differed, Difference, Ended, ScenarioOutcome, StepOutcome, Verdict, clipped,
};
use crate::scenario::step::{Action, Mark, Round, Send, Step, Wanted};
use crate::scenario::template::{NoValue, Variables};
use crate::web::mask::masker::Masker;

/// How long a reply may take unless the step says otherwise. Longer than any delay that a scenario
/// should have.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Names that are tried for a world at a server that others use as well.
const NAMES_MAX: usize = 1000;

/// The header that names a world.
const WORLD_HEADER: HeaderName = HeaderName::from_static("x-ringback-world");

/// A server to replay against.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    pub target: Target,
    /// Its control plane; without it there is but one world, and only what a vendor's own API
    /// offers.
    pub admin: Option<Target>,
    /// Switches to turn in each world.
    pub variants: Option<Json>,
}

/// Why a scenario could not be run at all.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RunError {
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// The control plane says no, in its own words: its detail, then each mistake.
    #[error("{0}")]
    Refused(String),
    #[error("{path} cannot be read: {error}")]
    Unread { path: String, error: serde_json::Error },
    #[error("no name is free for a world at the server")]
    NoName,
}

/// Says of all steps that they were not run.
pub(crate) fn not_run(plan: &Plan, reason: &str) -> ScenarioOutcome {
    let steps = plan.steps.iter().map(|step| outcome(step, Ended::NotRun(reason.to_owned())));
    ScenarioOutcome { file: plan.file.clone(), title: plan.title.clone(), steps: steps.collect() }
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
        let session =
            Session { site, secrets: &plan.secrets, world: None, captured: BTreeMap::new() };
        return Ok(session.run(plan).await);
    };
    let world = match &plan.world {
        Some(world) => world.clone(),
        None => make_world(admin, plan, number).await?,
    };
    if let Some(variants) = &site.variants {
        let path = format!("/v1/worlds/{world}/variants");
        control(admin, Method::PUT, &path, variants).await?.whole()?;
    }
    let session = Session {
        site,
        secrets: &plan.secrets,
        world: Some(world.clone()),
        captured: BTreeMap::new(),
    };
    let mut outcome = session.run(plan).await;
    if outcome.verdict() == Verdict::Passed
        && let Some(last) = plan.steps.last()
    {
        outcome.steps.extend(judged(admin, &world, last).await?);
    }
    let path = format!("/v1/worlds/{world}");
    control(admin, Method::DELETE, &path, &json!({})).await?.whole()?;
    Ok(outcome)
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
        let found = format!("{} entries went to make room", strict.evicted);
        differences.push(difference("journal".into(), "all of it".into(), found));
    }
    let ended = if differences.is_empty() {
        Ended::Passed
    } else {
        Ended::Differed(Box::new(Differed { round: None, sent: None, differences, why: None }))
    };
    let name = "the run is as the strict world expects".to_owned();
    Ok(Some(StepOutcome { name, at: end.at.clone(), ended }))
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

/// An answer of the control plane.
struct Controlled {
    status: StatusCode,
    text: String,
}

impl Controlled {
    /// # Errors
    /// Where it is a refusal.
    fn whole(self) -> Result<Json, RunError> {
        let body: Json = serde_json::from_str(&self.text).unwrap_or_default();
        if self.status.is_success() {
            return Ok(body);
        }
        let mistakes = body["mistakes"]["mistakes"].as_array().into_iter().flatten();
        let told: Vec<&str> = mistakes.filter_map(|it| it["message"].as_str()).collect();
        let detail = body["detail"].as_str().unwrap_or(&self.text);
        Err(RunError::Refused([&[detail], told.as_slice()].concat().join("\n")))
    }
}

async fn control(
    admin: &Target,
    method: Method,
    path: &str,
    body: &Json,
) -> Result<Controlled, FetchError> {
    let fetched = admin.send(method, path, body).await?;
    let text = String::from_utf8_lossy(&fetched.body).into_owned();
    Ok(Controlled { status: fetched.status, text })
}

fn outcome(step: &Step, ended: Ended) -> StepOutcome {
    StepOutcome { name: step.name.clone(), at: step.at.clone(), ended }
}

/// One scenario on its way.
struct Session<'s> {
    site: &'s Site,
    secrets: &'s Secrets,
    world: Option<String>,
    captured: BTreeMap<String, Json>,
}

/// The variables of one round: its own, then what was captured.
struct Scope<'s> {
    round: BTreeMap<&'s str, Json>,
    captured: &'s BTreeMap<String, Json>,
}

impl Variables for Scope<'_> {
    fn value(&self, name: &str) -> Option<&Json> {
        self.round.get(name).or_else(|| self.captured.get(name))
    }
}

impl Session<'_> {
    async fn run(mut self, plan: &Plan) -> ScenarioOutcome {
        let mut steps = Vec::with_capacity(plan.steps.len());
        let mut stopped_by: Option<String> = None;
        for step in &plan.steps {
            if let Some(earlier) = &stopped_by {
                let reason = format!("the step {earlier:?} differs");
                steps.push(outcome(step, Ended::NotRun(reason)));
                continue;
            }
            let ended = match self.step(step).await {
                None => Ended::Passed,
                Some(differed) => {
                    stopped_by = Some(step.name.clone());
                    Ended::Differed(Box::new(differed))
                }
            };
            steps.push(outcome(step, ended));
        }
        ScenarioOutcome { file: plan.file.clone(), title: plan.title.clone(), steps }
    }

    /// Takes a step as often as it says; ends at the first round that differs.
    async fn step(&mut self, step: &Step) -> Option<Differed> {
        for (idx, round) in step.rounds.iter().enumerate() {
            if let Err(differed) = self.round(step, round).await {
                let mut differed = self.secrets.mask(differed, &self.captured);
                if step.rounds.len() > 1 {
                    differed.round = Some((idx + 1, round.at.clone()));
                }
                return Some(differed);
            }
        }
        None
    }

    async fn round(&mut self, step: &Step, round: &Round) -> Result<(), Differed> {
        let own = round.variables.iter();
        let own = own.map(|(name, value)| (name.as_str(), Json::from(value.as_str()))).collect();
        let scope = Scope { round: own, captured: &self.captured };
        let captured = match &step.action {
            Action::Send(send) => self.send(step, send, &scope).await?,
            Action::Event { vendor, name, with } => {
                let masker = self.secrets.masker(&self.captured);
                let call = Call::event(vendor, name, with, &scope, (self.secrets, &masker));
                self.control(step, call, &scope).await?
            }
            Action::Advance(by) => self.control(step, Call::advance(by, &scope), &scope).await?,
            Action::Seed(piece) => self.control(step, Call::seed(piece, &scope), &scope).await?,
            Action::Verify(condition) => {
                let masker = self.secrets.masker(&self.captured);
                self.control(step, Call::verify(condition, &scope, &masker), &scope).await?
            }
        };
        self.captured.extend(captured);
        Ok(())
    }

    async fn send(
        &self,
        step: &Step,
        send: &Send,
        scope: &Scope<'_>,
    ) -> Result<Vec<(String, Json)>, Differed> {
        let masker = self.secrets.masker(&self.captured);
        let timeout = step.timeout.map_or(TIMEOUT, Duration::from);
        let mut outgoing = request(send, scope, timeout).map_err(|reason| {
            let (wanted, reason) = ("one that can be sent", reason.to_string());
            let found = difference(&step.action_at, "variable", "request", wanted, reason);
            Differed { round: None, sent: None, differences: vec![found], why: None }
        })?;
        self.choose_world(&mut outgoing);
        let asked = format!("{} {}", outgoing.method, outgoing.path);
        let incoming = match self.site.target.exchange(outgoing).await {
            Ok(incoming) => incoming,
            Err(error) => {
                let found = difference(&step.action_at, "reply", "reply", "one", error.to_string());
                let differences = vec![found];
                return Err(Differed { round: None, sent: Some(asked), differences, why: None });
            }
        };
        let text = String::from_utf8_lossy(&incoming.body);
        let mut found: Vec<Difference> = arrival(step, &incoming, timeout).into_iter().collect();
        let mut values = Vec::new();
        // Where it did not arrive as expected, what did is not compared: it is known to be wrong.
        if let (Some((status, headers)), true) = (&incoming.head, found.is_empty()) {
            let reply = Reply { status: *status, headers, body: &text, masker: &masker };
            found = differences(&step.expect, &reply, scope);
            values = captures(step, &reply, &mut found);
        }
        if found.is_empty() {
            return Ok(values);
        }
        let why = self.why().await;
        Err(Differed { round: None, sent: Some(asked), differences: found, why })
    }

    /// Says which world a request is for, unless it says so itself.
    fn choose_world(&self, outgoing: &mut Outgoing) {
        let says_so = outgoing.path.starts_with("/w/")
            || outgoing.headers.iter().any(|(name, _)| *name == WORLD_HEADER);
        if let (Some(world), false) = (&self.world, says_so)
            && let Ok(value) = HeaderValue::from_str(world)
        {
            outgoing.headers.push((WORLD_HEADER, value));
        }
    }

    /// What is no request of a vendor's API: the control plane does it.
    async fn control(
        &self,
        step: &Step,
        call: Result<Call, NoValue>,
        scope: &Scope<'_>,
    ) -> Result<Vec<(String, Json)>, Differed> {
        let only = |found: Difference| Differed {
            round: None,
            sent: None,
            differences: vec![found],
            why: None,
        };
        let call = call.map_err(|variable| only(unfilled(&step.action_at, &variable)))?;
        let masker = self.secrets.masker(&self.captured);
        let (Some(admin), Some(world)) = (&self.site.admin, &self.world) else {
            let found =
                difference(&step.action_at, call.kind, call.kind, "a control plane", "none");
            return Err(only(found));
        };
        let path = format!("/v1/worlds/{world}{}", call.path);
        let answer = control(admin, Method::POST, &path, &call.body).await.map_err(|error| {
            only(difference(
                &step.action_at,
                call.kind,
                call.kind,
                call.wanted.clone(),
                error.to_string(),
            ))
        })?;
        let headers = HeaderMap::new();
        let reply =
            Reply { status: answer.status, headers: &headers, body: &answer.text, masker: &masker };
        let mut found = differences(&step.expect, &reply, scope);
        let states_status = step.expect.iter().any(|it| matches!(it.wanted, Wanted::Status(_)));
        if !states_status && !answer.status.is_success() {
            let body: Json = serde_json::from_str(&answer.text).unwrap_or_default();
            let wanted = body["expected"].as_str().map_or(call.wanted, str::to_owned);
            let reason = refusal(&answer.text, &body, &masker);
            found.insert(0, difference(&step.action_at, call.kind, call.kind, wanted, reason));
        }
        let values = captures(step, &reply, &mut found);
        if found.is_empty() {
            return Ok(values);
        }
        Err(Differed { round: None, sent: Some(call.sent), differences: found, why: None })
    }

    /// The journal's reason for the last refusal, where the last input is one.
    async fn why(&self) -> Option<Why> {
        let (admin, world) = (self.site.admin.as_ref()?, self.world.as_ref()?);
        let journal = format!("/v1/worlds/{world}/journal");
        let fetched = admin.get(&format!("{journal}?after={}&limit=1", i64::MAX)).await.ok()?;
        let page: Page<'_> = serde_json::from_slice(&fetched.body).ok()?;
        let fetched = admin.get(&format!("{journal}/{}", page.last_seq)).await.ok()?;
        serde_json::from_slice::<Seen<'_>>(&fetched.body).ok()?.why
    }
}

/// Why the control plane said no, in its own words.
fn refusal(text: &str, body: &Json, masker: &Masker) -> String {
    if body["verdict"].is_null() {
        return clipped(masker, body["detail"].as_str().unwrap_or(text));
    }
    let reason = body["reason"].as_str().unwrap_or_default();
    format!("{reason}{}", embed::closest(body))
}

/// How the reply arrived, where that is not as expected.
fn arrival(step: &Step, incoming: &Incoming, timeout: Duration) -> Option<Difference> {
    let stated = step.expect.iter().find_map(|it| match &it.wanted {
        Wanted::Arrival(word) => Some((&it.at, word.as_str())),
        _ => None,
    });
    let (at, wanted) = stated.unwrap_or((&step.action_at, Arrival::Whole.name()));
    if incoming.arrival.name() == wanted {
        return None;
    }
    let n = incoming.body.len();
    let (kind, found) = match incoming.arrival {
        Arrival::Whole => {
            let status = incoming.head.as_ref().map_or(0, |(status, _)| status.as_u16());
            ("reply", format!("whole, with status {status}"))
        }
        Arrival::Cut => ("reply", format!("cut: the connection ended after {n} bytes of the body")),
        Arrival::None => ("reply", "none: the connection ended before a reply came".to_owned()),
        Arrival::Late => ("timeout", format!("late: not all of it within {timeout:?}")),
    };
    Some(difference(at, kind, "reply", wanted, found))
}

/// The values that a step captures.
fn captures(step: &Step, reply: &Reply<'_>, found: &mut Vec<Difference>) -> Vec<(String, Json)> {
    let mut values = Vec::new();
    for capture in &step.captures {
        match captured(capture, reply) {
            Ok(value) => values.push((capture.name.clone(), value)),
            Err(difference) => found.push(*difference),
        }
    }
    values
}

fn difference(
    at: &Mark,
    kind: &'static str,
    subject: &str,
    expected: impl Into<String>,
    found: impl Into<String>,
) -> Difference {
    let (expected, found) = (expected.into(), found.into());
    Difference { kind, at: at.clone(), subject: subject.to_owned(), expected, found }
}
