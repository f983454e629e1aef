//! What the machine is made of in software: tools, init, virtualisation, boot and key.

use super::Answer;
use super::answer::{exact, name};
use super::number::whole;
use crate::fleet::{Facts, Init, Tool};

const MOST_TOOLS: usize = 256;

/// Package managers by their program, the system's own before those that people add.
const PACKAGE_MANAGERS: [(&str, &str); 12] = [
    ("apt-get", "apt"),
    ("dnf", "dnf"),
    ("yum", "yum"),
    ("zypper", "zypper"),
    ("pacman", "pacman"),
    ("apk", "apk"),
    ("xbps-install", "xbps"),
    ("emerge", "portage"),
    ("pkg", "pkg"),
    ("brew", "brew"),
    ("port", "macports"),
    ("nix", "nix"),
];

/// The tools that were found. A path without a slash is a tool that the shell itself holds.
pub(super) fn tools(answer: &Answer<'_>) -> Vec<Tool> {
    let found = |path: &str| {
        let name = path.rsplit('/').next()?;
        Some(Tool { name: exact(name)?, path: exact(path)? })
    };
    let sync = answer.first("sync-data").and_then(exact);
    let lines = answer.lines("tools").iter().filter_map(|line| found(line.trim()));
    let sync = sync.map(|path| Tool { name: "sync -d".to_owned(), path });
    lines.take(MOST_TOOLS).chain(sync).collect()
}

/// The package manager.
pub(super) fn package_manager(tools: &[Tool], family: Option<&str>) -> Option<String> {
    let has = |program: &str| tools.iter().any(|tool| tool.name == program);
    let own = PACKAGE_MANAGERS.iter().find(|(program, _)| has(program))?;
    let mac = PACKAGE_MANAGERS[9..].iter().find(|(program, _)| has(program));
    let chosen = if family == Some("darwin") { mac? } else { own };
    Some(chosen.1.to_owned())
}

/// Container engines.
pub(super) fn containers(tools: &[Tool]) -> Vec<String> {
    let engines = ["docker", "podman", "nerdctl", "lxc"];
    let found = engines.iter().filter(|engine| tools.iter().any(|tool| tool.name == **engine));
    found.map(|engine| (*engine).to_owned()).collect()
}

/// The version of `python3`.
pub(super) fn python(answer: &Answer<'_>) -> Option<String> {
    let version = answer.first("python")?.strip_prefix("Python ")?;
    version.starts_with("3.").then(|| exact(version.trim()))?
}

/// The init system.
pub(super) fn init(answer: &Answer<'_>, family: Option<&str>) -> Option<Init> {
    let present = |path: &str| answer.lines("present").contains(&path);
    if family == Some("darwin") {
        Some(Init::Launchd)
    } else if present("/run/systemd/system") {
        Some(Init::Systemd)
    } else if present("/run/openrc/softlevel") {
        Some(Init::Openrc)
    } else {
        answer.file_line("/proc/1/comm").map(|_| Init::Other)
    }
}

/// What the machine runs in, by the best source there is.
pub(super) fn virtualisation(answer: &Answer<'_>, kernel: Option<&str>) -> Option<String> {
    if let Some(word) = answer.first("virt").filter(|word| !word.contains(' ')) {
        return exact(word);
    }
    if let Some(word) = answer.file_line("/run/systemd/container") {
        return exact(word);
    }
    let present = |path: &str| answer.lines("present").contains(&path);
    let kind = if present("/.dockerenv") {
        "docker"
    } else if present("/run/.containerenv") {
        "podman"
    } else if kernel.is_some_and(|k| k.to_ascii_lowercase().contains("microsoft")) {
        "wsl"
    } else {
        return bare_or_virtual(answer);
    };
    Some(kind.to_owned())
}

/// What firmware and processor say.
fn bare_or_virtual(answer: &Answer<'_>) -> Option<String> {
    let dmi =
        |file: &str| answer.file_line(&format!("/sys/class/dmi/id/{file}")).unwrap_or_default();
    let firmware = format!("{} {}", dmi("sys_vendor"), dmi("product_name")).to_lowercase();
    let makers = [
        ("qemu", "qemu"),
        ("kvm", "kvm"),
        ("vmware", "vmware"),
        ("virtualbox", "oracle"),
        ("microsoft corporation virtual", "microsoft"),
        ("xen", "xen"),
        ("bochs", "bochs"),
        ("amazon ec2", "amazon"),
    ];
    let maker = makers.iter().find(|(text, _)| firmware.contains(text)).map(|(_, kind)| *kind);
    let kind = match (maker, answer.value("sysctl", "kern.hv_vmm_present")) {
        (Some(kind), _) => kind,
        (None, Some("0")) => "none",
        (None, Some("1")) => "vm",
        (None, _) if has_hypervisor(answer)? => "vm",
        (None, _) => "none",
    };
    Some(kind.to_owned())
}

/// Whether the processor says it is a virtual machine's; only x86 tells.
fn has_hypervisor(answer: &Answer<'_>) -> Option<bool> {
    let flags = answer.value("cpuinfo", "flags").filter(|flags| !flags.is_empty())?;
    Some(flags.split_whitespace().any(|flag| flag == "hypervisor"))
}

/// Whether the hardware we see is virtual.
pub(super) fn is_virtual(answer: &Answer<'_>, facts: &Facts) -> bool {
    const MACHINES: [&str; 10] =
        ["vm", "wsl", "kvm", "qemu", "vmware", "oracle", "microsoft", "xen", "bochs", "amazon"];
    let kind = facts.virtualisation.as_deref();
    has_hypervisor(answer) == Some(true) || kind.is_some_and(|kind| MACHINES.contains(&kind))
}

/// Seconds since boot.
pub(super) fn uptime(answer: &Answer<'_>) -> Option<u64> {
    if let Some(line) = answer.file_line("/proc/uptime") {
        return whole(line.split('.').next()?);
    }
    let boot = answer.value("sysctl", "kern.boottime")?;
    let boot = whole(boot.split_once("sec = ")?.1.split(',').next()?)?;
    let now = whole(answer.first("clock")?.get(..10)?)?;
    now.checked_sub(boot)
}

/// The kernel's boot id.
pub(super) fn boot_id(answer: &Answer<'_>) -> Option<String> {
    let linux = answer.file_line("/proc/sys/kernel/random/boot_id");
    linux.or_else(|| answer.value("sysctl", "kern.bootsessionuuid")).and_then(name)
}

/// The host's own digest, a plain word; empty where it could not be made.
pub(super) fn digest(answer: &Answer<'_>) -> String {
    let word = answer.first("key").filter(|word| word.bytes().all(|b| b.is_ascii_alphanumeric()));
    word.and_then(exact).unwrap_or_default()
}
