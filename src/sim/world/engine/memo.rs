//! Replies to reads, given again while nothing has changed.
//!
//! What an operation answers is a function of the request, the rows, the switches, the seed and what
//! the clock says. So while a read comes in again byte for byte, nothing has been written since, and
//! the clock would answer alike all that the operation asked of it, the reply is the same: clients
//! that poll are answered without a statement being run. Each request has its journal entry all the
//! same. A reply is kept when it is asked for the second time: most requests never come again.
//!
//! Any change empties it: rows count their changes (`store::database::Version`), and a reset, a
//! rollback or a rest begins another count. A build with debug assertions works each reply out all
//! the same and compares, so that every test is a test of this.
//!
//! Not here: worlds in files, whose journal is a table, so that every input changes rows.

use std::hash::{BuildHasher, Hash, Hasher};
use std::net::IpAddr;
use std::ptr;

use foldhash::fast::FixedState;
use http::Method;

use crate::base::limits::{MEMO_BODY_BYTES_MAX, MEMO_BYTES_MAX, MEMO_REPLIES_MAX};
use crate::base::planted::{self, Fault as Planted};
use crate::base::time::Instant;
use crate::contract::reply::{Outcome, Reply, Why};
use crate::contract::validity::Validity;
use crate::contract::variant::Switches;
use crate::contract::vendor::Vendor;
use crate::store::database::Version;
use crate::web::message::{Request, Response};

/// A read on its way in, with what it is found by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'r> {
    vendor: &'static Vendor,
    request: &'r Request,
    hash: u64,
}

impl<'r> Asked<'r> {
    /// `None` for a request that is too long to keep.
    pub(crate) fn new(vendor: &'static Vendor, request: &'r Request) -> Option<Self> {
        if request.body.len() > MEMO_BODY_BYTES_MAX {
            return None;
        }
        // A client that makes hashes meet takes its own replies' place.
        let mut hasher = FixedState::default().build_hasher();
        ptr::hash(vendor, &mut hasher);
        for part in parts(request) {
            part.hash(&mut hasher);
        }
        Some(Asked { vendor, request, hash: hasher.finish() })
    }
}

/// All that is sent: the target, each header, the body.
fn parts(request: &Request) -> impl Iterator<Item = &[u8]> {
    let target = &request.target;
    let target = [
        target.scheme_str().unwrap_or_default(),
        target.authority().map_or("", http::uri::Authority::as_str),
        target.path_and_query().map_or("", http::uri::PathAndQuery::as_str),
    ];
    let headers = request.headers.iter();
    let headers = headers.flat_map(|(name, value)| [name.as_str().as_bytes(), value.as_bytes()]);
    target.map(str::as_bytes).into_iter().chain(headers).chain([request.body.as_ref()])
}

/// What a reply was found by, beside the rows: where neither changes, it is the same.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found {
    pub(crate) within: Validity,
    pub(crate) switches: Switches,
}

impl Remembered {
    fn bytes(&self) -> usize {
        self.asked.text.len() + self.response.body.len()
    }
}

/// The replies that a world has kept.
#[derive(Debug, Default)]
pub(crate) struct Memo {
    /// The state that they were given in.
    version: Version,
    /// Each at the place that its hash names; empty until the first is kept.
    replies: Vec<Option<Box<Remembered>>>,
    /// The hash of what was asked last at each place: a reply is kept for whoever asks again.
    asked: Vec<u64>,
    bytes: usize,
}

impl Memo {
    /// The reply to the same read, where it is still the right one.
    pub(crate) fn get(
        &self,
        asked: Asked<'_>,
        version: Version,
        now: Instant,
    ) -> Option<(Reply, Switches)> {
        if !self.is_of(version) {
            return None;
        }
        let kept = self.replies.get(place(asked))?.as_ref()?;
        if !kept.found.within.holds(now) || !kept.asked.is(asked) {
            return None;
        }
        let (response, why) = (kept.response.clone(), kept.why.clone());
        let reply = Reply { response, rows: None, outcome: kept.outcome, why };
        Some((reply, kept.found.switches))
    }

    /// Keeps a reply, in place of another one where there is no room.
    pub(crate) fn keep(&mut self, asked: Asked<'_>, version: Version, found: Found, reply: &Reply) {
        if self.was_asked(asked, version) {
            self.put(asked, found, reply);
        }
    }

    /// Keeps a reply to a read that was asked before, of the rows as they were last looked at.
    pub(crate) fn put(&mut self, asked: Asked<'_>, found: Found, reply: &Reply) {
        if reply.rows.is_some() {
            return;
        }
        let Reply { response, outcome, why, .. } = reply;
        let kept = Remembered {
            asked: Copied::of(asked),
            found,
            response: response.clone(),
            outcome: *outcome,
            why: why.clone(),
        };
        if kept.bytes() > MEMO_BYTES_MAX {
            return;
        }
        if self.bytes + kept.bytes() > MEMO_BYTES_MAX {
            self.clear();
        }
        self.replies.resize_with(MEMO_REPLIES_MAX, || None);
        self.bytes += kept.bytes();
        let before = self.replies[place(asked)].replace(Box::new(kept));
        self.bytes -= before.map_or(0, |kept| kept.bytes());
    }

    /// Notes that something was asked, and answers whether it was so just before, of the same rows.
    pub(crate) fn was_asked(&mut self, asked: Asked<'_>, version: Version) -> bool {
        if !self.is_of(version) {
            self.clear();
            self.version = version;
        }
        self.asked.resize(MEMO_REPLIES_MAX, 0);
        // No hash is 0 but by a chance that costs one reply its place.
        std::mem::replace(&mut self.asked[place(asked)], asked.hash) == asked.hash
    }

    /// Whether the kept replies were given in this state of the rows.
    pub(crate) fn is_of(&self, version: Version) -> bool {
        self.version == version || planted::is(Planted::MemoOutlivesWrites)
    }

    pub(crate) fn clear(&mut self) {
        self.replies.clear();
        self.asked.clear();
        self.bytes = 0;
    }
}

fn place(asked: Asked<'_>) -> usize {
    // The remainder of a small number fits.
    usize::try_from(asked.hash % MEMO_REPLIES_MAX as u64).unwrap_or(0)
}

/// A request, copied: what came in over a socket are slices of the connection's buffer.
#[derive(Debug)]
struct Copied {
    vendor: &'static Vendor,
    method: Method,
    path_start: usize,
    peer: IpAddr,
    text: Box<[u8]>,
    /// Where each part of the text ends.
    ends: Box<[usize]>,
}

impl Copied {
    fn of(asked: Asked<'_>) -> Self {
        let Request { method, path_start, peer, .. } = asked.request;
        let (mut text, mut ends) = (Vec::new(), Vec::new());
        for part in parts(asked.request) {
            text.extend_from_slice(part);
            ends.push(text.len());
        }
        Copied {
            vendor: asked.vendor,
            method: method.clone(),
            path_start: *path_start,
            peer: *peer,
            text: text.into(),
            ends: ends.into(),
        }
    }

    fn is(&self, asked: Asked<'_>) -> bool {
        let request = asked.request;
        let mut start = 0;
        let own = self.ends.iter().map(|end| {
            let part = &self.text[start..*end];
            start = *end;
            part
        });
        ptr::eq(self.vendor, asked.vendor)
            && self.method == request.method
            && self.path_start == request.path_start
            && self.peer == request.peer
            && own.eq(parts(request))
    }
}

#[derive(Debug)]
struct Remembered {
    asked: Copied,
    found: Found,
    response: Response,
    outcome: Outcome,
    why: Option<Box<Why>>,
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use http::{HeaderValue, StatusCode, header};

    use super::*;
    use crate::contract::validity::Reading;
    use crate::store::database::{Database, Saved};

    fn request(target: &'static str) -> Request {
        let mut request = Request::new(Method::GET, http::Uri::from_static(target));
        request.headers.insert(header::HOST, HeaderValue::from_static("a"));
        request
    }

    fn reply(body: &'static str) -> Reply {
        Reply::ok(Response::with_body(StatusCode::OK, "text/plain", body))
    }

    static TOY: Vendor = Vendor::BARE;
    static OTHER: Vendor = Vendor::BARE;

    fn asked(request: &Request) -> Asked<'_> {
        Asked::new(&TOY, request).expect("it is short")
    }

    /// Keeps a reply as when it is asked for twice.
    fn keep(memo: &mut Memo, asked: Asked<'_>, version: Version, within: Validity, reply: &Reply) {
        let found = Found { within, switches: Switches::default() };
        memo.keep(asked, version, found, reply);
        memo.keep(asked, version, found, reply);
    }

    /// The body that is kept for a request.
    fn found(memo: &Memo, request: &Request, version: Version, now: i64) -> Option<Vec<u8>> {
        let now = Instant::clamped_from_millis(now);
        memo.get(asked(request), version, now).map(|(reply, _)| reply.response.body.to_vec())
    }

    #[test]
    fn only_the_same_request_finds_the_reply() {
        let (mut memo, version) = (Memo::default(), Version::default());
        let known = request("/a?b=1");
        keep(&mut memo, asked(&known), version, Validity::ALL, &reply("one"));
        assert_eq!(found(&memo, &known.clone(), version, 5).as_deref(), Some(&b"one"[..]));
        let others: [fn(&mut Request); 9] = [
            |it| it.method = Method::POST,
            |it| it.target = http::Uri::from_static("/a?b=2"),
            |it| it.target = http::Uri::from_static("http://x/a?b=1"),
            |it| it.path_start = 1,
            |it| it.peer = Ipv4Addr::new(10, 0, 0, 1).into(),
            |it| it.body = "x".into(),
            |it| drop(it.headers.remove(header::HOST)),
            |it| assert!(it.headers.append(header::HOST, HeaderValue::from_static("a"))),
            |it| drop(it.headers.insert(header::HOST, HeaderValue::from_static("A"))),
        ];
        for change in others {
            let mut other = known.clone();
            change(&mut other);
            assert_eq!(found(&memo, &other, version, 5), None, "{other:?}");
        }
        let of_another_vendor = Asked::new(&OTHER, &known).unwrap();
        assert!(memo.get(of_another_vendor, version, Instant::clamped_from_millis(5)).is_none());
        let mut long = known;
        long.body = vec![b'x'; MEMO_BODY_BYTES_MAX + 1].into();
        assert!(Asked::new(&TOY, &long).is_none());
    }

    #[test]
    fn a_reply_holds_while_the_rows_and_the_answers_of_the_clock_do() {
        let db = Database::in_memory(&Database::empty_image(&[]).unwrap());
        db.connection().execute_batch("CREATE TABLE t (a) STRICT").unwrap_err();
        db.connection().execute_batch("CREATE TABLE t (a INT) STRICT").unwrap();
        let mut memo = Memo::default();
        let known = request("/");
        let reading = Reading::new(Instant::clamped_from_millis(10));
        assert!(
            reading.has_come(Instant::clamped_from_millis(7))
                && !reading.has_come(Instant::clamped_from_millis(12))
        );
        keep(&mut memo, asked(&known), db.version(), reading.asked(), &reply("one"));
        let holds = |memo: &Memo, now| found(memo, &known, db.version(), now).is_some();
        assert_eq!([6, 7, 11, 12].map(|now| holds(&memo, now)), [false, true, true, false]);
        db.connection().execute_batch("UPDATE t SET a = 1").unwrap();
        assert!(holds(&memo, 10), "no row was changed");
        let seed = Saved::Image(db.image().unwrap());
        db.connection().execute_batch("INSERT INTO t VALUES (1)").unwrap();
        assert!(!holds(&memo, 10));
        keep(&mut memo, asked(&known), db.version(), Validity::ALL, &reply("two"));
        assert_eq!(found(&memo, &known, db.version(), 10).as_deref(), Some(&b"two"[..]));
        db.restore(&seed, &[]).unwrap();
        assert!(!holds(&memo, 10));
    }

    fn anywhere() -> Found {
        Found { within: Validity::ALL, switches: Switches::default() }
    }

    #[test]
    fn a_reply_comes_with_the_switches_that_it_depends_on() {
        let (mut memo, version) = (Memo::default(), Version::default());
        let one = request("/a");
        let found = Found { switches: Switches::default().with(3).with(70), ..anywhere() };
        for _ in 0..2 {
            memo.keep(asked(&one), version, found, &reply("one"));
        }
        let now = Instant::clamped_from_millis(5);
        let (_, switches) = memo.get(asked(&one), version, now).unwrap();
        assert_eq!(switches, found.switches);
        let of = |switch| switches.contains(switch);
        // Behind the end of a word nothing is left out.
        assert_eq!([2, 3, 4, 63, 64, 70].map(of), [false, true, false, false, true, true]);
    }

    #[test]
    fn a_reply_is_kept_when_it_is_asked_for_again() {
        let (mut memo, version) = (Memo::default(), Version::default());
        let one = request("/a");
        // Where addresses are drawn at each start, two may come to one place.
        let others = ["/b", "/c", "/d", "/e"].map(request);
        let mut others = others.iter().filter(|it| place(asked(it)) != place(asked(&one)));
        let other = others.next().expect("one of them has another place");
        for known in [&one, other] {
            memo.keep(asked(known), version, anywhere(), &reply("one"));
            assert_eq!(found(&memo, known, version, 5), None);
        }
        memo.keep(asked(&one), version, anywhere(), &reply("one"));
        assert!(found(&memo, &one, version, 5).is_some());
        assert_eq!(found(&memo, other, version, 5), None);
    }

    #[test]
    fn rests_and_rollbacks_begin_another_count() {
        let mut db = Database::in_memory(&Database::empty_image(&[]).unwrap());
        db.connection().execute_batch("CREATE TABLE t (a INT) STRICT").unwrap();
        let mut versions = vec![db.version()];
        db.connection().execute_batch("BEGIN; INSERT INTO t VALUES (1); ROLLBACK").unwrap();
        versions.push(db.version());
        db.rest();
        versions.push(db.version());
        db.connection().execute_batch("INSERT INTO t VALUES (1)").unwrap();
        versions.push(db.version());
        for (idx, version) in versions.iter().enumerate() {
            assert!(!versions[..idx].contains(version), "{versions:?}");
        }
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let (mut memo, version) = (Memo::default(), Version::default());
        let body: &'static str = "x".repeat(MEMO_BYTES_MAX / 3).leak();
        for n in 0..100 {
            let mut one = request("/");
            one.body = format!("{n}").into();
            keep(&mut memo, asked(&one), version, Validity::ALL, &reply(body));
            assert!(memo.bytes <= MEMO_BYTES_MAX);
            assert!(found(&memo, &one, version, 0).is_some());
        }
        let all: usize = memo.replies.iter().flatten().map(|kept| kept.bytes()).sum();
        assert_eq!(memo.bytes, all);
        let known = request("/");
        let longer: &'static str = "x".repeat(MEMO_BYTES_MAX + 1).leak();
        keep(&mut memo, asked(&known), version, Validity::ALL, &reply(longer));
        assert!(found(&memo, &known, version, 0).is_none());
    }
}
