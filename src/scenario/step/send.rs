//! Reads the request that a step sends.

use crate::scenario::step::reader::Reader;
use crate::scenario::step::reader::sample;
use crate::scenario::step::reader::text_of;
use http::{HeaderName, HeaderValue, Method, Uri};

use crate::scenario::mistake::Problem;
use crate::scenario::step::{Body, Mark, Send};
use crate::scenario::tree::{Entry, Node, Table, Value, quoted};
use crate::web::mask::masker::Masker;

impl<'d> Reader<'_, 'd> {
    pub(crate) fn send(&mut self, node: &'d Node) -> Option<Send> {
        self.uses_inside(node);
        let send = match &node.value {
            Value::Text(text) => self.send_from_text(node, text)?,
            Value::Table(table) => self.send_from_table(node, table)?,
            _ => return None,
        };
        Some(send)
    }

    fn send_from_text(&mut self, node: &'d Node, text: &str) -> Option<Send> {
        let mark = self.mark(node);
        let text = text.strip_suffix('\n').unwrap_or(text);
        let ends = [text.split_once("\r\n\r\n"), text.split_once("\n\n")];
        let first = ends.into_iter().flatten().min_by_key(|(head, _)| head.len());
        let (head, body) = first.unwrap_or((text, ""));
        let mut lines = head.lines();
        let words: Vec<&str> = lines.next().unwrap_or_default().split(' ').collect();
        let ([method, path] | [method, path, "HTTP/1.1"]) = words[..] else {
            let line = words.join(" ");
            let found = format!("the request line is {}", quoted(&Masker::default().query(&line)));
            let expected = "a method, a space and a target, such as GET /path?query";
            self.mistake_at(&mark.text_line(0), node, Problem::new(found, expected));
            return None;
        };
        let mut is_sound = self.request_line(&mark.text_line(0), node, method, path);
        let mut headers = Vec::new();
        for (idx, line) in lines.enumerate() {
            let at = mark.text_line(idx + 1);
            let Some((name, value)) = line.split_once(':') else {
                let (name, value) = line.split_once(' ').unwrap_or((line, ""));
                let line = format!("{name} {}", Masker::default().header(name, value));
                let found = format!("the header line {} has no colon", quoted(line.trim_end()));
                let problem = Problem::new(found, "Name: value")
                    .hint("an empty line parts the headers from the body");
                self.mistake_at(&at, node, problem);
                is_sound = false;
                continue;
            };
            let (name, value) = (name.trim(), value.trim());
            is_sound &= self.header(&at, node, name, value);
            headers.push((name.to_owned(), value.to_owned()));
        }
        let (method, path) = (method.to_owned(), path.to_owned());
        is_sound.then(|| Send { method, path, headers, body: Body::Text(body.to_owned()) })
    }

    fn send_from_table(&mut self, node: &'d Node, table: &'d Table) -> Option<Send> {
        let mark = self.mark(node);
        let (method, path) = (text_of(table, "method")?, text_of(table, "path")?);
        let mut is_sound = self.request_line(&mark, node, method, path);
        let mut headers = Vec::new();
        if let Some(given) = table.get("headers").and_then(|entry| entry.node.as_table()) {
            for entry in &given.entries {
                let Value::Text(value) = &entry.node.value else { continue };
                let at = self.mark(&entry.node);
                is_sound &= self.header(&at, &entry.node, &entry.key, value);
                headers.push((entry.key.clone(), value.clone()));
            }
        }
        let bodies: Vec<&Entry> =
            ["body", "json", "form"].iter().filter_map(|name| table.get(name)).collect();
        let body = match bodies[..] {
            [] => Body::Text(String::new()),
            [entry] => match (entry.key.as_str(), &entry.node.value) {
                ("body", Value::Text(text)) => Body::Text(text.clone()),
                ("form", Value::Table(table)) => {
                    let pairs = table.entries.iter();
                    Body::Form(pairs.map(|it| (it.key.clone(), it.node.to_json())).collect())
                }
                _ => Body::Json(entry.node.to_json()),
            },
            [_, second, ..] => {
                let problem = Problem::new("a second body", "one of body, json, form");
                self.checker.mistake(second.key_at, || problem);
                return None;
            }
        };
        let (method, path) = (method.to_owned(), path.to_owned());
        is_sound.then_some(Send { method, path, headers, body })
    }

    fn request_line(&mut self, at: &Mark, node: &Node, method: &str, path: &str) -> bool {
        let problem = if sample(method).parse::<Method>().is_err() {
            Problem::new(format!("the method is {}", quoted(method)), "one such as GET or POST")
        } else if !path.starts_with('/') || sample(path).parse::<Uri>().is_err() {
            let found = format!("the target is {}", quoted(&Masker::default().query(path)));
            Problem::new(found, "a path that begins with /, other characters percent-encoded")
        } else {
            return true;
        };
        self.mistake_at(at, node, problem);
        false
    }

    fn header(&mut self, at: &Mark, node: &Node, name: &str, value: &str) -> bool {
        let is_fine =
            name.parse::<HeaderName>().is_ok() && HeaderValue::from_str(&sample(value)).is_ok();
        if !is_fine {
            let value = Masker::default().header(name, value);
            let found = format!("the header is {}", quoted(&format!("{name}: {value}")));
            self.mistake_at(at, node, Problem::new(found, "a name and a value in ASCII"));
        }
        is_fine
    }
}
