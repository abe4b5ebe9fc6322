//! Countries come out of a database in the MMDB form; the one here knows a single network.

use std::net::IpAddr;

use cairn_testkit::mmdb::database;

use super::Geo;

fn ip(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

#[test]
fn an_address_lies_where_the_database_says() {
    let geo = Geo::from_bytes(database("gb")).expect("a database");
    assert_eq!(geo.country(ip("81.2.69.142")).as_deref(), Some("GB"));
    assert_eq!(
        geo.country(ip("::ffff:81.2.69.142")).as_deref(),
        Some("GB"),
        "a mapped address is the same one"
    );
    assert_eq!(geo.country(ip("81.3.0.1")), None);
    assert_eq!(geo.country(ip("2001:db8::1")), None);
}

#[test]
fn what_is_no_country_is_not_told() {
    assert_eq!(Geo::default().country(ip("81.2.69.142")), None, "without a database nobody knows");
    for code in ["", "G", "GBR", "1!"] {
        let geo = Geo::from_bytes(database(code)).expect("a database");
        assert_eq!(geo.country(ip("81.2.69.142")), None, "{code:?}");
    }
    Geo::from_bytes(b"not a database".to_vec()).expect_err("is refused");
}
