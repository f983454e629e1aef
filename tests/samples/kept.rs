//! Each `NAME.out` is a stream and `NAME.txt` the sample it means; README.md tells where each is from.

use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use proptest::prelude::*;
use serde_json::Value;
use shelter::fleet::{NvidiaTool, Quality, Sample, Timestamp};

use super::{BEGAN, feed, stream};
use crate::support::cases::{are_told_of, cases, compare_kept};

fn kept() -> Vec<PathBuf> {
    cases("tests/samples", "out")
}

fn text(name: &str) -> String {
    let path = kept().into_iter().find(|path| path.file_stem().is_some_and(|s| s == name));
    fs::read_to_string(path.unwrap_or_else(|| panic!("no kept stream `{name}`"))).unwrap()
}

fn sample(name: &str) -> Sample {
    let mut stream = stream();
    let now = feed(&mut stream, &text(name), 4096);
    stream.sample(now).unwrap()
}

/// One line for each value: where it is, what it is, how far it is to be believed, how old, from where.
fn flat(at: &str, value: &Value, out: &mut String) {
    let below = |key: &str| if at.is_empty() { key.to_owned() } else { format!("{at}.{key}") };
    match value {
        Value::Object(map) if map.contains_key("quality") => {
            let word = |key: &str| map[key].to_string().replace('"', "");
            let (quality, age, source) = (word("quality"), word("age_ms"), word("source"));
            let at = map.get("name").map_or_else(|| at.to_owned(), |name| format!("{at} {name}"));
            writeln!(out, "{at}: {} ({quality}, {age} ms, {source})", map["value"]).unwrap();
        }
        Value::Object(map) => map.iter().for_each(|(key, value)| flat(&below(key), value, out)),
        Value::Array(list) if list.iter().any(Value::is_object) => {
            for (place, value) in list.iter().enumerate() {
                flat(&below(&place.to_string()), value, out);
            }
        }
        other => writeln!(out, "{at}: {other}").unwrap(),
    }
}

#[test]
fn every_kept_stream_means_the_sample_beside_it() {
    for path in kept() {
        let mut stream = stream();
        let now = feed(&mut stream, &fs::read_to_string(&path).unwrap(), 4096);
        let mut found = String::new();
        flat("", &serde_json::to_value(stream.sample(now)).unwrap(), &mut found);
        compare_kept(&path.with_extension("txt"), &found);
    }
}

#[test]
fn every_kept_stream_is_told_of_in_the_readme() {
    are_told_of(&kept(), include_str!("README.md"));
}

#[test]
fn a_stream_means_the_same_however_it_is_cut() {
    for path in kept() {
        let text = fs::read_to_string(&path).unwrap();
        let whole = {
            let mut stream = stream();
            let now = feed(&mut stream, &text, 4096);
            stream.sample(now)
        };
        for piece in [1, 7, 64] {
            let mut stream = stream();
            let now = feed(&mut stream, &text, piece);
            assert_eq!(stream.sample(now), whole, "{} by {piece}", path.display());
        }
    }
}

#[test]
fn memory_that_is_not_told_is_absent_and_never_0() {
    let card = sample("gb10-memory-not-told").gpus.remove(0);
    assert_eq!((card.vram.value, card.vram.quality), (None, Quality::Absent));
    assert_eq!((card.vram_used.value, card.vram_used.quality), (None, Quality::Absent));
    assert_eq!(card.busy.value.map(|p| p.0), Some(0.0));
}

#[test]
fn a_maximum_below_what_the_link_runs_at_is_not_believed() {
    let link = sample("gb10-maximum-false").gpus.remove(0).pcie;
    assert_eq!((link.generation.value, link.generation_max.value), (Some(5), None));
    assert_eq!(link.generation_max.quality, Quality::Nan);
}

#[test]
fn a_tool_that_hangs_is_told_while_everything_else_goes_on() {
    for name in ["nvidia-smi-hangs", "nvidia-smi-hangs-later"] {
        let sample = sample(name);
        assert_eq!(sample.nvidia, NvidiaTool::Hung, "{name}");
        assert_eq!(sample.memory.total.quality, Quality::Ok, "{name}");
        assert!(sample.gpus.iter().all(|gpu| gpu.busy.quality == Quality::Stale), "{name}");
    }
}

#[test]
fn a_driver_that_does_not_fit_its_library_is_a_state() {
    let told = sample("driver-library-mismatch").nvidia;
    assert!(matches!(told, NvidiaTool::Mismatch(_)), "{told:?}");
    let told = sample("gpu-off-the-bus").nvidia;
    assert!(matches!(told, NvidiaTool::Lost(_)), "{told:?}");
}

#[test]
fn a_card_that_is_gone_is_shown_no_more() {
    assert_eq!(sample("rtx4090-count-changes").gpus.len(), 1);
}

#[test]
fn no_rate_is_told_over_a_sleep_or_a_reset() {
    for name in ["host-slept", "counters-reset"] {
        let sample = sample(name);
        let traffic = sample.networks.iter().chain(&sample.disk_traffic);
        for network in traffic {
            assert_eq!(network.value.incoming.quality, Quality::Absent, "{name}");
        }
        assert_eq!(sample.cpu.busy.quality, Quality::Absent, "{name}");
    }
}

#[test]
fn a_counter_of_energy_that_starts_again_is_followed_around() {
    let sample = sample("laptop-intel-battery");
    assert_eq!(sample.power[0].value.value.map(|watts| watts.0), Some(6.0));
}

#[test]
fn a_silent_host_turns_stale_and_so_does_one_whose_age_is_unknown() {
    for name in ["host-silent", "our-clock-set-back"] {
        let sample = sample(name);
        assert_eq!(sample.memory.total.quality, Quality::Stale, "{name}");
        assert_eq!(sample.cpu.busy.quality, Quality::Stale, "{name}");
    }
}

#[test]
fn nothing_that_a_host_says_reaches_the_screen_as_an_escape() {
    let told = serde_json::to_string(&sample("absurd")).unwrap();
    assert!(!told.contains("\\u001b") && !told.contains('\x1b'), "{told}");
}

#[test]
fn another_stream_cannot_be_passed_off_as_this_one() {
    let forged = text("host-silent").replace("0001 ", "0002 ");
    let mut stream = stream();
    let now = feed(&mut stream, &forged, 4096);
    assert_eq!(stream.sample(now), None);
}

proptest! {
    #[test]
    fn no_bytes_make_the_parser_panic(
        pieces in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..300), 0..8),
        picks in proptest::collection::vec(any::<prop::sample::Index>(), 0..60),
    ) {
        let lines: Vec<String> = kept()
            .iter()
            .flat_map(|path| fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect::<Vec<_>>())
            .collect();
        let mut stream = stream();
        let mut now = BEGAN;
        for (place, pick) in picks.iter().enumerate() {
            if let Some(noise) = pieces.get(place % 9) {
                stream.push(noise, Timestamp(now));
            }
            stream.push(format!("\n{}\n", pick.get(&lines)).as_bytes(), Timestamp(now));
            now += 700;
            let _ = serde_json::to_string(&stream.sample(Timestamp(now))).unwrap();
        }
    }
}
