//! Reads a condition from JSON, and tells everything that is wrong with it.

use std::fmt;
use std::sync::Arc;

use regex::RegexBuilder;
use serde_json::{Map, Value, json};

use crate::base::listing::one_of;
use crate::base::nearest::nearest;
use crate::base::seq::Seq;
use crate::base::time::Instant;
use crate::contract::api::Api;
use crate::contract::surface::Surface;
use crate::contract::vendor::Vendors;
use crate::sim::journal::secrets::names;
use crate::sim::judge::verify::check::{Check, Test};
use crate::sim::judge::verify::closed::{self, Unfit};
use crate::sim::judge::verify::condition::{
    Condition, Inner, Pattern, Rule, Wanted, Window, named,
};
use crate::sim::judge::verify::found::plain;
use crate::sim::judge::verify::place::{Body, Place};
use crate::sim::judge::verify::pointer::Pointer;
use crate::web::mask::known::Known;
use crate::web::mask::masker::{Masker, tagged};
use crate::web::xml::XmlPath;

impl Condition {
    /// Reads a condition as the control plane and scenarios write it.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with a JSON pointer.
    pub fn from_json(vendors: Vendors, value: &Value) -> Result<Self, Vec<Mistake>> {
        condition(Reader::new(vendors, false), value)
    }

    /// Reads a condition that was taken once and kept since, perhaps by another build.
    ///
    /// # Errors
    /// As for [`Condition::from_json`].
    pub(crate) fn from_kept(vendors: Vendors, value: &Value) -> Result<Self, Vec<Mistake>> {
        condition(Reader::new(vendors, true), value)
    }
}

/// Steps of one order; a test that needs more is several tests.
const STEPS_MAX: usize = 100;

/// Rules of one condition, names of parameters included.
const RULES_MAX: usize = 200;

/// Memory that one compiled pattern may take; the default of ten megabytes is for files, not for
/// values.
const REGEX_BYTES_MAX: usize = 1024 * 1024;

/// Places whose rule is the value itself.
const PLAIN: &[(&str, Place)] = &[
    ("vendor", Place::Vendor),
    ("operation", Place::Operation),
    ("action", Place::Action),
    ("event", Place::Event),
    ("outcome", Place::Outcome),
    ("status", Place::Status),
    ("why", Place::Why),
    ("method", Place::Method),
    ("path", Place::Path),
    ("fault", Place::Fault),
    ("error", Place::Error),
    ("effect", Place::Effect),
    ("body", Place::Body(Body::Request)),
];

/// Makes the place of a name.
type Named = fn(&str) -> Result<Place, String>;

/// Places that are named: parameters, headers, pointers and paths.
const NAMED: &[(&str, Named)] = &[
    ("query", |name| Ok(Place::Query(name.to_owned()))),
    ("form", |name| Ok(Place::Form(name.to_owned()))),
    ("param", |name| Ok(Place::Param(name.to_owned()))),
    ("header", |name| Ok(Place::Header(Body::Request, name.to_owned()))),
    ("json", |name| Ok(Place::Json(Body::Request, Pointer::parse(name)?))),
    ("xml", |name| Ok(Place::Xml(Body::Request, XmlPath::parse(name)?))),
    ("detail", |name| Ok(Place::Detail(Pointer::parse(name)?))),
];

const RESPONSE_PLAIN: &[(&str, Place)] =
    &[("status", Place::Status), ("body", Place::Body(Body::Response))];

const RESPONSE_NAMED: &[(&str, Named)] = &[
    ("header", |name| Ok(Place::Header(Body::Response, name.to_owned()))),
    ("json", |name| Ok(Place::Json(Body::Response, Pointer::parse(name)?))),
    ("xml", |name| Ok(Place::Xml(Body::Response, XmlPath::parse(name)?))),
];

const RESPONSE: &str = "response";

const COUNTS: &[&str] = &["exactly", "at_least", "at_most", "never", "in_order"];

/// What other tools call what is counted here.
const OTHER_WORDS: &[(&str, &str)] = &[
    ("times", "exactly"),
    ("count", "exactly"),
    ("called", "exactly"),
    ("min", "at_least"),
    ("max", "at_most"),
    ("order", "in_order"),
    ("url", "path"),
    ("rule", "why"),
    ("reason", "why"),
];

const WINDOW: &[&str] = &["since", "until", "after", "before"];

const CHECKS: &[&str] = &["equals", "one_of", "contains", "regex", "present"];

/// Something that is wrong with a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Where, as a JSON pointer (RFC 6901).
    pub pointer: String,
    pub found: String,
    /// Empty where nothing in particular was.
    pub expected: String,
    pub hint: Option<String>,
}

impl Mistake {
    /// For a program; `message` is what [`fmt::Display`] prints.
    pub fn to_json(&self) -> Value {
        json!({
            "pointer": self.pointer,
            "found": self.found,
            "expected": self.expected,
            "hint": self.hint,
            "message": self.to_string(),
        })
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the condition")?;
        if !self.pointer.is_empty() {
            write!(f, "#{}", self.pointer)?;
        }
        write!(f, ": {}", self.found)?;
        if !self.expected.is_empty() {
            write!(f, "; expected {}", self.expected)?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "; {hint}")?;
        }
        Ok(())
    }
}

fn condition(mut reader: Reader, value: &Value) -> Result<Condition, Vec<Mistake>> {
    let inner = reader.condition(value);
    match inner {
        Some(inner) if reader.mistakes.is_empty() => Ok(Condition { inner: Arc::new(inner) }),
        _ => Err(reader.mistakes),
    }
}

struct Reader {
    vendors: Vendors,
    mistakes: Vec<Mistake>,
    /// Whether it was taken once: what another build knew is not asked about then.
    is_kept: bool,
    /// Whether an operation has to have the parameters that are named.
    knows_params: bool,
}

/// A value in words, for "found …".
fn plainly_described(value: &Value) -> String {
    match value {
        Value::Null => "null".into(),
        Value::Array(_) => "a list".into(),
        Value::Object(_) => "an object".into(),
        Value::String(text) => {
            format!("the text {}", crate::sim::judge::verify::place::excerpt(&json!(text)))
        }
        other => other.to_string(),
    }
}

fn below(pointer: &str, step: &str) -> String {
    format!("{pointer}/{}", step.replace('~', "~0").replace('/', "~1"))
}

/// An event that is named has to have happened, unless the rules say how it went: one that was refused is in
/// the journal as well.
fn happened(members: &Map<String, Value>, rules: &[Rule]) -> Option<Rule> {
    let event = members.get("event").filter(|it| it["present"] != json!(false));
    let says_how = |rule: &Rule| matches!(rule.place, Place::Outcome | Place::Error);
    let is_open = event.is_some() && !rules.iter().any(says_how);
    let test = Test { checks: vec![Check::Equals(json!("ok"))], typed: false };
    is_open.then_some(Rule { place: Place::Outcome, test })
}

/// Whether an entry at least has to meet the rules.
fn wants_one(members: &Map<String, Value>) -> bool {
    let is_none = |name: &str| members.get(name).is_none_or(|it| *it == json!(0));
    let is_upper = members.contains_key("at_most") && is_none("at_least");
    let is_never = members.contains_key("never") || members.get("exactly") == Some(&json!(0));
    !is_upper && !is_never
}

impl Reader {
    fn new(vendors: Vendors, is_kept: bool) -> Self {
        Reader { vendors, mistakes: Vec::new(), is_kept, knows_params: !is_kept }
    }

    /// A value in words, of one under a secret's name what it is alone.
    fn described(&self, pointer: &str, value: &Value) -> String {
        let masker = Masker::new(&names(self.vendors), &Known::default(), false);
        let steps = pointer.split('/').map(|step| step.replace("~1", "/"));
        match value {
            Value::String(text) if steps.into_iter().any(|it| masker.names_secret(&it)) => {
                format!("the text {}", tagged(text))
            }
            value => plainly_described(value),
        }
    }

    fn mistake(&mut self, pointer: &str, found: String, expected: impl Into<String>) {
        let pointer = pointer.to_owned();
        self.mistakes.push(Mistake { pointer, found, expected: expected.into(), hint: None });
    }

    fn unknown(&mut self, pointer: &str, what: &str, word: &str, known: &[&str]) {
        let hint = nearest(word, known.iter().copied());
        self.mistakes.push(Mistake {
            pointer: pointer.to_owned(),
            found: format!("unknown {what} {word:?}"),
            expected: one_of(known),
            hint: hint.map(|near| format!("did you mean {near:?}?")),
        });
    }

    fn object<'v>(&mut self, pointer: &str, value: &'v Value) -> Option<&'v Map<String, Value>> {
        if let Value::Object(members) = value {
            return Some(members);
        }
        let expected = match pointer {
            "" => r#"an object such as {"vendor":"…","operation":"…","exactly":2}"#,
            _ => "an object of names and values",
        };
        self.mistake(pointer, self.described(pointer, value), expected);
        None
    }

    fn condition(&mut self, value: &Value) -> Option<Inner> {
        let members = self.object("", value)?;
        let more: Vec<&str> = COUNTS.iter().chain(WINDOW).copied().collect();
        // That nobody sends what the vendor does not have can well be asked for.
        self.knows_params &= wants_one(members);
        let pattern = self.pattern("", members, &more, None);
        // A rule that cannot be read says something, if not what.
        let is_read = self.mistakes.is_empty();
        let window = self.window(members);
        let wanted = self.wanted(members, &pattern)?;
        if is_read && pattern.rules.is_empty() && matches!(wanted, Wanted::Count { .. }) {
            let expected = "at least one rule, such as \"operation\" or \"outcome\"";
            self.mistake("", "it says nothing about the entries that it counts".into(), expected);
        }
        let n_steps = if let Wanted::InOrder(steps) = &wanted { steps.len() } else { 1 };
        if pattern.rules.len() * n_steps > RULES_MAX {
            self.mistake("", "too many rules".into(), format!("at most {RULES_MAX}"));
        }
        Some(Inner { vendors: self.vendors, pattern, wanted, window })
    }

    /// The rules of an object. `more` are members that are no rules; `outer` are rules that hold as
    /// well.
    fn pattern(
        &mut self,
        pointer: &str,
        members: &Map<String, Value>,
        more: &[&str],
        outer: Option<&Pattern>,
    ) -> Pattern {
        let mut known: Vec<&str> = PLAIN.iter().map(|(name, _)| *name).collect();
        known.extend(NAMED.iter().map(|(name, _)| *name));
        known.push(RESPONSE);
        known.extend(more);
        self.only(pointer, members, &known);
        let mut rules = outer.map(|outer| outer.rules.clone()).unwrap_or_default();
        let n_outer = rules.len();
        self.places(pointer, members, PLAIN, NAMED, &mut rules);
        if let Some(response) = members.get(RESPONSE) {
            let pointer = below(pointer, RESPONSE);
            if let Some(members) = self.object(&pointer, response) {
                let mut known: Vec<&str> = RESPONSE_PLAIN.iter().map(|(name, _)| *name).collect();
                known.extend(RESPONSE_NAMED.iter().map(|(name, _)| *name));
                self.only(&pointer, members, &known);
                self.places(&pointer, members, RESPONSE_PLAIN, RESPONSE_NAMED, &mut rules);
            }
        }
        rules.extend(happened(members, &rules));
        let pattern = Pattern { rules };
        self.names(pointer, &pattern, n_outer);
        pattern
    }

    fn only(&mut self, pointer: &str, members: &Map<String, Value>, known: &[&str]) {
        for name in members.keys().filter(|name| !known.contains(&name.as_str())) {
            self.unknown(&below(pointer, name), "member", name, known);
            let meant = OTHER_WORDS.iter().find(|(other, it)| other == name && known.contains(it));
            if let (Some((_, meant)), Some(mistake)) = (meant, self.mistakes.last_mut()) {
                mistake.hint = Some(format!("did you mean {meant:?}?"));
            }
        }
    }

    fn places(
        &mut self,
        pointer: &str,
        members: &Map<String, Value>,
        plain: &[(&str, Place)],
        named: &[(&str, Named)],
        rules: &mut Vec<Rule>,
    ) {
        for (name, place) in plain {
            let Some(value) = members.get(*name) else { continue };
            let pointer = below(pointer, name);
            rules.extend(self.rule(&pointer, place.clone(), value));
        }
        for (name, make) in named {
            let Some(value) = members.get(*name) else { continue };
            let pointer = below(pointer, name);
            let Some(members) = self.object(&pointer, value) else { continue };
            for (name, value) in members {
                let pointer = below(&pointer, name);
                match make(name) {
                    Ok(place) => rules.extend(self.rule(&pointer, place, value)),
                    Err(expected) => self.mistake(&pointer, format!("{name:?}"), expected),
                }
            }
        }
    }

    fn rule(&mut self, pointer: &str, place: Place, value: &Value) -> Option<Rule> {
        let typed = matches!(place, Place::Json(..) | Place::Detail(_));
        let checks = match value {
            Value::Object(members) => self.checks(pointer, members, typed)?,
            value => vec![Check::Equals(self.scalar(pointer, value, typed)?)],
        };
        if !self.is_kept {
            for value in named(&checks) {
                self.can_be(pointer, &place, value);
            }
        }
        Some(Rule { place, test: Test { checks, typed } })
    }

    /// A value that no entry can have.
    fn can_be(&mut self, pointer: &str, place: &Place, value: &Value) {
        match closed::unfit(self.vendors, place, value) {
            None => {}
            Some(Unfit::NoneOf(known)) => {
                self.unknown(pointer, &place.label(), &plain(value), known);
            }
            Some(Unfit::Not(expected)) => {
                let found = self.described(pointer, value);
                self.mistake(pointer, found, expected);
            }
        }
    }

    /// A value to compare with; a list or an object only where the place holds JSON.
    fn scalar(&mut self, pointer: &str, value: &Value, typed: bool) -> Option<Value> {
        let fits = match value {
            Value::Object(_) | Value::Array(_) | Value::Null => typed,
            _ => true,
        };
        if fits {
            return Some(value.clone());
        }
        let expected = format!("a text, a number, or an object with {}", CHECKS.join(", "));
        self.mistake(pointer, self.described(pointer, value), expected);
        None
    }

    fn checks(
        &mut self,
        pointer: &str,
        members: &Map<String, Value>,
        typed: bool,
    ) -> Option<Vec<Check>> {
        self.only(pointer, members, CHECKS);
        let mut checks = Vec::new();
        for (name, value) in members {
            let pointer = below(pointer, name);
            let check = match (name.as_str(), value) {
                ("equals", value) => Check::Equals(self.scalar(&pointer, value, typed)?),
                ("one_of", Value::Array(values)) if !values.is_empty() => {
                    let values = values.iter().map(|value| self.scalar(&pointer, value, typed));
                    Check::OneOf(values.collect::<Option<_>>()?)
                }
                ("contains", Value::String(part)) => Check::Contains(part.clone()),
                ("regex", Value::String(text)) => {
                    match RegexBuilder::new(text).size_limit(REGEX_BYTES_MAX).build() {
                        Ok(regex) => Check::Matches(regex),
                        Err(error) => {
                            let said = error.to_string();
                            let last = said.lines().last().unwrap_or_default();
                            let reason = last.trim_start_matches("error: ");
                            let found = format!("{}: {reason}", self.described(&pointer, value));
                            self.mistake(&pointer, found, "a regular expression");
                            continue;
                        }
                    }
                }
                ("present", Value::Bool(true)) => Check::Present,
                ("present", Value::Bool(false)) => Check::Absent,
                ("one_of", other) => {
                    self.mistake(
                        &pointer,
                        self.described(&pointer, other),
                        "a list of values, one at least",
                    );
                    continue;
                }
                ("contains" | "regex", other) => {
                    self.mistake(&pointer, self.described(&pointer, other), "a text");
                    continue;
                }
                ("present", other) => {
                    self.mistake(&pointer, self.described(&pointer, other), "true or false");
                    continue;
                }
                // Recorded above.
                _ => continue,
            };
            checks.push(check);
        }
        if members.is_empty() {
            let expected = format!("one of {} in it", CHECKS.join(", "));
            self.mistake(pointer, "an empty object".into(), expected);
        }
        (!checks.is_empty()).then_some(checks)
    }

    /// Names that the vendors know: a misspelt one would only ever count nothing.
    fn names(&mut self, pointer: &str, pattern: &Pattern, n_outer: usize) {
        let own = Pattern { rules: pattern.rules[n_outer..].to_vec() };
        let surfaces: Vec<&'static Surface> =
            self.vendors.0.iter().map(|vendor| vendor.surface).collect();
        let vendors: Vec<&str> = surfaces.iter().map(|surface| surface.vendor).collect();
        let n_mistakes = self.mistakes.len();
        for name in own.named(|place| matches!(place, Place::Vendor)) {
            self.known_name(pointer, "vendor", &name, &vendors);
        }
        if self.mistakes.len() > n_mistakes {
            return;
        }
        let vendor = pattern.vendor();
        let meant: Vec<_> = surfaces
            .into_iter()
            .filter(|surface| vendor.is_none_or(|vendor| surface.vendor == vendor))
            .collect();
        let all = |names: fn(&'static Surface) -> Vec<&'static str>| {
            meant.iter().flat_map(|surface| names(surface)).collect::<Vec<_>>()
        };
        for name in own.named(|place| matches!(place, Place::Operation)) {
            let known = all(|it| it.operations.iter().map(|operation| operation.name).collect());
            self.known_name(pointer, "operation", &name, &known);
        }
        self.known_params(pointer, &own, pattern, &meant);
        for name in own.named(|place| matches!(place, Place::Event)) {
            let known = all(|it| it.events.iter().map(|event| event.name).collect());
            self.known_name(pointer, "event", &name, &known);
        }
        for name in own.named(|place| matches!(place, Place::Why)) {
            let known = all(|it| it.refusals.iter().map(|refusal| refusal.rule).collect());
            self.known_name(pointer, "why", &name, &known);
        }
    }

    /// A parameter that the operation does not have is most likely misspelt, where a request has to have it.
    fn known_params(
        &mut self,
        pointer: &str,
        own: &Pattern,
        pattern: &Pattern,
        meant: &[&'static Surface],
    ) {
        let Some(operation) = pattern.operation().filter(|_| self.knows_params) else { return };
        let has_it = |surface: &&&Surface| surface.operations.iter().any(|it| it.name == operation);
        let apis: Vec<_> = meant.iter().filter(has_it).map(|surface| surface.api).collect();
        // The members of an entity are not listed one by one.
        let is_open = |api: &&Api| api.bodies.iter().any(|body| body.operation == operation);
        if apis.is_empty() || apis.iter().any(is_open) {
            return;
        }
        let known: Vec<&str> =
            apis.iter().flat_map(|api| api.params(operation)).map(|it| it.name).collect();
        for rule in &own.rules {
            let Place::Param(name) = &rule.place else { continue };
            if !known.iter().any(|it| it.eq_ignore_ascii_case(name)) {
                self.unknown(&below(&below(pointer, "param"), name), "parameter", name, &known);
            }
        }
    }

    fn known_name(&mut self, pointer: &str, what: &str, name: &str, known: &[&str]) {
        if !known.contains(&name) {
            self.unknown(&below(pointer, what), what, name, known);
        }
    }

    fn number(&mut self, members: &Map<String, Value>, name: &str) -> Option<u64> {
        let value = members.get(name)?;
        let number = value.as_u64();
        if number.is_none() {
            self.mistake(&below("", name), plainly_described(value), "a whole number, 0 or more");
        }
        number
    }

    fn instant(&mut self, members: &Map<String, Value>, name: &str) -> Option<Instant> {
        let value = members.get(name)?;
        let at = value.as_str().and_then(|text| text.parse().ok());
        if at.is_none() {
            let expected = r#"a world time with its offset, such as "2026-03-02T09:00:00Z""#;
            self.mistake(&below("", name), plainly_described(value), expected);
        }
        at
    }

    fn window(&mut self, members: &Map<String, Value>) -> Window {
        Window {
            since: self.number(members, "since").map(Seq::new).unwrap_or_default(),
            until: self.number(members, "until").map(Seq::new),
            after: self.instant(members, "after"),
            before: self.instant(members, "before"),
        }
    }

    fn wanted(&mut self, members: &Map<String, Value>, pattern: &Pattern) -> Option<Wanted> {
        let given: Vec<&str> =
            COUNTS.iter().copied().filter(|name| members.contains_key(*name)).collect();
        match given.as_slice() {
            [] => Some(Wanted::Count { least: 1, most: None }),
            ["exactly"] => {
                let count = self.number(members, "exactly")?;
                Some(Wanted::Count { least: count, most: Some(count) })
            }
            ["never"] if members["never"] == json!(true) => {
                Some(Wanted::Count { least: 0, most: Some(0) })
            }
            ["never"] => {
                self.mistake(
                    "/never",
                    plainly_described(&members["never"]),
                    "true, or no such member",
                );
                None
            }
            ["in_order"] => self.steps(&members["in_order"], pattern),
            names if names.iter().all(|name| matches!(*name, "at_least" | "at_most")) => {
                let least = self.number(members, "at_least").unwrap_or(0);
                let most = self.number(members, "at_most");
                if most.is_some_and(|most| most < least) {
                    self.mistake("/at_most", "less than at_least".into(), "at_least or more");
                }
                Some(Wanted::Count { least, most })
            }
            names => {
                let found = format!("{} together", names.join(" and "));
                let expected = "one of exactly, never and in_order, or at_least and at_most";
                self.mistake("", found, expected);
                None
            }
        }
    }

    fn steps(&mut self, value: &Value, outer: &Pattern) -> Option<Wanted> {
        let Value::Array(items) = value else {
            self.mistake("/in_order", plainly_described(value), "a list of conditions");
            return None;
        };
        if items.is_empty() || items.len() > STEPS_MAX {
            let found = format!("a list of {}", items.len());
            self.mistake("/in_order", found, format!("1 to {STEPS_MAX} conditions"));
            return None;
        }
        let mut steps = Vec::new();
        for (idx, item) in items.iter().enumerate() {
            let pointer = format!("/in_order/{idx}");
            let Some(members) = self.object(&pointer, item) else { continue };
            let n_mistakes = self.mistakes.len();
            let step = self.pattern(&pointer, members, &[], Some(outer));
            let is_read = self.mistakes.len() == n_mistakes;
            if is_read && step.rules.len() == outer.rules.len() {
                let expected = "at least one rule, such as \"operation\"";
                self.mistake(&pointer, "it says nothing about its entry".into(), expected);
            }
            steps.push(step);
        }
        Some(Wanted::InOrder(steps))
    }
}
