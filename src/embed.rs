//! A Ringback inside another program, most often a test.
//!
//! ```no_run
//! # fn main() -> Result<(), ringback::embed::Error> {
//! use ringback::{Ringback, VendorName};
//! use serde_json::json;
//!
//! let ringback = Ringback::start().scenario("demo").seed(7).serve()?;
//! // Hand this to the client under test.
//! let base = ringback.url(VendorName::Jtel);
//! assert!(base.starts_with("http://127.0.0.1:"));
//!
//! ringback.event(VendorName::Jtel, "start_campaign", &json!({ "campaign": 612 }))?;
//! ringback.advance("8h")?;
//! assert!(ringback.state(VendorName::Jtel, "history")?.len() > 2);
//!
//! // A second world knows nothing of it.
//! let world = ringback.world()?;
//! assert_eq!(world.state(VendorName::Jtel, "history")?.len(), 2);
//! # Ok(())
//! # }
//! ```
//!
//! A [`Ringback`] listens on ports of its own and stops when it is dropped; there is nothing global,
//! so tests run side by side, each with one of its own or with a [`World`] of a shared one. Its calls
//! block for as long as the work takes, which is microseconds, and can be made from plain and from
//! asynchronous tests alike: it has its own threads.
//!
//! The clock is frozen at [`STARTS_AT`] unless the scenario says otherwise.

use std::fmt;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::ops::Deref;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use http::{HeaderValue, Method, Uri, header};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::watch;

use crate::admin::answer::Desk;
use crate::admin::plane::Admin;
use crate::base::chain::Chain;
use crate::base::threads::Apart;
use crate::base::{descriptors, lock, threads};
use crate::contract::vendor::{Vendor, Vendors};
use crate::net::doors::OwnListeners;
use crate::net::front::Front;
use crate::net::limits::Limits;
use crate::net::lobby::Lobby;
use crate::net::server::serve;
use crate::net::tls::certificates::Certificates;
use crate::scenario::ScenarioError;
use crate::scenario::built_in::BUILT_IN;
use crate::scenario::library::{Library, Opened};
use crate::sim::loading::scenario::LoadError;
use crate::sim::loading::settings::ClockSpec;
use crate::sim::worlds::folder::Keep;
use crate::sim::worlds::name::DEFAULT;
use crate::sim::worlds::tables;
use crate::sim::worlds::{MakeError, Worlds};
use crate::vendors;
use crate::web::answer::Answer;
use crate::web::message::Request;

/// Where the clock stands unless the scenario says otherwise: a Monday morning.
pub const STARTS_AT: &str = "2026-03-02T09:00:00Z";

/// Time that requests in flight get when a Ringback is dropped: a client of the same test that has
/// not read its answer by then never will.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(1);

/// Threads that serve.
const N_WORKERS: usize = 2;

/// Why something did not happen.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The scenario has mistakes, each on a line of its own, or there is none of that name.
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    /// The system hands out no threads or ports; `what` says which.
    #[error("ringback does not start: no {what}: {reason}")]
    Start { what: &'static str, kind: io::ErrorKind, reason: String },
    /// The vendors cannot be told from one another, or the tables of one are not sound.
    #[error("{reason}")]
    Vendors { reason: String },
    /// A world cannot be made, for no reason that lies in its scenario.
    #[error("{reason}")]
    World { reason: String },
    /// It has stopped.
    #[error("ringback has stopped")]
    Stopped,
    /// What was asked for is wrong, or the state of the world does not allow it.
    #[error("{detail}")]
    Refused { status: u16, detail: String, problem: Value },
    /// What was to be verified is not so, or cannot be told.
    #[error("{detail}")]
    Differs { detail: String, answer: Value },
}

impl From<MakeError> for Error {
    fn from(error: MakeError) -> Self {
        match error {
            MakeError::Load(LoadError::Mistakes(mistakes)) => {
                Error::Scenario(ScenarioError::from(mistakes.as_ref()))
            }
            other => Error::World { reason: Chain(&other).to_string() },
        }
    }
}

/// What the system does not hand out.
fn no(what: &'static str) -> impl Fn(io::Error) -> Error + Copy {
    move |error| Error::Start { what, kind: error.kind(), reason: error.to_string() }
}

/// What a Ringback starts with; see [`Ringback::start`].
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Start {
    /// `None` for Ringback's own.
    vendors: Option<Vec<&'static Vendor>>,
    scenario: Option<String>,
    seed: Option<u64>,
    show_secrets: bool,
}

impl Start {
    /// The vendors to serve, in place of Ringback's own; those are `ringback::vendors::ALL`.
    pub fn vendors(mut self, vendors: &[&'static Vendor]) -> Self {
        self.vendors = Some(vendors.to_vec());
        self
    }

    /// The name of a built-in scenario, the path of a file, or a scenario itself as TOML. Where it is
    /// left out, the demo; with vendors of one's own, an empty one.
    pub fn scenario(mut self, scenario: impl Into<String>) -> Self {
        self.scenario = Some(scenario.into());
        self
    }

    /// A seed in place of the scenario's own.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Shows credentials in the journal as they came.
    pub fn show_secrets(mut self) -> Self {
        self.show_secrets = true;
        self
    }

    /// Listens, on ports that are free.
    ///
    /// # Errors
    /// Where the scenario has mistakes, two vendors cannot be told apart, or the system hands out no
    /// ports or threads.
    pub fn serve(self) -> Result<Ringback, Error> {
        let server = Arc::new(Server::start(self)?);
        server.make(DEFAULT, &mut server.open()?)?;
        Ok(Ringback { world: World { server, name: DEFAULT.to_owned(), is_own: false } })
    }
}

/// A running Ringback. Its methods are those of its first world.
#[derive(Debug)]
pub struct Ringback {
    world: World,
}

impl Ringback {
    /// Says what to start with; [`Start::serve`] starts it.
    pub fn start() -> Start {
        Start::default()
    }

    /// Another world of the same scenario, which sees nothing of this one. It is gone when it is
    /// dropped.
    ///
    /// # Errors
    /// Where the scenario has mistakes by now, or there are too many worlds.
    pub fn world(&self) -> Result<World, Error> {
        let server = Arc::clone(&self.world.server);
        let name = format!("w{}", server.n_made.fetch_add(1, Ordering::Relaxed) + 1);
        server.make(&name, &mut server.open()?)?;
        Ok(World { server, name, is_own: true })
    }

    /// The names of all worlds, in their order.
    pub fn world_names(&self) -> Vec<String> {
        self.worlds().all().iter().map(|world| world.name().to_owned()).collect()
    }

    /// Where everything listens; paths choose the vendor, and the header `X-Ringback-World` the
    /// world.
    pub fn listen_url(&self) -> String {
        format!("http://{}", self.world.server.address)
    }

    /// The control plane.
    pub fn admin_url(&self) -> String {
        format!("http://{}", self.world.server.admin_address)
    }

    /// What a scenario may hold, as JSON Schema 2020-12.
    pub fn schema(&self) -> Value {
        self.world.server.library.schema()
    }

    pub(crate) fn worlds(&self) -> &Arc<Worlds> {
        &self.world.server.worlds
    }
}

impl Deref for Ringback {
    type Target = World;

    fn deref(&self) -> &World {
        &self.world
    }
}

/// One isolated universe of a Ringback.
#[derive(Debug)]
pub struct World {
    server: Arc<Server>,
    name: String,
    /// Whether it goes when this is dropped.
    is_own: bool,
}

impl World {
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The base URL of a vendor in this world; the vendor's native paths come behind it. Where no
    /// vendor of that name is served, every request to it is answered with a 404 that says so.
    pub fn url(&self, vendor: impl AsRef<str>) -> String {
        let (address, vendor) = (self.server.address, vendor.as_ref());
        if self.is_own {
            format!("http://{address}/w/{}/{vendor}", self.name)
        } else {
            format!("http://{address}/{vendor}")
        }
    }

    /// Moves the clock on: by a length of time such as `90m` or `8h`, to an instant (RFC 3339), or
    /// to the `next` due timer. Comes back when all due work is done, with what was done.
    ///
    /// # Errors
    /// Where the text is neither, or the instant has passed.
    pub fn advance(&self, step: &str) -> Result<Value, Error> {
        let body = advance_body(step);
        self.call(&Method::POST, "/clock/advance", &body)
    }

    /// Lets something happen outside a vendor's API; answers what the vendor says of it.
    ///
    /// # Errors
    /// Where there is no such event, or the world's state does not allow it.
    pub fn event(
        &self,
        vendor: impl AsRef<str>,
        name: &str,
        fields: &Value,
    ) -> Result<Value, Error> {
        let path = format!("/events/{}/{name}", vendor.as_ref());
        let mut answer = self.call(&Method::POST, &path, fields)?;
        Ok(answer["result"].take())
    }

    /// Takes a piece of scenario into the world as it is, all of it or nothing, such as
    /// `json!({"infocu5": {"agents": [{"id": "9", "first": "Ann", "affiliate": "A7k2Qm9ZrT4x"}]}})`.
    /// Answers how many rows came, by vendor and collection.
    ///
    /// # Errors
    /// Where the piece has mistakes; the problem lists all of them.
    pub fn seed(&self, piece: &Value) -> Result<Value, Error> {
        Ok(self.call(&Method::POST, "/seed", piece)?["added"].take())
    }

    /// Checks what has happened so far, such as
    /// `json!({"vendor": "jtel", "operation": "import_contact", "exactly": 1})`.
    ///
    /// # Errors
    /// [`Error::Differs`] where it is not so, or cannot be told, with what came closest.
    pub fn verify(&self, condition: &Value) -> Result<(), Error> {
        match self.call(&Method::POST, "/verify", condition) {
            Ok(_) => Ok(()),
            Err(Error::Refused { status: 422, problem, .. }) => {
                Err(Error::Differs { detail: verdict(&problem), answer: problem })
            }
            Err(other) => Err(other),
        }
    }

    /// What happened so far, oldest first; requests with their reply, effects and reasons.
    ///
    /// # Errors
    /// Only Ringback's own fault.
    pub fn journal(&self) -> Result<Vec<Value>, Error> {
        let mut entries = Vec::new();
        let mut after = 0;
        loop {
            let path = format!("/journal?after={after}&limit=1000");
            let mut page = self.call(&Method::GET, &path, &Value::Null)?;
            let Value::Array(found) = page["entries"].take() else { return Ok(entries) };
            let Some(last) = found.last() else { return Ok(entries) };
            after = last["seq"].as_u64().unwrap_or(u64::MAX);
            entries.extend(found);
        }
    }

    /// Rows of one of a vendor's tables: the state behind the wire.
    ///
    /// # Errors
    /// Where the vendor has no such table.
    pub fn state(&self, vendor: impl AsRef<str>, table: &str) -> Result<Vec<Value>, Error> {
        let path = format!("/state/{}/{table}?limit=1000", vendor.as_ref());
        match self.call(&Method::GET, &path, &Value::Null)?["rows"].take() {
            Value::Array(rows) => Ok(rows),
            _ => Ok(Vec::new()),
        }
    }

    /// Turns a vendor's switch, see `ringback variants`.
    ///
    /// # Errors
    /// Where there is no such switch or value.
    pub fn set_variant(
        &self,
        vendor: impl AsRef<str>,
        variant: &str,
        value: &str,
    ) -> Result<(), Error> {
        let body = json!({ vendor.as_ref(): { variant: value } });
        self.call(&Method::PUT, "/variants", &body).map(drop)
    }

    /// Brings the seed back. The journal goes on.
    ///
    /// # Errors
    /// Only Ringback's own fault.
    pub fn reset(&self) -> Result<(), Error> {
        self.call(&Method::POST, "/reset", &json!({})).map(drop)
    }

    /// Any call of the control plane on this world, such as `POST` `/faults`.
    ///
    /// # Errors
    /// What the control plane refuses.
    pub fn call(&self, method: &Method, path: &str, body: &Value) -> Result<Value, Error> {
        self.server.call(method, &format!("/v1/worlds/{}{path}", self.name), body)
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if self.is_own {
            // A world in memory has nothing that could fail to go.
            let _ = self.server.worlds.delete(&self.name);
        }
    }
}

/// A verdict that is no pass, in a line: what was expected, what was found, and what came closest.
pub(crate) fn verdict(verdict: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (expected, reason) = (text(&verdict["expected"]), text(&verdict["reason"]));
    format!("expected {expected}; {reason}{}", closest(verdict))
}

/// The entry that came closest to a condition, and what it lacks.
pub(crate) fn closest(verdict: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let closest = &verdict["closest"][0];
    let rules = closest["rules"].as_array().into_iter().flatten();
    let missed = rules.filter(|rule| rule["matched"] != true).map(|rule| {
        format!(
            "{}: expected {}, found {}",
            text(&rule["rule"]),
            text(&rule["expected"]),
            text(&rule["found"])
        )
    });
    let missed: Vec<String> = missed.collect();
    if missed.is_empty() {
        return String::new();
    }
    format!("; closest is {}, {}", text(&closest["exchange"]), missed.join(", "))
}

/// The body that makes the control plane move a clock.
pub(crate) fn advance_body(step: &str) -> Value {
    let is_moment = step == "next" || step.contains(['T', ':']);
    if is_moment { json!({ "to": step }) } else { json!({ "by": step }) }
}

/// The clock of a scenario that names none, where every run is to be the same.
pub(crate) fn frozen() -> ClockSpec {
    ClockSpec::Frozen { at: STARTS_AT.parse().expect("it is an instant") }
}

/// Listeners and worlds, with threads of their own.
struct Server {
    worlds: Arc<Worlds>,
    library: Library,
    desk: Arc<Desk>,
    scenario: Option<String>,
    seed: Option<u64>,
    address: SocketAddr,
    admin_address: SocketAddr,
    n_made: AtomicU64,
    stop: watch::Sender<bool>,
    /// Hung up by the listeners when they have stopped.
    stopped: std::sync::Mutex<mpsc::Receiver<()>>,
    runtime: Apart,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Server {
    fn start(start: Start) -> Result<Self, Error> {
        let are_own = start.vendors.is_none();
        let vendors = Vendors(start.vendors.map_or(vendors::ALL, leaked));
        vendors.check().map_err(|reason| Error::Vendors { reason })?;
        if !are_own {
            // Those of Ringback's own are prepared in a test.
            tables::check(vendors).map_err(|reason| Error::Vendors { reason })?;
        }
        let worlds = Worlds::new(vendors, Keep::Memory);
        let worlds = Arc::new(worlds.map_err(MakeError::from)?);
        // One more, for work that may block.
        threads::are_to_be_had(N_WORKERS + 1).map_err(no("threads"))?;
        let built = threads::many().worker_threads(N_WORKERS).thread_name("ringback").build();
        let runtime = Apart::from(built.map_err(no("descriptors"))?);
        threads::begin_one(&runtime);
        let (stop, stopping) = watch::channel(false);
        let (running, stopped) = mpsc::channel();
        let limits = Limits { drain_timeout: DRAIN_TIMEOUT, ..Limits::default() };
        let front = Arc::new(Front::new(Arc::clone(&worlds), false));
        let health = Arc::default();
        let certificates = Arc::new(Certificates::in_memory(worlds.hosts().patterns()));
        let lobby = Lobby::new(limits, Arc::clone(&health), Arc::clone(&certificates));
        let lobby = Arc::new(lobby);
        let own = Arc::new(OwnListeners::new(Arc::clone(&worlds), false, Arc::clone(&lobby)));
        let admin = Admin::new(
            Arc::clone(&worlds),
            library_of(vendors),
            own,
            None,
            start.show_secrets,
            certificates,
        )
        .with_health(health);
        let desk =
            Arc::new(Desk::new(admin).expect("the routes are fixed, and a test builds them"));
        let (listener, address) = bind(&runtime)?;
        let (admin_listener, admin_address) = bind(&runtime)?;
        descriptors::are_to_be_had(descriptors::SERVED_MIN).map_err(no("descriptors"))?;
        let serving = serve(listener, front, Arc::clone(&lobby), stopping.clone());
        let admin_serving = serve(admin_listener, Arc::clone(&desk), lobby, stopping);
        runtime.spawn(holding(running.clone(), serving));
        runtime.spawn(holding(running, admin_serving));
        desk.set_ready();
        Ok(Server {
            worlds,
            library: library_of(vendors),
            desk,
            scenario: start.scenario,
            seed: start.seed,
            address,
            admin_address,
            n_made: AtomicU64::new(0),
            stop,
            stopped: std::sync::Mutex::new(stopped),
            runtime,
        })
    }

    /// The scenario that this was started with.
    fn open(&self) -> Result<Opened, Error> {
        let mut opened = match self.scenario.as_deref() {
            None => match self.library.names().first() {
                Some(first) => self.library.open(first)?,
                None => self.library.read_toml("scenario", ""),
            },
            // A scenario itself has a key and a value at least; a path or a name has neither.
            Some(text) if text.contains(['\n', '=']) || text.is_empty() => {
                self.library.read_toml("scenario", text)
            }
            Some(path) if path.contains(['/', '\\', '.']) => {
                self.library.open_file(Path::new(path))
            }
            Some(name) => self.library.open(name)?,
        };
        opened.replace_seed(self.seed);
        Ok(opened)
    }

    fn make(&self, name: &str, opened: &mut Opened) -> Result<(), Error> {
        self.worlds.make(name, opened)?;
        Ok(())
    }

    /// Asks the control plane, on its own threads, and waits here.
    fn call(&self, method: &Method, path: &str, body: &Value) -> Result<Value, Error> {
        let target: Uri = path.parse().map_err(|_| {
            let detail = format!("{path:?} is no path of the control plane");
            Error::Refused { status: 404, detail, problem: Value::Null }
        })?;
        let mut request = Request::new(method.clone(), target);
        request.headers.insert(header::HOST, HeaderValue::from_static("127.0.0.1"));
        if *method != Method::GET {
            let json = HeaderValue::from_static("application/json");
            request.headers.insert(header::CONTENT_TYPE, json);
            request.body = body.to_string().into();
        }
        let (sender, receiver) = mpsc::channel();
        let desk = Arc::clone(&self.desk);
        self.runtime.spawn(async move {
            // Whoever asked may be gone.
            let _ = sender.send(desk.answer(request).await.response);
        });
        let response = receiver.recv().map_err(|_| Error::Stopped)?;
        let answer: Value = serde_json::from_slice(&response.body).unwrap_or_default();
        if response.status.is_success() {
            return Ok(answer);
        }
        let detail = answer["detail"].as_str().map_or_else(|| answer.to_string(), str::to_owned);
        Err(Error::Refused { status: response.status.as_u16(), detail, problem: answer })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Without a receiver they have stopped already.
        let _ = self.stop.send(true);
        let stopped = lock::get_mut(&mut self.stopped);
        // Both hang up when their ports are free again; nothing is ever sent.
        let _ = stopped.recv_timeout(2 * DRAIN_TIMEOUT);
    }
}

/// Keeps one end of a channel for as long as some work lasts.
async fn holding(held: mpsc::Sender<()>, work: impl Future<Output = ()>) {
    work.await;
    drop(held);
}

fn bind(runtime: &Runtime) -> Result<(TcpListener, SocketAddr), Error> {
    let failed = no("port on 127.0.0.1");
    let listener = std::net::TcpListener::bind("127.0.0.1:0").map_err(failed)?;
    listener.set_nonblocking(true).map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let _entered = runtime.enter();
    Ok((TcpListener::from_std(listener).map_err(failed)?, address))
}

/// The scenarios that are built in, on a frozen clock.
pub(crate) fn library() -> Library {
    Library::new(vendors::ALL, BUILT_IN, None, frozen())
}

/// The scenarios for these vendors: what is built in speaks of Ringback's own.
fn library_of(vendors: Vendors) -> Library {
    let is_own = std::ptr::eq(vendors.0, vendors::ALL);
    if is_own { library() } else { Library::new(vendors.0, &[], None, frozen()) }
}

/// Worlds may outlive whoever started them, as threads do, so their list of vendors lives as long as
/// the process: a word for each vendor and start.
fn leaked(vendors: Vec<&'static Vendor>) -> &'static [&'static Vendor] {
    Box::leak(vendors.into_boxed_slice())
}
