//! Where an address lies: asked of the database that the operator named, in the MMDB form. Without one nobody knows.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use maxminddb::{Reader, path};

#[cfg(test)]
mod tests;

/// A database of addresses, or none.
#[derive(Clone, Default)]
pub struct Geo(Option<Arc<Reader<Vec<u8>>>>);

impl Geo {
    /// The database in these bytes; the error says what is wrong with them.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, String> {
        let reader = Reader::from_source(bytes).map_err(|error| error.to_string())?;
        Ok(Self(Some(Arc::new(reader))))
    }

    /// The country of an address in two capital letters; `None` where that is not known.
    pub fn country(&self, ip: IpAddr) -> Option<String> {
        let found = self.0.as_ref()?.lookup(ip.to_canonical()).ok()?;
        let code: Option<String> = found.decode_path(&path!["country", "iso_code"]).ok()?;
        code.filter(|code| code.len() == 2 && code.bytes().all(|b| b.is_ascii_alphabetic()))
            .map(|code| code.to_ascii_uppercase())
    }
}

impl fmt::Debug for Geo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Geo(..)" } else { "Geo(none)" })
    }
}
