//! What a request wanted that no operation takes: its words, its method and the key in it together
//! say more than letters that differ.
//!
//! Not here: paths that are only misspelt (`contract::near`), and what the vendor answers
//! (`no_operation`).

use http::Method;

use crate::contract::cx::Cx;
use crate::vendors::jtel::store;
use crate::vendors::jtel::store::contact;
use crate::web::message::Request;

/// What somebody wants to do with contacts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wish {
    Delete,
    Update,
    Import,
    Lock,
    Unlock,
    History,
    Batch,
    Search,
    SetResult,
}

/// The words for each of them, in small letters and without what joins them.
const WISHES: &[(Wish, &[&str])] = &[
    (Wish::Delete, &["delete", "remove", "destroy", "drop", "erase"]),
    (
        Wish::Update,
        &["update", "edit", "change", "modify", "save", "setvalue", "overwrite", "upsert", "patch"],
    ),
    (Wish::Import, &["import", "create", "new", "add", "insert", "upload"]),
    (Wish::Lock, &["lock", "locked", "reserve", "block", "claim", "freeze"]),
    (Wish::Unlock, &["unlock", "unlocked", "release", "free", "unblock", "unreserve"]),
    (Wish::History, &["history", "histories", "calls", "log", "logs", "attempts", "cdr"]),
    (Wish::Batch, &["batch", "bulk", "multi", "many"]),
    (Wish::Search, &["search", "find", "query", "lookup", "byuserdata", "userdata"]),
    (
        Wish::SetResult,
        &["resultcode", "resultcodes", "result", "setresult", "disposition", "outcome"],
    ),
];

/// A path under `/rest/v1.0/`, taken apart.
#[derive(Debug)]
struct Asked<'r> {
    client: &'r str,
    /// The segments behind the account, without empty ones and without `dialler`.
    words: Vec<&'r str>,
    method: Method,
    /// Where another method stands than the request's own, as `_method` in the query.
    overriding: Option<&'static str>,
    /// The key of one's own in the query, as it was sent.
    user_data: Option<&'r str>,
    is_import: bool,
}

impl<'r> Asked<'r> {
    fn of(request: &'r Request) -> Option<Self> {
        let rest = request.path().strip_prefix(ROOT)?;
        let mut words = rest.split('/').filter(|word| !word.is_empty());
        let client = words.next().filter(|client| is_digits(client))?;
        let is_own = |word: &&str| !["dialler", "dialer"].contains(&folded(word).as_str());
        let overridden = overridden(request);
        let mut pairs = request.query().unwrap_or_default().split('&');
        let user_data = pairs.find_map(|pair| pair.strip_prefix("userData="));
        Some(Asked {
            client,
            words: words.filter(is_own).collect(),
            method: overridden.as_ref().map_or_else(|| request.method.clone(), |it| it.0.clone()),
            overriding: overridden.map(|it| it.1),
            user_data: user_data.filter(|value| !value.is_empty()),
            is_import: rest.ends_with("/contacts/import"),
        })
    }

    fn has(&self, noun: &[&str]) -> bool {
        self.words.iter().any(|word| noun.contains(&folded(word).as_str()))
    }

    fn wish(&self) -> Option<Wish> {
        let named = |word: &&str| {
            WISHES.iter().find(|(_, words)| words.contains(&folded(word).as_str())).map(|it| it.0)
        };
        match self.words.iter().rev().find_map(named) {
            // Who takes the lock away wants to unlock.
            Some(Wish::Lock) if self.method == Method::DELETE => Some(Wish::Unlock),
            wish => wish,
        }
    }

    /// The ID or the key of one's own that the path holds.
    fn key(&self) -> Option<&'r str> {
        let is_noun = |word: &str| CONTACTS.contains(&folded(word).as_str());
        let is_word = |word: &str| WISHES.iter().any(|(_, it)| it.contains(&folded(word).as_str()));
        self.words.iter().copied().find(|word| !is_noun(word) && !is_word(word))
    }

    /// Whether there is a word beside the nouns, the wishes and one ID.
    fn has_other_words(&self) -> bool {
        let is_known = |word: &str| {
            let folded = folded(word);
            CONTACTS.contains(&folded.as_str())
                || is_digits(word)
                || WISHES.iter().any(|(_, words)| words.contains(&folded.as_str()))
        };
        self.words.iter().any(|word| !is_known(word))
    }

    fn path(&self, rest: &str) -> String {
        format!("{ROOT}{}/dialler/{rest}", self.client)
    }
}

/// The method that a client asks for beside the one that it sends, and where. No vendor reads it.
fn overridden(request: &Request) -> Option<(Method, &'static str)> {
    let word = |name: &'static str| {
        let value = request.headers.get(name)?.to_str().ok()?;
        Some((value.to_owned(), name))
    };
    let in_header = OVERRIDING.iter().copied().find_map(word);
    let query = request.query().unwrap_or_default();
    let in_query = || {
        let value = query.split('&').find_map(|pair| pair.strip_prefix("_method="))?;
        Some((value.to_owned(), "_method in the query"))
    };
    let (word, place) = in_header.or_else(in_query)?;
    let method = Method::from_bytes(word.to_ascii_uppercase().as_bytes()).ok()?;
    (method != request.method).then_some((method, place))
}

/// Headers that ask for another method.
const OVERRIDING: &[&str] = &["x-http-method-override", "x-http-method", "x-method-override"];

const ROOT: &str = "/rest/v1.0/";

const CONTACTS: &[&str] = &["contact", "contacts"];

const CAMPAIGNS: &[&str] = &["campaign", "campaigns"];

/// A word in small letters and without what joins its parts.
fn folded(word: &str) -> String {
    word.chars().filter(|it| it.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// What to do instead; `None` where the request does not say what it wants.
///
/// `lock` is the method with which this world locks and unlocks.
pub(crate) fn meant(request: &Request, lock: &str) -> Option<String> {
    let asked = Asked::of(request)?;
    let hint = wanted(request, &asked, lock)?;
    Some(match asked.overriding {
        Some(how) => format!("{hint} The method is the request's own; {how} is not read"),
        None => hint,
    })
}

fn wanted(request: &Request, asked: &Asked<'_>, lock: &str) -> Option<String> {
    if asked.has(CAMPAIGNS) {
        return of_campaigns(asked);
    }
    if asked.words == ["contact"] && asked.user_data.is_some() {
        return Some(on_one(asked, asked.method.as_str(), ""));
    }
    // Of a path that is there, only the method is another one. History is of contacts alone.
    let is_history = || asked.wish() == Some(Wish::History) && asked.key().is_some_and(is_digits);
    if !asked.has(CONTACTS) && !is_history() || asked.is_import {
        return None;
    }
    let by_method = match asked.method {
        Method::DELETE => Some(Wish::Delete),
        // A word that says nothing is most likely misspelt.
        _ if asked.key().is_some_and(|key| !is_digits(key)) || asked.has_other_words() => None,
        Method::PUT | Method::PATCH if has(request, "\"IDList\"") => Some(Wish::Batch),
        Method::PUT | Method::PATCH if has(request, "\"UserDataList\"") => Some(Wish::Batch),
        Method::PUT | Method::PATCH if has(request, "\"lock") => Some(Wish::Lock),
        Method::PUT | Method::PATCH => Some(Wish::Update),
        Method::POST if asked.key().is_some() => Some(Wish::Update),
        Method::POST if has(request, "\"IDList\"") => Some(Wish::Batch),
        Method::POST if has(request, "\"UserDataList\"") => Some(Wish::Batch),
        // A key of one's own without a contact round it is looked for.
        Method::POST
            if asked.wish().is_none() && asked.user_data.is_some() && !has(request, "\"Name\"") =>
        {
            return Some(on_one(asked, "GET", ""));
        }
        Method::POST if has(request, "\"userData\"") && !has(request, "\"Name\"") => {
            Some(Wish::Search)
        }
        Method::POST => Some(Wish::Import),
        _ => None,
    };
    let hint = match asked.wish().or(by_method)? {
        Wish::Delete => Some(on_one(asked, "DELETE", "")),
        Wish::Lock => Some(on_one(asked, lock, "/lock")),
        Wish::Unlock => Some(on_one(asked, lock, "/unlock")),
        Wish::History => Some(on_one(asked, "GET", "/history")),
        Wish::Search => {
            Some(format!("did you mean GET {}?userData=…?", asked.path("contacts/contact")))
        }
        Wish::Batch => {
            let lists = r#"{"UserDataList": ["…"], "IDList": [1]}"#;
            Some(format!("many contacts are read with POST {} and {lists}", asked.path("contacts")))
        }
        Wish::Import => Some(format!(
            "one contact is imported with POST {}, its members at the top of the body",
            asked.path("contacts/import")
        )),
        Wish::Update => Some(format!(
            "there is no update: import the contact anew with POST {}?overwriteDuplicates=true and \
             the same UserData",
            asked.path("contacts/import")
        )),
        Wish::SetResult => Some(
            "no function sets a result code; agents do, and here the event record_result does"
                .into(),
        ),
    };
    // A path that is there with this method is no advice.
    let own = format!("{} {}?", request.method, request.path());
    hint.filter(|hint| !hint.contains(&own))
}

/// Whether a body holds a word, in any capitals.
fn has(request: &Request, word: &str) -> bool {
    request.body.windows(word.len()).any(|it| it.eq_ignore_ascii_case(word.as_bytes()))
}

/// The function that acts on one contact: by the ID or the key in the path, else by one in the query.
fn on_one(asked: &Asked<'_>, method: &str, verb: &str) -> String {
    let by_key = |key: &str| {
        let path = asked.path(&format!("contacts/contact{verb}"));
        format!("did you mean {method} {path}?userData={key}?")
    };
    let key = asked.key();
    if let Some(id) = key.filter(|key| is_digits(key)) {
        let path = asked.path(&format!("contacts/contact/{id}{verb}"));
        return format!("did you mean {method} {path}?");
    }
    match key.or(asked.user_data) {
        Some(key) => by_key(key),
        None if method == "DELETE" => {
            let path = asked.path("contacts/contact");
            format!("one contact per request: DELETE {path}/{{id}}, or DELETE {path}?userData=…")
        }
        None => by_key("…"),
    }
}

/// What was wanted of campaigns.
fn of_campaigns(asked: &Asked<'_>) -> Option<String> {
    let id = asked.words.iter().find(|word| is_digits(word));
    if asked.has(CONTACTS) {
        let list = asked.path("contacts");
        return Some(match (&asked.method, id) {
            (&Method::GET, Some(id)) => format!("did you mean GET {list}?diallerCampaignsID={id}?"),
            (&Method::GET, None) => format!("did you mean GET {list}?diallerCampaignsID=…?"),
            _ => format!(
                "did you mean POST {list}/import? The campaign is named in the body, as \
                 DiallerCampaignsID"
            ),
        });
    }
    let verb = asked.words.iter().map(|word| folded(word)).find(|word| {
        ["start", "stop", "pause", "resume", "run", "activate", "deactivate"]
            .contains(&word.as_str())
    });
    if verb.is_some() {
        let hint = "no function starts or stops a campaign; here the events start_campaign and \
                    stop_campaign do";
        return Some(hint.into());
    }
    let changes = ["clone", "copy", "create", "new", "update", "delete", "edit"];
    let is_change = asked.words.iter().any(|word| changes.contains(&folded(word).as_str()));
    let is_read = asked.method == Method::GET || asked.method == Method::HEAD;
    let is_known =
        [Method::POST, Method::PUT, Method::PATCH, Method::DELETE].contains(&asked.method);
    (is_change || !is_read && is_known).then(|| {
        format!(
            "the vendor's known functions only read campaigns: GET {} lists them",
            asked.path("campaigns")
        )
    })
}

/// What stands in a path where an ID belongs, as far as the world knows it: a key of one's own, or a
/// campaign's name.
///
/// `lock` is the method with which this world locks and unlocks.
pub(crate) fn known_word(
    cx: &Cx<'_>,
    request: &Request,
    word: &str,
    lock: &str,
) -> rusqlite::Result<Option<(String, String)>> {
    let Some(asked) = Asked::of(request) else { return Ok(None) };
    let client_id = asked.client.parse().unwrap_or_default();
    if asked.has(CAMPAIGNS) {
        let Some(id) = store::campaign_by_name(cx.db(), client_id, word)? else { return Ok(None) };
        let found = format!("{word:?}, the name of campaign {id}");
        return Ok(Some((
            found,
            format!("did you mean GET {}?", asked.path(&format!("campaigns/{id}"))),
        )));
    }
    if contact::ids(cx.db(), client_id, word, None)?.is_empty() {
        return Ok(None);
    }
    let own = asked.method.as_str();
    let (method, verb) = match asked.wish() {
        Some(Wish::Lock) => (lock, "/lock"),
        Some(Wish::Unlock) => (lock, "/unlock"),
        Some(Wish::History) => (own, "/history"),
        _ => (own, ""),
    };
    let path = asked.path(&format!("contacts/contact{verb}"));
    let sent = asked.key().unwrap_or("…");
    let hint = format!("a key of your own goes into the query: {method} {path}?userData={sent}");
    Ok(Some((format!("{word:?}, the UserData of a contact"), hint)))
}
