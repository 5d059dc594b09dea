//! Compares what came back with what a step expects of it.

mod absent;
mod body;
pub(crate) mod finder;

use crate::replay::compare::absent::Absent;
use crate::replay::compare::finder::Finder;
use crate::replay::compare::finder::Reply;
use crate::replay::compare::finder::header;
use crate::replay::compare::finder::json_text;
use crate::replay::compare::finder::same;
use crate::replay::compare::finder::shown;
use crate::replay::compare::finder::status_and_start;
use serde_json::Value as Json;

use crate::replay::difference::Difference;
use crate::replay::verdict::{clipped, quoted};
use crate::scenario::step::{Capture, Expectation, Mark, Origin, Wanted};
use crate::scenario::template::{NoValue, Variables, fill, fill_json};
use crate::web::xml::{Element, Reached, XmlPath};

/// All that is not as expected.
pub(crate) fn differences(
    expect: &[Expectation],
    reply: &Reply<'_>,
    variables: &dyn Variables,
) -> Vec<Difference> {
    let mut found = Vec::new();
    for expectation in expect {
        let mut finder = Finder { at: &expectation.at, found: &mut found, masker: reply.masker };
        let compared = compare(&mut finder, &expectation.wanted, reply, variables);
        if let Err(NoValue { name }) = compared {
            finder.differs("variable", format!("{{{{{name}}}}}"), "a value", "none");
        }
    }
    found
}

/// Compares one thing.
///
/// # Errors
/// Where a variable has no value.
fn compare(
    finder: &mut Finder<'_>,
    wanted: &Wanted,
    reply: &Reply<'_>,
    variables: &dyn Variables,
) -> Result<(), NoValue> {
    match wanted {
        Wanted::Status(status) => {
            if reply.status.as_u16() != *status {
                let found = status_and_start(reply);
                finder.differs("status", "status", status.to_string(), found);
            }
        }
        // Known before there is anything to compare.
        Wanted::Arrival(_) => {}
        Wanted::Header { name, value } => header(finder, name, value, reply, variables)?,
        Wanted::Body(text) => body::exact(finder, &fill(text, variables)?, reply.body),
        Wanted::Contains(text) => {
            let text = fill(text, variables)?;
            if !reply.body.contains(&text) {
                finder.differs(
                    "body",
                    "body",
                    format!("{} in it", quoted(reply.masker, &text)),
                    shown(reply),
                );
            }
        }
        Wanted::Regex(pattern) => {
            let escaped = |value: String| regex::escape(&value);
            let pattern = crate::scenario::template::fill_as(pattern, variables, &escaped)?;
            match regex::Regex::new(&pattern) {
                Ok(regex) if regex.is_match(reply.body) => {}
                Ok(_) => {
                    let expected = format!("a match of {}", quoted(reply.masker, &pattern));
                    finder.differs("body", "body", expected, shown(reply));
                }
                Err(error) => finder.differs("body", "body", pattern, error.to_string()),
            }
        }
        Wanted::Json { value, marks } => {
            let value = fill_json(value, variables)?;
            match serde_json::from_str(reply.body) {
                Ok(found) => body::json(finder, &value, &found, "", marks),
                Err(error) => {
                    finder.differs("json", "body", "JSON", format!("{} ({error})", shown(reply)));
                }
            }
        }
        Wanted::Xml(text) => {
            let wanted = Element::parse(fill(text, variables)?.as_bytes());
            match (wanted, Element::parse(reply.body.as_bytes())) {
                (Ok(wanted), Ok(found)) => body::xml(finder, &wanted, &found),
                (Ok(_), Err(reason)) => {
                    finder.differs("xml", "body", "XML", format!("{} ({reason})", shown(reply)));
                }
                (Err(reason), _) => finder.differs("xml", "what is expected", "XML", reason),
            }
        }
        Wanted::Cells(rows) => body::cells(finder, rows, reply.body, variables)?,
        Wanted::Columns(rows) => body::columns(finder, rows, reply.body, variables)?,
        Wanted::Field { path, value } => {
            let path = fill(path, variables)?;
            let value = fill_json(value, variables)?;
            match value_at(reply, &path) {
                Ok(found) if same(&value, &found) => {}
                Ok(found) => finder.differs(
                    "field",
                    path,
                    json_text(reply.masker, &value),
                    json_text(reply.masker, &found),
                ),
                Err(reason) => {
                    let wanted = json_text(reply.masker, &value);
                    finder.differs("field", path, wanted, reason.to_string());
                }
            }
        }
    }
    Ok(())
}

/// The value of a body at a JSON pointer or an XML path.
///
/// # Errors
/// Why there is none.
fn value_at(reply: &Reply<'_>, path: &str) -> Result<Json, Absent> {
    let (body, masker) = (reply.body, reply.masker);
    match serde_json::from_str::<Json>(body) {
        Ok(value) => {
            let found = value.pointer(path).cloned();
            found.ok_or_else(|| Absent::Json(body::lost(masker, &value, path)))
        }
        Err(_) if body.trim_start().starts_with('<') => {
            // Of several the first is meant, as if it were numbered.
            let path = XmlPath::parse(path).map_err(Absent::Path)?;
            let root = Element::parse(body.as_bytes()).map_err(Absent::Malformed)?;
            match path.reach(&root) {
                Reached::Texts(texts) => Ok(texts.into_iter().next().unwrap_or_default().into()),
                Reached::Nothing(reason) => Err(Absent::Xml(reason)),
            }
        }
        Err(_) if body.trim().is_empty() => Err(Absent::Empty),
        Err(error) => Err(Absent::Neither { start: clipped(masker, body), error }),
    }
}

/// The value of a variable out of a reply.
///
/// # Errors
/// The difference: why there is none.
pub(crate) fn captured(capture: &Capture, reply: &Reply<'_>) -> Result<Json, Box<Difference>> {
    let lost = |expected: String, found: String| {
        let (kind, at) = ("capture", capture.at.clone());
        let subject = format!("{{{{{}}}}}", capture.name);
        Box::new(Difference { kind, at, subject, expected, found })
    };
    let (value, from) = match &capture.from {
        Origin::Path(path) => {
            let value = value_at(reply, path);
            let value =
                value.map_err(|reason| lost(format!("a value at {path:?}"), reason.to_string()))?;
            (value, format!("at {path:?}"))
        }
        Origin::Header(name) => {
            let value = reply.headers.get(name).and_then(|value| value.to_str().ok());
            let value = value.ok_or_else(|| lost(format!("a header {name}"), "none".to_owned()))?;
            (value.into(), format!("in the header {name}"))
        }
        Origin::Body => (reply.body.into(), "in the body".to_owned()),
    };
    let Some(pattern) = &capture.regex else { return Ok(value) };
    let text = crate::scenario::template::plain(&value);
    let regex = regex::Regex::new(pattern).map_err(|it| lost(pattern.clone(), it.to_string()))?;
    let groups = regex.captures(&text);
    let groups = groups.ok_or_else(|| {
        lost(
            format!("a match of {} {from}", quoted(reply.masker, pattern)),
            clipped(reply.masker, &text),
        )
    })?;
    let group = groups.get(1).or(groups.get(0));
    Ok(group.map_or("", |group| group.as_str()).into())
}

/// A variable without a value, as a difference of the step.
pub(crate) fn unfilled(at: &Mark, variable: &NoValue) -> Difference {
    Difference {
        kind: "variable",
        at: at.clone(),
        subject: format!("{{{{{}}}}}", variable.name),
        expected: "a value".into(),
        found: variable.to_string(),
    }
}
