//! Variables of a project and of what runs in it.

use cairn_model::ids::VariableId;
use cairn_model::variables::Variable;

use crate::sql::{Row, params};
use crate::{StoreError, Tx};

/// One variable per id in a project.
pub const VARIABLES_ID_KEY: &str = "project,id";
/// One variable per name and thing that it belongs to.
pub const VARIABLES_KEY_KEY: &str = "project,resource_type,resource_id,key";

const COLUMNS: &str = "id, seq, resource_type, resource_id, key, value, is_secret, created, updated";

fn variable(row: &Row<'_>) -> Result<Variable, StoreError> {
    Ok(Variable {
        id: VariableId(row.text(0)?),
        seq: row.int(1)?,
        resource_type: row.text(2)?,
        resource_id: row.text(3)?,
        key: row.text(4)?,
        sealed_value: row.text(5)?,
        is_secret: row.bool(6)?,
        created: row.time(7)?,
        updated: row.time(8)?,
    })
}

impl Tx {
    /// Add a variable. Conflicts on [`VARIABLES_ID_KEY`] and [`VARIABLES_KEY_KEY`].
    pub async fn variable_insert(&self, variable: &Variable) -> Result<(), StoreError> {
        self.run_one(
            "INSERT INTO cairn_variables (project, id, seq, resource_type, resource_id, key, value, is_secret, \
             created, updated) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            params![
                self.scope(),
                variable.id.as_str(),
                variable.seq,
                &variable.resource_type,
                &variable.resource_id,
                &variable.key,
                &variable.sealed_value,
                variable.is_secret,
                variable.created,
                variable.updated,
            ],
        )
        .await
    }

    /// The variable with this id, of whatever it belongs to.
    pub async fn variable_by_id(&self, id: &VariableId) -> Result<Option<Variable>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM cairn_variables WHERE project = ?1 AND id = ?2");
        self.row(&sql, params![self.scope(), id.as_str()], variable).await
    }

    /// All variables of one thing, in the order of their making.
    pub async fn variable_list(
        &self,
        resource_type: &str,
        resource_id: &str,
    ) -> Result<Vec<Variable>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM cairn_variables WHERE project = ?1 AND resource_type = ?2 AND resource_id = ?3 \
             ORDER BY seq"
        );
        self.rows(&sql, params![self.scope(), resource_type, resource_id], variable).await
    }

    /// Write back a variable that was read in this transaction. Conflicts on [`VARIABLES_KEY_KEY`].
    pub async fn variable_update(&self, variable: &Variable) -> Result<(), StoreError> {
        self.run_one(
            "UPDATE cairn_variables SET key = ?3, value = ?4, is_secret = ?5, updated = ?6 \
             WHERE project = ?1 AND id = ?2",
            params![
                self.scope(),
                variable.id.as_str(),
                &variable.key,
                &variable.sealed_value,
                variable.is_secret,
                variable.updated,
            ],
        )
        .await
    }

    /// Remove a variable; whether it was there.
    pub async fn variable_delete(&self, id: &VariableId) -> Result<bool, StoreError> {
        let sql = "DELETE FROM cairn_variables WHERE project = ?1 AND id = ?2";
        Ok(self.run(sql, params![self.scope(), id.as_str()]).await? == 1)
    }
}
