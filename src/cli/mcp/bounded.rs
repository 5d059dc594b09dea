//! How long replies are cut: an assistant pays for each word, and its own limits end a conversation.
//! What is left out is told, with the way to the rest.

use serde_json::{Map, Value, json};

/// Characters of a reply, as JSON. Some assistants cut at 25,000 tokens; this is about a third of it.
pub(super) const REPLY_CHARS_MAX: usize = 24_000;

/// Characters of a text that is read piece by piece.
pub(super) const PIECE_CHARS_MAX: usize = 16_000;

/// Characters of a body of a request or a reply that are shown at once.
pub(super) const BODY_CHARS_MAX: usize = 8_000;

/// Room for the rows of a list.
#[derive(Debug)]
pub(super) struct Room {
    rows_left: usize,
    chars_left: usize,
    is_empty: bool,
}

impl Room {
    pub(super) fn new(rows: usize) -> Self {
        // The rest is for what stands around the list.
        Room { rows_left: rows, chars_left: REPLY_CHARS_MAX - 2_000, is_empty: true }
    }

    /// Whether a row still fits, which then takes its room. The first always does.
    pub(super) fn takes(&mut self, row: &Value) -> bool {
        let n_chars = length(row);
        let fits = self.rows_left > 0 && (self.is_empty || n_chars <= self.chars_left);
        if fits {
            self.rows_left -= 1;
            self.chars_left = self.chars_left.saturating_sub(n_chars);
            self.is_empty = false;
        }
        fits
    }
}

/// A page of a list from `offset` on, and where the next begins.
pub(super) fn page(
    rows: impl Iterator<Item = Value>,
    offset: usize,
    limit: usize,
) -> (Vec<Value>, Option<usize>) {
    let mut room = Room::new(limit);
    let mut shown = Vec::new();
    for row in rows.skip(offset) {
        if !room.takes(&row) {
            let next = offset + shown.len();
            return (shown, Some(next));
        }
        shown.push(row);
    }
    (shown, None)
}

/// A piece of a text from a character on, and where the next begins.
pub(super) fn piece(text: &str, from: usize, chars_max: usize) -> (&str, Option<usize>) {
    let begin = text.char_indices().nth(from).map_or(text.len(), |(at, _)| at);
    let rest = &text[begin..];
    match rest.char_indices().nth(chars_max) {
        Some((end, _)) => (&rest[..end], Some(from + chars_max)),
        None => (rest, None),
    }
}

/// A reply that is not too long: longer texts and lists in it are cut, and `left_out` says which.
pub(super) fn fitted(reply: Value, rest: &str) -> Value {
    if length(&reply) <= REPLY_CHARS_MAX {
        return reply;
    }
    for (chars, rows) in [(4_000, 100), (1_000, 30), (300, 10), (80, 3)] {
        let mut left_out = Vec::new();
        let mut cut = shortened(&reply, chars, rows, "", &mut left_out);
        cut["left_out"] = left_out.into();
        cut["rest"] = rest.into();
        if length(&cut) <= REPLY_CHARS_MAX {
            return cut;
        }
    }
    let left_out = format!("all of it: {} characters", length(&reply));
    json!({ "left_out": [left_out], "rest": rest })
}

/// A value with its long texts and lists cut.
pub(super) fn shortened(
    value: &Value,
    chars: usize,
    rows: usize,
    place: &str,
    left_out: &mut Vec<String>,
) -> Value {
    match value {
        Value::String(text) => {
            let (head, more) = piece(text, 0, chars);
            if more.is_none() {
                return value.clone();
            }
            let n_chars = text.chars().count();
            left_out.push(format!("{place}: {chars} of {n_chars} characters are shown"));
            format!("{head}…").into()
        }
        Value::Array(items) => {
            if items.len() > rows {
                left_out.push(format!("{place}: {rows} of {} are shown", items.len()));
            }
            let shown = items.iter().take(rows).enumerate();
            shown
                .map(|(idx, it)| shortened(it, chars, rows, &format!("{place}/{idx}"), left_out))
                .collect()
        }
        Value::Object(members) => {
            let shown = members.iter().map(|(name, it)| {
                let place = if place.is_empty() { name.clone() } else { format!("{place}/{name}") };
                (name.clone(), shortened(it, chars, rows, &place, left_out))
            });
            shown.collect::<Map<String, Value>>().into()
        }
        other => other.clone(),
    }
}

/// Characters of a value as JSON; bytes are near enough.
fn length(value: &Value) -> usize {
    value.to_string().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_read_piece_by_piece() {
        let text = "äbcdé";
        assert_eq!(piece(text, 0, 3), ("äbc", Some(3)));
        assert_eq!(piece(text, 3, 3), ("dé", None));
        assert_eq!(piece(text, 9, 3), ("", None));
        assert_eq!(piece(text, 0, 5), (text, None));
    }

    #[test]
    fn pages_come_to_the_whole_list() {
        let rows: Vec<Value> =
            (0..50).map(|n| format!("{n} {}", "x".repeat(2_000)).into()).collect();
        let (mut offset, mut seen) = (0, Vec::new());
        loop {
            let (shown, next) = page(rows.iter().cloned(), offset, 30);
            assert!(length(&shown.clone().into()) <= REPLY_CHARS_MAX && !shown.is_empty());
            seen.extend(shown);
            let Some(next) = next else { break };
            assert_eq!(next, seen.len());
            offset = next;
        }
        assert_eq!(seen, rows);
        // A row that is too long by itself is not left out for ever.
        let long: Value = "x".repeat(REPLY_CHARS_MAX * 2).into();
        assert_eq!(page([long.clone()].into_iter(), 0, 10), (vec![long], None));
    }

    #[test]
    fn what_is_left_out_is_told_with_the_way_to_it() {
        let short = json!({ "a": 1 });
        assert_eq!(fitted(short.clone(), "ask"), short);
        let effects: Vec<Value> =
            (0..1_000).map(|n| format!("effect {n} of many").into()).collect();
        let long = json!({ "effects": effects, "now": 1, "text": "y".repeat(30_000) });
        let cut = fitted(long, "read the journal");
        assert!(length(&cut) <= REPLY_CHARS_MAX);
        assert_eq!((&cut["now"], &cut["rest"]), (&json!(1), &json!("read the journal")));
        assert_eq!(cut["effects"].as_array().unwrap().len(), 100);
        assert_eq!(
            cut["left_out"],
            json!(["effects: 100 of 1000 are shown", "text: 4000 of 30000 characters are shown",])
        );
        // Members that are too many leave no way to show a part.
        let many: Map<String, Value> = (0..9_000).map(|n| (n.to_string(), n.into())).collect();
        assert!(fitted(many.into(), "ask")["left_out"][0].as_str().unwrap().starts_with("all of"));
    }
}
