//! The machine under measurement, as far as it explains the figures: processor, load, and what a sync costs.

use crate::clock::{epoch_s, now};
use crate::histogram::Histogram;
use anyhow::{Context as _, Result};
use serde::Serialize;
use std::fs::{self, File};
use std::os::unix::fs::FileExt as _;
use std::path::Path;

const SYNCS: u32 = 400;
const PAGE_BYTES: usize = 4096;

/// What a reader of the figures needs to know of their origin.
#[derive(Debug, Serialize)]
pub(crate) struct Machine {
    /// When the run began, in seconds since the epoch.
    pub(crate) measured_at_s: u64,
    processor: String,
    cores: usize,
    kernel: String,
    memory: String,
    /// One-minute load when the run began: above 0.5, something else was running.
    load: f64,
    sync_p50_ms: f64,
    sync_p99_ms: f64,
}

impl Machine {
    /// Look at the machine; syncs are measured on the file system of `dir`.
    pub(crate) fn look(dir: &Path) -> Result<Self> {
        let load = fs::read_to_string("/proc/loadavg")?;
        let syncs = measure_syncs(dir)?;
        Ok(Self {
            measured_at_s: epoch_s(),
            processor: field("/proc/cpuinfo", "model name")?,
            cores: std::thread::available_parallelism()?.get(),
            kernel: fs::read_to_string("/proc/sys/kernel/osrelease")?.trim().to_owned(),
            memory: field("/proc/meminfo", "MemTotal")?,
            load: load.split(' ').next().and_then(|load| load.parse().ok()).context("no load average")?,
            sync_p50_ms: syncs.quantile_ms(500),
            sync_p99_ms: syncs.quantile_ms(990),
        })
    }

    /// Print it, with a warning when something else is running.
    pub(crate) fn print(&self) {
        println!("{} ({} cores, {}), Linux {}", self.processor, self.cores, self.memory, self.kernel);
        println!("4 KiB write and fdatasync: p50 {:.3} ms, p99 {:.3} ms", self.sync_p50_ms, self.sync_p99_ms);
        if self.load > 0.5 {
            println!("the machine is busy (load {:.2}): trust the ratios, not the rates", self.load);
        }
    }
}

fn field(file: &str, name: &str) -> Result<String> {
    let text = fs::read_to_string(file)?;
    let line = text.lines().find(|line| line.starts_with(name));
    Ok(line.and_then(|line| line.split_once(':')).map_or("unknown", |(_, value)| value.trim()).to_owned())
}

fn measure_syncs(dir: &Path) -> Result<Histogram> {
    let path = dir.join("sync.probe");
    let file = File::create(&path).with_context(|| format!("creating {}", path.display()))?;
    let page = [0x5A_u8; PAGE_BYTES];
    let mut histogram = Histogram::new();
    // Overwriting a file that has its length already is what a log that is reused does.
    for place in 0..64 {
        file.write_all_at(&page, place * PAGE_BYTES as u64)?;
    }
    file.sync_all()?;
    for turn in 0..SYNCS {
        let started = now();
        file.write_all_at(&page, u64::from(turn % 64) * PAGE_BYTES as u64)?;
        file.sync_data()?;
        histogram.record(started.elapsed());
    }
    fs::remove_file(path)?;
    Ok(histogram)
}
