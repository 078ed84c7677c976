//! Pages that look like processes -> proposals, beside them and never into them.
//!
//! In: the text of an imported page. Out: where its headings or lists read like instructions, the same text as a page of kind process: steps
//! under a heading that says so, and after each step that a machine does or that cannot be taken back, blocks to be filled in. Its name
//! begins with `_`, so it is no content until somebody gives it the page's name. What is proposed is guessed from prose; nothing is
//! declared by it.

use std::ops::Range;

use crate::parse::outline::{Heading, Item, Outline, outline};
use crate::parse::slug::slug;
use crate::starter::quoted;

use super::inline::replaced;

/// Words with which instructions begin.
const VERBS: &str = "acknowledge add allow announce apply approve ask assign attach back begin block build bump call cancel change check choose \
    clear click clone close collect commit compare configure confirm connect contact copy create cut declare delete deploy destroy detach \
    disable disconnect download drain drop edit email enable ensure enter escalate evict execute export fail fetch fill find fix flip follow \
    force generate get give go grant hand identify import increase inform inspect install investigate invite invoke issue join kill launch \
    let list load lock log login look make mark measure merge migrate monitor mount move navigate note notify observe open order page \
    partition pause perform pick ping place plan post prepare press promote provision publish pull purge push put read reboot rebuild recover \
    redeploy reduce refresh release reload remove rename repeat replace reply report request reset resize resolve restart restore resume \
    retry return review revert revoke roll rotate run save scale schedule search select send set set-up shift shut sign silence skip snapshot \
    spin ssh stage start stop submit switch sync tag take tell terminate test transfer trigger turn type uninstall unlock unmount update \
    upgrade upload use validate verify wait warn watch wipe write";
/// Words of what a machine does.
const AUTOMATED: [&str; 12] = [
    "automatically",
    "automation",
    "pipeline",
    "cron",
    "scheduled job",
    "the bot",
    "ci job",
    "workflow",
    "webhook",
    "controller",
    "operator will",
    "argo",
];
/// Words of what cannot be taken back.
const IRREVERSIBLE: [&str; 22] = [
    "delete",
    "drop ",
    "destroy",
    "truncate",
    "purge",
    "wipe",
    "terminate",
    "rm -",
    "force-push",
    "push --force",
    "overwrite",
    "revoke",
    "migrate",
    "erase",
    "decommission",
    "fail over",
    "failover",
    "promote",
    "format ",
    "mkfs",
    "dd if=",
    "shred",
];
/// Headings under which a list is a procedure although its items begin otherwise.
const HEADINGS: [&str; 16] = [
    "step",
    "procedure",
    "instruction",
    "how to",
    "remediation",
    "resolution",
    "mitigation",
    "rollback",
    "roll back",
    "recovery",
    "runbook",
    "what to do",
    "actions",
    "checklist",
    "restore",
    "fix",
];

/// The proposal for a page, with its path; nothing where the page does not look like a process.
pub(super) fn proposal(page: &str, text: &str) -> Option<(String, String)> {
    let shape = outline(text, 0, 64);
    let has_block = shape.fences.first().is_some_and(|fence| fence.span.start() == 0 && fence.info == "page");
    if shape.fences.iter().any(|fence| matches!(fence.info.as_str(), "step" | "failure" | "decision")) {
        return None;
    }
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    let found = by_lists(text, &shape, &mut edits) || by_headings(text, &shape, &mut edits);
    if !found {
        return None;
    }
    let (folder, name) = page.rsplit_once('/')?;
    let stem = name.strip_suffix(".md").unwrap_or(name);
    let comment = format!("<!-- A proposal by `forewarn import --suggest`. Edit it, then give it the name {name}. -->\n");
    if has_block {
        let line = text.find('\n')? + 1;
        edits.push((line..line, "kind = \"process\"\n".to_owned()));
        let end = shape.fences.first()?.span.end();
        edits.push((end..end, format!("\n\n{}", comment.trim_end())));
        if let Some(at) = text[..end].find("\nkind = \"page\"\n") {
            edits.push((at + 1..at + 15, String::new()));
        }
    } else {
        let title = shape
            .headings
            .iter()
            .find(|heading| heading.level == 1)
            .map_or_else(|| stem.replace(['-', '_'], " "), |heading| heading.text.clone());
        edits.push((0..0, format!("```page\nkind = \"process\"\ntitle = {}\n```\n\n{comment}\n", quoted(&title))));
    }
    Some((format!("{folder}/_{stem}.proposal.md"), replaced(text, edits)))
}

fn is_instruction(text: &str) -> bool {
    let words = text.trim_start_matches(|c: char| !c.is_alphabetic());
    let first: String = words.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '-' | '\'')).flat_map(char::to_lowercase).collect();
    VERBS.split_whitespace().any(|verb| verb == first)
        || words.to_lowercase().starts_with("log in")
        || words.to_lowercase().starts_with("if ")
}

fn is_procedure(heading: &str) -> bool {
    let heading = heading.to_lowercase();
    HEADINGS.iter().any(|word| heading.contains(word))
}

fn opens_track(heading: &str) -> bool {
    let lower = heading.to_lowercase();
    ["steps", "procedure"].iter().any(|word| lower.strip_prefix(word).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric())))
}

/// Tracks from numbered lists that read like instructions.
fn by_lists(text: &str, shape: &Outline, edits: &mut Vec<(Range<usize>, String)>) -> bool {
    let mut found = false;
    let mut bounds: Vec<usize> = shape.headings.iter().map(|heading| heading.span.start()).collect();
    bounds.insert(0, 0);
    bounds.push(text.len());
    for (index, ends) in bounds.windows(2).enumerate() {
        let inside = ends[0]..ends[1];
        let from = shape.lists.partition_point(|list| list.span.start() < inside.start);
        let lists: Vec<_> =
            shape.lists[from..].iter().take_while(|list| list.span.start() < inside.end).filter(|list| list.ordered).collect();
        let items: Vec<&Item> = lists.iter().flat_map(|list| &list.items).collect();
        let heading = index.checked_sub(1).map(|index| (index, &shape.headings[index]));
        let instructions = items.iter().filter(|item| is_instruction(item.bold.as_ref().unwrap_or(&item.text))).count();
        let named = heading.is_some_and(|(_, heading)| is_procedure(&heading.text));
        if !(items.len() >= 3 && instructions * 2 >= items.len() || items.len() >= 2 && named) {
            continue;
        }
        let deeper = heading.is_some_and(|(index, heading)| shape.headings.get(index + 1).is_some_and(|next| next.level > heading.level));
        let Some(first) = lists.first() else { continue };
        match heading {
            Some((_, heading)) if heading.level > 1 && !deeper => edits.extend(renamed(text, heading)),
            _ => {
                let level = heading.map_or(1, |(_, heading)| usize::from(heading.level)).min(5) + 1;
                edits.push((first.span.start()..first.span.start(), format!("{} Steps\n\n", "#".repeat(level))));
            }
        }
        found = true;
        for item in items {
            let extent = item.span.start()..item.span.end();
            let title = item.bold.clone().unwrap_or_else(|| sentence(&item.text));
            let line = text[..extent.start].rfind('\n').map_or(0, |at| at + 1);
            let marker = text[extent.start..].find(|c: char| c.is_whitespace()).unwrap_or(1);
            let space = text[extent.start + marker..].chars().take_while(|c| *c == ' ').count().clamp(1, 4);
            let indent = extent.start - line + marker + space;
            edits.extend(blocks(text, &extent, &title, indent));
        }
    }
    found
}

/// A track from headings that read like instructions.
fn by_headings(text: &str, shape: &Outline, edits: &mut Vec<(Range<usize>, String)>) -> bool {
    let numbered =
        |heading: &Heading| heading.text.to_lowercase().starts_with("step ") || heading.text.starts_with(|c: char| c.is_ascii_digit());
    let second: Vec<usize> = (0..shape.headings.len()).filter(|index| shape.headings[*index].level == 2).collect();
    let count = second.iter().filter(|index| numbered(&shape.headings[**index])).count();
    let is_step = |heading: &Heading| if count >= 3 { numbered(heading) } else { is_instruction(&heading.text) };
    let steps: Vec<usize> = second.into_iter().filter(|index| is_step(&shape.headings[*index])).collect();
    let (Some(first), Some(last)) = (steps.first().copied(), steps.last().copied()) else { return false };
    let all = shape.headings[first..=last].iter().filter(|heading| heading.level == 2).count();
    let atx = |heading: &Heading| text[heading.span.start()..].starts_with('#');
    if steps.len() < 3 || all > steps.len() || shape.headings[first..].iter().any(|heading| !atx(heading)) {
        return false;
    }
    let end = shape.headings[last + 1..].iter().find(|heading| heading.level <= 2).map_or(text.len(), |heading| heading.span.start());
    let start = shape.headings[first].span.start();
    edits.push((start..start, "## Steps\n\n#".to_owned()));
    for heading in shape.headings[first + 1..].iter().filter(|heading| heading.span.start() < end && heading.level < 6) {
        edits.push((heading.span.start()..heading.span.start(), "#".to_owned()));
    }
    for (at, step) in steps.iter().enumerate() {
        let heading = &shape.headings[*step];
        let until = steps.get(at + 1).map_or(end, |next| shape.headings[*next].span.start());
        // Sub-headings would take the blocks: they stand before the first.
        let until = shape.headings[step + 1..].first().map_or(until, |next| until.min(next.span.start()));
        edits.extend(blocks(text, &(heading.span.start()..until), &heading.text, 0));
    }
    true
}

/// A heading that opens a track and keeps its anchor.
fn renamed(text: &str, heading: &Heading) -> Option<(Range<usize>, String)> {
    let source = &text[heading.span.start()..heading.span.end()];
    if opens_track(&heading.text) || !source.starts_with('#') {
        return None;
    }
    let level = usize::from(heading.level);
    let line = source.lines().next().unwrap_or(source);
    let words = line.trim_start_matches('#').trim();
    let id = slug(&heading.text);
    let fits = !id.is_empty()
        && id.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
        && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    let mark = if fits && heading.id.is_none() { format!(" {{#{id}}}") } else { String::new() };
    let start = heading.span.start();
    Some((start..start + line.len(), format!("{} Steps: {words}{mark}", "#".repeat(level))))
}

/// The first sentence of an item.
fn sentence(text: &str) -> String {
    let end = text.find(". ").or_else(|| text.find(": ")).unwrap_or(text.len());
    text[..end].trim().trim_end_matches(['.', ':']).to_owned()
}

/// Blocks to be filled in, after a step that a machine does or that cannot be taken back.
fn blocks(text: &str, extent: &Range<usize>, title: &str, indent: usize) -> Option<(Range<usize>, String)> {
    let said = text[extent.clone()].to_lowercase();
    let automated = AUTOMATED.iter().any(|word| said.contains(word));
    let irreversible = IRREVERSIBLE.iter().any(|word| said.contains(word));
    if !automated && !irreversible {
        return None;
    }
    let end = extent.start + text[extent.clone()].trim_end().len();
    let mut lines = vec!["```step".to_owned()];
    if automated {
        lines.push("actor = \"automation\"             # proposed: is it?".to_owned());
        lines.push("# takeover = \"#…\"                # by which track or step does a human take over?".to_owned());
    }
    if irreversible {
        lines.push("reversible = false               # proposed: can it be taken back?".to_owned());
        lines.push("# guard = \"peer\"                 # peer, dry-run, approval, backup, scoped-target, staged".to_owned());
    }
    lines.extend([
        "```".to_owned(),
        String::new(),
        "```failure".to_owned(),
        "class = \"technical\"              # technical, human, scale, dependency".to_owned(),
    ]);
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    // A title is Markdown: what could begin a link or a tag there stays plain.
    let title: String = title.chars().filter(|c| !matches!(c, '[' | ']' | '<' | '>' | '`' | '\\' | '!')).collect();
    lines.push(format!("title = {}", quoted(&format!("{title}: it stops halfway"))));
    lines.extend(
        [
            "# cause = \"\"",
            "# effect = \"\"",
            "# detect = \"\"                   # how is it noticed?",
            "# recover = \"\"                  # what is the way back?",
            "```",
        ]
        .map(str::to_owned),
    );
    let space = " ".repeat(indent);
    let block: String = lines.iter().map(|line| if line.is_empty() { "\n".to_owned() } else { format!("\n{space}{line}") }).collect();
    Some((end..end, format!("\n{block}\n")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_instructions_become_steps() {
        let text = "# Restore\n\nWords.\n\n## How to restore\n\n1. Stop the writers.\n2. Run `drop database`.\n3. Tell support.\n\n## See also\n\n- a\n";
        let (path, proposed) = proposal("content/ops/restore.md", text).unwrap();
        assert_eq!(path, "content/ops/_restore.proposal.md");
        assert!(proposed.starts_with("```page\nkind = \"process\"\ntitle = \"Restore\"\n```\n"), "{proposed}");
        assert!(proposed.contains("## Steps: How to restore {#how-to-restore}\n"), "{proposed}");
        assert!(proposed.contains("2. Run `drop database`.\n\n   ```step\n   reversible = false "), "{proposed}");
        assert!(proposed.contains("   title = \"Run drop database: it stops halfway\"\n"), "{proposed}");
        assert!(proposed.contains("3. Tell support.\n\n## See also"), "{proposed}");
    }

    #[test]
    fn headings_of_instructions_become_steps() {
        let text = "# Move\n\n## Step 1: Stop\n\na\n\n## Step 2: Delete the disk\n\nb\n\n### Notes\n\n## Step 3: Start\n\n## Contact\n";
        let (_, proposed) = proposal("content/move.md", text).unwrap();
        assert!(proposed.contains("## Steps\n\n### Step 1: Stop\n"), "{proposed}");
        assert!(
            proposed.contains("b\n\n```step\nreversible = false")
                && proposed.contains("\n#### Notes\n")
                && proposed.contains("\n## Contact\n"),
            "{proposed}"
        );
    }

    #[test]
    fn prose_is_left_alone() {
        for text in ["# About\n\n1. The team\n2. The office\n3. The rest\n", "# A\n\n- Run\n", "text\n", ""] {
            assert_eq!(proposal("content/a.md", text), None);
        }
    }
}
