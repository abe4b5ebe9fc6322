//! Lists on both engines, compared with the meaning of queries.

use std::borrow::Cow;

use cairn_faults::{Error, Fault};
use cairn_model::ids::{TeamId, UserId};
use cairn_model::teams::Team;
use cairn_model::users::User;
use cairn_model::value::Value;
use cairn_query::{Field, Limits, Query, build, eval};
use cairn_std::{Clock, Tasks, Timestamp};
use cairn_testkit::postgres::Postgres;

use super::{Counting, Listing, Page};
use crate::{PostgresOptions, ProjectRef, SqliteOptions, Store, USER_FIELDS};

/// Both engines, each with the directory that it may need.
async fn stores(name: &str) -> [(Store, tempfile::TempDir); 2] {
    let dirs = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let sqlite = Store::open_sqlite(SqliteOptions::new(dirs[0].path()), Clock::mock(Timestamp(0))).unwrap();
    let dsn = Postgres::shared().create_database(name).await.unwrap();
    let options = PostgresOptions { connections_max: 4, ..PostgresOptions::new(dsn) };
    let postgres = Store::open_postgres(options, Tasks::new()).await.unwrap();
    let [first, second] = dirs;
    [(sqlite, first), (postgres, second)]
}

fn user(number: i64, name: &str, email: Option<&str>, labels: &[&str]) -> User {
    User {
        id: UserId(format!("u{number}")),
        seq: number * 10,
        name: name.to_owned(),
        email: email.map(str::to_owned),
        phone: None,
        password_hash: None,
        password_updated: None,
        password_history: Vec::new(),
        is_active: number % 2 == 0,
        is_email_verified: number == 3,
        is_phone_verified: false,
        has_mfa: false,
        is_impersonator: false,
        needs_new_password: false,
        labels: labels.iter().map(|label| (*label).to_owned()).collect(),
        prefs: "{}".to_owned(),
        accessed_at: None,
        created: Timestamp(1_000 * number),
        updated: Timestamp(5_000),
    }
}

fn users() -> Vec<User> {
    vec![
        user(1, "ada", Some("ada@example.com"), &["vip"]),
        user(2, "Bob", Some("b_b@example.org"), &["vip", "beta"]),
        user(3, "élise", None, &[]),
        user(4, "ada", Some("other%ada@example.com"), &["a\"b"]),
        user(5, "", None, &["beta"]),
    ]
}

struct Seen<'a>(&'a User);

impl eval::Row for Seen<'_> {
    fn value(&self, field: Field) -> Cow<'_, Value> {
        let Self(user) = self;
        let text = |text: &Option<String>| text.clone().map_or(Value::Null, Value::Text);
        Cow::Owned(match field {
            Field::Id | Field::Permissions | Field::Relevance => Value::Text(user.id.0.clone()),
            Field::Sequence => Value::Int(user.seq),
            Field::Created => Value::Datetime(user.created),
            Field::Updated => Value::Datetime(user.updated),
            Field::Attribute(place) => match USER_FIELDS.0[place].name {
                "name" => Value::Text(user.name.clone()),
                "email" => text(&user.email),
                "status" => Value::Bool(user.is_active),
                "registration" => Value::Datetime(user.created),
                "emailVerification" => Value::Bool(user.is_email_verified),
                "phoneVerification" | "impersonator" => Value::Bool(false),
                "labels" => Value::Array(user.labels.iter().cloned().map(Value::Text).collect()),
                _ => Value::Null,
            },
        })
    }
}

fn query(texts: &[&str]) -> Query {
    build(texts, &USER_FIELDS, Limits::CURRENT).unwrap_or_else(|error| panic!("{texts:?}: {error}"))
}

async fn fill(store: &Store) {
    let filled: Result<(), Error> = store
        .write(&ProjectRef::console(), |tx| async move {
            for user in users() {
                tx.user_insert(&user).await?;
            }
            Ok(())
        })
        .await;
    filled.unwrap();
}

async fn listed(store: &Store, listing: Listing) -> Result<Page<User>, Error> {
    store.read_long(&ProjectRef::console(), |tx| async move { tx.user_list(&listing).await }).await
}

const QUERIES: &[&[&str]] = &[
    &[],
    &[r#"{"method":"equal","attribute":"name","values":["ada"]}"#],
    &[r#"{"method":"equal","attribute":"email","values":["ada@example.com","b_b@example.org"]}"#],
    &[r#"{"method":"notEqual","attribute":"email","values":["ada@example.com"]}"#],
    &[r#"{"method":"isNull","attribute":"email"}"#],
    &[r#"{"method":"isNotNull","attribute":"email"}"#],
    &[r#"{"method":"startsWith","attribute":"name","values":["B"]}"#],
    &[r#"{"method":"startsWith","attribute":"name","values":["b"]}"#],
    &[r#"{"method":"endsWith","attribute":"email","values":["EXAMPLE.COM"]}"#],
    &[r#"{"method":"contains","attribute":"email","values":["_"]}"#],
    &[r#"{"method":"contains","attribute":"email","values":["%"]}"#],
    &[r#"{"method":"notContains","attribute":"email","values":["ada"]}"#],
    &[r#"{"method":"contains","attribute":"labels","values":["vip"]}"#],
    &[r#"{"method":"contains","attribute":"labels","values":["a\"b"]}"#],
    &[r#"{"method":"containsAll","attribute":"labels","values":["vip","beta"]}"#],
    &[r#"{"method":"notContains","attribute":"labels","values":["vip"]}"#],
    &[r#"{"method":"equal","attribute":"status","values":[true]}"#],
    &[r#"{"method":"equal","attribute":"impersonator","values":[false]}"#],
    &[r#"{"method":"greaterThan","attribute":"registration","values":["1970-01-01T00:00:02.000+00:00"]}"#],
    &[r#"{"method":"between","attribute":"$sequence","values":[20,40]}"#],
    &[
        r#"{"method":"or","values":[{"method":"equal","attribute":"name","values":["Bob"]},{"method":"equal","attribute":"emailVerification","values":[true]}]}"#,
    ],
    &[r#"{"method":"orderAsc","attribute":"name"}"#],
    &[r#"{"method":"orderDesc","attribute":"email"}"#],
    &[r#"{"method":"orderDesc","attribute":"$createdAt"}"#, r#"{"method":"limit","values":[2]}"#],
    &[r#"{"method":"orderAsc","attribute":"name"}"#, r#"{"method":"cursorAfter","values":["u1"]}"#],
    &[r#"{"method":"orderAsc","attribute":"name"}"#, r#"{"method":"cursorBefore","values":["u2"]}"#],
    &[r#"{"method":"orderDesc","attribute":"email"}"#, r#"{"method":"cursorAfter","values":["u1"]}"#],
    &[r#"{"method":"offset","values":[1]}"#, r#"{"method":"limit","values":[2]}"#],
];

#[tokio::test(flavor = "multi_thread")]
async fn lists_mean_what_queries_mean() {
    let all = users();
    let rows: Vec<Seen<'_>> = all.iter().map(Seen).collect();
    for (store, _dir) in stores("listing").await {
        fill(&store).await;
        for texts in QUERIES {
            let query = query(texts);
            let meant: Vec<&str> =
                eval::page(&query, &rows, 25).unwrap().iter().map(|row| row.0.id.as_str()).collect();
            let total = rows.iter().filter(|row| eval::matches(&query, *row)).count();
            let found = listed(&store, Listing { query, ..Listing::default() }).await.unwrap();
            let ids: Vec<&str> = found.items.iter().map(|user| user.id.as_str()).collect();
            assert_eq!(ids, meant, "{texts:?} on {}", store.engine());
            assert_eq!(found.total, i64::try_from(total).unwrap(), "{texts:?} on {}", store.engine());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn words_are_looked_for_in_id_name_address_and_labels() {
    for (store, _dir) in stores("search").await {
        fill(&store).await;
        for (search, expected) in [
            ("ADA", vec!["u1", "u4"]),
            ("ada other", vec!["u4"]),
            ("ÉLISE", vec!["u3"]),
            ("vip", vec!["u1", "u2"]),
            ("u5", vec!["u5"]),
            ("100%", vec![]),
            (" ", vec!["u1", "u2", "u3", "u4", "u5"]),
        ] {
            let listing =
                Listing { search: search.to_owned(), counting: Counting::Skipped, ..Listing::default() };
            let found = listed(&store, listing).await.unwrap();
            let ids: Vec<&str> = found.items.iter().map(|user| user.id.as_str()).collect();
            assert_eq!(ids, expected, "{search:?} on {}", store.engine());
            assert_eq!(found.total, 0, "nothing was counted");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_needs_a_row_with_a_place() {
    for (store, _dir) in stores("cursor").await {
        fill(&store).await;
        let unknown = query(&[r#"{"method":"cursorAfter","values":["nobody"]}"#]);
        let nowhere = query(&[
            r#"{"method":"orderAsc","attribute":"email"}"#,
            r#"{"method":"cursorAfter","values":["u3"]}"#,
        ]);
        for (query, fault) in
            [(unknown, Fault::GeneralCursorNotFound), (nowhere, Fault::DatabaseQueryOrderNull)]
        {
            let error = listed(&store, Listing { query, ..Listing::default() }).await.unwrap_err();
            assert_eq!(error.fault(), fault, "{}", store.engine());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_have_a_bound() {
    for (store, _dir) in stores("bound").await {
        let filled: Result<(), Error> = store
            .write(&ProjectRef::console(), |tx| async move {
                for number in 0..30_i64 {
                    tx.team_insert(&Team {
                        id: TeamId(format!("t{number}")),
                        seq: number,
                        name: format!("Team {number}"),
                        total: 0,
                        prefs: "{}".to_owned(),
                        created: Timestamp(number),
                        updated: Timestamp(number),
                    })
                    .await?;
                }
                Ok(())
            })
            .await;
        filled.unwrap();
        for (limit, length) in [(None, 25), (Some(7), 7), (Some(u64::MAX), 30)] {
            let listing = Listing { query: Query { limit, ..Query::default() }, ..Listing::default() };
            let page = store
                .read_long(&ProjectRef::console(), |tx| async move { tx.team_list(&listing).await })
                .await
                .unwrap();
            assert_eq!((page.items.len(), page.total), (length, 30), "{limit:?} on {}", store.engine());
        }
    }
}
