//! How much is used: totals, and points by hours or days.

use cairn_http::model;
use cairn_http::model::Kind;
use cairn_http::model::Kind::{Integer, List, Of, Text, Time};

model! {
    /// How many came in a step of time, less those that went.
    pub(crate) METRIC = "metric" { "value": Integer, "date": Time }
}

model! {
    /// The part of a total that one thing has.
    pub(crate) METRIC_BREAKDOWN = "metricBreakdown" { "resourceId": Text, "name": Text, "value": Integer }
}

const POINTS: Kind = List(&Of(&METRIC));
const PARTS: Kind = List(&Of(&METRIC_BREAKDOWN));

model! {
    /// Users and sessions.
    pub(crate) USAGE_USERS = "usageUsers" {
        "range": Text,
        "usersTotal": Integer,
        "users": POINTS,
        "sessionsTotal": Integer,
        "sessions": POINTS,
    }
}

/// What is in databases and was done with it; the names of reads and writes differ, and what stands behind the name is
/// its own.
macro_rules! databases {
    (
        $(#[doc = $doc:literal])*
        $const:ident = $name:literal { $($own:literal: $kind:expr),* $(,)? }
        $reads:literal, $reads_total:literal, $writes:literal, $writes_total:literal
    ) => {
        model! {
            $(#[doc = $doc])*
            pub(crate) $const = $name {
                "range": Text,
                $($own: $kind,)*
                "collectionsTotal": Integer,
                "collections": POINTS,
                "tablesTotal": Integer,
                "tables": POINTS,
                "documentsTotal": Integer,
                "documents": POINTS,
                "rowsTotal": Integer,
                "rows": POINTS,
                "storageTotal": Integer,
                "storage": POINTS,
                $reads_total: Integer,
                $reads: POINTS,
                $writes_total: Integer,
                $writes: POINTS,
            }
        }
    };
}

databases! {
    /// All databases of a project. Collections are also told as tables, documents also as rows.
    USAGE_DATABASES = "usageDatabases" { "databasesTotal": Integer, "databases": POINTS }
    "databasesReads", "databasesReadsTotal", "databasesWrites", "databasesWritesTotal"
}

databases! {
    /// One database. Collections are also told as tables, documents also as rows.
    USAGE_DATABASE = "usageDatabase" {}
    "databaseReads", "databaseReadsTotal", "databaseWrites", "databaseWritesTotal"
}

model! {
    /// One collection.
    pub(crate) USAGE_COLLECTION = "usageCollection" {
        "range": Text,
        "documentsTotal": Integer,
        "documents": POINTS,
    }
}

model! {
    /// One table.
    pub(crate) USAGE_TABLE = "usageTable" { "range": Text, "rowsTotal": Integer, "rows": POINTS }
}

model! {
    /// A project. Of what it does not have, there is nothing.
    pub(crate) USAGE_PROJECT = "usageProject" {
        "executionsTotal": Integer,
        "documentsTotal": Integer,
        "rowsTotal": Integer,
        "databasesTotal": Integer,
        "databasesStorageTotal": Integer,
        "usersTotal": Integer,
        "filesStorageTotal": Integer,
        "functionsStorageTotal": Integer,
        "buildsStorageTotal": Integer,
        "deploymentsStorageTotal": Integer,
        "bucketsTotal": Integer,
        "executionsMbSecondsTotal": Integer,
        "buildsMbSecondsTotal": Integer,
        "databasesReadsTotal": Integer,
        "databasesWritesTotal": Integer,
        "requests": POINTS,
        "network": POINTS,
        "users": POINTS,
        "executions": POINTS,
        "executionsBreakdown": PARTS,
        "bucketsBreakdown": PARTS,
        "databasesStorageBreakdown": PARTS,
        "executionsMbSecondsBreakdown": PARTS,
        "buildsMbSecondsBreakdown": PARTS,
        "functionsStorageBreakdown": PARTS,
        "authPhoneTotal": Integer,
        "authPhoneEstimate": Integer,
        "authPhoneCountryBreakdown": PARTS,
        "databasesReads": POINTS,
        "databasesWrites": POINTS,
        "imageTransformations": POINTS,
        "imageTransformationsTotal": Integer,
        "networkTotal": Integer,
        "backupsStorageTotal": Integer,
        "screenshotsGenerated": POINTS,
        "screenshotsGeneratedTotal": Integer,
        "imagineCredits": POINTS,
        "imagineCreditsTotal": Integer,
    }
}
