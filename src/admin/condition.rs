//! The shapes of a condition over a journal and of the verdict on it, as they are documented. A test
//! holds them to what is read.

use serde_json::Value;

use crate::admin::shape::{Member, Shape, always, maybe};

/// A value that a rule asks for.
const ASKED: Shape = Shape::Either(&[
    Shape::Text,
    Shape::Number,
    Shape::Bool,
    Shape::Object(&[
        maybe("equals", Shape::Any, "the value itself, where it is an object"),
        maybe("one_of", Shape::List(&Shape::Any), "any of these"),
        maybe("contains", Shape::Text, "a part of a text, or an element of a list"),
        maybe("regex", Shape::Text, "a regular expression; not anchored"),
        maybe("present", Shape::Bool, "that there is any value, or none"),
    ]),
]);

/// What is asked of a value in JSON, where a list and null are values as well.
const ASKED_IN_JSON: Shape = Shape::Any;

const RESPONSE: Shape = Shape::Object(&[
    maybe("status", ASKED, "the HTTP status"),
    maybe("body", ASKED, "all of the body as text"),
    maybe("header", Shape::Map(&ASKED), "by name"),
    maybe("json", Shape::Map(&ASKED_IN_JSON), "by JSON pointer; * is every element of a list"),
    maybe("xml", Shape::Map(&ASKED), "by path, such as /Lead/Phone[1]/@type or //Error"),
]);

const N_RULES: usize = 20;

/// The rules of one entry.
const RULES: [Member; N_RULES] = [
    maybe("vendor", ASKED, "name of the vendor"),
    maybe("operation", ASKED, "name of the operation"),
    maybe("action", ASKED, "name of an admin action: event, advance, reset, …"),
    maybe("event", ASKED, "name of an event outside the vendor's API"),
    maybe("outcome", ASKED, "ok, refused, error or faulted"),
    maybe("status", ASKED, "HTTP status of the response"),
    maybe("why", ASKED, "rule behind a refusal, such as mor.hash"),
    maybe("method", ASKED, "HTTP method"),
    maybe("path", ASKED, "path as the vendor sees it, without query"),
    maybe("fault", ASKED, "kind of the fault that was injected"),
    maybe("error", ASKED, "what went wrong in Ringback itself"),
    maybe("effect", ASKED, "one of the changes to the world"),
    maybe("body", ASKED, "all of the request's body as text"),
    maybe("query", Shape::Map(&ASKED), "by name"),
    maybe("form", Shape::Map(&ASKED), "by name"),
    maybe("param", Shape::Map(&ASKED), "by name, wherever the vendor takes it from"),
    maybe("header", Shape::Map(&ASKED), "by name"),
    maybe("json", Shape::Map(&ASKED_IN_JSON), "by JSON pointer; * is every element of a list"),
    maybe("xml", Shape::Map(&ASKED), "by path, such as /Lead/Phone[1]/@type or //Error"),
    maybe("response", RESPONSE, "the same of the response"),
];

const DETAIL: Member = maybe("detail", Shape::Map(&ASKED_IN_JSON), "of an action, by JSON pointer");

static STEP: Shape = Shape::Object(&joined::<N_STEP>(&RULES, &[DETAIL]));

const N_STEP: usize = N_RULES + 1;

/// How many, and in which part of the journal.
const COUNTS: [Member; 10] = [
    DETAIL,
    maybe("exactly", Shape::Integer, "how many entries meet all rules"),
    maybe("at_least", Shape::Integer, "the same; 1 where nothing is said"),
    maybe("at_most", Shape::Integer, "the same"),
    maybe("never", Shape::Bool, "true: none does"),
    maybe("in_order", Shape::List(&STEP), "entries that meet these, one after the other"),
    maybe("since", Shape::Integer, "only entries with a greater sequence number"),
    maybe("until", Shape::Integer, "only entries up to this sequence number"),
    maybe("after", Shape::Time, "only entries of this world time or later"),
    maybe("before", Shape::Time, "only entries before this world time"),
];

const N_CONDITION: usize = N_RULES + COUNTS.len();

const TIMEOUT: Member = maybe("timeout", Shape::Text, "a length of real time such as 30s");

pub(super) static CONDITION: Shape = Shape::Object(&joined::<N_CONDITION>(&RULES, &COUNTS));

/// What a condition may hold, as JSON Schema 2020-12.
pub(crate) fn schema() -> Value {
    CONDITION.schema()
}

pub(super) static AWAITED: Shape = Shape::Object(&joined::<{ N_CONDITION + 1 }>(
    &joined::<N_CONDITION>(&RULES, &COUNTS),
    &[TIMEOUT],
));

const fn joined<const N: usize>(first: &[Member], second: &[Member]) -> [Member; N] {
    let mut all = [first[0]; N];
    let mut idx = 0;
    while idx < N {
        all[idx] = if idx < first.len() { first[idx] } else { second[idx - first.len()] };
        idx += 1;
    }
    all
}

pub(super) static VERDICT: Shape = Shape::Object(&[
    always("verdict", Shape::OneOf(&["pass", "fail", "inconclusive"]), "whether it holds"),
    always("expected", Shape::Text, "the condition in words"),
    always("found", Shape::Integer, "how many entries meet it, or how many steps were reached"),
    always("matched", Shape::List(&Shape::Integer), "their sequence numbers"),
    maybe("reason", Shape::Text, "what was found instead"),
    maybe(
        "closest",
        Shape::List(&Shape::Object(&[
            always("seq", Shape::Integer, "number of the entry"),
            always("at", Shape::Time, "its world time"),
            always("exchange", Shape::Text, "request and reply on one line"),
            always(
                "rules",
                Shape::List(&Shape::Object(&[
                    always("rule", Shape::Text, "what is looked at"),
                    always("matched", Shape::OrNull(&Shape::Bool), "null: cannot be told"),
                    always("expected", Shape::Text, "in words"),
                    always("found", Shape::Text, "in words"),
                    maybe("hint", Shape::Text, "what to change"),
                ])),
                "rule by rule",
            ),
            maybe("why", Shape::Text, "why the vendor refused it"),
        ])),
        "the entries that came closest, the best first",
    ),
    maybe(
        "seen",
        Shape::Map(&Shape::Integer),
        "entries by operation or event, where none came close",
    ),
    maybe("explanation", Shape::Text, "all of it as text"),
]);

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::contract::vendor::Vendors;
    use crate::sim::judge::verify::condition::Condition;

    /// A condition with a value of another type for every member, so that only unknown names are
    /// told as such.
    fn unknown_members(shape: &Shape, within: fn(Value) -> Value) -> Vec<String> {
        let schema = shape.schema();
        let members = schema["properties"].as_object().unwrap();
        let value: Value =
            Value::Object(members.keys().map(|name| (name.clone(), json!([]))).collect());
        let told = Condition::from_json(Vendors(&[]), &within(value)).unwrap_err();
        let unknown = told.iter().filter(|it| it.found.starts_with("unknown member"));
        unknown.map(|it| it.pointer.clone()).collect()
    }

    #[test]
    fn what_is_documented_is_what_is_read() {
        assert_eq!(unknown_members(&CONDITION, |it| it), Vec::<String>::new());
        assert_eq!(
            unknown_members(&RESPONSE, |it| json!({ "response": it })),
            Vec::<String>::new()
        );
        assert_eq!(unknown_members(&STEP, |it| json!({ "in_order": [it] })), Vec::<String>::new());
        assert_eq!(unknown_members(&AWAITED, |it| it), ["/timeout"]);
        // And nothing is read that is not documented.
        let told = Condition::from_json(Vendors(&[]), &json!({ "no": 1 })).unwrap_err();
        let schema = CONDITION.schema();
        let known = told[0].expected.trim_start_matches("one of ").split(", ");
        for name in known {
            assert!(schema["properties"].get(name).is_some(), "{name} is not documented");
        }
    }
}
