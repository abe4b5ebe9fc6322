//! Hashes that other systems made are compared as those systems do.

use super::{Hashed, SHA_VERSIONS, Scheme, sha};

fn scrypt(cpu: u64, memory: u32, parallel: u32, length: usize) -> Scheme {
    Scheme::Scrypt { salt: "appwrite".to_owned(), cpu, memory, parallel, length }
}

fn firebase() -> Scheme {
    Scheme::ScryptModified {
        salt: "UxLMreBr6tYyjQ==".to_owned(),
        separator: "Bw==".to_owned(),
        signer_key:
            "XyEKE9RcTDeLEsL/RjwPDBv/RqDl8fb3gpYEOQaPihbxf1ZAtSOHCjuAAa7Q3oHpCYhXSN9tizHgVOwn6krflQ=="
                .to_owned(),
    }
}

const SCRYPT: &str = "3fdef49701bc4cfaacd551fe017283513284b4731e6945c263246ef948d3cf63b5d269c31fd697246085111a428245e24a4ddc6b64c687bc60a8910dbafc1d5b";

/// Each hash is of `appwrite`, made by another system.
#[test]
fn every_scheme_knows_its_password_and_no_other() {
    let sha512 = Scheme::Sha { version: "sha512".to_owned() };
    let cases = [
        (Scheme::Md5, "144fa7eaa4904e8ee120651997f70dcc"),
        (Scheme::Bcrypt, "$2y$05$abcdefghijklmnopqrstuuOToP16KV78Z9oaRd7Vc5jOMmcZVx.cS"),
        (
            Scheme::Argon2,
            "$argon2i$v=19$m=20,t=3,p=2$YXBwd3JpdGU$A/54i238ed09ZR4NwlACU5XnkjNBZU9QeOEuhjLiexI",
        ),
        (
            sha512,
            "4243da0a694e8a2f727c8060fe0507c8fa01ca68146c76d2c190805b638c20c6bf6ba04e21f11ae138785d0bff63c416e6f87badbffad37f6dee50094cc38c70",
        ),
        (scrypt(16_384, 13, 2, 64), SCRYPT),
        (Scheme::Phpass, "$P$Br387rwferoKN7uwHZqNMu98q3U8RO."),
        (
            firebase(),
            "UlM7JiXRcQhzAGlaonpSqNSLIz475WMddOgLjej5De9vxTy48K6WtqlEzrRFeK4t0COfMhWCb8wuMHgxOFCHFQ==",
        ),
    ];
    for (scheme, hash) in cases {
        let hashed = Hashed { scheme, hash: hash.to_owned() };
        assert_eq!(hashed.check(), Ok(()), "{hashed:?}");
        assert!(hashed.is_match("appwrite"), "{hashed:?}");
        assert!(!hashed.is_match("Appwrite"), "{hashed:?}");
        assert_eq!(Hashed::of(&hashed.to_text()), hashed, "the store keeps it whole");
    }
}

#[test]
fn every_version_of_sha_has_its_own_digest() {
    let mut seen = Vec::new();
    for version in SHA_VERSIONS {
        let digest = sha(version, b"abc").expect("a version");
        let hash = hex::encode(&digest);
        let hashed = Hashed { scheme: Scheme::Sha { version: version.to_owned() }, hash: hash.clone() };
        assert!(hashed.is_match("abc") && !hashed.is_match("abd"), "{version}");
        assert!(!seen.contains(&hash), "{version}");
        seen.push(hash);
    }
    // The standards' own examples, of the three families.
    assert_eq!(seen[0], "a9993e364706816aba3e25717850c26c9cd0d89d");
    assert_eq!(seen[2], "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_eq!(seen[8], "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532");
    assert_eq!(sha("sha9", b"abc"), None);
}

#[test]
fn what_is_no_hash_or_too_dear_is_refused() {
    let sha = |version: &str| Scheme::Sha { version: version.to_owned() };
    let cases = [
        (Scheme::Md5, "144f".to_owned()),
        (Scheme::Md5, "x".repeat(32)),
        (Scheme::Bcrypt, format!("$2y$31${}", "a".repeat(53))),
        (Scheme::Bcrypt, format!("$9y$05${}", "a".repeat(53))),
        (Scheme::Phpass, format!("$P$U{}", "a".repeat(30))),
        (Scheme::Phpass, "plain".to_owned()),
        (Scheme::Argon2, "$argon2id$v=19$m=4294967295,t=1,p=1$YXBwd3JpdGU$YXBwd3JpdGU".to_owned()),
        (sha("sha512"), "aa".repeat(32)),
        (sha("sha9"), "aa".repeat(32)),
        (scrypt(3, 8, 1, 64), SCRYPT.to_owned()),
        (scrypt(1 << 30, 8, 1, 64), SCRYPT.to_owned()),
        (scrypt(u64::MAX, u32::MAX, 1, 64), SCRYPT.to_owned()),
        (scrypt(16, 8, 17, 64), SCRYPT.to_owned()),
        (scrypt(16, 0, 1, 64), SCRYPT.to_owned()),
        (scrypt(16, 8, 1, usize::MAX), SCRYPT.to_owned()),
        (firebase(), "not base64!".to_owned()),
    ];
    for (scheme, hash) in cases {
        let hashed = Hashed { scheme, hash };
        assert!(hashed.check().is_err(), "{hashed:?}");
        assert!(!hashed.is_match("appwrite"), "{hashed:?}");
    }
}
