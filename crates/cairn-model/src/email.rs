//! What an e-mail address says by itself: its plain form, and what kind of service it belongs to.
//!
//! The lists name the large services only. A project can refuse addresses by them.

#[cfg(test)]
mod tests;

/// Services where anybody gets an address for nothing.
const FREE_DOMAINS: [&str; 36] = [
    "126.com",
    "163.com",
    "aol.com",
    "fastmail.com",
    "gmail.com",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hotmail.co.uk",
    "hotmail.com",
    "hotmail.fr",
    "icloud.com",
    "libero.it",
    "live.com",
    "mac.com",
    "mail.com",
    "mail.ru",
    "me.com",
    "msn.com",
    "naver.com",
    "orange.fr",
    "outlook.com",
    "pm.me",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "rediffmail.com",
    "t-online.de",
    "tutanota.com",
    "web.de",
    "yahoo.co.uk",
    "yahoo.com",
    "yandex.com",
    "yandex.ru",
    "zoho.com",
];

/// Services whose addresses are thrown away after use.
const DISPOSABLE_DOMAINS: [&str; 16] = [
    "10minutemail.com",
    "discard.email",
    "dispostable.com",
    "fakeinbox.com",
    "getnada.com",
    "guerrillamail.com",
    "mailcatch.com",
    "maildrop.cc",
    "mailinator.com",
    "mailnesia.com",
    "sharklasers.com",
    "temp-mail.org",
    "tempmail.com",
    "throwawaymail.com",
    "trashmail.com",
    "yopmail.com",
];

/// How a service reads the part before the `@`.
struct Reading {
    domains: &'static [&'static str],
    /// The domain that the others are names for, when they are.
    canonical: Option<&'static str>,
    ignores_dots: bool,
    /// What begins a tag.
    tag: char,
}

const READINGS: [Reading; 5] = [
    Reading {
        domains: &["gmail.com", "googlemail.com"],
        canonical: Some("gmail.com"),
        ignores_dots: true,
        tag: '+',
    },
    Reading {
        domains: &["outlook.com", "hotmail.com", "live.com"],
        canonical: None,
        ignores_dots: false,
        tag: '+',
    },
    Reading { domains: &["yahoo.com", "yahoo.co.uk"], canonical: None, ignores_dots: false, tag: '-' },
    Reading {
        domains: &["icloud.com", "me.com", "mac.com"],
        canonical: Some("icloud.com"),
        ignores_dots: false,
        tag: '+',
    },
    Reading {
        domains: &["proton.me", "protonmail.com", "pm.me"],
        canonical: Some("proton.me"),
        ignores_dots: true,
        tag: '+',
    },
];

/// What an address says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "four independent facts of the contract")]
pub struct EmailFacts {
    /// The form that all spellings of one mailbox share.
    pub canonical: String,
    /// Whether the address is in that form.
    pub is_canonical: bool,
    /// Whether anybody gets such an address for nothing.
    pub is_free: bool,
    /// Whether such addresses are thrown away after use.
    pub is_disposable: bool,
    /// Whether it is of an organization's own domain, as far as that can be told.
    pub is_corporate: bool,
}

impl EmailFacts {
    /// What `address` says; `None` when it is no address.
    pub fn of(address: &str) -> Option<Self> {
        let address = address.to_ascii_lowercase();
        let (local, domain) =
            address.rsplit_once('@').filter(|(local, domain)| !local.is_empty() && !domain.is_empty())?;
        let reading = READINGS.iter().find(|reading| reading.domains.contains(&domain));
        let canonical =
            reading.map_or_else(|| address.clone(), |reading| reading.canonical_of(local, domain));
        let is_free = FREE_DOMAINS.contains(&domain);
        let is_disposable = DISPOSABLE_DOMAINS.contains(&domain);
        Some(Self {
            is_canonical: canonical == address,
            canonical,
            is_free,
            is_disposable,
            is_corporate: !is_free && !is_disposable,
        })
    }
}

impl Reading {
    fn canonical_of(&self, local: &str, domain: &str) -> String {
        let plain = local.split(self.tag).next().filter(|plain| !plain.is_empty()).unwrap_or(local);
        let plain = if self.ignores_dots { plain.replace('.', "") } else { plain.to_owned() };
        format!("{plain}@{}", self.canonical.unwrap_or(domain))
    }
}
