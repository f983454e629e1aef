//! The frequency governor while something is measured: the compiled program and `bench serve`, really run over a tree of processors
//! of their own, which is mounted where the kernel has its own. Put back after the end, a crash, a killed console and a lost host.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::measured::{ENGINE, STAND_IN, home};
use crate::support::llama::Llama;
use crate::support::{Shelter, skipped, this_machine, until};

/// What the two processors have of themselves.
const OWN: [&str; 2] = ["powersave", "schedutil"];

/// Processors with governors, and a `/run` of their own.
struct Wall {
    folder: tempfile::TempDir,
}

impl Wall {
    /// `None`, loudly, where nothing can be mounted.
    fn new() -> Option<Self> {
        let mounts =
            Command::new("unshare").args(["-m", "--propagation", "private", "true"]).output();
        if !mounts.is_ok_and(|output| output.status.success()) {
            skipped("no mounts of one's own here (root, unshare): governors were not tried");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("run/lock")).unwrap();
        for (number, governor) in OWN.iter().enumerate() {
            let policy = folder.path().join(format!("cpu/cpufreq/policy{number}"));
            let cpu = folder.path().join(format!("cpu/cpu{number}"));
            fs::create_dir_all(&policy).unwrap();
            fs::create_dir_all(&cpu).unwrap();
            fs::write(policy.join("scaling_governor"), format!("{governor}\n")).unwrap();
            symlink(format!("../cpufreq/policy{number}"), cpu.join("cpufreq")).unwrap();
        }
        Some(Self { folder })
    }

    /// The binary behind the wall, in a tree of processes that ends with it if `whole`.
    fn command(&self, shelter: &Shelter, whole: bool, args: &[&str]) -> Command {
        let bare = shelter.command(args);
        let mut command = Command::new("unshare");
        command.args(["-m", "--propagation", "private"]);
        if whole {
            command.args(["-p", "--fork", "--kill-child", "--mount-proc"]);
        }
        let mounts = "mount --bind \"$0/cpu\" /sys/devices/system/cpu && mount --bind \"$0/run\" /run && exec \"$@\"";
        command.args(["sh", "-c", mounts]).arg(self.folder.path());
        command.arg(bare.get_program()).args(bare.get_args()).env_clear();
        for (name, value) in bare.get_envs() {
            command.env(name, value.unwrap_or_default());
        }
        command.current_dir(shelter.user_home()).stdin(Stdio::null());
        command
    }

    fn run(&self, shelter: &Shelter, args: &[&str]) -> (i32, String) {
        let output = self.command(shelter, false, args).output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&text).into_owned())
    }

    fn spawn(&self, shelter: &Shelter, whole: bool, args: &[&str]) -> Child {
        let mut command = self.command(shelter, whole, args);
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    fn governors(&self) -> [String; 2] {
        [0, 1].map(|number| {
            let file = format!("cpu/cpufreq/policy{number}/scaling_governor");
            fs::read_to_string(self.folder.path().join(file)).unwrap().trim().to_owned()
        })
    }

    fn kept(&self) -> PathBuf {
        self.folder.path().join("run/shelter-governors")
    }
}

/// A home with an engine whose benchmark writes down what the governors are, and goes on once nothing is in the way.
fn measuring() -> Shelter {
    let shelter = home();
    let looks = "#!/bin/sh\nhere=${0%/*}\ncat /sys/devices/system/cpu/cpu[01]/cpufreq/scaling_governor >\"$here/during\"\n\
        : >\"$here/begun\"\nwhile [ -e \"$here/waits\" ]; do sleep 0.1; done\n";
    let text = STAND_IN.replacen("#!/bin/sh\n", looks, 1);
    fs::write(shelter.path(&format!("{ENGINE}/llama-bench")), text).unwrap();
    shelter
}

fn place(shelter: &Shelter, name: &str) -> PathBuf {
    shelter.path(ENGINE).join(name)
}

fn during(shelter: &Shelter) -> String {
    fs::read_to_string(place(shelter, "during")).unwrap_or_default()
}

fn is_own(wall: &Wall) -> bool {
    wall.governors() == OWN
}

#[test]
fn a_benchmark_holds_the_governors_and_puts_back_each_processors_own_also_after_a_crash() {
    let Some(wall) = Wall::new() else { return };
    let _machine = this_machine();
    let shelter = measuring();
    let (code, said) = wall.run(&shelter, &["--run", "04"]);
    assert_eq!(code, 0, "{said}");
    assert_eq!(during(&shelter), "performance\nperformance\n");
    assert!(is_own(&wall) && !wall.kept().exists(), "{:?}", wall.governors());
    let told = shelter.run(&["bench", "--json"]).stdout;
    let told: Value = serde_json::from_str(told.lines().next().unwrap()).unwrap();
    let governors = &told["standing"]["newest"]["conditions"]["governors"];
    assert_eq!(governors, &serde_json::json!(["performance"]), "as the conditions have it");

    fs::write(place(&shelter, "says"), "b1 crash\n").unwrap();
    let (code, said) = wall.run(&shelter, &["--run", "04"]);
    assert!(code == 2 && said.contains("llama-bench ended with 139"), "{code}: {said}");
    assert!(is_own(&wall) && !wall.kept().exists(), "{:?}", wall.governors());
}

#[test]
fn a_console_that_is_killed_and_a_host_that_is_lost_leave_no_governor_behind() {
    let Some(wall) = Wall::new() else { return };
    let _machine = this_machine();
    let shelter = measuring();
    let begun = |shelter: &Shelter| place(shelter, "begun").exists();
    fs::write(place(&shelter, "waits"), "").unwrap();

    // The console goes, the run on its host goes on to its end.
    let mut console = wall.spawn(&shelter, false, &["--run", "04"]);
    until("it measures", || begun(&shelter));
    console.kill().unwrap();
    console.wait().unwrap();
    assert_eq!(wall.governors(), ["performance"; 2]);
    fs::remove_file(place(&shelter, "waits")).unwrap();
    until("the governors are back", || is_own(&wall) && !wall.kept().exists());

    // Everything on the host goes at once, as when its power is cut: what was is still written down.
    fs::remove_file(place(&shelter, "begun")).unwrap();
    fs::write(place(&shelter, "waits"), "").unwrap();
    let mut host = wall.spawn(&shelter, true, &["--run", "04"]);
    until("it measures again", || begun(&shelter));
    host.kill().unwrap();
    host.wait().unwrap();
    assert_eq!(wall.governors(), ["performance"; 2]);
    assert!(wall.kept().exists());
    fs::remove_file(place(&shelter, "waits")).unwrap();
    let (code, said) = wall.run(&shelter, &["--run", "04"]);
    assert_eq!(code, 0, "{said}");
    assert!(
        is_own(&wall) && !wall.kept().exists(),
        "the next one puts back: {:?}",
        wall.governors()
    );
}

#[tokio::test]
async fn a_load_holds_the_governors_and_puts_them_back_also_when_its_console_is_killed() {
    let Some(wall) = Wall::new() else { return };
    let Some(llama) = Llama::start(&["-np", "2", "-c", "1024"]).await else { return };
    let shelter = Shelter::new().inventory("hosts:\n  here:\n    via: local\n");
    let port = llama.port.to_string();
    let load = ["bench", "serve", "here", "--port", &port, "-c", "1", "--words", "8"];
    let (code, said) = wall.run(&shelter, &[&load[..], &["-n", "2", "--tokens", "4"]].concat());
    assert_eq!(code, 0, "{said}");
    assert!(is_own(&wall), "{:?}", wall.governors());

    let endless = [&load[..], &["-n", "100000", "--tokens", "64"]].concat();
    let mut console = wall.spawn(&shelter, false, &endless);
    until("it is held", || wall.governors() == ["performance"; 2]);
    console.kill().unwrap();
    console.wait().unwrap();
    until("it is put back", || is_own(&wall));
    assert_eq!(
        bench_files(&shelter.path(".mountain_shelter/logs/bench")),
        1,
        "half a load is none"
    );
}

fn bench_files(folder: &Path) -> usize {
    fs::read_dir(folder).unwrap().count()
}
