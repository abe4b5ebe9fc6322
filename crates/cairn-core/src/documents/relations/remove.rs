//! Deleting documents with what their relationships say of it: a level of related documents at a time.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use cairn_faults::{Error, Fault};
use cairn_model::permissions::Action;
use cairn_model::schema::{Document, Link, OnDelete, Relation, RelationType, Side};
use cairn_store::{Readable, RelatedList, Table, Tx};

use super::{Family, relations};
use crate::documents::{Refused, access, check_current};

/// Most documents that one deletion takes along.
const DELETED_MAX: usize = 10_000;

/// Documents of one collection.
struct Level {
    table: Arc<Table>,
    documents: Vec<Document>,
}

/// What deleting documents of one side does to those of the other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Effect {
    Refuse,
    Take,
    Unlink,
}

/// COMPAT(appwrite): `restrict` and `cascade` hold for whom the others belong to: the parent, and the one that many
/// relate to. In a relationship of one and one, `cascade` holds both ways while it is two-way.
fn effect(relation: &Relation) -> Effect {
    let owns = match relation.kind {
        RelationType::ManyToOne => relation.side == Side::Child,
        RelationType::OneToOne | RelationType::OneToMany | RelationType::ManyToMany => {
            relation.side == Side::Parent
        }
    };
    match relation.on_delete {
        OnDelete::Restrict if owns => Effect::Refuse,
        OnDelete::Cascade if owns => Effect::Take,
        OnDelete::Cascade if relation.kind == RelationType::OneToOne && relation.is_two_way => Effect::Take,
        _ => Effect::Unlink,
    }
}

impl Family {
    /// Delete documents that were read in this transaction, and what goes along.
    ///
    /// # Errors
    /// `user_unauthorized` where the caller may not delete one of them; `document_delete_restricted`.
    pub(crate) async fn delete(
        &self,
        tx: &Tx,
        table: &Arc<Table>,
        documents: Vec<Document>,
    ) -> Result<(), Refused> {
        let mut current = HashSet::from([table.number]);
        let mut going: BTreeMap<i64, HashSet<i64>> = BTreeMap::new();
        let mut levels = vec![Level { table: Arc::clone(table), documents }];
        let mut at = 0;
        while at < levels.len() {
            let number = levels[at].table.number;
            if current.insert(number) {
                check_current(tx, &levels[at].table).await?;
            }
            self.check(&levels[at], &mut going)?;
            let mut next = Vec::new();
            for relation in relations(&levels[at].table) {
                let Some(far) = self.far(tx, &levels[at], relation).await? else { continue };
                next.push((relation.clone(), far));
            }
            for (relation, far) in next {
                let taken = self.follow(tx, &levels[at], &relation, (far, &going)).await?;
                levels.extend(taken);
            }
            at += 1;
        }
        for level in levels.iter().rev() {
            for document in &level.documents {
                // One that several lead to stands on several levels.
                if going.get_mut(&level.table.number).is_some_and(|left| left.remove(&document.seq)) {
                    tx.document_delete(&level.table, document).await?;
                }
            }
        }
        Ok(())
    }

    fn check(&self, level: &Level, going: &mut BTreeMap<i64, HashSet<i64>>) -> Result<(), Error> {
        let here = going.entry(level.table.number).or_default();
        for document in &level.documents {
            here.insert(document.seq);
            if !access::may(&self.cx, &level.table, document, Action::Delete) {
                return Err(access::unauthorized(&self.cx, &level.table, Action::Delete));
            }
        }
        if going.values().map(HashSet::len).sum::<usize>() > DELETED_MAX {
            let reason = format!("More than {DELETED_MAX} documents would go with it.");
            return Err(Fault::DocumentDeleteRestricted.with("reason", reason));
        }
        Ok(())
    }

    /// The documents on the other side of a relationship, whoever may read them. `None` when the rows that go are all
    /// that knows of the links.
    async fn far(&self, tx: &Tx, level: &Level, relation: &Relation) -> Result<Option<Vec<Document>>, Error> {
        if relation.link() == Link::Own && effect(relation) == Effect::Unlink {
            return Ok(None);
        }
        let far = self.table(relation)?;
        let is_own = |place: &usize| {
            level.table.attributes[*place].relation.as_deref().is_some_and(|own| own == relation)
        };
        let place = (0..level.table.attributes.len()).find(is_own).unwrap_or(usize::MAX);
        let (near, readable, select) = (&*level.table, &Readable::All, None);
        let list = RelatedList { near, relation, place, far, readable, select, links_max: DELETED_MAX };
        let page = tx.related_list(&level.documents, list).await?;
        let found = page.map(|page| page.documents).ok_or_else(|| {
            let reason = format!("More than {DELETED_MAX} documents relate to it.");
            Fault::DocumentDeleteRestricted.with("reason", reason)
        })?;
        Ok(Some(found))
    }

    /// Do to the related documents what the relationship says; those that go too come back.
    async fn follow(
        &self,
        tx: &Tx,
        level: &Level,
        relation: &Relation,
        (far, going): (Vec<Document>, &BTreeMap<i64, HashSet<i64>>),
    ) -> Result<Option<Level>, Error> {
        let table = self.table(relation)?;
        let is_going =
            |document: &Document| going.get(&table.number).is_some_and(|seqs| seqs.contains(&document.seq));
        let left: Vec<Document> = far.into_iter().filter(|document| !is_going(document)).collect();
        let effect = effect(relation);
        if effect == Effect::Refuse && !left.is_empty() {
            return Err(Fault::DocumentDeleteRestricted.error());
        }
        let seqs: Vec<i64> = left.iter().map(|document| document.seq).collect();
        match relation.link() {
            Link::Pairs => {
                let near: Vec<i64> = level.documents.iter().map(|document| document.seq).collect();
                tx.pairs_delete(relation, &near, None).await?;
            }
            Link::Theirs if effect != Effect::Take => {
                tx.link_set(table, relation, (&seqs, None), &self.change()).await?;
            }
            // The rows that have the links go.
            Link::Theirs | Link::Own => {}
        }
        let is_taken = effect == Effect::Take && !left.is_empty();
        Ok(is_taken.then(|| Level { table: Arc::clone(table), documents: left }))
    }
}
