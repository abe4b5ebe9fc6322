//! Many documents at once, in both vocabularies. Making them shares its route with making one.

use cairn_core::documents;
use cairn_faults::Fault;
use cairn_http::rules::{Rule, array_of, object_or_text, queries, uid};
use cairn_http::{Answer, Call, Reply, Route, handler, params};
use cairn_model::transactions::{BATCH_MAX, Work};

use super::values::{documents_of, members, permissions_of};
use super::write::Form;
use super::{CreateDocument, DELETES, WRITE, WRITES, stage};
use crate::models::{DOCUMENT, ROW};
use crate::schemas::{place, resources};
use crate::wire::Object;
use crate::words::tables;

/// What a request that changes many documents may be refused for.
const BULK: &[Fault] = &[
    Fault::DatabaseNotFound,
    Fault::CollectionNotFound,
    Fault::GeneralUnauthorizedScope,
    Fault::GeneralBadRequest,
    Fault::GeneralQueryInvalid,
    Fault::GeneralCursorNotFound,
    Fault::DocumentMissingPayload,
    Fault::DocumentInvalidStructure,
    Fault::DocumentAlreadyExists,
    Fault::DocumentUniqueConstraintViolation,
    Fault::TransactionNotFound,
    Fault::TransactionNotReady,
    Fault::TransactionExpired,
    Fault::TransactionLimitExceeded,
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
        .faults(BULK),
    Route::patch(PATH, "databases.updateDocuments", handler!(update_documents))
        .page("documents", &DOCUMENT)
        .scopes(WRITE)
        .audited_often("documents.update", resources::COLLECTION)
        .idempotent()
        .limit(WRITES)
        .faults(BULK),
    Route::delete(PATH, "databases.deleteDocuments", handler!(delete_documents))
        .page("documents", &DOCUMENT)
        .scopes(WRITE)
        .audited_often("documents.delete", resources::COLLECTION)
        .idempotent()
        .limit(DELETES)
        .faults(BULK),
    Route::put(ROW_PATH, "tablesDB.upsertRows", tables!(upsert_documents))
        .page("rows", &ROW)
        .tables()
        .scopes(WRITE)
        .audited_often("documents.upsert", resources::TABLE)
        .idempotent()
        .limit(WRITES)
        .faults(BULK),
    Route::patch(ROW_PATH, "tablesDB.updateRows", tables!(update_documents))
        .page("rows", &ROW)
        .tables()
        .scopes(WRITE)
        .audited_often("documents.update", resources::TABLE)
        .idempotent()
        .limit(WRITES)
        .faults(BULK),
    Route::delete(ROW_PATH, "tablesDB.deleteRows", tables!(delete_documents))
        .page("rows", &ROW)
        .tables()
        .scopes(WRITE)
        .audited_often("documents.delete", resources::TABLE)
        .idempotent()
        .limit(DELETES)
        .faults(BULK),
];

/// Make several documents, each with its id and permissions among its members.
pub(super) async fn create_documents(call: Call<CreateDocument>) -> Reply {
    let status = if call.params.transaction_id.is_some() { 200 } else { 201 };
    let form = Form::of(&call.exchange).told_by(&call.cx, status);
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
    let (at, all) = (place(p.database_id, p.collection_id), documents_of(p.documents)?);
    if let Some(id) = p.transaction_id {
        return stage(&call.cx, form, id, (&at, Work::CreateMany(all)), 200).await;
    }
    let made = documents::create_many(&call.cx, &at, all).await?;
    Ok(Answer { status: 201, ..form.list(&made) })
}

params! {
    pub(crate) struct UpsertDocuments {
        /// The id of the database.
        database_id: String = "databaseId" => uid(),
        /// The id of the collection.
        collection_id: String = "collectionId" => uid(),
        /// The documents, up to 100, each with its `$id` among its values.
        documents: Vec<Object> = "documents" => array_of(object_or_text(), BATCH_MAX),
        /// A transaction that the change is staged in.
        transaction_id: Option<String> = "transactionId" => uid().optional(),
    }
}

async fn upsert_documents(call: Call<UpsertDocuments>) -> Reply {
    let form = Form::of(&call.exchange).told_by(&call.cx, 200);
    let p = call.params;
    let (at, all) = (place(p.database_id, p.collection_id), documents_of(p.documents)?);
    if let Some(id) = p.transaction_id {
        return stage(&call.cx, form, id, (&at, Work::UpsertMany(all)), 200).await;
    }
    let made = documents::upsert_many(&call.cx, &at, all).await?;
    Ok(form.list(&made))
}

params! {
    pub(crate) struct UpdateDocuments {
        /// The id of the database.
        database_id: String = "databaseId" => uid(),
        /// The id of the collection.
        collection_id: String = "collectionId" => uid(),
        /// The values that change, by the keys of attributes; `$permissions` replaces the permissions.
        data: Object = "data" => object_or_text().or_empty(),
        /// Queries that name the documents; all of them when left out.
        queries: Vec<String> = "queries" => queries().or_empty(),
        /// A transaction that the change is staged in.
        transaction_id: Option<String> = "transactionId" => uid().optional(),
    }
}

async fn update_documents(call: Call<UpdateDocuments>) -> Reply {
    let form = Form::of(&call.exchange).told_by(&call.cx, 200);
    let p = call.params;
    let (at, permissions) = (place(p.database_id, p.collection_id), permissions_of(&p.data, "the data")?);
    let data = members(p.data);
    if let Some(id) = p.transaction_id {
        let work = Work::UpdateMany { data, permissions, queries: p.queries };
        return stage(&call.cx, form, id, (&at, work), 200).await;
    }
    let changed = documents::update_many(&call.cx, &at, data, permissions, p.queries).await?;
    Ok(form.list(&changed))
}

params! {
    pub(crate) struct DeleteDocuments {
        /// The id of the database.
        database_id: String = "databaseId" => uid(),
        /// The id of the collection.
        collection_id: String = "collectionId" => uid(),
        /// Queries that name the documents; all of them when left out.
        queries: Vec<String> = "queries" => queries().or_empty(),
        /// A transaction that the change is staged in.
        transaction_id: Option<String> = "transactionId" => uid().optional(),
    }
}

async fn delete_documents(call: Call<DeleteDocuments>) -> Reply {
    let form = Form::of(&call.exchange).told_by(&call.cx, 200);
    let p = call.params;
    let at = place(p.database_id, p.collection_id);
    if let Some(id) = p.transaction_id {
        let work = Work::DeleteMany { queries: p.queries };
        return stage(&call.cx, form, id, (&at, work), 200).await;
    }
    let gone = documents::delete_many(&call.cx, &at, p.queries).await?;
    Ok(form.list(&gone))
}
