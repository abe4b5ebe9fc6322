//! Roles, bans and groups of the account API.

use cairn_model::ids::UserId;
use cairn_model::staff::{Ban, Grant, Group, GroupMember, StaffRole};

use crate::sql::{Row, params};
use crate::{StoreError, StoreErrorKind, Tx};

/// One group per name in a project.
pub const GROUPS_NAME_KEY: &str = "project,name";
/// One membership per user in a group.
pub const GROUP_MEMBERS_USER_KEY: &str = "project,user_id,group_id";

const GROUP_COLUMNS: &str = "id, seq, name, description, created";
const MEMBER_COLUMNS: &str = "id, seq, group_id, user_id, reason, expires, created_by, created";

fn grant(row: &Row<'_>) -> Result<Grant, StoreError> {
    let role = row.str(1)?;
    let unknown = || {
        StoreError::new(StoreErrorKind::Inconsistent(format!("cairn_grants: the role `{role}` is unknown")))
    };
    Ok(Grant {
        user_id: UserId(row.text(0)?),
        role: StaffRole::of_name(role).ok_or_else(unknown)?,
        reason: row.text(2)?,
        expires: row.time_opt(3)?,
        created_by: row.text(4)?,
        created: row.time(5)?,
    })
}

fn ban(row: &Row<'_>) -> Result<Ban, StoreError> {
    Ok(Ban {
        user_id: UserId(row.text(0)?),
        reason: row.text(1)?,
        expires: row.time_opt(2)?,
        created_by: row.text(3)?,
        created: row.time(4)?,
    })
}

fn group(row: &Row<'_>) -> Result<Group, StoreError> {
    Ok(Group {
        id: row.text(0)?,
        seq: row.int(1)?,
        name: row.text(2)?,
        description: row.text_opt(3)?,
        created: row.time(4)?,
    })
}

fn member(row: &Row<'_>) -> Result<GroupMember, StoreError> {
    Ok(GroupMember {
        id: row.text(0)?,
        seq: row.int(1)?,
        group_id: row.text(2)?,
        user_id: UserId(row.text(3)?),
        reason: row.text_opt(4)?,
        expires: row.time_opt(5)?,
        created_by: row.text(6)?,
        created: row.time(7)?,
    })
}

impl Tx {
    /// Give a role; one that ended by itself is replaced.
    pub async fn grant_upsert(&self, grant: &Grant) -> Result<(), StoreError> {
        self.run_one(
            "INSERT INTO cairn_grants (project, user_id, role, reason, expires, created_by, created) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (project, user_id, role) DO UPDATE SET \
             reason = excluded.reason, expires = excluded.expires, created_by = excluded.created_by, \
             created = excluded.created",
            params![
                self.scope(),
                grant.user_id.as_str(),
                grant.role.name(),
                &grant.reason,
                grant.expires,
                &grant.created_by,
                grant.created,
            ],
        )
        .await
    }

    /// The roles that a user was given, ended ones too.
    pub async fn grant_list(&self, user_id: &UserId) -> Result<Vec<Grant>, StoreError> {
        let sql = "SELECT user_id, role, reason, expires, created_by, created FROM cairn_grants \
             WHERE project = ?1 AND user_id = ?2 ORDER BY role";
        self.rows(sql, params![self.scope(), user_id.as_str()], grant).await
    }

    /// Take a role; whether it was there.
    pub async fn grant_delete(&self, user_id: &UserId, role: StaffRole) -> Result<bool, StoreError> {
        let sql = "DELETE FROM cairn_grants WHERE project = ?1 AND user_id = ?2 AND role = ?3";
        Ok(self.run(sql, params![self.scope(), user_id.as_str(), role.name()]).await? == 1)
    }

    /// Ban a user; a ban that ended by itself is replaced.
    pub async fn ban_upsert(&self, ban: &Ban) -> Result<(), StoreError> {
        self.run_one(
            "INSERT INTO cairn_bans (project, user_id, reason, expires, created_by, created) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (project, user_id) DO UPDATE SET \
             reason = excluded.reason, expires = excluded.expires, created_by = excluded.created_by, \
             created = excluded.created",
            params![
                self.scope(),
                ban.user_id.as_str(),
                &ban.reason,
                ban.expires,
                &ban.created_by,
                ban.created
            ],
        )
        .await
    }

    /// The ban of a user, also one that ended by itself.
    pub async fn ban_by_user(&self, user_id: &UserId) -> Result<Option<Ban>, StoreError> {
        let sql = "SELECT user_id, reason, expires, created_by, created FROM cairn_bans \
             WHERE project = ?1 AND user_id = ?2";
        self.row(sql, params![self.scope(), user_id.as_str()], ban).await
    }

    /// Lift a ban; whether there was one.
    pub async fn ban_delete(&self, user_id: &UserId) -> Result<bool, StoreError> {
        let sql = "DELETE FROM cairn_bans WHERE project = ?1 AND user_id = ?2";
        Ok(self.run(sql, params![self.scope(), user_id.as_str()]).await? == 1)
    }

    /// Add a group. Conflicts on [`GROUPS_NAME_KEY`].
    pub async fn group_insert(&self, group: &Group) -> Result<(), StoreError> {
        self.run_one(
            "INSERT INTO cairn_groups (project, id, seq, name, description, created) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![self.scope(), &group.id, group.seq, &group.name, &group.description, group.created,],
        )
        .await
    }

    /// The group with this id.
    pub async fn group_by_id(&self, id: &str) -> Result<Option<Group>, StoreError> {
        let sql = format!("SELECT {GROUP_COLUMNS} FROM cairn_groups WHERE project = ?1 AND id = ?2");
        self.row(&sql, params![self.scope(), id], group).await
    }

    /// All groups, `max` at most, oldest first.
    pub async fn group_list(&self, max: i64) -> Result<Vec<Group>, StoreError> {
        let sql =
            format!("SELECT {GROUP_COLUMNS} FROM cairn_groups WHERE project = ?1 ORDER BY seq LIMIT ?2");
        self.rows(&sql, params![self.scope(), max], group).await
    }

    /// Remove a group with its members and permissions; whether it was there.
    pub async fn group_delete(&self, id: &str) -> Result<bool, StoreError> {
        for table in ["cairn_group_members", "cairn_group_permissions"] {
            let sql = format!("DELETE FROM {table} WHERE project = ?1 AND group_id = ?2");
            self.run(&sql, params![self.scope(), id]).await?;
        }
        let sql = "DELETE FROM cairn_groups WHERE project = ?1 AND id = ?2";
        Ok(self.run(sql, params![self.scope(), id]).await? == 1)
    }

    /// The permissions of a group, sorted.
    pub async fn group_permissions(&self, id: &str) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT permission FROM cairn_group_permissions \
             WHERE project = ?1 AND group_id = ?2 ORDER BY permission";
        self.rows(sql, params![self.scope(), id], |row| row.text(0)).await
    }

    /// Give a group these permissions and no others.
    pub async fn group_permissions_replace(
        &self,
        id: &str,
        permissions: &[String],
    ) -> Result<(), StoreError> {
        let sql = "DELETE FROM cairn_group_permissions WHERE project = ?1 AND group_id = ?2";
        self.run(sql, params![self.scope(), id]).await?;
        let sql = "INSERT INTO cairn_group_permissions (project, group_id, permission) VALUES (?1, ?2, ?3)";
        for permission in permissions {
            self.run_one(sql, params![self.scope(), id, permission]).await?;
        }
        Ok(())
    }

    /// Add somebody to a group. Conflicts on [`GROUP_MEMBERS_USER_KEY`].
    pub async fn group_member_insert(&self, member: &GroupMember) -> Result<(), StoreError> {
        self.run_one(
            "INSERT INTO cairn_group_members (project, id, seq, group_id, user_id, reason, expires, created_by, \
             created) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                self.scope(),
                &member.id,
                member.seq,
                &member.group_id,
                member.user_id.as_str(),
                &member.reason,
                member.expires,
                &member.created_by,
                member.created,
            ],
        )
        .await
    }

    /// Somebody's place in a group, by its id.
    pub async fn group_member_by_id(&self, id: &str) -> Result<Option<GroupMember>, StoreError> {
        let sql = format!("SELECT {MEMBER_COLUMNS} FROM cairn_group_members WHERE project = ?1 AND id = ?2");
        self.row(&sql, params![self.scope(), id], member).await
    }

    /// Members of a group behind the place `after`, in the order of their making, `max` at most.
    pub async fn group_member_list(
        &self,
        group_id: &str,
        after: i64,
        max: i64,
    ) -> Result<Vec<GroupMember>, StoreError> {
        let sql = format!(
            "SELECT {MEMBER_COLUMNS} FROM cairn_group_members \
             WHERE project = ?1 AND group_id = ?2 AND seq > ?3 ORDER BY seq LIMIT ?4"
        );
        self.rows(&sql, params![self.scope(), group_id, after, max], member).await
    }

    /// The places that a user has in groups, ended ones too.
    pub async fn group_member_list_of_user(&self, user_id: &UserId) -> Result<Vec<GroupMember>, StoreError> {
        let sql = format!(
            "SELECT {MEMBER_COLUMNS} FROM cairn_group_members WHERE project = ?1 AND user_id = ?2 ORDER BY seq"
        );
        self.rows(&sql, params![self.scope(), user_id.as_str()], member).await
    }

    /// Take somebody out of a group; whether they were in it.
    pub async fn group_member_delete(&self, id: &str) -> Result<bool, StoreError> {
        let sql = "DELETE FROM cairn_group_members WHERE project = ?1 AND id = ?2";
        Ok(self.run(sql, params![self.scope(), id]).await? == 1)
    }
}
