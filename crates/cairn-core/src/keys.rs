//! Keys: of a project (standard ones, dev keys, and ephemeral ones that nobody keeps), of console users and of
//! organizations. The last two are kept with the console, and `key_rings` says who may handle them.
//!
//! INVARIANT: nobody widens what a key may do by making another one with it.
//!
//! A secret is random; the store has it encrypted, because the API gives it back, and finds it by a keyed hash.

use cairn_faults::{Error, Fault};
use cairn_model::ids::KeyId;
use cairn_model::keys::{Key, KeyRing};
use cairn_model::value::Value;
use cairn_query::{Field, FieldType, NounField, NounFields};
use cairn_std::Timestamp;
use cairn_store::{KEYS_ID_KEY, OnConflict as _, StoreError};
use serde_json::{Map, json};

use crate::listing::{ListRequest, Listed, PAGE_DEFAULT, Page, value_or_null};
use crate::tokens;
use crate::{Actor, App, Cx};

#[cfg(test)]
mod tests;

const SEALED_FOR: &str = "key";
const SECRET_BYTES: usize = 128;

/// What an ephemeral key begins with.
pub const EPHEMERAL_PREFIX: &str = "ephemeral_";

/// A key with its secret.
#[derive(Clone, Debug, PartialEq)]
pub struct RevealedKey {
    /// The key.
    pub key: Key,
    /// What an application sends.
    pub secret: String,
}

/// A key to make.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// Its id, or `unique()`.
    pub id: String,
    /// The name that people give it.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<String>,
    /// When it ends, if ever.
    pub expires: Option<Timestamp>,
}

/// New values of a key; all of them are set.
#[derive(Clone, Debug)]
pub struct KeyPatch {
    /// The name that people give it.
    pub name: String,
    /// What it may do; `None` leaves that alone.
    pub scopes: Option<Vec<String>>,
    /// When it ends, if ever.
    pub expires: Option<Timestamp>,
}

const LISTED: Listed<Key> = Listed {
    fields: NounFields(&[
        NounField::one("expire", FieldType::Datetime),
        NounField::one("accessedAt", FieldType::Datetime),
        NounField::one("name", FieldType::Text),
        NounField::list("scopes", FieldType::Text),
    ]),
    value: |key, field| match field {
        Field::Id => Value::Text(key.id.0.clone()),
        Field::Sequence => Value::Int(key.seq),
        Field::Created => key.created.into(),
        Field::Updated => key.updated.into(),
        Field::Attribute(0) => value_or_null(key.expires),
        Field::Attribute(1) => value_or_null(key.accessed_at),
        Field::Attribute(2) => Value::Text(key.name.clone()),
        Field::Attribute(3) => Value::Array(key.scopes.iter().cloned().map(Value::Text).collect()),
        Field::Attribute(_) | Field::Permissions | Field::Relevance => Value::Null,
    },
    // COMPAT(appwrite): a list of keys without a limit is not cut at 25.
    page_default: 5_000,
};

/// Make a standard key. A key cannot make another one.
pub async fn create(cx: &Cx, ring: KeyRing, new: NewKey) -> Result<RevealedKey, Error> {
    require_maker(cx, &ring)?;
    let random = cx.app.ids.secret_hex(SECRET_BYTES);
    let secret = format!("{}_{random}", ring.kind());
    insert(cx, new, ring, &random, secret).await
}

/// Refuse a caller who shows a key and wants one of the same ring.
///
/// COMPAT(appwrite): an organization's key may make keys of its projects, a project's key may not.
fn require_maker(cx: &Cx, ring: &KeyRing) -> Result<(), Error> {
    let is_denied = match (&cx.actor, ring) {
        (Actor::Key(_), KeyRing::Standard) => cx.acting_organization().is_none(),
        (Actor::Key(_), _) => true,
        _ => cx.account_key.is_some(),
    };
    if is_denied { Err(Fault::KeyCreationDenied.error()) } else { Ok(()) }
}

/// Make a key as before keys had prefixes; for tests of clients that still hold one.
///
/// # Errors
/// `general_not_implemented` unless the server runs in development mode.
pub async fn create_unprefixed(cx: &Cx, new: NewKey) -> Result<RevealedKey, Error> {
    if !cx.app.options.is_development {
        return Err(Fault::GeneralNotImplemented.error());
    }
    let random = cx.app.ids.secret_hex(SECRET_BYTES);
    insert(cx, new, KeyRing::Standard, &random, random.clone()).await
}

/// Make a dev key.
pub async fn create_dev(cx: &Cx, name: String, expires: Timestamp) -> Result<RevealedKey, Error> {
    let random = cx.app.ids.secret_hex(SECRET_BYTES);
    let new = NewKey { id: "unique()".to_owned(), name, scopes: Vec::new(), expires: Some(expires) };
    insert(cx, new, KeyRing::Dev, &random, random.clone()).await
}

async fn insert(
    cx: &Cx,
    new: NewKey,
    ring: KeyRing,
    random: &str,
    secret: String,
) -> Result<RevealedKey, Error> {
    let now = cx.now();
    let key = Key {
        id: KeyId(cx.id_or_new(&new.id)),
        seq: cx.next_seq(),
        ring,
        name: new.name,
        scopes: new.scopes,
        lookup: cx.app.secrets.lookup(random),
        sealed_secret: cx.app.secrets.seal(SEALED_FOR, &secret),
        expires: new.expires,
        accessed_at: None,
        sdks: Vec::new(),
        created: now,
        updated: now,
    };
    let stored = key.clone();
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            tx.key_insert(&stored).await.on_conflict(KEYS_ID_KEY, Fault::KeyAlreadyExists)
        })
        .await?;
    Ok(RevealedKey { key, secret })
}

/// Make a key that ends by itself and that nobody keeps.
pub fn create_ephemeral(cx: &Cx, scopes: Vec<String>, seconds: i64) -> RevealedKey {
    let now = cx.now();
    let claims = Map::from_iter([
        ("projectId".to_owned(), json!(cx.project.id())),
        ("scopes".to_owned(), json!(scopes)),
    ]);
    let secret = format!("{EPHEMERAL_PREFIX}{}", tokens::sign(&cx.app.secrets, claims, now, seconds));
    let key = Key {
        id: KeyId(cx.new_id()),
        seq: 0,
        ring: KeyRing::Standard,
        name: String::new(),
        scopes,
        lookup: String::new(),
        sealed_secret: String::new(),
        expires: Some(Timestamp(now.0.saturating_add(seconds.saturating_mul(1_000)))),
        accessed_at: None,
        sdks: Vec::new(),
        created: now,
        updated: now,
    };
    RevealedKey { key, secret }
}

/// A key by its id.
pub async fn get(cx: &Cx, ring: &KeyRing, id: &KeyId) -> Result<RevealedKey, Error> {
    let wanted = id.clone();
    let found: Option<Key> = read(cx, |tx| async move { tx.key_by_id(ring, &wanted).await }).await?;
    reveal(&cx.app, found.ok_or_else(|| Fault::KeyNotFound.with("key", id))?)
}

/// A page of keys.
pub async fn list(cx: &Cx, ring: &KeyRing, request: &ListRequest) -> Result<Page<RevealedKey>, Error> {
    let query = LISTED.query(request)?;
    let all = read(cx, |tx| async move { tx.key_list(ring).await }).await?;
    let page_default = if *ring == KeyRing::Dev { PAGE_DEFAULT } else { LISTED.page_default };
    let page = Listed { page_default, ..LISTED }.page(&query, request.counts_total, &all)?;
    let items = page.items.into_iter().map(|key| reveal(&cx.app, key)).collect::<Result<_, _>>()?;
    Ok(Page { items, total: page.total })
}

/// Change a key.
pub async fn update(cx: &Cx, ring: &KeyRing, id: &KeyId, patch: KeyPatch) -> Result<RevealedKey, Error> {
    let (ring, id, now) = (ring.clone(), id.clone(), cx.now());
    let key = cx
        .store()
        .write(cx.project_ref(), move |tx| async move {
            let found = tx.key_by_id(&ring, &id).await?;
            let mut key = found.ok_or_else(|| Fault::KeyNotFound.with("key", &id))?;
            key.name = patch.name;
            if let Some(scopes) = patch.scopes {
                key.scopes = scopes;
            }
            key.expires = patch.expires;
            key.updated = now;
            tx.key_update(&key).await?;
            Ok::<_, Error>(key)
        })
        .await?;
    reveal(&cx.app, key)
}

/// Remove a key; applications that use it are refused from now on.
pub async fn delete(cx: &Cx, ring: &KeyRing, id: &KeyId) -> Result<(), Error> {
    let (ring, id) = (ring.clone(), id.clone());
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            let found = tx.key_by_id(&ring, &id).await?;
            let key = found.ok_or_else(|| Fault::KeyNotFound.with("key", &id))?;
            tx.key_delete(&key).await?;
            Ok::<_, Error>(())
        })
        .await
}

/// A key with its secret made readable.
pub(crate) fn reveal(app: &App, key: Key) -> Result<RevealedKey, Error> {
    let secret = app.secrets.open(SEALED_FOR, &key.sealed_secret)?;
    Ok(RevealedKey { key, secret })
}

/// Read in the request's project.
async fn read<T, F, Fut>(cx: &Cx, body: F) -> Result<T, Error>
where
    F: FnOnce(cairn_store::Tx) -> Fut,
    Fut: Future<Output = Result<T, StoreError>>,
{
    Ok(cx.store().read(cx.project_ref(), body).await?)
}
