//! What a reply shows, feature by feature: its status, each header, each place of its body, and how
//! that body is written. Two replies are compared by these and never as a whole, so that one thing
//! that nobody expected says nothing of the rest.
//!
//! A place in a body counts only where what it stands in is the same on both sides: a member that is
//! missing in an object that is not there says nothing.
//!
//! Not here: what follows from a comparison (`strike`).

use std::collections::{BTreeMap, BTreeSet};

use crate::calibrate::node::Node;
use crate::calibrate::question::{Bound, Heard};
use crate::client::enough::is_page;
use crate::web::mask::masker::{Masker, tagged};

/// Headers that say nothing of a vendor's switches.
const NOT_COMPARED: &[&str] = &[
    "date",
    "content-length",
    "connection",
    "keep-alive",
    "transfer-encoding",
    "server",
    "vary",
    "via",
    "x-ringback-why",
];

/// Longest value that a report shows.
const SHOWN_CHARS_MAX: usize = 60;

/// The value of a feature that follows the seed: it may be anything.
pub(crate) const ANYTHING: &str = "anything";

/// A feature's name. Its order is that of the report.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    /// Which request of the question, from 0.
    pub(crate) nth: usize,
    pub(crate) part: Part,
    /// The way to a place in the body.
    pub(crate) way: Vec<String>,
}

/// What of a reply it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    Status,
    Header(String),
    /// What the body is written in.
    Form,
    /// How it is written, by what of it.
    Writing(&'static str),
    /// A place in it.
    Place,
    /// The form of the value at a place: its digits do not count.
    Shape,
    /// The order of what is at a place.
    Order,
}

/// The features of the replies to one question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Features {
    pub(crate) by_key: BTreeMap<Key, String>,
    /// Places of rows that are none of the twin's.
    pub(crate) strangers: BTreeSet<Key>,
}

/// What makes rows known again: the values of the twin's rows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    pub(crate) ids: BTreeSet<String>,
}

impl Key {
    fn new(nth: usize, part: Part) -> Self {
        Key { nth, part, way: Vec::new() }
    }

    /// The place that it stands in; `None` where it stands in none.
    pub(crate) fn parent(&self) -> Option<Key> {
        match self.part {
            Part::Place => {
                let (part, way) = match self.way.split_last() {
                    Some((_, before)) => (Part::Place, before.to_vec()),
                    None => (Part::Form, Vec::new()),
                };
                Some(Key { nth: self.nth, part, way })
            }
            Part::Shape | Part::Order => {
                Some(Key { nth: self.nth, part: Part::Place, way: self.way.clone() })
            }
            Part::Writing(_) => Some(Key::new(self.nth, Part::Form)),
            Part::Status | Part::Header(_) | Part::Form => None,
        }
    }

    /// Whether it tells how many rows there are, or which.
    pub(crate) fn counts_rows(&self) -> bool {
        match self.part {
            Part::Status | Part::Order => true,
            Part::Place | Part::Shape => self.way.len() <= 3,
            Part::Header(_) | Part::Form | Part::Writing(_) => false,
        }
    }

    /// In words.
    pub(crate) fn words(&self) -> String {
        let way = self.way.iter().fold(String::new(), |way, step| way + "/" + step);
        let what = match &self.part {
            Part::Status => "status".to_owned(),
            Part::Header(name) => format!("header {name}"),
            Part::Form => "form of the body".to_owned(),
            Part::Writing(what) => (*what).to_owned(),
            Part::Place if way.is_empty() => "body".to_owned(),
            Part::Place => way,
            Part::Shape => format!("form of {way}"),
            Part::Order => format!("order in {}", if way.is_empty() { "the body" } else { &way }),
        };
        if self.nth == 0 { what } else { format!("reply {}: {what}", self.nth + 1) }
    }
}

impl Features {
    /// Where another drawing gives something else, it may be anything.
    pub(crate) fn loosen(&mut self, other: &Features) {
        for (key, value) in &mut self.by_key {
            if other.by_key.get(key) != Some(value) {
                ANYTHING.clone_into(value);
            }
        }
        for key in other.by_key.keys() {
            self.by_key.entry(key.clone()).or_insert_with(|| ANYTHING.to_owned());
        }
    }

    /// Whether it has rows that none of the others has: then how many there are says nothing.
    pub(crate) fn has_strangers(&self, others: &[&Features]) -> bool {
        let is_strange = |key: &Key| !others.iter().any(|it| it.by_key.contains_key(key));
        self.strangers.iter().any(is_strange)
    }

    /// What the replies to a question show. `bound` is what was captured on the way.
    pub(crate) fn of(heard: &[Heard], bound: &Bound, known: &Known) -> Features {
        let mut features = Features::default();
        for (nth, heard) in heard.iter().enumerate() {
            features.add_reply(nth, heard, bound, known);
        }
        features
    }

    fn put(&mut self, nth: usize, part: Part, value: impl Into<String>) {
        self.by_key.insert(Key::new(nth, part), value.into());
    }

    fn add_reply(&mut self, nth: usize, heard: &Heard, bound: &Bound, known: &Known) {
        self.put(nth, Part::Status, heard.status.to_string());
        for (name, value) in &heard.headers {
            if NOT_COMPARED.contains(&name.as_str()) {
                continue;
            }
            let value = match name.as_str() {
                "set-cookie" => cookie(value),
                // A redirect names the host that was asked.
                "location" => value.split("//").last().unwrap_or_default().to_owned(),
                _ => unbound(value, bound),
            };
            self.put(nth, Part::Header(name.clone()), value);
        }
        let media_type = heard.header("content-type").unwrap_or_default().to_ascii_lowercase();
        let body = heard.body.as_slice();
        let text = String::from_utf8_lossy(body);
        let bare = text.trim_start_matches('\u{feff}').trim();
        let is_csv = media_type.starts_with("text/csv");
        if body.is_empty() {
            self.put(nth, Part::Form, "empty");
        } else if is_csv {
            self.add_csv(nth, body, bound, known);
        } else if let Ok(json) = serde_json::from_str::<serde_json::Value>(bare)
            && (json.is_object() || json.is_array())
        {
            self.put(nth, Part::Form, "JSON");
            self.add_node(nth, &[], &Node::of_json(&json), bound, known);
        } else if bare.starts_with('<')
            && !is_page(bare)
            && let Some(node) = Node::of_xml(bare)
        {
            self.put(nth, Part::Form, "XML");
            let declaration = bare.split("?>").next().filter(|it| it.starts_with("<?xml"));
            self.put(nth, Part::Writing("XML declaration"), declaration.unwrap_or("none"));
            let lines = if bare.contains("\n  <") { "indented" } else { "on one line" };
            self.put(nth, Part::Writing("layout"), lines);
            self.put(nth, Part::Writing("empty elements"), empties(bare));
            self.add_node(nth, &[], &node, bound, known);
        } else {
            let form = if is_page(bare) { "page" } else { "text" };
            self.put(nth, Part::Form, form);
            let text = Node::Scalar("text", text.trim_end().to_owned());
            self.add_node(nth, &[], &text, bound, known);
        }
    }

    fn add_csv(&mut self, nth: usize, body: &[u8], bound: &Bound, known: &Known) {
        const BOM: &[u8] = b"\xef\xbb\xbf";
        self.put(nth, Part::Form, "CSV");
        let has_bom = body.starts_with(BOM);
        self.put(nth, Part::Writing("byte-order mark"), if has_bom { "yes" } else { "no" });
        let rest = if has_bom { &body[BOM.len()..] } else { body };
        if rest.is_empty() {
            self.put(nth, Part::Writing("rows"), "none");
            return;
        }
        self.put(nth, Part::Writing("rows"), "some");
        let eol = if rest.ends_with(b"\r\n") {
            "CR LF"
        } else if rest.ends_with(b"\n") {
            "LF"
        } else {
            "none"
        };
        self.put(nth, Part::Writing("line end"), eol);
        let quoting = if rest.starts_with(b"\"") { "all values" } else { "where needed" };
        self.put(nth, Part::Writing("quotes"), quoting);
        let Some(Node::List(mut rows)) = Node::of_csv(rest) else { return };
        let header = rows.first().filter(|row| is_header(row, known));
        let names = header.map(|row| {
            let mut values = Vec::new();
            row.values(&mut values);
            values.join(",")
        });
        if names.is_some() {
            rows.remove(0);
        }
        self.put(nth, Part::Writing("first row"), names.as_deref().unwrap_or("values"));
        self.add_node(nth, &[], &Node::List(rows), bound, known);
    }

    fn add_node(&mut self, nth: usize, way: &[String], node: &Node, bound: &Bound, known: &Known) {
        let key = |part| Key { nth, part, way: way.to_vec() };
        let below = |step: &str| [way, &[step.to_owned()]].concat();
        match node {
            Node::Map(members) => {
                self.by_key.insert(key(Part::Place), "members".into());
                let order: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
                self.by_key.insert(key(Part::Order), order.join(" "));
                for (name, node) in members {
                    // A member whose name is an id is a row.
                    let is_row = name.len() > 2 && name.bytes().all(|it| it.is_ascii_digit());
                    let way = below(&unbound(name, bound));
                    if is_row && !known.ids.contains(name) {
                        self.strangers.insert(Key { nth, part: Part::Place, way: way.clone() });
                    }
                    self.add_node(nth, &way, node, bound, known);
                }
            }
            Node::List(items) => {
                let value = if items.is_empty() { "an empty list" } else { "a list" };
                self.by_key.insert(key(Part::Place), value.into());
                let mut labels: Vec<String> = Vec::new();
                for (idx, item) in items.iter().enumerate() {
                    let label = label(idx, item, known, &labels);
                    let way = below(&label);
                    if matches!(item, Node::Map(_)) && !label.starts_with('=') {
                        self.strangers.insert(Key { nth, part: Part::Place, way: way.clone() });
                    }
                    self.add_node(nth, &way, item, bound, known);
                    labels.push(label);
                }
                let order: Vec<&str> =
                    labels.iter().filter(|it| it.starts_with('=')).map(String::as_str).collect();
                self.by_key.insert(key(Part::Order), order.join(" "));
            }
            Node::Scalar(kind, text) => {
                let text = unbound(text, bound);
                let shape = shape(&text);
                if shape != text {
                    self.by_key.insert(key(Part::Shape), format!("{kind} {shape}"));
                }
                self.by_key.insert(key(Part::Place), format!("{kind} {text}"));
            }
        }
    }
}

/// What a list's item is known by: the value of a row that the twin has, else its place.
fn label(idx: usize, item: &Node, known: &Known, labels: &[String]) -> String {
    let Node::Map(members) = item else { return idx.to_string() };
    let values = members.iter().filter_map(|(_, node)| match node {
        Node::Scalar(_, text) if known.ids.contains(text) => Some(text.as_str()),
        _ => None,
    });
    // The longest: an id of few digits may be anything.
    let Some(found) = values.max_by_key(|it| (it.len(), *it)) else { return idx.to_string() };
    let mut label = format!("={found}");
    while labels.contains(&label) {
        label.push('\'');
    }
    label
}

/// Whether a first row is the names of the columns: nothing in it is a row's.
fn is_header(row: &Node, known: &Known) -> bool {
    let mut values = Vec::new();
    row.values(&mut values);
    let is_name = |it: &str| {
        !it.is_empty()
            && !known.ids.contains(it)
            && it.chars().all(|it| it.is_ascii_alphabetic() || " _-".contains(it))
    };
    !values.is_empty() && values.iter().all(|it| is_name(it))
}

/// The name and attributes of a cookie, without its value.
fn cookie(value: &str) -> String {
    let (pair, rest) = value.split_once(';').unwrap_or((value, ""));
    let name = pair.split('=').next().unwrap_or_default();
    format!("{name}={}", if rest.is_empty() { String::new() } else { format!(";{rest}") })
}

/// A text with values that were captured replaced by what stands for them.
fn unbound(text: &str, bound: &Bound) -> String {
    let mut text = text.to_owned();
    for (name, value) in bound {
        if value.len() > 2 && text.contains(value.as_str()) {
            text = text.replace(value.as_str(), &format!("{{{{{name}}}}}"));
        }
    }
    text
}

/// The form of a value that follows data or time: dates, long numbers, drawn texts.
fn shape(text: &str) -> String {
    let n_digits = text.bytes().filter(u8::is_ascii_digit).count();
    if n_digits < 4 {
        return text.to_owned();
    }
    let is_drawn = text.len() >= 16 && !text.contains(' ');
    let digits_alone = text.bytes().all(|it| it.is_ascii_digit());
    if digits_alone {
        return "9".into();
    }
    let plain = |it: char| match it {
        '0'..='9' => '9',
        'a'..='z' if is_drawn && !text.contains(['T', ':']) => 'a',
        'A'..='Z' if is_drawn && !text.contains(':') => 'a',
        other => other,
    };
    text.chars().map(plain).collect()
}

/// How elements without a value are written.
fn empties(text: &str) -> &'static str {
    let closes_itself = text.contains("/>");
    let in_pairs = text.match_indices("></").any(|(at, _)| {
        !text[..at].ends_with('/') && text[..at].rfind('<') > text[..at].rfind("</")
    });
    match (closes_itself, in_pairs) {
        (true, true) => "in both ways",
        (true, false) => "close themselves",
        (false, true) => "in pairs",
        (false, false) => "none",
    }
}

/// A value as a report shows it.
pub(crate) fn shown(value: Option<&String>) -> String {
    clipped(told(value))
}

/// The value of a feature as a report of a vendor's own system shows it: without what is secret by its
/// name, its value or its form. A secret that was cut before it is masked would show its first half.
pub(crate) fn masked(key: &Key, value: Option<&String>, masker: &Masker) -> String {
    let told = told(value);
    if value.is_some() && is_secret(key, masker) {
        return tagged(&told);
    }
    clipped(masker.text(&told).into_owned())
}

/// Whether what stands there is secret by its name.
pub(crate) fn is_secret(key: &Key, masker: &Masker) -> bool {
    let is_name = |step: &&String| {
        !step.starts_with(['=', '*']) && !step.bytes().all(|it| it.is_ascii_digit())
    };
    match &key.part {
        Part::Header(name) => masker.names_secret(name),
        Part::Place => key.way.iter().rfind(is_name).is_some_and(|it| masker.names_secret(it)),
        _ => false,
    }
}

fn told(value: Option<&String>) -> String {
    let Some(value) = value else { return "nothing".into() };
    value.strip_prefix("text ").map_or_else(|| value.clone(), |it| format!("{it:?}"))
}

/// A value that is not too long.
pub(crate) fn clipped(value: String) -> String {
    match value.char_indices().nth(SHOWN_CHARS_MAX) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value,
    }
}
