//! Finds credentials and people's data in exchanges, and puts their pseudonyms in their places.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::base::hex::hex;
use crate::contract::recorded::Sort;
use crate::contract::secret::SecretForm;
use crate::contract::vendor::{Vendor, Vendors};
use crate::recording::exchange::{Recorded, header};
use crate::recording::pseudonyms::Pseudonyms;
use crate::recording::tree;
use crate::recording::whose::request;
use crate::sim::journal::secrets::names;
use crate::vendors::ALL;
use crate::web::mask::card;
use crate::web::mask::known::{Known, is_telling};
use crate::web::mask::masker::Masker;
use crate::web::mask::names::Names;
use crate::web::params::Pairs;

/// Headers whose whole value is a credential, with or without a scheme before it.
const SECRET_HEADERS: [&str; 4] = ["authorization", "x-api-key", "x-auth-token", "apikey"];

/// Names that hold credentials with every vendor.
const SECRET_NAMES: [&str; 7] =
    ["password", "passwd", "token", "access_token", "api_key", "secret", "session"];

/// Shortest value that is replaced wherever it stands because it says who asks.
const CREDENTIAL_BYTES_MIN: usize = 8;

/// The names under which secrets stand with any vendor, and those that mean one everywhere.
static NAMES: LazyLock<Masker> =
    LazyLock::new(|| Masker::new(&names(Vendors(ALL)), &Known::default(), false));

/// Whether a value is a secret because of its name, whoever uses it. One that may be anything, such as
/// a short number, is none.
fn is_named_secret(name: &str, value: &str) -> bool {
    is_telling(value) && names_secret(name)
}

/// Shortest value that is also looked for as base64: a shorter one is a word's part then.
const PACKED_BYTES_MIN: usize = 5;

/// Whether a name means a secret, whoever uses it.
pub(crate) fn names_secret(name: &str) -> bool {
    NAMES.names_secret(name)
}

/// Whose data is replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whose {
    /// Credentials alone.
    Clients,
    /// Also what people are called and where they are reached.
    People,
}

/// Learns the credentials of an exchange, and the people in it.
pub(crate) fn learn(vendor: &'static Vendor, it: &Recorded, whose: Whose, found: &mut Pseudonyms) {
    let table = vendor.recorded;
    let request = request(it);
    let routed = request.as_ref().map(|request| (vendor.route)(request));
    if let Some((request, routed)) = request.as_ref().zip(routed.as_ref()) {
        for (name, value) in (vendor.credentials)(request, routed) {
            let is_person = table.people.iter().any(|(known, _)| *known == name);
            // A short one, such as an agent's number, stands for other things too.
            if !is_person && value.len() >= CREDENTIAL_BYTES_MIN {
                secret(vendor, &value, found);
            }
        }
    }
    let operation = routed.and_then(|routed| routed.operation).map(|it| it.name);
    let is_upload = operation.is_some_and(|name| table.uploads.contains(&name));
    collect(vendor, it, whose, found);
    if is_upload && whose == Whose::People {
        found.person(Sort::PhonesWithin, &String::from_utf8_lossy(&it.body));
    }
}

/// A credential, or what a client has made of one for this request.
fn secret(vendor: &'static Vendor, value: &str, found: &mut Pseudonyms) {
    let is_hex = value.bytes().all(|it| it.is_ascii_hexdigit());
    let digits = vendor.surface.secrets.iter().find_map(|it| it.digits);
    if is_hex && digits == Some(value.len()) { found.digest(value) } else { found.secret(value) }
}

/// Numbers of cards that stand in an exchange plainly, under whatever name.
fn cards(it: &Recorded, found: &mut Pseudonyms) {
    let headers = it.headers.iter().chain(&it.reply_headers).map(|(_, value)| value.as_bytes());
    let texts = [it.target.as_bytes(), &it.body, &it.reply].into_iter().chain(headers);
    for text in texts {
        card::find(text, |range| {
            if let Ok(number) = std::str::from_utf8(&text[range]) {
                found.secret(number);
            }
        });
    }
}

/// Collects what stands in an exchange.
fn collect(vendor: &'static Vendor, it: &Recorded, whose: Whose, found: &mut Pseudonyms) {
    cards(it, found);
    for (name, value) in it.headers.iter().chain(&it.reply_headers) {
        if SECRET_HEADERS.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            authorization(value, found);
        } else if !name.to_ascii_lowercase().contains("cookie") && is_named_secret(name, value) {
            found.secret(value.trim());
        } else if name.eq_ignore_ascii_case("cookie") || name.eq_ignore_ascii_case("set-cookie") {
            // Of a cookie that is set, the first pair is its value; the others say how long it lasts.
            let n_pairs = if name.len() == "cookie".len() { usize::MAX } else { 1 };
            for pair in value.split(';').take(n_pairs) {
                found.secret(pair.split_once('=').map_or("", |(_, value)| value.trim()));
            }
        }
    }
    for secret in vendor.surface.secrets.iter().filter(|it| it.form == SecretForm::Segment) {
        segment(secret.name, it.path(), found);
    }
    let query = it.target.split_once('?').map_or("", |(_, query)| query);
    let mut named = |name: &str, value: &str| {
        let is_secret = SECRET_NAMES.iter().any(|known| known.eq_ignore_ascii_case(name))
            || vendor.surface.secrets.iter().any(|secret| {
                secret.form != SecretForm::Segment && secret.name.eq_ignore_ascii_case(name)
            });
        if is_secret || is_named_secret(name, value) {
            secret(vendor, value, found);
            return;
        }
        if whose == Whose::Clients {
            return;
        }
        // `Name` is a person's with one vendor and `name` with another.
        if let Some((_, sort)) = vendor.recorded.people.iter().find(|(known, _)| *known == name) {
            found.person(*sort, value);
        }
    };
    for (name, value) in Pairs::parse(query.as_bytes()).iter() {
        named(name, value);
    }
    tree::walk(&tree::of(&it.headers, &it.body), "", vendor.recorded.nobody, &mut named);
    tree::walk(&tree::of(&it.reply_headers, &it.reply), "", vendor.recorded.nobody, &mut named);
}

fn authorization(value: &str, found: &mut Pseudonyms) {
    let (scheme, credential) = value.split_once(' ').unwrap_or(("", value));
    if scheme.eq_ignore_ascii_case("basic")
        && let Some(text) = basic(credential)
    {
        found.secret(text.split_once(':').map_or(text.as_str(), |(_, password)| password));
        return;
    }
    // Some send a password packed, and no scheme.
    let packed = basic(credential).filter(|text| text.chars().all(|it| it.is_ascii_graphic()));
    match packed {
        Some(text) if scheme.is_empty() => found.secret(&text),
        _ => found.secret(credential.trim()),
    }
}

fn basic(credential: &str) -> Option<String> {
    String::from_utf8(STANDARD.decode(credential.trim()).ok()?).ok()
}

/// A segment of the path that is a credential, where the path ends as the pattern does.
fn segment(pattern: &str, path: &str, found: &mut Pseudonyms) {
    let wanted: Vec<&str> = pattern.split('/').filter(|it| !it.is_empty()).collect();
    let sent: Vec<&str> = path.split('/').filter(|it| !it.is_empty()).collect();
    let Some(start) = sent.len().checked_sub(wanted.len()) else { return };
    let fits = wanted
        .iter()
        .zip(&sent[start..])
        .all(|(wanted, sent)| wanted.starts_with('{') || wanted.eq_ignore_ascii_case(sent));
    if let Some(last) = sent.last().filter(|_| fits) {
        found.secret(&percent_decode_str(last).decode_utf8_lossy());
    }
}

/// Each byte by its number: all in percent escapes, in those of JSON, and in hex, as some clients write
/// a value whole.
fn by_bytes(value: &str) -> [String; 6] {
    let each = |before: &str, digits: &str| {
        let bytes = digits.as_bytes().chunks(2).map(String::from_utf8_lossy);
        bytes.fold(String::new(), |all, byte| all + before + &byte)
    };
    let small = hex(value.as_bytes());
    let large = small.to_ascii_uppercase();
    [
        each("%", &small),
        each("%", &large),
        each("\\u00", &small),
        each("\\u00", &large),
        small,
        large,
    ]
}

/// Puts pseudonyms in the places of what was found.
#[derive(Debug)]
pub(crate) struct Replacer {
    search: Option<AhoCorasick>,
    instead: Vec<String>,
    /// Credentials in any other spelling are gone for good: what no vendor reads can still be read by
    /// whoever tries.
    rest: Masker,
}

impl Replacer {
    /// # Errors
    /// Where there is too much to look for.
    pub(crate) fn new(pseudonyms: &Pseudonyms) -> Result<Self, String> {
        let (mut found, mut instead) = (Vec::new(), Vec::new());
        let mut known = BTreeSet::new();
        for (value, made) in pseudonyms.pairs() {
            let escaped = serde_json::Value::from(value).to_string();
            let encoded = utf8_percent_encode(value, NON_ALPHANUMERIC).to_string();
            let form: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
            let xml = quick_xml::escape::escape(value).into_owned();
            let mut forms = vec![value.to_owned(), escaped.trim_matches('"').to_owned(), xml];
            let made_encoded = utf8_percent_encode(made, NON_ALPHANUMERIC).to_string();
            forms.dedup();
            let mut add = |form: String, made: &str| {
                known.insert(form.clone());
                found.push(form);
                instead.push(made.to_owned());
            };
            for form in forms {
                add(form, made);
            }
            if value.len() >= PACKED_BYTES_MIN {
                add(STANDARD.encode(value), &STANDARD.encode(made));
            }
            if value.is_ascii() && is_telling(value) && pseudonyms.is_secret(value) {
                for (form, made) in by_bytes(value).into_iter().zip(by_bytes(made)) {
                    add(form, &made);
                }
            }
            for form in [encoded.replace("%20", "+"), encoded, form] {
                if known.insert(form.clone()) {
                    found.push(form);
                    instead.push(made_encoded.clone());
                }
            }
        }
        let search = if found.is_empty() {
            None
        } else {
            let mut search = AhoCorasick::builder();
            let search = search.match_kind(MatchKind::LeftmostLongest).build(&found);
            Some(search.map_err(|error| error.to_string())?)
        };
        let mut secrets = Known::builder();
        for secret in pseudonyms.secrets() {
            secrets.secret(secret);
        }
        let secrets = secrets.build().map_err(|error| error.to_string())?;
        Ok(Replacer { search, instead, rest: Masker::new(&Names::default(), &secrets, false) })
    }

    /// A text with its pseudonyms. A value counts where it stands by itself, not inside a word.
    pub(crate) fn text(&self, text: &str) -> String {
        self.rest.values(&self.replaced(text)).into_owned()
    }

    fn replaced(&self, text: &str) -> String {
        let Some(search) = &self.search else { return text.to_owned() };
        let bytes = text.as_bytes();
        let is_word = |at: Option<&u8>| at.is_some_and(u8::is_ascii_alphanumeric);
        let (mut made, mut from) = (String::with_capacity(text.len()), 0);
        for hit in search.find_iter(text) {
            let (start, end) = (hit.start(), hit.end());
            let before = start.checked_sub(1).and_then(|at| bytes.get(at));
            let is_inside =
                is_word(bytes.get(start)) && is_word(before) && !is_escape(bytes, start)
                    || is_word(bytes.get(end - 1)) && is_word(bytes.get(end));
            if is_inside {
                continue;
            }
            made.push_str(&text[from..start]);
            made.push_str(&self.instead[hit.pattern().as_usize()]);
            from = end;
        }
        made.push_str(&text[from..]);
        made
    }

    /// An exchange with its pseudonyms; `None` where a body is no text, so that nobody knows what
    /// stands in it.
    pub(crate) fn exchange(&self, it: &Recorded) -> Option<Recorded> {
        let body = |bytes: &[u8]| Some(self.text(std::str::from_utf8(bytes).ok()?).into_bytes());
        let headers = |headers: &[(String, String)]| {
            let one = |(name, value): &(String, String)| (name.clone(), self.header(name, value));
            headers.iter().map(one).collect()
        };
        Some(Recorded {
            target: self.text(&it.target),
            headers: headers(&it.headers),
            reply_headers: headers(&it.reply_headers),
            body: body(&it.body)?,
            reply: body(&it.reply)?,
            ..it.clone()
        })
    }

    fn header(&self, name: &str, value: &str) -> String {
        let packed = value.split_once(' ').filter(|(scheme, _)| {
            name.eq_ignore_ascii_case("authorization") && scheme.eq_ignore_ascii_case("basic")
        });
        match packed.and_then(|(scheme, credential)| Some((scheme, basic(credential)?))) {
            Some((scheme, text)) => format!("{scheme} {}", STANDARD.encode(self.text(&text))),
            None => self.text(value),
        }
    }
}

/// Whether a percent escape ends right before a place: `%20Bob` has the name by itself.
fn is_escape(bytes: &[u8], start: usize) -> bool {
    start >= 3 && bytes[start - 3] == b'%'
}

/// The kind of a body, for messages.
pub(crate) fn kind(headers: &[(String, String)]) -> &str {
    header(headers, "content-type").unwrap_or("no type")
}
