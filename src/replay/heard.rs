//! The requests of a step with their replies, as a report shows them that is asked for all of it.
//!
//! They are masked when they are taken: what a step captures later is a secret then, too late for what
//! was said before. Nothing is kept where nobody asks.

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use crate::base::text::{counted, grouped};
use crate::client::entry::Why;
use crate::client::plain::plain;
use crate::client::{Arrival, Incoming, Outgoing};
use crate::replay::said::Said;
use crate::web::mask::masker::{Masked, Masker};

/// Exchanges of a step that are kept: the first ones and the last. A step that is taken for each of
/// thousands of rows would fill the report with what is alike.
const EXCHANGES_MAX: usize = 20;

/// Characters of a body that are shown. A page of a list is longer; its beginning tells what it is.
const BODY_CHARS_MAX: usize = 4000;

/// What was said in a step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Heard {
    is_wanted: bool,
    pub(crate) exchanges: Vec<Exchange>,
    /// Exchanges between the last one and those before it that are not kept.
    pub(crate) n_left_out: usize,
    /// Why the last request was refused, for who asks also where that was expected.
    pub(crate) why: Option<Why>,
    /// All of them as they came, for who compares them; no report shows them.
    pub(crate) said: Vec<Said>,
}

/// A request and its reply, line by line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Exchange {
    pub(crate) asked: Vec<String>,
    pub(crate) answered: Vec<String>,
}

impl Heard {
    pub(crate) fn new(is_wanted: bool) -> Self {
        Heard { is_wanted, ..Heard::default() }
    }

    /// The lines of a request, before it is sent; `None` where nobody asks.
    pub(crate) fn asked(&self, outgoing: &Outgoing, masker: &Masker) -> Option<Vec<String>> {
        self.is_wanted.then(|| {
            let mut lines = vec![format!("{} {}", outgoing.method, masker.query(&outgoing.path))];
            lines.extend(outgoing.headers.iter().map(|(name, value)| line(name, value, masker)));
            let encoding =
                outgoing.headers.iter().find(|(name, _)| name == header::CONTENT_ENCODING);
            let encoding = encoding.and_then(|(_, value)| value.to_str().ok());
            lines.extend(body(&outgoing.body, encoding, masker));
            lines
        })
    }

    /// Takes note of the reply to such a request.
    pub(crate) fn answered(
        &mut self,
        asked: Option<Vec<String>>,
        incoming: &Incoming,
        masker: &Masker,
    ) {
        let Some(asked) = asked else { return };
        let mut answered = Vec::new();
        if let Some((status, headers)) = &incoming.head {
            answered.push(status.to_string());
            answered.extend(headers.iter().map(|(name, value)| line(name, value, masker)));
            answered.extend(body(&incoming.body, encoding(headers), masker));
        }
        match incoming.arrival {
            Arrival::Whole => {}
            Arrival::Cut => answered.push("(the connection ended inside the body)".into()),
            Arrival::None => answered.push("(the connection ended before a reply came)".into()),
            Arrival::Late => answered.push("(not all of it came in time)".into()),
        }
        self.keep(Exchange { asked, answered });
    }

    /// Takes note of what the control plane was told to do, and what it answered.
    pub(crate) fn told(&mut self, sent: &str, status: StatusCode, text: &str, masker: &Masker) {
        if self.is_wanted {
            let mut answered = vec![status.to_string()];
            answered.extend(body(text.as_bytes(), None, masker));
            self.keep(Exchange { asked: vec![masker.text(sent).into_owned()], answered });
        }
    }

    fn keep(&mut self, mut exchange: Exchange) {
        for lines in [&mut exchange.asked, &mut exchange.answered] {
            for line in lines {
                *line = plain(line);
            }
        }
        if self.exchanges.len() == EXCHANGES_MAX {
            self.exchanges.pop();
            self.n_left_out += 1;
        }
        self.exchanges.push(exchange);
    }
}

fn line(name: &HeaderName, value: &HeaderValue, masker: &Masker) -> String {
    let value = String::from_utf8_lossy(value.as_bytes());
    format!("{name}: {}", masker.header(name.as_str(), &value))
}

fn encoding(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::CONTENT_ENCODING)?.to_str().ok()
}

/// The lines of a body, behind an empty one; nothing where there is none.
fn body(bytes: &[u8], encoding: Option<&str>, masker: &Masker) -> Vec<String> {
    if bytes.is_empty() {
        return Vec::new();
    }
    let no_text = || {
        let bytes = grouped(bytes.len() as u64);
        format!("({} no text)", counted(bytes, "byte that is", "bytes that are"))
    };
    let text = match masker.body(bytes, encoding) {
        Some(Masked::Text(text)) => text,
        Some(Masked::Bytes(_) | Masked::Opaque { .. }) => no_text(),
        None => std::str::from_utf8(bytes).map_or_else(|_| no_text(), str::to_owned),
    };
    let end = text.char_indices().nth(BODY_CHARS_MAX).map(|(end, _)| end);
    let mut lines = vec![String::new()];
    lines.extend(text[..end.unwrap_or(text.len())].lines().map(str::to_owned));
    if end.is_some() {
        lines.push(format!("(… {} bytes in all)", grouped(bytes.len() as u64)));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_exchanges_the_first_and_the_last_are_kept() {
        let mut heard = Heard::new(true);
        for idx in 0..EXCHANGES_MAX + 5 {
            heard.told(&format!("advance {idx}s"), StatusCode::OK, "{}", &Masker::default());
        }
        let asked: Vec<&str> = heard.exchanges.iter().map(|it| it.asked[0].as_str()).collect();
        assert_eq!((asked.len(), asked[0], asked[18]), (20, "advance 0s", "advance 18s"));
        assert_eq!((asked[19], heard.n_left_out), ("advance 24s", 5));
        let mut unheard = Heard::new(false);
        unheard.told("advance 1s", StatusCode::OK, "{}", &Masker::default());
        assert_eq!(unheard, Heard::default());
    }

    #[test]
    fn a_body_is_bounded_and_says_how_long_it_was() {
        let masker = Masker::default();
        assert_eq!(body(b"", None, &masker), [] as [&str; 0]);
        assert_eq!(body(b"a\nb", None, &masker), ["", "a", "b"]);
        assert_eq!(body(b"\xff\xfe", None, &masker), ["", "(2 bytes that are no text)"]);
        let long = "x".repeat(BODY_CHARS_MAX + 1);
        let lines = body(long.as_bytes(), None, &masker);
        assert_eq!((lines[1].len(), lines[2].as_str()), (4000, "(… 4,001 bytes in all)"));
    }
}
