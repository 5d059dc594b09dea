//! XML as a tree of elements, as far as a comparison needs it: names, attributes, text. Comments,
//! processing instructions and the order of attributes say nothing.

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

/// Deepest nesting. A reply is never that deep; the limit keeps a hostile one off the stack.
const NESTING_MAX: usize = 256;

/// One element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Element {
    /// As written, with its prefix.
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub children: Vec<Element>,
    /// All text directly inside, without the white space around it.
    pub text: String,
}

impl Element {
    /// Whether a name of an expectation means this element: with its prefix or without.
    pub fn is_called(&self, name: &str) -> bool {
        self.name == name || self.name.rsplit(':').next() == Some(name)
    }

    /// The value at a path such as `/Reply/Call[2]/Id` or `/Reply/@version`, from the root element
    /// on; elements count from 1.
    ///
    /// # Errors
    /// The first part of the path that leads nowhere, and what stands there instead.
    pub fn at(&self, path: &str) -> Result<String, String> {
        let mut steps = path.trim_start_matches('/').split('/');
        let first = steps.next().unwrap_or_default();
        if !self.is_called(first) {
            return Err(format!("no {first}: the root is {}", self.name));
        }
        let mut element = self;
        for step in steps {
            if let Some(name) = step.strip_prefix('@') {
                let found = element.attributes.iter().find(|(known, _)| known == name);
                let known = element.attributes.iter().map(|(known, _)| known.as_str());
                return found.map(|(_, value)| value.clone()).ok_or_else(|| {
                    format!("no {step} in {}, which has {}", element.name, listed(known))
                });
            }
            let (name, number) = numbered(step);
            let mut called = element.children.iter().filter(|child| child.is_called(name));
            element = called.nth(number - 1).ok_or_else(|| {
                let known = element.children.iter().map(|child| child.name.as_str());
                format!("no {step} in {}, which has {}", element.name, listed(known))
            })?;
        }
        if element.children.is_empty() {
            return Ok(element.text.clone());
        }
        let known = element.children.iter().map(|child| child.name.as_str());
        Err(format!("{} holds elements: {}", element.name, listed(known)))
    }
}

/// `Call[2]` as a name and a number from 1.
fn numbered(step: &str) -> (&str, usize) {
    let inner = step.strip_suffix(']').and_then(|step| step.split_once('['));
    match inner.and_then(|(name, number)| Some((name, number.parse::<usize>().ok()?))) {
        Some((name, number)) => (name, number.max(1)),
        None => (step, 1),
    }
}

/// Names that an answer may list before it says "and more".
const NAMES_MAX: usize = 8;

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut known: Vec<&str> = Vec::new();
    for name in names {
        if !known.contains(&name) {
            known.push(name);
        }
    }
    if known.is_empty() {
        return "none".into();
    }
    let more = if known.len() > NAMES_MAX { " and more" } else { "" };
    known.truncate(NAMES_MAX);
    format!("{}{more}", known.join(", "))
}

/// Reads one element and what is in it.
///
/// # Errors
/// Why it is no XML.
pub fn parse(text: &str) -> Result<Element, String> {
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}').trim());
    // The elements that are open, outermost first.
    let mut open: Vec<Element> = Vec::new();
    let mut root = None;
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(_) if open.len() >= NESTING_MAX => return Err("it is too deep".into()),
            Event::Start(start) => {
                if root.is_some() {
                    return Err("a second root element".into());
                }
                open.push(element(&start)?);
            }
            Event::Empty(start) => {
                let element = element(&start)?;
                close(element, &mut open, &mut root)?;
            }
            Event::End(_) => {
                let mut element = open.pop().ok_or("an end without a start")?;
                element.text = element.text.trim().into();
                close(element, &mut open, &mut root)?;
            }
            Event::Text(text) => add_text(&text, &mut open)?,
            Event::CData(text) => add_text(&text, &mut open)?,
            Event::GeneralRef(entity) => add_text(&resolved(&entity)?, &mut open)?,
            Event::Eof => break,
            _ => {}
        }
    }
    if let Some(element) = open.pop() {
        return Err(format!("{} is never closed", element.name));
    }
    root.ok_or_else(|| "there is no element".to_owned())
}

fn element(start: &BytesStart<'_>) -> Result<Element, String> {
    let name = start.name().as_ref().to_owned();
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let value = quick_xml::escape::unescape(&attribute.value);
        let value = value.map_err(|error| error.to_string())?.into_owned();
        attributes.push((attribute.key.as_ref().to_owned(), value));
    }
    Ok(Element { name, attributes, ..Element::default() })
}

fn close(element: Element, open: &mut [Element], root: &mut Option<Element>) -> Result<(), String> {
    match open.last_mut() {
        Some(parent) => parent.children.push(element),
        None if root.is_some() => return Err("a second root element".into()),
        None => *root = Some(element),
    }
    Ok(())
}

fn add_text(text: &str, open: &mut [Element]) -> Result<(), String> {
    match open.last_mut() {
        Some(element) => element.text.push_str(text),
        None if text.trim().is_empty() => {}
        None => return Err("text outside of any element".into()),
    }
    Ok(())
}

fn resolved(entity: &BytesRef<'_>) -> Result<String, String> {
    if let Some(character) = entity.resolve_char_ref().map_err(|error| error.to_string())? {
        return Ok(character.to_string());
    }
    quick_xml::escape::resolve_predefined_entity(entity)
        .map(str::to_owned)
        .ok_or_else(|| format!("an unknown entity &{};", &**entity))
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPLY: &str = r#"<?xml version="1.0"?>
        <Reply v="1"><Call><Id>7</Id></Call><a:Call><a:Id> x &amp; <![CDATA[<y>]]></a:Id></a:Call></Reply>"#;

    #[test]
    fn a_path_leads_to_text_or_an_attribute() {
        let root = parse(REPLY).unwrap();
        assert_eq!(root.at("/Reply/@v").as_deref(), Ok("1"));
        assert_eq!(root.at("/Reply/Call/Id").as_deref(), Ok("7"));
        assert_eq!(root.at("/Reply/Call[2]/Id").as_deref(), Ok("x & <y>"));
        let lost = root.at("/Reply/Call[3]/Id");
        assert_eq!(lost, Err("no Call[3] in Reply, which has Call, a:Call".into()));
        assert_eq!(root.at("/Reply/Call"), Err("Call holds elements: Id".into()));
    }

    #[test]
    fn what_is_no_xml_is_said() {
        for text in ["", "no", "<a>", "<a></b>", "<a/><b/>", "<a>&no;</a>", "</a>"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
