//! Takes the steps of one scenario, one after the other.
//!
//! A step that differs ends its scenario: what comes behind it builds on it.

use std::collections::BTreeMap;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde_json::Value as Json;

use crate::base::clock::Stopwatch;
use crate::base::text::counted;
use crate::client::entry::{Fault, Page, Seen, Why};
use crate::client::{Arrival, Incoming, Outgoing};
use crate::embed;
use crate::replay::call::Call;
use crate::replay::compare::finder::Reply;
use crate::replay::compare::{captured, differences, unfilled};
use crate::replay::control::control;
use crate::replay::difference::Difference;
use crate::replay::enough::enough;
use crate::replay::heard::Heard;
use crate::replay::plan::Plan;
use crate::replay::request::request;
use crate::replay::said::{Said, is_of_reply};
use crate::replay::secrets::Secrets;
use crate::replay::site::{AsksWhy, Site};
use crate::replay::verdict::{Differed, Ended, ScenarioOutcome, StepOutcome, clipped};
use crate::scenario::step::{Action, Expectation, Mark, Round, Send, Step, Wanted};
use crate::scenario::template::{NoValue, Variables};
use crate::web::mask::masker::Masker;

/// How long a reply may take unless the step says otherwise. Longer than any delay that a scenario
/// should have.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The header that names a world.
const WORLD_HEADER: HeaderName = HeaderName::from_static("x-ringback-world");

/// One scenario on its way.
pub(crate) struct Session<'s> {
    site: &'s Site,
    secrets: &'s Secrets,
    world: Option<String>,
    captured: BTreeMap<String, Json>,
    /// Whether it is asked why this request was refused.
    asks_why: bool,
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

impl<'s> Session<'s> {
    pub(crate) fn new(site: &'s Site, secrets: &'s Secrets, world: Option<String>) -> Self {
        Session { site, secrets, world, captured: BTreeMap::new(), asks_why: false }
    }

    /// Takes all steps.
    pub(crate) async fn run(mut self, plan: &Plan) -> ScenarioOutcome {
        let mut steps = Vec::with_capacity(plan.steps.len());
        let mut stopped_by: Option<String> = None;
        for (idx, step) in plan.steps.iter().enumerate() {
            self.asks_why = match self.site.asks_why {
                AsksWhy::Never => false,
                AsksWhy::AtTheEnd => idx + 1 == plan.steps.len(),
                AsksWhy::Always => true,
            };
            if let Some(reason) = self.enough() {
                steps.push(StepOutcome::of(step, Ended::NotRun(reason.clone())));
                continue;
            }
            if let Some(earlier) = &stopped_by {
                let reason = format!("the step {earlier:?} differs");
                steps.push(StepOutcome::of(step, Ended::NotRun(reason)));
                continue;
            }
            let (watch, mut heard) = (Stopwatch::start(), Heard::new(self.site.verbose));
            let ended = match self.step(step, &mut heard).await {
                None => Ended::Passed,
                Some(differed) => {
                    if !self.site.compares {
                        stopped_by = Some(step.name.clone());
                    }
                    Ended::Differed(Box::new(differed))
                }
            };
            let ended = match self.enough() {
                None => ended,
                // What it answered last says nothing of how it answers.
                Some(reason) => Ended::NotRun(reason.clone()),
            };
            let took = Duration::from_nanos(watch.elapsed_ns());
            steps.push(StepOutcome { took, heard, ..StepOutcome::of(step, ended) });
        }
        ScenarioOutcome {
            file: plan.file.clone(),
            title: plan.title.clone(),
            then: plan.then.clone(),
            steps,
        }
    }

    /// Takes a step as often as it says; ends at the first round that differs, unless replies are compared.
    async fn step(&mut self, step: &Step, heard: &mut Heard) -> Option<Differed> {
        let mut first = None;
        for (idx, round) in step.rounds.iter().enumerate() {
            if let Err(differed) = self.round(step, round, heard).await {
                let mut differed = self.secrets.mask(differed, &self.captured);
                if step.rounds.len() > 1 {
                    differed.round = Some((idx + 1, round.at.clone()));
                }
                first.get_or_insert(differed);
                if !self.site.compares || self.enough().is_some() {
                    break;
                }
            }
        }
        first
    }

    /// Why nothing more is asked.
    fn enough(&self) -> Option<&String> {
        self.site.enough.as_ref()?.get()
    }

    async fn round(
        &mut self,
        step: &Step,
        round: &Round,
        heard: &mut Heard,
    ) -> Result<(), Differed> {
        let own = round.variables.iter();
        let own = own.map(|(name, value)| (name.as_str(), Json::from(value.as_str()))).collect();
        let scope = Scope { round: own, captured: &self.captured };
        let captured = match &step.action {
            Action::Send(send) => self.send(step, send, &scope, heard).await?,
            Action::Event { vendor, name, with } => {
                let masker = self.secrets.masker(&self.captured);
                let call = Call::event(vendor, name, with, &scope, (self.secrets, &masker));
                self.control(step, call, &scope, heard).await?
            }
            Action::Advance(by) => {
                self.control(step, Call::advance(by, &scope), &scope, heard).await?
            }
            Action::Seed(piece) => {
                self.control(step, Call::seed(piece, &scope), &scope, heard).await?
            }
            Action::Verify(condition) => {
                let masker = self.secrets.masker(&self.captured);
                let call = Call::verify(condition, &scope, &masker);
                self.control(step, call, &scope, heard).await?
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
        heard: &mut Heard,
    ) -> Result<Vec<(String, Json)>, Differed> {
        let masker = self.secrets.masker(&self.captured);
        let timeout = step.timeout.map_or(TIMEOUT, Duration::from);
        let mut outgoing = request(send, scope, timeout).map_err(|reason| {
            let (wanted, reason) = ("one that can be sent", reason.to_string());
            let found = difference(&step.action_at, "variable", "request", wanted, reason);
            Differed::of(vec![found])
        })?;
        self.choose_world(&mut outgoing);
        let asked = format!("{} {}", outgoing.method, outgoing.path);
        let request_lines = heard.asked(&outgoing, &masker);
        let said = self.site.compares.then(|| Said::asked(step, &outgoing, scope));
        let watch = Stopwatch::start();
        let incoming = match self.site.target.exchange(outgoing).await {
            Ok(incoming) => incoming,
            Err(error) => {
                if let Some(kept) = &self.site.enough {
                    // The first counts.
                    let _ = kept.set(error.to_string());
                }
                heard.said.extend(said);
                let found = difference(&step.action_at, "reply", "reply", "one", error.to_string());
                return Err(Differed { sent: Some(asked), ..Differed::of(vec![found]) });
            }
        };
        heard.answered(request_lines, &incoming, &masker);
        let text = String::from_utf8_lossy(&incoming.body);
        if let Some(mut said) = said {
            said.answered(&incoming, Duration::from_nanos(watch.elapsed_ns()));
            if let Some((status, headers)) = &incoming.head {
                let reply = Reply { status: *status, headers, body: &text, masker: &masker };
                said.unlike.extend(unlike(step, &reply, said.reply.is_some(), scope));
            }
            if let (Some(kept), Some(reason)) =
                (&self.site.enough, enough(&step.name, &said, timeout))
            {
                // The first counts.
                let _ = kept.set(reason);
            }
            heard.said.push(said);
        }
        let mut found: Vec<Difference> = arrival(step, &incoming, timeout).into_iter().collect();
        let mut values = Vec::new();
        // Where it did not arrive as expected, what did is not compared: it is known to be wrong.
        if let (Some((status, headers)), true) = (&incoming.head, found.is_empty()) {
            let reply = Reply { status: *status, headers, body: &text, masker: &masker };
            found = differences(&step.expect, &reply, scope);
            values = captures(step, &reply, &mut found);
        }
        if found.is_empty() {
            if self.asks_why {
                heard.why = self.cause().await.and_then(|(why, _)| why);
            }
            return Ok(values);
        }
        let (why, fault) = self.cause().await.unwrap_or_default();
        Err(Differed { sent: Some(asked), why, fault, ..Differed::of(found) })
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
        heard: &mut Heard,
    ) -> Result<Vec<(String, Json)>, Differed> {
        let only = |found: Difference| Differed::of(vec![found]);
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
        heard.told(&call.sent, answer.status, &answer.text, &masker);
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
        Err(Differed { sent: Some(call.sent), ..Differed::of(found) })
    }

    /// What the journal says of the last input: why it was refused, and which fault struck it.
    async fn cause(&self) -> Option<(Option<Why>, Option<Fault>)> {
        let (admin, world) = (self.site.admin.as_ref()?, self.world.as_ref()?);
        let journal = format!("/v1/worlds/{world}/journal");
        let fetched = admin.get(&format!("{journal}?after={}&limit=1", i64::MAX)).await.ok()?;
        let page: Page<'_> = serde_json::from_slice(&fetched.body).ok()?;
        let fetched = admin.get(&format!("{journal}/{}", page.last_seq)).await.ok()?;
        let seen: Seen<'_> = serde_json::from_slice(&fetched.body).ok()?;
        Some((seen.why, seen.fault))
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
    let (kind, found) = match incoming.arrival {
        Arrival::Whole => {
            let status = incoming.head.as_ref().map_or(0, |(status, _)| status.as_u16());
            ("reply", format!("whole, with status {status}"))
        }
        Arrival::Cut => {
            let n_bytes = counted(incoming.body.len(), "byte", "bytes");
            ("reply", format!("cut: the connection ended after {n_bytes} of the body"))
        }
        Arrival::None => ("reply", "none: the connection ended before a reply came".to_owned()),
        Arrival::Late => ("timeout", format!("late: not all of it within {timeout:?}")),
    };
    Some(difference(at, kind, "reply", wanted, found))
}

/// What a step expects of a reply and cannot be told from the reply as such; of one that did not come whole,
/// all of it.
fn unlike(
    step: &Step,
    reply: &Reply<'_>,
    is_whole: bool,
    variables: &dyn Variables,
) -> Vec<Difference> {
    let expect = step.expect.iter().filter(|it| !(is_whole && is_of_reply(it, variables)));
    let expect: Vec<Expectation> = expect.cloned().collect();
    let mut found = differences(&expect, reply, variables);
    captures(step, reply, &mut found);
    found
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
