//! Everything secret in a text: all its readings, looked at for names, values, places and cards.

use std::ops::Range;

use super::escape::SIGNS;
use super::known::Known;
use super::layer::{self, DEPTH_MAX, Layer};
use super::packed::{self, BASE64, HEX, Packing, Run};
use super::sought::{Found, Manner, Sought};
use super::telling::CHARS_MIN;
use super::{address, card, digits, pairs, sheet, tag};
use crate::base::planted::{self, Fault as Planted};

/// Readings of one kind of escape that are made of each other, at the most: with three kinds, each
/// more is three times the work.
const KINDS_DEPTH_MAX: usize = 2;

/// Stands where a text has to stay of use, such as in a recording.
const PLAIN: &str = "masked";

/// A part of the text that is not to be shown.
#[derive(Debug)]
struct Hit {
    range: Range<usize>,
    tag: Tag,
}

/// What takes its place.
#[derive(Debug)]
enum Tag {
    Ready(String),
    /// A word that can stand in a path, in JSON and in a pattern.
    Plain,
    /// Of this value, once it is clear that the hit is shown; a digest takes longer than the search.
    Of {
        value: Vec<u8>,
        with_digest: bool,
    },
}

/// A search in one text.
#[derive(Debug)]
pub(crate) struct Scan<'m> {
    sought: Sought<'m>,
    known: &'m Known,
    hits: Vec<Hit>,
    found: Vec<Found>,
}

impl<'m> Scan<'m> {
    pub(crate) fn new(sought: Sought<'m>, known: &'m Known) -> Self {
        Scan { sought, known, hits: Vec::new(), found: Vec::new() }
    }

    /// The text with what is secret covered; `None` where nothing is.
    pub(crate) fn masked(mut self, text: &[u8]) -> Option<Vec<u8>> {
        // Too short for a known credential, a card or a path, and no name beside a value in it.
        let is_short = text.len() < CHARS_MIN;
        if !is_short || text.iter().any(|it| matches!(it, b':' | b'=' | b'<')) {
            self.readings(&Layer::plain(text), 0);
        }
        if self.hits.is_empty() { None } else { Some(paint(text, self.hits)) }
    }

    /// Covers these parts of the text besides what is found.
    pub(crate) fn cover(&mut self, text: &[u8], mut found: Vec<Found>) {
        self.found.append(&mut found);
        self.take_found(&Layer::plain(text));
    }

    fn readings(&mut self, layer: &Layer<'_>, depth: usize) {
        self.look(layer);
        if depth == DEPTH_MAX {
            return;
        }
        self.unpack(layer, depth);
        if let Some(plain) = layer.unescaped() {
            self.readings(&plain, depth + 1);
            if depth == 0 && !self.sought.show && !self.known.is_empty() {
                let more = if self.known.has_escapes() { KINDS_DEPTH_MAX } else { 0 };
                self.look_kind_by_kind(layer, more);
            }
        }
    }

    /// Looks for credentials that look like escapes themselves (`a%41`, `b\\n`), or do with what
    /// stands beside them: undone with the escapes of the text around them, they would be gone.
    fn look_kind_by_kind(&mut self, layer: &Layer<'_>, more: usize) {
        // Of one kind alone, nothing is left out when all are undone.
        if more == 0 && SIGNS.iter().filter(|sign| layer.has_sign(**sign)).count() < 2 {
            return;
        }
        for plain in SIGNS.iter().filter_map(|sign| layer.without_sign(*sign)) {
            self.look_known(&plain);
            if more > 0 {
                self.look_kind_by_kind(&plain, more - 1);
            }
        }
    }

    fn look(&mut self, layer: &Layer<'_>) {
        self.look_known(layer);
        if self.sought.manner == Manner::Values {
            self.look_packed_cards(layer);
            return;
        }
        self.look_named(layer);
        card::find(&layer.text, |range| cover(&mut self.hits, layer, range, false));
    }

    /// Cards that do not stand there plainly.
    fn look_packed_cards(&mut self, layer: &Layer<'_>) {
        card::find(&layer.text, |range| {
            if !layer.is_as_it_stands(range.clone()) {
                self.hits.push(Hit { range: layer.source(range), tag: Tag::Plain });
            }
        });
    }

    fn look_named(&mut self, layer: &Layer<'_>) {
        pairs::find_in(&self.sought, &layer.text, &mut self.found);
        address::find_in(&self.sought, &layer.text, &mut self.found);
        sheet::find_in(&self.sought, &layer.text, &mut self.found);
        self.take_found(layer);
        let show = self.sought.show;
        let hits = &mut self.hits;
        for (pattern, always) in self.sought.names.places().iter().filter(|it| it.1 || !show) {
            pattern.find(&layer.text, |range| cover(hits, layer, range, !always));
        }
        if let Some(count) = self.sought.digits.filter(|_| !show) {
            digits::find(&layer.text, count, |range| cover(hits, layer, range, true));
        }
    }

    fn look_known(&mut self, layer: &Layer<'_>) {
        if self.sought.manner == Manner::Values {
            let hits = &mut self.hits;
            self.known.find(&layer.text, |range, _| {
                hits.push(Hit { range: layer.source(range), tag: Tag::Plain });
            });
        } else if !self.sought.show {
            let hits = &mut self.hits;
            self.known.find(&layer.text, |range, tag| {
                hits.push(Hit { range: layer.source(range), tag: Tag::Ready(tag.to_owned()) });
            });
            self.known.find_near(&layer.text, |range| cover(hits, layer, range, true));
        }
    }

    fn take_found(&mut self, layer: &Layer<'_>) {
        for found in self.found.drain(..) {
            cover(&mut self.hits, layer, found.value, !found.always);
        }
    }

    /// Reads what is packed in a layer, and looks at it as at any text if it reads as one. Where it
    /// does not, only known credentials are looked for, in all runs together: most runs are words
    /// and hold none.
    fn unpack(&mut self, layer: &Layer<'_>, depth: usize) {
        let (mut digits, mut bytes, mut others) = (Vec::new(), Vec::new(), Vec::new());
        let looks_known = !self.sought.show && !self.known.is_empty();
        runs(layer, depth, |packing, run| {
            run.digits(packing, &layer.text, &mut digits);
            for start in 0..packing.starts {
                if !packing.may_tell(&digits[start..], self.known.is_foreign()) {
                    continue;
                }
                bytes.clear();
                packing.read(&digits[start..], &mut bytes);
                if packed::is_text(&bytes) {
                    let places = run.places(packing, &layer.text, start, bytes.len());
                    self.readings(&layer.reading(bytes.clone(), places), depth + 1);
                } else if looks_known {
                    // Of UTF-16, without its NULs.
                    if bytes.contains(&0) {
                        bytes.retain(|it| *it != 0);
                    }
                    others.extend_from_slice(&bytes);
                    others.push(0);
                }
            }
        });
        if looks_known && self.known.contains(&others) {
            self.look_into_runs(layer, depth);
        }
    }

    /// Looks for known credentials in each run and from each of its first digits on.
    fn look_into_runs(&mut self, layer: &Layer<'_>, depth: usize) {
        let mut digits = Vec::new();
        runs(layer, depth, |packing, run| {
            run.digits(packing, &layer.text, &mut digits);
            for start in 0..packing.starts {
                let mut bytes = Vec::new();
                packing.read(&digits[start..], &mut bytes);
                let places = run.places(packing, &layer.text, start, bytes.len());
                let reading = layer.reading(bytes, places);
                self.look_known(&reading);
                if let Some(plain) = reading.without_sign(0) {
                    self.look_known(&plain);
                }
            }
        });
    }
}

/// Hands out the runs of Base64 and hex in a layer, but not those that no escape has changed: they
/// were read in the layer that this one was made of.
fn runs(layer: &Layer<'_>, depth: usize, mut look: impl FnMut(Packing, &Run)) {
    let text = &*layer.text;
    let mut next = BASE64.run(text, 0);
    while let Some(run) = next {
        let range = run.range();
        // With what stands beside it, which may have ended the run only now.
        let wide = range.start.saturating_sub(1)..(range.end + 1).min(text.len());
        if depth == 0 || !layer.is_as_it_stands(wide) {
            if !planted::is(Planted::Base64IsNotRead) {
                look(BASE64, &run);
            }
            let mut hex = run.hex(text, range.start);
            while let Some(inner) = hex {
                look(HEX, &inner);
                hex = run.hex(text, inner.range().end);
            }
        }
        next = BASE64.run(text, range.end);
    }
}

fn cover(hits: &mut Vec<Hit>, layer: &Layer<'_>, range: Range<usize>, with_digest: bool) {
    let value = layer::undone(&layer.text[range.clone()]).into_owned();
    hits.push(Hit { range: layer.source(range), tag: Tag::Of { value, with_digest } });
}

impl Tag {
    fn render(self) -> String {
        match self {
            Tag::Ready(tag) => tag,
            Tag::Plain => PLAIN.to_owned(),
            Tag::Of { value, with_digest } => tag::of(&value, with_digest),
        }
    }
}

/// The text with the hits covered. Where hits overlap, all of them are, and the longest says what
/// takes their place; of hits as long, the one that was found first, which is a known credential if
/// there is one.
fn paint(text: &[u8], mut hits: Vec<Hit>) -> Vec<u8> {
    hits.sort_by_key(|hit| hit.range.start);
    let mut shown = Vec::with_capacity(text.len());
    let mut at = 0;
    let mut hits = hits.into_iter().peekable();
    while let Some(mut longest) = hits.next() {
        let mut whole = longest.range.clone();
        while let Some(next) = hits.next_if(|next| next.range.start < whole.end) {
            whole.end = whole.end.max(next.range.end);
            if next.range.len() > longest.range.len() {
                longest = next;
            }
        }
        let whole = on_characters(text, whole);
        shown.extend_from_slice(&text[at.min(whole.start)..whole.start]);
        shown.extend_from_slice(longest.tag.render().as_bytes());
        at = whole.end;
    }
    shown.extend_from_slice(&text[at..]);
    shown
}

/// The range, wide enough to cut no character of UTF-8.
fn on_characters(text: &[u8], range: Range<usize>) -> Range<usize> {
    let is_inside = |at: &usize| text.get(*at).is_some_and(|it| it & 0xc0 == 0x80);
    // A character has three bytes inside at the most.
    let back = (0..3).take_while(|n| is_inside(&range.start.saturating_sub(*n))).count();
    let on = (0..3).take_while(|n| is_inside(&(range.end + n))).count();
    range.start.saturating_sub(back)..range.end + on
}
