//! From a pattern to its plain form: literals, sets of characters, repetition, choice, and the ends of the text.

use regex_syntax::ast::{self, Ast, parse::ParserBuilder};
use regex_syntax::hir::translate::TranslatorBuilder;
use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Look, print::Printer};

use super::{PIECES_MAX, REPETITIONS_MAX};

/// Deepest nesting of a pattern that a client writes.
const NEST_MAX: u32 = 64;
/// Deepest nesting of a plain form, which puts groups around what needs none.
const PLAIN_NEST_MAX: u32 = 8 * NEST_MAX;
/// Most ranges of one set of characters.
const RANGES_MAX: usize = 300;

/// Read what a client wrote.
pub(super) fn read(pattern: &str) -> Result<Hir, String> {
    let parsed = ParserBuilder::new().nest_limit(NEST_MAX).build().parse(pattern);
    let mut ast = parsed.map_err(|error| error.kind().to_string())?;
    ascii(&mut ast)?;
    checked(pattern, &ast)
}

/// Read a plain form.
pub(super) fn read_plain(plain: &str) -> Result<Hir, String> {
    let parsed = ParserBuilder::new().nest_limit(PLAIN_NEST_MAX).build().parse(plain);
    checked(plain, &parsed.map_err(|error| error.kind().to_string())?)
}

fn checked(pattern: &str, ast: &Ast) -> Result<Hir, String> {
    // The printed form has the sets in the words of ASCII.
    let mut translator = TranslatorBuilder::new().utf8(true).unicode(true).build();
    let hir = translator.translate(pattern, ast).map_err(|error| error.kind().to_string())?;
    let hir = bare(&hir)?;
    if pieces(&hir) > PIECES_MAX {
        return Err(format!("it has more than {PIECES_MAX} pieces"));
    }
    Ok(hir)
}

pub(super) fn print(hir: &Hir) -> Result<String, String> {
    let mut plain = String::new();
    Printer::new().print(hir, &mut plain).map_err(|_| "it cannot be written plainly".to_owned())?;
    Ok(plain)
}

/// Make `\d`, `\w`, `\s` and `\b` mean ASCII by switching Unicode off around them, and refuse what has no ASCII form.
fn ascii(ast: &mut Ast) -> Result<(), String> {
    match ast {
        Ast::ClassUnicode(_) => Err("it has a class of Unicode".to_owned()),
        Ast::ClassPerl(class) => {
            *ast = Ast::class_bracketed(bracketed(class));
            Ok(())
        }
        Ast::ClassBracketed(class) => set(&mut class.kind),
        Ast::Repetition(repetition) => ascii(&mut repetition.ast),
        Ast::Group(group) => {
            if let ast::GroupKind::NonCapturing(flags) = &group.kind {
                check_flags(flags)?;
            }
            ascii(&mut group.ast)
        }
        Ast::Flags(flags) => check_flags(&flags.flags),
        Ast::Concat(concat) => concat.asts.iter_mut().try_for_each(ascii),
        Ast::Alternation(alternation) => alternation.asts.iter_mut().try_for_each(ascii),
        Ast::Assertion(_) | Ast::Empty(_) | Ast::Literal(_) | Ast::Dot(_) => Ok(()),
    }
}

fn check_flags(flags: &ast::Flags) -> Result<(), String> {
    let is_known = |item: &ast::FlagsItem| {
        matches!(
            item.kind,
            ast::FlagsItemKind::Negation
                | ast::FlagsItemKind::Flag(
                    ast::Flag::CaseInsensitive
                        | ast::Flag::DotMatchesNewLine
                        | ast::Flag::SwapGreed
                        | ast::Flag::IgnoreWhitespace
                )
        )
    };
    if flags.items.iter().all(is_known) {
        Ok(())
    } else {
        Err("only the flags i, s, x and U are known".to_owned())
    }
}

fn set(of: &mut ast::ClassSet) -> Result<(), String> {
    match of {
        ast::ClassSet::BinaryOp(op) => {
            set(&mut op.lhs)?;
            set(&mut op.rhs)
        }
        ast::ClassSet::Item(item) => set_item(item),
    }
}

fn set_item(item: &mut ast::ClassSetItem) -> Result<(), String> {
    match item {
        ast::ClassSetItem::Perl(class) => {
            *item = ast::ClassSetItem::Bracketed(Box::new(bracketed(class)));
            Ok(())
        }
        ast::ClassSetItem::Unicode(_) => Err("it has a class of Unicode".to_owned()),
        ast::ClassSetItem::Bracketed(class) => set(&mut class.kind),
        ast::ClassSetItem::Union(union) => union.items.iter_mut().try_for_each(set_item),
        _ => Ok(()),
    }
}

/// `\d` as `[[:digit:]]`, and so on.
fn bracketed(class: &ast::ClassPerl) -> ast::ClassBracketed {
    let kind = match class.kind {
        ast::ClassPerlKind::Digit => ast::ClassAsciiKind::Digit,
        ast::ClassPerlKind::Space => ast::ClassAsciiKind::Space,
        ast::ClassPerlKind::Word => ast::ClassAsciiKind::Word,
    };
    let item = ast::ClassSetItem::Ascii(ast::ClassAscii { span: class.span, kind, negated: false });
    ast::ClassBracketed { span: class.span, negated: class.negated, kind: ast::ClassSet::Item(item) }
}

/// Without groups, and with the ASCII form of word boundaries; refuse what PostgreSQL has no form of.
fn bare(hir: &Hir) -> Result<Hir, String> {
    Ok(match hir.kind() {
        HirKind::Literal(literal) if literal.0.contains(&0) => {
            return Err("no text has the character U+0000".to_owned());
        }
        HirKind::Empty | HirKind::Literal(_) => hir.clone(),
        HirKind::Class(Class::Unicode(class)) => {
            // Texts have no U+0000, and the engines take none.
            let mut class = class.clone();
            class.intersect(&ClassUnicode::new([ClassUnicodeRange::new('\u{1}', char::MAX)]));
            if class.ranges().is_empty() {
                return Err("it has a set without characters".to_owned());
            }
            if class.ranges().len() > RANGES_MAX {
                return Err("it has a set of too many characters".to_owned());
            }
            Hir::class(Class::Unicode(class))
        }
        HirKind::Class(Class::Bytes(_)) => return Err("it has a set of bytes".to_owned()),
        HirKind::Look(look) => match look {
            Look::Start | Look::End => hir.clone(),
            Look::WordUnicode | Look::WordAscii => Hir::look(Look::WordAscii),
            Look::WordUnicodeNegate | Look::WordAsciiNegate => Hir::look(Look::WordAsciiNegate),
            _ => return Err("it has an assertion that is not known".to_owned()),
        },
        HirKind::Repetition(repetition) => {
            if repetition.min > REPETITIONS_MAX || repetition.max.is_some_and(|max| max > REPETITIONS_MAX) {
                return Err(format!("it repeats something more than {REPETITIONS_MAX} times"));
            }
            if repetition.sub.properties().maximum_len() == Some(0) {
                return Err("it repeats something without characters".to_owned());
            }
            let mut plain = repetition.clone();
            plain.sub = Box::new(bare(&repetition.sub)?);
            plain.greedy = true;
            Hir::repetition(plain)
        }
        HirKind::Capture(capture) => bare(&capture.sub)?,
        HirKind::Concat(parts) => Hir::concat(parts.iter().map(bare).collect::<Result<_, _>>()?),
        HirKind::Alternation(parts) => Hir::alternation(parts.iter().map(bare).collect::<Result<_, _>>()?),
    })
}

fn pieces(hir: &Hir) -> u64 {
    match hir.kind() {
        HirKind::Literal(literal) => literal.0.len() as u64,
        HirKind::Empty | HirKind::Class(_) | HirKind::Look(_) => 1,
        HirKind::Repetition(repetition) => {
            let times = u64::from(repetition.max.unwrap_or(repetition.min)).max(1);
            pieces(&repetition.sub).saturating_mul(times)
        }
        HirKind::Capture(capture) => pieces(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            parts.iter().map(pieces).fold(1, u64::saturating_add)
        }
    }
}
