//! `shelter lab shell`, as somebody at a terminal sees it.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::process::{Command, Stdio};

use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcgetattr, tcsetwinsize};

use super::visitor::TestLab;

fn terminal() -> (File, OwnedFd) {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&master).unwrap();
    unlockpt(&master).unwrap();
    let name = ptsname(&master, vec![]).unwrap();
    let side = rustix::fs::open(name, OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).unwrap();
    tcsetwinsize(&side, Winsize { ws_row: 31, ws_col: 77, ws_xpixel: 0, ws_ypixel: 0 }).unwrap();
    (File::from(master), side)
}

#[test]
fn a_shell_on_a_practice_host_is_a_terminal_of_this_size_and_leaves_it_as_it_was() {
    let lab = TestLab::new();
    let (mut screen, side) = terminal();
    let before = tcgetattr(&screen).unwrap();
    let stdio = || Stdio::from(side.try_clone().unwrap());
    let mut shelter = Command::new("timeout")
        .args([
            "60",
            "setsid",
            "--ctty",
            "--wait",
            env!("CARGO_BIN_EXE_shelter"),
            "lab",
            "shell",
            "shadow",
        ])
        .env("SHELTER_HOME", lab.outside())
        .stdin(stdio())
        .stdout(stdio())
        .stderr(stdio())
        .spawn()
        .unwrap();
    // Only the programs hold the terminal now, so that reading from it ends with them.
    drop(side);
    screen.write_all(b"stty size; hostname; tty; exit 0\n").unwrap();
    let mut seen = String::new();
    while !seen.contains("/dev/pts/") {
        let mut some = [0; 1024];
        let count = screen.read(&mut some).unwrap();
        seen.push_str(&String::from_utf8_lossy(&some[..count]));
    }
    assert!(shelter.wait().unwrap().success(), "{seen}");
    assert!(seen.contains("31 77") && seen.contains("shadow"), "{seen}");
    let after = tcgetattr(&screen).unwrap();
    assert_eq!((after.local_modes, after.input_modes), (before.local_modes, before.input_modes));
}
