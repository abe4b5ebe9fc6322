//! Databases, collections, attributes, indexes and documents, in both vocabularies.
//!
//! [`crate::table`] says how a row is written.

macro_rules! rows_databases {
    ($next:ident $($rest:ident)* ; $($rows:tt)*) => {
        $next! { $($rest)* ; $($rows)*

            /// There is no such database.
            ///
            /// The id is mistyped, the database was deleted, or it is switched off for users.
            DatabaseNotFound {
                kind: NotFound,
                message: "There is no such database.",
                appwrite: 404 "database_not_found",
            }
            /// A database with this id exists already.
            ///
            /// Choose another id, or let the server make one with `unique()`.
            DatabaseAlreadyExists {
                kind: Conflict,
                message: "A database with this id exists already.",
                appwrite: 409 "database_already_exists",
                discord: 409 40041,
            }
            /// The database took too long.
            ///
            /// The query read more than it could in its time. Add an index on what it filters and orders
            /// by, or ask for less.
            DatabaseTimeout {
                kind: Timeout,
                message: "The database took too long.",
                appwrite: 408 "database_timeout",
            }
            /// A cursor cannot continue from a null value.
            ///
            /// The item at the cursor has no value in the attribute that orders the list. Order by an
            /// attribute that always has one.
            DatabaseQueryOrderNull {
                kind: Invalid,
                message: "A cursor cannot continue from a null value.",
                appwrite: 400 "database_query_order_null",
            }
            /// There is no such collection.
            ///
            /// The id is mistyped, the collection was deleted, or it is switched off for users.
            CollectionNotFound {
                kind: NotFound,
                message: "There is no such collection.",
                appwrite_1_0: 404 "collection_not_found",
                appwrite: 404 "collection_not_found" | "table_not_found",
                everlive: 400 611 "The specified content type was not found.",
            }
            /// A collection with this id exists already.
            ///
            /// Choose another id, or let the server make one with `unique()`.
            CollectionAlreadyExists {
                kind: Conflict,
                message: "A collection with this id exists already.",
                appwrite_1_0: 409 "collection_already_exists",
                appwrite: 409 "collection_already_exists" | "table_already_exists",
                discord: 409 40041,
            }
            /// The collection is larger than one may be.
            ///
            /// The attributes or indexes that it was to have from the start are more, or wider together, than a
            /// collection holds. Nothing of it was made: leave some out, or make long texts shorter.
            CollectionLimitExceeded {
                kind: Invalid,
                message: "The collection is larger than one may be: {reason}",
                appwrite_1_0: 400 "collection_limit_exceeded",
                appwrite: 400 "collection_limit_exceeded" | "table_limit_exceeded",
                discord: 400 30013,
            }
            /// There is no such document.
            ///
            /// The id is mistyped, the document was deleted, or the caller may not read it: these look
            /// the same on purpose.
            DocumentNotFound {
                kind: NotFound,
                message: "There is no such document.",
                appwrite_1_0: 404 "document_not_found",
                appwrite: 404 "document_not_found" | "row_not_found",
                everlive: 404 801 "Item not found.",
                discord: 404 10008,
            }
            /// A document with this id exists already.
            ///
            /// Choose another id, let the server make one with `unique()`, or use upsert.
            DocumentAlreadyExists {
                kind: Conflict,
                message: "A document with this id exists already.",
                appwrite_1_0: 409 "document_already_exists",
                appwrite: 409 "document_already_exists" | "row_already_exists",
                discord: 409 40041,
            }
            /// A unique index already holds this value.
            ///
            /// Another document has the same value where a unique index allows it once. Choose another
            /// value.
            DocumentUniqueConstraintViolation {
                kind: Conflict,
                message: "A unique index already holds this value.",
                like: DocumentAlreadyExists,
                appwrite: 409 "document_unique_constraint_violation" | "row_unique_constraint_violation",
                everlive: 400 107 "The operation results in a duplicate key for a unique index",
                discord: 409 40041,
            }
            /// The document does not fit its collection.
            ///
            /// An attribute is unknown, missing, or has a value of the wrong type, size or range. The
            /// message names it.
            DocumentInvalidStructure {
                kind: Invalid,
                message: "Invalid document structure: {reason}",
                appwrite_1_0: 400 "document_invalid_structure",
                appwrite: 400 "document_invalid_structure" | "row_invalid_structure",
                discord: 422 50035,
            }
            /// The request carries no data.
            ///
            /// Send the document as `data`.
            DocumentMissingData {
                kind: Invalid,
                message: "The request carries no data.",
                appwrite: 400 "document_missing_data" | "row_missing_data",
            }
            /// The request carries neither data nor permissions.
            ///
            /// An update changes at least one of them.
            DocumentMissingPayload {
                kind: Invalid,
                message: "The request carries neither data nor permissions.",
                appwrite_1_0: 400 "document_missing_payload",
                appwrite: 400 "document_missing_payload" | "row_missing_payload",
            }
            /// The document was changed after the time that the caller named.
            ///
            /// The request said in `X-Appwrite-Timestamp` how old its copy is, and the document is newer.
            /// Read it again and decide.
            DocumentUpdateConflict {
                kind: Conflict,
                message: "The document was changed after the time that the caller named.",
                appwrite: 409 "document_update_conflict" | "row_update_conflict",
            }
            /// The document is referred to and cannot be deleted.
            ///
            /// A relationship with the rule `restrict` leads from it to others, or so many would go with it that the
            /// deletion is not done at once. Unlink or delete the related documents first.
            DocumentDeleteRestricted {
                kind: Forbidden,
                message: "The document is referred to and cannot be deleted.",
                appwrite: 403 "document_delete_restricted" | "row_delete_restricted",
            }
            /// There is no such attribute.
            ///
            /// The key is mistyped, or the attribute was deleted.
            AttributeNotFound {
                kind: NotFound,
                message: "There is no such attribute.",
                appwrite_1_0: 404 "attribute_not_found",
                appwrite: 404 "attribute_not_found" | "column_not_found",
            }
            /// An attribute with this key exists already.
            ///
            /// Keys are unique in a collection, whatever their case. Choose another one.
            AttributeAlreadyExists {
                kind: Conflict,
                message: "An attribute with this key exists already.",
                appwrite_1_0: 409 "attribute_already_exists",
                appwrite: 409 "attribute_already_exists" | "column_already_exists",
                discord: 409 40041,
            }
            /// An index names an attribute that does not exist.
            ///
            /// Create the attribute and wait until it is available.
            AttributeUnknown {
                kind: Invalid,
                message: "The index names an unknown attribute: {attribute}.",
                appwrite_1_0: 400 "attribute_unknown",
                appwrite: 400 "attribute_unknown" | "column_unknown",
            }
            /// The attribute is not ready yet.
            ///
            /// Attributes are made in the background. Ask for it until its status is `available`, then
            /// repeat the request.
            AttributeNotAvailable {
                kind: NotReady,
                message: "The attribute `{attribute}` is not ready yet.",
                appwrite_1_0: 400 "attribute_not_available",
                appwrite: 400 "attribute_not_available" | "column_not_available",
                discord: 202 110_000,
            }
            /// This format does not exist for this type of attribute.
            ///
            /// Formats narrow a text or a number: `email`, `url`, `ip`, `enum`, ranges.
            AttributeFormatUnsupported {
                kind: Invalid,
                message: "This format does not exist for this type of attribute.",
                appwrite_1_0: 400 "attribute_format_unsupported",
                appwrite: 400 "attribute_format_unsupported" | "column_format_unsupported",
            }
            /// This attribute cannot have a default value.
            ///
            /// A default makes no sense for a required attribute, nor for an array.
            AttributeDefaultUnsupported {
                kind: Invalid,
                message: "This attribute cannot have a default value.",
                appwrite_1_0: 400 "attribute_default_unsupported",
                appwrite: 400 "attribute_default_unsupported" | "column_default_unsupported",
            }
            /// The collection takes no more attributes.
            ///
            /// Their number or their total size has reached the limit. Delete some, or make texts
            /// shorter.
            AttributeLimitExceeded {
                kind: Invalid,
                message: "The collection takes no more attributes.",
                appwrite_1_0: 400 "attribute_limit_exceeded",
                appwrite: 400 "attribute_limit_exceeded" | "column_limit_exceeded",
                discord: 400 30013,
            }
            /// A value of the attribute's own settings is wrong.
            ///
            /// The default, the minimum or the maximum does not fit the type, or they do not fit each
            /// other.
            AttributeValueInvalid {
                kind: Invalid,
                message: "The attribute's settings are wrong: {reason}",
                appwrite_1_0: 400 "attribute_value_invalid",
                appwrite: 400 "attribute_value_invalid" | "column_value_invalid",
                discord: 400 50035,
            }
            /// This route is for attributes of another type.
            ///
            /// Each type has its own update route.
            AttributeTypeInvalid {
                kind: Invalid,
                message: "This route is for attributes of another type.",
                appwrite: 400 "attribute_type_invalid" | "column_type_invalid",
            }
            /// This type of attribute is not supported here.
            ///
            /// Vectors and objects are kept by other databases. Choose another type; `text` holds anything that can be written down.
            AttributeTypeNotSupported {
                kind: Invalid,
                message: "This type of attribute is not supported here.",
                appwrite: 400 "attribute_type_not_supported" | "column_type_not_supported",
            }
            /// Stored values are longer than the new size.
            ///
            /// Shorten them first.
            AttributeInvalidResize {
                kind: Invalid,
                message: "Stored values are longer than the new size.",
                appwrite: 400 "attribute_invalid_resize" | "column_invalid_resize",
            }
            /// There is no such index.
            ///
            /// The key is mistyped, or the index was deleted.
            IndexNotFound {
                kind: NotFound,
                message: "There is no such index.",
                appwrite_1_0: 404 "index_not_found",
                appwrite: 404 "index_not_found" | "column_index_not_found",
            }
            /// An index with this key, or on these attributes, exists already.
            ///
            /// Choose another key, or use the index that is there.
            IndexAlreadyExists {
                kind: Conflict,
                message: "An index with this key, or on these attributes, exists already.",
                appwrite_1_0: 409 "index_already_exists",
                appwrite: 409 "index_already_exists" | "column_index_already_exists",
                discord: 409 40041,
            }
            /// The collection takes no more indexes.
            ///
            /// Delete one first.
            IndexLimitExceeded {
                kind: Invalid,
                message: "The collection takes no more indexes.",
                appwrite_1_0: 400 "index_limit_exceeded",
                appwrite: 400 "index_limit_exceeded" | "column_index_limit_exceeded",
                discord: 400 30013,
            }
            /// The index cannot be made like this.
            ///
            /// The message says why: too many or too long attributes, a type that cannot be indexed, or a
            /// unique index over values that repeat.
            IndexInvalid {
                kind: Invalid,
                message: "The index cannot be made like this: {reason}",
                appwrite: 400 "index_invalid" | "column_index_invalid",
                discord: 400 50035,
            }
            /// An index depends on this attribute.
            ///
            /// A unique index over several attributes promises that no two documents have all of them equal. Without
            /// one of them it would be another promise, so delete the index before you delete the attribute.
            IndexDependency {
                kind: Conflict,
                message: "The index \"{index}\" depends on this attribute.",
                appwrite: 409 "index_dependency" | "column_index_dependency",
                discord: 409 50035,
            }
            /// The value of a relationship is wrong.
            ///
            /// Give a document, the id of one or null where the relationship leads to one document, and a list where it
            /// leads to many. Documents are nested up to three levels deep.
            RelationshipValueInvalid {
                kind: Invalid,
                message: "The value of a relationship is wrong: {reason}",
                appwrite: 400 "relationship_value_invalid",
            }
            /// The idempotency key was used for another request.
            ///
            /// Make a new key for every new request. A key is remembered for a day.
            IdempotencyKeyReused {
                kind: Conflict,
                message: "The idempotency key was used for another request.",
            }
            /// A request with the same idempotency key is being carried out.
            ///
            /// Send it again after a moment: it is answered with what came of the first one.
            IdempotencyKeyInUse {
                kind: Conflict,
                message: "A request with the same idempotency key is being carried out.",
            }
            /// There is no such transaction.
            ///
            /// It was finished or has expired.
            TransactionNotFound {
                kind: NotFound,
                message: "There is no such transaction.",
                appwrite: 404 "transaction_not_found",
            }
            /// A transaction with this id exists already.
            ///
            /// Choose another id.
            TransactionAlreadyExists {
                kind: Conflict,
                message: "A transaction with this id exists already.",
                appwrite: 409 "transaction_already_exists",
            }
            /// Operations cannot be added to a transaction that has ended.
            ///
            /// It was committed or rolled back, or it failed. Begin another one.
            TransactionInvalid {
                kind: Invalid,
                message: "The transaction takes no operations: it has ended.",
                appwrite: 400 "transaction_invalid",
            }
            /// The transaction failed.
            ///
            /// Something that its operations need is gone, such as a collection. None of them was kept. Begin again.
            TransactionFailed {
                kind: Invalid,
                message: "The transaction failed: {reason}.",
                appwrite: 400 "transaction_failed",
            }
            /// The transaction has expired.
            ///
            /// Nothing of it was carried out. Begin again, with a longer `ttl` where that is needed.
            TransactionExpired {
                kind: Gone,
                message: "The transaction has expired.",
                appwrite: 410 "transaction_expired",
            }
            /// Something that the transaction changes was changed by others.
            ///
            /// None of its operations was kept. Read again and begin again.
            TransactionConflict {
                kind: Conflict,
                message: "Something that the transaction changes was changed by others.",
                appwrite: 409 "transaction_conflict",
            }
            /// There are too many operations in the transaction, or too many pending transactions.
            ///
            /// A transaction has up to 100 operations; commit it and begin another one. A caller has up to 1,000 pending ones.
            TransactionLimitExceeded {
                kind: Invalid,
                message: "No more than {limit} are allowed here.",
                appwrite: 400 "transaction_limit_exceeded",
            }
            /// The transaction is not pending.
            ///
            /// It was committed or rolled back, or it failed; its status tells. Begin another one.
            TransactionNotReady {
                kind: NotReady,
                message: "The transaction is not pending, but {status}.",
                appwrite: 400 "transaction_not_ready",
            }
        }
    };
}
