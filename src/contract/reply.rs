//! What an operation answers: the vendor's response, and beside it what really happened.

use std::borrow::Cow;
use std::error::Error;
use std::num::ParseIntError;
use std::path::PathBuf;
use std::{fmt, io};

use http::header::{self, InvalidHeaderValue};
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::base::limits::{EDIT_BYTES_MAX, POINTER_CHARS_MAX};
use crate::base::text::{excerpt, sentence};
use crate::base::time::Instant;
use crate::base::unfit::Unfit;
use crate::contract::evidence::Evidence;
use crate::contract::machine::Move;
use crate::store::database::OpenError;
use crate::store::folder::error::FolderError;
use crate::store::folder::trouble::StorageTrouble;
use crate::web::diagnosis::body::diagnose;
use crate::web::diagnosis::form::diagnose_value;
use crate::web::diagnosis::report::{Asked, Body, Diagnosis, Edit, Kind};
use crate::web::message::{Request, Response};

/// How an exchange ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Ok,
    /// The vendor said no. There is a `why`.
    Refused,
    /// Ringback's own fault; the vendor's 500 was sent.
    Error,
    /// A rule of the world's struck before anything was done.
    Faulted,
    /// A fixed reply of the scenario's was sent; nothing was done.
    Canned,
}

impl Outcome {
    /// All of them, in their order.
    pub const ALL: [Outcome; 5] =
        [Outcome::Ok, Outcome::Refused, Outcome::Error, Outcome::Faulted, Outcome::Canned];

    /// Their names, in their order.
    pub const NAMES: [&str; 5] = {
        let mut names = [""; 5];
        let mut idx = 0;
        // A constant can be made in no other kind of loop.
        while idx < names.len() {
            names[idx] = Outcome::ALL[idx].name();
            idx += 1;
        }
        names
    };

    /// The one of this name.
    pub fn named(name: &str) -> Option<Outcome> {
        Outcome::ALL.into_iter().find(|outcome| outcome.name() == name)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Outcome::Ok => "ok",
            Outcome::Refused => "refused",
            Outcome::Error => "error",
            Outcome::Faulted => "faulted",
            Outcome::Canned => "canned",
        }
    }
}

/// The reason behind a refusal, in the vendor's own terms. Beside the wire, never on it.
#[derive(Clone, Debug, PartialEq)]
pub struct Why {
    pub rule: &'static str,
    /// Where in the request it is, where that is one place: a line and a column, a member, a header.
    pub at: Option<String>,
    pub expected: String,
    pub found: String,
    /// What to change in the client.
    pub hint: String,
    /// The change itself, where it is exact: a request with it gets past this rule.
    pub edit: Option<Edit>,
    /// Evidence that the vendor refuses this, and so.
    pub evidence: Evidence,
}

impl Why {
    /// The reason behind a refusal, in words.
    pub fn new(
        refusal: &'static Refusal,
        expected: impl Into<String>,
        found: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Why {
            rule: refusal.rule,
            at: None,
            expected: expected.into(),
            found: found.into(),
            hint: hint.into(),
            edit: None,
            evidence: refusal.evidence,
        }
    }

    /// The reason on one line.
    pub fn to_line(&self) -> String {
        let Why { rule, at, expected, found, hint, .. } = self;
        let at = at.as_ref().map(|at| format!(" at {at}")).unwrap_or_default();
        sentence(format!("{rule}: expected {expected}, found {found}{at}; {hint}")).into_owned()
    }

    /// The reason behind a refusal of a request's body, which was not what is asked for; `None` where
    /// nothing about it is plain.
    pub fn of_body(
        refusal: &'static Refusal,
        request: &Request,
        asked: &Asked<'_>,
    ) -> Option<(Self, Kind)> {
        let body = Body {
            bytes: &request.body,
            content_type: request.header(&header::CONTENT_TYPE),
            content_encoding: request.header(&header::CONTENT_ENCODING),
        };
        let found = diagnose(&body, asked)?;
        let kind = found.kind;
        Some((Why::diagnosed(refusal, found), kind))
    }

    /// The reason behind a refusal of a value of the query, where its bytes as they were sent are plainly
    /// not what was meant: a `+` that became a blank, escapes of another encoding, escapes of escapes.
    pub fn of_query_value(
        refusal: &'static Refusal,
        request: &Request,
        name: &str,
    ) -> Option<Self> {
        let raw = raw_value(request.query()?, name)?;
        let found = diagnose_value(raw.as_bytes())?;
        let edited = match &found.edit {
            Some(Edit::Body(edited)) => std::str::from_utf8(edited).ok().map(str::to_owned),
            _ => None,
        };
        let mut why = Why::diagnosed(refusal, found);
        why.at = Some(format!("the query parameter {name}"));
        why.expected = "text in UTF-8, percent-encoded once".into();
        why.found = excerpt(raw, VALUE_CHARS_MAX);
        why.edit = None;
        if let Some(edited) = edited.filter(|edited| edited.len() <= VALUE_CHARS_MAX) {
            why.hint = format!("{}: {name}={edited}", why.hint);
        }
        Some(why)
    }

    /// The reason behind a refusal of what was diagnosed.
    pub fn diagnosed(refusal: &'static Refusal, diagnosis: Diagnosis) -> Self {
        let Diagnosis { at, expected, found, cure, edit, .. } = diagnosis;
        let pointer = at.pointer.as_deref().filter(|pointer| pointer.len() > 1);
        let within = pointer.map(|pointer| format!(", in {}", excerpt(pointer, POINTER_CHARS_MAX)));
        Why {
            rule: refusal.rule,
            at: Some(format!("{at}{}", within.unwrap_or_default())),
            expected: expected.into_owned(),
            found: without_tokens(&found),
            hint: cure.into_owned(),
            edit: edit.filter(is_short),
            evidence: refusal.evidence,
        }
    }
}

/// Longest value of the query that is told in full; what people look for is shorter.
const VALUE_CHARS_MAX: usize = 200;

/// The first value of a name in a query, as it was sent.
fn raw_value<'q>(query: &'q str, name: &str) -> Option<&'q str> {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(sent, _)| *sent == name).map(|(_, value)| value)
}

/// What was found, without the words in its excerpt that may be a part of a key, a token or a card's
/// number: an excerpt can begin or end inside one, and what is a part of a secret is not known as one.
fn without_tokens(found: &str) -> String {
    let Some(start) = found.find('"') else { return found.to_owned() };
    let mut told = found[..start].to_owned();
    for word in found[start..].split_inclusive(|it| !is_of_token(it)) {
        let token = word.trim_end_matches(|it| !is_of_token(it));
        let n_digits = token.bytes().filter(u8::is_ascii_digit).count();
        if token.len() >= TOKEN_CHARS_MIN && n_digits >= TOKEN_DIGITS_MIN {
            told.push('…');
            told.push_str(&word[token.len()..]);
        } else {
            told.push_str(word);
        }
    }
    told
}

fn is_of_token(it: char) -> bool {
    it.is_ascii_alphanumeric() || "_+/=".contains(it)
}

/// Fewest characters of a word that may be a part of a secret. Shorter ones are no use to anybody.
const TOKEN_CHARS_MIN: usize = 8;

/// Fewest digits in such a word, so that names of members are told: `PhoneNumber1`.
const TOKEN_DIGITS_MIN: usize = 2;

/// Whether an edit is short enough to be told.
fn is_short(edit: &Edit) -> bool {
    match edit {
        Edit::Body(body) => body.len() <= EDIT_BYTES_MAX,
        Edit::ContentType(_) => true,
    }
}

/// One change to the world, in the vendor's terms: `contact 301501 locked`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// World time of the change; for what a timer did, the time at which it was due.
    pub at: Instant,
    /// Whose world it changed; `None` in what a build wrote that did not tell.
    pub vendor: Option<Cow<'static, str>>,
    pub text: String,
    /// What it moved from one state to another.
    pub moved: Vec<Move>,
}

impl Effect {
    pub fn to_json(&self) -> Value {
        let mut shown = json!({ "at": self.at.to_string(), "text": self.text });
        if let Some(vendor) = &self.vendor {
            shown["vendor"] = vendor.as_ref().into();
        }
        if !self.moved.is_empty() {
            shown["moved"] = json!(self.moved);
        }
        shown
    }
}

/// An operation's answer.
#[derive(Debug)]
pub struct Reply {
    pub response: Response,
    /// What makes the body while it is sent; the response's own is empty then.
    pub rows: Option<Box<dyn Rows>>,
    pub outcome: Outcome,
    pub why: Option<Box<Why>>,
}

/// A long body, written row by row from the world's state as it was when the operation ended. The
/// world goes on meanwhile.
pub trait Rows: Send + fmt::Debug {
    /// Writes the whole body.
    ///
    /// # Errors
    /// Where SQLite fails or the reader has gone away.
    fn write(
        self: Box<Self>,
        db: &Connection,
        out: &mut dyn io::Write,
    ) -> Result<(), InternalError>;
}

impl Reply {
    pub fn ok(response: Response) -> Self {
        Reply { response, rows: None, outcome: Outcome::Ok, why: None }
    }

    /// A long answer: status and headers now, the body row by row.
    pub fn streamed(response: Response, rows: impl Rows + 'static) -> Self {
        Reply { response, rows: Some(Box::new(rows)), outcome: Outcome::Ok, why: None }
    }

    /// A refusal, with the reason behind it.
    pub fn refused(
        response: Response,
        refusal: &'static Refusal,
        expected: impl Into<String>,
        found: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Reply::refused_because(response, Why::new(refusal, expected, found, hint))
    }

    /// A refusal whose reason is told already.
    pub fn refused_because(response: Response, why: Why) -> Self {
        Reply { response, rows: None, outcome: Outcome::Refused, why: Some(Box::new(why)) }
    }
}

/// Why an operation stops before its end: the vendor says no, in a form of its own, or Ringback
/// fails.
#[derive(Debug)]
pub enum Stop<No> {
    No(Box<No>),
    Internal(InternalError),
}

impl<No> From<InternalError> for Stop<No> {
    fn from(error: InternalError) -> Self {
        Stop::Internal(error)
    }
}

impl<No> From<rusqlite::Error> for Stop<No> {
    fn from(error: rusqlite::Error) -> Self {
        Stop::Internal(error.into())
    }
}

/// A fault of Ringback's own: SQLite, the file system, or a broken invariant. The world rolls back,
/// logs it once and sends the vendor's own 500.
///
/// It is printed as what was being done; `base::chain::Chain` prints its causes too.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct InternalError(Box<Failure>);

#[derive(Debug, thiserror::Error)]
enum Failure {
    /// Another's error, or a broken invariant in words.
    #[error(transparent)]
    Cause(Box<dyn Error + Send + Sync>),
    #[error("cannot {what}")]
    Doing { what: String, source: Box<dyn Error + Send + Sync> },
    #[error("cannot {what} {}", path.display())]
    At { what: &'static str, path: PathBuf, source: Box<dyn Error + Send + Sync> },
}

impl InternalError {
    /// A broken invariant in words, or an error that says all there is to say.
    pub fn new(reason: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        InternalError(Box::new(Failure::Cause(reason.into())))
    }

    /// Something that failed at a file: `"rename the seed file"`, its path, and why.
    pub fn at(
        what: &'static str,
        path: impl Into<PathBuf>,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        let (path, source) = (path.into(), source.into());
        InternalError(Box::new(Failure::At { what, path, source }))
    }

    /// Says what was being done, such as `"read the rules for faults"`; this error is its cause.
    #[must_use]
    pub fn doing(self, what: impl Into<String>) -> Self {
        let source: Box<dyn Error + Send + Sync> = match *self.0 {
            Failure::Cause(cause) => cause,
            other => Box::new(InternalError(Box::new(other))),
        };
        InternalError(Box::new(Failure::Doing { what: what.into(), source }))
    }

    /// The error of this kind that led to it; `None` where none did.
    pub fn cause<E: Error + 'static>(&self) -> Option<&E> {
        let mut next: Option<&(dyn Error + 'static)> = Some(self.beneath());
        while let Some(error) = next {
            let within = || error.downcast_ref::<InternalError>()?.cause();
            let found = error.downcast_ref().or_else(within);
            if found.is_some() {
                return found;
            }
            next = error.source();
        }
        None
    }

    fn beneath(&self) -> &(dyn Error + 'static) {
        match &*self.0 {
            Failure::Cause(source) | Failure::Doing { source, .. } | Failure::At { source, .. } => {
                source.as_ref()
            }
        }
    }

    /// What it says of the disk; `None` where it is about something else.
    pub fn trouble(&self) -> Option<StorageTrouble> {
        let mut next: Option<&(dyn Error + 'static)> = Some(self.beneath());
        while let Some(error) = next {
            let of_sqlite = || StorageTrouble::of(error.downcast_ref()?);
            let of_opening = || error.downcast_ref::<OpenError>()?.trouble();
            let within = || error.downcast_ref::<InternalError>()?.trouble();
            let said = error.downcast_ref::<StorageTrouble>().cloned();
            let of_folder = || error.downcast_ref::<FolderError>()?.trouble();
            let found = said.or_else(of_sqlite).or_else(of_opening);
            let found = found.or_else(of_folder).or_else(within);
            if found.is_some() {
                return found;
            }
            next = error.source();
        }
        None
    }
}

/// What to say of an attempt, should it fail.
pub trait Doing<T> {
    /// Says what was being done.
    ///
    /// # Errors
    /// Where the attempt failed.
    fn doing(self, what: &'static str) -> Result<T, InternalError>;

    /// Says what was being done at which file.
    ///
    /// # Errors
    /// Where the attempt failed.
    fn doing_at(self, what: &'static str, path: impl Into<PathBuf>) -> Result<T, InternalError>;
}

impl<T, E: Into<Box<dyn Error + Send + Sync>>> Doing<T> for Result<T, E> {
    fn doing(self, what: &'static str) -> Result<T, InternalError> {
        self.map_err(|error| InternalError::new(error).doing(what))
    }

    fn doing_at(self, what: &'static str, path: impl Into<PathBuf>) -> Result<T, InternalError> {
        self.map_err(|error| InternalError::at(what, path, error))
    }
}

/// Makes `?` take errors that come up everywhere, as they are.
macro_rules! from {
    ($($error:ty),+ $(,)?) => {$(
        impl From<$error> for InternalError {
            fn from(error: $error) -> Self {
                InternalError::new(error)
            }
        }
    )+};
}

from!(
    InvalidHeaderValue,
    OpenError,
    ParseIntError,
    Unfit,
    io::Error,
    rusqlite::Error,
    serde_json::Error,
);

/// One way in which the vendor says no.
#[derive(Debug)]
pub struct Refusal {
    /// `vendor.rule`; the name in the journal's `why`.
    pub rule: &'static str,
    /// The vendor's code for it, or the HTTP status where that is the code.
    pub code: &'static str,
    /// The vendor's words on the wire; empty where it sends none.
    pub text: &'static str,
    /// When it is sent, for people.
    pub when: &'static str,
    /// Evidence for the code and the text.
    pub evidence: Evidence,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::chain::Chain;
    use crate::web::diagnosis::report::Wanted;

    fn lost() -> io::Error {
        io::Error::other("the disk is gone")
    }

    #[test]
    fn an_error_keeps_what_was_done_where_and_why() {
        assert_eq!(Chain(&InternalError::from(lost())).to_string(), "the disk is gone");
        let renamed: Result<(), InternalError> =
            Err(lost()).doing_at("rename the seed file", "a.db");
        let error = renamed.unwrap_err();
        assert_eq!(error.to_string(), "cannot rename the seed file a.db");
        let error = error.doing("begin the world again");
        assert_eq!(error.to_string(), "cannot begin the world again");
        assert_eq!(
            Chain(&error).to_string(),
            "cannot begin the world again: cannot rename the seed file a.db: the disk is gone"
        );
    }

    static NOT_JSON: Refusal = Refusal {
        rule: "toy.json",
        code: "400",
        text: "no",
        when: "the body is no JSON",
        evidence: Evidence::Assumed("toy 1"),
    };

    #[test]
    fn a_diagnosis_is_told_with_its_place_and_its_edit() {
        let asked = Asked::new(Wanted::JsonObject);
        let told = |body: &str| {
            let found = diagnose(&Body::plain(body.as_bytes()), &asked).unwrap();
            Why::diagnosed(&NOT_JSON, found)
        };
        let why = told(r#"{"a": 1,}"#);
        assert_eq!(why.rule, "toy.json");
        assert_eq!(why.at.as_deref(), Some("line 1, column 8 (byte 7)"));
        assert_eq!(why.edit, Some(Edit::Body(br#"{"a": 1}"#.to_vec())));
        assert!(why.to_line().contains(" at line 1, column 8 (byte 7); "), "{}", why.to_line());
        // An excerpt may hold a part of a secret.
        let key = told(r#"{"PhoneNumber1": 1, "key": "0f1e2d3c4b5a69788796a5b4c3d2e1f0",}"#);
        assert_eq!(key.found, r#""…\",}""#);
        // A long one would be the client's own body.
        let long = told(&format!("{{\"a\": \"{}\",}}", "x".repeat(EDIT_BYTES_MAX)));
        assert_eq!(long.edit, None);
    }

    #[test]
    fn a_broken_invariant_is_its_own_reason() {
        let error = InternalError::new("the seed holds no settings");
        assert!(error.source().is_none());
        let error = error.doing("put the seed back");
        assert_eq!(error.source().unwrap().to_string(), "the seed holds no settings");
    }
}
