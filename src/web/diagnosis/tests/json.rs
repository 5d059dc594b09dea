//! JSON as other languages print it, and as hands write it.

use super::check_all;
use crate::web::diagnosis::report::Kind::{self, *};
use crate::web::diagnosis::report::{Asked, Wanted};

#[test]
fn quotes() {
    check_all(
        &Asked::new(Wanted::JsonObject),
        &[
            ("{▸'a': 1}", SingleQuotes, "double quotes", r#"{"a": 1}"#),
            ("{▸'a': 'b'}", SingleQuotes, "double quotes", r#"{"a": "b"}"#),
            ("{▸'a': None, 'b': True}", SingleQuotes, "double quotes", r#"{"a": null, "b": true}"#),
            ("{\"a\": ▸'b'}", SingleQuotes, "double quotes", r#"{"a": "b"}"#),
            ("{\n  \"ä\": ▸'b'\n}", SingleQuotes, "double quotes", "{\n  \"ä\": \"b\"\n}"),
            ("{▸'a': \"it's\"}", SingleQuotes, "double quotes", r#"{"a": "it's"}"#),
            (r"{▸'a': 'it\'s'}", SingleQuotes, "double quotes", r#"{"a": "it's"}"#),
            (r#"{▸'a': 'say "hi"'}"#, SingleQuotes, "double quotes", r#"{"a": "say \"hi\""}"#),
            (r"{▸'a': 'x\x41'}", SingleQuotes, "double quotes", r#"{"a": "x\u0041"}"#),
            (
                "{▸'a': [1, 2, {'b': False}]}",
                SingleQuotes,
                "double quotes",
                r#"{"a": [1, 2, {"b": false}]}"#,
            ),
            ("{▸'a': 'b}", SingleQuotes, "double quotes", ""),
            ("{▸'a': it's}", SingleQuotes, "double quotes", ""),
            ("{▸“a”: 1}", CurlyQuotes, "straight quote", r#"{"a": 1}"#),
            ("{\"a\": ▸“b”}", CurlyQuotes, "straight quote", r#"{"a": "b"}"#),
            ("{▸„a“: 1}", CurlyQuotes, "straight quote", r#"{"a": 1}"#),
            ("{▸‘a’: ‘b’}", CurlyQuotes, "straight quote", r#"{"a": "b"}"#),
            ("{▸”a”: ”b”, ”c”: 2}", CurlyQuotes, "straight quote", r#"{"a": "b", "c": 2}"#),
            (r#"{▸\"a\": 1}"#, EscapedQuotes, "without a backslash", r#"{"a": 1}"#),
            (
                r#"{▸\"a\":\"b c\",\"d\":[\"e\"]}"#,
                EscapedQuotes,
                "escaped once too often",
                r#"{"a":"b c","d":["e"]}"#,
            ),
            ("{▸u'a': u'b'}", StringPrefix, "letter before the quote", r#"{"a": "b"}"#),
            ("{\"a\": ▸b'c'}", StringPrefix, "letter before the quote", r#"{"a": "c"}"#),
            (r#"{"a": "he said▸"hi" there"}"#, UnescapedQuote, "quote inside a text", ""),
            (r#"{"a": ▸"Mueller,"b":"+49"}"#, OpenText, "quote before its comma", ""),
            (
                r#"{"a": 1▸; "b": 2}"#,
                MissingComma,
                "comma for the semicolon",
                r#"{"a": 1, "b": 2}"#,
            ),
            (
                r#"{"name": "Ada ▸"Countess" King", "b": 1}"#,
                UnescapedQuote,
                "quote inside a text",
                "",
            ),
        ],
    );
}

#[test]
fn words_of_other_languages() {
    check_all(
        &Asked::new(Wanted::JsonObject),
        &[
            (r#"{"a": ▸None}"#, ForeignLiteral, "write null for None", r#"{"a": null}"#),
            (r#"{"a": ▸True}"#, ForeignLiteral, "write true for True", r#"{"a": true}"#),
            (
                r#"{"a": ▸False, "b": None}"#,
                ForeignLiteral,
                "write false for False",
                r#"{"a": false, "b": null}"#,
            ),
            (r#"{"a": ▸nil}"#, ForeignLiteral, "write null for nil", r#"{"a": null}"#),
            (r#"{"a": ▸undefined}"#, ForeignLiteral, "write null for undefined", r#"{"a": null}"#),
            (r#"{"a": ▸NULL}"#, ForeignLiteral, "write null for NULL", r#"{"a": null}"#),
            (r#"{"a": ▸TRUE}"#, ForeignLiteral, "write true for TRUE", r#"{"a": true}"#),
            (
                r#"{"a": [true, ▸FALSE]}"#,
                ForeignLiteral,
                "write false for FALSE",
                r#"{"a": [true, false]}"#,
            ),
            (r#"{"a": ▸NaN}"#, NotANumber, "JSON has no NaN", r#"{"a": null}"#),
            (r#"{"a": ▸Infinity}"#, NotANumber, "JSON has no Infinity", r#"{"a": null}"#),
            (r#"{"a": ▸-Infinity}"#, NotANumber, "JSON has no -Infinity", r#"{"a": null}"#),
            (r#"{"a": ▸nan}"#, NotANumber, "JSON has no nan", r#"{"a": null}"#),
            (r#"{"a": ▸inf}"#, NotANumber, "JSON has no inf", r#"{"a": null}"#),
        ],
    );
}

#[test]
fn other_signs() {
    check_all(
        &Asked::new(Wanted::JsonObject),
        &[
            (r#"{"a" ▸=> 1}"#, Arrow, "write a colon", r#"{"a" : 1}"#),
            (r#"{"a"▸=>nil, "b"=>"c"}"#, Arrow, "write a colon", r#"{"a":null, "b":"c"}"#),
            (r#"{"a"▸=1}"#, Arrow, "write a colon", r#"{"a":1}"#),
            ("{▸:a=>1}", UnquotedKey, "double quotes", r#"{"a":1}"#),
            ("{▸a: 1}", UnquotedKey, "double quotes", r#"{"a": 1}"#),
            (
                "{\n  ▸userData: \"x\"\n}",
                UnquotedKey,
                "double quotes",
                "{\n  \"userData\": \"x\"\n}",
            ),
            ("{\"b\": 1, ▸a_b-c: 1}", UnquotedKey, "double quotes", r#"{"b": 1, "a_b-c": 1}"#),
            ("{▸a=1, b=2}", UnquotedKey, "double quotes", r#"{"a":1, "b":2}"#),
            ("{▸1: 2}", UnquotedKey, "double quotes", r#"{"1": 2}"#),
            (r#"{"a": ▸Bob}"#, UnquotedText, "double quotes", r#"{"a": "Bob"}"#),
            (
                r#"{"a": ▸Bob Smith, "b": 1}"#,
                UnquotedText,
                "double quotes",
                r#"{"a": "Bob Smith", "b": 1}"#,
            ),
            (r#"{"a": ▸2024-05-01}"#, UnquotedText, "in quotes", ""),
            (r#"{"a": ▸10:30}"#, UnquotedText, "in quotes", ""),
            (r#"{"a": ▸2024-05-01T10:30:00Z}"#, UnquotedText, "in quotes", ""),
            (r#"{"a": 1▸,}"#, TrailingComma, "closing }", r#"{"a": 1}"#),
            ("{\"a\": 1▸,\n}", TrailingComma, "closing }", "{\"a\": 1\n}"),
            (r#"{"a": [1, 2▸, ]}"#, TrailingComma, "closing ]", r#"{"a": [1, 2 ]}"#),
            (r#"{"a": {"b": 1▸,},}"#, TrailingComma, "closing }", r#"{"a": {"b": 1}}"#),
            (r#"{▸,"a": 1}"#, ExtraComma, "take away this comma", r#"{"a": 1}"#),
            (r#"{"a": 1,▸, "b": 2}"#, ExtraComma, "take away this comma", r#"{"a": 1, "b": 2}"#),
            (r#"{"a": [▸,1]}"#, ExtraComma, "take away this comma", r#"{"a": [1]}"#),
            ("{\"a\": 1\n▸\"b\": 2}", MissingComma, "write a comma", "{\"a\": 1\n,\"b\": 2}"),
            (r#"{"a": "x" ▸"b": 2}"#, MissingComma, "write a comma", r#"{"a": "x" ,"b": 2}"#),
            (r#"{"a": [1 ▸2]}"#, MissingComma, "write a comma", r#"{"a": [1 ,2]}"#),
            (r#"{"a": [{}▸{}]}"#, MissingComma, "write a comma", r#"{"a": [{},{}]}"#),
            (r#"{"a" ▸1}"#, MissingColon, "write a colon", r#"{"a" :1}"#),
            (r#"{"a"▸"b"}"#, MissingColon, "write a colon", r#"{"a":"b"}"#),
            (r#"{"a"▸, "b"}"#, MissingValue, "a colon and a value", ""),
            (r#"{"a"▸}"#, MissingValue, "a colon and a value", ""),
            (r#"{"a": ▸}"#, MissingValue, "write a value here", ""),
            (r#"{"a": ▸, "b": 1}"#, MissingValue, "write a value here", ""),
            ("{▸// x\n\"a\": 1}", Comment, "comment away", "{ \n\"a\": 1}"),
            ("{\"a\": 1 ▸/* one */, \"b\": 2}", Comment, "comment away", "{\"a\": 1  , \"b\": 2}"),
            ("{▸# x\n\"a\": 1}", Comment, "comment away", "{ \n\"a\": 1}"),
            ("▸// lead\n{\"a\": 1}", Comment, "comment away", " \n{\"a\": 1}"),
            ("{\"a\": 1} ▸// end", Comment, "comment away", "{\"a\": 1}  "),
            ("{\"a\": 1 ▸/* open}", Comment, "no */", ""),
            ("{▸\u{a0}\"a\": 1}", OddBlank, "non-breaking blank", "{ \"a\": 1}"),
            ("{\"a\":▸\u{a0}1}", OddBlank, "U+00A0", "{\"a\": 1}"),
            ("{\"a\":▸\u{2003}1}", OddBlank, "not U+0020", "{\"a\": 1}"),
            ("{\"a\":▸\u{200b}1}", OddBlank, "no width", "{\"a\": 1}"),
            ("{\"a\": 1}▸\u{feff}", OddBlank, "U+FEFF", "{\"a\": 1} "),
            ("{\"a\":▸\u{c}1}", OddBlank, "form feed", "{\"a\": 1}"),
            ("▸\u{feff}{\"a\": 1}", ByteOrderMark, "ef bb bf", "{\"a\": 1}"),
            ("▸\u{feff}{'a': 1}", ByteOrderMark, "ef bb bf", "{\"a\": 1}"),
        ],
    );
}

#[test]
fn strings() {
    check_all(
        &Asked::new(Wanted::JsonObject),
        &[
            ("{\"a\": \"x▸\ny\"}", RawLineEnd, "write \\n", r#"{"a": "x\ny"}"#),
            ("{\"a\": \"x▸\r\ny\"}", RawLineEnd, "write \\r", r#"{"a": "x\r\ny"}"#),
            ("{\"a\": \"x▸\n\"b\": 1}", RawLineEnd, "close the quote before", ""),
            ("{\"a\": \"x▸\ty\"}", RawControl, "write \\t", r#"{"a": "x\ty"}"#),
            ("{\"a\": \"x▸\u{1}y\"}", RawControl, "write \\u0001", r#"{"a": "x\u0001y"}"#),
            ("{\"a\": \"▸\u{0}\"}", RawControl, "write \\u0000", r#"{"a": "\u0000"}"#),
            (r#"{"a": "x▸\x41"}"#, BadEscape, "\\u0041", r#"{"a": "x\u0041"}"#),
            (r#"{"a": "it▸\'s"}"#, BadEscape, "without a backslash", r#"{"a": "it's"}"#),
            (r#"{"a": "C:▸\dir"}"#, BadEscape, "\\\\ for a backslash", ""),
            (r#"{"a": "▸\u12"}"#, BadEscape, "four hexadecimal digits", ""),
            (r#"{"a": "▸\0"}"#, BadEscape, "\\\\ for a backslash", ""),
            (r#"{"a": "C:▸\user"}"#, BadEscape, "four hexadecimal digits", ""),
            (r#"{"a": "▸\ä"}"#, BadEscape, "\\\\ for a backslash", ""),
            (r#"{"a": "▸\ud800"}"#, LoneSurrogate, "\\ud800 is one half", ""),
            (r#"{"a": "▸\udc00"}"#, LoneSurrogate, "\\udc00 is one half", ""),
            (r#"{"a": "▸\ud83dx"}"#, LoneSurrogate, "both halves", ""),
            (r#"{"a": "▸\ud83d\ud83d\ude00"}"#, LoneSurrogate, "both halves", ""),
        ],
    );
}

#[test]
fn numbers() {
    check_all(
        &Asked::new(Wanted::JsonObject),
        &[
            (r#"{"a": ▸+1}"#, PlusSign, "write 1 without", ""),
            (r#"{"a": ▸+4420123456}"#, PlusSign, "telephone number", ""),
            (r#"{"a": ▸01}"#, LeadingZero, "\"01\" in quotes", ""),
            (r#"{"a": ▸0049301234}"#, LeadingZero, "in quotes where the zero counts", ""),
            (r#"{"a": ▸-007}"#, LeadingZero, "in quotes", ""),
            (r#"{"a": ▸00.5}"#, LeadingZero, "in quotes", ""),
            (r#"{"a": ▸.5}"#, BareFraction, "write 0.5", r#"{"a": 0.5}"#),
            (r#"{"a": ▸-.5}"#, BareFraction, "write -0.5", r#"{"a": -0.5}"#),
            (r#"{"a": ▸1.}"#, BareFraction, "write 1.0", r#"{"a": 1.0}"#),
            (r#"{"a": 3▸,14}"#, CommaInNumber, "write 3.14", r#"{"a": 3.14}"#),
            (r#"{"a": -3▸,5, "b": 1}"#, CommaInNumber, "write 3.5", r#"{"a": -3.5, "b": 1}"#),
            (r#"{"a": 1▸,500}"#, CommaInNumber, "write 1500, or 1.500", ""),
            (r#"{"a": 1, ▸5: 2}"#, UnquotedKey, "double quotes", r#"{"a": 1, "5": 2}"#),
            (r#"{"a": ▸0x1F}"#, HexNumber, "write 31", r#"{"a": 31}"#),
            (r#"{"a": ▸-0xff}"#, HexNumber, "write -255", r#"{"a": -255}"#),
            (r#"{"a": ▸1_000}"#, UnquotedText, "in quotes", ""),
            (r#"{"a": ▸10n}"#, UnquotedText, "in quotes", ""),
            (r#"{"a": ▸1.2.3}"#, BadNumber, "as JSON does", ""),
            (r#"{"a": ▸-}"#, BadNumber, "as JSON does", ""),
            (r#"{"a": ▸--1}"#, BadNumber, "as JSON does", ""),
            (r#"{"a": ▸12abc}"#, UnquotedText, "in quotes", ""),
        ],
    );
    check_all(
        &Asked::new(Wanted::JsonObject).refused(),
        &[
            (r#"{"a": ▸1e400}"#, NumberTooLarge, "smaller number", ""),
            (r#"{"b": [0, ▸-2E999]}"#, NumberTooLarge, "digits in quotes", ""),
        ],
    );
    let deep = format!("{}▸{}", "[".repeat(127), "[".repeat(10));
    let deep = format!("{deep}{}", "]".repeat(137));
    check_all(&Asked::new(Wanted::JsonValue).refused(), &[(&deep, TooDeep, "fewer lists", "")]);
}

#[test]
fn brackets_and_ends() {
    let rows: &[(&str, Kind, &str, &str)] = &[
        (r#"{"a": 1▸"#, CutShort, "whole body", ""),
        (r#"{"a": [1, {"b": "c▸"#, CutShort, "whole body", ""),
        (r#"{"a": 1,▸"#, CutShort, "whole body", ""),
        (r#"{"a":▸"#, CutShort, "whole body", ""),
        (r#"{"a▸"#, CutShort, "whole body", ""),
        ("{▸", CutShort, "whole body", ""),
        (r#"{"a": tr▸"#, CutShort, "whole body", ""),
        (r#"{"a": -▸"#, CutShort, "whole body", ""),
        (r#"{"a": "x\▸"#, CutShort, "whole body", ""),
        (r#"{"a": "x\u00▸"#, CutShort, "whole body", ""),
        (r#"{"a": [1, 2▸}"#, WrongBracket, "close with ] what was opened at line 1, column 7", ""),
        (r#"{"a": 1▸]"#, WrongBracket, "close with } what was opened at line 1, column 1", ""),
        (r#"{"a": [▸}"#, WrongBracket, "close with ]", ""),
        ("{▸]", WrongBracket, "close with }", ""),
        (r#"{"a": 1}▸}"#, ExtraBracket, "take away this }", r#"{"a": 1}"#),
        (r#"{"a": 1}▸]"#, ExtraBracket, "take away this ]", r#"{"a": 1}"#),
        (r#"{"a": 1}▸;"#, TextBehind, "nothing behind", r#"{"a": 1}"#),
        (r#"{"a": 1}▸,"#, TextBehind, "nothing behind", r#"{"a": 1}"#),
        ("{\"a\": 1}▸\0", TextBehind, "nothing behind", r#"{"a": 1}"#),
        (r#"{"a": 1} ▸hello"#, TextBehind, "nothing behind", ""),
        (r#"{"a": 1}▸{"a": 2}"#, SecondDocument, "one document per request", ""),
        (r#"{"a": 1}▸, {"a": 2}"#, SecondDocument, "[ ] with commas", ""),
        ("{\n\"a\": 1}\n▸{\"a\": 2}", SecondDocument, "one document per request", ""),
        ("{\"a\": 1}\n▸{\"a\": 2}\n", JsonLines, "lines of JSON", ""),
        (r#"{"a": ▸{{phone}}}"#, Placeholder, "fill in the value", ""),
        (r#"{"a": ▸${phone}}"#, Placeholder, "fill in the value", ""),
        (r#"{"a": ▸<%= x %>}"#, Placeholder, "fill in the value", ""),
        (r#"{"a": ▸datetime(2024)}"#, FunctionCall, "write the value itself", ""),
        (r#"{"a": ▸ObjectId("1")}"#, FunctionCall, "write the value itself", ""),
        (r#"{"a": ▸new Date()}"#, FunctionCall, "write the value itself", ""),
        (r#"{"a": ▸(1, 2)}"#, Unexpected, "JSON writer", ""),
        (r#"{"a": 1 ▸? 2}"#, Unexpected, "JSON writer", ""),
        (r#"{"a": 1 ▸hello}"#, Unexpected, "JSON writer", ""),
        ("▸hello", Unexpected, "JSON writer", ""),
        ("▸?", Unexpected, "JSON writer", ""),
    ];
    check_all(&Asked::new(Wanted::JsonObject), rows);
    check_all(
        &Asked::new(Wanted::JsonArray),
        &[("{\"a\": 1}\n▸{\"a\": 2}\n", JsonLines, "lines of JSON", r#"[{"a": 1},{"a": 2}]"#)],
    );
}
