//! Requests, events, and bodies that are made while they are sent.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Weak;

use http::StatusCode;
use serde_json::Value;

use crate::base::clock::Stopwatch;
use crate::base::lock::try_lock;
use crate::base::seq::Seq;
use crate::contract::event::EventError;
use crate::contract::fields::Row;
use crate::contract::operation::Routed;
use crate::contract::reply::InternalError;
use crate::contract::vendor::Vendor;
use crate::sim::world::World;
use crate::sim::world::desk::{Answer, Ticket};
use crate::sim::world::engine::asked::Asked;
use crate::sim::world::engine::event::Told;
use crate::sim::world::engine::exchange::Turn;
use crate::sim::world::engine::turn::{Exchanged, Long};
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
        let mut sent = match answered {
            Ok(Answer::Sent(sent)) => sent,
            Ok(Answer::Beside(ticket)) => self.answer_beside(ticket),
            Err(lost) => self.lost(lost),
        };
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
        Exchanged::failed(response, Delivery::default())
    }

    /// Answers one request in its turn, or lays it down to be answered beside.
    pub(super) fn answer(&self, asked: Asked) -> Answer {
        let (surface, operation) = (asked.vendor.surface, asked.routed.operation);
        let watch = Stopwatch::start();
        let turn = match self.lock_to_serve() {
            Ok(mut engine) => match engine.take(asked) {
                Turn::Answered(sent) => sent,
                // Laid down before the lock is let go, so that whoever takes it next finds it.
                Turn::Beside(read) => {
                    return Answer::Beside(self.desk.put(read, watch.elapsed_ns()));
                }
            },
            Err(error) => self.peek().unanswered(&asked, &error),
        };
        self.metrics.count(surface, operation, turn.outcome, watch.elapsed_ns());
        self.news.notify_waiters();
        Answer::Sent(turn)
    }

    /// Answers a read that has had its turn.
    fn answer_beside(&self, ticket: Ticket) -> Exchanged {
        let sent = ticket.answer().unwrap_or_else(|| self.lost(Lost));
        // Whoever looks at the world sees to that; here it is so that nothing stays on the desk.
        if let Some(mut engine) = try_lock(&self.engine) {
            self.take_in_ready(&mut engine);
        }
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
