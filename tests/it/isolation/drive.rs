//! One world, driven by requests, events, steps of its clock and returns to earlier states, all drawn
//! from the world's number.

use std::future::poll_fn;
use std::sync::Arc;

use http::{HeaderName, HeaderValue};
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use ringback::contract::event::EventError;
use ringback::inside::app;
use ringback::inside::net::front::Front;
use ringback::inside::scenario::fields_from_json;
use ringback::inside::scenario::library::Library;
use ringback::inside::sim::world::World;
use ringback::inside::sim::world::journal::Page;
use ringback::inside::web::answer::Answer;
use ringback::inside::web::message::Request;
use serde_json::{Value, json};

/// What stands before a world's number in everything that it is given to keep.
pub(crate) const MARK: &str = "mark-";

/// `w017`.
pub(crate) fn name(world: u32) -> String {
    format!("w{world:03}")
}

/// All that can be seen of a world that was driven.
#[derive(Debug, PartialEq)]
pub(crate) struct Outcome {
    pub(crate) replies: Vec<String>,
    pub(crate) journal: Vec<String>,
    pub(crate) rows: Vec<String>,
}

/// Makes a world and drives it.
pub(crate) async fn drive(front: &Front, library: &Library, world: u32, steps: u32) -> Outcome {
    let mut opened = library.read_json(&scenario(world));
    let made = front.worlds.make(&name(world), &mut opened).unwrap_or_else(|it| panic!("{it}"));
    let mut driver = Driver {
        front,
        world: made,
        mark: format!("{MARK}{world:03}"),
        draw: ChaCha8Rng::seed_from_u64(world.into()),
        n: 0,
        replies: Vec::new(),
    };
    driver.world.checkpoint("begun").await.unwrap();
    // One of each, so that every world holds something of its own.
    for what in 0..MOVES {
        driver.step(what).await;
    }
    for _ in 0..steps {
        let what = driver.draw.random_range(0..MOVES + 3);
        match what.checked_sub(MOVES) {
            None => driver.step(what).await,
            Some(what) => driver.turn(what).await,
        }
        // There are more worlds than open connections, so a turn may cost opening one.
        if driver.draw.random_range(0..6) == 0 {
            tokio::task::yield_now().await;
        }
    }
    driver.outcome().await
}

/// The demo with a frozen clock, one of a few seeds, and MOR's hashes switched off. Worlds of one
/// seed share the pages of its image until they write them.
fn scenario(world: u32) -> Value {
    let demo: toml::Table = toml::from_str(include_str!("../../../scenarios/demo.toml")).unwrap();
    let mut demo = serde_json::to_value(demo).unwrap();
    demo["seed"] = (world % 8).into();
    demo["clock"] = json!({ "mode": "frozen", "at": "2026-03-02T09:00:00Z" });
    demo["mor"]["settings"]["disable_hash"] = true.into();
    demo
}

struct Driver<'f> {
    front: &'f Front,
    world: Arc<World>,
    mark: String,
    draw: ChaCha8Rng,
    /// Counts what was made, for names and numbers.
    n: u32,
    replies: Vec<String>,
}

/// Kinds of step that go to a vendor; a few more go to the world itself.
const MOVES: u32 = 14;

const JSON: (&str, &str) = ("content-type", "application/json");
const JTEL: (&str, &str) = ("authorization", "Bearer SIMTOKEN-7A");
const COOKIE: (&str, &str) = ("cookie", "TokenKey=7f0c9d2e-52b1-4d0a-9a53-3f2f6c1e8b47");

impl Driver<'_> {
    async fn step(&mut self, what: u32) {
        self.n += 1;
        let (mark, n) = (format!("{}-{}", self.mark, self.n), self.n);
        let contacts = "/rest/v1.0/7/dialler/contacts";
        let maxcontact = "/webservices/services/telephony";
        let mor = "/billing/api/autodialer";
        match what {
            0 => {
                let contact = json!({ "DiallerCampaignsID": 612, "Name": "Dorn", "UserData": mark,
                    "PhoneNumber1": format!("4922155{n:05}") });
                self.send(
                    "POST",
                    &format!("{contacts}/import"),
                    &[JSON, JTEL],
                    &contact.to_string(),
                )
                .await;
            }
            1 => self.send("GET", contacts, &[JTEL], "").await,
            2 => {
                let verb = ["lock", "unlock"][self.draw.random_range(0..2)];
                let path = format!("{contacts}/contact/301501/{verb}");
                self.send("PATCH", &path, &[JTEL], "").await;
            }
            3 => {
                self.event("jtel", "dial_contact", json!({ "contact": 301_501 })).await;
                self.advance(90).await;
            }
            4 => {
                let part = format!(
                    "--xx\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\
                     Content-Type: text/csv\r\n\r\n3706{n:07}\r\n--xx--\r\n"
                );
                let form = ("content-type", "multipart/form-data; boundary=xx");
                self.send(
                    "POST",
                    &format!("{mor}_upload_numbers?u=dialer_bob&id=17"),
                    &[form],
                    &part,
                )
                .await;
            }
            5 => {
                let path = format!("{mor}_change_campaign_status?u=dialer_bob&id=17");
                self.send("POST", &path, &[], "").await;
            }
            6 => {
                let path = format!("{mor}_get_campaign_ivr_poll_results?u=dialer_bob&id=17");
                self.send("POST", &path, &[], "").await;
            }
            7 => {
                let call = json!({ "call": "W5N0STILLRUNS005", "name": mark, "offers": [4711] });
                self.event("maestro", "caller_joins", call).await;
                let path = "/_access/fetchCallersByCall?offer_id=4711&call=K7Q2ZP0XN4V8T1RB\
                            &offer_token=5c0e77a1d94b42f8a6e13b90cf28d451";
                self.send("GET", path, &[], "").await;
            }
            8 => {
                let call = json!({ "campaign": "2040", "list": "310500", "agent": "50017",
                    "contact": mark, "type": "Inbound", "number_inbound": "2125550143" });
                self.event("infocu5", "record_call", call).await;
            }
            9 => {
                let body = json!({ "affiliateID": "A7k2Qm9ZrT4x", "dialerFunction": "getCalls",
                    "affiliateKey": "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
                    "startDate": "2026-03-01 00:00:00", "endDate": "2026-03-04 00:00:00" });
                self.send("POST", "/dialer/", &[JSON], &body.to_string()).await;
            }
            10 => {
                let path = format!("{maxcontact}/dial/user/101/phone/07700{n:06}");
                self.send("GET", &path, &[COOKIE], "").await;
            }
            11 => self.send("GET", &format!("{maxcontact}/getcalls/user/101"), &[COOKIE], "").await,
            12 => {
                let verb = ["hangup", "dispose", "hold"][self.draw.random_range(0..3)];
                let path = format!("{maxcontact}/{verb}/user/101/call/1000?resultcode=SALE");
                self.send("GET", &path, &[COOKIE], "").await;
            }
            13 => self.send("GET", "/rest/v1.0/7/dialler/campaigns", &[JTEL], "").await,
            _ => unreachable!("there are {MOVES} kinds"),
        }
    }

    /// A step of the world's own.
    async fn turn(&mut self, what: u32) {
        match what {
            0 => {
                let seconds = self.draw.random_range(1..3600);
                self.advance(seconds).await;
            }
            // What was kept is gone then, so something is kept again.
            1 => {
                self.world.rollback("begun").await.unwrap();
                self.step(0).await;
            }
            _ => {
                self.world.reset().await.unwrap();
                self.step(8).await;
            }
        }
    }

    async fn send(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) {
        let mut request = Request::new(method.parse().unwrap(), path.parse().unwrap());
        let world = ("x-ringback-world", self.world.name());
        for (name, value) in headers.iter().copied().chain([world]) {
            let name: HeaderName = name.parse().unwrap();
            request.headers.insert(name, HeaderValue::from_str(value).unwrap());
        }
        request.body = body.to_owned().into();
        let answered = self.front.answer(request).await;
        let response = answered.response;
        let mut body = response.body.to_vec();
        if let Some(mut chunks) = answered.stream {
            while let Some(chunk) = poll_fn(|cx| chunks.poll_next(cx)).await {
                body.extend_from_slice(&chunk.unwrap());
            }
        }
        let status = response.status.as_u16();
        let (headers, body) = (response.headers, String::from_utf8_lossy(&body).into_owned());
        self.replies.push(format!("{status} {headers:?} {body}"));
    }

    async fn event(&mut self, vendor: &str, name: &str, body: Value) {
        let vendor = app::vendors().find(vendor).unwrap();
        let event = vendor.surface.event(name).unwrap();
        let row = fields_from_json(event.fields, name, &body).unwrap_or_else(|it| panic!("{it}"));
        match self.world.event(vendor, event.name, &row, body).await {
            Ok((seq, value)) => self.replies.push(format!("200 {seq} {value}")),
            Err(EventError::Refused(reason)) => self.replies.push(format!("409 {reason}")),
            Err(EventError::Internal(error)) => panic!("{error}"),
        }
    }

    async fn advance(&mut self, seconds: u64) {
        self.world
            .advance(ringback::inside::base::time::Span::secs(u32::try_from(seconds).unwrap()))
            .await
            .unwrap();
    }

    async fn outcome(self) -> Outcome {
        let page = Page { limit: usize::MAX, ..Page::default() };
        let journal = self.world.journal_page(&page).unwrap().to_json();
        let mut rows = Vec::new();
        for vendor in app::vendors().0 {
            for table in vendor.surface.tables {
                let page = self.world.table(table, 0, usize::MAX, true).await.unwrap();
                let found = page["rows"].as_array().unwrap();
                rows.extend(found.iter().map(|row| format!("{} {row}", table.name)));
            }
        }
        let journal = journal.iter().map(Value::to_string).collect();
        Outcome { replies: self.replies, journal, rows }
    }
}
