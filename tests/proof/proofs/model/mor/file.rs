//! Files of numbers.

use super::super::super::dice::Dice;
use super::answer::separator;
use super::campaign::Campaign;

#[derive(Clone, Debug)]
pub(super) enum File {
    None,
    OtherPart,
    Of { name: &'static str, lines: Vec<Line>, end: &'static str },
}

#[derive(Clone, Debug)]
pub(super) enum Line {
    /// A number that was never there before, most likely.
    New(u32),
    /// One of the campaign's.
    Known(usize),
    /// The first of this file again.
    First,
    Columns(u32),
    Bad(&'static str),
}

pub(super) fn file_text(campaign: &Campaign, lines: &[Line], end: &str) -> String {
    let texts: Vec<String> = lines.iter().map(|it| it.text(campaign, lines)).collect();
    let mut text = texts.join(end);
    if !text.is_empty() && lines.len().is_multiple_of(2) {
        text.push_str(end);
    }
    text
}

impl File {
    pub(super) fn draw(dice: &mut Dice) -> Self {
        // More than a campaign may hold are rare.
        let most = if dice.percent(8) { 16 } else { 4 };
        let lines = (0..=dice.below(most)).map(|_| Line::draw(dice)).collect();
        let name = dice.one(&["numbers.csv", "numbers.csv", "N.CSV"]);
        File::Of { name, lines, end: dice.one(&["\n", "\r\n"]) }
    }

    pub(super) fn spoilt(dice: &mut Dice) -> Self {
        match dice.below(5) {
            0 => File::None,
            1 => File::OtherPart,
            2 => File::Of { name: "numbers.csv", lines: Vec::new(), end: "\n" },
            3 => File::Of { name: "numbers.txt", lines: Vec::new(), end: "\n" },
            _ => File::Of { name: "numbers.txt", lines: vec![Line::New(7)], end: "\n" },
        }
    }
}

impl Line {
    pub(super) fn draw(dice: &mut Dice) -> Self {
        let nth = u32::try_from(dice.below(100_000)).unwrap_or(0);
        match dice.below(12) {
            0..5 => Line::New(nth),
            5..7 => Line::Known(dice.below(16)),
            7 => Line::First,
            8 => Line::Columns(nth),
            _ => Line::Bad(dice.one(&["abc", "+37060000001", "", "370 6", "12a"])),
        }
    }

    pub(super) fn text(&self, campaign: &Campaign, lines: &[Line]) -> String {
        match self {
            Line::New(nth) => format!("3706{nth:05}"),
            Line::Known(nth) if campaign.numbers.is_empty() => format!("3707{nth:05}"),
            Line::Known(nth) => campaign.numbers[nth % campaign.numbers.len()].text.clone(),
            Line::First => match lines.first() {
                Some(Line::First) | None => "37060000009".to_owned(),
                Some(first) => first.text(campaign, &[]),
            },
            Line::Columns(nth) => {
                ["Pat", "Lindgren"].iter().fold(format!("3708{nth:05}"), |row, it| {
                    format!("{row}{}{it}", separator(campaign.user))
                })
            }
            Line::Bad(text) => (*text).to_owned(),
        }
    }
}
