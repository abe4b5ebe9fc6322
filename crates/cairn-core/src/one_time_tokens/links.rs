//! Links in messages.

use cairn_faults::Error;
use url::Url;

/// `base` with these parameters; those of the same name that it had are gone.
///
/// # Errors
/// `general_argument_invalid` of the parameter `url` where it cannot have a query.
pub(crate) fn link(base: &str, params: &[(&str, &str)]) -> Result<String, Error> {
    let parsed = Url::parse(base).ok().filter(|url| !url.cannot_be_a_base());
    let mut url = parsed.ok_or_else(|| Error::invalid_param("url", "must be a URL with a host"))?;
    let kept: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| params.iter().all(|(new, _)| name != new))
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    url.query_pairs_mut().clear().extend_pairs(kept).extend_pairs(params);
    Ok(url.into())
}
