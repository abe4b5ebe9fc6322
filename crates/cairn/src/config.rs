//! `cairn config`: the settings that a start would use.

use std::process::ExitCode;

use anyhow::Result;
use cairn_server::config::SETTINGS;

use crate::command::ServeArgs;

pub(crate) fn run(args: &ServeArgs) -> Result<ExitCode> {
    let config = args.settings.read()?;
    for setting in SETTINGS {
        let value = setting.show(&config);
        let is_default = if value == setting.default { "" } else { "  # not the default" };
        println!("{} = {value:?}{is_default}", setting.name);
    }
    if !config.ignored.is_empty() {
        println!("# set, with no use here: {}", config.ignored.join(", "));
    }
    Ok(ExitCode::SUCCESS)
}
