//! Questions for jtel. What writes does so on contacts that it imports itself, under a `UserData` that
//! nobody else has, and deletes them.

use http::Method;
use serde_json::{Value, json};

use crate::calibrate::pool::mutate;
use crate::calibrate::pool::source::{Pool, Source, encoded, rows, some, spoilt, text};
use crate::calibrate::question::{Ask, Question, Spot};

pub(super) static POOL: Pool = Pool {
    vendor: "jtel",
    credentials: &[
        ("client", "ClientsID, as it stands in the path"),
        ("token", "its bearer token"),
    ],
    questions,
    drawn: &[("key_order", "shuffled"), ("pick", "seeded_random")],
    dials: false,
};

/// Most known rows of a kind that are asked for.
const ROWS_MAX: usize = 3;

/// Where an imported contact has its id.
const ID: Spot = Spot::Json(&["/records/0/ID"]);

/// What an imported contact is called; calibrate's own.
const KEY: &str = "RINGBACK-CALIBRATE";

/// A number that nobody has: nothing is dialled that calibrate made, for it is deleted at once.
const NUMBER: &str = "4900000000";

struct Site<'s> {
    base: String,
    token: &'s str,
}

impl Site<'_> {
    fn ask(&self, method: Method, path: &str) -> Ask {
        let ask = Ask::new(method, format!("{}{path}", self.base));
        ask.header("authorization", format!("Bearer {}", self.token))
    }

    fn get(&self, path: &str) -> Ask {
        self.ask(Method::GET, path)
    }

    fn import(&self, query: &str, body: &Value) -> Ask {
        self.ask(Method::POST, &format!("/contacts/import{query}")).json(body)
    }

    fn delete(&self, id: &str) -> Ask {
        self.ask(Method::DELETE, &format!("/contacts/contact/{id}"))
    }
}

fn questions(source: Source<'_>) -> Vec<Question> {
    let client = source.given.get("client");
    let site =
        Site { base: format!("/rest/v1.0/{client}/dialler"), token: source.given.get("token") };
    let campaigns: Vec<&Value> = rows(source.rows, "campaigns")
        .into_iter()
        .filter(|row| text(row, "client") == client)
        .collect();
    let is_own = |row: &&Value| campaigns.iter().any(|it| text(it, "id") == text(row, "campaign"));
    let contacts: Vec<&Value> = rows(source.rows, "contacts").into_iter().filter(is_own).collect();
    let mut found = reads(&site, source, &campaigns, &contacts);
    if let Some(campaign) = campaigns.first() {
        found.extend(writes(&site, campaign, campaigns.get(1).copied()));
    }
    found
}

fn reads(
    site: &Site<'_>,
    source: Source<'_>,
    campaigns: &[&Value],
    contacts: &[&Value],
) -> Vec<Question> {
    let mut found = vec![Question::reads("the campaigns", site.get("/campaigns"))];
    let mut reads = |name: String, ask: Ask| found.push(Question::reads(name, ask));
    reads("all contacts".into(), site.get("/contacts"));
    for campaign in some(campaigns, ROWS_MAX) {
        let id = text(campaign, "id");
        reads(format!("campaign {id}"), site.get(&format!("/campaigns/{id}")));
        let list = site.get(&format!("/contacts?diallerCampaignsID={id}"));
        reads(format!("the contacts of campaign {id}"), list.clone());
        for (what, ask) in mutate::of_query(&list, &[]) {
            reads(format!("the contacts of campaign {id}, {what}"), ask);
        }
    }
    // One that has been called twice shows an order, and one that never was an empty list.
    let n_calls = |row: &Value| {
        let id = text(row, "id");
        rows(source.rows, "history").iter().filter(|it| text(it, "contact") == id).count()
    };
    let mut chosen = some(contacts, ROWS_MAX);
    chosen.extend(contacts.iter().max_by_key(|row| n_calls(row)));
    chosen.extend(contacts.iter().min_by_key(|row| n_calls(row)));
    for contact in chosen {
        let (id, key) = (text(contact, "id"), encoded(&text(contact, "user_data")));
        reads(format!("contact {id}"), site.get(&format!("/contacts/{id}")));
        let by_key = site.get(&format!("/contacts/contact?userData={key}"));
        reads(format!("contact {id} by its UserData"), by_key);
        let history = site.get(&format!("/contacts/contact/{id}/history"));
        reads(format!("the history of contact {id}"), history);
        let history = site.get(&format!("/contacts/contact/history?userData={key}"));
        reads(format!("the history of contact {id} by its UserData"), history);
    }
    let nobody = "RINGBACK-NOBODY";
    let by_key = site.get(&format!("/contacts/contact?userData={nobody}"));
    reads("a contact by a UserData that nobody has".into(), by_key.clone());
    for (what, ask) in mutate::of_query(&by_key, &[]) {
        reads(format!("a contact by a UserData that nobody has, {what}"), ask);
    }
    reads("a contact that there is not".into(), site.get("/contacts/999999999"));
    reads("a campaign that there is not".into(), site.get("/campaigns/999999999"));
    let list = site.get("/contacts?diallerCampaignsID=999999999");
    reads("the contacts of a campaign that there is not".into(), list);
    for path in ["/contacts/none", "/campaigns/none", "/contacts/contact/none/history"] {
        reads(format!("{path}, which is no number"), site.get(path));
    }
    reads("a path that there is not".into(), site.get("/nothing"));
    reads("the campaigns by PUT".into(), site.ask(Method::PUT, "/campaigns"));
    let batch = |body: &Value| site.ask(Method::POST, "/contacts").json(body);
    let ids: Vec<i64> = contacts.iter().filter_map(|row| row["id"].as_i64()).take(2).collect();
    reads("a batch without lists".into(), batch(&json!({})));
    let good = batch(&json!({ "IDList": ids }));
    reads("a batch of ids".into(), good.clone());
    let plain = Ask { headers: good.headers[..1].to_vec(), ..good.clone() };
    reads("a batch as text/plain".into(), plain.header("content-type", "text/plain"));
    let untyped = Ask { headers: good.headers[..1].to_vec(), ..good.clone() };
    reads("a batch without a media type".into(), untyped);
    for (what, ask) in mutate::of_json(&good, &[]) {
        reads(format!("a batch, {what}"), ask);
    }
    let wrong = Site { base: site.base.clone(), token: &spoilt(site.token) };
    let wrong = wrong.get("/campaigns");
    found.push(Question::reads("a wrong token", wrong).refused());
    found
}

fn writes(site: &Site<'_>, campaign: &Value, other: Option<&Value>) -> Vec<Question> {
    let id = campaign["id"].clone();
    let body = |key: &str, more: Value| {
        let mut body = json!({
            "DiallerCampaignsID": id, "UserData": format!("{KEY}-{key}"), "Name": "Ringback",
            "PhoneNumber1": NUMBER,
        });
        for (name, value) in more.as_object().into_iter().flatten() {
            body[name] = value.clone();
        }
        body
    };
    let first = |key: &str, more: Value| {
        site.import("?overwriteDuplicates=false", &body(key, more)).capture("id", ID)
    };
    let again = |query: &str, key: &str, more: Value| {
        site.import(query, &body(key, more)).capture("second", ID)
    };
    let gone = || site.delete("{{id}}");
    let both = || [site.delete("{{id}}"), site.delete("{{second}}")];
    let look = |name: &str| site.get(&format!("/contacts/{{{{{name}}}}}"));
    let mut found = Vec::new();
    let mut writes = |name: String, asks: Vec<Ask>| found.push(Question::writes(name, asks));
    let long: String = "N".repeat(600);
    for (what, key, more) in [
        ("a name that is too long", "LONG", json!({ "Name": long })),
        ("a number where a name is due", "TYPE", json!({ "Name": 12345 })),
        ("an empty city", "EMPTY", json!({ "City": "" })),
    ] {
        writes(format!("an import with {what}"), vec![first(key, more), gone()]);
    }
    for (what, query) in [
        ("without overwriteDuplicates", ""),
        ("with overwriteDuplicates=perhaps", "?overwriteDuplicates=perhaps"),
        ("that overwrites", "?overwriteDuplicates=true"),
    ] {
        let name = format!("a contact imported again {what}");
        let made = first("AGAIN", json!({ "Name": "One", "City": "Here" }));
        let more = again(query, "AGAIN", json!({ "Name": "Two" }));
        writes(name, [vec![made, more], both().to_vec()].concat());
    }
    if let Some(other) = other {
        let made = first("SCOPE", json!({ "Name": "One" }));
        let elsewhere = json!({ "Name": "Two", "DiallerCampaignsID": other["id"] });
        let more = again("?overwriteDuplicates=true", "SCOPE", elsewhere);
        let name = "a contact imported again into another campaign, overwriting";
        writes(name.into(), [vec![made, more], both().to_vec()].concat());
        let named = json!({ "DiallerCampaignsName": other["name"] });
        let name = "an import that names two campaigns, by id and by name";
        writes(name.into(), vec![first("TWO", named), gone()]);
    }
    for method in [Method::PATCH, Method::PUT, Method::POST, Method::GET] {
        let lock = site.ask(method.clone(), "/contacts/contact/{{id}}/lock");
        let asks = vec![first("LOCK", json!({})), lock, gone()];
        writes(format!("a contact locked by {method}"), asks);
    }
    let by_key = site.ask(Method::DELETE, &format!("/contacts/contact?userData={KEY}-PICK"));
    let twins = |nth: &'static str| {
        let made = site.import("?overwriteDuplicates=false", &body("PICK", json!({})));
        made.capture(nth, ID)
    };
    let asks = vec![twins("id"), twins("second"), by_key, look("id"), look("second")];
    writes("one of two with the same UserData deleted".into(), [asks, both().to_vec()].concat());
    found
}
