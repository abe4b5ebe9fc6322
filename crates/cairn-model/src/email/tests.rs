//! Addresses and what they say.

use super::EmailFacts;

#[test]
fn spellings_of_one_mailbox_share_a_form() {
    for (address, canonical) in [
        ("John.Doe+news@GoogleMail.com", "johndoe@gmail.com"),
        ("johndoe@gmail.com", "johndoe@gmail.com"),
        ("jane-shop@yahoo.com", "jane@yahoo.com"),
        ("jane+x@example.org", "jane+x@example.org"),
        ("+@gmail.com", "+@gmail.com"),
    ] {
        let facts = EmailFacts::of(address).unwrap();
        assert_eq!(facts.canonical, canonical, "{address}");
        assert_eq!(facts.is_canonical, address == canonical, "{address}");
    }
}

#[test]
fn services_are_told_apart() {
    let kind = |address: &str| {
        let facts = EmailFacts::of(address).unwrap();
        (facts.is_free, facts.is_disposable, facts.is_corporate)
    };
    assert_eq!(kind("a@gmail.com"), (true, false, false));
    assert_eq!(kind("a@mailinator.com"), (false, true, false));
    assert_eq!(kind("a@cairn.example"), (false, false, true));
    assert_eq!(EmailFacts::of("nobody"), None);
}
