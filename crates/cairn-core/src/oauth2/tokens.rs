//! What is given: tokens for a code, for a refresh token, for a device's code, and their end.

use cairn_faults::{Error, Fault};
use cairn_model::apps::Application;
use cairn_model::ids::TokenFamilyId;
use cairn_model::oauth2::{Grant, GrantState, Lifetimes, Oauth2Server, Token, TokenFamily, TokenKind};
use cairn_model::users::User;
use cairn_std::Timestamp;
use cairn_store::Tx;

use super::claims::{self, Bound, Told};
use super::{Client, Drawn, devices, draw, lifetimes, requests, server, sweep};
use crate::Cx;
use crate::secrets::{is_equal, pkce_challenge};

/// Families of tokens under one consent, or of one installation; the oldest one goes for one more.
const FAMILIES_MAX: i64 = 100;
/// Spent refresh tokens of a family that are still known.
const SPENT_MAX: i64 = 100;
/// The grant type of the device flow.
pub(super) const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// What an application shows for tokens; empty for what it leaves out.
#[derive(Clone, Debug, Default)]
pub struct TokenAsk {
    /// What it shows.
    pub grant_type: String,
    /// A code.
    pub code: String,
    /// A refresh token.
    pub refresh_token: String,
    /// A device's code.
    pub device_code: String,
    /// The application.
    pub client_id: String,
    /// One of its client secrets.
    pub client_secret: String,
    /// The verifier of the code (RFC 7636).
    pub code_verifier: String,
    /// The address that the code came to.
    pub redirect_uri: String,
    /// For which servers, with spaces between.
    pub resource: String,
    /// The same by another name.
    pub audience: String,
}

/// Tokens that were just made.
#[derive(Clone, PartialEq, Eq)]
pub struct Issued {
    /// Shown with every request.
    pub access_token: String,
    /// Seconds that it counts.
    pub expires_in: i64,
    /// Spent for new tokens; an installation gets none.
    pub refresh_token: Option<String>,
    /// What the tokens may do.
    pub scopes: Vec<String>,
    /// On what, as a JSON list; empty for none.
    pub details: String,
    /// Who the user is.
    pub id_token: Option<String>,
}

impl std::fmt::Debug for Issued {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Issued").field("scopes", &self.scopes).finish_non_exhaustive()
    }
}

/// Tokens that are not stored yet.
#[derive(Clone)]
pub(crate) struct DrawnTokens {
    family_id: TokenFamilyId,
    seq: i64,
    access: Drawn,
    refresh: Drawn,
}

pub(crate) fn draw_tokens(cx: &Cx) -> DrawnTokens {
    let family_id = TokenFamilyId(cx.new_id());
    DrawnTokens { family_id, seq: cx.next_seq(), access: draw(cx), refresh: draw(cx) }
}

/// What came of an exchange that changed something, good or bad.
pub(super) enum Outcome {
    /// Tokens.
    Given(Box<Given>),
    /// Nothing, and what was written stays.
    Refused(Fault),
}

/// Stored tokens with what an id token tells.
pub(super) struct Given {
    pub(super) family: TokenFamily,
    pub(super) user: User,
    pub(super) nonce: Option<String>,
}

/// Tokens for what an application shows.
///
/// # Errors
/// `oauth2_invalid_client`, `oauth2_invalid_grant`, `oauth2_unsupported_grant_type`, `oauth2_invalid_target`, and those of a device
/// that waits.
pub async fn exchange(cx: &Cx, ask: TokenAsk) -> Result<Issued, Error> {
    let server = server(cx)?.clone();
    let client = Client::of(cx, &ask.client_id, &ask.client_secret)?;
    let drawn = draw_tokens(cx);
    let (actor, tokens) = (cx.clone(), drawn.clone());
    let outcome = cx
        .store()
        .write(cx.project_ref(), move |tx| async move {
            let app = client.proven_now(&actor, &tx).await?;
            let work = Work { cx: &actor, tx: &tx, server: &server, app: &app, drawn: &tokens };
            match ask.grant_type.as_str() {
                "authorization_code" => work.of_code(&ask).await,
                "refresh_token" => work.of_refresh_token(&ask).await,
                DEVICE_CODE => work.of_device(&ask).await,
                _ => Err(Fault::Oauth2UnsupportedGrantType.with("type", &ask.grant_type)),
            }
        })
        .await?;
    match outcome {
        Outcome::Given(given) => issued(cx, *given, drawn),
        Outcome::Refused(fault) => Err(fault.error()),
    }
}

fn issued(cx: &Cx, given: Given, drawn: DrawnTokens) -> Result<Issued, Error> {
    let Given { family, user, nonce } = given;
    let bound = Bound { access_token: Some(&drawn.access.plain), ..Bound::default() };
    let id_token = if family.scopes.iter().any(|scope| scope == "openid") {
        Some(claims::id_token(cx, &user, &Told::of_family(&family, nonce.as_deref()), bound)?)
    } else {
        None
    };
    Ok(Issued { id_token, ..of_family(family, &drawn, Some(drawn.refresh.plain.clone())) })
}

/// What an application gets of a family that was just stored.
pub(crate) fn of_family(family: TokenFamily, drawn: &DrawnTokens, refresh_token: Option<String>) -> Issued {
    Issued {
        access_token: drawn.access.plain.clone(),
        expires_in: (family.access_expires.0 - family.updated.0) / 1_000,
        refresh_token,
        scopes: family.scopes,
        details: family.details,
        id_token: None,
    }
}

/// One exchange, inside its transaction.
pub(super) struct Work<'a> {
    pub(super) cx: &'a Cx,
    pub(super) tx: &'a Tx,
    pub(super) server: &'a Oauth2Server,
    pub(super) app: &'a Application,
    pub(super) drawn: &'a DrawnTokens,
}

fn invalid(reason: &'static str) -> Error {
    Fault::Oauth2InvalidGrant.with("reason", reason)
}

impl Work<'_> {
    async fn of_code(&self, ask: &TokenAsk) -> Result<Outcome, Error> {
        let lookup = self.cx.app.secrets.lookup(&ask.code);
        let grant = self.tx.grant_by_code(&lookup).await?;
        let grant = grant.filter(|grant| grant.app_id == self.app.id).ok_or_else(|| invalid("unknown"))?;
        // Whoever has only the code must not end it for the one who has the verifier, so that is asked first.
        if grant.request.redirect_uri != ask.redirect_uri {
            return Err(invalid("the redirect address is another one"));
        }
        check_verifier(grant.request.challenge.as_deref(), &ask.code_verifier)?;
        if grant.state != GrantState::Approved {
            return self.stolen(Some(&grant)).await;
        }
        if grant.expires <= self.cx.now() {
            return Err(invalid("the code has ended"));
        }
        self.of_grant(grant, ask).await
    }

    async fn of_device(&self, ask: &TokenAsk) -> Result<Outcome, Error> {
        match devices::polled(self, &ask.device_code).await? {
            devices::Polled::Approved(grant) => self.of_grant(*grant, ask).await,
            devices::Polled::Refused(fault) => Ok(Outcome::Refused(fault)),
        }
    }

    /// What was spent is shown again: by a thief, or to one.
    async fn stolen(&self, grant: Option<&Grant>) -> Result<Outcome, Error> {
        if let Some(family) = grant.and_then(|grant| grant.family_id.as_ref()) {
            self.tx.family_delete(family).await?;
        }
        Ok(Outcome::Refused(Fault::Oauth2InvalidGrant))
    }

    /// Tokens for a grant that a user has allowed, once.
    async fn of_grant(&self, mut grant: Grant, ask: &TokenAsk) -> Result<Outcome, Error> {
        let resources = targets(&grant.request.resources, ask)?;
        let user = self.user(grant.user_id.as_ref()).await?;
        let consent = self.tx.consent_of(&user.id, &self.app.id).await?;
        let mut consent = consent.ok_or_else(|| invalid("the user has withdrawn the consent"))?;
        grant.state = GrantState::Spent;
        grant.family_id = Some(self.drawn.family_id.clone());
        grant.updated = self.cx.now();
        if !self.tx.grant_advance(&grant, GrantState::Approved).await? {
            let winner = self.tx.grant_by_id(&grant.id).await?;
            return self.stolen(winner.as_ref()).await;
        }
        let lives = lifetimes(self.server, self.app);
        let family = TokenFamily {
            user_id: Some(user.id.clone()),
            consent_id: Some(consent.id.clone()),
            scopes: grant.request.scopes.clone(),
            resources,
            details: grant.request.details.clone(),
            auth_time: grant.auth_time,
            ..new_family(self.cx, self.app, self.drawn, lives)
        };
        begin(self.cx, self.tx, &family, self.drawn).await?;
        self.keep_refresh(&family, lives).await?;
        consent.expires = consent.expires.max(Some(family.expires));
        self.tx.consent_update(&consent).await?;
        Ok(Outcome::Given(Box::new(Given { family, user, nonce: grant.request.nonce })))
    }

    async fn of_refresh_token(&self, ask: &TokenAsk) -> Result<Outcome, Error> {
        let lookup = self.cx.app.secrets.lookup(&ask.refresh_token);
        let token = self.tx.token_by_lookup(&lookup).await?;
        let token =
            token.filter(|token| token.kind == TokenKind::Refresh).ok_or_else(|| invalid("unknown"))?;
        let family = self.tx.family_by_id(&token.family_id).await?;
        let family = family.filter(|family| family.app_id == self.app.id);
        let mut family = family.ok_or_else(|| invalid("it was revoked"))?;
        if token.expires <= self.cx.now() {
            return Err(invalid("it has ended"));
        }
        targets(&family.resources, ask)?;
        let user = self.user(family.user_id.as_ref()).await?;
        if token.used.is_some() || !self.tx.token_spend(&lookup, self.cx.now()).await? {
            self.tx.family_delete(&family.id).await?;
            return Ok(Outcome::Refused(Fault::Oauth2InvalidGrant));
        }
        let (now, lives) = (self.cx.now(), lifetimes(self.server, self.app));
        family.access_expires = now.plus_seconds(lives.access_seconds);
        family.expires = lives.end(now);
        family.updated = now;
        self.tx.token_replace(&family.id, SPENT_MAX).await?;
        self.tx.family_refreshed(&family).await?;
        self.tx.token_insert(&access(&family, self.drawn, now)).await?;
        self.keep_refresh(&family, lives).await?;
        if let Some(mut consent) = self.tx.consent_of(&user.id, &self.app.id).await? {
            consent.expires = consent.expires.max(Some(family.expires));
            self.tx.consent_update(&consent).await?;
        }
        Ok(Outcome::Given(Box::new(Given { family, user, nonce: None })))
    }

    async fn keep_refresh(&self, family: &TokenFamily, lives: Lifetimes) -> Result<(), Error> {
        let now = self.cx.now();
        let token = Token {
            lookup: self.drawn.refresh.lookup.clone(),
            kind: TokenKind::Refresh,
            family_id: family.id.clone(),
            expires: now.plus_seconds(lives.refresh_seconds),
            used: None,
            created: now,
        };
        Ok(self.tx.token_insert(&token).await?)
    }

    /// The user, who must not be blocked.
    async fn user(&self, id: Option<&cairn_model::ids::UserId>) -> Result<User, Error> {
        let id = id.ok_or_else(|| invalid("it is nobody's"))?;
        let user = self.tx.user_by_id(id).await?.filter(|user| user.is_active);
        user.ok_or_else(|| invalid("the user is blocked or gone"))
    }
}

/// A family without anybody for whom it acts.
pub(crate) fn new_family(cx: &Cx, app: &Application, drawn: &DrawnTokens, lives: Lifetimes) -> TokenFamily {
    let now = cx.now();
    TokenFamily {
        id: drawn.family_id.clone(),
        seq: drawn.seq,
        app_id: app.id.clone(),
        user_id: None,
        consent_id: None,
        installation_id: None,
        scopes: Vec::new(),
        resources: Vec::new(),
        details: String::new(),
        auth_time: None,
        access_expires: now.plus_seconds(lives.access_seconds),
        expires: lives.end(now),
        created: now,
        updated: now,
    }
}

/// Store a family and its first access token.
pub(crate) async fn begin(cx: &Cx, tx: &Tx, family: &TokenFamily, drawn: &DrawnTokens) -> Result<(), Error> {
    sweep(cx, tx).await?;
    tx.family_trim(family, FAMILIES_MAX - 1).await?;
    tx.family_insert(family).await?;
    Ok(tx.token_insert(&access(family, drawn, cx.now())).await?)
}

fn access(family: &TokenFamily, drawn: &DrawnTokens, now: Timestamp) -> Token {
    Token {
        lookup: drawn.access.lookup.clone(),
        kind: TokenKind::Access,
        family_id: family.id.clone(),
        expires: family.access_expires,
        used: None,
        created: now,
    }
}

/// The servers for which the tokens are: those that the user allowed, or some of them.
fn targets(allowed: &[String], ask: &TokenAsk) -> Result<Vec<String>, Error> {
    let asked = requests::asked_resources(&ask.resource, &ask.audience)?;
    if let Some(other) = asked.iter().find(|uri| !allowed.contains(uri)) {
        return Err(Fault::Oauth2InvalidTarget.with("resource", other));
    }
    Ok(if asked.is_empty() { allowed.to_vec() } else { asked })
}

fn check_verifier(challenge: Option<&str>, verifier: &str) -> Result<(), Error> {
    let is_right = match challenge {
        // A verifier for a code that has none: somebody took the challenge out of the request.
        None => verifier.is_empty(),
        Some(challenge) => !verifier.is_empty() && is_equal(&pkce_challenge(verifier), challenge),
    };
    if is_right { Ok(()) } else { Err(invalid("the verifier is another one")) }
}

/// End a token of an application: an access token alone, or with a refresh token everything that came with it (RFC 7009).
/// Nothing is said about tokens that are unknown or another application's.
///
/// # Errors
/// `oauth2_invalid_client`.
pub async fn revoke(cx: &Cx, token: &str, client_id: &str, client_secret: &str) -> Result<(), Error> {
    server(cx)?;
    let client = Client::of(cx, client_id, client_secret)?;
    let (actor, lookup) = (cx.clone(), cx.app.secrets.lookup(token));
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            let app = client.proven_now(&actor, &tx).await?;
            let Some(token) = tx.token_by_lookup(&lookup).await? else { return Ok(()) };
            let family = tx.family_by_id(&token.family_id).await?;
            if family.is_none_or(|family| family.app_id != app.id) {
                return Ok(());
            }
            match token.kind {
                TokenKind::Access => tx.token_delete(&lookup).await?,
                TokenKind::Refresh => drop(tx.family_delete(&token.family_id).await?),
            }
            Ok::<_, Error>(())
        })
        .await
}
