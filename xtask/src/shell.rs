//! Running other programs, with their output passed on and counted.

use std::ffi::OsStr;
use std::fmt;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

/// A program about to be run, with the words that describe it in an error.
pub(crate) struct Run {
    command: Command,
    text: String,
}

impl Run {
    /// `program` with `args`, in the directory `dir`.
    pub(crate) fn new<A: AsRef<str>>(dir: &Path, program: &str, args: impl IntoIterator<Item = A>) -> Self {
        let mut command = Command::new(program);
        command.current_dir(dir).stdin(Stdio::null());
        Self { command, text: program.to_owned() }.args(args)
    }

    pub(crate) fn args<A: AsRef<str>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        for arg in args {
            self.command.arg(arg.as_ref());
            self.text = format!("{} {}", self.text, arg.as_ref());
        }
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Run to the end; an error unless it succeeds.
    pub(crate) fn check(mut self) -> Result<()> {
        let status = self.command.status().with_context(|| format!("cannot run `{}`", self.text))?;
        if !status.success() {
            bail!("`{}` failed ({status})", self.text);
        }
        Ok(())
    }

    /// Run to the end and count the tests that its output reports; whether it succeeded is the second part.
    pub(crate) fn count(mut self) -> Result<(Counts, bool)> {
        let spawned = self.command.stdout(Stdio::piped()).spawn();
        let mut child = spawned.with_context(|| format!("cannot run `{}`", self.text))?;
        let stdout = child.stdout.take().expect("stdout is piped");
        let mut counts = Counts::default();
        for line in BufReader::new(stdout).split(b'\n') {
            let line = line?;
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            counts = counts + Counts::of_line(&line);
        }
        Ok((counts, child.wait()?.success()))
    }
}

/// Whether `program` can be found and run.
pub(crate) fn has(program: &str) -> bool {
    let probe = Command::new("sh").args(["-c", "command -v \"$0\" >/dev/null", program]).status();
    probe.is_ok_and(|status| status.success())
}

/// Run `work` and return its result with the time that it took.
#[expect(clippy::disallowed_methods, reason = "a build tool measures its own steps; no test depends on it")]
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    (work(), start.elapsed())
}

/// How many tests passed and failed.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) struct Counts {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
}

impl Counts {
    /// What one line of output reports: the summary of a Rust test binary, or one of Node's summary lines.
    fn of_line(line: &str) -> Self {
        let number = |text: &str| text.trim().parse().unwrap_or(0);
        if let Some(summary) = line.strip_prefix("test result: ") {
            let of = |word: &str| {
                let parts = summary.split([';', '.']).map(str::trim);
                parts.filter_map(|part| part.strip_suffix(word)).map(number).sum()
            };
            return Self { passed: of(" passed"), failed: of(" failed") };
        }
        if let Some(count) = line.strip_prefix("# pass ") {
            return Self { passed: number(count), failed: 0 };
        }
        if let Some(count) = line.strip_prefix("# fail ").or_else(|| line.strip_prefix("# cancelled ")) {
            return Self { passed: 0, failed: number(count) };
        }
        Self::default()
    }
}

impl std::ops::Add for Counts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { passed: self.passed + other.passed, failed: self.failed + other.failed }
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

#[cfg(test)]
mod tests;
