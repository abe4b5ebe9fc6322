//! Devices.

use super::Device;
use super::scan::Agent;

/// Consoles: token, maker and model.
const CONSOLES: &[(&str, &str, &str)] = &[
    ("xbox one", "Microsoft", "Xbox One"),
    ("xbox series x", "Microsoft", "Xbox Series X"),
    ("xbox series s", "Microsoft", "Xbox Series S"),
    ("xbox", "Microsoft", "Xbox"),
    ("playstation vita", "Sony", "PlayStation Vita"),
    ("playstation 3", "Sony", "PlayStation 3"),
    ("playstation 4", "Sony", "PlayStation 4"),
    ("playstation 5", "Sony", "PlayStation 5"),
    ("nintendo switch", "Nintendo", "Nintendo Switch"),
    ("nintendo wiiu", "Nintendo", "Nintendo WiiU"),
    ("nintendo wii", "Nintendo", "Nintendo Wii"),
    ("nintendo 3ds", "Nintendo", "Nintendo 3DS"),
];

/// Tokens of televisions.
const TELEVISIONS: &[&str] = &[
    "smart-tv",
    "smarttv",
    "hbbtv",
    "googletv",
    "android tv",
    "bravia",
    "netcast",
    "tizen tv",
    "web0s",
    "webos",
];

/// Makers: what a word of the header or of the model begins with, and the name.
const BRANDS: &[(&str, &str)] = &[
    ("sm-", "Samsung"),
    ("samsung", "Samsung"),
    ("pixel", "Google"),
    ("nexus", "Google"),
    ("huawei", "Huawei"),
    ("ane-", "Huawei"),
    ("ele-", "Huawei"),
    ("vog-", "Huawei"),
    ("hlk-", "Honor"),
    ("bkl-", "Honor"),
    ("xiaomi", "Xiaomi"),
    ("redmi", "Xiaomi"),
    ("poco", "Xiaomi"),
    ("oneplus", "OnePlus"),
    ("oppo", "Oppo"),
    ("cph", "Oppo"),
    ("realme", "Realme"),
    ("rmx", "Realme"),
    ("vivo", "Vivo"),
    ("motorola", "Motorola"),
    ("moto", "Motorola"),
    ("asus", "Asus"),
    ("tecno", "Tecno"),
    ("infinix", "Infinix"),
    ("nokia", "Nokia"),
    ("sony", "Sony"),
    ("xperia", "Sony"),
    ("htc", "HTC"),
    ("lenovo", "Lenovo"),
    ("zte", "ZTE"),
    ("tcl", "TCL"),
    ("meizu", "Meizu"),
    ("fairphone", "Fairphone"),
    ("alcatel", "Alcatel"),
    ("lm-", "LG"),
    ("lg-", "LG"),
];

/// What the model of a tablet begins with, although the header says `Mobile`.
const TABLET_MODELS: &[&str] = &[
    "sm-t",
    "sm-x",
    "gt-p",
    "nexus 7",
    "nexus 9",
    "nexus 10",
    "pixel c",
    "pixel tablet",
    "tb-",
    "yt-",
    "mediapad",
];

fn device(name: &str, brand: &str, model: &str) -> Device {
    Device { name: name.to_owned(), brand: brand.to_owned(), model: model.to_owned() }
}

/// The device that a header names.
pub(super) fn detect(agent: &Agent<'_>) -> Device {
    console(agent)
        .or_else(|| television(agent))
        .or_else(|| apple(agent))
        .or_else(|| mobile(agent))
        .or_else(|| desktop(agent))
        .unwrap_or_default()
}

fn console(agent: &Agent<'_>) -> Option<Device> {
    let (_, brand, model) = CONSOLES.iter().find(|(token, ..)| agent.has(token))?;
    Some(device("console", brand, model))
}

fn television(agent: &Agent<'_>) -> Option<Device> {
    if agent.has("appletv") {
        return Some(device("tv", "Apple", "Apple TV"));
    }
    if !agent.has_any(TELEVISIONS) {
        return None;
    }
    let brand = if agent.has_any(&["web0s", "webos", "netcast"]) {
        "LG"
    } else if agent.has("bravia") {
        "Sony"
    } else if agent.has("tizen") {
        "Samsung"
    } else {
        brand(agent)
    };
    Some(device("tv", brand, ""))
}

fn apple(agent: &Agent<'_>) -> Option<Device> {
    let known = [
        ("ipad", "tablet", "iPad"),
        ("iphone", "smartphone", "iPhone"),
        ("ipod", "portable media player", "iPod"),
        ("apple watch", "wearable", "Apple Watch"),
    ];
    let (_, name, model) = known.into_iter().find(|(token, ..)| agent.has(token))?;
    Some(device(name, "Apple", model))
}

fn mobile(agent: &Agent<'_>) -> Option<Device> {
    let model = model(agent).unwrap_or("");
    if agent.has("windows phone") {
        return Some(device("smartphone", "Microsoft", ""));
    }
    if agent.has_any(&["kindle", "silk/"]) || agent.has_prefix("kf") {
        return Some(device("tablet", "Amazon", model));
    }
    if agent.has("android") {
        let lower = model.to_ascii_lowercase();
        let is_tablet = !agent.has("mobile") || TABLET_MODELS.iter().any(|prefix| lower.starts_with(prefix));
        return Some(device(if is_tablet { "tablet" } else { "smartphone" }, brand(agent), model));
    }
    agent.has_any(&["blackberry", "bb10"]).then(|| device("smartphone", "BlackBerry", ""))
}

fn desktop(agent: &Agent<'_>) -> Option<Device> {
    let known = ["windows nt", "macintosh", "x11", "cros", "linux x86_64", "linux i386", "linux i686"];
    let brand = if agent.has("macintosh") { "Apple" } else { "" };
    agent.has_any(&known).then(|| device("desktop", brand, ""))
}

/// `(Linux; Android 14; en-us; Pixel 8 Build/UD1A)` names the model behind the version and the language.
fn model<'a>(agent: &Agent<'a>) -> Option<&'a str> {
    let platform = agent.platform();
    let version = platform.iter().position(|part| part.to_ascii_lowercase().starts_with("android"))?;
    let is_language = |part: &str| {
        let letters = part
            .split(['-', '_'])
            .all(|half| half.len() == 2 && half.bytes().all(|b| b.is_ascii_alphabetic()));
        letters && part.len() <= 5 && !part.eq_ignore_ascii_case("wv")
    };
    let part = platform.get(version + 1..)?.iter().find(|part| !is_language(part))?;
    let model = part.split(" Build/").next().unwrap_or("").trim();
    let is_model = !model.is_empty() && !model.eq_ignore_ascii_case("wv") && !is_generic(model);
    is_model.then_some(model)
}

/// What Firefox says instead of a model.
fn is_generic(model: &str) -> bool {
    model == "Mobile" || model == "Tablet" || model.starts_with("rv:")
}

fn brand(agent: &Agent<'_>) -> &'static str {
    let known = BRANDS.iter().find(|(token, _)| agent.has_prefix(token) || agent.has_word(token));
    known.map_or("", |(_, name)| name)
}
