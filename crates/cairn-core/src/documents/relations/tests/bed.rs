//! Collections that relate to each other, and what a caller sees of their documents as JSON without system members.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use cairn_faults::Error;
use cairn_model::permissions::{Action, parse_list};
use cairn_model::schema::{AUTHORS, Attribute, AttributeType, Document, OnDelete, Relation, RelationType};
use cairn_model::transactions::{TransactionId, Work};
use cairn_model::value::Value;
use cairn_query::json::json_of;
use cairn_query::{Field, Limits, RelatedFields, build};
use cairn_store::{DocumentList, Readable, Table, Tx};
use serde_json::{Map, json};

use crate::collections::{self, CollectionPatch, NewCollection, open};
use crate::databases::{self, NewDatabase};
use crate::documents::Refused;
use crate::documents::relations::Family;
use crate::documents::{self, NewDocument};
use crate::fixture::Fixture;
use crate::found::Found;
use crate::found::{Branch, Shown};
use crate::listing::ListRequest;
use crate::relationships::{self, NewRelationship};
use crate::schemas::Place;
use crate::{Cx, attributes, background, transactions};

/// A caller at the project.
#[derive(Clone)]
pub(super) struct Bed {
    pub(super) cx: Cx,
    count: Arc<AtomicU32>,
}

pub(super) fn id(text: &str) -> Value {
    text.into()
}

pub(super) fn list(items: &[Value]) -> Value {
    Value::Array(items.to_vec())
}

pub(super) fn object(members: &[(&str, Value)]) -> Value {
    Value::Object(members.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect())
}

pub(super) fn ids(ids: &[&str]) -> Vec<String> {
    ids.iter().map(|id| (*id).to_owned()).collect()
}

fn place(collection: &str) -> Place {
    Place { database: "db".into(), collection: collection.into() }
}

fn data(members: &[(&str, Value)]) -> Vec<(String, Value)> {
    members.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect()
}

impl Bed {
    /// A key's, with a database.
    pub(super) async fn open(fixture: &Fixture) -> Self {
        let cx = fixture.key().await;
        let new =
            NewDatabase { id: "db".to_owned(), name: "db".to_owned(), is_enabled: true, kind: "legacy" };
        databases::create(&cx, new).await.expect("a database");
        Self { cx, count: Arc::default() }
    }

    /// The same, as a user sees it.
    pub(super) async fn as_user(&self, fixture: &Fixture, name: &str) -> Self {
        Self { cx: fixture.signed_up(name).await, count: Arc::clone(&self.count) }
    }

    /// A collection with the attribute `name`.
    pub(super) async fn collection(&self, prefix: &str) -> String {
        let id = format!("{prefix}{}", self.count.fetch_add(1, Ordering::Relaxed));
        let new = NewCollection {
            id: id.clone(),
            name: id.clone(),
            permissions: Vec::new(),
            document_security: false,
            has_authors: false,
            is_enabled: true,
            attributes: vec![Attribute { size: 50, ..Attribute::new("name", AttributeType::String) }],
            indexes: Vec::new(),
            relationships: Vec::new(),
        };
        collections::create(&self.cx, "db", new).await.expect("a collection");
        id
    }

    /// Relate two collections.
    pub(super) async fn relate_to(
        &self,
        collection: &str,
        related: &str,
        (key, back): (&str, &str),
        kind: RelationType,
        is_two_way: bool,
        on_delete: OnDelete,
    ) {
        let new = NewRelationship {
            related: related.into(),
            kind,
            is_two_way,
            key: Some(key.to_owned()),
            two_way_key: Some(back.to_owned()),
            on_delete,
        };
        relationships::create(&self.cx, place(collection), new).await.expect("asked for");
        self.run_jobs().await;
    }

    /// Relate a collection to a new one.
    pub(super) async fn relate(
        &self,
        collection: &str,
        key: &str,
        kind: RelationType,
        is_two_way: bool,
        on_delete: OnDelete,
    ) -> String {
        let related = self.collection("c").await;
        self.relate_to(collection, &related, (key, &format!("{key}_back")), kind, is_two_way, on_delete)
            .await;
        related
    }

    /// Two collections; the left one has the relationship `other` to the right one, which calls it `back`.
    pub(super) async fn pair(
        &self,
        kind: RelationType,
        is_two_way: bool,
        on_delete: OnDelete,
    ) -> [String; 2] {
        let pair = [self.collection("left").await, self.collection("right").await];
        self.relate_to(&pair[0], &pair[1], ("other", "back"), kind, is_two_way, on_delete).await;
        pair
    }

    pub(super) async fn run_jobs(&self) {
        background::run_due(&self.cx.app).await.expect("jobs are done");
    }

    pub(super) async fn secure(&self, collection: &str, document_security: bool, permissions: &[&str]) {
        let permissions = parse_list(permissions, Action::OF_COLLECTIONS).expect("permissions");
        let patch = CollectionPatch {
            name: None,
            permissions: Some(permissions),
            document_security,
            has_authors: None,
            is_enabled: true,
        };
        collections::update(&self.cx, place(collection), patch).await.expect("changed");
    }

    /// Let the documents of a collection, which everybody may use, keep who makes and changes them.
    pub(super) async fn keep_authors(&self, collection: &str) {
        let all = ["create", "read", "update", "delete"].map(|action| format!("{action}(\"any\")"));
        let patch = CollectionPatch {
            name: None,
            permissions: Some(parse_list(&all, Action::OF_COLLECTIONS).expect("permissions")),
            document_security: false,
            has_authors: Some(true),
            is_enabled: true,
        };
        collections::update(&self.cx, place(collection), patch).await.expect("changed");
    }

    /// Who made a document and who changed it last.
    pub(super) async fn authors(&self, collection: &str, id: &str) -> [serde_json::Value; 2] {
        let found = self.get(collection, id).await;
        AUTHORS.map(|key| found[key].clone())
    }

    pub(super) async fn rename(
        &self,
        collection: &str,
        key: &str,
        to: &str,
        on_delete: Option<OnDelete>,
    ) -> Result<Attribute, Error> {
        relationships::update(&self.cx, place(collection), key, on_delete, Some(to.to_owned())).await
    }

    pub(super) async fn relation(&self, collection: &str, key: &str) -> Relation {
        let found = attributes::get(&self.cx, place(collection), key).await.expect("an attribute");
        *found.relation.expect("a relationship")
    }

    pub(super) async fn drop_attribute(&self, collection: &str, key: &str) {
        attributes::delete(&self.cx, place(collection), key).await.expect("asked for");
        self.run_jobs().await;
    }

    pub(super) async fn drop_collection(&self, collection: &str) {
        collections::delete(&self.cx, place(collection)).await.expect("asked for");
        self.run_jobs().await;
    }

    pub(super) async fn keys(&self, collection: &str) -> Vec<String> {
        let found = collections::get(&self.cx, place(collection)).await.expect("a collection");
        found.attributes.into_iter().map(|attribute| attribute.key).collect()
    }

    pub(super) async fn make(
        &self,
        collection: &str,
        id: &str,
        members: &[(&str, Value)],
    ) -> Result<serde_json::Value, Error> {
        let new = NewDocument { id: id.to_owned(), data: data(members), permissions: None };
        documents::create(&self.cx, &place(collection), new).await.map(|found| view(&found))
    }

    pub(super) async fn make_for(
        &self,
        collection: &str,
        id: &str,
        members: &[(&str, Value)],
        permissions: &[&str],
    ) {
        let permissions = Some(parse_list(permissions, Action::OF_DOCUMENTS).expect("permissions"));
        let new = NewDocument { id: id.to_owned(), data: data(members), permissions };
        documents::create(&self.cx, &place(collection), new).await.expect("a document");
    }

    pub(super) async fn set(
        &self,
        collection: &str,
        id: &str,
        members: &[(&str, Value)],
    ) -> Result<serde_json::Value, Error> {
        let changed = documents::update(&self.cx, &place(collection), id, data(members), None, None).await;
        changed.map(|found| view(&found))
    }

    pub(super) async fn delete(&self, collection: &str, id: &str) -> Result<(), Error> {
        documents::delete(&self.cx, &place(collection), id, None).await
    }

    pub(super) async fn get(&self, collection: &str, id: &str) -> serde_json::Value {
        let found = documents::get(&self.cx, &place(collection), id).await;
        view(&found.expect("a document"))
    }

    pub(super) async fn permissions(&self, collection: &str, id: &str) -> Vec<String> {
        let found = documents::get(&self.cx, &place(collection), id).await.expect("a document");
        found.document.permissions.iter().map(ToString::to_string).collect()
    }

    pub(super) async fn try_select(
        &self,
        collection: &str,
        id: &str,
        select: &[&str],
    ) -> Result<serde_json::Value, Error> {
        let request = ListRequest { queries: vec![selecting(select)], ..ListRequest::default() };
        documents::get_with(&self.cx, &place(collection), id, &request).await.map(|found| view(&found))
    }

    pub(super) async fn select(&self, collection: &str, id: &str, select: &[&str]) -> serde_json::Value {
        self.try_select(collection, id, select).await.expect("a document")
    }

    /// The ids that a query finds.
    pub(super) async fn find(&self, collection: &str, query: &str) -> Vec<String> {
        let queries = vec![query.to_owned(), r#"{"method":"limit","values":[1000]}"#.to_owned()];
        let request = ListRequest { queries, ..ListRequest::default() };
        let listed = documents::list(&self.cx, &place(collection), request).await.expect("a page");
        assert_eq!(usize::try_from(listed.page.total), Ok(listed.page.items.len()), "{query}");
        listed.page.items.iter().map(|document| document.id.to_string()).collect()
    }

    pub(super) async fn count(&self, collection: &str) -> i64 {
        let listed = documents::list(&self.cx, &place(collection), ListRequest::default()).await;
        listed.expect("a page").page.total
    }

    pub(super) async fn begin(&self) -> TransactionId {
        transactions::create(&self.cx, "unique()", 300).await.expect("begun").id
    }

    async fn stage(&self, transaction: &TransactionId, collection: &str, work: Work) {
        transactions::stage(&self.cx, transaction, &place(collection), work).await.expect("staged");
    }

    pub(super) async fn stage_create(
        &self,
        transaction: &TransactionId,
        collection: &str,
        id: &str,
        members: &[(&str, Value)],
    ) {
        let new = NewDocument { id: id.to_owned(), data: data(members), permissions: None };
        self.stage(transaction, collection, Work::Create(new)).await;
    }

    pub(super) async fn stage_delete(&self, transaction: &TransactionId, collection: &str, id: &str) {
        self.stage(transaction, collection, Work::Delete(id.to_owned())).await;
    }

    /// A document as a transaction would leave it.
    pub(super) async fn peek(
        &self,
        transaction: &TransactionId,
        collection: &str,
        id: &str,
        select: &[&str],
    ) -> serde_json::Value {
        let request = ListRequest { queries: vec![selecting(select)], ..ListRequest::default() };
        let at = place(collection);
        let found = transactions::get_document(&self.cx, &at, id, &request, Some(transaction)).await;
        view(&found.expect("a document"))
    }

    pub(super) async fn commit(&self, transaction: &TransactionId) -> Result<(), Error> {
        transactions::commit(&self.cx, transaction).await.map(drop)
    }

    /// How many statements a page takes, and how many documents it has.
    pub(super) async fn cost(&self, collection: &str, select: &[&str], limit: u64) -> (u64, u64) {
        let place = place(collection);
        let table = open(&self.cx, &place).await.expect("a collection");
        let family = Family::open(&self.cx, &place.database, &table).await.expect("the family");
        let fields = RelatedFields { collection: table.collection(), schemas: &family };
        let limited = format!(r#"{{"method":"limit","values":[{limit}]}}"#);
        let query = build(&[selecting(select), limited], &fields, Limits::CURRENT).expect("a query");
        let (family, table, query) = (&family, &table, &query);
        let read = move |tx: Tx| async move {
            let list = DocumentList {
                query,
                readable: &Readable::All,
                relatives: family.relatives(),
                position: &[],
                seed: 1,
                default_limit: 25,
                count_max: None,
            };
            let (mut page, _) = tx.document_list(table, list).await?;
            family.show(&tx, table, &mut page, query).await?;
            Ok::<_, Refused>((tx.statement_count(), page.len() as u64))
        };
        let read = self.cx.store().read(self.cx.project_ref(), read).await;
        read.map_err(Error::from).expect("a page")
    }
}

fn selecting(select: &[&str]) -> String {
    json!({ "method": "select", "values": select }).to_string()
}

pub(super) fn view(found: &Found) -> serde_json::Value {
    document(&found.table, &found.document, &found.shown, (0, None))
}

fn document(
    table: &Table,
    document: &Document,
    shown: &Shown,
    (at, back): (usize, Option<usize>),
) -> serde_json::Value {
    let mut members = Map::from_iter([("id".to_owned(), document.id.as_str().into())]);
    for (place, attribute) in table.attributes.iter().enumerate() {
        let branch = shown.branches.iter().find(|branch| branch.place == place);
        let is_selected =
            shown.select.as_ref().is_none_or(|fields| fields.contains(&Field::Attribute(place)));
        let value = match branch {
            _ if back == Some(place) => continue,
            Some(branch) => related(branch, at),
            None if is_selected && !attribute.is_virtual() => json_of(&document.values[place]),
            None => continue,
        };
        members.insert(attribute.key.clone(), value);
    }
    members.into()
}

fn related(branch: &Branch, at: usize) -> serde_json::Value {
    let one = |place: &usize| {
        document(&branch.table, &branch.page.documents[*place], &branch.shown, (*place, branch.back))
    };
    let all: Vec<_> = branch.page.places[at].iter().map(one).collect();
    if branch.is_many { all.into() } else { all.into_iter().next().unwrap_or_default() }
}
