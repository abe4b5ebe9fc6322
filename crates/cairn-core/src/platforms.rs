//! Applications that a project's clients run in.

use cairn_faults::{Error, Fault};
use cairn_model::ids::PlatformId;
use cairn_model::platforms::{Platform, PlatformKind};
use cairn_model::value::Value;
use cairn_query::{Field, FieldType, NounField, NounFields};
use cairn_store::{OnConflict as _, PLATFORMS_ID_KEY, StoreError};

use crate::Cx;
use crate::listing::{ListRequest, Listed, PAGE_DEFAULT, Page};

#[cfg(test)]
mod tests;

/// A platform to make.
#[derive(Clone, Debug)]
pub struct NewPlatform {
    /// Its id, or `unique()`.
    pub id: String,
    /// What it runs on.
    pub kind: PlatformKind,
    /// The name that people give it.
    pub name: String,
    /// Bundle or package name.
    pub key: String,
    /// Host name of a web application.
    pub hostname: String,
}

/// New values of a platform.
#[derive(Clone, Debug)]
pub struct PlatformPatch {
    /// What it must run on; `None` for any.
    pub kind: Option<PlatformKind>,
    /// The name that people give it.
    pub name: String,
    /// Bundle or package name; `None` leaves it alone.
    pub key: Option<String>,
    /// Host name; `None` leaves it alone.
    pub hostname: Option<String>,
}

const fn text(name: &'static str) -> NounField {
    NounField::one(name, FieldType::Text)
}

const LISTED: Listed<Platform> = Listed {
    fields: NounFields(&[
        text("type"),
        text("name"),
        text("hostname"),
        text("bundleIdentifier"),
        text("applicationId"),
        text("packageIdentifierName"),
        text("packageName"),
    ]),
    value: |platform, field| match field {
        Field::Id => Value::Text(platform.id.0.clone()),
        Field::Sequence => Value::Int(platform.seq),
        Field::Created => platform.created.into(),
        Field::Updated => platform.updated.into(),
        Field::Attribute(0) => Value::Text(platform.kind.name().to_owned()),
        Field::Attribute(1) => Value::Text(platform.name.clone()),
        Field::Attribute(2) => Value::Text(platform.hostname.clone()),
        Field::Attribute(3..=6) => Value::Text(platform.key.clone()),
        Field::Attribute(_) | Field::Permissions | Field::Relevance => Value::Null,
    },
    page_default: PAGE_DEFAULT,
};

/// Make a platform. Its origins may call the project once this returns.
pub async fn create(cx: &Cx, new: NewPlatform) -> Result<Platform, Error> {
    let now = cx.now();
    let platform = Platform {
        id: PlatformId(cx.id_or_new(&new.id)),
        seq: cx.next_seq(),
        kind: new.kind,
        name: new.name,
        key: new.key,
        hostname: new.hostname,
        created: now,
        updated: now,
    };
    let stored = platform.clone();
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            tx.platform_insert(&stored).await.on_conflict(PLATFORMS_ID_KEY, Fault::PlatformAlreadyExists)
        })
        .await?;
    Ok(platform)
}

/// A platform by its id.
pub async fn get(cx: &Cx, id: &PlatformId) -> Result<Platform, Error> {
    let wanted = id.clone();
    let found: Result<_, StoreError> =
        cx.store().read(cx.project_ref(), |tx| async move { tx.platform_by_id(&wanted).await }).await;
    found?.ok_or_else(|| Fault::PlatformNotFound.with("platform", id))
}

/// A page of platforms.
pub async fn list(cx: &Cx, request: &ListRequest) -> Result<Page<Platform>, Error> {
    let query = LISTED.query(request)?;
    let all: Result<_, StoreError> =
        cx.store().read(cx.project_ref(), |tx| async move { tx.platform_list().await }).await;
    LISTED.page(&query, request.counts_total, &all?)
}

/// Change a platform.
///
/// # Errors
/// `platform_method_unsupported` when it runs on something else than the caller says.
pub async fn update(cx: &Cx, id: &PlatformId, patch: PlatformPatch) -> Result<Platform, Error> {
    let (id, now) = (id.clone(), cx.now());
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            let found = tx.platform_by_id(&id).await?;
            let mut platform = found.ok_or_else(|| Fault::PlatformNotFound.with("platform", &id))?;
            if patch.kind.is_some_and(|kind| kind != platform.kind) {
                return Err(Fault::PlatformMethodUnsupported.with("platform", &id));
            }
            platform.name = patch.name;
            platform.key = patch.key.unwrap_or(platform.key);
            platform.hostname = patch.hostname.unwrap_or(platform.hostname);
            platform.updated = now;
            tx.platform_update(&platform).await?;
            Ok(platform)
        })
        .await
}

/// Remove a platform; its origins are refused from now on.
pub async fn delete(cx: &Cx, id: &PlatformId) -> Result<(), Error> {
    let id = id.clone();
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            if tx.platform_delete(&id).await? {
                Ok(())
            } else {
                Err(Fault::PlatformNotFound.with("platform", &id))
            }
        })
        .await
}
