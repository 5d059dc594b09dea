//! Whatever a scenario holds, reading it ends with rows or mistakes, never with a panic.

use std::io;

use proptest::prelude::*;
use ringback::contract::fields::{Field, Kind};
use ringback::inside::scenario::{Document, Files, fields_from_json};
use serde_json::Value;

use super::{CSVS, GOOD, SHAPE, transcript};

/// Gives the same bytes for every file.
#[derive(Debug)]
struct Always(Vec<u8>);

impl Files for Always {
    fn read(&self, _path: &str, _bytes_max: u64) -> io::Result<Vec<u8>> {
        Ok(self.0.clone())
    }
}

/// One change to a text: so many bytes at a place are replaced.
type Change = (prop::sample::Index, usize, Vec<u8>);

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let piece = prop_oneof![
        3 => prop::sample::select(vec![
            "\"", "'", "[", "]", "[[", "{", "}", ",", "=", ".", "\n", "\r", "#", "-", "0", "\\u", ",,",
            "a.b.c = 1\n", "\n[jtel]\n", "\n[[jtel.campaigns]]\n", "é", "\u{feff}", "csv", "id",
        ]).prop_map(|piece: &str| piece.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..4),
    ];
    prop::collection::vec((any::<prop::sample::Index>(), 0_usize..12, piece), 1..6)
}

fn changed(text: &str, changes: Vec<Change>) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for (place, n_bytes, piece) in changes {
        let start = place.index(bytes.len() + 1);
        let end = (start + n_bytes).min(bytes.len());
        bytes.splice(start..end, piece);
    }
    bytes
}

fn read_toml(text: &[u8], csv: Vec<u8>) -> String {
    let text = String::from_utf8_lossy(text);
    transcript(Document::from_toml_text("demo.toml", &text, Box::new(Always(csv)), SHAPE))
}

/// The good scenario as JSON, as far as the TOML has the same form.
fn good_json() -> String {
    fn json(value: toml::Value) -> Value {
        match value {
            toml::Value::String(text) => text.into(),
            toml::Value::Integer(number) => number.into(),
            toml::Value::Float(number) => number.into(),
            toml::Value::Boolean(flag) => flag.into(),
            toml::Value::Datetime(moment) => moment.to_string().into(),
            toml::Value::Array(items) => items.into_iter().map(json).collect(),
            toml::Value::Table(table) => {
                Value::Object(table.into_iter().map(|(key, value)| (key, json(value))).collect())
            }
        }
    }
    let toml: toml::Table = GOOD.parse().unwrap();
    json(toml::Value::Table(toml)).to_string().replace("spring.csv", "id,name\\n1,x\\n")
}

const BODY: &[Field] = &[
    Field::required("id", Kind::Id, "An id."),
    Field::optional("at", Kind::Time, "A time."),
    Field::optional("of", Kind::List(&Kind::Decimal), "Numbers."),
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_bytes_as_toml(text in prop::collection::vec(any::<u8>(), 0..200)) {
        read_toml(&text, Vec::new());
    }

    #[test]
    fn any_text_as_toml(text in "[\\[\\]{}=.,\"'a-c0-9 \n#\\\\]{0,120}") {
        read_toml(text.as_bytes(), Vec::new());
    }

    #[test]
    fn changed_toml(changes in changes()) {
        read_toml(&changed(GOOD, changes), CSVS[0].1.as_bytes().to_vec());
    }

    #[test]
    fn any_bytes_as_csv(csv in prop::collection::vec(any::<u8>(), 0..200)) {
        read_toml(GOOD.as_bytes(), csv);
    }

    #[test]
    fn changed_csv(changes in changes()) {
        read_toml(GOOD.as_bytes(), changed(CSVS[0].1, changes));
    }

    #[test]
    fn changed_json(changes in changes()) {
        let text = changed(&good_json(), changes);
        transcript(Document::from_json_text("body", &String::from_utf8_lossy(&text), SHAPE));
    }

    #[test]
    fn any_body(text in "\\{(\"(id|at|of)\": ?(1|\"a\"|\\[1,2.5\\]|null|1e999|\\{\\}),?){0,4}\\}") {
        if let Ok(value) = serde_json::from_str::<Value>(&text) {
            let _ = fields_from_json(BODY, "event", &value);
        }
    }

    /// A CSV cell's place points at the cell: the text from there on begins with it.
    #[test]
    fn place_of_a_cell_is_its_own(cells in prop::collection::vec("[a-zé,\" \n]{0,5}", 1..6), bad in 0_usize..6) {
        let bad = bad % cells.len();
        let quoted = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
        let mut line: Vec<String> = cells.iter().map(quoted).collect();
        line[bad] = "BAD".into();
        let header: Vec<String> = (0..cells.len()).map(|n| if n == bad { "amount".into() } else { format!("c{n}") }).collect();
        let csv = format!("{}\n{}\n", header.join(","), line.join(","));
        let told = read_toml(b"[jtel]\ncontacts = { csv = \"a.csv\" }", csv.clone().into_bytes());
        let place = told.lines().find(|line| line.contains("\"amount\" is \"BAD\"")).unwrap();
        let mut numbers = place.split(':').skip(1).map(|n| n.parse::<usize>().unwrap_or(0));
        let (line, column) = (numbers.next().unwrap(), numbers.next().unwrap());
        let text: String = csv.split('\n').nth(line - 1).unwrap().chars().skip(column - 1).collect();
        prop_assert!(text.starts_with("BAD"), "{place} in {csv:?}");
    }
}
