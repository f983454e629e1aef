//! The open sockets of a process of this machine. Of another user's process nothing can be seen, which is no error.

use std::fs;
use std::path::PathBuf;

/// So many generations up an engine's worker is looked for who answers in its place.
const GENERATIONS: usize = 4;
/// More open files of one process are not looked at.
const MOST: usize = 4096;

/// The sockets of a process, and of those that have started it, the nearest first.
pub(super) fn of(pid: u32) -> Vec<Vec<u64>> {
    let line = std::iter::successors(Some(pid), |pid| parent(*pid).filter(|pid| *pid > 1));
    line.take(GENERATIONS).map(open).collect()
}

fn open(pid: u32) -> Vec<u64> {
    let files = fs::read_dir(place(pid, "fd")).into_iter().flatten().flatten().take(MOST);
    let links = files.filter_map(|file| fs::read_link(file.path()).ok());
    links.filter_map(|link| socket(&link.to_string_lossy())).collect()
}

fn socket(link: &str) -> Option<u64> {
    link.strip_prefix("socket:[")?.strip_suffix(']')?.parse().ok()
}

fn parent(pid: u32) -> Option<u32> {
    let status = fs::read_to_string(place(pid, "status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix("PPid:"))?.trim().parse().ok()
}

fn place(pid: u32, file: &str) -> PathBuf {
    PathBuf::from(format!("/proc/{pid}/{file}"))
}
