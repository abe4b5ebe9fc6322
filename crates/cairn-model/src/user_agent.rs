//! What a `User-Agent` header says about system, client and device, in the words that sessions show.
//!
//! Codes are those of the device database that the reference follows (`LIN`, `WIN`, `CH`, `FF`, ...). The
//! rules are an ordered list of tokens: the special before the general, because every browser claims to be
//! another one. Nothing is guessed: what no rule names stays empty.

mod client;
mod device;
mod os;
mod scan;

#[cfg(test)]
mod tests;

/// Longest header that is looked at; the rest is ignored.
pub const USER_AGENT_BYTES_MAX: usize = 2_048;

/// The operating system.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Os {
    /// Three-letter code, such as `LIN`.
    pub code: String,
    /// Name, such as `GNU/Linux`.
    pub name: String,
    /// Version, if it is told.
    pub version: String,
}

/// The program that sent the request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Client {
    /// `browser`, `library` or `desktop`.
    pub kind: String,
    /// Two-letter code of a browser, or `cli`.
    pub code: String,
    /// Name, such as `Chrome`.
    pub name: String,
    /// First two parts of the version.
    pub version: String,
    /// Engine of a browser, such as `Blink`.
    pub engine: String,
    /// Version of the engine.
    pub engine_version: String,
}

/// The device.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Device {
    /// `desktop`, `smartphone`, `tablet`, `tv`, `console`, ...
    pub name: String,
    /// Maker.
    pub brand: String,
    /// Model.
    pub model: String,
}

/// Everything that a header says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserAgent {
    /// The operating system.
    pub os: Os,
    /// The program.
    pub client: Client,
    /// The device.
    pub device: Device,
}

impl UserAgent {
    /// Read a header.
    pub fn parse(header: &str) -> Self {
        let header = scan::bounded(header, USER_AGENT_BYTES_MAX);
        let agent = scan::Agent::new(header);
        Self { os: os::detect(&agent), client: client::detect(&agent), device: device::detect(&agent) }
    }
}
