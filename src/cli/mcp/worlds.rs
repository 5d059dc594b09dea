//! Tools that read worlds: which there are, how one stands, what it was asked, what is wrong with its
//! clients.
//!
//! Not here: their journals (`exchanges`).

use http::Method;
use serde_json::{Map, Value, json};

use crate::cli::asking::{list, text};
use crate::cli::declared::named;
use crate::cli::mcp::bounded::page;
use crate::cli::mcp::session::Session;
use crate::cli::mcp::tool::{Effect, LIMIT, OFFSET, Sent, Tool, WORLD};
use crate::client::control::escaped;
use crate::contract::fields::{Field, Kind};
use crate::sim::worlds::name::DEFAULT;

const VENDOR: Field = Field::required("vendor", Kind::Text, "the vendor");

/// The tools of this file.
pub(super) const TOOLS: &[Tool] = &[
    Tool {
        name: "verify",
        title: "Verify a condition",
        text: "Whether a condition over a world's journal holds: that a request was made, so often, in \
               this order, with these values. Where it does not, `explanation` says which exchanges \
               came closest and which rule each failed.",
        effect: Effect::Reads,
        arguments: &[
            WORLD,
            Field::required(
                "condition",
                Kind::Any,
                "the rules that an entry has to meet, and how many have to: \
                 {\"vendor\":\"jtel\",\"operation\":\"lock_contact_by_id\",\"exactly\":2}; a value is \
                 the value itself, or {\"one_of\":[…]}, {\"contains\":…}, {\"regex\":…} or \
                 {\"present\":true}",
            ),
        ],
        rest: "ask for fewer entries, with rules that are narrower",
        work: |session, sent| Box::pin(verify(session, sent)),
    },
    Tool {
        name: "list_findings",
        title: "List findings",
        text: "What clients of a world do wrong although they are answered, such as credentials in a \
               query or a call made twice, with the entries that show it, why it matters and the cure; \
               of a strict world also what was not expected.",
        effect: Effect::Reads,
        arguments: &[WORLD],
        rest: "`ringback findings` prints all",
        work: |session, sent| Box::pin(list_findings(session, sent)),
    },
    Tool {
        name: "list_worlds",
        title: "List worlds",
        text: "The worlds of the running Ringback: each is a universe of its own with its state, clock \
               and journal.",
        effect: Effect::Reads,
        arguments: &[OFFSET, LIMIT],
        rest: "call it with a smaller limit",
        work: |session, sent| Box::pin(list_worlds(session, sent)),
    },
    Tool {
        name: "show_world",
        title: "Show a world",
        text: "How a world stands: its clock, how many timers wait and when the next is due, its seed, \
               checkpoints, rules for faults, and what is expected of its run.",
        effect: Effect::Reads,
        arguments: &[WORLD],
        rest: "list_faults lists the rules",
        work: |session, sent| Box::pin(show_world(session, sent)),
    },
    Tool {
        name: "list_vendors",
        title: "List vendors",
        text: "The vendors that the running Ringback stands in for, each with the base URL that leads \
               a client into the world.",
        effect: Effect::Reads,
        arguments: &[WORLD],
        rest: "`ringback routes` prints them",
        work: |session, sent| Box::pin(list_vendors(session, sent)),
    },
    Tool {
        name: "list_faults",
        title: "List rules for faults",
        text: "The rules by which requests to a world go wrong, with how often each struck.",
        effect: Effect::Reads,
        arguments: &[WORLD],
        rest: "`ringback fault list` prints all",
        work: |session, sent| Box::pin(list_faults(session, sent)),
    },
    Tool {
        name: "read_state",
        title: "Read a vendor's state",
        text: "Rows behind the wire: a page of one table of a vendor's state in a world, or the list of \
               its tables where none is named. Credentials are masked.",
        effect: Effect::Reads,
        arguments: &[
            WORLD,
            VENDOR,
            Field::optional("table", Kind::Text, "the table; all are listed where left out"),
            OFFSET,
            LIMIT,
        ],
        rest: "call it with a smaller limit",
        work: |session, sent| Box::pin(read_state(session, sent)),
    },
    Tool {
        name: "list_variants",
        title: "List switches",
        text: "The switches for what the vendors' papers leave open, as they stand in a world; the \
               resource ringback://variants/{vendor} tells what each position does.",
        effect: Effect::Reads,
        arguments: &[WORLD, Field::optional("vendor", Kind::Text, "only this vendor's")],
        rest: "name a vendor",
        work: |session, sent| Box::pin(list_variants(session, sent)),
    },
];

async fn verify(session: &Session, sent: Sent) -> Result<Value, String> {
    let condition = sent.object("condition");
    let world = sent.world(session);
    session.ask_world(world, Method::POST, "/verify", &condition).await
}

async fn list_findings(session: &Session, sent: Sent) -> Result<Value, String> {
    session.read_world(sent.world(session), "/findings").await
}

async fn list_worlds(session: &Session, sent: Sent) -> Result<Value, String> {
    let worlds = session.worlds().await?;
    let rows = list(&worlds, "worlds").iter().cloned();
    let (shown, next) = page(rows, sent.count("offset"), sent.limit());
    Ok(json!({ "worlds": shown, "next": next, "admin": session.address() }))
}

async fn show_world(session: &Session, sent: Sent) -> Result<Value, String> {
    let world = sent.world(session);
    let mut shown = session.read_world(world, "").await?;
    shown["clock"] = session.read_world(world, "/clock").await?;
    let faults = session.read_world(world, "/faults").await?;
    shown["faults"] = list(&faults, "faults").len().into();
    shown["expects"] = session.read_world(world, "/strict").await?;
    Ok(shown)
}

async fn list_vendors(session: &Session, sent: Sent) -> Result<Value, String> {
    let world = session.read_world(sent.world(session), "").await?;
    let vendors = session.read("/v1/vendors").await?;
    let rows = list(&vendors, "vendors").iter().map(|vendor| {
        json!({
            "vendor": vendor["name"], "title": vendor["title"], "url": led_to(vendor, &world),
            "hosts": vendor["hosts"], "operations": list(vendor, "operations").len(),
        })
    });
    Ok(json!({ "world": world["name"], "vendors": rows.collect::<Value>() }))
}

/// Where clients of a world are led to, by vendor.
///
/// # Errors
/// As for [`Session::ask`].
pub(super) async fn addresses(session: &Session, world: &Value) -> Result<Value, String> {
    let vendors = session.read("/v1/vendors").await?;
    let rows = list(&vendors, "vendors").iter();
    let rows = rows.map(|vendor| (text(vendor, "name").to_owned(), led_to(vendor, world)));
    Ok(rows.collect::<Map<String, Value>>().into())
}

/// The base URL of a vendor in a world: at the world's own address, or below its name.
fn led_to(vendor: &Value, world: &Value) -> Value {
    let name = text(world, "name");
    let split = text(vendor, "url").split_once("://");
    let split = split.and_then(|(scheme, rest)| Some((scheme, rest.split_once('/')?)));
    let Some((scheme, (authority, path))) = split else { return vendor["url"].clone() };
    let own = text(world, "listen").trim_start_matches("http://");
    let url = match (own, name) {
        ("", DEFAULT) => return vendor["url"].clone(),
        ("", name) => format!("{scheme}://{authority}/w/{}/{path}", escaped(name)),
        (own, _) => format!("{scheme}://{own}/{path}"),
    };
    url.into()
}

async fn list_faults(session: &Session, sent: Sent) -> Result<Value, String> {
    session.read_world(sent.world(session), "/faults").await
}

async fn read_state(session: &Session, sent: Sent) -> Result<Value, String> {
    let world = sent.world(session);
    let vendor = escaped(sent.text("vendor").unwrap_or_default());
    let Some(table) = sent.text("table") else {
        return session.read_world(world, &format!("/state/{vendor}")).await;
    };
    let offset = sent.count("offset");
    let path = format!("/state/{vendor}/{}?offset={offset}&limit={}", escaped(table), sent.limit());
    let mut found = session.read_world(world, &path).await?;
    let (shown, next) = page(list(&found, "rows").iter().cloned(), 0, sent.limit());
    let all_fit = next.is_none() && shown.len() < sent.limit();
    found["next"] = if all_fit { Value::Null } else { (offset + shown.len()).into() };
    found["rows"] = shown.into();
    Ok(found)
}

async fn list_variants(session: &Session, sent: Sent) -> Result<Value, String> {
    let world = sent.world(session);
    let mut switches = session.read_world(world, "/variants").await?;
    if let Some(vendor) = sent.text("vendor") {
        let known = named(vendor).map_err(|failure| failure.text)?;
        let name = known.surface.vendor;
        switches = json!({ name: switches[name].take() });
    }
    Ok(json!({ "world": world, "variants": switches }))
}
