//! What a client's environment is to hold to be led to a Ringback, this one or one that runs.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::base::nearest::did_you_mean;
use crate::cli::failure::{Failure, bad_input};
use crate::run::environment::{Aim, Change, changes};
use crate::run::folder::{Folder, SYSTEM_ROOTS};
use crate::run::lever;
use crate::sim::worlds::name::DEFAULT;
use crate::web::certificate::Certificate;

/// The lever that says whom clients trust.
const TRUST: &str = "trust";

/// What is told of a Ringback: as the ready line has it.
#[derive(Debug)]
pub(crate) struct Told<'r> {
    pub(crate) ready: &'r Value,
    /// Whether the folder has whom to trust.
    pub(crate) trusts: bool,
    /// Whether nobody else is trusted.
    pub(crate) is_closed: bool,
    /// Whether the client is sealed off.
    pub(crate) is_sealed: bool,
}

/// # Errors
/// Where there is no lever of a name.
pub(crate) fn check(without: &[String]) -> Result<(), Failure> {
    let known = lever::names();
    match without.iter().find(|name| !known.contains(&name.as_str())) {
        Some(unknown) => {
            let near = did_you_mean(unknown, known.iter().copied());
            let known = known.join(", ");
            Err(bad_input(format!("--no-lever {unknown}: expected one of {known}{near}")))
        }
        None => Ok(()),
    }
}

/// The address of a URL without a path.
///
/// # Errors
/// Where it has none.
pub(crate) fn address(url: &Value) -> Result<SocketAddr, Failure> {
    let url = url.as_str().unwrap_or_default();
    let bare = url.trim_start_matches("http://");
    let bare =
        bare.strip_prefix("localhost:").map_or(bare.into(), |port| format!("127.0.0.1:{port}"));
    bare.parse().map_err(|_| {
        bad_input(format!("{url:?}: expected an address and a port, such as http://127.0.0.1:8080"))
    })
}

/// The vendors' hosts, as the ready line has them.
pub(crate) fn hosts(ready: &Value) -> Vec<String> {
    let of_vendors = ready["hosts"].as_object().into_iter().flatten();
    let hosts = of_vendors.flat_map(|(_, hosts)| hosts.as_array().into_iter().flatten());
    hosts.filter_map(|host| host.as_str().map(str::to_owned)).collect()
}

/// All certificates of the file that is shown in place of ours. Whoever signed the last has to be among them,
/// or else be trusted by the system: some clients take no less.
///
/// # Errors
/// Where it cannot be read, or has none.
pub(crate) fn chain(path: &Path) -> Result<Vec<Certificate>, Failure> {
    let shown = path.display();
    let text = fs::read_to_string(path)
        .map_err(|error| bad_input(format!("--tls-cert {shown}: {error}")))?;
    match Certificate::all_from_pem(&text) {
        none if none.is_empty() => Err(bad_input(format!("--tls-cert {shown}: no certificate"))),
        chain => Ok(chain),
    }
}

/// The user's own configuration of wget.
pub(crate) fn wgetrc() -> Option<PathBuf> {
    let home = std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".wgetrc"));
    std::env::var_os("WGETRC").map(PathBuf::from).or(home)
}

/// The user's own configuration of curl: the first that curl itself would find.
pub(crate) fn curlrc() -> Option<PathBuf> {
    let below = |variable: &str, name: &str| {
        std::env::var_os(variable)
            .filter(|it| !it.is_empty())
            .map(|it| PathBuf::from(it).join(name))
    };
    let places = [
        below("CURL_HOME", ".curlrc"),
        below("XDG_CONFIG_HOME", ".curlrc"),
        below("XDG_CONFIG_HOME", "curlrc"),
        below("HOME", ".curlrc"),
        below("HOME", ".config/curlrc"),
    ];
    places.into_iter().flatten().find(|place| place.is_file())
}

/// What becomes of the environment that this program has itself.
///
/// # Errors
/// Where what is told has no address.
pub(crate) fn of(
    told: &Told<'_>,
    folder: &Folder,
    without: &[String],
) -> Result<Vec<Change>, Failure> {
    let ready = told.ready;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut facts = vec![
        ("RINGBACK_URL".to_owned(), text(&ready["listen"])),
        ("RINGBACK_ADMIN_URL".to_owned(), text(&ready["admin"])),
        ("RINGBACK_WORLD".to_owned(), DEFAULT.to_owned()),
    ];
    for (vendor, address) in ready["vendors"].as_object().into_iter().flatten() {
        let name = format!("RINGBACK_{}_URL", vendor.to_ascii_uppercase());
        facts.push((name, text(address)));
    }
    let has_authority = told.trusts;
    if has_authority {
        let path = folder.authority().to_string_lossy().into_owned();
        facts.push(("RINGBACK_CA".to_owned(), path));
    }
    let aim = Aim {
        listener: address(&ready["listen"])?,
        hosts: hosts(ready),
        has_authority,
        is_closed: told.is_closed,
        is_sealed: told.is_sealed,
    };
    let inherited: BTreeMap<OsString, OsString> = std::env::vars_os().collect();
    Ok(changes(&aim, folder, &facts, without, &inherited))
}

/// Says where the files are that levers need, where that is not as the user has it.
pub(crate) fn tell_place(folder: &Folder) {
    if let Some(told) = folder.told() {
        let _ = writeln!(io::stderr(), "ringback: {told}");
    }
}

/// Says what is set, where `explains`, and what was there and is not any more. Whom a client trusted is told only
/// where it is led to others: where it `is_closed` nobody but Ringback shows it a certificate.
pub(crate) fn tell(changes: &[Change], explains: bool, is_closed: bool) {
    let mut stderr = io::stderr().lock();
    for change in changes.iter().filter(|_| explains) {
        let value = change.value.as_deref().map(|value| value.to_string_lossy());
        let value = value.map_or("(taken out)".into(), |value| format!("={value}"));
        let lever = if change.lever.is_empty() { "-" } else { change.lever };
        let (variable, clients) = (&change.variable, change.clients);
        let _ = writeln!(stderr, "ringback: {lever:<7} {variable}{value}  [{clients}]");
    }
    let (trusted, others): (Vec<&Change>, Vec<&Change>) =
        changes.iter().partition(|change| change.lever == TRUST);
    let of = |changes: &[&Change]| {
        let dropped = changes.iter().flat_map(|it| &it.drops).map(String::as_str);
        dropped.collect::<Vec<_>>().join(", ")
    };
    let dropped = of(&others);
    if !dropped.is_empty() {
        let _ = writeln!(stderr, "ringback: what was inherited is not used: {dropped}");
    }
    let is_told =
        |change: &&Change| explains || !(is_closed || names_systems_own(&change.variable));
    let dropped = of(&trusted.into_iter().filter(is_told).collect::<Vec<_>>());
    if !dropped.is_empty() {
        let whom =
            if is_closed { "Ringback alone" } else { "the system's authorities and Ringback" };
        let _ = writeln!(stderr, "ringback: clients trust {whom}, not whom these name: {dropped}");
    }
}

/// Whether a variable of the caller's names the roots of the system, which are in what is put in its place.
fn names_systems_own(variable: &str) -> bool {
    std::env::var_os(variable).is_some_and(|path| SYSTEM_ROOTS.iter().any(|own| path == *own))
}
