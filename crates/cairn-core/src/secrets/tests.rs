//! What is sealed opens only with the same key and purpose.

use cairn_std::Rng;

use super::{SecretKey, Secrets, hash_secret, is_equal};

#[test]
fn sealed_text_opens_for_its_purpose_only() {
    let secrets = Secrets::new(&SecretKey::new(*b"one"), Rng::seeded(1));
    let sealed = secrets.seal("key", "standard_abc");
    assert_ne!(sealed, secrets.seal("key", "standard_abc"), "every sealing has its own nonce");
    assert_eq!(secrets.open("key", &sealed).expect("opens"), "standard_abc");
    assert!(secrets.open("variable", &sealed).is_err());
    assert!(Secrets::new(&SecretKey::new(*b"two"), Rng::seeded(1)).open("key", &sealed).is_err());
    assert!(secrets.open("key", "").is_err());
    assert!(secrets.open("key", "%%%").is_err());
}

#[test]
fn lookups_depend_on_the_key() {
    let of = |key: &[u8]| Secrets::new(&SecretKey::new(key), Rng::seeded(1)).lookup("s");
    assert_eq!(of(b"one"), of(b"one"));
    assert_ne!(of(b"one"), of(b"two"));
    assert!(is_equal(&hash_secret("s"), &hash_secret("s")));
    assert!(!is_equal(&hash_secret("s"), &hash_secret("t")));
}
