//! The scripts of the page that are needed before anything is shown, joined into one.
//!
//! A browser learns of a script from the one that imports it: file by file that is five rounds of twenty
//! requests. Joined, each stands in a function of its own, behind those that it imports, and what it
//! exports is an object named after it. Scripts that come later take it from there, so that each is there
//! once. They all keep to one form of `import` and `export`, which a test holds.
//!
//! Not here: what is left out of a script (`stripped`), how files are served (`page`).

use std::fmt::Write as _;

/// What a script imports from another.
#[derive(Debug, PartialEq, Eq)]
struct Import<'a> {
    /// As they stand between the braces: `one, other as mine`.
    names: &'a str,
    from: &'a str,
}

/// Scripts of which one came of many.
#[derive(Debug)]
pub(super) struct Joined<'a> {
    /// Those that are in it, each behind those that it imports.
    names: Vec<&'a str>,
    pub(super) text: String,
}

impl<'a> Joined<'a> {
    /// Joins what the last of the scripts needs, the others before it; `text` gives a script's.
    pub(super) fn new(roots: &[&'a str], text: impl Fn(&str) -> &'a str) -> Self {
        let mut joined = Joined { names: Vec::new(), text: String::new() };
        for root in roots {
            joined.take(root, &text);
        }
        let mut all = String::new();
        let entry = roots.last().copied().unwrap_or_default();
        for name in &joined.names {
            let (code, exported) = joined.inside(text(name));
            let written = if *name == entry {
                write!(all, "{code}")
            } else {
                writeln!(all, "const ${name} = (() => {{\n{code}return {{{exported}}};\n}})();")
            };
            written.expect("a text takes all that is written");
        }
        let others = joined.names.iter().filter(|it| **it != entry);
        let others: Vec<_> = others.map(|name| format!("${name}")).collect();
        // A text takes all that is written to it.
        let _ = writeln!(all, "export {{ {} }};", others.join(", "));
        joined.text = all;
        joined
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.names.contains(&name)
    }

    fn take(&mut self, name: &'a str, text: &impl Fn(&str) -> &'a str) {
        if self.has(name) {
            return;
        }
        for import in imports(text(name)).0 {
            self.take(import.from, text);
        }
        self.names.push(name);
    }

    /// A script as it stands in the one, and the names of what it exports.
    fn inside(&self, text: &str) -> (String, String) {
        let (imports, rest) = imports(text);
        let mut code: String = imports.iter().map(taken).collect();
        let mut exported = Vec::new();
        for line in rest.lines() {
            let bare = line.strip_prefix("export ");
            exported.extend(bare.map(declared));
            code.push_str(bare.unwrap_or(line));
            code.push('\n');
        }
        for name in &self.names {
            let asked = format!("import(\"./{name}.js\")");
            code = code.replace(&asked, &format!("Promise.resolve(${name})"));
        }
        (code, exported.join(","))
    }

    /// A script that comes later: what it imports of those that are joined it takes from the one.
    pub(super) fn outside(&self, text: &str, one: &str) -> String {
        let (imports, rest) = imports(text);
        let (joined, others): (Vec<_>, Vec<_>) =
            imports.into_iter().partition(|it| self.has(it.from));
        let mut code = String::new();
        for Import { names, from } in others {
            let _ = writeln!(code, "import {{{names}}} from \"./{from}.js\";");
        }
        if !joined.is_empty() {
            let names: Vec<_> = joined.iter().map(|it| format!("${}", it.from)).collect();
            let _ = writeln!(code, "import {{ {} }} from \"./{one}.js\";", names.join(", "));
        }
        code.extend(joined.iter().map(taken));
        code + rest
    }
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
                "import { a,\nb as c } from \"./low.js\";\nimport(\"./part.js\").then(c);\nimport(\"./later.js\");\n"
            }
            "part" => "import { a } from \"./low.js\";\nexport class Part {\n}\n",
            "low" => {
                "const x = 1;\nexport async function a(it) {\n}\nexport const b = x;\nfunction d() {}\n"
            }
            _ => panic!("{name} is no script"),
        }
    }

    #[test]
    fn each_stands_once_behind_what_it_imports() {
        let joined = Joined::new(&["part", "page"], text);
        assert_eq!(joined.names, ["low", "part", "page"]);
        assert_eq!(
            joined.text,
            "const $low = (() => {\nconst x = 1;\nasync function a(it) {\n}\nconst b = x;\nfunction d() {}\nreturn \
             {a,b};\n})();\n\
             const $part = (() => {\nconst { a } = $low;\nclass Part {\n}\nreturn {Part};\n})();\n\
             const { a,\nb: c } = $low;\nPromise.resolve($part).then(c);\nimport(\"./later.js\");\n\
             export { $low, $part };\n"
        );
    }

    #[test]
    fn what_comes_later_takes_from_the_one_what_is_in_it() {
        let joined = Joined::new(&["part", "page"], text);
        let later = "import { a } from \"./low.js\";\nimport { e } from \"./other.js\";\ne(a);\n";
        assert_eq!(
            joined.outside(later, "page"),
            "import { e } from \"./other.js\";\nimport { $low } from \"./page.js\";\nconst { a } = $low;\ne(a);\n"
        );
        assert_eq!(joined.outside("f();\n", "page"), "f();\n");
    }
}
