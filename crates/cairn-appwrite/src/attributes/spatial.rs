//! Attributes that hold shapes: points, lines and polygons.

use cairn_core::attributes::{self, AttributePatch, Bounds};
use cairn_http::rules::{Rule, boolean, key, list};
use cairn_http::{Answer, Call, Reply, Route, handler};
use cairn_model::schema::{Attribute, AttributeType};
use cairn_model::value::Value;
use cairn_query::json::value_of;

use super::{creates, tables_creates, tables_updates, updates};
use crate::schemas::{attribute, collection_params, place};
use crate::words::tables;

/// The routes of these types.
pub(crate) const ROUTES: &[Route] = &[
    creates(path!("/point"), "databases.createPointAttribute", handler!(create_point)),
    updates(path!("/point/{key}"), "databases.updatePointAttribute", handler!(update_point)),
    creates(path!("/line"), "databases.createLineAttribute", handler!(create_line)),
    updates(path!("/line/{key}"), "databases.updateLineAttribute", handler!(update_line)),
    creates(path!("/polygon"), "databases.createPolygonAttribute", handler!(create_polygon)),
    updates(path!("/polygon/{key}"), "databases.updatePolygonAttribute", handler!(update_polygon)),
    tables_creates(path!(tables "/point"), "tablesDB.createPointColumn", tables!(create_point)),
    tables_updates(path!(tables "/point/{key}"), "tablesDB.updatePointColumn", tables!(update_point)),
    tables_creates(path!(tables "/line"), "tablesDB.createLineColumn", tables!(create_line)),
    tables_updates(path!(tables "/line/{key}"), "tablesDB.updateLineColumn", tables!(update_line)),
    tables_creates(path!(tables "/polygon"), "tablesDB.createPolygonColumn", tables!(create_polygon)),
    tables_updates(path!(tables "/polygon/{key}"), "tablesDB.updatePolygonColumn", tables!(update_polygon)),
];

type Coordinates = Vec<serde_json::Value>;

collection_params! {
    pub(crate) struct CreateSpatialAttribute {
        /// The key of the attribute.
        key: String = "key" => key(),
        /// Whether a document must have a value.
        required: bool = "required" => boolean(),
        /// What a new document gets that has no value: coordinates as a document has them.
        default: Option<Coordinates> = "default" => list().optional(),
    }
}

async fn create(call: Call<CreateSpatialAttribute>, kind: AttributeType) -> Reply {
    let CreateSpatialAttribute { database_id, collection_id, key, required, default } = call.params;
    let new = Attribute { is_required: required, default: value(default), ..Attribute::new(key, kind) };
    let made = attributes::create(&call.cx, place(database_id, collection_id), new).await?;
    Ok(Answer::accepted("attribute", attribute(&made)))
}

async fn create_point(call: Call<CreateSpatialAttribute>) -> Reply {
    create(call, AttributeType::Point).await
}

async fn create_line(call: Call<CreateSpatialAttribute>) -> Reply {
    create(call, AttributeType::Line).await
}

async fn create_polygon(call: Call<CreateSpatialAttribute>) -> Reply {
    create(call, AttributeType::Polygon).await
}

collection_params! {
    pub(crate) struct UpdateSpatialAttribute {
        /// The key of the attribute.
        key: String = "key" => key(),
        /// Whether a document must have a value.
        required: bool = "required" => boolean(),
        /// What a new document gets that has no value: coordinates as a document has them.
        default: Option<Coordinates> = "default" => list().optional(),
        /// Another key.
        new_key: Option<String> = "newKey" => cairn_http::rules::key().optional(),
    }
}

async fn update(call: Call<UpdateSpatialAttribute>, kind: AttributeType) -> Reply {
    let UpdateSpatialAttribute { database_id, collection_id, key, required, default, new_key } = call.params;
    let patch = AttributePatch {
        kind,
        is_required: required,
        default: value(default),
        size: None,
        bounds: Bounds::None,
        elements: None,
        new_key,
    };
    let changed = attributes::update(&call.cx, place(database_id, collection_id), &key, patch).await?;
    Ok(Answer::ok("attribute", attribute(&changed)))
}

async fn update_point(call: Call<UpdateSpatialAttribute>) -> Reply {
    update(call, AttributeType::Point).await
}

async fn update_line(call: Call<UpdateSpatialAttribute>) -> Reply {
    update(call, AttributeType::Line).await
}

async fn update_polygon(call: Call<UpdateSpatialAttribute>) -> Reply {
    update(call, AttributeType::Polygon).await
}

fn value(coordinates: Option<Coordinates>) -> Value {
    coordinates.map_or(Value::Null, |items| value_of(items.into()))
}
