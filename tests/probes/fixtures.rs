//! Each `NAME.out` is a host's answer and `NAME.json` the facts it means; README.md tells where each is from.

use std::fs;
use std::path::PathBuf;

use proptest::prelude::*;
use shelter::fleet::Facts;
use shelter::telemetry::facts::ProbeError;

use crate::support::cases::{are_told_of, cases, compare_kept};

use super::{parse_at, token};

/// When the kept answers are taken to have been asked for.
const SENT: i64 = 1_795_259_000_000;

fn kept() -> Vec<PathBuf> {
    cases("tests/probes", "out")
}

fn answer(name: &str) -> Vec<u8> {
    let path = kept().into_iter().find(|path| path.file_stem().is_some_and(|s| s == name));
    fs::read(path.unwrap_or_else(|| panic!("no kept answer `{name}`"))).unwrap()
}

/// The facts that a kept answer means.
pub(super) fn facts_of(name: &str) -> Facts {
    parse_at(&answer(name), SENT).unwrap()
}

#[test]
fn every_kept_answer_means_the_facts_beside_it() {
    for path in kept() {
        let facts = parse_at(&fs::read(&path).unwrap(), SENT).unwrap();
        let found = serde_json::to_string_pretty(&facts).unwrap() + "\n";
        let kept = path.with_extension("json");
        compare_kept(&kept, &found);
        let back = serde_json::from_slice(&fs::read(&kept).unwrap()).unwrap();
        assert_eq!(facts, back, "{}", path.display());
    }
}

#[test]
fn every_kept_answer_is_told_of_in_the_readme() {
    are_told_of(&kept(), include_str!("README.md"));
}

#[test]
fn an_answer_cut_anywhere_is_refused_and_never_half_believed() {
    let whole = answer("debian-12-phantom");
    let end = whole.len() - b" end\n".len();
    for cut in (0..end).step_by(97).chain([end]) {
        let refused = parse_at(&whole[..cut], SENT).unwrap_err();
        let begun = whole[..cut].windows(6).any(|window| window == b" begin");
        let truncated = matches!(refused, ProbeError::Truncated(length) if length == cut);
        assert!(truncated || !begun, "cut at {cut}: {refused:?}");
    }
}

#[test]
fn what_a_login_says_around_the_answer_changes_nothing() {
    let whole = answer("debian-12-phantom");
    let chatty =
        [b"Welcome!\xff\x1b[31m\nshelter-0 begin\n".as_slice(), &whole, b"\nbye\n"].concat();
    assert_eq!(parse_at(&chatty, SENT), parse_at(&whole, SENT));
}

#[test]
fn a_shell_that_is_none_is_quoted_without_its_escapes() {
    let said = b"\x1b[2JThis account is currently not available.\n";
    let ProbeError::Foreign(text) = parse_at(said, SENT).unwrap_err() else {
        panic!("not foreign")
    };
    assert!(text.contains("not available") && !text.contains('\x1b'), "{text}");
    assert_eq!(parse_at(b" \n\n", SENT), Err(ProbeError::Silent));
}

#[test]
fn an_endless_answer_is_refused() {
    assert_eq!(parse_at(&vec![b'x'; (1 << 20) + 1], SENT), Err(ProbeError::TooLong));
}

#[test]
fn another_exchange_cannot_be_passed_off_as_this_one() {
    let whole = String::from_utf8(answer("debian-12-phantom")).unwrap();
    let forged = whole.replace(token().as_str(), "shelter-00000000000000000000000000000002");
    assert!(matches!(parse_at(forged.as_bytes(), SENT), Err(ProbeError::Foreign(_))));
}

proptest! {
    #[test]
    fn no_bytes_make_the_parser_panic(body in proptest::collection::vec(any::<u8>(), 0..4000)) {
        let frame = |text: &str| format!("{} {text}\n", token().as_str()).into_bytes();
        let framed = [frame("begin"), frame("files"), body.clone(), b"\n".to_vec(), frame("end")];
        prop_assert!(parse_at(&framed.concat(), SENT).is_ok());
        prop_assert!(parse_at(&body, SENT).is_err());
    }

    #[test]
    fn no_damage_to_a_kept_answer_makes_the_parser_panic(
        which in any::<prop::sample::Index>(),
        damage in proptest::collection::vec((any::<prop::sample::Index>(), "[0-9a-zA-Z%:,. \n\\[\\]-]{0,24}"), 1..24),
    ) {
        let path = which.get(&kept()).clone();
        let mut bytes = fs::read(path).unwrap();
        for (place, text) in damage {
            let at = place.index(bytes.len());
            let until = (at + text.len() / 2).min(bytes.len());
            bytes.splice(at..until, text.bytes());
        }
        let facts = parse_at(&bytes, SENT);
        prop_assert!(facts.is_ok_and(|f| f.memory.total.is_none_or(|t| t.0 > 0)) || parse_at(&bytes, SENT).is_err());
    }
}
