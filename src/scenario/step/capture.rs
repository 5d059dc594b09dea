//! Reads what a step takes out of a reply.

use crate::scenario::mistake::Problem;
use crate::scenario::step::reader::{ROUND, Reader, text_of};
use crate::scenario::step::{Capture, Origin};
use crate::scenario::template::is_name;
use crate::scenario::tree::{Entry, Node, Value, quoted};

impl<'d> Reader<'_, 'd> {
    pub(crate) fn capture(&mut self, entry: &'d Entry) -> Option<Capture> {
        let at = self.mark(&entry.node);
        let name = entry.key.clone();
        if !is_name(&name) || name == ROUND {
            let found = format!("{} cannot be a variable", quoted(&name));
            let expected = format!("a name of letters, digits, \"_\" or \"-\", but not {ROUND}");
            self.checker.mistake(entry.key_at, || Problem::new(found, expected));
            return None;
        }
        let table = match &entry.node.value {
            Value::Text(path) => {
                let from = Origin::Path(path.clone());
                return self.is_path(&entry.node, path).then_some(Capture {
                    at,
                    name,
                    from,
                    regex: None,
                });
            }
            Value::Table(table) => table,
            _ => return None,
        };
        let regex = text_of(table, "regex");
        if let (Some(regex), Some(given)) = (regex, table.get("regex"))
            && !self.pattern(&given.node, regex)
        {
            return None;
        }
        let from = match (text_of(table, "path"), text_of(table, "header"), regex) {
            (Some(path), None, _) => {
                if !self.is_path(&entry.node, path) {
                    return None;
                }
                Origin::Path(path.to_owned())
            }
            (None, Some(header), _) => Origin::Header(header.to_ascii_lowercase()),
            (None, None, Some(_)) => Origin::Body,
            _ => {
                let found = format!("{} is taken from nowhere in particular", quoted(&name));
                let expected = "one of path and header, or a regex for the body";
                self.mistake(&entry.node, Problem::new(found, expected));
                return None;
            }
        };
        Some(Capture { at, name, from, regex: regex.map(str::to_owned) })
    }

    fn is_path(&mut self, node: &Node, path: &str) -> bool {
        let is_fine = path.is_empty() || path.starts_with('/');
        if !is_fine {
            let found = format!("the path is {}", quoted(path));
            let expected = r#"a JSON pointer such as "/0/id", or an XML path such as "/Reply/Id""#;
            let problem = Problem::new(found, expected)
                .hint("a header is { header = \"…\" }, a pattern { regex = \"…\" }");
            self.mistake(node, problem);
        }
        is_fine
    }
}
