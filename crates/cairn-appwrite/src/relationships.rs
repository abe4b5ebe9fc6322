//! Relationships between collections, in both vocabularies: the attributes that lead to other documents.

use cairn_core::relationships::{self, NewRelationship};
use cairn_faults::Fault;
use cairn_http::rules::{Rule, boolean, choices, key, uid};
use cairn_http::{Answer, Call, Reply, Route, handler};
use cairn_model::schema::{OnDelete, RelationType};

use crate::attributes::{creates, tables_creates, tables_updates, updates};
use crate::schemas::{DELETE_RULES, RELATION_TYPES, attribute_in, collection_params, place};
use crate::words::tables;

const MADE: &[Fault] = &[
    Fault::DatabaseNotFound,
    Fault::CollectionNotFound,
    Fault::AttributeAlreadyExists,
    Fault::AttributeLimitExceeded,
];
const CHANGED: &[Fault] = &[
    Fault::DatabaseNotFound,
    Fault::CollectionNotFound,
    Fault::AttributeNotFound,
    Fault::AttributeNotAvailable,
    Fault::AttributeTypeInvalid,
    Fault::AttributeAlreadyExists,
];

/// The routes of this capability. The SDKs disagree on where the key stands, so it may stand in both places.
pub const ROUTES: &[Route] = &[
    creates(
        "/v1/databases/{databaseId}/collections/{collectionId}/attributes/relationship",
        "databases.createRelationshipAttribute",
        handler!(create_relationship),
    )
    .faults(MADE),
    updates(
        "/v1/databases/{databaseId}/collections/{collectionId}/attributes/relationship/{key}",
        "databases.updateRelationshipAttribute",
        handler!(update_relationship),
    )
    .aliases(&["/v1/databases/{databaseId}/collections/{collectionId}/attributes/{key}/relationship"])
    .faults(CHANGED),
    tables_creates(
        "/v1/tablesdb/{databaseId}/tables/{tableId}/columns/relationship",
        "tablesDB.createRelationshipColumn",
        tables!(create_relationship),
    )
    .faults(MADE),
    tables_updates(
        "/v1/tablesdb/{databaseId}/tables/{tableId}/columns/{key}/relationship",
        "tablesDB.updateRelationshipColumn",
        tables!(update_relationship),
    )
    .aliases(&["/v1/tablesdb/{databaseId}/tables/{tableId}/columns/relationship/{key}"])
    .faults(CHANGED),
];

collection_params! {
    pub(crate) struct CreateRelationship {
        /// The id of the collection to relate to; may be the same.
        related_collection_id: String = "relatedCollectionId" => uid(),
        /// How many documents stand on each side.
        kind: RelationType = "type" => choices(RELATION_TYPES),
        /// Whether the related collection gets an attribute too.
        two_way: bool = "twoWay" => boolean().or_empty(),
        /// The key of the attribute; the id of the related collection when left out.
        key: Option<String> = "key" => key().optional(),
        /// The key of the attribute on the other side; the id of this collection when left out.
        two_way_key: Option<String> = "twoWayKey" => cairn_http::rules::key().optional(),
        /// What deleting a document does to those that it relates to; `restrict` when left out.
        on_delete: Option<OnDelete> = "onDelete" => choices(DELETE_RULES).optional(),
    }
}

async fn create_relationship(call: Call<CreateRelationship>) -> Reply {
    let p = call.params;
    let new = NewRelationship {
        related: p.related_collection_id.into(),
        kind: p.kind,
        is_two_way: p.two_way,
        key: p.key,
        two_way_key: p.two_way_key,
        on_delete: p.on_delete.unwrap_or(OnDelete::Restrict),
    };
    let made = relationships::create(&call.cx, place(p.database_id, p.collection_id), new).await?;
    Ok(Answer::accepted("attribute", attribute_in(&made, call.exchange.vocabulary())))
}

collection_params! {
    pub(crate) struct UpdateRelationship {
        /// The key of the attribute.
        key: String = "key" => key(),
        /// What deleting a document does to those that it relates to; it stays when left out.
        on_delete: Option<OnDelete> = "onDelete" => choices(DELETE_RULES).optional(),
        /// Another key.
        new_key: Option<String> = "newKey" => cairn_http::rules::key().optional(),
    }
}

async fn update_relationship(call: Call<UpdateRelationship>) -> Reply {
    let UpdateRelationship { database_id, collection_id, key, on_delete, new_key } = call.params;
    let at = place(database_id, collection_id);
    let changed = relationships::update(&call.cx, at, &key, on_delete, new_key).await?;
    Ok(Answer::ok("attribute", attribute_in(&changed, call.exchange.vocabulary())))
}
