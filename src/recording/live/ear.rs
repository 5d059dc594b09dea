//! Where what is recorded is told, for the thread that takes note of it. Whoever tells waits for nothing:
//! where more comes than is taken note of, it is left out, and that is told in its place.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex};

use serde_json::Value;

use crate::base::lock::lock;
use crate::contract::vendor::Vendor;
use crate::recording::exchange::Recorded;
use crate::recording::live::finish::finish;
use crate::recording::live::part::Part;
use crate::sim::journal::tap::{self, Again, Happened, Taken, Tap};

/// What the thread is told.
#[derive(Debug)]
pub(super) enum Told {
    Begins(Box<tap::Start>),
    Answered(Box<Taken>),
    Happened(Happened),
    Heard(&'static Vendor, Box<Recorded>),
    /// A request to a vendor's own system that nothing can be made of, and why.
    Unheard(String),
    /// The world is gone.
    Ends,
    /// Inputs that were left out here.
    Lost(Lost),
    /// Somebody wants what the world has done so far.
    Asked(Sender<SoFar>),
}

/// The parts of a world with their pseudonyms, and why one cannot be had.
pub(super) type SoFar = Vec<Result<Part, String>>;

/// Inputs of a world that were left out since the last that was not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Lost {
    pub(super) n_inputs: usize,
    /// Whether the world began anew among them.
    pub(super) begins: bool,
}

/// One thing that was told of a world.
#[derive(Debug)]
pub(super) struct OfWorld {
    /// Empty where it is of a vendor's own system.
    pub(super) world: String,
    pub(super) told: Told,
    n_bytes: usize,
}

/// Where what is recorded is told.
#[derive(Debug)]
pub(crate) struct Ear {
    tell: Mutex<Telling>,
    /// About how much memory what waits takes, and how much it may.
    waiting: Arc<AtomicUsize>,
    bytes_max: usize,
}

#[derive(Debug)]
struct Telling {
    /// `None` once the recording has ended.
    tell: Option<Sender<OfWorld>>,
    lost: BTreeMap<String, Lost>,
}

/// Where the thread hears it.
#[derive(Debug)]
pub(super) struct Hearing {
    told: Receiver<OfWorld>,
    waiting: Arc<AtomicUsize>,
}

/// Both ends. What waits between them is not much more than so many bytes.
pub(super) fn ear(bytes_max: usize) -> (Ear, Hearing) {
    let (tell, told) = mpsc::channel();
    let waiting = Arc::new(AtomicUsize::new(0));
    let tell = Mutex::new(Telling { tell: Some(tell), lost: BTreeMap::new() });
    (Ear { tell, waiting: Arc::clone(&waiting), bytes_max }, Hearing { told, waiting })
}

impl Ear {
    /// Takes note of an exchange with a vendor's own system.
    pub(crate) fn heard(&self, vendor: &'static Vendor, it: Recorded) {
        let n_bytes = recorded_bytes(&it);
        self.tell("", Told::Heard(vendor, Box::new(it)), n_bytes);
    }

    /// Takes note of a request to a vendor's own system that nothing can be made of.
    pub(crate) fn unheard(&self, reason: String) {
        let n_bytes = reason.len();
        self.tell("", Told::Unheard(reason), n_bytes);
    }

    /// Nothing more comes.
    pub(super) fn end(&self) {
        let mut telling = lock(&self.tell);
        for (world, lost) in std::mem::take(&mut telling.lost) {
            self.send(&telling, world, Told::Lost(lost), 0);
        }
        telling.tell = None;
    }

    fn tell(&self, world: &str, told: Told, n_bytes: usize) {
        let n_bytes = n_bytes + size_of::<OfWorld>();
        let mut telling = lock(&self.tell);
        let waiting = self.waiting.load(Ordering::Relaxed);
        let is_much = waiting > 0 && waiting + n_bytes > self.bytes_max;
        let begins = matches!(told, Told::Begins(_));
        let is_input = !matches!(told, Told::Ends | Told::Asked(_));
        // What follows a beginning that is not known is of no use.
        let is_loose = !begins && is_input && telling.lost.get(world).is_some_and(|it| it.begins);
        if is_much && is_input || is_loose {
            let lost = telling.lost.entry(world.to_owned()).or_default();
            lost.n_inputs += usize::from(!begins);
            lost.begins |= begins;
            return;
        }
        if let Some(lost) = telling.lost.remove(world) {
            self.send(&telling, world.to_owned(), Told::Lost(lost), 0);
        }
        self.send(&telling, world.to_owned(), told, n_bytes);
    }

    fn send(&self, telling: &Telling, world: String, told: Told, n_bytes: usize) {
        let Some(tell) = &telling.tell else { return };
        self.waiting.fetch_add(n_bytes, Ordering::Relaxed);
        // Whoever is not there any more has ended.
        let _ = tell.send(OfWorld { world, told, n_bytes });
    }
}

impl Hearing {
    /// Hands on what is told, one by one, until nothing more comes.
    pub(super) fn each(&self, mut take: impl FnMut(OfWorld)) {
        while let Ok(it) = self.told.recv() {
            let n_bytes = it.n_bytes;
            take(it);
            self.waiting.fetch_sub(n_bytes, Ordering::Relaxed);
        }
    }
}

impl Tap for Ear {
    fn begins(&self, world: &str, start: tap::Start) {
        let n_bytes = value_bytes(&start.scenario);
        self.tell(world, Told::Begins(Box::new(start)), n_bytes);
    }

    fn answered(&self, world: &str, taken: Taken) {
        let headers = taken.request.headers.iter().map(|(_, it)| it.len() + HEADER_BYTES);
        let bodies = taken.request.body.len() + taken.response.body.len();
        let n_bytes = headers.sum::<usize>() + bodies;
        self.tell(world, Told::Answered(Box::new(taken)), n_bytes);
    }

    fn happened(&self, world: &str, event: Happened) {
        let n_bytes = value_bytes(&event.fields);
        self.tell(world, Told::Happened(event), n_bytes);
    }

    fn ends(&self, world: &str) {
        self.tell(world, Told::Ends, 0);
    }

    fn again(&self, world: &str) -> Again {
        let (tell, told) = mpsc::channel();
        self.tell(world, Told::Asked(tell), 0);
        let mut again = Again::default();
        // Nobody answers once the recording has ended.
        for part in told.recv().unwrap_or_default() {
            match part.and_then(finish) {
                Ok(imported) => {
                    again.left_out.extend(imported.skipped);
                    again.scenarios.extend(Some(imported.scenario).filter(|it| !it.is_null()));
                }
                Err(reason) => again.left_out.push(reason),
            }
        }
        again
    }
}

/// About what a value takes beside its text.
const NODE_BYTES: usize = 48;

/// About what a header takes beside its value.
const HEADER_BYTES: usize = 64;

/// About how much memory a value takes.
pub(super) fn value_bytes(value: &Value) -> usize {
    let inner: usize = match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(value_bytes).sum(),
        Value::Object(members) => {
            members.iter().map(|(name, it)| name.len() + NODE_BYTES + value_bytes(it)).sum()
        }
        _ => 0,
    };
    NODE_BYTES + inner
}

/// About how much memory an exchange takes.
pub(super) fn recorded_bytes(it: &Recorded) -> usize {
    let headers = it.headers.iter().chain(&it.reply_headers);
    let headers: usize = headers.map(|(_, value)| value.len() + HEADER_BYTES).sum();
    size_of::<Recorded>() + it.target.len() + it.body.len() + it.reply.len() + headers
}
