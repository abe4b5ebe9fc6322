//! Creating attributes: the parameters of each type.

use cairn_core::attributes::{self, Bounds};
use cairn_http::rules::{Rule, array_of, boolean, datetime, email, float, integer, ip, key, text, uid, url};
use cairn_http::{Answer, Call, Reply, params};
use cairn_model::schema::{Attribute, AttributeType, STRING_CHARS_MAX, VARCHAR_CHARS_MAX};
use cairn_model::value::Value;

use crate::schemas::{attribute, place};

/// Elements of an enum at most.
pub(super) const ELEMENTS_MAX: usize = 100;
/// Texts of defaults are bounded by the attribute's own size.
pub(super) const DEFAULT_CHARS_MAX: usize = STRING_CHARS_MAX as usize;

/// Declare the parameters of one type behind those of all types, and its handlers.
macro_rules! creates {
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
                /// Whether a value is a list.
                array: bool = "array" => boolean().or_empty(),
                $($(#[doc = $doc])* $field: $type = $wire => $rule),*
            }
        }

        $(pub(super) async fn $handler(call: Call<$name>) -> Reply {
            let $params = call.params;
            let own = Attribute::new($params.key.clone(), AttributeType::$kind);
            let (is_required, is_array) = ($params.required, $params.array);
            let at = place($params.database_id.clone(), $params.collection_id.clone());
            let more: fn($name, Attribute) -> Attribute = $more;
            let new = Attribute { is_required, is_array, ..more($params, own) };
            Ok(Answer::accepted("attribute", attribute(&attributes::create(&call.cx, at, new).await?)))
        })+
    };
}

fn default<T: Into<Value>>(value: Option<T>) -> Value {
    value.map_or(Value::Null, Into::into)
}

creates! {
    struct CreateStringAttribute {
        /// The size, in characters.
        size: i64 = "size" => integer(1, i64::from(STRING_CHARS_MAX)),
        /// What a new document gets that has no value.
        default: Option<String> = "default" => text(0, DEFAULT_CHARS_MAX).optional(),
        /// Whether values are stored encrypted; such an attribute cannot be queried.
        encrypt: bool = "encrypt" => boolean().or_empty(),
    }
    string_attribute is String with |params| |params, own| Attribute {
        size: u32::try_from(params.size).unwrap_or(0),
        default: default(params.default),
        is_encrypted: params.encrypt,
        ..own
    }
}

creates! {
    struct CreateVarcharAttribute {
        /// The size, in characters.
        size: i64 = "size" => integer(1, i64::from(VARCHAR_CHARS_MAX)),
        /// What a new document gets that has no value.
        default: Option<String> = "default" => text(0, DEFAULT_CHARS_MAX).optional(),
        /// Whether values are stored encrypted; such an attribute cannot be queried.
        encrypt: bool = "encrypt" => boolean().or_empty(),
    }
    varchar_attribute is Varchar with |params| |params, own| Attribute {
        size: u32::try_from(params.size).unwrap_or(0),
        default: default(params.default),
        is_encrypted: params.encrypt,
        ..own
    }
}

creates! {
    struct CreateTextAttribute {
        /// What a new document gets that has no value.
        default: Option<String> = "default" => text(0, DEFAULT_CHARS_MAX).optional(),
        /// Whether values are stored encrypted; such an attribute cannot be queried.
        encrypt: bool = "encrypt" => boolean().or_empty(),
    }
    text_attribute is Text, mediumtext_attribute is Mediumtext, longtext_attribute is Longtext with
        |params| |params, own| Attribute {
            default: default(params.default),
            is_encrypted: params.encrypt,
            ..own
        }
}

creates! {
    struct CreateIntegerAttribute {
        /// The smallest value.
        min: Option<i64> = "min" => integer(i64::MIN, i64::MAX).optional(),
        /// The largest value.
        max: Option<i64> = "max" => integer(i64::MIN, i64::MAX).optional(),
        /// What a new document gets that has no value.
        default: Option<i64> = "default" => integer(i64::MIN, i64::MAX).optional(),
    }
    integer_attribute is Integer, bigint_attribute is Bigint with |params| |params, own| Attribute {
        range: Bounds::Int(params.min, params.max).of_new(),
        default: default(params.default),
        ..own
    }
}

creates! {
    struct CreateFloatAttribute {
        /// The smallest value.
        min: Option<f64> = "min" => float(-f64::MAX, f64::MAX).optional(),
        /// The largest value.
        max: Option<f64> = "max" => float(-f64::MAX, f64::MAX).optional(),
        /// What a new document gets that has no value.
        default: Option<f64> = "default" => float(-f64::MAX, f64::MAX).optional(),
    }
    float_attribute is Float with |params| |params, own| Attribute {
        range: Bounds::Float(params.min, params.max).of_new(),
        default: default(params.default),
        ..own
    }
}

creates! {
    struct CreateBooleanAttribute {
        /// What a new document gets that has no value.
        default: Option<bool> = "default" => boolean().optional(),
    }
    boolean_attribute is Boolean with |params| |params, own| Attribute { default: default(params.default), ..own }
}

creates! {
    struct CreateDatetimeAttribute {
        /// What a new document gets that has no value.
        default: Option<cairn_std::Timestamp> = "default" => datetime().optional(),
    }
    datetime_attribute is Datetime with |params| |params, own| Attribute { default: default(params.default), ..own }
}

creates! {
    struct CreateEmailAttribute {
        /// What a new document gets that has no value.
        default: Option<String> = "default" => email().optional(),
    }
    email_attribute is Email with |params| |params, own| Attribute { default: default(params.default), ..own }
}

creates! {
    struct CreateUrlAttribute {
        /// What a new document gets that has no value.
        default: Option<String> = "default" => url().optional(),
    }
    url_attribute is Url with |params| |params, own| Attribute { default: default(params.default), ..own }
}

creates! {
    struct CreateIpAttribute {
        /// What a new document gets that has no value.
        default: Option<String> = "default" => ip().optional(),
    }
    ip_attribute is Ip with |params| |params, own| Attribute { default: default(params.default), ..own }
}

creates! {
    struct CreateEnumAttribute {
        /// What a value may be, up to 100.
        elements: Vec<String> = "elements" => array_of(text(1, 255), ELEMENTS_MAX),
        /// What a new document gets that has no value.
        default: Option<String> = "default" => text(0, 255).optional(),
    }
    enum_attribute is Enum with |params| |params, own| Attribute {
        elements: params.elements,
        default: default(params.default),
        ..own
    }
}
