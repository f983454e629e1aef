//! The manual page, made from the command line's own definition.

use std::io::{self, Write};

use clap::Command;
use clap_mangen::Man;

/// One page with every command in it: the command itself, then its subcommands, each in a section.
pub fn write(mut command: Command, page: &mut Vec<u8>) -> io::Result<()> {
    command.build();
    let man = Man::new(command.clone());
    man.render_title(page)?;
    man.render_name_section(page)?;
    man.render_synopsis_section(page)?;
    man.render_description_section(page)?;
    man.render_options_section(page)?;
    subcommands(&command, "shelter", page)?;
    man.render_extra_section(page)?;
    man.render_version_section(page)
}

fn subcommands(command: &Command, path: &str, page: &mut Vec<u8>) -> io::Result<()> {
    for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
        let path = format!("{path} {}", sub.get_name());
        let about = sub.get_about().map(ToString::to_string).unwrap_or_default();
        writeln!(page, ".SH {}\n{about}", path.to_uppercase())?;
        let man = Man::new(sub.clone());
        let mut parts = Vec::new();
        man.render_synopsis_section(&mut parts)?;
        man.render_options_section(&mut parts)?;
        page.extend(String::from_utf8_lossy(&parts).replace(".SH ", ".SS ").into_bytes());
        subcommands(sub, &path, page)?;
    }
    Ok(())
}
