//! What was counted and is not written yet, by project.
//!
//! A transaction's counts come here after its COMMIT, those of reads at once. Somebody above takes them every few
//! seconds and writes them down.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cairn_model::usage::{Count, Metric, Subject};

use crate::ProjectRef;

/// Sums that wait at most; what would be one more is not counted.
const SUMS_MAX: usize = 50_000;

/// Counts that wait to be written. Cheap to clone: all clones are one.
#[derive(Clone, Debug, Default)]
pub struct Meter(Arc<Mutex<Waiting>>);

#[derive(Debug, Default)]
struct Waiting {
    sums: usize,
    uncounted: u64,
    by_project: HashMap<ProjectRef, HashMap<(Subject, Metric), i64>>,
}

impl Meter {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Count.
    pub fn add(&self, project: &ProjectRef, counts: &[Count]) {
        if !counts.is_empty() {
            self.waiting().add(project, counts);
        }
    }

    /// Take what waits, of one project or of all.
    pub fn take(&self, only: Option<&ProjectRef>) -> Vec<(ProjectRef, Vec<Count>)> {
        let mut waiting = self.waiting();
        if waiting.uncounted > 0 {
            tracing::warn!(
                counts = waiting.uncounted,
                "usage was not counted: too much waited to be written"
            );
            waiting.uncounted = 0;
        }
        let taken = match only {
            None => std::mem::take(&mut waiting.by_project),
            Some(project) => waiting.by_project.remove_entry(project).into_iter().collect(),
        };
        waiting.sums = waiting.sums.saturating_sub(taken.values().map(HashMap::len).sum());
        let count = |((subject, metric), amount)| Count { subject, metric, amount };
        taken.into_iter().map(|(project, sums)| (project, sums.into_iter().map(count).collect())).collect()
    }
}

impl Waiting {
    fn add(&mut self, project: &ProjectRef, counts: &[Count]) {
        if !self.by_project.contains_key(project) {
            if self.sums >= SUMS_MAX {
                self.uncounted += counts.len() as u64;
                return;
            }
            self.by_project.insert(project.clone(), HashMap::new());
        }
        let Some(sums) = self.by_project.get_mut(project) else { return };
        for Count { subject, metric, amount } in counts {
            if let Some(sum) = sums.get_mut(&(*subject, *metric)) {
                *sum = sum.saturating_add(*amount);
            } else if self.sums < SUMS_MAX {
                sums.insert((*subject, *metric), *amount);
                self.sums += 1;
            } else {
                self.uncounted += 1;
            }
        }
    }
}
