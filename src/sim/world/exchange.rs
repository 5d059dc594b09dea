//! Requests, events, and bodies that are made while they are sent.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Weak;

use http::StatusCode;
use serde_json::Value;

use crate::base::clock::Stopwatch;
use crate::base::seq::Seq;
use crate::contract::event::EventError;
use crate::contract::fields::Row;
use crate::contract::operation::Routed;
use crate::contract::reply::{InternalError, Outcome};
use crate::contract::variant::Switches;
use crate::contract::vendor::Vendor;
use crate::sim::world::World;
use crate::sim::world::asked::Asked;
use crate::sim::world::engine::event::Told;
use crate::sim::world::engine::exchange::{Exchanged, Long};
use crate::sim::world::stint::Stint;
use crate::sim::world::turns::Lost;
use crate::web::delivery::Delivery;
use crate::web::message::{Request, Response};
use crate::web::stream::{self, Chunks};

impl World {
    /// Answers one request.
    pub async fn exchange(
        &self,
        vendor: &'static Vendor,
        request: Request,
        routed: Routed,
    ) -> (Exchanged, Option<Chunks>) {
        let _open = self.gate.read().await;
        let asked = Asked { vendor, request, routed };
        let answered = self.turns.take(asked, || Stint::begin(self)).await;
        let mut sent = answered.unwrap_or_else(|lost| self.lost(lost));
        let chunks = sent.long.take().map(|long| self.stream(long));
        (sent, chunks)
    }

    /// What is sent where whoever worked on a request fell, beyond the fence that is around operations.
    fn lost(&self, lost: Lost) -> Exchanged {
        tracing::error!(world = self.name(), %lost, "request failed");
        let response = Response::with_body(
            StatusCode::INTERNAL_SERVER_ERROR,
            "text/plain; charset=utf-8",
            lost.to_string(),
        );
        let delivery = Delivery::default();
        let (outcome, switches) = (Outcome::Error, Switches::ALL);
        Exchanged { response, long: None, delivery, why: None, outcome, switches }
    }

    /// Answers one request in its turn.
    pub(super) fn answer(&self, asked: &Asked) -> Exchanged {
        let Asked { vendor, request, routed } = asked;
        let watch = Stopwatch::start();
        let sent = match self.lock() {
            Ok(mut engine) => engine.exchange(vendor, request, routed),
            Err(error) => self.peek().unanswered(vendor, request, routed, &error),
        };
        let held_ns = watch.elapsed_ns();
        self.metrics.count(vendor.surface, routed.operation, sent.outcome, held_ns);
        self.news.notify_waiters();
        sent
    }

    /// Notes a request that named this world and that no vendor takes.
    ///
    /// # Errors
    /// Where the world cannot be opened.
    pub async fn untaken(
        &self,
        request: &Request,
        response: &Response,
        reason: String,
    ) -> Result<(), InternalError> {
        let _open = self.gate.read().await;
        self.lock()?.untaken(request, response, reason);
        self.news.notify_waiters();
        Ok(())
    }

    /// Lets a thread that may block make a long body, from a snapshot: the world goes on meanwhile.
    fn stream(&self, long: Long) -> Chunks {
        let (mut feed, chunks) = stream::channel();
        let world = Weak::clone(&self.me);
        stream::on_feeder(move || {
            let Long { seq, rows, snapshot, slot } = long;
            let made =
                catch_unwind(AssertUnwindSafe(|| snapshot.read(|db| rows.write(db, &mut feed))));
            let whole = match made {
                Ok(Ok(())) => true,
                Ok(Err(error)) => {
                    tracing::debug!(seq = seq.get(), %error, "a body broke off");
                    false
                }
                Err(_) => {
                    tracing::error!(seq = seq.get(), "a panic broke a body off");
                    false
                }
            };
            drop((snapshot, slot));
            let sent = feed.finish(whole);
            if let Some(world) = world.upgrade() {
                match world.lock() {
                    Ok(mut engine) => engine.complete(seq, sent),
                    Err(error) => {
                        tracing::error!(seq = seq.get(), %error, "the entry cannot be completed");
                    }
                }
                world.news.notify_waiters();
            }
        });
        chunks
    }

    /// Lets something happen outside a vendor's API. Answers its sequence number and what the
    /// vendor says of it.
    ///
    /// # Errors
    /// Where the world's state does not allow it.
    pub async fn event(
        &self,
        vendor: &'static Vendor,
        name: &str,
        fields: &Row<'_>,
        detail: Value,
    ) -> Result<(Seq, Value), EventError> {
        let _open = self.gate.read().await;
        let masker = self.masker_now(false).map_err(EventError::Internal)?;
        // Whoever records replaces its secrets by others, which have to fit.
        let as_it_came = detail["fields"].clone();
        let detail = masker.columns(&vendor.surface.secret_columns(), detail);
        let told = Told { detail, as_it_came };
        let result = self.lock().map_err(EventError::Internal)?.event(vendor, name, fields, told);
        self.news.notify_waiters();
        result
    }
}
