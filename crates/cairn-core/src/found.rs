//! Documents as they are answered: one, or a page of them, with those that they relate to.

use std::sync::Arc;

use cairn_model::schema::Document;
use cairn_query::Field;
use cairn_store::{Page, RelatedPage, Table};

/// A document with the collection that says what its values are.
#[derive(Clone, Debug)]
pub struct Found {
    /// The collection.
    pub table: Arc<Table>,
    /// The document.
    pub document: Document,
    /// What is answered of it, and of related documents.
    pub shown: Shown,
}

impl Found {
    /// A document without related ones.
    pub(crate) fn plain(table: Arc<Table>, document: Document) -> Self {
        Self { table, document, shown: Shown::default() }
    }
}

/// A page of documents.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The collection.
    pub table: Arc<Table>,
    /// The documents and how many there are.
    pub page: Page<Document>,
    /// The fields to answer; all when `None`.
    pub select: Option<Vec<Field>>,
    /// The related documents.
    pub branches: Vec<Branch>,
}

impl Listed {
    /// How many documents it shows, related ones included.
    pub(crate) fn document_count(&self) -> usize {
        self.page.items.len() + self.branches.iter().map(Branch::document_count).sum::<usize>()
    }
}

/// What is answered beside a document: the fields that were asked for, and related documents.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    /// The document's own fields to answer; all when `None`.
    pub select: Option<Vec<Field>>,
    /// The related documents.
    pub branches: Vec<Branch>,
}

impl Shown {
    /// How many related documents it shows.
    pub(crate) fn document_count(&self) -> usize {
        self.branches.iter().map(Branch::document_count).sum()
    }
}

/// The documents that one relationship leads to from a list of documents.
#[derive(Clone, Debug)]
pub struct Branch {
    /// The place of the relationship among the attributes of the documents that it leads from.
    pub place: usize,
    /// Whether it leads to a list.
    pub is_many: bool,
    /// The collection of the related documents.
    pub table: Arc<Table>,
    /// The related documents, and which of them belong to which of the others.
    pub page: RelatedPage,
    /// The place of the attribute that leads back, which is not answered.
    pub back: Option<usize>,
    /// What is answered of the related documents.
    pub shown: Shown,
}

impl Branch {
    /// How many related documents it shows, and those behind them.
    pub(crate) fn document_count(&self) -> usize {
        self.page.documents.len() + self.shown.document_count()
    }
}
