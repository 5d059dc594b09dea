//! Which operation a request asks for.
//!
//! Literals come before IDs: `contacts/import` and `contacts/contact` stand where an ID can stand,
//! and what is neither a literal nor digits there is no path, whatever the method.
//! The routes of lock, unlock, history and of contacts by `UserData` are assumed (jtel 2.1), so each
//! has its likely aliases, and lock and unlock are found with any of four methods; the world's
//! switch `lock_methods` says which it takes.

use std::sync::LazyLock;

use http::Method;

use crate::contract::operation::Operation;
use crate::contract::operation::Routed;
use crate::vendors::jtel::errors::method;
use crate::vendors::jtel::surface::OPERATIONS;
use crate::web::message::Request;
use crate::web::params::{Json, Pairs, Params};
use crate::web::route::{Found, Table};

const CONTACTS: &str = "/rest/v1.0/{ClientsID}/dialler/contacts";

/// Where lock and unlock may come with each of these.
const LOCK_METHODS: [Method; 4] = [Method::PATCH, Method::PUT, Method::POST, Method::GET];

type Row = (Method, &'static str, &'static str);

/// Method, path and operation.
fn rows() -> Vec<Row> {
    let (get, post, delete) = (Method::GET, Method::POST, Method::DELETE);
    let mut rows = vec![
        (get.clone(), CONTACTS, "list_contacts"),
        (post.clone(), CONTACTS, "get_contacts_batch"),
        (get.clone(), "/rest/v1.0/{ClientsID}/dialler/contacts/{id}", "get_contact"),
        (get.clone(), "/rest/v1.0/{ClientsID}/dialler/contacts/contact/{id}", "get_contact"),
        (
            get.clone(),
            "/rest/v1.0/{ClientsID}/dialler/contacts/contact",
            "find_contacts_by_user_data",
        ),
        (post, "/rest/v1.0/{ClientsID}/dialler/contacts/import", "import_contact"),
        (
            delete.clone(),
            "/rest/v1.0/{ClientsID}/dialler/contacts/contact/{id}",
            "delete_contact_by_id",
        ),
        (delete, "/rest/v1.0/{ClientsID}/dialler/contacts/contact", "delete_contact_by_user_data"),
        (
            get.clone(),
            "/rest/v1.0/{ClientsID}/dialler/contacts/contact/{id}/history",
            "get_history_by_id",
        ),
        (
            get.clone(),
            "/rest/v1.0/{ClientsID}/dialler/contacts/contact/history",
            "get_history_by_user_data",
        ),
        (get.clone(), "/rest/v1.0/{ClientsID}/dialler/campaigns", "list_campaigns"),
        (get, "/rest/v1.0/{ClientsID}/dialler/campaigns/{id}", "get_campaign"),
    ];
    for method in LOCK_METHODS {
        let mut lock = |path, operation| rows.push((method.clone(), path, operation));
        lock("/rest/v1.0/{ClientsID}/dialler/contacts/contact/{id}/lock", "lock_contact_by_id");
        lock("/rest/v1.0/{ClientsID}/dialler/contacts/contact/lock/{id}", "lock_contact_by_id");
        lock("/rest/v1.0/{ClientsID}/dialler/contacts/contact/lock", "lock_contact_by_user_data");
        lock("/rest/v1.0/{ClientsID}/dialler/contacts/contact/{id}/unlock", "unlock_contact_by_id");
        lock("/rest/v1.0/{ClientsID}/dialler/contacts/contact/unlock/{id}", "unlock_contact_by_id");
        lock(
            "/rest/v1.0/{ClientsID}/dialler/contacts/contact/unlock",
            "unlock_contact_by_user_data",
        );
    }
    rows
}

static TABLE: LazyLock<Table<&'static Operation>> = LazyLock::new(|| {
    let rows = rows().into_iter().map(|(method, path, name)| {
        let operation = OPERATIONS.iter().find(|operation| operation.name == name);
        (method, path, operation.expect("the table of routes is static and tested"))
    });
    Table::new(rows).expect("the table of routes is static and tested")
});

/// Why no operation takes a request.
#[derive(Debug)]
pub(crate) enum Untaken {
    NoPath,
    WrongMethod(Vec<Method>),
    /// The ID in the path is no number.
    BadId(String),
}

pub(crate) fn route(request: &Request) -> Routed {
    let Ok((operation, path)) = find(request) else { return Routed::default() };
    let query = Pairs::parse(request.query().unwrap_or_default().as_bytes());
    let by_user_data = operation.name == "list_contacts" && query.first("userData").is_some();
    let operation =
        if by_user_data { named("find_contacts_by_user_data") } else { Some(operation) };
    let reads_body = matches!(
        operation.map(|operation| operation.name),
        Some("import_contact" | "get_contacts_batch")
    );
    let json = if reads_body { Json::parse(&request.body) } else { Json::Absent };
    Routed { operation, params: Params { path, query, json, ..Params::default() } }
}

fn named(name: &str) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|operation| operation.name == name)
}

/// The operation of a request and the parameters in its path.
pub(crate) fn find(request: &Request) -> Result<(&'static Operation, Pairs), Untaken> {
    match TABLE.find(method(request), request.path()) {
        Found::NoPath => Err(Untaken::NoPath),
        Found::WrongMethod { mut allowed } => {
            allowed.dedup();
            let known = allowed.first().map(|method| TABLE.find(method, request.path()));
            match known {
                // A word where only an ID can stand makes another path, and the vendor has none such.
                Some(Found::Row { path, .. }) if bad_id(&path).is_some() => Err(Untaken::NoPath),
                _ => Err(Untaken::WrongMethod(allowed)),
            }
        }
        Found::Row { row, path } => match bad_id(&path) {
            Some(id) => Err(Untaken::BadId(id.to_owned())),
            None => Ok((row, path)),
        },
    }
}

/// The ID in a path, where it is none.
fn bad_id(path: &Pairs) -> Option<&str> {
    let is_digits = |id: &str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    path.first("id").filter(|id| !is_digits(id))
}
