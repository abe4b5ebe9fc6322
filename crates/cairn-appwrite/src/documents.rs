//! Documents, in both vocabularies. Their bodies are written straight from the values.

/// Faults beside those of whatever names a collection and a transaction.
macro_rules! staged {
    ($($fault:ident),* $(,)?) => {
        &[
            $(Fault::$fault,)*
            Fault::DatabaseNotFound,
            Fault::CollectionNotFound,
            Fault::TransactionNotFound,
            Fault::TransactionNotReady,
            Fault::TransactionExpired,
        ]
    };
}

mod bulk;
pub(crate) mod values;
mod write;

use cairn_core::Cx;
use cairn_core::documents::{self, Changed, NewDocument, Step};
use cairn_core::schemas::Place;
use cairn_core::transactions;
use cairn_faults::{Error, Fault, Vocabulary};
use cairn_http::exchange::Exchange;
use cairn_http::limits::RateLimit;
use cairn_http::rules::{
    IdChoice, Rule, array_of, boolean, custom_id, float, key, object_or_text, permissions, queries, uid,
};
use cairn_http::{Answer, Call, Reply, Route, handler};
use cairn_model::permissions::{Action, Permission};
use cairn_model::transactions::{BATCH_MAX, TransactionId, Work};
use serde_json::json;

use crate::models::{DOCUMENT, ROW};
use crate::schemas::{collection_params, place, resources};
use crate::wire::{Object, list_request};
use crate::words::tables;
pub use bulk::BULK_ROUTES;
use values::members;
use write::Form;

// Either vocabulary's scope opens both: they are doors to the same things.
pub(crate) const READ: &[&str] = &["documents.read", "rows.read"];
pub(crate) const WRITE: &[&str] = &["documents.write", "rows.write"];
const SEEN: &[Fault] = staged![DocumentNotFound, TransactionConflict];
const LISTED: &[Fault] = staged![
    UserUnauthorized,
    GeneralQueryInvalid,
    GeneralCursorNotFound,
    DatabaseQueryOrderNull,
    TransactionConflict
];
const MADE: &[Fault] = staged![
    UserUnauthorized,
    DocumentMissingData,
    DocumentInvalidStructure,
    DocumentAlreadyExists,
    DocumentUniqueConstraintViolation,
    RelationshipValueInvalid,
    TransactionLimitExceeded
];
const CHANGED: &[Fault] = staged![
    DocumentNotFound,
    UserUnauthorized,
    DocumentMissingPayload,
    DocumentInvalidStructure,
    DocumentUniqueConstraintViolation,
    DocumentUpdateConflict,
    RelationshipValueInvalid,
    TransactionLimitExceeded
];
const UPSERTED: &[Fault] = staged![
    UserUnauthorized,
    DocumentMissingPayload,
    DocumentInvalidStructure,
    DocumentUniqueConstraintViolation,
    DocumentUpdateConflict,
    RelationshipValueInvalid,
    TransactionLimitExceeded
];
const REMOVED: &[Fault] = staged![
    DocumentNotFound,
    UserUnauthorized,
    DocumentUpdateConflict,
    DocumentDeleteRestricted,
    TransactionLimitExceeded
];
const STEPPED: &[Fault] = staged![
    DocumentNotFound,
    UserUnauthorized,
    AttributeNotFound,
    AttributeTypeInvalid,
    AttributeLimitExceeded,
    DocumentInvalidStructure,
    TransactionLimitExceeded
];
const WRITES: RateLimit = RateLimit::writes_per_minute(120);
const DELETES: RateLimit = RateLimit::writes_per_minute(60);

macro_rules! path {
    ($rest:literal) => {
        concat!("/v1/databases/{databaseId}/collections/{collectionId}/documents", $rest)
    };
    (rows $rest:literal) => {
        concat!("/v1/tablesdb/{databaseId}/tables/{tableId}/rows", $rest)
    };
}

/// The routes of this capability.
pub const ROUTES: &[Route] = &[
    Route::post(path!(""), "databases.createDocument", handler!(create_document))
        .created(&DOCUMENT)
        .also(&["databases.createDocuments"])
        .scopes(WRITE)
        .audited_often("document.create", resources::COLLECTION)
        .idempotent()
        .limit(WRITES)
        .faults(MADE),
    Route::get(path!(""), "databases.listDocuments", handler!(list_documents))
        .page("documents", &DOCUMENT)
        .scopes(READ)
        .faults(LISTED),
    Route::get(path!("/{documentId}"), "databases.getDocument", handler!(get_document))
        .ok(&DOCUMENT)
        .scopes(READ)
        .faults(SEEN),
    Route::patch(path!("/{documentId}"), "databases.updateDocument", handler!(update_document))
        .ok(&DOCUMENT)
        .scopes(WRITE)
        .audited_often("document.update", resources::DOCUMENT)
        .idempotent()
        .limit(WRITES)
        .faults(CHANGED),
    Route::put(path!("/{documentId}"), "databases.upsertDocument", handler!(upsert_document))
        .ok(&DOCUMENT)
        .scopes(WRITE)
        .audited_often("document.upsert", resources::DOCUMENT)
        .idempotent()
        .limit(WRITES)
        .faults(UPSERTED),
    Route::delete(path!("/{documentId}"), "databases.deleteDocument", handler!(delete_document))
        .nothing()
        .scopes(WRITE)
        .audited_often("document.delete", resources::DOCUMENT)
        .idempotent()
        .limit(DELETES)
        .faults(REMOVED),
    Route::patch(
        path!("/{documentId}/{attribute}/increment"),
        "databases.incrementDocumentAttribute",
        handler!(increment_document_attribute),
    )
    .ok(&DOCUMENT)
    .scopes(WRITE)
    .audited_often("document.update", resources::DOCUMENT)
    .idempotent()
    .limit(WRITES)
    .faults(STEPPED),
    Route::patch(
        path!("/{documentId}/{attribute}/decrement"),
        "databases.decrementDocumentAttribute",
        handler!(decrement_document_attribute),
    )
    .ok(&DOCUMENT)
    .scopes(WRITE)
    .audited_often("document.update", resources::DOCUMENT)
    .idempotent()
    .limit(WRITES)
    .faults(STEPPED),
];

/// The same routes in the words of tables.
pub const ROW_ROUTES: &[Route] = &[
    Route::post(path!(rows ""), "tablesDB.createRow", tables!(create_document))
        .created(&ROW)
        .also(&["tablesDB.createRows"])
        .tables()
        .scopes(WRITE)
        .audited_often("document.create", resources::TABLE)
        .idempotent()
        .limit(WRITES)
        .faults(MADE),
    Route::get(path!(rows ""), "tablesDB.listRows", tables!(list_documents))
        .page("rows", &ROW)
        .tables()
        .scopes(READ)
        .faults(LISTED),
    Route::get(path!(rows "/{rowId}"), "tablesDB.getRow", tables!(get_document))
        .ok(&ROW)
        .tables()
        .scopes(READ)
        .faults(SEEN),
    Route::patch(path!(rows "/{rowId}"), "tablesDB.updateRow", tables!(update_document))
        .ok(&ROW)
        .tables()
        .scopes(WRITE)
        .audited_often("document.update", resources::ROW)
        .idempotent()
        .limit(WRITES)
        .faults(CHANGED),
    Route::put(path!(rows "/{rowId}"), "tablesDB.upsertRow", tables!(upsert_document))
        .ok(&ROW)
        .tables()
        .scopes(WRITE)
        .audited_often("document.upsert", resources::ROW)
        .idempotent()
        .limit(WRITES)
        .faults(UPSERTED),
    Route::delete(path!(rows "/{rowId}"), "tablesDB.deleteRow", tables!(delete_document))
        .nothing()
        .tables()
        .scopes(WRITE)
        .audited_often("document.delete", resources::ROW)
        .idempotent()
        .limit(DELETES)
        .faults(REMOVED),
    Route::patch(
        path!(rows "/{rowId}/{column}/increment"),
        "tablesDB.incrementRowColumn",
        tables!(increment_document_attribute),
    )
    .ok(&ROW)
    .tables()
    .scopes(WRITE)
    .audited_often("document.update", resources::ROW)
    .idempotent()
    .limit(WRITES)
    .faults(STEPPED),
    Route::patch(
        path!(rows "/{rowId}/{column}/decrement"),
        "tablesDB.decrementRowColumn",
        tables!(decrement_document_attribute),
    )
    .ok(&ROW)
    .tables()
    .scopes(WRITE)
    .audited_often("document.update", resources::ROW)
    .idempotent()
    .limit(WRITES)
    .faults(STEPPED),
];

collection_params! {
    pub(crate) struct CreateDocument {
        /// The id, or `unique()`.
        document_id: Option<IdChoice> = "documentId" => custom_id().optional(),
        /// The document's values by the keys of attributes.
        data: Object = "data" => object_or_text().or_empty(),
        /// Who may do what with the document; its maker alone when left out.
        permissions: Option<Vec<Permission>> = "permissions" => permissions(Action::OF_DOCUMENTS).optional(),
        /// Several documents instead, up to 100, each with `$id` and `$permissions` among its values.
        documents: Vec<Object> = "documents" => array_of(object_or_text(), BATCH_MAX).or_empty(),
        /// A transaction that the change is staged in, or that is read from.
        transaction_id: Option<String> = "transactionId" => uid().optional(),
    }
}

async fn create_document(call: Call<CreateDocument>) -> Reply {
    if !call.params.documents.is_empty() {
        return bulk::create_documents(call).await;
    }
    let p = call.params;
    let (Some(id), false) = (p.document_id, p.data.is_empty()) else {
        return Err(Fault::DocumentMissingData.error());
    };
    let (id, data) = (id.or_make(|| call.cx.new_id()), members(p.data));
    let work = Work::Create(NewDocument { id, data, permissions: p.permissions });
    let at = place(p.database_id, p.collection_id);
    Change { at, transaction: p.transaction_id, status: 201 }.make(&call.cx, &call.exchange, work).await
}

collection_params! {
    pub(crate) struct ListDocuments {
        /// Queries over the attributes of the collection.
        queries: Vec<String> = "queries" => queries().or_empty(),
        /// Whether the documents are counted.
        total: bool = "total" => boolean().or(true, json!(true)),
        /// A transaction that the change is staged in, or that is read from.
        transaction_id: Option<String> = "transactionId" => uid().optional(),
    }
}

async fn list_documents(call: Call<ListDocuments>) -> Reply {
    let ListDocuments { database_id, collection_id, queries, total, transaction_id } = call.params;
    let request = list_request(&call.exchange, queries, String::new(), total);
    let (at, of) = (place(database_id, collection_id), transaction_id.map(TransactionId));
    if of.is_none()
        && let Some(grouped) = documents::aggregate(&call.cx, &at, &request).await?
    {
        return Ok(Form::of(&call.exchange).groups(&grouped));
    }
    let listed = transactions::list_documents(&call.cx, &at, request, of.as_ref()).await?;
    Ok(Form::of(&call.exchange).list(&listed))
}

collection_params! {
    pub(crate) struct GetDocument {
        /// The id of the document.
        document_id: String = "documentId" => uid(),
        /// Queries of the method select.
        queries: Vec<String> = "queries" => queries().or_empty(),
        /// A transaction that the change is staged in, or that is read from.
        transaction_id: Option<String> = "transactionId" => uid().optional(),
    }
}

async fn get_document(call: Call<GetDocument>) -> Reply {
    let GetDocument { database_id, collection_id, document_id, queries, transaction_id } = call.params;
    let (at, of) = (place(database_id, collection_id), transaction_id.map(TransactionId));
    let request = list_request(&call.exchange, queries, String::new(), false);
    let found = transactions::get_document(&call.cx, &at, &document_id, &request, of.as_ref()).await?;
    Ok(Form::of(&call.exchange).answer(200, &found))
}

collection_params! {
    pub(crate) struct UpdateDocument {
        /// The id of the document.
        document_id: String = "documentId" => uid(),
        /// The values that change, by the keys of attributes.
        data: Object = "data" => object_or_text().or_empty(),
        /// Who may do what with the document; they stay as they are when left out.
        permissions: Option<Vec<Permission>> = "permissions" => permissions(Action::OF_DOCUMENTS).optional(),
        /// A transaction that the change is staged in, or that is read from.
        transaction_id: Option<String> = "transactionId" => uid().optional(),
    }
}

async fn update_document(call: Call<UpdateDocument>) -> Reply {
    let p = call.params;
    let (id, data) = (p.document_id, members(p.data));
    let work = Work::Update(NewDocument { id, data, permissions: p.permissions });
    let at = place(p.database_id, p.collection_id);
    Change { at, transaction: p.transaction_id, status: 200 }.make(&call.cx, &call.exchange, work).await
}

collection_params! {
    pub(crate) struct UpsertDocument {
        /// The id of the document, or `unique()`.
        document_id: IdChoice = "documentId" => custom_id(),
        /// The document's values by the keys of attributes.
        data: Object = "data" => object_or_text().or_empty(),
        /// Who may do what with the document; a new one's maker alone when left out.
        permissions: Option<Vec<Permission>> = "permissions" => permissions(Action::OF_DOCUMENTS).optional(),
        /// A transaction that the change is staged in, or that is read from.
        transaction_id: Option<String> = "transactionId" => uid().optional(),
    }
}

async fn upsert_document(call: Call<UpsertDocument>) -> Reply {
    let p = call.params;
    let (id, data) = (p.document_id.or_make(|| call.cx.new_id()), members(p.data));
    let work = Work::Upsert(NewDocument { id, data, permissions: p.permissions });
    let at = place(p.database_id, p.collection_id);
    Change { at, transaction: p.transaction_id, status: 200 }.make(&call.cx, &call.exchange, work).await
}

collection_params! {
    pub(crate) struct DeleteDocument {
        /// The id of the document.
        document_id: String = "documentId" => uid(),
        /// A transaction that the change is staged in, or that is read from.
        transaction_id: Option<String> = "transactionId" => uid().optional(),
    }
}

async fn delete_document(call: Call<DeleteDocument>) -> Reply {
    let DeleteDocument { database_id, collection_id, document_id, transaction_id } = call.params;
    let at = place(database_id, collection_id);
    let change = Change { at, transaction: transaction_id, status: 204 };
    change.make(&call.cx, &call.exchange, Work::Delete(document_id)).await
}

collection_params! {
    pub(crate) struct IncrementDocumentAttribute {
        /// The id of the document.
        document_id: String = "documentId" => uid(),
        /// The key of the attribute.
        attribute: String = "attribute" => key(),
        /// What is added.
        value: f64 = "value" => float(-f64::MAX, f64::MAX).or(1.0, json!(1)),
        /// The largest sum.
        max: Option<f64> = "max" => float(-f64::MAX, f64::MAX).optional(),
        /// A transaction that the change is staged in, or that is read from.
        transaction_id: Option<String> = "transactionId" => uid().optional(),
    }
}

async fn increment_document_attribute(call: Call<IncrementDocumentAttribute>) -> Reply {
    let p = call.params;
    let by = Step { attribute: p.attribute, by: step_of("value", p.value, 1.0)?, bound: p.max };
    let at = place(p.database_id, p.collection_id);
    let change = Change { at, transaction: p.transaction_id, status: 200 };
    change.make(&call.cx, &call.exchange, Work::Step(p.document_id, by)).await
}

collection_params! {
    pub(crate) struct DecrementDocumentAttribute {
        /// The id of the document.
        document_id: String = "documentId" => uid(),
        /// The key of the attribute.
        attribute: String = "attribute" => key(),
        /// What is taken away.
        value: f64 = "value" => float(-f64::MAX, f64::MAX).or(1.0, json!(1)),
        /// The smallest difference.
        min: Option<f64> = "min" => float(-f64::MAX, f64::MAX).optional(),
        /// A transaction that the change is staged in, or that is read from.
        transaction_id: Option<String> = "transactionId" => uid().optional(),
    }
}

async fn decrement_document_attribute(call: Call<DecrementDocumentAttribute>) -> Reply {
    let p = call.params;
    let by = Step { attribute: p.attribute, by: step_of("value", p.value, -1.0)?, bound: p.min };
    let at = place(p.database_id, p.collection_id);
    let change = Change { at, transaction: p.transaction_id, status: 200 };
    change.make(&call.cx, &call.exchange, Work::Step(p.document_id, by)).await
}

/// What a step adds: a whole number stays one.
pub(crate) fn step_of(param: &str, value: f64, sign: f64) -> Result<cairn_model::value::Value, Error> {
    /// Floats hold every whole number up to this one.
    const WHOLE_MAX: f64 = 9_007_199_254_740_992.0;
    if value <= 0.0 {
        return Err(Error::invalid_param(param, "The value must be greater than 0."));
    }
    #[expect(clippy::cast_possible_truncation, reason = "whole and within the range")]
    Ok(if value.fract() == 0.0 && value <= WHOLE_MAX {
        ((value * sign) as i64).into()
    } else {
        (value * sign).into()
    })
}

/// Where a change is to happen, and how its answer is told.
struct Change {
    at: Place,
    /// The transaction that stages it; it happens at once where there is none.
    transaction: Option<String>,
    status: u16,
}

impl Change {
    /// Carry it out, or stage it and answer as if it had happened.
    async fn make(self, cx: &Cx, exchange: &Exchange, work: Work) -> Reply {
        let Self { at, transaction, status } = self;
        let form = Form::of(exchange).told_by(cx, status);
        let changed = match transaction {
            Some(id) => transactions::stage(cx, &TransactionId(id), &at, work).await?,
            None => documents::carry_out(cx, &at, work, exchange.seen_at).await?,
        };
        Ok(match changed {
            _ if status == 204 => Answer::no_content(),
            Changed::One(found) => form.answer(status, &found),
            Changed::Many(listed) => Answer { status, ..form.list(&listed) },
            Changed::Gone => Answer::no_content(),
        })
    }
}

/// The names that members of a document's body have.
fn names(words: Vocabulary) -> (&'static str, &'static str) {
    match words {
        Vocabulary::Documents => ("$collectionId", "documents"),
        Vocabulary::Tables => ("$tableId", "rows"),
    }
}
