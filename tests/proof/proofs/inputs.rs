//! What is sent: the golden requests of the fixtures, and mistakes made in them.

use std::fs;
use std::path::{Path, PathBuf};

use ringback::inside::base::hex::hex;
use sha1::{Digest, Sha1};

use super::client::{json, request};
use super::dice::Dice;
use super::task::{Fault, failed};

/// The key of MOR's users in the demo.
const MOR_KEY: &str = "sim-secret-1";

/// One input of a world.
#[derive(Clone, Debug)]
pub(crate) enum Input {
    Vendor {
        method: String,
        path: String,
        headers: Vec<(String, String)>,
        body: Vec<u8>,
    },
    /// To the control plane; the path behind the world's.
    Control {
        method: &'static str,
        path: String,
        body: String,
    },
}

/// Golden requests, and what happens beside them.
#[derive(Debug)]
pub(crate) struct Corpus {
    requests: Vec<Input>,
    events: Vec<(String, String)>,
}

impl Input {
    /// The bytes that ask a world of that name.
    pub(crate) fn bytes(&self, world: &str) -> Vec<u8> {
        match self {
            Input::Vendor { method, path, headers, body } => {
                let headers: Vec<_> =
                    headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
                request(method, &format!("/w/{world}{path}"), &headers, body)
            }
            Input::Control { method, path, body } => {
                json(method, &format!("/v1/worlds/{world}{path}"), body)
            }
        }
    }

    pub(crate) fn is_for_vendor(&self) -> bool {
        matches!(self, Input::Vendor { .. })
    }
}

impl Corpus {
    /// Reads the fixtures of the source tree.
    pub(crate) fn read() -> Result<Corpus, Fault> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
        let mut corpus = Corpus { requests: Vec::new(), events: Vec::new() };
        for vendor in ["infocu5", "jtel", "maestro", "maxcontact", "mor"] {
            for file in files(&root.join(vendor))? {
                let text = fs::read(&file).map_err(|error| failed("fixtures", error))?;
                corpus.take(vendor, &text);
            }
        }
        if corpus.requests.len() < 100 {
            return Err(format!("only {} golden requests were found", corpus.requests.len()));
        }
        Ok(corpus)
    }

    fn take(&mut self, vendor: &str, text: &[u8]) {
        let comments = text.split(|it| *it == b'\n').take_while(|line| line.starts_with(b"#"));
        let mut begin = 0;
        for line in comments {
            begin += line.len() + 1;
            let line = String::from_utf8_lossy(line);
            if let Some((name, body)) =
                line.strip_prefix("# event: ").and_then(|it| it.split_once(' '))
            {
                self.events.push((format!("/events/{vendor}/{name}"), body.to_owned()));
            }
        }
        let Some(input) = parsed(&text[begin.min(text.len())..]) else { return };
        self.requests.push(input);
    }

    /// One of the golden requests.
    pub(crate) fn request(&self, dice: &mut Dice) -> Input {
        dice.of(&self.requests).clone()
    }

    /// The next input: most are requests, near to what a client sends.
    pub(crate) fn draw(&self, dice: &mut Dice, checkpoints: &mut Vec<String>) -> Input {
        let control =
            |method, path: &str, body: String| Input::Control { method, path: path.into(), body };
        match dice.below(100) {
            0..10 => {
                let by = [1, 7, 60, 600, 3600, 7200][dice.below(6)];
                control("POST", "/clock/advance", format!(r#"{{"by":"{by}s"}}"#))
            }
            10..20 => {
                let (path, body) = dice.of(&self.events).clone();
                control("POST", &path, body)
            }
            20..22 => {
                let kinds = ["lose_reply", "fail", "reset", "close", "truncate"];
                let vendors = ["infocu5", "jtel", "maestro", "maxcontact", "mor"];
                let (vendor, mut kind) = (dice.of(&vendors), dice.of(&kinds));
                let mut on = format!("\"nth\":{}", 1 + dice.below(3));
                if dice.percent(30) {
                    // One that goes on striking, and whose client has its answer at once.
                    (on, kind) = (format!("\"every\":{}", 4 + dice.below(4)), &"fail");
                }
                let body = format!(r#"{{"on":{{"vendor":"{vendor}",{on}}},"then":"{kind}"}}"#);
                control("POST", "/faults", body)
            }
            22 => {
                let name = format!("c{}", checkpoints.len());
                checkpoints.push(name.clone());
                control("POST", "/checkpoint", format!(r#"{{"name":"{name}"}}"#))
            }
            23 if !checkpoints.is_empty() => {
                // Those that were set later go with it.
                let at = dice.below(checkpoints.len());
                let name = checkpoints[at].clone();
                control("POST", "/rollback", format!(r#"{{"name":"{name}"}}"#))
            }
            _ => {
                let mut input = dice.of(&self.requests).clone();
                if dice.percent(45) {
                    spoil(&mut input, dice);
                }
                input
            }
        }
    }
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, Fault> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| failed("fixtures", error))? {
        let path = entry.map_err(|error| failed("fixtures", error))?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else if path.extension().is_some_and(|it| it == "http") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// A request as it stands in a fixture, without what tells its length.
fn parsed(text: &[u8]) -> Option<Input> {
    let end = text
        .windows(2)
        .position(|it| it == b"\n\n")
        .or_else(|| text.windows(4).position(|it| it == b"\r\n\r\n"))?;
    let head = String::from_utf8_lossy(&text[..end]).into_owned();
    let body = text[end..].to_vec();
    let body =
        body.strip_prefix(b"\r\n\r\n").or_else(|| body.strip_prefix(b"\n\n")).unwrap_or(&body);
    let mut lines = head.lines();
    let mut first = lines.next()?.split(' ');
    let (method, path) = (first.next()?.to_owned(), first.next()?.to_owned());
    let headers = lines
        .filter_map(|line| line.split_once(": "))
        .filter(|(name, _)| {
            !["content-length", "host", "transfer-encoding", "connection", "expect"]
                .contains(&name.to_ascii_lowercase().as_str())
        })
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let body = body.strip_suffix(b"\n").unwrap_or(body).to_vec();
    path.starts_with('/').then_some(Input::Vendor { method, path, headers, body })
}

/// Makes a mistake in a request, as clients make them.
fn spoil(input: &mut Input, dice: &mut Dice) {
    let Input::Vendor { method, path, headers, body } = input else { return };
    match dice.below(7) {
        0 if !headers.is_empty() => {
            headers.remove(dice.below(headers.len()));
        }
        1 => (*dice.of(&["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD"])).clone_into(method),
        2 if !body.is_empty() => body.truncate(dice.below(body.len())),
        3 if !body.is_empty() => {
            let at = dice.below(body.len());
            body[at] = *dice.of(b"0x,}\"' \x00\xff&=<");
        }
        4 => *path = path.replacen('&', "&&", 1),
        _ => digit(path, dice),
    }
    if path.contains("hash=") && dice.percent(75) {
        sign(path);
    }
}

/// Changes one digit behind the first slash, where there is one.
fn digit(path: &mut String, dice: &mut Dice) {
    let places: Vec<usize> =
        path.bytes().enumerate().filter(|(_, it)| it.is_ascii_digit()).map(|(at, _)| at).collect();
    if let Some(at) = places.get(dice.below(places.len())) {
        let digit = char::from(b'0' + u8::try_from(dice.below(10)).unwrap_or(0));
        path.replace_range(*at..=*at, &digit.to_string());
    }
}

/// Puts MOR's hash right again, or nothing behind it is ever reached.
fn sign(path: &mut String) {
    let value = |name: &str| {
        let query = path.split_once('?').map(|(_, query)| query).unwrap_or_default();
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let mut found = pairs.filter(|(key, _)| *key == name).map(|(_, value)| value.to_owned());
        found.next().unwrap_or_default()
    };
    let (user, id, old) = (value("u"), value("id"), value("hash"));
    let new = hex(&Sha1::digest(format!("{user}{id}{MOR_KEY}")));
    if !old.is_empty() {
        *path = path.replacen(&old, &new, 1);
    }
}
