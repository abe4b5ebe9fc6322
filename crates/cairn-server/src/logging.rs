//! Log lines: text for people, JSON for programs, on standard error.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

use crate::config::{Config, LogFormat};

/// Send log lines where the settings want them; once per process.
pub fn start(config: &Config) {
    let is_terminal = std::io::stderr().is_terminal();
    let is_text = match config.log_format {
        LogFormat::Auto => is_terminal,
        LogFormat::Text => true,
        LogFormat::Json => false,
    };
    let filter = EnvFilter::new(&config.log_level);
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start in one process keeps the first one's lines.
    let _ = if is_text {
        lines.with_ansi(is_terminal).with_target(false).try_init()
    } else {
        lines.json().flatten_event(true).try_init()
    };
}
