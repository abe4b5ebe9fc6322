//! Many documents at once, in both vocabularies. Making them shares its route with making one.

use cairn_faults::Fault;
use cairn_http::rules::{Rule, array_of, object_or_text, queries, uid};
use cairn_http::{Call, Reply, Route, handler};
use cairn_model::transactions::{BATCH_MAX, Work};

use super::values::{documents_of, members, permissions_of};
use super::{Change, CreateDocument, DELETES, WRITE, WRITES};
use crate::models::{DOCUMENT, ROW};
use crate::schemas::{collection_params, place, resources};
use crate::wire::Object;
use crate::words::tables;

const UPSERTED: &[Fault] = staged![
    GeneralUnauthorizedScope,
    GeneralBadRequest,
    DocumentInvalidStructure,
    DocumentUniqueConstraintViolation,
    TransactionLimitExceeded
];
const UPDATED: &[Fault] = staged![
    GeneralUnauthorizedScope,
    GeneralBadRequest,
    GeneralQueryInvalid,
    GeneralCursorNotFound,
    DocumentMissingPayload,
    DocumentInvalidStructure,
    DocumentUniqueConstraintViolation,
    TransactionLimitExceeded
];
const REMOVED: &[Fault] = staged![
    GeneralUnauthorizedScope,
    GeneralBadRequest,
    GeneralQueryInvalid,
    GeneralCursorNotFound,
    TransactionLimitExceeded
];

const PATH: &str = "/v1/databases/{databaseId}/collections/{collectionId}/documents";
const ROW_PATH: &str = "/v1/tablesdb/{databaseId}/tables/{tableId}/rows";

/// The routes of this capability.
pub const BULK_ROUTES: &[Route] = &[
    Route::put(PATH, "databases.upsertDocuments", handler!(upsert_documents))
        .page("documents", &DOCUMENT)
        .scopes(WRITE)
        .audited_often("documents.upsert", resources::COLLECTION)
        .idempotent()
        .limit(WRITES)
        .faults(UPSERTED),
    Route::patch(PATH, "databases.updateDocuments", handler!(update_documents))
        .page("documents", &DOCUMENT)
        .scopes(WRITE)
        .audited_often("documents.update", resources::COLLECTION)
        .idempotent()
        .limit(WRITES)
        .faults(UPDATED),
    Route::delete(PATH, "databases.deleteDocuments", handler!(delete_documents))
        .page("documents", &DOCUMENT)
        .scopes(WRITE)
        .audited_often("documents.delete", resources::COLLECTION)
        .idempotent()
        .limit(DELETES)
        .faults(REMOVED),
    Route::put(ROW_PATH, "tablesDB.upsertRows", tables!(upsert_documents))
        .page("rows", &ROW)
        .tables()
        .scopes(WRITE)
        .audited_often("documents.upsert", resources::TABLE)
        .idempotent()
        .limit(WRITES)
        .faults(UPSERTED),
    Route::patch(ROW_PATH, "tablesDB.updateRows", tables!(update_documents))
        .page("rows", &ROW)
        .tables()
        .scopes(WRITE)
        .audited_often("documents.update", resources::TABLE)
        .idempotent()
        .limit(WRITES)
        .faults(UPDATED),
    Route::delete(ROW_PATH, "tablesDB.deleteRows", tables!(delete_documents))
        .page("rows", &ROW)
        .tables()
        .scopes(WRITE)
        .audited_often("documents.delete", resources::TABLE)
        .idempotent()
        .limit(DELETES)
        .faults(REMOVED),
];

/// Make several documents, each with its id and permissions among its members.
pub(super) async fn create_documents(call: Call<CreateDocument>) -> Reply {
    let p = call.params;
    let conflict = [
        ("data", !p.data.is_empty()),
        ("an id", p.document_id.is_some()),
        ("permissions", p.permissions.is_some_and(|list| !list.is_empty())),
    ];
    if let Some((what, _)) = conflict.into_iter().find(|(_, is_given)| *is_given) {
        let reason = format!("{what} cannot be given beside several documents, which carry their own");
        return Err(Fault::GeneralBadRequest.with("reason", reason));
    }
    let status = if p.transaction_id.is_some() { 200 } else { 201 };
    let (at, work) = (place(p.database_id, p.collection_id), Work::CreateMany(documents_of(p.documents)?));
    Change { at, transaction: p.transaction_id, status }.make(&call.cx, &call.exchange, work).await
}

collection_params! {
    pub(crate) struct UpsertDocuments {
        /// The documents, up to 100, each with its `$id` among its values.
        documents: Vec<Object> = "documents" => array_of(object_or_text(), BATCH_MAX),
        /// A transaction that the change is staged in.
        transaction_id: Option<String> = "transactionId" => uid().optional(),
    }
}

async fn upsert_documents(call: Call<UpsertDocuments>) -> Reply {
    let p = call.params;
    let (at, work) = (place(p.database_id, p.collection_id), Work::UpsertMany(documents_of(p.documents)?));
    Change { at, transaction: p.transaction_id, status: 200 }.make(&call.cx, &call.exchange, work).await
}

collection_params! {
    pub(crate) struct UpdateDocuments {
        /// The values that change, by the keys of attributes; `$permissions` replaces the permissions.
        data: Object = "data" => object_or_text().or_empty(),
        /// Queries that name the documents; all of them when left out.
        queries: Vec<String> = "queries" => queries().or_empty(),
        /// A transaction that the change is staged in.
        transaction_id: Option<String> = "transactionId" => uid().optional(),
    }
}

async fn update_documents(call: Call<UpdateDocuments>) -> Reply {
    let p = call.params;
    let permissions = permissions_of(&p.data, "the data")?;
    let work = Work::UpdateMany { data: members(p.data), permissions, queries: p.queries };
    let at = place(p.database_id, p.collection_id);
    Change { at, transaction: p.transaction_id, status: 200 }.make(&call.cx, &call.exchange, work).await
}

collection_params! {
    pub(crate) struct DeleteDocuments {
        /// Queries that name the documents; all of them when left out.
        queries: Vec<String> = "queries" => queries().or_empty(),
        /// A transaction that the change is staged in.
        transaction_id: Option<String> = "transactionId" => uid().optional(),
    }
}

async fn delete_documents(call: Call<DeleteDocuments>) -> Reply {
    let p = call.params;
    let (at, work) = (place(p.database_id, p.collection_id), Work::DeleteMany { queries: p.queries });
    Change { at, transaction: p.transaction_id, status: 200 }.make(&call.cx, &call.exchange, work).await
}
