//! Rows: databases.

macro_rules! rows_databases {
    ($next:ident $($rest:ident)* ; $($rows:tt)*) => {
        $next! { $($rest)* ; $($rows)*
            /// Attribute already exists.
            AttributeAlreadyExists {
                kind: Conflict,
                message: "Attribute already exists.",
                appwrite_1_0: 409 "attribute_already_exists",
                appwrite: 409 "attribute_already_exists" | "column_already_exists",
            }
            /// Attribute default unsupported.
            AttributeDefaultUnsupported {
                kind: Invalid,
                message: "Attribute default unsupported.",
                appwrite_1_0: 400 "attribute_default_unsupported",
                appwrite: 400 "attribute_default_unsupported" | "column_default_unsupported",
            }
            /// Attribute format unsupported.
            AttributeFormatUnsupported {
                kind: Invalid,
                message: "Attribute format unsupported.",
                appwrite_1_0: 400 "attribute_format_unsupported",
                appwrite: 400 "attribute_format_unsupported" | "column_format_unsupported",
            }
            /// Attribute invalid resize.
            AttributeInvalidResize {
                kind: Invalid,
                message: "Attribute invalid resize.",
                appwrite: 400 "attribute_invalid_resize" | "column_invalid_resize",
            }
            /// Attribute limit exceeded.
            AttributeLimitExceeded {
                kind: Invalid,
                message: "Attribute limit exceeded.",
                appwrite_1_0: 400 "attribute_limit_exceeded",
                appwrite: 400 "attribute_limit_exceeded" | "column_limit_exceeded",
            }
            /// Attribute not available.
            AttributeNotAvailable {
                kind: Invalid,
                message: "Attribute not available.",
                appwrite_1_0: 400 "attribute_not_available",
                appwrite: 400 "attribute_not_available" | "column_not_available",
            }
            /// Attribute not found.
            AttributeNotFound {
                kind: NotFound,
                message: "Attribute not found.",
                appwrite_1_0: 404 "attribute_not_found",
                appwrite: 404 "attribute_not_found" | "column_not_found",
            }
            /// Attribute type invalid.
            AttributeTypeInvalid {
                kind: Invalid,
                message: "Attribute type invalid.",
                appwrite: 400 "attribute_type_invalid" | "column_type_invalid",
            }
            /// Attribute type not supported.
            AttributeTypeNotSupported {
                kind: Invalid,
                message: "Attribute type not supported.",
                appwrite: 400 "attribute_type_not_supported" | "column_type_not_supported",
            }
            /// Attribute unknown.
            AttributeUnknown {
                kind: Invalid,
                message: "Attribute unknown.",
                appwrite_1_0: 400 "attribute_unknown",
                appwrite: 400 "attribute_unknown" | "column_unknown",
            }
            /// Attribute value invalid.
            AttributeValueInvalid {
                kind: Invalid,
                message: "Attribute value invalid.",
                appwrite_1_0: 400 "attribute_value_invalid",
                appwrite: 400 "attribute_value_invalid" | "column_value_invalid",
            }
            /// Collection already exists.
            CollectionAlreadyExists {
                kind: Conflict,
                message: "Collection already exists.",
                appwrite_1_0: 409 "collection_already_exists",
                appwrite: 409 "collection_already_exists" | "table_already_exists",
            }
            /// Collection limit exceeded.
            CollectionLimitExceeded {
                kind: Invalid,
                message: "Collection limit exceeded.",
                appwrite_1_0: 400 "collection_limit_exceeded",
                appwrite: 400 "collection_limit_exceeded" | "table_limit_exceeded",
            }
            /// Collection not found.
            CollectionNotFound {
                kind: NotFound,
                message: "Collection not found.",
                appwrite_1_0: 404 "collection_not_found",
                appwrite: 404 "collection_not_found" | "table_not_found",
            }
            /// Database already exists.
            DatabaseAlreadyExists {
                kind: Conflict,
                message: "Database already exists.",
                appwrite: 409 "database_already_exists",
            }
            /// Database not found.
            DatabaseNotFound {
                kind: NotFound,
                message: "Database not found.",
                appwrite: 404 "database_not_found",
            }
            /// Database query order null.
            DatabaseQueryOrderNull {
                kind: Invalid,
                message: "Database query order null.",
                appwrite: 400 "database_query_order_null",
            }
            /// Database timeout.
            DatabaseTimeout {
                kind: Timeout,
                message: "Database timeout.",
                appwrite: 408 "database_timeout",
            }
            /// Document already exists.
            DocumentAlreadyExists {
                kind: Conflict,
                message: "Document already exists.",
                appwrite_1_0: 409 "document_already_exists",
                appwrite: 409 "document_already_exists" | "row_already_exists",
            }
            /// Document delete restricted.
            DocumentDeleteRestricted {
                kind: Forbidden,
                message: "Document delete restricted.",
                appwrite: 403 "document_delete_restricted" | "row_delete_restricted",
            }
            /// Document invalid structure.
            DocumentInvalidStructure {
                kind: Invalid,
                message: "Document invalid structure.",
                appwrite_1_0: 400 "document_invalid_structure",
                appwrite: 400 "document_invalid_structure" | "row_invalid_structure",
            }
            /// Document missing data.
            DocumentMissingData {
                kind: Invalid,
                message: "Document missing data.",
                appwrite: 400 "document_missing_data" | "row_missing_data",
            }
            /// Document missing payload.
            DocumentMissingPayload {
                kind: Invalid,
                message: "Document missing payload.",
                appwrite_1_0: 400 "document_missing_payload",
                appwrite: 400 "document_missing_payload" | "row_missing_payload",
            }
            /// Document not found.
            DocumentNotFound {
                kind: NotFound,
                message: "Document not found.",
                appwrite_1_0: 404 "document_not_found",
                appwrite: 404 "document_not_found" | "row_not_found",
            }
            /// Document unique constraint violation.
            DocumentUniqueConstraintViolation {
                kind: Conflict,
                message: "Document unique constraint violation.",
                appwrite: 409 "document_unique_constraint_violation" | "row_unique_constraint_violation",
            }
            /// Document update conflict.
            DocumentUpdateConflict {
                kind: Conflict,
                message: "Document update conflict.",
                appwrite: 409 "document_update_conflict" | "row_update_conflict",
            }
            /// Index already exists.
            IndexAlreadyExists {
                kind: Conflict,
                message: "Index already exists.",
                appwrite_1_0: 409 "index_already_exists",
                appwrite: 409 "index_already_exists" | "column_index_already_exists",
            }
            /// Index dependency.
            IndexDependency {
                kind: Conflict,
                message: "Index dependency.",
                appwrite: 409 "index_dependency" | "column_index_dependency",
            }
            /// Index invalid.
            IndexInvalid {
                kind: Invalid,
                message: "Index invalid.",
                appwrite: 400 "index_invalid" | "column_index_invalid",
            }
            /// Index limit exceeded.
            IndexLimitExceeded {
                kind: Invalid,
                message: "Index limit exceeded.",
                appwrite_1_0: 400 "index_limit_exceeded",
                appwrite: 400 "index_limit_exceeded" | "column_index_limit_exceeded",
            }
            /// Index not found.
            IndexNotFound {
                kind: NotFound,
                message: "Index not found.",
                appwrite_1_0: 404 "index_not_found",
                appwrite: 404 "index_not_found" | "column_index_not_found",
            }
            /// Relationship value invalid.
            RelationshipValueInvalid {
                kind: Invalid,
                message: "Relationship value invalid.",
                appwrite: 400 "relationship_value_invalid",
            }
            /// Transaction already exists.
            TransactionAlreadyExists {
                kind: Conflict,
                message: "Transaction already exists.",
                appwrite: 409 "transaction_already_exists",
            }
            /// Transaction conflict.
            TransactionConflict {
                kind: Conflict,
                message: "Transaction conflict.",
                appwrite: 409 "transaction_conflict",
            }
            /// Transaction expired.
            TransactionExpired {
                kind: Gone,
                message: "Transaction expired.",
                appwrite: 410 "transaction_expired",
            }
            /// Transaction failed.
            TransactionFailed {
                kind: Invalid,
                message: "Transaction failed.",
                appwrite: 400 "transaction_failed",
            }
            /// Transaction invalid.
            TransactionInvalid {
                kind: Invalid,
                message: "Transaction invalid.",
                appwrite: 400 "transaction_invalid",
            }
            /// Transaction limit exceeded.
            TransactionLimitExceeded {
                kind: Invalid,
                message: "Transaction limit exceeded.",
                appwrite: 400 "transaction_limit_exceeded",
            }
            /// Transaction not found.
            TransactionNotFound {
                kind: NotFound,
                message: "Transaction not found.",
                appwrite: 404 "transaction_not_found",
            }
            /// Transaction not ready.
            TransactionNotReady {
                kind: Invalid,
                message: "Transaction not ready.",
                appwrite: 400 "transaction_not_ready",
            }
        }
    };
}
