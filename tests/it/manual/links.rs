//! Every link of the pages leads somewhere: to a file of the repository, and to a heading in it. What
//! is outside is not asked for, and has to be HTTPS.

use std::fs;
use std::path::Path;

use regex::Regex;

use super::pages::{Page, pages};
use super::{assert_none, root};

#[test]
fn every_link_leads_somewhere() {
    let link = Regex::new(r"\]\(([^)\s]+)\)").unwrap();
    let mut faults = Vec::new();
    let mut n_links = 0;
    for page in pages() {
        for (idx, line) in page.prose().lines().enumerate() {
            for found in link.captures_iter(line) {
                n_links += 1;
                let fault = fault(&page, &found[1]);
                faults.extend(fault.map(|it| format!("{}:{}: {it}", page.path, idx + 1)));
            }
        }
    }
    assert_none(&faults);
    assert!(n_links > 50, "the links were not found");
}

fn fault(page: &Page, target: &str) -> Option<String> {
    if target.starts_with("https://") {
        return None;
    }
    if target.contains("://") {
        return Some(format!("{target} is not HTTPS"));
    }
    let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
    let here = Path::new(&page.path);
    let path = if file.is_empty() { here.to_owned() } else { here.parent()?.join(file) };
    let text = match fs::metadata(root().join(&path)) {
        Err(_) => return Some(format!("{target}: there is no {}", path.display())),
        Ok(found) if found.is_dir() || anchor.is_empty() => return None,
        Ok(_) => fs::read_to_string(root().join(&path)).ok()?,
    };
    let other = Page { path: String::new(), text };
    let known = anchors(&other);
    (!known.iter().any(|it| it == anchor)).then(|| format!("{target}: no heading is {anchor:?}"))
}

/// The anchors of a page's headings, as GitHub makes them.
fn anchors(page: &Page) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for line in page.prose().lines() {
        let title = line.trim_start_matches('#');
        if title.len() == line.len() || !title.starts_with(' ') {
            continue;
        }
        let kept = |it: &char| it.is_alphanumeric() || matches!(it, ' ' | '-' | '_');
        let slug: String = title.trim().to_lowercase().chars().filter(kept).collect();
        let slug = slug.replace(' ', "-");
        let n_same = found.iter().filter(|it| **it == slug).count();
        found.push(if n_same > 0 { format!("{slug}-{n_same}") } else { slug });
    }
    found
}

#[test]
fn an_anchor_is_made_as_github_does() {
    let text = "# A page\n## `mor.hash`\n## What is it, then?\n## A page\n```\n# no\n```\n".into();
    let page = Page { path: String::new(), text };
    assert_eq!(anchors(&page), ["a-page", "morhash", "what-is-it-then", "a-page-1"]);
}
