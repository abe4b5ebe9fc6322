//! Links in messages.

use cairn_faults::Error;
use url::Url;

/// `base` with these parameters; those of the same name that it had are gone.
///
/// # Errors
/// `general_argument_invalid` of the parameter `url` where it cannot have a query.
pub(crate) fn link(base: &str, params: &[(&str, &str)]) -> Result<String, Error> {
    let mut url = Url::parse(base).map_err(|_| Error::invalid_param("url", "is no URL"))?;
    let kept: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| params.iter().all(|(new, _)| name != new))
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    url.query_pairs_mut().clear().extend_pairs(kept).extend_pairs(params);
    Ok(url.into())
}
