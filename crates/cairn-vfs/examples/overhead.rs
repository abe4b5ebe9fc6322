//! Measures what the pass-through costs: the same work through SQLite's unix VFS and through the wrapper, in turns.
//!
//! `cargo run --release -p cairn-vfs --example overhead`

#![expect(clippy::disallowed_methods, reason = "a measurement needs the real clock")]

use std::error::Error;
use std::time::{Duration, Instant};

use cairn_vfs::Vfs;
use rusqlite::{Connection, OpenFlags};

const ROUNDS: usize = 9;
const COMMITS: i64 = 20_000;
const READS: i64 = 100_000;

/// Commits without syncs and reads without a page cache: nothing but system calls to hide the wrapper behind.
fn round(vfs: &str) -> Result<(Duration, Duration), Box<dyn Error>> {
    let dir = tempfile::tempdir()?;
    let db = Connection::open_with_flags_and_vfs(dir.path().join("x.db"), OpenFlags::default(), vfs)?;
    db.execute_batch("PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA cache_size=10; CREATE TABLE t (id INTEGER PRIMARY KEY, v)")?;
    let mut insert = db.prepare("INSERT INTO t (v) VALUES (randomblob(200))")?;
    let start = Instant::now();
    for _ in 0..COMMITS {
        insert.execute([])?;
    }
    let writing = start.elapsed();
    let mut select = db.prepare("SELECT length(v) FROM t WHERE id = ?1")?;
    let start = Instant::now();
    for at in 0..READS {
        select.query_row([1 + at * 7919 % COMMITS], |row| row.get::<_, i64>(0))?;
    }
    Ok((writing, start.elapsed()))
}

fn main() -> Result<(), Box<dyn Error>> {
    let wrapper = Vfs::register_passthrough()?;
    let names = ["unix", wrapper.name()];
    let mut best = [(Duration::MAX, Duration::MAX); 2];
    for _ in 0..ROUNDS {
        for (best, name) in best.iter_mut().zip(names) {
            let (writing, reading) = round(name)?;
            *best = (best.0.min(writing), best.1.min(reading));
        }
    }
    println!("best of {ROUNDS} rounds   {COMMITS} commits   {READS} reads");
    for ((writing, reading), name) in best.iter().zip(names) {
        println!("{name:<19} {writing:>12.1?} {reading:>14.1?}");
    }
    Ok(())
}
