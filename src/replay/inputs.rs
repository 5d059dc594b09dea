//! The steps of a scenario as single inputs: one for each round, in the shape of JSON.
//!
//! Not here: steps as they are taken (`scenario::step`).

use serde_json::Value as Json;

/// Inputs of one scenario: so many that leaving some out takes minutes.
const INPUTS_MAX: usize = 20_000;

/// Each round of each step as a step of its own.
///
/// # Errors
/// Where they are too many, or a CSV cannot be read.
pub(super) fn inputs(steps: &[Json]) -> Result<Vec<Json>, String> {
    let mut inputs = Vec::new();
    for step in steps {
        let times = step["repeat"].as_u64().and_then(|it| usize::try_from(it).ok()).unwrap_or(1);
        let mut one = step.clone();
        if let Some(members) = one.as_object_mut() {
            members.remove("repeat");
        }
        for row in rows(step)? {
            if let Some(row) = row {
                one["each"]["csv"] = row.into();
            }
            if inputs.len() + times > INPUTS_MAX {
                return Err(format!("it has more than {INPUTS_MAX} inputs; expected fewer"));
            }
            inputs.extend(std::iter::repeat_n(&one, times).cloned());
        }
    }
    Ok(inputs)
}

/// The rows that a step is taken for, each as a CSV with the names of its columns; one that is none where it
/// is taken for no rows.
fn rows(step: &Json) -> Result<Vec<Option<String>>, String> {
    let Some(text) = step["each"]["csv"].as_str() else { return Ok(vec![None]) };
    let failed = |error: csv::Error| format!("its rows cannot be read: {error}");
    let mut reader = csv::ReaderBuilder::new();
    let mut reader = reader.has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut records = reader.records();
    let Some(names) = records.next().transpose().map_err(failed)? else { return Ok(vec![None]) };
    let mut rows = Vec::new();
    for record in records {
        let record = record.map_err(failed)?;
        let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        writer.write_record(&names).map_err(failed)?;
        writer.write_record(&record).map_err(failed)?;
        let bytes = writer.into_inner().map_err(|error| error.to_string())?;
        rows.push(Some(String::from_utf8_lossy(&bytes).into_owned()));
    }
    Ok(rows)
}

/// An input that expects nothing but what the steps behind it need: what it captures, and how its reply comes.
/// What is no request has to go well still, or as badly as it did.
pub(super) fn bare(step: &Json) -> Json {
    let mut step = step.clone();
    let is_request = !step["send"].is_null();
    let Some(members) = step.as_object_mut() else { return step };
    members.remove("recorded");
    if let Some(Json::Object(expect)) = members.get_mut("expect") {
        expect.retain(|name, _| match name.as_str() {
            "capture" | "reply" => true,
            "status" => !is_request,
            _ => false,
        });
        if expect.is_empty() {
            members.remove("expect");
        }
    }
    step
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_round_is_an_input_of_its_own() {
        let steps = [
            json!({ "name": "a", "send": "GET /", "repeat": 2 }),
            json!({ "name": "b", "send": "GET /{{x}}", "each": { "csv": "x,y\n1,\"a,b\"\n2,c\n" } }),
        ];
        let told = inputs(&steps).unwrap();
        assert_eq!(told.len(), 4);
        assert_eq!(told[1], json!({ "name": "a", "send": "GET /" }));
        assert_eq!(told[2]["each"]["csv"], "x,y\n1,\"a,b\"\n");
        assert_eq!(told[3]["each"]["csv"], "x,y\n2,c\n");
        let many = [json!({ "name": "a", "send": "GET /", "repeat": INPUTS_MAX + 1 })];
        assert!(inputs(&many).unwrap_err().contains("20000"));
    }

    #[test]
    fn what_an_input_was_answered_is_no_longer_expected() {
        let step = json!({
            "name": "a", "send": "GET /", "recorded": { "headers": {} },
            "expect": { "status": 200, "json": "{}", "capture": { "id": "/id" } },
        });
        let wanted =
            json!({ "name": "a", "send": "GET /", "expect": { "capture": { "id": "/id" } } });
        assert_eq!(bare(&step), wanted);
        let event = json!({ "name": "b", "event": {}, "expect": { "status": 409, "json": "{}" } });
        assert_eq!(bare(&event)["expect"], json!({ "status": 409 }));
    }
}
