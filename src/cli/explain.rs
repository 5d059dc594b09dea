//! `explain`: what a rule is about by which a vendor refuses, why it is there, how it is known, what
//! commonly breaks it and what mends that; and the same of what `findings` tells.
//!
//! Not here: the papers themselves (`contract`), and which request was refused (`journal`, `tail`).

use clap::Args;
use serde_json::{Value, json};

use crate::app;
use crate::base::nearest::did_you_mean;
use crate::cli::failure::{Failure, bad_input, print};
use crate::cli::table;
use crate::cli::terminal::Terminal;
use crate::contract::lesson::{Lesson, lesson};
use crate::contract::reply::Refusal;
use crate::contract::vendor::Vendor;
use crate::sim::documents::findings;

/// Before what belongs to a word at the left.
const COLUMN: &str = "            ";

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// The rule, such as `mor.hash`; a vendor's name for its rules; a finding, such as `two_calls`; all
    /// are listed where left out
    #[arg(env = "RINGBACK_RULE")]
    rule: Option<String>,
    /// As JSON, for programs
    #[arg(long, env = "RINGBACK_JSON")]
    json: bool,
}

/// A refusal with the vendor whose it is.
type Rule = (&'static Vendor, &'static Refusal);

impl ExplainArgs {
    pub(crate) fn run(self) -> Result<(), Failure> {
        let asked = self.rule.as_deref().unwrap_or_default().trim();
        let of_vendor = app::vendors().find(asked);
        if asked.is_empty() || of_vendor.is_some() {
            let is_listed = |rule: &Rule| of_vendor.is_none_or(|it| std::ptr::eq(it, rule.0));
            let rules: Vec<Rule> = rules().filter(is_listed).collect();
            return self.listed(&rules, asked.is_empty());
        }
        if self.json {
            return print(&told(asked)?.to_string());
        }
        if let Some(rule) = found(asked) {
            return lines(rule).iter().try_for_each(|line| print(line));
        }
        habit_lines(asked, &habits_of(asked)?).iter().try_for_each(|line| print(line))
    }

    fn listed(&self, rules: &[Rule], with_habits: bool) -> Result<(), Failure> {
        let habits: Vec<Value> = if with_habits { habits().collect() } else { Vec::new() };
        if self.json {
            let rules: Value = rules.iter().map(|rule| to_json(*rule)).collect();
            return print(&json!({ "rules": rules, "findings": habits }).to_string());
        }
        let row = |(_, it): &Rule| vec![it.rule.to_owned(), it.when.to_owned()];
        let rows: Vec<_> = rules.iter().map(row).collect();
        table::lines(&["rule", "where"], &rows).iter().try_for_each(|line| print(line))?;
        if habits.is_empty() {
            return Ok(());
        }
        print("")?;
        let word = |it: &Value, name: &str| it[name].as_str().unwrap_or_default().to_owned();
        let mut rows: Vec<_> =
            habits.iter().map(|it| vec![word(it, "name"), word(it, "matters")]).collect();
        rows.dedup_by(|next, last| next[0] == last[0]);
        let head = ["finding", "it is answered, and matters because"];
        table::lines(&head, &rows).iter().try_for_each(|line| print(line))
    }
}

/// A rule, or a finding at each vendor that has it, for programs.
///
/// # Errors
/// Where there is none of that name.
pub(super) fn told(asked: &str) -> Result<Value, Failure> {
    match found(asked) {
        Some(rule) => Ok(to_json(rule)),
        None => Ok(json!({ "findings": habits_of(asked)? })),
    }
}

/// The rules of a vendor, of all where none is named, each with when it refuses.
pub(super) fn in_short(of: Option<&'static Vendor>) -> impl Iterator<Item = Value> {
    let is_wanted = move |rule: &Rule| of.is_none_or(|vendor| std::ptr::eq(vendor, rule.0));
    rules().filter(is_wanted).map(|(_, it)| json!({ "rule": it.rule, "when": it.when }))
}

/// The rules of a vendor, each with all that is told of it.
pub(super) fn of_vendor(of: &Vendor) -> Value {
    rules().filter(|(vendor, _)| std::ptr::eq(*vendor, of)).map(to_json).collect()
}

fn habits_of(asked: &str) -> Result<Vec<Value>, Failure> {
    let habits: Vec<Value> = habits().filter(|it| it["name"] == asked).collect();
    if habits.is_empty() { Err(unknown(asked)) } else { Ok(habits) }
}

fn rules() -> impl Iterator<Item = Rule> {
    let vendors = app::vendors().0.iter();
    vendors.flat_map(|vendor| vendor.surface.refusals.iter().map(|it| (*vendor, *it)))
}

/// What `findings` looks for, each kind at each vendor, those of one name beside one another.
fn habits() -> impl Iterator<Item = Value> {
    let vendors = app::vendors().0.iter();
    let mut found: Vec<Value> = vendors
        .flat_map(|vendor| {
            findings::looked_for(vendor.surface).map(|mut told| {
                told["vendor"] = vendor.surface.vendor.into();
                told
            })
        })
        .collect();
    found.sort_by_key(|it| it["name"].as_str().unwrap_or_default().to_owned());
    found.into_iter()
}

/// The rule of a name, or of a name's end where only one rule ends so: `hash` for `mor.hash`.
fn found(asked: &str) -> Option<Rule> {
    if let Some(rule) = rules().find(|(_, it)| it.rule == asked) {
        return Some(rule);
    }
    let is_end = |(_, it): &Rule| it.rule.split_once('.').is_some_and(|(_, end)| end == asked);
    let mut ends = rules().filter(is_end);
    let first = ends.next();
    if ends.next().is_some() { None } else { first }
}

fn unknown(asked: &str) -> Failure {
    let names: Vec<&str> = rules().map(|(_, it)| it.rule).collect();
    let of_habits: Vec<Value> = habits().map(|mut it| it["name"].take()).collect();
    let alike: Vec<&str> = names
        .iter()
        .copied()
        .filter(|name| name.split_once('.').is_some_and(|(_, end)| end == asked))
        .collect();
    let told = told_with(asked);
    let near = match alike.as_slice() {
        [] if !told.is_empty() => format!("; it stands in what is sent by {}", told.join(", ")),
        [] => {
            let habits = of_habits.iter().filter_map(Value::as_str);
            did_you_mean(asked, names.iter().copied().chain(habits))
        }
        alike => format!("; it is one of {}", alike.join(", ")),
    };
    bad_input(format!(
        "there is no rule or finding called {asked:?}{near}; `ringback explain` lists them"
    ))
}

/// The rules that send this code, or a text with this in it; at most [`TOLD_MAX`].
fn told_with(asked: &str) -> Vec<&'static str> {
    let wanted = asked.to_lowercase();
    let sends = |it: &Refusal| it.code == asked || it.text.to_lowercase().contains(&wanted);
    let found = rules().filter(|(_, it)| sends(it)).map(|(_, it)| it.rule);
    found.take(TOLD_MAX).collect()
}

/// Rules that are named where several send the same.
const TOLD_MAX: usize = 12;

fn lesson_of((vendor, refusal): Rule) -> Lesson {
    lesson((vendor.rules)(), refusal.rule).unwrap_or_default()
}

/// What it sends: the status or the vendor's code, and the text where it has one.
fn answer((vendor, refusal): Rule) -> String {
    let text = refusal.text;
    let words = if text.is_empty() { String::new() } else { format!("{text:?}") };
    vendor.surface.answer(refusal, &words)
}

fn lines(rule: Rule) -> Vec<String> {
    let (vendor, refusal) = rule;
    let terminal = Terminal::stdout();
    let row = |word: &str, text: &str| {
        let mut folded = terminal.folded(text, COLUMN);
        if let Some(first) = folded.first_mut() {
            first.replace_range(..word.len(), word);
        }
        folded
    };
    let evidence = format!("{}; {}", refusal.evidence.grade(), refusal.evidence.source());
    let mut lines = vec![refusal.rule.to_owned()];
    lines.extend(row("  where", refusal.when));
    lines.extend(row("  answer", &answer(rule)));
    lines.extend(row("  evidence", &evidence));
    lines.extend(row("  chapter", &format!("ringback manual {}", vendor.surface.vendor)));
    let lesson = lesson_of(rule);
    for paragraph in &lesson.why {
        lines.push(String::new());
        lines.extend(terminal.folded(&plain(paragraph), ""));
    }
    if !lesson.mistakes.is_empty() {
        lines.extend([String::new(), "Common mistakes:".to_owned()]);
    }
    for mistake in &lesson.mistakes {
        lines.extend(terminal.folded(&format!("- {}", plain(&mistake.what)), ""));
        lines.extend(terminal.folded(&format!("Cure: {}", plain(&mistake.cure)), "  "));
    }
    lines
}

fn habit_lines(name: &str, habits: &[Value]) -> Vec<String> {
    let terminal = Terminal::stdout();
    let mut lines = vec![name.to_owned()];
    let text = |it: &Value, name: &str| it[name].as_str().unwrap_or_default().to_owned();
    for it in habits {
        let about = text(it, "about");
        let about = if about.is_empty() { about } else { format!(", {about}") };
        lines.push(format!("  known of {}{about}", text(it, "vendor")));
    }
    let mut told: Vec<(String, String)> =
        habits.iter().map(|it| (text(it, "matters"), text(it, "remedy"))).collect();
    told.dedup();
    for (matters, remedy) in told {
        lines.push(String::new());
        lines.extend(terminal.folded(&format!("It matters: {matters}."), ""));
        lines.extend(terminal.folded(&format!("Cure: {remedy}."), ""));
    }
    lines.extend([String::new(), "  chapter   ringback manual verify".to_owned()]);
    lines
}

/// Without the marks for code.
fn plain(text: &str) -> String {
    text.replace('`', "")
}

fn to_json(rule: Rule) -> Value {
    let (vendor, refusal) = rule;
    let lesson = lesson_of(rule);
    let mistakes = lesson.mistakes.iter();
    json!({
        "rule": refusal.rule, "vendor": vendor.surface.vendor, "code": refusal.code,
        "text": refusal.text, "when": refusal.when, "why": lesson.why.join("\n\n"),
        "mistakes": mistakes.map(|it| json!({ "what": it.what, "cure": it.cure })).collect::<Value>(),
        "evidence": refusal.evidence.grade(), "source": refusal.evidence.source(),
        "chapter": vendor.surface.vendor,
    })
}
