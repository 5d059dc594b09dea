//! Secrets by their place in a path: the last segment of a path that ends as a pattern does.

use std::ops::Range;

use memchr::memchr;

use super::text::{byte, find, has_word};

/// The end of a path, whose last segment is a secret.
#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    /// What stands before the first `{…}`, slashes included.
    head: Vec<u8>,
    /// The segments; `None` is any.
    segments: Vec<Option<Vec<u8>>>,
}

impl Pattern {
    pub(crate) fn new(path: &str) -> Self {
        let head = path.split('{').next().unwrap_or(path).as_bytes().to_vec();
        let segment = |it: &str| (!it.starts_with('{')).then(|| it.as_bytes().to_vec());
        Pattern { head, segments: path.split('/').skip(1).map(segment).collect() }
    }

    /// Where such segments lie in a text.
    pub(crate) fn find(&self, text: &[u8], mut found: impl FnMut(Range<usize>)) {
        let mut at = 0;
        while let Some(slash) = text.get(at..).and_then(|it| memchr(b'/', it)) {
            at += slash;
            if !has_word(text, at, &self.head) {
                at += 1;
            } else if let Some(segment) = self.last(text, at) {
                at = segment.end;
                found(segment);
            } else {
                at += self.head.len().max(1);
            }
        }
    }

    fn last(&self, text: &[u8], start: usize) -> Option<Range<usize>> {
        let mut segment = start..start;
        for wanted in &self.segments {
            if byte(text, segment.end) != b'/' {
                return None;
            }
            let start = segment.end + 1;
            segment = start..end(text, start);
            let is_met = |wanted: &Vec<u8>| wanted.eq_ignore_ascii_case(&text[segment.clone()]);
            if wanted.as_ref().is_some_and(|wanted| !is_met(wanted)) {
                return None;
            }
        }
        (!segment.is_empty()).then_some(segment)
    }
}

/// Where a segment ends. Punctuation is part of it, as a password may hold some, but not where the
/// path ends with it: then it is the sentence's.
fn end(text: &[u8], start: usize) -> usize {
    let stop =
        |it: u8| matches!(it, b'/' | b'?' | b'#' | b'"' | b'<' | b'>') || it.is_ascii_whitespace();
    let end = find(text, start, stop);
    if !matches!(byte(text, end), 0 | b'"' | b'<' | b'>') && !byte(text, end).is_ascii_whitespace()
    {
        return end;
    }
    let is_sentence = |it: &&u8| matches!(it, b',' | b'.' | b';' | b':' | b'\'' | b')');
    end - text[start..end].iter().rev().take_while(is_sentence).count()
}
