//! One error in every format.

use super::*;
use std::io;

const FORMATS: &[Format] = &[
    Format::Appwrite(ContractAge::Oldest),
    Format::Appwrite(ContractAge::V1_0),
    Format::Appwrite(ContractAge::V1_9),
    Format::Reason,
    Format::Everlive,
    Format::Discord,
    Format::Problem,
];

fn cx(format: Format) -> RenderContext<'static> {
    let vocabulary = Vocabulary::Documents;
    RenderContext { format, vocabulary, request_id: "r1", version: "1.9.6", is_development: false }
}

fn body(error: &Error, cx: &RenderContext<'_>) -> (u16, Value) {
    let rendered = render(error, cx);
    let body = serde_json::from_slice(&rendered.body).expect("a body is JSON");
    (rendered.status, body)
}

#[test]
fn one_fault_in_every_format() {
    let message = "The account is blocked.";
    let cases = [
        (401, json!({ "message": message, "code": 401, "version": "1.9.6" })),
        (401, json!({ "message": message, "code": 401, "type": "user_blocked", "version": "1.9.6" })),
        (403, json!({ "message": message, "code": 403, "type": "user_blocked", "version": "1.9.6" })),
        (403, json!({ "status": 403, "code": "user:banned" })),
        (403, json!({ "message": "Access Denied", "errorCode": 603 })),
        (403, json!({ "message": message, "code": 20013 })),
        (
            403,
            json!({
                "type": "/errors/user_blocked", "title": message, "status": 403, "detail": message, "instance": "r1",
                "appwrite": "user_blocked", "reason": "user:banned", "everlive": 603, "discord": 20013,
            }),
        ),
    ];
    for (format, expected) in FORMATS.iter().zip(cases) {
        assert_eq!(body(&Fault::UserBlocked.error(), &cx(*format)), expected, "{format:?}");
    }
}

#[test]
fn everlive_keeps_its_key_order() {
    let rendered = render(&Fault::DocumentNotFound.error(), &cx(Format::Everlive));
    assert_eq!(String::from_utf8(rendered.body).unwrap(), r#"{"message":"Item not found.","errorCode":801}"#);
}

#[test]
fn violations_in_every_format() {
    let error = Error::invalid_params(vec![
        Violation::missing("email"),
        Violation::invalid("/queries/1", "Too long.").rule(Rule::LengthMax).limit(4096),
        Violation::invalid("", "Wrong as a whole."),
    ]);
    let discord = json!({
        "message": "A parameter is missing or has an unusable value.", "code": 50035, "errors": {
            "email": { "_errors": [{ "code": "BASE_TYPE_REQUIRED", "message": "This value is required." }] },
            "queries": { "1": { "_errors": [{ "code": "BASE_TYPE_MAX_LENGTH", "message": "Too long." }] } },
            "_errors": [{ "code": "BASE_TYPE_INVALID", "message": "Wrong as a whole." }],
        },
    });
    assert_eq!(body(&error, &cx(Format::Discord)), (400, discord));

    let (status, appwrite) = body(&error, &cx(Format::Appwrite(ContractAge::V1_9)));
    assert_eq!((status, &appwrite["message"]), (400, &json!("Param \"email\" is not optional.")));
    assert_eq!(appwrite["type"], "general_argument_invalid");

    let (_, everlive) = body(&error, &cx(Format::Everlive));
    assert_eq!(everlive, json!({ "message": "Param \"email\" is not optional.", "errorCode": 601 }));

    let (_, problem) = body(&error, &cx(Format::Problem));
    let errors = json!([
        { "pointer": "/email", "detail": "This value is required.", "isMissing": true },
        { "pointer": "/queries/1", "detail": "Too long.", "limit": 4096 },
        { "pointer": "", "detail": "Wrong as a whole." },
    ]);
    assert_eq!(problem["errors"], errors);

    let development = RenderContext { is_development: true, ..cx(Format::Reason) };
    let details = "email: This value is required.; queries.1: Too long.; Wrong as a whole.";
    let expected = json!({ "status": 400, "code": "general:validation_error", "details": details });
    assert_eq!(body(&error, &development), (400, expected));
    assert_eq!(body(&error, &cx(Format::Reason)).1.get("details"), None);
}

#[test]
fn a_wrong_password_is_told_on_both_fields() {
    let on = |field| Violation::invalid(field, "Wrong address or password.").rule(Rule::Login);
    let error = Fault::UserInvalidCredentials.error().violating(vec![on("email"), on("password")]);
    let (status, discord) = body(&error, &cx(Format::Discord));
    assert_eq!((status, &discord["code"]), (400, &json!(50035)));
    assert_eq!(discord["errors"]["password"]["_errors"][0]["code"], "INVALID_LOGIN");
    let everlive = json!({ "message": "Invalid username or password.", "errorCode": 205 });
    assert_eq!(body(&error, &cx(Format::Everlive)), (403, everlive));
    let (_, appwrite) = body(&error, &cx(Format::Appwrite(ContractAge::V1_9)));
    assert_eq!(appwrite["message"], "The e-mail address or the password is wrong.");
}

#[test]
fn a_problem_tells_an_older_type_that_differs() {
    let (status, problem) = body(&Fault::ProjectUnknown.error(), &cx(Format::Problem));
    assert_eq!(
        (status, &problem["appwrite"], &problem["appwrite_1_0"]),
        (404, &json!("project_not_found"), &json!("project_unknown"))
    );
}

#[test]
fn limits_tell_when_to_come_back() {
    let error = Fault::GeneralRateLimitExceeded.error().retry_after(1.25);
    let header = |format| {
        let rendered = render(&error, &cx(format));
        rendered.headers.iter().find(|(name, _)| *name == "retry-after").map(|(_, value)| value.clone())
    };
    assert_eq!(header(Format::Appwrite(ContractAge::V1_9)).as_deref(), Some("2"));
    assert_eq!(header(Format::Discord).as_deref(), Some("1.25"));
    let message = "Too many requests in a short time.";
    let expected = json!({ "message": message, "retry_after": 1.25, "global": false, "code": 31001 });
    assert_eq!(body(&error, &cx(Format::Discord)), (429, expected));
    let (_, global) = body(&error.with("scope", "global"), &cx(Format::Discord));
    assert_eq!(global["global"], true);
}

#[test]
fn what_is_not_ready_is_accepted() {
    let error = Fault::AttributeNotAvailable.with("attribute", "age").retry_after(2);
    let message = "The attribute `age` is not ready yet.";
    let expected = json!({ "message": message, "code": 110_000, "retry_after": 2.0 });
    assert_eq!(body(&error, &cx(Format::Discord)), (202, expected));
}

#[test]
fn the_table_vocabulary_is_spoken() {
    let cx = RenderContext { vocabulary: Vocabulary::Tables, ..cx(Format::Appwrite(ContractAge::V1_9)) };
    let expected = json!({ "message": "There is no such row.", "code": 404, "type": "row_not_found", "version": "1.9.6" });
    assert_eq!(body(&Fault::DocumentNotFound.error(), &cx), (404, expected));
}

#[test]
fn nothing_private_is_told_in_any_format() {
    for &fault in Fault::ALL {
        for &format in FORMATS {
            let error = fault.error().detail("hunter2").source(io::Error::other("hunter2"));
            let rendered = render(&error, &RenderContext { is_development: true, ..cx(format) });
            let text = String::from_utf8(rendered.body).expect("a body is UTF-8");
            assert!(!text.contains("hunter2"), "{fault:?} in {format:?}");
            assert!((200..600).contains(&rendered.status), "{fault:?} in {format:?}: {}", rendered.status);
            assert!(rendered.headers.contains(&("vary", VARY.to_owned())));
        }
    }
}

#[test]
fn media_types() {
    let types: Vec<&str> =
        FORMATS.iter().map(|format| render(&Fault::UserBlocked.error(), &cx(*format)).content_type).collect();
    assert_eq!(types, [JSON_UTF8, JSON_UTF8, JSON_UTF8, JSON, JSON, JSON, PROBLEM_JSON]);
}
