//! Making and changing documents with what is nested in them, in a transaction that somebody else began.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use cairn_faults::{Error, Fault};
use cairn_model::permissions::{Action, Permission};
use cairn_model::schema::{Document, Link, Relation, RelationType};
use cairn_model::value::Value;
use cairn_std::Timestamp;
use cairn_store::{RelatedList, Table, Tx};

use super::load::LINKS_MAX;
use super::plan::{Item, Links, Plan};
use super::{Family, inheritable, invalid, linked_id};
use crate::documents::change::{Change, changed, may_touch};
use crate::documents::{access, conflict, prepare, sealed};

/// A document that another one shall relate to.
struct Target {
    seq: i64,
    id: String,
}

type Writing<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;

impl Family {
    /// Make the document of a plan. One without permissions of its own gets those of the document that it is nested in.
    pub(crate) fn create<'a>(
        &'a self,
        tx: &'a Tx,
        plan: &'a Plan,
        inherited: Option<&'a [Permission]>,
    ) -> Writing<'a, Document> {
        Box::pin(async move {
            let permissions = plan.permissions.clone();
            let permissions = permissions.or_else(|| inherited.map(|list| inheritable(&self.cx, list)));
            let mut document = prepare(&self.cx, &plan.table, &plan.id, plan.data.clone(), permissions)?;
            for links in plan.links.iter().filter(|links| links.relation.link() == Link::Own) {
                document.values[links.place] = self.own_value(tx, links, None, &document).await?;
            }
            let document = Arc::new(document);
            let row = sealed::for_store(&self.cx, &plan.table, &document);
            let inserted = tx.document_insert(&plan.table, &row).await;
            let seq = inserted.map_err(|error| conflict(error, &plan.id))?;
            let document = Document { seq, ..Arc::unwrap_or_clone(document) };
            for links in plan.links.iter().filter(|links| links.relation.link() != Link::Own) {
                self.relink(tx, links, &document, Vec::new()).await?;
            }
            Ok(document)
        })
    }

    /// Change a document that was read in this transaction as `stored`; a plan `is_whole` when it names all that is
    /// required.
    pub(crate) fn update<'a>(
        &'a self,
        tx: &'a Tx,
        plan: &'a Plan,
        stored: Document,
        (known_at, is_whole): (Option<Timestamp>, bool),
    ) -> Writing<'a, Document> {
        Box::pin(async move {
            let (cx, table) = (&self.cx, &plan.table);
            may_touch(cx, table, &stored)?;
            if let Some(permissions) = &plan.permissions {
                access::check_granted(cx, permissions)?;
            }
            let (mut links, mut others, mut touches) = (Vec::new(), Vec::new(), false);
            for wanted in &plan.links {
                if wanted.relation.link() == Link::Own {
                    let current = stored.values.get(wanted.place).and_then(Value::as_text);
                    links.push((wanted.place, self.own_value(tx, wanted, current, &stored).await?));
                    continue;
                }
                if wanted.is_null && wanted.relation.is_many() {
                    let key = &table.attributes[wanted.place].key;
                    return Err(invalid(format!(
                        "\"{key}\" takes a list of documents or ids of documents, null given."
                    )));
                }
                let current = self.linked(tx, table, wanted, &stored).await?;
                touches |= current.len() != wanted.items.len()
                    || current.iter().zip(&wanted.items).any(|(is, wanted)| is.id.as_str() != wanted.id());
                others.push((wanted, current));
            }
            // What was nested may have changed this document's row.
            let stored = if plan.links.is_empty() {
                stored
            } else {
                tx.document_by_id(table, &plan.id).await?.ok_or_else(|| super::not_found(&plan.id))?
            };
            let mut old = stored.clone();
            sealed::open_all(cx, table, std::slice::from_mut(&mut old))?;
            let (data, permissions) = (plan.data.clone(), plan.permissions.clone());
            let change = Change { data, permissions, known_at, is_whole, links, touches };
            let document = Arc::new(changed(cx, table, &old, &change)?);
            if *document != old {
                let row = sealed::for_store(cx, table, &document);
                let updated = tx.document_update(table, &stored, &row).await;
                updated.map_err(|error| conflict(error, &plan.id))?;
            }
            for (wanted, current) in others {
                self.relink(tx, wanted, &document, current).await?;
            }
            Ok(Arc::unwrap_or_clone(document))
        })
    }

    /// The value of a relationship whose link is in the document's own row.
    async fn own_value(
        &self,
        tx: &Tx,
        links: &Links,
        current: Option<&str>,
        document: &Document,
    ) -> Result<Value, Error> {
        if links.is_null {
            return self.unlinked(tx, links, current).await;
        }
        let known: HashMap<String, i64> = current.map(|id| (id.to_owned(), 0)).into_iter().collect();
        let mut targets = self.targets(tx, links, document, &known).await?;
        match targets.pop() {
            Some(target) => Ok(Value::Text(target.id)),
            // COMPAT(appwrite): an id that is nobody's makes no link, without a word.
            None => self.unlinked(tx, links, current).await,
        }
    }

    /// No link; one to a document that the caller cannot see stays.
    async fn unlinked(&self, tx: &Tx, links: &Links, current: Option<&str>) -> Result<Value, Error> {
        let Some(current) = current else { return Ok(Value::Null) };
        let far = self.table(&links.relation)?;
        let found = tx.document_by_id(far, current).await?;
        let is_seen = found.is_some_and(|found| access::may(&self.cx, far, &found, Action::Read));
        Ok(if is_seen { Value::Null } else { Value::Text(current.to_owned()) })
    }

    /// The documents that a stored one relates to, as far as the caller may read them.
    async fn linked(
        &self,
        tx: &Tx,
        near: &Table,
        links: &Links,
        document: &Document,
    ) -> Result<Vec<Document>, Error> {
        let Some((far, readable)) = self.relatives.0.get(&links.relation.related) else {
            return Ok(Vec::new());
        };
        let (relation, place, select) = (&links.relation, links.place, None);
        let list = RelatedList { near, relation, place, far, readable, select, links_max: LINKS_MAX };
        let page = tx.related_list(std::slice::from_ref(document), list).await?;
        page.map(|page| page.documents).ok_or_else(|| {
            invalid(format!("A list of more than {LINKS_MAX} related documents cannot be set at once."))
        })
    }

    /// Let a stored document relate to the wanted ones instead of the `current` ones, where other rows have the links.
    async fn relink(
        &self,
        tx: &Tx,
        links: &Links,
        document: &Document,
        current: Vec<Document>,
    ) -> Result<(), Error> {
        let relation = &links.relation;
        let known: HashMap<String, i64> =
            current.iter().map(|linked| (linked.id.to_string(), linked.seq)).collect();
        let targets = self.targets(tx, links, document, &known).await?;
        let removed: Vec<i64> = current
            .iter()
            .filter(|linked| !targets.iter().any(|target| target.seq == linked.seq))
            .map(|linked| linked.seq)
            .collect();
        let added: Vec<i64> = targets
            .iter()
            .filter(|target| !known.contains_key(&target.id))
            .map(|target| target.seq)
            .collect();
        if relation.link() == Link::Pairs {
            tx.pairs_delete(relation, &[document.seq], Some(&removed)).await?;
            tx.pairs_insert(relation, document.seq, &added).await?;
            return Ok(());
        }
        let (far, by) = (self.table(relation)?, self.change());
        tx.link_set(far, relation, (&removed, None), &by).await?;
        let linked = tx.link_set(far, relation, (&added, Some(document.id.as_str())), &by).await;
        linked.map_err(|error| conflict(error, document.id.as_str()))
    }

    /// The documents of a list, those that were nested made or changed; `known` are linked already.
    async fn targets(
        &self,
        tx: &Tx,
        links: &Links,
        document: &Document,
        known: &HashMap<String, i64>,
    ) -> Result<Vec<Target>, Error> {
        let relation = &links.relation;
        let far = self.table(relation)?;
        let ids: Vec<String> = links
            .items
            .iter()
            .filter_map(|item| match item {
                Item::Id(id) => Some(id.clone()),
                Item::Nested(_) => None,
            })
            .collect();
        let found = tx.documents_by_ids(far, &ids).await?;
        let found: HashMap<&str, &Document> = found.iter().map(|found| (found.id.as_str(), found)).collect();
        let mut targets = Vec::with_capacity(links.items.len());
        for item in &links.items {
            let target = match item {
                Item::Id(id) => match found.get(id.as_str()) {
                    Some(found) if access::may(&self.cx, far, found, Action::Read) => Document::clone(found),
                    _ => continue,
                },
                Item::Nested(plan) => self.nested(tx, plan, document).await?,
            };
            if !known.contains_key(target.id.as_str()) {
                self.check_may_link(far, relation, (document, &target))?;
            }
            targets.push(Target { seq: target.seq, id: target.id.to_string() });
        }
        Ok(targets)
    }

    /// A nested document, made or changed.
    async fn nested(&self, tx: &Tx, plan: &Plan, outer: &Document) -> Result<Document, Error> {
        let found = tx.document_by_id(&plan.table, &plan.id).await?;
        match found.filter(|found| access::may(&self.cx, &plan.table, found, Action::Read)) {
            Some(found) => self.update(tx, plan, found, (None, false)).await,
            None => self.create(tx, plan, Some(&outer.permissions)).await,
        }
    }

    /// Whether the caller may link to a document: where its own side shows the link, linking changes it.
    fn check_may_link(
        &self,
        far: &Table,
        relation: &Relation,
        (document, target): (&Document, &Document),
    ) -> Result<(), Error> {
        let changes_it = match relation.link() {
            Link::Theirs => true,
            Link::Own => relation.kind == RelationType::OneToOne && relation.is_two_way,
            Link::Pairs => false,
        };
        if changes_it && !access::may(&self.cx, far, target, Action::Update) {
            return Err(access::unauthorized(&self.cx, far, Action::Update));
        }
        if relation.link() == Link::Theirs && relation.kind == RelationType::OneToOne {
            let back = far.attributes.iter().position(|attribute| {
                attribute.relation.as_ref().is_some_and(|back| back.is_other_side_of(relation))
            });
            // COMPAT(appwrite): one that has its only document is not taken away from it.
            if back.and_then(|place| linked_id(target, place)).is_some_and(|id| id != document.id.as_str()) {
                return Err(Fault::DocumentUniqueConstraintViolation.error());
            }
        }
        Ok(())
    }
}
