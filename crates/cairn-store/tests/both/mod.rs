//! A store on each engine, and one on PostgreSQL behind a pooler, side by side.

use std::future::Future;
use std::sync::atomic::{AtomicU32, Ordering};

use cairn_model::schema::{Collection, Database, Document, Index};
use cairn_model::value::Value;
use cairn_std::{Clock, Tasks, Timestamp};
use cairn_store::{Pooling, PostgresOptions, ProjectRef, SqliteOptions, Store, StoreError, Table, Tx};
use cairn_testkit::postgres::{Pooler, Postgres};

/// How many stores are compared.
pub(crate) const STORES: usize = 3;

static DATABASES: AtomicU32 = AtomicU32::new(0);

pub(crate) struct Both {
    stores: [Store; STORES],
    project: ProjectRef,
    _dir: tempfile::TempDir,
}

impl Both {
    pub(crate) async fn open() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let sqlite = Store::open_sqlite(SqliteOptions::new(dir.path()), Clock::system()).unwrap();
        let name = format!("both_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
        let dsn = Postgres::shared().create_database(&name).await.unwrap();
        let options = PostgresOptions { connections_max: 4, ..PostgresOptions::new(dsn) };
        let postgres = Store::open_postgres(options, Tasks::new()).await.unwrap();
        let dsn = Postgres::shared().create_database(&name).await.unwrap();
        let dsn = Pooler::shared().dsn(&dsn);
        let pooling = Pooling::Transaction;
        let options = PostgresOptions { connections_max: 4, pooling, ..PostgresOptions::new(dsn) };
        let pooled = Store::open_postgres(options, Tasks::new()).await.unwrap();
        let both = Self { stores: [sqlite, postgres, pooled], project: ProjectRef::console(), _dir: dir };
        let database = Database {
            id: "db".into(),
            number: 1,
            name: "db".into(),
            is_enabled: true,
            kind: "legacy".into(),
            created: Timestamp(0),
            updated: Timestamp(0),
        };
        both.write(move |tx| {
            let database = database.clone();
            async move { tx.database_insert(&database).await }
        })
        .await;
        both
    }

    pub(crate) async fn write_one<T, F, Fut>(&self, which: usize, body: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(Tx) -> Fut + Clone + Send + 'static,
        Fut: Future<Output = Result<T, StoreError>> + Send,
    {
        self.stores[which].write(&self.project, body).await
    }

    /// Write to both, and neither refuses.
    pub(crate) async fn write<Fut>(&self, body: impl Fn(Tx) -> Fut + Clone + Send + 'static)
    where
        Fut: Future<Output = Result<(), StoreError>> + Send,
    {
        for which in 0..STORES {
            self.write_one(which, body.clone()).await.unwrap();
        }
    }

    pub(crate) async fn read<T, F, Fut>(&self, which: usize, body: F) -> Result<T, StoreError>
    where
        F: FnOnce(Tx) -> Fut,
        Fut: Future<Output = Result<T, StoreError>>,
    {
        self.stores[which].read(&self.project, body).await
    }

    pub(crate) async fn make(&self, schema: &Collection) -> [Table; STORES] {
        let made = schema.clone();
        self.write(move |tx| {
            let made = made.clone();
            async move {
                tx.collection_insert(&made).await?;
                tx.table_create(&made).await
            }
        })
        .await;
        self.tables(schema).await
    }

    async fn tables(&self, schema: &Collection) -> [Table; STORES] {
        let mut tables = Vec::new();
        for which in 0..STORES {
            let found =
                self.read(which, |tx| async move { tx.table_by_id(&"db".into(), &schema.id).await }).await;
            let table = found.unwrap().unwrap();
            assert_eq!(table.collection(), schema);
            tables.push(table);
        }
        tables.try_into().unwrap()
    }

    /// Build indexes and put them into the schema.
    pub(crate) async fn index(&self, schema: &Collection, indexes: &[Index]) -> [Table; STORES] {
        for index in indexes {
            self.build(schema, index).await;
            let (schema, index) = (schema.clone(), index.clone());
            self.write(move |tx| {
                let (schema, index) = (schema.clone(), index.clone());
                async move { tx.index_insert(&schema, &index).await }
            })
            .await;
        }
        let schema = Collection { indexes: indexes.to_vec(), ..schema.clone() };
        self.tables(&schema).await
    }

    pub(crate) async fn build(&self, schema: &Collection, index: &Index) {
        let (schema, index) = (schema.clone(), index.clone());
        self.write(move |tx| {
            let (schema, index) = (schema.clone(), index.clone());
            async move { tx.index_build(&schema, &index).await }
        })
        .await;
    }

    pub(crate) async fn insert(
        &self,
        tables: &[Table; STORES],
        document: &Document,
    ) -> Vec<Result<i64, StoreError>> {
        let mut results = Vec::new();
        for (which, table) in tables.iter().enumerate() {
            let (table, document) = (table.clone(), document.clone());
            results.push(
                self.write_one(which, move |tx| async move { tx.document_insert(&table, &document).await })
                    .await,
            );
        }
        results
    }
}

pub(crate) fn collection() -> Collection {
    Collection {
        id: "c".into(),
        number: 1,
        database_id: "db".into(),
        database_number: 1,
        name: "c".into(),
        is_enabled: true,
        document_security: false,
        permissions: Vec::new(),
        attributes: Vec::new(),
        indexes: Vec::new(),
        created: Timestamp(0),
        updated: Timestamp(0),
    }
}

pub(crate) fn document(id: &str, values: Vec<Value>) -> Document {
    Document {
        seq: 0,
        id: id.into(),
        created: Timestamp(1),
        updated: Timestamp(2),
        permissions: [].into(),
        values,
    }
}
