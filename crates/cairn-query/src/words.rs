//! Full-text search: the words of a text, and what a search looks for among them.
//!
//! Both engines keep the words that this file finds, so neither's own idea of a word matters. A word is a run of letters,
//! digits and underscores, without case and accents: `Ärger` and `arger` are one.
//!
//! COMPAT(appwrite): a search finds texts with any of its words, and the last one also as the beginning of a word; in
//! quotes it finds its words side by side. Very short and very common words count only in a search that has no others,
//! where the reference finds nothing.

#[cfg(test)]
mod tests;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// What a word of the search counts that a text has, for each word of a phrase too.
pub const WHOLE: i64 = 1_000;
/// What a beginning counts that words of a text have, but none is the whole of.
pub const BEGINNING: i64 = 500;
/// How often a word counts, one for each time.
pub const TIMES_MAX: i64 = 99;

/// Words of one value that can be found; those behind them cannot.
pub const WORDS_MAX: usize = 10_000;
/// Characters of a word that count.
pub const WORD_CHARS_MAX: usize = 84;
/// Words of a search that count.
pub const SEARCH_WORDS_MAX: usize = 32;
/// A shorter word is looked for only where a search has no longer one.
const WORD_CHARS_MIN: usize = 3;
/// Words that say too little to be looked for beside others.
const COMMON: &[&str] = &[
    "about", "and", "are", "com", "das", "der", "die", "for", "from", "how", "the", "this", "und", "was",
    "what", "when", "where", "who", "will", "with", "www",
];

/// The words of a text in their order, as they are kept.
pub fn of_text(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let (mut word, mut chars) = (String::new(), 0);
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        if c.is_alphanumeric() || c == '_' {
            chars += 1;
            if chars <= WORD_CHARS_MAX {
                word.push(c);
            }
            continue;
        }
        if chars > 0 {
            words.push(std::mem::take(&mut word));
            chars = 0;
            if words.len() >= WORDS_MAX {
                return words;
            }
        }
    }
    if chars > 0 {
        words.push(word);
    }
    words
}

/// What a search looks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Search {
    /// Nothing, and finds nothing.
    Nothing,
    /// Any of these words, or a word that begins so.
    Any {
        /// Whole words, each once.
        words: Vec<String>,
        /// A beginning.
        beginning: Option<String>,
    },
    /// These words side by side.
    Phrase(Vec<String>),
}

impl Search {
    /// Read a search as a client writes it.
    pub fn parse(text: &str) -> Self {
        let trimmed = text.trim();
        let is_phrase = trimmed.len() > 1 && trimmed.starts_with('"') && trimmed.ends_with('"');
        let mut words = of_text(trimmed);
        words.truncate(SEARCH_WORDS_MAX);
        if words.is_empty() {
            return Self::Nothing;
        }
        if is_phrase {
            return Self::Phrase(words);
        }
        // A closed word is not the beginning of another: the client has typed on.
        let beginning = words.pop();
        let tells = |word: &String| {
            word.chars().count() >= WORD_CHARS_MIN && COMMON.binary_search(&word.as_str()).is_err()
        };
        let has_telling = words.iter().chain(&beginning).any(tells);
        if has_telling {
            words.retain(tells);
        }
        let beginning = beginning.filter(|word| !has_telling || tells(word));
        words.sort_unstable();
        words.dedup();
        Self::Any { words, beginning }
    }

    /// How well the words of a text fit it; 0 where it does not find them.
    pub fn relevance(&self, text: &str) -> i64 {
        let found = of_text(text);
        let count = |is: &dyn Fn(&String) -> bool| found.iter().filter(|word| is(word)).count();
        let worth = |weight: i64, times: usize| match i64::try_from(times).unwrap_or(i64::MAX) {
            0 => 0,
            times => weight + times.min(TIMES_MAX),
        };
        match self {
            Self::Nothing => 0,
            Self::Any { words, beginning } => {
                let wholes = self.wholes();
                let whole: i64 = wholes.iter().map(|word| worth(WHOLE, count(&|found| found == word))).sum();
                let begins = |found: &String| {
                    beginning.as_ref().is_some_and(|start| found.starts_with(start.as_str()))
                        && beginning.as_ref() != Some(found)
                        && !words.contains(found)
                };
                whole + worth(BEGINNING, count(&begins))
            }
            Self::Phrase(words) => {
                let times = found.windows(words.len()).filter(|window| window == words).count();
                worth(phrase_weight(words.len()), times)
            }
        }
    }

    /// The words that a text may have whole, each once; the last one of a search too, though it is also a beginning.
    pub fn wholes(&self) -> Vec<String> {
        let Self::Any { words, beginning } = self else { return Vec::new() };
        let mut wholes = words.clone();
        wholes.extend(beginning.iter().filter(|start| !words.contains(start)).cloned());
        wholes
    }

    /// Whether the words of a text satisfy it.
    pub fn finds(&self, text: &str) -> bool {
        let found = of_text(text);
        match self {
            Self::Nothing => false,
            Self::Any { words, beginning } => found.iter().any(|word| {
                words.contains(word)
                    || beginning.as_ref().is_some_and(|start| word.starts_with(start.as_str()))
            }),
            Self::Phrase(words) => found.windows(words.len()).any(|window| window == words),
        }
    }
}

/// What a phrase of so many words counts.
pub fn phrase_weight(words: usize) -> i64 {
    WHOLE.saturating_mul(i64::try_from(words).unwrap_or(i64::MAX))
}
