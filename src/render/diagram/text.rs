//! A diagram in words, as HTML lists: every step, where it leads, its ways out and where they end. It says all that the drawing says, and
//! stands in its place where there is none.

use std::fmt::Write as _;

use super::super::html::escape;
use super::graph::{Diagram, End, EndKind, Kind, Outlet, Step, Track, What};

/// The diagram in words.
pub fn text(diagram: &Diagram) -> String {
    let mut html = String::with_capacity(4096);
    for track in &diagram.tracks {
        let _ = write!(html, "<p><a href=\"{}\">{}</a></p><ol>", escape(&track.href), escape(&track.title));
        track.steps.iter().for_each(|step| of_step(track, step, &mut html));
        html.push_str("</ol>");
    }
    if !diagram.anywhere.is_empty() {
        html.push_str("<p>At any step</p>");
        outlets(&diagram.anywhere, &mut html);
    }
    html
}

fn of_step(track: &Track, step: &Step, html: &mut String) {
    let what = match step.what {
        What::Human => "human",
        What::Automation => "automation",
        What::Decision => "decision",
    };
    let role = step.role.as_deref().map(|role| format!(", {}", escape(role))).unwrap_or_default();
    let _ = write!(html, "<li><a href=\"{}\">{}</a> ({what}{role})", escape(&step.href), escape(&step.title));
    // The ways of a decision, and a way to elsewhere, are told one by one below.
    let told = step.outlets.iter().any(|outlet| matches!(outlet.kind, Kind::Branch | Kind::Then));
    match step.then.first() {
        _ if step.end => html.push_str(": the end"),
        Some(next) if !told => {
            let number = track.steps.get(*next).map_or(next + 1, |next| next.number);
            let _ = write!(html, ", then {number}");
        }
        _ => {}
    }
    outlets(&step.outlets, html);
    html.push_str("</li>");
}

fn outlets(outlets: &[Outlet], html: &mut String) {
    if outlets.is_empty() {
        return;
    }
    html.push_str("<ul>");
    for outlet in outlets {
        html.push_str("<li>");
        if let Kind::Mode(class) = &outlet.kind {
            let _ = write!(html, "{}: ", escape(&class.title));
        }
        match &outlet.href {
            Some(href) => {
                let _ = write!(html, "<a href=\"{}\">{}</a>", escape(href), escape(&outlet.text));
            }
            None => html.push_str(&escape(&outlet.text)),
        }
        for (nth, end) in outlet.to.iter().enumerate() {
            html.push_str(if nth == 0 { " → " } else { ", then " });
            of_end(end, html);
        }
        html.push_str("</li>");
    }
    html.push_str("</ul>");
}

fn of_end(end: &End, html: &mut String) {
    let (class, number) = match end.kind {
        EndKind::Hole => (" class=\"hole\"", String::new()),
        EndKind::Step(number) => ("", format!("{number} ")),
        _ => ("", String::new()),
    };
    let _ = write!(html, "<a{class} href=\"{}\">{number}{}</a>", escape(&end.href), escape(&end.title));
}
