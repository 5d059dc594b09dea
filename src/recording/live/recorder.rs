//! Takes note of what clients are answered, on a thread of its own, and makes scenarios of it at the end.
//!
//! Each world's recording is a file of its own, and a reset begins another one: `day.toml` for the default
//! world, `day-2.toml` after its reset, `day.NAME.toml` for the world of a name.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{self, JoinHandle};

use crate::base::limits::{RECORDED_BODY_BYTES_MAX, RECORDED_EXCHANGES_MAX, RECORDED_PARTS_MAX};
use crate::contract::vendor::Vendor;
use crate::recording::exchange::Recorded;
use crate::recording::import::Imported;
use crate::recording::live::finish::finish;
use crate::recording::live::journal::{Journal, Turn};
use crate::recording::live::line::{self, Line};
use crate::recording::live::masking::Masking;
use crate::recording::live::part::{Exchange, Input, Part, Start};
use crate::recording::mask::Whose;
use crate::recording::moves::Event;
use crate::sim::journal::tap::{self, Happened, Taken, Tap};
use crate::sim::worlds::name::DEFAULT;
use crate::web::delivery::How;

/// What the file is called in which a recording stands while it grows: the name of what it becomes, and
/// this behind it.
const GROWING: &str = "part";

/// Why a recording cannot begin or end.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RecordError {
    #[error("{} is there already; expected a name that is not taken", .0.display())]
    Taken(PathBuf),
    #[error("{}", cut_off(.0))]
    CutOff(PathBuf),
    #[error("cannot write {}: {error}", .path.display())]
    Write { path: PathBuf, error: io::Error },
    #[error("{0}")]
    Unfit(String),
}

fn cut_off(path: &Path) -> String {
    let file = path.display();
    format!(
        "{file} is there already: a recording that was cut off; ringback import recording {file} --out \
         DIR makes a scenario of it"
    )
}

/// What was recorded, ready to be written.
#[derive(Debug)]
pub(crate) struct Recording {
    /// Scenarios with their files.
    pub(crate) scenarios: Vec<(PathBuf, Imported)>,
    /// Parts that no scenario could be made of, and why.
    pub(crate) failed: Vec<String>,
    /// What was replaced, without a value.
    pub(crate) replaced: Vec<String>,
    /// Where it stands while it grows, to be taken away once the scenarios are written.
    pub(crate) growing: PathBuf,
    /// Whether that holds all.
    pub(crate) is_whole: bool,
}

/// What the thread is told.
#[derive(Debug)]
enum Told {
    Begins(String, Box<tap::Start>),
    Answered(String, Box<Taken>),
    Happened(String, Happened),
    Heard(&'static Vendor, Box<Recorded>),
    End,
}

/// A recording that grows.
#[derive(Debug)]
pub(crate) struct Recorder {
    file: PathBuf,
    ear: Arc<Ear>,
    keeper: JoinHandle<Keeper>,
}

/// Where what is recorded is told.
#[derive(Debug)]
pub(crate) struct Ear(Sender<Told>);

impl Recorder {
    /// Begins a recording that becomes a file of this name.
    ///
    /// # Errors
    /// Where such a file is there, or none can be written beside it.
    pub(crate) fn begin(file: &Path, whose: Whose) -> Result<Self, RecordError> {
        if file.exists() {
            return Err(RecordError::Taken(file.to_owned()));
        }
        let growing = growing(file);
        let journal = Journal::begin(&growing).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => RecordError::CutOff(growing.clone()),
            _ => RecordError::Write { path: growing, error },
        })?;
        let masking = Masking::new(whose).map_err(RecordError::Unfit)?;
        let (tell, told) = mpsc::channel();
        let keeper = Keeper { journal, masking, parts: Vec::new(), current: BTreeMap::new() };
        let started =
            thread::Builder::new().name("recording".into()).spawn(move || keeper.keep(&told));
        let keeper =
            started.map_err(|error| RecordError::Write { path: file.to_owned(), error })?;
        Ok(Recorder { file: file.to_owned(), ear: Arc::new(Ear(tell)), keeper })
    }

    /// Who is told.
    pub(crate) fn ear(&self) -> Arc<Ear> {
        Arc::clone(&self.ear)
    }

    /// Ends it: makes scenarios of what was told.
    ///
    /// # Errors
    /// Where what was told is lost.
    pub(crate) fn end(self) -> Result<Recording, RecordError> {
        let _ = self.ear.0.send(Told::End);
        let lost = || RecordError::Unfit("a panic ended the recording".to_owned());
        Ok(self.keeper.join().map_err(|_| lost())?.end(&self.file))
    }
}

impl Ear {
    /// Takes note of an exchange with a vendor's own system.
    pub(crate) fn heard(&self, vendor: &'static Vendor, it: Recorded) {
        self.tell(Told::Heard(vendor, Box::new(it)));
    }

    fn tell(&self, told: Told) {
        // Whoever is not there any more has ended.
        let _ = self.0.send(told);
    }
}

impl Tap for Ear {
    fn begins(&self, world: &str, start: tap::Start) {
        self.tell(Told::Begins(world.to_owned(), Box::new(start)));
    }

    fn answered(&self, world: &str, taken: Taken) {
        self.tell(Told::Answered(world.to_owned(), Box::new(taken)));
    }

    fn happened(&self, world: &str, event: Happened) {
        self.tell(Told::Happened(world.to_owned(), event));
    }
}

/// What the thread holds.
#[derive(Debug)]
struct Keeper {
    journal: Journal,
    masking: Masking,
    parts: Vec<Growing>,
    /// The part of each world that goes on.
    current: BTreeMap<String, usize>,
}

/// A part that grows.
#[derive(Debug, Default)]
struct Growing {
    /// With credentials as they came: it never leaves the process.
    part: Part,
    n_exchanges: usize,
    n_beyond: usize,
    /// How its beginning was written.
    written: Option<String>,
}

impl Keeper {
    fn keep(mut self, told: &Receiver<Told>) -> Self {
        while let Ok(told) = told.recv() {
            match told {
                Told::Begins(world, start) => self.begin(world, *start),
                Told::Answered(world, taken) => self.answered(&world, *taken),
                Told::Happened(world, event) => self.happened(&world, event),
                Told::Heard(vendor, it) => self.heard(vendor, *it),
                Told::End => break,
            }
        }
        self
    }

    fn begin(&mut self, world: String, start: tap::Start) {
        self.masking.learn_rows(&start.secrets);
        let omitted = start.omitted.iter().map(|it| {
            let text = |name: &str| it[name].as_str().unwrap_or_default().to_owned();
            format!("{} {}: {}", text("vendor"), text("what"), it["count"]).trim().to_owned()
        });
        let left_out = omitted.collect();
        let start = Some(Start { at: start.at, scenario: start.scenario });
        let part = Part { world: world.clone(), start, left_out, ..Part::default() };
        let growing = Growing { part, ..Growing::default() };
        match self.current.get(&world).map(|idx| &mut self.parts[*idx]) {
            // Nothing came between.
            Some(last) if last.part.inputs.is_empty() => *last = growing,
            _ => {
                self.current.insert(world, self.parts.len());
                self.parts.push(growing);
            }
        }
    }

    fn answered(&mut self, world: &str, taken: Taken) {
        let arrival = match taken.delivery.how {
            How::Whole | How::Drip { .. } => None,
            How::Malform | How::Truncate { .. } | How::ResetAfterHead => Some("cut"),
            How::Close | How::Reset => Some("none"),
            How::Hang => Some("late"),
        };
        let Some(idx) = self.current.get(world).copied() else { return };
        let (vendor, is_open) = (taken.vendor, taken.is_long);
        self.exchange(idx, Exchange { vendor, it: recorded(taken), arrival, is_open });
    }

    fn heard(&mut self, vendor: &'static Vendor, it: Recorded) {
        let idx = *self.current.entry(String::new()).or_insert(self.parts.len());
        if idx == self.parts.len() {
            self.parts.push(Growing::default());
        }
        self.exchange(idx, Exchange { vendor, it, arrival: None, is_open: false });
    }

    fn exchange(&mut self, idx: usize, mut exchange: Exchange) {
        let growing = &mut self.parts[idx];
        growing.n_exchanges += 1;
        exchange.it.place = format!("request {}", growing.n_exchanges);
        if growing.n_exchanges > RECORDED_EXCHANGES_MAX {
            growing.n_beyond += 1;
            return;
        }
        let is_long = |body: &[u8]| body.len() > RECORDED_BODY_BYTES_MAX;
        if is_long(&exchange.it.body) || is_long(&exchange.it.reply) {
            let most = RECORDED_BODY_BYTES_MAX / (1024 * 1024);
            let text = format!("{}: a body of it is larger than {most} MiB", exchange.it.place);
            self.leave_out(idx, text);
            return;
        }
        self.masking.learn(&exchange);
        self.input(idx, Input::Exchange(Box::new(exchange)));
    }

    fn happened(&mut self, world: &str, event: Happened) {
        let Some(idx) = self.current.get(world).copied() else { return };
        let Happened { at, vendor, name, fields } = event;
        self.masking.learn_fields(vendor, &fields);
        self.input(idx, Input::Event(Event { at, vendor, name, fields }));
    }

    fn leave_out(&mut self, idx: usize, text: String) {
        self.write(idx, &Line::LeftOut(text.clone()));
        self.parts[idx].part.left_out.push(text);
    }

    fn input(&mut self, idx: usize, input: Input) {
        match self.masking.input(&input) {
            Ok(masked) => {
                self.write(idx, &Line::Input(masked));
                self.parts[idx].part.inputs.push(input);
            }
            Err(reason) => self.leave_out(idx, reason),
        }
    }

    /// Writes a line of a part, and before it how the part began, where that is not written as it is
    /// known now.
    fn write(&mut self, idx: usize, line: &Line) {
        let growing = &mut self.parts[idx];
        let start = growing.part.start.as_ref().map(|start| self.masking.start(start));
        let Ok(start) = start.transpose() else { return };
        let begins = Line::Begins { world: growing.part.world.clone(), start };
        let begins = line::write(idx, &begins);
        let mut turns = Vec::new();
        if growing.written.as_ref() != Some(&begins) {
            turns.extend(self.journal.add(&begins));
            growing.written = Some(begins);
        }
        turns.extend(self.journal.add(&line::write(idx, line)));
        let file = self.journal.path().display();
        for turn in turns {
            match turn {
                Turn::Fails(error) => {
                    tracing::error!(%file, %error, "the recording cannot be written; it waits in memory");
                }
                Turn::Works => tracing::warn!(%file, "the recording is written again"),
            }
        }
    }

    fn end(mut self, file: &Path) -> Recording {
        let (mut scenarios, mut failed) = (Vec::new(), Vec::new());
        let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
        let mut n_beyond = 0;
        for growing in std::mem::take(&mut self.parts) {
            let mut part = growing.part;
            if part.n_exchanges() == 0 {
                continue;
            }
            if scenarios.len() == RECORDED_PARTS_MAX {
                n_beyond += 1;
                continue;
            }
            if growing.n_beyond > 0 {
                let text = format!("{} requests after {RECORDED_EXCHANGES_MAX}", growing.n_beyond);
                part.left_out.push(text);
            }
            let number = numbers.entry(part.world.clone()).or_default();
            *number += 1;
            let path = named(file, &part.world, *number);
            match self.masked(part).and_then(finish) {
                Ok(imported) => scenarios.push((path, imported)),
                Err(reason) => failed.push(format!("{}: {reason}", path.display())),
            }
        }
        if n_beyond > 0 {
            failed.push(format!(
                "{n_beyond} more: {RECORDED_PARTS_MAX} scenarios are the most of one recording"
            ));
        }
        let (growing, is_whole) = (self.journal.path().to_owned(), self.journal.is_whole());
        Recording { scenarios, failed, replaced: self.masking.told(), growing, is_whole }
    }

    /// A part with all pseudonyms that are known by now. What a vendor's own system said is given them
    /// together with its rows.
    fn masked(&mut self, mut part: Part) -> Result<Part, String> {
        let Some(start) = part.start else { return Ok(part) };
        part.start = Some(self.masking.start(&start)?);
        let mut inputs = Vec::new();
        for input in &part.inputs {
            match self.masking.input(input) {
                Ok(masked) => inputs.push(masked),
                Err(reason) => part.left_out.push(reason),
            }
        }
        Ok(Part { inputs, ..part })
    }
}

/// The file in which a recording stands while it grows.
fn growing(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(GROWING);
    name.into()
}

/// The file of a world's recording, and of what came after each new beginning.
pub(crate) fn named(file: &Path, world: &str, number: usize) -> PathBuf {
    let mut name = file.file_stem().unwrap_or_default().to_owned();
    if !world.is_empty() && world != DEFAULT {
        name.push(format!(".{world}"));
    }
    if number > 1 {
        name.push(format!("-{number}"));
    }
    if let Some(end) = file.extension() {
        name.push(".");
        name.push(end);
    }
    file.with_file_name(name)
}

fn recorded(taken: Taken) -> Recorded {
    let Taken { at, request, response, .. } = taken;
    let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers = request.headers.iter().map(|(name, it)| (name.to_string(), text(it))).collect();
    let reply = response.headers.iter().map(|(name, it)| (name.to_string(), text(it))).collect();
    let query = request.query().map(|query| format!("?{query}")).unwrap_or_default();
    Recorded {
        place: String::new(),
        started: Some(at),
        method: request.method.to_string(),
        host: String::new(),
        target: format!("{}{query}", request.path()),
        headers,
        body: request.body.to_vec(),
        status: response.status.as_u16(),
        reply_headers: reply,
        reply: response.body.to_vec(),
    }
}
