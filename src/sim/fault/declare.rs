//! How a scenario or the control plane states a rule.
//!
//! Not here: the rules that a preset stands for (`preset`).

use std::fmt::Write as _;
use std::time::Duration;

use crate::base::limits::{FAULT_BYTES_MAX, FAULT_DELAY_MAX};
use crate::base::listing::one_of;
use crate::base::nearest::nearest;
use crate::base::time::Span;
use crate::contract::fields::{Cell, Field, Kind, Row, Rows};
use crate::contract::section::SeedError;
use crate::contract::vendor::{Vendor, Vendors};
use crate::sim::fault::headers::Headers;
use crate::sim::fault::look::{Look, PLACES};
use crate::sim::fault::preset;
use crate::sim::fault::retry_after::RetryAfter;
use crate::sim::fault::rule::{Delay, On, Rule, Then};

/// The scenario's rules, asked in this order.
pub(crate) const SCENARIO: Field = Field::optional(
    "fault",
    Kind::Rows(&Rows { fields: FAULT }),
    "which requests go wrong, and how; the first rule that strikes decides",
);

const KINDS: &[&str] = &[
    "delay",
    "drip",
    "malform",
    "truncate",
    "reset_after_head",
    "lose_reply",
    "close",
    "status",
    "refuse",
    "fail",
    "rate_limit",
    "reset",
    "hang",
];

/// One rule.
pub(crate) const FAULT: &[Field] = &[
    Field::optional("name", Kind::Text, "its name in the journal and for its draws").unique(),
    Field::optional("on", Kind::Table(ON), "which requests; all where left out"),
    Field::optional("then", Kind::OneOf(KINDS), "what goes wrong; needed unless preset is given"),
    Field::optional("preset", Kind::OneOf(preset::NAMES), "a set of rules that belong together"),
    Field::optional(
        "delay",
        Kind::Duration,
        "how late the reply is, in real time; with delay_to the least, with sigma the median",
    ),
    Field::optional("delay_to", Kind::Duration, "how late at the most; drawn evenly from delay on"),
    Field::optional(
        "sigma",
        Kind::Decimal,
        "spread of a log-normal delay, 0.1 (narrow) to 2 (wide)",
    ),
    Field::optional(
        "bytes",
        Kind::Integer { min: 1, max: FAULT_BYTES_MAX },
        "drip: bytes in a piece (16); truncate: bytes of the body that are sent (half of it)",
    ),
    Field::optional("pause", Kind::Duration, "drip: between two pieces (100ms), in real time"),
    Field::optional(
        "status",
        Kind::Integer { min: 200, max: 599 },
        "status: the HTTP status (503); rate_limit: that of what is too much (429)",
    ),
    Field::optional("body", Kind::Text, "status: the body; none where left out"),
    Field::optional("content_type", Kind::Text, "status: its media type (text/plain)"),
    Field::optional(
        "headers",
        Kind::Map(&Kind::Text),
        "status, refuse: more headers of the reply by name, in place of those that it has",
    ),
    Field::optional(
        "error",
        Kind::Text,
        "refuse: the vendor's rule, as `ringback fidelity` names it",
    ),
    Field::optional(
        "most",
        Kind::Integer { min: 0, max: i64::MAX },
        "rate_limit: requests that pass in each stretch of time",
    ),
    Field::optional("per", Kind::Duration, "rate_limit: the stretch, in world time (1s)"),
    Field::optional(
        "retry_after",
        Kind::OneOf(RetryAfter::WORDS),
        "rate_limit: sends Retry-After, when the stretch ends, in world time; none where left out",
    ),
    Field::optional(
        "close",
        Kind::Bool,
        "whether the connection is closed after the reply, told by Connection: close",
    ),
];

const ON: &[Field] = &[
    Field::optional("vendor", Kind::Text, "requests to this vendor"),
    Field::optional("operation", Kind::Text, "requests for this operation"),
    Field::optional(
        "access",
        Kind::OneOf(&["reads", "writes"]),
        "requests for operations that only read, or that may write",
    ),
    Field::optional(
        "no_operation",
        Kind::Bool,
        "true: only requests to a vendor that none of its operations takes",
    ),
    Field::optional(
        "match",
        Kind::Rows(&Rows { fields: LOOK }),
        "what stands in the request; all of it",
    ),
    Field::optional(
        "nth",
        Kind::Integer { min: 1, max: i64::MAX },
        "only the n-th request that fits, counted since the rule was added",
    ),
    Field::optional(
        "every",
        Kind::Integer { min: 1, max: i64::MAX },
        "only every n-th request that fits",
    ),
    Field::optional(
        "probability",
        Kind::Decimal,
        "each with this probability, 0 to 1, from the seed",
    ),
    Field::optional("from", Kind::Time, "only from this moment of world time on"),
    Field::optional("until", Kind::Time, "only before this moment of world time"),
    Field::optional("times", Kind::Integer { min: 1, max: i64::MAX }, "so many times at the most"),
    Field::optional("for", Kind::Duration, "only for so long after it was added, in world time"),
];

const LOOK: &[Field] = &[
    Field::required(
        "at",
        Kind::Text,
        "where: param NAME, query NAME, form NAME, header NAME, json POINTER, path or body",
    ),
    Field::optional("equals", Kind::Id, "the whole value, as the client wrote it"),
    Field::optional("contains", Kind::Text, "a part of it"),
];

/// Why a rule makes no sense.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Mistake {
    /// The field of the rule.
    pub field: &'static str,
    pub message: String,
}

impl Mistake {
    fn new(field: &'static str, message: impl Into<String>) -> Self {
        Mistake { field, message: message.into() }
    }

    pub(crate) fn refused(self) -> SeedError {
        SeedError::field(self.field, self.message)
    }
}

/// The rules that a row states: one, or those of a preset.
///
/// # Errors
/// Where fields do not go together, or a name leads nowhere.
pub(crate) fn rules(row: &Row<'_>, vendors: Vendors) -> Result<Vec<Rule>, Mistake> {
    // An error that names its vendor says whose operations are meant, too.
    let of_error = of_error(row, vendors);
    let on = match row.opt_table("on") {
        Some(on) => read_on(on, of_error, vendors)?,
        None => On { vendor: of_error.map(str::to_owned), ..On::default() },
    };
    let name = row.opt_text("name").map(str::to_owned);
    match (row.opt_text("then"), row.opt_text("preset")) {
        (Some(_), Some(_)) => {
            Err(Mistake::new("preset", "expected either then or preset, found both"))
        }
        (None, None) => Err(Mistake::new(
            "then",
            format!(
                "expected then, one of {}, or preset, one of {}",
                KINDS.join(", "),
                preset::NAMES.join(", ")
            ),
        )),
        (None, Some(word)) => {
            only(row, word, &["name", "on", "preset"])?;
            Ok(preset::rules(word, &name.unwrap_or_else(|| word.to_owned()), &on))
        }
        (Some(word), None) => {
            let then = read_then(row, word, &on, vendors)?;
            let (delay, close) = (read_delay(row, word)?, row.bool_or("close", false));
            Ok(vec![Rule { name, on, then, delay, close }])
        }
    }
}

/// Which requests a rule is for. Those of `of_error`, where the rule's error is that vendor's and no
/// vendor is named.
fn read_on(row: &Row<'_>, of_error: Option<&str>, vendors: Vendors) -> Result<On, Mistake> {
    let text = |name: &str| row.opt_text(name).map(str::to_owned);
    let count = |name: &str| row.opt_int(name).map(i64::unsigned_abs);
    let looks = row.rows("match").iter().map(|look| Look {
        at: look.text("at").to_owned(),
        equals: look.opt_text("equals").map(str::to_owned),
        contains: look.opt_text("contains").map(str::to_owned),
    });
    let on = On {
        looks: looks.collect(),
        vendor: row.opt_text("vendor").or(of_error).map(str::to_owned),
        operation: text("operation"),
        access: text("access"),
        no_operation: row.bool_or("no_operation", false),
        nth: count("nth"),
        every: count("every"),
        probability: row.opt_decimal("probability"),
        from: row.opt_time("from"),
        until: row.opt_time("until"),
        times: count("times"),
        lasts: row.opt_duration("for"),
    };
    if let Some(look) = on.looks.iter().find(|look| !look.is_sound()) {
        let message = format!("match looks at {:?}; expected {PLACES}", look.at);
        return Err(Mistake::new("on", message));
    }
    if on.no_operation && (on.operation.is_some() || on.access.is_some()) {
        let message = "no_operation goes without operation and access: there is none to look at";
        return Err(Mistake::new("on", message));
    }
    if let Some(probability) = on.probability.filter(|it| !(0.0..=1.0).contains(it)) {
        let message = format!("probability is {probability}; expected a number from 0 to 1");
        return Err(Mistake::new("on", message));
    }
    let names = || vendors.0.iter().map(|vendor| vendor.surface.vendor);
    if let Some(vendor) = on.vendor.as_deref().filter(|vendor| vendors.find(vendor).is_none()) {
        return Err(Mistake::new("on", unknown("vendor", vendor, names())));
    }
    let is_meant = |name: &str| on.vendor.as_deref().is_none_or(|vendor| vendor == name);
    let operations = || {
        let meant = vendors.0.iter().filter(|vendor| is_meant(vendor.surface.vendor));
        meant.flat_map(|vendor| vendor.surface.operations.iter().map(|it| it.name))
    };
    if let Some(operation) = &on.operation
        && !operations().any(|known| known == operation)
    {
        return Err(Mistake::new("on", unknown("operation", operation, operations())));
    }
    match never(&on, vendors) {
        Some(message) => Err(Mistake::new("on", message)),
        None => Ok(on),
    }
}

/// Why no request ever fits, although each field makes sense by itself.
fn never(on: &On, vendors: Vendors) -> Option<String> {
    let fits = |asked: &Option<String>, name: &str| asked.as_deref().is_none_or(|it| it == name);
    let meant = vendors.0.iter().filter(|vendor| fits(&on.vendor, vendor.surface.vendor));
    let mut meant = meant
        .flat_map(|vendor| vendor.surface.operations)
        .filter(|operation| fits(&on.operation, operation.name));
    if let Some(access) = &on.access
        && !meant.any(|operation| operation.access.word() == access)
    {
        let of = on.operation.as_ref().or(on.vendor.as_ref())?;
        return Some(format!("nothing of {of} {access}, so that no request ever fits"));
    }
    match (on.from, on.until) {
        (Some(from), Some(until)) if until <= from => Some(format!(
            "until is {until} and not after from, {from}, so that no request ever fits"
        )),
        _ => None,
    }
}

fn unknown(what: &str, name: &str, known: impl Iterator<Item = &'static str> + Clone) -> String {
    let listed = one_of(&known.clone().collect::<Vec<_>>());
    let mut message = format!("there is no {what} called {name:?}; expected {listed}");
    if let Some(near) = nearest(name, known) {
        let _ = write!(message, "; did you mean {near:?}?");
    }
    message
}

/// The fields that go with each kind, beside those that go with all.
fn fields_of(word: &str) -> &'static [&'static str] {
    match word {
        "truncate" => &["bytes"],
        "status" => &["status", "body", "content_type", "headers", "close"],
        "refuse" => &["error", "headers", "close"],
        "rate_limit" => &["most", "per", "status", "retry_after", "close"],
        "drip" => &["bytes", "pause", "close"],
        "delay" | "malform" | "fail" => &["close"],
        // Of the others some end the connection anyway.
        _ => &[],
    }
}

/// Refuses fields that mean nothing here, so that nobody waits for what they would do.
fn only(row: &Row<'_>, word: &str, known: &[&str]) -> Result<(), Mistake> {
    let mut given = row.fields().iter().zip(row.cells());
    let stray =
        given.find(|(field, cell)| !matches!(cell, Cell::Absent) && !known.contains(&field.name));
    stray.map_or(Ok(()), |(field, _)| {
        let message =
            format!("{} does not go with {word}; expected only {}", field.name, known.join(", "));
        Err(Mistake::new(field.name, message))
    })
}

fn read_then(row: &Row<'_>, word: &str, on: &On, vendors: Vendors) -> Result<Then, Mistake> {
    let mut known = vec!["name", "on", "then", "delay", "delay_to", "sigma"];
    known.extend(fields_of(word));
    only(row, word, &known)?;
    let bytes = row.opt_int("bytes").map(i64::unsigned_abs);
    let status = |default: u16| {
        let given = row.opt_int("status").and_then(|status| u16::try_from(status).ok());
        given.unwrap_or(default)
    };
    Ok(match word {
        "delay" => Then::Delay,
        "drip" => {
            let pause = row.opt_duration("pause").unwrap_or(Span::millis(100));
            check_delay("pause", pause)?;
            Then::Drip { bytes: bytes.unwrap_or(16), pause }
        }
        "malform" => Then::Malform,
        "truncate" => Then::Truncate { bytes },
        "reset_after_head" => Then::ResetAfterHead,
        "lose_reply" => Then::LoseReply,
        "close" => Then::Close,
        "status" => {
            let content_type = row.opt_text("content_type").map(str::to_owned);
            if content_type.as_deref().is_some_and(|it| http::HeaderValue::from_str(it).is_err()) {
                return Err(Mistake::new(
                    "content_type",
                    "expected a media type such as text/plain",
                ));
            }
            let body = row.opt_text("body").map(str::to_owned);
            Then::Status { status: status(503), body, content_type, headers: read_headers(row)? }
        }
        "refuse" => Then::Refuse { error: refusal(row, on, vendors)?, headers: read_headers(row)? },
        "fail" => Then::Fail,
        "rate_limit" => {
            let most = row.opt_int("most").ok_or_else(|| {
                Mistake::new("then", "rate_limit needs most, the number of requests that pass")
            })?;
            let per = row.opt_duration("per").unwrap_or(Span::SECOND);
            if per.is_zero() {
                return Err(Mistake::new("per", "expected a length of time above 0"));
            }
            let retry_after = row.opt_text("retry_after").and_then(RetryAfter::named);
            Then::RateLimit { most: most.unsigned_abs(), per, status: status(429), retry_after }
        }
        "reset" => Then::Reset,
        _ => Then::Hang,
    })
}

fn read_headers(row: &Row<'_>) -> Result<Headers, Mistake> {
    let Cell::Json(stated) = row.get("headers") else { return Ok(Headers::default()) };
    Headers::read(stated).map_err(|message| Mistake::new("headers", message))
}

/// The vendor to whom the rule belongs that a `refuse` names: `mor` for `mor.hash`.
fn of_error(row: &Row<'_>, vendors: Vendors) -> Option<&'static str> {
    let error = row.opt_text("error").filter(|_| row.opt_text("then") == Some("refuse"))?;
    let has_it = |vendor: &&Vendor| vendor.surface.refusals.iter().any(|it| it.rule == error);
    vendors.0.iter().copied().find(has_it).map(|vendor| vendor.surface.vendor)
}

/// The vendor's rule that a `refuse` names. It says of itself which vendor it belongs to.
fn refusal(row: &Row<'_>, on: &On, vendors: Vendors) -> Result<String, Mistake> {
    let Some(vendor) = &on.vendor else {
        return Err(Mistake::new(
            "on",
            "refuse needs on.vendor, or an error that names it, such as mor.hash: refusals are a vendor's own",
        ));
    };
    let refusals = vendors.find(vendor).map_or(&[][..], |vendor| vendor.surface.refusals);
    let names = refusals.iter().map(|refusal| refusal.rule);
    match row.opt_text("error") {
        Some(error) if names.clone().any(|known| known == error) => Ok(error.to_owned()),
        Some(error) => Err(Mistake::new("error", unknown("refusal", error, names))),
        None => {
            let names = one_of(&names.collect::<Vec<_>>());
            Err(Mistake::new("then", format!("refuse needs error, {names}")))
        }
    }
}

fn check_delay(field: &'static str, delay: Span) -> Result<(), Mistake> {
    if Duration::from(delay) <= FAULT_DELAY_MAX {
        return Ok(());
    }
    let most = FAULT_DELAY_MAX.as_secs();
    Err(Mistake::new(field, format!("expected at most {most}s; it is real time")))
}

fn read_delay(row: &Row<'_>, word: &str) -> Result<Option<Delay>, Mistake> {
    let delay = row.opt_duration("delay");
    let delay_to = row.opt_duration("delay_to");
    let sigma = row.opt_decimal("sigma");
    for (field, length) in [("delay", delay), ("delay_to", delay_to)] {
        check_delay(field, length.unwrap_or(Span::ZERO))?;
    }
    match (delay, delay_to, sigma) {
        (None, None, None) if word == "delay" => {
            Err(Mistake::new("then", "delay needs how long, as in delay = \"2s\""))
        }
        (None, None, None) => Ok(None),
        (None, ..) => Err(Mistake::new("then", "delay_to and sigma need delay beside them")),
        (_, Some(_), Some(_)) => {
            Err(Mistake::new("sigma", "expected either delay_to or sigma, found both"))
        }
        (Some(from), Some(to), None) if to < from => {
            Err(Mistake::new("delay_to", "expected no less than delay"))
        }
        (Some(from), Some(to), None) => Ok(Some(Delay::Uniform { from, to })),
        (Some(_), None, Some(sigma)) if !(sigma > 0.0 && sigma <= 3.0) => {
            Err(Mistake::new("sigma", format!("sigma is {sigma}; expected above 0 and up to 3")))
        }
        (Some(median), None, Some(sigma)) => Ok(Some(Delay::LogNormal { median, sigma })),
        (Some(by), None, None) => Ok(Some(Delay::Fixed { by })),
    }
}
