//! Scenarios: requests through the whole server and what comes of them, on every engine.
//!
//! A module per capability and surface. A scenario names the rows of the contract that it proves; the ratchet
//! (`contract.rs`) compares them with `contract/`, and another one (`routes.rs`) asks every route who may use it.

// A scenario is one future with those of all its requests inside.
#![recursion_limit = "256"]

mod abilities;
mod account_api;
mod accounts;
mod administration;
mod anything;
mod apps;
mod ask;
mod authors;
mod bad_input;
mod chat;
mod contract;
mod databases;
mod everlive;
mod factors;
mod failures;
mod figures;
mod formats;
mod general;
mod idempotency;
mod indexes;
mod keys;
mod limits;
mod mail;
mod oauth;
mod platform;
mod reasons;
mod refusals;
mod relationships;
mod routes;
mod safety;
mod teams;
mod transactions;
mod users;

use contract::Scenario;

/// The scenarios of every module, for the ratchet. A new module adds its `SCENARIOS` here.
const ALL: &[&[Scenario]] = &[
    account_api::community::SCENARIOS,
    account_api::connections::SCENARIOS,
    account_api::entrance::SCENARIOS,
    account_api::factors::SCENARIOS,
    account_api::natives::SCENARIOS,
    account_api::recovery::SCENARIOS,
    account_api::sheet::SCENARIOS,
    accounts::SCENARIOS,
    administration::SCENARIOS,
    apps::SCENARIOS,
    authors::SCENARIOS,
    chat::SCENARIOS,
    databases::SCENARIOS,
    everlive::SCENARIOS,
    factors::SCENARIOS,
    failures::SCENARIOS,
    figures::SCENARIOS,
    general::SCENARIOS,
    idempotency::SCENARIOS,
    oauth::SCENARIOS,
    keys::SCENARIOS,
    limits::SCENARIOS,
    mail::SCENARIOS,
    platform::SCENARIOS,
    reasons::SCENARIOS,
    refusals::SCENARIOS,
    relationships::SCENARIOS,
    teams::SCENARIOS,
    transactions::SCENARIOS,
    users::SCENARIOS,
];

/// Declare scenarios: each becomes a test that runs on every engine, and a row of the module's `SCENARIOS`.
///
/// ```ignore
/// scenarios! {
///     /// Why this happens.
///     user_blocked proves ["appwrite-types-1.9.csv,user_blocked", "appwrite-types.csv,user_blocked"] (app) {
///         let project = app.project().await;
///         ...
///         answer.expect_fault(403, "user_blocked");
///     }
/// }
/// ```
macro_rules! scenarios {
    ($($(#[$doc:meta])* $name:ident proves [$($row:literal),* $(,)?] ($app:ident) $body:block)+) => {
        /// The scenarios of this module.
        pub(crate) const SCENARIOS: &[crate::contract::Scenario] =
            &[$(crate::contract::Scenario { name: stringify!($name), proves: &[$($row),*] }),+];

        $($(#[$doc])*
        #[test]
        fn $name() {
            cairn_testkit::app::each_engine(async |$app| $body);
        })+
    };
}
pub(crate) use scenarios;
