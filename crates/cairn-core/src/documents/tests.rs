//! Rights on documents.
