//! The XML as a reader of data contracts sees it.

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;

use crate::testing::Stage;

const COOKIE: &str = "Cookie: TokenKey=7f0c9d2e-52b1-4d0a-9a53-3f2f6c1e8b47";

fn get(stage: &Stage, below: &str, more: &str) -> String {
    let target = format!("/webservices/services/telephony/{below}");
    let response = stage.request(&format!("GET {target} HTTP/1.1\n{COOKIE}\n{more}"));
    assert_eq!(response.status.as_u16(), 200);
    String::from_utf8(response.body.to_vec()).unwrap()
}

/// Element names in document order with their depth, and the root's default namespace. Fails where
/// the text is not well-formed.
fn elements(xml: &str) -> (Vec<(usize, String)>, String) {
    let mut reader = Reader::from_str(xml);
    let (mut depth, mut found, mut namespace) = (0, Vec::new(), String::new());
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => {
                if depth == 0 {
                    let at = start.attributes().flatten().find(|it| it.key.as_ref() == "xmlns");
                    namespace = at.map(|it| it.value.into_owned()).unwrap_or_default();
                }
                found.push((depth, start.local_name().as_ref().to_owned()));
                depth += 1;
            }
            Event::Empty(start) => found.push((depth, start.local_name().as_ref().to_owned())),
            Event::End(_) => depth -= 1,
            Event::Eof => return (found, namespace),
            _ => {}
        }
    }
}

/// A data contract reader passes over what does not stand in ordinal order.
#[test]
fn members_come_in_ordinal_order_and_agree_with_the_json() {
    let stage = Stage::demo();
    for below in ["campaigns", "users", "resultcodes", "acdqueues", "getcalls"] {
        let path = format!("{below}/user/101");
        let (found, namespace) = elements(&get(&stage, &path, ""));
        assert_eq!(
            namespace,
            "http://schemas.datacontract.org/2004/07/MaxContact.Services.Telephony"
        );
        let at = |depth: usize| -> Vec<&str> {
            found.iter().filter(|(d, _)| *d == depth).map(|(_, name)| name.as_str()).collect()
        };
        assert_eq!(at(0), ["CallActionResponse"]);
        assert_eq!(at(1), ["Data", "ResponseCode", "ResponseDetail", "Success"]);
        let json: Value =
            serde_json::from_str(&get(&stage, &path, "Content-Type: application/json\n")).unwrap();
        let rows = json["Data"].as_array().unwrap();
        assert_eq!(at(2).len(), rows.len());
        let names: Vec<&str> = rows
            .iter()
            .flat_map(|row| row.as_object().unwrap().keys())
            .map(String::as_str)
            .collect();
        assert_eq!(at(3), names);
        let is_ordinal = |names: &[&str]| names.windows(2).all(|pair| pair[0] < pair[1]);
        assert!(rows.is_empty() || names.chunks(names.len() / rows.len()).all(is_ordinal));
    }
}

#[test]
fn texts_are_escaped_in_both_formats() {
    let stage = Stage::demo();
    let add = |name: &str| {
        let body = serde_json::json!({
            "Name": name, "ListID": 12, "LeadPhones": [{ "PhoneNum": "07700900199" }],
        });
        let head = "POST /webservices/services/LeadManagement/AddLead HTTP/1.1";
        let response =
            stage.request(&format!("{head}\n{COOKIE}\nContent-Type: application/json\n\n{body}"));
        assert_eq!(response.status.as_u16(), 200);
    };
    add("<a> & \"b\" / \\ é\r\u{1}\u{ffff}");
    let json = get(&stage, "dial/user/101/phone/07700900199", "Accept: application/json\n");
    assert!(json.contains(r#""CustomerName":"<a> & \"b\" \/ \\ é\u000d\u0001"#), "{json}");
    let value: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(value["Data"]["CustomerName"], "<a> & \"b\" / \\ é\r\u{1}\u{ffff}");
    let xml = get(&stage, "getcalls/user/101", "");
    // As the platform writes them: the last two are no characters of XML 1.0.
    let escaped =
        "<CustomerName>&lt;a&gt; &amp; &quot;b&quot; / \\ é&#xD;&#x1;&#xFFFF;</CustomerName>";
    assert!(xml.contains(escaped), "{xml}");
}
