//! Lists and objects.

use serde_json::{Map, Value};

use cairn_faults::Rule as Broken;
use cairn_model::permissions::{Action, Permission, Role, parse_list};

use super::texts::{TextRule, text};
use super::{Refusal, Rule, Shape, ShapeKind};

/// How many queries a request may carry.
pub const QUERIES_MAX: usize = 100;

/// How many characters a query may have.
pub const QUERY_CHARS_MAX: usize = 4_096;

/// How many bytes an object may have as JSON, where the reference bounds it.
const OBJECT_BYTES_MAX: usize = 65_535;

/// How many roles a list may hold.
const ROLES_MAX: usize = 100;

/// See [`array_of`].
#[derive(Clone, Copy, Debug)]
pub struct ArrayOf<R> {
    item: R,
    items_max: usize,
}

/// A list of at most `items_max` values, each of which keeps `item`.
pub fn array_of<R: Rule>(item: R, items_max: usize) -> ArrayOf<R> {
    ArrayOf { item, items_max }
}

/// At most [`QUERIES_MAX`] queries as texts; what they say is parsed by the capability.
pub fn queries() -> ArrayOf<TextRule> {
    array_of(text(1, QUERY_CHARS_MAX), QUERIES_MAX)
}

impl<R: Rule> Rule for ArrayOf<R> {
    type Output = Vec<R::Output>;

    fn shape(&self) -> Shape {
        list_shape(self.item.shape(), self.items_max)
    }

    fn check(&self, value: &Value) -> Result<Self::Output, Refusal> {
        let list = list_of(value, self.items_max)?;
        list.iter()
            .enumerate()
            .map(|(index, item)| {
                self.item.check(item).map_err(|refusal| {
                    let reason = format!("Item {index} of the array: {}", refusal.reason);
                    Refusal { reason, ..refusal }.at(index)
                })
            })
            .collect()
    }
}

#[expect(clippy::cast_precision_loss, reason = "bounds of lists are small")]
fn list_shape(item: Shape, items_max: usize) -> Shape {
    Shape { items: Some(Box::new(item)), max: Some(items_max as f64), ..Shape::of(ShapeKind::Array) }
}

/// A list within its bound. An empty object is an empty list: PHP cannot tell them apart.
fn list_of(value: &Value, items_max: usize) -> Result<&[Value], Refusal> {
    let list: &[Value] = match value {
        Value::Array(list) => list,
        Value::Object(map) if map.is_empty() => &[],
        _ => return Err(Refusal::new("Value must be an array.")),
    };
    if list.len() > items_max {
        let reason = format!("Value must be an array of at most {items_max} items.");
        return Err(Refusal::new(reason).broken(Broken::LengthMax).limit(items_max));
    }
    Ok(list)
}

fn texts_of(value: &Value, items_max: usize) -> Result<Vec<&str>, Refusal> {
    let list = list_of(value, items_max)?;
    let text = |(index, item): (usize, &'_ Value)| match item {
        Value::String(_) => Ok(()),
        _ => Err(Refusal::new("Every item of the array must be a text.").at(index)),
    };
    list.iter().enumerate().try_for_each(text)?;
    Ok(list.iter().filter_map(Value::as_str).collect())
}

/// See [`permissions`].
#[derive(Clone, Copy, Debug)]
pub struct PermissionsRule {
    allowed: &'static [Action],
}

/// Permissions out of `allowed`, `write` expanded and duplicates dropped.
pub fn permissions(allowed: &'static [Action]) -> PermissionsRule {
    PermissionsRule { allowed }
}

impl Rule for PermissionsRule {
    type Output = Vec<Permission>;

    fn shape(&self) -> Shape {
        let item = Shape::text("permission").example("read(\"any\")");
        list_shape(item, cairn_model::permissions::PERMISSIONS_MAX)
    }

    fn check(&self, value: &Value) -> Result<Vec<Permission>, Refusal> {
        // The model has the bound and its wording.
        let texts = texts_of(value, usize::MAX)?;
        parse_list(&texts, self.allowed).map_err(|reason| Refusal::new(reason.as_str()))
    }
}

/// See [`roles`].
#[derive(Clone, Copy, Debug)]
pub struct RolesRule;

/// A list of roles.
pub fn roles() -> RolesRule {
    RolesRule
}

impl Rule for RolesRule {
    type Output = Vec<Role>;

    fn shape(&self) -> Shape {
        list_shape(Shape::text("role").example("any"), ROLES_MAX)
    }

    fn check(&self, value: &Value) -> Result<Vec<Role>, Refusal> {
        let texts = texts_of(value, ROLES_MAX)?;
        texts
            .iter()
            .enumerate()
            .map(|(index, text)| Role::parse(text).map_err(|reason| Refusal::new(reason.as_str()).at(index)))
            .collect()
    }
}

/// See [`object`] and [`object_or_text`].
#[derive(Clone, Copy, Debug)]
pub struct ObjectRule {
    bytes_max: Option<usize>,
    takes_text: bool,
}

/// An object of at most 65,535 bytes as JSON. An empty list is an empty object: PHP cannot tell them apart.
pub fn object() -> ObjectRule {
    ObjectRule { bytes_max: Some(OBJECT_BYTES_MAX), takes_text: false }
}

/// An object within the bound of the body, also as a text of JSON, as forms send it.
pub fn object_or_text() -> ObjectRule {
    ObjectRule { bytes_max: None, takes_text: true }
}

impl Rule for ObjectRule {
    type Output = Map<String, Value>;

    fn shape(&self) -> Shape {
        Shape::of(ShapeKind::Object)
    }

    fn check(&self, value: &Value) -> Result<Map<String, Value>, Refusal> {
        let refused = || Refusal::new("Value must be a valid object.").broken(Broken::ObjectType);
        if let Some(bytes_max) = self.bytes_max
            && value.to_string().len() > bytes_max
        {
            let reason = format!("Value must be an object of at most {bytes_max} bytes.");
            return Err(Refusal::new(reason).broken(Broken::LengthMax).limit(bytes_max));
        }
        match value {
            Value::Object(map) => Ok(map.clone()),
            Value::Array(list) if list.is_empty() => Ok(Map::new()),
            Value::String(text) if self.takes_text => {
                crate::params::parse_json_text(text).ok_or_else(refused)
            }
            _ => Err(refused()),
        }
    }
}

/// See [`list`].
#[derive(Clone, Copy, Debug)]
pub struct ListRule;

/// A list of anything, within the bound of the body; what it holds is for others to judge.
pub fn list() -> ListRule {
    ListRule
}

impl Rule for ListRule {
    type Output = Vec<Value>;

    fn shape(&self) -> Shape {
        Shape::of(ShapeKind::Array)
    }

    fn check(&self, value: &Value) -> Result<Vec<Value>, Refusal> {
        match value {
            Value::Array(items) => Ok(items.clone()),
            _ => Err(Refusal::new("Value must be a valid array.")),
        }
    }
}
