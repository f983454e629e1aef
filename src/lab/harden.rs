//! Gives up, for good, every right a practice host does not need. Runs once, after moving in, before serving.

use std::io;

use rustix::io::Errno;
use rustix::process::{
    DumpableBehavior, Resource, Rlimit, getrlimit, set_dumpable_behavior, setrlimit,
};
use rustix::thread::{
    CapabilitySet, CapabilitySets, clear_ambient_capability_set,
    remove_capability_from_bounding_set, set_capabilities,
};

use super::{door, seccomp};

/// What package managers, `su` and daemons need inside. Everything else is dropped, also from the bounding set:
/// what gives rights over mounts, devices, the network, time, modules, other processes, or over files by handle.
const KEPT: CapabilitySet = CapabilitySet::CHOWN
    .union(CapabilitySet::DAC_OVERRIDE)
    .union(CapabilitySet::FOWNER)
    .union(CapabilitySet::FSETID)
    .union(CapabilitySet::KILL)
    .union(CapabilitySet::SETGID)
    .union(CapabilitySet::SETUID)
    .union(CapabilitySet::SETPCAP)
    .union(CapabilitySet::SETFCAP)
    .union(CapabilitySet::SYS_CHROOT)
    .union(CapabilitySet::NET_BIND_SERVICE);

/// For a fork in namespaces.
pub(super) fn fully() -> io::Result<()> {
    no_core_handlers()?;
    scope_off()?;
    door::install_filter(&seccomp::program())?;
    for bit in 0..u64::BITS {
        let capability = CapabilitySet::from_bits_retain(1 << bit);
        if KEPT.contains(capability) {
            continue;
        }
        match remove_capability_from_bounding_set(capability) {
            Err(Errno::INVAL) => break,
            other => other?,
        }
    }
    clear_ambient_capability_set()?;
    let none = CapabilitySet::empty();
    set_capabilities(None, CapabilitySets { effective: KEPT, permitted: KEPT, inheritable: none })?;
    hide_this_process()
}

/// For plain directories: nothing is shut off, but no right can be gained. Sessions give up gaining rights themselves.
pub(super) fn plainly() -> io::Result<()> {
    no_core_handlers()?;
    rustix::process::set_child_subreaper(Some(rustix::process::getpid()))?;
    hide_this_process()
}

/// A core handler is a program of the real machine that the kernel starts as root. A limit of one byte, unlike
/// zero, tells the kernel to start none; where zero is all that is allowed, that has to do.
fn no_core_handlers() -> io::Result<()> {
    let one = Rlimit { current: Some(1), maximum: Some(1) };
    match setrlimit(Resource::Core, one) {
        Err(Errno::PERM) if getrlimit(Resource::Core).maximum == Some(0) => Ok(()),
        other => Ok(other?),
    }
}

/// Abstract sockets belong to the network, which is shared; kernels from 6.12 on can keep them out all the same.
fn scope_off() -> io::Result<()> {
    match door::scope_off_abstract_sockets() {
        Err(cause)
            if matches!(
                cause.raw_os_error(),
                Some(libc::ENOSYS | libc::EOPNOTSUPP | libc::EINVAL | libc::E2BIG | libc::ENOMSG)
            ) =>
        {
            Ok(())
        }
        other => other,
    }
}

/// Root inside can then not follow `/proc/1` to this program's file, memory or descriptors, nor trace it.
fn hide_this_process() -> io::Result<()> {
    Ok(set_dumpable_behavior(DumpableBehavior::NotDumpable)?)
}
