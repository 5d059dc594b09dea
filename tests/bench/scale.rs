//! How the cost of a request grows: with the rows of a world, the length of its journal, the number of
//! worlds, of connections and of processors.
//!
//! `cargo bench --bench scale` prints requests per second and p99 at each size and, for each line, the
//! exponent: the slope of the cost of a request over the size, both as logarithms. 0 is flat, 1 grows as
//! the size does. Sizes go up in tens as far as a minute each allows; `-- all` goes to 10 million rows, and
//! `-- FILE.svg` draws the lines into a file. It needs the load generator `wrk`, on Debian from the package
//! of that name, and `taskset` for the rows by processors.

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark")]

#[path = "support/load.rs"]
mod load;
mod support;

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

use load::Load;
use support::Server;

const SECONDS: u64 = 2;
const CONNECTIONS: u32 = 32;

/// A row by its key: another contact of the generated ones each time.
const READS: &str = r#"
local n = 0
request = function()
  n = (n + 1) % 1000
  return wrk.format(nil, "/rest/v1.0/7/dialler/contacts/" .. (1000000 + n))
end
"#;

/// A write by its key.
const WRITES: &str = r#"
local n = 0
wrk.method = "PATCH"
request = function()
  n = n + 1
  return wrk.format(nil, "/rest/v1.0/7/dialler/contacts/contact/1000000/" .. (n % 2 == 0 and "lock" or "unlock"))
end
"#;

/// The same read in one world after the other.
const WORLDS: &str = r#"
local n = 0
request = function()
  n = (n + 1) % COUNT
  return wrk.format(nil, "/w/w" .. n .. "/rest/v1.0/7/dialler/contacts/301501")
end
"#;

/// Requests of one kind at several sizes.
struct Line {
    name: &'static str,
    points: Vec<(u32, Load)>,
}

fn main() {
    let args: Vec<String> = env::args().skip(1).filter(|arg| arg != "--bench").collect();
    if !load::is_there() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path();
    let most_rows = if args.iter().any(|arg| arg == "all") { 7 } else { 6 };
    println!(
        "{:<28} {:>10} {:>12} {:>10} {:>10} {:>9}",
        "", "size", "requests/s", "p50", "p99", "RSS"
    );
    let mut lines = Vec::new();
    lines.extend(by_rows(place, most_rows));
    lines.extend(by_journal(place));
    lines.extend(by_worlds(place));
    lines.push(by_connections(place));
    println!();
    for line in &lines {
        println!("{:<28} exponent {:>6.3}", line.name, exponent(line));
    }
    by_processors(place);
    let is_picture = |arg: &&String| Path::new(arg).extension().is_some_and(|it| it == "svg");
    if let Some(file) = args.iter().find(is_picture) {
        fs::write(file, drawn(&lines)).unwrap();
    }
}

fn powers(from: u32, to: u32) -> impl Iterator<Item = u32> {
    (from..=to).map(|it| 10_u32.pow(it))
}

/// Tells a point, and keeps it.
fn note(line: &mut Line, size: u32, load: Load, server: &Server) {
    print_row(line.name, &size.to_string(), &load, server);
    line.points.push((size, load));
}

fn print_row(name: &str, size: &str, load: &Load, server: &Server) {
    let Load { per_second, p50, p99, .. } = load;
    let megabytes = server.resident_kb() / 1024;
    println!("{name:<28} {size:>10} {per_second:>12.0} {p50:>10} {p99:>10} {megabytes:>6} MB");
}

fn run(server: &Server, place: &Path, lua: &str, connections: u32, seconds: u64) -> Load {
    let script = place.join("request.lua");
    let token = "wrk.headers[\"Authorization\"]=\"Bearer SIMTOKEN-7A\"\n";
    fs::write(&script, format!("{token}{lua}")).unwrap();
    let url = format!("http://{}/", server.address("listen"));
    load::wrk(&url, &script, 1, connections, seconds)
}

/// A moment first, so that nobody pays for being first.
fn measured(server: &Server, place: &Path, lua: &str, connections: u32) -> Load {
    run(server, place, lua, connections, 1);
    run(server, place, lua, connections, SECONDS)
}

/// The demo with so many contacts more, the first of which is 1000000.
fn scenario(place: &Path, rows: u32) -> PathBuf {
    let file = fs::File::create(place.join("contacts.csv")).unwrap();
    let made = Command::new(env!("CARGO_BIN_EXE_ringback"))
        .args(["generate", "jtel-contacts", "--seed", "7", "--count", &rows.to_string()])
        .stdout(file)
        .status();
    assert!(made.unwrap().success());
    let path = place.join("scale.toml");
    fs::write(&path, "extends = \"demo\"\n[[jtel.contacts]]\ncsv = \"contacts.csv\"\n").unwrap();
    path
}

fn by_rows(place: &Path, most: u32) -> [Line; 2] {
    let mut lines = [new("read by key, over rows"), new("write by key, over rows")];
    for rows in powers(3, most) {
        let server = Server::ringback(Some(&scenario(place, rows)), &[]);
        for (line, lua) in lines.iter_mut().zip([READS, WRITES]) {
            let load = measured(&server, place, lua, CONNECTIONS);
            note(line, rows, load, &server);
        }
    }
    lines
}

/// A journal keeps ten thousand entries; from then on each entry takes the place of the oldest.
fn by_journal(place: &Path) -> [Line; 1] {
    let mut line = new("write, over the journal");
    for entries in powers(1, 4) {
        let server = Server::ringback(Some(&scenario(place, 1000)), &[]);
        let world = "/v1/worlds/default/reset";
        let mut at_work = 0.0;
        while at_work < f64::from(entries) {
            at_work += run(&server, place, WRITES, 1, 1).n_requests;
        }
        // A short journal is what a world has that was reset a moment ago.
        if entries < 10_000 {
            assert_eq!(tell(&server, "POST", world, ""), 200);
        }
        let load = run(&server, place, WRITES, CONNECTIONS, SECONDS);
        note(&mut line, entries, load, &server);
    }
    [line]
}

fn by_worlds(place: &Path) -> [Line; 1] {
    let mut line = new("read, over worlds");
    for worlds in powers(0, 4) {
        let server = Server::ringback(None, &[]);
        for n in 0..worlds {
            let body = format!(r#"{{"name":"w{n}","scenario":"demo"}}"#);
            assert_eq!(tell(&server, "POST", "/v1/worlds", &body), 201, "w{n}");
        }
        let lua = WORLDS.replace("COUNT", &worlds.to_string());
        let load = measured(&server, place, &lua, CONNECTIONS);
        note(&mut line, worlds, load, &server);
    }
    [line]
}

fn by_connections(place: &Path) -> Line {
    let mut line = new("read, over connections");
    let path = scenario(place, 1000);
    for connections in powers(0, 4) {
        let server = Server::ringback(Some(&path), &[]);
        let load = measured(&server, place, READS, connections);
        note(&mut line, connections, load, &server);
    }
    line
}

/// The server on one processor, and on two.
fn by_processors(place: &Path) {
    let path = scenario(place, 1000);
    if Command::new("taskset").arg("-V").stdout(Stdio::null()).status().is_err() {
        println!("rows by processors are left out: there is no taskset");
        return;
    }
    for processors in ["0", "0,1"] {
        let mut command = Command::new("taskset");
        command.args(["-c", processors, env!("CARGO_BIN_EXE_ringback"), "serve"]);
        command.args(["--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"]).arg(&path);
        let server = Server::start(&mut command);
        for (name, lua) in [("read", READS), ("write", WRITES)] {
            let load = measured(&server, place, lua, CONNECTIONS);
            print_row(&format!("{name}, processors {processors}"), "", &load, &server);
        }
    }
}

fn new(name: &'static str) -> Line {
    Line { name, points: Vec::new() }
}

/// The status of what the control plane answers.
fn tell(server: &Server, method: &str, path: &str, body: &str) -> u16 {
    let mut stream = TcpStream::connect(server.address("admin")).unwrap();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n\
         Connection: close\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(format!("{head}{body}").as_bytes()).unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    reply.split(' ').nth(1).and_then(|it| it.parse().ok()).unwrap_or(0)
}

/// How the cost of a request grows: by least squares over the logarithms.
fn exponent(line: &Line) -> f64 {
    let logs: Vec<(f64, f64)> = logs(line).map(|(x, y)| (x, -y)).collect();
    let n: f64 = logs.iter().map(|_| 1.0).sum();
    let sum_x: f64 = logs.iter().map(|it| it.0).sum();
    let sum_y: f64 = logs.iter().map(|it| it.1).sum();
    let (mean_x, mean_y) = (sum_x / n, sum_y / n);
    let slope: f64 = logs.iter().map(|(x, y)| (x - mean_x) * (y - mean_y)).sum();
    slope / logs.iter().map(|(x, _)| (x - mean_x).powi(2)).sum::<f64>()
}

/// Sizes and requests a second, as decimal logarithms.
fn logs(line: &Line) -> impl Iterator<Item = (f64, f64)> {
    line.points.iter().map(|(size, load)| (f64::from(*size).log10(), load.per_second.log10()))
}

/// The picture's frame: margins, and how much of it a power of ten takes.
const LEFT: f64 = 60.0;
const TOP: f64 = 20.0;
const TEN: f64 = 90.0;
/// It shows requests a second from a hundred to a million, and sizes from 1 to ten millions.
const LOWEST: u32 = 2;
const HIGHEST: u32 = 6;
const WIDEST: u32 = 7;

/// Requests a second over sizes, both in powers of ten, each line with its name at its end.
fn drawn(lines: &[Line]) -> String {
    let x = |log: f64| LEFT + log * TEN;
    let y = |log: f64| TOP + (f64::from(HIGHEST) - log) * TEN;
    let (right, bottom) = (x(f64::from(WIDEST)), y(f64::from(LOWEST)));
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" font-family=\"sans-serif\" \
         font-size=\"11\">\n<title>Requests a second over sizes, both in powers of ten</title>\n",
        right + 190.0,
        bottom + 40.0
    );
    for power in 0..=WIDEST {
        let at = x(f64::from(power));
        writeln!(svg, "<path d=\"M{at} {TOP}V{bottom}\" stroke=\"#ccc\"/><text x=\"{at}\" y=\"{}\" text-anchor=\"middle\">10^{power}</text>", bottom + 16.0).unwrap();
    }
    for power in LOWEST..=HIGHEST {
        let at = y(f64::from(power));
        writeln!(svg, "<path d=\"M{LEFT} {at}H{right}\" stroke=\"#ccc\"/><text x=\"{}\" y=\"{}\" text-anchor=\"end\">10^{power}/s</text>", LEFT - 6.0, at + 4.0).unwrap();
    }
    for (nth, line) in lines.iter().enumerate() {
        let colour = ["#0b57d0", "#b3261e", "#146c2e", "#7d5260", "#5f4b8b"][nth % 5];
        let points: Vec<String> =
            logs(line).map(|(a, b)| format!("{:.1},{:.1}", x(a), y(b))).collect();
        let Some((last_x, last_y)) = logs(line).last() else { continue };
        writeln!(
            svg,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\" fill=\"{colour}\">{}</text>",
            points.join(" "),
            x(last_x) + 6.0,
            y(last_y) + 4.0,
            line.name
        )
        .unwrap();
    }
    svg.push_str("</svg>\n");
    svg
}
