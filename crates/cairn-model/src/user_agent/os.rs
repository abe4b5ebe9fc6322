//! Operating systems.

use super::Os;
use super::scan::{Agent, short};

/// Versions of the Windows kernel and the name under which each was sold.
const WINDOWS: &[(&str, &str)] = &[
    ("10.0", "10"),
    ("6.4", "10"),
    ("6.3", "8.1"),
    ("6.2", "8"),
    ("6.1", "7"),
    ("6.0", "Vista"),
    ("5.2", "XP"),
    ("5.1", "XP"),
    ("5.0", "2000"),
];

/// Token, code and name of what tells its version behind the token.
const TOKENS: &[(&str, &str, &str)] = &[
    ("windows phone os", "WPH", "Windows Phone"),
    ("windows phone", "WPH", "Windows Phone"),
    ("openharmony", "OHS", "OpenHarmony"),
    ("harmonyos", "HAR", "HarmonyOS"),
    ("tvos", "ATV", "tvOS"),
    ("appletv", "ATV", "tvOS"),
    ("watchos", "WAS", "watchOS"),
    ("watch os", "WAS", "watchOS"),
];

/// The same for systems that are asked for after Apple's and Android.
const LATE_TOKENS: &[(&str, &str, &str)] = &[
    ("kaios", "KOS", "KaiOS"),
    ("tizen", "TIZ", "Tizen"),
    ("web0s", "WOS", "webOS"),
    ("webos", "WOS", "webOS"),
    ("sailfish", "SAF", "Sailfish OS"),
    ("blackberry", "BLB", "BlackBerry OS"),
    ("bb10", "BLB", "BlackBerry OS"),
];

/// Token, code and name of distributions.
const DISTRIBUTIONS: &[(&str, &str, &str)] = &[
    ("kubuntu", "KBT", "Kubuntu"),
    ("xubuntu", "XBT", "Xubuntu"),
    ("lubuntu", "LBT", "Lubuntu"),
    ("ubuntu", "UBT", "Ubuntu"),
    ("linux mint", "MIN", "Mint"),
    ("debian", "DEB", "Debian"),
    ("kali", "KAL", "Kali"),
    ("raspbian", "RAS", "Raspbian"),
    ("fedora", "FED", "Fedora"),
    ("red hat", "RHT", "Red Hat"),
    ("centos", "CES", "CentOS"),
    ("rocky", "ROC", "Rocky Linux"),
    ("arch", "ARL", "Arch Linux"),
    ("manjaro", "MJR", "Manjaro"),
    ("gentoo", "GNT", "Gentoo"),
    ("slackware", "SLW", "Slackware"),
    ("suse", "SSE", "SUSE"),
    ("oracle", "ORA", "Oracle Linux"),
];

fn os(code: &str, name: &str, version: Option<String>) -> Os {
    Os { code: code.to_owned(), name: name.to_owned(), version: version.unwrap_or_default() }
}

fn of_table(agent: &Agent<'_>, table: &[(&str, &str, &str)]) -> Option<Os> {
    let (token, code, name) = table.iter().find(|(token, ..)| agent.has(token))?;
    Some(os(code, name, agent.version(token)))
}

/// The system that a header names.
pub(super) fn detect(agent: &Agent<'_>) -> Os {
    windows(agent)
        .or_else(|| of_table(agent, TOKENS))
        .or_else(|| mobile(agent))
        .or_else(|| of_table(agent, LATE_TOKENS))
        .or_else(|| desktop(agent))
        .unwrap_or_default()
}

fn windows(agent: &Agent<'_>) -> Option<Os> {
    let kernel = agent.version("windows nt")?;
    let sold = WINDOWS.iter().find(|(known, _)| *known == kernel).map(|(_, name)| (*name).to_owned());
    Some(os("WIN", "Windows", sold.or(Some(kernel))))
}

fn mobile(agent: &Agent<'_>) -> Option<Os> {
    let apple = || ["iphone os", "cpu os"].iter().find_map(|token| agent.version(token));
    if agent.has("ipad") {
        return Some(os("IPA", "iPadOS", apple()));
    }
    if agent.has_any(&["iphone", "ipod"]) {
        return Some(os("IOS", "iOS", apple()));
    }
    if !agent.has("android") {
        return None;
    }
    // Amazon's system is an Android that names itself by its browser or its hardware.
    if agent.has("silk/") || agent.has_prefix("kf") || agent.has_prefix("aft") {
        return Some(os("FIR", "Fire OS", None));
    }
    Some(os("AND", "Android", agent.version("android")))
}

fn desktop(agent: &Agent<'_>) -> Option<Os> {
    if agent.has("cros ") {
        let version = agent.platform().into_iter().find(|part| part.starts_with("CrOS"));
        let version = version.and_then(|part| part.split(' ').nth(2)).map(str::to_owned);
        return Some(os("COS", "Chrome OS", version));
    }
    if agent.has("linux") || agent.has("x11") {
        let distribution = DISTRIBUTIONS.iter().find(|(token, ..)| agent.has_word(token));
        return Some(match distribution {
            Some((token, code, name)) => os(code, name, agent.version(token)),
            None => os("LIN", "GNU/Linux", None),
        });
    }
    agent.has("mac os x").then(|| os("MAC", "Mac", agent.version("mac os x").map(|v| short(&v))))
}
