//! A table whose columns' numbers run out is made anew, while documents are read and written.

use std::time::Duration;

use cairn_model::schema::{
    Attribute, AttributeType, Collection, Database, Document, Index, IndexType, Status,
};
use cairn_model::value::Value;
use cairn_std::{Tasks, Timestamp};
use cairn_testkit::postgres::Postgres;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use super::harness::project;
use crate::{Job, JobKind, PostgresOptions, ProjectRef, Store, StoreError, StoreErrorKind, Table, Tx};

const COLUMNS_MAX: u32 = 16;
const LONG: Duration = Duration::from_mins(1);

struct Bed {
    /// Of its own: a transaction of another test would make every snapshot an old one.
    cluster: Postgres,
    store: Store,
    place: ProjectRef,
    database: String,
    table: Table,
}

fn attribute(number: i64) -> Attribute {
    let mut attribute = Attribute::new(format!("a{number}"), AttributeType::String);
    (attribute.column, attribute.size, attribute.status) = (number, 40, Status::Available);
    attribute
}

fn collection() -> Collection {
    let mut indexes = vec![
        Index::new("plain", IndexType::Key, ["a2", "$createdAt"]),
        Index::new("single", IndexType::Unique, ["a1"]),
    ];
    for (index, number) in indexes.iter_mut().zip(1..) {
        (index.number, index.status) = (number, Status::Available);
    }
    Collection {
        id: "c".into(),
        number: 1,
        database_id: "db".into(),
        database_number: 1,
        name: "c".into(),
        is_enabled: true,
        document_security: false,
        permissions: Vec::new(),
        attributes: vec![attribute(1), attribute(2)],
        indexes,
        created: Timestamp(0),
        updated: Timestamp(0),
    }
}

fn document(number: i64) -> Document {
    let values = vec![Value::from(format!("only {number}")), Value::from("same")];
    let (created, updated) = (Timestamp(number), Timestamp(number));
    Document {
        seq: number,
        id: format!("d{number}").as_str().into(),
        created,
        updated,
        permissions: [].into(),
        values,
    }
}

impl Bed {
    async fn new() -> Self {
        let cluster = Postgres::start(cairn_testkit::postgres::Options::default()).unwrap();
        let dsn = cluster.create_database("rebuilt").await.unwrap();
        let database = dsn.rsplit('/').next().unwrap().to_owned();
        let options = PostgresOptions { columns_max: COLUMNS_MAX, ..PostgresOptions::new(dsn) };
        let store = Store::open_postgres(options, Tasks::new()).await.unwrap();
        let place = project(1);
        let made = store.write(&place, |tx: Tx| async move {
            let database = Database {
                id: "db".into(),
                number: 1,
                name: "db".into(),
                is_enabled: true,
                kind: "legacy".into(),
                created: Timestamp(0),
                updated: Timestamp(0),
            };
            tx.database_insert(&database).await?;
            let made = collection();
            tx.collection_insert(&made).await?;
            tx.table_create(&made).await?;
            for index in &made.indexes {
                tx.index_build(&made, index).await?;
            }
            let table = tx.table_by_id(&"db".into(), &"c".into()).await?;
            let table = table.ok_or_else(|| StoreError::new(StoreErrorKind::NoProject))?;
            for number in 1..=50 {
                tx.document_insert(&table, &document(number)).await?;
            }
            Ok::<_, StoreError>(table)
        });
        let table = made.await.unwrap();
        Self { cluster, store, place, database, table }
    }

    /// Have attributes come and go until a rebuild is asked for.
    async fn use_up(&self) -> Job {
        for number in 3.. {
            let body = move |tx: Tx| async move {
                tx.column_create(1, &attribute(number)).await?;
                tx.column_drop(&collection(), &attribute(number)).await?;
                tx.job_first().await
            };
            if let Some(job) = self.store.write(&self.place, body).await.unwrap() {
                assert_eq!((job.task.kind, job.task.part), (JobKind::TableRebuild, 0));
                assert!(number < i64::from(COLUMNS_MAX), "asked for in time: {number}");
                return job;
            }
        }
        unreachable!("numbers do not end");
    }

    /// Do a step of the project's first job; what is left of it.
    async fn step(&self) -> Result<Option<Job>, StoreError> {
        let first = |tx: Tx| async move { tx.job_first().await };
        let job: Option<Job> = self.store.read(&self.place, first).await?;
        let job = job.expect("there is a job");
        self.store
            .write_long(&self.place, LONG, move |tx: Tx| async move { tx.table_rebuild(&job).await })
            .await?;
        self.store.read(&self.place, first).await
    }

    /// The first column of what SQL behind the store's back finds.
    async fn ask(&self, sql: &str) -> Vec<String> {
        let rows = self.cluster.run(&self.database, sql).await.unwrap();
        let texts = rows.iter().filter_map(|row| match row {
            tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
            _ => None,
        });
        texts.collect()
    }

    /// What has to outlast a rebuild.
    async fn facts(&self) -> [Vec<String>; 3] {
        let name = self.table.name.documents();
        let indexes = "SELECT replace(indexdef, ' COLLATE \"C\"', '') FROM pg_indexes WHERE tablename LIKE 'p1_d1%' ORDER BY 1";
        let grants = format!(
            "SELECT a::text FROM pg_class, unnest(relacl) a WHERE oid = '{name}'::regclass ORDER BY 1"
        );
        let sequences = "SELECT sequencename || ' ' || last_value FROM pg_sequences ORDER BY 1";
        [self.ask(indexes).await, self.ask(&grants).await, self.ask(sequences).await]
    }

    async fn documents(&self) -> Vec<Document> {
        let table = self.table.clone();
        let body = |tx: Tx| async move { documents(&tx, &table).await };
        self.store.read(&self.place, body).await.unwrap()
    }
}

async fn documents(tx: &Tx, table: &Table) -> Result<Vec<Document>, StoreError> {
    let mut found = Vec::new();
    for number in 1..=60 {
        found.extend(tx.document_by_id(table, &format!("d{number}")).await?);
    }
    Ok(found)
}

/// A transaction that has its snapshot and waits before it reads documents.
async fn begin(bed: &Bed, tasks: &mut JoinSet<usize>) -> oneshot::Sender<()> {
    let (began, has_begun) = oneshot::channel();
    let (go_on, may_go_on) = oneshot::channel::<()>();
    let (store, place, table) = (bed.store.clone(), bed.place.clone(), bed.table.clone());
    tasks.spawn(async move {
        let body = |tx: Tx| async move {
            tx.user_count(1).await?;
            began.send(()).unwrap();
            may_go_on.await.unwrap();
            Ok::<_, StoreError>(documents(&tx, &table).await?.len())
        };
        store.read(&place, body).await.unwrap()
    });
    has_begun.await.unwrap();
    go_on
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rebuild_keeps_rows_indexes_sequence_and_rights_and_nobody_meets_an_empty_table() {
    let bed = Bed::new().await;
    let name = bed.table.name.documents();
    bed.ask(&format!(
        "CREATE ROLE reporter; GRANT SELECT ON {name} TO reporter WITH GRANT OPTION; GRANT INSERT ON {name} TO PUBLIC"
    ))
    .await;
    let before = bed.facts().await;
    bed.use_up().await;

    let mut tasks = JoinSet::new();
    let old = begin(&bed, &mut tasks).await;
    let copied = bed.step().await.unwrap().expect("a second step is left");
    assert_ne!(copied.task.part, 0);
    // Documents change meanwhile.
    let table = bed.table.clone();
    let changed = bed.store.write(&bed.place, move |tx: Tx| async move {
        tx.document_insert(&table, &document(51)).await?;
        let changed = Document { values: vec!["changed".into(), Value::Null], ..document(7) };
        tx.document_update(&table, &document(7), &changed).await?;
        tx.document_delete(&table, &document(8)).await
    });
    changed.await.unwrap();

    let refused = bed.step().await.unwrap_err();
    assert_eq!(refused.kind(), &StoreErrorKind::Busy, "somebody has a snapshot from before the copy");
    old.send(()).unwrap();
    assert_eq!(tasks.join_next().await.unwrap().unwrap(), 50, "as it was when that one began");
    let newer = begin(&bed, &mut tasks).await;
    assert_eq!(bed.step().await.unwrap(), None, "the job is done");
    newer.send(()).unwrap();
    assert_eq!(tasks.join_next().await.unwrap().unwrap(), 50, "51 less one, though the table is another");

    let documents = bed.documents().await;
    assert_eq!(documents.len(), 50);
    assert_eq!(documents[6].values, ["changed".into(), Value::Null]);
    assert!(documents.iter().all(|document| document.id.as_str() != "d8"));
    let [indexes, grants, sequences] = bed.facts().await;
    assert_eq!((indexes, grants), (before[0].clone(), before[1].clone()));
    assert_eq!(sequences, [before[2][0].replace(" 50", " 51")], "it goes on where it was");
    let left = "SELECT tgname::text FROM pg_trigger UNION ALL SELECT proname FROM pg_proc WHERE proname LIKE '%mirror%'";
    assert!(bed.ask(left).await.is_empty());
    let used =
        format!("SELECT count(*) FROM pg_attribute WHERE attrelid = '{name}'::regclass AND attnum > 0");
    assert_eq!(bed.ask(&used).await, ["7"], "five of every table and two attributes");
    let table = bed.table.clone();
    let refused = bed.store.write(&bed.place, move |tx: Tx| async move {
        let same = Document { values: document(1).values, ..document(52) };
        tx.document_insert(&table, &same).await
    });
    assert!(matches!(refused.await.unwrap_err().kind(), StoreErrorKind::Conflict(_)), "unique as before");
    // And again.
    bed.use_up().await;
    bed.step().await.unwrap().expect("a second step is left");
    assert_eq!(bed.step().await.unwrap(), None);
    assert_eq!(bed.documents().await, documents);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rebuild_that_is_given_up_or_overtaken_leaves_nothing() {
    let bed = Bed::new().await;
    bed.use_up().await;
    bed.step().await.unwrap();
    let undo = |tx: Tx| async move { tx.table_rebuild_undo(1).await };
    bed.store.write(&bed.place, undo).await.unwrap();
    let left = "SELECT relname::text FROM pg_class WHERE relname LIKE 'p1_d1_n%' UNION ALL \
                SELECT proname FROM pg_proc WHERE proname LIKE '%mirror%' UNION ALL SELECT tgname FROM pg_trigger";
    assert!(bed.ask(left).await.is_empty());
    assert_eq!(bed.documents().await.len(), 50);
    // A change of the table lets the copy go; the job begins again, and the change is in the new table.
    let wide = Attribute { size: 90, ..attribute(900) };
    let changed = wide.clone();
    let again = |tx: Tx| async move {
        let job = tx.job_first().await?.expect("the job is there");
        tx.table_rebuild(&Job { task: crate::Task { part: 0, ..job.task }, ..job }).await
    };
    bed.store.write(&bed.place, again).await.unwrap();
    bed.store.write(&bed.place, |tx: Tx| async move { tx.column_create(1, &changed).await }).await.unwrap();
    assert_eq!(bed.step().await.unwrap().map(|job| job.task.part), Some(0), "there is no copy any more");
    bed.step().await.unwrap().expect("a second step is left");
    while let Err(error) = bed.step().await {
        assert_eq!(error.kind(), &StoreErrorKind::Busy);
    }
    let column = "SELECT attname::text FROM pg_attribute WHERE attname = 'c900' AND attnum = 8";
    assert_eq!(bed.ask(column).await, ["c900"], "behind the columns of every table and two attributes");
    bed.store
        .write(&bed.place, move |tx: Tx| async move { tx.column_drop(&collection(), &wide).await })
        .await
        .unwrap();
    bed.use_up().await;
    // A project that goes takes a half-made copy along.
    bed.step().await.unwrap();
    assert!(!bed.ask(left).await.is_empty());
    bed.store.project_discard(&bed.place).await.unwrap();
    assert!(bed.ask(left).await.is_empty());
}
