//! Databases, collections and documents, in both vocabularies.

use cairn_http::model;
use cairn_http::model::Kind::{Any, Boolean, Integer, List, Maybe, Number, Of, OrNull, Text, Time};

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

model! {
    /// An index of a collection.
    pub(crate) INDEX = "index" {
        "$id": Text,
        "$createdAt": Time,
        "$updatedAt": Time,
        "key": Text,
        "type": Text,
        "status": Text,
        "error": Text,
        "attributes": List(&Text),
        "lengths": List(&OrNull(&Integer)),
        "orders": List(&OrNull(&Text)),
    }
}

model! {
    /// An index of a table.
    pub(crate) COLUMN_INDEX = "columnIndex" {
        "$id": Text,
        "$createdAt": Time,
        "$updatedAt": Time,
        "key": Text,
        "type": Text,
        "status": Text,
        "error": Text,
        "columns": List(&Text),
        "lengths": List(&OrNull(&Integer)),
        "orders": List(&OrNull(&Text)),
    }
}

model! {
    /// Documents of one form.
    pub(crate) COLLECTION = "collection" {
        "$id": Text,
        "$createdAt": Time,
        "$updatedAt": Time,
        "$permissions": List(&Text),
        "databaseId": Text,
        "name": Text,
        "enabled": Boolean,
        "documentSecurity": Boolean,
        "documentAuthors": Maybe(&Boolean),
        "attributes": List(&Of(&ATTRIBUTE)),
        "indexes": List(&Of(&INDEX)),
        "bytesMax": Integer,
        "bytesUsed": Integer,
    }
}

model! {
    /// Rows of one form.
    pub(crate) TABLE = "table" {
        "$id": Text,
        "$createdAt": Time,
        "$updatedAt": Time,
        "$permissions": List(&Text),
        "databaseId": Text,
        "name": Text,
        "enabled": Boolean,
        "rowSecurity": Boolean,
        "rowAuthors": Maybe(&Boolean),
        "columns": List(&Of(&ATTRIBUTE)),
        "indexes": List(&Of(&COLUMN_INDEX)),
        "bytesMax": Integer,
        "bytesUsed": Integer,
    }
}

model! {
    /// A document with the values of its collection's attributes; `select` leaves out what it does not name.
    pub(crate) DOCUMENT = "document" open {
        "$id": Maybe(&Text),
        "$sequence": Maybe(&Text),
        "$collectionId": Maybe(&Text),
        "$databaseId": Maybe(&Text),
        "$createdAt": Maybe(&Time),
        "$updatedAt": Maybe(&Time),
        "$permissions": Maybe(&List(&Text)),
    }
}

model! {
    /// A row with the values of its table's columns; `select` leaves out what it does not name.
    pub(crate) ROW = "row" open {
        "$id": Maybe(&Text),
        "$sequence": Maybe(&Text),
        "$tableId": Maybe(&Text),
        "$databaseId": Maybe(&Text),
        "$createdAt": Maybe(&Time),
        "$updatedAt": Maybe(&Time),
        "$permissions": Maybe(&List(&Text)),
    }
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
