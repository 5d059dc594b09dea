//! What agents live through.

use std::time::Duration;

use serde_json::{Value, json};

use crate::testing::Stage;
use crate::vendors::maxcontact::tests::{
    TOKEN, VENDOR, done, get, happens, manual, of_call, refused, request, scenario, state_of,
};

#[test]
fn a_warm_transfer() {
    let stage = manual(1);
    done(&stage, "dial/user/101/phone/07700900142");
    happens(&stage, "far_end_answers", &json!({ "call": 1000 }));
    assert_eq!(refused(&stage, "dial/user/101/phone/07700900155"), 13);
    assert_eq!(
        stage.why(),
        "maxcontact.agent_state: expected agent 101 in the state \"not ready\" or \"ready\" or \"holding\", \
         found dial while \"talking\"; hold call 1000 first, then dial the second; legal now: getcalls, \
         and the commands of its calls"
    );
    done(&stage, "hold/user/101/call/1000");
    assert_eq!(state_of(&stage, 101), "holding");
    done(&stage, "dial/user/101/phone/07700900155");
    assert_eq!(state_of(&stage, 101), "calling");
    happens(&stage, "far_end_answers", &json!({ "call": 1001 }));
    let bridged = "connectcalls/user/101?CALL1=1000&call2=1001&resultcode1=SALE&resultcode2=BRIDGE\
                   &notes1=warm%20transfer&numsales2=3";
    done(&stage, bridged);
    assert_eq!(state_of(&stage, 101), "ready");
    let past = stage.table(VENDOR, "past_calls");
    let shown: Vec<_> = past
        .iter()
        .map(|call| (&call["how"], &call["result_code"], &call["notes"], &call["n_sales"]))
        .collect();
    assert_eq!(
        shown,
        [
            (&json!("bridged"), &json!("SALE"), &json!("warm transfer"), &json!(1)),
            (&json!("bridged"), &json!("BRIDGE"), &json!(""), &json!(3)),
        ]
    );
}

#[test]
fn nobody_talks_on_two_calls() {
    let stage = manual(1);
    done(&stage, "dial/user/101/phone/07700900142");
    happens(&stage, "far_end_answers", &json!({ "call": 1000 }));
    done(&stage, "hold/user/101/call/1000");
    done(&stage, "dial/user/101/phone/07700900155");
    // Taken back while the other is still dialling, and put on hold again by its answer.
    done(&stage, "retrieve/user/101/call/1000");
    happens(&stage, "far_end_answers", &json!({ "call": 1001 }));
    assert_eq!(of_call(&stage, 1000, "state"), Some(json!("on hold")));
    assert_eq!(refused(&stage, "retrieve/user/101/call/1000"), 22);
    assert_eq!(
        stage.why(),
        "maxcontact.call_state: expected no other call of the agent's that is connected, found call 1001 is connected; hold or hang up call 1001 first"
    );
    done(&stage, "hold/user/101/call/1001");
    assert_eq!(refused(&stage, "dial/user/101/phone/07700900199"), 13);
    assert!(stage.why().contains("at most 2 calls in hand"), "{}", stage.why());
}

/// The method is a GET: what stands between a client and the server may send it again.
#[test]
fn a_call_that_has_ended_is_in_hand_until_it_is_disposed_of() {
    let stage = manual(1);
    for number in ["07700900142", "07700900155"] {
        done(&stage, &format!("dial/user/101/phone/{number}"));
        if number.ends_with("142") {
            happens(&stage, "far_end_answers", &json!({ "call": 1000 }));
            done(&stage, "hold/user/101/call/1000");
        }
    }
    done(&stage, "hangup/user/101/call/1001");
    assert_eq!(state_of(&stage, 101), "holding");
    let reply = get(&stage, "dial/user/101/phone/07700900007");
    assert_eq!(reply["ResponseDetail"], "User 101 cannot dial while holding with 2 calls in hand");
    assert_eq!(
        stage.why(),
        "maxcontact.agent_state: expected fewer than 2 calls in hand of agent 101, found 2 in hand: \
         call 1000 on hold, call 1001 ended; dispose call 1001 first; an agent has at most 2 calls \
         in hand, and one that has ended is in hand until then"
    );
    done(&stage, "dispose/user/101/call/1001?resultcode=SALE");
    done(&stage, "dial/user/101/phone/07700900007");
}

#[test]
fn a_repeated_dial_is_refused_or_dials_twice() {
    for (needs_hold, wanted) in [("true", ["ok", "refused"]), ("false", ["ok", "ok"])] {
        let mut scenario = scenario(1, &json!({ "line": "manual" }));
        scenario["maxcontact"]["variants"] = json!({ "dial_needs_hold": needs_hold });
        let stage = Stage::new(&scenario);
        for _ in 0..2 {
            get(&stage, "dial/user/101/phone/07700900142");
        }
        let journal = stage.journal();
        let dials = journal.iter().filter(|shown| shown["operation"] == "dial");
        let outcomes: Vec<_> = dials.map(|shown| shown["outcome"].clone()).collect();
        assert_eq!(outcomes, wanted);
        let made = stage.table(VENDOR, "books")[0]["made"].clone();
        assert_eq!(made, wanted.iter().filter(|outcome| **outcome == "ok").count());
    }
}

#[test]
fn the_record_button_is_the_web_agents_own() {
    let stage = manual(1);
    done(&stage, "dial/user/101/phone/07700900142");
    happens(&stage, "far_end_answers", &json!({ "call": 1000 }));
    done(&stage, "stoprecord/user/101/call/1000");
    assert_eq!(of_call(&stage, 1000, "recording"), Some(json!("stopped")));
    assert_eq!(of_call(&stage, 1000, "record_button"), Some(json!(1)));
    happens(&stage, "press_record_button", &json!({ "call": 1000, "on": false }));
    assert_eq!(of_call(&stage, 1000, "record_button"), Some(json!(0)));
    done(&stage, "startrecord/user/101/call/1000");
    assert_eq!(of_call(&stage, 1000, "record_button"), Some(json!(0)));
    assert_eq!(done(&stage, "getcalls/user/101")[0]["RecordingState"], 1);
}

#[test]
fn a_break_waits_for_the_disposition() {
    let stage = manual(1);
    let user = json!({ "user": 101 });
    done(&stage, "dial/user/101/phone/07700900142");
    happens(&stage, "request_break", &user);
    done(&stage, "hangup/user/101/call/1000");
    assert_eq!(state_of(&stage, 101), "wrapping");
    done(&stage, "dispose/user/101/call/1000?resultcode=SALE");
    assert_eq!(state_of(&stage, 101), "on break");
    happens(&stage, "end_break", &user);
    done(&stage, "goready/user/101");
    happens(&stage, "request_break", &user);
    stage.advance(Duration::from_secs(29));
    assert_eq!(state_of(&stage, 101), "ready");
    stage.advance(Duration::from_secs(1));
    assert_eq!(state_of(&stage, 101), "on break");
    done(&stage, "goready/user/101");
    happens(&stage, "request_break", &user);
    happens(&stage, "cancel_break", &user);
    stage.advance(Duration::from_mins(1));
    assert_eq!(state_of(&stage, 101), "ready");
}

#[test]
fn a_restart_begins_at_1000_again() {
    let stage = manual(2);
    done(&stage, "dial/user/101/phone/07700900142");
    assert_eq!(done(&stage, "dial/user/102/phone/07700900155")["CallId"], 1001);
    happens(&stage, "system_restart", &json!({}));
    assert_eq!(state_of(&stage, 101), "not ready");
    assert_eq!(refused(&stage, "hangup/user/101/call/1001"), 21);
    assert_eq!(
        stage.why(),
        "maxcontact.call_unknown: expected a call of agent 101, found call 1001 was agent 102's and is dropped; a system restart took call 1001, and ids begin at 1000 again; agent 101 has no call in hand"
    );
    assert_eq!(done(&stage, "dial/user/102/phone/07700900155")["CallId"], 1000);
    assert_eq!(
        stage.table(VENDOR, "books"),
        [json!({ "made": 3, "disposed": 0, "bridged": 0, "dropped": 2, "in_hand": 1 })]
    );
}

#[test]
fn leads_follow_the_number_or_the_choice() {
    let stage = manual(1);
    assert_eq!(done(&stage, "dial/user/101/phone/07700900142?leadid=2")["CustomerName"], "Marek");
    // Lead phone 1 is Asha's; the number on the call stays.
    done(&stage, "changelead/user/101/call/1000/leadphone/1");
    let call = &done(&stage, "getcalls/user/101")[0];
    assert_eq!(
        (&call["CustomerName"], &call["PhoneNumber"]),
        (&json!("Asha"), &json!("07700900142"))
    );
    done(&stage, "createnewlead/user/101/call/1000/phone/07700900142");
    assert_eq!(done(&stage, "getcalls/user/101")[0]["CustomerName"], "");
    done(&stage, "dispose/user/101/call/1000?resultcode=SALE");
    // The lead that was just made is the newest with the number.
    assert_eq!(done(&stage, "dial/user/101/phone/07700900142")["CustomerName"], "");
    assert_eq!(stage.table(VENDOR, "leads").len(), 3);
}

#[test]
fn the_agent_of_the_path_has_to_own_the_call() {
    let stage = manual(2);
    done(&stage, "dial/user/101/phone/07700900142");
    assert_eq!(refused(&stage, "hangup/user/102/call/1000"), 21);
    assert_eq!(
        stage.why(),
        "maxcontact.call_unknown: expected a call of agent 102, found call 1000 is agent 101's; name the agent who has it: …/user/101/call/1000"
    );
    assert_eq!(get(&stage, "getcalls/user/api.user")["ResponseCode"], 31);
}

#[test]
fn lead_management_changes_what_is_dialled() {
    let stage = manual(1);
    let send = |verb: &str, below: &str| {
        let response = stage.request(&format!(
            "{verb} /webservices/services/leadmanagement/{below} HTTP/1.1\n\
             Cookie: TokenKey={}\nAccept: application/json\n",
            crate::vendors::maxcontact::tests::TOKEN
        ));
        let body: Value = serde_json::from_slice(&response.body).unwrap();
        body["Success"].as_bool().unwrap()
    };
    let lead = |column: &str| stage.table(VENDOR, "leads")[0][column].clone();
    assert!(send("DELETE", "DeactivateLeadByPhone/07700900142?Scope=1&listID=12"));
    assert_eq!(lead("status"), "inactive");
    assert!(send("POST", "ReactivateLeadByPhone/07700900142?listID=12&reactivateDnc=false"));
    assert_eq!(lead("status"), "active");
    assert!(send("POST", "DncLeadId/1"));
    assert!(send("POST", "ReactivateLeadByLeadId/1&reactivateDnc=false"));
    assert_eq!(lead("status"), "dnc");
    assert!(send("POST", "ReactivateLeadByLeadId/1?reactivateDnc=True"));
    assert_eq!(lead("status"), "active");
    assert!(send("POST", "DncLeadPhoneNumber/07700900142?listID=&dnccategories=4,5"));
    assert_eq!(stage.table(VENDOR, "lead_phones")[0]["dnc_categories"], "4,5");
    assert!(!send("DELETE", "DeactivateLeadId/77"));
    assert!(!send("DELETE", "DeactivateLeadByPhone/07700900142?Scope=1&listID=13"));
}

#[test]
fn a_parameter_that_stands_twice_is_joined() {
    let stage = manual(1);
    let response = stage.request(&request("dial/user/101/phone/07700900142?leadid=1&LEADID=2"));
    assert_eq!(response.status.as_u16(), 400);
    assert_eq!(
        stage.why(),
        "maxcontact.query_number: expected leadid: long, found \"1,2\", from leadid sent more than \
         once; send leadid once; the platform joins the values with a comma"
    );
    done(&stage, "dial/user/101/phone/07700900142");
    assert_eq!(refused(&stage, "dispose/user/101/call/1000?resultcode=SALE&resultcode=SALE"), 32);
}

#[test]
fn members_out_of_order_are_told() {
    let stage = manual(1);
    let response = stage.request(&format!(
        "POST /webservices/services/LeadManagement/AddLead HTTP/1.1\nCookie: TokenKey={TOKEN}\n\
         Content-Type: text/xml\nAccept: application/json\n\n\
         <Lead><LeadPhones><LeadPhone><PhoneNum>07700900142</PhoneNum></LeadPhone></LeadPhones>\
         <Name>Asha</Name><ListID>12</ListID></Lead>"
    ));
    let body: Value = serde_json::from_slice(&response.body).unwrap();
    assert_eq!((&body["Success"], &body["ResponseCode"]), (&json!(false), &json!(31)));
    assert!(stage.why().contains("ListID passed over; in XML members stand"), "{}", stage.why());
}
