//! Transactions of clients, and their staged operations.

use cairn_model::ids::{TransactionId, UserId};
use cairn_model::permissions::Permission;
use cairn_model::schema::{NewDocument, Step};
use cairn_model::transactions::{Operation, Transaction, TransactionStatus, Work};
use cairn_model::value::Value;
use cairn_query::json::{json_of, value_of};
use cairn_query::{FieldType, NounField, NounFields};
use cairn_std::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::listing::{Listing, Page, Source};
use crate::sql::{Row, params, to_json};
use crate::tables::Table;
use crate::{StoreError, Tx};

/// One transaction per id in a project.
pub const TRANSACTIONS_ID_KEY: &str = "project,id";

/// What lists of transactions can be filtered and ordered by.
pub const TRANSACTION_FIELDS: NounFields = NounFields(&[
    NounField::one("status", FieldType::Text),
    NounField::one("expiresAt", FieldType::Datetime),
]);

const COLUMNS: &str = "id, seq, owner, status, operations, expires, created, updated";

const SOURCE: Source = Source {
    table: "cairn_transactions",
    columns: COLUMNS,
    seq: "seq",
    fields: &["status", "expires"],
    search: "",
};

fn transaction(row: &Row<'_>) -> Result<Transaction, StoreError> {
    let status = TransactionStatus::by_name(row.str(3)?)
        .ok_or_else(|| StoreError::inconsistent("transactions", "status", row.text(0).unwrap_or_default()))?;
    Ok(Transaction {
        id: TransactionId(row.text(0)?),
        seq: row.int(1)?,
        owner: row.text_opt(2)?.map(UserId),
        status,
        operations: row.int(4)?,
        expires: row.time(5)?,
        created: row.time(6)?,
        updated: row.time(7)?,
    })
}

impl Tx {
    /// Add a transaction. Conflicts on [`TRANSACTIONS_ID_KEY`].
    pub async fn transaction_insert(&self, new: &Transaction) -> Result<(), StoreError> {
        let sql = "INSERT INTO cairn_transactions \
                   (project, id, seq, owner, status, operations, expires, created, updated) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
        let params = params![
            self.scope(),
            new.id.as_str(),
            new.seq,
            new.owner.as_ref().map(UserId::as_str),
            new.status.name(),
            new.operations,
            new.expires,
            new.created,
            new.updated,
        ];
        self.run_one(sql, params).await
    }

    /// The transaction with this id.
    pub async fn transaction_by_id(&self, id: &TransactionId) -> Result<Option<Transaction>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM cairn_transactions WHERE project = ?1 AND id = ?2");
        self.row(&sql, params![self.scope(), id.as_str()], transaction).await
    }

    /// A page of transactions by [`TRANSACTION_FIELDS`], those of one user or all.
    pub async fn transaction_list(
        &self,
        owner: Option<&UserId>,
        listing: &Listing,
    ) -> Result<Page<Transaction>, cairn_faults::Error> {
        let within = owner.map(|id| ("owner = {}", id.as_str().into()));
        self.list(&SOURCE, within.as_slice(), listing, transaction).await
    }

    /// How many pending transactions a user has, or nobody, counting no further than `max`.
    pub async fn transaction_count(&self, owner: Option<&UserId>, max: i64) -> Result<i64, StoreError> {
        let sql = "SELECT count(*) FROM (SELECT 1 FROM cairn_transactions WHERE project = ?1 \
                   AND coalesce(owner, '') = ?2 AND status = 'pending' LIMIT ?3) AS counted";
        let params = params![self.scope(), owner.map_or("", UserId::as_str), max];
        Ok(self.row(sql, params, |row| row.int(0)).await?.unwrap_or(0))
    }

    /// Write back a transaction that was read in this one.
    pub async fn transaction_update(&self, changed: &Transaction) -> Result<(), StoreError> {
        let sql = "UPDATE cairn_transactions SET status = ?3, operations = ?4, updated = ?5 \
                   WHERE project = ?1 AND id = ?2";
        let params = params![
            self.scope(),
            changed.id.as_str(),
            changed.status.name(),
            changed.operations,
            changed.updated
        ];
        self.run_one(sql, params).await
    }

    /// Remove a transaction and what is staged in it; whether it was there.
    pub async fn transaction_delete(&self, id: &TransactionId) -> Result<bool, StoreError> {
        self.operation_delete_all(id).await?;
        let sql = "DELETE FROM cairn_transactions WHERE project = ?1 AND id = ?2";
        Ok(self.run(sql, params![self.scope(), id.as_str()]).await? == 1)
    }

    /// Remove transactions that ended before `before`, with what is staged in them, `max` at most; how many.
    pub async fn transaction_delete_expired(&self, before: Timestamp, max: i64) -> Result<usize, StoreError> {
        let sql = "SELECT id FROM cairn_transactions WHERE project = ?1 AND expires < ?2 \
                   ORDER BY expires LIMIT ?3";
        let ids = self.rows(sql, params![self.scope(), before, max], |row| row.text(0)).await?;
        for id in &ids {
            self.transaction_delete(&TransactionId::from(id.as_str())).await?;
        }
        Ok(ids.len())
    }

    /// Stage an operation at its place in a transaction.
    pub async fn operation_insert(
        &self,
        id: &TransactionId,
        number: i64,
        operation: &Operation,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO cairn_operations (project, transaction_id, number, collection, definition) \
                   VALUES (?1, ?2, ?3, ?4, ?5)";
        let definition = to_json(&OperationRow::from(operation));
        self.run_one(sql, params![self.scope(), id.as_str(), number, operation.collection, definition]).await
    }

    /// What is staged in a transaction, in its order.
    pub async fn operation_list(&self, id: &TransactionId) -> Result<Vec<Operation>, StoreError> {
        let sql = "SELECT collection, definition FROM cairn_operations \
                   WHERE project = ?1 AND transaction_id = ?2 ORDER BY number";
        self.rows(sql, params![self.scope(), id.as_str()], |row| {
            let definition: OperationRow = row.json(1, "operations")?;
            definition.operation(row.int(0)?)
        })
        .await
    }

    /// Remove all that is staged in a transaction.
    pub async fn operation_delete_all(&self, id: &TransactionId) -> Result<(), StoreError> {
        let sql = "DELETE FROM cairn_operations WHERE project = ?1 AND transaction_id = ?2";
        self.run(sql, params![self.scope(), id.as_str()]).await.map(drop)
    }

    /// The collection with this number, ready for work on its documents.
    pub async fn table_by_number(&self, number: i64) -> Result<Option<Table>, StoreError> {
        match self.collection_by_number(number).await? {
            None => Ok(None),
            Some(collection) => self.table_by_id(&collection.database_id, &collection.id).await,
        }
    }
}

/// An operation as it is stored.
#[derive(Serialize, Deserialize)]
struct OperationRow {
    staged: i64,
    base: Option<String>,
    #[serde(default)]
    author: Option<String>,
    work: WorkRow,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "camelCase")]
enum WorkRow {
    Create { document: DocumentRow },
    Update { document: DocumentRow },
    Upsert { document: DocumentRow },
    Delete { id: String },
    Step { id: String, attribute: String, by: Json, bound: Option<f64> },
    CreateMany { documents: Vec<DocumentRow> },
    UpsertMany { documents: Vec<DocumentRow> },
    UpdateMany { data: Vec<(String, Json)>, permissions: Option<Vec<String>>, queries: Vec<String> },
    DeleteMany { queries: Vec<String> },
}

#[derive(Serialize, Deserialize)]
struct DocumentRow {
    id: String,
    data: Vec<(String, Json)>,
    permissions: Option<Vec<String>>,
}

fn data_row(data: &[(String, Value)]) -> Vec<(String, Json)> {
    data.iter().map(|(key, value)| (key.clone(), json_of(value))).collect()
}

fn data(row: Vec<(String, Json)>) -> Vec<(String, Value)> {
    row.into_iter().map(|(key, json)| (key, value_of(json))).collect()
}

fn permissions_row(permissions: Option<&Vec<Permission>>) -> Option<Vec<String>> {
    permissions.map(|list| list.iter().map(ToString::to_string).collect())
}

fn permissions(row: Option<Vec<String>>) -> Result<Option<Vec<Permission>>, StoreError> {
    let parse = |text: String| {
        Permission::parse(&text).map_err(|_| StoreError::inconsistent("operations", "permissions", text))
    };
    row.map(|list| list.into_iter().map(parse).collect()).transpose()
}

impl From<&NewDocument> for DocumentRow {
    fn from(new: &NewDocument) -> Self {
        let permissions = permissions_row(new.permissions.as_ref());
        Self { id: new.id.clone(), data: data_row(&new.data), permissions }
    }
}

impl DocumentRow {
    fn document(self) -> Result<NewDocument, StoreError> {
        Ok(NewDocument { id: self.id, data: data(self.data), permissions: permissions(self.permissions)? })
    }
}

impl From<&Operation> for OperationRow {
    fn from(operation: &Operation) -> Self {
        let rows = |all: &[NewDocument]| all.iter().map(DocumentRow::from).collect();
        let work = match &operation.work {
            Work::Create(new) => WorkRow::Create { document: new.into() },
            Work::Update(new) => WorkRow::Update { document: new.into() },
            Work::Upsert(new) => WorkRow::Upsert { document: new.into() },
            Work::Delete(id) => WorkRow::Delete { id: id.clone() },
            Work::Step(id, step) => WorkRow::Step {
                id: id.clone(),
                attribute: step.attribute.clone(),
                by: json_of(&step.by),
                bound: step.bound,
            },
            Work::CreateMany(all) => WorkRow::CreateMany { documents: rows(all) },
            Work::UpsertMany(all) => WorkRow::UpsertMany { documents: rows(all) },
            Work::UpdateMany { data, permissions, queries } => WorkRow::UpdateMany {
                data: data_row(data),
                permissions: permissions_row(permissions.as_ref()),
                queries: queries.clone(),
            },
            Work::DeleteMany { queries } => WorkRow::DeleteMany { queries: queries.clone() },
        };
        let author = operation.author.as_ref().map(ToString::to_string);
        Self { staged: operation.staged.0, base: operation.base.clone(), author, work }
    }
}

impl OperationRow {
    fn operation(self, collection: i64) -> Result<Operation, StoreError> {
        let all = |rows: Vec<DocumentRow>| {
            rows.into_iter().map(DocumentRow::document).collect::<Result<Vec<_>, StoreError>>()
        };
        let work = match self.work {
            WorkRow::Create { document } => Work::Create(document.document()?),
            WorkRow::Update { document } => Work::Update(document.document()?),
            WorkRow::Upsert { document } => Work::Upsert(document.document()?),
            WorkRow::Delete { id } => Work::Delete(id),
            WorkRow::Step { id, attribute, by, bound } => {
                Work::Step(id, Step { attribute, by: value_of(by), bound })
            }
            WorkRow::CreateMany { documents } => Work::CreateMany(all(documents)?),
            WorkRow::UpsertMany { documents } => Work::UpsertMany(all(documents)?),
            WorkRow::UpdateMany { data: row, permissions: list, queries } => {
                Work::UpdateMany { data: data(row), permissions: permissions(list)?, queries }
            }
            WorkRow::DeleteMany { queries } => Work::DeleteMany { queries },
        };
        let (staged, author) = (Timestamp(self.staged), self.author.map(UserId));
        Ok(Operation { collection, staged, base: self.base, author, work })
    }
}
