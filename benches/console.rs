//! What the console costs: its first picture, a key while nothing happens and while ten megabytes a second stream in,
//! and standing open over twelve and over a hundred hosts. Prints each number beside its budget; judges nothing.
//!
//! `cargo bench --bench console` takes about three minutes; `SECONDS=60` looks longer at each.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a benchmark may stop where it stands"
)]

use std::io::{Read, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// Starts that are timed.
const STARTS: usize = 30;
/// Keys that are timed: enough for one in a hundred to be told.
const KEYS: usize = 200;
/// Fleets that are stood over.
const FLEETS: [u64; 2] = [12, 100];
/// How long hosts are given to come up: they are shells of this machine, and all of them start at once.
const SETTLE: Duration = Duration::from_secs(15);
/// What prints ten megabytes a second and somewhat more, for a loaded machine sleeps longer: lines, ten times a second.
const STREAM: &str = "playbook: 50_stream\nname: Stream\npurpose: Prints 10 MB/s.\nhosts: host001\nsteps:\n  \
    - name: stream\n    check: 'false'\n    apply: |\n      \
    piece=$(yes 'a line of some length that is printed again and again' | head -c 1250000)\n      \
    while :; do printf '%s\\n' \"$piece\"; sleep 0.09; done\n";

/// A console in a terminal of 120 by 40.
struct Open {
    child: Box<dyn Child + Send + Sync>,
    keys: Box<dyn Write + Send>,
    written: Receiver<(Instant, usize)>,
    begun: Instant,
    _master: Box<dyn MasterPty + Send>,
}

fn main() {
    let seconds = std::env::var("SECONDS").map_or(20, |text| text.parse().unwrap());
    let homes = FLEETS.map(|hosts| (hosts, home(hosts)));
    let mut first: Vec<f64> = (0..STARTS).map(|_| first_picture(homes[0].1.path())).collect();
    println!("first picture (≤ 50 ms): {}", told(&mut first));
    for (hosts, home) in &homes {
        let mut open = Open::of(home.path());
        open.settle(SETTLE);
        if *hosts == FLEETS[0] {
            let mut keys = open.keys_timed();
            println!("key to picture, quiet (≤ 16 ms, p99 ≤ 33): {}", told(&mut keys));
        }
        stand(&mut open, *hosts, Duration::from_secs(seconds));
    }
    let mut open = Open::of(homes[0].1.path());
    open.settle(SETTLE);
    stream(&mut open);
}

/// The middle, and the one that 99 of 100 stay below.
fn told(times: &mut [f64]) -> String {
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share).round() as usize];
    format!("median {:.1} ms, p99 {:.1} ms, of {}", at(0.5), at(0.99), times.len())
}

/// What it costs to stand open where nobody presses a key.
fn stand(open: &mut Open, hosts: u64, span: Duration) {
    let (before, since) = (open.cpu(), Instant::now());
    let bytes = open.bytes_for(span);
    let took = since.elapsed().as_secs_f64();
    let budget = match hosts {
        12 => "≤ 0.3 %, ≤ 25 MiB, ≤ 8 KiB/s",
        _ => "≤ 60 MiB",
    };
    println!(
        "open for {took:.0} s, {hosts} hosts every 2 s ({budget}): {:.2} % of a core, {:.1} MiB, {:.1} KiB/s written",
        (open.cpu() - before) * 100.0 / took,
        open.memory(),
        bytes as f64 / 1024.0 / took
    );
}

/// The keys while a step prints ten megabytes a second; of each, what it changes is waited for by what it alone writes.
fn stream(open: &mut Open) {
    open.press(":run 50_stream");
    open.settle(Duration::from_secs(1));
    open.press("\r");
    open.settle(Duration::from_secs(1));
    open.press("\r");
    open.bytes_for(Duration::from_secs(8));
    let (before, since) = (open.read(), Instant::now());
    let mut keys = open.keys_timed();
    let rate = (open.read() - before) as f64 / since.elapsed().as_secs_f64() / 1e6;
    println!(
        "key to picture, {rate:.1} MB/s streaming in (≤ 16 ms, p99 ≤ 33): {}",
        told(&mut keys)
    );
    println!("  and {:.1} MiB held", open.memory());
    open.press("x");
    open.settle(Duration::from_secs(1));
    open.press("\r");
    open.bytes_for(Duration::from_secs(3));
}

/// A home whose hosts are shells of this machine: what is measured is the console, not the way to them.
fn home(hosts: u64) -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join(".mountain_shelter");
    std::fs::create_dir_all(dir.join("playbooks")).unwrap();
    let host = |at| format!("  host{at:03}:\n    via: {{shell: env HOST={at} sh}}\n");
    let text: String = (1..=hosts).map(host).collect();
    std::fs::write(dir.join("shelter.yaml"), format!("hosts:\n{text}")).unwrap();
    std::fs::write(dir.join("playbooks/50_stream.yaml"), STREAM).unwrap();
    home
}

fn first_picture(home: &Path) -> f64 {
    let open = Open::of(home);
    // The terminal is taken with a few bytes; a picture is more.
    let mut bytes = 0;
    loop {
        let (at, count) = open.written.recv().unwrap();
        bytes += count;
        if bytes > 500 {
            return (at - open.begun).as_secs_f64() * 1000.0;
        }
    }
}

impl Open {
    fn of(home: &Path) -> Self {
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

    fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
    }

    /// Reads on until nothing more comes for three seconds, or time is up.
    fn settle(&mut self, most: Duration) {
        let end = Instant::now() + most;
        while let Some(left) = end.checked_duration_since(Instant::now()) {
            if self.written.recv_timeout(left.min(Duration::from_secs(3))).is_err() {
                return;
            }
        }
    }

    /// Milliseconds from a key to the picture it asks for: another screen, which takes far more bytes than what moves
    /// by itself does in so short a time.
    fn keys_timed(&mut self) -> Vec<f64> {
        (0..KEYS).map(|round| self.key(["5", "3"][round % 2])).collect()
    }

    fn key(&mut self, key: &str) -> f64 {
        const PICTURE: usize = 1000;
        while self.written.recv_timeout(Duration::from_millis(5)).is_ok() {}
        let begun = Instant::now();
        self.press(key);
        let mut bytes = 0;
        loop {
            let (at, count) = self.written.recv().unwrap();
            bytes += count;
            if bytes > PICTURE {
                // Out of step with whatever has a beat.
                std::thread::sleep(Duration::from_millis(23));
                return (at - begun).as_secs_f64() * 1000.0;
            }
        }
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

    /// Bytes it has read so far, from pipes and files alike.
    fn read(&self) -> u64 {
        let io = self.proc("io");
        io.lines().find_map(|line| line.strip_prefix("rchar: ")).unwrap().parse().unwrap()
    }

    fn proc(&self, file: &str) -> String {
        let pid = self.child.process_id().unwrap();
        std::fs::read_to_string(format!("/proc/{pid}/{file}")).unwrap()
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.keys.write_all(b"Q\r");
        let _ = self.child.wait();
    }
}
