//! Variables of a project, which its functions and sites find in their environment.
//!
//! A secret one shows its value to nobody and stays secret.

use cairn_faults::{Error, Fault};
use cairn_model::ids::VariableId;
use cairn_model::value::Value;
use cairn_model::variables::{OF_PROJECT, Variable};
use cairn_query::{Field, FieldType, NounField, NounFields};
use cairn_store::{OnConflict as _, StoreError};

use crate::listing::{ListRequest, Listed, PAGE_DEFAULT, Page};
use crate::{App, Cx};

#[cfg(test)]
mod tests;

const SEALED_FOR: &str = "variable";

/// A variable as it may be shown.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownVariable {
    /// The variable.
    pub variable: Variable,
    /// Its value; empty for a secret one.
    pub value: String,
}

/// A variable to make.
#[derive(Clone, Debug)]
pub struct NewVariable {
    /// Its id, or `unique()`.
    pub id: String,
    /// Its name.
    pub key: String,
    /// Its value.
    pub value: String,
    /// Whether the value is shown to nobody.
    pub is_secret: bool,
}

/// New values of a variable; `None` leaves one alone.
#[derive(Clone, Debug, Default)]
pub struct VariablePatch {
    /// Its name.
    pub key: Option<String>,
    /// Its value.
    pub value: Option<String>,
    /// Whether the value is shown to nobody.
    pub is_secret: Option<bool>,
}

const LISTED: Listed<Variable> = Listed {
    fields: NounFields(&[
        NounField::one("key", FieldType::Text),
        NounField::one("resourceType", FieldType::Text),
        NounField::one("resourceId", FieldType::Text),
        NounField::one("secret", FieldType::Bool),
    ]),
    value: |variable, field| match field {
        Field::Id => Value::Text(variable.id.0.clone()),
        Field::Sequence => Value::Int(variable.seq),
        Field::Created => variable.created.into(),
        Field::Updated => variable.updated.into(),
        Field::Attribute(0) => Value::Text(variable.key.clone()),
        Field::Attribute(1) => Value::Text(variable.resource_type.clone()),
        Field::Attribute(2) => Value::Text(variable.resource_id.clone()),
        Field::Attribute(3) => Value::Bool(variable.is_secret),
        Field::Attribute(_) | Field::Permissions | Field::Relevance => Value::Null,
    },
    page_default: PAGE_DEFAULT,
};

/// Make a variable of the project.
pub async fn create(cx: &Cx, new: NewVariable) -> Result<ShownVariable, Error> {
    let now = cx.now();
    let variable = Variable {
        id: VariableId(cx.id_or_new(&new.id)),
        seq: cx.next_seq(),
        resource_type: OF_PROJECT.to_owned(),
        resource_id: String::new(),
        key: new.key,
        sealed_value: cx.app.secrets.seal(SEALED_FOR, &new.value),
        is_secret: new.is_secret,
        created: now,
        updated: now,
    };
    let stored = variable.clone();
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            tx.variable_insert(&stored).await.on_any_conflict(Fault::VariableAlreadyExists)
        })
        .await?;
    show(&cx.app, variable)
}

/// A variable by its id.
pub async fn get(cx: &Cx, id: &VariableId) -> Result<ShownVariable, Error> {
    let wanted = id.clone();
    let found: Result<Option<Variable>, StoreError> =
        cx.store().read(cx.project_ref(), |tx| async move { tx.variable_by_id(&wanted).await }).await;
    let found = found?.filter(|variable| variable.resource_type == OF_PROJECT);
    show(&cx.app, found.ok_or_else(|| Fault::VariableNotFound.with("variable", id))?)
}

/// A page of the project's variables.
pub async fn list(cx: &Cx, request: &ListRequest) -> Result<Page<ShownVariable>, Error> {
    let query = LISTED.query(request)?;
    let all: Result<_, StoreError> =
        cx.store().read(cx.project_ref(), |tx| async move { tx.variable_list(OF_PROJECT, "").await }).await;
    let page = LISTED.page(&query, request.counts_total, &all?)?;
    let items = page.items.into_iter().map(|variable| show(&cx.app, variable)).collect::<Result<_, _>>()?;
    Ok(Page { items, total: page.total })
}

/// Change a variable.
///
/// # Errors
/// `variable_cannot_unset_secret` when a secret one should be shown again.
pub async fn update(cx: &Cx, id: &VariableId, patch: VariablePatch) -> Result<ShownVariable, Error> {
    let (id, now) = (id.clone(), cx.now());
    let sealed = patch.value.as_deref().map(|value| cx.app.secrets.seal(SEALED_FOR, value));
    let is_empty = patch.key.is_none() && patch.value.is_none() && patch.is_secret.is_none();
    let variable = cx
        .store()
        .write(cx.project_ref(), move |tx| async move {
            let found = tx.variable_by_id(&id).await?.filter(|found| found.resource_type == OF_PROJECT);
            let mut variable = found.ok_or_else(|| Fault::VariableNotFound.with("variable", &id))?;
            if variable.is_secret && patch.is_secret == Some(false) {
                return Err(Fault::VariableCannotUnsetSecret.with("variable", &id));
            }
            if is_empty {
                return Err(Error::invalid_param("/key", "Nothing is to be changed"));
            }
            variable.key = patch.key.unwrap_or(variable.key);
            variable.sealed_value = sealed.unwrap_or(variable.sealed_value);
            variable.is_secret = patch.is_secret.unwrap_or(variable.is_secret);
            variable.updated = now;
            tx.variable_update(&variable).await.on_any_conflict(Fault::VariableAlreadyExists)?;
            Ok(variable)
        })
        .await?;
    show(&cx.app, variable)
}

/// Remove a variable.
pub async fn delete(cx: &Cx, id: &VariableId) -> Result<(), Error> {
    let id = id.clone();
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            let found = tx.variable_by_id(&id).await?;
            if found.is_none_or(|found| found.resource_type != OF_PROJECT) {
                return Err(Fault::VariableNotFound.with("variable", &id));
            }
            tx.variable_delete(&id).await?;
            Ok(())
        })
        .await
}

fn show(app: &App, variable: Variable) -> Result<ShownVariable, Error> {
    let value = if variable.is_secret {
        String::new()
    } else {
        app.secrets.open(SEALED_FOR, &variable.sealed_value)?
    };
    Ok(ShownVariable { variable, value })
}
