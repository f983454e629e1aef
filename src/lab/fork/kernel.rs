//! The fork's `/proc` and `/sys`: its own processes, and the machine's settings for reading only.

use std::fs;
use std::io;

use rustix::mount::{mount, mount_bind_recursive};

use super::{Site, mounts};

/// Settings of the whole machine: shown, not changeable.
const READ_ONLY: [&str; 5] = ["sys", "irq", "bus", "fs", "sysvipc"];
/// What tells of, or acts on, the whole machine: not even shown.
const COVERED_IN_PROC: [&str; 15] = [
    "sysrq-trigger",
    "kcore",
    "kmsg",
    "keys",
    "key-users",
    "timer_list",
    "latency_stats",
    "sched_debug",
    "kpagecount",
    "kpageflags",
    "kpagecgroup",
    "mtrr",
    "acpi",
    "asound",
    "scsi",
];
/// File systems within `/sys` that speak of the machine below.
const COVERED_IN_SYS: [&str; 8] = [
    "fs/cgroup",
    "fs/bpf",
    "fs/pstore",
    "firmware",
    "kernel/debug",
    "kernel/tracing",
    "kernel/security",
    "kernel/config",
];

/// Puts them in place.
pub(super) fn furnish(site: &Site) -> io::Result<()> {
    let sys = site.at("/sys");
    fs::create_dir_all(&sys)?;
    mount_bind_recursive("/sys", &sys)?;
    mounts::freeze(&sys)?;
    for path in COVERED_IN_SYS {
        mounts::cover(&sys.join(path))?;
    }
    let proc = site.at("/proc");
    fs::create_dir_all(&proc)?;
    mount("proc", &proc, "proc", mounts::INERT, None)?;
    for path in READ_ONLY.map(|path| proc.join(path)).iter().filter(|path| path.exists()) {
        mounts::show(path, path)?;
    }
    for path in COVERED_IN_PROC {
        mounts::cover(&proc.join(path))?;
    }
    Ok(())
}
