//! Which project files are open, and the one who opens, makes, closes or removes one at a time.
//!
//! INVARIANT: while a [`Reservation`] of a project is held nobody else finds or opens its file, so that the map's own
//! lock is never held over input and output: opening one project does not hold up another.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};

use super::file::ProjectFile;

#[derive(Default)]
pub(super) struct Files {
    places: Mutex<HashMap<Arc<str>, Place>>,
}

enum Place {
    Open(Arc<ProjectFile>),
    Reserved(Arc<Gate>),
}

/// Opens once, when a reservation ends.
#[derive(Default)]
struct Gate {
    is_open: Mutex<bool>,
    opened: Condvar,
}

/// The right to open, make, close or remove a project's file; ends when dropped.
pub(super) struct Reservation<'a> {
    files: &'a Files,
    id: Arc<str>,
    gate: Arc<Gate>,
}

pub(super) enum Found<'a> {
    Open(Arc<ProjectFile>),
    Closed(Reservation<'a>),
}

impl Files {
    /// The open file, or the right to open it; waits while somebody else has that right.
    pub(super) fn find(&self, id: &Arc<str>) -> Found<'_> {
        loop {
            let gate = match self.places().entry(Arc::clone(id)) {
                Entry::Vacant(place) => return Found::Closed(self.fill(place)),
                Entry::Occupied(place) => match place.get() {
                    Place::Open(file) => return Found::Open(Arc::clone(file)),
                    Place::Reserved(gate) => Arc::clone(gate),
                },
            };
            gate.wait();
        }
    }

    /// Take the file away from everybody else, whether it is open or not.
    pub(super) fn take(&self, id: &Arc<str>) -> (Reservation<'_>, Option<Arc<ProjectFile>>) {
        loop {
            match self.find(id) {
                Found::Closed(reservation) => return (reservation, None),
                Found::Open(_) => {
                    if let Some((reservation, file)) = self.take_open(&mut self.places(), id) {
                        return (reservation, Some(file));
                    }
                }
            }
        }
    }

    /// Take the least recently used files that nobody uses, until no more than `open_max` are open.
    ///
    /// Where all are in use there are more: better one file too many than a request refused.
    pub(super) fn take_idle(&self, open_max: usize) -> Vec<(Reservation<'_>, Arc<ProjectFile>)> {
        let mut taken = Vec::new();
        let mut places = self.places();
        while places.len() - taken.len() > open_max {
            let idle = places.values().filter_map(Place::idle);
            let least_used = idle.min_by_key(|file| file.last_used_ms.load(Ordering::Relaxed));
            let Some(id) = least_used.map(|file| Arc::clone(&file.project.id)) else { break };
            taken.extend(self.take_open(&mut places, &id));
        }
        taken
    }

    /// All open files, without keeping any of them from being closed.
    pub(super) fn all(&self) -> Vec<Weak<ProjectFile>> {
        let places = self.places();
        let open = places.values().filter_map(|place| match place {
            Place::Open(file) => Some(Arc::downgrade(file)),
            Place::Reserved(_) => None,
        });
        open.collect()
    }

    /// Files that are open or being opened or closed.
    pub(super) fn count(&self) -> usize {
        self.places().len()
    }

    /// Close every file; at the end of the store.
    pub(super) fn clear(&self) {
        self.places().clear();
    }

    fn take_open(
        &self,
        places: &mut HashMap<Arc<str>, Place>,
        id: &Arc<str>,
    ) -> Option<(Reservation<'_>, Arc<ProjectFile>)> {
        let place = places.get_mut(id)?;
        let Place::Open(file) = place else { return None };
        let file = Arc::clone(file);
        let gate = Arc::<Gate>::default();
        *place = Place::Reserved(Arc::clone(&gate));
        Some((Reservation { files: self, id: Arc::clone(id), gate }, file))
    }

    fn fill(&self, place: std::collections::hash_map::VacantEntry<'_, Arc<str>, Place>) -> Reservation<'_> {
        let (id, gate) = (Arc::clone(place.key()), Arc::<Gate>::default());
        place.insert(Place::Reserved(Arc::clone(&gate)));
        Reservation { files: self, id, gate }
    }

    fn places(&self) -> MutexGuard<'_, HashMap<Arc<str>, Place>> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// The file, if it may be closed: nobody but the map has it. The platform's stays.
    fn idle(&self) -> Option<&Arc<ProjectFile>> {
        match self {
            Self::Open(file) => {
                (!file.project.is_console() && Arc::strong_count(file) == 1 && file.is_idle()).then_some(file)
            }
            Self::Reserved(_) => None,
        }
    }
}

impl Reservation<'_> {
    /// Put the opened file in its place.
    pub(super) fn fulfil(self, file: &Arc<ProjectFile>) {
        self.files.places().insert(Arc::clone(&self.id), Place::Open(Arc::clone(file)));
    }
}

impl Drop for Reservation<'_> {
    fn drop(&mut self) {
        let mut places = self.files.places();
        let is_unfulfilled =
            matches!(places.get(&self.id), Some(Place::Reserved(gate)) if Arc::ptr_eq(gate, &self.gate));
        if is_unfulfilled {
            places.remove(&self.id);
        }
        drop(places);
        self.gate.open();
    }
}

impl Gate {
    fn open(&self) {
        *self.is_open.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.opened.notify_all();
    }

    fn wait(&self) {
        let mut is_open = self.is_open.lock().unwrap_or_else(PoisonError::into_inner);
        while !*is_open {
            is_open = self.opened.wait(is_open).unwrap_or_else(PoisonError::into_inner);
        }
    }
}
