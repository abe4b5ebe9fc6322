//! What commands print. Whoever reads it may stop reading (`cairn config | head`): the command ends then, and all is well.

use std::io::{self, Write as _};

/// Print a text as it is.
///
/// # Errors
/// When standard output takes no more; [`is_nobody_reading`] tells the one reason that is none.
pub(crate) fn print(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()
}

/// Whether a command failed only because nobody reads on.
pub(crate) fn is_nobody_reading(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
