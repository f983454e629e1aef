//! The table of attempts. Each would do something outside if it got through, and says why not if it does not.

use super::bait::Bait;

/// One way out that must be shut.
pub struct Attempt {
    /// What is tried.
    pub what: &'static str,
    /// How: prints why it was refused and fails, or does it.
    pub script: String,
    /// Whether what it is tried on must be there, so that its absence is no refusal.
    pub must_be_there: bool,
}

/// All of them.
pub fn attempts(bait: &Bait) -> Vec<Attempt> {
    [settings(), mounts(), namespaces(), kernel(), processes(bait), files(bait), network(bait)]
        .into_iter()
        .flatten()
        .collect()
}

fn settings() -> Vec<Attempt> {
    vec![
        on_what_is_there("change a setting of the kernel", "echo 1 >/proc/sys/vm/swappiness"),
        on_what_is_there(
            "have crashes start a program",
            "echo '|/x' >/proc/sys/kernel/core_pattern",
        ),
        attempt(
            "pull the kernel's emergency levers",
            "[ -c /proc/sysrq-trigger ] && { echo nothing there; exit 1; }; echo h >/proc/sysrq-trigger",
        ),
        on_what_is_there(
            "change a device's setting",
            "f=$(find /sys/devices /sys/module -type f -perm -200 | head -n1); echo 1 >\"$f\"",
        ),
        on_what_is_there("take a device from everybody", "chmod 600 /dev/null"),
        on_what_is_there(
            "rename the machine",
            &call("sethostname", libc::SYS_sethostname, "'escaped', 7"),
        ),
        on_what_is_there(
            "set the clock",
            &call("clock_settime", libc::SYS_clock_settime, "0, pack('qq', 1, 1)"),
        ),
        on_what_is_there(
            "write under another's control group",
            "ls -A /sys/fs/cgroup | grep . && echo ESCAPED; echo nothing there; exit 1",
        ),
    ]
}

fn mounts() -> Vec<Attempt> {
    // MS_REMOUNT | MS_BIND is 4128; MS_BIND is 4096.
    vec![
        on_what_is_there(
            "make settings writable again",
            &call("remount", libc::SYS_mount, "'none', '/proc/sys', '', 4128, 0"),
        ),
        on_what_is_there(
            "make the devices' settings writable again",
            &call("remount", libc::SYS_mount, "'none', '/sys', '', 4128, 0"),
        ),
        on_what_is_there(
            "mount the kernel's own files",
            &call("mount", libc::SYS_mount, "'x', '/mnt', 'proc', 0, 0"),
        ),
        on_what_is_there(
            "mount control groups, for their release agent",
            &call("mount", libc::SYS_mount, "'x', '/mnt', 'cgroup', 0, 'memory'"),
        ),
        on_what_is_there("take a cover away", &call("umount", libc::SYS_umount2, "'/proc/sys', 2")),
        on_what_is_there(
            "turn the root directory",
            &call("pivot_root", libc::SYS_pivot_root, "'/', '/tmp'"),
        ),
        on_what_is_there(
            "open a mount by the new interface",
            &call("open_tree", libc::SYS_open_tree, "-100, '/', 1"),
        ),
        on_what_is_there(
            "change a mount by the new interface",
            &call(
                "mount_setattr",
                libc::SYS_mount_setattr,
                "-100, '/proc/sys', 0, pack('QQQQ', 0, 1, 0, 0), 32",
            ),
        ),
    ]
}

fn namespaces() -> Vec<Attempt> {
    vec![
        on_what_is_there(
            "become root of a new user namespace",
            &call("unshare", libc::SYS_unshare, "0x10000000"),
        ),
        on_what_is_there(
            "be born into a new user namespace",
            &call("clone", libc::SYS_clone, "0x10000011, 0, 0, 0, 0"),
        ),
        on_what_is_there("get mounts of one's own", &call("unshare", libc::SYS_unshare, "0x20000")),
        on_what_is_there(
            "get a network of one's own",
            &call("unshare", libc::SYS_unshare, "0x40000000"),
        ),
        on_what_is_there(
            "enter the first process's mounts",
            "ls -lL /proc/1/ns/mnt && echo ESCAPED",
        ),
        on_what_is_there(
            "walk through the first process's root",
            "ls /proc/1/root/ && echo ESCAPED",
        ),
        on_what_is_there(
            "walk through the first process's directory",
            "ls /proc/1/cwd/ && echo ESCAPED",
        ),
    ]
}

fn kernel() -> Vec<Attempt> {
    vec![
        on_what_is_there(
            "load a module",
            &call("init_module", libc::SYS_init_module, "'x', 1, ''"),
        ),
        on_what_is_there("load a program into the kernel", &call("bpf", libc::SYS_bpf, "0, 0, 0")),
        on_what_is_there(
            "boot another kernel",
            &call("kexec_load", libc::SYS_kexec_load, "0, 0, 0, 0"),
        ),
        // With wrong magic numbers, so that it does nothing even where it is allowed.
        on_what_is_there("reboot", &call("reboot", libc::SYS_reboot, "1, 2, 3, 0")),
        on_what_is_there(
            "read the kernel's log",
            &call("syslog", libc::SYS_syslog, "3, ' ' x 99, 99"),
        ),
        on_what_is_there(
            "read the owner's keyrings",
            &call("keyctl", libc::SYS_keyctl, "0, -4, 0"),
        ),
        on_what_is_there(
            "watch the processor",
            &call("perf_event_open", libc::SYS_perf_event_open, "0, 0, -1, -1, 0"),
        ),
        on_what_is_there("swap to a file", &call("swapon", libc::SYS_swapon, "'/etc/passwd', 0")),
        attempt(
            "read the kernel's memory",
            "[ -s /proc/kcore ] || { echo nothing there; exit 1; }; head -c1 /proc/kcore",
        ),
        attempt(
            "read a disk",
            "for f in /dev/[svx]d[a-z] /dev/nvme* /dev/mem /dev/kmsg; do head -c1 \"$f\" && echo ESCAPED; done; exit 1",
        ),
        on_what_is_there("make a disk's device", "mknod /tmp/disk b 8 0"),
        on_what_is_there("make the memory's device", "mknod /tmp/memory c 1 1"),
    ]
}

fn processes(bait: &Bait) -> Vec<Attempt> {
    let trace = call("ptrace", libc::SYS_ptrace, "16, 1, 0, 0");
    vec![
        on_what_is_there("trace the first process", &trace),
        on_what_is_there("read the first process's memory", "head -c1 /proc/1/mem"),
        on_what_is_there("overwrite the program that serves", "echo >>/proc/1/exe"),
        on_what_is_there(
            "take over the first process's descriptors",
            "cat /proc/1/fd/2 && echo ESCAPED",
        ),
        on_what_is_there("signal a process outside", &format!("kill -0 {}", bait.pid)),
        attempt("see a process outside", &format!("ls -d /proc/{}", bait.pid)),
    ]
}

fn files(bait: &Bait) -> Vec<Attempt> {
    let (file, key) = (bait.file.display(), bait.key.display());
    let climb = format!(
        "mkdir -p /tmp/cage; perl -e 'chroot(q(/tmp/cage)) or die qq(chroot $!); chdir(q(..)) for 1..64; \
         chroot(q(.)) or die qq(chroot $!); open(F, q({file})) or die qq($!\\n); print qq(ESCAPED)'"
    );
    vec![
        attempt("read a file outside", &format!("cat {file} && echo ESCAPED")),
        attempt("overwrite a file outside", &format!("echo touched >{file} && echo ESCAPED")),
        attempt("climb out of a cage within the cage", &climb),
        attempt("read the key of the lab", &format!("cat {key} && echo ESCAPED")),
        attempt(
            "read keys of the machine's own SSH server",
            "cat /etc/ssh/ssh_host_*_key && echo ESCAPED",
        ),
        attempt("read keys of the owner", "cat /root/.ssh/* /home/*/.ssh/* && echo ESCAPED"),
        attempt(
            "read hashes of passwords",
            "grep -F '$' /etc/shadow && echo ESCAPED; [ -e /etc/shadow ] && echo nothing there; exit 1",
        ),
        on_what_is_there(
            "open a file by its handle",
            &call("open_by_handle_at", libc::SYS_open_by_handle_at, "0, pack('IiQ', 8, 1, 2), 0"),
        ),
        attempt(
            "leave files outside",
            "touch /etc/mountain_shelter_escape; touch /usr/mountain_shelter_escape; echo nothing there; exit 1",
        ),
        attempt(
            "reach a socket outside",
            &reach(&format!("pack(q(Sa*), 1, q({})", bait.socket.display())),
        ),
        attempt(
            "find a socket outside",
            "find /run/ /var/run/ -type s | grep . && echo ESCAPED; echo nothing there; exit 1",
        ),
    ]
}

fn network(bait: &Bait) -> Vec<Attempt> {
    let flags = "socket(my $s, 2, 2, 0) or die; my $f = pack(q(a16s), q(lo), 0x49); ioctl($s, 0x8914, $f) or die qq($!\\n);";
    let mut all = vec![
        on_what_is_there("configure an interface", &format!("perl -e '{flags}'")),
        on_what_is_there(
            "listen to the network's packets",
            &call("socket", libc::SYS_socket, "17, 3, 0"),
        ),
        on_what_is_there("forge packets", &call("socket", libc::SYS_socket, "2, 3, 1")),
        on_what_is_there(
            "write to the kernel's audit",
            &call("socket", libc::SYS_socket, "16, 3, 9"),
        ),
        on_what_is_there("speak to the hypervisor", &call("socket", libc::SYS_socket, "40, 1, 0")),
    ];
    if has_landlock_scopes() {
        let name = format!("pack(q(Sxa*), 1, q({})", bait.abstract_name);
        all.push(on_what_is_there("reach an abstract socket outside", &reach(&name)));
    } else {
        crate::support::skipped("this kernel cannot keep abstract sockets apart");
    }
    all
}

/// Kernels from 6.12 on, with Landlock enabled.
fn has_landlock_scopes() -> bool {
    let version = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let mut numbers = version.split(['.', '-']).map_while(|part| part.parse::<u32>().ok());
    (numbers.next(), numbers.next()) >= (Some(6), Some(12))
}

fn attempt(what: &'static str, script: &str) -> Attempt {
    Attempt { what, script: script.to_owned(), must_be_there: false }
}

fn on_what_is_there(what: &'static str, script: &str) -> Attempt {
    Attempt { must_be_there: true, ..attempt(what, script) }
}

/// A bare system call, so that no tool's own checks stand in for the kernel's.
fn call(name: &str, number: libc::c_long, arguments: &str) -> String {
    // Perl wants arguments that could be changed.
    let script = format!(
        "my @a = ({arguments}); syscall({number}, @a) == -1 and die qq({name}: $!\\n); print qq(ESCAPED)"
    );
    format!("perl -e \"{}\"", script.replace('$', "\\$"))
}

fn reach(address: &str) -> String {
    format!(
        "perl -e 'socket(my $s, 1, 1, 0) or die; connect($s, {address})) or die qq($!\\n); print qq(ESCAPED)'"
    )
}
