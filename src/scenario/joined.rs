//! Scenarios as JSON, one over another: their rows come together, all else is replaced.

use csv::{ReaderBuilder, WriterBuilder};
use serde_json::{Value, json};

use crate::contract::fields::{Field, Kind, Rows};
use crate::contract::vendor::Vendor;
use crate::scenario::replacing::REPLACE;
use crate::scenario::top::HOSTS;
use crate::sim::loading::top::TOP;

/// Puts a scenario, as JSON, over the one that it extends: rows come together, all else is replaced.
pub(crate) fn put_over(under: &mut Value, over: Value, vendors: &[&Vendor]) {
    let (Value::Object(under), Value::Object(over)) = (under, over) else { return };
    for (name, value) in over {
        let under = under.entry(&name).or_insert(Value::Null);
        match (vendors.iter().find(|vendor| vendor.surface.vendor == name), value) {
            (Some(vendor), Value::Object(section)) => {
                if under.is_null() {
                    *under = json!({});
                }
                for (name, value) in section {
                    if name == HOSTS.name {
                        under[&name] = united(under[&name].take(), value);
                        continue;
                    }
                    // They may refer to those that are there.
                    let there = under[&name].take();
                    under[&name] =
                        laid(vendor.surface.scenario, &name, value, there, |[own, there]| {
                            [there, own].concat()
                        });
                }
            }
            (_, value) => {
                // At the top a scenario's own rules decide: as its layers hand them over.
                let there = under.take();
                *under = laid(TOP, &name, value, there, |rows| rows.concat());
            }
        }
    }
}

/// Two lists as one, each element once. A value alone is a list of one.
fn united(there: Value, own: Value) -> Value {
    let mut all: Vec<Value> = Vec::new();
    for it in rows(there).into_iter().chain(rows(own)) {
        if !all.contains(&it) {
            all.push(it);
        }
    }
    all.into()
}

/// A value over the one that is there; where it is a collection, their rows in the order wanted. A row
/// that takes the place of another is put there.
fn laid(
    fields: &[Field],
    name: &str,
    own: Value,
    there: Value,
    order: impl Fn([Vec<Value>; 2]) -> Vec<Value>,
) -> Value {
    let field = fields.iter().find(|field| field.name == name);
    if let Some(Kind::Rows(of)) = field.map(|field| field.kind) {
        let (mut own, mut there) = (rows(own), rows(there));
        take_places(of, &mut own, &mut there);
        return order([own, there]).into();
    }
    replaced(there, own)
}

/// The elements of a collection. A file of rows is as good as a list in which it is the one element.
fn rows(value: Value) -> Vec<Value> {
    match value {
        Value::Array(rows) => rows,
        Value::Null => Vec::new(),
        sheet => vec![sheet],
    }
}

/// A value with the members of another over its own.
fn replaced(there: Value, own: Value) -> Value {
    match (there, own) {
        (Value::Object(mut there), Value::Object(own)) => {
            for (name, value) in own {
                let inner = there.remove(&name).unwrap_or_default();
                there.insert(name, replaced(inner, value));
            }
            Value::Object(there)
        }
        (_, own) => own,
    }
}

/// Puts each of the own rows that says so in the place of the row of its id, which may be one of a CSV
/// text. Where there is none, it joins the own rows: the program that reads the list tells it.
fn take_places(rows: &'static Rows, own: &mut Vec<Value>, there: &mut [Value]) {
    let Some(id) = rows.fields.iter().find(|field| field.unique) else { return };
    own.retain_mut(|row| {
        let says = row.as_object_mut().and_then(|row| row.shift_remove(REPLACE));
        let Some(key) = says.filter(|it| *it == true).and_then(|_| word(&row[id.name])) else {
            return true;
        };
        let place = there.iter_mut().find(|it| word(&it[id.name]).as_ref() == Some(&key));
        if let Some(place) = place {
            *place = row.take();
            return false;
        }
        for sheet in there.iter_mut().filter_map(|it| it.get_mut("csv")) {
            if let Some(less) = sheet.as_str().and_then(|text| without(text, id.name, &key)) {
                *sheet = less.into();
            }
        }
        true
    });
}

/// An id as a text: `7` and `"7"` are one.
fn word(id: &Value) -> Option<String> {
    match id {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A CSV text without the row that has this value in a column; `None` where it cannot be read.
fn without(text: &str, column: &str, value: &str) -> Option<String> {
    let mut reader =
        ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut writer = WriterBuilder::new().flexible(true).from_writer(Vec::new());
    let mut at = None;
    for record in reader.records() {
        let record = record.ok()?;
        match at {
            None => at = Some(record.iter().position(|name| name == column)?),
            Some(at) if record.get(at) == Some(value) => continue,
            Some(_) => {}
        }
        writer.write_record(&record).ok()?;
    }
    String::from_utf8(writer.into_inner().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    static ROWS: Rows = Rows {
        fields: &[
            Field::required("id", Kind::Id, "").unique(),
            Field::required("name", Kind::Text, ""),
        ],
    };

    #[test]
    fn a_row_takes_the_place_of_the_one_of_its_id() {
        let mut own = vec![json!({ "id": 2, "name": "B", "replace": true }), json!({ "id": 4 })];
        let mut there = vec![json!({ "id": 1 }), json!({ "id": "2", "name": "A" })];
        take_places(&ROWS, &mut own, &mut there);
        assert_eq!(own, [json!({ "id": 4 })]);
        assert_eq!(there, [json!({ "id": 1 }), json!({ "id": 2, "name": "B" })]);
        let mut own = vec![json!({ "id": 2, "name": "B", "replace": true })];
        let mut there = vec![json!({ "csv": "id,name\n1,\"A, a\"\n2,C\n" })];
        take_places(&ROWS, &mut own, &mut there);
        assert_eq!(own, [json!({ "id": 2, "name": "B" })]);
        assert_eq!(there, [json!({ "csv": "id,name\n1,\"A, a\"\n" })]);
    }
}
