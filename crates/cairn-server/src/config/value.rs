//! The types of settings: how each is read from text and shown.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

use cairn_core::sms::SmsProvider;
use cairn_store::ProjectRef;
use ipnet::IpNet;

/// A type that settings have.
pub trait Value: Sized {
    /// What the documentation calls the type.
    const KIND: &'static str;
    /// Whether the value must never be shown.
    const IS_SECRET: bool = false;

    /// Read the text of a source; the error says what would be usable.
    fn parse(text: &str) -> Result<Self, String>;

    /// The text that [`Value::parse`] reads back.
    fn show(&self) -> String;
}

impl Value for SocketAddr {
    const KIND: &'static str = "address:port";

    fn parse(text: &str) -> Result<Self, String> {
        text.parse().map_err(|_| "an address with a port is needed, such as 127.0.0.1:8080".to_owned())
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

impl Value for PathBuf {
    const KIND: &'static str = "path";

    fn parse(text: &str) -> Result<Self, String> {
        if text.is_empty() { Err("a path is needed".to_owned()) } else { Ok(Self::from(text)) }
    }

    fn show(&self) -> String {
        self.display().to_string()
    }
}

impl Value for String {
    const KIND: &'static str = "text";

    fn parse(text: &str) -> Result<Self, String> {
        Ok(text.to_owned())
    }

    fn show(&self) -> String {
        self.clone()
    }
}

impl<T: Value> Value for Option<T> {
    const KIND: &'static str = T::KIND;
    const IS_SECRET: bool = T::IS_SECRET;

    fn parse(text: &str) -> Result<Self, String> {
        if text.is_empty() { Ok(None) } else { T::parse(text).map(Some) }
    }

    fn show(&self) -> String {
        self.as_ref().map(Value::show).unwrap_or_default()
    }
}

/// A text that no output shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The text itself, for its one use.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl Value for Secret {
    const KIND: &'static str = "secret";
    const IS_SECRET: bool = true;

    fn parse(text: &str) -> Result<Self, String> {
        Ok(Self(text.to_owned()))
    }

    fn show(&self) -> String {
        "(set, not shown)".to_owned()
    }
}

/// Databases by the names of their regions, which alone are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Regions(pub Vec<(String, Secret)>);

/// Characters of a region's name at most.
const REGION_CHARS_MAX: usize = 36;

/// The name and the database of an item of [`Regions`].
fn region(item: &str) -> Option<(&str, &str)> {
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    item.split_once('=').filter(|(name, dsn)| {
        (1..=REGION_CHARS_MAX).contains(&name.len())
            && name.bytes().all(is_letter)
            && ["postgres://", "postgresql://"].iter().any(|scheme| dsn.starts_with(scheme))
    })
}

/// What stands between spaces, or between the commas of a list; an address may have commas itself, between hosts.
fn items(text: &str) -> Vec<String> {
    let mut items: Vec<String> = Vec::new();
    for part in text.split_whitespace() {
        for (place, piece) in part.split(',').enumerate() {
            match items.last_mut() {
                Some(last) if place > 0 && region(piece).is_none() => {
                    last.push(',');
                    last.push_str(piece);
                }
                _ => items.push(piece.to_owned()),
            }
        }
    }
    items
}

impl Value for Regions {
    const KIND: &'static str = "names and databases, separated by spaces";
    const IS_SECRET: bool = true;

    fn parse(text: &str) -> Result<Self, String> {
        let mut regions: Vec<(String, Secret)> = Vec::new();
        for item in items(text) {
            let usable = region(&item);
            // The item may hold a password: it is not repeated.
            let Some((name, dsn)) = usable else {
                let number = regions.len() + 1;
                return Err(format!(
                    "item {number} is not like eu=postgres://user:password@host/database, with a name of letters a-z, digits and -"
                ));
            };
            if name == ProjectRef::REGION_DEFAULT || regions.iter().any(|(known, _)| known == name) {
                return Err(format!(
                    "region {name} is named twice; `{}` is that of `database`",
                    ProjectRef::REGION_DEFAULT
                ));
            }
            regions.push((name.to_owned(), Secret(dsn.to_owned())));
        }
        Ok(Self(regions))
    }

    fn show(&self) -> String {
        let names: Vec<&str> = self.0.iter().map(|(name, _)| name.as_str()).collect();
        if names.is_empty() { String::new() } else { format!("{} (databases not shown)", names.join(" ")) }
    }
}

/// A switch with the reference's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Switch(pub bool);

impl Value for Switch {
    const KIND: &'static str = "enabled or disabled";

    fn parse(text: &str) -> Result<Self, String> {
        match text.to_ascii_lowercase().as_str() {
            "enabled" | "true" | "on" | "1" => Ok(Self(true)),
            "disabled" | "false" | "off" | "0" => Ok(Self(false)),
            _ => Err("`enabled` or `disabled` is needed".to_owned()),
        }
    }

    fn show(&self) -> String {
        if self.0 { "enabled" } else { "disabled" }.to_owned()
    }
}

/// Texts separated by commas.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct List(pub Vec<String>);

impl Value for List {
    const KIND: &'static str = "list, separated by commas";

    fn parse(text: &str) -> Result<Self, String> {
        let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
        Ok(Self(items.map(str::to_owned).collect()))
    }

    fn show(&self) -> String {
        self.0.join(",")
    }
}

/// The address of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint(pub cairn_net::Url);

impl Value for Endpoint {
    const KIND: &'static str = "address of a service";

    fn parse(text: &str) -> Result<Self, String> {
        let parsed = cairn_net::Url::parse(text).ok().filter(|url| ["http", "https"].contains(&url.scheme()));
        parsed.map(Self).ok_or_else(|| "an address such as https://example.com/check is needed".to_owned())
    }

    fn show(&self) -> String {
        self.0.to_string()
    }
}

/// Networks separated by commas; a bare address is a network of one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Networks(pub Vec<IpNet>);

impl Value for Networks {
    const KIND: &'static str = "networks, separated by commas";

    fn parse(text: &str) -> Result<Self, String> {
        let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
        let network = |item: &str| {
            let parsed: Result<IpNet, _> =
                item.parse().or_else(|_| item.parse().map(|address: std::net::IpAddr| address.into()));
            parsed.map_err(|_| format!("`{item}` is neither an address nor a network such as 10.0.0.0/8"))
        };
        items.map(network).collect::<Result<_, _>>().map(Self)
    }

    fn show(&self) -> String {
        let items: Vec<String> = self.0.iter().map(IpNet::to_string).collect();
        items.join(",")
    }
}

/// Who delivers text messages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sms(pub Option<SmsProvider>);

impl Value for Sms {
    const KIND: &'static str = "an address like sms://user:secret@provider";
    const IS_SECRET: bool = true;

    fn parse(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Ok(Self(None));
        }
        let rest = text.strip_prefix("sms://").unwrap_or_default();
        let name = rest.rsplit('@').next().unwrap_or_default().split('/').next().unwrap_or_default();
        let provider = SmsProvider::by_name(name);
        provider.map(|provider| Self(Some(provider))).ok_or_else(|| {
            "an address like sms://user:secret@mock is needed, of a provider that is known".to_owned()
        })
    }

    fn show(&self) -> String {
        match self.0 {
            Some(SmsProvider::Mock) => "sms://mock".to_owned(),
            None => String::new(),
        }
    }
}

/// A whole number within bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count<const MIN: usize, const MAX: usize>(pub usize);

impl<const MIN: usize, const MAX: usize> Value for Count<MIN, MAX> {
    const KIND: &'static str = "number";

    fn parse(text: &str) -> Result<Self, String> {
        let number = text.parse().ok().filter(|number| (MIN..=MAX).contains(number));
        number.map(Self).ok_or_else(|| format!("a whole number from {MIN} to {MAX} is needed"))
    }

    fn show(&self) -> String {
        self.0.to_string()
    }
}

/// A value that the server can choose by itself, from the machine it runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Auto<T> {
    /// The server chooses.
    Auto,
    /// The operator chose.
    Set(T),
}

impl<T: Copy> Auto<T> {
    /// What was chosen, or else what the server chooses.
    pub fn or(self, choice: T) -> T {
        match self {
            Self::Auto => choice,
            Self::Set(value) => value,
        }
    }
}

impl<T: Value> Value for Auto<T> {
    const KIND: &'static str = T::KIND;

    fn parse(text: &str) -> Result<Self, String> {
        match text {
            "auto" => Ok(Self::Auto),
            text => T::parse(text).map(Self::Set).map_err(|why| format!("{why}, or `auto`")),
        }
    }

    fn show(&self) -> String {
        match self {
            Self::Auto => "auto".to_owned(),
            Self::Set(value) => value.show(),
        }
    }
}

/// A setting of a few words: its type, and how each word is written.
macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[$variant_doc])* $variant),+ }

        impl Value for $name {
            const KIND: &'static str = one_of(&[$($text),+]);

            fn parse(text: &str) -> Result<Self, String> {
                match text.to_ascii_lowercase().as_str() {
                    $($text => Ok(Self::$variant),)+
                    _ => Err(format!("one of these is needed: {}", [$($text),+].join(", "))),
                }
            }

            fn show(&self) -> String {
                match self { $(Self::$variant => $text),+ }.to_owned()
            }
        }
    };
}

/// The documentation's name of a choice, known by the number of its words.
const fn one_of(words: &[&str]) -> &'static str {
    match words.len() {
        2 => "one of two words",
        _ => "one of several words",
    }
}

choice! {
    /// How the server treats those who use it.
    Environment {
        /// For everybody.
        Production = "production",
        /// Development conveniences are on.
        Development = "development",
    }
}

choice! {
    /// What is asked of an engine.
    Durability {
        /// An engine that may lose acknowledged writes is refused.
        Strict = "strict",
        /// Whatever the engine is set to.
        Relaxed = "relaxed",
    }
}

choice! {
    /// What a pooler lends.
    Pooling {
        /// Whole sessions, or there is no pooler.
        Session = "session",
        /// A connection for one transaction.
        Transaction = "transaction",
    }
}

choice! {
    /// How log lines look.
    LogFormat {
        /// Text on a terminal, JSON elsewhere.
        Auto = "auto",
        /// For people.
        Text = "text",
        /// For programs.
        Json = "json",
    }
}

choice! {
    /// How a mail server is spoken to.
    SmtpSecurity {
        /// Without encryption.
        None = "none",
        /// Encrypted after a plain greeting.
        Tls = "tls",
        /// Encrypted from the start.
        Ssl = "ssl",
    }
}
