//! Which names are events.

use super::is_event;

#[test]
fn events_follow_the_tree() {
    for good in [
        "users.*",
        "users.*.create",
        "users.eldad.update.email",
        "users.*.sessions.*.delete",
        "users.*.sessions.*",
        "teams.*.memberships.*.update.status",
        "databases.main.collections.posts.documents.*.create",
        "databases.*.tables.*.rows.*.upsert",
        "buckets.*.files.*.create",
        "functions.my-function.executions.*.update",
    ] {
        assert!(is_event(good), "{good} is an event");
    }
    for bad in [
        "",
        "users",
        "users.",
        "users.*.fly",
        "users.*.create.email",
        "users.*.sessions",
        "users.*.sessions.*.create.x",
        "documents.*.create",
        "databases.*.rows.*.create",
        "users.*.update.email.now",
    ] {
        assert!(!is_event(bad), "{bad} is no event");
    }
}
