//! Clients that bypass every lever: a resolver of their own, trust of their own, no proxy.

#![expect(clippy::print_stderr, reason = "a test that skips says so")]

use std::net::{IpAddr, TcpListener, UdpSocket};
use std::thread;

use super::sealed::can_seal;
use super::{ended, run};
use crate::support::tool::tool;

/// A client that reads nothing from its environment: `-I` keeps the interpreter from it, it asks a server
/// of names that stands in its text, falls back to an address that stands there too, and trusts nobody but
/// the authorities that it brings along.
const CLIENT: &str = r#"
import socket, ssl, sys
address, authorities = sys.argv[1:]
question = b"\x13\x37\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x03api\x07infocu5\x03com\x00\x00\x01\x00\x01"
names = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
names.settimeout(0.2)
try:
    names.connect((address, 53))
    names.send(question)
    print("told", names.recv(512))
except OSError as error:
    print("no resolver", type(error).__name__)
context = ssl.create_default_context(cafile=authorities)
try:
    with socket.create_connection((address, 443), timeout=2) as raw:
        with context.wrap_socket(raw, server_hostname="api.infocu5.com") as tls:
            tls.sendall(b"GET / HTTP/1.0\r\n\r\n")
            print("answered", tls.recv(100))
except OSError as error:
    print("no vendor", type(error).__name__)
"#;

/// An authority of somebody else's.
fn authority() -> tempfile::NamedTempFile {
    use base64::Engine;
    let made = rcgen::generate_simple_self_signed(["somebody.test".to_owned()]).unwrap();
    let body = base64::prelude::BASE64_STANDARD.encode(made.cert.der());
    let file = tempfile::NamedTempFile::new().unwrap();
    let pem = format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n");
    std::fs::write(file.path(), pem).unwrap();
    file
}

/// The web's port of an address of this machine that is not its loopback; `None` where there is none to be
/// had.
fn elsewhere() -> Option<TcpListener> {
    let way = UdpSocket::bind("0.0.0.0:0").ok()?;
    // Nothing is sent: it tells the address from which it would be.
    way.connect("192.0.2.1:9").ok()?;
    let ip = way.local_addr().ok()?.ip();
    TcpListener::bind((ip, 443)).ok().filter(|_| !ip.is_loopback())
}

#[test]
fn one_that_goes_elsewhere_is_seen_and_makes_it_inconclusive() {
    if tool("python3").is_none() {
        return;
    }
    let Some(listener) = elsewhere() else {
        eprintln!("skipped: there is no port 443 to be had on this machine's own address");
        return;
    };
    let ip: IpAddr = listener.local_addr().unwrap().ip();
    // The vendor that it means takes the connection and says nothing, until the client gives up.
    let vendor = thread::spawn(move || listener.accept().map(|(stream, _)| stream).unwrap());
    let trusted = authority();
    let (address, trusted) = (ip.to_string(), trusted.path().to_str().unwrap().to_owned());
    let command = ["python3", "-I", "-c", CLIENT, &address, &trusted];
    let (code, out, err) = ended(&run(&[], &command).output().unwrap());
    drop(vendor.join().unwrap());
    assert!(out.contains("no resolver") && out.contains("no vendor"), "{out}{err}");
    assert_eq!(code, 4, "{err}");
    assert!(err.contains("client 0, verdict inconclusive, exit code 4"), "{err}");
    let seen = format!("was connected to {ip}:443, not to Ringback");
    assert!(err.contains("python3 (pid ") && err.contains(&seen), "{err}");
    assert!(!err.contains("no connection at all"), "{err}");
}

#[test]
fn one_that_is_sealed_off_reaches_nobody_and_the_cause_is_told() {
    if tool("python3").is_none() || !can_seal() {
        return;
    }
    let trusted = authority();
    let trusted = trusted.path().to_str().unwrap();
    let command = ["python3", "-I", "-c", CLIENT, "192.0.2.7", trusted];
    let (code, out, err) = ended(&run(&["--sealed"], &command).output().unwrap());
    // Whoever it asks for names is us, and so is who it connects to: an authority that it does not trust.
    assert!(out.starts_with("told ") && out.contains(r"\x7f\x00\x00\x02'"), "{out}{err}");
    assert!(out.contains("no vendor SSLCertVerificationError"), "{out}{err}");
    assert_eq!(code, 4, "{err}");
    assert!(err.contains("connected to 192.0.2.7:443, an address in its own code"), "{err}");
    assert!(err.contains("1 handshake came to nothing (untrusted)"), "{err}");
    assert!(err.contains("trust store of its own"), "{err}");
}

#[test]
fn one_that_says_nothing_at_all_is_told_what_leads_clients() {
    let (code, _, err) = ended(&run(&["--no-lever", "node"], &["true"]).output().unwrap());
    assert_eq!(code, 4, "{err}");
    assert!(err.contains("no connection at all"), "{err}");
    assert!(err.contains("--no-lever node is set"), "{err}");
}
