//! What `init` makes, what it finds, and that a refusal leaves nothing.

use cairn_faults::Fault;
use cairn_store::{ProjectRef, StoreError};

use super::{NewSetup, init};
use crate::auth;
use crate::fixture::Fixture;

fn wanted(project: &str) -> NewSetup {
    NewSetup {
        email: "Emma@Example.com".to_owned(),
        password: "correct horse".to_owned(),
        name: "Emma".to_owned(),
        organization: "Books".to_owned(),
        project_id: project.to_owned(),
        project_name: "Library".to_owned(),
    }
}

async fn users(fixture: &Fixture) -> i64 {
    let count: Result<i64, StoreError> =
        fixture.app.store.read(&ProjectRef::console(), |tx| async move { tx.user_count(10).await }).await;
    count.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn it_makes_everything_and_then_adds_to_it() {
    let fixture = Fixture::new();
    let first = init(&fixture.app, wanted("library")).await.unwrap();
    assert_eq!((first.had_admin, first.project.as_str()), (false, "library"));
    assert_eq!(first.admin.email.as_deref(), Some("emma@example.com"));
    assert!(first.key.starts_with("standard_"));
    let project = auth::project(&fixture.app, "library").await.unwrap();
    assert_eq!(project.registry.as_ref().unwrap().team_id, first.organization);

    let second = init(&fixture.app, wanted("unique()")).await.unwrap();
    assert!(second.had_admin);
    assert_eq!((&second.admin.id, &second.organization), (&first.admin.id, &first.organization));
    assert_ne!((&second.project, &second.key), (&first.project, &first.key));
    assert_eq!(users(&fixture).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_used_leaves_nothing() {
    let fixture = Fixture::new();
    for (change, fault) in [
        ((|new| new.email = "emma".to_owned()) as fn(&mut NewSetup), Fault::GeneralArgumentInvalid),
        (|new| new.password = "short".to_owned(), Fault::GeneralArgumentInvalid),
        (|new| new.project_id = "No Id".to_owned(), Fault::GeneralArgumentInvalid),
        (|new| new.project_id = "console".to_owned(), Fault::ProjectReservedProject),
    ] {
        let mut new = wanted("library");
        change(&mut new);
        assert_eq!(init(&fixture.app, new).await.unwrap_err().fault(), fault);
        assert_eq!(users(&fixture).await, 0, "{fault:?}");
    }
    init(&fixture.app, wanted("library")).await.unwrap();
    assert_eq!(init(&fixture.app, wanted("library")).await.unwrap_err().fault(), Fault::ProjectAlreadyExists);
}
