//! Our figures against those of `llama-fit-params`, kept in `fit-params.txt`.

use std::sync::OnceLock;

use shelter::bench::gguf::Header;
use shelter::bench::{CacheType, Catalogue, Demand, Placement, Setting, Shape, fit};

use super::hollow::{Hollow, SHAPES};

const KEPT: &str = include_str!("fit-params.txt");
const ON_CARD: &str = include_str!("fit-card.txt");
const LAYERS: &str = include_str!("fit-layers.txt");
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

/// The lines of a file of kept answers: the words of each question, and the answer.
fn lines(kept: &'static str) -> impl Iterator<Item = (Vec<&'static str>, &'static str)> {
    let lines = kept.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| {
        let (question, answer) = line.split_once(" | ").unwrap();
        (question.split(' ').collect(), answer)
    })
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
fn figures_agree_with_the_engine() {
    for asked in kept() {
        let [exact, listed] = both(asked.model.name);
        asked.check(exact, 0);
        asked.check(listed, HEADER_MOST);
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

/// A shape as its header tells it and as the catalogue does.
fn both(name: &str) -> &'static [Shape; 2] {
    static SHAPED: OnceLock<Vec<[Shape; 2]>> = OnceLock::new();
    let all = SHAPED.get_or_init(|| SHAPES.iter().map(shaped).collect());
    &all[SHAPES.iter().position(|shape| shape.name == name).unwrap()]
}

fn shaped(hollow: &Hollow) -> [Shape; 2] {
    let header = Header::read(hollow.header().as_slice()).unwrap();
    header.check_length(hollow.length()).unwrap();
    let models = Catalogue::built_in().models;
    let listed = models.into_iter().find(|model| model.name == hollow.name).unwrap();
    [Shape::of(&header).unwrap(), listed.shape]
}

#[test]
fn what_goes_to_a_card_is_what_the_engine_sends_there() {
    for (question, answer) in lines(ON_CARD) {
        let [name, context] = question[..] else { panic!("{question:?}") };
        let [weights, cache, compute] = figures(answer).unwrap();
        let [exact, listed] = both(name);
        let setting = Setting::of(context.parse().unwrap());
        let ours = Demand::on_card(exact, &setting);
        assert_eq!([ours.weights >> 20, ours.cache >> 20], [weights, cache], "{question:?}");
        let off = (ours.compute >> 20).abs_diff(compute);
        assert!(off <= COMPUTE_OFF, "{question:?}: computing is off by {off} MiB");
        let more = (Demand::on_card(listed, &setting).weights >> 20) - weights;
        assert!(more <= HEADER_MOST, "{question:?}: {more} MiB");
    }
}

#[test]
fn as_many_layers_go_to_a_small_card_as_the_engine_puts_there() {
    for (question, answer) in lines(LAYERS) {
        let [name, memory] = question[..] else { panic!("{question:?}") };
        for shape in both(name) {
            let places = super::hosts::with_card(memory.parse::<u64>().unwrap() << 20);
            let ours = match fit(shape, &Setting::of(4096), &places).placement {
                Placement::Card { .. } => None,
                Placement::Split(split) => Some(split.gpu_layers),
                // The output alone is no reason to bother a card.
                _ => Some(1),
            };
            let theirs: Option<usize> = (answer != "all").then(|| answer.parse().unwrap());
            let fewer = theirs.zip(ours).map(|(theirs, ours)| theirs.checked_sub(ours));
            let good = fewer.map_or(theirs == ours, |fewer| fewer.is_some_and(|n| n <= 1));
            assert!(good, "{question:?}: {ours:?} instead of {theirs:?}");
        }
    }
}
