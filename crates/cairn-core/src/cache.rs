//! Answers that nearly every request needs, kept until the thing they tell of changes.

use std::future::Future;
use std::sync::Arc;

use cairn_faults::Error;
use cairn_store::{Noun, ProjectRef, Store};

/// Keeps one kind of thing, by project and id.
///
/// A kept answer counts only while the store's generation of the thing has not moved since before its query, so a
/// change is seen by every request that starts after its acknowledgement.
pub struct Cache<V> {
    noun: Noun,
    /// By the project's id and number: a project that is made anew under an old id shares nothing with the old one.
    kept: moka::sync::Cache<(Arc<str>, i64, String), Kept<V>>,
}

#[derive(Clone)]
struct Kept<V> {
    generation: u64,
    value: V,
}

impl<V: Clone + Send + Sync + 'static> Cache<V> {
    /// A cache of `noun` with `entries_max` entries at most.
    pub fn new(noun: Noun, entries_max: u64) -> Self {
        Self { noun, kept: moka::sync::Cache::new(entries_max) }
    }

    /// The kept answer, or what `load` finds now.
    pub async fn get<F>(
        &self,
        store: &Store,
        project: &ProjectRef,
        id: &str,
        load: impl FnOnce() -> F,
    ) -> Result<V, Error>
    where
        F: Future<Output = Result<V, Error>>,
    {
        let generation = store.generation(store.slot(&project.id, self.noun, id));
        let key = (project.id.clone(), project.number, id.to_owned());
        if let Some(kept) = self.kept.get(&key).filter(|kept| kept.generation == generation) {
            return Ok(kept.value);
        }
        let value = load().await?;
        self.kept.insert(key, Kept { generation, value: value.clone() });
        Ok(value)
    }
}
