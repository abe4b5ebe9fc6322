//! The beginning: an application sends a user, and the user is asked, or was before.

use cairn_faults::{Error, Fault};
use cairn_model::apps::{Application, ClientKind};
use cairn_model::ids::GrantId;
use cairn_model::oauth2::{AuthRequest, Consent, Grant, GrantState, Oauth2Server};
use cairn_std::Timestamp;
use cairn_store::Tx;

use super::requests::{self, invalid};
use super::{
    CODE_SECONDS, Client, Drawn, GRANT_SECONDS, PUSHED_SECONDS, REQUEST_URI_PREFIX, decider, draw, grants,
    sent_back_with, server, sweep, with_query,
};
use crate::Cx;

/// What an application sends; empty for what it leaves out.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    /// The application.
    pub client_id: String,
    /// Where the user is sent back to.
    pub redirect_uri: String,
    /// What the application wants.
    pub response_type: String,
    /// Scopes, with spaces between.
    pub scope: String,
    /// What the application wants back unchanged.
    pub state: String,
    /// What the id token repeats.
    pub nonce: String,
    /// The hash of a verifier.
    pub code_challenge: String,
    /// How it was made.
    pub code_challenge_method: String,
    /// What the consent page should do.
    pub prompt: String,
    /// Seconds since the user proved who they are, at most.
    pub max_age: Option<i64>,
    /// On what, as a JSON list.
    pub authorization_details: String,
    /// For which servers, with spaces between.
    pub resource: String,
    /// The same by another name.
    pub audience: String,
    /// The handle of a pushed request, which stands for all the others.
    pub request_uri: String,
}

/// Who reads the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// A program, which is told what is wrong.
    Program,
    /// A browser on its way, which is sent on.
    Browser,
}

/// Where it goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorized {
    /// The grant about which the user must be asked.
    pub grant_id: Option<GrantId>,
    /// Where the user goes on: the consent page, or the application.
    pub redirect: String,
}

/// A pushed request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pushed {
    /// Its handle.
    pub request_uri: String,
    /// Seconds until it ends.
    pub expires_in: i64,
}

/// What was asked, by whom, and the grant that it is already, where it was pushed.
struct Asked {
    app: Application,
    request: AuthRequest,
    pushed: Option<Grant>,
}

/// Begin: to the consent page, or straight back where the user has allowed the same before.
///
/// # Errors
/// `oauth2_server_disabled`, `oauth2_invalid_client` and `oauth2_invalid_redirect_uri`, after which nobody is sent anywhere; what
/// else is wrong is told to the application by way of the browser, or to a program at once.
pub async fn authorize(cx: &Cx, ask: Ask, reader: Reader) -> Result<Authorized, Error> {
    let server = server(cx)?;
    let Registered { app, pushed } = registered(cx, &ask).await?;
    let aside = AuthRequest {
        redirect_uri: ask.redirect_uri.clone(),
        state: Some(ask.state.clone()).filter(|state| !state.is_empty()),
        ..AuthRequest::default()
    };
    let request = match &pushed {
        Some(grant) => Ok(grant.request.clone()),
        None => requests::read(server, &app, &ask),
    };
    let request = match request {
        Ok(request) => request,
        Err(error) => return told(cx, &aside, error, reader),
    };
    let asked = Asked { app, request: request.clone(), pushed };
    match decide(cx, server, asked, &ask, reader).await {
        Ok(authorized) => Ok(authorized),
        Err(error) => told(cx, &request, error, reader),
    }
}

/// A program is told what is wrong; a browser takes it to the application.
fn told(cx: &Cx, request: &AuthRequest, error: Error, reader: Reader) -> Result<Authorized, Error> {
    if reader == Reader::Program || cairn_faults::oauth_code(error.fault()).is_none() {
        return Err(error);
    }
    Ok(Authorized { grant_id: None, redirect: sent_back_with(cx, request, &error) })
}

/// The application that asks, and what it pushed before, if it did.
struct Registered {
    app: Application,
    pushed: Option<Grant>,
}

/// The application and where its users may be sent.
async fn registered(cx: &Cx, ask: &Ask) -> Result<Registered, Error> {
    let client = Client::of(cx, &ask.client_id, "")?;
    let handle = ask.request_uri.strip_prefix(REQUEST_URI_PREFIX).map(|text| cx.app.secrets.lookup(text));
    let (is_pushed, redirect, now) = (!ask.request_uri.is_empty(), ask.redirect_uri.clone(), cx.now());
    cx.store()
        .read(cx.project_ref(), |tx| async move {
            let app = client.named(&tx).await?;
            if !is_pushed {
                require_redirect(&app, &redirect)?;
                return Ok(Registered { app, pushed: None });
            }
            let unknown = || invalid("the request_uri is unknown or has ended");
            let grant = tx.grant_by_handle(&handle.ok_or_else(unknown)?).await?;
            let is_live = |grant: &Grant| {
                grant.state == GrantState::Pushed && grant.app_id == app.id && grant.expires > now
            };
            let grant = grant.filter(is_live).ok_or_else(unknown)?;
            require_redirect(&app, &grant.request.redirect_uri)?;
            Ok(Registered { app, pushed: Some(grant) })
        })
        .await
}

/// Refuse an address that the application has not registered.
pub(super) fn require_redirect(app: &Application, uri: &str) -> Result<(), Error> {
    if app.allows_redirect(uri) { Ok(()) } else { Err(Fault::Oauth2InvalidRedirectUri.with("uri", uri)) }
}

async fn decide(
    cx: &Cx,
    server: &Oauth2Server,
    asked: Asked,
    ask: &Ask,
    reader: Reader,
) -> Result<Authorized, Error> {
    let wants_no_page = asked.request.prompt == "none";
    let auth_time = cx.session().map(|session| session.created);
    let now = cx.now();
    let is_stale = asked
        .request
        .max_age
        .is_some_and(|seconds| auth_time.is_none_or(|at| at.plus_seconds(seconds) < now));
    if decider(cx).is_err() || is_stale {
        if wants_no_page {
            return Err(Fault::Oauth2LoginRequired.error());
        }
        return Ok(Authorized { grant_id: None, redirect: signed_out(server, ask) });
    }
    let code = draw(cx);
    let grant = asked_grant(cx, &asked, auth_time)?;
    let is_new = asked.pushed.is_none();
    let (actor, app, code_kept) = (cx.clone(), asked.app, code.clone());
    let (grant, is_asked) = cx
        .store()
        .write(cx.project_ref(), move |tx| async move {
            let mut grant = grant;
            let is_asked = must_ask(&tx, &app, &grant, now).await?;
            if is_asked && wants_no_page {
                return Err(Fault::Oauth2ConsentRequired.error());
            }
            if !is_asked {
                approve(&mut grant, &code_kept, now);
            }
            sweep(&actor, &tx).await?;
            if is_new {
                tx.grant_insert(&grant).await?;
            } else if !tx.grant_advance(&grant, GrantState::Pushed).await? {
                return Err(invalid("the request_uri was used before"));
            }
            Ok((grant, is_asked))
        })
        .await?;
    if !is_asked {
        let redirect = grants::answered(cx, &grant, &code)?;
        return Ok(Authorized { grant_id: None, redirect });
    }
    let redirect = match reader {
        Reader::Browser => with_query(&server.authorization_url, &[("grant_id", grant.id.as_str())]),
        Reader::Program => String::new(),
    };
    Ok(Authorized { grant_id: Some(grant.id), redirect })
}

fn asked_grant(cx: &Cx, asked: &Asked, auth_time: Option<Timestamp>) -> Result<Grant, Error> {
    let user_id = Some(decider(cx)?.id.clone());
    let expires = cx.now().plus_seconds(GRANT_SECONDS);
    let made = match &asked.pushed {
        Some(pushed) => Grant { updated: cx.now(), ..pushed.clone() },
        None => new_grant(cx, &asked.app, asked.request.clone(), GrantState::Pending),
    };
    Ok(Grant { user_id, auth_time, expires, state: GrantState::Pending, ..made })
}

/// A grant that is not stored yet.
pub(super) fn new_grant(cx: &Cx, app: &Application, request: AuthRequest, state: GrantState) -> Grant {
    let now = cx.now();
    Grant {
        id: GrantId(cx.new_id()),
        app_id: app.id.clone(),
        user_id: None,
        state,
        request,
        handle: None,
        user_code: None,
        code: None,
        family_id: None,
        auth_time: None,
        polled: None,
        interval_seconds: 0,
        expires: now,
        created: now,
        updated: now,
    }
}

/// Allow what a grant asks.
pub(super) fn approve(grant: &mut Grant, code: &Drawn, now: Timestamp) {
    grant.state = GrantState::Approved;
    grant.updated = now;
    if grant.request.redirect_uri.is_empty() {
        return;
    }
    grant.expires = now.plus_seconds(CODE_SECONDS);
    if grant.request.response.has_code() {
        grant.code = Some(code.lookup.clone());
    } else {
        // The id token goes back with the user; nothing is left to be fetched.
        grant.state = GrantState::Spent;
    }
}

/// Whether the user must be asked: not for what was allowed before.
///
/// Always where anybody can pass for the application: one that keeps no secret, and is not reached by https (RFC 8252,
/// section 8.6).
async fn must_ask(tx: &Tx, app: &Application, grant: &Grant, now: Timestamp) -> Result<bool, Error> {
    let request = &grant.request;
    let is_impersonable = app.kind == ClientKind::Public && !request.redirect_uri.starts_with("https://");
    let wants_page = !request.prompt.is_empty() && request.prompt != "none";
    let Some(user_id) = &grant.user_id else { return Ok(true) };
    if is_impersonable || wants_page {
        return Ok(true);
    }
    let consent: Option<Consent> = tx.consent_of(user_id, &app.id).await?;
    Ok(!consent.is_some_and(|consent| consent.covers(request, now)))
}

/// The consent page, for somebody who signs in there first and then begins again with the same values.
fn signed_out(server: &Oauth2Server, ask: &Ask) -> String {
    let max_age = ask.max_age.map(|seconds| seconds.to_string()).unwrap_or_default();
    with_query(
        &server.authorization_url,
        &[
            ("client_id", &ask.client_id),
            ("redirect_uri", &ask.redirect_uri),
            ("response_type", &ask.response_type),
            ("scope", &ask.scope),
            ("state", &ask.state),
            ("nonce", &ask.nonce),
            ("code_challenge", &ask.code_challenge),
            ("code_challenge_method", &ask.code_challenge_method),
            ("prompt", &ask.prompt),
            ("max_age", &max_age),
            ("authorization_details", &ask.authorization_details),
            ("resource", &ask.resource),
            ("audience", &ask.audience),
            ("request_uri", &ask.request_uri),
        ],
    )
}

/// Keep what is asked until the user comes with its handle (RFC 9126).
///
/// # Errors
/// Those of [`authorize`], all told to the application.
pub async fn push(cx: &Cx, ask: Ask) -> Result<Pushed, Error> {
    let server = server(cx)?;
    if !ask.request_uri.is_empty() {
        return Err(invalid("a pushed request has no request_uri"));
    }
    let client = Client::of(cx, &ask.client_id, "")?;
    let (drawn, actor, server) = (draw(cx), cx.clone(), server.clone());
    let lookup = drawn.lookup;
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            let app = client.asking(&actor, &tx).await?;
            require_redirect(&app, &ask.redirect_uri)?;
            let request = requests::read(&server, &app, &ask)?;
            let made = new_grant(&actor, &app, request, GrantState::Pushed);
            let expires = actor.now().plus_seconds(PUSHED_SECONDS);
            sweep(&actor, &tx).await?;
            Ok::<_, Error>(tx.grant_insert(&Grant { handle: Some(lookup), expires, ..made }).await?)
        })
        .await?;
    let request_uri = format!("{REQUEST_URI_PREFIX}{}", drawn.plain);
    Ok(Pushed { request_uri, expires_in: PUSHED_SECONDS })
}
