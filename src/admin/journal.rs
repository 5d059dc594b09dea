//! Reading and clearing journals.

use crate::admin::problem::internal;
use std::time::Duration;

use http::{HeaderValue, StatusCode, header};
use serde_json::json;

use crate::admin::asked::Asked;
use crate::admin::plane::{Admin, ok};
use crate::admin::problem::Problem;
use crate::base::limits::JOURNAL_ROWS_MAX;
use crate::contract::reply::InternalError;
use crate::sim::blocking::blocking;
use crate::sim::world::journal::Page;
use crate::web::answer::Answered;
use crate::web::message::Response;
use crate::web::{curl, har};

/// Media type of server-sent events.
pub(crate) const EVENTS: &str = "text/event-stream";

impl Admin {
    /// A page of a world's journal. `wait` (in seconds) waits for an entry where there is none yet.
    pub(crate) async fn list_journal(&self, asked: &Asked) -> Result<Response, Problem> {
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

    /// The journal as it grows. `Last-Event-ID`, which a client sends when it comes again, goes
    /// before `after`.
    pub(crate) fn stream_journal(&self, asked: &Asked) -> Result<Answered, Problem> {
        let world = self.world(asked)?;
        let last_id = asked.header("last-event-id");
        let last_id = last_id.map(|text| {
            text.parse().map_err(|_| {
                let detail = format!("Last-Event-ID is {text:?}; expected a sequence number");
                Problem::bad_request(detail)
            })
        });
        let page = Page {
            after: last_id.transpose()?.or(asked.number("after")).unwrap_or_default(),
            vendor: asked.query("vendor"),
            operation: asked.query("operation"),
            outcome: asked.query("outcome"),
            show_secrets: self.show_secrets,
            ..Page::default()
        };
        let response = Response::empty(StatusCode::OK)
            .header(header::CONTENT_TYPE, HeaderValue::from_static(EVENTS));
        Ok(Answered { stream: Some(world.journal_stream(&page)), ..response.into() })
    }

    pub(crate) async fn show_entry(&self, asked: &Asked) -> Result<Response, Problem> {
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
        if asked.query("as") != Some("curl") {
            return Ok(ok(&entry));
        }
        let line = curl::line(&entry).ok_or_else(|| {
            let detail =
                format!("entry {seq} is no exchange, so there is no request to send again");
            Problem::new(StatusCode::CONFLICT, "no-exchange", detail)
        })?;
        Ok(ok(&json!({ "seq": seq, "curl": line })))
    }

    /// The exchanges as an archive: all that the journal of a world in memory holds at the most.
    pub(crate) async fn show_archive(&self, asked: &Asked) -> Result<Response, Problem> {
        let world = self.world(asked)?;
        let after = asked.number("after").unwrap_or_default();
        let limit = asked.number("limit").and_then(|limit| usize::try_from(limit).ok());
        let show_secrets = self.show_secrets;
        let archive = blocking(move || {
            let limit = limit.unwrap_or(JOURNAL_ROWS_MAX);
            let page = Page { after, limit, show_secrets, ..Page::default() };
            let found = world.journal_page(&page)?;
            Ok(har::archive(world.name(), &found.entries))
        });
        Ok(ok(&archive.await.map_err(internal)?.map_err(|error: InternalError| internal(error))?))
    }

    pub(crate) async fn clear_journal(&self, asked: &Asked) -> Result<Response, Problem> {
        self.world(asked)?.clear_journal().await.map_err(internal)?;
        Ok(ok(&json!({ "cleared": true })))
    }

    /// Requests that no world or vendor took.
    pub(crate) fn list_strays(&self, asked: &Asked) -> Response {
        let after = asked.number("after").unwrap_or_default();
        ok(&json!({ "entries": self.worlds.strays(after, asked.limit()) }))
    }
}
