//! The names of events: what webhooks and functions can ask to be told of.
//!
//! A name is a path of nouns, each with an id or `*`, and an action that may name what changed:
//! `users.*.update.email`, `databases.main.collections.*.documents.*.create`.

#[cfg(test)]
mod tests;

/// A kind of thing that events tell of.
struct Noun {
    name: &'static str,
    /// Its actions, and those parts of it that an action can name.
    actions: &'static [(&'static str, &'static [&'static str])],
    children: &'static [Noun],
}

const NONE: &[&str] = &[];

const fn noun(
    name: &'static str,
    actions: &'static [(&'static str, &'static [&'static str])],
    children: &'static [Noun],
) -> Noun {
    Noun { name, actions, children }
}

type Actions = &'static [(&'static str, &'static [&'static str])];

const CREATE: Actions = &[("create", NONE)];
const CREATE_UPDATE: Actions = &[("create", NONE), ("update", NONE)];
const CREATE_DELETE: Actions = &[("create", NONE), ("delete", NONE)];
const ALL: Actions = &[("create", NONE), ("update", NONE), ("delete", NONE)];
const WITH_UPSERT: Actions = &[("create", NONE), ("update", NONE), ("upsert", NONE), ("delete", NONE)];
const OF_USER: Actions = &[
    ("create", NONE),
    ("delete", NONE),
    (
        "update",
        &[
            "email",
            "name",
            "password",
            "status",
            "prefs",
            "phone",
            "mfa",
            "labels",
            "verification",
            "impersonator",
        ],
    ),
];
const OF_TEAM: Actions = &[("create", NONE), ("delete", NONE), ("update", &["prefs"])];
const OF_MEMBERSHIP: Actions = &[("create", NONE), ("delete", NONE), ("update", &["status"])];

const TABLES: Noun = noun(
    "tables",
    ALL,
    &[noun("rows", WITH_UPSERT, &[]), noun("indexes", ALL, &[]), noun("columns", ALL, &[])],
);
const COLLECTIONS: Noun = noun(
    "collections",
    ALL,
    &[noun("documents", WITH_UPSERT, &[]), noun("indexes", ALL, &[]), noun("attributes", ALL, &[])],
);

const NOUNS: &[Noun] = &[
    noun(
        "users",
        OF_USER,
        &[
            noun("sessions", CREATE_DELETE, &[]),
            noun("recovery", CREATE_UPDATE, &[]),
            noun("verification", CREATE_UPDATE, &[]),
            noun("targets", ALL, &[]),
            noun("tokens", CREATE, &[]),
        ],
    ),
    noun("databases", ALL, &[TABLES, COLLECTIONS]),
    noun("tablesdb", ALL, &[TABLES]),
    noun("documentsdb", ALL, &[COLLECTIONS]),
    noun("vectorsdb", ALL, &[COLLECTIONS]),
    noun("buckets", ALL, &[noun("files", ALL, &[])]),
    noun("teams", OF_TEAM, &[noun("memberships", OF_MEMBERSHIP, &[])]),
    noun("sites", ALL, &[noun("deployments", ALL, &[])]),
    noun("functions", ALL, &[noun("deployments", ALL, &[]), noun("executions", ALL, &[])]),
    noun("messages", CREATE_UPDATE, &[]),
    noun("topics", ALL, &[noun("subscribers", CREATE_DELETE, &[])]),
    noun("providers", ALL, &[]),
    noun("schedules", CREATE, &[]),
    noun("rules", ALL, &[]),
    noun("reports", ALL, &[noun("insights", ALL, &[])]),
];

/// Whether `text` names an event, or all of a thing's events.
pub fn is_event(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    let (mut nouns, mut rest) = (NOUNS, parts.as_slice());
    loop {
        let [name, id, behind @ ..] = rest else { return false };
        let Some(noun) = nouns.iter().find(|noun| noun.name == *name) else { return false };
        if id.is_empty() {
            return false;
        }
        match behind {
            [] => return true,
            [next, ..] if noun.children.iter().any(|child| child.name == *next) => {
                (nouns, rest) = (noun.children, behind);
            }
            [action] => return noun.actions.iter().any(|(name, _)| name == action),
            [action, part] => {
                return noun.actions.iter().any(|(name, parts)| name == action && parts.contains(part));
            }
            _ => return false,
        }
    }
}
