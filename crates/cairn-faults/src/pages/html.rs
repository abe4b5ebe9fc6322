//! The catalogue as self-contained HTML: no script, no external resource, everything escaped.

use super::{CONTRACT_COLUMNS, FORMATS, INTRODUCTION, capitalized, codes, live_faults, retry_sentence};
use crate::kind::Kind;
use crate::table::Fault;
use std::fmt::Write as _;

const STYLE: &str = "body{font:16px/1.55 system-ui,sans-serif;max-width:52rem;margin:2.5rem auto;padding:0 1rem;\
color:#1c1f23;background:#fff}a{color:#0b5cad}code{font:.92em ui-monospace,monospace;background:#eef1f4;\
padding:.1em .3em;border-radius:3px}table{border-collapse:collapse}td,th{text-align:left;padding:.3rem .9rem .3rem 0;\
border-bottom:1px solid #d7dce1}@media(prefers-color-scheme:dark){body{color:#e4e7ea;background:#16191d}\
a{color:#7db7f0}code{background:#262b31}td,th{border-color:#363c44}}";

/// The list of all pages, for `/errors`.
pub fn index_html() -> String {
    let mut main = format!("<h1>Errors</h1>\n<p>{}</p>\n", prose(INTRODUCTION));
    for &kind in Kind::ALL {
        let faults: Vec<Fault> = live_faults().into_iter().filter(|fault| fault.kind() == kind).collect();
        if faults.is_empty() {
            continue;
        }
        let _ = writeln!(main, "<h2>{}</h2>\n<ul>", escape(&capitalized(kind.label())));
        for fault in faults {
            let id = escape(fault.id());
            let _ = writeln!(
                main,
                "<li><a href=\"/errors/{id}\"><code>{id}</code></a> {}</li>",
                prose(fault.summary())
            );
        }
        main.push_str("</ul>\n");
    }
    document("Errors", &main)
}

/// One page, for `/errors/{id}`.
pub fn fault_html(fault: Fault) -> String {
    let mut main = String::from("<p><a href=\"/errors\">All errors</a></p>\n");
    let _ = writeln!(main, "<h1><code>{}</code></h1>", escape(fault.id()));
    for paragraph in fault.page().split("\n\n") {
        let _ = writeln!(main, "<p>{}</p>", prose(paragraph));
    }
    let _ = writeln!(main, "<p>Message: <code>{}</code></p>", escape(fault.message()));
    let _ = writeln!(main, "<p>{}</p>", escape(retry_sentence(fault)));
    main.push_str("<table>\n<tr><th>format</th><th>status</th><th>code</th></tr>\n");
    for (label, format) in CONTRACT_COLUMNS {
        let _ = writeln!(
            main,
            "<tr><td>{}</td><td>{}</td><td><code>{}</code></td></tr>",
            escape(label),
            fault.status(*format),
            escape(&codes(fault, *format))
        );
    }
    let _ = writeln!(main, "</table>\n<p>{}</p>", prose(FORMATS));
    document(fault.id(), &main)
}

fn document(title: &str, main: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{}</title>\n<style>{STYLE}</style>\n\
         </head>\n<body>\n{main}</body>\n</html>\n",
        escape(title)
    )
}

/// Escaped text in which `code spans` keep their form.
fn prose(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 16);
    for (i, part) in escape(text).split('`').enumerate() {
        if i % 2 == 1 {
            let _ = write!(html, "<code>{part}</code>");
        } else {
            html.push_str(part);
        }
    }
    html
}

/// Text made safe for an element or a quoted attribute.
pub(crate) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}
