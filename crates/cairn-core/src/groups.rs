//! Groups of the account API: people who share permissions.

use cairn_faults::{Error, Fault};
use cairn_model::deeds::DeedLog;
use cairn_model::ids::UserId;
use cairn_model::staff::{Group, GroupMember, PERMISSIONS, StaffRole};
use cairn_std::Timestamp;
use cairn_store::{GROUP_MEMBERS_USER_KEY, GROUPS_NAME_KEY, OnConflict, Tx};
use serde_json::{Value, json};

use crate::deeds::{self, NewDeed};
use crate::{Cx, accounts, staff, users};

/// Groups that a list shows at most, and a project can have.
const GROUPS_MAX: i64 = 1_000;

/// A group to be made.
#[derive(Clone, Debug)]
pub struct NewGroup {
    /// The name.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// Why it is made.
    pub reason: String,
}

/// Somebody to be added to a group.
#[derive(Clone, Debug)]
pub struct NewGroupMember {
    /// The group.
    pub group_id: String,
    /// Who.
    pub user_id: UserId,
    /// Why.
    pub reason: Option<String>,
    /// When it ends by itself.
    pub expires: Option<Timestamp>,
}

/// All groups, oldest first.
pub async fn list(cx: &Cx) -> Result<Vec<Group>, Error> {
    read(cx, |tx| async move { Ok(tx.group_list(GROUPS_MAX).await?) }).await
}

/// The permissions of a group.
pub async fn permissions(cx: &Cx, id: String) -> Result<Vec<String>, Error> {
    read(cx, |tx| async move {
        load(&tx, &id).await?;
        Ok(tx.group_permissions(&id).await?)
    })
    .await
}

/// Members of a group behind a cursor, in the order of their making, and whether there are more.
pub async fn members(
    cx: &Cx,
    id: String,
    cursor: Option<String>,
    limit: i64,
) -> Result<(Vec<GroupMember>, bool), Error> {
    read(cx, |tx| async move {
        load(&tx, &id).await?;
        let after = match &cursor {
            None => i64::MIN,
            Some(cursor) => {
                let known = tx.group_member_by_id(cursor).await?.filter(|member| member.group_id == id);
                known.ok_or_else(|| Fault::GeneralCursorNotFound.with("cursor", cursor))?.seq
            }
        };
        let mut found = tx.group_member_list(&id, after, limit + 1).await?;
        let kept = usize::try_from(limit).unwrap_or(0);
        let has_more = found.len() > kept;
        found.truncate(kept);
        Ok((found, has_more))
    })
    .await
}

/// Make a group.
///
/// # Errors
/// `group:already_exists`.
pub async fn create(cx: &Cx, new: NewGroup) -> Result<Group, Error> {
    let NewGroup { name, description, reason } = new;
    let (id, seq, created) = (cx.new_id(), cx.next_seq(), cx.now());
    let group = Group { id: id.clone(), seq, name, description, created };
    change(cx, "group:create", &id, reason, json!({ "name": &group.name }), |tx| async move {
        if i64::try_from(tx.group_list(GROUPS_MAX).await?.len()).unwrap_or(i64::MAX) >= GROUPS_MAX {
            return Err(Error::invalid_param("name", format!("there are {GROUPS_MAX} groups already")));
        }
        tx.group_insert(&group).await.on_conflict(GROUPS_NAME_KEY, Fault::GroupAlreadyExists)?;
        Ok(group)
    })
    .await
}

/// Remove a group, with its permissions and members.
///
/// # Errors
/// `group:not_found`.
pub async fn delete(cx: &Cx, id: String, reason: String) -> Result<Group, Error> {
    let wanted = id.clone();
    change(cx, "group:delete", &id, reason, json!({}), |tx| async move {
        let group = load(&tx, &wanted).await?;
        tx.group_delete(&wanted).await?;
        Ok(group)
    })
    .await
}

/// Add somebody to a group.
///
/// # Errors
/// `group:not_found`, `user:not_found`, `group:member_already_exists`.
pub async fn add_member(cx: &Cx, new: NewGroupMember) -> Result<GroupMember, Error> {
    let caller = accounts::own(cx)?.id.clone();
    let NewGroupMember { group_id, user_id, reason, expires } = new;
    let member = GroupMember {
        id: cx.new_id(),
        seq: cx.next_seq(),
        group_id: group_id.clone(),
        user_id,
        reason: reason.clone(),
        expires,
        created_by: caller.0,
        created: cx.now(),
    };
    let metadata = json!({ "user_id": member.user_id.as_str() });
    let summary = reason.unwrap_or_default();
    change(cx, "group:member_add", &group_id, summary, metadata, |tx| async move {
        load(&tx, &member.group_id).await?;
        users::load(&tx, &member.user_id).await?;
        let held = tx.group_member_list_of_user(&member.user_id).await?;
        // A place that ended by itself makes room for a new one.
        let ended = held.iter().find(|old| {
            old.group_id == member.group_id && !cairn_model::staff::is_in_force(old.expires, member.created)
        });
        if let Some(ended) = ended {
            tx.group_member_delete(&ended.id).await?;
        }
        let added = tx.group_member_insert(&member).await;
        added.on_conflict(GROUP_MEMBERS_USER_KEY, Fault::GroupMemberAlreadyExists)?;
        Ok(member)
    })
    .await
}

/// Take somebody out of a group.
///
/// # Errors
/// `group:member_not_found`.
pub async fn remove_member(cx: &Cx, id: String, reason: String) -> Result<GroupMember, Error> {
    let wanted = id.clone();
    change(cx, "group:member_remove", &id, reason, json!({}), |tx| async move {
        let missing = || Fault::GroupMemberNotFound.with("member", &wanted);
        let member = tx.group_member_by_id(&wanted).await?.ok_or_else(missing)?;
        tx.group_member_delete(&wanted).await?;
        Ok(member)
    })
    .await
}

/// Give a group these permissions and no others.
///
/// # Errors
/// `permission:invalid` for any name that is none, `group:not_found`.
pub async fn replace_permissions(
    cx: &Cx,
    id: String,
    permissions: Vec<String>,
    reason: String,
) -> Result<Vec<String>, Error> {
    let mut wanted = permissions;
    wanted.sort_unstable();
    wanted.dedup();
    let (group_id, metadata) = (id.clone(), json!({ "permissions": &wanted }));
    change(cx, "group:permissions_replace", &id, reason, metadata, |tx| async move {
        if let Some(unknown) = wanted.iter().find(|name| !PERMISSIONS.contains(&name.as_str())) {
            return Err(Fault::PermissionInvalid.with("permission", unknown));
        }
        load(&tx, &group_id).await?;
        tx.group_permissions_replace(&group_id, &wanted).await?;
        Ok(wanted)
    })
    .await
}

async fn load(tx: &Tx, id: &str) -> Result<Group, Error> {
    tx.group_by_id(id).await?.ok_or_else(|| Fault::GroupNotFound.with("group", id))
}

/// Look at groups as a moderator.
async fn read<T, Fut>(cx: &Cx, work: impl FnOnce(Tx) -> Fut) -> Result<T, Error>
where
    Fut: Future<Output = Result<T, Error>>,
{
    let (caller, now) = (accounts::own(cx)?.id.clone(), cx.now());
    cx.store()
        .read(cx.project_ref(), |tx| async move {
            staff::require(&tx, &caller, StaffRole::Mod, now).await?;
            work(tx).await
        })
        .await
}

/// Change groups as an administrator, and write it down.
async fn change<T, F, Fut>(
    cx: &Cx,
    action: &'static str,
    resource_id: &str,
    summary: String,
    metadata: Value,
    work: F,
) -> Result<T, Error>
where
    T: Send + 'static,
    F: FnOnce(Tx) -> Fut + Clone + Send + 'static,
    Fut: Future<Output = Result<T, Error>> + Send,
{
    let (caller, now) = (accounts::own(cx)?.id.clone(), cx.now());
    let resource_id = resource_id.to_owned();
    let log = DeedLog::Moderation;
    let deed = NewDeed { log, action, resource_type: "group", resource_id, summary, metadata };
    let deed = deeds::draw(cx, deed, Some(caller.clone()));
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            staff::require(&tx, &caller, StaffRole::Admin, now).await?;
            let done = work(tx.clone()).await?;
            deeds::insert(&tx, &deed).await?;
            Ok(done)
        })
        .await
}
