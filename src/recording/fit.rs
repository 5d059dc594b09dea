//! Runs recorded requests in a world of a proposed scenario, and finds the switches under which the
//! most replies are as recorded.

use std::future::poll_fn;

use http::header;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::contract::vendor::{Vendor, Vendors};
use crate::embed::library;
use crate::recording::prepared::Prepared;
use crate::scenario::library::Library;
use crate::sim::world::Step;
use crate::sim::worlds::Worlds;
use crate::sim::worlds::folder::Keep;
use crate::vendors::ALL;

/// Exchanges that the search for switches looks at, for each vendor. More of the same say the same.
const SEARCHED_MAX: usize = 200;

/// Rounds of the search: a switch may show only when another is turned.
const ROUNDS_MAX: usize = 3;

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
        exchanges: impl Iterator<Item = &'p Prepared>,
    ) -> Result<Vec<Option<String>>, String> {
        let made = self.worlds.make(WORLD, &mut self.library.read_json(scenario));
        let world = made.map_err(|error| error.to_string())?;
        let found = self.runtime.block_on(async {
            let mut found = Vec::new();
            for exchange in exchanges {
                if let Some(at) = exchange.it.started {
                    // The clock does not go back: entries may overlap.
                    let _ = world.advance(Step::To(at)).await;
                }
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
                found.push(exchange.difference(status, kind, &body));
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
        let score = |scenario: &Value| -> Result<usize, String> {
            let differences = self.differences(scenario, own().take(SEARCHED_MAX))?;
            Ok(differences.iter().filter(|difference| difference.is_none()).count())
        };
        let most = own().take(SEARCHED_MAX).filter(|it| it.routed.operation.is_some()).count();
        let name = vendor.surface.vendor;
        let mut best = score(scenario)?;
        let mut turned = Vec::new();
        for _ in 0..ROUNDS_MAX {
            let before = best;
            for variant in vendor.surface.variants {
                for value in variant.values {
                    if best >= most {
                        return Ok(turned);
                    }
                    let mut tried = scenario.clone();
                    tried[name]["variants"][variant.name] = json!(value.name);
                    let fits = score(&tried)?;
                    if fits > best {
                        turned.push((
                            format!("{}.{}={}", name, variant.name, value.name),
                            fits - best,
                        ));
                        (best, *scenario) = (fits, tried);
                    }
                }
            }
            if best == before {
                break;
            }
        }
        Ok(turned)
    }
}
