//! What stands round JSON, and what was sent in its place.

use super::{check, check_all};
use crate::web::diagnosis::report::Kind::{self, *};
use crate::web::diagnosis::report::{Asked, Body, Wanted};

const OBJECT: Asked<'static> =
    Asked { wanted: Wanted::JsonObject, takes: &[], known: &[], is_refused: false };

#[test]
fn something_round_it() {
    check_all(
        &OBJECT,
        &[
            (r#"▸'{"a":1}'"#, QuotedWhole, "cmd.exe", r#"{"a":1}"#),
            (r#"▸'[{"a":1}]'"#, QuotedWhole, "cmd.exe", r#"{"a":1}"#),
            (r"▸'{a:1}'", QuotedWhole, "single quotes", r#"{"a":1}"#),
            (r#"▸b'{"a": 1}'"#, QuotedWhole, "Python's print", r#"{"a": 1}"#),
            (r#"▸callback({"a":1});"#, Jsonp, "without the function", r#"{"a":1}"#),
            (r#"▸cb({"a":1})"#, Jsonp, "without the function", r#"{"a":1}"#),
            (r#"▸({"a":1})"#, Jsonp, "without the function", r#"{"a":1}"#),
            (
                ")]}',\n{\"a\":1}".replacen(')', "▸)", 1).leak(),
                GuardPrefix,
                "a guard",
                "\n{\"a\":1}",
            ),
            ("▸)]}'\n{\"a\":1}", GuardPrefix, "a guard", "\n{\"a\":1}"),
            ("▸while(1);{\"a\":1}", GuardPrefix, "a guard", "{\"a\":1}"),
            ("▸for(;;);{\"a\":1}", GuardPrefix, "a guard", "{\"a\":1}"),
            (
                "▸POST /x HTTP/1.1\r\nHost: a\r\n\r\n{\"a\":1}",
                HeadInBody,
                "without the head",
                "{\"a\":1}",
            ),
            (
                "▸HTTP/1.1 200 OK\r\nServer: a\r\n\r\n{\"a\":1}",
                HeadInBody,
                "without the head",
                "{\"a\":1}",
            ),
            (
                "▸Content-Type: application/json\n\n{\"a\":1}",
                HeadInBody,
                "without the head",
                "{\"a\":1}",
            ),
            (
                "▸content-length: 7\r\nx-y: z\r\n\r\n{\"a\":1}",
                HeadInBody,
                "without the head",
                "{\"a\":1}",
            ),
            ("▸7\r\n{\"a\":1}\r\n0\r\n\r\n", ChunkFraming, "Transfer-Encoding", "{\"a\":1}"),
            (
                "▸5\r\n{\"a\":\r\n2\r\n1}\r\n0\r\n\r\n",
                ChunkFraming,
                "Transfer-Encoding",
                "{\"a\":1}",
            ),
            ("▸[object Object]", ObjectPrint, "JSON.stringify", ""),
            ("▸[object FormData]", ObjectPrint, "JSON.stringify", ""),
            ("▸Array", ObjectPrint, "turn the value into text", ""),
            ("▸System.String[]", ObjectPrint, "a language's own print", ""),
            ("▸map[a:1 b:2]", ObjectPrint, "a language's own print", ""),
            ("▸Array\n(\n    [a] => 1\n)\n", ObjectPrint, "a language's own print", ""),
            ("▸@lead.json", FileName, "--data-binary", ""),
            ("▸@C:\\leads\\one.json\r\n", FileName, "--data-binary", ""),
        ],
    );
}

#[test]
fn encoded_once_more() {
    check_all(
        &OBJECT,
        &[
            ("▸%7B%22a%22%3A1%7D", PercentEncoded, "as it is", r#"{"a":1}"#),
            ("▸%7b%22a%22:1%7d", PercentEncoded, "as it is", r#"{"a":1}"#),
            ("▸%7B%22a%22%3A+1%7D", PercentEncoded, "as it is", r#"{"a": 1}"#),
            ("▸%7B%22a%22%3A%20%22x%22%7D", PercentEncoded, "as it is", r#"{"a": "x"}"#),
            ("▸%257B%2522a%2522%253A1%257D", PercentEncodedTwice, "twice", r#"{"a":1}"#),
            ("▸%7B%22a%22%3A1%7D=", JsonAsFormKey, "name of a form's field", r#"{"a":1}"#),
            ("▸eyJhIjoxfQ==", Base64, "not in Base64", r#"{"a":1}"#),
            ("▸W3siYSI6MX1d", Base64, "not in Base64", r#"{"a":1}"#),
            ("{▸&quot;a&quot;:1}", HtmlEscaped, "a page of HTML", r#"{"a":1}"#),
            ("{▸&#34;a&#34;:&#34;b&amp;c&#34;}", HtmlEscaped, "a page of HTML", r#"{"a":"b&c"}"#),
            (r#"▸"{\"a\":1}""#, JsonEncodedTwice, "once", r#"{"a":1}"#),
            (r#"▸"[{\"a\":1}]""#, JsonEncodedTwice, "once", r#"{"a":1}"#),
            (r#"▸"{\"a\":\"b\\nc\"}""#, JsonEncodedTwice, "once", r#"{"a":"b\nc"}"#),
            (r#"▸data={"a":1}"#, JsonInFormField, "not as the value", r#"{"a":1}"#),
            ("▸json=%7B%22a%22%3A1%7D", JsonInFormField, "not as the value", r#"{"a":1}"#),
        ],
    );
}

#[test]
fn another_format() {
    check_all(
        &OBJECT,
        &[
            ("▸a=1&b=2", FormInstead, "members of a JSON object", ""),
            ("▸affiliateID=x&dialerFunction=getCalls", FormInstead, "application/json", ""),
            ("▸name=Ada Lovelace&n=1", FormInstead, "members of a JSON object", ""),
            ("▸a%5B%5D=1", FormInstead, "members of a JSON object", ""),
            ("▸<?xml version=\"1.0\"?><a/>", XmlInstead, "send a JSON object", ""),
            ("  ▸<Lead><Name>x</Name></Lead>", XmlInstead, "send a JSON object", ""),
            ("▸<!DOCTYPE html><html></html>", HtmlInstead, "some server answered", ""),
            ("▸<HTML><body>502</body></HTML>", HtmlInstead, "some server answered", ""),
            (
                "▸--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x--\r\n",
                MultipartInstead,
                "send a JSON object",
                "",
            ),
            ("▸name,phone\nAda,1\n", CsvInstead, "send a JSON object", ""),
            ("▸name;phone\r\nAda;1\r\nBob;2\r\n", CsvInstead, "send a JSON object", ""),
        ],
    );
    let rows: &[(&str, Kind, &str, &str)] = &[
        (r#"▸{"a":"x y","b":2}"#, JsonInstead, "name=value pairs", "a=x+y&b=2"),
        (r#"▸{"a":{"b":1}}"#, JsonInstead, "name=value pairs", ""),
        (r#"▸["a"]"#, JsonInstead, "name=value pairs", ""),
        ("▸<a/>", XmlInstead, "name=value pairs", ""),
        ("▸<html></html>", HtmlInstead, "some server answered", ""),
    ];
    check_all(&Asked::new(Wanted::Form), rows);
    check_all(
        &Asked::new(Wanted::Xml),
        &[
            (r#"▸{"a":1}"#, JsonInstead, "send an XML document", ""),
            ("▸a=1", FormInstead, "application/xml", ""),
            ("▸<!doctype html><html></html>", HtmlInstead, "some server answered", ""),
            ("▸a,b\n1,2\n", CsvInstead, "send an XML document", ""),
        ],
    );
    check_all(
        &Asked::new(Wanted::Csv),
        &[
            (r#"▸[{"a":1}]"#, JsonInstead, "text/csv", ""),
            ("▸<leads><lead/></leads>", XmlInstead, "text/csv", ""),
        ],
    );
}

#[test]
fn what_was_announced_counts() {
    let form = "application/x-www-form-urlencoded; charset=utf-8";
    let body = |bytes, content_type| Body {
        bytes,
        content_type: Some(content_type),
        content_encoding: None,
    };
    let json = br#"{"a":1}"#;
    let both = Asked::new(Wanted::Form).taking(&[Wanted::JsonObject]);
    check(&body(json, form), &both, (JsonAsFormKey, 0, "Content-Type: application/json"), None);
    check(
        &body(json, form),
        &Asked::new(Wanted::Form),
        (JsonAsFormKey, 0, "name=value"),
        Some(b"a=1"),
    );
    check(&body(b"{'a':1}", "application/json"), &both, (SingleQuotes, 1, "double"), Some(json));
    check(&body(b"a=1", "application/json"), &both, (FormInstead, 0, "a JSON object"), None);
}
