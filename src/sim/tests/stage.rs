//! A world of the made-up vendor, and what is done to it.

use std::future::poll_fn;
use std::sync::Arc;

use http::Method;
use serde_json::Value;

use super::pieces::Empty;
use super::toy::{SURFACE, TOY, TOYS};
use crate::base::seq::Seq;
use crate::base::time::Span;
use crate::contract::event::EventError;
use crate::contract::fields::Row;
use crate::contract::vendor::Vendors;
use crate::sim::world::journal::Page;
use crate::sim::world::saved::CheckpointError;
use crate::sim::world::{Stop, World};
use crate::sim::worlds::Worlds;
use crate::sim::worlds::folder::Keep;
use crate::store::database::Sync;
use crate::web::message::Request;
use crate::web::stream::Chunks;

/// A world of toys, and a runtime to wait in.
pub(super) struct Toys {
    pub(super) world: Arc<World>,
    pub(super) runtime: tokio::runtime::Runtime,
}

pub(super) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap()
}

impl Toys {
    pub(super) fn new() -> Self {
        Self::on(&Worlds::new(Vendors(TOYS), Keep::Memory).unwrap())
    }

    pub(super) fn on(worlds: &Worlds) -> Self {
        let world = worlds.make("toys", &mut Empty).unwrap();
        Toys { world, runtime: runtime() }
    }

    pub(super) fn send(&self, operation: &str) -> String {
        let request = Request::new(Method::GET, format!("/play/{operation}").parse().unwrap());
        let routed = (TOY.route)(&request);
        let (sent, _) = self.runtime.block_on(self.world.exchange(&TOY, request, routed));
        let body = String::from_utf8(sent.response.body.to_vec()).unwrap();
        format!("{} {body}", sent.response.status.as_u16())
    }

    /// Begins to read the log.
    pub(super) fn list(&self) -> Chunks {
        let request = Request::new(Method::GET, "/play/list".parse().unwrap());
        let routed = (TOY.route)(&request);
        self.runtime.block_on(self.world.exchange(&TOY, request, routed)).1.unwrap()
    }

    /// Reads the rest of it.
    pub(super) fn read(&self, mut chunks: Chunks) -> String {
        let mut body = Vec::new();
        self.runtime.block_on(async {
            while let Some(chunk) = poll_fn(|cx| chunks.poll_next(cx)).await {
                body.extend_from_slice(&chunk.unwrap());
            }
        });
        String::from_utf8(body).unwrap()
    }

    pub(super) fn checkpoint(&self, name: &str) -> Seq {
        self.runtime.block_on(self.world.checkpoint(name)).unwrap()
    }

    pub(super) fn rollback(&self, name: &str) -> Result<Seq, CheckpointError> {
        self.runtime.block_on(self.world.rollback(name))
    }

    pub(super) fn fork(&self, worlds: &Worlds, name: &str) -> Toys {
        let world =
            self.runtime.block_on(worlds.fork(&self.world, name, None, &Stop::default())).unwrap();
        Toys { world, runtime: runtime() }
    }

    pub(super) fn chain(&self, every: i64, times: i64) -> Result<(Seq, Value), EventError> {
        use crate::contract::fields::Cell;
        let fields = SURFACE.event("chain").unwrap().fields;
        let row = Row::new(
            fields,
            vec![Cell::Duration(Span::clamped_from_millis(every)), Cell::Integer(times)],
        );
        self.runtime.block_on(self.world.event(&TOY, "chain", &row, Value::Null))
    }

    pub(super) fn advance(&self, by: i64) -> crate::sim::world::Advanced {
        self.runtime.block_on(self.world.advance(Span::clamped_from_millis(by))).unwrap()
    }

    pub(super) fn reset(&self) -> Seq {
        self.runtime.block_on(self.world.reset()).unwrap()
    }

    pub(super) fn journal(&self) -> Vec<Value> {
        let page = Page { limit: usize::MAX, ..Page::default() };
        self.world.journal_page(&page).unwrap().to_json()
    }
}

/// Worlds in memory and in a folder, where the same has to hold.
pub(super) fn both_kinds() -> Vec<(Worlds, Option<tempfile::TempDir>)> {
    let folder = tempfile::tempdir().unwrap();
    let keep = Keep::in_folder(folder.path(), Sync::Normal).unwrap();
    let in_files = Worlds::new(Vendors(TOYS), keep).unwrap();
    vec![(Worlds::new(Vendors(TOYS), Keep::Memory).unwrap(), None), (in_files, Some(folder))]
}
