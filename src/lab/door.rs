//! The one door to what the safe wrappers do not offer: namespaces, the moment before exec, filters of the kernel.

use std::io;
use std::os::unix::process::CommandExt;
use std::process::Command;

use rustix::fs::Gid;
use rustix::process::Uid;
use rustix::thread::{UnshareFlags, set_thread_groups, set_thread_res_gid, set_thread_res_uid};

/// What a session's process becomes just before it turns into the user's shell.
#[derive(Clone, Debug)]
pub(super) struct Becoming {
    /// Take the terminal on its standard input as controlling terminal.
    pub terminal: bool,
    /// User, group and supplementary groups to switch to.
    pub identity: Option<(Uid, Gid, Vec<Gid>)>,
    /// Give up every way to gain rights.
    pub no_new_privileges: bool,
}

/// Moves this process, which must have one thread only, into new namespaces.
#[expect(unsafe_code, reason = "unshare has no safe wrapper; it is unsafe only with FILES")]
pub(super) fn unshare(flags: UnshareFlags) -> io::Result<()> {
    assert!(!flags.contains(UnshareFlags::FILES), "file descriptors stay shared");
    // SAFETY: unsound only when threads stop sharing descriptors, which was excluded above.
    unsafe { rustix::thread::unshare_unsafe(flags) }.map_err(Into::into)
}

/// Closes every descriptor from `first` on, so that nothing of the console reaches a fork.
#[expect(unsafe_code, reason = "close_range has no safe wrapper")]
pub(super) fn close_from(first: u32) -> io::Result<()> {
    // SAFETY: called once at the start of a fresh process, before anything owns a descriptor.
    let done = unsafe { libc::syscall(libc::SYS_close_range, first, u32::MAX, 0) };
    if done == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Makes the command a session of its own, as `sshd` does.
#[expect(unsafe_code, reason = "code between fork and exec is unsafe to register")]
pub(super) fn become_session(command: &mut Command, becoming: Becoming) {
    let prepare = move || {
        rustix::process::setsid()?;
        if becoming.terminal {
            rustix::process::ioctl_tiocsctty(rustix::stdio::stdin())?;
        }
        if let Some((uid, gid, groups)) = &becoming.identity {
            set_thread_groups(groups)?;
            set_thread_res_gid(*gid, *gid, *gid)?;
            set_thread_res_uid(*uid, *uid, *uid)?;
        }
        if becoming.no_new_privileges {
            rustix::thread::set_no_new_privs(true)?;
        }
        Ok(())
    };
    // SAFETY: the closure makes plain system calls only; it neither allocates nor locks.
    unsafe { command.pre_exec(prepare) };
}

/// Installs a system call filter for this thread and all that come of it.
#[expect(unsafe_code, reason = "seccomp filters have no safe wrapper")]
pub(super) fn install_filter(program: &[libc::sock_filter]) -> io::Result<()> {
    let len = u16::try_from(program.len()).map_err(io::Error::other)?;
    let program = libc::sock_fprog { len, filter: program.as_ptr().cast_mut() };
    // SAFETY: the kernel copies `len` instructions from a live slice of that length.
    let done =
        unsafe { libc::prctl(libc::PR_SET_SECCOMP, libc::SECCOMP_MODE_FILTER, &raw const program) };
    if done == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Cuts this process and all that come of it off from abstract Unix sockets and processes outside.
#[expect(unsafe_code, reason = "Landlock has no safe wrapper")]
pub(super) fn scope_off_abstract_sockets() -> io::Result<()> {
    const CREATE_RULESET: libc::c_long = 444;
    const RESTRICT_SELF: libc::c_long = 446;
    /// Rights on files, rights on the network, then what is scoped: abstract sockets and signals.
    const ATTRIBUTES: [u64; 3] = [0, 0, 0b11];
    let size = size_of_val(&ATTRIBUTES);
    // SAFETY: the kernel reads `size` bytes of a live array; the descriptor it returns is ours.
    unsafe {
        let rules = libc::syscall(CREATE_RULESET, ATTRIBUTES.as_ptr(), size, 0);
        if rules < 0 {
            return Err(io::Error::last_os_error());
        }
        let done = libc::syscall(RESTRICT_SELF, rules, 0);
        let result = if done == 0 { Ok(()) } else { Err(io::Error::last_os_error()) };
        libc::close(rules as libc::c_int);
        result
    }
}
