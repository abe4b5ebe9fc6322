//! The sizes: idle memory, cold start, and what the binary needs to run.
//!
//! A cold start is measured from the start of the process to the end of its first successful answer, on a data
//! directory that exists; the files are in the page cache, as after a restart.

use crate::endpoint::Kind;
use crate::load::send_all;
use crate::servers::cairn::Console;
use crate::servers::{Ground, Site};
use anyhow::{Context as _, Result, ensure};
use serde::Serialize;
use std::path::Path;
use std::process::Command;
use std::rc::Rc;
use std::thread;
use std::time::Duration;

const STARTS: usize = 11;
const ROWS: usize = 1000;
const IDLE: Duration = Duration::from_secs(2);
const CREATE_LANES: usize = 16;
const LIBC: &[&str] =
    &["linux-vdso", "linux-gate", "ld-linux", "libc.so", "libm.so", "libpthread.so", "libdl.so", "librt.so"];

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Figure {
    /// Resident memory two seconds after the first answer.
    IdleMib,
    /// Median time to the first answer.
    ColdStartMs,
    /// The same with many projects in the data directory.
    ColdStartManyProjectsMs,
    /// Idle memory with many projects.
    IdleManyProjectsMib,
    /// Size of the binary.
    BinaryMib,
    /// Libraries other than libc's that the binary loads.
    SharedLibrariesBesideLibc,
}

impl Figure {
    /// The figure in words.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::IdleMib => "idle memory in MiB",
            Self::ColdStartMs => "cold start in ms",
            Self::ColdStartManyProjectsMs => "cold start with many projects in ms",
            Self::IdleManyProjectsMib => "idle memory with many projects in MiB",
            Self::BinaryMib => "binary in MiB",
            Self::SharedLibrariesBesideLibc => "shared libraries beside libc",
        }
    }
}

/// One figure of one server.
#[derive(Debug, Serialize)]
pub(crate) struct Size {
    pub(crate) server: Kind,
    pub(crate) figure: Figure,
    pub(crate) value: f64,
}

/// Measure every chosen server; `projects` is the number of Cairn's many projects, 0 to leave that out.
pub(crate) async fn run(ground: &Ground, servers: &[Kind], projects: usize) -> Result<Vec<Size>> {
    let mut sizes = Vec::new();
    for kind in servers {
        let name = format!("{}-size", kind.name());
        let site = Site::open(ground, *kind, &name, 1, ROWS).await?;
        site.server.stop()?;
        let (cold_start, idle) = restart(ground, *kind, &ground.dir.join("data").join(&name))?;
        let mut add = |figure, value| sizes.push(Size { server: *kind, figure, value });
        add(Figure::ColdStartMs, cold_start);
        add(Figure::IdleMib, idle);
        if *kind == Kind::Cairn {
            let bytes = std::fs::metadata(&ground.cairn)?.len();
            add(Figure::BinaryMib, bytes as f64 / f64::from(1 << 20));
            add(Figure::SharedLibrariesBesideLibc, foreign_libraries(&ground.cairn)?.len() as f64);
            if projects > 0 {
                let (cold_start, idle) = many_projects(ground, projects).await?;
                add(Figure::ColdStartManyProjectsMs, cold_start);
                add(Figure::IdleManyProjectsMib, idle);
            }
        }
    }
    print(&sizes, projects);
    Ok(sizes)
}

fn print(sizes: &[Size], projects: usize) {
    println!("\nsizes (many projects: {projects})");
    for size in sizes {
        println!("  {:<10} {:<38} {:>8.2}", size.server.name(), size.figure.text(), size.value);
    }
}

/// Median cold start in milliseconds and idle memory in MiB.
fn restart(ground: &Ground, kind: Kind, data: &Path) -> Result<(f64, f64)> {
    let mut starts = Vec::with_capacity(STARTS);
    let mut idle_mib = 0.0;
    for turn in 0..STARTS {
        let server = ground.start(kind, data)?;
        starts.push(server.cold_start.as_secs_f64() * 1000.0);
        if turn + 1 == STARTS {
            thread::sleep(IDLE);
            idle_mib = server.rss_bytes()? as f64 / f64::from(1 << 20);
        }
        server.stop()?;
    }
    starts.sort_by(f64::total_cmp);
    Ok((starts[STARTS / 2], idle_mib))
}

/// Create projects over the API, then restart on them.
async fn many_projects(ground: &Ground, projects: usize) -> Result<(f64, f64)> {
    println!("creating {projects} projects");
    let data = ground.fresh_dir("cairn-many-projects")?;
    let server = ground.start(Kind::Cairn, &data)?;
    let console = Console::sign_up(server.address).await?;
    let write = Rc::new(move |out: &mut Vec<u8>, place: usize| {
        out.extend_from_slice(&console.project_request(&format!("p{place}")));
    });
    send_all(server.address, CREATE_LANES, projects, write, Rc::new(|_: &[u8]| Ok(()))).await?;
    server.stop()?;
    restart(ground, Kind::Cairn, &data)
}

/// The shared libraries that a binary loads and that are not part of libc.
fn foreign_libraries(binary: &Path) -> Result<Vec<String>> {
    let output = Command::new("ldd").arg(binary).output().context("running ldd")?;
    let text =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    if text.contains("not a dynamic executable") || text.contains("statically linked") {
        return Ok(Vec::new());
    }
    ensure!(output.status.success(), "ldd {}: {text}", binary.display());
    let names = text.lines().filter_map(|line| line.split_whitespace().next());
    let foreign: Vec<String> = names
        .map(|name| name.rsplit('/').next().unwrap_or(name).to_owned())
        .filter(|name| !LIBC.iter().any(|known| name.starts_with(known)))
        .collect();
    if !foreign.is_empty() {
        println!("{} also loads {}", binary.display(), foreign.join(", "));
    }
    Ok(foreign)
}
