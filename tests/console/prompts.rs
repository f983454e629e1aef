//! Questions that only a person can answer, in one line: passphrases, host keys, sudo's passwords.

use super::seat::Seat;
use crate::reach::sshd::Sshd;
use crate::sudo::lodge::{Kind, Lodge};
use crate::support::{Shelter, whoami};

#[test]
fn a_passphrase_and_an_unknown_key_wait_in_one_line() {
    let Some(sshd) = Sshd::start("") else { return };
    let stranger = sshd.another("");
    let known_hosts = std::fs::read_to_string(sshd.dir().join("known_hosts")).unwrap();
    let host = |name: &str, port: u16, key: &str| {
        let (user, key) = (whoami(), sshd.key(key).display().to_string());
        format!("  {name}: {{address: 127.0.0.1, port: {port}, user: {user}, key: {key}}}\n")
    };
    let alder = host("alder", sshd.port, "id_locked");
    let birch = host("birch", stranger.port, "id_ed25519");
    let shelter = Shelter::new()
        .inventory(&format!("hosts:\n{alder}{birch}"))
        .file(".ssh/known_hosts", &known_hosts);
    let mut seat = Seat::at(&shelter, &[]);
    let both = seat.until("1 more question waits");
    let (first, second) = match both.contains("PASSPHRASE") {
        true => (("PASSPHRASE", "open sesame\r"), ("UNKNOWN HOST KEY", "y")),
        false => (("UNKNOWN HOST KEY", "y"), ("PASSPHRASE", "open sesame\r")),
    };
    for (title, answer) in [first, second] {
        seat.until(title);
        seat.press(answer);
    }
    seat.until("2 of 2 up");
    assert_eq!(seat.leave(), 0);
    assert!(!String::from_utf8_lossy(&seat.bytes()).contains("open sesame"));
}

#[test]
fn the_password_of_sudo_is_asked_for_in_the_console_and_again_where_it_was_wrong() {
    let Some(lodge) = Lodge::open(Kind::Sudo, "") else { return };
    let mut seat = Seat::at(&lodge.shelter, &[]);
    seat.until("2 of 2 up");
    seat.until("check structure");
    // Both users are on one machine, where only one run is at work at a time.
    seat.press("3/root\r");
    seat.until("Writes as root.");
    seat.press("llr");
    let question = seat.until("not now");
    assert!(question.contains("on          guarded"), "{question}");
    seat.press("\r");
    let asked = seat.until("PASSWORD");
    assert!(asked.contains("sudo on guarded"), "{asked}");
    seat.press("not it\r");
    seat.until("that was not it");
    seat.press("moonshine\r");
    seat.until_gone("PASSWORD");
    seat.until_it("both steps are done", |screen| screen.matches("◆ changed").count() >= 2);
    seat.until_gone("◐");
    assert_eq!(seat.leave(), 0);
}

#[test]
fn who_may_change_nothing_trusts_no_key_and_makes_no_folder() {
    let Some(sshd) = Sshd::start("") else { return };
    let key = sshd.key("id_ed25519").display().to_string();
    let (port, user) = (sshd.port, whoami());
    let birch =
        format!("  birch: {{address: 127.0.0.1, port: {port}, user: {user}, key: {key}}}\n");
    let shelter = Shelter::new().inventory(&format!("hosts:\n{birch}"));
    let mut seat = Seat::at(&shelter, &["--read-only"]);
    let told = seat.until("a read-only console trusts none");
    assert!(!told.contains("UNKNOWN HOST KEY"), "{told}");
    seat.press("?");
    let help = seat.until("everything there is to do");
    assert!(!help.contains("go on with a run") && !help.contains("run the playbook"), "{help}");
    seat.press("q");
    assert_eq!(seat.leave(), 0);
    let home = std::fs::read_dir(shelter.path(".mountain_shelter")).unwrap();
    let names: Vec<_> = home.map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["shelter.yaml"]);
    assert!(!shelter.path(".ssh").exists());
}
