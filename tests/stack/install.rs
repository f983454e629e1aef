//! `03_install_models`: what fits is told before anything is fetched; what came is proven; what broke off goes on.

use std::fs;

use sha2::{Digest, Sha256};
use shelter::bench::gguf::tiny_model;

use super::server::{Deed, Server};
use crate::support::{Outcome, Shelter, this_machine};

/// A home with a catalogue of one model that is at that address, and its folders made.
pub fn home(address: &str, sha256: &str, layers: u32) -> Shelter {
    let size = tiny_model().len();
    let catalogue = format!(
        "models:\n  tiny:\n    url: {address}/tiny-f32.gguf\n    sha256: {sha256}\n    size: {size}\n    \
         quantisation: F32\n    licence: MIT\n    context: 4096\n    shape: {{layers: {layers}, embedding: 64, \
         kv_heads: 2, head_size: 16, feed_forward: 128, vocabulary: 759, input: f32, output: f32}}\n  \
         huge:\n    url: {address}/huge.gguf\n    sha256: unknown\n    size: 900000000000000\n    \
         quantisation: F32\n    shape: {{layers: 2, embedding: 64, kv_heads: 2, head_size: 16, \
         feed_forward: 128, vocabulary: 759, input: f32, output: f32}}\n    unverified: [size]\n"
    );
    let shelter = Shelter::new()
        .inventory("hosts:\n  here:\n    via: local\n")
        .file(".mountain_shelter/models.yaml", &catalogue);
    let made = shelter.run(&["--run", "00,02_scaffold_dirs"]);
    assert_eq!(made.code, 0, "{}{}", made.stdout, made.stderr);
    shelter
}

pub fn hash() -> String {
    shelter::text::hex(&Sha256::digest(tiny_model()))
}

pub fn install(shelter: &Shelter, more: &[&str]) -> Outcome {
    let mut args = vec!["--run", "03_install_models"];
    args.extend(more);
    shelter.run(&args)
}

pub const MODEL: &str = ".mountain_shelter/models/gguf/tiny-f32.gguf";
const ONLY_TINY: [&str; 2] = ["-e", "models=[tiny]"];

#[test]
fn a_download_that_breaks_off_goes_on_where_it_stopped_and_a_second_run_changes_nothing() {
    let _machine = this_machine();
    let model = tiny_model();
    let server = Server::new(&[("tiny-f32.gguf", &model)]);
    let shelter = home(&server.address(), &hash(), 4);
    server.will(&[Deed::BreakOff, Deed::Refuse("503 Service Unavailable")]);
    let first = install(&shelter, &ONLY_TINY);
    assert_eq!(first.code, 0, "{}{}", first.stdout, first.stderr);
    let asked: Vec<usize> = server.asked().into_iter().map(|(_, from)| from).collect();
    // Broken off, refused, gone on with: never from the beginning again once half of it is there.
    assert_eq!(asked[0], 0);
    assert!(asked.last().is_some_and(|from| *from > model.len() / 3), "{asked:?}");
    assert_eq!(fs::read(shelter.path(MODEL)).unwrap(), model);
    let again = install(&shelter, &ONLY_TINY);
    assert!(again.stdout.contains("changed=0"), "{}", again.stdout);
    assert_eq!(server.asked(), []);
}

#[test]
fn a_file_with_the_wrong_hash_never_becomes_a_model() {
    let _machine = this_machine();
    let model = tiny_model();
    let server = Server::new(&[("tiny-f32.gguf", &model)]);
    let shelter = home(&server.address(), &hash(), 4);
    let mut lie = model.clone();
    lie[500_000] ^= 1;
    server.will(&vec![Deed::Send(lie); 20]);
    let outcome = install(&shelter, &ONLY_TINY);
    assert_eq!(outcome.code, 2, "{}", outcome.stdout);
    assert!(outcome.stdout.contains(&format!("not {}", hash())), "{}", outcome.stdout);
    assert!(!shelter.path(MODEL).exists());
    server.will(&[]);
    assert_eq!(install(&shelter, &ONLY_TINY).code, 0);
}

#[test]
fn a_file_that_changes_between_two_attempts_is_fetched_anew() {
    let _machine = this_machine();
    let model = tiny_model();
    let server = Server::new(&[("tiny-f32.gguf", &model)]);
    let shelter = home(&server.address(), &hash(), 4);
    // Half of another file is there when the right one comes.
    let part = shelter.path(".mountain_shelter/models/gguf/.tiny-f32.gguf.part");
    fs::write(&part, vec![7; model.len() / 2]).unwrap();
    let outcome = install(&shelter, &ONLY_TINY);
    assert_eq!(outcome.code, 0, "{}{}", outcome.stdout, outcome.stderr);
    assert_eq!(fs::read(shelter.path(MODEL)).unwrap(), model);
    assert_eq!(server.asked().last().unwrap().1, 0);
}

#[test]
fn without_a_published_hash_the_header_has_the_last_word() {
    let _machine = this_machine();
    let model = tiny_model();
    let server = Server::new(&[("tiny-f32.gguf", &model)]);
    // The catalogue says five layers, the file has four.
    let shelter = home(&server.address(), "unknown", 5);
    let refused = install(&shelter, &ONLY_TINY);
    assert!(refused.stdout.contains("nobody has published the hash of tiny"), "{}", refused.stdout);
    assert_eq!(server.asked(), []);
    let outcome = install(&shelter, &["-e", "models=[tiny]", "-e", "unproven=true"]);
    assert_eq!(outcome.code, 2, "{}", outcome.stdout);
    let why = "it has 4 layers, and the catalogue says 5";
    assert!(outcome.stdout.contains(why), "{}", outcome.stdout);
    assert!(!shelter.path(MODEL).exists(), "nothing serves what was refused");
    assert!(shelter.path(&format!("{MODEL}.refused")).exists());
}

#[test]
fn what_does_not_fit_is_refused_or_left_out_before_anything_is_fetched() {
    let _machine = this_machine();
    let server = Server::new(&[]);
    let shelter = home(&server.address(), &hash(), 4);
    let named = install(&shelter, &["-e", "models=[huge]", "-e", "unproven=true"]);
    assert_eq!(named.code, 2, "{}", named.stdout);
    assert!(named.stdout.contains("of memory are missing"), "{}", named.stdout);
    let unknown = install(&shelter, &["-e", "models=[nosuch]"]);
    assert!(unknown.stdout.contains("the catalogue has no model nosuch"), "{}", unknown.stdout);
    let preferred = install(&shelter, &["-e", "preferred=[huge]"]);
    assert_eq!(preferred.code, 0, "{}{}", preferred.stdout, preferred.stderr);
    assert!(preferred.stdout.contains("is left out: huge: "), "{}", preferred.stdout);
    assert!(preferred.stdout.contains("ignored=1"), "{}", preferred.stdout);
    assert_eq!(server.asked(), []);
}

#[test]
fn a_disk_that_would_be_too_full_is_told_before_anything_is_fetched() {
    let _machine = this_machine();
    let server = Server::new(&[("tiny-f32.gguf", &tiny_model())]);
    let shelter = home(&server.address(), &hash(), 4);
    let outcome = install(&shelter, &["-e", "models=[tiny]", "-e", "fullest=0"]);
    assert_eq!(outcome.code, 2, "{}", outcome.stdout);
    assert!(outcome.stdout.contains("more than 0 % full"), "{}", outcome.stdout);
    assert_eq!(server.asked(), []);
    assert!(!shelter.path(MODEL).exists());
}
