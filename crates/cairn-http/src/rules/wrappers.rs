//! Rules around rules: what absence and null mean.

use serde_json::Value;

use super::{Refusal, Rule, Shape};

/// See [`Rule::optional`].
#[derive(Clone, Copy, Debug)]
pub struct Optional<R>(pub(super) R);

impl<R: Rule> Rule for Optional<R> {
    type Output = Option<R::Output>;

    fn shape(&self) -> Shape {
        Shape { is_required: false, ..self.0.shape() }
    }

    fn check(&self, value: &Value) -> Result<Self::Output, Refusal> {
        if value.is_null() { Ok(None) } else { self.0.check(value).map(Some) }
    }

    fn absent(&self) -> Option<Self::Output> {
        Some(None)
    }
}

/// See [`Rule::nullable`].
#[derive(Clone, Copy, Debug)]
pub struct Nullable<R>(pub(super) R);

impl<R: Rule> Nullable<R> {
    /// May be absent, which is something else than null.
    pub fn optional(self) -> Patched<R> {
        Patched(self.0)
    }
}

impl<R: Rule> Rule for Nullable<R> {
    type Output = Option<R::Output>;

    fn shape(&self) -> Shape {
        Shape { is_nullable: true, ..self.0.shape() }
    }

    fn check(&self, value: &Value) -> Result<Self::Output, Refusal> {
        if value.is_null() { Ok(None) } else { self.0.check(value).map(Some) }
    }
}

/// A value that a request may leave alone, clear or set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Patch<T> {
    /// The parameter is absent.
    #[default]
    Unset,
    /// The parameter is null.
    Null,
    /// The parameter has a value.
    Set(T),
}

impl<T> Patch<T> {
    /// `None` when the value stays, `Some(None)` when it is cleared, `Some(Some(..))` when it is set.
    pub fn change(self) -> Option<Option<T>> {
        match self {
            Self::Unset => None,
            Self::Null => Some(None),
            Self::Set(value) => Some(Some(value)),
        }
    }

    /// The value, absence and null being one.
    pub fn value(self) -> Option<T> {
        self.change().flatten()
    }
}

/// See [`Nullable::optional`].
#[derive(Clone, Copy, Debug)]
pub struct Patched<R>(R);

impl<R: Rule> Rule for Patched<R> {
    type Output = Patch<R::Output>;

    fn shape(&self) -> Shape {
        Shape { is_nullable: true, is_required: false, ..self.0.shape() }
    }

    fn check(&self, value: &Value) -> Result<Self::Output, Refusal> {
        if value.is_null() { Ok(Patch::Null) } else { self.0.check(value).map(Patch::Set) }
    }

    fn absent(&self) -> Option<Self::Output> {
        Some(Patch::Unset)
    }
}

/// See [`Rule::or`].
#[derive(Clone, Debug)]
pub struct Defaulted<R: Rule> {
    pub(super) rule: R,
    pub(super) value: R::Output,
    /// The value as the docs show it; without one, what is empty in the rule's shape.
    pub(super) wire: Option<Value>,
}

impl<R: Rule> Rule for Defaulted<R>
where
    R::Output: Clone,
{
    type Output = R::Output;

    fn shape(&self) -> Shape {
        let shape = self.rule.shape();
        let default = self.wire.clone().unwrap_or_else(|| shape.kind.empty());
        Shape { is_required: false, default: Some(default), ..shape }
    }

    fn check(&self, value: &Value) -> Result<Self::Output, Refusal> {
        if value.is_null() { Ok(self.value.clone()) } else { self.rule.check(value) }
    }

    fn absent(&self) -> Option<Self::Output> {
        Some(self.value.clone())
    }
}
