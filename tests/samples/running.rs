//! The sampler's program really run, under every shell of this machine.

use std::fs::{File, Permissions};
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::lint::shellchecked;
use crate::support::skipped;
use shelter::fleet::{NvidiaTool, Quality, Sample, Timestamp};
use shelter::ops::Clock;
use shelter::telemetry::sampler::{AskNvidia, Pace, Stream, program};

use super::token;

const SHELLS: [&[&str]; 4] = [&["dash"], &["bash", "--posix"], &["bash"], &["busybox", "sh"]];
/// More than the program needs on the slowest machine.
const LONG: Duration = Duration::from_secs(60);

/// The program at work; it ends when this is dropped, because nobody reads on.
struct Running {
    child: Child,
    out: Option<ChildStdout>,
    stream: Stream,
}

fn now() -> Timestamp {
    Clock::system().now()
}

impl Running {
    /// Starts it; `None` where the shell is not there. What is in `folder` is found first.
    fn start(shell: &[&str], folder: Option<&Path>) -> Option<Self> {
        let path = std::env::var("PATH").unwrap();
        let path = folder.map_or(path.clone(), |f| format!("{}:{path}", f.display()));
        let spawned = Command::new(shell[0])
            .args(&shell[1..])
            .env("PATH", path)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let Ok(mut child) = spawned else {
            skipped(&format!("this machine has no {}", shell[0]));
            return None;
        };
        let program = program(&token(), Pace::seconds(1), AskNvidia::ByTool);
        child.stdin.take().unwrap().write_all(program.as_bytes()).unwrap();
        let out = child.stdout.take();
        Some(Self { child, out, stream: Stream::new(&token(), Pace::seconds(1)) })
    }

    /// Reads on until the sample is as it should be.
    fn until(&mut self, wanted: impl Fn(&Sample) -> bool) -> Sample {
        let begun = Instant::now();
        let mut bytes = [0; 4096];
        while begun.elapsed() < LONG {
            let count = self.out.as_mut().unwrap().read(&mut bytes).unwrap();
            assert!(count > 0, "the program ended");
            self.stream.push(&bytes[..count], now());
            if let Some(sample) = self.stream.sample(now()).filter(&wanted) {
                return sample;
            }
        }
        panic!("it never came to it: {:?}", self.stream.sample(now()));
    }

    /// Reads no more, and waits for the program to notice.
    fn leave(mut self) {
        self.out.take();
        assert!(self.child.wait().is_ok());
    }
}

/// A program in a folder of its own.
fn stub(name: &str, text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut file = File::create(folder.path().join(name)).unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file.set_permissions(Permissions::from_mode(0o755)).unwrap();
    folder
}

#[test]
fn every_shell_tells_load_memory_disks_and_rates_and_ends_when_nobody_reads() {
    for shell in SHELLS {
        let Some(mut running) = Running::start(shell, None) else { continue };
        let sample = running.until(|sample| sample.cpu.busy.value.is_some());
        assert_eq!(sample.memory.total.quality, Quality::Ok, "{shell:?}");
        assert_eq!(sample.memory.available.quality, Quality::Ok, "{shell:?}");
        assert_eq!(sample.cpu.load.quality, Quality::Ok, "{shell:?}");
        assert!(sample.uptime_s.value.is_some_and(|s| s > 0), "{shell:?}");
        let root = sample.disks.iter().find(|disk| disk.name == "/").expect("no root disk");
        assert!(root.value.size.value.is_some_and(|size| size.0 > 0), "{shell:?}");
        for network in &sample.networks {
            assert_eq!(network.value.incoming.quality, Quality::Ok, "{shell:?}");
        }
        running.leave();
    }
}

#[test]
fn an_old_tool_is_asked_in_its_own_words_and_ends_by_itself_when_nobody_reads() {
    let row = "0, GPU-aa, 3, 3, 16, 16, 7, 4096, 300, 41, 7.1, 60, 139, 405, [N/A], P8, 0x1, GTX, 00000000:01:00.0";
    let folder = stub(
        "nvidia-smi",
        &format!(
            "#!/bin/sh\ncase $* in\n*gpucurrent*) echo 'Field is not a valid field to query.'; exit 2 ;;\n\
             *compute-apps*) echo 'GPU-aa, 42, 7, /bin/llama'; exit ;;\nesac\n\
             echo $$ >\"${{0%/*}}/pid\"\nwhile echo '{row}'; do sleep 1; done\n"
        ),
    );
    for shell in SHELLS {
        let Some(mut running) = Running::start(shell, Some(folder.path())) else { continue };
        let told = |s: &Sample| s.gpus.first().is_some_and(|gpu| gpu.processes.value.is_some());
        let sample = running.until(told);
        assert_eq!(sample.nvidia, NvidiaTool::Telling, "{shell:?}");
        assert_eq!(sample.gpus[0].processes.value.as_ref().unwrap()[0].pid, 42, "{shell:?}");
        let pid = std::fs::read_to_string(folder.path().join("pid")).unwrap();
        running.leave();
        let begun = Instant::now();
        while Path::new("/proc").join(pid.trim()).exists() {
            assert!(begun.elapsed() < LONG, "{shell:?}: the tool is left behind");
            std::thread::yield_now();
        }
    }
}

#[test]
fn a_process_on_a_card_is_told_with_the_port_at_which_it_or_who_started_it_answers() {
    let heard = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = heard.local_addr().unwrap().port();
    let mut worker = Command::new("sleep").arg("600").spawn().unwrap();
    let row = "0, GPU-aa, 3, 3, 16, 16, 7, 4096, 300, 41, 7.1, 60, 139, 405, [N/A], P8, 0x1, GTX, 00000000:01:00.0";
    let folder = stub(
        "nvidia-smi",
        &format!(
            "#!/bin/sh\ncase $* in *compute-apps*) echo 'GPU-aa, {}, 7, worker'; echo 'GPU-aa, 999999999, 7, gone'; exit ;; esac\n\
             while echo '{row}'; do sleep 1; done\n",
            worker.id()
        ),
    );
    for shell in SHELLS {
        let Some(mut running) = Running::start(shell, Some(folder.path())) else { continue };
        let told = |s: &Sample| s.gpus.first().is_some_and(|gpu| gpu.processes.value.is_some());
        let sample = running.until(told);
        let processes = sample.gpus[0].processes.value.as_ref().unwrap();
        assert!(processes[0].serves.contains(&port), "{shell:?}: {processes:?}, not {port}");
        assert!(processes[1].serves.is_empty(), "{shell:?}: {processes:?}");
        running.leave();
    }
    worker.kill().unwrap();
    worker.wait().unwrap();
}

#[test]
fn a_tool_that_hangs_holds_nothing_up_and_is_not_killed() {
    let text = "#!/bin/sh\ncase $* in *compute-apps*) exit ;; esac\necho $$ >\"${0%/*}/pid\"\ntrap '' TERM PIPE\nexec sleep 100\n";
    let folder = stub("nvidia-smi", text);
    let mut running = Running::start(&["sh"], Some(folder.path())).unwrap();
    let sample = running.until(|sample| sample.nvidia == NvidiaTool::Hung);
    assert_eq!(sample.memory.total.quality, Quality::Ok);
    running.leave();
    let hung = std::fs::read_to_string(folder.path().join("pid")).unwrap();
    let ended = Command::new("kill").args(["-KILL", hung.trim()]).status().unwrap();
    assert!(ended.success(), "somebody had ended what hung");
}

#[test]
fn shellcheck_finds_nothing_in_the_program() {
    let program = program(&token(), Pace::seconds(2), AskNvidia::ByTool);
    shellchecked("the sampler's program", program.as_bytes(), "");
}
