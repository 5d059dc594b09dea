//! Reading and clearing journals.

use std::time::Duration;

use serde_json::json;

use super::answer::{Admin, Asked, ok};
use super::problem::Problem;
use crate::base::limits::PAGE_ROWS_DEFAULT;
use crate::sim::world::Page;
use crate::web::message::Response;

impl Admin {
    /// A page of a world's journal. `wait` (in seconds) waits for an entry where there is none yet.
    pub(super) async fn list_journal(&self, asked: &Asked) -> Result<Response, Problem> {
        let world = self.world(asked)?;
        let page = Page {
            after: asked.number("after").unwrap_or_default(),
            limit: asked.limit(),
            vendor: asked.query("vendor"),
            operation: asked.query("operation"),
            outcome: asked.query("outcome"),
            show_secrets: self.show_secrets,
        };
        let patience = Duration::from_secs(asked.number("wait").unwrap_or_default());
        let found = world.journal_wait(&page, patience).await.map_err(internal)?;
        Ok(ok(&json!({
            "entries": found.entries,
            "last_seq": found.last_seq,
            "evicted": found.evicted,
        })))
    }

    pub(super) async fn show_entry(&self, asked: &Asked) -> Result<Response, Problem> {
        let world = self.world(asked)?;
        let text = asked.segment("seq");
        let seq: u64 = text.parse().map_err(|_| {
            Problem::bad_request(format!("{text:?} is no sequence number; expected 1 or more"))
        })?;
        let entry = world.journal_entry(seq, self.show_secrets).await.map_err(internal)?;
        let entry = entry.ok_or_else(|| {
            let detail = format!("there is no entry {seq}: not yet, cleared, or gone to make room");
            Problem::not_found("no-such-entry", detail)
        })?;
        Ok(ok(&entry))
    }

    pub(super) async fn clear_journal(&self, asked: &Asked) -> Result<Response, Problem> {
        self.world(asked)?.clear_journal().await.map_err(internal)?;
        Ok(ok(&json!({ "cleared": true })))
    }

    /// Requests that no world or vendor took.
    pub(super) fn list_strays(&self, asked: &Asked) -> Response {
        let after = asked.number("after").unwrap_or_default();
        ok(&json!({ "entries": self.worlds.strays(after, asked.limit()) }))
    }
}

impl Asked {
    /// How many rows the page may have.
    pub(super) fn limit(&self) -> usize {
        let limit = self.number("limit").and_then(|limit| limit.try_into().ok());
        limit.unwrap_or(PAGE_ROWS_DEFAULT)
    }
}

pub(super) fn internal(error: impl std::fmt::Display) -> Problem {
    Problem::internal(error.to_string())
}
