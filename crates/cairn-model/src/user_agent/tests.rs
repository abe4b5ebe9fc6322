//! Headers of real programs, and what sessions show of them.

use super::*;

/// One line per part: `os | client | device`, empty fields left out.
fn told(header: &str) -> String {
    let agent = UserAgent::parse(header);
    let line = |parts: &[&String]| {
        parts.iter().filter(|part| !part.is_empty()).map(|part| part.as_str()).collect::<Vec<_>>().join(" ")
    };
    let (os, client, device) = (&agent.os, &agent.client, &agent.device);
    format!(
        "{} | {} | {}",
        line(&[&os.code, &os.name, &os.version]),
        line(&[
            &client.kind,
            &client.code,
            &client.name,
            &client.version,
            &client.engine,
            &client.engine_version
        ]),
        line(&[&device.name, &device.brand, &device.model])
    )
}

#[test]
fn desktop_browsers() {
    for (header, expected) in [
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.6099.109 Safari/537.36",
            "LIN GNU/Linux | browser CH Chrome 120.0 Blink 120.0.6099.109 | desktop",
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0.0.0 Safari/537.36",
            "LIN GNU/Linux | browser CH Chrome 140.0 Blink 140.0.0.0 | desktop",
        ),
        (
            "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0",
            "UBT Ubuntu | browser FF Firefox 121.0 Gecko 121.0 | desktop",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 Edg/120.0.2210.91",
            "WIN Windows 10 | browser PS Microsoft Edge 120.0 Blink 120.0.0.0 | desktop",
        ),
        (
            "Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko",
            "WIN Windows 7 | browser IE Internet Explorer 11.0 Trident 7.0 | desktop",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.2.1 Safari/605.1.15",
            "MAC Mac 10.15 | browser SF Safari 17.2.1 WebKit 605.1.15 | desktop Apple",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0 Safari/537.36 OPR/105.0.0.0",
            "WIN Windows 10 | browser OP Opera 105.0 Blink 119.0.0.0 | desktop",
        ),
        (
            "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
            "COS Chrome OS 14541.0.0 | browser CH Chrome 120.0 Blink 120.0.0.0 | desktop",
        ),
    ] {
        assert_eq!(told(header), expected, "{header}");
    }
}

#[test]
fn phones_and_tablets() {
    for (header, expected) in [
        (
            "Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/UD1A.230803.041) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.6099.144 Mobile Safari/537.36",
            "AND Android 14 | browser CM Chrome Mobile 120.0 Blink 120.0.6099.144 | smartphone Google Pixel 8",
        ),
        (
            "Mozilla/5.0 (Linux; Android 13; SM-X900) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/23.0 Chrome/115.0.0.0 Safari/537.36",
            "AND Android 13 | browser SB Samsung Browser 23.0 Blink 115.0.0.0 | tablet Samsung SM-X900",
        ),
        (
            "Mozilla/5.0 (Linux; Android 13; en-us; CPH2399; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/119.0.0.0 Mobile Safari/537.36",
            "AND Android 13 | browser CV Chrome Webview 119.0 Blink 119.0.0.0 | smartphone Oppo CPH2399",
        ),
        (
            "Mozilla/5.0 (Android 14; Mobile; rv:121.0) Gecko/121.0 Firefox/121.0",
            "AND Android 14 | browser FM Firefox Mobile 121.0 Gecko 121.0 | smartphone",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_2_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.2 Mobile/15E148 Safari/604.1",
            "IOS iOS 17.2.1 | browser MF Mobile Safari 17.2 WebKit 605.1.15 | smartphone Apple iPhone",
        ),
        (
            "Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/120.0.6099.119 Mobile/15E148 Safari/604.1",
            "IPA iPadOS 16.6 | browser CI Chrome Mobile iOS 120.0 WebKit 605.1.15 | tablet Apple iPad",
        ),
        (
            "Mozilla/5.0 (Linux; Android 9; KFMAWI) AppleWebKit/537.36 (KHTML, like Gecko) Silk/119.3.1 like Chrome/119.0.6045.193 Safari/537.36",
            "FIR Fire OS | browser MS Mobile Silk 119.3 Blink 119.0.6045.193 | tablet Amazon KFMAWI",
        ),
        (
            "Mozilla/5.0 (PlayStation; PlayStation 5/2.26) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/13.0 Safari/605.1.15",
            " | browser SF Safari 13.0 WebKit 605.1.15 | console Sony PlayStation 5",
        ),
    ] {
        assert_eq!(told(header), expected, "{header}");
    }
}

#[test]
fn tools_and_sdks() {
    for (header, expected) in [
        ("curl/8.4.0", " | library curl 8.4 | "),
        ("node-fetch/1.0 (+https://github.com/bitinn/node-fetch)", " | library Node Fetch 1.0 | "),
        ("okhttp/4.12.0", " | library OkHttp 4.12 | "),
        ("Dart/3.2 (dart:io)", " | library Dart 3.2 | "),
        ("AppwriteNode/27.1.0 (Linux; x64)", "LIN GNU/Linux | library AppwriteNode 27.1.0 | "),
        ("AppwriteCLI/8.2.0 (linux; x64)", "LIN GNU/Linux | desktop cli Appwrite CLI 8.2.0 | "),
        (
            "AppwriteNodeJSSDK/14.0.0 (Windows NT 10.0; x64)",
            "WIN Windows 10 | library AppwriteNodeJSSDK 14.0.0 | desktop",
        ),
    ] {
        assert_eq!(told(header), expected, "{header}");
    }
}

#[test]
fn nothing_is_guessed_and_nothing_panics() {
    for header in
        ["", "x", "Mozilla/5.0", "(", "();;", "Android", "Chrome/", "ü(ü;Android ü;ü)", "edg/x chrome/"]
    {
        let _ = UserAgent::parse(header);
    }
    assert_eq!(UserAgent::parse(""), UserAgent::default());
    assert_eq!(UserAgent::parse("archer"), UserAgent::default());
    let long = "ü".repeat(USER_AGENT_BYTES_MAX);
    assert_eq!(UserAgent::parse(&long), UserAgent::default());
}
