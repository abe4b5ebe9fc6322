//! From a method and a path to a route.

use cairn_faults::Fault;
use http::Method;

use crate::route::{Route, Surface, Verb};

/// Every verb, in the order of the `Allow` header.
const VERBS: [Verb; 5] = [Verb::Get, Verb::Post, Verb::Put, Verb::Patch, Verb::Delete];

/// What the older management paths begin with; their canonical ones have the project in the header.
const MANAGEMENT: &str = "/v1/projects/{projectId}";
/// What the older paths of an organization's things begin with; their canonical ones have it in the header.
const ORGANIZATION: &str = "/v1/organizations/{organizationId}/";
/// What an organization does with one of its projects; the caller needs rights on that one.
const OF_ORGANIZATION: &str = "/v1/organization/projects/{projectId}";

/// What the addresses of a project's OAuth2 server begin with.
const SERVER: &str = "/v1/oauth2/{project_id}/";

/// The routes, by verb: a path of one method never hides a parameter's value from another method.
pub(super) struct Matcher {
    by_verb: [matchit::Router<Row>; VERBS.len()],
}

#[derive(Clone, Copy)]
struct Row {
    /// The path as it was declared: the canonical one or an alias.
    pattern: &'static str,
    surface: &'static Surface,
    route: &'static Route,
}

/// A route that was found.
pub(super) struct Matched {
    pub(super) surface: &'static Surface,
    pub(super) route: &'static Route,
    /// The path as it was declared: the canonical one or an alias.
    pub(super) pattern: &'static str,
    /// Parameters of the path, percent-decoded; also those that only an alias has.
    pub(super) path_params: Vec<(&'static str, String)>,
    /// The project on which the caller needs rights.
    pub(super) path_project: Option<String>,
    /// The organization that the request is about, where the path names it.
    pub(super) path_organization: Option<String>,
    /// The project whose OAuth2 server the path names.
    pub(super) path_server: Option<String>,
}

impl Matched {
    /// Whether the project in the path stands for the one in the header.
    pub(super) fn is_alias(&self) -> bool {
        self.is_bound() && !self.route.path.starts_with(MANAGEMENT)
    }

    /// Whether the request may be about no other project than the one in the path.
    pub(super) fn is_bound(&self) -> bool {
        self.pattern.starts_with(MANAGEMENT)
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
        let mut by_verb: [matchit::Router<Row>; VERBS.len()] = Default::default();
        for surface in surfaces {
            for route in surface.routes.iter().copied().flatten() {
                for pattern in route.paths() {
                    by_verb[route.verb as usize]
                        .insert(pattern, Row { pattern, surface, route })
                        .unwrap_or_else(|error| panic!("the route {} {pattern}: {error}", route.verb.name()));
                }
            }
        }
        Self { by_verb }
    }

    pub(super) fn find(&self, method: &Method, path: &str) -> Result<Matched, Unmatched> {
        let path = if path.len() > 1 { path.trim_end_matches('/') } else { path };
        let Some(verb) = Verb::of(method) else { return Err(self.unmatched(Fault::MethodUnknown, path)) };
        let Ok(found) = self.by_verb[verb as usize].at(path) else {
            return Err(self.unmatched(Fault::GeneralNotImplemented, path));
        };
        let Row { pattern, surface, route } = *found.value;
        let values = found.params.iter().map(|(_, value)| percent_decoded(value));
        let path_params: Vec<(&'static str, String)> = names(pattern).zip(values).collect();
        let in_path =
            |wanted: &str| path_params.iter().find(|(name, _)| *name == wanted).map(|(_, id)| id.clone());
        let is_managing = pattern.starts_with(MANAGEMENT) || pattern.starts_with(OF_ORGANIZATION);
        let path_project = is_managing.then(|| in_path("projectId")).flatten();
        let path_organization =
            pattern.starts_with(ORGANIZATION).then(|| in_path("organizationId")).flatten();
        let path_server = pattern.starts_with(SERVER).then(|| in_path("project_id")).flatten();
        Ok(Matched { surface, route, pattern, path_params, path_project, path_organization, path_server })
    }

    /// Why there is no route: `fault` where other methods have the path.
    fn unmatched(&self, fault: Fault, path: &str) -> Unmatched {
        let mut methods = Vec::new();
        let mut surface = None;
        for verb in VERBS {
            if let Ok(found) = self.by_verb[verb as usize].at(path) {
                surface = surface.or(Some(found.value.surface));
                methods.push(verb.name());
                methods.extend((verb == Verb::Get).then_some("HEAD"));
            }
        }
        if methods.is_empty() {
            return Unmatched { fault: Fault::GeneralRouteNotFound, surface: None, allow: None };
        }
        methods.push("OPTIONS");
        Unmatched { fault, surface, allow: Some(methods.join(", ")) }
    }
}

/// The names of a path's parameters, in its order.
fn names(pattern: &'static str) -> impl Iterator<Item = &'static str> {
    pattern.split('{').skip(1).filter_map(|rest| rest.split('}').next())
}

/// A text without its percent signs; most have none, and finding that out byte by byte takes longer than the rest.
pub(super) fn percent_decoded(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}
