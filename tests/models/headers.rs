//! Headers that lie: whatever the bytes, a refusal and never a fall.

use std::io::Cursor;

use proptest::prelude::*;
use shelter::bench::gguf::{Draft, DraftTensor, Element, GgufError, Header, Value, tiny_model};
use shelter::bench::{Demand, Setting, Shape, ShapeError, fit};

use super::hosts::with_card;

fn read(bytes: &[u8]) -> Result<Header, GgufError> {
    Header::read(Cursor::new(bytes))
}

/// Magic, version 3, no tensors and one value whose bytes follow.
fn with_value(rest: &[u8]) -> Vec<u8> {
    let mut bytes = b"GGUF\x03\0\0\0".to_vec();
    bytes.extend(0_u64.to_le_bytes());
    bytes.extend(1_u64.to_le_bytes());
    bytes.extend(1_u64.to_le_bytes());
    bytes.push(b'k');
    bytes.extend(rest);
    bytes
}

fn refusal(bytes: &[u8]) -> String {
    read(bytes).unwrap_err().to_string()
}

#[test]
fn the_tiny_model_is_read_back_as_it_was_written() {
    let bytes = tiny_model();
    let header = read(&bytes).unwrap();
    header.check_length(bytes.len() as u64).unwrap();
    assert_eq!(header.architecture(), Some("llama"));
    assert_eq!(header.own("block_count"), Some(&Value::Int(4)));
    let shape = Shape::of(&header).unwrap();
    assert_eq!((shape.layers.len(), shape.vocabulary, shape.tied), (4, 759, false));
    assert_eq!(shape.weights(), header.weights());
    assert_eq!(tiny_model(), bytes, "the same on every machine");
}

#[test]
fn what_is_no_model_is_said_to_be_none() {
    assert!(refusal(b"#!/bin/sh\n").contains("not a GGUF file"));
    assert_eq!(refusal(b"GGUF\x09\0\0\0"), "GGUF version 9 is not one of 2 and 3");
    assert!(refusal(b"GGUF\0\0\0\x03").contains("big-endian"));
    assert_eq!(refusal(b""), "the file ends at byte 0, inside its header");
}

#[test]
fn absurd_counts_and_lengths_are_refused_before_they_cost_anything() {
    let mut tensors = b"GGUF\x03\0\0\0".to_vec();
    tensors.extend([0xff; 16]);
    assert!(refusal(&tensors).contains("number of tensors"));
    let text = |len: u64| [8_u32.to_le_bytes().as_slice(), &len.to_le_bytes()].concat();
    assert!(refusal(&with_value(&text(u64::MAX))).contains("length of a text"));
    assert!(refusal(&with_value(&text(4 << 20))).contains("inside its header"));
    let list = |kind: u32, len: u64| {
        let kinds = [9_u32.to_le_bytes(), kind.to_le_bytes()].concat();
        [kinds.as_slice(), &len.to_le_bytes()].concat()
    };
    assert!(refusal(&with_value(&list(4, 1 << 60))).contains("length of a list"));
    assert!(refusal(&with_value(&list(9, 1))).contains("unknown type 9"));
    assert!(refusal(&with_value(&13_u32.to_le_bytes())).contains("unknown type 13"));
}

#[test]
fn tensors_that_contradict_themselves_are_refused() {
    let one = |dimensions: Vec<u64>, element: &str| {
        let element = Element::named(element).unwrap();
        let name = "blk.0.x".to_owned();
        let mut draft = Draft::default();
        draft.tensor(DraftTensor { name, dimensions, element, data: Vec::new() });
        draft
    };
    assert!(refusal(&one(vec![100], "Q4_K").header()).contains("whole blocks"));
    assert!(refusal(&one(vec![1; 5], "F32").header()).contains("dimensions"));
    let mut twice = one(vec![32], "F32");
    let element = Element::named("F32").unwrap();
    let again = DraftTensor { name: "blk.0.x".into(), dimensions: vec![1], element, data: vec![] };
    assert_eq!(refusal(&twice.tensor(again).header()), "`blk.0.x` is there twice");
}

#[test]
fn a_file_that_lacks_its_end_is_told_by_its_length() {
    let bytes = tiny_model();
    let told = read(&bytes).unwrap().check_length(bytes.len() as u64 - 1).unwrap_err();
    assert!(told.to_string().contains("it is not whole"));
}

#[test]
fn models_that_follow_other_rules_are_not_guessed_at() {
    let mut draft = Draft::default();
    draft.text("general.architecture", "mamba").number("mamba.ssm.state_size", 16);
    let header = read(&draft.header()).unwrap();
    assert_eq!(Shape::of(&header), Err(ShapeError::Otherwise("a recurrent model")));
    let header = read(&Draft::default().header()).unwrap();
    assert!(matches!(Shape::of(&header), Err(ShapeError::Missing(_))));
}

/// The tiny model's header is mostly vocabulary; this one is mostly structure.
fn small() -> Vec<u8> {
    let mut draft = Draft::default();
    draft
        .text("general.architecture", "llama")
        .number("llama.block_count", 2)
        .number("llama.embedding_length", 64)
        .numbers("llama.attention.head_count", &[4, 4])
        .texts("tokenizer.ggml.tokens", &["a".into(), "b".into()])
        .fraction("f", 1.5)
        .truth("t", true);
    for name in ["token_embd.weight", "blk.0.attn_q.weight", "blk.9.x"] {
        let element = Element::named("F32").unwrap();
        let (name, data) = (name.to_owned(), Vec::new());
        draft.tensor(DraftTensor { name, dimensions: vec![64, 2], element, data });
    }
    draft.header()
}

#[test]
fn cut_anywhere_a_header_is_refused_at_the_place_where_it_ends() {
    let bytes = small();
    let whole = read(&bytes).unwrap();
    Shape::of(&whole).unwrap();
    // The last bytes only fill up to where data may begin.
    for end in 0..bytes.len() - 32 {
        assert!(matches!(read(&bytes[..end]), Err(GgufError::Ends { at }) if at == end as u64));
    }
}

/// All that is ever computed from a shape.
fn everything(shape: &Shape) -> u64 {
    let setting = Setting::of(1 << 24);
    let _ = fit(shape, &setting, &with_card(u64::MAX / 2));
    let of = [Demand::on_card(shape, &setting), Demand::in_memory(shape, &setting)];
    of.iter().map(Demand::total).fold(shape.weights(), u64::max)
}

#[test]
fn sizes_that_no_machine_could_count_stay_at_the_most_there_is() {
    let most = u32::MAX;
    let mut draft = Draft::default();
    draft.text("general.architecture", "llama");
    for name in ["embedding_length", "feed_forward_length", "vocab_size"] {
        draft.number(&format!("llama.{name}"), most);
    }
    draft.number("llama.block_count", 3).number("llama.attention.head_count", most);
    draft.number("llama.attention.key_length", most);
    let element = Element::named("F32").unwrap();
    for layer in 0..3 {
        let (name, data) = (format!("blk.{layer}.x"), Vec::new());
        draft.tensor(DraftTensor { name, dimensions: vec![1 << 60], element, data });
    }
    // All of them begin at the same place, so that the file still has a length.
    let header = read(&overlaid(draft.header(), 1 << 62)).unwrap();
    assert_eq!(everything(&Shape::of(&header).unwrap()), u64::MAX);
}

/// A header with the offsets of its later tensors, multiples of `step`, made nought.
fn overlaid(mut bytes: Vec<u8>, step: u64) -> Vec<u8> {
    for offset in 1..3 {
        let wanted = (offset * step).to_le_bytes();
        let at = bytes.windows(8).rposition(|window| window == wanted).unwrap();
        bytes[at..at + 8].fill(0);
    }
    bytes
}

proptest! {
    #[test]
    fn no_bytes_make_it_fall(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&bytes);
        let _ = read(&[b"GGUF\x03\0\0\0".as_slice(), &bytes].concat());
    }

    #[test]
    fn no_change_of_a_header_makes_it_fall(at in any::<proptest::sample::Index>(), with in any::<[u8; 8]>()) {
        let mut bytes = small();
        let at = at.index(bytes.len() - with.len());
        bytes[at..at + with.len()].copy_from_slice(&with);
        if let Ok(header) = read(&bytes) {
            let _ = header.check_length(bytes.len() as u64);
            let _ = Shape::of(&header).map(|shape| everything(&shape));
        }
    }
}
