//! The authority, kept or not, and certificates of the user's.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::Value;

use crate::support::http::{http, status_of};
use crate::support::program::{ringback, run, serve};
use crate::support::secure::ask;

fn fails(args: &[&str]) -> String {
    let (code, out, err) = run(ringback().arg("serve").args(args).args([
        "--listen",
        "127.0.0.1:0",
        "--admin",
        "127.0.0.1:0",
    ]));
    assert_eq!((code, out.as_str()), (2, ""), "{err}");
    err
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn the_ready_line_names_it_and_each_start_has_its_own() {
    let running = serve(&[]);
    let ca = &running.ready["ca"];
    assert_eq!(ca["url"], format!("{}/ca.pem", running.ready["admin"].as_str().unwrap()));
    assert_eq!(ca["sha256"].as_str().unwrap().len(), 95, "{ca}");
    assert_ne!(ca, &serve(&[]).ready["ca"]);
    let admin = running.ready["admin"].as_str().unwrap();
    let (code, out, err) = run(ringback().args(["ca", "--admin", admin]));
    assert_eq!((code, out, err.as_str()), (0, running.ca(), ""));
    let output = ringback().args(["ca", "--format", "jks", "--admin", admin]).output().unwrap();
    assert!(output.status.success());
    assert_eq!(output.stdout[..8], [0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2]);
}

#[test]
fn one_in_a_folder_stays_and_is_made_anew_for_other_names() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("ca");
    let start = |more: &[&str]| {
        let mut running = serve(&[&["--ca-dir", text(&folder)], more].concat());
        let (ca, pem) = (running.ready["ca"]["sha256"].clone(), running.ca());
        let reply = ask(
            &mut running.secure("admin", "localhost"),
            http("GET", "/version", &[], "").as_bytes(),
        );
        assert_eq!(status_of(&reply.0), 200);
        assert_eq!(fs::read_to_string(folder.join("ca.pem")).unwrap(), pem);
        (ca, running.stop_and_listen().1)
    };
    let (first, told) = start(&[]);
    assert_eq!(told, "");
    let secret = folder.join("authority.pem");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&secret), mode(&folder)), (0o600, 0o700));
    assert_eq!(start(&[]), (first.clone(), String::new()));
    let (second, told) = start(&["--ca-unconstrained"]);
    assert_ne!(first, second);
    assert!(told.contains("made anew") && told.contains("ca.pem again"), "{told}");

    fs::set_permissions(&secret, fs::Permissions::from_mode(0o640)).unwrap();
    let told = fails(&["--ca-dir", text(&folder)]);
    assert!(told.contains("others can read the key") && told.contains("640"), "{told}");
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(&secret, "nothing").unwrap();
    let told = fails(&["--ca-dir", text(&folder)]);
    assert!(told.contains("no authority that was kept here"), "{told}");
}

#[test]
fn the_users_own_certificate_is_shown_or_refused_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let write = |name: &str, text: &str| fs::write(path(name), text).unwrap();
    let made = rcgen::generate_simple_self_signed(["own.test".to_owned()]).unwrap();
    write("cert.pem", &pem("CERTIFICATE", made.cert.der()));
    write("key.pem", &pem("PRIVATE KEY", &made.signing_key.serialize_der()));
    let mut params = rcgen::CertificateParams::new(["own.test".to_owned()]).unwrap();
    params.not_after = rcgen::date_time_ymd(2024, 5, 6);
    let expired = params.self_signed(&made.signing_key).unwrap();
    write("expired.pem", &pem("CERTIFICATE", expired.der()));
    let other = rcgen::KeyPair::generate().unwrap();
    write("other.pem", &pem("PRIVATE KEY", &other.serialize_der()));

    let with = |cert: &str, key: &str| {
        let (cert, key) = (path(cert), path(key));
        ["--tls-cert", text(&cert), "--tls-key", text(&key)].map(str::to_owned)
    };
    let args = with("cert.pem", "key.pem");
    let running = serve(&args.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(running.ready["ca"], Value::Null);
    let reply = running.raw("admin", http("GET", "/ca.pem", &[], "").as_bytes());
    assert_eq!(status_of(&reply), 404, "{reply}");
    for (cert, key, expected) in [
        ("cert.pem", "other.pem", "it is not the key of"),
        ("expired.pem", "key.pem", "it expired at 2024-05-06T00:00:00Z"),
        ("missing.pem", "key.pem", "cannot read"),
        ("key.pem", "key.pem", "there is no certificate in it"),
        ("cert.pem", "cert.pem", "there is no key in it that can be read"),
    ] {
        let args = with(cert, key);
        let told = fails(&args.iter().map(String::as_str).collect::<Vec<_>>());
        assert!(told.contains(expected) && told.contains("--tls-"), "{cert} {key}: {told}");
    }
    let told = fails(&["--tls-cert", text(&path("cert.pem"))]);
    assert!(told.contains("--tls-key"), "{told}");
}

fn pem(label: &str, der: &[u8]) -> String {
    use base64::Engine;
    let body = base64::prelude::BASE64_STANDARD.encode(der);
    format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n")
}
