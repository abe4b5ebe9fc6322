//! Roles, permissions, and the set of roles that a caller holds.
//!
//! A permission is written `action("role")`. Lists keep the order in which they were given, without
//! duplicates and with `write` expanded, which is also how they are stored and returned.

mod roles;
#[cfg(test)]
mod tests;

use std::fmt;

use crate::reason::Reason;
pub use roles::{Role, RoleSet, Verification};

/// Most permissions that one list may hold (the reference's `APP_LIMIT_ARRAY_PARAMS_SIZE`).
pub const PERMISSIONS_MAX: usize = 100;

/// What a permission allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Create documents of a collection, files of a bucket.
    Create,
    /// Read.
    Read,
    /// Update.
    Update,
    /// Delete.
    Delete,
    /// Create, update and delete: accepted from clients, expanded by [`expand`], never stored.
    Write,
}

impl Action {
    /// The actions that a collection or bucket accepts.
    pub const OF_COLLECTIONS: &[Self] = &[Self::Create, Self::Read, Self::Update, Self::Delete, Self::Write];
    /// The actions that a document or file accepts.
    pub const OF_DOCUMENTS: &[Self] = &[Self::Read, Self::Update, Self::Delete, Self::Write];

    /// The word in front of the parenthesis.
    pub fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Read => "read",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Write => "write",
        }
    }

    fn by_name(name: &str) -> Option<Self> {
        Self::OF_COLLECTIONS.iter().copied().find(|action| action.name() == name)
    }
}

/// One action allowed to one role.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Permission {
    /// What is allowed.
    pub action: Action,
    /// To whom.
    pub role: Role,
}

impl Permission {
    /// `action` for `role`.
    pub fn new(action: Action, role: Role) -> Self {
        Self { action, role }
    }

    /// Read `action("role")`. The reason names the text that is wrong.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        let Some((action, rest)) = text.split_once("(\"") else {
            return Err(Reason::new(format!("\"{text}\" does not have the form action(\"role\").")));
        };
        let Some(role) = rest.strip_suffix("\")") else {
            return Err(Reason::new(format!("\"{text}\" does not have the form action(\"role\").")));
        };
        let Some(action) = Action::by_name(action) else {
            let all = names(Action::OF_COLLECTIONS);
            return Err(Reason::new(format!("\"{action}\" is not an action; the actions are {all}.")));
        };
        Ok(Self { action, role: Role::parse(role)? })
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}(\"{}\")", self.action.name(), self.role)
    }
}

/// Read a list as a client gave it: at most [`PERMISSIONS_MAX`], each with an action out of `allowed`; then [`expand`] it.
pub fn parse_list<S: AsRef<str>>(texts: &[S], allowed: &[Action]) -> Result<Vec<Permission>, Reason> {
    if texts.len() > PERMISSIONS_MAX {
        return Err(Reason::new(format!(
            "A list may hold up to {PERMISSIONS_MAX} permissions, {} were given.",
            texts.len()
        )));
    }
    let mut list = Vec::with_capacity(texts.len());
    for text in texts {
        list.push(parse_allowed(text.as_ref(), allowed)?);
    }
    Ok(expand(&list, allowed))
}

fn parse_allowed(text: &str, allowed: &[Action]) -> Result<Permission, Reason> {
    if text == "*" {
        return Err(Reason::new("\"*\" is no longer a permission; name an action and the role \"any\"."));
    }
    if text.contains("role:") {
        return Err(Reason::new(format!(
            "\"{text}\" uses the old prefix \"role:\"; the roles are \"any\", \"guests\" and \"users\"."
        )));
    }
    let permission = Permission::parse(text)?;
    if allowed.contains(&permission.action) {
        return Ok(permission);
    }
    Err(Reason::new(format!("\"{text}\" is not allowed here; the actions are {}.", names(allowed))))
}

/// Replace `write` by the actions of `allowed` that it stands for, and drop duplicates, keeping the order.
pub fn expand(list: &[Permission], allowed: &[Action]) -> Vec<Permission> {
    const WRITE: [Action; 3] = [Action::Create, Action::Update, Action::Delete];
    let mut expanded: Vec<Permission> = Vec::with_capacity(list.len());
    let mut seen = std::collections::HashSet::with_capacity(list.len());
    for permission in list {
        let single = [permission.action];
        let actions: &[Action] = if permission.action == Action::Write { &WRITE } else { &single };
        for &action in actions.iter().filter(|action| allowed.contains(action)) {
            if seen.insert((action, &permission.role)) {
                expanded.push(Permission::new(action, permission.role.clone()));
            }
        }
    }
    expanded
}

/// Whether `list` allows `action` to someone who holds `roles`.
pub fn permits(list: &[Permission], action: Action, roles: &RoleSet) -> bool {
    list.iter().any(|permission| permission.action == action && roles.contains(&permission.role))
}

fn names(actions: &[Action]) -> String {
    let names: Vec<_> = actions.iter().map(|action| action.name()).collect();
    names.join(", ")
}
