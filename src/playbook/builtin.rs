//! The playbooks that are built into the program, and the files they send. Writes nothing.

use super::plan::Blob;
use super::resource::{Files, Refusal, Stored};

/// A file that is built in.
#[derive(Clone, Copy, Debug)]
pub struct BuiltIn {
    /// Its path below a home's `playbooks/`.
    pub path: &'static str,
    /// Its content.
    pub text: &'static str,
}

macro_rules! built_in {
    ($($path:literal)*) => {
        /// Every playbook and every file of theirs: what a new home's `playbooks/` holds.
        pub const BUILT_IN: &[BuiltIn] = &[
            $(BuiltIn { path: $path, text: include_str!(concat!("../../playbooks/", $path)) }),*
        ];
    };
}

built_in! {
    "00_check_structure.yaml"
    "01_host_inventory.yaml"
    "01_validate_prereqs.yaml"
    "02_bootstrap_venv.yaml"
    "02_scaffold_dirs.yaml"
    "03_build_llama_cpp.yaml"
    "03_install_models.yaml"
    "04_llm_benchmark.yaml"
    "files/build_llama.sh"
    "files/gguf_header.sh"
    "files/move_store.sh"
    "90_start_service.yaml"
    "files/host_inventory.sh"
    "files/llm_benchmark.sh"
    "files/requirements.txt"
    "files/shared.cfg.j2"
}

/// The built-in playbooks themselves, in the order of their numbers.
pub fn playbooks() -> impl Iterator<Item = &'static BuiltIn> {
    BUILT_IN.iter().filter(|file| file.path.ends_with(".yaml"))
}

/// The files that built-in playbooks send.
#[derive(Clone, Copy, Debug)]
pub struct BuiltInFiles;

impl BuiltInFiles {
    /// Whether a file or a folder of that name is built in.
    pub fn has(self, path: &str) -> bool {
        let wanted = format!("files/{}", path.trim_end_matches('/'));
        let below = |file: &BuiltIn| {
            file.path
                .strip_prefix(&wanted)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        BUILT_IN.iter().any(below)
    }
}

impl Files for BuiltInFiles {
    fn read(&self, path: &str) -> Result<Blob, Refusal> {
        let wanted = format!("files/{path}");
        let found = BUILT_IN.iter().find(|file| file.path == wanted);
        found
            .map(|file| file.text.as_bytes().to_vec().into())
            .ok_or_else(|| Refusal::new(format!("no file `{path}` is built in")))
    }

    fn list(&self, path: &str) -> Result<Vec<Stored>, Refusal> {
        let folder = format!("files/{}/", path.trim_end_matches('/'));
        let below = BUILT_IN.iter().filter_map(|file| file.path.strip_prefix(&folder));
        let found: Vec<Stored> = below
            .map(|path| Stored { path: path.to_owned(), executable: path.ends_with(".sh") })
            .collect();
        if found.is_empty() {
            return Err(Refusal::new(format!("no folder `{path}` is built in")));
        }
        Ok(found)
    }
}
