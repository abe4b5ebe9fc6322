//! Applications that a project's clients run in; they decide which origins may call it.

use cairn_std::Timestamp;

use crate::ids::PlatformId;

#[cfg(test)]
mod tests;

/// What an application runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PlatformKind {
    /// A browser.
    Web,
    /// An Apple system.
    Apple,
    /// Android.
    Android,
    /// Windows.
    Windows,
    /// Linux.
    Linux,
}

impl PlatformKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Web, Self::Apple, Self::Android, Self::Windows, Self::Linux];

    /// The names from before the kinds were gathered into five.
    pub const OLD_NAMES: [(&str, Self); 15] = [
        ("web", Self::Web),
        ("flutter-web", Self::Web),
        ("unity", Self::Web),
        ("flutter-macos", Self::Apple),
        ("flutter-ios", Self::Apple),
        ("react-native-ios", Self::Apple),
        ("apple-ios", Self::Apple),
        ("apple-macos", Self::Apple),
        ("apple-watchos", Self::Apple),
        ("apple-tvos", Self::Apple),
        ("flutter-android", Self::Android),
        ("android", Self::Android),
        ("react-native-android", Self::Android),
        ("flutter-linux", Self::Linux),
        ("flutter-windows", Self::Windows),
    ];

    /// The name on the wire and in the store.
    pub fn name(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::Apple => "apple",
            Self::Android => "android",
            Self::Windows => "windows",
            Self::Linux => "linux",
        }
    }

    /// The kind called `name`.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The kind that older clients call `name`.
    pub fn by_old_name(name: &str) -> Option<Self> {
        Self::OLD_NAMES.iter().find(|(old, _)| *old == name).map(|(_, kind)| *kind)
    }
}

/// An application.
#[derive(Clone, Debug, PartialEq)]
pub struct Platform {
    /// The id that clients use.
    pub id: PlatformId,
    /// The order of making.
    pub seq: i64,
    /// What it runs on.
    pub kind: PlatformKind,
    /// The name that people gave it.
    pub name: String,
    /// Bundle or package name; empty on the web.
    pub key: String,
    /// Host name of a web application; empty elsewhere.
    pub hostname: String,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
}
