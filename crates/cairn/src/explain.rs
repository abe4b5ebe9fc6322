//! `cairn explain`: what an error code means.

use std::process::ExitCode;

use anyhow::Result;

use crate::command::ExplainArgs;
use crate::output;

pub(crate) fn run(args: &ExplainArgs) -> Result<ExitCode> {
    let explanation = cairn_faults::explain(&args.code);
    let text = if args.json { format!("{:#}\n", explanation.json()) } else { explanation.text() };
    if explanation.is_found() {
        output::print(&text)?;
        return Ok(ExitCode::SUCCESS);
    }
    eprint!("{text}");
    Ok(ExitCode::FAILURE)
}
