//! The plain form as an advanced regular expression of PostgreSQL.

use std::fmt::Write as _;

use regex_syntax::hir::{Class, ClassUnicode, Hir, HirKind, Look};

pub(super) fn write(hir: &Hir) -> String {
    let mut out = String::new();
    any(&mut out, hir);
    out
}

fn any(out: &mut String, hir: &Hir) {
    match hir.kind() {
        HirKind::Empty => out.push_str("(?:)"),
        HirKind::Literal(literal) => {
            for c in String::from_utf8_lossy(&literal.0).chars() {
                char_of(out, c);
            }
        }
        HirKind::Class(Class::Unicode(class)) => set(out, class),
        // Read patterns have none.
        HirKind::Class(Class::Bytes(_)) => {}
        HirKind::Look(look) => out.push_str(match look {
            Look::Start => r"\A",
            Look::End => r"\Z",
            // In columns of the collation "C", where both know ASCII only.
            Look::WordAscii => r"\y",
            _ => r"\Y",
        }),
        HirKind::Repetition(repetition) => {
            out.push_str("(?:");
            any(out, &repetition.sub);
            out.push(')');
            match (repetition.min, repetition.max) {
                (0, None) => out.push('*'),
                (1, None) => out.push('+'),
                (min, None) => {
                    let _ = write!(out, "{{{min},}}");
                }
                (min, Some(max)) => {
                    let _ = write!(out, "{{{min},{max}}}");
                }
            }
        }
        HirKind::Capture(capture) => any(out, &capture.sub),
        HirKind::Concat(parts) => parts.iter().for_each(|part| any(out, part)),
        HirKind::Alternation(parts) => {
            out.push_str("(?:");
            for (place, part) in parts.iter().enumerate() {
                if place > 0 {
                    out.push('|');
                }
                any(out, part);
            }
            out.push(')');
        }
    }
}

/// One character by itself; punctuation is escaped, and what cannot be seen has a number.
fn char_of(out: &mut String, c: char) {
    if c.is_ascii_punctuation() {
        out.push('\\');
        out.push(c);
    } else if c.is_ascii_alphanumeric() || c == ' ' {
        out.push(c);
    } else {
        let _ = write!(out, "\\U{:08X}", u32::from(c));
    }
}

fn set(out: &mut String, class: &ClassUnicode) {
    out.push('[');
    for range in class.ranges() {
        let (start, end) = (u32::from(range.start()), u32::from(range.end()));
        let _ = write!(out, "\\U{start:08X}");
        if end > start {
            let _ = write!(out, "-\\U{end:08X}");
        }
    }
    out.push(']');
}
