//! A body as a tree, whatever it is written in: JSON, XML or CSV.
//!
//! Not here: what of it is compared (`features`).

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;

/// An element that is still open: its name, its members so far, its text.
type OpenElement = (String, Vec<(String, Node)>, String);

/// A part of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    /// Members in the order in which they came.
    Map(Vec<(String, Node)>),
    List(Vec<Node>),
    /// The kind of a value, and its text.
    Scalar(&'static str, String),
}

impl Node {
    pub(crate) fn of_json(value: &Value) -> Node {
        match value {
            Value::Object(members) => Node::Map(
                members.iter().map(|(name, value)| (name.clone(), Node::of_json(value))).collect(),
            ),
            Value::Array(items) => Node::List(items.iter().map(Node::of_json).collect()),
            Value::String(text) => Node::Scalar("text", text.clone()),
            Value::Number(number) => Node::Scalar("number", number.to_string()),
            Value::Bool(it) => Node::Scalar("boolean", it.to_string()),
            Value::Null => Node::Scalar("null", String::new()),
        }
    }

    /// Elements that hold elements are lists under their name, others are values.
    pub(crate) fn of_xml(text: &str) -> Option<Node> {
        let mut reader = Reader::from_str(text);
        let mut open: Vec<OpenElement> = vec![(String::new(), Vec::new(), String::new())];
        loop {
            match reader.read_event().ok()? {
                Event::Eof => break,
                Event::Start(tag) => {
                    let name = tag.name().as_ref().to_owned();
                    let attributes = attributes(&tag);
                    open.push((name, attributes, String::new()));
                }
                Event::Empty(tag) => {
                    let name = tag.name().as_ref().to_owned();
                    let attributes = attributes(&tag);
                    let node = if attributes.is_empty() {
                        Node::Scalar("text", String::new())
                    } else {
                        Node::Map(attributes)
                    };
                    add(&mut open.last_mut()?.1, name, node);
                }
                Event::End(_) => {
                    let (name, members, text) = open.pop()?;
                    let node = if members.is_empty() {
                        Node::Scalar("text", text)
                    } else {
                        Node::Map(members)
                    };
                    add(&mut open.last_mut()?.1, name, node);
                }
                Event::Text(text) => {
                    open.last_mut()?.2.push_str(&text);
                }
                Event::CData(text) => {
                    open.last_mut()?.2.push_str(&text);
                }
                Event::GeneralRef(name) => {
                    let name = name.to_string();
                    let text = &mut open.last_mut()?.2;
                    text.extend(["&", name.as_str(), ";"]);
                }
                _ => {}
            }
        }
        let (_, members, _) = open.pop().filter(|_| open.is_empty())?;
        (!members.is_empty()).then_some(Node::Map(members))
    }

    /// The rows of a table, each a list of its values.
    pub(crate) fn of_csv(bytes: &[u8]) -> Option<Node> {
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
        let mut rows = Vec::new();
        for row in reader.records() {
            let row = row.ok()?;
            let values = row.iter().enumerate();
            let values = values
                .map(|(idx, value)| (idx.to_string(), Node::Scalar("text", value.to_owned())));
            rows.push(Node::Map(values.collect()));
        }
        Some(Node::List(rows))
    }

    /// Every value below it.
    pub(crate) fn values<'n>(&'n self, found: &mut Vec<&'n str>) {
        match self {
            Node::Map(members) => members.iter().for_each(|(_, node)| node.values(found)),
            Node::List(items) => items.iter().for_each(|node| node.values(found)),
            Node::Scalar(_, text) => found.push(text),
        }
    }
}

fn attributes(tag: &quick_xml::events::BytesStart<'_>) -> Vec<(String, Node)> {
    let found = tag.attributes().filter_map(Result::ok);
    let found = found.map(|it| {
        let name = format!("@{}", it.key.as_ref());
        (name, Node::Scalar("text", it.value.to_string()))
    });
    found.collect()
}

/// Adds an element: those that hold others are a list under their name.
fn add(members: &mut Vec<(String, Node)>, name: String, node: Node) {
    if let Some((_, known)) = members.iter_mut().find(|(known, _)| *known == name) {
        if let Node::List(items) = known {
            items.push(node);
        } else {
            let first = std::mem::replace(known, Node::List(Vec::new()));
            *known = Node::List(vec![first, node]);
        }
        return;
    }
    let node = if matches!(node, Node::Map(_)) { Node::List(vec![node]) } else { node };
    members.push((name, node));
}
