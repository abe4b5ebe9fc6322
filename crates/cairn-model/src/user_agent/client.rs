//! Programs: browsers first, then libraries.

use super::Client;
use super::scan::{Agent, short};

/// Browsers on another's engine: token, code and name.
const DERIVED: &[(&str, &str, &str)] = &[
    ("edga", "PS", "Microsoft Edge"),
    ("edgios", "PS", "Microsoft Edge"),
    ("edg", "PS", "Microsoft Edge"),
    ("edge", "PS", "Microsoft Edge"),
    ("samsungbrowser", "SB", "Samsung Browser"),
    ("crios", "CI", "Chrome Mobile iOS"),
    ("fxios", "F1", "Firefox Mobile iOS"),
    ("coc_coc_browser", "CC", "Coc Coc"),
    ("vivaldi", "VI", "Vivaldi"),
    ("yabrowser", "YA", "Yandex Browser"),
    ("brave", "BR", "Brave"),
    ("whale", "WH", "Whale Browser"),
    ("ucbrowser", "UC", "UC Browser"),
    ("qqbrowser", "QQ", "QQ Browser"),
    ("duckduckgo", "DD", "DuckDuckGo Privacy Browser"),
    ("silk", "MS", "Mobile Silk"),
];

/// Libraries and tools: token and name.
const LIBRARIES: &[(&str, &str)] = &[
    ("curl", "curl"),
    ("wget", "Wget"),
    ("postmanruntime", "Postman Runtime"),
    ("okhttp", "OkHttp"),
    ("dart", "Dart"),
    ("guzzlehttp", "Guzzle"),
    ("python-requests", "Python Requests"),
    ("python-urllib", "Python urllib"),
    ("aiohttp", "aiohttp"),
    ("go-http-client", "Go-http-client"),
    ("node-fetch", "Node Fetch"),
    ("axios", "Axios"),
    ("httpie", "HTTPie"),
    ("apache-httpclient", "Apache HTTP Client"),
    ("java-http-client", "Java HTTP Client"),
    ("java", "Java"),
    ("got", "got"),
];

/// The program that a header names.
pub(super) fn detect(agent: &Agent<'_>) -> Client {
    command_line(agent)
        .or_else(|| opera(agent))
        .or_else(|| derived(agent))
        .or_else(|| chrome(agent))
        .or_else(|| firefox(agent))
        .or_else(|| safari(agent))
        .or_else(|| internet_explorer(agent))
        .or_else(|| sdk(agent))
        .or_else(|| library(agent))
        .unwrap_or_default()
}

fn browser(code: &str, name: &str, version: &str, engine: &str, engine_version: Option<String>) -> Client {
    Client {
        kind: "browser".to_owned(),
        code: code.to_owned(),
        name: name.to_owned(),
        version: short(version),
        engine: engine.to_owned(),
        engine_version: engine_version.unwrap_or_default(),
    }
}

/// The version of `token` where it is followed by a slash.
fn slashed(agent: &Agent<'_>, token: &str) -> Option<String> {
    agent.version(&format!("{token}/"))
}

fn command_line(agent: &Agent<'_>) -> Option<Client> {
    let version = agent.has("appwritecli").then(|| agent.raw.split(' ').next()?.split('/').nth(1));
    Some(Client {
        kind: "desktop".to_owned(),
        code: "cli".to_owned(),
        name: "Appwrite CLI".to_owned(),
        version: version?.unwrap_or("").to_owned(),
        ..Client::default()
    })
}

/// `AppwriteNode/27.1.0 (Linux; ...)`: the server SDKs name themselves so.
fn sdk(agent: &Agent<'_>) -> Option<Client> {
    let (name, version) = agent.raw.split(' ').next()?.split_once('/')?;
    (name.starts_with("Appwrite") && name.len() > "Appwrite".len()).then(|| Client {
        kind: "library".to_owned(),
        name: name.to_owned(),
        version: version.to_owned(),
        ..Client::default()
    })
}

fn opera(agent: &Agent<'_>) -> Option<Client> {
    if let Some(version) = slashed(agent, "opera mini") {
        return Some(browser("OI", "Opera Mini", &version, "Presto", slashed(agent, "presto")));
    }
    let version = slashed(agent, "opr").or_else(|| slashed(agent, "opera"))?;
    let engine_version = slashed(agent, "chrome").or_else(|| Some(version.clone()));
    let (code, name) = if agent.has("mobi") { ("OM", "Opera Mobile") } else { ("OP", "Opera") };
    Some(browser(code, name, &version, "Blink", engine_version))
}

fn derived(agent: &Agent<'_>) -> Option<Client> {
    let (code, name, version) =
        DERIVED.iter().find_map(|(token, code, name)| Some((*code, *name, slashed(agent, token)?)))?;
    let is_webkit = matches!(code, "CI" | "F1");
    if let Some(chrome) = slashed(agent, "chrome").filter(|_| !is_webkit) {
        return Some(browser(code, name, &version, "Blink", Some(chrome)));
    }
    if matches!(code, "PS" | "SB") {
        return Some(browser(code, name, &version, "Blink", Some(version.clone())));
    }
    let webkit = slashed(agent, "applewebkit");
    let engine = if webkit.is_some() { "WebKit" } else { "" };
    Some(browser(code, name, &version, engine, webkit))
}

fn chrome(agent: &Agent<'_>) -> Option<Client> {
    // `HeadlessChrome/` ends in the same token.
    let version = slashed(agent, "chrome").or_else(|| slashed(agent, "chromium"))?;
    let (code, name) = if agent.has("; wv)") || agent.has("version/4.0 chrome/") {
        ("CV", "Chrome Webview")
    } else if agent.has_any(&["mobile", "android"]) {
        ("CM", "Chrome Mobile")
    } else {
        ("CH", "Chrome")
    };
    Some(browser(code, name, &version, "Blink", Some(version.clone())))
}

fn firefox(agent: &Agent<'_>) -> Option<Client> {
    let version = short(&slashed(agent, "firefox")?);
    let (code, name) =
        if agent.has_any(&["mobile", "android"]) { ("FM", "Firefox Mobile") } else { ("FF", "Firefox") };
    Some(browser(code, name, &version, "Gecko", Some(version.clone())))
}

fn safari(agent: &Agent<'_>) -> Option<Client> {
    if !agent.has("safari/") {
        return None;
    }
    let engine_version = slashed(agent, "applewebkit")?;
    let version = slashed(agent, "version").unwrap_or_default();
    let is_mobile = agent.has("mobile/") && agent.has_any(&["iphone", "ipad", "ipod"]);
    let (code, name) = if is_mobile { ("MF", "Mobile Safari") } else { ("SF", "Safari") };
    // COMPAT(appwrite): Safari's version is told in full.
    Some(Client { version: version.clone(), ..browser(code, name, &version, "WebKit", Some(engine_version)) })
}

fn internet_explorer(agent: &Agent<'_>) -> Option<Client> {
    let trident = slashed(agent, "trident");
    let version = agent.version("msie").or_else(|| trident.as_ref().and(agent.version("rv:")))?;
    Some(browser("IE", "Internet Explorer", &version, "Trident", trident))
}

fn library(agent: &Agent<'_>) -> Option<Client> {
    LIBRARIES.iter().find_map(|(token, name)| {
        Some(Client {
            kind: "library".to_owned(),
            name: (*name).to_owned(),
            version: short(&slashed(agent, token)?),
            ..Client::default()
        })
    })
}
