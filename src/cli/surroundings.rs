//! What surrounds the program: who runs it, where their files are and which key agent they have. Opens none of it.

use std::env;
use std::path::PathBuf;

use crate::reach::ReachSettings;
use crate::records::{Home, Surroundings};
use crate::text::Report;

use super::args::Global;
use super::exit::Trouble;

/// Where the home is, by arguments and surroundings.
pub fn find_home(global: &Global) -> Result<Home, Trouble> {
    let around = Surroundings {
        argument: global.home.clone(),
        working_directory: env::current_dir().ok(),
        user_home: env::var_os("HOME").map(PathBuf::from),
        uid: uid(),
    };
    Ok(Home::find(&around)?)
}

/// The user's number.
pub fn uid() -> u32 {
    rustix::process::getuid().as_raw()
}

/// The user's own home directory.
pub fn user_home() -> Result<PathBuf, Trouble> {
    let home = env::var_os("HOME").filter(|h| !h.is_empty()).map(PathBuf::from);
    home.ok_or_else(|| {
        Report::error("`$HOME` is not set")
            .help("set it: keys and known hosts are looked for there")
            .into()
    })
}

/// The user's own home and key agent; nobody to ask.
pub fn reach_settings() -> Result<ReachSettings, Trouble> {
    let agent = env::var_os("SSH_AUTH_SOCK").filter(|s| !s.is_empty()).map(PathBuf::from);
    Ok(ReachSettings { agent, ..ReachSettings::new(user_home()?) })
}

/// Who works at which console, as `rc@alder`.
pub fn actor() -> String {
    let node = rustix::system::uname().nodename().to_string_lossy().into_owned();
    format!("{}@{node}", user_name())
}

/// The user's name, as ssh would send it.
pub fn user_name() -> String {
    let named = |name| env::var(name).ok().filter(|value| !value.is_empty());
    named("USER").or_else(|| named("LOGNAME")).unwrap_or_else(|| {
        let root = rustix::process::getuid().is_root();
        if root { "root".to_owned() } else { uid().to_string() }
    })
}
