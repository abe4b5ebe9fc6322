//! How much of a project is used: of the whole, of its databases and of its users.

use cairn_core::usage::{self, Breakdown, DatabaseUsage, Figure, Point, Span, UsageRange};
use cairn_faults::Fault;
use cairn_http::rules::{Choices, Defaulted, Rule, choices, datetime, uid};
use cairn_http::{Answer, Call, Reply, Route, handler, params};
use cairn_model::usage::Step;
use cairn_std::Timestamp;
use serde_json::{Value, json};

use crate::models::{
    USAGE_COLLECTION, USAGE_DATABASE, USAGE_DATABASES, USAGE_PROJECT, USAGE_TABLE, USAGE_USERS,
};
use crate::schemas::{READ_COLLECTIONS, collection_params, place};
use crate::users::READ as READ_USERS;
use crate::wire::{Object, object};
use crate::words::tables;

const TOLD: &[Fault] = &[Fault::GeneralUsageDisabled, Fault::UserUnauthorized];
const OF_DATABASE: &[Fault] =
    &[Fault::GeneralUsageDisabled, Fault::UserUnauthorized, Fault::DatabaseNotFound];
const OF_COLLECTION: &[Fault] = &[
    Fault::GeneralUsageDisabled,
    Fault::UserUnauthorized,
    Fault::DatabaseNotFound,
    Fault::CollectionNotFound,
];

/// The routes of this capability.
pub const ROUTES: &[Route] = &[
    Route::get("/v1/users/usage", "users.getUsage", handler!(get_users_usage))
        .ok(&USAGE_USERS)
        .scopes(READ_USERS)
        .faults(TOLD),
    Route::get("/v1/project/usage", "project.getUsage", handler!(get_project_usage))
        .ok(&USAGE_PROJECT)
        .scopes(&["project.read", "projects.read"])
        .faults(TOLD),
    Route::get("/v1/databases/usage", "databases.listUsage", handler!(list_databases_usage))
        .ok(&USAGE_DATABASES)
        .scopes(READ_COLLECTIONS)
        .faults(TOLD),
    Route::get("/v1/databases/{databaseId}/usage", "databases.getUsage", handler!(get_database_usage))
        .ok(&USAGE_DATABASE)
        .scopes(READ_COLLECTIONS)
        .faults(OF_DATABASE),
    Route::get(
        "/v1/databases/{databaseId}/collections/{collectionId}/usage",
        "databases.getCollectionUsage",
        handler!(get_collection_usage),
    )
    .ok(&USAGE_COLLECTION)
    .scopes(READ_COLLECTIONS)
    .faults(OF_COLLECTION),
    Route::get("/v1/tablesdb/usage", "tablesDB.listUsage", tables!(list_databases_usage))
        .ok(&USAGE_DATABASES)
        .tables()
        .scopes(READ_COLLECTIONS)
        .faults(TOLD),
    Route::get("/v1/tablesdb/{databaseId}/usage", "tablesDB.getUsage", tables!(get_database_usage))
        .ok(&USAGE_DATABASE)
        .tables()
        .scopes(READ_COLLECTIONS)
        .faults(OF_DATABASE),
    Route::get(
        "/v1/tablesdb/{databaseId}/tables/{tableId}/usage",
        "tablesDB.getTableUsage",
        tables!(get_table_usage),
    )
    .ok(&USAGE_TABLE)
    .tables()
    .scopes(READ_COLLECTIONS)
    .faults(OF_COLLECTION),
];

/// Over which time.
fn range() -> Defaulted<Choices<UsageRange>> {
    const RANGES: &[(&str, UsageRange)] =
        &[("24h", UsageRange::Day), ("30d", UsageRange::Month), ("90d", UsageRange::Quarter)];
    choices(RANGES).or(UsageRange::Month, json!("30d"))
}

params! {
    pub(crate) struct OfRange {
        /// Over which time: `24h`, `30d` or `90d`.
        range: UsageRange = "range" => range(),
    }
}

async fn get_users_usage(call: Call<OfRange>) -> Reply {
    let range = call.params.range;
    let usage = usage::users(&call.cx, range).await?;
    let shown = told(range, &[("users", &usage.users), ("sessions", &usage.sessions)]);
    Ok(Answer::ok("usageUsers", shown))
}

async fn list_databases_usage(call: Call<OfRange>) -> Reply {
    let range = call.params.range;
    let usage = usage::databases(&call.cx, range).await?;
    let mut figures = vec![("databases", &usage.databases)];
    figures.extend(of_database(&usage.all, ["databasesReads", "databasesWrites"]));
    Ok(Answer::ok("usageDatabases", told(range, &figures)))
}

params! {
    pub(crate) struct OfDatabaseRange {
        /// The id of the database.
        database_id: String = "databaseId" => uid(),
        /// Over which time: `24h`, `30d` or `90d`.
        range: UsageRange = "range" => range(),
    }
}

async fn get_database_usage(call: Call<OfDatabaseRange>) -> Reply {
    let OfDatabaseRange { database_id, range } = call.params;
    let usage = usage::database(&call.cx, &database_id, range).await?;
    let figures = of_database(&usage, ["databaseReads", "databaseWrites"]);
    Ok(Answer::ok("usageDatabase", told(range, &figures)))
}

collection_params! {
    pub(crate) struct OfCollectionRange {
        /// Over which time: `24h`, `30d` or `90d`.
        range: UsageRange = "range" => range(),
    }
}

async fn get_collection_usage(call: Call<OfCollectionRange>) -> Reply {
    let OfCollectionRange { database_id, collection_id, range } = call.params;
    let usage = usage::collection(&call.cx, &place(database_id, collection_id), range).await?;
    Ok(Answer::ok("usageCollection", told(range, &[("documents", &usage.documents)])))
}

async fn get_table_usage(call: Call<OfCollectionRange>) -> Reply {
    let OfCollectionRange { database_id, collection_id, range } = call.params;
    let usage = usage::collection(&call.cx, &place(database_id, collection_id), range).await?;
    Ok(Answer::ok("usageTable", told(range, &[("rows", &usage.documents)])))
}

params! {
    pub(crate) struct GetProjectUsage {
        /// The first instant.
        from: Timestamp = "startDate" => datetime(),
        /// The last instant.
        until: Timestamp = "endDate" => datetime(),
        /// By which steps: `1h` or `1d`.
        step: Step = "period" => choices(STEPS).or(Step::Day, json!("1d")),
    }
}

const STEPS: &[(&str, Step)] = &[("1h", Step::Hour), ("1d", Step::Day)];

async fn get_project_usage(call: Call<GetProjectUsage>) -> Reply {
    let GetProjectUsage { from, until, step } = call.params;
    let usage = usage::project(&call.cx, Span { from, until, step }).await?;
    Ok(Answer::ok("usageProject", project(&usage)))
}

/// What both vocabularies call the figures of a database. Reads and writes have names of their own.
fn of_database<'a>(
    usage: &'a DatabaseUsage,
    [reads, writes]: [&'static str; 2],
) -> Vec<(&'static str, &'a Figure)> {
    vec![
        ("collections", &usage.collections),
        ("tables", &usage.collections),
        ("documents", &usage.documents),
        ("rows", &usage.documents),
        ("storage", &usage.storage),
        (reads, &usage.reads),
        (writes, &usage.writes),
    ]
}

/// Figures with their totals.
fn told(range: UsageRange, figures: &[(&str, &Figure)]) -> Object {
    let mut shown = object(json!({ "range": range.name() }));
    for (name, figure) in figures {
        shown.insert(format!("{name}Total"), figure.total.into());
        shown.insert((*name).to_owned(), points(&figure.points));
    }
    shown
}

/// A project. Of functions, files, messages and images there are none to be used.
fn project(usage: &usage::ProjectUsage) -> Object {
    let mut shown = Object::new();
    for name in NOT_THERE {
        shown.insert((*name).to_owned(), 0.into());
    }
    for name in NOTHING_HAPPENED {
        shown.insert((*name).to_owned(), json!([]));
    }
    let own = object(json!({
        "documentsTotal": usage.documents_total,
        "rowsTotal": usage.documents_total,
        "databasesTotal": usage.databases_total,
        "databasesStorageTotal": usage.storage.total,
        "usersTotal": usage.users.total,
        "databasesReadsTotal": usage.reads.total,
        "databasesWritesTotal": usage.writes.total,
        "networkTotal": usage.network.total,
        "requests": points(&usage.requests.points),
        "network": points(&usage.network.points),
        "users": points(&usage.users.points),
        "databasesReads": points(&usage.reads.points),
        "databasesWrites": points(&usage.writes.points),
        "databasesStorageBreakdown": usage.storage_by_database.iter().map(part).collect::<Vec<_>>(),
    }));
    shown.extend(own);
    shown
}

/// Totals of what a project does not have.
const NOT_THERE: &[&str] = &[
    "executionsTotal",
    "filesStorageTotal",
    "functionsStorageTotal",
    "buildsStorageTotal",
    "deploymentsStorageTotal",
    "bucketsTotal",
    "executionsMbSecondsTotal",
    "buildsMbSecondsTotal",
    "authPhoneTotal",
    "authPhoneEstimate",
    "imageTransformationsTotal",
    "backupsStorageTotal",
    "screenshotsGeneratedTotal",
    "imagineCreditsTotal",
];
/// Lists of what a project does not have.
const NOTHING_HAPPENED: &[&str] = &[
    "executions",
    "executionsBreakdown",
    "bucketsBreakdown",
    "executionsMbSecondsBreakdown",
    "buildsMbSecondsBreakdown",
    "functionsStorageBreakdown",
    "authPhoneCountryBreakdown",
    "imageTransformations",
    "screenshotsGenerated",
    "imagineCredits",
];

fn points(points: &[Point]) -> Value {
    points.iter().map(|point| json!({ "value": point.value, "date": point.at.to_wire() })).collect()
}

fn part(part: &Breakdown) -> Value {
    json!({ "resourceId": part.id, "name": part.name, "value": part.value })
}
