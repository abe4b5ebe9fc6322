//! What the tests need beside the Rust toolchain, and how it comes onto a machine.
//!
//! Only what is missing is installed, and only through the system's and the ecosystems' own package managers.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::shell::{Run, has};

/// A program that tests run, and the Debian package that holds it.
struct Need {
    package: &'static str,
    used_for: &'static str,
    is_present: fn() -> bool,
}

const NEEDS: &[Need] = &[
    Need { package: "postgresql", used_for: "the store's tests on PostgreSQL", is_present: has_postgres },
    Need { package: "pgbouncer", used_for: "the store's tests behind a pooler", is_present: has_pgbouncer },
    Need { package: "nodejs", used_for: "the suites of the official SDKs", is_present: || has("node") },
    Need { package: "npm", used_for: "the packages of those suites", is_present: || has("npm") },
    Need { package: "chromium", used_for: "the SDK suite in a browser", is_present: || has("chromium") },
];

/// The version of cargo-deny that is built where none is installed.
const CARGO_DENY_VERSION: &str = "0.20.2";

/// Install missing Debian packages, or say which those are.
pub(crate) fn system_packages() -> Result<()> {
    let missing: Vec<&Need> = NEEDS.iter().filter(|need| !(need.is_present)()).collect();
    if missing.is_empty() {
        println!("all there: {}", NEEDS.iter().map(|need| need.package).collect::<Vec<_>>().join(", "));
        return Ok(());
    }
    for need in &missing {
        println!("missing: {} ({})", need.package, need.used_for);
    }
    let packages: Vec<&str> = missing.iter().map(|need| need.package).collect();
    if !is_root() || !has("apt-get") {
        bail!(
            "install {} and run the command again (as root on Debian it does so itself)",
            packages.join(", ")
        );
    }
    let here = Path::new("/");
    let apt =
        |args: &[&str]| Run::new(here, "apt-get", args).env("DEBIAN_FRONTEND", "noninteractive").check();
    apt(&["update", "-qq"])?;
    apt(&[&["install", "-y", "-qq", "--no-install-recommends"], packages.as_slice()].concat())?;
    let still: Vec<&str> =
        missing.iter().filter(|need| !(need.is_present)()).map(|need| need.package).collect();
    if !still.is_empty() {
        bail!("installed {} but cannot find what it brings", still.join(", "));
    }
    Ok(())
}

/// Install the locked npm packages of the SDK suites, unless those of this very lock file are there.
pub(crate) fn npm_packages(root: &Path) -> Result<()> {
    let dir = root.join("tests/sdk");
    let lock =
        std::fs::read_to_string(dir.join("package-lock.json")).context("tests/sdk/package-lock.json")?;
    let mark = dir.join("node_modules/.cairn-lock");
    if std::fs::read_to_string(&mark).is_ok_and(|installed| installed == lock) {
        println!("npm packages are those of the lock file");
        return Ok(());
    }
    let flags = ["--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"];
    Run::new(&dir, "npm", ["ci"]).args(flags).check()?;
    std::fs::write(&mark, lock).context("cannot mark node_modules as complete")
}

/// Path of cargo-deny: the one installed, or one built into target/tools and kept there.
pub(crate) fn cargo_deny(root: &Path) -> Result<PathBuf> {
    if has("cargo-deny") {
        return Ok(PathBuf::from("cargo-deny"));
    }
    let tools = root.join("target/tools");
    let built = tools.join("bin/cargo-deny");
    if !built.exists() {
        let tools = tools.to_str().context("the workspace's path is not UTF-8")?;
        let version = ["--version", CARGO_DENY_VERSION];
        Run::new(root, "cargo", ["install", "cargo-deny", "--locked", "--root", tools])
            .args(version)
            .check()?;
    }
    Ok(built)
}

fn has_postgres() -> bool {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    versions.into_iter().any(|version| version.path().join("bin/initdb").exists()) || has("initdb")
}

fn has_pgbouncer() -> bool {
    // Debian puts it where only administrators look.
    Path::new("/usr/sbin/pgbouncer").exists() || has("pgbouncer")
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}
