//! Links the unwinder into the binary, so that it needs nothing but libc.
//!
//! Rust asks for `libgcc_s.so`; the static form of the same code stands in front of it here, and the linker leaves
//! out a shared library that nothing needs any more. Where the compiler has no static form, the shared one stays.

#![expect(clippy::disallowed_methods, reason = "the environment is how cargo speaks to a build script")]

use std::path::Path;
use std::process::Command;

const UNWINDER: &str = "libgcc_eh.a";

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let is_gnu = std::env::var("CARGO_CFG_TARGET_ENV").is_ok_and(|value| value == "gnu");
    let is_linux = std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|value| value == "linux");
    let is_native = std::env::var("HOST").ok() == std::env::var("TARGET").ok();
    if !(is_gnu && is_linux && is_native) {
        return;
    }
    let Ok(output) = Command::new("cc").arg(format!("-print-file-name={UNWINDER}")).output() else { return };
    let path = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if let Some(dir) = Path::new(&path).parent().filter(|dir| dir.is_absolute()) {
        println!("cargo:rustc-link-search=native={}", dir.display());
        println!("cargo:rustc-link-lib=static:+whole-archive=gcc_eh");
    }
}
