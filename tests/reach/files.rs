//! Files and folders to a host and back, over every way and userland that is here.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command as Process;

use crate::support::skipped;
use shelter::fleet::Via;
use shelter::reach::{Carried, Link, Reach, ReachError};

use super::fixture::{host, settings, ssh_host, target};
use super::sshd::Sshd;

const NAMES: [&str; 7] =
    ["plain", "-dash", "two words", "it's \"quoted\"", "new\nline", "$HOME`id`", "ä…"];

/// Carries a file of that content.
async fn put(
    link: &Link,
    content: impl AsRef<[u8]>,
    to: &str,
    mode: u32,
) -> Result<Carried, ReachError> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), content).unwrap();
    link.put(file.path(), to, mode, &mut |_| {}).await
}

/// A way by name, and what must be kept while it is used.
struct Way {
    name: &'static str,
    link: Link,
    _sshd: Option<Sshd>,
}

async fn ways(home: &Path) -> Vec<Way> {
    let bin = home.join("busybox");
    std::fs::create_dir_all(&bin).unwrap();
    let busybox = Process::new("busybox").args(["--install", "-s"]).arg(&bin).status();
    let busybox = busybox.is_ok_and(|status| status.success());
    let bare = home.join("bare");
    std::fs::create_dir_all(&bare).unwrap();
    for tool in [
        "sh",
        "cat",
        "chmod",
        "sha256sum",
        "rm",
        "mv",
        "mkdir",
        "ln",
        "find",
        "ls",
        "wc",
        "readlink",
    ] {
        let _ = symlink(format!("/usr/bin/{tool}"), bare.join(tool));
    }
    let path = |dir: &Path| format!("PATH={}", dir.display());
    let shell = |dir: &Path, sh: &str| Via::Shell(vec!["env".into(), path(dir), sh.into()]);
    let mut ways = Vec::new();
    for (name, via) in [
        ("local", Via::Local),
        ("busybox", shell(&bin, bin.join("sh").to_str().unwrap())),
        ("without tar", shell(&bare, "/bin/sh")),
    ] {
        if name == "busybox" && !busybox {
            skipped("busybox is not installed");
            continue;
        }
        let link = Reach::new(settings(home)).link(&host("alder", via)).await.unwrap();
        ways.push(Way { name, link, _sshd: None });
    }
    if let Some(sshd) = Sshd::start("") {
        let mut target = target(sshd.port, sshd.dir());
        target.keys = vec![sshd.key("id_ed25519")];
        let link = Reach::new(settings(home)).link(&ssh_host("alder", target)).await.unwrap();
        ways.push(Way { name: "ssh", link, _sshd: Some(sshd) });
    }
    ways
}

fn text(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}

fn mode(path: &Path) -> u32 {
    path.symlink_metadata().unwrap().permissions().mode() & 0o7777
}

fn leftovers(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path());
    entries.filter(|p| p.file_name().unwrap().to_string_lossy().starts_with(".shelter")).collect()
}

#[tokio::test]
async fn files_with_odd_names_go_there_and_come_back() {
    let home = tempfile::tempdir().unwrap();
    for way in ways(home.path()).await {
        let there = home.path().join(format!("there {}", way.name));
        std::fs::create_dir(&there).unwrap();
        for name in NAMES {
            let content: Vec<u8> = name.bytes().chain(0..=255).chain([0, b'\r', b'\n']).collect();
            let remote = there.join(name);
            put(&way.link, content.clone(), &text(&remote), 0o640).await.unwrap();
            assert_eq!(std::fs::read(&remote).unwrap(), content, "{}: {name}", way.name);
            assert_eq!(mode(&remote), 0o640);
            let back = home.path().join("back");
            let got = way.link.get(&text(&remote), &back, 0o600, &mut |_| {}).await.unwrap();
            assert_eq!((got.bytes, mode(&back)), (content.len() as u64, 0o600));
            assert_eq!(std::fs::read(&back).unwrap(), content, "{}: {name}", way.name);
        }
        assert_eq!(leftovers(&there), Vec::<PathBuf>::new());
    }
}

#[tokio::test]
async fn a_relative_path_may_begin_with_a_dash() {
    let home = tempfile::tempdir().unwrap();
    let link = Reach::new(settings(home.path())).link(&host("alder", Via::Local)).await.unwrap();
    put(&link, "x", "-rf", 0o600).await.unwrap();
    assert_eq!(std::fs::read(home.path().join("-rf")).unwrap(), b"x");
}

#[tokio::test]
async fn fifty_megabytes_arrive_whole_and_progress_is_told() {
    let home = tempfile::tempdir().unwrap();
    let big = home.path().join("big");
    let content: Vec<u8> =
        (0..50_u32 << 18).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
    std::fs::write(&big, &content).unwrap();
    for way in ways(home.path()).await.into_iter().filter(|w| ["ssh", "busybox"].contains(&w.name))
    {
        let (there, back) = (home.path().join("there"), home.path().join("back"));
        let mut told = 0;
        let sent = way.link.put(&big, &text(&there), 0o600, &mut |n| told = n).await.unwrap();
        assert_eq!((sent.bytes, told), (content.len() as u64, content.len() as u64));
        way.link.get(&text(&there), &back, 0o600, &mut |n| told = n).await.unwrap();
        assert!(std::fs::read(&there).unwrap() == content, "{}", way.name);
        assert!(std::fs::read(&back).unwrap() == content, "{}", way.name);
    }
}

#[tokio::test]
async fn a_file_that_cannot_be_carried_leaves_the_old_one_and_says_why() {
    let home = tempfile::tempdir().unwrap();
    for way in ways(home.path()).await {
        let folder = home.path().join("folder");
        std::fs::create_dir_all(&folder).unwrap();
        let told = put(&way.link, "x", &text(&folder), 0o600).await.unwrap_err().failure();
        assert!(told.text.contains("is a folder there"), "{}: {}", way.name, told.text);
        let nowhere = text(&folder.join("none/x"));
        let told = put(&way.link, "x", &nowhere, 0o600).await.unwrap_err().failure();
        assert!(told.text.contains("no folder to lie in"), "{}: {}", way.name, told.text);
        let back = home.path().join("back");
        std::fs::write(&back, "old").unwrap();
        let told = way.link.get(&nowhere, &back, 0o600, &mut |_| {}).await.unwrap_err().failure();
        assert!(told.text.contains("does not exist there"), "{}: {}", way.name, told.text);
        assert_eq!(std::fs::read(&back).unwrap(), b"old");
        assert_eq!(leftovers(home.path()), Vec::<PathBuf>::new());
    }
}

#[tokio::test]
async fn a_full_disk_leaves_the_old_file() {
    let home = tempfile::tempdir().unwrap();
    let entry = ["sh", "-c", "ulimit -f 8; exec sh"].map(str::to_owned).to_vec();
    let link =
        Reach::new(settings(home.path())).link(&host("alder", Via::Shell(entry))).await.unwrap();
    let goal = home.path().join("goal");
    std::fs::write(&goal, "old").unwrap();
    let error = put(&link, vec![7; 1 << 20], &text(&goal), 0o600).await.unwrap_err();
    assert!(error.to_string().contains("goal"), "{error}");
    assert_eq!(std::fs::read(&goal).unwrap(), b"old");
    assert_eq!(leftovers(home.path()), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn a_host_without_any_hashing_tool_is_refused_naming_them() {
    let home = tempfile::tempdir().unwrap();
    let empty = home.path().join("empty");
    std::fs::create_dir(&empty).unwrap();
    symlink("/bin/sh", empty.join("sh")).unwrap();
    let entry = vec!["env".into(), format!("PATH={}", empty.display()), "/bin/sh".into()];
    let link =
        Reach::new(settings(home.path())).link(&host("alder", Via::Shell(entry))).await.unwrap();
    let failure =
        put(&link, "x", &text(&home.path().join("x")), 0o600).await.unwrap_err().failure();
    assert!(failure.hint.as_deref().unwrap_or_default().contains("sha256sum"), "{failure:?}");
}

fn plant(root: &Path) {
    for (n, name) in NAMES.iter().enumerate() {
        let folder = root.join(name).join("deep");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(name), vec![u8::try_from(n).unwrap(); n * 700]).unwrap();
    }
    std::fs::create_dir(root.join("empty")).unwrap();
    std::fs::set_permissions(root.join("empty"), std::fs::Permissions::from_mode(0o750)).unwrap();
    let long = root.join("l".repeat(120));
    std::fs::write(&long, "long").unwrap();
    std::fs::set_permissions(&long, std::fs::Permissions::from_mode(0o755)).unwrap();
    symlink("plain/deep/plain", root.join("inside")).unwrap();
}

/// Every path in a folder with its mode and content.
fn print_of(root: &Path) -> Vec<(PathBuf, u32, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let about = path.symlink_metadata().unwrap();
            let content = if about.is_symlink() {
                std::fs::read_link(&path).unwrap().into_os_string().into_encoded_bytes()
            } else if about.is_dir() {
                folders.push(path.clone());
                Vec::new()
            } else {
                std::fs::read(&path).unwrap()
            };
            found.push((path.strip_prefix(root).unwrap().to_owned(), mode(&path), content));
        }
    }
    found.sort();
    found
}

#[tokio::test]
async fn folders_go_there_and_come_back_whole_and_replace_what_was_there() {
    let home = tempfile::tempdir().unwrap();
    let from = home.path().join("from");
    std::fs::create_dir(&from).unwrap();
    plant(&from);
    for way in ways(home.path()).await {
        let there = home.path().join(format!("there {}", way.name));
        std::fs::create_dir(&there).unwrap();
        std::fs::write(there.join("stale"), "old").unwrap();
        let sent = way.link.put_tree(&from, &text(&there), &mut |_| {}).await.unwrap();
        assert_eq!(sent.files, 8, "{}", way.name);
        assert_eq!(print_of(&there), print_of(&from), "{}", way.name);
        let back = home.path().join(format!("back {}", way.name));
        let got = way.link.get_tree(&text(&there), &back, &mut |_| {}).await.unwrap();
        assert_eq!(got, sent, "{}", way.name);
        assert_eq!(print_of(&back), print_of(&from), "{}", way.name);
        assert_eq!(leftovers(home.path()), Vec::<PathBuf>::new());
    }
}

#[tokio::test]
async fn a_link_that_leads_out_is_refused_both_ways() {
    let home = tempfile::tempdir().unwrap();
    let from = home.path().join("from");
    std::fs::create_dir(&from).unwrap();
    symlink("../secret", from.join("out")).unwrap();
    for way in ways(home.path()).await {
        let to = home.path().join("to");
        let told = way.link.put_tree(&from, &text(&to), &mut |_| {}).await.unwrap_err();
        assert!(told.to_string().contains("leads out"), "{}: {told}", way.name);
        let told = way.link.get_tree(&text(&from), &to, &mut |_| {}).await.unwrap_err();
        assert!(told.to_string().contains("leads out"), "{}: {told}", way.name);
        assert!(!to.exists());
        assert_eq!(leftovers(home.path()), Vec::<PathBuf>::new());
    }
}
