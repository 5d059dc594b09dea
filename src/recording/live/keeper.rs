//! Takes note of what clients are answered, and makes scenarios of it at the end.
//!
//! What is taken stands in the file that grows, and up to a limit in memory, with credentials as they
//! came: what is masked at the end is masked with all that is known by then.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::base::limits::{
    LEFT_OUT_LINES_MAX, RECORDED_BODY_BYTES_MAX, RECORDED_EVENTS_MAX, RECORDED_EXCHANGES_MAX,
    RECORDED_KEPT_BYTES_MAX, RECORDED_PARTS_MAX,
};
use crate::base::text::counted;
use crate::recording::exchange::Recorded;
use crate::recording::import::Imported;
use crate::recording::live::ear::{Lost, OfWorld, SoFar, Told, recorded_bytes, value_bytes};
use crate::recording::live::ended::Recording;
use crate::recording::live::files::named;
use crate::recording::live::finish::finish;
use crate::recording::live::journal::{Journal, Turn};
use crate::recording::live::line::{self, Line};
use crate::recording::live::masking::Masking;
use crate::recording::live::part::{Exchange, Input, Part, Start, of_world};
use crate::recording::moves::Event;
use crate::sim::journal::tap::{self, Happened, Taken};
use crate::web::delivery::How;

/// What the thread holds.
#[derive(Debug)]
pub(super) struct Keeper {
    journal: Journal,
    masking: Masking,
    /// By their numbers, which count from 0 in the order in which they began.
    parts: BTreeMap<usize, Growing>,
    n_begun: usize,
    /// Parts of which a request was taken.
    n_taken: usize,
    /// Inputs of worlds of which nobody told how they began.
    n_loose: usize,
    /// The part of each world that goes on.
    current: BTreeMap<String, usize>,
    /// About how much memory the parts take, and how much they may.
    n_bytes: usize,
    bytes_max: usize,
    /// Whether what is taken is held only for as long as its world is there.
    forgets: bool,
}

/// A part that grows.
#[derive(Clone, Debug, Default)]
struct Growing {
    /// With credentials as they came: it never leaves the process.
    part: Part,
    /// About how much memory it takes.
    n_bytes: usize,
    /// Whether what comes is held in memory no more.
    is_closed: bool,
    /// Whether there were as many parts before it as become scenarios.
    is_beyond: bool,
    /// How many requests there were.
    n_asked: usize,
    n_exchanges: usize,
    n_events: usize,
    /// Inputs that stand in the file alone.
    n_aside: usize,
    /// Inputs after the last that a scenario may have.
    n_beyond: usize,
    /// What is left out, and has no line of its own.
    n_more: usize,
    /// How its beginning was written last: with so many values replaced, and what that came to.
    written: Option<(usize, [u8; 32])>,
}

impl Growing {
    fn is_asked(&self) -> bool {
        self.n_asked > 0 || self.n_events > 0
    }

    /// With what was counted told among what is left out.
    fn counted(mut self) -> Self {
        let left_out = &mut self.part.left_out;
        if self.n_more > 0 {
            left_out.push(format!("and {} more", self.n_more));
        }
        if self.n_beyond > 0 {
            left_out.push(format!(
                "{} after {RECORDED_EXCHANGES_MAX} requests or {RECORDED_EVENTS_MAX} events",
                inputs(self.n_beyond)
            ));
        }
        self
    }

    /// What is not held in memory.
    fn lacking(&self) -> Option<String> {
        let most = RECORDED_KEPT_BYTES_MAX / (1024 * 1024);
        let lacking = inputs(self.n_aside);
        (self.n_aside > 0).then(|| {
            format!("it lacks {lacking} at its end: a recording holds {most} MiB in memory")
        })
    }
}

impl Keeper {
    pub(super) fn new(journal: Journal, masking: Masking) -> Self {
        Keeper {
            journal,
            masking,
            parts: BTreeMap::new(),
            n_begun: 0,
            n_taken: 0,
            n_loose: 0,
            current: BTreeMap::new(),
            n_bytes: 0,
            bytes_max: RECORDED_KEPT_BYTES_MAX,
            forgets: false,
        }
    }

    /// Holds what worlds do for as long as they are there, for whoever asks; nothing is made of it at the end.
    pub(super) fn on_demand(masking: Masking) -> Self {
        Keeper { forgets: true, ..Keeper::new(Journal::nowhere(), masking) }
    }

    /// Holds no more in memory than that.
    #[cfg(test)]
    pub(super) fn at_most(self, bytes_max: usize) -> Self {
        Keeper { bytes_max, ..self }
    }

    /// About how much memory its parts take, how many they are, and how often a whole world was masked.
    #[cfg(test)]
    pub(super) fn held(&self) -> (usize, usize, usize) {
        (self.n_bytes, self.parts.len(), self.masking.n_starts)
    }

    /// Takes note of one thing.
    pub(super) fn take(&mut self, it: OfWorld) {
        let OfWorld { world, told, .. } = it;
        match told {
            Told::Begins(start) => self.begin(world, *start),
            Told::Answered(taken) => self.answered(&world, *taken),
            Told::Happened(event) => self.happened(&world, event),
            Told::Heard(vendor, it) => {
                let idx = self.of_a_vendor();
                let it = Exchange { vendor, it: *it, arrival: None, is_open: false };
                self.exchange(idx, it);
            }
            Told::Unheard(reason) => {
                let idx = self.of_a_vendor();
                let place = self.asked(idx);
                self.leave_out(idx, format!("{place}: {reason}"));
            }
            Told::Ends if self.forgets => self.forget(&world),
            Told::Ends => self.leave(&world),
            Told::Asked(tell) => {
                // Whoever asked may have gone.
                let _ = tell.send(self.so_far(&world));
            }
            Told::Lost(lost) => self.lost(&world, lost),
        }
    }

    fn begin(&mut self, world: String, start: tap::Start) {
        self.masking.learn_rows(&start.secrets);
        self.masking.learn_scenario(&start.scenario);
        let omitted = start.omitted.iter().map(|it| {
            let text = |name: &str| it[name].as_str().unwrap_or_default().to_owned();
            format!("{} {}: {}", text("vendor"), text("what"), it["count"]).trim().to_owned()
        });
        let left_out = omitted.collect();
        let start = Start { at: start.at, scenario: start.scenario };
        // Nothing may have come between.
        self.leave(&world);
        let n_bytes = value_bytes(&start.scenario);
        let part = Part { world: world.clone(), start: Some(start), left_out, ..Part::default() };
        let idx = self.part(Growing { part, n_bytes, ..Growing::default() });
        self.current.insert(world, idx);
        if self.n_bytes > self.bytes_max {
            self.close(idx);
        }
    }

    fn part(&mut self, growing: Growing) -> usize {
        let idx = self.n_begun;
        self.n_begun += 1;
        self.n_bytes += growing.n_bytes;
        self.parts.insert(idx, growing);
        idx
    }

    /// The part of a vendor's own system.
    fn of_a_vendor(&mut self) -> usize {
        if let Some(idx) = self.current.get("") {
            return *idx;
        }
        let idx = self.part(Growing::default());
        self.current.insert(String::new(), idx);
        idx
    }

    /// A world goes on from here no more. A part that nothing was taken of is none.
    fn leave(&mut self, world: &str) {
        let Some(idx) = self.current.get(world).copied() else { return };
        if self.parts.get(&idx).is_some_and(|it| !it.is_asked()) {
            self.current.remove(world);
            self.n_bytes -= self.parts.remove(&idx).map_or(0, |it| it.n_bytes);
        }
    }

    /// All that was taken of a world is given up.
    fn forget(&mut self, world: &str) {
        self.current.remove(world);
        let of_it = self.parts.extract_if(.., |_, it| it.part.world == world);
        self.n_bytes -= of_it.map(|(_, it)| it.n_bytes).sum::<usize>();
    }

    fn lost(&mut self, world: &str, lost: Lost) {
        let Lost { n_inputs, begins } = lost;
        let anew = if begins { ", and how the world began anew" } else { "" };
        let text = format!("{}{anew}: more than note could be taken of", inputs(n_inputs));
        tracing::warn!(world, "left out of the recording: {text}");
        let idx = self.current.get(world).copied().unwrap_or_else(|| {
            let part = Part { world: world.to_owned(), ..Part::default() };
            self.part(Growing { part, ..Growing::default() })
        });
        self.of(idx).n_asked += n_inputs;
        self.leave_out(idx, text);
    }

    fn of(&mut self, idx: usize) -> &mut Growing {
        self.parts.entry(idx).or_default()
    }

    fn answered(&mut self, world: &str, taken: Taken) {
        let arrival = match taken.delivery.how {
            How::Whole | How::Drip { .. } => None,
            How::Malform | How::Truncate { .. } | How::ResetAfterHead => Some("cut"),
            How::Close | How::Reset => Some("none"),
            How::Hang => Some("late"),
        };
        let Some(idx) = self.going_on(world) else { return };
        let (vendor, is_open) = (taken.vendor, taken.is_long);
        self.exchange(idx, Exchange { vendor, it: recorded(taken), arrival, is_open });
    }

    /// The part of a world that goes on. An input of another is counted.
    fn going_on(&mut self, world: &str) -> Option<usize> {
        let idx = self.current.get(world).copied();
        self.n_loose += usize::from(idx.is_none());
        idx
    }

    /// Counts a request, and says which it is.
    fn asked(&mut self, idx: usize) -> String {
        let growing = self.of(idx);
        growing.n_asked += 1;
        format!("request {}", growing.n_asked)
    }

    /// What comes of a part stands in the file alone. So does what came, where no request was held in
    /// memory: it makes no scenario.
    fn close(&mut self, idx: usize) {
        if self.journal.is_written() {
            self.write_start(idx);
        }
        let growing = self.of(idx);
        growing.is_closed = true;
        if growing.n_exchanges == 0 {
            growing.n_aside += std::mem::take(&mut growing.part.inputs).len();
            growing.part.start = None;
            let n_bytes = std::mem::take(&mut growing.n_bytes);
            self.n_bytes -= n_bytes;
        }
    }

    fn exchange(&mut self, idx: usize, mut exchange: Exchange) {
        exchange.it.place = self.asked(idx);
        let growing = self.of(idx);
        if growing.n_exchanges >= RECORDED_EXCHANGES_MAX || growing.n_beyond > 0 {
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
        let n_bytes = recorded_bytes(&exchange.it);
        self.input(idx, Input::Exchange(Box::new(exchange)), n_bytes);
    }

    fn happened(&mut self, world: &str, event: Happened) {
        let Some(idx) = self.going_on(world) else { return };
        let Happened { at, vendor, name, fields } = event;
        self.masking.learn_fields(vendor, &fields);
        let growing = self.of(idx);
        if growing.n_events >= RECORDED_EVENTS_MAX || growing.n_beyond > 0 {
            growing.n_beyond += 1;
            return;
        }
        growing.n_events += 1;
        let n_bytes = value_bytes(&fields);
        self.input(idx, Input::Event(Event { at, vendor, name, fields }), n_bytes);
    }

    fn leave_out(&mut self, idx: usize, text: String) {
        if self.of(idx).part.left_out.len() >= LEFT_OUT_LINES_MAX {
            self.of(idx).n_more += 1;
            return;
        }
        self.write(idx, &Line::LeftOut(text.clone()));
        self.of(idx).part.left_out.push(text);
    }

    fn input(&mut self, idx: usize, input: Input, n_bytes: usize) {
        match self.masking.input(&input) {
            Ok(masked) => {
                self.write(idx, &Line::Input(masked));
                let is_request = matches!(input, Input::Exchange(_));
                if is_request && self.of(idx).n_exchanges == 0 {
                    self.n_taken += 1;
                    let is_beyond = self.n_taken > RECORDED_PARTS_MAX && !self.forgets;
                    self.of(idx).is_beyond = is_beyond;
                }
                let is_much = self.n_bytes + n_bytes > self.bytes_max || self.of(idx).is_beyond;
                if is_much && !self.of(idx).is_closed {
                    self.close(idx);
                }
                let growing = self.of(idx);
                growing.n_exchanges += usize::from(is_request);
                if growing.is_closed {
                    growing.n_aside += 1;
                } else {
                    growing.part.inputs.push(input);
                    growing.n_bytes += n_bytes;
                    self.n_bytes += n_bytes;
                }
            }
            Err(reason) => self.leave_out(idx, reason),
        }
    }

    /// Writes a line of a part, and before it how the part began, where that is not written as it is
    /// known now.
    fn write(&mut self, idx: usize, line: &Line) {
        if self.journal.is_written() && self.write_start(idx) {
            self.add(&line::write(idx, line));
        }
    }

    /// Says whether it stands there.
    fn write_start(&mut self, idx: usize) -> bool {
        let n_known = self.masking.n_known();
        let growing = self.parts.entry(idx).or_default();
        let is_known = match (&growing.part.start, &growing.written) {
            // A whole world: it is masked and printed anew only where it may come to something else.
            (Some(_), Some((known, _))) => *known == n_known,
            (None, Some(_)) => true,
            (_, None) => false,
        };
        if is_known {
            return true;
        }
        let start = growing.part.start.as_ref().map(|start| self.masking.start(start));
        // Where there is too much to look for, nothing of it is written.
        let Ok(start) = start.transpose() else { return false };
        let begins = Line::Begins { world: growing.part.world.clone(), start };
        let begins = line::write(idx, &begins);
        let digest: [u8; 32] = Sha256::digest(begins.as_bytes()).into();
        let is_other = growing.written.is_none_or(|(_, written)| written != digest);
        growing.written = Some((n_known, digest));
        if is_other {
            self.add(&begins);
        }
        true
    }

    fn add(&mut self, line: &str) {
        let turn = self.journal.add(line);
        let file = self.journal.path().display();
        match turn {
            Some(Turn::Fails(error)) => {
                tracing::error!(%file, %error, "the recording cannot be written; it waits in memory");
            }
            Some(Turn::Works) => tracing::warn!(%file, "the recording is written again"),
            None => {}
        }
    }

    /// Whether all that was taken stands in the file that grew.
    pub(super) fn is_whole(&self) -> bool {
        self.journal.is_whole()
    }

    /// Makes scenarios of what was taken, and hands over each with its file.
    pub(super) fn end(
        mut self,
        file: &Path,
        write: &mut dyn FnMut(PathBuf, Imported),
    ) -> Recording {
        let (mut left_out, mut failed, mut n_asked) = (Vec::new(), Vec::new(), self.n_loose);
        let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
        let mut n_parts_beyond = 0;
        if self.n_loose > 0 {
            let text = "of worlds whose beginning could not be told";
            left_out.push(format!("{} {text}", inputs(self.n_loose)));
        }
        while let Some((_, growing)) = self.parts.pop_first() {
            n_asked += growing.n_asked;
            let growing = growing.counted();
            let Growing { part, n_exchanges, is_beyond, .. } = &growing;
            if *n_exchanges == 0 {
                // How the world began has its own lines there, which nobody asked for.
                if growing.n_asked > 0 {
                    left_out.extend(of_world(part));
                }
                continue;
            }
            let number = numbers.entry(part.world.clone()).or_default();
            *number += 1;
            let path = named(file, &part.world, *number);
            if *is_beyond {
                n_parts_beyond += 1;
                continue;
            }
            if let Some(lacking) = growing.lacking() {
                failed.push(format!("{}: {lacking}", path.display()));
            }
            if part.n_exchanges() == 0 {
                continue;
            }
            match self.masked(growing.part).and_then(finish) {
                Ok(imported) => write(path, imported),
                Err(reason) => failed.push(format!("{}: {reason}", path.display())),
            }
        }
        if n_parts_beyond > 0 {
            failed.push(format!("{n_parts_beyond} more: {}", beyond()));
        }
        let Keeper { journal, masking, .. } = self;
        Recording { n_asked, left_out, failed, replaced: masking.told(), journal }
    }

    /// What a world has done so far, for one who does it again elsewhere.
    fn so_far(&mut self, world: &str) -> SoFar {
        let of_it = self.parts.values().filter(|it| it.part.world == world && it.n_exchanges > 0);
        let of_it: Vec<_> = of_it.cloned().map(Growing::counted).collect();
        let taken = of_it.into_iter().map(|mut growing| {
            let lacking = growing.lacking();
            if growing.is_beyond {
                return Err(beyond());
            }
            if growing.part.n_exchanges() == 0 {
                return Err(lacking.unwrap_or_default());
            }
            growing.part.left_out.extend(lacking);
            self.masked(growing.part)
        });
        taken.collect()
    }

    /// A part with all pseudonyms that are known by now. What a vendor's own system said is given them
    /// together with its rows.
    fn masked(&mut self, mut part: Part) -> Result<Part, String> {
        let Some(start) = part.start else { return Ok(part) };
        part.start = Some(self.masking.start(&start)?);
        let mut inputs = Vec::new();
        for input in part.inputs {
            match self.masking.input(&input) {
                Ok(masked) => inputs.push(masked),
                Err(reason) => part.left_out.push(reason),
            }
        }
        Ok(Part { inputs, ..part })
    }
}

fn beyond() -> String {
    format!("{RECORDED_PARTS_MAX} scenarios are the most of one recording")
}

fn inputs(n: usize) -> String {
    counted(n, "input", "inputs")
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
