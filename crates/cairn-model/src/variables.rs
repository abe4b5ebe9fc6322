//! Values that functions and sites of a project find in their environment.

use cairn_std::Timestamp;

use crate::ids::VariableId;

/// Longest name of a variable in characters.
pub const KEY_CHARS_MAX: usize = 255;
/// Longest value of a variable in characters.
pub const VALUE_CHARS_MAX: usize = 8_192;
/// What a variable of the project itself belongs to.
pub const OF_PROJECT: &str = "project";

/// A variable.
#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    /// The id that clients use.
    pub id: VariableId,
    /// The order of making.
    pub seq: i64,
    /// To what kind of thing it belongs: [`OF_PROJECT`], `function`, `site`.
    pub resource_type: String,
    /// To which one; empty for the project itself.
    pub resource_id: String,
    /// Its name.
    pub key: String,
    /// Its value, encrypted.
    pub sealed_value: String,
    /// Whether the value is shown to nobody.
    pub is_secret: bool,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
}
