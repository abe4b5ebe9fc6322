//! What was counted and is not written yet, by project.
//!
//! A transaction's counts come here after its COMMIT, those of reads at once. Somebody above takes them every few
//! seconds and writes them down.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cairn_model::usage::{Count, Metric, Subject};
use foldhash::{HashMap, HashMapExt as _};

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
        let Self { sums, uncounted, by_project } = self;
        let mut add = |kept: &mut HashMap<(Subject, Metric), i64>| {
            for Count { subject, metric, amount } in counts {
                if let Some(sum) = kept.get_mut(&(*subject, *metric)) {
                    *sum = sum.saturating_add(*amount);
                } else if *sums < SUMS_MAX {
                    kept.insert((*subject, *metric), *amount);
                    *sums += 1;
                } else {
                    *uncounted += 1;
                }
            }
        };
        if let Some(kept) = by_project.get_mut(project) {
            return add(kept);
        }
        let mut kept = HashMap::new();
        add(&mut kept);
        if !kept.is_empty() {
            by_project.insert(project.clone(), kept);
        }
    }
}

#[cfg(test)]
mod tests {
    use cairn_model::usage::{Count, Metric, Subject};

    use super::{Meter, SUMS_MAX};
    use crate::ProjectRef;

    fn count(number: i64, amount: i64) -> Count {
        Count { subject: Subject::Database(number), metric: Metric::DatabaseReads, amount }
    }

    #[test]
    fn counts_are_summed_by_project_and_taken_once() {
        let meter = Meter::default();
        let [shop, blog] = ["shop", "blog"].map(|id| ProjectRef::new(id, 1));
        meter.add(&shop, &[count(1, 2), count(2, 5)]);
        meter.add(&shop, &[count(1, 3)]);
        meter.add(&blog, &[count(1, 1)]);
        let [(_, mut counts)] = meter.take(Some(&shop)).try_into().expect("one project");
        counts.sort_by_key(|count| count.subject);
        assert_eq!(counts, [count(1, 5), count(2, 5)]);
        assert_eq!(meter.take(Some(&shop)), []);
        assert_eq!(meter.take(None), [(blog, vec![count(1, 1)])]);
    }

    #[test]
    fn what_waits_is_bounded() {
        let meter = Meter::default();
        let shop = ProjectRef::new("shop", 1);
        for number in 0..2 * i64::try_from(SUMS_MAX).expect("few") {
            meter.add(&shop, &[count(number, 1)]);
        }
        // What has a sum already is still counted.
        meter.add(&shop, &[count(0, 1)]);
        let [(_, counts)] = meter.take(None).try_into().expect("one project");
        assert_eq!((counts.len(), counts.contains(&count(0, 2))), (SUMS_MAX, true));
        meter.add(&shop, &[count(7, 1)]);
        assert_eq!(meter.take(None), [(shop, vec![count(7, 1)])]);
    }
}
