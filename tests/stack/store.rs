//! The store of models, moved to another disk with a link, and back.

use std::fs;

use shelter::bench::gguf::tiny_model;

use super::install::{MODEL, hash, home, install};
use super::server::Server;
use crate::support::this_machine;

#[test]
fn the_store_moves_with_a_link_in_its_place_and_an_undo_brings_it_back() {
    let _machine = this_machine();
    let model = tiny_model();
    let server = Server::new(&[("tiny-f32.gguf", &model)]);
    let shelter = home(&server.address(), &hash(), 4);
    assert_eq!(install(&shelter, &["-e", "models=[tiny]"]).code, 0);
    let (folder, store) =
        (shelter.path(".mountain_shelter/models/gguf"), shelter.path("large disk"));
    let wish = format!("store={}", store.display());
    let moved = install(&shelter, &["-e", "models=[tiny]", "-e", &wish]);
    assert_eq!(moved.code, 0, "{}{}", moved.stdout, moved.stderr);
    assert_eq!(fs::read_link(&folder).unwrap(), store);
    assert_eq!(fs::read(store.join("tiny-f32.gguf")).unwrap(), model);
    let again = install(&shelter, &["-e", "models=[tiny]", "-e", &wish]);
    assert!(again.stdout.contains("changed=0"), "{}", again.stdout);
    // The folders of 02 are still as they should be.
    let folders = shelter.run(&["--run", "02_scaffold_dirs"]);
    assert_eq!(folders.code, 0, "{}", folders.stdout);

    let run = moved.stdout.split(" · run ").nth(1).unwrap();
    let run: String = run.chars().take_while(|c| c.is_alphanumeric()).collect();
    let undone = shelter.run(&["undo", &run]);
    assert_eq!(undone.code, 0, "{}{}", undone.stdout, undone.stderr);
    assert!(folder.is_dir() && !folder.is_symlink());
    assert_eq!(fs::read(shelter.path(MODEL)).unwrap(), model);
    assert!(!store.exists(), "nothing of ours stays behind");
}

#[test]
fn a_file_of_the_same_name_in_the_new_place_is_never_overwritten() {
    let _machine = this_machine();
    let server = Server::new(&[("tiny-f32.gguf", &tiny_model())]);
    let shelter = home(&server.address(), &hash(), 4);
    assert_eq!(install(&shelter, &["-e", "models=[tiny]"]).code, 0);
    let store = shelter.path("other");
    fs::create_dir(&store).unwrap();
    fs::write(store.join("tiny-f32.gguf"), "somebody else's").unwrap();
    let wish = format!("store={}", store.display());
    let outcome = install(&shelter, &["-e", "models=[tiny]", "-e", &wish]);
    assert_eq!(outcome.code, 2, "{}", outcome.stdout);
    assert!(outcome.stdout.contains("holds something else"), "{}", outcome.stdout);
    assert_eq!(fs::read(store.join("tiny-f32.gguf")).unwrap(), b"somebody else's");
    assert_eq!(fs::read(shelter.path(MODEL)).unwrap(), tiny_model());
    assert!(!shelter.path(".mountain_shelter/models/gguf").is_symlink());
}
