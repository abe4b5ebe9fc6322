//! Telling people of a sign-in, where their project wants that.
//!
//! COMPAT(appwrite): not of the first session, and not of one that began with a mail. A sign-in does not fail because no
//! mail can be sent.

use cairn_faults::Error;
use cairn_model::sessions::Session;
use cairn_model::user_agent::UserAgent;
use cairn_model::users::User;
use cairn_std::Timestamp;

use crate::Cx;
use crate::mail::{self, Kind, Mailbox};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Tell the user of a session that has begun, after the commit.
pub(crate) async fn tell(cx: &Cx, session: &Session) {
    let is_of_mail = ["magic-url", "token"].contains(&session.provider.as_str())
        && session.factors.iter().any(|factor| factor == "email");
    if !cx.project.settings.policies.alerts_on_session || is_of_mail {
        return;
    }
    if let Err(error) = send(cx, session).await {
        tracing::debug!(project = cx.project.id(), %error, "nobody is told of a sign-in");
    }
}

async fn send(cx: &Cx, session: &Session) -> Result<(), Error> {
    let id = session.user_id.clone();
    let (user, count): (Option<User>, usize) = cx
        .store()
        .read(cx.project_ref(), |tx| async move {
            Ok::<_, Error>((tx.user_by_id(&id).await?, tx.session_list(&id).await?.len()))
        })
        .await?;
    let address = user.and_then(|user| user.email.map(|email| (user.name, email)));
    let Some((name, email)) = address.filter(|_| count > 1) else { return Ok(()) };
    let letter = mail::prepare(cx, Kind::SessionAlert).await?;
    let agent = UserAgent::parse(&session.user_agent);
    let device = if agent.client.name.is_empty() { "UNKNOWN" } else { &agent.client.name };
    let country = if session.country.is_empty() { "Unknown" } else { &session.country };
    let [date, year, time] = told(session.created);
    letter.send(cx, &Mailbox::new(&name, email), |values| {
        values
            .with("user", &name)
            .with("device", device)
            .with("ipAddress", &session.ip)
            .with("country", country)
            .with("date", date)
            .with("year", year)
            .with("time", time)
    });
    Ok(())
}

/// Day, year and time, as people read them.
fn told(at: Timestamp) -> [String; 3] {
    let text = at.to_wire();
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default().to_owned();
    let month =
        part(5, 7).parse().ok().and_then(|month: usize| MONTHS.get(month.checked_sub(1)?)).unwrap_or(&"");
    let day = part(8, 10);
    [format!("{month} {}", day.trim_start_matches('0')), part(0, 4), part(11, 19)]
}
