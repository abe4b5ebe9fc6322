//! What a request says before anybody is asked: address, host, version, formats, credentials.

use std::net::IpAddr;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cairn_core::RequestInfo;
use cairn_core::auth::{Credentials, Impersonated};
use cairn_core::cx::ClientProof;
use cairn_core::tokens::SessionValue;
use cairn_faults::{ContractAge, Format, Vocabulary};
use cairn_std::Timestamp;
use cairn_store::ProjectRef;
use http::header::{ACCEPT, HOST, HeaderMap, HeaderName, ORIGIN, USER_AGENT};
use http::request::Parts;

use super::Kit;
use super::matching::{Matched, percent_decoded};
use crate::account_cookies::{self, Held};
use crate::cookies::{BROWSER_COOKIE, cookie, sent_sessions};
use crate::errors::{ErrorContext, ErrorSettings, sent_request_id};
use crate::exchange::Exchange;
use crate::headers::{
    DEV_KEY, FORWARDED_PROTO, IMPERSONATED_EMAIL, IMPERSONATED_ID, IMPERSONATED_PHONE, JWT, KEY, KEY_APP,
    KEY_USER, LOCALE, MODE, ORGANIZATION, PROJECT, RESPONSE_FORMAT, SDK_NAME, SEEN_AT, SETUP_CODE, TURNSTILE,
    authorization, text,
};
use crate::origin::request_origin;
use crate::params::ParamMap;
use crate::route::{RequestStyle, Surface};
use crate::wire_version::WireVersion;

/// Longest user agent that is kept.
const USER_AGENT_CHARS_MAX: usize = 512;
/// Longest SDK name that is kept.
const SDK_CHARS_MAX: usize = 32;
/// How errors are told where no surface is known: the path is nobody's.
const DEFAULT_FORMAT: Format = Format::Appwrite(ContractAge::V1_0);

/// The exchange of a request, as far as its route and parameters matter.
pub(super) fn exchange(
    kit: &Kit,
    parts: &Parts,
    peer: IpAddr,
    surface: Option<&Surface>,
    matched: Option<&Matched>,
    params: Option<&ParamMap>,
) -> Exchange {
    let headers = &parts.headers;
    let authority = text(headers, &HOST)
        .map(str::to_owned)
        .or_else(|| parts.uri.authority().map(|authority| authority.as_str().to_owned()))
        .unwrap_or_default();
    let configured = kit.options.response_format.as_deref();
    let settings = ErrorSettings {
        surface_default: surface.map_or(DEFAULT_FORMAT, |surface| surface.format),
        response_format: configured,
        version: &kit.options.version,
        is_development: kit.app.options.is_development,
    };
    let request_id = sent_request_id(headers).map_or_else(|| kit.app.ids.unique(), str::to_owned);
    let is_account = surface.is_some_and(|surface| surface.style == RequestStyle::Account);
    let vocabulary = matched.map_or(Vocabulary::Documents, |matched| matched.route.vocabulary);
    Exchange {
        ip: kit.options.proxies.client_addr(peer, headers),
        is_ip_readable: kit.options.proxies.is_readable(peer, headers),
        host: host_of_authority(&authority).to_ascii_lowercase(),
        authority,
        is_https: is_forwarded_https(headers) && kit.options.proxies.trusts(peer),
        origin: request_origin(headers).map(str::to_owned),
        version: WireVersion::of_header(text(headers, &RESPONSE_FORMAT), configured),
        errors: ErrorContext::of_request(headers, &request_id, &settings).speaking(vocabulary),
        project: project_of(kit, parts, matched, params),
        held: if is_account {
            account_cookies::held(headers, kit.app.options.is_development)
        } else {
            Held::default()
        },
        seen_at: text(headers, &SEEN_AT).and_then(Timestamp::parse),
        browser: cookie(headers, BROWSER_COOKIE),
        takes_json: text(headers, &ACCEPT).is_some_and(|kinds| kinds.contains("application/json")),
        is_developer: false,
        own_origins: Arc::clone(&kit.own_origins),
    }
}

/// The project: of an older management path, else a parameter, else the header, else the query string.
fn project_of(kit: &Kit, parts: &Parts, matched: Option<&Matched>, params: Option<&ParamMap>) -> String {
    if matched.is_some_and(|matched| matched.surface.style == RequestStyle::Account) {
        let named = text(&parts.headers, &PROJECT).map(str::to_owned);
        return named.or_else(|| kit.options.account_project.clone()).unwrap_or_default();
    }
    // An application's client knows the addresses of the project's OAuth2 server and no header.
    if let Some(server) = matched.and_then(|matched| matched.path_server.as_ref()) {
        return server.clone();
    }
    let in_path = matched.filter(|matched| matched.is_alias()).and_then(|m| m.path_project.as_deref());
    let as_param = || params.and_then(|params| params.text("project")).filter(|id| !id.is_empty());
    let in_query = || {
        let query = parts.uri.query()?;
        url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "project").map(|(_, id)| id)
    };
    in_path
        .map(str::to_owned)
        .or_else(|| as_param().map(str::to_owned))
        .or_else(|| text(&parts.headers, &PROJECT).map(str::to_owned))
        .or_else(|| in_query().map(std::borrow::Cow::into_owned))
        .unwrap_or_else(|| ProjectRef::CONSOLE_ID.to_owned())
}

/// The project that the caller names, whatever the path says.
fn named_project<'a>(headers: &'a HeaderMap, params: Option<&'a ParamMap>) -> Option<&'a str> {
    params.and_then(|params| params.text("project")).or_else(|| text(headers, &PROJECT))
}

fn is_forwarded_https(headers: &HeaderMap) -> bool {
    let first = text(headers, &FORWARDED_PROTO).and_then(|list| list.split(',').next());
    first.is_some_and(|scheme| scheme.trim().eq_ignore_ascii_case("https"))
}

/// The page that sent the request. Not the `Referer`: links and images of other pages are nobody's forgery.
pub(super) fn origin(headers: &HeaderMap) -> Option<&str> {
    text(headers, &ORIGIN)
}

/// Who sent the request, and whether the session was found where cookies reach (`X-Debug-Fallback: false`).
pub(super) fn credentials(
    headers: &HeaderMap,
    exchange: &Exchange,
    matched: &Matched,
    params: Option<&ParamMap>,
) -> (Credentials, bool) {
    if matched.surface.style == RequestStyle::Account {
        return (Credentials { bearer: exchange.held.token.clone(), ..Credentials::default() }, true);
    }
    let param = |name: &str| params.and_then(|params| params.text(name));
    let mode = param("mode").or_else(|| text(headers, &MODE));
    // COMPAT(appwrite): whoever names another project than the management path (the console) is at work on it.
    let is_managing = matched.is_alias() && named_project(headers, params) != matched.path_project.as_deref();
    let is_admin_mode = is_managing || mode == Some("admin");
    let home = if is_admin_mode { ProjectRef::CONSOLE_ID } else { &exchange.project };
    let sent = sent_sessions(headers, home)
        .find_map(|sent| Some((SessionValue::parse(&sent.value)?, !sent.is_fallback)));
    let (session, is_direct) = sent.unzip();
    let owned = |text: &str| text.to_owned();
    let credentials = Credentials {
        session,
        jwt: text(headers, &JWT).map(owned),
        key: text(headers, &KEY).map(owned),
        key_user: text(headers, &KEY_USER).map(owned),
        key_organization: text(headers, &ORGANIZATION).map(owned),
        dev_key: text(headers, &DEV_KEY).or_else(|| param("devKey")).map(owned),
        bearer: None,
        access_token: authorization(headers, "bearer").map(owned),
        key_app: text(headers, &KEY_APP).map(owned),
        is_admin_mode,
        impersonated: impersonated(headers, params),
    };
    (credentials, is_direct.unwrap_or(false))
}

/// How an OAuth2 client proves itself: id and secret, each encoded as in a form (RFC 6749, section 2.3.1).
fn client_proof(headers: &HeaderMap) -> Option<ClientProof> {
    let bytes = STANDARD.decode(authorization(headers, "basic")?).ok()?;
    let sent = String::from_utf8(bytes).ok()?;
    let (id, secret) = sent.split_once(':')?;
    Some(ClientProof { id: percent_decoded(id), secret: percent_decoded(secret) })
}

/// As whom the caller wants to act; of several names the id counts, then the address.
fn impersonated(headers: &HeaderMap, params: Option<&ParamMap>) -> Option<Impersonated> {
    let wanted = |header: &HeaderName, names: [&str; 2]| {
        let as_param = || names.iter().find_map(|name| params?.text(name)).filter(|text| !text.is_empty());
        text(headers, header).or_else(as_param).map(str::to_owned)
    };
    let by_email = || wanted(&IMPERSONATED_EMAIL, ["impersonateemail", "impersonateEmail"]);
    let by_phone = || wanted(&IMPERSONATED_PHONE, ["impersonatephone", "impersonatePhone"]);
    wanted(&IMPERSONATED_ID, ["impersonateuserid", "impersonateUserId"])
        .map(Impersonated::ById)
        .or_else(|| by_email().map(Impersonated::ByEmail))
        .or_else(|| by_phone().map(Impersonated::ByPhone))
}

/// The organization that the request is about: of an older path, else the header.
pub(super) fn organization<'a>(headers: &'a HeaderMap, matched: &'a Matched) -> Option<&'a str> {
    matched.path_organization.as_deref().or_else(|| text(headers, &ORGANIZATION))
}

pub(super) fn request_info(
    headers: &HeaderMap,
    exchange: &Exchange,
    matched: &Matched,
    params: Option<&ParamMap>,
) -> RequestInfo {
    let param = |name: &str| params.and_then(|params| params.text(name));
    let user_agent = text(headers, &USER_AGENT).unwrap_or_default();
    RequestInfo {
        id: exchange.request_id().to_owned(),
        ip: exchange.ip,
        user_agent: beginning(user_agent, USER_AGENT_CHARS_MAX).to_owned(),
        locale: param("locale").or_else(|| text(headers, &LOCALE)).unwrap_or("en").to_owned(),
        setup_code: text(headers, &SETUP_CODE).map(str::to_owned),
        organization: organization(headers, matched).map(str::to_owned),
        turnstile: text(headers, &TURNSTILE).map(str::to_owned),
        client: client_proof(headers),
        sdk: text(headers, &SDK_NAME).filter(|name| name.len() <= SDK_CHARS_MAX).map(str::to_lowercase),
        claim: None,
        author: None,
    }
}

/// The first `chars` characters of a text.
fn beginning(text: &str, chars: usize) -> &str {
    text.char_indices().nth(chars).map_or(text, |(end, _)| &text[..end])
}

/// The host of `host:port`, brackets of an IPv6 address kept.
fn host_of_authority(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) && !port.is_empty() => host,
        _ => authority,
    }
}
