//! The system call filter of a practice host: what no shell there needs and what has led out of containers before.

use libc::sock_filter;

/// Answered with "not permitted".
const FORBIDDEN: &[libc::c_long] = &[
    // Mounts and namespaces.
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_pivot_root,
    libc::SYS_setns,
    libc::SYS_move_mount,
    libc::SYS_open_tree,
    libc::SYS_fsopen,
    libc::SYS_fsconfig,
    libc::SYS_fsmount,
    libc::SYS_fspick,
    libc::SYS_mount_setattr,
    libc::SYS_swapon,
    libc::SYS_swapoff,
    libc::SYS_quotactl,
    // Files past their paths.
    libc::SYS_open_by_handle_at,
    libc::SYS_name_to_handle_at,
    // The kernel itself.
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_delete_module,
    libc::SYS_kexec_load,
    libc::SYS_reboot,
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    libc::SYS_acct,
    libc::SYS_syslog,
    libc::SYS_settimeofday,
    libc::SYS_clock_settime,
    // Keyrings are not divided by any namespace but the user's.
    libc::SYS_add_key,
    libc::SYS_request_key,
    libc::SYS_keyctl,
];
/// Answered with "not implemented", so that programs fall back to what is there.
const ABSENT: &[libc::c_long] = &[
    libc::SYS_clone3,
    libc::SYS_io_uring_setup,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
];
/// Sockets to a hypervisor, and into the kernel's ciphers.
const FORBIDDEN_FAMILIES: [libc::c_int; 2] = [libc::AF_VSOCK, libc::AF_ALG];

#[cfg(target_arch = "x86_64")]
const ARCHITECTURE: u32 = 0xc000_003e;
#[cfg(target_arch = "aarch64")]
const ARCHITECTURE: u32 = 0xc000_00b7;
/// System calls of the x32 ABI carry this bit; no other architecture uses it.
const X32_BIT: u32 = 0x4000_0000;

/// Offsets in the kernel's `struct seccomp_data`, little endian.
const NUMBER: u32 = 0;
const ARCH: u32 = 4;
const FIRST_ARGUMENT: u32 = 16;
const THIRD_ARGUMENT: u32 = 32;

/// The protocol of netlink that carries audit messages.
const NETLINK_AUDIT: u32 = 9;

const ALLOW: u32 = libc::SECCOMP_RET_ALLOW;
const NOT_PERMITTED: u32 = libc::SECCOMP_RET_ERRNO | libc::EPERM as u32;
const NO_SUCH_PROTOCOL: u32 = libc::SECCOMP_RET_ERRNO | libc::EPROTONOSUPPORT as u32;
const NOT_IMPLEMENTED: u32 = libc::SECCOMP_RET_ERRNO | libc::ENOSYS as u32;

/// The filter as the kernel's instructions.
pub(super) fn program() -> Vec<sock_filter> {
    let mut code = vec![load(ARCH), skip_unless_not_equal(ARCHITECTURE), answer(NOT_PERMITTED)];
    code.extend([load(NUMBER), jump(libc::BPF_JGE, X32_BIT, 0, 1), answer(NOT_PERMITTED)]);
    for &call in FORBIDDEN {
        code.extend([when(call), answer(NOT_PERMITTED)]);
    }
    for &call in ABSENT {
        code.extend([when(call), answer(NOT_IMPLEMENTED)]);
    }
    // A new user namespace would give all capabilities back, if only inside it.
    for call in [libc::SYS_clone, libc::SYS_unshare] {
        code.extend([jump(libc::BPF_JEQ, call as u32, 0, 4), load(FIRST_ARGUMENT)]);
        code.extend([
            jump(libc::BPF_JSET, libc::CLONE_NEWUSER as u32, 0, 1),
            answer(NOT_PERMITTED),
        ]);
        code.push(answer(ALLOW));
    }
    code.extend(sockets());
    code.push(answer(ALLOW));
    code
}

/// Refuses families of sockets, and lets the kernel's audit seem absent: told so, `sudo` does without.
fn sockets() -> Vec<sock_filter> {
    let mut code = vec![load(FIRST_ARGUMENT)];
    for family in FORBIDDEN_FAMILIES {
        code.extend([jump(libc::BPF_JEQ, family as u32, 0, 1), answer(NOT_PERMITTED)]);
    }
    code.extend([jump(libc::BPF_JEQ, libc::AF_NETLINK as u32, 0, 3), load(THIRD_ARGUMENT)]);
    code.extend([jump(libc::BPF_JEQ, NETLINK_AUDIT, 0, 1), answer(NO_SUCH_PROTOCOL)]);
    let length = u8::try_from(code.len()).unwrap_or(u8::MAX);
    code.insert(0, jump(libc::BPF_JEQ, libc::SYS_socket as u32, 0, length));
    code
}

fn load(offset: u32) -> sock_filter {
    sock_filter {
        code: (libc::BPF_LD | libc::BPF_W | libc::BPF_ABS) as u16,
        jt: 0,
        jf: 0,
        k: offset,
    }
}

fn answer(verdict: u32) -> sock_filter {
    sock_filter { code: (libc::BPF_RET | libc::BPF_K) as u16, jt: 0, jf: 0, k: verdict }
}

fn jump(kind: u32, k: u32, jt: u8, jf: u8) -> sock_filter {
    sock_filter { code: (libc::BPF_JMP | kind | libc::BPF_K) as u16, jt, jf, k }
}

/// The next instruction is reached only by this system call.
fn when(call: libc::c_long) -> sock_filter {
    jump(libc::BPF_JEQ, call as u32, 0, 1)
}

/// The next instruction is reached only when the value differs.
fn skip_unless_not_equal(value: u32) -> sock_filter {
    jump(libc::BPF_JEQ, value, 1, 0)
}
