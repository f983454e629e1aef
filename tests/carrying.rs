//! `shelter hosts put` and `get` as their users call them.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::support::{Shelter, free_port};

fn shelter() -> Shelter {
    let dead = free_port();
    Shelter::new()
        .inventory(&format!(
            "hosts:\n  here: {{via: local}}\n  shell: {{via: {{shell: sh}}}}\n  dead: {{address: 127.0.0.1, port: {dead}, user: me}}\n"
        ))
        .file("folder/inner/a", "one")
        .file("folder/b", "two")
        .file("there/keep", "")
}

#[test]
fn a_file_goes_to_a_host_and_comes_back_whole() {
    let shelter = shelter();
    fs::set_permissions(shelter.path("folder/b"), fs::Permissions::from_mode(0o750)).unwrap();
    let sent = shelter.run(&["hosts", "put", "here", "folder/b", "there/"]);
    assert_eq!((sent.code, sent.stderr.as_str()), (0, ""));
    assert_eq!(sent.stdout, "here  ● carried  1 file, 3 B → there/b\n");
    let arrived = shelter.path("there/b");
    assert_eq!(fs::metadata(&arrived).unwrap().permissions().mode() & 0o777, 0o750);
    fs::write(&arrived, "three").unwrap();
    let back = shelter.run(&["hosts", "get", "shell", "there/b", "folder"]);
    assert_eq!((back.code, back.stderr.as_str()), (0, ""));
    assert_eq!(fs::read_to_string(shelter.path("folder/b")).unwrap(), "three");
}

#[test]
fn a_folder_takes_the_place_of_another_only_when_that_is_asked_for() {
    let shelter = shelter();
    for way in [["put", "here", "folder", "there"], ["get", "here", "folder", "there/.."]] {
        let refused = shelter.run(&[["hosts"].as_slice(), &way].concat());
        assert_ne!(refused.code, 0, "{}", refused.stdout);
        assert!(refused.stderr.contains("is there already"), "{}", refused.stderr);
        assert!(refused.stderr.contains("`--replace` puts the folder in its place"));
    }
    assert!(shelter.path("there/keep").exists());
    let sent = shelter.run(&["hosts", "put", "here", "folder", "there", "--replace"]);
    assert_eq!((sent.code, sent.stderr.as_str()), (0, ""));
    assert!(!shelter.path("there/keep").exists());
    assert_eq!(fs::read_to_string(shelter.path("there/inner/a")).unwrap(), "one");
    let back = shelter.run(&["hosts", "get", "here", "there", "new"]);
    assert_eq!(back.stdout, "here  ● carried  2 files, 6 B → new\n");
    assert_eq!(fs::read_to_string(shelter.path("new/inner/a")).unwrap(), "one");
}

#[test]
fn who_is_away_or_has_it_not_is_told_and_keeps_nobody_else_from_it() {
    let shelter = shelter();
    let sent = shelter.run(&["hosts", "put", "all:!shell", "folder/b", "there/"]);
    assert_eq!((sent.code, sent.stdout.lines().count()), (4, 1), "{}{}", sent.stdout, sent.stderr);
    assert!(sent.stderr.starts_with("dead  ✕ down  "), "{}", sent.stderr);
    let missing = shelter.run(&["hosts", "get", "here", "nothing"]);
    assert_eq!(missing.code, 2, "{}", missing.stderr);
    assert!(missing.stderr.starts_with("here  ✕ failed  "), "{}", missing.stderr);
    assert!(!shelter.path("nothing").exists());
    let several = shelter.run(&["hosts", "get", "all", "there/keep"]);
    assert_eq!(several.code, 1);
    assert!(several.stderr.contains("`all` is 3 hosts"), "{}", several.stderr);
}
