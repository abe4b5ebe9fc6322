//! What clients send wrong: the same fault in every format, and nothing of the request is kept.

use cairn_faults::{ContractAge, Fault, Format, Vocabulary};
use cairn_testkit::app::{Answer, Client, Project, RequestBuilder, each_engine};
use serde_json::{Value, json};

use crate::anything::encoded;
use crate::ask::NEW;
use crate::databases::Words;
use crate::formats::in_format;
use crate::reasons::TOO_MUCH;

/// Deeper than a request may be nested.
const DEPTH: usize = 300;

/// A request that is wrong, and what it is refused with.
type Wrong = (&'static str, Fault, fn(&str) -> Sent);

/// A request as data.
struct Sent {
    method: &'static str,
    path: String,
    kind: &'static str,
    body: Vec<u8>,
}

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

fn post(path: &str, kind: &'static str, body: impl Into<Vec<u8>>) -> Sent {
    Sent { method: "POST", path: path.to_owned(), kind, body: body.into() }
}

fn user(body: &Value) -> Sent {
    post("/v1/users", JSON, body.to_string())
}

fn get(path: &str) -> Sent {
    Sent { method: "GET", path: path.to_owned(), kind: "", body: Vec::new() }
}

fn query(path: &str, query: &Value) -> Sent {
    let text = encoded(&query.to_string());
    get(&format!("{path}?queries[]={text}"))
}

fn document(documents: &str, data: Value) -> Sent {
    post(documents, JSON, json!({ "documentId": "wrong", "data": data }).to_string())
}

impl Sent {
    fn by<'a>(&self, client: &Client<'a>) -> RequestBuilder<'a> {
        let method = self.method.parse().expect("a method");
        client.request().to(method, &self.path).body(self.kind, self.body.clone())
    }
}

/// Bodies that cannot be read.
const BODIES: &[Wrong] = &[
    ("broken JSON", Fault::BodyInvalid, |_| post("/v1/users", JSON, "{\"userId\":")),
    ("something after the JSON", Fault::BodyInvalid, |_| post("/v1/users", JSON, "{}x")),
    ("a list", Fault::BodyInvalid, |_| post("/v1/users", JSON, "[1]")),
    ("a text", Fault::BodyInvalid, |_| post("/v1/users", JSON, "\"x\"")),
    ("JSON that is not UTF-8", Fault::BodyInvalid, |_| {
        post("/v1/users", JSON, b"{\"userId\":\"\xFF\"}".to_vec())
    }),
    ("half a surrogate", Fault::BodyInvalid, |_| post("/v1/users", JSON, "{\"userId\":\"\\ud800\"}")),
    ("a form that is not UTF-8", Fault::BodyInvalid, |_| post("/v1/users", FORM, "userId=%FF")),
    ("a broken multipart", Fault::BodyInvalid, |_| {
        post("/v1/users", "multipart/form-data; boundary=x", "--x")
    }),
    ("a multipart without a boundary", Fault::BodyInvalid, |_| {
        post("/v1/users", "multipart/form-data", "--x--")
    }),
    ("deep JSON", Fault::BodyInvalid, |_| {
        post("/v1/users", JSON, format!("{{\"userId\":{}{}}}", "[".repeat(DEPTH), "]".repeat(DEPTH)))
    }),
    ("a deep form", Fault::BodyInvalid, |_| {
        post("/v1/users", FORM, format!("userId{}=1", "[a]".repeat(DEPTH)))
    }),
    ("10 MB", Fault::RequestBodyTooLarge, |_| post("/v1/users", JSON, vec![b' '; TOO_MUCH])),
    ("10 MB of something else", Fault::RequestBodyTooLarge, |_| {
        post("/v1/users", "image/png", vec![0; TOO_MUCH])
    }),
];

/// Parameters that cannot be used.
const PARAMETERS: &[Wrong] = &[
    ("nothing", Fault::GeneralArgumentInvalid, |_| user(&json!({}))),
    ("a number for an id", Fault::GeneralArgumentInvalid, |_| user(&json!({ "userId": 5 }))),
    ("null for an id", Fault::GeneralArgumentInvalid, |_| user(&json!({ "userId": null }))),
    ("an object for a name", Fault::GeneralArgumentInvalid, |_| {
        user(&json!({ "userId": "wrong", "name": {} }))
    }),
    ("37 characters of id", Fault::GeneralArgumentInvalid, |_| user(&json!({ "userId": "x".repeat(37) }))),
    ("a megabyte of id", Fault::GeneralArgumentInvalid, |_| {
        user(&json!({ "userId": "x".repeat(1_000_000) }))
    }),
    ("an id of other characters", Fault::GeneralArgumentInvalid, |_| user(&json!({ "userId": "a/b" }))),
    ("U+0000", Fault::GeneralArgumentInvalid, |_| user(&json!({ "userId": "wrong", "name": "a\u{0}b" }))),
    ("U+0000 in a name", Fault::GeneralArgumentInvalid, |_| user(&json!({ "userId": "wrong", "a\u{0}": 1 }))),
    ("an id in the path that is too long", Fault::GeneralArgumentInvalid, |_| {
        get(&format!("/v1/users/{}", "x".repeat(37)))
    }),
    ("U+0000 in the path", Fault::GeneralArgumentInvalid, |_| get("/v1/users/a%00b")),
    ("U+0000 in the query", Fault::GeneralArgumentInvalid, |_| get("/v1/users?search=%00")),
    ("a query string that is not UTF-8", Fault::GeneralBadRequest, |_| get("/v1/users?search=%FF")),
];

/// Queries and cursors that cannot be used.
const QUERIES: &[Wrong] = &[
    ("no query", Fault::GeneralQueryInvalid, |_| query("/v1/users", &json!("equal"))),
    ("an unknown method", Fault::GeneralQueryInvalid, |_| query("/v1/users", &json!({ "method": "drop" }))),
    ("an unknown attribute", Fault::GeneralQueryInvalid, |documents| {
        query(documents, &json!({ "method": "equal", "attribute": "none", "values": ["x"] }))
    }),
    ("a value of another type", Fault::GeneralQueryInvalid, |documents| {
        query(documents, &json!({ "method": "equal", "attribute": "count", "values": ["many"] }))
    }),
    ("a limit below one", Fault::GeneralQueryInvalid, |documents| {
        query(documents, &json!({ "method": "limit", "values": [-1] }))
    }),
    ("a cursor that is nobody's", Fault::GeneralCursorNotFound, |_| {
        query("/v1/users", &json!({ "method": "cursorAfter", "values": ["nobody"] }))
    }),
    ("a document's cursor that is none", Fault::GeneralCursorNotFound, |documents| {
        query(documents, &json!({ "method": "cursorBefore", "values": ["none"] }))
    }),
    ("a cursor that is a number", Fault::GeneralQueryInvalid, |documents| {
        query(documents, &json!({ "method": "cursorAfter", "values": [5] }))
    }),
    ("a cursor that can be no id", Fault::GeneralQueryInvalid, |documents| {
        query(documents, &json!({ "method": "cursorAfter", "values": ["' OR 1=1 --"] }))
    }),
];

/// Documents that do not fit their collection.
const DOCUMENTS: &[Wrong] = &[
    ("an unknown attribute", Fault::DocumentInvalidStructure, |documents| {
        document(documents, json!({ "count": 1, "none": 1 }))
    }),
    ("a text for a number", Fault::DocumentInvalidStructure, |documents| {
        document(documents, json!({ "count": "many" }))
    }),
    ("a number out of range", Fault::DocumentInvalidStructure, |documents| {
        post(documents, JSON, "{\"documentId\":\"wrong\",\"data\":{\"count\":9223372036854775808}}")
    }),
    ("a list for one value", Fault::DocumentInvalidStructure, |documents| {
        document(documents, json!({ "count": [1] }))
    }),
    ("a document id that is too long", Fault::GeneralArgumentInvalid, |documents| {
        post(documents, JSON, json!({ "documentId": "x".repeat(37), "data": { "count": 1 } }).to_string())
    }),
    ("data that is no object", Fault::GeneralArgumentInvalid, |documents| document(documents, json!(5))),
];

/// How a format is asked for, what it is, and where its code stands.
const FORMATS: [(&str, &str, Format, &str); 6] = [
    ("appwrite", "", Format::Appwrite(ContractAge::V1_0), "type"),
    ("appwrite", NEW, Format::Appwrite(ContractAge::V1_9), "type"),
    ("reason", NEW, Format::Reason, "code"),
    ("everlive", NEW, Format::Everlive, "errorCode"),
    ("discord", NEW, Format::Discord, "code"),
    ("problem", NEW, Format::Problem, "type"),
];

fn code(answer: &Answer, member: &str) -> String {
    let code = &answer.json[member];
    let code = code.as_str().map_or_else(|| code.to_string(), str::to_owned);
    code.trim_start_matches("/errors/").to_owned()
}

/// Whoever sends this is told the fault, in every format.
async fn check(client: &Client<'_>, what: &str, fault: Fault, sent: &Sent, wrong: &mut Vec<String>) {
    for (name, version, format, member) in FORMATS {
        let speaking = in_format(client, name).with("x-appwrite-response-format", version);
        let answer = sent.by(&speaking).send().await;
        let expected = (fault.status(format), fault.code(format, Vocabulary::Documents).to_string());
        if (answer.status, code(&answer, member)) != expected {
            let text: String = answer.text().chars().take(300).collect();
            wrong.push(format!(
                "{what} in {name} {version}: expected {expected:?}, came {} {text}",
                answer.status
            ));
        }
    }
}

/// Everything that a wrong request could have left behind.
async fn left(project: &Project<'_>, documents: &str) -> [Value; 3] {
    let server = project.server();
    let total = async |path: &str| server.get(path).await.expect(200).json["total"].clone();
    [total("/v1/users").await, total("/v1/teams").await, total(documents).await]
}

async fn check_all(project: &Project<'_>, tables: &[&[Wrong]]) {
    let server = project.server();
    let words = &Words::all(&server)[1];
    words.make(json!([{ "key": "count", "type": "integer" }]), json!([])).await;
    let documents = words.at("documents");
    let (before, mut wrong) = (left(project, &documents).await, Vec::new());
    for (what, fault, sent) in tables.iter().copied().flatten() {
        check(&server, what, *fault, &sent(&documents), &mut wrong).await;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(left(project, &documents).await, before, "nothing was kept");
}

#[test]
fn bodies_that_cannot_be_read() {
    each_engine(async |app| check_all(&app.project().await, &[BODIES]).await);
}

#[test]
fn parameters_and_queries_that_cannot_be_used() {
    each_engine(async |app| check_all(&app.project().await, &[PARAMETERS, QUERIES]).await);
}

#[test]
fn documents_that_do_not_fit() {
    each_engine(async |app| check_all(&app.project().await, &[DOCUMENTS]).await);
}

/// A project that is none, with any credential.
#[test]
fn unknown_projects() {
    each_engine(async |app| {
        let project = app.project().await;
        let (user, mut wrong) = (project.user("emma").await, Vec::new());
        for client in [project.guest(), project.server(), user.client] {
            let client = client.with("x-appwrite-project", "nowhere");
            check(&client, "nowhere", Fault::ProjectUnknown, &get("/v1/users"), &mut wrong).await;
        }
        for id in ["../console", "x' OR 1=1 --", &"x".repeat(5_000)] {
            check(&app.guest(id), "no id", Fault::ProjectUnknown, &get("/v1/ping"), &mut wrong).await;
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    });
}

/// A key after its end.
#[test]
fn expired_keys() {
    each_engine(async |app| {
        let project = app.project().await;
        let console = project.console().with("x-appwrite-response-format", NEW);
        let new = json!({
            "keyId": "one", "name": "One", "scopes": ["users.read"], "expire": "2026-01-02T04:00:00.000+00:00",
        });
        let key = console.post("/v1/project/keys", new).await.expect(201);
        let client = project.guest().with("x-appwrite-key", key.text_of("secret"));
        client.get("/v1/users").await.expect(200);
        app.clock.advance_ms(3_600_000);
        let mut wrong = Vec::new();
        check(&client, "an expired key", Fault::ProjectKeyExpired, &get("/v1/users"), &mut wrong).await;
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    });
}

/// A query may compare with 500 values, or 100 for callers that name no response format.
#[test]
fn values_of_one_query() {
    each_engine(async |app| {
        let project = app.project().await;
        let server = project.server();
        let words = &Words::all(&server)[1];
        words.make(json!([{ "key": "count", "type": "integer" }]), json!([])).await;
        let (documents, mut wrong) = (words.at("documents"), Vec::new());
        let of = |count: u32| {
            let values: Vec<u32> = (0..count).collect();
            query(&documents, &json!({ "method": "equal", "attribute": "count", "values": values }))
        };
        let new = server.with("x-appwrite-response-format", NEW);
        of(100).by(&server).send().await.expect(200);
        of(500).by(&new).send().await.expect(200);
        let old = of(101).by(&server).send().await;
        old.expect_fault(400, "general_query_limit_exceeded");
        let fault = Fault::GeneralAttributeQueryLimitExceeded;
        check(&new, "501 values", fault, &of(501), &mut wrong).await;
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    });
}
