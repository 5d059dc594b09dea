//! What the process has done, as Prometheus reads it (text exposition format 0.0.4).

use std::fmt::Write;
use std::fs;

use http::{Method, StatusCode};

use crate::admin::endpoint::{Body, Endpoint, Serve, Told};
use crate::admin::plane::Admin;
use crate::base::tally::{self, Tally};
use crate::sim::world::metrics::{BUCKETS_NS, OfVendor};
use crate::web::handshake::Cause;
use crate::web::message::Response;

/// The routes of this file.
pub(super) const ROWS: &[Endpoint] = &[Endpoint {
    name: "show_metrics",
    method: Method::GET,
    path: "/metrics",
    text: "counts for Prometheus: requests, time in worlds, worlds, timers, faults, memory",
    query: &[],
    body: Body::None,
    replies: &[Told::text(200, "the counts, as text", TEXT)],
    serve: Serve::Now(|admin, _| Ok(admin.show_metrics())),
}];

/// The media type of the format.
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// A text that grows by families.
#[derive(Debug, Default)]
struct Page(String);

impl Page {
    fn family(&mut self, name: &str, kind: &str, text: &str) {
        // Writing to a text cannot fail.
        let _ = write!(self.0, "# HELP {name} {text}\n# TYPE {name} {kind}\n");
    }

    fn sample(&mut self, name: &str, labels: &str, value: impl std::fmt::Display) {
        let _ = writeln!(self.0, "{name}{labels} {value}");
    }

    /// A family of one sample.
    fn one(&mut self, name: &str, kind: &str, text: &str, value: impl std::fmt::Display) {
        self.family(name, kind, text);
        self.sample(name, "", value);
    }
}

impl Admin {
    pub(crate) fn show_metrics(&self) -> Response {
        let mut page = Page::default();
        page.family("ringback_build_info", "gauge", "The version that runs; always 1.");
        let version = format!("{{version=\"{}\"}}", env!("CARGO_PKG_VERSION"));
        page.sample("ringback_build_info", &version, 1);

        let vendors = self.worlds.metrics().vendors();
        let requests = "ringback_requests_total";
        page.family(requests, "counter", "Requests by vendor, operation and outcome.");
        for vendor in vendors {
            for (operation, outcome, count) in vendor.requests() {
                let labels = format!(
                    "{{vendor=\"{}\",operation=\"{operation}\",outcome=\"{}\"}}",
                    vendor.surface.vendor,
                    outcome.name()
                );
                page.sample(requests, &labels, count);
            }
        }
        let held = "ringback_world_held_seconds";
        page.family(held, "histogram", "How long requests held the lock of their world.");
        for vendor in vendors {
            histogram(&mut page, held, vendor);
        }
        self.gauges(&mut page);
        for (name, text, tally) in COUNTERS {
            page.one(name, "counter", text, tally.get());
        }
        let below = "ringback_below_http_errors_total";
        page.family(below, "counter", "Connections that ended below HTTP.");
        for (kind, tally) in BELOW_HTTP {
            page.sample(below, &format!("{{kind=\"{kind}\"}}"), tally.get());
        }
        let failed = "ringback_tls_handshakes_failed_total";
        page.family(failed, "counter", "TLS handshakes that came to nothing, by cause.");
        for (cause, tally) in Cause::ALL.iter().filter_map(|it| Some((it, it.tally()?))) {
            page.sample(failed, &format!("{{cause=\"{}\"}}", cause.name()), tally.get());
        }
        Response::with_body(StatusCode::OK, TEXT, page.0)
    }

    fn gauges(&self, page: &mut Page) {
        page.one("ringback_worlds", "gauge", "Worlds that there are.", self.worlds.all().len());
        let bytes = self.worlds.journal_bytes();
        page.one("ringback_journal_bytes", "gauge", "Bytes that all journals hold.", bytes);
        let open = tally::CONNECTIONS_OPEN.get();
        page.one("ringback_connections_open", "gauge", "Connections that are open.", open);
        if let Some(bytes) = resident_bytes() {
            let name = "process_resident_memory_bytes";
            page.one(name, "gauge", "Memory of the process that is in use.", bytes);
        }
    }
}

const COUNTERS: &[(&str, &str, &Tally)] = &[
    ("ringback_connections_total", "Connections that were accepted.", &tally::CONNECTIONS),
    ("ringback_timers_fired_total", "Timers that fired, in all worlds.", &tally::TIMERS_FIRED),
    ("ringback_faults_fired_total", "Faults that struck a request.", &tally::FAULTS_FIRED),
    (
        "ringback_journal_evicted_total",
        "Journal entries that had to go to make room.",
        &tally::JOURNAL_EVICTED,
    ),
    (
        "ringback_connections_made_room_total",
        "Connections that were closed to make room for others.",
        &tally::CONNECTIONS_MADE_ROOM,
    ),
    ("ringback_tls_handshakes_total", "TLS handshakes that succeeded.", &tally::HANDSHAKES),
    ("ringback_log_lines_lost_total", "Log lines that nobody took.", &tally::LOG_LINES_LOST),
];

const BELOW_HTTP: &[(&str, &Tally)] = &[
    ("malformed", &tally::HEADS_MALFORMED),
    ("slow", &tally::HEADS_SLOW),
    ("broken", &tally::CONNECTIONS_BROKEN),
];

fn histogram(page: &mut Page, name: &str, vendor: &OfVendor) {
    let label = format!("vendor=\"{}\"", vendor.surface.vendor);
    let mut below = 0;
    for (idx, tally) in vendor.held.iter().enumerate() {
        below += tally.get();
        let bound = BUCKETS_NS.get(idx).map_or("+Inf".to_owned(), |ns| seconds(*ns));
        page.sample(&format!("{name}_bucket"), &format!("{{{label},le=\"{bound}\"}}"), below);
    }
    page.sample(&format!("{name}_sum"), &format!("{{{label}}}"), seconds(vendor.held_ns.get()));
    page.sample(&format!("{name}_count"), &format!("{{{label}}}"), below);
}

/// Nanoseconds as seconds, without rounding.
fn seconds(ns: u64) -> String {
    let text = format!("{}.{:09}", ns / 1_000_000_000, ns % 1_000_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Resident memory, where the system tells it (Linux).
fn resident_bytes() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_exact() {
        for (ns, text) in
            [(0, "0"), (2_000, "0.000002"), (1_500_000_000, "1.5"), (20_000_000_000, "20")]
        {
            assert_eq!(seconds(ns), text);
        }
    }
}
