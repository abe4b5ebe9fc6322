//! The list of methods is the table's.

use cairn_model::oauth::providers;

use super::METHODS;

#[test]
fn every_provider_that_can_be_set_up_has_its_method() {
    let mut named: Vec<String> =
        providers().filter_map(|row| row.method).map(|method| format!("project.{method}")).collect();
    assert_eq!(named.remove(0), "project.updateOAuth2Amazon", "the route's own name");
    named.sort();
    assert_eq!(named, METHODS);
}
