//! Hashes match their passwords and nothing else.

use cairn_std::Rng;

use super::{HashCost, Passwords, is_affordable};

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

#[tokio::test]
async fn a_hash_that_would_take_all_memory_matches_nothing() {
    let passwords = Passwords::start(HashCost::LEAST, 1, Rng::seeded(3)).expect("starts");
    let hash = passwords.hash("correct horse").await.expect("hashes");
    assert!(is_affordable(&hash));
    for greedy in ["m=4294967295,t=1,p=1", "m=8,t=4294967295,p=1", "m=262145,t=1,p=1"] {
        let hash = hash.replace("m=8,t=1,p=1", greedy);
        assert!(!is_affordable(&hash), "{greedy}");
        assert!(!passwords.is_match("correct horse", &hash).await.expect("compares"), "{greedy}");
    }
}

#[tokio::test]
async fn a_hashing_thread_survives_a_panic() {
    let passwords = Passwords::start(HashCost::LEAST, 1, Rng::seeded(3)).expect("starts");
    let broken = passwords.run(|| -> () { panic!("a defect") }).await;
    assert_eq!(broken.expect_err("is told").fault(), cairn_faults::Fault::HashingFailed);
    passwords.hash("correct horse").await.expect("hashes");
}

#[tokio::test]
async fn hashing_is_nicer_than_everything_else() {
    let passwords = Passwords::start(HashCost::LEAST, 2, Rng::seeded(3)).expect("starts");
    let own = rustix::process::getpriority_process(None).expect("a priority");
    let theirs = passwords
        .run(|| rustix::process::getpriority_process(None))
        .await
        .expect("runs")
        .expect("a priority");
    assert_eq!(theirs, (own + super::NICENESS).min(19));
    assert_eq!(rustix::process::getpriority_process(None).expect("a priority"), own, "of that thread alone");
}
