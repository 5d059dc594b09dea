//! What a vendor declares about itself, as data: the core serves, documents, journals and checks
//! every vendor from these tables and knows nothing else about it.

use std::io;

use super::api::Api;
use super::cx::Cx;
use super::evidence::Evidence;
use super::fields::Field;
use super::oracle::Oracle;
use super::reply::{InternalError, Reply};
use super::variant::Variant;
use super::vendor::Call;
use crate::base::seed::Seed;

/// One vendor's tables.
#[derive(Debug)]
pub struct Surface {
    /// The vendor's name in paths, scenarios and the journal; also its folder's name.
    pub vendor: &'static str,
    /// What it is, for people: company, product, version of the API.
    pub title: &'static str,
    /// The vendor's real hosts. A request whose `Host` names one is the vendor's.
    pub hosts: &'static [Host],
    /// The paths that are the vendor's on a shared listener, as far as they are fixed. The first is
    /// the one to show.
    pub prefixes: &'static [&'static str],
    pub operations: &'static [Operation],
    /// How the operations look on the wire.
    pub api: &'static Api,
    /// Every refusal that the vendor can send.
    pub refusals: &'static [&'static Refusal],
    pub variants: &'static [Variant],
    /// The members, columns and elements on the wire, with their evidence.
    pub wire_fields: &'static [WireField],
    pub events: &'static [Event],
    pub tables: &'static [Table],
    /// The vendor's section of a scenario.
    pub scenario: &'static [Field],
    /// How the section is read back from a world, in the order of its collections.
    pub read_back: &'static [ReadBack],
    /// What is in a world and no scenario can say.
    pub omitted: &'static [Omitted],
    /// What must not leave the program unmasked.
    pub secrets: &'static [Secret],
    /// What tells one client from another, for worlds that claim it. The first is meant where a
    /// claim names none; of several in one request, the earlier counts.
    pub credentials: &'static [Credential],
    /// What a client does wrong although it is answered.
    pub oracles: &'static [Oracle],
    /// What the vendor has and Ringback does not.
    pub not_simulated: &'static [Gap],
}

/// A host name of the vendor's.
#[derive(Clone, Copy, Debug)]
pub enum Host {
    Exact(&'static str),
    /// Any host that ends so, dot included: `.maxcontact.com`.
    Suffix(&'static str),
}

impl Host {
    /// Whether a host (lower case, without port) is this one.
    pub fn matches(self, host: &str) -> bool {
        match self {
            Host::Exact(name) => host == name,
            Host::Suffix(end) => host.len() > end.len() && host.ends_with(end),
        }
    }
}

/// One function of a vendor.
pub struct Operation {
    /// `verb_noun`; journal, faults, fixtures, logs and docs all use it.
    pub name: &'static str,
    /// What it does, in a line.
    pub text: &'static str,
    pub method: &'static str,
    /// The path, with what else picks the operation where the path alone does not.
    pub path: &'static str,
    pub access: Access,
    pub evidence: Evidence,
    pub answer: fn(&mut Cx<'_>, &Call<'_>) -> Result<Reply, InternalError>,
}

impl std::fmt::Debug for Operation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Operation").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Whether an operation may change the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    Reads,
    Writes,
}

impl Access {
    pub fn word(self) -> &'static str {
        match self {
            Access::Reads => "reads",
            Access::Writes => "writes",
        }
    }
}

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

/// One member, column or element on the wire.
#[derive(Clone, Copy, Debug)]
pub struct WireField {
    /// The entity that it belongs to.
    pub entity: &'static str,
    /// The vendor's spelling.
    pub name: &'static str,
    pub text: &'static str,
    pub evidence: Evidence,
}

/// Something that happens outside the vendor's API and that a test can bring about.
#[derive(Debug)]
pub struct Event {
    pub name: &'static str,
    pub text: &'static str,
    pub fields: &'static [Field],
}

/// A view of the vendor's state on the admin listener.
#[derive(Debug)]
pub struct Table {
    pub name: &'static str,
    pub text: &'static str,
    /// A complete `SELECT` with an order that ends in a unique column. Its column names are the
    /// names that the view shows.
    pub rows: &'static str,
    /// Columns that are masked.
    pub secrets: &'static [&'static str],
}

/// A value that must not leave the program.
#[derive(Clone, Copy, Debug)]
pub struct Secret {
    /// The name of the JSON member, parameter, form field, XML element, header or cookie; for a
    /// segment of a path the path's end, whose last segment is the value.
    pub name: &'static str,
    pub form: SecretForm,
    /// Masked even where secrets are asked for: a card number has no use in a journal.
    pub always: bool,
}

/// How a secret is told from the text around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretForm {
    /// By its name, wherever that stands.
    Named,
    /// By its name, but as a parameter or a JSON member only: as an element the name means
    /// something else.
    Parameter,
    /// By its place in a path; `{…}` is any segment.
    Segment,
}

impl Secret {
    pub const fn named(name: &'static str) -> Self {
        Secret { name, form: SecretForm::Named, always: false }
    }

    pub const fn parameter(name: &'static str) -> Self {
        Secret { name, form: SecretForm::Parameter, always: false }
    }

    pub const fn segment(path: &'static str) -> Self {
        Secret { name: path, form: SecretForm::Segment, always: false }
    }

    #[must_use]
    pub const fn always(mut self) -> Self {
        self.always = true;
        self
    }
}

/// How a collection of a section, or a table of it, is read back from a world.
#[derive(Clone, Copy, Debug)]
pub struct ReadBack {
    /// The collection or table.
    pub name: &'static str,
    /// A complete `SELECT` in the order in which the rows are to be loaded again. Its columns are
    /// fields; what is NULL is left out. Instants and lengths of time are milliseconds; lists, tables
    /// and inner collections are JSON. It may name `:now_ms`.
    pub rows: &'static str,
    /// Words of a scenario and the texts that are stored for them.
    pub words: &'static [(&'static str, &'static str)],
}

impl ReadBack {
    pub const fn new(name: &'static str, rows: &'static str) -> Self {
        ReadBack { name, rows, words: &[] }
    }

    pub const fn with_words(
        name: &'static str,
        rows: &'static str,
        words: &'static [(&'static str, &'static str)],
    ) -> Self {
        ReadBack { name, rows, words }
    }
}

/// Something in a world that no scenario can say.
#[derive(Clone, Copy, Debug)]
pub struct Omitted {
    pub what: &'static str,
    /// A `SELECT` that counts it.
    pub count: &'static str,
}

/// Something that a request carries and that can lead it to the world which claims it.
#[derive(Clone, Copy, Debug)]
pub struct Credential {
    /// The name that claims use.
    pub name: &'static str,
    /// Where a request carries it.
    pub text: &'static str,
    /// Whether listings mask the value.
    pub secret: bool,
}

/// Bulk rows for a scenario, made up from a seed.
#[derive(Debug)]
pub struct Generator {
    /// `vendor-collection`.
    pub name: &'static str,
    pub text: &'static str,
    /// Writes that many rows as CSV, with a header. The same seed and count give the same bytes.
    pub write: fn(&mut dyn io::Write, u64, Seed) -> io::Result<()>,
}

/// Something of the vendor's that is not simulated.
#[derive(Clone, Copy, Debug)]
pub struct Gap {
    pub what: &'static str,
    pub why: &'static str,
    pub evidence: Evidence,
}

impl Surface {
    pub fn operation(&self, name: &str) -> Option<&'static Operation> {
        self.operations.iter().find(|operation| operation.name == name)
    }

    pub fn event(&self, name: &str) -> Option<&'static Event> {
        self.events.iter().find(|event| event.name == name)
    }

    pub fn table(&self, name: &str) -> Option<&'static Table> {
        self.tables.iter().find(|table| table.name == name)
    }
}
