//! Each call by which the program asks the system to write, one by one: it dies before the call, or the call fails.
//!
//! `strace` stops at the nth call of a thread. What was answered has to be there afterwards, what was not is there whole
//! or not at all, no other world has changed, nothing half done is left, and the next write does. Where a call fails, the
//! program goes on. What the system has taken is not lost here: that is for `power`.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::bench::{Bench, DEEDS, Deed, Outcome, State, until, written};
use super::dice::Dice;
use super::server::{Server, terminate};
use super::task::{Counts, Fault, Task, failed};

/// By which files come, change and go; one that a processor does not have is passed over.
const WRITES: &str = "?open,openat,?mkdir,mkdirat,?rename,?renameat,renameat2,?unlink,unlinkat,?rmdir,?link,linkat,\
                      ftruncate,fallocate,pwrite64,pwritev,fsync,fdatasync,copy_file_range,sendfile";
/// They write to sockets and wake threads as well: to die there is to die before the reply; that they fail is another matter.
const ANY_WRITES: &str = "write,writev";
/// How a call fails.
const ERRORS: [&str; 2] = ["ENOSPC", "EIO"];
/// Of a thread's calls the last that is tried at first; where an operation has no such call, those behind it have none either.
const CALLS_MAX: usize = 200;
/// A tracer that has told all ends at once.
const TRACER_MAX: Duration = Duration::from_secs(1);

pub(crate) fn run(task: &Task) -> Result<Counts, Fault> {
    let bench = Bench::make(task)?;
    let mut plans = Vec::new();
    for (name, deed) in DEEDS {
        let after = bench.undisturbed(*deed).map_err(|fault| format!("{name}: {fault}"))?;
        for fails in [false, true] {
            plans.push(Plan {
                name,
                deed: *deed,
                fails,
                after: after.clone(),
                left: (1..=CALLS_MAX).collect(),
                n_tried: 0,
            });
        }
    }
    let mut dice = Dice::new(task.seed);
    let meter = task.meter();
    let (mut n_killed, mut n_failed, mut n_missed, mut idx) = (0, 0, 0, 0);
    while meter.goes_on(n_killed + n_failed) && !plans.is_empty() {
        idx %= plans.len();
        let plan = &mut plans[idx];
        let nth = plan.left.swap_remove(dice.below(plan.left.len()));
        let error = *dice.of(&ERRORS);
        let happened = disturbed(&bench, plan, nth, error).map_err(|fault| {
            let how = if plan.fails { error } else { "kill -9" };
            format!("{}, {how} at call {nth} of a thread: {fault}", plan.name)
        })?;
        match (happened, plan.fails) {
            (false, _) => {
                n_missed += 1;
                plan.left.retain(|it| *it < nth);
            }
            (true, false) => n_killed += 1,
            (true, true) => n_failed += 1,
        }
        plan.n_tried += u64::from(happened);
        if plan.left.is_empty() {
            if plan.n_tried == 0 {
                let how = if plan.fails { "fails" } else { "dies" };
                return Err(format!(
                    "{}: it {how} at none of its calls; does strace see them?",
                    plan.name
                ));
            }
            plans.remove(idx);
        } else {
            idx += 1;
        }
    }
    if n_killed == 0 || n_failed == 0 {
        return Err(format!(
            "{n_killed} calls were killed and {n_failed} failed; does strace see them?"
        ));
    }
    Ok(Counts(vec![
        ("kinds of work", DEEDS.len() as u64),
        ("calls that it died before", n_killed),
        ("calls that failed", n_failed),
        ("beyond the last", n_missed),
        ("half done", 0),
    ]))
}

/// An operation, and which of its calls are yet to be tried.
struct Plan {
    name: &'static str,
    deed: Deed,
    /// The call fails, in place of being the last.
    fails: bool,
    after: State,
    left: Vec<usize>,
    n_tried: u64,
}

/// Whether the call came, and what came of it was right.
fn disturbed(bench: &Bench<'_>, plan: &Plan, nth: usize, error: &str) -> Result<bool, Fault> {
    let data = bench.copy(plan.deed)?;
    let trace = bench.folder.path().join("trace");
    let calls = if plan.fails { WRITES.to_owned() } else { format!("{WRITES},{ANY_WRITES}") };
    let injected = if plan.fails { format!("error={error}") } else { "signal=SIGKILL".into() };
    let inject = [format!("trace={calls}"), format!("inject={calls}:{injected}:when={nth}")];
    let mut outcome = Outcome::Unanswered;
    if let Deed::Start { .. } = plan.deed {
        if let Ok(server) = Server::start_traced(bench.task, &data, &inject, &trace) {
            outcome = Outcome::Done;
            server.kill()?;
        }
    } else {
        let mut server = Server::start_in(bench.task, &data)?;
        let mut tracer = traced(&server, &inject, &trace)?;
        outcome = bench.done(&server, plan.deed);
        if plan.deed == Deed::Stop {
            until("the program ends", || Ok(has_died(server.id())))?;
        }
        unwatched(&mut tracer)?;
        if plan.fails && plan.deed != Deed::Stop {
            // It goes on: what is asked next is answered, and written.
            if server.has_ended() {
                return Err(format!("the program ended; the operation was {outcome:?}"));
            }
            written(&server, "U-next").map_err(|fault| format!("{outcome:?}, then {fault}"))?;
        }
        server.kill()?;
    }
    let told = fs::read_to_string(&trace).unwrap_or_default();
    let happened = told.contains(if plan.fails { "(INJECTED)" } else { "killed by SIGKILL" })
        && (plan.fails || plan.deed == Deed::Stop || outcome == Outcome::Unanswered);
    bench.look(plan.deed, &plan.after, &data, &outcome)?;
    Ok(happened)
}

/// Has the calls of a running program watched, and waits until they are.
fn traced(server: &Server, inject: &[String; 2], trace: &Path) -> Result<Child, Fault> {
    let id = server.id();
    let tracer = Command::new("strace")
        .args(["-f", "-q", "-e", &inject[0], "-e", &inject[1], "-o"])
        .arg(trace)
        .args(["-p", &id.to_string()])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| failed("strace", error))?;
    until("the tracer is there", || {
        let tasks =
            fs::read_dir(format!("/proc/{id}/task")).map_err(|error| failed("tasks", error))?;
        let mut is_all = true;
        for thread in tasks.flatten() {
            let status = fs::read_to_string(thread.path().join("status")).unwrap_or_default();
            is_all &= !status.contains("TracerPid:\t0\n");
        }
        Ok(is_all)
    })?;
    Ok(tracer)
}

/// Whether it has come to its end; while a tracer holds it nobody else can wait for it.
fn has_died(program: u32) -> bool {
    let status = fs::read_to_string(format!("/proc/{program}/status")).unwrap_or_default();
    status.is_empty() || status.contains("State:\tZ")
}

/// Ends the watching. A tracer whose program died under it may wait for one of its threads for ever.
fn unwatched(tracer: &mut Child) -> Result<(), Fault> {
    let _ = terminate(tracer.id());
    let began = Instant::now();
    while matches!(tracer.try_wait(), Ok(None)) && began.elapsed() < TRACER_MAX {
        thread::yield_now();
    }
    let _ = tracer.kill();
    tracer.wait().map_err(|error| failed("the tracer", error)).map(drop)
}
