//! `cairn explain`: what an error code means.

use std::process::ExitCode;

use crate::command::ExplainArgs;

pub(crate) fn run(args: &ExplainArgs) -> ExitCode {
    let explanation = cairn_faults::explain(&args.code);
    let text = if args.json { format!("{:#}\n", explanation.json()) } else { explanation.text() };
    if explanation.is_found() {
        print!("{text}");
        return ExitCode::SUCCESS;
    }
    eprint!("{text}");
    ExitCode::FAILURE
}
