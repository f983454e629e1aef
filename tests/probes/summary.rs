//! Facts in words for people.

use shelter::fleet::{Facts, Linger, Millis};
use shelter::telemetry::facts::{summary, warnings};

use super::fixtures::facts_of;

fn shown(facts: &Facts) -> String {
    let rows = summary(facts).into_iter().map(|(label, value)| format!("{label}: {value}\n"));
    rows.collect()
}

#[test]
fn a_host_is_told_of_in_words() {
    insta::assert_snapshot!(shown(&facts_of("debian-12-gtx1050ti")), @r"
    hostname: shadow
    system: Debian GNU/Linux 12 (bookworm)
    kernel: linux 6.1.0-28-amd64
    architecture: x86_64
    virtualisation: none
    uptime: 22 d 8 h
    clock: -100 ms, ± 221 ms
    user: ops (1000)
    home: /home/ops
    root: with a password, by sudo 1.9.13p3
    detached runs: go on
    processor: Intel(R) Core(TM) i7-7700HQ CPU @ 2.80GHz
    cores: 4 cores, 8 threads
    vectors: AVX2
    NUMA nodes: 1
    memory: 12 GiB free of 16 GiB
    swap: 851 MiB free of 976 MiB
    graphics: HD Graphics 630, shares the memory, driver i915
    graphics: NVIDIA GeForce GTX 1050 Ti, 4.0 GiB of its own, driver 535.183.01, compute 6.1
    disk: / 285 GiB free of 914 GiB, ext4 on /dev/sda2, hard disk
    disk: /boot/efi 505 MiB free of 511 MiB, vfat on /dev/sda1, hard disk
    disk: /srv/models 9.7 GiB free of 916 GiB, ext4 on /dev/sdb1, hard disk
    battery: 100 %, on mains
    packages: apt
    init: systemd
    python: 3.11.2
    containers: none
    tools: flock sync setsid timeout stdbuf base64 sha256sum shasum openssl gpg systemctl systemd-run systemd-detect-virt loginctl journalctl tar gzip xz curl wget git rsync ssh-keygen python3 pip3 cmake make gcc g++ pkg-config apt-get dpkg-query sudo su lscpu lspci ip ss lsblk findmnt ps awk sed nvidia-smi nvcc sysctl smartctl tailscale sync -d
    ");
}

#[test]
fn shared_memory_is_not_told_as_none() {
    let text = shown(&facts_of("gb10-dgx-os"));
    assert!(text.contains("graphics: NVIDIA GB10, shares the memory, driver 580.95.05"), "{text}");
}

#[test]
fn nothing_known_is_never_told_as_a_number() {
    let text = shown(&Facts::default());
    assert!(!text.contains(|c: char| c.is_ascii_digit()), "{text}");
    assert!(text.contains("memory: n/a\n") && text.contains("graphics: n/a\n"), "{text}");
    assert_eq!(warnings(&Facts::default()), Vec::<String>::new());
}

#[test]
fn an_operator_is_warned_of_what_would_surprise() {
    let mut facts = facts_of("debian-12-session-ends");
    facts.clock_skew = Some(Millis(-7200));
    assert_eq!(
        warnings(&facts),
        ["runs end with your login session here", "its clock is 7.2 s behind this machine's"]
    );
    facts.clock_doubt = Some(Millis(6000));
    facts.linger = Some(Linger::Survives);
    assert_eq!(warnings(&facts), Vec::<String>::new());
    assert_eq!(warnings(&facts_of("debian-12-gtx1050ti")), ["`/srv/models` is 99 % full"]);
    assert_eq!(warnings(&facts_of("kali-galaxy-book")), ["it runs on its battery"]);
}
