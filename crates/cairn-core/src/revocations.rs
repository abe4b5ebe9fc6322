//! What ends when an account has another password or another owner: sessions, and what applications hold for the user.
//!
//! INVARIANT: where other sessions end, the tokens of applications end with them: whoever could sign in could also allow an
//! application, and would come back through it. What the user allowed stays, so that the owner is not asked again.

use cairn_faults::Error;
use cairn_model::ids::{SessionId, UserId};
use cairn_store::Tx;

#[cfg(test)]
mod tests;

/// End all sessions of a user but one, and all that applications hold, in the transaction that changed what they were opened with.
pub(crate) async fn end_others(tx: &Tx, user_id: &UserId, kept: Option<&SessionId>) -> Result<(), Error> {
    match kept {
        None => drop(tx.session_delete_all(user_id).await?),
        Some(kept) => {
            for session in tx.session_list(user_id).await?.iter().filter(|session| session.id != *kept) {
                tx.session_delete(user_id, &session.id).await?;
            }
        }
    }
    end_tokens(tx, user_id).await
}

/// End the access and refresh tokens that applications hold for a user, and the codes that wait to become some.
pub(crate) async fn end_tokens(tx: &Tx, user_id: &UserId) -> Result<(), Error> {
    tx.token_delete_all_of_user(user_id).await?;
    Ok(tx.grant_delete_approved(user_id).await?)
}
