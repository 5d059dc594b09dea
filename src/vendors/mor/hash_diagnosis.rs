//! What a wrong hash was made of: the usual mistakes are tried one after the other, and the first
//! that gives the digest which came is named. Runs on a refusal only. A key is never shown.
//!
//! Not here: the list of mistakes (`hash_mistakes`).

use std::borrow::Cow;

use crate::contract::cx::Cx;
use crate::vendors::mor::digestion::{self, Digestion};
use crate::vendors::mor::hash::{self, HASH_CHARS, hex};
use crate::vendors::mor::hash_mistakes::{self, Recipe, Seen};
use crate::vendors::mor::key::{self, KeyOwner};
use crate::vendors::mor::method::Method;
use crate::vendors::mor::model::Caller;
use crate::vendors::mor::params::Asked;
use crate::vendors::mor::store::{old_keys, users};
use crate::vendors::mor::{misnamed, missing};
use crate::web::diagnosis::disguise::unfilled;

/// A refusal of a hash in words.
#[derive(Debug)]
pub(crate) struct Diagnosis {
    pub(crate) expected: String,
    pub(crate) found: String,
    pub(crate) hint: String,
}

/// Characters of a client's value that a reason shows.
const VALUE_CHARS_MAX: usize = 60;

/// Bytes of all parameters together up to which mistakes are tried. Real requests have a hundred or
/// two; beyond, some thousand digests of a long value would hold up the world.
const TRIED_BYTES_MAX: usize = 2048;

/// Users with secrets of their own, and users and campaigns that a hash may have been made for, that
/// are tried. All of a test's world; of a large system the first.
const TRIED_ROWS_MAX: i64 = 100;

/// Digits of a digest that a reason shows: enough to tell two apart.
const DIGEST_CHARS_SHOWN: usize = 8;

/// Hashes printed on the vendor's pages that belong to no key that anybody knows (mor 1.4).
const DUMMIES: &[&str] = &["38282ca5e65e63746498ef5b39a2fe71c6448999", "7f544a3f", "79e75e75"];

/// A value as a reason shows it.
pub(crate) fn cut(value: &str) -> Cow<'_, str> {
    match value.char_indices().nth(VALUE_CHARS_MAX) {
        None => Cow::Borrowed(value),
        Some((end, _)) => Cow::Owned(format!("{}…", &value[..end])),
    }
}

/// Why a hash was refused.
pub(crate) fn wrong_hash(
    cx: &Cx<'_>,
    asked: &Asked<'_>,
    method: &'static Method,
    caller: Option<&Caller>,
    owner: KeyOwner<'_>,
) -> rusqlite::Result<Diagnosis> {
    let with_u = key::readings(cx).first().copied().unwrap_or(true);
    let mut values = key::listed(asked, method);
    values.retain(|(name, _)| with_u || *name != "u");
    let right = hash::hash(values.iter().map(|(_, value)| value.as_ref()), owner.key());
    let expected = expected(asked, method, with_u, &right);
    let sent = asked.get("hash").unwrap_or_default();
    let mut secrets = users::known_secrets(cx.db(), TRIED_ROWS_MAX)?;
    secrets.extend(old_keys::known(cx.db())?);
    let (found, mut hint) = if sent.is_empty() {
        ("no hash".to_owned(), missing::hash(asked, &right))
    } else {
        let seen = Seen { cx, asked, method, values: &values, with_u, caller, owner };
        if let Some(hint) = misnamed::explain(&seen, &sent)? {
            return Ok(Diagnosis { expected, found: shown(&sent), hint });
        }
        (shown_sent(&seen, &sent, &secrets), explain(&seen, &sent, &right, &secrets)?)
    };
    let odd = method.hashed.iter().find_map(|name| Some((name, missing::odd_member(asked, name)?)));
    if let Some((name, kind)) = odd {
        hint = format!("{name} is {kind} in the body and adds nothing; send the value itself");
    }
    match (caller, asked.given("u")) {
        (None, Some(u)) => {
            let u = cut(&u);
            hint = format!("{hint}; u {u:?} names no user, so the administrator's key counts");
        }
        (None, None) if !sent.is_empty() => {
            hint = format!("{hint}; without u the administrator's key counts");
        }
        _ => {}
    }
    Ok(Diagnosis { expected, found, hint })
}

/// What the hash is made of, and its digest where all of that came.
fn expected(asked: &Asked<'_>, method: &Method, with_u: bool, right: &str) -> String {
    let (mut parts, mut absent) = (Vec::new(), Vec::new());
    for name in method.hashed.iter().copied().filter(|name| with_u || *name != "u") {
        match asked.given(name) {
            Some(value) => parts.push(format!("{:?} + ", cut(&value))),
            // The periods may be left out.
            None if ["u", "id"].contains(&name) => {
                parts.push(format!("{name} + "));
                absent.push(name);
            }
            None => {}
        }
    }
    let parts = parts.concat();
    match absent.len() {
        0 => format!("sha1({parts}key) = {}", shown(right)),
        1 => format!("sha1({parts}key); {} is missing", absent[0]),
        _ => format!("sha1({parts}key); {} are missing", absent.join(" and ")),
    }
}

fn shown(digest: &str) -> String {
    format!("{}…", digest.chars().take(DIGEST_CHARS_SHOWN).collect::<String>())
}

/// What was sent, without giving away what may be a secret.
fn shown_sent(seen: &Seen<'_>, sent: &str, secrets: &[users::Known]) -> String {
    let is_hex = sent.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_secret = sent == seen.owner.key() || secrets.iter().any(|known| known.secret == sent);
    match (sent.chars().count(), is_hex) {
        (HASH_CHARS, true) if !is_secret => shown(sent),
        (1, _) => "1 character".into(),
        (n_chars, true) => format!("{n_chars} hexadecimal digits"),
        (n_chars, false) => format!("{n_chars} characters that are not all hexadecimal digits"),
    }
}

/// What the method hashes, as the end of a hint.
fn rule(method: &Method, with_u: bool) -> String {
    let names: Vec<&str> =
        method.hashed.iter().copied().filter(|it| with_u || *it != "u").collect();
    match &names[..] {
        [only] => format!("this method hashes {only} alone, then the key"),
        names => format!("this method hashes {}, then the key", names.join(", then ")),
    }
}

/// The first usual mistake that gives what was sent.
fn explain(
    seen: &Seen<'_>,
    sent: &str,
    right: &str,
    secrets: &[users::Known],
) -> rusqlite::Result<String> {
    let rule = rule(seen.method, seen.with_u);
    if DUMMIES.iter().any(|dummy| sent.starts_with(dummy)) {
        return Ok(format!(
            "that hash is a sample of the vendor's page and belongs to no known key; {rule}"
        ));
    }
    if sent == seen.owner.key() {
        return Ok(format!("the key itself was sent in place of a hash; {rule}"));
    }
    if let Some(known) = secrets.iter().find(|known| known.secret == sent) {
        let note = if known.is_key { "" } else { ", which these methods do not take" };
        return Ok(format!("{} was sent in place of a hash{note}; {rule}", known.what));
    }
    let more = seen.asked.all().into_iter().filter(|(name, _)| *name == "hash");
    if more.into_iter().any(|(_, value)| value == right) {
        return Ok("hash was sent more than once, and the one that does not count is right".into());
    }
    if let Some(unfilled) = unfilled(sent) {
        return Ok(format!(
            "{} came in place of a hash; {}",
            unfilled.words(sent),
            unfilled.cure()
        ));
    }
    if let Some(slip) = of_other_u(seen, sent, secrets) {
        return Ok(format!("your hash {slip}; {rule}"));
    }
    if let Some(words) = fragment(sent, right) {
        return Ok(format!("your hash {words}; a hash has {HASH_CHARS} digits"));
    }
    if let Some(digits) = mistyped(sent, right) {
        return Ok(format!("your hash is right but for {digits}; let the client work it out"));
    }
    if seen.bytes() > TRIED_BYTES_MAX {
        return Ok(format!("the parameters are too long to try the usual mistakes; {rule}"));
    }
    for (digest, form) in digests(sent) {
        if let Some(slips) = search(seen, &digest, secrets)? {
            let slips: Vec<String> = slips.into_iter().chain(form.map(str::to_owned)).collect();
            return Ok(format!("your hash {}; {rule}", slips.join(" and ")));
        }
    }
    let length = match sent.chars().count() {
        HASH_CHARS => "",
        _ => " (and a hash has 40 hexadecimal digits)",
    };
    Ok(format!(
        "none of the usual mistakes explains it{length}; check the key, then the values; {rule}"
    ))
}

/// A hash for another `u` than the one that counts, where several came: its owner's key may be another too.
fn of_other_u(seen: &Seen<'_>, sent: &str, secrets: &[users::Known]) -> Option<String> {
    let counts = seen.asked.get("u")?;
    let all = seen.asked.all();
    let others = all.iter().filter(|(name, value)| *name == "u" && *value != counts);
    let of_owner = [seen.owner.key(), seen.owner.settings.secret_key.as_str()];
    let keys = || of_owner.into_iter().chain(secrets.iter().map(|it| it.secret.as_str()));
    for (_, other) in others {
        let values = seen.values.iter().map(|(name, value)| match *name {
            "u" => other.as_ref(),
            _ => value.as_ref(),
        });
        if keys().any(|key| hash::hash(values.clone(), key) == sent) {
            let (other, counts) = (cut(other), cut(&counts));
            return Some(format!(
                "is made for u {other:?}, and u came more than once: {counts:?} counts; send it once"
            ));
        }
    }
    None
}

/// The right hash with something cut off or put around it.
fn fragment(sent: &str, right: &str) -> Option<&'static str> {
    let lower = sent.to_ascii_lowercase();
    if sent.len() >= DIGEST_CHARS_SHOWN && sent.len() < HASH_CHARS && right.starts_with(&lower) {
        return Some("is right as far as it goes, but cut");
    }
    let bare: String = lower.chars().filter(char::is_ascii_alphanumeric).collect();
    if bare == right && !lower.contains(right) {
        return Some("is right, but has separators between its digits");
    }
    let around = lower.len() > HASH_CHARS && lower.contains(right);
    if around && sent.trim().len() == HASH_CHARS {
        return Some("is right, but has blanks or a line feed around it");
    }
    if around && sent.trim_end().ends_with('-') {
        return Some("is right, but carries the blanks and the dash that sha1sum prints");
    }
    around.then_some("is right, but has something else around it")
}

/// Which digits differ from the right hash, where it can only have been mistyped: two digests have some 37
/// of their 40 digits apart.
fn mistyped(sent: &str, right: &str) -> Option<String> {
    let sent = sent.to_ascii_lowercase();
    if sent.len() != right.len() {
        return None;
    }
    let digits = sent.bytes().zip(right.bytes()).enumerate();
    let apart: Vec<usize> = digits.filter(|(_, (a, b))| a != b).map(|(idx, _)| idx + 1).collect();
    match &apart[..] {
        [one] => Some(format!("digit {one}")),
        [one, two] => Some(format!("digits {one} and {two}")),
        _ => None,
    }
}

/// The digests that a text may stand for, with what is wrong with its form.
fn digests(sent: &str) -> Vec<(Vec<u8>, Option<&'static str>)> {
    use base64::Engine;
    use base64::prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD};

    let mut all = Vec::new();
    // Also where sha1sum's dash stands behind it.
    let word = sent.split_whitespace().next().unwrap_or_default();
    let around = (word != sent).then_some("has blanks or a line feed around it");
    let capitals = "is written in capitals";
    if let Some(digest) = unhex(word) {
        let is_capital = word.bytes().any(|byte| byte.is_ascii_uppercase());
        all.push((digest, if is_capital { Some(capitals) } else { around }));
    }
    // A + in a query arrives as a blank.
    let joined = sent.trim().replace(' ', "+");
    let bare = joined.trim_end_matches('=');
    let decoded =
        BASE64_STANDARD_NO_PAD.decode(bare).or_else(|_| BASE64_URL_SAFE_NO_PAD.decode(bare));
    if let Ok(digest) = decoded {
        if let Some(inner) = str::from_utf8(&digest).ok().and_then(unhex) {
            all.push((inner, Some("is the Base64 of the digits")));
        }
        all.push((digest, Some("is written in Base64, not as hexadecimal digits")));
    }
    all
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let is_hex = text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if text.is_empty() || !text.len().is_multiple_of(2) || !is_hex {
        return None;
    }
    let pairs = (0..text.len()).step_by(2);
    pairs.map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect()
}

/// What was done to come to a digest; `None` where no usual mistake does.
fn search(
    seen: &Seen<'_>,
    digest: &[u8],
    secrets: &[users::Known],
) -> rusqlite::Result<Option<Vec<String>>> {
    let key = seen.owner.key();
    let gives = |recipe: &Recipe, key: &str, digestion: Digestion| {
        digestion::gives(digestion, recipe, key, digest)
    };
    let slips = |recipe: &Recipe, key: Option<String>, digestion: Digestion| {
        let parts = [Some(recipe.slip.clone()), key, Some(digestion.slip().to_owned())];
        Some(parts.into_iter().flatten().filter(|slip| !slip.is_empty()).collect())
    };
    let common = hash_mistakes::common(seen);
    let digestions = Digestion::of_length(digest.len());
    for digestion in digestions.iter().copied() {
        if let Some(recipe) = common.iter().find(|recipe| gives(recipe, key, digestion)) {
            return Ok(slips(recipe, None, digestion));
        }
    }
    let simple = hash_mistakes::simple(seen);
    for (what, other) in other_keys(seen, secrets) {
        for digestion in digestions.iter().copied() {
            if let Some(recipe) = simple.iter().find(|recipe| gives(recipe, &other, digestion)) {
                return Ok(slips(recipe, Some(what), digestion));
            }
        }
    }
    let rare = hash_mistakes::rare(seen, TRIED_ROWS_MAX)?;
    for digestion in digestions.iter().copied() {
        if let Some(recipe) = rare.iter().find(|recipe| gives(recipe, key, digestion)) {
            return Ok(slips(recipe, None, digestion));
        }
    }
    Ok(None)
}

/// What may have stood in place of the key, with its name for people.
fn other_keys(seen: &Seen<'_>, secrets: &[users::Known]) -> Vec<(String, String)> {
    let key = seen.owner.key();
    let counts = format!("the key of {} counts", seen.owner.name());
    let with = |what: &str| format!("is made with {what}, where {counts}");
    let mut all = Vec::new();
    if seen.owner.reseller.is_some() {
        let admins = seen.owner.settings.secret_key.clone();
        all.push((with("the administrator's key"), admins));
    }
    all.extend(secrets.iter().map(|known| (with(&known.what), known.secret.clone())));
    all.push(("is made with the key in small letters".into(), key.to_lowercase()));
    all.push(("is made with the key in capitals".into(), key.to_uppercase()));
    all.push(("is made with the key in quotes".into(), format!("\"{key}\"")));
    all.push(("is made with the key and a line feed behind it".into(), format!("{key}\n")));
    all.push(("is made with the key without its blanks".into(), key.trim().to_owned()));
    for word in ["API_Secret_Key", "secret_key", "key", "KEY", "secret"] {
        all.push((format!("is made with the word {word} in place of the key"), word.to_owned()));
    }
    all.push(("is made with the digest of the key in place of the key".into(), sha1_hex(key)));
    // A key that is the right one, and one that is none, were tried already.
    all.retain(|(_, other)| !other.is_empty() && other != key);
    all
}

fn sha1_hex(text: &str) -> String {
    use sha1::{Digest, Sha1};
    hex(&Sha1::digest(text.as_bytes()))
}
