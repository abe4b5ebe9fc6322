//! Transactions, in both vocabularies: changes of documents that are staged and then carried out together.

mod operations;

use cairn_core::Cx;
use cairn_core::claims::Written;
use cairn_core::transactions::{self, StagedOperation};
use cairn_faults::{Error, Fault, Vocabulary};
use cairn_http::rules::{
    IdChoice, Rule, array_of, boolean, custom_id, integer, object_or_text, queries, uid,
};
use cairn_http::{Answer, Call, Reply, Route, handler, params};
use cairn_model::transactions::{
    TTL_SECONDS_DEFAULT, TTL_SECONDS_MAX, TTL_SECONDS_MIN, Transaction, TransactionId,
};
use serde_json::json;

use crate::documents::{READ, WRITE};
use crate::models::TRANSACTION;
use crate::schemas::LISTED;
use crate::wire::{Object, list_request, object, paged, told};
use crate::words::tables;

/// Operations that one request may carry; a transaction has a bound of its own, with a fault of its own.
const OPERATIONS_SENT_MAX: usize = 1_000;

const MADE: &[Fault] = &[Fault::TransactionAlreadyExists, Fault::TransactionLimitExceeded];
const SEEN: &[Fault] = &[Fault::TransactionNotFound];
const ENDED: &[Fault] = &[
    Fault::TransactionNotFound,
    Fault::TransactionNotReady,
    Fault::TransactionExpired,
    Fault::TransactionConflict,
    Fault::TransactionFailed,
    Fault::GeneralBadRequest,
    Fault::UserUnauthorized,
    Fault::DocumentNotFound,
    Fault::DocumentInvalidStructure,
    Fault::AttributeLimitExceeded,
];
const STAGED: &[Fault] = &[
    Fault::TransactionNotFound,
    Fault::TransactionInvalid,
    Fault::TransactionExpired,
    Fault::TransactionLimitExceeded,
    Fault::GeneralBadRequest,
    Fault::DatabaseNotFound,
    Fault::CollectionNotFound,
    Fault::DocumentNotFound,
    Fault::UserUnauthorized,
];

macro_rules! path {
    ($rest:literal) => {
        concat!("/v1/databases/transactions", $rest)
    };
    (tables $rest:literal) => {
        concat!("/v1/tablesdb/transactions", $rest)
    };
}

/// The routes of this capability.
pub const ROUTES: &[Route] = &[
    Route::post(path!(""), "databases.createTransaction", handler!(create_transaction))
        .created(&TRANSACTION)
        .scopes(WRITE)
        .idempotent()
        .faults(MADE),
    Route::get(path!(""), "databases.listTransactions", handler!(list_transactions))
        .page("transactions", &TRANSACTION)
        .scopes(READ)
        .faults(LISTED),
    Route::get(path!("/{transactionId}"), "databases.getTransaction", handler!(get_transaction))
        .ok(&TRANSACTION)
        .scopes(READ)
        .faults(SEEN),
    Route::patch(path!("/{transactionId}"), "databases.updateTransaction", handler!(update_transaction))
        .ok(&TRANSACTION)
        .scopes(WRITE)
        .idempotent()
        .faults(ENDED),
    Route::delete(path!("/{transactionId}"), "databases.deleteTransaction", handler!(delete_transaction))
        .nothing()
        .scopes(WRITE)
        .idempotent()
        .faults(SEEN),
    Route::post(
        path!("/{transactionId}/operations"),
        "databases.createOperations",
        handler!(create_operations),
    )
    .created(&TRANSACTION)
    .scopes(WRITE)
    .idempotent()
    .faults(STAGED),
    Route::post(path!(tables ""), "tablesDB.createTransaction", tables!(create_transaction))
        .created(&TRANSACTION)
        .tables()
        .scopes(WRITE)
        .idempotent()
        .faults(MADE),
    Route::get(path!(tables ""), "tablesDB.listTransactions", tables!(list_transactions))
        .page("transactions", &TRANSACTION)
        .tables()
        .scopes(READ)
        .faults(LISTED),
    Route::get(path!(tables "/{transactionId}"), "tablesDB.getTransaction", tables!(get_transaction))
        .ok(&TRANSACTION)
        .tables()
        .scopes(READ)
        .faults(SEEN),
    Route::patch(path!(tables "/{transactionId}"), "tablesDB.updateTransaction", tables!(update_transaction))
        .ok(&TRANSACTION)
        .tables()
        .scopes(WRITE)
        .idempotent()
        .faults(ENDED),
    Route::delete(
        path!(tables "/{transactionId}"),
        "tablesDB.deleteTransaction",
        tables!(delete_transaction),
    )
    .nothing()
    .tables()
    .scopes(WRITE)
    .idempotent()
    .faults(SEEN),
    Route::post(
        path!(tables "/{transactionId}/operations"),
        "tablesDB.createOperations",
        tables!(create_operations),
    )
    .created(&TRANSACTION)
    .tables()
    .scopes(WRITE)
    .idempotent()
    .faults(STAGED),
];

params! {
    pub(crate) struct CreateTransaction {
        /// The id, or `unique()`, which is what is made when it is left out.
        transaction_id: IdChoice = "transactionId" => custom_id().or(IdChoice::Unique, json!("unique()")),
        /// Seconds until it ends by itself, 60 to 3600.
        ttl: i64 = "ttl" => integer(TTL_SECONDS_MIN, TTL_SECONDS_MAX).or(TTL_SECONDS_DEFAULT, json!(TTL_SECONDS_DEFAULT)),
    }
}

async fn create_transaction(call: Call<CreateTransaction>) -> Reply {
    told_by(&call.cx, 201);
    let CreateTransaction { transaction_id, ttl } = call.params;
    let id = transaction_id.or_make(|| call.cx.new_id());
    Ok(Answer::created("transaction", transaction(&transactions::create(&call.cx, &id, ttl).await?)))
}

params! {
    pub(crate) struct ListTransactions {
        /// Queries over the attributes status and expiresAt.
        queries: Vec<String> = "queries" => queries().or_empty(),
    }
}

async fn list_transactions(call: Call<ListTransactions>) -> Reply {
    let request = list_request(&call.exchange, call.params.queries, String::new(), true);
    let page = transactions::list(&call.cx, &request).await?;
    Ok(paged("transaction", "transactions", &page, transaction))
}

params! {
    pub(crate) struct GetTransaction {
        /// The id of the transaction.
        transaction_id: String = "transactionId" => uid(),
    }
}

async fn get_transaction(call: Call<GetTransaction>) -> Reply {
    let id = TransactionId::from(call.params.transaction_id);
    Ok(Answer::ok("transaction", transaction(&transactions::get(&call.cx, &id).await?)))
}

async fn delete_transaction(call: Call<GetTransaction>) -> Reply {
    told_by(&call.cx, 204);
    transactions::delete(&call.cx, &TransactionId::from(call.params.transaction_id)).await?;
    Ok(Answer::no_content())
}

params! {
    pub(crate) struct UpdateTransaction {
        /// The id of the transaction.
        transaction_id: String = "transactionId" => uid(),
        /// Whether its operations are carried out.
        commit: bool = "commit" => boolean().or(false, json!(false)),
        /// Whether its operations are forgotten.
        rollback: bool = "rollback" => boolean().or(false, json!(false)),
    }
}

async fn update_transaction(call: Call<UpdateTransaction>) -> Reply {
    told_by(&call.cx, 200);
    let UpdateTransaction { transaction_id, commit, rollback } = call.params;
    let id = TransactionId::from(transaction_id);
    let ended = match (commit, rollback) {
        (true, false) => transactions::commit(&call.cx, &id).await?,
        (false, true) => transactions::roll_back(&call.cx, &id).await?,
        _ => return Err(one_of_both()),
    };
    Ok(Answer::ok("transaction", transaction(&ended)))
}

fn one_of_both() -> Error {
    Fault::GeneralBadRequest.with("reason", "one of commit and rollback must be true, and not both")
}

params! {
    pub(crate) struct CreateOperations {
        /// The id of the transaction.
        transaction_id: String = "transactionId" => uid(),
        /// The operations: each names its action, databaseId, collectionId, documentId and data.
        operations: Vec<Object> = "operations" => array_of(object_or_text(), OPERATIONS_SENT_MAX).or_empty(),
    }
}

async fn create_operations(call: Call<CreateOperations>) -> Reply {
    told_by(&call.cx, 201);
    let CreateOperations { transaction_id, operations } = call.params;
    let staged = operations_of(operations, call.exchange.vocabulary())?;
    let id = TransactionId::from(transaction_id);
    Ok(Answer::created("transaction", transaction(&transactions::stage_all(&call.cx, &id, staged).await?)))
}

fn operations_of(sent: Vec<Object>, words: Vocabulary) -> Result<Vec<StagedOperation>, Error> {
    let numbered = sent.into_iter().enumerate();
    numbered.map(|(place, sent)| operations::read(sent, words, place)).collect()
}

/// Say how the answer of a write is told: should the caller repeat it, it is kept.
fn told_by(cx: &Cx, status: u16) {
    cx.telling(move |written| match written {
        Written::Transaction(of) => told(Answer { status, ..Answer::ok("transaction", transaction(of)) }),
        _ => told(Answer::no_content()),
    });
}

fn transaction(of: &Transaction) -> Object {
    object(json!({
        "$id": of.id.as_str(),
        "$createdAt": of.created.to_wire(),
        "$updatedAt": of.updated.to_wire(),
        "status": of.status.name(),
        "operations": of.operations,
        "expiresAt": of.expires.to_wire(),
    }))
}
