//! The XML as a schema-validating reader sees it, and as a .NET client reads it.
//!
//! The schemas stand beside the exchanges in `fixtures/maxcontact/` and come from the contract's
//! lists, not from the source. They are read here as far as data contracts use them, so that the
//! check runs everywhere; where `xmllint` is installed it has to agree.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use serde_json::{Map, Value, json};

use crate::base::time::Instant;
use crate::testing::split_head;

const TELEPHONY: &str = "telephony.xsd";
const LEADS: &str = "leads.xsd";

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/maxcontact")
}

/// An element with what is in it.
#[derive(Clone, Debug, Default)]
struct Node {
    name: String,
    attributes: BTreeMap<String, String>,
    children: Vec<Node>,
    text: String,
}

impl Node {
    fn of(start: &BytesStart<'_>) -> Self {
        let attributes = start.attributes().map(|it| {
            let it = it.expect("attributes are well-formed");
            let value = it.normalized_value(quick_xml::XmlVersion::Implicit1_0).unwrap();
            (it.key.as_ref().to_owned(), value.into_owned())
        });
        Node {
            name: start.name().as_ref().to_owned(),
            attributes: attributes.collect(),
            ..Node::default()
        }
    }

    fn read(xml: &str) -> Self {
        let mut reader = Reader::from_str(xml);
        let mut open = vec![Node::default()];
        loop {
            let closed = match reader.read_event().unwrap_or_else(|it| panic!("{it}: {xml}")) {
                Event::Start(start) => {
                    open.push(Node::of(&start));
                    continue;
                }
                Event::Empty(start) => Node::of(&start),
                Event::End(_) => open.pop().unwrap(),
                Event::Text(text) => {
                    open.last_mut().unwrap().text.push_str(&text);
                    continue;
                }
                Event::GeneralRef(name) => {
                    let text = match &*name {
                        "amp" => "&".to_owned(),
                        "lt" => "<".to_owned(),
                        "gt" => ">".to_owned(),
                        "quot" => "\"".to_owned(),
                        _ => name.resolve_char_ref().unwrap().unwrap().to_string(),
                    };
                    open.last_mut().unwrap().text.push_str(&text);
                    continue;
                }
                Event::Eof => return open.remove(0).children.remove(0),
                _ => continue,
            };
            open.last_mut().unwrap().children.push(closed);
        }
    }

    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(String::as_str)
    }
}

/// A member of a complex type.
#[derive(Clone, Debug)]
struct Member {
    name: String,
    of: String,
    nillable: bool,
    optional: bool,
    many: bool,
}

/// A schema, as far as data contracts use one: elements, sequences, simple types.
#[derive(Debug)]
struct Schema {
    file: &'static str,
    namespace: String,
    roots: BTreeMap<String, String>,
    types: BTreeMap<String, Vec<Member>>,
}

impl Schema {
    fn read(file: &'static str) -> Self {
        let schema = Node::read(&fs::read_to_string(fixtures().join(file)).unwrap());
        let text = |node: &Node, name: &str| node.attribute(name).unwrap().to_owned();
        let (mut roots, mut types) = (BTreeMap::new(), BTreeMap::new());
        for node in &schema.children {
            if node.name == "xs:element" {
                roots.insert(text(node, "name"), text(node, "type"));
                continue;
            }
            assert_eq!(node.name, "xs:complexType");
            let members = node.children[0].children.iter().map(|member| Member {
                name: text(member, "name"),
                of: text(member, "type"),
                nillable: member.attribute("nillable") == Some("true"),
                optional: member.attribute("minOccurs") == Some("0"),
                many: member.attribute("maxOccurs") == Some("unbounded"),
            });
            types.insert(text(node, "name"), members.collect());
        }
        let namespace = text(&schema, "targetNamespace");
        Schema { file, namespace, roots, types }
    }

    /// Says what is wrong with a document; nothing where it is valid.
    fn check(&self, root: &Node) -> Result<(), String> {
        let Some(of) = self.roots.get(&root.name) else {
            return Err(format!("{} is no root of {}", root.name, self.file));
        };
        if root.attribute("xmlns") != Some(&self.namespace) {
            return Err(format!("{} is in another namespace", root.name));
        }
        if root.attribute("xmlns:i") != Some("http://www.w3.org/2001/XMLSchema-instance") {
            return Err("i stands for another namespace".into());
        }
        self.check_node(root, of, false)
    }

    fn check_node(&self, node: &Node, of: &str, nillable: bool) -> Result<(), String> {
        let wrong = |reason: &str| Err(format!("{}, of {of}: {reason}", node.name));
        if let Some(nil) = node.attribute("i:nil") {
            return match (nil, nillable, node.children.is_empty() && node.text.is_empty()) {
                ("true", true, true) => Ok(()),
                _ => wrong("it cannot be nil"),
            };
        }
        let of = match node.attribute("i:type") {
            Some(given) if of == "xs:anyType" => given,
            Some(given) if given != of => return wrong("it says that it is another type"),
            _ => of,
        };
        if let Some(members) = self.types.get(of) {
            return self.check_members(node, members);
        }
        let is_simple = node.children.is_empty();
        let holds = match of {
            "xs:anyType" => true,
            "xs:string" => is_simple,
            "xs:int" => is_simple && node.text.parse::<i32>().is_ok(),
            "xs:boolean" => matches!(&*node.text, "true" | "false" | "1" | "0"),
            "xs:dateTime" => is_simple && instant(&node.text).is_some(),
            _ => return wrong("there is no such type"),
        };
        if holds { Ok(()) } else { wrong(&format!("{:?} is none", node.text)) }
    }

    fn check_members(&self, node: &Node, members: &[Member]) -> Result<(), String> {
        let mut children = node.children.iter().peekable();
        for member in members {
            let mut count = 0;
            while let Some(child) = children.next_if(|it| it.name == member.name) {
                self.check_node(child, &member.of, member.nillable)?;
                count += 1;
                if !member.many {
                    break;
                }
            }
            if count == 0 && !member.optional {
                let found = children.peek().map_or("nothing", |it| &it.name);
                return Err(format!("{}: {found} stands for {}", node.name, member.name));
            }
        }
        match children.next() {
            Some(child) => Err(format!("{}: {} has no place here", node.name, child.name)),
            None => Ok(()),
        }
    }

    /// Reads a document as a data contract serializer does: once through, in the order of the
    /// members. What does not stand in its place is passed over, and its member has its default.
    fn deserialize(&self, node: &Node, of: &str) -> Value {
        if node.attribute("i:nil").is_some() {
            return Value::Null;
        }
        let of = node.attribute("i:type").unwrap_or(of);
        let Some(members) = self.types.get(of) else {
            return match of {
                "xs:int" => json!(node.text.parse::<i32>().unwrap()),
                "xs:boolean" => json!(node.text == "true"),
                "xs:dateTime" => json!(instant(&node.text)),
                "xs:string" => json!(node.text),
                _ => Value::Null,
            };
        };
        if let [member] = members.as_slice()
            && member.many
        {
            return node.children.iter().map(|it| self.deserialize(it, &member.of)).collect();
        }
        let mut read = Map::new();
        let mut place = 0;
        for child in &node.children {
            if let Some(idx) = members[place..].iter().position(|it| it.name == child.name) {
                let member = &members[place + idx];
                read.insert(member.name.clone(), self.deserialize(child, &member.of));
                place += idx + 1;
            }
        }
        read.into()
    }
}

/// A date as the platform reads it: with an offset, with `Z`, or with nothing.
fn instant(text: &str) -> Option<Instant> {
    let naive = || text.parse::<chrono::NaiveDateTime>().map(|it| it.and_utc());
    let at = chrono::DateTime::parse_from_rfc3339(text).map(|it| it.to_utc());
    Instant::try_from_calendar(&at.or_else(|_| naive()).ok()?).ok()
}

/// The replies among the fixtures that are XML, by file.
fn xml_replies() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for folder in fs::read_dir(fixtures()).unwrap().map(|it| it.unwrap().path()) {
        let files = fs::read_dir(&folder).into_iter().flatten().map(|it| it.unwrap().path());
        for file in files.filter(|it| it.extension().is_some_and(|end| end == "reply")) {
            let text = fs::read_to_string(&file).unwrap();
            let (head, body) = split_head(&text);
            if head.contains("application/xml") {
                found.push((file, body.to_owned()));
            }
        }
    }
    found.sort();
    assert!(found.len() > 20, "{} replies", found.len());
    found
}

fn schema_of(root: &Node) -> &'static str {
    if root.name == "LeadManagementResponse" { LEADS } else { TELEPHONY }
}

#[test]
fn every_reply_is_valid() {
    let schemas = [TELEPHONY, LEADS].map(Schema::read);
    for (file, xml) in xml_replies() {
        let root = Node::read(&xml);
        let schema = schemas.iter().find(|it| it.file == schema_of(&root)).unwrap();
        schema.check(&root).unwrap_or_else(|reason| panic!("{}: {reason}", file.display()));
    }
}

#[test]
fn xmllint_agrees_where_it_is_installed() {
    let lint = |schema: &str, xml: &str| {
        let mut child = Command::new("xmllint")
            .args(["--noout", "--nonet", "--schema"])
            .arg(fixtures().join(schema))
            .arg("-")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .ok()?;
        child.stdin.take().unwrap().write_all(xml.as_bytes()).unwrap();
        Some(child.wait_with_output().unwrap())
    };
    let valid = "<LeadManagementResponse xmlns=\"http://schemas.datacontract.org/2004/07/MaxContact.Services.LeadManagement\"/>";
    let Some(refused) = lint(LEADS, valid) else { return };
    assert_eq!(refused.status.code(), Some(3), "no member is there");
    for (file, xml) in xml_replies() {
        let output = lint(schema_of(&Node::read(&xml)), &xml).unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{}: {said}", file.display());
    }
}

#[test]
fn what_is_not_valid_is_found() {
    let schema = Schema::read(TELEPHONY);
    let head = "<CallActionResponse xmlns=\"http://schemas.datacontract.org/2004/07/MaxContact.Services.Telephony\" xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\">";
    let check = |members: &str| {
        schema.check(&Node::read(&format!("{head}{members}</CallActionResponse>"))).err()
    };
    let tail = "<ResponseCode>0</ResponseCode><ResponseDetail>OK</ResponseDetail>";
    let (data, success) = ("<Data i:nil=\"true\"/>", "<Success>true</Success>");
    assert_eq!(check(&format!("{data}{tail}{success}")), None);
    for (members, reason) in [
        (format!("{success}{data}{tail}"), "CallActionResponse: Success stands for Data"),
        (format!("{data}{tail}"), "CallActionResponse: nothing stands for Success"),
        (format!("{data}{tail}{success}<X/>"), "CallActionResponse: X has no place here"),
        (
            format!("{data}{tail}<Success>True</Success>"),
            "Success, of xs:boolean: \"True\" is none",
        ),
        (
            format!("{data}{tail}<Success i:nil=\"true\"/>"),
            "Success, of xs:boolean: it cannot be nil",
        ),
        (
            format!("<Data i:type=\"Cal\"/>{tail}{success}"),
            "Data, of xs:anyType: there is no such type",
        ),
        (
            format!("<Data i:type=\"Call\"><CallId>1</CallId></Data>{tail}{success}"),
            "Data: nothing stands for CallStartTime",
        ),
    ] {
        assert_eq!(check(&members).as_deref(), Some(reason));
    }
}

/// A value as it comes in JSON: dates as instants, and nothing where the schema has no type.
fn plain(json: &Value) -> Value {
    match json {
        Value::String(text) => {
            let ms =
                text.strip_prefix("/Date(").and_then(|rest| rest.split(['+', '-', ')']).next());
            ms.map_or_else(|| json.clone(), |ms| json!(ms.parse::<i64>().unwrap()))
        }
        Value::Array(items) => items.iter().map(plain).collect(),
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| {
                let untyped = json!([]) == *value && name != "Data" || json!({}) == *value;
                (name.clone(), if untyped { Value::Null } else { plain(value) })
            })
            .collect(),
        other => other.clone(),
    }
}

/// A .NET client's serializer passes silently over members that do not stand in ordinal order, so
/// what it reads has to be what a JSON client reads.
#[test]
fn a_dotnet_client_reads_from_the_xml_what_the_json_says() {
    let schemas = [TELEPHONY, LEADS].map(Schema::read);
    let mut compared = 0;
    for (file, xml) in xml_replies() {
        let name = file.file_name().unwrap().to_string_lossy().replace("_xml", "_json");
        let Ok(text) = fs::read_to_string(file.with_file_name(&name)) else { continue };
        if file.ends_with(&name) {
            continue;
        }
        let root = Node::read(&xml);
        let schema = schemas.iter().find(|it| it.file == schema_of(&root)).unwrap();
        let json: Value = serde_json::from_str(split_head(&text).1).unwrap();
        let read = schema.deserialize(&root, &schema.roots[&root.name]);
        assert_eq!(read, plain(&json), "{}", file.display());
        compared += 1;
    }
    assert!(compared >= 17, "{compared} pairs");
}

/// A known client looks for `Success` right below the root, by its name alone (maxcontact 1.6).
#[test]
fn success_stands_right_below_the_root() {
    for (file, xml) in xml_replies() {
        let root = Node::read(&xml);
        let has_success = root.children.iter().any(|it| it.name == "Success");
        assert_eq!(has_success, root.name != "ApiToken", "{}", file.display());
    }
}
