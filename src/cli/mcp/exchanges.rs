//! Tools that read a journal: its exchanges with the reasons of refusals, one of them whole, and the
//! requests that nobody took.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::cli::asking::{list, text};
use crate::cli::mcp::bounded::{BODY_CHARS_MAX, Room, piece, shortened};
use crate::cli::mcp::session::Session;
use crate::cli::mcp::tool::{Effect, Sent, Tool, WORLD};
use crate::cli::tail::rule;
use crate::client::entry::Seen;
use crate::client::line::{self, Of, Tone};
use crate::client::wanted::Wanted;
use crate::contract::fields::{Field, Kind};
use crate::contract::reply::Outcome;

/// Exchanges that are listed where no limit is given.
const LISTED: usize = 20;

/// Characters of a line and of a member of a reason.
const LINE_CHARS_MAX: usize = 600;

/// Entries that are read at once where the server cannot pick those that are wanted.
const PAGE_ENTRIES: usize = 200;

/// Largest sequence number.
const SEQ: Kind = Kind::Integer { min: 0, max: i64::MAX };

/// The tools of this file.
pub(super) const TOOLS: &[Tool] = &[
    Tool {
        name: "list_exchanges",
        title: "List exchanges",
        text: "Requests and replies in a world's journal, oldest first, the newest of them where \
               `after` is left out; events and steps of the clock too. A refusal has its reason as \
               `why`: the rule, the place (`at`), what was expected and found, the cure (`hint`), \
               and as `edit` what to put there. Begin here where a client gets an error. Where there \
               are more, `more` is the argument that leads to them.",
        effect: Effect::Reads,
        arguments: &[
            WORLD,
            Field::optional("vendor", Kind::Text, "only this vendor's"),
            Field::optional(
                "operation",
                Kind::Text,
                "only this operation's; list_operations lists them",
            ),
            Field::optional("outcome", Kind::OneOf(&Outcome::NAMES), "only with this outcome"),
            Field::optional(
                "why",
                Kind::Text,
                "only those refused by a rule with this in its name, such as mor.hash",
            ),
            Field::optional("text", Kind::Text, "only those with this text in line or body"),
            Field::optional(
                "trace",
                Kind::Text,
                "only of this run: a request's traceparent, its trace id or its X-Request-ID",
            ),
            Field::optional("after", SEQ, "only those with a greater number (`seq`), oldest first"),
            Field::optional("before", SEQ, "only those with a smaller number, the newest of them"),
            Field::optional(
                "limit",
                Kind::Integer { min: 1, max: 200 },
                "how many at the most; 20 where left out",
            ),
        ],
        rest: "call it with a smaller limit, or show_exchange for one",
        work: |session, sent| Box::pin(list_exchanges(session, sent)),
    },
    Tool {
        name: "show_exchange",
        title: "Show one exchange",
        text: "One entry of a journal whole: request and reply with headers and bodies, the reason \
               of a refusal, effects, and a curl line that sends it again. Credentials are masked.",
        effect: Effect::Reads,
        arguments: &[
            WORLD,
            Field::required("seq", Kind::Integer { min: 1, max: i64::MAX }, "its number"),
            Field::optional(
                "body_from",
                Kind::Integer { min: 0, max: 1_000_000_000 },
                "the character at which long bodies begin; `next_body_from` of the last reply",
            ),
        ],
        rest: "`ringback journal` prints it whole",
        work: |session, sent| Box::pin(show_exchange(session, sent)),
    },
    Tool {
        name: "list_strays",
        title: "List requests that nobody took",
        text: "Requests that no world and no vendor took, newest last: a path that is no vendor's, \
               a world that is not there. Look here where a client is answered 404 and \
               list_exchanges shows nothing.",
        effect: Effect::Reads,
        arguments: &[Field::optional(
            "limit",
            Kind::Integer { min: 1, max: 200 },
            "how many of the newest; 20 where left out",
        )],
        rest: "call it with a smaller limit",
        work: |session, sent| Box::pin(list_strays(session, sent)),
    },
];

async fn list_exchanges(session: &Session, sent: Sent) -> Result<Value, String> {
    let own = |name: &str| sent.text(name).map(str::to_owned);
    let why = sent.text("why").map(rule).transpose().map_err(|told| format!("why: {told}"))?;
    let wanted = Wanted {
        vendor: own("vendor"),
        operation: own("operation"),
        outcome: own("outcome"),
        trace: own("trace"),
        why,
        text: own("text"),
    };
    let world = sent.world(session);
    let limit = sent.number("limit").map_or(LISTED, |_| sent.limit());
    let found = match (sent.number("after"), sent.number("before")) {
        (Some(_), Some(_)) => {
            return Err("after and before exclude each other: give the one that you page by".into());
        }
        (Some(after), None) => forward(session, world, &wanted, after, limit).await?,
        (None, before) => backward(session, world, &wanted, before, limit).await?,
    };
    let Found { shown, more, last_seq, evicted } = found;
    let mut reply = json!({ "world": world, "exchanges": shown, "last_seq": last_seq });
    if let Some((name, seq)) = more {
        reply["more"] = json!({ name: seq });
    }
    if evicted > 0 {
        reply["evicted"] = evicted.into();
    }
    if list(&reply, "exchanges").is_empty() {
        reply["told"] = match last_seq {
            0 => format!(
                "nothing has happened in {world}; list_vendors tells the URLs that lead clients into it, \
                 and tests that start a Ringback of their own are not seen here unless they are led to \
                 this one by RINGBACK_ADMIN_URL={} (read_manual assistants)",
                session.address()
            ),
            _ => format!("no entry of {world} is of that kind; its newest is {last_seq}"),
        }
        .into();
    }
    let strays = session.read("/v1/journal?last=1").await?;
    if !list(&strays, "entries").is_empty() {
        reply["strays"] = "there are requests that nobody took; list_strays lists them".into();
    }
    Ok(reply)
}

/// What was found in a journal.
#[derive(Debug, Default)]
struct Found {
    shown: Vec<Value>,
    /// Whether there are more, and the argument that leads to them.
    more: Option<(&'static str, u64)>,
    last_seq: u64,
    evicted: u64,
}

impl Found {
    fn note(&mut self, page: &Value) {
        self.last_seq = page["last_seq"].as_u64().unwrap_or_default();
        self.evicted = page["evicted"].as_u64().unwrap_or_default();
    }
}

/// How many entries to ask for at once: where the server picks them, one more than are shown says
/// whether there are more.
fn page_length(wanted: &Wanted, limit: usize) -> usize {
    let is_picked_here = wanted.why.is_some() || wanted.text.is_some();
    if is_picked_here { PAGE_ENTRIES } else { limit.saturating_add(1) }
}

/// Those after a number, oldest first.
async fn forward(
    session: &Session,
    world: &str,
    wanted: &Wanted,
    after: u64,
    limit: usize,
) -> Result<Found, String> {
    let mut found = Found::default();
    let mut room = Room::new(limit);
    let n_asked = page_length(wanted, limit);
    let (mut after, mut last_shown) = (after, after);
    loop {
        let query = format!("/journal?after={after}&limit={n_asked}{}", wanted.query());
        let page = session.read_world(world, &query).await?;
        found.note(&page);
        let entries = list(&page, "entries");
        for raw in entries {
            let entry = entry(session, raw)?;
            after = entry.seq.get();
            if !wanted.is_met(&entry, None) {
                continue;
            }
            let item = item(&entry, raw, Of::World);
            if !room.takes(&item) {
                found.more = Some(("after", last_shown));
                return Ok(found);
            }
            last_shown = after;
            found.shown.push(item);
        }
        if entries.len() < n_asked {
            return Ok(found);
        }
    }
}

/// The newest before a number, of all where there is none; oldest first.
async fn backward(
    session: &Session,
    world: &str,
    wanted: &Wanted,
    before: Option<u64>,
    limit: usize,
) -> Result<Found, String> {
    let mut found = Found::default();
    let mut room = Room::new(limit);
    let n_asked = page_length(wanted, limit);
    let mut before = before;
    let mut oldest_shown = before.unwrap_or_default();
    'pages: loop {
        // A number of 0 has nothing before it, and the control plane takes none such.
        if before == Some(0) {
            break;
        }
        let place = before
            .map_or(format!("last={n_asked}"), |before| format!("before={before}&limit={n_asked}"));
        let page =
            session.read_world(world, &format!("/journal?{place}{}", wanted.query())).await?;
        found.note(&page);
        let entries = list(&page, "entries");
        for raw in entries.iter().rev() {
            let entry = entry(session, raw)?;
            before = Some(entry.seq.get());
            if !wanted.is_met(&entry, None) {
                continue;
            }
            let item = item(&entry, raw, Of::World);
            if !room.takes(&item) {
                found.more = Some(("before", oldest_shown));
                break 'pages;
            }
            oldest_shown = entry.seq.get();
            found.shown.push(item);
        }
        if entries.len() < n_asked {
            break;
        }
    }
    found.shown.reverse();
    Ok(found)
}

fn entry<'r>(session: &Session, raw: &'r Value) -> Result<Seen<'r>, String> {
    Seen::deserialize(raw).map_err(|_| {
        format!("{} does not answer like ringback's admin listener", session.address())
    })
}

/// An entry of a list.
fn item(entry: &Seen<'_>, raw: &Value, of: Of) -> Value {
    let line = line::of(entry, of);
    let mut shown = Map::new();
    if of == Of::World {
        shown.insert("seq".into(), raw["seq"].clone());
    }
    let head = line.head.trim_start();
    let (_, head) = head.split_once(' ').unwrap_or_default();
    let end =
        if line.end.text.is_empty() { String::new() } else { format!(" -> {}", line.end.text) };
    let (head, more) = piece(head, 0, LINE_CHARS_MAX);
    let cut = if more.is_some() { "…" } else { "" };
    shown.insert("line".into(), format!("{head}{cut}{end}").into());
    if !raw["why"].is_null() {
        shown.insert("why".into(), shortened(&raw["why"], LINE_CHARS_MAX, 20, "", &mut Vec::new()));
    }
    // The reason stands there already.
    let rest = line.rest.iter().filter(|part| part.tone != Tone::Refused);
    let rest: Vec<Value> = rest.map(|part| piece(&part.text, 0, LINE_CHARS_MAX).0.into()).collect();
    if !rest.is_empty() {
        shown.insert("told".into(), rest.into());
    }
    if let Some(trace) = &entry.trace {
        shown.insert("trace".into(), trace.as_str().into());
    }
    shown.into()
}

async fn show_exchange(session: &Session, sent: Sent) -> Result<Value, String> {
    let world = sent.world(session);
    let path = format!("/journal/{}", sent.number("seq").unwrap_or_default());
    let mut entry = session.read_world(world, &path).await?;
    let from = sent.count("body_from");
    let mut next = None;
    for name in ["request", "response"] {
        // An event has neither.
        let Some(text) = entry[name]["body"].as_str() else { continue };
        let (shown, more) = piece(text, from, BODY_CHARS_MAX);
        let (shown, n_chars) = (shown.to_owned(), text.chars().count());
        next = next.or(more);
        if from > 0 || more.is_some() {
            entry[name]["body_chars"] = n_chars.into();
        }
        entry[name]["body"] = shown.into();
    }
    if let Some(next) = next {
        entry["next_body_from"] = next.into();
    }
    if entry["request"].is_object() && from == 0 {
        let again = session.read_world(world, &format!("{path}?as=curl")).await?;
        let line = text(&again, "curl");
        entry["curl"] = match piece(line, 0, BODY_CHARS_MAX) {
            (line, None) => line.into(),
            _ => format!("it is long; `ringback journal {}` prints it", entry["seq"]).into(),
        };
    }
    Ok(entry)
}

async fn list_strays(session: &Session, sent: Sent) -> Result<Value, String> {
    let limit = sent.number("limit").map_or(LISTED, |_| sent.limit());
    let page = session.read(&format!("/v1/journal?last={limit}")).await?;
    let mut room = Room::new(limit);
    let mut shown = Vec::new();
    for raw in list(&page, "entries").iter().rev() {
        let entry = entry(session, raw)?;
        let item = item(&entry, raw, Of::Nobody);
        if !room.takes(&item) {
            break;
        }
        shown.push(item);
    }
    shown.reverse();
    Ok(json!({ "strays": shown }))
}
