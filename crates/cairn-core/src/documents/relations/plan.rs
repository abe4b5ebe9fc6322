//! What a write of nested documents will do, worked out before its transaction: ids are drawn, shapes are checked.

use std::collections::BTreeMap;
use std::sync::Arc;

use cairn_faults::Error;
use cairn_model::ids::{ID_CHARS_MAX, is_key, key_rule};
use cairn_model::permissions::{Action, Permission, parse_list};
use cairn_model::schema::{RELATION_LEVELS_MAX, Relation, Status};
use cairn_model::value::Value;
use cairn_store::{Table, Tx};

use super::{Family, invalid};
use crate::documents::{Refused, check_current};

/// Most related documents that one write names, nested ones and ids together.
const RELATED_MAX: usize = 1_000;

/// A document to write, with those that it shall relate to.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// Its collection.
    pub(super) table: Arc<Table>,
    /// Its id.
    pub(super) id: String,
    /// Its members that are no links.
    pub(super) data: Vec<(String, Value)>,
    /// Its permissions, if given.
    pub(super) permissions: Option<Vec<Permission>>,
    /// Its relationships, as far as they are given.
    pub(super) links: Vec<Links>,
}

/// What a document shall relate to by one relationship.
#[derive(Clone, Debug)]
pub(super) struct Links {
    /// The place of the relationship's attribute.
    pub(super) place: usize,
    pub(super) relation: Relation,
    /// Whether the value was null.
    pub(super) is_null: bool,
    pub(super) items: Vec<Item>,
}

#[derive(Clone, Debug)]
pub(super) enum Item {
    /// A document that is there already.
    Id(String),
    /// A document to make or change.
    Nested(Plan),
}

impl Item {
    pub(super) fn id(&self) -> &str {
        match self {
            Self::Id(id) => id,
            Self::Nested(plan) => &plan.id,
        }
    }
}

impl Family {
    /// Sort out what a client sent for a document of `table`.
    pub(crate) fn plan(
        &self,
        table: &Arc<Table>,
        id: &str,
        data: Vec<(String, Value)>,
        permissions: Option<Vec<Permission>>,
    ) -> Result<Plan, Error> {
        let mut planner = Planner { family: self, named: 0 };
        planner.plan(table, id.to_owned(), data, permissions, (None, 1))
    }

    /// Check that all collections that a plan touches still are as they were when it was made.
    pub(crate) async fn check_current(&self, tx: &Tx, plan: &Plan) -> Result<(), Refused> {
        let mut tables = BTreeMap::new();
        self.collect(plan, &mut tables);
        for table in tables.values() {
            check_current(tx, table).await?;
        }
        Ok(())
    }

    fn collect<'a>(&'a self, plan: &'a Plan, tables: &mut BTreeMap<i64, &'a Arc<Table>>) {
        tables.insert(plan.table.number, &plan.table);
        for links in &plan.links {
            if let Some(table) = self.tables.get(&links.relation.related) {
                tables.insert(table.number, table);
            }
            for item in &links.items {
                if let Item::Nested(plan) = item {
                    self.collect(plan, tables);
                }
            }
        }
    }
}

struct Planner<'a> {
    family: &'a Family,
    named: usize,
}

impl Planner<'_> {
    fn plan(
        &mut self,
        table: &Arc<Table>,
        id: String,
        data: Vec<(String, Value)>,
        permissions: Option<Vec<Permission>>,
        (from, level): (Option<&Relation>, usize),
    ) -> Result<Plan, Error> {
        let mut plan =
            Plan { table: Arc::clone(table), id, data: Vec::new(), permissions, links: Vec::new() };
        for (key, value) in data {
            let found = table.attribute(&key).filter(|(_, attribute)| attribute.status == Status::Available);
            let Some((place, relation)) =
                found.and_then(|(place, attribute)| Some((place, attribute.relation.as_deref()?)))
            else {
                plan.data.push((key, value));
                continue;
            };
            // The way back is set by the document that this one is nested in.
            if from.is_some_and(|from| from.is_other_side_of(relation)) {
                continue;
            }
            let links = self.links(&key, place, relation, value, level)?;
            plan.links.retain(|known| known.place != place);
            plan.links.push(links);
        }
        Ok(plan)
    }

    fn links(
        &mut self,
        key: &str,
        place: usize,
        relation: &Relation,
        value: Value,
        level: usize,
    ) -> Result<Links, Error> {
        let is_null = value.is_null();
        let values = match (relation.is_many(), value) {
            (_, Value::Null) => Vec::new(),
            (true, Value::Array(values)) => values,
            (false, value @ (Value::Text(_) | Value::Object(_))) => vec![value],
            (true, value) => {
                let given = value.kind_name();
                return Err(invalid(format!(
                    "\"{key}\" takes a list of documents or ids of documents, {given} given."
                )));
            }
            (false, value) => {
                let given = value.kind_name();
                return Err(invalid(format!(
                    "\"{key}\" takes a document, the id of a document or null, {given} given."
                )));
            }
        };
        let mut items: Vec<Item> = Vec::with_capacity(values.len().min(RELATED_MAX));
        for value in values {
            let item = self.item(key, relation, value, level)?;
            if !items.iter().any(|known| known.id() == item.id()) {
                items.push(item);
            }
        }
        Ok(Links { place, relation: relation.clone(), is_null, items })
    }

    fn item(&mut self, key: &str, relation: &Relation, value: Value, level: usize) -> Result<Item, Error> {
        self.named += 1;
        if self.named > RELATED_MAX {
            return Err(invalid(format!("One request names up to {RELATED_MAX} related documents.")));
        }
        match value {
            Value::Text(id) if is_key(&id, ID_CHARS_MAX) => Ok(Item::Id(id)),
            Value::Text(_) => {
                Err(invalid(format!("The id of a document in \"{key}\" {}.", key_rule(ID_CHARS_MAX))))
            }
            Value::Object(members) => self.nested(key, relation, members, level).map(Item::Nested),
            other => Err(invalid(format!(
                "\"{key}\" relates to documents or ids of documents, {} given.",
                other.kind_name()
            ))),
        }
    }

    fn nested(
        &mut self,
        key: &str,
        relation: &Relation,
        members: Vec<(String, Value)>,
        level: usize,
    ) -> Result<Plan, Error> {
        if level >= RELATION_LEVELS_MAX {
            return Err(invalid(format!(
                "Documents are nested up to {RELATION_LEVELS_MAX} levels deep; \"{key}\" goes deeper."
            )));
        }
        let of = |name: &str| members.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value);
        let id = match of("$id") {
            None | Some(Value::Null) => self.family.cx.new_id(),
            Some(Value::Text(id)) if id == "unique()" => self.family.cx.new_id(),
            Some(Value::Text(id)) if is_key(id, ID_CHARS_MAX) => id.clone(),
            Some(_) => {
                return Err(invalid(format!(
                    "The $id of a document in \"{key}\" {}.",
                    key_rule(ID_CHARS_MAX)
                )));
            }
        };
        let permissions = match of("$permissions") {
            None | Some(Value::Null) => None,
            Some(list) => Some(permissions(list).map_err(|reason| {
                invalid(format!("The $permissions of a document in \"{key}\" are wrong: {reason}"))
            })?),
        };
        let table = Arc::clone(self.family.table(relation)?);
        self.plan(&table, id, members, permissions, (Some(relation), level + 1))
    }
}

fn permissions(list: &Value) -> Result<Vec<Permission>, String> {
    let texts =
        list.as_array().and_then(|items| items.iter().map(Value::as_text).collect::<Option<Vec<_>>>());
    let Some(texts) = texts else { return Err("they are a list of texts.".to_owned()) };
    parse_list(&texts, Action::OF_DOCUMENTS).map_err(|reason| reason.to_string())
}
