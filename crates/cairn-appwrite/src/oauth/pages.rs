//! Where a sign-in ends that named no place of its own: a page that leads back into a mobile app.
//!
//! COMPAT(appwrite): the SDKs of apps wait for `appwrite-callback-<project>:` with the parameters of the page.

use std::fmt::Write as _;

use cairn_http::rules::{Rule as _, text};
use cairn_http::{Answer, Call, Reply, params};
use cairn_model::ids::is_project_id;
use url::Url;

/// The path of the page after success.
pub(super) const SUCCESS: &str = "/console/auth/oauth2/success";
/// The path of the page after failure.
pub(super) const FAILURE: &str = "/console/auth/oauth2/failure";

params! {
    pub(crate) struct Page {
        /// The id of the project.
        project: String = "project" => text(0, 64).or_empty(),
        /// The domain of the session's cookie.
        domain: String = "domain" => text(0, 256).or_empty(),
        /// The name of the session's cookie.
        key: String = "key" => text(0, 256).or_empty(),
        /// The session's value, or the secret of a token.
        secret: String = "secret" => text(0, 2_048).or_empty(),
        /// Whose secret it is.
        user_id: String = "userId" => text(0, 64).or_empty(),
        /// What went wrong, as JSON.
        error: String = "error" => text(0, 4_096).or_empty(),
    }
}

pub(super) async fn success(call: Call<Page>) -> Reply {
    Ok(page("You are signed in", "You can return to the application.", &call.params))
}

pub(super) async fn failure(call: Call<Page>) -> Reply {
    Ok(page("You are not signed in", "Return to the application and try again.", &call.params))
}

fn page(title: &str, sentence: &str, sent: &Page) -> Answer {
    let address = address(sent).map(|address| escaped(&address));
    let refresh = address.as_ref().map_or_else(String::new, |address| {
        format!("<meta http-equiv=\"refresh\" content=\"0;url={address}\">\n")
    });
    let link = address.as_ref().map_or_else(String::new, |address| {
        format!("<p><a href=\"{address}\">Return to the application</a></p>\n")
    });
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n{refresh}<title>{title}</title>\n\
         <h1>{title}</h1>\n<p>{sentence}</p>\n{link}</html>\n"
    );
    Answer::raw("text/html; charset=utf-8", html)
        .header("cache-control", "no-store")
        .header("referrer-policy", "no-referrer")
        .header("content-security-policy", "default-src 'none'; frame-ancestors 'none'")
}

/// The address of the app, where a project is named.
fn address(sent: &Page) -> Option<String> {
    if !is_project_id(&sent.project) {
        return None;
    }
    let scheme = format!("appwrite-callback-{}", sent.project.to_ascii_lowercase());
    let mut url = Url::parse(&format!("{scheme}://localhost/")).ok()?;
    let all = [
        ("project", &sent.project),
        ("domain", &sent.domain),
        ("key", &sent.key),
        ("secret", &sent.secret),
        ("userId", &sent.user_id),
        ("error", &sent.error),
    ];
    url.query_pairs_mut().extend_pairs(all.into_iter().filter(|(_, value)| !value.is_empty()));
    Some(url.into())
}

/// Text inside of an attribute.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' | '<' | '>' | '"' | '\'' | ';' => {
                let _ = write!(escaped, "&#{};", u32::from(c));
            }
            c => escaped.push(c),
        }
    }
    escaped
}
