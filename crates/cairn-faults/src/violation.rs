//! One broken rule: where, which, and the bound.

/// Which kind of rule was broken; it gives the word that the Discord-style format uses for a field error.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
#[non_exhaustive]
pub enum Rule {
    /// A rule without a word of its own.
    #[default]
    Other,
    /// The value is absent.
    Required,
    /// The value is not one of those allowed.
    Choices,
    /// A text or list is too short.
    LengthMin,
    /// A text or list is too long.
    LengthMax,
    /// A number is too small.
    NumberMin,
    /// A number is too large.
    NumberMax,
    /// The value is not a number.
    NumberType,
    /// The value is not an object.
    ObjectType,
    /// A text does not match its pattern.
    Pattern,
    /// A text is no date and time.
    Datetime,
    /// A text is no e-mail address.
    Email,
    /// The address belongs to an account already.
    EmailTaken,
    /// The credentials do not match; on each of their fields.
    Login,
}

/// One broken rule of a request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Violation {
    /// Where: a JSON pointer (`/queries/3`); a plain parameter name counts as its pointer.
    pub pointer: String,
    /// What is wrong, as a sentence for the caller.
    pub reason: String,
    /// The bound that was passed, if the rule has one.
    pub limit: Option<i64>,
    /// Which kind of rule.
    pub rule: Rule,
}

impl Violation {
    /// An unusable value.
    pub fn invalid(pointer: impl Into<String>, reason: impl Into<String>) -> Violation {
        Violation {
            pointer: as_pointer(pointer.into()),
            reason: reason.into(),
            limit: None,
            rule: Rule::Other,
        }
    }

    /// A value that is required and absent.
    pub fn missing(pointer: impl Into<String>) -> Violation {
        Violation::invalid(pointer, "This value is required.").rule(Rule::Required)
    }

    /// Say which kind of rule was broken.
    #[must_use]
    pub fn rule(mut self, rule: Rule) -> Violation {
        self.rule = rule;
        self
    }

    /// Say which bound was passed.
    #[must_use]
    pub fn limit(mut self, limit: impl Into<i64>) -> Violation {
        self.limit = Some(limit.into());
        self
    }

    /// The parameter: the first segment of the pointer.
    pub fn param(&self) -> String {
        self.segments().into_iter().next().unwrap_or_default()
    }

    /// The segments of the pointer, unescaped (RFC 6901).
    pub fn segments(&self) -> Vec<String> {
        self.pointer.split('/').skip(1).map(|part| part.replace("~1", "/").replace("~0", "~")).collect()
    }

    /// The sentence, in the form that clients of the Appwrite contract compare.
    pub fn message(&self) -> String {
        match self.rule {
            Rule::Required => format!("Param \"{}\" is not optional.", self.param()),
            _ => format!("Invalid `{}` param: {}", self.param(), self.reason),
        }
    }

    /// The word of the Discord-style format.
    pub(crate) fn discord_code(&self) -> &'static str {
        match self.rule {
            Rule::Other => "BASE_TYPE_INVALID",
            Rule::Required => "BASE_TYPE_REQUIRED",
            Rule::Choices => "BASE_TYPE_CHOICES",
            Rule::LengthMin => "BASE_TYPE_MIN_LENGTH",
            Rule::LengthMax => "BASE_TYPE_MAX_LENGTH",
            Rule::NumberMin => "NUMBER_TYPE_MIN",
            Rule::NumberMax => "NUMBER_TYPE_MAX",
            Rule::NumberType => "NUMBER_TYPE_COERCE",
            Rule::ObjectType => "MODEL_TYPE_CONVERT",
            Rule::Pattern => "STRING_TYPE_REGEX",
            Rule::Datetime => "DATE_TIME_TYPE_PARSE",
            Rule::Email => "EMAIL_TYPE_INVALID_EMAIL",
            Rule::EmailTaken => "EMAIL_ALREADY_REGISTERED",
            Rule::Login => "INVALID_LOGIN",
        }
    }
}

/// A plain name becomes the pointer to that member; a pointer stays.
fn as_pointer(text: String) -> String {
    if text.is_empty() || text.starts_with('/') {
        return text;
    }
    format!("/{}", text.replace('~', "~0").replace('/', "~1"))
}
