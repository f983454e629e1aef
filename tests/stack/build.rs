//! `03_build_llama_cpp`: built for what the host has, proven by tokens, switched at once, gone back from.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::server::Server;
use crate::support::cases::in_repository;
use crate::support::{Outcome, Shelter, skipped, this_machine};

/// What a build takes that a bare machine may lack.
fn can_build() -> bool {
    let missing = ["cmake", "make", "cc", "git"]
        .into_iter()
        .find(|tool| Command::new(tool).arg("--version").output().is_err());
    if let Some(tool) = missing {
        skipped(&format!("{tool} is not installed: nothing was built by 03_build_llama_cpp"));
    }
    missing.is_none()
}

/// A home with its folders made.
fn home() -> Shelter {
    let shelter = Shelter::new().inventory("hosts:\n  here:\n    via: local\n");
    let made = shelter.run(&["--run", "00,02_scaffold_dirs"]);
    assert_eq!(made.code, 0, "{}{}", made.stdout, made.stderr);
    shelter
}

/// The source, with another count of tokens, in a folder of a name of its own.
fn source(shelter: &Shelter, tokens: u32) -> PathBuf {
    let place = shelter.path(&format!("source-{tokens}"));
    fs::create_dir_all(&place).unwrap();
    for name in ["CMakeLists.txt", "server.c"] {
        let text = fs::read_to_string(in_repository("tests/stack/engine").join(name)).unwrap();
        let text = text.replace("#define TOKENS 16", &format!("#define TOKENS {tokens}"));
        fs::write(place.join(name), text).unwrap();
    }
    place
}

fn run_in(dir: &Path, words: &[&str]) -> String {
    let output = Command::new(words[0]).args(&words[1..]).current_dir(dir).output().unwrap();
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// The source as a repository, with the commit it is at.
fn repository(shelter: &Shelter, tokens: u32) -> (PathBuf, String) {
    commit(source(shelter, tokens))
}

/// A folder as a repository, with the commit it is at.
fn commit(place: PathBuf) -> (PathBuf, String) {
    let own = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"];
    run_in(&place, &["git", "init", "-q"]);
    run_in(&place, &["git", "add", "."]);
    let commit: Vec<&str> =
        ["git"].into_iter().chain(own).chain(["commit", "-qm", "one"]).collect();
    run_in(&place, &commit);
    let head = run_in(&place, &["git", "rev-parse", "HEAD"]);
    (place, head)
}

fn build(shelter: &Shelter, vars: &[String]) -> Outcome {
    let common = ["tools=[llama-server]", "backend=cpu", "jobs=1"].map(str::to_owned);
    let mut args = vec!["--run", "03_build_llama_cpp", "--skip-tags", "packages"];
    for var in common.iter().chain(vars) {
        args.extend(["-e", var]);
    }
    shelter.run(&args)
}

fn from_git(repository: &(PathBuf, String), version: &str) -> Vec<String> {
    let (place, commit) = repository;
    let repo = format!("repo={}", place.display());
    vec![repo, format!("commit={commit}"), format!("version={version}")]
}

const ENGINE: &str = ".mountain_shelter/runtime/engines/llama.cpp";

/// The generation in use.
fn current(shelter: &Shelter) -> String {
    let link = fs::read_link(shelter.path(ENGINE).join("current")).unwrap();
    link.file_name().unwrap().to_str().unwrap().to_owned()
}

#[test]
fn generations_stand_side_by_side_and_one_can_go_back() {
    let _machine = this_machine();
    if !can_build() {
        return;
    }
    let shelter = home();
    let (old, new) = (repository(&shelter, 16), repository(&shelter, 24));
    let first = build(&shelter, &from_git(&old, "b1"));
    assert_eq!(first.code, 0, "{}{}", first.stdout, first.stderr);
    let before = current(&shelter);
    assert!(before.starts_with("b1-cpu-"), "{before}");
    let proven = |name: &str| {
        fs::read_to_string(shelter.path(ENGINE).join("generations").join(name).join("proven"))
            .unwrap()
    };
    assert_eq!(proven(&before), "16 tokens on cpu\n");
    let again = build(&shelter, &from_git(&old, "b1"));
    assert!(again.stdout.contains("changed=0"), "{}", again.stdout);

    let second = build(&shelter, &from_git(&new, "b2"));
    assert_eq!(second.code, 0, "{}{}", second.stdout, second.stderr);
    let after = current(&shelter);
    assert!(after.starts_with("b2-cpu-"), "{after}");
    assert_eq!(proven(&after), "24 tokens on cpu\n");
    // The recipe says what it was built from, flags by facts included.
    let recipe = shelter.path(ENGINE).join("generations").join(&after).join("recipe");
    let recipe = fs::read_to_string(recipe).unwrap();
    assert!(recipe.starts_with(&format!("source {}\n", new.1)), "{recipe}");
    assert!(recipe.contains("-DGGML_AVX2=") && recipe.contains("-DGGML_NATIVE="), "{recipe}");

    let back = build(&shelter, &[format!("use={before}")]);
    assert_eq!(back.code, 0, "{}{}", back.stdout, back.stderr);
    assert_eq!(current(&shelter), before);
    let nowhere = build(&shelter, &["use=b9-cpu-none".to_owned()]);
    assert_eq!(nowhere.code, 2, "{}", nowhere.stdout);
    assert!(nowhere.stdout.contains("was never proven"), "{}", nowhere.stdout);
    assert_eq!(current(&shelter), before);
}

#[test]
fn a_build_that_fails_or_generates_nothing_never_comes_into_use() {
    let _machine = this_machine();
    if !can_build() {
        return;
    }
    let shelter = home();
    let good = repository(&shelter, 16);
    assert_eq!(build(&shelter, &from_git(&good, "b1")).code, 0);
    let before = current(&shelter);
    let mute = build(&shelter, &from_git(&repository(&shelter, 0), "b2"));
    assert_eq!(mute.code, 2, "{}", mute.stdout);
    assert!(mute.stdout.contains("generated no token"), "{}", mute.stdout);
    let broken = repository(&shelter, 99);
    fs::write(broken.0.join("server.c"), "int main(void) { return }\n").unwrap();
    run_in(
        &broken.0,
        &["git", "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qam", "two"],
    );
    let head = run_in(&broken.0, &["git", "rev-parse", "HEAD"]);
    let failed = build(&shelter, &from_git(&(broken.0, head), "b3"));
    assert_eq!(failed.code, 2, "{}", failed.stdout);
    assert!(failed.stdout.contains("it does not compile"), "{}", failed.stdout);
    assert_eq!(current(&shelter), before);
    let generations = fs::read_dir(shelter.path(ENGINE).join("generations")).unwrap();
    let whole = generations.filter(|g| g.as_ref().unwrap().path().join("proven").exists());
    assert_eq!(whole.count(), 1);
}

#[test]
fn an_engine_that_falls_back_to_the_processor_in_silence_is_not_put_to_use() {
    let _machine = this_machine();
    if !can_build() {
        return;
    }
    let shelter = home();
    let for_vulkan = |of: &(PathBuf, String), version: &str| {
        let mut vars = from_git(of, version);
        vars.push("backend=vulkan".to_owned());
        build(&shelter, &vars)
    };
    let alone = for_vulkan(&repository(&shelter, 16), "b1");
    assert_eq!(alone.code, 2, "{}{}", alone.stdout, alone.stderr);
    let why = "it was built for vulkan, and ran on the processor alone: no device took a layer";
    assert!(alone.stdout.contains(why), "{}", alone.stdout);
    assert!(!shelter.path(ENGINE).join("current").exists());

    let place = source(&shelter, 24);
    let text = fs::read_to_string(place.join("server.c")).unwrap();
    fs::write(place.join("server.c"), text.replace("DEVICE \"CPU\"", "DEVICE \"Vulkan0\""))
        .unwrap();
    let carried = for_vulkan(&commit(place), "b2");
    assert_eq!(carried.code, 0, "{}{}", carried.stdout, carried.stderr);
    assert!(current(&shelter).starts_with("b2-vulkan-"), "{}", current(&shelter));
}

#[test]
fn headers_that_are_too_old_for_vulkan_are_told_before_anything_is_compiled() {
    if !can_build() {
        return;
    }
    let shelter = Shelter::new()
        .file("source/CMakeLists.txt", "")
        .file(
            "source/ggml/src/ggml-vulkan/ggml-vulkan.cpp",
            "vk::LayerSettingsCreateInfoEXT info;\n",
        )
        .file("include/vulkan/vulkan_core.h", "#define VK_HEADER_VERSION 239\n");
    let build = Command::new("sh")
        .arg(in_repository("playbooks/files/build_llama.sh"))
        .args(["build", "source", "engine", "b1-vulkan", "pin", "1", "0", "llama-server"])
        .arg("-DGGML_VULKAN=ON")
        .env("CPATH", shelter.path("include"))
        .current_dir(shelter.path(""))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&build.stderr);
    assert!(!build.status.success(), "{said}");
    let why = "Vulkan's headers here (1.3.239) are older than this source takes";
    assert!(said.starts_with(why) && !shelter.path("engine").exists(), "{said}");
}

#[test]
fn an_archive_is_proven_by_its_hash_before_it_is_built() {
    let _machine = this_machine();
    if !can_build() {
        return;
    }
    let shelter = home();
    source(&shelter, 16);
    run_in(shelter.user_home(), &["tar", "-czf", "engine.tar.gz", "source-16"]);
    let archive = fs::read(shelter.path("engine.tar.gz")).unwrap();
    let hash = |bytes: &[u8]| shelter::text::hex(&<sha2::Sha256 as sha2::Digest>::digest(bytes));
    let server = Server::new(&[("engine.tar.gz", &archive)]);
    let vars = |sha256: String| {
        let address = format!("archive={}/engine.tar.gz", server.address());
        vec![address, format!("archive_sha256={sha256}"), "version=b5".to_owned()]
    };
    let lied = build(&shelter, &vars(hash(b"something else")));
    assert_eq!(lied.code, 2, "{}", lied.stdout);
    assert!(lied.stdout.contains("has the hash"), "{}", lied.stdout);
    assert!(!shelter.path(ENGINE).join("current").exists());
    let outcome = build(&shelter, &vars(hash(&archive)));
    assert_eq!(outcome.code, 0, "{}{}", outcome.stdout, outcome.stderr);
    assert!(current(&shelter).starts_with("b5-cpu-"));
}
