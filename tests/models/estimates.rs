//! Our figures against those of `llama-fit-params`, kept in `fit-params.txt`.

use shelter::bench::gguf::Header;
use shelter::bench::{CacheType, Catalogue, Demand, Setting, Shape};

use super::hollow::{Hollow, SHAPES};

const KEPT: &str = include_str!("fit-params.txt");
/// How far, in MiB, the room to compute in may be off: what the engine's allocator saves or wastes.
const COMPUTE_OFF: u64 = 24;
/// How much larger a file is than its weights: its vocabulary, in MiB.
const HEADER_MOST: u64 = 9;

/// One line: what was asked, and what llama.cpp answered in MiB, rounded down.
pub struct Asked {
    pub model: Hollow,
    pub context: u64,
    pub cache: &'static str,
    pub answer: [u64; 3],
}

pub fn kept() -> Vec<Asked> {
    let lines = KEPT.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| asked(line).unwrap_or_else(|| panic!("malformed: {line}"))).collect()
}

fn asked(line: &'static str) -> Option<Asked> {
    let (question, answer) = line.split_once(" | ")?;
    let mut words = question.split(' ');
    let name = words.next()?;
    let model = SHAPES.into_iter().find(|shape| shape.name == name)?;
    let (context, cache) = (words.next()?.parse().ok()?, words.next()?);
    Some(Asked { model, context, cache, answer: figures(answer)? })
}

/// Three numbers.
pub fn figures(answer: &str) -> Option<[u64; 3]> {
    let numbers: Result<Vec<u64>, _> = answer.split_whitespace().map(str::parse).collect();
    numbers.ok()?.try_into().ok()
}

impl Asked {
    pub fn check(&self, shape: &Shape, header: u64) {
        let what = format!("{} at {} {}", self.model.name, self.context, self.cache);
        let cache = match self.cache {
            "q8_0" => CacheType::Q8_0,
            "q4_0" => CacheType::Q4_0,
            _ => CacheType::F16,
        };
        let setting = Setting { cache, ..Setting::of(self.context) };
        let ours = Demand::in_memory(shape, &setting);
        let [weights, cache, compute] = self.answer;
        let more = (ours.weights >> 20).checked_sub(weights);
        assert!(more.is_some_and(|more| more <= header), "{what}: weights {ours:?}");
        assert_eq!(ours.cache >> 20, cache, "{what}: keys and values");
        let off = (ours.compute >> 20).abs_diff(compute);
        assert!(off <= COMPUTE_OFF, "{what}: computing is off by {off} MiB");
    }
}

#[test]
fn figures_from_a_header_agree_with_the_engine() {
    for model in SHAPES {
        let header = Header::read(model.header().as_slice()).unwrap();
        header.check_length(model.length()).unwrap();
        let shape = Shape::of(&header).unwrap();
        let of_model: Vec<Asked> =
            kept().into_iter().filter(|asked| asked.model.name == model.name).collect();
        assert!(!of_model.is_empty(), "{} was never asked for", model.name);
        of_model.iter().for_each(|asked| asked.check(&shape, 0));
    }
}

#[test]
fn figures_from_the_catalogue_agree_with_the_engine() {
    let catalogue = Catalogue::built_in();
    for asked in kept() {
        let model = catalogue.models.iter().find(|m| m.name == asked.model.name).unwrap();
        asked.check(&model.shape, HEADER_MOST);
    }
}

#[test]
fn the_sizes_of_the_catalogue_are_those_that_its_shapes_come_to() {
    for model in Catalogue::built_in().models {
        let hollow = SHAPES.into_iter().find(|shape| shape.name == model.name).unwrap();
        let off = model.size.0.abs_diff(hollow.length());
        // The texts of the vocabulary differ, nothing else may.
        assert!(off < 6 << 20, "{} is off by {off} bytes", model.name);
    }
}
