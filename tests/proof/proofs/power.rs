//! The power goes: of what the program wrote only what it had synced is sure to be there, of the rest some sectors are,
//! and some names. With `--sync full` nothing that was answered is lost, and nothing is half done.
//!
//! `strace` writes down what the program asks its system for while something is done. From that a disk is made up as it
//! may be behind each of the calls, the program is started on it, and what it serves is looked at.

use std::fs;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use super::bench::{Bench, DEEDS, Deed, Outcome, State, until};
use super::dice::Dice;
use super::disk::{Call, Disk, Survives};
use super::server::{Server, terminate};
use super::task::{Counts, Fault, Task, failed};

/// By which files and folders come, change, are safe and go.
const CALLS: &str = "?open,openat,close,lseek,?mkdir,mkdirat,?rename,?renameat,renameat2,?unlink,unlinkat,?rmdir,ftruncate,\
                     write,writev,pwrite64,pwritev,copy_file_range,sendfile,fsync,fdatasync";

const ALL_SURVIVES: [Survives; 3] = [Survives::Nothing, Survives::All, Survives::Some];

/// One cut in so many comes before the answer.
const EARLY: usize = 3;

/// What was done, and the calls that it took.
struct Record {
    name: &'static str,
    deed: Deed,
    calls: Vec<Call>,
    /// How many of them were made when the answer was there.
    n_answered: usize,
    after: State,
}

pub(crate) fn run(task: &Task) -> Result<Counts, Fault> {
    let bench = Bench::make(task)?;
    let mut records = Vec::new();
    for (name, deed) in DEEDS {
        records.push(record(&bench, name, *deed).map_err(|fault| format!("{name}: {fault}"))?);
    }
    let n_calls: usize = records.iter().map(|it| it.calls.len()).sum();
    let n_syncs = records.iter().flat_map(|it| &it.calls).filter(|it| it.is_sync()).count();
    if n_syncs == 0 {
        return Err(format!("{n_calls} calls were seen, and none that syncs"));
    }
    let mut dice = Dice::new(task.seed);
    let (meter, mut n_cuts, mut n_answered) = (task.meter(), 0, 0);
    while meter.goes_on(n_cuts) {
        let record = &records[usize::try_from(n_cuts).unwrap_or(0) % records.len()];
        let is_answered = dice.below(EARLY) > 0 && record.n_answered < record.calls.len() + 1;
        let (from, until) = if is_answered {
            (record.n_answered, record.calls.len() + 1)
        } else {
            (0, record.n_answered + 1)
        };
        let n_made = from + dice.below(until - from);
        let survives = dice.one(&ALL_SURVIVES);
        cut(&bench, record, n_made, survives, &mut dice).map_err(|fault| {
            let last = n_made.checked_sub(1).map_or("none", |last| &record.calls[last].name);
            format!(
                "{}: power cut behind call {n_made} of {} ({last}), where {survives:?} survives that was not synced: {fault}",
                record.name,
                record.calls.len()
            )
        })?;
        n_cuts += 1;
        n_answered += u64::from(n_made >= record.n_answered);
    }
    Ok(Counts(vec![
        ("kinds of work", records.len() as u64),
        ("calls that were written down", n_calls as u64),
        ("of them syncs", n_syncs as u64),
        ("power cuts", n_cuts),
        ("behind the answer", n_answered),
        ("lost or half done", 0),
    ]))
}

/// Does something, with all calls written down.
fn record(bench: &Bench<'_>, name: &'static str, deed: Deed) -> Result<Record, Fault> {
    let after = bench.undisturbed(deed)?;
    let data = bench.copy(deed)?;
    let traces = bench.folder.path().join("traces");
    if traces.exists() {
        fs::remove_dir_all(&traces).map_err(|error| failed("clear", error))?;
    }
    fs::create_dir(&traces).map_err(|error| failed("traces", error))?;
    let mut server = Server::start_recorded(bench.task, &data, CALLS, &traces.join("of"))?;
    let outcome = bench.done(&server, deed);
    let answered = now()?;
    if outcome != Outcome::Done {
        return Err(format!("expected it to be done, found {outcome:?}"));
    }
    if deed != Deed::Stop {
        terminate(server.id())?;
    }
    until("the program ends", || Ok(server.has_ended()))?;
    let mut calls = Vec::new();
    until("the traces are whole", || {
        calls.clear();
        read(&traces, &mut calls)
    })?;
    calls.sort_by_key(|call: &Call| call.at);
    // A stop answers nothing.
    let n_answered = match deed {
        Deed::Stop => calls.len() + 1,
        _ => calls.iter().take_while(|call| call.at <= answered).count(),
    };
    Ok(Record { name, deed, calls, n_answered, after })
}

/// Reads what each thread did; whether all of it is there.
fn read(traces: &Path, calls: &mut Vec<Call>) -> Result<bool, Fault> {
    let mut is_whole = true;
    for trace in fs::read_dir(traces).map_err(|error| failed("traces", error))? {
        let path = trace.map_err(|error| failed("traces", error))?.path();
        let text = fs::read_to_string(&path).map_err(|error| failed("a trace", error))?;
        is_whole &= text.ends_with("+++\n");
        calls.extend(text.lines().filter_map(Call::parse));
    }
    Ok(is_whole)
}

fn now() -> Result<u64, Fault> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let micros = since.map_err(|error| failed("clock", error))?.as_micros();
    u64::try_from(micros).map_err(|error| failed("clock", error))
}

/// Cuts the power behind so many calls, and looks at what is there when it is back.
fn cut(
    bench: &Bench<'_>,
    record: &Record,
    n_made: usize,
    survives: Survives,
    dice: &mut Dice,
) -> Result<(), Fault> {
    let data = bench.copy(record.deed)?;
    let mut disk = Disk::of(&data)?;
    for call in &record.calls[..n_made] {
        disk.take(call);
    }
    disk.cut(survives, dice).map_err(|error| failed("folder", error))?;
    let is_done = n_made >= record.n_answered;
    let outcome = if is_done { Outcome::Done } else { Outcome::Unanswered };
    bench.look(record.deed, &record.after, &data, &outcome)
}
