//! Conditions on one field as SQL.
//!
//! Text is compared by its bytes; affixes and parts of texts ignore the case of ASCII letters, which `lower` alone
//! changes under the collations of both engines. Every condition but `IS NULL` is false, never null, on a row without
//! value, so that nothing turns on how a null combines.

use cairn_model::value::Value;
use cairn_query::{Filter, Op, Test};

use super::Statement;
use crate::sql::Param;
use crate::tx::Dialect;

impl<'a> Statement<'a> {
    pub(super) fn filter(&mut self, filter: &'a Filter) {
        match filter {
            Filter::And(all) => self.joined(all, " AND "),
            Filter::Or(any) => self.joined(any, " OR "),
            Filter::Test(test) => self.test(test),
        }
    }

    fn joined(&mut self, filters: &'a [Filter], by: &str) {
        self.text.push('(');
        for (place, filter) in filters.iter().enumerate() {
            if place > 0 {
                self.text.push_str(by);
            }
            self.filter(filter);
        }
        self.text.push(')');
    }

    fn test(&mut self, test: &'a Test) {
        let column = self.source.column(test.field);
        match test.op {
            Op::IsNull => {
                self.text.push_str(column);
                self.text.push_str(" IS NULL");
            }
            Op::IsNotNull => {
                self.text.push_str(column);
                self.text.push_str(" IS NOT NULL");
            }
            _ => {
                self.text.push('(');
                self.text.push_str(column);
                self.text.push_str(" IS NOT NULL AND ");
                self.operation(column, test);
                self.text.push(')');
            }
        }
    }

    fn operation(&mut self, column: &str, test: &'a Test) {
        match test.op {
            Op::Equal => self.each(test, " OR ", |statement, value| statement.compare(column, " = ", value)),
            Op::NotEqual => self.first(test, |statement, value| statement.compare(column, " <> ", value)),
            Op::Less => self.first(test, |statement, value| statement.compare(column, " < ", value)),
            Op::LessEqual => self.first(test, |statement, value| statement.compare(column, " <= ", value)),
            Op::Greater => self.first(test, |statement, value| statement.compare(column, " > ", value)),
            Op::GreaterEqual => self.first(test, |statement, value| statement.compare(column, " >= ", value)),
            Op::Between => self.range(column, test, [" >= ", " AND ", " <= "]),
            Op::NotBetween => self.range(column, test, [" < ", " OR ", " > "]),
            Op::StartsWith => self.first(test, |statement, value| statement.head(column, " = ", value)),
            Op::NotStartsWith => self.first(test, |statement, value| statement.head(column, " <> ", value)),
            Op::EndsWith => self.first(test, |statement, value| statement.tail(column, " = ", value)),
            Op::NotEndsWith => self.first(test, |statement, value| statement.tail(column, " <> ", value)),
            Op::ContainsAny => {
                self.each(test, " OR ", |statement, value| statement.part(column, test, value))
            }
            Op::ContainsAll => {
                self.each(test, " AND ", |statement, value| statement.part(column, test, value))
            }
            Op::NotContains => {
                self.text.push_str("NOT ");
                self.each(test, " OR ", |statement, value| statement.part(column, test, value));
            }
            Op::IsNull | Op::IsNotNull => {}
        }
    }

    fn each(&mut self, test: &'a Test, by: &str, mut condition: impl FnMut(&mut Self, &'a Value)) {
        self.text.push('(');
        for (place, value) in test.values.iter().enumerate() {
            if place > 0 {
                self.text.push_str(by);
            }
            condition(self, value);
        }
        self.text.push(')');
    }

    fn first(&mut self, test: &'a Test, condition: impl FnOnce(&mut Self, &'a Value)) {
        if let Some(value) = test.values.first() {
            condition(self, value);
        }
    }

    fn range(&mut self, column: &str, test: &'a Test, [low, by, high]: [&str; 3]) {
        if let [from, to] = test.values.as_slice() {
            self.text.push('(');
            self.compare(column, low, from);
            self.text.push_str(by);
            self.compare(column, high, to);
            self.text.push(')');
        }
    }

    fn compare(&mut self, column: &str, operator: &str, value: &'a Value) {
        self.text.push_str(column);
        self.text.push_str(operator);
        self.value(param(value));
    }

    /// The beginning of a text, as long as the value, compared with it.
    fn head(&mut self, column: &str, operator: &str, value: &'a Value) {
        let place = self.lowered(value);
        self.text.push_str(&format!(
            "substr(lower({column}), 1, length(CAST({place} AS TEXT))){operator}CAST({place} AS TEXT)"
        ));
    }

    /// The end of a text, as long as the value, compared with it.
    fn tail(&mut self, column: &str, operator: &str, value: &'a Value) {
        let place = self.lowered(value);
        self.text.push_str(&format!(
            "substr(lower({column}), length({column}) - length(CAST({place} AS TEXT)) + 1){operator}CAST({place} AS TEXT)"
        ));
    }

    /// Part of a text, or element of a list.
    fn part(&mut self, column: &str, test: &Test, value: &'a Value) {
        if test.is_array {
            let elements = match self.dialect {
                Dialect::Sqlite => format!("EXISTS (SELECT 1 FROM json_each({column}) AS e WHERE e.value = "),
                Dialect::Postgres => format!(
                    "EXISTS (SELECT 1 FROM jsonb_array_elements_text({column}::jsonb) AS e(value) \
                     WHERE e.value COLLATE \"C\" = "
                ),
            };
            self.text.push_str(&elements);
            self.value(param(value));
            self.text.push(')');
        } else {
            let place = self.lowered(value);
            let function = self.position_function();
            self.text.push_str(&format!("{function}(lower({column}), CAST({place} AS TEXT)) > 0"));
        }
    }

    /// Bind a text in lower case; its placeholder.
    fn lowered(&mut self, value: &Value) -> String {
        self.values.push(Param::from(value.as_text().unwrap_or_default().to_ascii_lowercase()));
        format!("?{}", self.values.len())
    }
}

fn param(value: &Value) -> Param<'_> {
    match value {
        Value::Bool(value) => Param::Bool(*value),
        Value::Int(value) => Param::Int(*value),
        Value::Float(value) => Param::Float(*value),
        Value::Text(value) => Param::from(value),
        Value::Datetime(at) => Param::Int(at.0),
        Value::Null | Value::Array(_) | Value::Object(_) => Param::Null,
    }
}
