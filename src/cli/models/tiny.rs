//! `shelter models tiny`: a model that knows nothing, but makes an engine show that it works.

use std::io::Write;
use std::path::Path;

use crate::bench::gguf::tiny_model;
use crate::cli::exit::{Exit, Trouble};
use crate::records::{Created, create_new};
use crate::text::Report;

/// Writes the file; never over one that is there.
pub fn run(file: &Path) -> Result<Exit, Trouble> {
    if create_new(file, &tiny_model())? == Created::ThereAlready {
        return Err(Report::error(format!("`{}` is there already", file.display())).into());
    }
    let mut out = std::io::stdout().lock();
    writeln!(out, "wrote {}", file.display())?;
    writeln!(out, "next: `llama-server -m {}`, and ask it for tokens", file.display())?;
    Ok(Exit::Well)
}
