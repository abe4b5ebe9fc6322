//! Schemas, documents and queries out of a seed.

use cairn_model::permissions::{Action, Permission, Role, expand};
use cairn_model::schema::{Attribute, AttributeType, Collection, Document, Index, IndexType};
use cairn_model::value::Value;
use cairn_query::json::value_of;
use cairn_std::Rng;
use cairn_store::Table;
use serde_json::json;

use crate::both::{Both, STORES, collection, document};

const TYPES: [AttributeType; 12] = [
    AttributeType::String,
    AttributeType::Integer,
    AttributeType::Float,
    AttributeType::Boolean,
    AttributeType::Datetime,
    AttributeType::Email,
    AttributeType::Text,
    AttributeType::Text,
    AttributeType::Bigint,
    AttributeType::Point,
    AttributeType::Line,
    AttributeType::Polygon,
];

pub(crate) struct Gen(pub(crate) Rng);

impl Gen {
    pub(crate) fn below(&self, n: u64) -> u64 {
        self.0.u64() % n
    }

    pub(crate) fn pick<'a, T>(&self, items: &'a [T]) -> &'a T {
        &items[usize::try_from(self.below(items.len() as u64)).unwrap()]
    }

    pub(crate) fn schema(&self) -> Collection {
        let attributes = (0..=self.below(5))
            .map(|place| {
                let kind = *self.pick(&TYPES);
                let is_array = self.below(4) == 0 && !kind.is_spatial();
                let column = i64::try_from(place).unwrap() + 10;
                Attribute { is_array, column, size: 100, ..Attribute::new(format!("a{place}"), kind) }
            })
            .collect();
        Collection { attributes, document_security: self.below(2) == 0, ..collection() }
    }

    fn one(&self, kind: AttributeType) -> serde_json::Value {
        match kind {
            AttributeType::Point => json!(self.at()),
            AttributeType::Line => json!([self.at(), [9, 9], self.at()]),
            AttributeType::Polygon => self.area(),
            AttributeType::Text => self.prose().into(),
            AttributeType::Integer | AttributeType::Bigint => {
                (*self.pick(&[0, 1, -1, 2, i64::MAX, i64::MIN, 7])).into()
            }
            AttributeType::Float => (*self.pick(&[0.0, 0.1, -1.5, 1.0, 1e300, 2.0, -0.0, 5e-324])).into(),
            AttributeType::Boolean => (self.below(2) == 0).into(),
            AttributeType::Datetime => {
                format!("202{}-01-0{}T00:00:00.00{}Z", self.below(3), 1 + self.below(3), self.below(2)).into()
            }
            AttributeType::Email => (*self.pick(&["a@b.co", "B@b.co", "ab@x.org"])).into(),
            _ => (*self.pick(&[
                "", "a", "A", "ab", "aB", "b%", "_", "\\", "Ärger", "ärger", "aé", "aÉb", "100%", "z'",
                "a b", "日本", "😀", "{}",
            ]))
            .into(),
        }
    }

    /// A point of a small grid, so that points meet.
    fn at(&self) -> [u64; 2] {
        [self.below(7), self.below(7)]
    }

    fn area(&self) -> serde_json::Value {
        let [x, y] = self.at();
        let (dx, dy) = (1 + self.below(4), 1 + self.below(4));
        let ring = json!([[x, y], [x + dx, y], [x + dx, y + dy], [x, y + dy], [x, y]]);
        if self.below(3) == 0 {
            return json!([
                [[0, 0], [8, 0], [8, 8], [0, 8], [0, 0]],
                [[2, 2], [5, 2], [5, 5], [2, 5], [2, 2]]
            ]);
        }
        json!([ring])
    }

    /// A few words out of few.
    fn prose(&self) -> String {
        let words = [
            "The",
            "quick",
            "qui",
            "Ärger",
            "arger",
            "fox",
            "FOXES",
            "a",
            "in",
            "3",
            "snake_case",
            "日本",
            "-",
            "\n",
        ];
        let gaps = [" ", ", ", "-", "  "];
        (0..self.below(7)).flat_map(|_| [*self.pick(&words), *self.pick(&gaps)]).collect()
    }

    fn search(&self) -> String {
        let text = self.prose();
        if self.below(3) == 0 { format!("\"{text}\"") } else { text }
    }

    fn pattern(&self) -> &'static str {
        let patterns: [&str; 23] = [
            "^a",
            "b$",
            "(?i)ä",
            "a|b",
            "^(?:a|A)b?$",
            r"\bfox\b",
            r"\Bx",
            r"\d",
            r"[^a-z]",
            "",
            ".",
            "(?s).$",
            r"\s\w+",
            "^.{2,3}$",
            "(ab|a)+?b?",
            r"%|_|\\",
            "[A-Z]{2,}",
            "(?i)FOX(es)?",
            "^$",
            "😀",
            r"\.|\'|\{",
            "(?i)[k-s]",
            r"\n",
        ];
        patterns[usize::try_from(self.below(patterns.len() as u64)).unwrap()]
    }

    /// A full-text or spatial index on most attributes that can have one.
    pub(crate) fn indexes(&self, schema: &Collection) -> Vec<Index> {
        let able = schema.attributes.iter().filter(|attribute| !attribute.is_array).filter_map(|attribute| {
            let kind = match attribute.kind {
                kind if kind.is_spatial() => IndexType::Spatial,
                AttributeType::Text | AttributeType::String => IndexType::Fulltext,
                _ => return None,
            };
            (self.below(4) > 0).then_some((attribute, kind))
        });
        let index = |(place, (attribute, kind)): (usize, (&Attribute, IndexType))| Index {
            number: i64::try_from(place).unwrap() + 100,
            ..Index::new(format!("i{place}"), kind, [attribute.key.as_str()])
        };
        able.enumerate().map(index).collect()
    }

    /// Change some documents and remove some, on both engines and in memory.
    pub(crate) async fn changes(&self, both: &Both, tables: &[Table; STORES], documents: &mut Vec<Document>) {
        for _ in 0..6 {
            let place = usize::try_from(self.below(documents.len() as u64)).unwrap();
            let old = documents[place].clone();
            let new = (self.below(3) > 0).then(|| Document {
                values: tables[0].attributes.iter().map(|attribute| self.value(attribute)).collect(),
                ..old.clone()
            });
            for (which, table) in tables.iter().enumerate() {
                let (table, old, new) = (table.clone(), old.clone(), new.clone());
                let write = move |tx: cairn_store::Tx| async move {
                    match new {
                        Some(new) => tx.document_update(&table, &old, &new).await,
                        None => tx.document_delete(&table, &old).await,
                    }
                };
                both.write_one(which, write).await.unwrap();
            }
            match new {
                Some(new) => documents[place] = new,
                None => drop(documents.remove(place)),
            }
        }
    }

    fn value(&self, attribute: &Attribute) -> Value {
        if self.below(5) == 0 {
            return Value::Null;
        }
        let convert = value_of;
        let value = if attribute.is_array {
            let one = |_| match self.below(8) {
                0 => Value::Null,
                _ => convert(self.one(attribute.kind)),
            };
            Value::Array((0..self.below(4)).map(one).collect())
        } else {
            convert(self.one(attribute.kind))
        };
        attribute.accept(value).unwrap()
    }

    pub(crate) fn documents(&self, schema: &Collection) -> Vec<Document> {
        let roles = [Role::Any, Role::user("u1"), Role::team("t1"), Role::Users(None)];
        let make = |number| {
            let grant = |_| Permission::new(Action::Read, self.pick(&roles).clone());
            let granted: Vec<_> = (0..self.below(3)).map(grant).collect();
            let values = schema.attributes.iter().map(|attribute| self.value(attribute)).collect();
            Document {
                permissions: expand(&granted, Action::OF_DOCUMENTS).into(),
                created: cairn_std::Timestamp(i64::try_from(self.below(4)).unwrap()),
                ..document(&format!("d{number}"), values)
            }
        };
        (0..30).map(make).collect()
    }

    fn filter(&self, schema: &Collection, depth: u64) -> serde_json::Value {
        if depth > 0 && self.below(4) == 0 {
            let method = *self.pick(&["and", "or"]);
            let count = 2 + self.below(2);
            let values: Vec<_> = (0..count).map(|_| self.filter(schema, depth - 1)).collect();
            return json!({"method": method, "values": values});
        }
        let attribute = self.pick(&schema.attributes);
        if attribute.kind.is_spatial() && self.below(6) > 0 {
            return self.shape_filter(attribute);
        }
        let is_text = attribute.kind.is_text();
        let mut methods = vec!["isNull", "isNotNull"];
        if self.below(12) == 0 {
            let method = *self.pick(&["exists", "notExists"]);
            let other = self.pick(&schema.attributes);
            return json!({"method": method, "values": [attribute.key, other.key]});
        }
        if attribute.kind.is_spatial() {
        } else if attribute.is_array {
            methods.extend(["contains", "containsAny", "containsAll", "notContains"]);
        } else {
            methods.extend([
                "equal",
                "notEqual",
                "lessThan",
                "lessThanEqual",
                "greaterThan",
                "greaterThanEqual",
                "between",
                "notBetween",
            ]);
            if is_text {
                methods.extend([
                    "startsWith",
                    "notStartsWith",
                    "endsWith",
                    "notEndsWith",
                    "contains",
                    "containsAll",
                    "notContains",
                    "regex",
                    "regex",
                ]);
            }
            if schema.has_index(IndexType::Fulltext, &attribute.key) {
                methods.extend(["search", "search", "search", "notSearch", "notSearch"]);
            }
        }
        if attribute.is_array && self.below(3) == 0 {
            return self.element_filter(attribute);
        }
        let method = *self.pick(&methods);
        let count = match method {
            "isNull" | "isNotNull" => 0,
            "between" | "notBetween" => 2,
            "equal" | "contains" | "containsAny" | "containsAll" | "notContains" => 1 + self.below(3),
            _ => 1,
        };
        let values: Vec<_> = match method {
            "regex" => vec![self.pattern().into()],
            "search" | "notSearch" => vec![self.search().into()],
            _ => (0..count).map(|_| self.one(attribute.kind)).collect(),
        };
        json!({"method": method, "attribute": attribute.key, "values": values})
    }

    /// What one element of a list satisfies.
    fn element_filter(&self, attribute: &Attribute) -> serde_json::Value {
        let one = || {
            let mut methods = vec!["equal", "notEqual", "lessThan", "greaterThanEqual", "between", "isNull"];
            if attribute.kind.is_text() {
                methods.extend(["startsWith", "notEndsWith", "contains", "regex"]);
            }
            let method = *self.pick(&methods);
            let count = match method {
                "isNull" => 0,
                "between" | "equal" | "contains" => 2,
                _ => 1,
            };
            let values: Vec<_> = match method {
                "regex" => vec![self.pattern().into()],
                _ => (0..count).map(|_| self.one(attribute.kind)).collect(),
            };
            json!({"method": method, "attribute": attribute.key, "values": values})
        };
        let mut values: Vec<_> = (0..=self.below(2)).map(|_| one()).collect();
        if self.below(3) == 0 {
            values.push(json!({"method": "or", "values": [one(), one()]}));
        }
        json!({"method": "elemMatch", "attribute": attribute.key, "values": values})
    }

    /// Filters, and what to compute of what they find.
    pub(crate) fn aggregates(&self, schema: &Collection) -> Vec<String> {
        let mut texts: Vec<_> = (0..self.below(2)).map(|_| self.filter(schema, 1).to_string()).collect();
        texts.push(r#"{"method":"count"}"#.to_owned());
        for attribute in &schema.attributes {
            let is_number = matches!(
                attribute.kind,
                AttributeType::Integer | AttributeType::Bigint | AttributeType::Float
            );
            let method = match self.below(4) {
                0 if !attribute.is_array && !attribute.kind.is_spatial() => "groupBy",
                1 if is_number && !attribute.is_array => *self.pick(&["sum", "avg", "min", "max"]),
                2 if !attribute.is_array => "count",
                _ => continue,
            };
            texts.push(json!({"method": method, "attribute": attribute.key}).to_string());
        }
        texts
    }

    fn shape_filter(&self, attribute: &Attribute) -> serde_json::Value {
        let other = *self.pick(&[AttributeType::Point, AttributeType::Line, AttributeType::Polygon]);
        let shape = self.one(other);
        if self.below(3) == 0 {
            let metres =
                attribute.kind == AttributeType::Point && other == AttributeType::Point && self.below(2) == 0;
            let method =
                *self.pick(&["distanceEqual", "distanceNotEqual", "distanceGreaterThan", "distanceLessThan"]);
            let distance = if metres { json!(self.below(5) * 100_000) } else { json!(self.below(5)) };
            return json!({"method": method, "attribute": attribute.key, "values": [[shape, distance, metres]]});
        }
        let method = *self.pick(&[
            "intersects",
            "notIntersects",
            "crosses",
            "notCrosses",
            "overlaps",
            "notOverlaps",
            "touches",
            "notTouches",
            "equal",
            "notEqual",
            "contains",
            "notContains",
        ]);
        json!({"method": method, "attribute": attribute.key, "values": [shape]})
    }

    pub(crate) fn query(&self, schema: &Collection, ids: &[String]) -> Vec<String> {
        let mut texts: Vec<_> = (0..self.below(3)).map(|_| self.filter(schema, 2).to_string()).collect();
        for _ in 0..self.below(3) {
            let attribute = self.pick(&schema.attributes);
            let name = *self.pick(&[attribute.key.as_str(), "$createdAt", "$updatedAt", "$id", "$sequence"]);
            if name == attribute.key && (attribute.is_array || attribute.kind.is_spatial()) {
                continue;
            }
            let method = *self.pick(&["orderAsc", "orderDesc"]);
            texts.push(json!({"method": method, "attribute": name}).to_string());
        }
        if texts.iter().any(|text| text.contains("\"search\"")) && self.below(2) == 0 {
            let method = *self.pick(&["orderAsc", "orderDesc"]);
            texts.insert(0, json!({"method": method, "attribute": "$relevance"}).to_string());
        }
        if self.below(2) == 0 {
            texts.push(format!(r#"{{"method":"limit","values":[{}]}}"#, 1 + self.below(8)));
        }
        if self.below(3) == 0 {
            texts.push(format!(r#"{{"method":"offset","values":[{}]}}"#, self.below(4)));
        }
        if self.below(3) == 0 {
            let method = *self.pick(&["cursorAfter", "cursorBefore"]);
            texts.push(json!({"method": method, "values": [self.pick(ids)]}).to_string());
        }
        texts
    }
}
