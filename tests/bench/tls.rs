//! What HTTPS and `ringback run` cost, each beside its reference in the same run.
//!
//! `cargo bench --bench tls` drives servers in turn with `wrk` (a load generator that speaks TLS; on Debian
//! `apt-get install wrk`) and prints rates, the servers' CPU time per request, and ratios. References are
//! Ringback's own plain HTTP, a bare hyper server, and the same one behind rustls, each in a process of its
//! own, which send the same bytes. `-- 10` gives each measurement ten seconds instead of three, and
//! `-- 3 kept`, `new`, `start` or `run` measures that part alone.
//!
//! Asserts nothing, since times depend on the machine; the goals stand beside the figures.

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark")]

#[path = "support/cpu.rs"]
mod cpu;
mod support;

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use std::{env, fs};

use bytes::Bytes;
use cpu::cpu_seconds;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use serde_json::json;
use support::Server;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsAcceptor;

/// How long each measurement takes unless an argument says otherwise.
const SECONDS: u64 = 3;

/// Turns that servers take; the median of them counts.
const ROUNDS: usize = 5;

/// Connections of the load generator.
const CONNECTIONS: u32 = 32;

/// Starts of which the median is taken.
const STARTS: usize = 21;

const HOST: &str = "api.infocu5.com";

const BODY: &str = r#"{"affiliateID":"A7k2Qm9ZrT4x","affiliateKey":"0f1e2d3c4b5a69788796a5b4c3d2e1f0","dialerFunction":"getAgents","showAll":"n"}"#;

fn main() {
    let args: Vec<String> = env::args().skip(1).filter(|arg| arg != "--bench").collect();
    if let [mode, file] = args.as_slice()
        && let Some(security) = Security::of_mode(mode)
    {
        bare(security, Path::new(file));
        return;
    }
    let seconds = args.first().and_then(|arg| arg.parse().ok()).unwrap_or(SECONDS);
    let wanted = args.get(1).map(String::as_str).unwrap_or_default();
    let is_wanted = |part: &str| part.contains(wanted);
    if Command::new("wrk").arg("-v").output().is_err() {
        println!("this benchmark needs the load generator wrk; on Debian: apt-get install wrk");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let stage = Stage::new(folder.path(), seconds);
    if is_wanted("kept") {
        kept(&stage);
    }
    if is_wanted("new") {
        new(&stage);
    }
    if is_wanted("start") {
        start();
    }
    if is_wanted("run") {
        run(folder.path());
    }
}

/// Requests on connections that stay.
fn kept(stage: &Stage) {
    println!("\nkept connections, {CONNECTIONS} of them: {ROUNDS} turns each, medians");
    let ringback = Server::ringback(None, &[]);
    let bare = [Security::Plain, Security::Tls].map(|security| stage.bare(security));
    let all = stage.turns(
        &stage.script("kept", false),
        &[
            Subject::new("bare hyper", &bare[0], Security::Plain),
            Subject::new("bare hyper, rustls", &bare[1], Security::Tls),
            Subject::new("Ringback", &ringback, Security::Plain),
            Subject::new("Ringback, TLS", &ringback, Security::Tls),
        ],
    );
    let [bare_plain, bare_tls, plain, tls] = all.as_slice() else { return };
    told("rate of TLS beside plain", tls.per_second / plain.per_second, "goal: 0.85 or more");
    told("of them, bare", bare_tls.per_second / bare_plain.per_second, "");
    told("more CPU a request, µs", tls.micros - plain.micros, "goal: 3 or less");
    told("of them, bare, µs", bare_tls.micros - bare_plain.micros, "");
    #[expect(clippy::cast_precision_loss, reason = "megabytes")]
    let resident = ringback.resident_kb() as f64 / 1024.0;
    told("resident after all of it, MB", resident, "");
}

/// Requests on a connection of their own each.
fn new(stage: &Stage) {
    println!("\na new connection for each request: {ROUNDS} turns each, medians");
    let ringback = Server::ringback(None, &[]);
    let bare = [Security::Plain, Security::Tls].map(|security| stage.bare(security));
    let all = stage.turns(
        &stage.script("new", true),
        &[
            Subject::new("bare hyper", &bare[0], Security::Plain),
            Subject::new("Ringback", &ringback, Security::Plain),
            Subject::new("bare hyper, rustls", &bare[1], Security::Tls),
            Subject::new("Ringback, TLS", &ringback, Security::Tls),
        ],
    );
    let [bare_plain, plain, bare_tls, tls] = all.as_slice() else { return };
    told(
        "handshakes beside bare rustls",
        tls.per_second / bare_tls.per_second,
        "goal: 0.8 or more",
    );
    told("CPU of one beside bare rustls", tls.micros / bare_tls.micros, "");
    told(
        "plain beside bare hyper, which looks at no first byte",
        plain.per_second / bare_plain.per_second,
        "",
    );
    told("more CPU of a plain one, look and answer, µs", plain.micros - bare_plain.micros, "");
}

/// From the start of the process to the ready line, authority and all.
fn start() {
    let took = median(STARTS, || drop(Server::ringback(None, &[])));
    println!("\nstart to ready line, demo, median of {STARTS}");
    told("ms", took, "goal: under 20");
}

/// What a run adds to its client.
fn run(folder: &Path) {
    println!("\n`ringback run -- true` beside `true`, median of {STARTS}");
    let bare = median(STARTS, || ended(&mut Command::new("true")));
    told("true, ms", bare, "");
    for (name, flags) in [("run, ms more", &[][..]), ("run --sealed, ms more", &["--sealed"])] {
        let command = || {
            let mut command = Command::new(env!("CARGO_BIN_EXE_ringback"));
            command.arg("run").args(["--inconclusive", "pass"]).args(flags).args(["--", "true"]);
            command.env("TMPDIR", folder);
            command
        };
        if !command().stderr(Stdio::null()).status().unwrap().success() {
            println!("  {name}: not possible on this system");
            continue;
        }
        let took = median(STARTS, || ended(&mut command()));
        told(name, took - bare, "goal: 40 or less");
    }
}

fn ended(command: &mut Command) {
    assert!(command.stdin(Stdio::null()).stderr(Stdio::null()).status().unwrap().success());
}

/// Milliseconds that something takes.
fn median(times: usize, mut once: impl FnMut()) -> f64 {
    let mut took: Vec<Duration> = (0..times)
        .map(|_| {
            let before = now();
            once();
            before.elapsed()
        })
        .collect();
    took.sort();
    took[times / 2].as_secs_f64() * 1000.0
}

fn told(what: &str, figure: f64, goal: &str) {
    println!("  {what:<56} {figure:>8.2}  {goal}");
}

/// How a server is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Security {
    Plain,
    Tls,
}

impl Security {
    /// The argument by which this program is started as a reference.
    fn mode(self) -> &'static str {
        match self {
            Security::Plain => "bare",
            Security::Tls => "bare-tls",
        }
    }

    fn of_mode(mode: &str) -> Option<Self> {
        [Security::Plain, Security::Tls].into_iter().find(|it| it.mode() == mode)
    }

    fn scheme(self) -> &'static str {
        match self {
            Security::Plain => "http",
            Security::Tls => "https",
        }
    }
}

/// A server that is measured.
struct Subject<'s> {
    name: &'static str,
    server: &'s Server,
    security: Security,
}

impl<'s> Subject<'s> {
    fn new(name: &'static str, server: &'s Server, security: Security) -> Self {
        Subject { name, server, security }
    }
}

/// What was found of one.
#[derive(Clone, Copy, Debug)]
struct Load {
    per_second: f64,
    /// CPU time of the server for a request.
    micros: f64,
}

/// What all measurements need.
struct Stage {
    folder: PathBuf,
    /// A reply of Ringback's, as the references send it.
    reply: PathBuf,
    seconds: u64,
}

impl Stage {
    fn new(folder: &Path, seconds: u64) -> Self {
        let reply = folder.join("reply");
        fs::write(&reply, fetch(Server::ringback(None, &[]).address("listen"))).unwrap();
        Stage { folder: folder.to_owned(), reply, seconds }
    }

    fn bare(&self, security: Security) -> Server {
        let mut command = Command::new(env::current_exe().unwrap());
        Server::start(command.arg(security.mode()).arg(&self.reply))
    }

    /// What the load generator sends.
    fn script(&self, name: &str, closes: bool) -> PathBuf {
        let path = self.folder.join(format!("{name}.lua"));
        let mut lua =
            format!("wrk.method=\"POST\"\nwrk.body={BODY:?}\nwrk.headers[\"Host\"]={HOST:?}\n");
        if closes {
            writeln!(lua, "wrk.headers[\"Connection\"]=\"close\"").unwrap();
        }
        fs::write(&path, lua).unwrap();
        path
    }

    /// Measures servers in turn, so that all of them meet the same noise.
    fn turns(&self, script: &Path, subjects: &[Subject<'_>]) -> Vec<Load> {
        for subject in subjects {
            // A moment of each first, so that none pays for being first.
            wrk(subject, script, 1);
        }
        let mut found = vec![Vec::new(); subjects.len()];
        for _ in 0..ROUNDS {
            for (loads, subject) in found.iter_mut().zip(subjects) {
                loads.push(wrk(subject, script, self.seconds));
            }
        }
        let medians = found.iter().map(|loads| {
            let middle = |of: fn(&Load) -> f64| {
                let mut all: Vec<f64> = loads.iter().map(of).collect();
                all.sort_by(f64::total_cmp);
                all[all.len() / 2]
            };
            Load { per_second: middle(|it| it.per_second), micros: middle(|it| it.micros) }
        });
        let medians: Vec<Load> = medians.collect();
        println!("  {:<28} {:>12} {:>16}", "", "requests/s", "CPU each, µs");
        for (subject, load) in subjects.iter().zip(&medians) {
            println!("  {:<28} {:>12.0} {:>16.1}", subject.name, load.per_second, load.micros);
        }
        medians
    }
}

fn wrk(subject: &Subject<'_>, script: &Path, seconds: u64) -> Load {
    let before = cpu_seconds(subject.server);
    let address = subject.server.address("listen");
    let url = format!("{}://{address}/dialer/", subject.security.scheme());
    let output = Command::new("wrk")
        .args(["-t1", &format!("-c{CONNECTIONS}"), &format!("-d{seconds}s"), "-s"])
        .arg(script)
        .arg(url)
        .output()
        .unwrap();
    let took = cpu_seconds(subject.server) - before;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(!text.contains("Non-2xx"), "{}: {text}", subject.name);
    let line = text.lines().find(|line| line.contains(" requests in ")).unwrap_or_default();
    let n_requests = line.split_whitespace().next().and_then(|word| word.parse::<f64>().ok());
    let n_requests = n_requests.filter(|number| *number > 0.0);
    let n_requests = n_requests.unwrap_or_else(|| panic!("{}: no reply: {text}", subject.name));
    let rate = text.lines().find_map(|line| line.trim().strip_prefix("Requests/sec:"));
    let per_second = rate.and_then(|rate| rate.trim().parse().ok()).unwrap_or(0.0);
    Load { per_second, micros: took * 1e6 / n_requests }
}

/// One reply as it comes over the socket.
fn fetch(address: &str) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).unwrap();
    let head = format!(
        "POST /dialer/ HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        BODY.len()
    );
    stream.write_all(format!("{head}{BODY}").as_bytes()).unwrap();
    let mut reply = Vec::new();
    stream.read_to_end(&mut reply).unwrap();
    reply
}

/// The reference: hyper, behind rustls or not, and nothing behind it. Sends the body and the headers of a
/// reply in a file.
fn bare(security: Security, reply: &Path) {
    let reply = fs::read(reply).unwrap();
    let end = reply.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    let head = String::from_utf8_lossy(&reply[..end]).into_owned();
    let body = Bytes::copy_from_slice(&reply[end + 4..]);
    let headers: Vec<(http::HeaderName, http::HeaderValue)> = head
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(": "))
        .filter(|(name, _)| !matches!(*name, "Content-Length" | "Connection"))
        .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
        .collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let acceptor = (security == Security::Tls).then(acceptor);
    runtime.block_on(async move {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("{}", json!({ "listen": listener.local_addr().unwrap() }));
        std::io::stdout().flush().unwrap();
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            stream.set_nodelay(true).unwrap();
            let (headers, body, acceptor) = (headers.clone(), body.clone(), acceptor.clone());
            tokio::spawn(async move {
                match acceptor {
                    None => answer(stream, headers, body).await,
                    Some(acceptor) => {
                        if let Ok(stream) = acceptor.accept(stream).await {
                            answer(stream, headers, body).await;
                        }
                    }
                }
            });
        }
    });
}

async fn answer(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    headers: Vec<(http::HeaderName, http::HeaderValue)>,
    body: Bytes,
) {
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let (headers, body) = (headers.clone(), body.clone());
        async move {
            request.into_body().collect().await?;
            let mut response = hyper::Response::new(Full::new(body));
            response.headers_mut().extend(headers);
            Ok::<_, hyper::Error>(response)
        }
    });
    let mut builder = http1::Builder::new();
    builder.title_case_headers(true).auto_date_header(false);
    // The load generator closes when it has enough.
    let _ = builder.serve_connection(TokioIo::new(stream), service).await;
}

/// One certificate for all, on the curve that Ringback's own are on.
fn acceptor() -> TlsAcceptor {
    let made = rcgen::generate_simple_self_signed([HOST.to_owned()]).unwrap();
    let chain = vec![CertificateDer::from(made.cert.der().to_vec())];
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider);
    let builder = builder.with_safe_default_protocol_versions().unwrap();
    let mut config = builder.with_no_client_auth().with_single_cert(chain, key).unwrap();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    TlsAcceptor::from(Arc::new(config))
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures")]
fn now() -> Instant {
    Instant::now()
}
