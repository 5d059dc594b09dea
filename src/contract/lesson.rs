//! What a rule of a vendor's is about, in words for people: why it is there, and what commonly breaks
//! it. A vendor has them as one text, a `## vendor.rule` for each of its refusals: paragraphs, then
//! mistakes as list items, each with its cure behind `Cure:`.
//!
//! Not here: what a refusal sends, and how it is known (`contract::reply`, `contract::evidence`).

/// What stands between a mistake and what mends it.
const CURE: &str = " Cure: ";

/// One rule, explained.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lesson {
    /// What the rule is there for, a paragraph each.
    pub why: Vec<String>,
    pub mistakes: Vec<Mistake>,
}

/// One thing that clients commonly do, and what to do in place of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    pub what: String,
    /// Empty where the text has none.
    pub cure: String,
}

/// The names of the rules that a text explains, in its order.
pub fn explained(text: &str) -> Vec<&str> {
    text.lines().filter_map(|line| line.strip_prefix("## ")).map(str::trim).collect()
}

/// What a text says of a rule; `None` where it says nothing.
pub fn lesson(text: &str, rule: &str) -> Option<Lesson> {
    let mut lines = text.lines();
    lines.find(|line| line.strip_prefix("## ").is_some_and(|name| name.trim() == rule))?;
    let mut found = Lesson::default();
    let mut open: Option<Block> = None;
    for line in lines.take_while(|line| !line.starts_with("## ")) {
        if let Some(item) = line.strip_prefix("- ") {
            found.close(open.replace(Block { is_mistake: true, text: item.trim().to_owned() }));
        } else if line.trim().is_empty() {
            found.close(open.take());
        } else if let Some(block) = &mut open {
            block.text.push(' ');
            block.text.push_str(line.trim());
        } else {
            open = Some(Block { is_mistake: false, text: line.trim().to_owned() });
        }
    }
    found.close(open);
    Some(found)
}

/// A paragraph or a list item, its lines joined.
struct Block {
    is_mistake: bool,
    text: String,
}

impl Lesson {
    fn close(&mut self, block: Option<Block>) {
        match block {
            None => {}
            Some(Block { is_mistake: false, text }) => self.why.push(text),
            Some(Block { text, .. }) => {
                let (what, cure) = text.split_once(CURE).unwrap_or((&text, ""));
                self.mistakes.push(Mistake { what: what.to_owned(), cure: cure.to_owned() });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# Rules\n\nof a toy\n\n## toy.key\n\nIt locks\nthe door.\n\nAlways.\n\n\
                        - The key is\n  upside down. Cure: turn it.\n- It is lost.\n\n## toy.door\nShut.\n";

    #[test]
    fn a_rule_has_paragraphs_and_then_mistakes_with_their_cures() {
        assert_eq!(explained(TEXT), ["toy.key", "toy.door"]);
        let key = lesson(TEXT, "toy.key").unwrap();
        assert_eq!(key.why, ["It locks the door.", "Always."]);
        let mistake = |what: &str, cure: &str| Mistake { what: what.into(), cure: cure.into() };
        assert_eq!(
            key.mistakes,
            [mistake("The key is upside down.", "turn it."), mistake("It is lost.", "")]
        );
        assert_eq!(lesson(TEXT, "toy.door").unwrap().why, ["Shut."]);
        assert_eq!(lesson(TEXT, "toy"), None);
    }
}
