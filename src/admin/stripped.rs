//! What is left out of the page's sheet and scripts: what they say to those alone who read their source.
//!
//! They are told by signs and by lines, not by a grammar. So they keep to a form in which that is safe: no text
//! over several lines, and no sign of a comment within one, which tests hold.
//!
//! Not here: the files, and how they are served (`page`); how scripts are joined (`joined`).

/// What stands in the sheet for those only who read it, and what it comes to.
pub(super) const LOOSE: [(&str, &str); 12] = [
    ("; ", ";"),
    (": ", ":"),
    (", ", ","),
    (" > ", ">"),
    ("{ ", "{"),
    (" {", "{"),
    ("} ", "}"),
    (" }", "}"),
    (";\n", ";"),
    ("{\n", "{"),
    ("}\n", "}"),
    (";}", "}"),
];

/// The sheet without its `/* … */` and the signs that only those need who read it. It has no such signs in
/// its texts, which a test holds, and no text over several lines.
pub(super) fn without_notes(sheet: &str) -> String {
    let mut parts = sheet.split("/*");
    let first = parts.next().unwrap_or_default().to_owned();
    let bare =
        parts.fold(first, |sent, part| sent + part.split_once("*/").map_or("", |(_, rest)| rest));
    let lines = bare.lines().map(str::trim).filter(|line| !line.is_empty());
    let tight = lines.collect::<Vec<_>>().join("\n");
    LOOSE.iter().fold(tight, |sheet, (loose, tight)| sheet.replace(loose, tight))
}

/// A script without its lines of comment, its `/** … */`, its empty lines and the blanks that lines begin
/// with. The scripts have no such signs in their texts and no text over several lines, which a test holds.
pub(super) fn without_comments(script: &str) -> String {
    let mut sent = String::with_capacity(script.len());
    let mut is_inside = false;
    for line in script.lines() {
        let code = uncommented(line, &mut is_inside);
        let is_comment = code.trim_start().starts_with("//");
        if !(is_comment || code.trim().is_empty()) {
            sent.push_str(code.trim());
            sent.push('\n');
        }
    }
    sent
}

/// What a line ends with that goes on in the next, and what one begins with that goes on from the one
/// before: between those the end of a line says nothing, neither in a list nor to the rule that puts in
/// semicolons.
const GOES_ON: [char; 5] = ['(', '[', '{', ',', ';'];
const GOES_BACK: [char; 6] = [')', ']', '}', '.', '?', ':'];

/// Signs that need no blank beside them. Of two that would be another one together none stands in the
/// scripts; `+` and `-` could be such, and keep theirs.
const TIGHT: &str = ",;:=<>?&|(){}[]!*%";

/// A script without the ends of lines and the blanks that only those need who read it, and without the comma
/// that a list ends with where it takes several lines.
pub(super) fn tight(script: &str) -> String {
    let mut sent = String::with_capacity(script.len());
    let mut last = "";
    for line in script.lines() {
        let goes_on = last.ends_with(GOES_ON) || line.starts_with(GOES_BACK);
        // Behind a comment the line has to end.
        if goes_on && !last.contains("//") {
            let is_list = line.starts_with([')', ']', '}']) && last.ends_with(',');
            sent.truncate(sent.len() - usize::from(is_list));
        } else if !last.is_empty() {
            sent.push('\n');
        }
        put_tight(line, &mut sent);
        last = line;
    }
    sent.push('\n');
    sent
}

/// Puts a line behind others without the blanks beside signs that need none. In a text all stay, and so they
/// do in a line with a sign that begins what is harder to tell: a text with values in it, a pattern, a comment.
fn put_tight(line: &str, sent: &mut String) {
    if line.contains(['`', '/']) {
        sent.push_str(line);
        return;
    }
    let mut quote = None;
    let mut is_escaped = false;
    let mut before = ' ';
    let mut signs = line.chars().peekable();
    while let Some(sign) = signs.next() {
        let is_beside =
            TIGHT.contains(before) || signs.peek().is_some_and(|it| TIGHT.contains(*it));
        if quote.is_none() && sign == ' ' && is_beside {
            continue;
        }
        if is_escaped {
            is_escaped = false;
        } else if quote.is_some() && sign == '\\' {
            is_escaped = true;
        } else if quote == Some(sign) {
            quote = None;
        } else if quote.is_none() && ['"', '\''].contains(&sign) {
            quote = Some(sign);
        }
        sent.push(sign);
        before = sign;
    }
}

/// What a line has beside `/** … */`, which may begin before it and end behind it.
pub(super) fn uncommented(line: &str, is_inside: &mut bool) -> String {
    let mut code = String::with_capacity(line.len());
    let mut rest = line;
    loop {
        let sign = if *is_inside { "*/" } else { "/**" };
        let Some((before, behind)) = rest.split_once(sign) else { break };
        if *is_inside {
            rest = behind.strip_prefix(' ').unwrap_or(behind);
        } else {
            code.push_str(before);
            rest = behind;
        }
        *is_inside = !*is_inside;
    }
    if !*is_inside {
        code.push_str(rest);
    }
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_left_out_and_nothing_else() {
        let script = "// What it is.\n\nconst a = 1; // stays\n/**\n * Says\n * much.\n */\nf(/** @type {A} */ (b));\n  \
                      /** @type {C} */ (c).d();\n";
        let sent = "const a = 1; // stays\nf((b));\n(c).d();\n";
        assert_eq!(without_comments(script), sent);
        let sheet = "/* Base. */\na { color: red; } /* why\n*/ b { top: 0; }\n\n  c { left: 0; }\n";
        assert_eq!(without_notes(sheet), "a{color:red} b{top:0}c{left:0}");
    }

    #[test]
    fn lines_are_joined_and_blanks_go_where_they_say_nothing() {
        let script = "f(\na,\n[\n1,\n],\n);\nconst b = c\n? d\n: e + +1;\nif (b) {\nreturn !b\n}\n(c)\n.d(); // so, (\n)\n\
                      g({ // why,\na,\n});\n`, ,`\nh(\", \\\" = , \", 'it\\' = ')\n/ = /.test(a) && b\n";
        let sent = "f(a,[1]);const b=c?d:e + +1;if(b){return!b}\n(c).d(); // so, (\n)\n\
                    g({ // why,\na});`, ,`\nh(\", \\\" = , \",'it\\' = ')\n/ = /.test(a) && b\n";
        assert_eq!(tight(script), sent);
    }
}
