//! What only some files may name: sockets, clocks, randomness, threads, a vendor's words.
//!
//! Not here: who may import whom (`arrows`).

use ringback::inside::app;

use super::{Source, assert_none, sources};

/// Names that say nothing.
const EMPTY_NAMES: &[&str] = &["utils.rs", "util.rs", "helpers.rs", "common.rs", "misc.rs"];

#[test]
fn the_core_names_no_vendor() {
    let mut faults = Vec::new();
    for source in sources() {
        if !matches!(
            source.module(),
            "base" | "web" | "store" | "contract" | "sim" | "admin" | "net"
        ) {
            continue;
        }
        for vendor in app::vendors().0 {
            let name = vendor.surface.vendor;
            if source.code.contains(&format!("{name}_"))
                || source.code.contains(&format!("\"{name}\""))
            {
                faults.push(format!("{} names {name}", source.path));
            }
        }
    }
    assert_none(&faults);
}

/// `serve` answers and never asks: only the client of the command line opens connections, the proxy
/// to hosts whom its user lets clients through to, and the relay to the vendor that it records. The parts of
/// a run speak to each other.
#[test]
fn only_the_client_connects_out() {
    let ways = ["TcpStream::connect", "UnixStream", "UdpSocket", "TcpSocket", "client::conn"];
    let mut faults = Vec::new();
    let places = [
        "client/",
        "net/proxy/",
        "net/relay/",
        "net/sealed/",
        "run/command.rs",
        "run/guard.rs",
        "run/sealed/",
        "app/sealing.rs",
    ];
    let asks = |source: &Source| places.iter().any(|place| source.path.starts_with(place));
    for source in sources().iter().filter(|source| !asks(source)) {
        let found = ways.iter().filter(|way| source.code.contains(**way));
        faults.extend(found.map(|way| format!("{} uses {way}", source.path)));
    }
    assert_none(&faults);
}

#[test]
fn sockets_clocks_and_randomness_have_their_places() {
    // What may be named, and by whom.
    let rules: &[(&str, &[&str])] = &[
        ("hyper::", &["net/", "client/"]),
        ("hyper_util::", &["net/", "client/"]),
        ("rustls", &["client/wire.rs", "net/", "web/trust.rs"]),
        ("rcgen", &["net/tls/"]),
        ("rmcp::", &["cli/mcp/"]),
        (
            "tokio::",
            &[
                "net/",
                "client/",
                "app.rs",
                "app/",
                "base/threads.rs",
                "calibrate/twin.rs",
                "calibrate/wire.rs",
                "cli/",
                "embed.rs",
                "recording/fit.rs",
                "replay/all.rs",
                "replay/shrink.rs",
                "run/command.rs",
                "sim/blocking.rs",
                "sim/world/",
                "web/stream.rs",
            ],
        ),
        ("SystemTime", &["base/clock.rs"]),
        ("Utc::now", &[]),
        (
            "Instant::now",
            &[
                "base/clock.rs",
                "client/wait.rs",
                "net/",
                "sim/world/judging.rs",
                "sim/world/journal.rs",
            ],
        ),
        ("getrandom", &[]),
        ("thread_rng", &[]),
        ("unsafe ", &["store/pages/vfs.rs"]),
        ("println!", &["cli/"]),
        ("process::exit", &["main.rs", "app/stopping.rs", "cli/failure.rs"]),
    ];
    let mut faults = Vec::new();
    for source in sources() {
        for (word, places) in rules {
            let here = places.iter().any(|place| source.path.starts_with(place));
            if source.code.contains(word) && !here {
                faults.push(format!("{} names {word}", source.path));
            }
        }
        let name = source.path.rsplit('/').next().unwrap();
        if EMPTY_NAMES.contains(&name) {
            faults.push(format!("{} has a name that says nothing", source.path));
        }
    }
    assert_none(&faults);
}
