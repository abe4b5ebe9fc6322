//! Idempotency keys on both engines: what is kept, of whom, and for how long.

use cairn_faults::{Error, Fault};
use cairn_model::transactions::Work;
use cairn_model::value::Value;

use super::{KEPT_MS, KEY_CHARS_MAX, Told, Written, repeated};
use crate::Cx;
use crate::documents::bulk::tests::{all, make_notes, note, notes};
use crate::documents::{self, create_many};
use crate::fixture::{fault, on_both};
use crate::transactions::{self, stage};

/// The same caller with a key, telling what was written in its own words.
fn with_key(cx: &Cx, key: &str, request: &str) -> Cx {
    let cx = cx.claiming(key, request).expect("a good key");
    cx.telling(|written| {
        let body = match written {
            Written::Document(found) => format!("{} {:?}", found.document.id, found.document.values[1]),
            Written::Documents(listed) => listed.page.total.to_string(),
            Written::Transaction(of) => format!("{} {}", of.status.name(), of.operations),
            Written::Nothing => String::new(),
        };
        Told { status: 201, body }
    });
    cx
}

/// What a request with a key answers, as a surface asks: what was answered before, or what is done now.
async fn send<T>(
    cx: &Cx,
    key: &str,
    request: &str,
    work: impl AsyncFn(&Cx) -> Result<T, Error>,
) -> Result<String, Fault> {
    let cx = with_key(cx, key, request);
    match repeated(&cx).await.map_err(|error| error.fault())? {
        Some(told) => Ok(format!("again {}", told.body)),
        None => match work(&cx).await {
            Ok(_) => {
                let told = repeated(&cx).await.map_err(|error| error.fault())?;
                Ok(told.expect("what was written is kept").body)
            }
            Err(error) => Err(error.fault()),
        },
    }
}

async fn add_star(cx: &Cx) -> Result<(), Error> {
    let operator: Value = r#"{"method":"increment","values":[1]}"#.into();
    documents::update(cx, &notes(), "a", vec![("stars".to_owned(), operator)], None, None).await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repetition_is_answered_and_not_carried_out() {
    on_both("idempotency_again", |fixture| async move {
        let cx = fixture.key().await;
        make_notes(&cx).await;
        let make = async |cx: &Cx| documents::create(cx, &notes(), note("a", 1)).await;
        assert_eq!(send(&cx, "k1", "make", make).await.as_deref(), Ok("a Int(1)"));
        assert_eq!(send(&cx, "k1", "make", make).await.as_deref(), Ok("again a Int(1)"));
        assert_eq!(send(&cx, "k1", "make another", make).await, Err(Fault::IdempotencyKeyReused));
        assert_eq!(send(&cx, "k2", "make", make).await, Err(Fault::DocumentAlreadyExists));
        // What was refused is not kept.
        documents::delete(&cx, &notes(), "a", None).await.expect("removes");
        assert_eq!(send(&cx, "k2", "make", make).await.as_deref(), Ok("a Int(1)"));
        for expected in ["a Int(2)", "again a Int(2)", "again a Int(2)"] {
            assert_eq!(send(&cx, "k3", "add", add_star).await.as_deref(), Ok(expected));
        }
        let many = async |cx: &Cx| create_many(cx, &notes(), vec![note("b", 1), note("c", 1)]).await;
        assert_eq!(send(&cx, "k4", "many", many).await.as_deref(), Ok("2"));
        assert_eq!(send(&cx, "k4", "many", many).await.as_deref(), Ok("again 2"));
        let remove = async |cx: &Cx| documents::delete(cx, &notes(), "c", None).await;
        assert_eq!(send(&cx, "k5", "remove", remove).await.as_deref(), Ok(""));
        assert_eq!(send(&cx, "k5", "remove", remove).await.as_deref(), Ok("again "));
        assert_eq!(all(&cx).await, [("a".to_owned(), 2.into()), ("b".to_owned(), 1.into())]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn transactions_are_staged_and_committed_once() {
    on_both("idempotency_staged", |fixture| async move {
        let cx = fixture.key().await;
        make_notes(&cx).await;
        let id = transactions::create(&cx, "unique()", 60).await.expect("begins").id;
        let add = async |cx: &Cx| stage(cx, &id, &notes(), Work::Create(note("a", 1))).await;
        assert_eq!(send(&cx, "k1", "add", add).await.as_deref(), Ok("a Int(1)"));
        assert_eq!(send(&cx, "k1", "add", add).await.as_deref(), Ok("again a Int(1)"));
        let commit = async |cx: &Cx| transactions::commit(cx, &id).await;
        assert_eq!(send(&cx, "k2", "commit", commit).await.as_deref(), Ok("committed 1"));
        assert_eq!(send(&cx, "k2", "commit", commit).await.as_deref(), Ok("again committed 1"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_at_once_are_carried_out_once() {
    on_both("idempotency_race", |fixture| async move {
        let cx = fixture.key().await;
        make_notes(&cx).await;
        create_many(&cx, &notes(), vec![note("a", 1)]).await.expect("makes");
        // Both have asked before either was written.
        let both = [with_key(&cx, "k", "add"), with_key(&cx, "k", "add")];
        let (one, other) = tokio::join!(add_star(&both[0]), add_star(&both[1]));
        let refused = one.err().or(other.err()).expect("one of them comes too late");
        assert_eq!(refused.fault(), Fault::IdempotencyKeyInUse);
        assert_eq!(all(&cx).await, [("a".to_owned(), 2.into())]);
        assert_eq!(
            repeated(&both[1]).await.expect("kept").map(|told| told.body).as_deref(),
            Some("a Int(2)")
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_their_callers_and_last_a_day() {
    on_both("idempotency_time", |fixture| async move {
        let cx = fixture.key().await;
        make_notes(&cx).await;
        create_many(&cx, &notes(), vec![note("a", 1)]).await.expect("makes");
        assert_eq!(send(&cx, "k", "add", add_star).await.as_deref(), Ok("a Int(2)"));
        let other = fixture.signed_up("ada").await;
        assert_eq!(send(&other, "k", "add", add_star).await, Err(Fault::UserUnauthorized));
        fixture.clock.advance_ms(KEPT_MS - 1);
        assert_eq!(send(&cx, "k", "add", add_star).await.as_deref(), Ok("again a Int(2)"));
        fixture.clock.advance_ms(1);
        assert_eq!(send(&cx, "k", "add", add_star).await.as_deref(), Ok("a Int(3)"));
        for wrong in ["", "tab\t", "é", &"k".repeat(KEY_CHARS_MAX + 1)] {
            assert_eq!(fault(cx.claiming(wrong, "x")), Fault::GeneralArgumentInvalid, "{wrong}");
        }
        let long = cx.claiming("long", "x").expect("a good key");
        long.telling(|_| Told { status: 200, body: "x".repeat(super::ANSWER_BYTES_MAX + 1) });
        assert_eq!(fault(add_star(&long).await), Fault::GeneralBadRequest);
        assert_eq!(all(&cx).await, [("a".to_owned(), 3.into())]);
    })
    .await;
}
