//! A text as it reads once its escapes are undone, with the place that each byte came from.

use std::borrow::Cow;
use std::ops::Range;

use memchr::{memchr, memchr_iter};

use super::escape::{self, Plain};

/// One reading of a text.
#[derive(Debug)]
pub(crate) struct Layer<'t> {
    pub(crate) text: Cow<'t, [u8]>,
    /// For each byte, where what it was read from starts and ends in the text as it stands; `None`
    /// where this is that text.
    origin: Option<Vec<(u32, u32)>>,
}

impl<'t> Layer<'t> {
    /// The text as it stands.
    pub(crate) fn plain(text: &'t [u8]) -> Self {
        Layer { text: Cow::Borrowed(text), origin: None }
    }

    /// A reading of this one: bytes, and for each the bytes of this layer that it was read from.
    pub(crate) fn reading(
        &self,
        text: Vec<u8>,
        from: impl Iterator<Item = Range<usize>>,
    ) -> Layer<'static> {
        let origin = from.map(|range| self.place(range)).collect();
        Layer { text: Cow::Owned(text), origin: Some(origin) }
    }

    fn place(&self, range: Range<usize>) -> (u32, u32) {
        let source = self.source(range);
        (narrow(source.start), narrow(source.end))
    }

    /// Where a range of this layer lies in the text as it stands.
    pub(crate) fn source(&self, range: Range<usize>) -> Range<usize> {
        let Some(origin) = &self.origin else { return range };
        let start = origin.get(range.start).map_or(0, |it| it.0);
        let end = origin.get(range.end.saturating_sub(1)).map_or(start, |it| it.1);
        start as usize..end as usize
    }

    /// The text with its escapes undone once; `None` where there is none.
    pub(crate) fn unescaped(&self) -> Option<Layer<'static>> {
        self.without(escape::next)
    }

    /// The text with those escapes undone once that begin with this sign.
    pub(crate) fn without_sign(&self, sign: u8) -> Option<Layer<'static>> {
        self.without(|text, from| Some(from + memchr(sign, text.get(from..)?)?))
    }

    /// `sign` says where the next sign stands that may begin an escape.
    fn without(&self, sign: impl Fn(&[u8], usize) -> Option<usize>) -> Option<Layer<'static>> {
        let text = &*self.text;
        let next = |mut from: usize| loop {
            from = sign(text, from)?;
            if escape::at(text, from).is_some() {
                return Some(from);
            }
            from += 1;
        };
        let mut escape = next(0)?;
        let mut plain = Vec::with_capacity(text.len());
        let mut origin = Vec::with_capacity(text.len());
        let mut at = 0;
        loop {
            plain.extend_from_slice(&text[at..escape]);
            self.extend(&mut origin, at..escape);
            let Some((value, length)) = escape::at(text, escape) else { break };
            push(&mut plain, value);
            origin.resize(plain.len(), self.place(escape..escape + length));
            at = escape + length;
            escape = next(at).unwrap_or(text.len());
        }
        Some(Layer { text: Cow::Owned(plain), origin: Some(origin) })
    }

    /// Whether there is an escape that begins with this sign.
    pub(crate) fn has_sign(&self, sign: u8) -> bool {
        let text = &*self.text;
        memchr_iter(sign, text).any(|at| escape::at(text, at).is_some())
    }

    /// Appends where each byte of a range came from.
    fn extend(&self, origin: &mut Vec<(u32, u32)>, range: Range<usize>) {
        match &self.origin {
            Some(known) => origin.extend_from_slice(&known[range]),
            None => origin.extend(range.map(|at| (narrow(at), narrow(at + 1)))),
        }
    }

    /// Whether a range stands in the text as it is here.
    pub(crate) fn is_as_it_stands(&self, range: Range<usize>) -> bool {
        self.source(range.clone()).len() == range.len()
    }
}

/// Offsets take four bytes: no text that is shown has four gigabytes.
fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

fn push(plain: &mut Vec<u8>, value: Plain) {
    match value {
        Plain::Byte(byte) => plain.push(byte),
        Plain::Char(char) => plain.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes()),
        Plain::Nothing => {}
    }
}

/// Readings that are made of readings, at the most: Base64 of a form with JSON in JSON takes five.
/// Each is no longer than what it was read from, so the work stays linear.
pub(crate) const DEPTH_MAX: usize = 5;

/// A value with all its escapes undone.
pub(crate) fn undone(value: &[u8]) -> Cow<'_, [u8]> {
    let mut plain = Cow::Borrowed(value);
    for _ in 0..DEPTH_MAX {
        let Some(layer) = Layer::plain(&plain).unescaped() else { break };
        plain = Cow::Owned(layer.text.into_owned());
    }
    plain
}
