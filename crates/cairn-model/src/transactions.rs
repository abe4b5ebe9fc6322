//! Transactions: changes of documents that are staged first and carried out together, all or none.

use cairn_std::time::Timestamp;

pub use crate::ids::TransactionId;
use crate::ids::UserId;
use crate::permissions::Permission;
use crate::schema::{NewDocument, Step};
use crate::value::Value;

/// Operations of one transaction at most (the reference's `APP_LIMIT_DATABASE_TRANSACTION`).
pub const OPERATIONS_MAX: i64 = 100;
/// Documents that one bulk request may carry, and that its answer shows (the reference's `APP_LIMIT_DATABASE_BATCH`).
pub const BATCH_MAX: usize = 100;
/// The shortest life of a transaction in seconds.
pub const TTL_SECONDS_MIN: i64 = 60;
/// The longest life of a transaction in seconds.
pub const TTL_SECONDS_MAX: i64 = 3_600;
/// The life of a transaction in seconds where its maker does not say.
pub const TTL_SECONDS_DEFAULT: i64 = 300;

/// Where a transaction stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TransactionStatus {
    /// It takes operations.
    Pending,
    /// All of its operations were carried out.
    Committed,
    /// None of its operations was carried out, nor will be: it failed or was rolled back.
    Failed,
}

impl TransactionStatus {
    /// The word on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Committed => "committed",
            Self::Failed => "failed",
        }
    }

    /// The status with this word.
    pub fn by_name(name: &str) -> Option<Self> {
        [Self::Pending, Self::Committed, Self::Failed].into_iter().find(|status| status.name() == name)
    }
}

/// A set of staged changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Transaction {
    /// The id that clients use.
    pub id: TransactionId,
    /// The order of making.
    pub seq: i64,
    /// The user who made it and alone may use it; keys and admins may use every one.
    pub owner: Option<UserId>,
    /// Where it stands.
    pub status: TransactionStatus,
    /// Operations that were staged.
    pub operations: i64,
    /// When it ends by itself.
    pub expires: Timestamp,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
}

/// A staged change.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// The number of the collection that it changes.
    pub collection: i64,
    /// When it was staged.
    pub staged: Timestamp,
    /// What the document looked like then, as a name for that state; [`None`] where there was none.
    pub base: Option<String>,
    /// The user who staged it; [`None`] for a key or an admin.
    pub author: Option<UserId>,
    /// What to do.
    pub work: Work,
}

/// A change of documents of one collection.
#[derive(Clone, Debug, PartialEq)]
pub enum Work {
    /// Make a document.
    Create(NewDocument),
    /// Set members of a document.
    Update(NewDocument),
    /// Make a document, or set members of the one that is there.
    Upsert(NewDocument),
    /// Remove the document with this id.
    Delete(String),
    /// Add to a number of the document with this id.
    Step(String, Step),
    /// Make documents.
    CreateMany(Vec<NewDocument>),
    /// Make documents, or set members of those that are there.
    UpsertMany(Vec<NewDocument>),
    /// Set members of all documents that satisfy the queries.
    UpdateMany {
        /// What is set.
        data: Vec<(String, Value)>,
        /// Who may do what with them; [`None`] leaves that alone.
        permissions: Option<Vec<Permission>>,
        /// Which documents.
        queries: Vec<String>,
    },
    /// Remove all documents that satisfy the queries.
    DeleteMany {
        /// Which documents.
        queries: Vec<String>,
    },
}

impl Work {
    /// The one document that is changed; [`None`] for many.
    pub fn document(&self) -> Option<&str> {
        match self {
            Self::Create(new) | Self::Update(new) | Self::Upsert(new) => Some(&new.id),
            Self::Delete(id) | Self::Step(id, _) => Some(id),
            Self::CreateMany(_) | Self::UpsertMany(_) | Self::UpdateMany { .. } | Self::DeleteMany { .. } => {
                None
            }
        }
    }

    /// Whether many documents are changed: a matter of keys and admins.
    pub fn is_bulk(&self) -> bool {
        self.document().is_none()
    }

    /// All members that are set, one list per document that is named.
    pub fn data_mut(&mut self) -> Vec<&mut Vec<(String, Value)>> {
        match self {
            Self::Create(new) | Self::Update(new) | Self::Upsert(new) => vec![&mut new.data],
            Self::CreateMany(all) | Self::UpsertMany(all) => {
                all.iter_mut().map(|new| &mut new.data).collect()
            }
            Self::UpdateMany { data, .. } => vec![data],
            Self::Delete(_) | Self::Step(..) | Self::DeleteMany { .. } => Vec::new(),
        }
    }
}
