//! Conditions of a query as SQL.

use cairn_query::{Element, Field, FieldType, Filter, Op, Test, pattern};

use super::{Column, Columns, Sql, param};
use crate::sql::{Dialect, Param};

impl Sql {
    pub(super) fn filter(&mut self, filter: &Filter, columns: &dyn Columns) {
        match filter {
            Filter::And(all) => self.joined(all, " AND ", &mut |sql, filter| sql.filter(filter, columns)),
            Filter::Or(any) => self.joined(any, " OR ", &mut |sql, filter| sql.filter(filter, columns)),
            Filter::Test(test) => {
                let column = columns.column(test.field).name;
                match test.op {
                    Op::Search | Op::NotSearch => self.search(test, &column, columns),
                    op if op.is_on_shapes() => self.listed(op, &column, columns),
                    _ => self.test(test, &column),
                }
            }
            Filter::Related(related) => columns.related(self, related),
            Filter::Element(element) => self.element(element, columns),
        }
    }

    /// Join in halves: engines bound the depth of an expression, and a flat chain is as deep as it is long.
    pub(super) fn joined<T>(&mut self, items: &[T], word: &str, each: &mut impl FnMut(&mut Self, &T)) {
        match items {
            [] => {}
            [item] => each(self, item),
            _ => {
                let (left, right) = items.split_at(items.len() / 2);
                self.push("(");
                self.joined(left, word, each);
                self.push(word);
                self.joined(right, word, each);
                self.push(")");
            }
        }
    }

    pub(crate) fn test(&mut self, test: &Test, column: &str) {
        let value = |place: usize| test.values.get(place).map_or(Param::Null, param);
        match test.op {
            Op::IsNull => self.push(column).push(" IS NULL"),
            Op::IsNotNull => self.push(column).push(" IS NOT NULL"),
            Op::Equal if test.values.len() > 1 => {
                self.push(column).push(" IN ").bind_list(test.values.iter().map(param))
            }
            Op::Equal => self.push(column).push(" = ").bind(value(0)),
            Op::NotEqual => self.push(column).push(" <> ").bind(value(0)),
            Op::Less => self.push(column).push(" < ").bind(value(0)),
            Op::LessEqual => self.push(column).push(" <= ").bind(value(0)),
            Op::Greater => self.push(column).push(" > ").bind(value(0)),
            Op::GreaterEqual => self.push(column).push(" >= ").bind(value(0)),
            Op::Between => self.push(column).push(" BETWEEN ").bind(value(0)).push(" AND ").bind(value(1)),
            Op::NotBetween => {
                self.push("(").push(column).push(" < ").bind(value(0));
                self.push(" OR ").push(column).push(" > ").bind(value(1)).push(")")
            }
            Op::StartsWith => self.like(column, "", &value(0), "", "%"),
            Op::NotStartsWith => self.like(column, "NOT ", &value(0), "", "%"),
            Op::EndsWith => self.like(column, "", &value(0), "%", ""),
            Op::NotEndsWith => self.like(column, "NOT ", &value(0), "%", ""),
            Op::ContainsAny | Op::ContainsAll | Op::NotContains if test.is_array => {
                self.elements(test, column)
            }
            Op::Matches => self.matches(column, &value(0)),
            // Compiled by the caller.
            Op::Search
            | Op::NotSearch
            | Op::Shape(_)
            | Op::NotShape(_)
            | Op::DistanceEqual(_)
            | Op::DistanceNotEqual(_)
            | Op::DistanceGreater(_)
            | Op::DistanceLess(_) => self.push("FALSE"),
            Op::ContainsAny => self.contains(test, column, " OR ", ""),
            Op::ContainsAll => self.contains(test, column, " AND ", ""),
            Op::NotContains => self.contains(test, column, " AND ", "NOT "),
        };
    }

    fn contains(&mut self, test: &Test, column: &str, word: &str, not: &str) -> &mut Self {
        self.joined(&test.values, word, &mut |sql, value| {
            sql.like(column, not, &param(value), "%", "%");
        });
        self
    }

    /// Text in which the part stands, whatever the case of ASCII letters: what LIKE means in SQLite, and ILIKE in
    /// PostgreSQL for columns of the collation "C".
    fn like(&mut self, column: &str, not: &str, part: &Param<'_>, before: &str, after: &str) -> &mut Self {
        let Param::Text(part) = part else { return self.push("FALSE") };
        let mut pattern = String::with_capacity(part.len() + 2);
        pattern.push_str(before);
        for c in part.chars() {
            if matches!(c, '\\' | '%' | '_') {
                pattern.push('\\');
            }
            pattern.push(c);
        }
        pattern.push_str(after);
        let word = match self.dialect {
            Dialect::Sqlite => "LIKE ",
            Dialect::Postgres => "ILIKE ",
        };
        self.push(column).push(" ").push(not).push(word).bind(pattern).push(" ESCAPE '\\'")
    }

    /// Text that matches the plain form of a pattern.
    fn matches(&mut self, column: &str, plain: &Param<'_>) -> &mut Self {
        let Param::Text(plain) = plain else { return self.push("FALSE") };
        match self.dialect {
            Dialect::Sqlite => {
                self.push("cairn_matches(").bind(plain.clone().into_owned()).push(", ").push(column).push(")")
            }
            Dialect::Postgres => self.push(column).push(" ~ ").bind(pattern::for_postgres(plain)),
        }
    }

    /// Rows out of those that were found before for a condition on shapes, or all others that have a shape.
    fn listed(&mut self, op: Op, column: &str, columns: &dyn Columns) {
        let Some(rows) = self.shapes.get(self.shapes_used).cloned() else {
            debug_assert!(false, "shapes are found before they are compiled");
            self.push("FALSE");
            return;
        };
        self.shapes_used += 1;
        let seq = columns.column(Field::Sequence).name;
        let not = if op.is_outside() { " NOT" } else { "" };
        self.push("(").push(column).push(" IS NOT NULL AND ").push(&seq).push(not).push(" IN (SELECT ");
        match self.dialect {
            Dialect::Sqlite => self.push("e.value FROM json_each(").bind(rows).push(") AS e))"),
            Dialect::Postgres => self
                .push("e.value::bigint FROM jsonb_array_elements_text(")
                .bind(rows)
                .push("::text::jsonb) AS e(value)))"),
        };
    }

    /// Lists that have values among their elements.
    fn elements(&mut self, test: &Test, column: &str) -> &mut Self {
        match test.op {
            Op::ContainsAll => {
                self.joined(&test.values, " AND ", &mut |sql, value| {
                    sql.has_element(test.kind, column, std::slice::from_ref(value));
                });
            }
            Op::NotContains => {
                self.push("(").push(column).push(" IS NOT NULL AND NOT ");
                self.has_element(test.kind, column, &test.values);
                self.push(")");
            }
            _ => self.has_element(test.kind, column, &test.values),
        }
        self
    }

    /// Lists of which one element satisfies all filters.
    fn element(&mut self, element: &Element, columns: &dyn Columns) {
        let list = columns.column(element.field).name;
        self.push("EXISTS (SELECT 1 FROM ");
        let value = match self.dialect {
            Dialect::Sqlite => {
                self.push("json_each(").push(&list).push(") AS e WHERE TRUE");
                "e.value".to_owned()
            }
            Dialect::Postgres => {
                self.push("jsonb_array_elements_text(").push(&list).push("::jsonb) AS e(value) WHERE TRUE");
                format!("(e.value{})", cast(element.kind))
            }
        };
        self.filters(&element.filters, &OneElement(value)).push(")");
    }

    fn has_element(&mut self, kind: FieldType, column: &str, values: &[cairn_model::value::Value]) {
        self.push("EXISTS (SELECT 1 FROM ");
        match self.dialect {
            Dialect::Sqlite => self.push("json_each(").push(column).push(") AS e WHERE e.value IN "),
            Dialect::Postgres => {
                self.push("jsonb_array_elements_text(")
                    .push(column)
                    .push("::jsonb) AS e(value) WHERE e.value");
                self.push(cast(kind)).push(" IN ")
            }
        };
        self.bind_list(values.iter().map(param)).push(")");
    }
}

/// The column of an element, whatever the field is called.
struct OneElement(String);

impl Columns for OneElement {
    fn column(&self, _: Field) -> Column {
        Column { name: self.0.clone(), is_nullable: true }
    }
}

/// What makes an element of a list in PostgreSQL, which is text, compare as a column of its type does.
fn cast(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Int | FieldType::Bigint | FieldType::Datetime => "::bigint",
        FieldType::Float => "::double precision",
        FieldType::Bool => "::boolean",
        FieldType::Text | FieldType::Shape(_) | FieldType::Unusable => " COLLATE \"C\"",
    }
}
