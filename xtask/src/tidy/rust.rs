//! A reader of Rust source that knows comments from strings from code; enough for rules, far from a parser.

/// What a stretch of source is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Code,
    Comment,
    /// The inside of a string literal, as written.
    Text,
}

/// A stretch of source of one kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Piece<'a> {
    pub(super) kind: Kind,
    pub(super) text: &'a str,
    /// Line of its first character, from 1.
    pub(super) line: usize,
}

/// Cut `source` into its pieces, in order.
pub(super) fn pieces(source: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut rest = source;
    let mut line = 1;
    while !rest.is_empty() {
        let (before, inner, after, kind) = next_special(rest);
        for (text, kind) in [(before, Kind::Code), (inner, kind)] {
            if !text.is_empty() {
                found.push(Piece { kind, text, line });
            }
            line += text.matches('\n').count();
        }
        rest = after;
    }
    found
}

/// The lines of code pieces (no comments, no strings), with their numbers.
pub(super) fn code_lines(source: &str) -> Vec<(usize, &str)> {
    let code = pieces(source).into_iter().filter(|piece| piece.kind == Kind::Code);
    code.flat_map(|piece| piece.text.split('\n').enumerate().map(move |(i, text)| (piece.line + i, text)))
        .collect()
}

/// The string literals, with the numbers of their first lines.
pub(super) fn literals(source: &str) -> Vec<(usize, &str)> {
    let texts = pieces(source).into_iter().filter(|piece| piece.kind == Kind::Text);
    texts.map(|piece| (piece.line, piece.text)).collect()
}

/// Whether `text` holds `word` with no letter, digit or underscore at either side.
pub(super) fn has_word(text: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word)
        .any(|(at, _)| !text[..at].ends_with(is_part) && !text[at + word.len()..].starts_with(is_part))
}

/// Code up to the first comment or string, that (without its quotes), what follows, and what it is.
fn next_special(source: &str) -> (&str, &str, &str, Kind) {
    let bytes = source.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let here = &source[at..];
        match bytes[at] {
            b'/' if here.starts_with("//") => {
                let end = here.find('\n').unwrap_or(here.len());
                return (&source[..at], &here[..end], &here[end..], Kind::Comment);
            }
            b'/' if here.starts_with("/*") => {
                let end = block_comment_len(here);
                return (&source[..at], &here[..end], &here[end..], Kind::Comment);
            }
            b'"' => {
                let (open, end, close) = string_extent(source, at);
                return (&source[..open], &source[at + 1..end], &source[close..], Kind::Text);
            }
            b'\'' => at += char_literal_len(here),
            _ => at += 1,
        }
    }
    (source, "", "", Kind::Code)
}

/// Start of the literal's opening (with `r#`), end of its inside, end of its closing, for the quote at `at`.
fn string_extent(source: &str, at: usize) -> (usize, usize, usize) {
    let before = &source[..at];
    let unhashed = before.trim_end_matches('#');
    let hashes = before.len() - unhashed.len();
    if unhashed.ends_with('r') {
        let closing = format!("\"{}", "#".repeat(hashes));
        let end = source[at + 1..].find(&closing).map_or(source.len(), |found| at + 1 + found);
        return (unhashed.len() - 1, end, (end + closing.len()).min(source.len()));
    }
    let bytes = source.as_bytes();
    let mut end = at + 1;
    while end < bytes.len() && bytes[end] != b'"' {
        end += if bytes[end] == b'\\' { 2 } else { 1 };
    }
    let end = end.min(source.len());
    (at, end, (end + 1).min(source.len()))
}

/// Length of the comment that `text` starts with; they nest.
fn block_comment_len(text: &str) -> usize {
    let (mut depth, mut at) = (0_u32, 0);
    while at < text.len() {
        let here = &text.as_bytes()[at..];
        if here.starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if here.starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    text.len()
}

/// Length of the character literal at the start of `text`, or 1 where the quote opens a lifetime.
fn char_literal_len(text: &str) -> usize {
    let mut chars = text.char_indices().skip(1);
    match chars.next() {
        Some((_, '\\')) => {
            let after_escape = chars.nth(1).map_or(text.len(), |(at, _)| at);
            text[after_escape.min(text.len())..].find('\'').map_or(1, |close| after_escape + close + 1)
        }
        Some(_) => match chars.next() {
            Some((at, '\'')) => at + 1,
            _ => 1,
        },
        None => 1,
    }
}

#[cfg(test)]
mod tests;
