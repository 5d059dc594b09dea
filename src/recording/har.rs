//! Reads HTTP archives (HAR 1.1 and 1.2) as browsers and proxies write them, entry by entry: memory
//! does not grow with the file.
//!
//! Tools differ. Headers come as tables or as pairs, bodies as text, as base64 or as parameters,
//! times may be missing, and `Content-Encoding` mostly stays although the text is decoded. Insomnia tells
//! what it adds to an address, and the cookies of its jar, beside the address and the headers alone. What
//! is not as the format has it makes no exchange, and is told.
//!
//! Not here: whose an exchange is (`whose`).

use std::cell::Cell;
use std::collections::BTreeSet;
use std::fmt::{self, Write as _};
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::{MultiGzDecoder, ZlibDecoder};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::base::limits::RECORDED_BODY_BYTES_MAX;
use crate::base::text::{EXCERPT_CHARS_MAX, counted, excerpt, excerpt_bytes, sentence};
use crate::recording::exchange::{Recorded, header};

/// A file that is no archive, or not to its end.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HarError {
    #[error("{file} cannot be read: {error}")]
    Open { file: String, error: io::Error },
    #[error(
        "{file} is no HTTP archive: expected {{\"log\": {{\"entries\": [ … ]}}}}, found {found}"
    )]
    Kind { file: String, found: String },
    #[error(
        "{file} ends or breaks after {}: {error}; what stands before that was read",
        counted(.n_read, "entry", "entries")
    )]
    Broken { file: String, n_read: usize, error: serde_json::Error },
}

impl HarError {
    /// Whether entries were read before it.
    pub(crate) fn n_read(&self) -> usize {
        match self {
            HarError::Broken { n_read, .. } => *n_read,
            _ => 0,
        }
    }
}

/// Told of each entry: its number from 1, and the exchange or why there is none.
pub(crate) type Each<'e> = dyn FnMut(usize, Result<Recorded, String>) + 'e;

/// Reads an archive; answers how many entries it has.
///
/// # Errors
/// Where it is none, or breaks off. What stands before that was told.
pub(crate) fn read(path: &Path, each: &mut Each<'_>) -> Result<usize, HarError> {
    let file = path.display().to_string();
    let opened = File::open(path).and_then(|opened| {
        let is_file = opened.metadata()?.is_file();
        if is_file { Ok(opened) } else { Err(io::Error::other("not a regular file")) }
    });
    let opened = opened.map_err(|error| HarError::Open { file: file.clone(), error })?;
    read_from(&file, BufReader::new(opened), each)
}

/// The name of a file without its folders, for what is written down.
pub(crate) fn name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display(), |name| Path::new(name).display()).to_string()
}

/// As [`read`], from anywhere.
pub(crate) fn read_from(
    file: &str,
    mut source: impl io::BufRead,
    each: &mut Each<'_>,
) -> Result<usize, HarError> {
    let fail = |error| HarError::Open { file: file.to_owned(), error };
    // Some tools of Windows begin with a byte order mark.
    if source.fill_buf().map_err(fail)?.starts_with(&[0xef, 0xbb, 0xbf]) {
        source.consume(3);
    }
    let start = source.fill_buf().map_err(fail)?;
    let start = start[..start.len().min(START_BYTES)].to_vec();
    let progress = Progress::default();
    let mut json = serde_json::Deserializer::from_reader(source);
    let read = Top { file, each, progress: &progress }.deserialize(&mut json);
    let n_read = progress.n_read.get();
    match read {
        Ok(()) if progress.has_entries.get() => Ok(n_read),
        Err(error) if progress.has_entries.get() => {
            Err(HarError::Broken { file: file.to_owned(), n_read, error })
        }
        Ok(()) => Err(kind(file, "JSON without such a list")),
        Err(error) if error.is_io() => {
            Err(HarError::Open { file: file.to_owned(), error: error.into() })
        }
        Err(error) => Err(kind(file, &instead(start.trim_ascii_start(), &error))),
    }
}

/// What a file is that is no archive, by how it begins.
fn instead(start: &[u8], error: &serde_json::Error) -> String {
    match start {
        [] => "an empty file".to_owned(),
        [b'P', b'K', 3, 4, ..] => "a zip file; unpack it first".to_owned(),
        [0x1f, 0x8b, ..] => "a gzip file; unpack it first".to_owned(),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "UTF-16; write it as UTF-8 first".to_owned(),
        // What it says may have a part of the file in it.
        [b'{', ..] if error.is_eof() => sentence(format!("JSON that breaks off: {error}")).into(),
        [b'{', ..] => sentence(format!("JSON that has no such list: {error}")).into(),
        start => excerpt_bytes(start, EXCERPT_CHARS_MAX),
    }
}

/// As much of the beginning as tells what it is instead.
const START_BYTES: usize = 60;

fn kind(file: &str, found: &str) -> HarError {
    HarError::Kind { file: file.to_owned(), found: found.to_owned() }
}

#[derive(Default)]
struct Progress {
    has_entries: Cell<bool>,
    n_read: Cell<usize>,
}

/// The whole file, its `log`, or the list in it: the way to the entries.
struct Top<'t, 'e> {
    file: &'t str,
    each: &'t mut Each<'e>,
    progress: &'t Progress,
}

struct Log<'t, 'e>(Top<'t, 'e>);

struct Entries<'t, 'e>(Top<'t, 'e>);

impl<'de> DeserializeSeed<'de> for Top<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Top<'_, '_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an HTTP archive")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Top { file, each, progress } = self;
        while let Some(key) = map.next_key::<String>()? {
            if key == "log" {
                map.next_value_seed(Log(Top { file, each: &mut *each, progress }))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Log<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Log<'_, '_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("the log of an HTTP archive")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Log(Top { file, each, progress }) = self;
        while let Some(key) = map.next_key::<String>()? {
            if key == "entries" {
                map.next_value_seed(Entries(Top { file, each: &mut *each, progress }))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Entries<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Entries<'_, '_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("the entries of an HTTP archive")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let Entries(Top { file, each, progress }) = self;
        progress.has_entries.set(true);
        while let Some(entry) = entries.next_element::<Value>()? {
            let number = progress.n_read.get() + 1;
            progress.n_read.set(number);
            let place = format!("{}, entry {number}", name(Path::new(file)));
            each(number, exchange(&entry, place));
        }
        Ok(())
    }
}

/// The exchange of an entry, or why there is none.
fn exchange(entry: &Value, place: String) -> Result<Recorded, String> {
    let (request, response) = (&entry["request"], &entry["response"]);
    let url = request["url"].as_str().ok_or("it has no request.url")?;
    let (host, target) = split(url).ok_or_else(|| {
        format!("its url is {}; expected http or https", excerpt(url, EXCERPT_CHARS_MAX))
    })?;
    let method = request["method"].as_str().unwrap_or("GET").to_ascii_uppercase();
    let status = response["status"].as_u64().and_then(|status| u16::try_from(status).ok());
    let Some(status) = status.filter(|status| (200..=599).contains(status)) else {
        return Err("it has no reply: blocked, aborted or not answered".to_owned());
    };
    let started = entry["startedDateTime"].as_str().and_then(|text| text.parse().ok());
    let target = with_more(target, &request["queryString"]);
    let mut headers = headers(&request["headers"]);
    if let (None, Some(jar)) = (header(&headers, "cookie"), cookies(&request["cookies"])) {
        headers.push(("Cookie".to_owned(), jar));
    }
    let reply_headers = self::headers(&response["headers"]);
    let body = request_body(&request["postData"])?;
    let reply = reply_body(&response["content"], &reply_headers)?;
    let mut exchange = Recorded {
        place,
        started,
        method,
        host,
        target,
        headers,
        body,
        status,
        reply_headers,
        reply,
    };
    if let Some(kind) = request["postData"]["mimeType"].as_str()
        && !exchange.body.is_empty()
        && header(&exchange.headers, "content-type").is_none()
    {
        exchange.headers.push(("Content-Type".to_owned(), kind.to_owned()));
    }
    Ok(exchange)
}

/// Host in lower case without a port, and target, of an absolute URL.
fn split(url: &str) -> Option<(String, String)> {
    let rest = url.split_once("://").filter(|(scheme, _)| {
        scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")
    })?;
    let rest = rest.1.split('#').next().unwrap_or_default();
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, target) = rest.split_at(end);
    let host = authority.rsplit('@').next().unwrap_or_default();
    let host = match host.strip_prefix('[') {
        Some(inner) => inner.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    let target = if target.starts_with('/') { target.to_owned() } else { format!("/{target}") };
    // Some tools write blanks and other letters as they are.
    let is_plain = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'<' | b'>');
    let mut encoded = String::with_capacity(target.len());
    for byte in target.bytes() {
        if is_plain(byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    (!host.is_empty()).then(|| (host.to_ascii_lowercase(), encoded))
}

/// A target with the parameters that are told beside it alone: most tools tell all of them twice.
fn with_more(target: String, stated: &Value) -> String {
    let query = target.split_once('?').map(|(_, query)| query).unwrap_or_default();
    let known: BTreeSet<String> =
        form_urlencoded::parse(query.as_bytes()).map(|(name, _)| name.into_owned()).collect();
    // Some tools have them as they are, and others as they are sent.
    let is_known = |name: &str| {
        known.contains(name)
            || form_urlencoded::parse(name.as_bytes()).any(|(plain, _)| known.contains(&*plain))
    };
    let mut more = form_urlencoded::Serializer::new(String::new());
    let mut is_more = false;
    for (name, value) in pairs(stated).filter(|(name, _)| !is_known(name)) {
        more.append_pair(name, value);
        is_more = true;
    }
    if !is_more {
        return target;
    }
    let joint = match (query.is_empty(), target.contains('?')) {
        (false, _) => "&",
        (true, true) => "",
        (true, false) => "?",
    };
    format!("{target}{joint}{}", more.finish())
}

/// Cookies as their header has them.
fn cookies(stated: &Value) -> Option<String> {
    let all: Vec<String> = pairs(stated).map(|(name, value)| format!("{name}={value}")).collect();
    (!all.is_empty()).then(|| all.join("; "))
}

/// Names with their values.
fn pairs(stated: &Value) -> impl Iterator<Item = (&str, &str)> {
    stated.as_array().into_iter().flatten().filter_map(|pair| {
        let name = pair["name"].as_str().filter(|name| !name.is_empty())?;
        Some((name, pair["value"].as_str().unwrap_or_default()))
    })
}

/// Headers as tables of name and value, or as pairs. Those of HTTP/2 that name the target are none.
fn headers(stated: &Value) -> Vec<(String, String)> {
    let one = |header: &Value| {
        let (name, value) = match header {
            Value::Array(pair) => (pair.first()?, pair.get(1)?),
            _ => (&header["name"], &header["value"]),
        };
        let name = name.as_str().filter(|name| !name.starts_with(':'))?;
        Some((name.to_owned(), value.as_str().unwrap_or_default().to_owned()))
    };
    stated.as_array().into_iter().flatten().filter_map(one).collect()
}

fn request_body(posted: &Value) -> Result<Vec<u8>, String> {
    if let Some(text) = posted["text"].as_str().filter(|text| !text.is_empty()) {
        let encoding = posted["_encoding"].as_str().or(posted["encoding"].as_str());
        return bounded(decoded(text, encoding));
    }
    let params = posted["params"].as_array().map(Vec::as_slice).unwrap_or_default();
    if params.iter().any(|param| !param["fileName"].is_null()) {
        return Err("it uploads a file whose bytes were not kept".to_owned());
    }
    let mut form = form_urlencoded::Serializer::new(String::new());
    for param in params {
        let name = param["name"].as_str().unwrap_or_default();
        form.append_pair(name, param["value"].as_str().unwrap_or_default());
    }
    Ok(form.finish().into_bytes())
}

fn reply_body(content: &Value, headers: &[(String, String)]) -> Result<Vec<u8>, String> {
    let Some(text) = content["text"].as_str() else {
        let n_bytes = content["size"].as_i64().unwrap_or(0);
        return if n_bytes > 0 {
            let bytes = counted(n_bytes, "byte of its reply was", "bytes of its reply were");
            Err(format!("the {bytes} not kept"))
        } else {
            Ok(Vec::new())
        };
    };
    let bytes = decoded(text, content["encoding"].as_str());
    // Mostly the text is decoded already; what begins like it is packed is not.
    let encoding = header(headers, "content-encoding").unwrap_or_default().trim();
    let unpacked = match bytes.as_slice() {
        [0x1f, 0x8b, ..] => unpack(MultiGzDecoder::new(bytes.as_slice())),
        [0x78, 0x01 | 0x5e | 0x9c | 0xda, ..] if encoding.eq_ignore_ascii_case("deflate") => {
            unpack(ZlibDecoder::new(bytes.as_slice()))
        }
        _ if !is_read(encoding) && std::str::from_utf8(&bytes).is_err() => {
            let encoding = excerpt(encoding, EXCERPT_CHARS_MAX);
            return Err(format!("its reply is packed with {encoding}, which is not read"));
        }
        _ => return bounded(bytes),
    };
    bounded(unpacked.map_err(|error| format!("its reply cannot be unpacked: {error}"))?)
}

/// Whether what is packed so is unpacked here, or was not packed.
fn is_read(encoding: &str) -> bool {
    ["", "identity", "gzip", "x-gzip", "deflate"].contains(&encoding.to_ascii_lowercase().as_str())
}

fn unpack(packed: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    packed.take(RECORDED_BODY_BYTES_MAX as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A body as it is written. What says that it is base64 and is none is text; some tools break its lines.
fn decoded(text: &str, encoding: Option<&str>) -> Vec<u8> {
    let is_packed = encoding.is_some_and(|it| it.eq_ignore_ascii_case("base64"));
    let on_one_line = || text.split_ascii_whitespace().collect::<String>();
    let bytes = is_packed.then(|| STANDARD.decode(on_one_line()).ok()).flatten();
    bytes.unwrap_or_else(|| text.as_bytes().to_vec())
}

fn bounded(bytes: Vec<u8>) -> Result<Vec<u8>, String> {
    if bytes.len() <= RECORDED_BODY_BYTES_MAX {
        return Ok(bytes);
    }
    let most = RECORDED_BODY_BYTES_MAX / (1024 * 1024);
    Err(format!("a body of it is larger than {most} MiB"))
}
