//! What a vendor declares about itself, as data: the core serves, documents, journals and checks
//! every vendor from these tables and knows nothing else about it.

use std::fmt;
use std::io;

use crate::base::seed::Seed;
use crate::contract::api::Api;
use crate::contract::board::Board;
use crate::contract::event::Event;
use crate::contract::evidence::Evidence;
use crate::contract::fields::Field;
use crate::contract::machine::Machine;
use crate::contract::operation::Operation;
use crate::contract::oracle::Oracle;
use crate::contract::read_back::{Omitted, ReadBack};
use crate::contract::reply::Refusal;
use crate::contract::secret::Secret;
use crate::contract::variant::{Chosen, Variant};
use crate::web::host_pattern::{Host as OneHost, HostPattern};

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
    /// the one to show. None begins with the name of a vendor: `/{vendor}` is passed over at the
    /// start of a path, so the vendor would never see it; [`Vendors::check`] refuses that.
    ///
    /// [`Vendors::check`]: crate::contract::vendor::Vendors::check
    pub prefixes: &'static [&'static str],
    pub operations: &'static [Operation],
    /// How the operations look on the wire.
    pub api: &'static Api,
    /// Every refusal that the vendor can send.
    pub refusals: &'static [&'static Refusal],
    /// Those of them that say that nobody is known by what the request carries. Only they are told with
    /// the vendor whose credential it is.
    pub unknown_credentials: &'static [&'static Refusal],
    pub variants: &'static [Variant],
    /// The members, columns and elements on the wire, with their evidence.
    pub wire_fields: &'static [WireField],
    pub events: &'static [Event],
    pub tables: &'static [Table],
    /// How the tables are shown to people, the most telling first.
    pub boards: &'static [Board],
    /// What goes from state to state.
    pub machines: &'static [Machine],
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
    /// As hosts are held against it.
    pub(crate) fn pattern(self) -> HostPattern {
        match self {
            Host::Exact(name) => HostPattern::One(OneHost::Name(name.to_owned())),
            Host::Suffix(end) => HostPattern::Below(end.trim_start_matches('.').to_owned()),
        }
    }
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

/// As people write it: `api.example.com`, `*.example.com`.
impl fmt::Display for Host {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Host::Exact(name) => out.write_str(name),
            Host::Suffix(end) => write!(out, "*{end}"),
        }
    }
}

impl Surface {
    /// Declares nothing. A vendor has at least a name of its own.
    pub const BARE: Surface = Surface {
        vendor: "",
        title: "",
        hosts: &[],
        prefixes: &[],
        operations: &[],
        api: &Api::NONE,
        refusals: &[],
        unknown_credentials: &[],
        variants: &[],
        wire_fields: &[],
        events: &[],
        tables: &[],
        boards: &[],
        machines: &[],
        scenario: &[],
        read_back: &[],
        omitted: &[],
        secrets: &[],
        credentials: &[],
        oracles: &[],
        not_simulated: &[],
    };

    pub fn operation(&self, name: &str) -> Option<&'static Operation> {
        self.operations.iter().find(|operation| operation.name == name)
    }

    pub fn event(&self, name: &str) -> Option<&'static Event> {
        self.events.iter().find(|event| event.name == name)
    }

    /// Whether a switch stands at a position, both by their names.
    pub(crate) fn is_at(&self, chosen: &Chosen, switch: &str, position: &str) -> bool {
        self.variants.iter().enumerate().any(|(idx, variant)| {
            variant.name == switch && variant.position(position) == Some(chosen.position(idx))
        })
    }

    /// The names of the columns that hold credentials. Events and scenarios have them under these
    /// names too.
    pub(crate) fn secret_columns(&self) -> Vec<&'static str> {
        self.tables.iter().flat_map(|table| table.secrets.iter().copied()).collect()
    }

    /// What a refusal sends, for people: the HTTP status and the vendor's own code told apart, with its
    /// words as they are shown. Of a code's statuses it depends on the switches which one comes.
    pub fn answer(&self, refusal: &Refusal, words: &str) -> String {
        let with_words = |what: String| {
            if words.is_empty() { what } else { format!("{what} {words}") }
        };
        let of_rule = self.api.replies.iter().filter(|it| it.rules.contains(&refusal.rule));
        let mut statuses: Vec<u16> = of_rule.map(|it| it.status).collect();
        statuses.sort_unstable();
        statuses.dedup();
        let as_status = refusal.code.parse().ok().filter(|it| (100..600).contains(it));
        if as_status.is_some_and(|it| statuses.is_empty() || statuses.contains(&it)) {
            return with_words(format!("HTTP {}", refusal.code));
        }
        let answer = with_words(format!("code {}", refusal.code));
        let statuses: Vec<String> = statuses.iter().map(ToString::to_string).collect();
        match statuses.split_last() {
            None => answer,
            Some((one, [])) => format!("{answer}, HTTP {one}"),
            Some((last, others)) => format!("{answer}, HTTP {} or {last}", others.join(", ")),
        }
    }

    pub fn table(&self, name: &str) -> Option<&'static Table> {
        self.tables.iter().find(|table| table.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::api::Sent;

    static NO: Refusal = Refusal {
        rule: "bell.no",
        code: "403",
        text: "",
        when: "",
        evidence: Evidence::Assumed("bell 1"),
    };

    const fn sent(status: u16) -> Sent {
        Sent {
            operations: &[],
            status,
            media_types: &[],
            text: "",
            rules: &["bell.no"],
            evidence: Evidence::Assumed("bell 1"),
        }
    }

    #[test]
    fn a_status_is_told_from_a_code_of_the_vendors() {
        static TOLD: Api = Api { replies: &[sent(403)], ..Api::NONE };
        static OTHER: Api = Api { replies: &[sent(405), sent(200), sent(200)], ..Api::NONE };
        let with = |api| Surface { api, ..Surface::BARE };
        assert_eq!(with(&Api::NONE).answer(&NO, ""), "HTTP 403");
        assert_eq!(with(&TOLD).answer(&NO, "No"), "HTTP 403 No");
        assert_eq!(with(&OTHER).answer(&NO, "No"), "code 403 No, HTTP 200 or 405");
        let minus = Refusal { code: "-2", ..NO };
        assert_eq!(with(&Api::NONE).answer(&minus, ""), "code -2");
        assert_eq!(with(&TOLD).answer(&minus, ""), "code -2, HTTP 403");
    }
}
