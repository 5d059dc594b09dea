//! A world on a stage, for tests: requests in as text, replies out as text. No sockets.

use std::future::poll_fn;
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderName, HeaderValue};
use serde_json::{Value, json};

use crate::base::time::{Instant, Span};
use crate::contract::event::EventError;
use crate::contract::variant::SwitchPosition;
use crate::contract::vendor::Vendors;
use crate::net::front::Front;
use crate::scenario::built_in::BUILT_IN;
use crate::scenario::fields_from_json;
use crate::scenario::library::{Library, Opened};
use crate::sim::fault::declare;
use crate::sim::judge::findings::found::Findings;
use crate::sim::judge::verify::condition::Condition;
use crate::sim::judge::verify::verdict::Verdict;
use crate::sim::loading::settings::ClockSpec;
use crate::sim::world::journal::Page;
use crate::sim::world::{Asked, World};
use crate::sim::worlds::Worlds;
use crate::sim::worlds::folder::Keep;
use crate::sim::worlds::name::DEFAULT;
use crate::store::database::Sync;
use crate::vendors;
use crate::web::answer::Answer;
use crate::web::message::{Request, Response};

/// Where a stage's clock stands unless the scenario says otherwise: 2026-03-02T09:00:00Z.
const NOW: Instant = Instant::clamped_from_millis(1_772_442_000_000);

/// One world behind a vendor listener.
#[derive(Debug)]
pub(crate) struct Stage {
    front: Front,
    world: Arc<World>,
    runtime: tokio::runtime::Runtime,
}

impl Stage {
    /// A world from a scenario in the shape of JSON; its clock is frozen.
    pub(crate) fn new(scenario: &Value) -> Self {
        Self::open(library(None).read_json(scenario))
    }

    /// The demo, kept in a file of this folder.
    pub(crate) fn demo_in(folder: &Path) -> Self {
        let keep = Keep::in_folder(folder, Sync::Normal).unwrap();
        Self::open_in(keep, library(None).open("demo").unwrap())
    }

    /// A world from the demo.
    pub(crate) fn demo() -> Self {
        Self::open(library(None).open("demo").unwrap())
    }

    /// A world from a built-in scenario.
    pub(crate) fn named(name: &str) -> Self {
        Self::open(library(None).open(name).unwrap())
    }

    /// A world from a scenario file.
    pub(crate) fn file(path: &Path) -> Self {
        Self::open(library(Some(path)).open_first().unwrap())
    }

    /// A world from a scenario in the shape of JSON, kept in a file of this folder.
    pub(crate) fn new_in(folder: &Path, scenario: &Value) -> Self {
        let keep = Keep::in_folder(folder, Sync::Normal).unwrap();
        Self::open_in(keep, library(None).read_json(scenario))
    }

    /// The worlds that the one behind the listener is among.
    pub(crate) fn worlds(&self) -> &Worlds {
        &self.front.worlds
    }

    /// The runtime that all of it waits in.
    pub(crate) fn runtime(&self) -> &tokio::runtime::Runtime {
        &self.runtime
    }

    /// A scenario in the shape of JSON, opened.
    pub(crate) fn opened(scenario: &Value) -> Opened {
        library(None).read_json(scenario)
    }

    fn open(opened: Opened) -> Self {
        Self::open_in(Keep::Memory, opened)
    }

    fn open_in(keep: Keep, mut opened: Opened) -> Self {
        let worlds = Worlds::new(Vendors(vendors::ALL), keep).unwrap();
        let world = worlds.make(DEFAULT, &mut opened).unwrap_or_else(|error| panic!("{error}"));
        let front = Front::new(Arc::new(worlds), false);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Stage { front, world, runtime }
    }

    /// Sends a request given as text: request line, headers, an empty line, body.
    pub(crate) fn request(&self, text: &str) -> Response {
        self.respond(parse_request(text))
    }

    /// Sends a request.
    pub(crate) fn respond(&self, request: Request) -> Response {
        self.runtime.block_on(async {
            let answered = self.front.answer(request).await;
            let mut response = answered.response;
            if let Some(mut chunks) = answered.stream {
                let mut body = Vec::new();
                while let Some(chunk) = poll_fn(|cx| chunks.poll_next(cx)).await {
                    body.extend_from_slice(&chunk.expect("the body does not break off"));
                }
                response.body = body.into();
            }
            response
        })
    }

    /// The world behind the listener.
    pub(crate) fn world(&self) -> &Arc<World> {
        &self.world
    }

    /// Sends a request; answers the response as text: status, headers but for `Date`, an empty line, body.
    pub(crate) fn send(&self, text: &str) -> String {
        print_response(&self.request(text))
    }

    /// Lets something happen outside a vendor's API.
    pub(crate) fn event(&self, vendor: &str, name: &str, body: &Value) -> Result<Value, String> {
        let vendor = Vendors(vendors::ALL).find(vendor).expect("the vendor is known");
        let event = vendor.surface.event(name).ok_or("no such event")?;
        let row = fields_from_json(event.fields, name, body).map_err(|it| it.to_string())?;
        let detail = json!({ "event": event.name, "fields": body });
        let happened = self.world.event(vendor, event.name, &row, detail);
        match self.runtime.block_on(happened) {
            Ok((_, value)) => Ok(value),
            Err(EventError::Refused(reason)) => Err(reason),
            Err(EventError::Internal(error)) => panic!("{error}"),
        }
    }

    /// Lets one thing happen that a file of tests names: `event` with its fields, `advance` by a length
    /// of time, or `variant` as `name = value`.
    pub(crate) fn happen(&self, vendor: &str, what: &str, value: &str) -> Result<(), String> {
        match what {
            "event" => {
                let (name, body) = value.split_once(' ').unwrap_or((value, "{}"));
                let body = serde_json::from_str(body).map_err(|it| it.to_string())?;
                self.event(vendor, name, &body)?;
            }
            "advance" => {
                let by = value.parse::<Span>().map_err(|unfit| unfit.to_string())?;
                self.advance(by.into());
            }
            "variant" => {
                let (name, value) = value.split_once(" = ").ok_or("a switch without a value")?;
                self.set_variant(vendor, name, value);
            }
            other => return Err(format!("nothing that happens is called {other:?}")),
        }
        Ok(())
    }

    /// Moves the clock on.
    pub(crate) fn advance(&self, by: Duration) {
        self.runtime.block_on(self.world.advance(Span::try_from(by).unwrap())).unwrap();
    }

    /// Turns one of a vendor's switches.
    pub(crate) fn set_variant(&self, vendor: &str, variant: &str, value: &str) {
        let surface = Vendors(vendors::ALL).find(vendor).expect("the vendor is known").surface;
        let mut variants = surface.variants.iter();
        let idx = variants.position(|known| known.name == variant).expect("the switch is known");
        let position = surface.variants[idx].position(value).expect("the value is known");
        let turn = SwitchPosition { vendor: surface.vendor, variant: idx, position };
        self.runtime.block_on(self.world.set_variants(vec![turn], Value::Null)).unwrap();
    }

    /// A person's way across the vendors; `None` where nobody knows the number.
    pub(crate) fn person(&self, number: &str) -> Option<Value> {
        self.runtime.block_on(self.world.person(number, false)).unwrap()
    }

    /// A world from a scenario in the shape of JSON, or what is wrong with it.
    pub(crate) fn tried(scenario: &Value) -> Result<Self, String> {
        let worlds = Worlds::new(Vendors(vendors::ALL), Keep::Memory).unwrap();
        let made = worlds.make(DEFAULT, &mut library(None).read_json(scenario));
        made.map(|_| Self::new(scenario)).map_err(|error| error.to_string())
    }

    /// What is wrong with a scenario.
    pub(crate) fn mistakes(scenario: &Value) -> String {
        let worlds = Worlds::new(Vendors(vendors::ALL), Keep::Memory).unwrap();
        let made = worlds.make(DEFAULT, &mut library(None).read_json(scenario));
        made.expect_err("the scenario has mistakes").to_string()
    }

    /// Brings the seed back.
    pub(crate) fn reset(&self) {
        self.runtime.block_on(self.world.reset()).unwrap();
    }

    /// Lets requests go wrong, from the next on.
    pub(crate) fn fault(&self, rule: &Value) {
        let row = fields_from_json(declare::FAULT, "the fault", rule).unwrap();
        let rules = declare::rules(&row, Vendors(vendors::ALL)).expect("the rule is sound");
        self.runtime.block_on(self.world.add_faults(rules, rule.clone())).unwrap();
    }

    /// What the journal shows of its clients.
    pub(crate) fn findings(&self) -> Findings {
        self.world.findings(false).unwrap()
    }

    /// What the journal says to a condition.
    pub(crate) fn verify(&self, condition: &Value) -> Verdict {
        let condition = Condition::from_json(Vendors(vendors::ALL), condition);
        let condition = condition.unwrap_or_else(|mistakes| panic!("{mistakes:?}"));
        self.world.verify(&condition, false).unwrap()
    }

    /// The journal as it is shown.
    pub(crate) fn journal(&self) -> Vec<Value> {
        let page = Page { limit: usize::MAX, ..Page::default() };
        self.world.journal_page(&page).unwrap().to_json()
    }

    /// The reason behind the last refusal, on one line.
    pub(crate) fn why(&self) -> String {
        let last = self.journal().pop().unwrap_or_default();
        let why = &last["why"];
        let text = |name: &str| why[name].as_str().unwrap_or_default().to_owned();
        let at = why["at"].as_str().map(|at| format!(" at {at}")).unwrap_or_default();
        format!(
            "{}: expected {}, found {}{at}; {}",
            text("rule"),
            text("expected"),
            text("found"),
            text("hint")
        )
    }

    /// A vendor's table as it is shown.
    pub(crate) fn table(&self, vendor: &str, table: &str) -> Vec<Value> {
        let vendor = Vendors(vendors::ALL).find(vendor).expect("the vendor is known");
        let table = vendor.surface.table(table).expect("the table is known");
        let shown = self.world.table(table, 0, usize::MAX, false);
        let mut page = self.runtime.block_on(shown).unwrap();
        page["rows"].as_array_mut().map(std::mem::take).unwrap_or_default()
    }
}

fn library(given: Option<&Path>) -> Library {
    let clock = ClockSpec::Frozen { at: NOW };
    Library::new(vendors::ALL, BUILT_IN, given.map(Path::to_owned), clock)
}

/// Reads a request from text. Line ends may be LF; the body is what follows the empty line, without
/// the last line end of the text.
pub(crate) fn parse_request(text: &str) -> Request {
    let (head, body) = split_head(text);
    let mut lines = head.lines();
    let mut parts = lines.next().unwrap_or_default().split(' ');
    let method = parts.next().unwrap_or_default().parse().expect("a method");
    let target = parts.next().unwrap_or_default().parse().expect("a target");
    let mut request = Request::new(method, target);
    request.peer = IpAddr::V4(Ipv4Addr::LOCALHOST);
    for line in lines {
        let (name, value) = line.split_once(':').expect("a header has a colon");
        let name: HeaderName = name.trim().parse().expect("a header's name");
        request.headers.append(name, HeaderValue::from_str(value.trim()).expect("a value"));
    }
    request.body = body.to_owned().into();
    request
}

/// A request without a body to the demo's jtel, by a client that is let in, on its way to its turn.
pub(crate) fn asked_of_jtel(method: &str, path: &str) -> Asked {
    let text = format!("{method} {path} HTTP/1.1\nAuthorization: Bearer SIMTOKEN-7A\n\n");
    let request = parse_request(&text);
    let mut all = vendors::ALL.iter();
    let vendor = all.find(|it| it.surface.vendor == "jtel").expect("it is one of them");
    let routed = (vendor.route)(&request);
    Asked { vendor, request, routed }
}

/// Head and body of a message as text.
pub(crate) fn split_head(text: &str) -> (&str, &str) {
    let text = text.strip_suffix('\n').unwrap_or(text);
    // The first of either kind ends the head: there may be more of both in the body.
    let ends = ["\r\n\r\n", "\n\n"].into_iter().filter_map(|end| Some((text.find(end)?, end)));
    ends.min().map_or((text, ""), |(at, end)| (&text[..at], &text[at + end.len()..]))
}

fn print_response(response: &Response) -> String {
    let mut text = format!("{}\n", response.status.as_u16());
    for (name, value) in &response.headers {
        if *name != http::header::DATE {
            let value = String::from_utf8_lossy(value.as_bytes());
            text = format!("{text}{name}: {value}\n");
        }
    }
    format!("{text}\n{}", String::from_utf8_lossy(&response.body))
}
