//! Two vocabularies, one set of handlers: the same routes speak of collections, attributes and documents under
//! `/databases`, and of tables, columns and rows under `/tablesdb`.
//!
//! Handlers and their parameters are written in the words of documents; [`tables!`] makes the twin of one.

use std::borrow::Cow;
use std::future::Future;
use std::sync::Arc;

use cairn_core::Cx;
use cairn_faults::{Error, Fault, Violation, Vocabulary};
use cairn_http::exchange::Exchange;
use cairn_http::params::ParamMap;
use cairn_http::route::{Call, Reply};
use cairn_http::spec::{FromParams, ParamSpec};

/// Names of parameters and members: as tables call them, as documents do.
const WORDS: [(&str, &str); 8] = [
    ("relatedTableId", "relatedCollectionId"),
    ("tableId", "collectionId"),
    ("rowId", "documentId"),
    ("rowSecurity", "documentSecurity"),
    ("rowAuthors", "documentAuthors"),
    ("columns", "attributes"),
    ("column", "attribute"),
    ("rows", "documents"),
];

/// Nouns in descriptions: as documents have them, as tables do.
const NOUNS: [(&str, &str); 6] = [
    ("Collection", "Table"),
    ("collection", "table"),
    ("Attribute", "Column"),
    ("attribute", "column"),
    ("Document", "Row"),
    ("document", "row"),
];

/// A handler that reads its parameters in the words of tables.
macro_rules! tables {
    ($function:path) => {
        cairn_http::route::Handler {
            call: |cx, params, exchange| $crate::words::run_in_tables($function, cx, params, exchange),
            specs: || $crate::words::specs_in_tables($function),
        }
    };
}
pub(crate) use tables;

type Pending = std::pin::Pin<Box<dyn Future<Output = Reply> + Send>>;

/// Read the parameters in the words of tables and run the handler; for [`tables!`].
pub(crate) fn run_in_tables<P, F, Fut>(
    handler: F,
    cx: Cx,
    mut map: ParamMap,
    exchange: Arc<Exchange>,
) -> Pending
where
    P: FromParams + Send + 'static,
    F: FnOnce(Call<P>) -> Fut + Send + 'static,
    Fut: Future<Output = Reply> + Send + 'static,
{
    for (table, document) in WORDS {
        map.rename(table, document);
    }
    match P::from_params(&map) {
        Ok(params) => Box::pin(handler(Call { cx, params, exchange })),
        Err(error) => Box::pin(std::future::ready(Err(in_tables(error)))),
    }
}

/// The parameters of a handler in the words of tables; for [`tables!`].
pub(crate) fn specs_in_tables<P, F, Fut>(_: F) -> Vec<ParamSpec>
where
    P: FromParams,
    F: FnOnce(Call<P>) -> Fut,
{
    let mut specs = P::specs();
    for spec in &mut specs {
        if let Some((table, _)) = WORDS.iter().find(|(_, document)| *document == spec.name) {
            spec.name = table;
        }
        for (document, table) in NOUNS {
            spec.description = spec.description.replace(document, table);
        }
    }
    specs
}

/// An event of the log, which has it in the words of documents.
pub(crate) fn event_in(event: &str, words: Vocabulary) -> Cow<'_, str> {
    let Some((noun, verb)) = event.split_once('.').filter(|_| words == Vocabulary::Tables) else {
        return event.into();
    };
    match NOUNS.iter().find(|(document, _)| noun.trim_end_matches('s') == *document) {
        Some((document, table)) => format!("{}.{verb}", noun.replacen(document, table, 1)).into(),
        None => event.into(),
    }
}

/// Violations name parameters as the caller does.
fn in_tables(error: Error) -> Error {
    if error.fault() != Fault::GeneralArgumentInvalid {
        return error;
    }
    let rename = |violation: &Violation| {
        let param = violation.param();
        let mut renamed = violation.clone();
        if let Some((table, document)) = WORDS.iter().find(|(_, document)| *document == param) {
            renamed.pointer = violation.pointer.replacen(document, table, 1);
        }
        renamed
    };
    Error::invalid_params(error.violations().iter().map(rename).collect())
}
