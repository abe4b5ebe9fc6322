//! The relevance of rows as SQL: a join of the words that the searches of a query find, counted by row.

use cairn_query::Query;
use cairn_query::relevance::{BEGINNING, TIMES_MAX, WHOLE, searches};
use cairn_query::words::{Search, phrase_weight};

use super::{Columns, Sql, Words, param};
use crate::sql::Param;

/// What a row's relevance is called where [`Sql::ranked`] was added.
pub(crate) const RELEVANCE_COLUMN: &str = "coalesce(k.score, 0)";

impl Sql {
    /// Add the join that gives each row of a table called `d` its relevance.
    pub(crate) fn ranked(&mut self, query: &Query, columns: &dyn Columns) -> &mut Self {
        self.push(" LEFT JOIN (SELECT u.of_row, CAST(sum(u.score) AS BIGINT) AS score FROM (");
        for (place, test) in searches(query).into_iter().enumerate() {
            self.push(if place == 0 { "" } else { " UNION ALL " });
            let search = match test.values.first().map(param) {
                Some(Param::Text(text)) => Search::parse(&text),
                _ => Search::Nothing,
            };
            match (search, columns.words(test.field)) {
                (Search::Nothing, _) | (_, None) => {
                    self.push("SELECT 0 AS of_row, 0 AS score");
                }
                (search @ Search::Any { .. }, Some(words)) => self.word_scores(&search, &words),
                (Search::Phrase(phrase), Some(words)) => self.phrase_scores(phrase, &words),
            }
        }
        self.push(") AS u GROUP BY u.of_row) AS k ON k.of_row = d.seq")
    }

    /// A row for each row that has some of the words: each word counts by itself, all beginnings together as one.
    fn word_scores(&mut self, search: &Search, words: &Words) {
        let Words { table, index, column } = words;
        self.push(&format!(
            "SELECT t.of_row, sum(CASE WHEN t.term = '' THEN {BEGINNING} ELSE {WHOLE} END + \
             CASE WHEN t.times > {TIMES_MAX} THEN {TIMES_MAX} ELSE t.times END) AS score \
             FROM (SELECT w.seq AS of_row, CASE WHEN w.word IN "
        ));
        self.bind_list(search.wholes().into_iter().map(Param::from));
        self.push(" THEN w.word ELSE '' END AS term, count(*) AS times FROM ").push(table);
        self.push(&format!(" AS w WHERE w.idx = {index} AND w.col = {column} AND "));
        self.any_of_words(search);
        self.push(" GROUP BY 1, 2) AS t GROUP BY t.of_row");
    }

    fn phrase_scores(&mut self, phrase: Vec<String>, words: &Words) {
        let Words { table, index, column } = words;
        let weight = phrase_weight(phrase.len());
        self.push(&format!(
            "SELECT w.seq AS of_row, \
             {weight} + CASE WHEN count(*) > {TIMES_MAX} THEN {TIMES_MAX} ELSE count(*) END AS score \
             FROM {table} AS w WHERE w.idx = {index} AND w.col = {column} AND "
        ));
        self.phrase_words(words, phrase);
        self.push(" GROUP BY w.seq");
    }
}
