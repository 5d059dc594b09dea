//! The usual mistakes in making a hash, as recipes: bytes before the key, bytes behind it, and what
//! is wrong with that.
//!
//! Not here: trying them, and words around them (`hash_diagnosis`).

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::contract::cx::Cx;
use crate::vendors::mor::hash::permutations;
use crate::vendors::mor::key::KeyOwner;
use crate::vendors::mor::method::Method;
use crate::vendors::mor::model::Caller;
use crate::vendors::mor::params::{Asked, BodyKind, body_kind};
use crate::vendors::mor::store::{campaigns, users};
use crate::vendors::mor::zone::Zone;

/// A refused request, as far as its hash goes.
#[derive(Debug)]
pub(crate) struct Seen<'s> {
    pub(crate) cx: &'s Cx<'s>,
    pub(crate) asked: &'s Asked<'s>,
    pub(crate) method: &'static Method,
    /// The values that are hashed, in their order.
    pub(crate) values: &'s [(&'static str, Cow<'s, str>)],
    /// Whether `u` is among the hashed.
    pub(crate) with_u: bool,
    pub(crate) caller: Option<&'s Caller>,
    pub(crate) owner: KeyOwner<'s>,
}

impl Seen<'_> {
    /// Bytes of all parameters together.
    pub(crate) fn bytes(&self) -> usize {
        self.asked.all().iter().map(|(name, value)| name.len() + value.len()).sum()
    }

    /// Parameters that came and are not hashed; of a repeated name the one that counts.
    pub(crate) fn unlisted(&self) -> Vec<(String, String)> {
        let mut all: Vec<(String, String)> = Vec::new();
        for (name, _) in self.asked.all() {
            let is_listed = self.values.iter().any(|(listed, _)| *listed == name);
            let is_met = all.iter().any(|(met, _)| met == name);
            if name == "hash" || is_listed || is_met || all.len() == UNLISTED_MAX {
                continue;
            }
            if let Some(value) = self.asked.given(name) {
                all.push((name.to_owned(), value.into_owned()));
            }
        }
        all
    }

    fn plain(&self) -> Vec<&str> {
        self.values.iter().map(|(_, value)| value.as_ref()).collect()
    }
}

/// Unlisted parameters that may have been hashed; each is tried in every place.
const UNLISTED_MAX: usize = 4;

/// Values that are tried in every order: 120 of five.
const TURNED_MAX: usize = 5;

/// What went into a hash.
#[derive(Clone, Debug)]
pub(crate) struct Recipe {
    /// What is wrong with it, as the end of "your hash …"; empty where nothing is.
    pub(crate) slip: String,
    pub(crate) before: Vec<u8>,
    /// Behind the key.
    pub(crate) after: Vec<u8>,
    pub(crate) has_key: bool,
}

impl Recipe {
    fn new(slip: impl Into<String>, before: impl Into<Vec<u8>>) -> Self {
        Recipe { slip: slip.into(), before: before.into(), after: Vec::new(), has_key: true }
    }

    fn values(slip: impl Into<String>, values: &[&str]) -> Self {
        Recipe::new(slip, values.concat())
    }

    /// These bytes with the key elsewhere: before them, nowhere, on both sides.
    fn key_elsewhere(&self) -> [Recipe; 3] {
        let with = |words: &str| match self.slip.as_str() {
            "" => words.to_owned(),
            slip => format!("{slip} and {words}"),
        };
        [
            Recipe {
                slip: with("puts the key first"),
                before: Vec::new(),
                after: self.before.clone(),
                has_key: true,
            },
            Recipe { slip: with("leaves out the key"), has_key: false, ..self.clone() },
            // HMAC aside, this is the only common use of a key twice.
            Recipe {
                slip: with("has a line feed behind the key, as echo without -n adds it"),
                after: b"\n".to_vec(),
                ..self.clone()
            },
        ]
    }
}

/// The values as they should be, with one left out or put in: for keys that are not the right one.
pub(crate) fn simple(seen: &Seen<'_>) -> Vec<Recipe> {
    let mut all = vec![Recipe::values("", &seen.plain())];
    all.extend(left_out(seen));
    all.extend(put_in(seen));
    let with_key_elsewhere: Vec<Recipe> = all.iter().flat_map(Recipe::key_elsewhere).collect();
    all.extend(with_key_elsewhere.into_iter().filter(|recipe| recipe.has_key));
    all
}

/// What goes wrong most, the likeliest first.
pub(crate) fn common(seen: &Seen<'_>) -> Vec<Recipe> {
    let mut all = vec![Recipe::values("", &seen.plain())];
    all.extend(left_out(seen));
    all.extend(turned(seen));
    all.extend(put_in(seen));
    let with_key_elsewhere: Vec<Recipe> = all.iter().flat_map(Recipe::key_elsewhere).collect();
    all.extend(with_key_elsewhere);
    all.extend(named(seen));
    all.extend(separated(seen));
    all.extend(rewritten(seen));
    all.extend(filled_in(seen));
    all
}

/// Everything else, some of which has to be looked up.
pub(crate) fn rare(seen: &Seen<'_>, rows_max: i64) -> rusqlite::Result<Vec<Recipe>> {
    let mut all = Vec::new();
    let db = seen.cx.db();
    let substitute = |name: &str, value: &str, slip: String| {
        let is_there = seen.values.iter().any(|(listed, _)| *listed == name);
        let values =
            seen.values.iter().map(|(listed, own)| if *listed == name { value } else { own });
        is_there.then(|| Recipe::values(slip, &values.collect::<Vec<_>>()))
    };
    // A name that came twice with different values.
    for (name, value) in seen.asked.all() {
        let slip = format!("takes {name} from another place than the one that counts");
        all.extend(substitute(name, &value, slip));
    }
    for id in campaigns::campaign_ids(db, None, None, rows_max)? {
        let slip = format!("is made for campaign {id}, not for the id that was sent");
        all.extend(substitute("id", &id.to_string(), slip));
    }
    for username in users::usernames(db, rows_max)? {
        let slip = format!("is made for u {username:?}, not for the u that was sent");
        all.extend(substitute("u", &username, slip));
    }
    // A trailing line feed in the bytes, behind whatever order.
    let more: Vec<Recipe> = all.iter().flat_map(Recipe::key_elsewhere).collect();
    all.extend(more);
    Ok(all)
}

/// Some of the values left out, in any order.
fn left_out(seen: &Seen<'_>) -> Vec<Recipe> {
    let n_values = seen.values.len();
    let mut all = Vec::new();
    // Those with the fewest left out first.
    for n_kept in (0..n_values).rev() {
        for mask in 0_u32..1 << n_values {
            if mask.count_ones() as usize != n_kept {
                continue;
            }
            let is_kept = |idx: usize| mask & (1 << idx) != 0;
            let numbered = || seen.values.iter().enumerate();
            let kept: Vec<_> =
                numbered().filter(|(idx, _)| is_kept(*idx)).map(|(_, it)| it).collect();
            let out: Vec<&str> =
                numbered().filter(|(idx, _)| !is_kept(*idx)).map(|(_, (name, _))| *name).collect();
            for (turn, order) in permutations(&kept).into_iter().enumerate() {
                let values: Vec<&str> = order.iter().map(|(_, value)| value.as_ref()).collect();
                let slip = match turn {
                    0 => format!("leaves out {}", out.join(" and ")),
                    _ => format!("leaves out {} and takes {}", out.join(" and "), order_of(&order)),
                };
                all.push(Recipe::values(slip, &values));
            }
        }
    }
    all
}

fn order_of<V>(order: &[&(&'static str, V)]) -> String {
    let names: Vec<&str> = order.iter().map(|(name, _)| *name).collect();
    format!("the order {}", names.join(", "))
}

/// The values in another order.
fn turned(seen: &Seen<'_>) -> Vec<Recipe> {
    let values: Vec<&(&'static str, Cow<'_, str>)> = seen.values.iter().collect();
    let orders = permutations(&values).into_iter().skip(1);
    let recipe = |order: Vec<&(&'static str, Cow<'_, str>)>| {
        let values: Vec<&str> = order.iter().map(|(_, value)| value.as_ref()).collect();
        Recipe::values(format!("takes {}", order_of(&order)), &values)
    };
    orders.map(recipe).collect()
}

/// A parameter put in that is not listed, at every place; then all parameters of the request.
fn put_in(seen: &Seen<'_>) -> Vec<Recipe> {
    let unlisted = seen.unlisted();
    let plain = seen.plain();
    let mut all = Vec::new();
    for (name, value) in &unlisted {
        for place in 0..=plain.len() {
            let mut values = plain.clone();
            values.insert(place, value);
            all.push(Recipe::values(format!("puts in {name}"), &values));
        }
    }
    for (name, value) in unlisted.iter().filter(|_| plain.len() < TURNED_MAX) {
        let mut values = plain.clone();
        values.push(value);
        for order in permutations(&values) {
            all.push(Recipe::values(format!("puts in {name} and takes another order"), &order));
        }
    }
    if unlisted.len() < 2 {
        return all;
    }
    let sent: Vec<(&str, Cow<'_, str>)> =
        seen.asked.all().into_iter().filter(|(name, _)| *name != "hash").collect();
    let values = |sent: &[(&str, Cow<'_, str>)]| -> String {
        sent.iter().map(|(_, value)| value.as_ref()).collect()
    };
    all.push(Recipe::new("puts in all parameters in the order of the URL", values(&sent)));
    let mut sorted = sent;
    sorted.sort_by(|left, right| left.0.cmp(right.0));
    all.push(Recipe::new("puts in all parameters in the order of their names", values(&sorted)));
    all
}

/// Names hashed as well, in the usual spellings, of the listed and of all parameters.
fn named(seen: &Seen<'_>) -> Vec<Recipe> {
    let listed: Vec<(&str, &str)> =
        seen.values.iter().map(|(name, value)| (*name, value.as_ref())).collect();
    let all_sent = seen.asked.all();
    let sent: Vec<(&str, &str)> = all_sent
        .iter()
        .filter(|(name, _)| *name != "hash")
        .map(|(name, value)| (*name, value.as_ref()))
        .collect();
    let mut all = Vec::new();
    for pairs in [listed, sent] {
        for (between, join) in [("", ""), ("=", ""), ("=", "&"), (":", ""), (":", ","), ("=", ";")]
        {
            let texts: Vec<String> =
                pairs.iter().map(|(name, value)| format!("{name}{between}{value}")).collect();
            let text = texts.join(join);
            let spelling = format!("name{between}value{join}");
            let slip = format!("takes in names as well ({spelling}…)");
            for end in ["", join, "&key=", "&secret_key=", "&API_Secret_Key=", "&secret="] {
                all.push(Recipe::new(slip.clone(), format!("{text}{end}")));
            }
            let plain = Recipe::new(slip, text);
            all.extend(plain.key_elsewhere());
        }
    }
    if let Some(query) = seen.asked.call.request.query() {
        let kept: Vec<&str> = query.split('&').filter(|pair| !pair.starts_with("hash=")).collect();
        let plain = Recipe::new("takes in the query as it stands in the URL", kept.join("&"));
        all.extend(plain.key_elsewhere());
        all.push(plain);
    }
    all.extend(with_texts(seen));
    all
}

/// The text of the body or of a file taken in, alone and behind the values.
fn with_texts(seen: &Seen<'_>) -> Vec<Recipe> {
    let request = seen.asked.call.request;
    let body = (body_kind(request) != BodyKind::Multipart)
        .then(|| ("takes in the body".to_owned(), request.body.as_ref()));
    let uploads = seen.asked.call.params.uploads.iter();
    let files = uploads.map(|it| (format!("takes in the part {}", it.name), it.content.as_ref()));
    let mut all = Vec::new();
    for (slip, text) in body.into_iter().chain(files.take(FILES_MAX)) {
        if text.is_empty() || text.len() > TEXT_BYTES_MAX {
            continue;
        }
        let behind = [seen.plain().concat().as_bytes(), text].concat();
        for bytes in [text.to_vec(), behind] {
            let plain = Recipe::new(slip.clone(), bytes);
            all.extend(plain.key_elsewhere());
            all.push(plain);
        }
    }
    all
}

/// Longest body or file that is tried as a part of what was hashed; who hashes it has a small one.
const TEXT_BYTES_MAX: usize = 2048;

/// Files of a request that are tried so.
const FILES_MAX: usize = 2;

/// Something between the values, or between them and the key.
fn separated(seen: &Seen<'_>) -> Vec<Recipe> {
    const SEPARATORS: &[&str] =
        &[",", "&", "|", ":", ";", " ", "-", "_", "/", ".", "+", ", ", "\n", "\r\n", "\t", "\0"];
    let mut all = Vec::new();
    for separator in SEPARATORS {
        let text = seen.plain().join(separator);
        let slip = |place: &str| format!("puts {separator:?} {place}");
        if seen.values.len() > 1 {
            all.push(Recipe::new(slip("between the values"), text.clone()));
        }
        let everywhere = format!("{text}{separator}");
        all.push(Recipe::new(slip("between the values and before the key"), everywhere));
        let before_key = format!("{}{separator}", seen.plain().concat());
        all.push(Recipe::new(slip("before the key"), before_key));
        let mut behind = Recipe::values(slip("behind the key"), &seen.plain());
        behind.after = separator.as_bytes().to_vec();
        all.push(behind);
        let mut first = Recipe::new(slip("between key and values, key first,"), "");
        first.after = format!("{separator}{text}").into_bytes();
        all.push(first);
    }
    all
}

/// What `encodeURIComponent` and its like leave alone.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'!')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// What RFC 3986 calls unreserved.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The values in another spelling: of all of them, with and without `u`.
fn rewritten(seen: &Seen<'_>) -> Vec<Recipe> {
    type Rewrite = fn(&str) -> Vec<u8>;
    const PERCENT: &str = "takes in percent-encoded values, not decoded ones";
    const REWRITES: &[(&str, Rewrite)] = &[
        // First, as a form-encoded value writes a blank so too.
        ("takes in + where a blank arrived; in a query a + is written %2B", |it| {
            it.replace(' ', "+").into_bytes()
        }),
        (PERCENT, |it| utf8_percent_encode(it, COMPONENT).to_string().into_bytes()),
        (PERCENT, |it| utf8_percent_encode(it, UNRESERVED).to_string().into_bytes()),
        (PERCENT, |it| {
            form_urlencoded::byte_serialize(it.as_bytes()).collect::<String>().into_bytes()
        }),
        (PERCENT, |it| utf8_percent_encode(it, UNRESERVED).to_string().to_lowercase().into_bytes()),
        ("takes in a blank where a + arrived; a blank is written %20 or +", |it| {
            it.replace('+', " ").into_bytes()
        }),
        ("takes in values that were percent-encoded twice on their way", |it| {
            percent_decode_str(it).collect()
        }),
        ("takes in trimmed values; values are not trimmed here", |it| {
            it.trim().as_bytes().to_vec()
        }),
        ("takes in values in small letters", |it| it.to_lowercase().into_bytes()),
        ("takes in values in capitals", |it| it.to_uppercase().into_bytes()),
        ("takes in quotes around each value", |it| format!("\"{it}\"").into_bytes()),
        ("takes in values in Latin-1, not UTF-8", |it| {
            it.chars().map(|it| u8::try_from(u32::from(it)).unwrap_or(b'?')).collect()
        }),
        ("takes in UTF-16, not UTF-8", |it| it.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("takes in HTML-escaped values", |it| {
            quick_xml::escape::escape(it).into_owned().into_bytes()
        }),
    ];
    let mut all = Vec::new();
    for (slip, rewrite) in REWRITES {
        for with_u in [true, false] {
            let kept = seen.values.iter().filter(|(name, _)| with_u || *name != "u");
            let bytes: Vec<u8> = kept.flat_map(|(_, value)| rewrite(value)).collect();
            let slip = if with_u { (*slip).to_owned() } else { format!("leaves out u and {slip}") };
            let plain = Recipe::new(slip, bytes);
            all.extend(plain.key_elsewhere());
            all.push(plain);
        }
    }
    all
}

/// Something put in for a listed parameter that was not sent: a default, or a word for nothing.
fn filled_in(seen: &Seen<'_>) -> Vec<Recipe> {
    let absent: Vec<&str> = seen
        .method
        .hashed
        .iter()
        .copied()
        .filter(|name| (seen.with_u || *name != "u") && seen.asked.given(name).is_none())
        .collect();
    let mut all = Vec::new();
    for word in ["null", "undefined", "None", "nil", "NULL", "NaN", "0", "false"] {
        let slip = format!("takes in {word:?} for {}, which was not sent", absent.join(" and "));
        all.push(fill(seen, &slip, &|_| word.to_owned()));
    }
    let zone = seen.caller.map_or_else(|| Zone::kept(""), |caller| Zone::kept(&caller.time_zone));
    for zone in [zone, Zone::kept("")] {
        for second in [0, 59] {
            let of_day = |name: &str| match name {
                "period_start" => zone.of_day(seen.cx.now(), 0, 0, 0).to_string(),
                "period_end" => zone.of_day(seen.cx.now(), 23, 59, second).to_string(),
                _ => String::new(),
            };
            let both = format!(
                "takes in the default of {}; only what is sent is hashed",
                absent.join(" and ")
            );
            all.push(fill(seen, &both, &of_day));
            for only in ["period_start", "period_end"] {
                let slip = format!("takes in the default of {only}; only what is sent is hashed");
                let one = |name: &str| if name == only { of_day(name) } else { String::new() };
                all.push(fill(seen, &slip, &one));
            }
        }
    }
    all.retain(|_| !absent.is_empty());
    all
}

fn fill(seen: &Seen<'_>, slip: &str, stand_in: &dyn Fn(&str) -> String) -> Recipe {
    let names = seen.method.hashed.iter().filter(|name| seen.with_u || **name != "u");
    let text: String = names
        .map(|name| {
            let own = seen.values.iter().find(|(listed, _)| listed == name);
            own.map_or_else(|| stand_in(name), |(_, value)| value.to_string())
        })
        .collect();
    Recipe::new(slip, text)
}
