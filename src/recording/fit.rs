//! Runs recorded requests in a world of a proposed scenario, and finds the switches under which the
//! most replies are as recorded.

use std::future::poll_fn;

use http::header;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::contract::secret_fields::SecretFields;
use crate::contract::vendor::{Vendor, Vendors};
use crate::embed::library;
use crate::recording::moves::{Event, Move};
use crate::recording::prepared::Prepared;
use crate::scenario::library::Library;
use crate::scenario::vendor_fields_from_json;
use crate::sim::world::{Step, World};
use crate::sim::worlds::Worlds;
use crate::sim::worlds::folder::Keep;
use crate::vendors::ALL;

/// Exchanges that the search for switches looks at, for each vendor. More of the same say the same.
const SEARCHED_MAX: usize = 200;

/// Rounds of the search: a switch may show only when another is turned.
const ROUNDS_MAX: usize = 3;

/// Positions with each of which all others are tried.
const FIRST_OF_PAIR_MAX: usize = 12;

/// The world in which things are tried.
const WORLD: &str = "import";

/// Where scenarios are tried.
#[derive(Debug)]
pub(crate) struct Stage {
    runtime: Runtime,
    library: Library,
    worlds: Worlds,
}

impl Stage {
    /// # Errors
    /// Where the system has no room for it.
    pub(crate) fn new() -> Result<Self, String> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let worlds = Worlds::new(Vendors(ALL), Keep::Memory);
        Ok(Stage {
            runtime: runtime.map_err(|error| error.to_string())?,
            library: library(),
            worlds: worlds.map_err(|error| error.to_string())?,
        })
    }

    /// Where each reply differs from the recorded one, in the order of the exchanges.
    ///
    /// # Errors
    /// Where no world can be made of the scenario.
    pub(crate) fn differences<'p>(
        &self,
        scenario: &Value,
        moves: impl Iterator<Item = Move<'p>>,
    ) -> Result<Vec<Option<String>>, String> {
        self.each_reply(scenario, moves, |exchange, status, kind, body| {
            exchange.difference(status, kind, body)
        })
    }

    /// The bodies of the replies, in the order of the exchanges.
    ///
    /// # Errors
    /// Where no world can be made of the scenario.
    pub(crate) fn bodies<'p>(
        &self,
        scenario: &Value,
        moves: impl Iterator<Item = Move<'p>>,
    ) -> Result<Vec<Vec<u8>>, String> {
        self.each_reply(scenario, moves, |_, _, _, body| body.to_vec())
    }

    /// Makes the moves in a world of the scenario, and looks at each reply: its status, the kind of its
    /// body, and that body.
    fn each_reply<'p, T>(
        &self,
        scenario: &Value,
        moves: impl Iterator<Item = Move<'p>>,
        look: impl Fn(&Prepared, u16, &str, &[u8]) -> T,
    ) -> Result<Vec<T>, String> {
        let made = self.worlds.make(WORLD, &mut self.library.read_json(scenario));
        let world = made.map_err(|error| error.to_string())?;
        let found = self.runtime.block_on(async {
            let mut found = Vec::new();
            for it in moves {
                if let Some(at) = it.at() {
                    // The clock does not go back: entries may overlap.
                    let _ = world.advance(Step::To(at)).await;
                }
                let exchange = match it {
                    Move::Exchange(exchange) => exchange,
                    Move::Event(event) => {
                        happen(&world, event).await;
                        continue;
                    }
                };
                let routed = (exchange.vendor.route)(&exchange.request);
                let request = exchange.request.clone();
                let (sent, chunks) = world.exchange(exchange.vendor, request, routed).await;
                let mut body = sent.response.body.to_vec();
                if let Some(mut chunks) = chunks {
                    while let Some(Ok(chunk)) = poll_fn(|cx| chunks.poll_next(cx)).await {
                        body.extend_from_slice(&chunk);
                    }
                }
                let kind = sent.response.headers.iter().find(|(it, _)| *it == header::CONTENT_TYPE);
                let kind = kind.and_then(|(_, value)| value.to_str().ok()).unwrap_or_default();
                let status = sent.response.status.as_u16();
                found.push(look(exchange, status, kind, &body));
            }
            found
        });
        self.worlds.delete(WORLD).map_err(|error| error.to_string())?;
        Ok(found)
    }

    /// Turns the switches of a vendor that make more replies as recorded; answers them with how many
    /// more each explains.
    ///
    /// # Errors
    /// Where no world can be made of the scenario.
    pub(crate) fn fit(
        &self,
        scenario: &mut Value,
        vendor: &'static Vendor,
        exchanges: &[Prepared],
    ) -> Result<Vec<(String, usize)>, String> {
        let own = || exchanges.iter().filter(|it| std::ptr::eq(it.vendor, vendor));
        let own = || own().take(SEARCHED_MAX);
        let differences = |scenario: &Value| self.differences(scenario, own().map(Move::Exchange));
        let most = own().filter(|it| it.routed.operation.is_some()).count();
        let name = vendor.surface.vendor;
        let mut best = score(&differences(scenario)?);
        let mut turned = Vec::new();
        for _ in 0..ROUNDS_MAX {
            let before = best;
            for position in positions(vendor) {
                if best >= most {
                    return Ok(turned);
                }
                let tried = position.turned(scenario, name);
                let fits = score(&differences(&tried)?);
                if fits > best {
                    turned.push((position.told(name), fits - best));
                    (best, *scenario) = (fits, tried);
                }
            }
            if best != before {
                continue;
            }
            let Some((both, tried, fits)) = pair(scenario, vendor, best, &differences)? else {
                break;
            };
            turned.push((both, fits - best));
            (best, *scenario) = (fits, tried);
        }
        Ok(turned)
    }
}

/// A switch at one of its positions.
#[derive(Clone, Copy)]
struct Position {
    switch: &'static str,
    value: &'static str,
}

impl Position {
    fn turned(self, scenario: &Value, vendor: &str) -> Value {
        let mut tried = scenario.clone();
        tried[vendor]["variants"][self.switch] = json!(self.value);
        tried
    }

    fn told(self, vendor: &str) -> String {
        format!("{vendor}.{}={}", self.switch, self.value)
    }
}

fn positions(vendor: &'static Vendor) -> impl Iterator<Item = Position> {
    vendor.surface.variants.iter().flat_map(|variant| {
        let values = variant.values.iter();
        values.map(|value| Position { switch: variant.name, value: value.name })
    })
}

/// Where each reply differs from the recorded one; why none could be had.
type Differences = Result<Vec<Option<String>>, String>;

/// How many replies are as recorded.
fn score(differences: &[Option<String>]) -> usize {
    differences.iter().filter(|difference| difference.is_none()).count()
}

/// Two positions that together make more replies as recorded, although neither does alone: the first moves
/// the place where a reply differs.
fn pair(
    scenario: &Value,
    vendor: &'static Vendor,
    best: usize,
    differences: &dyn Fn(&Value) -> Differences,
) -> Result<Option<(String, Value, usize)>, String> {
    let (name, as_it_is) = (vendor.surface.vendor, differences(scenario)?);
    let mut n_first = 0;
    for first in positions(vendor) {
        let with_first = first.turned(scenario, name);
        let found = differences(&with_first)?;
        // What made a reply another that is as recorded, leads away.
        let moves = found.iter().zip(&as_it_is).any(|(now, before)| {
            before.as_ref().zip(now.as_ref()).is_some_and(|(before, now)| before != now)
        });
        if !moves || score(&found) < best {
            continue;
        }
        n_first += 1;
        if n_first > FIRST_OF_PAIR_MAX {
            break;
        }
        for second in positions(vendor).filter(|it| it.switch != first.switch) {
            let tried = second.turned(&with_first, name);
            let fits = score(&differences(&tried)?);
            if fits > best {
                let both = format!("{} and {}", first.told(name), second.told(name));
                return Ok(Some((both, tried, fits)));
            }
        }
    }
    Ok(None)
}

/// Lets an event happen. Where it may not, what follows shows it.
async fn happen(world: &World, it: &Event) {
    let surface = it.vendor.surface;
    let Some(event) = surface.event(&it.name) else { return };
    let secrets = SecretFields::of(surface);
    if let Ok(row) = vendor_fields_from_json(event.fields, secrets, &it.name, &it.fields) {
        let _ = world.event(it.vendor, event.name, &row, Value::Null).await;
    }
}
