//! Parameters from path, query and body, and what is refused.

use http::HeaderValue;
use http_body_util::Full;
use serde_json::json;

use cairn_faults::Fault;

use super::*;

async fn read(method: &str, query: &str, content_type: &str, body: &[u8]) -> Result<ParamMap, Error> {
    let mut headers = HeaderMap::new();
    if !content_type.is_empty() {
        headers.insert(CONTENT_TYPE, HeaderValue::from_str(content_type).unwrap());
    }
    let path = [("userId", "from-path".to_owned())];
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    ParamMap::read(&method, path, Some(query), &headers, Bytes::copy_from_slice(body)).await
}

async fn check(method: &str, query: &str, content_type: &str, body: &str, expected: Value) {
    let map = read(method, query, content_type, body.as_bytes()).await.unwrap();
    let mut got = map.to_object();
    assert_eq!(got.shift_remove("userId"), Some(json!("from-path")), "the path beats everything");
    assert_eq!(Value::Object(got), expected, "{method} ?{query} {content_type} {body}");
}

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

#[tokio::test]
async fn query_for_get_and_body_for_others() {
    check("GET", "a=1", JSON, r#"{"b":2}"#, json!({"a": "1"})).await;
    check("HEAD", "a=1", "", "", json!({"a": "1"})).await;
    check("POST", "a=1", JSON, r#"{"b":2,"userId":"x"}"#, json!({"b": 2})).await;
    check("DELETE", "a=1", JSON, r#"{"b":2}"#, json!({"b": 2})).await;
    check("PATCH", "", "application/json; charset=utf-8", r#"{"b":null}"#, json!({"b": null})).await;
}

#[tokio::test]
async fn php_arrays() {
    for (query, expected) in [
        ("a[]=1&a[]=2", json!({"a": ["1", "2"]})),
        ("a%5B%5D=x+y&a%5B%5D=%2B", json!({"a": ["x y", "+"]})),
        ("a[0]=1&a[1]=2", json!({"a": ["1", "2"]})),
        ("a[1]=1&a[0]=2", json!({"a": {"1": "1", "0": "2"}})),
        ("a[5]=1&a[]=2", json!({"a": {"5": "1", "6": "2"}})),
        ("a[k]=v&a[l][m]=w", json!({"a": {"k": "v", "l": {"m": "w"}}})),
        ("a[][b]=1&a[][b]=2", json!({"a": [{"b": "1"}, {"b": "2"}]})),
        ("a=1&a=2", json!({"a": "2"})),
        ("a=1&a[]=2", json!({"a": ["2"]})),
        ("a[]=1&a=2", json!({"a": "2"})),
        ("a&b=&=c&&", json!({"a": "", "b": ""})),
        ("a[=1&[b]=2&c[d=3", json!({"a[": "1", "[b]": "2", "c[d": "3"})),
        ("a[b]c=1", json!({"a": {"b": "1"}})),
        ("q=%7B%22a%22%3A1%7D", json!({"q": "{\"a\":1}"})),
    ] {
        check("GET", query, "", "", expected.clone()).await;
        check("POST", "", FORM, query, expected).await;
    }
}

#[tokio::test]
async fn bodies_without_a_telling_content_type() {
    check("POST", "", "text/plain", r#" {"a":1}"#, json!({"a": 1})).await;
    check("POST", "", "", r#"{"a":1}"#, json!({"a": 1})).await;
    check("POST", "", "application/xml", " ", json!({})).await;
    for (content_type, body, fault) in [
        ("text/plain", "a=1", Fault::UnsupportedMediaType),
        ("application/xml", "<a/>", Fault::UnsupportedMediaType),
        ("", "a=1", Fault::MediaTypeMissing),
        ("json", r#"{"a":1}"#, Fault::MediaTypeMissing),
        ("application/", "a=1", Fault::MediaTypeMissing),
    ] {
        let refused = read("POST", "", content_type, body.as_bytes()).await.map(drop).unwrap_err();
        assert_eq!(refused.fault(), fault, "{content_type}: {body}");
    }
    check("POST", "", JSON, "", json!({})).await;
    check("POST", "", JSON, " [] ", json!({})).await;
    check("POST", "", JSON, "null", json!({})).await;
}

#[tokio::test]
async fn multipart_fields_and_files() {
    let body = "--X\r\nContent-Disposition: form-data; name=\"fileId\"\r\n\r\nunique()\r\n\
                --X\r\nContent-Disposition: form-data; name=\"permissions[]\"\r\n\r\nread(\"any\")\r\n\
                --X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\
                Content-Type: text/plain\r\n\r\nhello\0\r\n--X--\r\n";
    let map = read("POST", "", "multipart/form-data; boundary=X", body.as_bytes()).await.unwrap();
    assert_eq!(map.value("fileId"), Some(&json!("unique()")));
    assert_eq!(map.value("permissions"), Some(&json!(["read(\"any\")"])));
    let file = map.file("file").unwrap();
    assert_eq!((file.file_name.as_str(), &file.bytes[..]), ("a.txt", &b"hello\0"[..]));
    assert_eq!(file.content_type.as_deref(), Some("text/plain"));
    for (content_type, body) in
        [("multipart/form-data", "x"), ("multipart/form-data; boundary=X", "--X\r\nbroken")]
    {
        let error = read("POST", "", content_type, body.as_bytes()).await.unwrap_err();
        assert_eq!(error.fault(), Fault::BodyInvalid, "{content_type} {body}");
    }
    assert_eq!(read("POST", "", "multipart/form-data; boundary=X", b"").await.unwrap().names().count(), 1);
}

#[tokio::test]
async fn unusable_bodies_are_faults() {
    let deep = |open: &str, n: usize| format!("{{\"a\":{}", open.repeat(n));
    let many: Vec<String> = (0..=PARAMS_MAX).map(|n| format!("\"p{n}\":1")).collect();
    let many_fields: Vec<String> = (0..=PARAMS_MAX).map(|n| format!("a[]={n}")).collect();
    for (content_type, body, fault) in [
        (JSON, "{".to_owned(), Fault::BodyInvalid),
        (JSON, r#"{"a":1}x"#.to_owned(), Fault::BodyInvalid),
        (JSON, "[1]".to_owned(), Fault::BodyInvalid),
        (JSON, "\"text\"".to_owned(), Fault::BodyInvalid),
        (JSON, deep("[", PARAM_DEPTH_MAX), Fault::BodyInvalid),
        (JSON, deep("[", 1_000_000), Fault::BodyInvalid),
        (JSON, format!("{{{}}}", many.join(",")), Fault::BodyInvalid),
        (JSON, r#"{"a":"\u0000"}"#.to_owned(), Fault::GeneralArgumentInvalid),
        (JSON, r#"{"a":{"b\u0000":[1]}}"#.to_owned(), Fault::GeneralArgumentInvalid),
        (FORM, "a=%00".to_owned(), Fault::GeneralArgumentInvalid),
        (FORM, "a=%FF".to_owned(), Fault::BodyInvalid),
        (FORM, format!("a{}=1", "[b]".repeat(PARAM_DEPTH_MAX)), Fault::BodyInvalid),
        (FORM, many_fields.join("&"), Fault::BodyInvalid),
    ] {
        let error = read("POST", "", content_type, body.as_bytes()).await.unwrap_err();
        assert_eq!(error.fault(), fault, "{content_type} {body:.60}");
    }
    let error = read("POST", "", JSON, b"{\"a\":\"\xff\"}").await.unwrap_err();
    assert_eq!(error.fault(), Fault::BodyInvalid);
    let error = read("POST", "", JSON, br#"{"name":"\u0000"}"#).await.unwrap_err();
    assert!(error.message().starts_with("Invalid `name` param: "), "{error}");
    let fine = format!("{{\"a\":{}{}}}", "[".repeat(PARAM_DEPTH_MAX - 1), "]".repeat(PARAM_DEPTH_MAX - 1));
    assert!(read("POST", "", JSON, fine.as_bytes()).await.is_ok());
    let quoted = format!("{{\"a\":\"{}\\\"\"}}", "[".repeat(500));
    assert!(read("POST", "", JSON, quoted.as_bytes()).await.is_ok(), "brackets in a text do not count");
}

#[tokio::test]
async fn bodies_are_bounded() {
    let body = |n: usize| Full::new(Bytes::from(vec![b'x'; n]));
    assert_eq!(read_body(body(10), 10).await.unwrap().len(), 10);
    let error = read_body(body(11), 10).await.unwrap_err();
    assert_eq!(error.fault().kind(), cairn_faults::Kind::TooLarge);
    // A stream that does not tell its length is stopped at the bound.
    let chunks = futures_util::stream::iter(
        (0..5).map(|_| Ok::<_, std::io::Error>(hyper::body::Frame::data(Bytes::from_static(b"0123456789")))),
    );
    let error = read_body(http_body_util::StreamBody::new(chunks), 30).await.unwrap_err();
    assert_eq!(error.fault().kind(), cairn_faults::Kind::TooLarge);
}

#[tokio::test]
async fn wire_steps_can_rewrite() {
    let mut map = read("POST", "", JSON, br#"{"a":1,"b":null}"#).await.unwrap();
    assert_eq!(map.get("userId").unwrap().1, ParamOrigin::Path);
    assert_eq!(map.get("b"), Some((&Value::Null, ParamOrigin::Body)));
    assert!(!map.is_set("c"));
    map.rename("a", "c");
    map.rename("userId", "b");
    map.set("userId", json!("new"));
    *map.get_mut("b").unwrap() = json!([]);
    assert_eq!(map.remove("nothing"), None);
    assert_eq!(Value::Object(map.to_object()), json!({"b": [], "c": 1, "userId": "new"}));
    assert_eq!(map.names().collect::<Vec<_>>(), ["b", "c", "userId"]);
}

#[test]
fn texts_for_limit_keys() {
    let map = ParamMap::from_body(
        json!({"s": "x", "n": 5, "l": ["a"], "e": "", "z": "0", "f": false}).as_object().unwrap().clone(),
    );
    for (name, expected) in [
        ("s", Some("x")),
        ("n", Some("5")),
        ("l", Some("[\"a\"]")),
        ("e", None),
        ("z", None),
        ("f", None),
        ("missing", None),
    ] {
        assert_eq!(map.limit_key_text(name).as_deref(), expected, "{name}");
    }
}
