//! The HTTP kit: what every surface needs between the socket and its handlers.
//!
//! Parameters and the rules they keep, origins, cookies, client addresses, rate limits, wire versions and
//! error answers. Nothing here knows a capability: a surface parses, calls a use case and renders.

pub mod account_cookies;
pub mod answer;
pub mod caching;
pub mod client_addr;
pub mod cookies;
pub mod errors;
pub mod exchange;
pub mod headers;
pub mod kit;
pub mod limits;
pub mod model;
pub mod openapi;
pub mod origin;
pub mod params;
pub mod route;
pub mod rules;
pub mod spec;
pub mod wire_version;

pub use answer::Answer;
pub use cairn_faults::Error;
pub use kit::{HttpOptions, Kit};
pub use route::{Call, Reply, RequestStyle, Route, Surface};
