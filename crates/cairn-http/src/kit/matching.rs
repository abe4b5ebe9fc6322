//! From a method and a path to a route.

use std::collections::HashMap;

use cairn_faults::Fault;
use http::Method;

use crate::route::{Route, Surface, Verb};

/// Every verb, in the order of the `Allow` header.
const VERBS: [Verb; 5] = [Verb::Get, Verb::Post, Verb::Put, Verb::Patch, Verb::Delete];

/// What the older management paths begin with; their canonical ones have the project in the header.
const MANAGEMENT: &str = "/v1/projects/{projectId}";

type Row = (&'static Surface, &'static Route);

pub(super) struct Matcher {
    paths: matchit::Router<Verbs>,
}

/// The routes of one path, by verb.
struct Verbs {
    pattern: &'static str,
    rows: [Option<Row>; VERBS.len()],
}

/// A route that was found.
pub(super) struct Matched {
    pub(super) surface: &'static Surface,
    pub(super) route: &'static Route,
    /// The path as it was declared: the canonical one or an alias.
    pub(super) pattern: &'static str,
    /// Parameters of the path, percent-decoded; also those that only an alias has.
    pub(super) path_params: Vec<(String, String)>,
    /// The project that a management path names.
    pub(super) path_project: Option<String>,
}

impl Matched {
    /// Whether the project in the path stands for the one in the header.
    pub(super) fn is_alias(&self) -> bool {
        self.path_project.is_some() && !self.route.path.starts_with(MANAGEMENT)
    }
}

/// No route, and why.
pub(super) struct Unmatched {
    pub(super) fault: Fault,
    /// The surface that has the path.
    pub(super) surface: Option<&'static Surface>,
    /// The methods that the path has, for the `Allow` header.
    pub(super) allow: Option<String>,
}

impl Matcher {
    pub(super) fn new(surfaces: &'static [Surface]) -> Self {
        let mut by_path: HashMap<&'static str, Verbs> = HashMap::new();
        for surface in surfaces {
            for route in surface.routes.iter().copied().flatten() {
                for pattern in route.paths() {
                    let verbs = by_path.entry(pattern).or_insert(Verbs { pattern, rows: Default::default() });
                    let taken = verbs.rows[route.verb as usize].replace((surface, route));
                    assert!(taken.is_none(), "two routes are {} {pattern}", route.verb.name());
                }
            }
        }
        let mut paths = matchit::Router::new();
        for (path, verbs) in by_path {
            paths.insert(path, verbs).unwrap_or_else(|error| panic!("the path {path}: {error}"));
        }
        Self { paths }
    }

    pub(super) fn find(&self, method: &Method, path: &str) -> Result<Matched, Unmatched> {
        let path = if path.len() > 1 { path.trim_end_matches('/') } else { path };
        let nowhere = |_| Unmatched { fault: Fault::GeneralRouteNotFound, surface: None, allow: None };
        let found = self.paths.at(path).map_err(nowhere)?;
        let Verbs { pattern, rows } = found.value;
        let verb = Verb::of(method).ok_or_else(|| unmatched(Fault::MethodUnknown, rows))?;
        let (surface, route) =
            rows[verb as usize].ok_or_else(|| unmatched(Fault::GeneralNotImplemented, rows))?;
        let path_params: Vec<(String, String)> =
            found.params.iter().map(|(name, value)| (name.to_owned(), percent_decoded(value))).collect();
        let in_path = || path_params.iter().find(|(name, _)| name == "projectId").map(|(_, id)| id.clone());
        let path_project = pattern.starts_with(MANAGEMENT).then(in_path).flatten();
        Ok(Matched { surface, route, pattern, path_params, path_project })
    }
}

/// A path that exists, but not with this method.
fn unmatched(fault: Fault, rows: &[Option<Row>; VERBS.len()]) -> Unmatched {
    let mut methods = Vec::new();
    for verb in VERBS.into_iter().filter(|verb| rows[*verb as usize].is_some()) {
        methods.push(verb.name());
        if verb == Verb::Get {
            methods.push("HEAD");
        }
    }
    methods.push("OPTIONS");
    let surface = rows.iter().flatten().map(|(surface, _)| *surface).next();
    Unmatched { fault, surface, allow: Some(methods.join(", ")) }
}

fn percent_decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}
