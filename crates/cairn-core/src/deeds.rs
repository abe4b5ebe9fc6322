//! The logs of what people did on the account API: actions, which everybody sees, and moderation, which moderators see.
//!
//! An entry is written with the change that it tells of.

use cairn_faults::{Error, Fault};
use cairn_model::deeds::{DEED_DAYS, Deed, DeedLog};
use cairn_model::ids::UserId;
use cairn_model::staff::StaffRole;
use cairn_store::{DeedFilter, Stretch, Tx};
use serde_json::Value;

use crate::{Cx, accounts, staff};

/// Microseconds of a day, the unit of an entry's place.
const DAY_US: i64 = 86_400_000_000;

/// What is to be written down.
#[derive(Clone, Debug)]
pub(crate) struct NewDeed {
    /// The log.
    pub(crate) log: DeedLog,
    /// What was done, `noun:verb`.
    pub(crate) action: &'static str,
    /// What kind of thing it was done to.
    pub(crate) resource_type: &'static str,
    /// The thing.
    pub(crate) resource_id: String,
    /// One line for people.
    pub(crate) summary: String,
    /// More about it.
    pub(crate) metadata: Value,
}

/// An entry that is not stored yet.
pub(crate) fn draw(cx: &Cx, new: NewDeed, actor_id: Option<UserId>) -> Deed {
    Deed {
        id: cx.new_id(),
        seq: cx.next_seq(),
        log: new.log,
        action: new.action.to_owned(),
        actor_id,
        resource_type: new.resource_type.to_owned(),
        resource_id: new.resource_id,
        summary: new.summary,
        metadata: new.metadata.to_string(),
        created: cx.now(),
    }
}

/// Write an entry down, and forget those that are too old.
pub(crate) async fn insert(tx: &Tx, deed: &Deed) -> Result<(), Error> {
    Ok(tx.deed_insert(deed, deed.seq.saturating_sub(DEED_DAYS * DAY_US)).await?)
}

/// Which part of a list is wanted, by the entry at its end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CursorPage {
    /// The entry; from the newest on without one.
    pub cursor: Option<String>,
    /// Which side of it.
    pub direction: Direction,
    /// Entries at most.
    pub limit: i64,
}

/// Which side of a cursor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// What happened before.
    #[default]
    Older,
    /// What happened after.
    Newer,
}

/// A part of a list, from new to old.
#[derive(Clone, Debug, PartialEq)]
pub struct Stretched<T> {
    /// The entries.
    pub items: Vec<T>,
    /// Whether there are newer ones.
    pub has_newer: bool,
    /// Whether there are older ones.
    pub has_older: bool,
}

impl CursorPage {
    /// The stretch behind a cursor at `place`.
    pub(crate) fn stretch(&self, place: Option<i64>) -> Stretch {
        match (place, self.direction) {
            (None, _) => Stretch::Newest,
            (Some(place), Direction::Older) => Stretch::OlderThan(place),
            (Some(place), Direction::Newer) => Stretch::NewerThan(place),
        }
    }

    /// The page of what a stretch found with one entry more than the limit.
    pub(crate) fn page<T>(&self, stretch: Stretch, mut found: Vec<T>) -> Stretched<T> {
        let limit = usize::try_from(self.limit).unwrap_or(0);
        let has_more = found.len() > limit;
        found.truncate(limit);
        let (has_newer, has_older) = match stretch {
            Stretch::Newest => (false, has_more),
            Stretch::OlderThan(_) => (true, has_more),
            Stretch::NewerThan(_) => {
                found.reverse();
                (has_more, true)
            }
        };
        Stretched { items: found, has_newer, has_older }
    }
}

/// A part of a log.
///
/// # Errors
/// Moderation: `user:unauthorized`, `user:banned`, `user:permission_insufficient`. `general_cursor_not_found`.
pub async fn list(
    cx: &Cx,
    log: DeedLog,
    filter: DeedFilter,
    page: CursorPage,
) -> Result<Stretched<Deed>, Error> {
    let caller = match log {
        DeedLog::Action => None,
        DeedLog::Moderation => Some(accounts::own(cx)?.id.clone()),
    };
    let now = cx.now();
    cx.store()
        .read_long(cx.project_ref(), |tx| async move {
            if let Some(caller) = caller {
                staff::require(&tx, &caller, StaffRole::Mod, now).await?;
            }
            let place = match &page.cursor {
                None => None,
                Some(id) => {
                    let place = tx.deed_place(log, id).await?;
                    Some(place.ok_or_else(|| Fault::GeneralCursorNotFound.with("cursor", id))?)
                }
            };
            let stretch = page.stretch(place);
            let found = tx.deed_list(log, &filter, stretch, page.limit + 1).await?;
            Ok(page.page(stretch, found))
        })
        .await
}
