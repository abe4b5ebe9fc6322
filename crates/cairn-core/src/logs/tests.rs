//! What is noted can be read at once, is bounded in time, and says who really acted.

use cairn_faults::Fault;
use cairn_model::ids::{TeamId, UserId};
use cairn_model::logs::{LOG_SECONDS_DEFAULT, LogActor};

use super::{Entry, has_room, list, list_of_team, list_of_user, note, write};
use crate::Cx;
use crate::auth::{Credentials, Impersonated};
use crate::fixture::{Fixture, PROJECT, on_both};
use crate::listing::ListRequest;
use crate::teams::{self, NewTeam};
use crate::tokens::SessionValue;
use crate::users::{self, Trust};

fn update(cx: &Cx, event: &str, subject: &str) {
    note(
        cx,
        Entry {
            event: event.to_owned(),
            resource: format!("user/{subject}"),
            subject: subject.to_owned(),
            is_frequent: false,
        },
    );
}

async fn events(cx: &Cx, request: &ListRequest) -> (i64, Vec<String>) {
    let page = list(cx, request).await.unwrap();
    (page.total, page.items.into_iter().map(|log| log.event).collect())
}

fn page(queries: &[&str]) -> ListRequest {
    ListRequest {
        queries: queries.iter().map(|query| (*query).to_owned()).collect(),
        ..ListRequest::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_are_read_as_soon_as_they_are_noted() {
    on_both("log_read", |fixture| async move {
        let (ada, key) = (fixture.signed_up("ada").await, fixture.key().await);
        for event in ["a", "b", "c"] {
            update(&ada, event, "ada");
        }
        update(&key, "by.key", "ada");
        assert_eq!(
            events(&ada, &page(&[])).await,
            (4, vec!["by.key".into(), "c".into(), "b".into(), "a".into()])
        );
        let second = page(&[r#"{"method":"limit","values":[1]}"#, r#"{"method":"offset","values":[1]}"#]);
        assert_eq!(events(&ada, &second).await, (4, vec!["c".into()]));
        let uncounted = ListRequest { counts_total: false, ..page(&[]) };
        assert_eq!(events(&ada, &uncounted).await.0, 0);
        for refused in [
            r#"{"method":"equal","attribute":"$id","values":["x"]}"#,
            r#"{"method":"orderDesc","attribute":"$id"}"#,
            r#"{"method":"cursorAfter","values":["x"]}"#,
        ] {
            let error = list(&ada, &page(&[refused])).await.unwrap_err();
            assert_eq!(error.fault(), Fault::GeneralArgumentInvalid, "{refused}");
        }
        let all = list_of_user(&key, &UserId::from("ada"), &page(&[])).await.unwrap();
        assert_eq!((all.items[0].actor, all.items[0].actor_name.as_str()), (LogActor::Key, "Key"));
        assert_eq!((all.items[1].actor, all.items[1].actor_id.as_str()), (LogActor::User, "ada"));
        let error = list_of_user(&key, &UserId::from("nobody"), &page(&[])).await.unwrap_err();
        assert_eq!(error.fault(), Fault::UserNotFound);
        let error = list_of_user(&ada, &UserId::from("ada"), &page(&[])).await.unwrap_err();
        assert_eq!(error.fault(), Fault::UserUnauthorized);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn old_entries_go() {
    on_both("log_old", |fixture| async move {
        let ada = fixture.signed_up("ada").await;
        update(&ada, "old", "ada");
        write(&fixture.app).await;
        fixture.clock.advance_ms((LOG_SECONDS_DEFAULT + 1) * 1_000);
        update(&ada, "new", "ada");
        assert_eq!(events(&ada, &page(&[])).await, (1, vec!["new".into()]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_acts_as_another_answers_for_it() {
    on_both("log_impersonator", |fixture| async move {
        let key = fixture.key().await;
        fixture.sign_up("bob").await;
        fixture.sign_up("ada").await;
        users::update_impersonator(&key, &UserId::from("ada"), Trust::Impersonator).await.unwrap();
        let bob = as_bob(&fixture).await;
        assert_eq!(bob.user_id().map(UserId::as_str), Some("bob"));
        update(&bob, "user.update", "bob");
        let all = list_of_user(&key, &UserId::from("bob"), &page(&[])).await.unwrap();
        assert_eq!(all.items[0].actor_email, "ada@example.com");
        assert_eq!(all.items[0].actor_id.as_str(), "ada");
    })
    .await;
}

/// Ada, who acts as Bob.
async fn as_bob(fixture: &Fixture) -> Cx {
    let credentials = Credentials {
        session: SessionValue::parse(&fixture.sign_in("ada").await),
        impersonated: Some(Impersonated::ById("bob".to_owned())),
        ..Credentials::default()
    };
    fixture.caller(PROJECT, credentials).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_teams_entries_are_its_owners() {
    on_both("log_team", |fixture| async move {
        fixture.sign_up("ada").await;
        let value = fixture.sign_in("ada").await;
        let new = NewTeam { id: "climbers".to_owned(), name: "Climbers".to_owned(), roles: Vec::new() };
        teams::create(&fixture.holder(&value).await, new).await.unwrap();
        let (ada, team) = (fixture.holder(&value).await, TeamId::from("climbers"));
        note(
            &ada,
            Entry {
                event: "team.create".into(),
                resource: "team/climbers".into(),
                subject: "ada".into(),
                is_frequent: false,
            },
        );
        assert_eq!(list_of_team(&ada, &team, &page(&[])).await.unwrap().total, 1);
        assert_eq!(list_of_team(&fixture.key().await, &team, &page(&[])).await.unwrap().total, 1);
        let bob = fixture.signed_up("bob").await;
        let error = list_of_team(&bob, &team, &page(&[])).await.unwrap_err();
        assert_eq!(error.fault(), Fault::TeamNotFound);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_burst_a_part_is_kept() {
    on_both("log_burst", |fixture| async move {
        let ada = fixture.signed_up("ada").await;
        let mut kept = 0;
        for _ in 0..super::FREQUENT_MAX + 50 {
            if has_room(&ada) {
                let (event, resource) = ("document.update".to_owned(), "database/d/collection/c".to_owned());
                note(&ada, Entry { event, resource, subject: "ada".into(), is_frequent: true });
                kept += 1;
            }
            // What is seldom has room whatever the others do.
            if kept == super::FREQUENT_MAX {
                update(&ada, "user.update", "ada");
            }
        }
        assert_eq!(events(&ada, &page(&[])).await.0, 100 + 51);
        assert!(has_room(&ada), "the next moment has room again");
    })
    .await;
}
