//! Variables of a project: `/v1/project/variables`.

use cairn_core::projects;
use cairn_core::variables::{self, NewVariable, ShownVariable, VariablePatch};
use cairn_faults::Fault;
use cairn_http::rules::{IdChoice, Rule as _, boolean, custom_id, text, uid};
use cairn_http::{Answer, Call, Reply, Route, handler, params};
use cairn_model::variables::{KEY_CHARS_MAX, VALUE_CHARS_MAX};
use serde_json::{Map, Value, json};

use crate::models::VARIABLE;
use crate::wire::{ListParams, object, paged};

const READ: &[&str] = &["project.read"];
const WRITE: &[&str] = &["project.write"];

/// The routes of this capability.
pub const ROUTES: &[Route] = &[
    Route::post("/v1/project/variables", "project.createVariable", handler!(create_variable))
        .created(&VARIABLE)
        .scopes(WRITE)
        .faults(&[Fault::VariableAlreadyExists]),
    Route::get("/v1/project/variables", "project.listVariables", handler!(list_variables))
        .page("variables", &VARIABLE)
        .scopes(READ),
    Route::get("/v1/project/variables/{variableId}", "project.getVariable", handler!(get_variable))
        .ok(&VARIABLE)
        .scopes(READ)
        .faults(&[Fault::VariableNotFound]),
    Route::put("/v1/project/variables/{variableId}", "project.updateVariable", handler!(update_variable))
        .ok(&VARIABLE)
        .scopes(WRITE)
        .faults(&[Fault::VariableNotFound, Fault::VariableAlreadyExists, Fault::VariableCannotUnsetSecret]),
    Route::delete("/v1/project/variables/{variableId}", "project.deleteVariable", handler!(delete_variable))
        .nothing()
        .scopes(WRITE)
        .faults(&[Fault::VariableNotFound]),
];

params! {
    /// A variable to make.
    pub(crate) struct CreateVariable {
        /// Variable ID. Choose a custom ID or generate a random one with `unique()`.
        variable_id: IdChoice = "variableId" => custom_id(),
        /// Variable name.
        key: String = "key" => text(1, KEY_CHARS_MAX),
        /// Variable value.
        value: String = "value" => text(0, VALUE_CHARS_MAX),
        /// Whether the value is shown to nobody.
        secret: bool = "secret" => boolean().or(true, json!(true)),
    }
}

params! {
    /// New values of a variable.
    pub(crate) struct UpdateVariable {
        /// Variable ID.
        variable_id: String = "variableId" => uid(),
        /// Variable name.
        key: Option<String> = "key" => text(0, KEY_CHARS_MAX).optional(),
        /// Variable value.
        value: Option<String> = "value" => text(0, VALUE_CHARS_MAX).optional(),
        /// Whether the value is shown to nobody.
        secret: Option<bool> = "secret" => boolean().optional(),
    }
}

params! {
    /// A variable by its id.
    pub(crate) struct VariablePath {
        /// Variable ID.
        variable_id: String = "variableId" => uid(),
    }
}

async fn create_variable(call: Call<CreateVariable>) -> Reply {
    let CreateVariable { variable_id, key, value, secret } = call.params;
    projects::registry(&call.cx)?;
    let id = variable_id.or_make(|| call.cx.new_id());
    let made = variables::create(&call.cx, NewVariable { id, key, value, is_secret: secret }).await?;
    Ok(Answer::created("variable", wire(&made)))
}

async fn list_variables(call: Call<ListParams>) -> Reply {
    projects::registry(&call.cx)?;
    let page = variables::list(&call.cx, &call.params.into_request(&call.exchange)).await?;
    Ok(paged("variable", "variables", &page, wire))
}

async fn get_variable(call: Call<VariablePath>) -> Reply {
    projects::registry(&call.cx)?;
    Ok(Answer::ok("variable", wire(&variables::get(&call.cx, &call.params.variable_id.into()).await?)))
}

async fn update_variable(call: Call<UpdateVariable>) -> Reply {
    let UpdateVariable { variable_id, key, value, secret } = call.params;
    projects::registry(&call.cx)?;
    let patch = VariablePatch { key, value, is_secret: secret };
    let changed = variables::update(&call.cx, &variable_id.into(), patch).await?;
    Ok(Answer::ok("variable", wire(&changed)))
}

async fn delete_variable(call: Call<VariablePath>) -> Reply {
    projects::registry(&call.cx)?;
    variables::delete(&call.cx, &call.params.variable_id.into()).await?;
    Ok(Answer::no_content())
}

fn wire(shown: &ShownVariable) -> Map<String, Value> {
    let variable = &shown.variable;
    object(json!({
        "$id": variable.id.as_str(),
        "$createdAt": variable.created.to_wire(),
        "$updatedAt": variable.updated.to_wire(),
        "key": variable.key,
        "value": shown.value,
        "secret": variable.is_secret,
        "resourceType": variable.resource_type,
        "resourceId": variable.resource_id,
    }))
}
