//! Who a provider says somebody is.
//!
//! INVARIANT: an address counts as proved only where the provider says so in the form that its row expects: true, the
//! text `true`, the number 1 or a time. Anything else, and anything missing, is no proof.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cairn_faults::{Error, Fault};
use cairn_model::oauth::{Emails, ProviderKind, Source, Verified};
use cairn_model::value::formats::is_email;
use cairn_net::Request;
use serde_json::{Value, json};

use super::exchange::{ANSWER_BYTES_MAX, PATIENCE, profile_failure};
use super::{Client, Person, Tokens, mock};
use crate::Cx;

/// Characters of a user's id at a provider at most, as the reference keeps them.
const UID_CHARS_MAX: usize = 2_048;
/// Characters of a name at most.
const NAME_CHARS_MAX: usize = 128;
/// Where providers tell a picture: the claim of OpenID Connect, and GitHub's and GitLab's own.
const PICTURES: [&str; 2] = ["/picture", "/avatar_url"];
/// Addresses of a list that are looked at.
const EMAILS_MAX: usize = 100;

/// The person whose tokens these are.
pub(super) async fn person(
    cx: &Cx,
    client: &Client,
    answer: &Value,
    tokens: Tokens,
) -> Result<Person, Error> {
    let told = match client.provider.profile.source {
        Source::IdToken => id_token(client, answer)?,
        _ => fetch_all(cx, client, answer, &tokens.access).await?,
    };
    read(client, &told, tokens)
}

/// The profile, with what further documents tell.
async fn fetch_all(cx: &Cx, client: &Client, answer: &Value, access: &str) -> Result<Value, Error> {
    let profile = &client.provider.profile;
    let mut told = fetch(cx, client, profile.url, answer, access).await?;
    for (name, url) in profile.more {
        let more = fetch(cx, client, url, answer, access).await?;
        if let Some(told) = told.as_object_mut() {
            told.insert((*name).to_owned(), more);
        }
    }
    Ok(told)
}

async fn fetch(
    cx: &Cx,
    client: &Client,
    template: &'static str,
    answer: &Value,
    access: &str,
) -> Result<Value, Error> {
    if client.provider.kind == ProviderKind::Mock {
        let told = mock::mock_user(client.provider.id, access);
        return told.map_err(|why| profile_failure(client, Some(400)).detail(why));
    }
    let profile = &client.provider.profile;
    let mut url = client.url(template, answer, Fault::UserOauth2ProviderError)?;
    let request = match profile.source {
        Source::Query(name) => {
            url.query_pairs_mut().append_pair(name, access);
            Request::get(url)
        }
        Source::PostBearer => Request::post(url).header("authorization", &format!("Bearer {access}")),
        Source::Scheme(word) => Request::get(url).header("authorization", &format!("{word} {access}")),
        Source::Bearer | Source::IdToken => {
            Request::get(url).header("authorization", &format!("Bearer {access}"))
        }
    };
    let request =
        profile.headers.iter().fold(request.header("accept", "application/json"), |request, header| {
            request.header(header.0, &client.filled(header.1, answer))
        });
    let request = request.at_most(ANSWER_BYTES_MAX).within(PATIENCE);
    let sent = cx.app.net.foreign().send(request).await;
    let answer = sent.map_err(|error| profile_failure(client, None).source(error))?;
    if !answer.is_ok() {
        return Err(profile_failure(client, Some(answer.status)));
    }
    serde_json::from_slice(&answer.body).map_err(|error| nobody(client).source(error))
}

/// The claims of the id token. It came straight from the provider over TLS, which stands for its signature (OpenID
/// Connect Core 1.0, section 3.1.3.7, point 6); that it is meant for this application is checked.
fn id_token(client: &Client, answer: &Value) -> Result<Value, Error> {
    let token = answer.get("id_token").and_then(Value::as_str).unwrap_or_default();
    let body = token.split('.').nth(1).unwrap_or_default().trim_end_matches('=');
    let bytes = URL_SAFE_NO_PAD.decode(body).map_err(|error| nobody(client).source(error))?;
    let claims: Value = serde_json::from_slice(&bytes).map_err(|error| nobody(client).source(error))?;
    let is_meant = match claims.get("aud") {
        Some(Value::Array(all)) => all.contains(&json!(client.id)),
        Some(one) => *one == json!(client.id),
        None => false,
    };
    if is_meant {
        Ok(claims)
    } else {
        Err(nobody(client).detail("the id token is meant for another application"))
    }
}

fn nobody(client: &Client) -> Error {
    Fault::UserMissingId.with("provider", client.provider.id)
}

/// The person in a profile.
pub(super) fn read(client: &Client, told: &Value, tokens: Tokens) -> Result<Person, Error> {
    let row = &client.provider.profile;
    let root = told.pointer(row.root).unwrap_or(&Value::Null);
    let uid = text(root, row.id);
    if uid.is_empty() || uid.chars().count() > UID_CHARS_MAX {
        return Err(nobody(client));
    }
    let (email, is_email_verified) = match row.emails.and_then(|emails| listed(root, &emails)) {
        Some(found) => found,
        None => (text(root, row.email), row.emails.is_none() && is_verified(root, row.verified)),
    };
    let email = Some(email.trim().to_lowercase()).filter(|email| is_email(email));
    let name = row.name.iter().map(|pointer| text(root, pointer)).filter(|part| !part.is_empty());
    let name: String = name.collect::<Vec<_>>().join(" ").replace('\0', "");
    Ok(Person {
        uid,
        is_email_verified: is_email_verified && email.is_some(),
        email,
        name: name.chars().take(NAME_CHARS_MAX).collect(),
        picture: PICTURES
            .iter()
            .map(|pointer| text(root, pointer))
            .find(|url| !url.is_empty())
            .unwrap_or_default(),
        tokens,
    })
}

/// A text or a number as text; empty for everything else. An empty pointer points at nothing here.
fn text(root: &Value, pointer: &str) -> String {
    match root.pointer(pointer).filter(|_| !pointer.is_empty()) {
        Some(Value::String(text)) if !text.contains('\0') => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

/// The proved address of a list, the primary one first; an unproved one where there is no other.
fn listed(root: &Value, emails: &Emails) -> Option<(String, bool)> {
    let list = root.pointer(emails.list)?.as_array()?;
    let is = |entry: &Value, pointer| is_verified(entry, Verified::Flag(pointer));
    let rank = |entry: &Value| (is(entry, emails.verified), is(entry, emails.primary));
    let usable = list.iter().take(EMAILS_MAX).filter(|entry| !text(entry, emails.address).is_empty());
    // Of several equals the first one counts.
    let best = usable.rev().max_by_key(|entry| rank(entry))?;
    Some((text(best, emails.address), is(best, emails.verified)))
}

fn is_verified(root: &Value, how: Verified) -> bool {
    match how {
        Verified::Never => false,
        // Some send the flag as a text, Apple among them.
        Verified::Flag(pointer) => match root.pointer(pointer) {
            Some(Value::Bool(is)) => *is,
            Some(Value::String(text)) => text == "true",
            _ => false,
        },
        Verified::One(pointer) => root.pointer(pointer).and_then(Value::as_i64) == Some(1),
        Verified::Present(pointer) => !text(root, pointer).is_empty(),
    }
}
