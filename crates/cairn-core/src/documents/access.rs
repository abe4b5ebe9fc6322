//! Who may do what with documents.

use cairn_faults::{Error, Fault};
use cairn_model::permissions::{Action, Permission, Role, permits};
use cairn_model::schema::Document;
use cairn_store::Table;

use crate::{Actor, Cx};

/// Whether the caller may do this with this document: by the collection's permissions or, while document security
/// is on, the document's own.
pub(crate) fn may(cx: &Cx, table: &Table, document: &Document, action: Action) -> bool {
    cx.is_privileged()
        || permits(&table.permissions, action, &cx.roles)
        || (table.document_security && permits(&document.permissions, action, &cx.roles))
}

/// The permissions of a document whose maker named none: a user has all rights on it, keys and admins give none.
pub(crate) fn default_permissions(cx: &Cx) -> Vec<Permission> {
    match &cx.actor {
        Actor::User(identity) => [Action::Read, Action::Update, Action::Delete]
            .into_iter()
            .map(|action| Permission::new(action, Role::user(identity.user.id.as_str())))
            .collect(),
        Actor::Guest | Actor::Key(_) | Actor::Admin(_) => Vec::new(),
    }
}

/// Nobody but keys and admins gives permissions to roles that they do not hold.
pub(crate) fn check_granted(cx: &Cx, permissions: &[Permission]) -> Result<(), Error> {
    if cx.is_privileged() {
        return Ok(());
    }
    match permissions.iter().find(|permission| !cx.has_role(&permission.role)) {
        None => Ok(()),
        Some(permission) => Err(Fault::UserUnauthorized
            .with("permission", permission)
            .with("reason", format!("Permissions must be one of: ({})", cx.roles.sorted().join(", ")))),
    }
}

/// The fault of a caller without the right.
#[track_caller]
pub(crate) fn unauthorized(cx: &Cx, table: &Table, action: Action) -> Error {
    Fault::UserUnauthorized
        .with("action", action.name())
        .with("collection", &table.id)
        .detail(format!("roles: {}", cx.roles.sorted().join(", ")))
}
