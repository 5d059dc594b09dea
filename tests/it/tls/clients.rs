//! Verifiers that are not ours: OpenSSL, curl, Python, Java.

#![expect(clippy::print_stderr, reason = "a test that skips says so")]

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::support::program::{AGENTS, Running, ringback, serve};
use crate::support::tool::tool;

/// A program that runs, and its certificate in a file.
struct Stage {
    running: Running,
    folder: TempDir,
}

impl Stage {
    fn new() -> Self {
        let running = serve(&[]);
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("ca.pem"), running.ca()).unwrap();
        Stage { running, folder }
    }

    fn ca(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    fn port(&self) -> String {
        let address = self.running.address("listen");
        address.rsplit(':').next().unwrap().to_owned()
    }
}

/// Runs a program to its end; whether it succeeded, and all that it said.
fn said(command: &mut Command) -> (bool, String) {
    let output = command.stdin(Stdio::null()).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.success(), text(&output.stdout) + &text(&output.stderr))
}

#[test]
fn curl_takes_a_vendors_own_name() {
    let Some(curl) = tool("curl") else { return };
    let stage = Stage::new();
    let to = format!("api.infocu5.com:443:127.0.0.1:{}", stage.port());
    let (ok, out) = said(
        Command::new(curl)
            .args(["-sS", "--connect-to", &to, "--data-binary", AGENTS, "--cacert"])
            .arg(stage.ca())
            .arg("https://api.infocu5.com/dialer/"),
    );
    assert!(ok && out.contains("50017"), "{out}");
}

#[test]
fn openssl_verifies_strictly_and_holds_the_constraints() {
    let Some(openssl) = tool("openssl") else { return };
    let stage = Stage::new();
    let ask = |more: &[&str]| {
        let to = format!("127.0.0.1:{}", stage.port());
        let mut command = Command::new(&openssl);
        command.args(["s_client", "-connect", &to, "-x509_strict", "-CAfile"]).arg(stage.ca());
        said(command.args(["-verify_return_error"]).args(more))
    };
    for version in ["-tls1_2", "-tls1_3"] {
        for more in [
            ["-servername", "api.infocu5.com", "-verify_hostname", "api.infocu5.com"],
            ["-servername", "acme.maxcontact.com", "-verify_hostname", "acme.maxcontact.com"],
            ["-noservername", "-alpn", "http/1.1", "-showcerts"],
        ] {
            let (ok, out) = ask(&[&[version], &more[..]].concat());
            assert!(ok && out.contains("Verify return code: 0 (ok)"), "{version} {more:?}: {out}");
        }
    }
    let (ok, out) = ask(&["-servername", "example.com"]);
    assert!(!ok && out.contains("permitted subtree violation"), "{out}");
    for version in ["-tls1", "-tls1_1"] {
        let (ok, out) = ask(&[version, "-cipher", "DEFAULT@SECLEVEL=0"]);
        assert!(!ok && out.contains("alert"), "{version}: {out}");
    }
}

/// Connects strictly to a name, whatever its certificate is for, and prints the version. With one more
/// argument it speaks that version and no other, however old.
const PYTHON: &str = "
import socket, ssl, sys
ca, port, name, *version = sys.argv[1:]
context = ssl.create_default_context(cafile=ca)
if version:
    context.set_ciphers('DEFAULT@SECLEVEL=0')
    context.minimum_version = context.maximum_version = ssl.TLSVersion[version[0]]
context.verify_flags |= ssl.VERIFY_X509_STRICT | 0x80000
with socket.create_connection(('127.0.0.1', int(port))) as raw:
    with context.wrap_socket(raw, server_hostname=name) as tls:
        print(tls.version())
";

#[test]
fn pythons_verify_strictly_and_hold_the_constraints() {
    for python in ["python3", "python3.11", "python3.13"] {
        let Some(python) = tool(python) else { continue };
        let stage = Stage::new();
        let ask_by = |name: &str, version: &[&str]| {
            let mut command = Command::new(&python);
            command.args(["-W", "ignore", "-c", PYTHON]).arg(stage.ca());
            said(command.args([&stage.port(), name]).args(version))
        };
        let ask = |name: &str| ask_by(name, &[]);
        let (ok, out) = ask("acme.maxcontact.com");
        if !ok && out.contains("command not found") {
            eprintln!("skipped: {} leads to no Python", python.display());
            continue;
        }
        assert!(ok && out.contains("TLSv1.3"), "{python:?}: {out}");
        let (ok, out) = ask("127.0.0.1");
        assert!(ok, "{python:?}: {out}");
        for (version, expected) in [("TLSv1_2", "TLSv1.2"), ("TLSv1_3", "TLSv1.3")] {
            let (ok, out) = ask_by("api.infocu5.com", &[version]);
            assert!(ok && out.contains(expected), "{python:?}: {out}");
        }
        for version in ["TLSv1", "TLSv1_1"] {
            let (ok, out) = ask_by("api.infocu5.com", &[version]);
            assert!(!ok && out.to_lowercase().contains("alert"), "{python:?} {version}: {out}");
        }
        let (ok, out) = ask("example.com");
        assert!(!ok && out.contains("permitted subtree violation"), "{python:?}: {out}");
    }
}

#[test]
fn keytool_reads_the_key_store() {
    let Some(keytool) = tool("keytool") else { return };
    let stage = Stage::new();
    let admin = stage.running.ready["admin"].as_str().unwrap();
    let output = ringback().args(["ca", "--format", "jks", "--admin", admin]).output().unwrap();
    let store = stage.folder.path().join("ca.jks");
    fs::write(&store, output.stdout).unwrap();
    let (ok, out) = said(
        Command::new(keytool).args(["-list", "-storepass", "changeit", "-keystore"]).arg(&store),
    );
    assert!(ok && out.contains("ringback") && out.contains("trustedCertEntry"), "{out}");
    let fingerprint = stage.running.ready["ca"]["sha256"].as_str().unwrap();
    assert!(out.contains(fingerprint), "{fingerprint}: {out}");
}
