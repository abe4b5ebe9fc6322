//! Databases, collections and documents, in both vocabularies.

use cairn_http::model;
use cairn_http::model::Kind::{Any, Boolean, Integer, List, Maybe, Number, Object, Of, OrNull, Text, Time};

model! {
    /// A name space of collections.
    pub(crate) DATABASE = "database" {
        "$id": Text,
        "name": Text,
        "$createdAt": Time,
        "$updatedAt": Time,
        "enabled": Boolean,
        "type": Text,
        "status": Text,
    }
}

model! {
    /// What documents hold under one key; its type decides which of the last members there are.
    pub(crate) ATTRIBUTE = "attribute" {
        "key": Text,
        "type": Text,
        "status": Text,
        "error": Text,
        "required": Boolean,
        "array": Boolean,
        "$createdAt": Time,
        "$updatedAt": Time,
        "default": Maybe(&Any),
        "size": Maybe(&Integer),
        "encrypt": Maybe(&Boolean),
        "format": Maybe(&Text),
        "min": Maybe(&Number),
        "max": Maybe(&Number),
        "elements": Maybe(&List(&Text)),
        "relatedCollection": Maybe(&Text),
        "relatedTable": Maybe(&Text),
        "relationType": Maybe(&Text),
        "twoWay": Maybe(&Boolean),
        "twoWayKey": Maybe(&Text),
        "onDelete": Maybe(&Text),
        "side": Maybe(&Text),
    }
}

// What differs between the vocabularies are names: each form stands once.

macro_rules! index {
    ($(#[doc = $doc:literal])* $const:ident = $name:literal of $attributes:literal) => {
        model! {
            $(#[doc = $doc])*
            pub(crate) $const = $name {
                "$id": Text,
                "$createdAt": Time,
                "$updatedAt": Time,
                "key": Text,
                "type": Text,
                "status": Text,
                "error": Text,
                $attributes: List(&Text),
                "lengths": List(&OrNull(&Integer)),
                "orders": List(&OrNull(&Text)),
            }
        }
    };
}

index! {
    /// An index of a collection.
    INDEX = "index" of "attributes"
}

index! {
    /// An index of a table.
    COLUMN_INDEX = "columnIndex" of "columns"
}

macro_rules! collection {
    ($(#[doc = $doc:literal])* $const:ident = $name:literal of $attributes:literal with $security:literal, $authors:literal, $index:ident) => {
        model! {
            $(#[doc = $doc])*
            pub(crate) $const = $name {
                "$id": Text,
                "$createdAt": Time,
                "$updatedAt": Time,
                "$permissions": List(&Text),
                "databaseId": Text,
                "name": Text,
                "enabled": Boolean,
                $security: Boolean,
                $authors: Maybe(&Boolean),
                $attributes: List(&Of(&ATTRIBUTE)),
                "indexes": List(&Of(&$index)),
                "bytesMax": Integer,
                "bytesUsed": Integer,
            }
        }
    };
}

collection! {
    /// Documents of one form.
    COLLECTION = "collection" of "attributes" with "documentSecurity", "documentAuthors", INDEX
}

collection! {
    /// Rows of one form.
    TABLE = "table" of "columns" with "rowSecurity", "rowAuthors", COLUMN_INDEX
}

macro_rules! document {
    ($(#[doc = $doc:literal])* $const:ident = $name:literal in $collection:literal) => {
        model! {
            $(#[doc = $doc])*
            pub(crate) $const = $name open {
                "$id": Maybe(&Text),
                "$sequence": Maybe(&Text),
                $collection: Maybe(&Text),
                "$databaseId": Maybe(&Text),
                "$createdAt": Maybe(&Time),
                "$updatedAt": Maybe(&Time),
                "$permissions": Maybe(&List(&Text)),
            }
        }
    };
}

document! {
    /// A document with the values of its collection's attributes; `select` leaves out what it does not name.
    DOCUMENT = "document" in "$collectionId"
}

document! {
    /// A row with the values of its table's columns; `select` leaves out what it does not name.
    ROW = "row" in "$tableId"
}

model! {
    /// Changes that happen together or not at all.
    pub(crate) TRANSACTION = "transaction" {
        "$id": Text,
        "$createdAt": Time,
        "$updatedAt": Time,
        "status": Text,
        "operations": Integer,
        "expiresAt": Time,
    }
}

model! {
    /// How the engine is behind a database.
    pub(crate) DATABASE_STATUS = "databaseStatus" {
        "health": Text,
        "ready": Boolean,
        "engine": Text,
        "version": Text,
        "uptime": Integer,
        "connections": Of(&DATABASE_CONNECTIONS),
        "replicas": List(&Object),
        "volumes": List(&Object),
    }
}

model! {
    /// Connections to an engine.
    pub(crate) DATABASE_CONNECTIONS = "databaseStatusConnections" { "current": Integer, "max": Integer }
}

model! {
    /// Machines that databases can be on, and what they cost.
    pub(crate) DATABASE_SPECIFICATIONS = "dedicatedDatabaseSpecificationList" {
        "total": Integer,
        "specifications": List(&Object),
        "pricing": Object,
    }
}
