//! A host added from the console, against a real sshd: typed in, its key shown, reached, done.

use super::seat::Seat;
use crate::reach::sshd::Sshd;
use crate::support::{Shelter, whoami};

/// Types a host into the form that is open, says yes to its key, and waits until it is there.
fn type_in(seat: &mut Seat, name: &str, address: &str) {
    seat.until("ADD A HOST");
    seat.press(&format!("{name}\r{address}\r{}\r", whoami()));
    let asked = seat.until("UNKNOWN HOST KEY");
    assert!(asked.contains("SHA256:") && asked.contains(&format!("{name}: ")), "{asked}");
    seat.press("y");
    seat.until_gone("UNKNOWN HOST KEY");
}

#[test]
fn a_host_is_added_to_nothing_and_another_to_an_inventory_that_is_there() {
    let Some(sshd) = Sshd::start("") else { return };
    let identity = format!("Host *\n  IdentityFile {}\n", sshd.key("id_ed25519").display());
    let shelter = Shelter::new().file(".ssh/config", &identity);
    let mut seat = Seat::at(&shelter, &[]);
    seat.until("THERE IS NO HOST YET");
    seat.press("a");
    seat.until("ADD A HOST");
    // What cannot be a name is said while it can be mended.
    seat.press("not a name\r");
    seat.until("not ` `");
    seat.press("\x15");
    type_in(&mut seat, "alder", &format!("127.0.0.1:{}", sshd.port));
    seat.until("1 of 1 up");
    let path = shelter.path(".mountain_shelter/shelter.yaml");
    let noted = std::fs::read_to_string(&path).unwrap() + "\n# a remark of mine\n";
    std::fs::write(&path, &noted).unwrap();

    seat.press(":add host\r");
    type_in(&mut seat, "birch", &format!("localhost:{}", sshd.port));
    seat.until("2 of 2 up");
    seat.press("Q");
    assert_eq!(seat.end(), 0);
    let now = std::fs::read_to_string(&path).unwrap();
    let birch = now.find("  birch:\n    address: \"localhost\"\n").expect("birch stands there");
    assert!(now.find("  alder:\n").unwrap() < birch, "{now}");
    assert!(now.ends_with("\n# a remark of mine\n"), "{now}");
    let known = std::fs::read_to_string(shelter.user_home().join(".ssh/known_hosts"));
    assert_eq!(known.unwrap_or_default().matches("localhost").count(), 1, "trusted once");
}

#[test]
fn who_does_not_trust_a_key_is_not_connected_and_nothing_is_remembered() {
    let Some(sshd) = Sshd::start("") else { return };
    let shelter = Shelter::new();
    let mut seat = Seat::at(&shelter, &[]);
    seat.until("THERE IS NO HOST YET");
    seat.press("a");
    seat.until("ADD A HOST");
    seat.press(&format!("alder\r127.0.0.1:{}\r\r", sshd.port));
    seat.until("UNKNOWN HOST KEY");
    seat.press("n");
    seat.until_it("alder is away", |screen| screen.contains("unreachable"));
    assert_eq!(seat.leave(), 0);
    assert!(!shelter.user_home().join(".ssh/known_hosts").exists());
}
