//! Conversions between wire versions: the native form is that of 2.0.0, older ones are small steps away.
//!
//! A file per capability under `versions/` holds its steps; the tables here gather them and put them in order, which is
//! done while compiling.

use cairn_http::wire_version::{RequestStep, ResponseStep, WireSteps, WireVersion};

mod documents;
mod platform;
#[cfg(test)]
mod tests;
mod users;

const REQUEST_PARTS: &[&[RequestStep]] = &[documents::REQUESTS, platform::REQUESTS];
const RESPONSE_PARTS: &[&[ResponseStep]] = &[platform::RESPONSES, users::RESPONSES];

/// All steps of the surface.
pub(crate) const STEPS: WireSteps = WireSteps { requests: REQUESTS, responses: RESPONSES };

const REQUESTS: &[RequestStep] = &requests::<{ count(REQUEST_PARTS) }>();
const RESPONSES: &[ResponseStep] = &responses::<{ count(RESPONSE_PARTS) }>();

const fn count<T>(parts: &[&[T]]) -> usize {
    let (mut count, mut place) = (0, 0);
    while place < parts.len() {
        count += parts[place].len();
        place += 1;
    }
    count
}

const fn is_below(left: WireVersion, right: WireVersion) -> bool {
    if left.major != right.major {
        return left.major < right.major;
    }
    if left.minor != right.minor {
        return left.minor < right.minor;
    }
    left.patch < right.patch
}

/// Gather the parts and sort them, steps of one version staying in the order in which they stand.
macro_rules! gathered {
    ($name:ident, $step:ident, $parts:ident, $is_before:expr) => {
        const fn $name<const N: usize>() -> [$step; N] {
            let mut steps = [$parts[0][0]; N];
            let (mut part, mut place, mut count) = (0, 0, 0);
            while part < $parts.len() {
                while place < $parts[part].len() {
                    let step = $parts[part][place];
                    let mut at = count;
                    while at > 0 && is_before(step.below, steps[at - 1].below, $is_before) {
                        steps[at] = steps[at - 1];
                        at -= 1;
                    }
                    steps[at] = step;
                    place += 1;
                    count += 1;
                }
                part += 1;
                place = 0;
            }
            steps
        }
    };
}

/// Which versions come first in a table.
#[derive(Clone, Copy)]
enum First {
    Oldest,
    Newest,
}

const fn is_before(left: WireVersion, right: WireVersion, first: First) -> bool {
    match first {
        First::Oldest => is_below(left, right),
        First::Newest => is_below(right, left),
    }
}

gathered!(requests, RequestStep, REQUEST_PARTS, First::Oldest);
gathered!(responses, ResponseStep, RESPONSE_PARTS, First::Newest);
