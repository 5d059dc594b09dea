//! Every limit that holds for the whole program, with its reason. Limits of one format or one
//! vendor stand beside the code that keeps them.

use std::time::Duration;

/// Largest request head (request line and headers). Twice what common servers take, so that a
/// client which fails here would have failed at the vendor.
pub(crate) const HEAD_BYTES_MAX: usize = 64 * 1024;

/// Most headers in one request; hyper's own default, and no client comes near it.
pub(crate) const HEADERS_MAX: usize = 100;

/// Largest request body. The largest real one is an upload of numbers or leads: 100,000 lines are
/// about 2 MB, so this leaves room for a hundred times that in wide rows without letting one
/// client fill the memory.
pub(crate) const BODY_BYTES_MAX: usize = 32 * 1024 * 1024;

/// Time that a connection may stay open between two requests. Clients commonly pool connections for
/// up to a minute, and one that a client believes open fails its next request; nginx keeps them as
/// long. Where connections are short, the longest idle are closed sooner.
pub(crate) const IDLE_TIMEOUT: Duration = Duration::from_secs(75);

/// Time in which a request head must be complete, from its first byte. A client that sends a byte a
/// second is dropped.
pub(crate) const HEAD_TIMEOUT: Duration = Duration::from_secs(10);

/// Time in which a request body must be complete.
pub(crate) const BODY_TIMEOUT: Duration = Duration::from_secs(30);

/// Threads that write long bodies, such as a list of 100,000 contacts, each for one reader. More than a
/// listener has connections, so readers that take nothing are met by that limit first and hold up no
/// other list; a thread that waits costs a few pages of its stack.
pub(crate) const FEEDERS_MAX: usize = 1000;

/// Time after which such a thread ends where there is nothing to write.
pub(crate) const FEEDER_IDLE: Duration = Duration::from_secs(10);

/// Longest time in which the reader of a long body takes 64 KiB of it. That is 2 KiB a second, slower
/// than any line in use; what is slower only holds memory.
pub(crate) const READER_PATIENCE: Duration = Duration::from_secs(30);

/// Long bodies that are read from the files of kept worlds at once. Each holds three descriptors, as a
/// world that is open does.
pub(crate) const FILE_READERS_MAX: usize = 32;

/// Longest time in which a client takes none of the bytes that are waiting for it.
pub(crate) const WRITE_TIMEOUT: Duration = Duration::from_secs(30);

/// Bytes that a client takes at the least in each such time in which it lets a reply wait: 4 KiB a
/// second, a telephone line of 1996. A slower one hangs, and holds a snapshot and a thread.
pub(crate) const WRITE_BYTES_MIN: u64 = 4 * 1024 * WRITE_TIMEOUT.as_secs();

/// Bytes that the system keeps for a client that reads slowly (Linux takes twice the number). The
/// system says that there is room when a third is free, so a much larger buffer would hide for longer
/// than `WRITE_TIMEOUT` that a client reads; and hundreds of slow readers would hold a gigabyte.
pub(crate) const SEND_BUFFER_BYTES: usize = 128 * 1024;

/// Open connections per listener. A load test uses hundreds; each costs a few kilobytes and a file
/// descriptor, of which a process commonly has 1,024. Beyond it, the longest idle are closed, then
/// those that are slowest to send a request; never one that is being answered.
pub(crate) const CONNECTIONS_MAX: usize = 900;

/// Certificates that are kept for the names that clients ask for. The names are the clients' words: who
/// asks for more has them made again, in a tenth of a millisecond each.
pub(crate) const LEAVES_MAX: usize = 256;

/// Longest that a connection to another host takes to come about, for a client that is let through.
pub(crate) const PASS_CONNECT_MAX: Duration = Duration::from_secs(10);

/// Longest that another host takes for its reply to a plain request that was let through; as long as
/// common proxies wait.
pub(crate) const PASS_REPLY_MAX: Duration = Duration::from_mins(1);

/// File descriptors that the process asks for: enough for all listeners' connections and the files
/// of all open worlds.
pub(crate) const DESCRIPTORS_WANTED: u64 = 65_536;

/// How long the control plane works on an answer for a client that has closed its side. Long enough
/// for one that sends, closes and listens; a client that was interrupted in `wait` or an advance is
/// noticed after it.
pub(crate) const ADMIN_HALF_CLOSED_MAX: Duration = Duration::from_secs(5);

/// Log lines that wait for stderr. A burst fits in it; when whoever reads stderr is slower than that,
/// the lines beyond are counted and lost, and nothing waits.
pub(crate) const LOG_LINES_WAITING: usize = 1024;

/// Longest that the end of the program waits for its last log lines to be taken.
pub(crate) const LOG_FLUSH_MAX: Duration = Duration::from_millis(200);

/// Longest that it waits for one of them: where nobody reads, nobody is going to.
pub(crate) const LOG_LINE_FLUSH_MAX: Duration = Duration::from_millis(20);

/// Longest that the end of a program that served waits for the reason to be taken from stderr. Longer
/// than for the log: it is the last and the most important line.
pub(crate) const LAST_WORDS_MAX: Duration = Duration::from_secs(2);

/// Longest that the end of the program waits for threads that are still at work. What they do has no
/// reader any more, and a commit that is cut off is rolled back at the next start.
pub(crate) const THREADS_END_MAX: Duration = Duration::from_millis(100);

/// Time that requests in flight get when the program is told to stop.
pub(crate) const DRAIN_TIMEOUT: Duration = Duration::from_secs(10);

/// Worlds in one process. Ten thousand demo worlds fit in 512 MiB; beyond that a test suite has
/// forgotten to delete them.
pub(crate) const WORLDS_MAX: usize = 10_000;

/// Credentials that one world may claim. A test suite claims one for each of its clients.
pub(crate) const CLAIMS_MAX: usize = 100;

/// Listeners that worlds have of their own. Each holds a file descriptor and may hold connections
/// beside it, of which a process commonly has 1,024; more worlds than this share a listener.
pub const OWN_LISTENERS_MAX: usize = 64;

/// Names, and addresses, that are kept of what a client that is sealed off asked for and is nobody's. A
/// run that asks for more shows nothing more by the next.
pub(crate) const SEEN_MAX: usize = 1000;

/// Time in which a host answers that is let through to a client that is sealed off.
pub(crate) const ALLOWED_CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long such a port rests where the system hands out no connections.
pub(crate) const ALLOWED_RETRY: Duration = Duration::from_millis(50);

/// How often worlds are looked for whose time to live is over. A world may live so much longer.
pub(crate) const REAP_INTERVAL: Duration = Duration::from_millis(500);

/// How often `--watch` looks whether a scenario has changed.
pub(crate) const WATCH_INTERVAL: Duration = Duration::from_millis(500);

/// Worlds with an open connection. Each costs about half a megabyte; a test run drives a few dozen
/// at once.
pub(crate) const OPEN_WORLDS_MAX: usize = 128;

/// Worlds in files with an open connection. Each holds three descriptors, of which a process commonly
/// has 1,024: these take less than a tenth, and opening one again takes a millisecond.
pub(crate) const OPEN_FILES_MAX: usize = 32;

/// Checkpoints of one world. In memory each costs what was changed since the one before.
pub(crate) const CHECKPOINTS_MAX: usize = 100;

/// Seeds that are kept sealed, so that the next world of the same scenario is made at once.
pub(crate) const SEALED_SEEDS_MAX: usize = 64;

/// Rows of one table that are read for credentials. Whoever has more is known by name beyond them.
pub(crate) const CREDENTIALS_READ_MAX: usize = 20_000;

/// Credentials of one world that are looked for by their value, so that the automaton for them
/// stays at some megabytes and is made anew in some milliseconds.
pub(crate) const CREDENTIALS_KNOWN_MAX: usize = 50_000;

/// Journal entries kept per world. A long test run stays readable; older entries go first.
pub(crate) const JOURNAL_ROWS_MAX: usize = 10_000;

/// Bytes of exchanges kept per world's journal.
pub(crate) const JOURNAL_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Bytes of exchanges kept by all journals of the process together.
pub(crate) const JOURNAL_PROCESS_BYTES_MAX: usize = 256 * 1024 * 1024;

/// Bytes of one body that the journal keeps; of the rest it keeps the length and a digest.
pub(crate) const JOURNAL_BODY_BYTES_MAX: usize = 64 * 1024;

/// Most characters of a request's `traceparent` or `X-Request-ID` that its entry shows as its trace.
/// One of the first has 55, of the second commonly 36.
pub(crate) const TRACE_CHARS_MAX: usize = 128;

/// Values of one type that a world keeps of its rows by key, such as the tokens of an account. A client
/// under test has a handful of accounts; beyond them it begins anew.
pub(crate) const KEPT_OF_A_TYPE_MAX: usize = 1_000;

/// Replies to reads that a world keeps to give again while nothing has changed. A test or a dashboard
/// polls a handful of addresses.
pub(crate) const MEMO_REPLIES_MAX: usize = 64;

/// Bytes of such replies and their requests per world. All worlds with an open connection together
/// then stay below 128 MiB.
pub(crate) const MEMO_BYTES_MAX: usize = 1024 * 1024;

/// Longest body of a request whose reply is kept. Reads with a body send a few hundred bytes.
pub(crate) const MEMO_BODY_BYTES_MAX: usize = 4 * 1024;

/// Entries in one page of a journal or a table, at the most.
pub(crate) const PAGE_ROWS_MAX: usize = 1000;

/// Entries in one page when the caller names no number.
pub(crate) const PAGE_ROWS_DEFAULT: usize = 100;

/// Longest time for which a journal read waits for news.
pub(crate) const JOURNAL_WAIT_MAX: Duration = Duration::from_secs(30);

/// Longest time for which `wait` waits for a condition. A client's own patience ends sooner; this
/// only keeps a forgotten one from staying for ever.
pub(crate) const CONDITION_WAIT_MAX: Duration = Duration::from_mins(10);

/// Timers fired on behalf of one input. A chain of timers that never ends is a broken rule; it is
/// cut here instead of holding the world for ever.
pub(crate) const FIRINGS_PER_INPUT_MAX: usize = 10_000_000;

/// Firings that the answer to an advance shows one by one; the rest are counted. Enough to read, and
/// a busy day has a hundred thousand.
pub(crate) const FIRINGS_SHOWN_MAX: usize = 1000;

/// Time after which a stream of the journal says that it is alive, where nothing happens. Proxies
/// commonly cut a connection that is silent for a minute.
pub(crate) const JOURNAL_HEARTBEAT: Duration = Duration::from_secs(15);

/// Between two times at which somebody who waits for a world on a running clock has done what is due there,
/// at the least: with traffic on a fast clock something always is, and each time makes an entry.
pub(crate) const DUE_PAUSE: Duration = Duration::from_millis(50);

/// Conditions that a strict world expects to hold. Each is looked up in the whole journal.
pub(crate) const EXPECTATIONS_MAX: usize = 100;

/// Rules for faults in one world. Each request asks them all.
pub(crate) const FAULTS_MAX: usize = 1000;

/// Most fixed replies that can be added to a world that lives. Each request that no operation takes
/// asks all of them.
pub(crate) const REPLIES_MAX: usize = 10_000;

/// Exchanges of a recording that become steps. A replay of more takes longer than anybody waits, and
/// each is held in memory while rows and switches are looked for.
pub(crate) const RECORDED_EXCHANGES_MAX: usize = 2_000;

/// Largest body of a recorded exchange: with all of them that large, an import still ends.
pub(crate) const RECORDED_BODY_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Largest body of a vendor's reply that is passed on while it is recorded: as large as the body of a
/// request.
pub(crate) const RELAYED_BODY_BYTES_MAX: usize = BODY_BYTES_MAX;

/// Events of a recording that become steps: a client that asks 2,000 times has seldom half as many.
pub(crate) const RECORDED_EVENTS_MAX: usize = 2_000;

/// What a recording holds in memory until it ends: how its worlds began, and what was taken. What is
/// beyond stands in its file alone.
pub(crate) const RECORDED_KEPT_BYTES_MAX: usize = 256 * 1024 * 1024;

/// What may wait for the thread that takes note of it. It is as fast as clients commonly are; where more
/// comes, requests go on and what they said is left out.
pub(crate) const RECORDED_WAITING_BYTES_MAX: usize = 256 * 1024 * 1024;

/// Lines that may wait for a disk that takes none.
pub(crate) const RECORDED_UNWRITTEN_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Lines about what is left out of one scenario; of the rest the number is told.
pub(crate) const LEFT_OUT_LINES_MAX: usize = 50;

/// Scenarios that one recording becomes: a suite of tests that resets its world for each of them has some
/// dozens, and more are read by nobody.
pub(crate) const RECORDED_PARTS_MAX: usize = 200;

/// Largest file that is the body of a fixed reply: as large as the body of a request.
pub(crate) const REPLY_FILE_BYTES_MAX: u64 = 32 * 1024 * 1024;

/// Longest that a fault holds a reply back. Longer than any client waits.
pub(crate) const FAULT_DELAY_MAX: Duration = Duration::from_mins(10);

/// Most bytes of a piece of a dripped body, or of a truncated one: the largest body there is.
pub(crate) const FAULT_BYTES_MAX: i64 = 1 << 40;

/// Fastest that a scaled clock runs: a day in less than a second. Beyond it nothing can be watched
/// any more, and an advance does the same at once.
pub(crate) const CLOCK_RATE_MAX: f64 = 100_000.0;

/// Largest id, and largest count. The next one is a number that clients which hold JSON's numbers as
/// doubles, as JavaScript does, cannot tell from its neighbour. It lies far enough below SQLite's
/// largest integer that no sum of an id and a count leaves that range and becomes a REAL.
pub(crate) const ID_MAX: i64 = (1 << 53) - 1;

/// Longest body that a reason tells to send instead. A longer one is the client's own but for a few
/// bytes, and the reason names their place.
pub(crate) const EDIT_BYTES_MAX: usize = 4 * 1024;

/// Most characters of the pointer to a place in a body that a reason shows.
pub(crate) const POINTER_CHARS_MAX: usize = 200;

/// How long a world that could not be read is left alone before it is tried once more. Trying reads its
/// files; a client that polls asks several times a second.
pub(crate) const REOPEN_PAUSE: Duration = Duration::from_secs(1);
