//! Random documents, links, deletions and queries over random relationships, beside a model of them in memory.

use std::collections::{BTreeMap, BTreeSet};

use cairn_faults::Fault;
use cairn_model::schema::{OnDelete, RelationType};
use cairn_model::value::Value;
use cairn_std::Rng;
use cairn_testkit::seeds::seeds;
use serde_json::json;

use super::bed::{Bed, id};
use crate::fixture::on_both;

/// Documents that a side may have.
const DOCUMENTS: u64 = 6;
/// Steps of one graph.
const STEPS: u64 = 60;
/// Graphs of each kind in one run.
const GRAPHS: u64 = 4;

/// A relationship between documents `l0..` of a left and `r0..` of a right collection, as it should be.
struct Model {
    kind: RelationType,
    rule: OnDelete,
    sides: [BTreeMap<String, String>; 2],
    links: BTreeSet<(String, String)>,
}

impl Model {
    fn is_many(&self, side: usize) -> bool {
        match self.kind {
            RelationType::OneToOne => false,
            RelationType::OneToMany => side == 0,
            RelationType::ManyToOne => side == 1,
            RelationType::ManyToMany => true,
        }
    }

    fn related(&self, side: usize, of: &str) -> BTreeSet<String> {
        let pairs =
            self.links.iter().map(|(left, right)| if side == 0 { (left, right) } else { (right, left) });
        pairs.filter(|(near, _)| *near == of).map(|(_, far)| far.clone()).collect()
    }

    /// Set what a document relates to; `false` when one and one would be torn apart.
    fn set(&mut self, side: usize, near: &str, far: &[String]) -> bool {
        let far: Vec<&String> = far.iter().filter(|far| self.sides[1 - side].contains_key(*far)).collect();
        let pair = |far: &str| {
            if side == 0 { (near.to_owned(), far.to_owned()) } else { (far.to_owned(), near.to_owned()) }
        };
        let is_taken = |far: &&String| {
            let has = self.related(1 - side, far);
            self.kind == RelationType::OneToOne && has.iter().any(|other| other != near)
        };
        if far.iter().any(is_taken) {
            return false;
        }
        for old in self.related(side, near) {
            self.links.remove(&pair(&old));
        }
        for far in far {
            // A child has one parent: it moves.
            if !self.is_many(1 - side) {
                for other in self.related(1 - side, far) {
                    let moved = if side == 0 { (other, far.clone()) } else { (far.clone(), other) };
                    self.links.remove(&moved);
                }
            }
            self.links.insert(pair(far));
        }
        true
    }

    /// Delete a document; `false` when the rule forbids it.
    fn delete(&mut self, side: usize, near: &str) -> bool {
        let owner = usize::from(self.kind == RelationType::ManyToOne);
        let related = self.related(side, near);
        if self.rule == OnDelete::Restrict && side == owner && !related.is_empty() {
            return false;
        }
        let takes = self.rule == OnDelete::Cascade && (side == owner || self.kind == RelationType::OneToOne);
        self.forget(side, near);
        if takes {
            for far in related {
                self.forget(1 - side, &far);
            }
        }
        true
    }

    fn forget(&mut self, side: usize, near: &str) {
        self.sides[side].remove(near);
        self.links.retain(|(left, right)| if side == 0 { left != near } else { right != near });
    }
}

struct Run {
    rng: Rng,
    bed: Bed,
    names: [String; 2],
    model: Model,
}

const KEYS: [&str; 2] = ["other", "back"];

impl Run {
    fn below(&self, n: u64) -> u64 {
        self.rng.u64() % n
    }

    fn id(&self, side: usize) -> String {
        format!("{}{}", ["l", "r"][side], self.below(DOCUMENTS))
    }

    /// Some documents of the other side, as they are written; a list or one.
    fn value(&self, side: usize) -> (Vec<String>, Value) {
        if !self.model.is_many(side) {
            let far = self.id(1 - side);
            return if self.below(4) == 0 {
                (Vec::new(), Value::Null)
            } else {
                (vec![far.clone()], id(&far))
            };
        }
        let far: BTreeSet<String> = (0..self.below(4)).map(|_| self.id(1 - side)).collect();
        let far: Vec<String> = far.into_iter().collect();
        let value = Value::Array(far.iter().map(|far| id(far)).collect());
        (far, value)
    }

    async fn step(&mut self) {
        let side = usize::try_from(self.below(2)).expect("0 or 1");
        let (near, name) = (self.id(side), ["a", "b", "c"][usize::try_from(self.below(3)).expect("few")]);
        let (far, value) = self.value(side);
        let members = [("name", Value::from(name)), (KEYS[side], value)];
        let is_there = self.model.sides[side].contains_key(&near);
        let collection = &self.names[side];
        let (outcome, expected) = match (self.below(5), is_there) {
            (0, _) => {
                let allowed = is_there && self.model.delete(side, &near);
                let expected = if !is_there {
                    Err(Fault::DocumentNotFound)
                } else if allowed {
                    Ok(())
                } else {
                    Err(Fault::DocumentDeleteRestricted)
                };
                (self.bed.delete(collection, &near).await, expected)
            }
            (_, true) => {
                let done = self.bed.set(collection, &near, &members).await.map(drop);
                (done, self.expect_set(side, &near, &far, name))
            }
            (_, false) => {
                let done = self.bed.make(collection, &near, &members).await.map(drop);
                (done, self.expect_set(side, &near, &far, name))
            }
        };
        assert_eq!(outcome.map_err(|error| error.fault()), expected, "{:?} {near} {far:?}", self.model.kind);
    }

    fn expect_set(&mut self, side: usize, near: &str, far: &[String], name: &str) -> Result<(), Fault> {
        if !self.model.set(side, near, far) {
            return Err(Fault::DocumentUniqueConstraintViolation);
        }
        self.model.sides[side].insert(near.to_owned(), name.to_owned());
        Ok(())
    }

    async fn check(&self) {
        for side in 0..2 {
            for (near, name) in &self.model.sides[side] {
                let shown =
                    self.bed.select(&self.names[side], near, &["*", &format!("{}.name", KEYS[side])]).await;
                let related = self.model.related(side, near);
                let found: BTreeSet<String> = match &shown[KEYS[side]] {
                    serde_json::Value::Array(all) => all.iter().map(text_id).collect(),
                    serde_json::Value::Null => BTreeSet::new(),
                    one => BTreeSet::from([text_id(one)]),
                };
                assert_eq!(
                    (shown["name"].as_str(), found),
                    (Some(&**name), related),
                    "{:?} {near}",
                    self.model.kind
                );
            }
            for name in ["a", "b"] {
                let key = KEYS[side];
                let query =
                    json!({ "method": "equal", "attribute": format!("{key}.name"), "values": [name] });
                let found: BTreeSet<String> =
                    self.bed.find(&self.names[side], &query.to_string()).await.into_iter().collect();
                let is_named =
                    |far: &String| self.model.sides[1 - side].get(far).is_some_and(|is| is == name);
                let expected: BTreeSet<String> = self.model.sides[side]
                    .keys()
                    .filter(|near| self.model.related(side, near).iter().any(is_named))
                    .cloned()
                    .collect();
                assert_eq!(found, expected, "{:?} {key}.name = {name}", self.model.kind);
            }
        }
    }
}

fn text_id(document: &serde_json::Value) -> String {
    document["id"].as_str().expect("an id").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn random_graphs_are_as_the_model_has_them() {
    on_both("relations_graphs", |fixture| async move {
        let bed = Bed::open(&fixture).await;
        for seed in seeds(GRAPHS * 4) {
            let rng = Rng::seeded(seed);
            let kind = RelationType::ALL[usize::try_from(seed % 4).expect("few")];
            let rule = OnDelete::ALL[usize::try_from(rng.u64() % 3).expect("few")];
            let names = bed.pair(kind, true, rule).await;
            let model = Model { kind, rule, sides: Default::default(), links: BTreeSet::new() };
            let mut run = Run { rng, bed: bed.clone(), names, model };
            for step in 0..STEPS {
                run.step().await;
                if step % 10 == 9 {
                    run.check().await;
                }
            }
        }
    })
    .await;
}
