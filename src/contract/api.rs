//! How a vendor's operations look on the wire, as data: parameters with their places, further paths,
//! credentials, replies with their statuses and media types. The vendor's OpenAPI document is made
//! from it, and a test holds what is served to it.

use crate::base::nearest::{is_same_name, nearest};
use crate::contract::evidence::Evidence;
use crate::contract::fields::Kind;

/// One vendor's wire.
#[derive(Debug)]
pub struct Api {
    pub params: &'static [Param],
    /// JSON bodies that have more members than `params` names: an entity's wire fields.
    pub bodies: &'static [Body],
    pub further: &'static [Further],
    pub credentials: &'static [Credential],
    pub replies: &'static [Sent],
    /// How paths are read, where that is not letter by letter.
    pub paths_text: &'static str,
    /// What is signed with what, by operation: the values in their order, of which those that are not
    /// sent are left out.
    pub signed: &'static [Signed],
    /// Whether the names of parameters in a query or a form are found in any case.
    pub names_in_any_case: bool,
    /// Which value counts of a parameter that came several times in a query or a form.
    pub repeated: Repeated,
    /// Parameters that people send to operations that have none of the kind.
    pub ignored: &'static [Ignored],
    /// What people usually call a parameter, a member or a column elsewhere, and its name here:
    /// `("username", "u")`. Capitals and what joins words do not count.
    pub other_names: &'static [(&'static str, &'static str)],
}

/// One parameter.
#[derive(Clone, Copy, Debug)]
pub struct Param {
    /// The operations that have it; none named means all.
    pub operations: &'static [&'static str],
    pub name: &'static str,
    /// Where it may stand.
    pub places: &'static [Place],
    pub kind: Kind,
    pub required: bool,
    pub text: &'static str,
    pub evidence: Evidence,
}

/// Which value counts of a parameter that came several times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeated {
    First,
    Last,
    /// All of them, with commas between.
    Joined,
}

impl Repeated {
    pub fn word(self) -> &'static str {
        match self {
            Repeated::First => "first",
            Repeated::Last => "last",
            Repeated::Joined => "joined",
        }
    }
}

/// Parameters that people send to an operation although it has none of the kind.
#[derive(Clone, Copy, Debug)]
pub struct Ignored {
    /// Empty means every one.
    pub operation: &'static str,
    pub names: &'static [&'static str],
    /// What the operation does instead.
    pub because: &'static str,
}

/// Where a parameter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Path,
    Query,
    /// A form body.
    Form,
    /// A part of a multipart body, as text.
    Part,
    /// A part of a multipart body, as a file.
    File,
    /// A member of a JSON object.
    Json,
}

impl Place {
    /// As a sentence says it: `in the {}`.
    pub fn text(self) -> &'static str {
        match self {
            Place::Path => "path",
            Place::Query => "query",
            Place::Form => "form",
            Place::Part => "multipart body",
            Place::File => "multipart body, as a file",
            Place::Json => "JSON body",
        }
    }
}

/// An entity that stands in an operation's JSON body.
#[derive(Clone, Copy, Debug)]
pub struct Body {
    pub operation: &'static str,
    /// As in the wire fields.
    pub entity: &'static str,
    /// Whether it may also be written as XML.
    pub xml: bool,
}

/// A further way to an operation.
#[derive(Clone, Copy, Debug)]
pub struct Further {
    pub operation: &'static str,
    pub method: &'static str,
    pub path: &'static str,
    /// Which switch opens it, or why it is there.
    pub text: &'static str,
    /// The switch that has to be turned for it; `None` where it is taken as it stands.
    pub opened_by: Option<&'static str>,
    pub evidence: Evidence,
}

/// What shows who is calling, where it is not a parameter.
#[derive(Clone, Copy, Debug)]
pub struct Credential {
    /// The operations that take it; none named means all that no other names.
    pub operations: &'static [&'static str],
    pub name: &'static str,
    pub kind: CredentialKind,
    pub text: &'static str,
    pub evidence: Evidence,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CredentialKind {
    Bearer,
    /// The header of that name.
    Header(&'static str),
    /// The cookie of that name.
    Cookie(&'static str),
    /// The parameter of that name, in the query or wherever else parameters stand.
    Param(&'static str),
    /// Members of the body, which no document has a word for.
    Body(&'static [&'static str]),
}

/// How a request of an operation is signed.
#[derive(Clone, Copy, Debug)]
pub struct Signed {
    pub operation: &'static str,
    /// The parameter that holds the signature.
    pub param: &'static str,
    /// The parameters whose values are signed, in this order.
    pub values: &'static [&'static str],
    /// How, in words.
    pub text: &'static str,
    pub evidence: Evidence,
}

/// A status with what can come with it.
#[derive(Clone, Copy, Debug)]
pub struct Sent {
    /// The operations that send it; none named means all.
    pub operations: &'static [&'static str],
    pub status: u16,
    /// Without their parameters; none where the body is empty, and an empty one where it may be.
    pub media_types: &'static [&'static str],
    pub text: &'static str,
    /// The rules of the refusals that come with it, in some position of the switches.
    pub rules: &'static [&'static str],
    pub evidence: Evidence,
}

impl Sent {
    pub fn is_of(&self, operation: &str) -> bool {
        self.operations.is_empty() || self.operations.contains(&operation)
    }
}

impl Param {
    pub fn is_of(&self, operation: &str) -> bool {
        self.operations.is_empty() || self.operations.contains(&operation)
    }
}

impl Api {
    /// Of a vendor that says nothing of it.
    pub const NONE: Api = Api {
        params: &[],
        bodies: &[],
        further: &[],
        credentials: &[],
        replies: &[],
        paths_text: "",
        signed: &[],
        names_in_any_case: false,
        repeated: Repeated::First,
        ignored: &[],
        other_names: &[],
    };

    /// The parameters of an operation.
    pub fn params(&self, operation: &str) -> impl Iterator<Item = &'static Param> {
        self.params.iter().filter(move |param| param.is_of(operation))
    }

    /// Which of the known names is most likely meant by a name that is none of them.
    pub fn near<'k>(
        &self,
        sent: &str,
        known: impl IntoIterator<Item = &'k str> + Clone,
    ) -> Option<&'k str> {
        let usual = self.other_names.iter().filter(|(other, _)| is_same_name(other, sent));
        let usual = usual
            .filter_map(|(_, meant)| known.clone().into_iter().find(|it| is_same_name(it, meant)));
        usual.into_iter().next().or_else(|| nearest(sent, known))
    }

    /// Why an operation passes over a parameter, where that is usual.
    pub fn ignored(&self, operation: &str, sent: &str) -> Option<&'static str> {
        let is_of = |of: &str| of.is_empty() || of == operation;
        let of_it = self.ignored.iter().filter(|it| is_of(it.operation));
        let mut named = of_it.filter(|it| it.names.iter().any(|name| is_same_name(name, sent)));
        named.next().map(|it| it.because)
    }

    /// What an operation takes as the caller's credential.
    pub fn credential(&self, operation: &str) -> Option<&'static Credential> {
        let named = self.credentials.iter().find(|it| it.operations.contains(&operation));
        named.or_else(|| self.credentials.iter().find(|it| it.operations.is_empty()))
    }
}
