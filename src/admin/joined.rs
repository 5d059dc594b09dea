//! The scripts of the page, joined into few.
//!
//! A browser learns of a script from the one that imports it: file by file that is five rounds of twenty
//! requests, and each is packed by itself, though they are much alike. Joined, each stands in a function of its
//! own, behind those that it imports, and what it exports is an object named after it. What comes later takes it
//! from there, so that each is there once. They all keep to one form of `import` and `export`, which a test holds.
//!
//! Not here: what is left out of a script (`stripped`), how files are served (`page`).

use std::collections::BTreeSet;
use std::fmt::Write as _;

/// What a script imports from another.
#[derive(Debug, PartialEq, Eq)]
struct Import<'a> {
    /// As they stand between the braces: `one, other as mine`.
    names: &'a str,
    from: &'a str,
}

/// Scripts that are to be one.
#[derive(Debug)]
pub(super) struct Group<'a> {
    /// What the one is called. The script that is called so stands in it as it is.
    pub(super) name: &'a str,
    /// Those that are asked for; what they import comes with them, unless it is in a group before.
    pub(super) roots: &'a [&'a str],
}

/// Which script is in which of the ones.
#[derive(Debug)]
pub(super) struct Joined<'a> {
    /// Each one's name, and those that are in it, each behind those that it imports.
    groups: Vec<(&'a str, Vec<&'a str>)>,
}

impl<'a> Joined<'a> {
    /// Joins what the groups ask for, the first before the others; `text` gives a script's.
    pub(super) fn new(groups: &[Group<'a>], text: impl Fn(&str) -> &'a str) -> Self {
        let mut joined = Joined { groups: Vec::new() };
        for group in groups {
            joined.groups.push((group.name, Vec::new()));
            for root in group.roots {
                joined.take(root, &text);
            }
        }
        joined
    }

    /// The one that a script is in.
    pub(super) fn one_of(&self, name: &str) -> Option<&'a str> {
        self.groups.iter().find(|(_, names)| names.contains(&name)).map(|(one, _)| *one)
    }

    fn take(&mut self, name: &'a str, text: &impl Fn(&str) -> &'a str) {
        if self.one_of(name).is_some() {
            return;
        }
        for import in imports(text(name)).0 {
            self.take(import.from, text);
        }
        if let Some((_, names)) = self.groups.last_mut() {
            names.push(name);
        }
    }

    /// The text of each of the ones, with its name.
    pub(super) fn texts(&self, text: impl Fn(&str) -> &'a str) -> Vec<(&'a str, String)> {
        self.groups.iter().map(|(one, names)| (*one, self.text(one, names, &text))).collect()
    }

    fn text(&self, one: &str, names: &[&'a str], text: &impl Fn(&str) -> &'a str) -> String {
        let mut all = String::new();
        for (other, theirs) in self.groups.iter().filter(|(other, _)| *other != one) {
            let asked = names.iter().flat_map(|name| imports(text(name)).0).map(|it| it.from);
            let asked: BTreeSet<_> = asked.filter(|it| theirs.contains(it)).collect();
            if !asked.is_empty() {
                let asked = asked.into_iter().map(object).collect::<Vec<_>>().join(", ");
                put(&mut all, format_args!("import {{ {asked} }} from \"./{other}.js\";\n"));
            }
        }
        for name in names {
            let (code, exported) = self.inside(text(name), one);
            if *name == one {
                all.push_str(&code);
            } else {
                let made = object(name);
                put(
                    &mut all,
                    format_args!(
                        "const {made} = (() => {{\n{code}return {{{exported}}};\n}})();\n"
                    ),
                );
            }
        }
        let others = names.iter().filter(|it| **it != one).map(|it| object(it));
        let others = others.collect::<Vec<_>>().join(", ");
        put(&mut all, format_args!("export {{ {others} }};\n"));
        all
    }

    /// A script as it stands in the one, and the names of what it exports.
    fn inside(&self, text: &str, one: &str) -> (String, String) {
        let (imports, rest) = imports(text);
        let mut code: String = imports.iter().map(taken).collect();
        let mut exported = Vec::new();
        for line in rest.lines() {
            let bare = line.strip_prefix("export ");
            exported.extend(bare.map(declared));
            code.push_str(bare.unwrap_or(line));
            code.push('\n');
        }
        (self.asking(&code, one), exported.join(","))
    }

    /// What is asked for while the script runs is there already, or in another of the ones.
    fn asking(&self, code: &str, one: &str) -> String {
        let mut parts = code.split("import(\"./");
        let mut sent = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (name, rest) = part.split_once(".js\")").unwrap_or((part, ""));
            let made = object(name);
            let asked = match self.one_of(name) {
                Some(it) if it == one => format!("Promise.resolve({made})"),
                Some(it) => format!("import(\"./{it}.js\").then((it) => it.{made})"),
                None => format!("import(\"./{name}.js\")"),
            };
            sent.push_str(&asked);
            sent.push_str(rest);
        }
        sent
    }
}

/// What stands for a script in the one that it is in.
fn object(name: &str) -> String {
    format!("${name}")
}

/// A text takes all that is written to it.
fn put(text: &mut String, written: std::fmt::Arguments<'_>) {
    let _ = text.write_fmt(written);
}

/// The imports, which stand first in a script, and the rest of it.
fn imports(text: &str) -> (Vec<Import<'_>>, &str) {
    let mut all = Vec::new();
    let mut rest = text;
    loop {
        let found = rest.trim_start().strip_prefix("import {");
        let found = found.and_then(|it| it.split_once("} from \"./"));
        let Some((names, behind)) = found else { return (all, rest) };
        let Some((from, behind)) = behind.split_once(".js\";\n") else { return (all, rest) };
        all.push(Import { names, from });
        rest = behind;
    }
}

/// Takes what is imported out of the object that stands for a script.
fn taken(import: &Import<'_>) -> String {
    format!("const {{{}}} = ${};\n", import.names.replace(" as ", ": "), import.from)
}

/// What a line declares that begins with `function`, `class` or `const`.
fn declared(line: &str) -> &str {
    let kinds = ["async function ", "function ", "class ", "const "];
    let name = kinds.iter().find_map(|kind| line.strip_prefix(kind)).unwrap_or_default();
    name.split(|sign: char| !(sign.is_alphanumeric() || sign == '_')).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(name: &str) -> &'static str {
        match name {
            "page" => {
                "import { a,\nb as c } from \"./low.js\";\nimport(\"./part.js\").then(c);\nimport(\"./more.js\");\n"
            }
            "part" => "import { a } from \"./low.js\";\nexport class Part {\n}\n",
            "low" => {
                "const x = 1;\nexport async function a(it) {\n}\nexport const b = x;\nfunction d() {}\n"
            }
            "more" => {
                "import { a } from \"./low.js\";\nimport { e } from \"./other.js\";\na(e);\nimport(\"./part.js\");\n"
            }
            "other" => "export const e = 1;\n",
            _ => panic!("{name} is no script"),
        }
    }

    fn joined() -> Joined<'static> {
        let first = Group { name: "page", roots: &["part", "page"] };
        Joined::new(&[first, Group { name: "later", roots: &["more"] }], text)
    }

    #[test]
    fn each_stands_once_behind_what_it_imports() {
        let joined = joined();
        assert_eq!(joined.groups[0], ("page", vec!["low", "part", "page"]));
        assert_eq!(joined.groups[1], ("later", vec!["other", "more"]));
        let ones = ["low", "page", "more", "none"].map(|it| joined.one_of(it));
        assert_eq!(ones, [Some("page"), Some("page"), Some("later"), None]);
    }

    #[test]
    fn those_of_one_take_from_each_other_and_ask_for_what_is_in_another() {
        let texts = joined().texts(text);
        assert_eq!(
            texts[0].1,
            "const $low = (() => {\nconst x = 1;\nasync function a(it) {\n}\nconst b = x;\nfunction d() {}\nreturn \
             {a,b};\n})();\n\
             const $part = (() => {\nconst { a } = $low;\nclass Part {\n}\nreturn {Part};\n})();\n\
             const { a,\nb: c } = $low;\nPromise.resolve($part).then(c);\n\
             import(\"./later.js\").then((it) => it.$more);\n\
             export { $low, $part };\n"
        );
    }

    #[test]
    fn what_comes_later_takes_from_the_one_what_is_in_it() {
        let texts = joined().texts(text);
        assert_eq!(
            texts[1].1,
            "import { $low } from \"./page.js\";\n\
             const $other = (() => {\nconst e = 1;\nreturn {e};\n})();\n\
             const $more = (() => {\nconst { a } = $low;\nconst { e } = $other;\na(e);\n\
             import(\"./page.js\").then((it) => it.$part);\nreturn {};\n})();\n\
             export { $other, $more };\n"
        );
    }
}
