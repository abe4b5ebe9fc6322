//! Documents that relate to each other, on both engines.

mod bed;
mod graphs;

use bed::{Bed, id, ids, list, object};
use cairn_faults::Fault;
use cairn_model::schema::{OnDelete, RelationType};
use cairn_model::value::Value;
use serde_json::json;

use crate::fixture::{fault, on_both};

const TAKEN: Fault = Fault::DocumentUniqueConstraintViolation;

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_is_written_and_read_from_both_sides() {
    on_both("relations_kinds", |fixture| async move {
        let bed = Bed::open(&fixture).await;
        for kind in RelationType::ALL.iter().copied() {
            let [left, right] = bed.pair(kind, true, OnDelete::SetNull).await;
            let (one, many) = (|text: &str| id(text), |text: &str| list(&[id(text)]));
            let pick = |is_many: bool, text: &str| if is_many { many(text) } else { one(text) };
            let (left_many, right_many) = (
                kind == RelationType::OneToMany || kind == RelationType::ManyToMany,
                kind == RelationType::ManyToOne || kind == RelationType::ManyToMany,
            );
            bed.make(&right, "r1", &[("name", "x".into())]).await.expect("a document");
            let made = bed.make(&left, "l1", &[("name", "a".into()), ("other", pick(left_many, "r1"))]).await;
            let wanted = json!({ "id": "r1", "name": "x" });
            let wanted = if left_many { json!([wanted]) } else { wanted };
            assert_eq!(made.expect("made"), json!({ "id": "l1", "name": "a", "other": wanted }), "{kind:?}");
            let back = json!({ "id": "l1", "name": "a" });
            let back = if right_many { json!([back]) } else { back };
            assert_eq!(bed.select(&right, "r1", &["back.*"]).await["back"], back, "{kind:?}");

            // From the other side: another document, made on the way.
            let nested = object(&[("$id", "l2".into()), ("name", "b".into())]);
            let value = if right_many { Value::Array(vec![id("l1"), nested]) } else { nested };
            bed.set(&left, "l1", &[("other", if left_many { list(&[]) } else { Value::Null })])
                .await
                .expect("unlinked");
            let changed = bed.set(&right, "r1", &[("back", value)]).await.expect("relinked");
            let l2 = json!({ "id": "l2", "name": "b" });
            let expected = if right_many { json!([{ "id": "l1", "name": "a" }, l2]) } else { l2 };
            assert_eq!(changed["back"], expected, "{kind:?}");
            assert_eq!(bed.select(&left, "l2", &["*", "other.name"]).await["other"], wanted, "{kind:?}");

            // Nothing is left of a link when either end goes.
            bed.delete(&right, "r1").await.expect("deleted");
            let none = if left_many { json!([]) } else { json!(null) };
            assert_eq!(bed.select(&left, "l2", &["other.*"]).await["other"], none, "{kind:?}");
            bed.make(&right, "r1", &[("name", "new".into())]).await.expect("an id is free again");
            assert_eq!(bed.select(&left, "l2", &["other.*"]).await["other"], none, "{kind:?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_through_a_link_name_who_makes_them() {
    on_both("relations_authors", |fixture| async move {
        let bed = Bed::open(&fixture).await;
        let [left, right] = bed.pair(RelationType::OneToMany, true, OnDelete::SetNull).await;
        bed.keep_authors(&left).await;
        bed.keep_authors(&right).await;
        let (ann, bob) = (bed.as_user(&fixture, "Ann").await, bed.as_user(&fixture, "Bob").await);
        let id_of = |bed: &Bed| json!(bed.cx.user_id().expect("a user").as_str());
        let (a, b) = (id_of(&ann), id_of(&bob));
        ann.make(&right, "r1", &[("name", "x".into())]).await.expect("made");
        let nested = object(&[("$id", "r2".into()), ("name", "y".into()), ("$createdBy", "me".into())]);
        bob.make(&left, "l1", &[("other", Value::Array(vec![id("r1"), nested]))]).await.expect("made");
        assert_eq!(bed.authors(&right, "r1").await, [a.clone(), b.clone()], "a link is a change");
        assert_eq!(bed.authors(&right, "r2").await, [b.clone(), b.clone()]);
        let mine = format!(r#"{{"method":"equal","attribute":"other.$createdBy","values":[{a}]}}"#);
        assert_eq!(bed.find(&left, &mine).await, ["l1"]);
        ann.delete(&left, "l1").await.expect("deleted");
        assert_eq!(bed.authors(&right, "r2").await, [b, a], "so is losing it");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_without_a_select_have_links_of_their_own_rows_alone() {
    on_both("relations_default", |fixture| async move {
        let bed = Bed::open(&fixture).await;
        let [books, authors] = bed.pair(RelationType::ManyToOne, true, OnDelete::Restrict).await;
        bed.make(&authors, "a", &[("name", "A".into())]).await.expect("made");
        bed.make(&books, "b", &[("name", "B".into()), ("other", id("a"))]).await.expect("made");
        assert_eq!(bed.get(&books, "b").await, json!({ "id": "b", "name": "B", "other": "a" }));
        assert_eq!(bed.get(&authors, "a").await, json!({ "id": "a", "name": "A" }));
        assert_eq!(
            bed.select(&authors, "a", &["back.*"]).await,
            json!({ "id": "a", "name": "A", "back": [{ "id": "b", "name": "B" }] })
        );
        assert_eq!(
            bed.select(&books, "b", &["other.$id"]).await,
            json!({ "id": "b", "other": { "id": "a" } })
        );
        assert_eq!(bed.select(&books, "b", &["name"]).await, json!({ "id": "b", "name": "B" }));
        let all = json!({ "id": "b", "name": "B", "other": { "id": "a", "name": "A" } });
        assert_eq!(bed.select(&books, "b", &["*", "*.*"]).await, all);
        assert_eq!(fault(bed.try_select(&books, "b", &["other.none"]).await), Fault::GeneralQueryInvalid);
        assert_eq!(fault(bed.try_select(&books, "b", &["name.none"]).await), Fault::GeneralQueryInvalid);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_page_costs_does_not_depend_on_its_size() {
    on_both("relations_cost", |fixture| async move {
        let bed = Bed::open(&fixture).await;
        let [books, authors] = bed.pair(RelationType::ManyToOne, true, OnDelete::SetNull).await;
        bed.relate(&authors, "tags", RelationType::ManyToMany, true, OnDelete::SetNull).await;
        for count in 0..40 {
            let tags = Value::Array(
                (0..3)
                    .map(|tag| {
                        object(&[("$id", format!("t{}", (count + tag) % 5).into()), ("name", "t".into())])
                    })
                    .collect(),
            );
            let author = object(&[("$id", format!("a{count}").into()), ("name", "a".into()), ("tags", tags)]);
            bed.make(&books, &format!("b{count}"), &[("name", "b".into()), ("other", author)])
                .await
                .expect("made");
        }
        let mut costs = Vec::new();
        for limit in [1, 7, 40] {
            let (statements, page) = bed.cost(&books, &["*", "other.*", "other.tags.*"], limit).await;
            assert_eq!(page, limit);
            costs.push(statements);
        }
        // The page itself, the authors and their tags.
        assert_eq!(costs, [3, 3, 3]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_document_is_no_related_document() {
    on_both("relations_hidden", |fixture| async move {
        let bed = Bed::open(&fixture).await;
        let [books, authors] = bed.pair(RelationType::ManyToOne, true, OnDelete::SetNull).await;
        bed.secure(&authors, true, &[]).await;
        bed.make_for(&authors, "shown", &[("name", "A".into())], &[r#"read("users")"#]).await;
        bed.make_for(&authors, "hidden", &[("name", "A".into())], &[]).await;
        for (book, author) in [("b1", "shown"), ("b2", "hidden")] {
            bed.make(&books, book, &[("name", "B".into()), ("other", id(author))]).await.expect("made");
        }
        bed.secure(&books, false, &[r#"read("users")"#, r#"update("users")"#]).await;
        let user = bed.as_user(&fixture, "eve").await;
        assert_eq!(user.get(&books, "b1").await["other"], "shown");
        assert_eq!(user.get(&books, "b2").await["other"], json!(null));
        assert_eq!(user.select(&books, "b2", &["other.*"]).await["other"], json!(null));
        for (query, expected) in [
            (r#"{"method":"equal","attribute":"other","values":["hidden"]}"#, vec![]),
            (r#"{"method":"equal","attribute":"other","values":["shown","hidden"]}"#, vec!["b1"]),
            (r#"{"method":"equal","attribute":"other.name","values":["A"]}"#, vec!["b1"]),
            (r#"{"method":"isNull","attribute":"other"}"#, vec!["b2"]),
            (r#"{"method":"isNotNull","attribute":"other"}"#, vec!["b1"]),
            (r#"{"method":"notEqual","attribute":"other","values":["x"]}"#, vec!["b1"]),
            (r#"{"method":"equal","attribute":"other.back.$id","values":["b2"]}"#, vec![]),
        ] {
            assert_eq!(user.find(&books, query).await, ids(&expected), "{query}");
        }
        // Setting what is shown leaves what is hidden alone, and linking to what is hidden does nothing.
        user.set(&books, "b2", &[("other", Value::Null), ("name", "new".into())]).await.expect("changed");
        user.set(&books, "b1", &[("other", id("hidden"))]).await.expect("changed");
        assert_eq!(bed.get(&books, "b2").await["other"], "hidden");
        assert_eq!(bed.get(&books, "b1").await["other"], json!(null));
        bed.secure(&authors, false, &[]).await;
        assert_eq!(user.select(&books, "b2", &["*", "other.*"]).await["other"], json!(null));
        assert_eq!(user.find(&books, r#"{"method":"isNull","attribute":"other"}"#).await, ids(&["b1", "b2"]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nested_documents_need_the_rights_that_they_would_alone() {
    on_both("relations_rights", |fixture| async move {
        let bed = Bed::open(&fixture).await;
        let [books, authors] = bed.pair(RelationType::ManyToOne, true, OnDelete::Cascade).await;
        bed.secure(&books, true, &[r#"create("users")"#]).await;
        bed.secure(&authors, true, &[]).await;
        let user = bed.as_user(&fixture, "eve").await;
        let author = |name: &str| object(&[("$id", "a".into()), ("name", name.into())]);
        let book = |name: &str| vec![("name", Value::from("B")), ("other", author(name))];
        assert_eq!(fault(user.make(&books, "b", &book("A")).await), Fault::UserUnauthorized);
        assert_eq!(bed.count(&books).await, 0, "nothing is half written");
        bed.secure(&authors, true, &[r#"create("users")"#]).await;
        user.make(&books, "b", &book("A")).await.expect("made");
        let inherited = bed.permissions(&authors, "a").await;
        assert_eq!(inherited, [r#"read("user:eve")"#, r#"update("user:eve")"#, r#"delete("user:eve")"#]);
        let stranger = bed.as_user(&fixture, "bob").await;
        assert_eq!(fault(stranger.make(&books, "c", &book("Z")).await), Fault::DocumentAlreadyExists);
        bed.make_for(&authors, "read", &[("name", "R".into())], &[r#"read("users")"#]).await;
        let other = object(&[("$id", "read".into()), ("name", "changed".into())]);
        assert_eq!(fault(user.set(&books, "b", &[("other", other)]).await), Fault::UserUnauthorized);
        let grant = object(&[("name", "x".into()), ("$permissions", list(&[r#"read("team:x")"#.into()]))]);
        assert_eq!(fault(user.set(&books, "b", &[("other", grant)]).await), Fault::UserUnauthorized);
        // From the side that shows no link, linking changes the other document.
        bed.make_for(&books, "hers", &[("name", "H".into())], &[r#"read("users")"#]).await;
        assert_eq!(
            fault(user.set(&authors, "a", &[("back", list(&[id("b"), id("hers")]))]).await),
            Fault::UserUnauthorized
        );
        user.set(&authors, "a", &[("back", list(&[id("b")]))]).await.expect("as it was");
        // A cascade stops at what the caller may not delete.
        bed.set(&books, "hers", &[("other", id("a"))]).await.expect("linked");
        assert_eq!(fault(user.delete(&authors, "a").await), Fault::UserUnauthorized);
        bed.delete(&authors, "a").await.expect("a key may");
        assert_eq!((bed.count(&books).await, bed.count(&authors).await), (0, 1));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn deleting_restricts_takes_or_unlinks() {
    on_both("relations_delete", |fixture| async move {
        let bed = Bed::open(&fixture).await;
        // The kind, whether deleting the left one asks the rule, and the right one.
        let cases = [
            (RelationType::OneToOne, true, false),
            (RelationType::OneToMany, true, false),
            (RelationType::ManyToOne, false, true),
            (RelationType::ManyToMany, true, false),
        ];
        for (kind, left_owns, right_owns) in cases {
            for two_way in [false, true] {
                for rule in OnDelete::ALL.iter().copied() {
                    for (deletes_left, owns) in [(true, left_owns), (false, right_owns)] {
                        let [left, right] = bed.pair(kind, two_way, rule).await;
                        let is_many = matches!(kind, RelationType::OneToMany | RelationType::ManyToMany);
                        let nested = object(&[("$id", "r".into()), ("name", "r".into())]);
                        let value = if is_many { list(&[nested]) } else { nested };
                        bed.make(&left, "l", &[("name", "l".into()), ("other", value)]).await.expect("made");
                        let (target, target_id, other) =
                            if deletes_left { (&left, "l", &right) } else { (&right, "r", &left) };
                        let outcome = bed.delete(target, target_id).await;
                        let case = format!("{kind:?} two-way {two_way} {rule:?} left {deletes_left}");
                        let takes_back = kind == RelationType::OneToOne && two_way;
                        match rule {
                            OnDelete::Restrict if owns => {
                                assert_eq!(fault(outcome), Fault::DocumentDeleteRestricted, "{case}");
                                assert_eq!(bed.count(target).await, 1, "{case}");
                            }
                            OnDelete::Cascade if owns || takes_back => {
                                outcome.expect(&case);
                                assert_eq!(bed.count(other).await, 0, "{case}");
                            }
                            _ => {
                                outcome.expect(&case);
                                assert_eq!(bed.count(other).await, 1, "{case}");
                                if !deletes_left {
                                    let left = bed.select(&left, "l", &["other.*"]).await;
                                    assert_eq!(
                                        left["other"],
                                        if is_many { json!([]) } else { json!(null) },
                                        "{case}"
                                    );
                                }
                            }
                        }
                    }
                }
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cycles_end_and_depth_is_bounded() {
    on_both("relations_cycles", |fixture| async move {
        let bed = Bed::open(&fixture).await;
        let people = bed.collection("people").await;
        bed.relate_to(
            &people,
            &people,
            ("friend", "friends"),
            RelationType::ManyToOne,
            true,
            OnDelete::Cascade,
        )
        .await;
        for (person, friend) in [("a", Value::Null), ("b", id("a")), ("c", id("b"))] {
            bed.make(&people, person, &[("name", person.into()), ("friend", friend)]).await.expect("made");
        }
        bed.set(&people, "a", &[("friend", id("c"))]).await.expect("a circle");
        let deep = bed.select(&people, "a", &["friend.friend.friend.friend.name"]).await;
        assert_eq!(deep, json!({ "id": "a", "friend": { "id": "c", "friend": { "id": "b" } } }));
        assert_eq!(
            bed.select(&people, "a", &["friends.friend.name"]).await["friends"],
            json!([{ "id": "b" }])
        );
        let nest = |inner: Option<Value>| {
            let mut members = vec![("name", Value::from("n"))];
            members.extend(inner.map(|inner| ("friend", inner)));
            object(&members)
        };
        let three = nest(Some(nest(None)));
        bed.make(&people, "d", &[("name", "d".into()), ("friend", three)]).await.expect("three levels");
        let four = nest(Some(nest(Some(nest(None)))));
        let refused = bed.make(&people, "e", &[("name", "e".into()), ("friend", four)]).await;
        assert_eq!(fault(refused), Fault::RelationshipValueInvalid);
        assert_eq!(bed.count(&people).await, 6);
        bed.delete(&people, "a").await.expect("the circle goes");
        assert_eq!(bed.count(&people).await, 3);
        let many: Vec<Value> = (0..1_001).map(|count| id(&format!("p{count}"))).collect();
        let refused = bed.set(&people, "d", &[("friends", Value::Array(many))]).await;
        assert_eq!(fault(refused), Fault::RelationshipValueInvalid);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn values_that_are_no_links_are_refused() {
    on_both("relations_values", |fixture| async move {
        let bed = Bed::open(&fixture).await;
        let [books, authors] = bed.pair(RelationType::ManyToOne, true, OnDelete::SetNull).await;
        for value in [Value::Int(1), Value::Bool(true), list(&[id("a")]), "not an id".into(), "".into()] {
            let refused = bed.make(&books, "b", &[("name", "b".into()), ("other", value.clone())]).await;
            assert_eq!(fault(refused), Fault::RelationshipValueInvalid, "{value:?}");
        }
        for value in [id("b"), object(&[]), list(&[Value::Int(1)]), list(&[Value::Null]), Value::Float(0.5)] {
            let refused = bed.make(&authors, "a", &[("name", "a".into()), ("back", value.clone())]).await;
            assert_eq!(fault(refused), Fault::RelationshipValueInvalid, "{value:?}");
        }
        let wrong =
            [("$id", Value::Int(1)), ("$id", "no good".into()), ("$permissions", list(&["x".into()]))];
        for (key, value) in wrong {
            let nested = object(&[("name", "a".into()), (key, value)]);
            let refused = bed.make(&books, "b", &[("name", "b".into()), ("other", nested)]).await;
            assert_eq!(fault(refused), Fault::RelationshipValueInvalid);
        }
        let nested = object(&[("none", "a".into())]);
        let refused = bed.make(&books, "b", &[("name", "b".into()), ("other", nested)]).await;
        assert_eq!(fault(refused), Fault::DocumentInvalidStructure);
        assert_eq!((bed.count(&books).await, bed.count(&authors).await), (0, 0), "nothing is half written");
        let made = bed.make(&books, "b", &[("name", "b".into()), ("other", id("nobody"))]).await;
        assert_eq!(made.expect("made")["other"], json!(null));
        assert_eq!(fault(bed.set(&authors, "none", &[("back", list(&[]))]).await), Fault::DocumentNotFound);
        bed.make(&authors, "a", &[("name", "a".into())]).await.expect("made");
        assert_eq!(
            fault(bed.set(&authors, "a", &[("back", Value::Null)]).await),
            Fault::RelationshipValueInvalid
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_and_one_are_not_taken_from_each_other() {
    on_both("relations_unique", |fixture| async move {
        let bed = Bed::open(&fixture).await;
        let [people, passports] = bed.pair(RelationType::OneToOne, true, OnDelete::SetNull).await;
        for (person, passport) in [("p1", "l1"), ("p2", "l2")] {
            bed.make(&passports, passport, &[("name", "x".into())]).await.expect("made");
            bed.make(&people, person, &[("name", "x".into()), ("other", id(passport))]).await.expect("made");
        }
        assert_eq!(fault(bed.set(&people, "p1", &[("other", id("l2"))]).await), TAKEN);
        assert_eq!(fault(bed.set(&passports, "l1", &[("back", id("p2"))]).await), TAKEN);
        assert_eq!(fault(bed.make(&people, "p3", &[("name", "x".into()), ("other", id("l1"))]).await), TAKEN);
        assert_eq!(
            fault(bed.make(&people, "p1", &[("name", "x".into()), ("other", id("l1"))]).await),
            Fault::DocumentAlreadyExists
        );
        bed.set(&people, "p2", &[("other", Value::Null)]).await.expect("unlinked");
        bed.set(&people, "p1", &[("other", id("l2"))]).await.expect("free");
        assert_eq!(bed.select(&passports, "l2", &["back.*"]).await["back"]["id"], "p1");
        assert_eq!(bed.select(&passports, "l1", &["back.*"]).await["back"], json!(null));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn relationships_are_renamed_and_removed_on_both_sides() {
    on_both("relations_schema", |fixture| async move {
        let bed = Bed::open(&fixture).await;
        for kind in RelationType::ALL.iter().copied() {
            let [left, right] = bed.pair(kind, true, OnDelete::Restrict).await;
            bed.rename(&right, "back", "lefts", Some(OnDelete::SetNull)).await.expect("renamed");
            let here = bed.relation(&left, "other").await;
            assert_eq!((&*here.two_way_key, here.on_delete), ("lefts", OnDelete::SetNull));
            assert_eq!(fault(bed.rename(&left, "other", "Name", None).await), Fault::AttributeAlreadyExists);
            bed.make(&right, "r", &[("name", "r".into())]).await.expect("made");
            bed.drop_attribute(&right, "lefts").await;
            assert_eq!(bed.keys(&left).await, ["name"], "{kind:?}");
            assert_eq!(bed.keys(&right).await, ["name"], "{kind:?}");
            bed.make(&right, "s", &[("name", "s".into())]).await.expect("without a trace");

            let [left, right] = bed.pair(kind, false, OnDelete::Restrict).await;
            assert_eq!(bed.keys(&right).await, ["name"], "{kind:?}");
            bed.relate(&left, "again", kind, true, OnDelete::Cascade).await;
            bed.drop_collection(&right).await;
            assert_eq!(bed.keys(&left).await, ["name", "again"], "{kind:?}");
            bed.make(&left, "l", &[("name", "l".into())]).await.expect("made");
            let [left, right] = bed.pair(kind, false, OnDelete::Restrict).await;
            bed.drop_collection(&left).await;
            bed.make(&right, "r", &[("name", "r".into())]).await.expect("made");
            bed.delete(&right, "r").await.expect("nothing leads here any more");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn transactions_carry_related_documents() {
    on_both("relations_staged", |fixture| async move {
        let bed = Bed::open(&fixture).await;
        let [books, authors] = bed.pair(RelationType::ManyToOne, true, OnDelete::Cascade).await;
        let author = object(&[("$id", "a".into()), ("name", "A".into())]);
        let transaction = bed.begin().await;
        bed.stage_create(&transaction, &books, "b", &[("name", "B".into()), ("other", author)]).await;
        let seen = bed.peek(&transaction, &books, "b", &["*", "other.name"]).await;
        assert_eq!(seen["other"], json!({ "id": "a", "name": "A" }));
        assert_eq!((bed.count(&books).await, bed.count(&authors).await), (0, 0));
        bed.commit(&transaction).await.expect("committed");
        assert_eq!(
            bed.select(&authors, "a", &["back.name"]).await["back"],
            json!([{ "id": "b", "name": "B" }])
        );
        let transaction = bed.begin().await;
        bed.stage_delete(&transaction, &authors, "a").await;
        bed.commit(&transaction).await.expect("committed");
        assert_eq!((bed.count(&books).await, bed.count(&authors).await), (0, 0));
    })
    .await;
}
