//! What an error tells, and what it keeps.

use super::*;
use crate::Rule;
use std::io;

#[test]
fn an_error_is_one_pointer_wide() {
    assert_eq!(size_of::<Error>(), size_of::<usize>());
    assert_eq!(size_of::<Result<(), Error>>(), size_of::<usize>());
}

#[test]
fn an_error_crosses_threads() {
    fn check<T: Send + Sync + StdError + 'static>() {}
    check::<Error>();
}

#[test]
fn messages_are_filled_or_replaced() {
    let cases = [
        (Fault::GeneralQueryInvalid.with("reason", "Syntax error"), "Invalid query: Syntax error"),
        (Fault::GeneralQueryInvalid.error(), "A query cannot be used."),
        (Fault::GeneralQueryInvalid.with("other", "x"), "A query cannot be used."),
        (Fault::GeneralQueryInvalid.with("reason", "{reason} {x}"), "Invalid query: {reason} {x}"),
        (Fault::UserBlocked.with("user_id", "u1"), "The account is blocked."),
        (Error::missing_param("email"), "Param \"email\" is not optional."),
        (Error::invalid_param("/queries/3", "Too long."), "Invalid `queries` param: Too long."),
        (Fault::GeneralArgumentInvalid.error(), "A parameter is missing or has an unusable value."),
    ];
    for (error, expected) in cases {
        assert_eq!(error.message(), expected);
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn every_message_is_readable_without_parameters() {
    for &fault in Fault::ALL {
        let message = fault.error().message();
        assert!(!message.contains('{') && message.ends_with('.'), "{fault:?}: {message}");
    }
}

#[test]
fn the_first_violation_makes_the_message() {
    let violations = vec![
        Violation::missing("name"),
        Violation::invalid("age", "Too old.").rule(Rule::NumberMax).limit(150),
    ];
    let error = Error::invalid_params(violations);
    assert_eq!(error.message(), "Param \"name\" is not optional.");
    assert_eq!(error.violations()[1].pointer, "/age");
    assert_eq!(error.violations()[1].limit, Some(150));
}

#[test]
fn a_later_parameter_replaces_an_earlier_one() {
    let error = Fault::UserBlocked.with("user_id", 1).with("user_id", 2);
    assert_eq!(error.params(), [("user_id", "2".to_owned())]);
}

#[test]
fn the_cause_is_private() {
    let cause = io::Error::other("password=hunter2 at 10.0.0.1");
    let error = Fault::StoreFailed.error().detail("writing users").source(cause);
    assert_eq!(error.to_string(), "The database failed.");
    assert!(StdError::source(&error).is_some());
    assert_eq!(error.private_text(), "writing users: password=hunter2 at 10.0.0.1");
}

#[test]
fn the_location_is_the_callers() {
    let error = Fault::UserBlocked.error();
    let line = line!() - 1;
    assert_eq!((error.location().file(), error.location().line()), (file!(), line));
    assert_eq!(Error::missing_param("x").location().file(), file!());
}
