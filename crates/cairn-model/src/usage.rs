//! How much of a project is used: what is counted, of what, and over which steps of time.
//!
//! Figures are sums of what was added and taken away, so that a step tells by how much it changed.

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Metric {
    /// Requests that were answered.
    Requests,
    /// Bytes of the bodies of requests and answers.
    Network,
    /// Databases that are there.
    Databases,
    /// Collections that are there.
    Collections,
    /// Documents that are there.
    Documents,
    /// Bytes of the values of documents that are there.
    Storage,
    /// Documents that were read; a request that finds none counts as one.
    DatabaseReads,
    /// Documents that were made, changed or removed.
    DatabaseWrites,
}

impl Metric {
    /// Its name in the store.
    pub fn name(self) -> &'static str {
        match self {
            Self::Requests => "requests",
            Self::Network => "network",
            Self::Databases => "databases",
            Self::Collections => "collections",
            Self::Documents => "documents",
            Self::Storage => "storage",
            Self::DatabaseReads => "reads",
            Self::DatabaseWrites => "writes",
        }
    }

    /// Whether it tells how much is there: it goes with what it is counted of.
    pub fn is_level(self) -> bool {
        match self {
            Self::Databases | Self::Collections | Self::Documents | Self::Storage => true,
            Self::Requests | Self::Network | Self::DatabaseReads | Self::DatabaseWrites => false,
        }
    }

    /// Whether it is kept of each collection, and not only of its database and project.
    pub fn is_of_collections(self) -> bool {
        matches!(self, Self::Documents | Self::Storage)
    }
}

/// What it is counted of. What is counted of a part counts of the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    /// The project.
    Project,
    /// A database, by its number.
    Database(i64),
    /// A collection.
    Collection {
        /// The number of its database.
        database: i64,
        /// Its own number.
        number: i64,
    },
}

impl Subject {
    /// Its name in the store.
    pub fn name(self) -> String {
        match self {
            Self::Project => String::new(),
            Self::Database(number) => format!("database/{number}"),
            Self::Collection { number, .. } => format!("collection/{number}"),
        }
    }

    /// The whole that it is a part of.
    pub fn whole(self) -> Option<Self> {
        match self {
            Self::Project => None,
            Self::Database(_) => Some(Self::Project),
            Self::Collection { database, .. } => Some(Self::Database(database)),
        }
    }
}

/// By how much something changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// Of what.
    pub subject: Subject,
    /// What.
    pub metric: Metric,
    /// How many came, less those that went.
    pub amount: i64,
}

/// A step of time for which figures are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// An hour.
    Hour,
    /// A day of UTC.
    Day,
}

impl Step {
    /// Its name in the store.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
        }
    }

    /// How long it is.
    pub fn millis(self) -> i64 {
        match self {
            Self::Hour => 3_600_000,
            Self::Day => 86_400_000,
        }
    }

    /// How long its figures are kept: more than the longest time over which they are told.
    pub fn kept_ms(self) -> i64 {
        match self {
            Self::Hour => 8 * Self::Day.millis(),
            Self::Day => 400 * self.millis(),
        }
    }
}
