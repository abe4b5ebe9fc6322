//! The requests are what each server's API takes, and ids are found in each server's answers.

use super::*;

fn endpoint(kind: Kind) -> Endpoint {
    Endpoint { kind, path: "/p".to_owned(), headers: "A: b\r\n".to_owned(), ids: vec!["x1".to_owned()] }
}

fn written(kind: Kind, write: impl Fn(&Endpoint, &mut Vec<u8>, &mut Dice)) -> String {
    let mut out = Vec::new();
    write(&endpoint(kind), &mut out, &mut Dice::new(3));
    String::from_utf8(out).unwrap()
}

#[test]
fn a_list_asks_for_one_page_of_a_category_by_falling_rank() {
    let cairn = written(Kind::Cairn, Endpoint::list);
    let line = percent_encoding::percent_decode_str(cairn.lines().next().unwrap()).decode_utf8().unwrap();
    let category = line.split_once("[\"").and_then(|(_, rest)| rest.get(..4)).unwrap();
    let expected = format!(
        "GET /p?queries[0]={{\"method\":\"equal\",\"attribute\":\"category\",\"values\":[\"{category}\"]}}\
         &queries[1]={{\"method\":\"orderDesc\",\"attribute\":\"rank\"}}\
         &queries[2]={{\"method\":\"limit\",\"values\":[50]}} HTTP/1.1"
    );
    assert_eq!(line, expected);
    let peer = written(Kind::Pocketbase, Endpoint::list);
    let expected = format!("GET /p?perPage=50&sort=-rank&filter=category%3D%27{category}%27 HTTP/1.1\r\n");
    assert!(peer.starts_with(&expected), "{peer}");
}

#[test]
fn members_are_addressed_by_id() {
    for kind in [Kind::Cairn, Kind::Minimal, Kind::Pocketbase] {
        assert!(written(kind, Endpoint::read).starts_with("GET /p/x1 HTTP/1.1\r\n"));
        assert!(written(kind, Endpoint::update).starts_with("PATCH /p/x1 HTTP/1.1\r\n"));
        assert!(written(kind, Endpoint::create).starts_with("POST /p HTTP/1.1\r\n"));
    }
}

#[test]
fn bodies_are_json_of_the_servers_shape() {
    let body = |text: String| -> serde_json::Value {
        serde_json::from_str(text.split_once("\r\n\r\n").unwrap().1).unwrap()
    };
    let created = body(written(Kind::Cairn, Endpoint::create));
    assert_eq!(created["documentId"], "unique()");
    assert_eq!(created["data"], body(written(Kind::Minimal, Endpoint::create)));
    let updated = body(written(Kind::Cairn, Endpoint::update));
    assert_eq!(updated["data"], body(written(Kind::Pocketbase, Endpoint::update)));
}

#[test]
fn ids_are_found_in_answers() {
    let peer = br#"{"body":"b","collectionId":"pbc_1","collectionName":"records","id":"abc","rank":1}"#;
    for (kind, answer, expected) in [
        (Kind::Cairn, br#"{"$id":"abc","$sequence":"1"}"#.as_slice(), Some("abc")),
        (Kind::Pocketbase, peer.as_slice(), Some("abc")),
        (Kind::Minimal, br#"{"total":0}"#.as_slice(), None),
    ] {
        assert_eq!(endpoint(kind).created_id(answer).as_deref(), expected, "{kind:?}");
    }
}
