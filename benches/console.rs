//! What the console costs: its first picture, a key, and standing open. Prints; judges nothing.
//!
//! `cargo bench --bench console`, `HOSTS=100 SECONDS=60` for another fleet and a longer look.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a benchmark may stop where it stands"
)]

use std::io::{Read, Write};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// Starts and keys that are timed.
const ROUNDS: usize = 30;

/// A console in a terminal of 120 by 40.
struct Open {
    child: Box<dyn Child + Send + Sync>,
    keys: Box<dyn Write + Send>,
    written: Receiver<(Instant, usize)>,
    begun: Instant,
    _master: Box<dyn MasterPty + Send>,
}

fn main() {
    let number =
        |name: &str, usual: u64| std::env::var(name).map_or(usual, |text| text.parse().unwrap());
    let (hosts, seconds) = (number("HOSTS", 12), number("SECONDS", 20));
    let home = tempfile::tempdir().unwrap();
    inventory(home.path(), hosts);
    let mut first: Vec<f64> = (0..ROUNDS).map(|_| first_picture(home.path())).collect();
    println!("first picture: {}", told(&mut first));

    let mut open = Open::of(home.path());
    open.until_still(Duration::from_secs(6));
    let mut keys: Vec<f64> = (0..ROUNDS).map(|round| open.key(round)).collect();
    println!("key to picture, {hosts} hosts: {}", told(&mut keys));
    let (before, since) = (open.cpu(), Instant::now());
    let bytes = open.bytes_for(Duration::from_secs(seconds));
    let took = since.elapsed().as_secs_f64();
    println!(
        "open for {took:.0} s, {hosts} hosts every 2 s: {:.2} % of a core, {:.1} MiB, {:.1} KiB/s written",
        (open.cpu() - before) * 100.0 / took,
        open.memory(),
        bytes as f64 / 1024.0 / took
    );
}

/// The middle, and the one that 99 of 100 stay below.
fn told(times: &mut [f64]) -> String {
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share).round() as usize];
    format!("median {:.1} ms, p99 {:.1} ms", at(0.5), at(0.99))
}

/// Hosts that are shells of this machine: what is measured is the console, not the way to them.
fn inventory(home: &std::path::Path, hosts: u64) {
    let dir = home.join(".mountain_shelter");
    std::fs::create_dir_all(&dir).unwrap();
    let host = |at| format!("  host{at:03}:\n    via: {{shell: env HOST={at} sh}}\n");
    let text: String = (1..=hosts).map(host).collect();
    std::fs::write(dir.join("shelter.yaml"), format!("hosts:\n{text}")).unwrap();
}

fn first_picture(home: &std::path::Path) -> f64 {
    let open = Open::of(home);
    let (at, _) = open.written.recv().unwrap();
    (at - open.begun).as_secs_f64() * 1000.0
}

impl Open {
    fn of(home: &std::path::Path) -> Self {
        let size = PtySize { rows: 40, cols: 120, ..PtySize::default() };
        let pty = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_shelter"));
        command.env("HOME", home);
        command.env("TERM", "xterm-256color");
        command.env("COLORTERM", "truecolor");
        command.env_remove("SHELTER_HOME");
        command.cwd(home);
        let begun = Instant::now();
        let child = pty.slave.spawn_command(command).unwrap();
        let mut reader = pty.master.try_clone_reader().unwrap();
        let keys = pty.master.take_writer().unwrap();
        let (sender, written) = channel();
        std::thread::spawn(move || {
            let mut piece = [0; 65536];
            while let Ok(count @ 1..) = reader.read(&mut piece) {
                if sender.send((Instant::now(), count)).is_err() {
                    return;
                }
            }
        });
        Self { child, keys, written, begun, _master: pty.master }
    }

    /// Reads on until nothing more comes for half a second, or time is up.
    fn until_still(&mut self, most: Duration) {
        let end = Instant::now() + most;
        while Instant::now() < end {
            if self.written.recv_timeout(Duration::from_millis(500)).is_err() {
                return;
            }
        }
    }

    /// Milliseconds from a key to what it changes.
    fn key(&mut self, round: usize) -> f64 {
        while self.written.recv_timeout(Duration::from_millis(40)).is_ok() {}
        let begun = Instant::now();
        self.keys.write_all(if round.is_multiple_of(2) { b"3" } else { b"1" }).unwrap();
        let (at, _) = self.written.recv().unwrap();
        (at - begun).as_secs_f64() * 1000.0
    }

    fn bytes_for(&mut self, span: Duration) -> usize {
        let (end, mut bytes) = (Instant::now() + span, 0);
        while let Some(left) = end.checked_duration_since(Instant::now()) {
            bytes += self.written.recv_timeout(left).map_or(0, |(_, count)| count);
        }
        bytes
    }

    /// Seconds of processor this process has had, its children's not counted.
    fn cpu(&self) -> f64 {
        let stat = self.proc("stat");
        let fields: Vec<&str> = stat.rsplit_once(") ").unwrap().1.split(' ').collect();
        let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
        ticks as f64 / 100.0
    }

    /// MiB of memory it holds.
    fn memory(&self) -> f64 {
        let status = self.proc("status");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        let kib: f64 = line.trim().trim_end_matches(" kB").parse().unwrap();
        kib / 1024.0
    }

    fn proc(&self, file: &str) -> String {
        let pid = self.child.process_id().unwrap();
        std::fs::read_to_string(format!("/proc/{pid}/{file}")).unwrap()
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.keys.write_all(b"Q");
        let _ = self.child.wait();
    }
}
