//! The page: its files on the admin listener, what opens it, and its own tests in a browser.
//!
//! Those stand in `tests/page`, in JavaScript, and are run where Node, Chromium and their packages
//! are. Not here: what each file is served with (`admin::page`).

#![expect(clippy::print_stderr, reason = "a test that skips says so")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::support::http::{body_of, http, status_of};
use crate::support::program::{ringback, run, serve, serve_with};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/page")
}

#[test]
fn the_page_is_served_beside_the_control_plane() {
    let running = serve(&[]);
    let page = running.ready["page"].as_str().unwrap();
    assert_eq!(page, format!("http://{}/", running.address("admin")));
    let get = |path: &str, more: &[(&str, &str)]| {
        running.raw("admin", http("GET", path, more, "").as_bytes())
    };
    let first = get("/?world=default&part=time", &[]);
    assert_eq!(status_of(&first), 200, "{first}");
    let head = first.to_ascii_lowercase();
    for header in [
        "content-security-policy: default-src 'none'",
        "x-content-type-options: nosniff",
        "referrer-policy: no-referrer",
        "cache-control: no-cache",
        "content-type: text/html; charset=utf-8",
    ] {
        assert!(head.contains(header), "{header} in {first}");
    }
    assert_eq!(head.matches("cache-control").count(), 1);
    let tag = head.lines().find_map(|line| line.strip_prefix("etag: ")).unwrap().to_owned();
    assert_eq!(status_of(&get("/", &[("If-None-Match", &tag)])), 304);
    let reply = running.raw("admin", http("HEAD", "/page/page.js", &[], "").as_bytes());
    assert_eq!((status_of(&reply), body_of(&reply).as_str()), (200, ""));
    // Packed for those who take it, with a length and a tag of its own. Of the scripts little is left that packing
    // could take: those are tight before.
    let plain = get("/", &[]);
    let packed = get("/", &[("Accept-Encoding", "gzip, br")]);
    let of = |reply: &str, name: &str| {
        let head = reply.to_ascii_lowercase();
        let found = head.lines().find_map(|line| line.strip_prefix(name).map(str::to_owned));
        found.unwrap_or_default()
    };
    assert_eq!(of(&plain, "vary: "), "accept-encoding");
    assert_eq!(
        (of(&plain, "content-encoding: "), of(&packed, "content-encoding: ")),
        (String::new(), "gzip".to_owned())
    );
    assert_ne!(of(&plain, "etag: "), of(&packed, "etag: "));
    let [long, short] =
        [&plain, &packed].map(|it| of(it, "content-length: ").parse::<usize>().unwrap());
    assert_eq!(long, body_of(&plain).len());
    assert!(short * 3 < long, "{short} of {long}");
    // All that the door refuses it refuses here too.
    assert_eq!(status_of(&get("/", &[("Sec-Fetch-Site", "cross-site")])), 403);
    assert_eq!(status_of(&get("/", &[("Host", "evil.example")])), 403);
    assert_eq!(status_of(&get("/page/none.js", &[])), 404);
}

#[test]
fn the_page_needs_no_token_and_tells_nothing_without() {
    let running = serve_with(&[], &[("RINGBACK_ADMIN_TOKEN", "open-sesame")]);
    let get = |path: &str| status_of(&running.raw("admin", http("GET", path, &[], "").as_bytes()));
    assert_eq!((get("/"), get("/page/page.js")), (200, 200));
    for path in ["/v1/worlds", "/version", "/page/none.js", "/openapi.json"] {
        assert_eq!(get(path), 401, "{path}");
    }
}

#[test]
fn open_prints_the_address_where_there_is_no_browser() {
    let args = ["open", "--admin", "http://127.0.0.1:9", "--world", "a"];
    let (code, told, said) = run(ringback().args(args).env("PATH", ""));
    assert_eq!((code, told.trim()), (0, "http://127.0.0.1:9/?world=a"));
    assert!(said.contains("no browser"), "{said}");
}

/// Says why something is not run; in the project's own pipeline that is a failure.
fn skip(why: &str) {
    assert!(std::env::var_os("RINGBACK_CI").is_none(), "{why}");
    eprintln!("skipped: {why}");
}

fn is_there(program: &str) -> bool {
    let quiet =
        Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    quiet.is_ok_and(|status| status.success())
}

fn passes(command: &mut Command) {
    let output = command.current_dir(folder()).output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}{said}");
}

/// Whether Node and the packages of the lock file are there.
fn has_packages() -> bool {
    if !is_there("node") {
        skip("there is no node on this machine");
        return false;
    }
    if !folder().join("node_modules/typescript").exists() {
        skip("the packages are not there; run npm ci in tests/page");
        return false;
    }
    true
}

#[test]
fn the_types_of_the_page_are_sound() {
    if has_packages() {
        passes(Command::new("node").args([
            "node_modules/typescript/bin/tsc",
            "-p",
            "tsconfig.json",
        ]));
    }
}

#[test]
fn the_page_works_in_a_browser() {
    if !has_packages() {
        return;
    }
    let chromium =
        ["chromium", "chromium-browser", "google-chrome"].into_iter().find(|it| is_there(it));
    let Some(chromium) = chromium else { return skip("there is no Chromium on this machine") };
    let path = std::env::var_os("PATH").unwrap_or_default();
    let chromium = std::env::split_paths(&path).map(|it| it.join(chromium)).find(|it| it.exists());
    let tests = [
        "bodies",
        "choices",
        "clocks",
        "connection",
        "failures",
        "list",
        "live",
        "looks",
        "manual",
        "meanwhile",
        "others",
        "overtaken",
        "parts",
        "places",
        "questions",
        "sent",
        "speed",
        "trouble",
        "typed",
    ];
    let tests = tests.map(|it| format!("browser/{it}.test.js"));
    passes(
        Command::new("node")
            .args(["--test", "--test-concurrency=1", "--test-timeout=900000"])
            .args(tests)
            .env("RINGBACK_BINARY", env!("CARGO_BIN_EXE_ringback"))
            .env("CHROMIUM", chromium.unwrap()),
    );
}
