//! The server's settings: one table, read from defaults, `cairn.toml`, the environment and flags.
//!
//! The later source wins. What is wrong stops the start with a sentence per problem; an `_APP_*` variable that
//! Cairn has no use for never does, because such files are shared between many programs.

mod document;
mod error;
mod sources;
mod table;
mod value;

pub use document::generated_files;
pub use error::ConfigError;
pub use sources::Sources;
pub use table::{Config, SETTINGS, Setting};
pub use value::{
    Auto, Count, Durability, Environment, List, LogFormat, Networks, Pooling, Regions, Secret, Sms,
    SmtpSecurity, Switch, Value,
};

#[cfg(test)]
mod tests;
