//! Makes a scenario of recorded exchanges: whose they are, pseudonyms, rows, switches, steps, and
//! fixed replies for the rest.

use std::path::PathBuf;

use serde_json::{Map, Value, json};

use crate::base::limits::RECORDED_EXCHANGES_MAX;
use crate::base::time::Instant;
use crate::contract::recorded::Proposal;
use crate::contract::vendor::{Vendor, Vendors};
use crate::recording::exchange::{Recorded, header};
use crate::recording::fit::Stage;
use crate::recording::fixed;
use crate::recording::har::{self, HarError};
use crate::recording::mask::{self, Replacer, kind, learn};
use crate::recording::moves::Move;
use crate::recording::prepared::Prepared;
use crate::recording::pseudonyms::Pseudonyms;
use crate::recording::sign;
use crate::recording::whose::Whose;
use crate::recording::write;
use crate::vendors::ALL;
use crate::web::host_pattern::HostPattern;

/// What an import came to.
#[derive(Debug, Default)]
pub(crate) struct Imported {
    /// The scenario; null where nothing was understood.
    pub(crate) scenario: Value,
    pub(crate) n_entries: usize,
    /// Exchanges by vendor and operation, with how many of each.
    pub(crate) understood: Vec<(String, usize)>,
    pub(crate) n_others: usize,
    /// What was left out, one line each.
    pub(crate) skipped: Vec<String>,
    /// What pseudonyms stand for, without a value.
    pub(crate) replaced: Vec<String>,
    /// Switches that were turned, with how many replies each explains.
    pub(crate) turned: Vec<(String, usize)>,
    /// What is not explained, one line each with the difference.
    pub(crate) unexplained: Vec<String>,
    pub(crate) n_explained: usize,
    /// Files that broke off. What stands before that was taken.
    pub(crate) broken: Vec<HarError>,
}

/// Lines of what was left out; of the rest the number is told.
const SKIPPED_MAX: usize = 50;

/// Imports archives.
///
/// # Errors
/// Where a file is none, or nothing can be tried.
pub(crate) fn archives(
    files: &[PathBuf],
    given: Vec<(HostPattern, &'static Vendor)>,
) -> Result<Imported, String> {
    let mut imported = Imported::default();
    let mut whose = Whose::new(Vendors(ALL), given);
    // Twice: whose a host is may show late.
    for file in files {
        let read = har::read(file, &mut |_, entry| {
            if let Ok(entry) = entry {
                whose.learn(&entry);
            }
        });
        match read {
            Ok(_) => {}
            Err(error) if error.n_read() > 0 => imported.broken.push(error),
            Err(error) => return Err(error.to_string()),
        }
    }
    let mut taken: Vec<(&'static Vendor, Recorded)> = Vec::new();
    let mut n_skipped = 0;
    for file in files {
        let _ = har::read(file, &mut |number, entry| {
            imported.n_entries += 1;
            let place = format!("{}, entry {number}", har::name(file));
            let reason = match entry {
                Ok(entry) => match whose.vendor(&entry) {
                    None => {
                        imported.n_others += 1;
                        return;
                    }
                    // A browser asks before it asks: no vendor's client did.
                    Some(_) if entry.method == "OPTIONS" => "a browser's own question".to_owned(),
                    Some(_) if taken.len() >= RECORDED_EXCHANGES_MAX => {
                        format!("there are {RECORDED_EXCHANGES_MAX} exchanges already")
                    }
                    Some(vendor) => {
                        taken.push((vendor, entry));
                        return;
                    }
                },
                Err(reason) => reason,
            };
            n_skipped += 1;
            if imported.skipped.len() < SKIPPED_MAX {
                imported.skipped.push(format!("{place}: {reason}"));
            }
        });
    }
    if n_skipped > imported.skipped.len() {
        let more = n_skipped - imported.skipped.len();
        imported.skipped.push(format!("and {more} more"));
    }
    exchanges(taken, &mut imported)?;
    Ok(imported)
}

/// Makes the scenario of exchanges whose vendors are known.
///
/// # Errors
/// Where nothing can be tried.
pub(crate) fn exchanges(
    mut taken: Vec<(&'static Vendor, Recorded)>,
    imported: &mut Imported,
) -> Result<(), String> {
    // Archives list by start, but not all of them.
    taken.sort_by_key(|(_, it)| it.started);
    for (_, it) in &mut taken {
        it.started = vendors_time(it).or(it.started);
    }
    let mut pseudonyms = Pseudonyms::default();
    for (vendor, it) in &taken {
        learn(vendor, it, mask::Whose::People, &mut pseudonyms);
    }
    imported.replaced = pseudonyms.told();
    let replacer = Replacer::new(&pseudonyms)?;
    let mut prepared = Vec::new();
    for (vendor, it) in taken {
        let Some(masked) = replacer.exchange(&it) else {
            let kind = kind(&it.reply_headers);
            imported.skipped.push(format!("{}: a body that is no text ({kind})", it.place));
            continue;
        };
        let masked = sign::again(vendor, masked);
        let place = masked.place.clone();
        match Prepared::new(vendor, masked) {
            Some(exchange) => prepared.push(exchange),
            None => imported.skipped.push(format!("{place}: its request cannot be sent again")),
        }
    }
    count(prepared.iter(), imported);
    if prepared.is_empty() {
        return Ok(());
    }
    explain(&prepared, imported)
}

/// When the vendor says that it was: its clock is another than that of whoever recorded.
fn vendors_time(it: &Recorded) -> Option<Instant> {
    let date = header(&it.reply_headers, "date")?;
    let date = chrono::DateTime::parse_from_rfc2822(date).ok()?;
    Instant::try_from_calendar(&date).ok()
}

/// Counts exchanges by their operations.
pub(crate) fn count<'p>(prepared: impl Iterator<Item = &'p Prepared>, imported: &mut Imported) {
    for exchange in prepared {
        let name = format!("{} {}", exchange.vendor.surface.vendor, exchange.operation());
        match imported.understood.iter_mut().find(|(known, _)| *known == name) {
            Some((_, count)) => *count += 1,
            None => imported.understood.push((name, 1)),
        }
    }
    imported.understood.sort();
}

/// Why a request that is no operation's is not explained.
const NO_OPERATION: &str = "no operation takes it";

/// Times that fixed replies are added: one in the place of a write may leave a later read unexplained.
const FIXING_ROUNDS_MAX: usize = 5;

fn explain(prepared: &[Prepared], imported: &mut Imported) -> Result<(), String> {
    let stage = Stage::new()?;
    let start = prepared.iter().find_map(|exchange| exchange.it.started);
    let start = start.unwrap_or(EPOCH);
    let mut scenario = json!({
        "title": "imported from a recording",
        "seed": 1,
        "clock": { "mode": "frozen", "at": start.to_string() },
    });
    for vendor in ALL.iter().copied() {
        let own = || prepared.iter().filter(|it| std::ptr::eq(it.vendor, vendor));
        if own().next().is_none() {
            continue;
        }
        let mut found = Proposal::default();
        for exchange in own() {
            (vendor.recorded.propose)(&exchange.seen(), &mut found);
        }
        let name = vendor.surface.vendor;
        let without = scenario.clone();
        scenario[name] = Value::Object(found.section());
        match stage.fit(&mut scenario, vendor, prepared) {
            Ok(turned) => imported.turned.extend(turned),
            Err(error) => {
                // Rows that make no world explain nothing.
                scenario = without;
                let told = error.lines().next().unwrap_or_default().to_owned();
                imported.unexplained.push(format!("{name}: its rows make no world: {told}"));
            }
        }
    }
    let moves: Vec<Move<'_>> = prepared.iter().map(Move::Exchange).collect();
    settle(&stage, scenario, start, &moves, imported)
}

/// Gives what the rows and switches of a scenario do not explain fixed replies, and writes the steps.
///
/// # Errors
/// Where no world can be made of the scenario.
pub(crate) fn settle(
    stage: &Stage,
    mut scenario: Value,
    start: Instant,
    moves: &[Move<'_>],
    imported: &mut Imported,
) -> Result<(), String> {
    let prepared: Vec<&Prepared> = moves.iter().filter_map(Move::exchange).collect();
    let own = scenario.get("reply").and_then(Value::as_array).cloned().unwrap_or_default();
    let mut is_fixed = vec![false; prepared.len()];
    let mut told = vec![String::new(); prepared.len()];
    for _ in 0..FIXING_ROUNDS_MAX {
        let differences = stage.differences(&scenario, moves.iter().copied())?;
        let mut is_more = false;
        for (idx, difference) in differences.into_iter().enumerate() {
            if let Some(difference) = difference.filter(|_| !is_fixed[idx]) {
                let has_operation = prepared[idx].routed.operation.is_some();
                let difference = if has_operation { difference } else { NO_OPERATION.to_owned() };
                (is_fixed[idx], told[idx], is_more) = (true, difference, true);
            }
        }
        if !is_more {
            break;
        }
        // The first that fits answers.
        let mut rows = fixed::rows(&prepared, &is_fixed);
        rows.extend(own.iter().cloned());
        scenario["reply"] = rows.into();
    }
    for (idx, exchange) in prepared.iter().enumerate() {
        if is_fixed[idx] {
            let what = format!("{} {}", exchange.vendor.surface.vendor, exchange.operation());
            imported.unexplained.push(format!("{}: {what}: {}", exchange.it.place, told[idx]));
        } else {
            imported.n_explained += 1;
        }
    }
    scenario["step"] = write::steps(moves, start).into();
    imported.scenario = in_order(scenario);
    Ok(())
}

/// Where nothing tells when it was.
const EPOCH: Instant = Instant::clamped_from_secs(1_772_442_000);

/// Values first, then tables, then what is long: as people write a scenario.
fn in_order(scenario: Value) -> Value {
    let Value::Object(members) = scenario else { return scenario };
    let last = ["reply", "step"];
    let (late, early): (Vec<_>, Vec<_>) =
        members.into_iter().partition(|(name, _)| last.contains(&name.as_str()));
    let filled = early.into_iter().filter(|(_, value)| *value != json!({}));
    filled.chain(late).collect::<Map<_, _>>().into()
}
