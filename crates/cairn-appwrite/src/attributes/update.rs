//! Changing attributes: the parameters of each type.

use cairn_core::attributes::{self, AttributePatch, Bounds};
use cairn_http::rules::{Rule, array_of, boolean, datetime, email, float, integer, ip, key, text, uid, url};
use cairn_http::{Answer, Call, Reply, params};
use cairn_model::schema::{AttributeType, STRING_CHARS_MAX, VARCHAR_CHARS_MAX};
use cairn_model::value::Value;

use super::create::{DEFAULT_CHARS_MAX, ELEMENTS_MAX};
use crate::schemas::{attribute, place};

/// Declare the parameters of one type behind those of all types, and its handlers.
macro_rules! updates {
    (
        struct $name:ident {
            $($(#[doc = $doc:literal])* $field:ident : $type:ty = $wire:literal => $rule:expr),* $(,)?
        }
        $($handler:ident is $kind:ident),+ with |$params:ident| $more:expr
    ) => {
        params! {
            pub(crate) struct $name {
                /// The id of the database.
                database_id: String = "databaseId" => uid(),
                /// The id of the collection.
                collection_id: String = "collectionId" => uid(),
                /// The key of the attribute.
                key: String = "key" => key(),
                /// Whether a document must have a value.
                required: bool = "required" => boolean(),
                /// Another key.
                new_key: Option<String> = "newKey" => cairn_http::rules::key().optional(),
                $($(#[doc = $doc])* $field: $type = $wire => $rule),*
            }
        }

        $(pub(super) async fn $handler(call: Call<$name>) -> Reply {
            let $params = call.params;
            let at = place($params.database_id.clone(), $params.collection_id.clone());
            let key = $params.key.clone();
            let own = AttributePatch {
                kind: AttributeType::$kind,
                is_required: $params.required,
                default: Value::Null,
                size: None,
                bounds: Bounds::None,
                elements: None,
                new_key: $params.new_key.clone(),
            };
            let more: fn($name, AttributePatch) -> AttributePatch = $more;
            let changed = attributes::update(&call.cx, at, &key, more($params, own)).await?;
            Ok(Answer::ok("attribute", attribute(&changed)))
        })+
    };
}

fn default<T: Into<Value>>(value: Option<T>) -> Value {
    value.map_or(Value::Null, Into::into)
}

fn size(size: Option<i64>) -> Option<u32> {
    size.and_then(|size| u32::try_from(size).ok())
}

updates! {
    struct UpdateStringAttribute {
        /// What a new document gets that has no value.
        default: Option<String> = "default" => text(0, DEFAULT_CHARS_MAX).nullable(),
        /// The size, in characters.
        size: Option<i64> = "size" => integer(1, i64::from(STRING_CHARS_MAX)).optional(),
    }
    string_attribute is String with |params| |params, own| AttributePatch {
        default: default(params.default),
        size: size(params.size),
        ..own
    }
}

updates! {
    struct UpdateVarcharAttribute {
        /// What a new document gets that has no value.
        default: Option<String> = "default" => text(0, DEFAULT_CHARS_MAX).nullable(),
        /// The size, in characters.
        size: Option<i64> = "size" => integer(1, i64::from(VARCHAR_CHARS_MAX)).optional(),
    }
    varchar_attribute is Varchar with |params| |params, own| AttributePatch {
        default: default(params.default),
        size: size(params.size),
        ..own
    }
}

updates! {
    struct UpdateTextAttribute {
        /// What a new document gets that has no value.
        default: Option<String> = "default" => text(0, DEFAULT_CHARS_MAX).nullable(),
    }
    text_attribute is Text, mediumtext_attribute is Mediumtext, longtext_attribute is Longtext with
        |params| |params, own| AttributePatch { default: default(params.default), ..own }
}

updates! {
    struct UpdateIntegerAttribute {
        /// The smallest value.
        min: Option<i64> = "min" => integer(i64::MIN, i64::MAX).optional(),
        /// The largest value.
        max: Option<i64> = "max" => integer(i64::MIN, i64::MAX).optional(),
        /// What a new document gets that has no value.
        default: Option<i64> = "default" => integer(i64::MIN, i64::MAX).nullable(),
    }
    integer_attribute is Integer, bigint_attribute is Bigint with |params| |params, own| AttributePatch {
        bounds: Bounds::Int(params.min, params.max),
        default: default(params.default),
        ..own
    }
}

updates! {
    struct UpdateFloatAttribute {
        /// The smallest value.
        min: Option<f64> = "min" => float(-f64::MAX, f64::MAX).optional(),
        /// The largest value.
        max: Option<f64> = "max" => float(-f64::MAX, f64::MAX).optional(),
        /// What a new document gets that has no value.
        default: Option<f64> = "default" => float(-f64::MAX, f64::MAX).nullable(),
    }
    float_attribute is Float with |params| |params, own| AttributePatch {
        bounds: Bounds::Float(params.min, params.max),
        default: default(params.default),
        ..own
    }
}

updates! {
    struct UpdateBooleanAttribute {
        /// What a new document gets that has no value.
        default: Option<bool> = "default" => boolean().nullable(),
    }
    boolean_attribute is Boolean with
        |params| |params, own| AttributePatch { default: default(params.default), ..own }
}

updates! {
    struct UpdateDatetimeAttribute {
        /// What a new document gets that has no value.
        default: Option<cairn_std::Timestamp> = "default" => datetime().nullable(),
    }
    datetime_attribute is Datetime with
        |params| |params, own| AttributePatch { default: default(params.default), ..own }
}

updates! {
    struct UpdateEmailAttribute {
        /// What a new document gets that has no value.
        default: Option<String> = "default" => email().nullable(),
    }
    email_attribute is Email with
        |params| |params, own| AttributePatch { default: default(params.default), ..own }
}

updates! {
    struct UpdateUrlAttribute {
        /// What a new document gets that has no value.
        default: Option<String> = "default" => url().nullable(),
    }
    url_attribute is Url with |params| |params, own| AttributePatch { default: default(params.default), ..own }
}

updates! {
    struct UpdateIpAttribute {
        /// What a new document gets that has no value.
        default: Option<String> = "default" => ip().nullable(),
    }
    ip_attribute is Ip with |params| |params, own| AttributePatch { default: default(params.default), ..own }
}

updates! {
    struct UpdateEnumAttribute {
        /// What a value may be, up to 100.
        elements: Vec<String> = "elements" => array_of(text(1, 255), ELEMENTS_MAX),
        /// What a new document gets that has no value.
        default: Option<String> = "default" => text(0, 255).nullable(),
    }
    enum_attribute is Enum with |params| |params, own| AttributePatch {
        elements: Some(params.elements),
        default: default(params.default),
        ..own
    }
}
