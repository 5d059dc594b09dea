//! An XML body as a tree, and paths into it: `/Lead/Phones/Phone[2]/@type`, `//Error`.
//!
//! Names are local names: a prefix or a default namespace does not count, because no vendor here
//! tells two elements apart by it. A path without a place in brackets leads to all elements of the
//! name, in the order of the text.
//!
//! Not here: entities beyond the five of XML, DTDs, and the rest of `XPath`.

use std::fmt;

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

/// Elements inside one another; a body with more was not made for a telephony API.
const DEPTH_MAX: usize = 64;

/// An element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    /// The text right inside, without that of the children.
    pub text: String,
    pub children: Vec<Element>,
}

impl Element {
    /// Reads a document.
    ///
    /// # Errors
    /// Where it is not well-formed; the reason.
    pub(crate) fn parse(body: &[u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(body).map_err(|error| error.to_string())?;
        let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
        let mut open: Vec<Element> = Vec::new();
        loop {
            let closed = match reader.read_event().map_err(|error| error.to_string())? {
                Event::Start(start) => {
                    if open.len() == DEPTH_MAX {
                        return Err(format!("more than {DEPTH_MAX} elements in one another"));
                    }
                    open.push(element(&start)?);
                    None
                }
                Event::Empty(start) => Some(element(&start)?),
                Event::End(_) => open.pop(),
                Event::Text(text) => append(&mut open, &text),
                Event::CData(text) => append(&mut open, &text),
                Event::GeneralRef(entity) => {
                    append(&mut open, &resolve(&entity).ok_or("an unknown entity")?)
                }
                Event::Eof => return Err("it ends before its root is closed".to_owned()),
                _ => None,
            };
            let Some(closed) = closed else { continue };
            match open.last_mut() {
                Some(parent) => parent.children.push(closed),
                None => return Ok(closed),
            }
        }
    }

    /// The names of the children, each once.
    pub(crate) fn child_names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for child in &self.children {
            if !names.contains(&child.name.as_str()) {
                names.push(&child.name);
            }
        }
        names
    }

    fn descendants<'e>(&'e self, name: &str, found: &mut Vec<&'e Element>) {
        for child in &self.children {
            if is_named(child, name) {
                found.push(child);
            }
            child.descendants(name, found);
        }
    }
}

fn is_named(element: &Element, name: &str) -> bool {
    name == "*" || element.name == name
}

fn element(start: &BytesStart<'_>) -> Result<Element, String> {
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let value = quick_xml::escape::unescape(attribute.value.as_ref())
            .map_err(|error| error.to_string())?;
        attributes.push((attribute.key.local_name().as_ref().to_owned(), value.into_owned()));
    }
    let name = start.local_name().as_ref().to_owned();
    Ok(Element { name, attributes, ..Element::default() })
}

fn append(open: &mut [Element], text: &str) -> Option<Element> {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
    None
}

fn resolve(entity: &BytesRef<'_>) -> Option<String> {
    if let Ok(Some(it)) = entity.resolve_char_ref() {
        return Some(it.to_string());
    }
    quick_xml::escape::resolve_predefined_entity(entity).map(str::to_owned)
}

/// A path into a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct XmlPath {
    steps: Vec<Step>,
    attribute: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Step {
    name: String,
    /// Whether the element may stand at any depth below.
    deep: bool,
    /// The place among those found, from 1.
    place: Option<usize>,
}

/// What a path leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reached {
    /// The texts, without white space around them; one for each element or attribute. Never empty.
    Texts(Vec<String>),
    /// Nothing, and how far the path leads.
    Nothing(String),
}

impl XmlPath {
    /// Reads a path.
    ///
    /// # Errors
    /// Where it is none; what was expected.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        if !text.starts_with('/') {
            return Err("expected a path from the root, such as /Lead/Phone[1] or //Error".into());
        }
        let mut steps = Vec::new();
        let mut attribute = None;
        let mut deep = false;
        let mut parts = text.split('/').skip(1).peekable();
        while let Some(part) = parts.next() {
            let is_last = parts.peek().is_none();
            if part.is_empty() && !deep && !is_last {
                deep = true;
                continue;
            }
            if let Some(name) = part.strip_prefix('@').filter(|name| is_last && is_name(name)) {
                attribute = Some(local(name).to_owned());
                break;
            }
            if part == "text()" && is_last && !steps.is_empty() {
                break;
            }
            steps.push(step(part, deep)?);
            deep = false;
        }
        if steps.is_empty() {
            return Err("expected the name of an element before the attribute".into());
        }
        Ok(XmlPath { steps, attribute })
    }

    /// The names on the way, the last first; the attribute too.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        let names = self.steps.iter().rev().map(|step| step.name.as_str());
        self.attribute.as_deref().into_iter().chain(names)
    }

    /// What the path leads to in a document.
    pub(crate) fn reach(&self, root: &Element) -> Reached {
        // The document, whose only child is the root.
        let document = Element { children: vec![root.clone()], ..Element::default() };
        let mut here = vec![&document];
        let mut way = String::new();
        for step in &self.steps {
            let next = step.take(&here);
            if next.is_empty() {
                return Reached::Nothing(step.missing(&here, &way));
            }
            way = format!("{way}/{}", step.name);
            here = next;
        }
        let Some(name) = &self.attribute else {
            return Reached::Texts(here.iter().map(|it| it.text.trim().to_owned()).collect());
        };
        let found = here.iter().filter_map(|element| {
            element.attributes.iter().find(|(known, _)| known == name).map(|(_, it)| it.clone())
        });
        match found.collect::<Vec<_>>() {
            texts if texts.is_empty() => Reached::Nothing(format!("{way} has no @{name}")),
            texts => Reached::Texts(texts),
        }
    }
}

impl fmt::Display for XmlPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.steps {
            let slashes = if step.deep { "//" } else { "/" };
            write!(f, "{slashes}{}", step.name)?;
            if let Some(place) = step.place {
                write!(f, "[{place}]")?;
            }
        }
        match &self.attribute {
            Some(name) => write!(f, "/@{name}"),
            None => Ok(()),
        }
    }
}

impl Step {
    fn take<'e>(&self, here: &[&'e Element]) -> Vec<&'e Element> {
        let mut found = Vec::new();
        for element in here {
            let mut own = Vec::new();
            if self.deep {
                element.descendants(&self.name, &mut own);
            } else {
                own.extend(element.children.iter().filter(|child| is_named(child, &self.name)));
            }
            match self.place {
                Some(place) => found.extend(own.get(place - 1)),
                None => found.extend(own),
            }
        }
        found
    }

    fn missing(&self, here: &[&Element], way: &str) -> String {
        let mut names: Vec<&str> = here.iter().flat_map(|element| element.child_names()).collect();
        names.dedup();
        let place = if way.is_empty() { "the document" } else { way };
        let wanted = match self.place {
            Some(number) => format!("{}[{number}]", self.name),
            None => self.name.clone(),
        };
        let known = if names.is_empty() { "no elements".to_owned() } else { names.join(", ") };
        format!("no <{wanted}> in {place}, which has {known}")
    }
}

fn step(part: &str, deep: bool) -> Result<Step, String> {
    let wrong = || format!("{part:?} is no step; expected a name such as Phone, Phone[1] or *");
    let (name, place) = match part.split_once('[') {
        None => (part, None),
        Some((name, rest)) => {
            let number = rest.strip_suffix(']').and_then(|number| number.parse().ok());
            (name, Some(number.filter(|number| *number > 0).ok_or_else(wrong)?))
        }
    };
    if name != "*" && !is_name(name) {
        return Err(wrong());
    }
    Ok(Step { name: local(name).to_owned(), deep, place })
}

/// The name without its prefix.
fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

fn is_name(name: &str) -> bool {
    let is_fit = |it: char| it.is_alphanumeric() || matches!(it, '_' | '-' | '.' | ':');
    !name.is_empty() && name.chars().all(is_fit)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAD: &str = r#"<?xml version="1.0"?>
        <a:Lead xmlns:a="urn:x" id="7"><Name> Ada &amp; Co </Name>
        <Phones><Phone type="home">1</Phone><Phone>2</Phone></Phones><Empty/></a:Lead>"#;

    #[track_caller]
    fn check(path: &str, expected: Result<&[&str], &str>) {
        let root = Element::parse(LEAD.as_bytes()).unwrap();
        let reached = XmlPath::parse(path).unwrap().reach(&root);
        let expected = match expected {
            Ok(texts) => Reached::Texts(texts.iter().map(|&it| it.to_owned()).collect()),
            Err(reason) => Reached::Nothing(reason.to_owned()),
        };
        assert_eq!(reached, expected);
    }

    #[test]
    fn paths_lead_to_texts_and_attributes() {
        check("/Lead/Name", Ok(&["Ada & Co"]));
        check("/a:Lead/@id", Ok(&["7"]));
        check("/Lead/Phones/Phone", Ok(&["1", "2"]));
        check("/Lead/Phones/Phone[2]/text()", Ok(&["2"]));
        check("//Phone[1]/@type", Ok(&["home"]));
        check("/*/Empty", Ok(&[""]));
    }

    #[test]
    fn a_path_that_leads_nowhere_says_how_far_it_went() {
        check("/Lead/Phone", Err("no <Phone> in /Lead, which has Name, Phones, Empty"));
        check("/Leads", Err("no <Leads> in the document, which has Lead"));
        check("/Lead/Phones/Phone[3]", Err("no <Phone[3]> in /Lead/Phones, which has Phone"));
        check("/Lead/Name/@x", Err("/Lead/Name has no @x"));
    }

    #[test]
    fn what_is_no_path_or_no_xml_is_refused() {
        for path in ["Lead", "/", "/@id", "/Lead/", "/Lead[0]", "/Lead[x]", "/Lead/<b>", "///Lead"]
        {
            assert!(XmlPath::parse(path).is_err(), "{path}");
        }
        for text in ["", "<a>", "<a></b>", "plain", "<a>&unknown;</a>"] {
            assert!(Element::parse(text.as_bytes()).is_err(), "{text}");
        }
        let deep = "<a>".repeat(DEPTH_MAX + 1);
        assert!(Element::parse(deep.as_bytes()).unwrap_err().starts_with("more than 64"));
    }
}
