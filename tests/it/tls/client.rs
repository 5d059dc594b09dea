//! Ringback as the client of a server that speaks TLS: replays, drift, the control plane.

use std::fs;
use std::path::Path;
use std::process::Output;

use crate::support::program::{Running, ringback, serve};

const SCENARIO: &str = r#"
extends = "demo"

[[step]]
name = "it is there"
send = { method = "GET", path = "/rest/v1.0/7/dialler/contacts/301501", headers = { Authorization = "Bearer SIMTOKEN-7A" } }
expect = { status = 200 }
"#;

/// The address of a listener, by the name that its certificate has.
fn secured(running: &Running, name: &str) -> String {
    let plain = running.ready[name].as_str().unwrap();
    format!("https://localhost:{}", plain.rsplit(':').next().unwrap())
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn said(output: &Output) -> String {
    let (out, err) = (&output.stdout, &output.stderr);
    format!("{}{}", String::from_utf8_lossy(out), String::from_utf8_lossy(err))
}

#[test]
fn a_server_behind_tls_is_replayed_against_where_its_authority_is_trusted() {
    let folder = tempfile::tempdir().unwrap();
    let running = serve(&[]);
    let ca = folder.path().join("ca.pem");
    fs::write(&ca, running.ca()).unwrap();
    let scenario = folder.path().join("one.toml");
    fs::write(&scenario, SCENARIO).unwrap();
    let (against, admin) = (secured(&running, "listen"), secured(&running, "admin"));
    let replay = |store: &str| {
        let mut command = ringback();
        command.env("SSL_CERT_FILE", store).env_remove("SSL_CERT_DIR");
        command.args(["replay", text(&scenario), "--against", &against, "--admin", &admin]);
        command.output().unwrap()
    };
    let passed = replay(text(&ca));
    assert_eq!(passed.status.code(), Some(0), "{}", said(&passed));
    // Another authority is nobody's whom it knows.
    let other = folder.path().join("other.pem");
    fs::write(&other, serve(&[]).ca()).unwrap();
    let refused = replay(text(&other));
    assert_eq!(refused.status.code(), Some(3), "{}", said(&refused));
    let told = said(&refused);
    assert!(told.contains("TLS does not come about: invalid peer certificate"), "{told}");
    assert!(told.contains("SSL_CERT_FILE=FILE names a certificate to trust"), "{told}");
    let mut command = ringback();
    command.env("SSL_CERT_FILE", text(&ca)).args(["world", "list", "--admin", &admin]);
    let listed = command.output().unwrap();
    assert_eq!(listed.status.code(), Some(0), "{}", said(&listed));
    assert!(said(&listed).contains("default"), "{}", said(&listed));
}
