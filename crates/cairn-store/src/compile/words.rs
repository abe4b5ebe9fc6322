//! Full-text search as SQL over the table of words.

use cairn_query::words::Search;
use cairn_query::{Field, Op, Test};

use super::{Columns, Sql, Words, param};
use crate::sql::Param;

impl Sql {
    /// Rows whose words are what a search looks for, or all others that have words at all.
    pub(super) fn search(&mut self, test: &Test, column: &str, columns: &dyn Columns) {
        let Some(words) = columns.words(test.field) else {
            // A query is checked against the same schema, so there is an index.
            debug_assert!(false, "a search has an index");
            self.push("FALSE");
            return;
        };
        let search = match test.values.first().map(param) {
            Some(Param::Text(text)) => Search::parse(&text),
            _ => Search::Nothing,
        };
        if test.op == Op::NotSearch {
            self.push("(").push(column).push(" IS NOT NULL AND NOT ");
        }
        let seq = columns.column(Field::Sequence).name;
        match search {
            Search::Nothing => {
                self.push("FALSE");
            }
            search @ Search::Any { .. } => {
                self.seqs_of_words(&seq, &words);
                self.any_of_words(&search);
                self.push(")");
            }
            Search::Phrase(phrase) => {
                self.seqs_of_words(&seq, &words);
                self.phrase_words(&words, phrase);
                self.push(")");
            }
        }
        if test.op == Op::NotSearch {
            self.push(")");
        }
    }

    fn seqs_of_words(&mut self, seq: &str, words: &Words) {
        let Words { table, index, column } = words;
        self.push(seq).push(" IN (SELECT w.seq FROM ").push(table);
        self.push(&format!(" AS w WHERE w.idx = {index} AND w.col = {column} AND "));
    }

    /// Of the table of words, called `w`: those that a search for any word finds.
    pub(super) fn any_of_words(&mut self, search: &Search) {
        let Search::Any { words: any, beginning } = search.clone() else { return };
        self.push("(");
        let has_words = !any.is_empty();
        if has_words {
            self.push("w.word IN ").bind_list(any.into_iter().map(Param::from));
        }
        if let Some(beginning) = beginning {
            self.push(if has_words { " OR (" } else { "(" });
            let beyond = format!("{beginning}{}", char::MAX);
            self.push("w.word >= ").bind(beginning).push(" AND w.word < ").bind(beyond).push(")");
        }
        self.push(")");
    }

    /// The first word of a phrase, behind which each other one stands one place behind the one before.
    pub(super) fn phrase_words(&mut self, words: &Words, phrase: Vec<String>) {
        let Words { table, index, column } = words;
        let mut open = 0;
        for (place, word) in phrase.into_iter().enumerate() {
            if place == 0 {
                self.push("w.word = ").bind(word);
                continue;
            }
            let (this, before) =
                (format!("w{place}"), if place == 1 { "w".to_owned() } else { format!("w{}", place - 1) });
            self.push(&format!(
                " AND EXISTS (SELECT 1 FROM {table} AS {this} WHERE {this}.idx = {index} AND {this}.col = {column} \
                 AND {this}.seq = {before}.seq AND {this}.place = {before}.place + 1 AND {this}.word = "
            ));
            self.bind(word);
            open += 1;
        }
        self.push(&")".repeat(open));
    }
}
