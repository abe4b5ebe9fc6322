//! Answers that nearly every request needs, kept until the thing they tell of changes.

use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};

use cairn_faults::Error;
use cairn_store::{Noun, ProjectRef, Store};
use foldhash::quality::RandomState;
use moka::Equivalent;

#[cfg(test)]
mod tests;

/// Keeps one kind of thing, by project and id; by the project's number too, because one that is made anew under an
/// old id shares nothing with the old one.
///
/// A kept answer counts only while the store's generation of the thing has not moved since before its query, so a
/// change is seen by every request that starts after its acknowledgement. Whoever asks for names that clients made up
/// bounds their length first: what was not found is kept too.
pub struct Cache<V> {
    noun: Noun,
    kept: moka::sync::Cache<Name, Kept<V>, RandomState>,
    hits: AtomicU64,
    misses: AtomicU64,
}

/// What a cache tells about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CacheFigures {
    /// Questions that a kept answer satisfied.
    pub hits: u64,
    /// Questions that went to the store.
    pub misses: u64,
    /// Answers that are kept, outdated ones among them.
    pub entries: u64,
}

/// The name of a kept answer.
#[derive(PartialEq, Eq, Hash)]
struct Name {
    project: Box<str>,
    number: i64,
    id: Box<str>,
}

/// The same name, borrowed: a look-up makes no text. It hashes as [`Name`] does, field by field.
#[derive(Hash)]
struct Wanted<'a> {
    project: &'a str,
    number: i64,
    id: &'a str,
}

impl Equivalent<Name> for Wanted<'_> {
    fn equivalent(&self, name: &Name) -> bool {
        *self.id == *name.id && self.number == name.number && *self.project == *name.project
    }
}

#[derive(Clone)]
struct Kept<V> {
    generation: u64,
    value: V,
}

impl<V: Clone + Send + Sync + 'static> Cache<V> {
    /// A cache of `noun` with `entries_max` entries at most.
    pub fn new(noun: Noun, entries_max: u64) -> Self {
        let kept =
            moka::sync::Cache::builder().max_capacity(entries_max).build_with_hasher(RandomState::default());
        Self { noun, kept, hits: AtomicU64::new(0), misses: AtomicU64::new(0) }
    }

    /// What the cache tells about itself at this moment.
    pub fn figures(&self) -> CacheFigures {
        CacheFigures {
            hits: self.hits.load(Ordering::Relaxed),
            misses: self.misses.load(Ordering::Relaxed),
            entries: self.kept.entry_count(),
        }
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
        self.find(store, &Wanted { project: &project.id, number: project.number, id }, load).await
    }

    /// As [`Cache::get`], for things of which only the project's name is known.
    pub async fn get_named<F>(
        &self,
        store: &Store,
        project: &str,
        id: &str,
        load: impl FnOnce() -> F,
    ) -> Result<V, Error>
    where
        F: Future<Output = Result<V, Error>>,
    {
        self.find(store, &Wanted { project, number: 0, id }, load).await
    }

    async fn find<F>(&self, store: &Store, wanted: &Wanted<'_>, load: impl FnOnce() -> F) -> Result<V, Error>
    where
        F: Future<Output = Result<V, Error>>,
    {
        // Read before the query: a change during the query moves it, and what was loaded counts for nobody else.
        let generation = store.generation(store.slot(wanted.project, self.noun, wanted.id));
        if let Some(kept) = self.kept.get(wanted)
            && kept.generation == generation
        {
            self.hits.fetch_add(1, Ordering::Relaxed);
            return Ok(kept.value);
        }
        self.misses.fetch_add(1, Ordering::Relaxed);
        // Boxed: it is the seldom way, and would make every request as large as the queries that fill the caches.
        let value = Box::pin(load()).await?;
        let name = Name { project: wanted.project.into(), number: wanted.number, id: wanted.id.into() };
        self.kept.insert(name, Kept { generation, value: value.clone() });
        Ok(value)
    }
}
