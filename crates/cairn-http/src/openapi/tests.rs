//! What a table of this file becomes.

use cairn_faults::{ContractAge, Fault, Format};
use serde_json::{Map, Value, json};

use super::{document, text};
use crate::limits::RateLimit;
use crate::route::{Route, Surface};
use crate::rules::{IdChoice, Patch, Rule as _, custom_id, email, integer, key, queries};
use crate::wire_version::WireSteps;
use crate::{Answer, Call, Reply, handler};

crate::params! {
    /// A new shelf.
    pub(super) struct NewShelf {
        /// Library.
        library_id: String = "libraryId" => key(),
        /// Shelf ID.
        shelf_id: IdChoice = "shelfId" => custom_id(),
        /// Whom to ask
        /// for its books.
        email: Patch<String> = "email" => email().nullable().optional(),
        books_max: i64 = "booksMax" => integer(1, i64::MAX).or(7, json!(7)),
    }
}

crate::params! {
    /// Shelves of a library.
    pub(super) struct ListShelves {
        library_id: String = "libraryId" => key(),
        /// Queries.
        queries: Vec<String> = "queries" => queries().or_empty(),
    }
}

const ROUTES: &[Route] = &[
    Route::post("/v1/libraries/{libraryId}/shelves", "libraries.createShelfByURL", handler!(create))
        .aliases(&["/v1/projects/{projectId}/shelves/{libraryId}"])
        .also(&["books.createShelf"])
        .scopes(&["rows.write", "documents.write"])
        .limit(RateLimit::per_hour(10).by(&["url:{url},email:{param-email}"]))
        .faults(&[Fault::DocumentNotFound, Fault::GeneralServerError])
        .idempotent()
        .tables(),
    Route::get("/v1/libraries/{libraryId}/shelves", "libraries.listShelves", handler!(list))
        .scopes(&["users.read"])
        .faults(&[Fault::DocumentNotFound]),
    Route::get("/v1/ping", "ping.get", handler!(ping)),
];

const SURFACES: &[Surface] = &[Surface {
    routes: &[ROUTES],
    steps: WireSteps { requests: &[], responses: &[] },
    format: Format::Appwrite(ContractAge::V1_0),
    style: crate::route::RequestStyle::Appwrite,
    unreadable_upload: None,
}];

async fn create(call: Call<NewShelf>) -> Reply {
    let NewShelf { library_id, shelf_id, email, books_max } = call.params;
    let shelf = json!([library_id, shelf_id.or_make(String::new), email.value(), books_max]);
    Ok(Answer::created("shelf", Map::from_iter([("shelf".to_owned(), shelf)])))
}

async fn list(call: Call<ListShelves>) -> Reply {
    let ListShelves { library_id, queries } = call.params;
    Ok(Answer::list("shelf", "shelves", 2, vec![json!(library_id), json!(queries)]))
}

async fn ping(_: Call<()>) -> Reply {
    Ok(Answer::no_content())
}

fn documented() -> Value {
    document(SURFACES, "1.9.6")
}

/// The example of `fault` in the answer that `operation` gives with `status`.
fn example<'d>(document: &'d Value, operation: &Value, status: &str, fault: &str) -> &'d Value {
    let answer = follow(document, &operation["responses"][status]);
    follow(document, &answer["content"]["application/json"]["examples"][fault])
}

fn follow<'d>(document: &'d Value, reference: &Value) -> &'d Value {
    let pointer = reference["$ref"].as_str().unwrap_or_else(|| panic!("no reference: {reference}"));
    document.pointer(pointer.trim_start_matches('#')).unwrap_or_else(|| panic!("{pointer} leads nowhere"))
}

#[test]
fn an_operation_says_how_it_is_called() {
    let document = documented();
    let post = &document["paths"]["/v1/libraries/{libraryId}/shelves"]["post"];
    assert_eq!(post["operationId"], "librariesCreateShelfByURL");
    assert_eq!(post["summary"], "Create shelf by URL");
    let appwrite = json!({
        "method": "createShelfByURL",
        "rate-limit": 10,
        "rate-time": 3600,
        "rate-key": "url:{url},email:{param-email}",
        "scope": ["rows.write", "documents.write"],
        "methods": [
            {"name": "createShelfByURL", "namespace": "libraries"},
            {"name": "createShelf", "namespace": "books"},
        ],
    });
    assert_eq!(post["x-appwrite"], appwrite);
    let ways = json!([
        {"Project": []},
        {"Project": [], "Session": []},
        {"Project": [], "JWT": []},
        {"Project": [], "Key": []},
        {"Project": [], "Session": [], "Mode": []},
    ]);
    assert_eq!(post["security"], ways);
    let get = &document["paths"]["/v1/libraries/{libraryId}/shelves"]["get"];
    let ways = json!([{"Project": [], "Key": []}, {"Project": [], "Session": [], "Mode": []}]);
    assert_eq!(get["security"], ways);
    assert_eq!(document["tags"], json!([{"name": "libraries"}, {"name": "ping"}]));
}

#[test]
fn parameters_stand_where_they_are_read() {
    let document = documented();
    let shelves = &document["paths"]["/v1/libraries/{libraryId}/shelves"];
    let library = json!({"type": "string", "format": "key", "minLength": 1, "maxLength": 36});
    let path = json!({
        "name": "libraryId", "in": "path", "description": "Library.", "required": true, "schema": library,
    });
    let key = json!({"type": "string", "minLength": 1, "maxLength": 255});
    let [first, header] = shelves["post"]["parameters"].as_array().expect("a list").as_slice() else {
        panic!("two parameters");
    };
    assert_eq!(*first, path);
    assert_eq!((&header["name"], &header["in"]), (&json!("Idempotency-Key"), &json!("header")));
    assert_eq!((&header["required"], &header["schema"]), (&json!(false), &key));
    let reused = example(&document, &shelves["post"], "409", "idempotency_key_reused");
    assert_eq!(reused["value"]["code"], 409);
    let body = &shelves["post"]["requestBody"];
    assert_eq!(body["required"], true);
    let schema = &body["content"]["application/json"]["schema"];
    assert_eq!(schema["required"], json!(["shelfId"]));
    let fields = &schema["properties"];
    assert_eq!(fields.as_object().map(Map::len), Some(3));
    assert_eq!(fields["email"]["type"], json!(["string", "null"]));
    assert_eq!(fields["email"]["description"], "Whom to ask for its books.");
    assert_eq!(fields["booksMax"], json!({"type": "integer", "minimum": 1, "default": 7}));

    let query = &shelves["get"]["parameters"][1];
    assert_eq!((&query["name"], &query["in"]), (&json!("queries[]"), &json!("query")));
    assert_eq!((&query["required"], &query["schema"]["maxItems"]), (&json!(false), &json!(100)));
    assert_eq!(query["schema"]["items"]["maxLength"], 4_096);
    assert!(shelves["get"].get("requestBody").is_none(), "GET has no body");
}

#[test]
fn an_older_path_is_deprecated_and_names_all_its_parameters() {
    let document = documented();
    let old = &document["paths"]["/v1/projects/{projectId}/shelves/{libraryId}"]["post"];
    assert_eq!(
        (&old["deprecated"], &old["operationId"]),
        (&json!(true), &json!("librariesCreateShelfByURLAlias1"))
    );
    let names: Vec<_> = old["parameters"].as_array().unwrap().iter().map(|param| &param["name"]).collect();
    assert_eq!(names, ["projectId", "libraryId", "Idempotency-Key"]);
}

#[test]
fn errors_have_an_example_by_status_in_the_words_of_the_route() {
    let document = documented();
    let shelves = &document["paths"]["/v1/libraries/{libraryId}/shelves"];
    let row = example(&document, &shelves["post"], "404", "document_not_found.tables");
    assert_eq!((&row["value"]["type"], &row["value"]["code"]), (&json!("row_not_found"), &json!(404)));
    assert_eq!(row["value"]["version"], "1.9.6");
    assert_eq!(row["x-cairn-codes"]["problem"], "404 document_not_found");
    let plain = example(&document, &shelves["get"], "404", "document_not_found");
    assert_eq!(plain["value"]["type"], "document_not_found");
    let blocked = example(&document, &shelves["get"], "403", "user_blocked");
    assert_eq!(blocked["x-cairn-codes"]["appwrite 1.0"], "401 user_blocked");
    example(&document, &shelves["post"], "429", "general_rate_limit_exceeded");
    assert!(shelves["get"]["responses"].get("429").is_none(), "it has no limit");
}

#[test]
fn what_a_route_cannot_meet_is_not_told() {
    let document = documented();
    let ping = &document["paths"]["/v1/ping"]["get"];
    let bad = follow(&document, &ping["responses"]["400"]);
    let examples = &bad["content"]["application/json"]["examples"];
    assert!(examples.get("general_argument_invalid").is_none(), "it has no parameters: {examples}");
    for (status, answer) in
        ping["responses"].as_object().unwrap().iter().filter(|(status, _)| *status != "2XX")
    {
        let shown = &follow(&document, answer)["content"]["application/json"]["examples"];
        assert!(shown.get("unauthenticated").is_none(), "{status}: anybody may call it");
    }
}

#[test]
fn equal_tables_make_equal_bytes_and_every_reference_leads_somewhere() {
    let written = text(SURFACES, "1.9.6");
    assert_eq!(written, text(SURFACES, "1.9.6"));
    let document: Value = serde_json::from_str(&written).unwrap();
    check_references(&document, &document);
}

fn check_references(document: &Value, part: &Value) {
    match part {
        Value::Object(members) => {
            if members.contains_key("$ref") {
                follow(document, part);
            }
            members.values().for_each(|member| check_references(document, member));
        }
        Value::Array(items) => items.iter().for_each(|item| check_references(document, item)),
        _ => {}
    }
}
