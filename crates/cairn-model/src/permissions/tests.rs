//! What parses, how it prints, and how lists are expanded.

use super::*;

fn texts(list: &[Permission]) -> Vec<String> {
    list.iter().map(ToString::to_string).collect()
}

#[test]
fn well_formed_permissions_print_as_they_were_read() {
    for text in [
        r#"read("any")"#,
        r#"create("guests")"#,
        r#"update("users")"#,
        r#"delete("users/verified")"#,
        r#"write("users/unverified")"#,
        r#"read("user:u1")"#,
        r#"read("user:u1/verified")"#,
        r#"read("team:t.1")"#,
        r#"read("team:t1/owner")"#,
        r#"read("team:t1/project-p1-developer")"#,
        r#"read("member:m-1")"#,
        r#"read("label:vip")"#,
    ] {
        assert_eq!(Permission::parse(text).map(|p| p.to_string()), Ok(text.to_owned()));
    }
}

#[test]
fn malformed_permissions_say_what_is_wrong() {
    for (text, part) in [
        ("", "form"),
        ("read", "form"),
        (r#"read("any"#, "form"),
        (r#"list("any")"#, "not an action"),
        (r#"read("all")"#, "not a role"),
        (r#"read("any:1")"#, "takes no ID"),
        (r#"read("any/verified")"#, "after a slash"),
        (r#"read("users:1")"#, "takes no ID"),
        (r#"read("users/maybe")"#, "verified or unverified"),
        (r#"read("user")"#, "needs an ID"),
        (r#"read("user:")"#, "needs an ID"),
        (r#"read("user:_a")"#, "begin with a letter"),
        (r#"read("user:a/b")"#, "verified or unverified"),
        (r#"read("team:t/")"#, "nothing after the slash"),
        (r#"read("team:t/a/b")"#, "characters"),
        (r#"read("member:m/x")"#, "after a slash"),
        (r#"read("label:a-b")"#, "label"),
    ] {
        let reason = Permission::parse(text).expect_err(text);
        assert!(reason.as_str().contains(part), "{text}: {reason}");
    }
}

#[test]
fn lists_keep_their_order_without_duplicates_and_expand_write() {
    let given = [r#"write("user:a")"#, r#"read("any")"#, r#"update("user:a")"#, r#"read("any")"#];
    let document = parse_list(&given, Action::OF_DOCUMENTS).unwrap();
    assert_eq!(texts(&document), [r#"update("user:a")"#, r#"delete("user:a")"#, r#"read("any")"#]);
    let collection = parse_list(&given, Action::OF_COLLECTIONS).unwrap();
    assert_eq!(texts(&collection)[0], r#"create("user:a")"#);
    assert_eq!(collection.len(), 4);
}

#[test]
fn lists_have_limits() {
    for (given, part) in [
        (vec![r#"create("any")"#.to_owned()], "not allowed here"),
        (vec!["*".to_owned()], "no longer"),
        (vec!["role:all".to_owned()], "role:"),
        (vec![r#"read("any")"#.to_owned(); 101], "up to 100"),
    ] {
        let reason = parse_list(&given, Action::OF_DOCUMENTS).expect_err(part);
        assert!(reason.as_str().contains(part), "{reason}");
    }
}

#[test]
fn a_role_set_is_exact() {
    let mut roles = RoleSet::user("u1", Verification::Verified);
    roles.insert(Role::Team("t1".into(), Some("owner".into())));
    let holds = |text: &str| roles.contains(&Role::parse(text).unwrap());
    assert!(
        ["any", "users", "users/verified", "user:u1", "user:u1/verified", "team:t1/owner"].map(holds)
            == [true; 6]
    );
    assert!(["guests", "users/unverified", "user:u2", "team:t1", "team:t1/admin"].map(holds) == [false; 5]);
    let list = [Permission::new(Action::Read, Role::Users(None))];
    assert!(permits(&list, Action::Read, &roles));
    assert!(!permits(&list, Action::Update, &roles));
    assert!(!permits(&list, Action::Read, &RoleSet::guest()));
}
