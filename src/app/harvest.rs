//! What a run has shown, taken from the worlds when it is over.
//!
//! Not here: what that means (`run::verdict`).

use std::collections::BTreeMap;
use std::net::SocketAddr;

use http::StatusCode;
use serde_json::{Map, Value, json};

use crate::base::limits::JOURNAL_ROWS_MAX;
use crate::base::seq::Seq;
use crate::base::tally;
use crate::contract::reply::{InternalError, Outcome};
use crate::net::sealed::seen::Seen;
use crate::run::facts::{Facts, Refused};
use crate::sim::journal::exchange::Exchange;
use crate::sim::journal::shown::Shown;
use crate::sim::journal::stretch::Stretch;
use crate::sim::judge::coverage::Coverage;
use crate::sim::world::World;
use crate::sim::world::journal::{Journaled, Page};
use crate::sim::worlds::Worlds;
use crate::sim::worlds::name::DEFAULT;
use crate::web::har;

/// What worlds have shown, of those that are there and of those that the client deleted.
#[derive(Clone, Debug, Default)]
pub(super) struct OfWorlds {
    refusals: BTreeMap<(String, String, String), Refused>,
    events: Vec<String>,
    unread: Vec<(String, u64)>,
    findings: Vec<String>,
    not_strict: Vec<String>,
}

impl OfWorlds {
    /// Adds a world.
    ///
    /// # Errors
    /// Where a journal that is kept cannot be read.
    pub(super) fn add(&mut self, world: &World, show_secrets: bool) -> Result<(), InternalError> {
        let page = Page { after: world.judged_from(), ..all(show_secrets) };
        let found = world.journal_page(&page)?;
        let mut is_asked = false;
        for shown in found.shown() {
            is_asked |= shown.entry().exchange().is_some();
            refused(&mut self.refusals, &mut self.events, &shown);
            for what in shown.unread() {
                match self.unread.iter().position(|(known, _)| *known == what) {
                    Some(idx) => self.unread[idx].1 += 1,
                    None if self.unread.len() < UNREAD_MAX => self.unread.push((what, 1)),
                    None => {}
                }
            }
        }
        let found = world.findings(show_secrets)?.to_json();
        self.findings.extend(found["findings"].as_array().into_iter().flatten().map(|it| {
            let word = |name: &str| it[name].as_str().unwrap_or_default();
            format!("{} {}: {}", word("vendor"), word("name"), word("what"))
        }));
        if is_asked && world.name() != DEFAULT && !world.is_strict() {
            self.not_strict.push(world.name().to_owned());
        }
        Ok(())
    }
}

/// Unread parameters that are told apart: a client whose names are made up sends thousands.
const UNREAD_MAX: usize = 100;

/// Addresses without those that are a vendor's, by `--host` or a scenario.
fn nobodys(worlds: &Worlds, mut addresses: BTreeMap<String, u64>) -> BTreeMap<String, u64> {
    addresses.retain(|address, _| {
        let ip = address.parse::<SocketAddr>().map(|it| it.ip().to_string());
        ip.is_ok_and(|ip| worlds.hosts().vendor(&ip).is_none())
    });
    addresses
}

/// Takes what a run has shown; `gone` is what was taken of worlds before they were deleted. What strict worlds say is added by who judges them.
///
/// # Errors
/// Where a journal that is kept cannot be read.
pub(super) fn facts(
    worlds: &Worlds,
    gone: OfWorlds,
    seen: Option<&Seen>,
    show_secrets: bool,
) -> Result<Facts, InternalError> {
    let mut facts = Facts {
        n_faults: tally::FAULTS_FIRED.get(),
        n_lost: tally::JOURNAL_EVICTED.get(),
        names: masked(worlds, seen.map(Seen::names).unwrap_or_default()),
        addresses: nobodys(worlds, seen.map(Seen::addresses).unwrap_or_default()),
        is_sealed: seen.is_some(),
        ..Facts::default()
    };
    for vendor in worlds.metrics().vendors() {
        for (_, outcome, count) in vendor.requests().filter(|(_, _, count)| *count > 0) {
            let of_vendor = facts.requests.entry(vendor.surface.vendor).or_default();
            *of_vendor.entry(outcome.name()).or_default() += count;
        }
    }
    let mut shown = gone;
    for world in worlds.all() {
        shown.add(&world, show_secrets)?;
    }
    let is_strict = worlds.get(DEFAULT).is_some_and(|it| it.is_strict());
    if is_strict {
        facts.not_strict = shown.not_strict;
    }
    facts.findings = shown.findings;
    facts.events = shown.events;
    facts.unread = shown.unread;
    facts.refusals = shown.refusals.into_values().collect();
    facts.refusals.sort_by_key(|it| std::cmp::Reverse(it.count));
    for shown in worlds.strays(OF_NOBODY).shown() {
        Stray::of(&shown).count(&mut facts);
    }
    let sought = facts.hosts.keys().chain(facts.names.keys());
    let meant = sought.filter_map(|it| Some((it.clone(), meant_by(worlds, it)?))).collect();
    facts.meant = meant;
    Ok(facts)
}

/// The vendor's host that a host with or without a port is a slip away from.
fn meant_by(worlds: &Worlds, host: &str) -> Option<String> {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    worlds.hosts().meant_by(name)
}

/// Names that were looked up, as they may be shown: a client may have put its credential into one.
fn masked(worlds: &Worlds, names: BTreeMap<String, u64>) -> BTreeMap<String, u64> {
    let masker = worlds.masker();
    let mut shown = BTreeMap::new();
    for (name, count) in names {
        *shown.entry(masker.text(&name).into_owned()).or_default() += count;
    }
    shown
}

/// The journals of all worlds, and what was nobody's.
#[derive(Clone, Debug)]
pub(crate) struct Journals {
    worlds: Vec<Journaled>,
    nobody: Journaled,
}

impl Journals {
    /// Each with its heading.
    pub(crate) fn parts(&self) -> impl Iterator<Item = (String, Vec<Shown<'_>>)> {
        let worlds = self.worlds.iter().map(|it| (format!("World {}", it.world()), it));
        let all = worlds.chain([("No vendor's".to_owned(), &self.nobody)]);
        all.map(|(title, page)| (title, page.shown().collect()))
    }

    /// `{"worlds": {"default": […]}, "nobody": […]}`
    pub(crate) fn to_json(&self) -> Value {
        let worlds = self.worlds.iter().map(|it| (it.world().to_owned(), it.to_json().into()));
        json!({ "worlds": worlds.collect::<Map<_, _>>(), "nobody": self.nobody.to_json() })
    }
}

/// The journals of all worlds, and what was nobody's.
///
/// # Errors
/// Where a journal that is kept cannot be read.
pub(super) fn journals(worlds: &Worlds, show_secrets: bool) -> Result<Journals, InternalError> {
    let page = all(show_secrets);
    let of_worlds = worlds.all().into_iter().map(|world| world.journal_page(&page));
    Ok(Journals { worlds: of_worlds.collect::<Result<_, _>>()?, nobody: worlds.strays(OF_NOBODY) })
}

/// The exchanges of the default world as an archive; null where there is no such world.
///
/// # Errors
/// Where a journal that is kept cannot be read.
pub(super) fn archive(worlds: &Worlds, show_secrets: bool) -> Result<Value, InternalError> {
    let Some(world) = worlds.get(DEFAULT) else { return Ok(Value::Null) };
    let found = world.journal_page(&all(show_secrets))?;
    Ok(har::archive(DEFAULT, found.shown().filter_map(|entry| entry.archived())))
}

/// How much of what the vendors declare all worlds show together.
///
/// # Errors
/// Where a journal that is kept cannot be read.
pub(super) fn coverage(worlds: &Worlds) -> Result<Value, InternalError> {
    let mut coverage = Coverage::new(worlds.vendors());
    for world in worlds.all() {
        world.cover(&mut coverage)?;
    }
    Ok(coverage.to_json())
}

/// The whole of a journal.
fn all(show_secrets: bool) -> Page {
    Page { limit: JOURNAL_ROWS_MAX, show_secrets, ..Page::default() }
}

/// All that was nobody's.
const OF_NOBODY: Stretch = Stretch { after: Seq::NONE, before: None, limit: JOURNAL_ROWS_MAX };

/// Counts a refusal among those of its kind; what an event was refused for stands by itself, as no
/// client sent it to a vendor.
fn refused(
    refusals: &mut BTreeMap<(String, String, String), Refused>,
    events: &mut Vec<String>,
    shown: &Shown<'_>,
) {
    let entry = shown.entry();
    if entry.outcome != Outcome::Refused {
        return;
    }
    if let Some(action) = entry.admin_action() {
        let of = action.vendor.as_deref().map(|vendor| format!("{vendor} ")).unwrap_or_default();
        let name = action.detail["event"].as_str().unwrap_or(&action.name);
        events.push(format!("{of}{name}: {}", shown.reason()));
        return;
    }
    let word = |word: Option<&str>| word.unwrap_or_default().to_owned();
    let (vendor, operation) = (word(entry.vendor()), word(entry.operation()));
    let rule = word(entry.rule());
    let key = (vendor.clone(), operation.clone(), rule.clone());
    let kind = refusals.entry(key);
    let reasons = Vec::new();
    kind.or_insert(Refused { vendor, operation, rule, count: 0, reasons }).count(shown.reason());
}

/// What came and was nobody's.
enum Stray {
    /// A handshake that came to nothing: its cause, and the words for it.
    Handshake(String, String),
    /// A host that the proxy refused.
    Host(String),
    Path(String),
}

impl Stray {
    fn of(shown: &Shown<'_>) -> Self {
        let entry = shown.entry();
        let words = shown.reason();
        if let Some(action) = entry.admin_action() {
            let cause = action.detail["cause"].as_str().unwrap_or("other").to_owned();
            return Stray::Handshake(cause, words);
        }
        let asked = shown.asked();
        let method = asked.as_ref().map(|it| it.method.as_ref()).unwrap_or_default();
        let target = asked.as_ref().map(|it| it.target.as_ref()).unwrap_or_default();
        if entry.exchange().and_then(Exchange::status) == Some(StatusCode::FORBIDDEN) {
            let host = target.split_once("://").map_or(target, |(_, rest)| rest);
            return Stray::Host(host.split('/').next().unwrap_or_default().to_owned());
        }
        Stray::Path(format!("{method} {target}: {words}"))
    }

    fn count(self, facts: &mut Facts) {
        match self {
            Stray::Handshake(cause, words) => {
                facts.handshakes.entry(cause).or_insert((0, words)).0 += 1;
            }
            Stray::Host(host) => *facts.hosts.entry(host).or_default() += 1,
            Stray::Path(path) => facts.unmatched.push(path),
        }
    }
}
