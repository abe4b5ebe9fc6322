//! Random interleavings of transactions and plain writes, against a map in memory.

use std::collections::BTreeMap;

use cairn_faults::Fault;
use cairn_model::schema::NewDocument;
use cairn_model::transactions::{TransactionId, Work};
use cairn_model::value::Value;
use cairn_std::Rng;
use cairn_testkit::seeds::seeds;

use super::{begin, notes, rows, seen, stars, step};
use crate::Cx;
use crate::documents::bulk::tests::{all, make_notes};
use crate::documents::{self, Step};
use crate::fixture::{Fixture, on_both};
use crate::transactions::{commit, roll_back, stage};

const ROUNDS: u64 = 4;
const STEPS: usize = 60;
const IDS: [&str; 4] = ["a", "b", "c", "d"];

/// A document: how often documents were made or changed when it became what it is, and its stars.
type Row = (u64, i64);

#[derive(Clone, Debug)]
enum Change {
    Create(&'static str, i64),
    Update(&'static str, i64),
    Upsert(&'static str, i64),
    Step(&'static str, i64),
    Delete(&'static str),
}

impl Change {
    fn id(&self) -> &'static str {
        match self {
            Self::Create(id, _)
            | Self::Update(id, _)
            | Self::Upsert(id, _)
            | Self::Step(id, _)
            | Self::Delete(id) => id,
        }
    }

    fn work(&self) -> Work {
        match *self {
            Self::Create(id, n) => Work::Create(stars(id, n)),
            Self::Update(id, n) => Work::Update(stars(id, n)),
            Self::Upsert(id, n) => Work::Upsert(stars(id, n)),
            Self::Step(id, n) => step(id, n),
            Self::Delete(id) => Work::Delete(id.to_owned()),
        }
    }
}

/// What the documents must be.
#[derive(Clone, Default)]
struct Model {
    rows: BTreeMap<&'static str, Row>,
    changes: u64,
}

impl Model {
    fn apply(&mut self, change: &Change) -> Result<(), Fault> {
        let id = change.id();
        let old = self.rows.get(id).copied();
        self.changes += 1;
        let new = match (change, old) {
            (Change::Create(..), Some(_)) => return Err(Fault::DocumentAlreadyExists),
            (Change::Update(..) | Change::Step(..) | Change::Delete(_), None) => {
                return Err(Fault::DocumentNotFound);
            }
            (Change::Delete(_), _) => None,
            (Change::Step(_, by), Some((_, n))) => Some(n + by),
            (Change::Create(_, n) | Change::Update(_, n) | Change::Upsert(_, n), _) => Some(*n),
        };
        match new {
            None => drop(self.rows.remove(id)),
            // A document that stays what it is does not change; a step always counts as one.
            Some(n) if old.is_some_and(|(_, stars)| stars == n) && !matches!(change, Change::Step(..)) => {}
            Some(n) => drop(self.rows.insert(id, (self.changes, n))),
        }
        Ok(())
    }

    fn replay(&mut self, staged: &[(Change, Option<Row>)]) -> Result<(), Fault> {
        let mut touched = Vec::new();
        for (change, base) in staged {
            let id = change.id();
            let now = self.rows.get(id).copied();
            let mut trial = self.clone();
            match trial.apply(change) {
                Err(Fault::DocumentAlreadyExists) => return Err(Fault::TransactionConflict),
                Err(fault) => return Err(fault),
                Ok(()) if !touched.contains(&id) && now != *base => return Err(Fault::TransactionConflict),
                Ok(()) => *self = trial,
            }
            touched.push(id);
        }
        Ok(())
    }

    fn shown(&self) -> Vec<(String, Value)> {
        let shown: Vec<_> = self.rows.iter().map(|(id, (_, stars))| (*id, *stars)).collect();
        rows(&shown)
    }
}

async fn plainly(cx: &Cx, change: &Change) -> Result<(), Fault> {
    let place = notes();
    let done = match change.work() {
        Work::Create(new) => documents::create(cx, &place, new).await.map(drop),
        Work::Update(NewDocument { id, data, .. }) => {
            documents::update(cx, &place, &id, data, None, None).await.map(drop)
        }
        Work::Upsert(new) => documents::upsert(cx, &place, new, None).await.map(drop),
        Work::Step(id, by) => documents::step(cx, &place, &id, Step { ..by }).await.map(drop),
        _ => documents::delete(cx, &place, change.id(), None).await,
    };
    done.map_err(|error| error.fault())
}

type Open = (TransactionId, Vec<(Change, Option<Row>)>);

async fn round(cx: &Cx, fixture: &Fixture, rng: &Rng, model: &mut Model) {
    let pick = |below: u64| rng.u64() % below;
    let mut open: Vec<Open> = Vec::new();
    for number in 0..STEPS {
        fixture.clock.advance_ms(1);
        let id = IDS[usize::try_from(pick(4)).expect("small")];
        let n = i64::try_from(pick(5)).expect("small") + 1;
        let change = match pick(5) {
            0 => Change::Create(id, n),
            1 => Change::Update(id, n),
            2 => Change::Upsert(id, n),
            3 => Change::Step(id, n),
            _ => Change::Delete(id),
        };
        let at = if open.is_empty() { 0 } else { usize::try_from(pick(open.len() as u64)).expect("small") };
        match pick(10) {
            0 if open.len() < 4 => open.push((begin(cx).await, Vec::new())),
            1 if !open.is_empty() => {
                let (id, staged) = open.remove(at);
                let mut trial = model.clone();
                let expected = trial.replay(&staged);
                let found = commit(cx, &id).await.map(drop).map_err(|error| error.fault());
                assert_eq!(found, expected, "step {number}: commit of {staged:?}");
                if expected.is_ok() {
                    *model = trial;
                }
            }
            2 if !open.is_empty() => drop(roll_back(cx, &open.remove(at).0).await.expect("rolls back")),
            3..=6 if !open.is_empty() => {
                let mut inside = model.clone();
                let before = inside.replay(&open[at].1);
                let is_there = inside.rows.contains_key(id);
                let expected = match &change {
                    Change::Create(..) => Ok(()),
                    Change::Upsert(..) => before,
                    _ if before.is_ok() && !is_there => Err(Fault::DocumentNotFound),
                    _ => before,
                };
                let found = stage(cx, &open[at].0, &notes(), change.work()).await.map(drop);
                assert_eq!(found.map_err(|error| error.fault()), expected, "step {number}: stage {change:?}");
                if expected.is_ok() {
                    let base = model.rows.get(id).copied();
                    open[at].1.push((change, base));
                }
                let mut inside = model.clone();
                if inside.replay(&open[at].1).is_ok() {
                    assert_eq!(seen(cx, &open[at].0).await, inside.shown(), "step {number}");
                }
            }
            _ => {
                let expected = model.apply(&change);
                assert_eq!(plainly(cx, &change).await, expected, "step {number}: {change:?}");
            }
        }
        assert_eq!(all(cx).await, model.shown(), "step {number}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn interleaved_transactions_do_what_a_map_does() {
    on_both("transactions_random", |fixture| async move {
        let cx = fixture.key().await;
        make_notes(&cx).await;
        let mut model = Model::default();
        for seed in seeds(ROUNDS) {
            round(&cx, &fixture, &Rng::seeded(seed), &mut model).await;
        }
    })
    .await;
}
