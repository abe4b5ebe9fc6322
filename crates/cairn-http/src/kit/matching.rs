//! From a method and a path to a route.

use std::collections::HashMap;

use cairn_faults::Fault;
use http::Method;

use crate::route::{Route, Surface, Verb};

pub(super) struct Matcher {
    paths: matchit::Router<HashMap<Verb, (&'static Surface, &'static Route)>>,
}

pub(super) struct Matched {
    pub(super) surface: &'static Surface,
    pub(super) route: &'static Route,
    pub(super) path_params: Vec<(String, String)>,
    /// The project in the path of an older management path, whose canonical one has it in the header.
    pub(super) is_alias: bool,
}

impl Matcher {
    pub(super) fn new(surfaces: &'static [Surface]) -> Self {
        let mut by_path: HashMap<&'static str, HashMap<Verb, (&'static Surface, &'static Route)>> =
            HashMap::new();
        for surface in surfaces {
            for route in surface.routes.iter().copied().flatten() {
                for path in route.paths() {
                    let taken = by_path.entry(path).or_default().insert(route.verb, (surface, route));
                    assert!(taken.is_none(), "two routes are {} {path}", route.verb.name());
                }
            }
        }
        let mut paths = matchit::Router::new();
        for (path, verbs) in by_path {
            paths.insert(path, verbs).unwrap_or_else(|error| panic!("the path {path}: {error}"));
        }
        Self { paths }
    }

    pub(super) fn find(&self, method: &Method, path: &str) -> Result<Matched, Fault> {
        let path = if path.len() > 1 { path.trim_end_matches('/') } else { path };
        let found = self.paths.at(path).map_err(|_| Fault::GeneralRouteNotFound)?;
        let verb = Verb::of(method).ok_or(Fault::MethodUnknown)?;
        let (surface, route) = found.value.get(&verb).copied().ok_or(Fault::GeneralNotImplemented)?;
        let path_params =
            found.params.iter().map(|(name, value)| (name.to_owned(), percent_decoded(value))).collect();
        let is_alias = path.starts_with("/v1/projects/") && !route.path.starts_with("/v1/projects/");
        Ok(Matched { surface, route, path_params, is_alias })
    }
}

fn percent_decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}
