//! What calibrate tells: a line for each switch, what no position explains, what was made and deleted,
//! and a piece of scenario with what was found.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::{Value, json};

use crate::base::text::counted;
use crate::calibrate::features::{Key, masked};
use crate::calibrate::game::Outcome;
use crate::calibrate::know::Knowledge;
use crate::calibrate::pool::all;
use crate::calibrate::question::Risk;
use crate::contract::surface::Surface;
use crate::contract::variant::{Needs, Variant};
use crate::web::mask::masker::Masker;

/// Most facts that are told one by one.
const FACTS_MAX: usize = 40;

/// What calibrate came to.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) surface: &'static Surface,
    pub(crate) target: String,
    /// The day on which it was asked, as RFC 3339 has it.
    pub(crate) on: String,
    pub(crate) outcome: Outcome,
    pub(crate) knowledge: Knowledge,
    pub(crate) risk: Risk,
    /// Requests by which the account was looked around in.
    pub(crate) n_looked: u32,
    /// Ids of what was made, and whether it was deleted.
    pub(crate) made: BTreeMap<String, bool>,
}

impl Report {
    /// Switches with one position left.
    pub(crate) fn n_found(&self) -> usize {
        self.outcome.open.left.iter().filter(|left| left.len() == 1).count()
    }

    fn question(&self, exchange: usize) -> &str {
        let asked = self.outcome.exchanges.get(exchange - 1).map(|it| it.question);
        asked.map_or("", |it| self.knowledge.questions[it].name.as_str())
    }

    /// For people.
    pub(crate) fn text(&self, masker: &Masker) -> String {
        let mut text = String::new();
        let n_all = self.surface.variants.len();
        let requests = counted(self.outcome.n_requests + self.n_looked, "request", "requests");
        let _ = writeln!(
            text,
            "{} at {}: {} of {n_all} switches found in {requests}",
            self.surface.vendor,
            self.target,
            self.n_found(),
        );
        for (switch, variant) in self.surface.variants.iter().enumerate() {
            let _ = writeln!(text, "  {:<24} {}", variant.name, self.line(switch, variant, masker));
        }
        self.add_facts(&mut text, masker);
        let gone = self.made.values().filter(|is_gone| **is_gone).count();
        if !self.made.is_empty() {
            let made = counted(self.made.len(), "row", "rows");
            let _ = writeln!(text, "made {made}, deleted {gone}");
        }
        for (id, _) in self.made.iter().filter(|(_, is_gone)| !**is_gone) {
            let _ = writeln!(text, "  still there, delete it by hand: {id}");
        }
        if let Some(stopped) = self.stopped(masker) {
            let _ = writeln!(text, "stopped early: {stopped}");
        }
        text
    }

    /// Why it ended early, which may quote what the target said.
    pub(crate) fn stopped(&self, masker: &Masker) -> Option<String> {
        let stopped = self.outcome.stopped.as_ref()?.to_string();
        Some(masker.sentence(&stopped).into_owned())
    }

    /// What is known of one switch.
    fn line(&self, switch: usize, variant: &Variant, masker: &Masker) -> String {
        let left = &self.outcome.open.left[switch];
        let name = |at: u8| variant.values.get(usize::from(at)).map_or("?", |it| it.name);
        let struck = |at: u8| {
            let proof = self.outcome.proofs.get(&(switch, at))?;
            let question = self.question(proof.exchange);
            Some(format!(
                "not {}: exchange {} ({question}): {} is {}, not {}",
                name(at),
                proof.exchange,
                proof.key.words(),
                masked(&proof.key, proof.found.as_ref(), masker),
                masked(&proof.key, proof.instead.as_ref(), masker)
            ))
        };
        let all = 0..u8::try_from(variant.values.len()).unwrap_or(u8::MAX);
        let out: Vec<String> = all.filter(|at| !left.contains(at)).filter_map(struck).collect();
        if left.len() == 1 {
            let found = left.first().copied().unwrap_or_default();
            return format!("= {:<20} {}", name(found), out.join("; "));
        }
        let names: Vec<&str> = left.iter().map(|at| name(*at)).collect();
        let mut line =
            format!("open: {}; {}", names.join(" or "), self.why_open(switch, variant, masker));
        if !out.is_empty() {
            let _ = write!(line, "; {}", out.join("; "));
        }
        line
    }

    /// Why a switch is open.
    fn why_open(&self, switch: usize, variant: &Variant, masker: &Masker) -> String {
        let tied = self.outcome.open.tied_with(switch);
        if !tied.is_empty() {
            let tied = tied.iter().map(|it| self.surface.variants[*it].name);
            let tied: Vec<&str> = tied.collect();
            return format!("a tie with {}: together they leave several readings", tied.join(", "));
        }
        if self.outcome.reopened.iter().any(|(reopened, _)| *reopened == switch) {
            return "what speaks against one of them can be explained by other switches too".into();
        }
        if self.outcome.looked_at.contains(&switch) {
            let undecided = self.outcome.facts.keys().any(|(question, odd)| {
                odd.decides && self.knowledge.depends[*question].contains(&switch)
            });
            return if undecided {
                "what would have told is as no position has it, see the facts".into()
            } else {
                "nothing that was asked tells them apart as the other switches stand".into()
            };
        }
        if let Some(stopped) = self.stopped(masker) {
            return format!("not asked: {stopped}");
        }
        if self.knowledge.depends.iter().any(|it| it.contains(&switch)) {
            return "nothing that could be asked tells them apart as the other switches stand"
                .into();
        }
        match (variant.needs, self.risk) {
            (Needs::Write, Risk::Reads) => "needs --writes".into(),
            (Needs::Write, Risk::Writes)
                if all::of(self.surface.vendor).is_some_and(|it| it.dials) =>
            {
                "needs --number: only a call shows it".into()
            }
            (Needs::Write, _) => "needs what calibrate does not write".into(),
            (Needs::Time, _) => "needs time to pass at the vendor".into(),
            (Needs::Setup, _) => "needs a state that no request brings about".into(),
            (Needs::Read, _) => "needs rows that the account does not have".into(),
        }
    }

    fn add_facts(&self, text: &mut String, masker: &Masker) {
        let told = self.facts(masker);
        if told.is_empty() {
            return;
        }
        let _ = writeln!(text, "facts, which no position of any switch explains:");
        for (words, expected, found, exchanges) in told.iter().take(FACTS_MAX) {
            let first = exchanges.first().copied().unwrap_or(1);
            let more = match exchanges.len() {
                0 | 1 => String::new(),
                n => format!(", and in {} more", n - 1),
            };
            let question = self.question(first);
            let _ = writeln!(
                text,
                "  exchange {first} ({question}){more}: {words} is {found}, Ringback has {expected}"
            );
        }
        if told.len() > FACTS_MAX {
            let _ = writeln!(text, "  and {} more", told.len() - FACTS_MAX);
        }
    }

    /// What no position explains: in words, what is expected, what is there, and where. The same place
    /// in several rows or exchanges is one.
    fn facts(&self, masker: &Masker) -> Vec<(String, String, String, Vec<usize>)> {
        let mut told: BTreeMap<String, (String, String, Vec<usize>)> = BTreeMap::new();
        for ((_, odd), exchanges) in &self.outcome.facts {
            let words = general(&odd.key).words();
            let shown = |value: &Option<String>| masked(&odd.key, value.as_ref(), masker);
            let (expected, found) = (shown(&odd.expected), shown(&odd.found));
            let known = told.entry(words).or_insert((expected, found, Vec::new()));
            known.2.extend(exchanges);
            known.2.sort_unstable();
            known.2.dedup();
        }
        told.into_iter()
            .map(|(words, (expected, found, at))| (words, expected, found, at))
            .collect()
    }

    /// For programs.
    pub(crate) fn json(&self, masker: &Masker) -> Value {
        let switches = self.surface.variants.iter().enumerate().map(|(switch, variant)| {
            let left = self.outcome.open.left[switch].iter();
            let left = left.filter_map(|at| variant.values.get(usize::from(*at)));
            let left: Vec<&str> = left.map(|it| it.name).collect();
            json!({
                "switch": variant.name,
                "value": if left.len() == 1 { Some(left[0]) } else { None },
                "left": left,
                "line": self.line(switch, variant, masker),
            })
        });
        let facts = self.facts(masker).into_iter().map(|(place, expected, found, exchanges)| {
            json!({ "place": place, "expected": expected, "found": found, "exchanges": exchanges })
        });
        json!({
            "vendor": self.surface.vendor,
            "target": self.target,
            "on": self.on,
            "requests": self.outcome.n_requests + self.n_looked,
            "switches": switches.collect::<Value>(),
            "facts": facts.collect::<Value>(),
            "made": self.made,
            "stopped": self.stopped(masker),
        })
    }

    /// A piece of scenario: what was found, and nothing that is open.
    pub(crate) fn toml(&self) -> String {
        let vendor = self.surface.vendor;
        let mut text = format!(
            "# What `ringback calibrate` saw of {vendor} at {} on {}: {} of {} switches.\n",
            self.target,
            self.on,
            self.n_found(),
            self.surface.variants.len()
        );
        let _ = writeln!(text, "# A scenario takes it in with extends, or as its own section.");
        let _ = writeln!(text, "[{vendor}.variants]");
        for (switch, variant) in self.surface.variants.iter().enumerate() {
            let left = &self.outcome.open.left[switch];
            let (Some(at), 1) = (left.first(), left.len()) else {
                let _ = writeln!(text, "# {} is open", variant.name);
                continue;
            };
            let value = variant.values.get(usize::from(*at)).map_or("", |it| it.name);
            let _ = writeln!(
                text,
                "{} = {{ value = \"{value}\", evidence = \"observed\", on = \"{}\" }}",
                variant.name, self.on
            );
        }
        text
    }
}

/// A place without which row it is in.
fn general(key: &Key) -> Key {
    let way = key.way.iter().map(|step| {
        let is_row = step.starts_with('=') || step.bytes().all(|it| it.is_ascii_digit());
        if is_row { "*".to_owned() } else { step.clone() }
    });
    Key { nth: key.nth, part: key.part.clone(), way: way.collect() }
}
