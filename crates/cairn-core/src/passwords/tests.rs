//! Hashes match their passwords and nothing else.

use cairn_std::Rng;

use super::{HashCost, Passwords};

#[tokio::test]
async fn a_hash_matches_its_password_only() {
    let passwords = Passwords::start(HashCost::LEAST, 1, Rng::seeded(3)).expect("starts");
    let hash = passwords.hash("correct horse").await.expect("hashes");
    assert!(hash.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{hash}");
    assert!(passwords.is_match("correct horse", &hash).await.expect("compares"));
    assert!(!passwords.is_match("correct house", &hash).await.expect("compares"));
    assert!(!passwords.is_match("correct horse", "not a hash").await.expect("compares"));
    assert_ne!(hash, passwords.hash("correct horse").await.expect("hashes"), "every hash has its own salt");
}
