//! Writes the generated files of this crate into the repository: `cargo run -p cairn-faults --example write_generated`.

use std::path::Path;
use std::{fs, io};

fn main() -> io::Result<()> {
    let repository = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    for (path, content) in cairn_faults::generated_files() {
        let path = repository.join(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, content)?;
    }
    Ok(())
}
