//! `cairn config`: the settings that a start would use.

use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::Result;
use cairn_server::config::SETTINGS;

use crate::command::ServeArgs;
use crate::output;

pub(crate) fn run(args: &ServeArgs) -> Result<ExitCode> {
    let config = args.settings.read()?;
    let mut lines = String::new();
    for setting in SETTINGS {
        let value = setting.show(&config);
        let is_default = if value == setting.default { "" } else { "  # not the default" };
        let _ = writeln!(lines, "{} = {value:?}{is_default}", setting.name);
    }
    if !config.ignored.is_empty() {
        let _ = writeln!(lines, "# set, with no use here: {}", config.ignored.join(", "));
    }
    output::print(&lines)?;
    Ok(ExitCode::SUCCESS)
}
