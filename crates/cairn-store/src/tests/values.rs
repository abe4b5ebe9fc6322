//! Values, their order and what is refused, alike on both engines.

use super::harness::{add, each_engine, project, user};
use crate::sql::params;
use crate::{Store, StoreError, StoreErrorKind, Tx};

type Values = (Option<&'static str>, Option<i64>, Option<f64>, Option<bool>);

const VALUES: &str = "CREATE TABLE cairn_values (id BIGINT, t TEXT, n BIGINT, f DOUBLE PRECISION, b BOOLEAN)";

async fn with_values(store: &Store, values: Vec<Values>) {
    let body = move |tx: Tx| async move {
        let ddl = match tx.dialect() {
            crate::sql::Dialect::Sqlite => VALUES.to_owned(),
            crate::sql::Dialect::Postgres => VALUES.replace("TEXT", "TEXT COLLATE \"C\""),
        };
        tx.batch(&ddl).await?;
        for (id, (text, int, float, bool)) in (0_i64..).zip(values) {
            let sql = "INSERT INTO cairn_values (id, t, n, f, b) VALUES (?1, ?2, ?3, ?4, ?5)";
            tx.run(sql, params![id, text, int, float, bool]).await?;
        }
        Ok::<_, StoreError>(())
    };
    store.write(&project(1), body).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn text_sorts_by_bytes_and_null_first() {
    each_engine("order", |store| async move {
        let texts = ["b", "B", "a", "ä", "Z", "_", "", "a b", "ab", "\u{10000}", "\u{fffd}", "10", "9"];
        let mut values: Vec<Values> = texts.iter().map(|text| (Some(*text), None, None, None)).collect();
        values.insert(5, (None, None, None, None));
        with_values(&store, values).await;
        let mut sorted: Vec<Option<String>> = texts.iter().map(|text| Some((*text).to_owned())).collect();
        sorted.push(None);
        sorted.sort();
        for (direction, expected) in
            [("ASC NULLS FIRST", sorted.clone()), ("DESC NULLS LAST", sorted.into_iter().rev().collect())]
        {
            let sql = format!("SELECT t FROM cairn_values ORDER BY t {direction}");
            let read = |tx: Tx| async move { tx.rows(&sql, &[], |row| row.text_opt(0)).await };
            assert_eq!(store.read(&project(1), read).await.unwrap(), expected, "{}", store.engine());
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn values_come_back_as_they_were() {
    each_engine("round_trips", |store| async move {
        let values: [Values; 4] = [
            (Some("ä\u{1}\n'\"\\?1"), Some(i64::MAX), Some(f64::MAX), Some(true)),
            (Some(""), Some(i64::MIN), Some(f64::MIN_POSITIVE), Some(false)),
            (None, None, None, None),
            (Some("{}"), Some(0), Some(-0.1), Some(true)),
        ];
        with_values(&store, values.to_vec()).await;
        let read = |tx: Tx| async move {
            tx.rows("SELECT t, n, f, b FROM cairn_values ORDER BY id", &[], |row| {
                Ok((row.text_opt(0)?, row.int_opt(1)?, row.float_opt(2)?, row.bool_opt(3)?))
            })
            .await
        };
        let expected = values.map(|(text, int, float, bool)| (text.map(str::to_owned), int, float, bool));
        assert_eq!(store.read(&project(1), read).await.unwrap(), expected, "{}", store.engine());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_engine_would_change_or_refuse_both_refuse() {
    each_engine("unstorable", |store| async move {
        let error = add(&store, &project(1), user("nul\0")).await.unwrap_err();
        assert!(matches!(error.kind(), StoreErrorKind::Unstorable(_)), "{}: {error}", store.engine());
        with_values(&store, Vec::new()).await;
        for float in [f64::NAN, f64::INFINITY] {
            let sql = "INSERT INTO cairn_values (f) VALUES (?1)";
            let body = move |tx: Tx| async move { tx.run(sql, params![float]).await };
            let error = store.write(&project(1), body).await.unwrap_err();
            assert!(matches!(error.kind(), StoreErrorKind::Unstorable(_)), "{}: {error}", store.engine());
        }
    })
    .await;
}
