//! A question for a name, and its answer, as bytes (RFC 1035): as much of it as it takes to tell one
//! kind of address for few names, and that all others are not there.

use std::net::Ipv4Addr;

const HEADER_BYTES: usize = 12;

/// Longest name in a message.
const NAME_BYTES_MAX: usize = 255;

/// A length from here on is none: the name goes on elsewhere, which no question's does.
const LABEL_BYTES_MAX: usize = 63;

/// Seconds for which an answer may be kept.
const KEPT_SECONDS: u32 = 5;

const KIND_ADDRESS: u16 = 1;
const KIND_POINTER: u16 = 12;
const CLASS_INTERNET: u16 = 1;

const IS_RESPONSE: u8 = 0x80;
const OPERATION: u8 = 0x78;
const IS_AUTHORITATIVE: u8 = 0x04;
const WANTS_RECURSION: u8 = 0x01;
const HAS_RECURSION: u8 = 0x80;

/// What stands in the answer's head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Code {
    Fine = 0,
    Malformed = 1,
    NoSuchName = 3,
    NotDone = 4,
}

/// A question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Question<'m> {
    /// In lower case, without the last dot.
    pub(super) name: String,
    kind: u16,
    class: u16,
    head: &'m [u8],
    /// The question as it was written.
    written: &'m [u8],
}

/// What there is to a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// It is there, at this address.
    At(Ipv4Addr),
    /// It is nobody's.
    Nobody,
}

impl<'m> Question<'m> {
    /// Reads a message; what is wrong with it as a reply, which is empty where it deserves none.
    pub(super) fn read(message: &'m [u8]) -> Result<Self, Vec<u8>> {
        let Some((head, rest)) = message.split_at_checked(HEADER_BYTES) else {
            return Err(Vec::new());
        };
        if head[2] & IS_RESPONSE != 0 {
            return Err(Vec::new());
        }
        if head[2] & OPERATION != 0 {
            return Err(reply_head(head, Code::NotDone, 0, 0).to_vec());
        }
        let read = || {
            let (name, n_bytes) = name(rest)?;
            let kind = two_bytes(rest.get(n_bytes..)?)?;
            let class = two_bytes(rest.get(n_bytes + 2..)?)?;
            let written = rest.get(..n_bytes + 4)?;
            Some(Question { name, kind, class, head, written })
        };
        let is_one = head[4..6] == [0, 1];
        is_one.then(read).flatten().ok_or_else(|| reply_head(head, Code::Malformed, 0, 0).to_vec())
    }

    /// Whether it asks for a name of an address, which only programs that write logs do.
    pub(super) fn is_reverse(&self) -> bool {
        self.kind == KIND_POINTER
    }

    /// The answer.
    pub(super) fn answer(&self, known: Known) -> Vec<u8> {
        let address = match known {
            Known::At(address) if (self.kind, self.class) == (KIND_ADDRESS, CLASS_INTERNET) => {
                Some(address)
            }
            Known::At(_) | Known::Nobody => None,
        };
        let code = if known == Known::Nobody { Code::NoSuchName } else { Code::Fine };
        let mut reply = reply_head(self.head, code, 1, u8::from(address.is_some())).to_vec();
        reply.extend(self.written);
        if let Some(address) = address {
            // The name is that of the question, which begins behind the head.
            reply.extend([0xc0, 12]);
            reply.extend(KIND_ADDRESS.to_be_bytes());
            reply.extend(CLASS_INTERNET.to_be_bytes());
            reply.extend(KEPT_SECONDS.to_be_bytes());
            reply.extend([0, 4]);
            reply.extend(address.octets());
        }
        reply
    }
}

fn reply_head(asked: &[u8], code: Code, n_questions: u8, n_answers: u8) -> [u8; HEADER_BYTES] {
    let flags = IS_RESPONSE | IS_AUTHORITATIVE | (asked[2] & (OPERATION | WANTS_RECURSION));
    let code = HAS_RECURSION | code as u8;
    [asked[0], asked[1], flags, code, 0, n_questions, 0, n_answers, 0, 0, 0, 0]
}

/// A name, and how many bytes it takes.
fn name(bytes: &[u8]) -> Option<(String, usize)> {
    let mut name = String::new();
    let mut at = 0;
    loop {
        let length = usize::from(*bytes.get(at)?);
        at += 1;
        if length == 0 {
            return Some((name, at));
        }
        if length > LABEL_BYTES_MAX || at + length > NAME_BYTES_MAX {
            return None;
        }
        let label = bytes.get(at..at + length)?;
        at += length;
        if !name.is_empty() {
            name.push('.');
        }
        // What is no letter of a name's is shown as what it is.
        name.push_str(&label.escape_ascii().to_string().to_ascii_lowercase());
    }
}

fn two_bytes(bytes: &[u8]) -> Option<u16> {
    bytes.get(..2)?.try_into().ok().map(u16::from_be_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(labels: &[&str], kind: u16) -> Vec<u8> {
        let mut message = vec![7, 9, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1];
        for label in labels {
            message.push(u8::try_from(label.len()).unwrap());
            message.extend(label.as_bytes());
        }
        message.push(0);
        message.extend(kind.to_be_bytes());
        message.extend([0, 1]);
        // What resolvers say of themselves.
        message.extend([0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0]);
        message
    }

    #[test]
    fn an_address_is_told_and_no_other_kind() {
        let asked = message(&["API", "infocu5", "com"], 1);
        let question = Question::read(&asked).unwrap();
        assert_eq!(question.name, "api.infocu5.com");
        let known = Known::At(Ipv4Addr::new(127, 0, 0, 2));
        let reply = question.answer(known);
        assert_eq!(&reply[..12], [7, 9, 0x85, 0x80, 0, 1, 0, 1, 0, 0, 0, 0]);
        assert_eq!(&reply[12..33], &asked[12..33]);
        assert_eq!(&reply[33..], [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 5, 0, 4, 127, 0, 0, 2]);
        let asked = message(&["api", "infocu5", "com"], 28);
        let reply = Question::read(&asked).unwrap().answer(known);
        assert_eq!(reply[3] & 0x0f, 0);
        assert_eq!((reply[7], reply.len()), (0, 33));
        let reply = Question::read(&asked).unwrap().answer(Known::Nobody);
        assert_eq!(reply[3] & 0x0f, 3);
    }

    #[test]
    fn what_is_no_question_gets_no_answer_or_a_short_one() {
        assert_eq!(Question::read(&[0; 11]), Err(Vec::new()));
        let mut response = message(&["a"], 1);
        response[2] |= IS_RESPONSE;
        assert_eq!(Question::read(&response), Err(Vec::new()));
        let mut update = message(&["a"], 1);
        update[2] |= 0x28;
        assert_eq!(Question::read(&update).unwrap_err()[3] & 0x0f, 4);
        let whole = message(&["abc", "test"], 1);
        for n_bytes in 12..25 {
            let told = Question::read(&whole[..n_bytes]).unwrap_err();
            assert_eq!(told[3] & 0x0f, 1, "{n_bytes}");
        }
        let mut pointing = message(&["a"], 1);
        pointing[12] = 0xc0;
        assert!(Question::read(&pointing).is_err());
        let long: Vec<&str> = vec!["abcdefghi"; 30];
        assert!(Question::read(&message(&long, 1)).is_err());
    }
}
