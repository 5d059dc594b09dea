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
/// scripts; `+` and `-` could be such, and keep theirs, and so does `/`, which may begin much.
const TIGHT: &str = ",;:=<>?&|(){}[]!*%`\"'";

/// What a declaration begins with that need not say that it stays: who reads the source is told so.
const STAYS: [(&str, &str); 2] = [("const ", "let "), ("for (const ", "for (let ")];

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
        let declared =
            STAYS.iter().find_map(|(kind, tight)| Some((line.strip_prefix(kind)?, tight)));
        match declared {
            Some((rest, tight)) => put_tight(&format!("{tight}{rest}"), &mut sent),
            None => put_tight(line, &mut sent),
        }
        last = line;
    }
    sent.push('\n');
    sent
}

/// What a sign of a line stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    /// What is done, and how many braces are open in it: what ends the innermost ends a value of a text.
    Code(usize),
    /// A text up to this sign.
    Text(char),
    /// A pattern, and whether it is in one of its lists, where a slash ends nothing.
    Pattern(bool),
}

/// What a pattern can stand behind. Behind anything else a slash with blanks beside it divides.
const BEFORE_PATTERN: &str = "(,=:[!&|?>";

/// Puts a line behind others without the blanks beside signs that need none, nor the brackets of what is given
/// to a function that takes one thing. In a text all stay, and so they do from where it is hard to tell what
/// stands there: a comment, a slash of which is not plain what it begins.
fn put_tight(line: &str, sent: &mut String) {
    let mut within = vec![Within::Code(0)];
    let mut before = ' ';
    let mut rest = line;
    while let Some(sign) = rest.chars().next() {
        let behind = &rest[sign.len_utf8()..];
        let is_inner = within.len() > 1;
        let inside = within.last_mut().expect("what a line begins in is not left");
        let is_code = matches!(inside, Within::Code(_));
        if !is_code && sign == '\\' {
            let escaped = behind.chars().next().map_or(0, char::len_utf8);
            sent.push_str(&rest[..sign.len_utf8() + escaped]);
            rest = &behind[escaped..];
            continue;
        }
        match (*inside, sign) {
            (Within::Code(_), ' ') => {
                let is_kept = behind.starts_with("//") || behind.starts_with("/ ");
                let is_before = behind.starts_with(is_tight) && taken(behind).is_none();
                if !is_kept && (is_tight(before) || is_before) {
                    rest = behind;
                    continue;
                }
            }
            (Within::Code(_), '(') => {
                if let Some((name, behind)) = taken(rest) {
                    sent.push_str(name);
                    before = 'a';
                    rest = behind;
                    continue;
                }
            }
            (Within::Code(open), '{') => *inside = Within::Code(open + 1),
            (Within::Code(0), '}') if is_inner => {
                within.pop();
                sent.push(sign);
                rest = behind;
                continue;
            }
            (Within::Code(open), '}') => *inside = Within::Code(open.saturating_sub(1)),
            (Within::Code(_), '"' | '\'' | '`') => within.push(Within::Text(sign)),
            (Within::Code(_), '/') => {
                let code = sent.trim_end();
                let is_first = rest.len() == line.len();
                let divides = code.ends_with(|it: char| it.is_alphanumeric() || ")]_".contains(it));
                if is_first || behind.starts_with(['/', '*']) {
                    return sent.push_str(rest);
                } else if before != ' ' || !behind.starts_with(' ') || !divides {
                    if !code.ends_with(|it| BEFORE_PATTERN.contains(it)) {
                        return sent.push_str(rest);
                    }
                    within.push(Within::Pattern(false));
                }
            }
            (Within::Text('`'), '$') if behind.starts_with('{') => {
                within.push(Within::Code(0));
                sent.push_str("${");
                before = '{';
                rest = &behind[1..];
                continue;
            }
            (Within::Text(end), _) if end == sign => {
                within.pop();
            }
            (Within::Pattern(_), '[') => *inside = Within::Pattern(true),
            (Within::Pattern(_), ']') => *inside = Within::Pattern(false),
            (Within::Pattern(false), '/') => {
                within.pop();
                sent.push(sign);
                // A word behind it says how it is looked for; a blank is one of the code's.
                before = 'a';
                rest = behind;
                continue;
            }
            _ => {}
        }
        sent.push(sign);
        before = sign;
        rest = behind;
    }
}

fn is_tight(sign: char) -> bool {
    TIGHT.contains(sign)
}

/// The one plain name that a function takes which begins here, and what comes behind its brackets.
fn taken(code: &str) -> Option<(&str, &str)> {
    let (name, behind) = code.strip_prefix('(')?.split_once(')')?;
    let is_name = name.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_');
    let is_plain = name.chars().all(|it| it.is_ascii_alphanumeric() || it == '_');
    (is_name && is_plain && behind.starts_with(" =>")).then_some((name, behind))
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
        let sent = "f(a,[1]);let b=c?d:e + +1;if(b){return!b}\n(c).d(); // so, (\n)\n\
                    g({ // why,\na});`, ,`\nh(\", \\\" = , \",'it\\' = ')\n/ = /.test(a) && b\n";
        assert_eq!(tight(script), sent);
    }

    /// Each line as it comes to be sent.
    fn is_sent(lines: &[(&str, &str)]) {
        for (line, sent) in lines {
            assert_eq!(tight(line), format!("{sent}\n"), "{line}");
        }
    }

    #[test]
    fn a_text_with_values_keeps_its_blanks_and_its_values_need_none() {
        is_sent(&[
            (
                "a = `b, c ${d ? e : `f , ${g + 1}`} , h` + i;",
                "a=`b, c ${d?e:`f , ${g + 1}`} , h`+ i;",
            ),
            ("a(`${{ b: \"} , \" }.b} , c`, d);", "a(`${{b:\"} , \"}.b} , c`,d);"),
            ("a = `b \\` , \\${ c } , d` ;", "a=`b \\` , \\${ c } , d`;"),
            ("a = `b $ { c }`;", "a=`b $ { c }`;"),
            ("return `a, b`;", "return`a, b`;"),
        ]);
    }

    #[test]
    fn a_pattern_is_kept_and_a_slash_that_divides_is_none() {
        is_sent(&[
            ("a = /[/\"] , \\/ = (b) => /.test(c) , d;", "a=/[/\"] , \\/ = (b) => /.test(c),d;"),
            ("a(/ , \"/g, \"b\", (c) => c / 2);", "a(/ , \"/g,\"b\",c=>c / 2);"),
            ("const a = (b.c - 1) / (d || 1);", "let a=(b.c - 1) /(d||1);"),
            // Of these a sign more would have to be known.
            ("return /a , b/.test(c) , d;", "return /a , b/.test(c) , d;"),
            ("/ = /.test(a) && b", "/ = /.test(a) && b"),
            ("a /b, c", "a /b, c"),
            ("a({ // b, (c) => d", "a({ // b, (c) => d"),
        ]);
    }

    #[test]
    fn what_a_function_takes_and_what_stays_are_said_in_brief() {
        is_sent(&[
            ("const a = (b) => (c) => d;", "let a=b=>c=>d;"),
            ("return (a) => b;", "return a=>b;"),
            ("a(async (b) => c);", "a(async b=>c);"),
            ("a = () => (b, c) => ({ d }) => e;", "a=()=>(b,c)=>({d})=>e;"),
            ("a((b)); (c); ((d) => e)(f);", "a((b));(c);(d=>e)(f);"),
            ("(a = 1) => a;", "(a=1)=>a;"),
            ("for (const a of b) c;", "for(let a of b)c;"),
            ("a(\"const b = (c) => d\", const_e);", "a(\"const b = (c) => d\",const_e);"),
        ]);
    }
}
