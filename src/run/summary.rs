//! A run in some lines, read in five seconds; and as JSON.

use serde_json::{Value, json};

use crate::base::text::counted;
use crate::run::facts::{Facts, Refused};
use crate::run::verdict::Verdict;

/// Refusals, hosts and findings that are listed; the rest is counted.
const LISTED_MAX: usize = 5;

/// The lines of a summary. `client` is the exit code of the command, `ours` the one of the run.
pub(crate) fn lines(facts: &Facts, verdict: &Verdict, client: u8, ours: u8) -> Vec<String> {
    let mut lines = Vec::new();
    for (vendor, outcomes) in &facts.requests {
        let told: Vec<String> =
            outcomes.iter().map(|(it, count)| format!("{count} {it}")).collect();
        lines.push(format!("{vendor}: {}", told.join(", ")));
    }
    let refusals: Vec<String> = facts.refusals.iter().flat_map(refused).collect();
    listed(&mut lines, refusals.iter().cloned(), refusals.len(), "refusals", LISTED_MAX);
    lines.extend(beside(facts, LISTED_MAX));
    let whose = if client > 0 { " (the client's own)" } else { "" };
    let outcome = verdict.outcome.name();
    lines.push(format!("client {client}, verdict {outcome}, exit code {ours}{whose}"));
    lines.extend(verdict.reasons.iter().map(|reason| format!("  {reason}")));
    lines
}

/// Refusals of one kind, a line for each reason.
fn refused(kind: &Refused) -> Vec<String> {
    let Refused { vendor, operation, count, reasons, .. } = kind;
    // Nothing took it where no operation is named.
    let of = if operation.is_empty() { String::new() } else { format!(" {operation}") };
    let times = |count: u64| if count > 1 { format!("{count} times ") } else { String::new() };
    let mut lines: Vec<String> = reasons
        .iter()
        .map(|(why, count)| format!("refused {}{vendor}{of}: {why}", times(*count)))
        .collect();
    let n_told: u64 = reasons.iter().map(|(_, count)| count).sum();
    if *count > n_told {
        let n_more = count - n_told;
        lines.push(format!("refused {}{vendor}{of}, for other reasons", times(n_more)));
    }
    lines
}

/// What a run has shown beside requests and refusals, at most so many lines of a kind.
pub(crate) fn beside(facts: &Facts, max: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let unread = facts.unread.iter().map(|(what, count)| match count {
        1 => format!("unread: {what}"),
        count => format!("unread {count} times: {what}"),
    });
    listed(&mut lines, unread, facts.unread.len(), "unread parameters", max);
    let events = facts.events.iter().map(|it| format!("refused event {it}"));
    listed(&mut lines, events, facts.events.len(), "refused events", max);
    let unmatched = facts.unmatched.iter().map(|it| format!("nobody's: {it}"));
    listed(&mut lines, unmatched, facts.unmatched.len(), "requests of nobody's", max);
    let hosts = facts
        .hosts
        .iter()
        .map(|(host, count)| (host, counted(count, "time", "times")))
        .map(|(host, count)| format!("refused host {host}, {count}; {}", facts.cure(host)));
    listed(&mut lines, hosts, facts.hosts.len(), "hosts", max);
    let names = facts
        .names
        .keys()
        .map(|name| format!("looked up {name}, which is nobody's here; {}", facts.cure(name)));
    listed(&mut lines, names, facts.names.len(), "names", max);
    let addresses = facts.addresses.iter().map(|(address, count)| {
        let count = counted(count, "time", "times");
        format!("connected to {address}, an address in its own code, {count}; it met nobody but us")
    });
    listed(&mut lines, addresses, facts.addresses.len(), "addresses", max);
    let elsewhere = facts.elsewhere.iter().map(|it| format!("seen: {it}"));
    listed(&mut lines, elsewhere, facts.elsewhere.len(), "connections", max);
    let left = facts.left.iter().map(|it| format!("left behind by the client, and ended: {it}"));
    listed(&mut lines, left, facts.left.len(), "processes", max);
    let findings = facts.findings.iter().map(|it| format!("finding: {it}"));
    listed(&mut lines, findings, facts.findings.len(), "findings", max);
    if !facts.not_strict.is_empty() {
        let n_all = counted(facts.not_strict.len(), "world", "worlds");
        let own = "of the client's own, not strict, whose refusals fail nothing";
        let named = facts.not_strict.iter().take(max).cloned().collect::<Vec<_>>().join(", ");
        let more = if facts.not_strict.len() > max { ", …" } else { "" };
        lines.push(format!("{n_all} {own}: {named}{more}"));
    }
    if facts.n_faults > 0 {
        lines.push(format!("{} struck", counted(facts.n_faults, "fault", "faults")));
    }
    lines
}

fn listed(
    lines: &mut Vec<String>,
    all: impl Iterator<Item = String>,
    n_all: usize,
    what: &str,
    max: usize,
) {
    lines.extend(all.take(max));
    if n_all > max {
        lines.push(format!("and {} more {what}", n_all - max));
    }
}

/// All of it, for programs.
pub(crate) fn to_json(facts: &Facts, verdict: &Verdict, client: u8, ours: u8) -> Value {
    let refusals = facts.refusals.iter().map(|it| {
        let reasons = it.reasons.iter().map(|(why, count)| json!({ "why": why, "count": count }));
        json!({
            "vendor": it.vendor, "operation": it.operation, "rule": it.rule,
            "count": it.count, "why": it.reasons.first().map(|(why, _)| why),
            "reasons": reasons.collect::<Value>(),
        })
    });
    let handshakes = facts
        .handshakes
        .iter()
        .map(|(cause, (count, words))| json!({ "cause": cause, "count": count, "why": words }));
    json!({
        "verdict": verdict.outcome.name(),
        "reasons": verdict.reasons,
        "client_code": client,
        "exit_code": ours,
        "requests": facts.requests,
        "refusals": refusals.collect::<Value>(),
        "unread": facts.unread.iter().map(|(what, count)| json!({ "what": what, "count": count })).collect::<Value>(),
        "not_strict": facts.not_strict,
        "refused_events": facts.events,
        "unmatched": facts.unmatched,
        "refused_hosts": facts.hosts,
        "connections_elsewhere": facts.elsewhere,
        "left_behind": facts.left,
        "sealed": facts.is_sealed,
        "names_looked_up": facts.names,
        "addresses_connected_to": facts.addresses,
        "failed_handshakes": handshakes.collect::<Value>(),
        "findings": facts.findings,
        "faults_struck": facts.n_faults,
        "journal_entries_lost": facts.n_lost,
    })
}
