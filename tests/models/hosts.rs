//! What fits on machines as people have them, from the kept answers of `tests/probes`.

use proptest::prelude::*;
use shelter::bench::{
    CacheType, Card, Catalogue, Fit, Placement, Places, Setting, Shape, advice, fit, why,
};
use shelter::fleet::{Bytes, Facts, GpuVendor};

pub const GTX_1050_TI: &str = include_str!("../probes/debian-12-gtx1050ti.json");
const MISMATCH: &str = include_str!("../probes/nvidia-driver-mismatch.json");
const GALAXY_BOOK: &str = include_str!("../probes/kali-galaxy-book.json");
const RTX_4090: &str = include_str!("../probes/ubuntu-24.04-rtx4090.json");
const GB10: &str = include_str!("../probes/gb10-dgx-os.json");
const BARE: &str = include_str!("../probes/busybox-chroot-user.json");

const GIB: u64 = 1 << 30;

fn places(kept: &str) -> Places {
    let facts: Facts = serde_json::from_str(kept).unwrap();
    Places::of(&facts)
}

fn shape(name: &str) -> Shape {
    let catalogue = Catalogue::built_in();
    catalogue.models.into_iter().find(|model| model.name == name).unwrap().shape
}

fn at_4k(name: &str, places: &Places) -> Fit {
    fit(&shape(name), &Setting::of(4096), places)
}

fn card(name: &str, memory: u64) -> Card {
    let (name, memory) = (Some(name.to_owned()), Some(Bytes(memory)));
    Card { vendor: GpuVendor::Nvidia, name, memory, shared: false, compute: Some((8, 6)) }
}

/// A host with RAM to spare and one card.
pub fn with_card(memory: u64) -> Places {
    Places { cards: vec![card("x", memory)], ram: Some(Bytes(64 * GIB)) }
}

#[test]
fn neither_preferred_model_fits_a_gtx_1050_ti_whole_and_both_run_split() {
    let places = places(GTX_1050_TI);
    let layers = |name| match at_4k(name, &places).placement {
        Placement::Split(split) => (split.layers, split.of, split.gpu_layers),
        other => panic!("{name}: {other:?}"),
    };
    assert_eq!(layers("mistral-7b-instruct"), (20, 32, 21));
    assert_eq!(layers("phi-3-mini"), (25, 32, 26));
    assert_eq!(
        why(&at_4k("phi-3-mini", &places), &places),
        "not whole: 25 of 32 layers on the card (-ngl 26), 945 MiB in RAM"
    );
}

#[test]
fn what_a_gtx_1050_ti_does_hold_whole_is_found() {
    let places = places(GTX_1050_TI);
    for (name, longest) in [
        ("llama-3.2-3b-instruct", 7936),
        ("qwen2.5-3b-instruct", 26112),
        ("gemma-2-2b-it", 8192),
        ("qwen2.5-1.5b-instruct", 32768),
        ("llama-3.2-1b-instruct", 65280),
    ] {
        let fit = at_4k(name, &places);
        assert_eq!(fit.placement, Placement::Card { cards: vec![1] }, "{name}");
        assert_eq!(fit.longest, Some(longest), "{name}");
    }
}

#[test]
fn an_old_card_is_told_what_it_needs_and_what_will_not_run() {
    let said = advice(&places(GTX_1050_TI)).join("\n");
    assert!(said.contains("CUDA 12") && said.contains("ARCHITECTURES=61"), "{said}");
    assert!(said.contains("vLLM"), "{said}");
    assert_eq!(advice(&places(RTX_4090)), Vec::<String>::new());
    let mut kepler = places(GTX_1050_TI);
    kepler.cards[1].compute = Some((3, 5));
    assert!(advice(&kepler)[0].contains("too old for CUDA 12"));
}

#[test]
fn a_card_whose_memory_nobody_can_tell_is_left_out_and_said_to_be() {
    let places = places(MISMATCH);
    assert_eq!(places.cards[1].memory, None);
    let beside = Placement::Shared { card: 0 };
    assert_eq!(at_4k("llama-3.2-1b-instruct", &places).placement, beside);
    assert!(advice(&places)[0].contains("its memory is not known"));
}

#[test]
fn memory_that_a_card_shares_is_counted_once_and_against_what_is_free() {
    let gb10 = places(GB10);
    assert_eq!(gb10.cards[0].memory, gb10.ram);
    assert_eq!(at_4k("qwen2.5-32b-instruct", &gb10).placement, Placement::Shared { card: 0 });
    let shape = shape("llama-3.2-3b-instruct");
    let tied = fit(&shape, &Setting::of(4096), &gb10).demand.weights;
    assert_eq!(tied, shape.weights() + shape.input, "one table, in use twice");
    let laptop = places(GALAXY_BOOK);
    assert_eq!(at_4k("mistral-7b-instruct", &laptop).placement, Placement::Shared { card: 0 });
    let too_large = at_4k("qwen2.5-32b-instruct", &laptop).placement;
    assert!(matches!(too_large, Placement::Nowhere { short } if short.0 > 8 * GIB));
}

#[test]
fn a_large_card_holds_a_large_model_up_to_a_context_that_is_told() {
    let places = places(RTX_4090);
    let fit = at_4k("qwen2.5-32b-instruct", &places);
    assert_eq!(fit.placement, Placement::Card { cards: vec![0] });
    let longest = fit.longest.unwrap();
    assert!((8192..32768).contains(&longest), "{longest}");
    let beyond = Setting::of(longest + 256);
    let split = fit_of("qwen2.5-32b-instruct", &beyond, &places);
    assert!(matches!(split, Placement::Split(_)));
    let smaller = Setting { cache: CacheType::Q8_0, ..beyond };
    let whole = fit_of("qwen2.5-32b-instruct", &smaller, &places);
    assert_eq!(whole, Placement::Card { cards: vec![0] });
}

fn fit_of(name: &str, setting: &Setting, places: &Places) -> Placement {
    fit(&shape(name), setting, places).placement
}

#[test]
fn alike_cards_share_a_model_and_unlike_ones_never_do() {
    let pair = |second: Card| Places {
        cards: vec![card("RTX 3060", 12 * GIB), second],
        ram: Some(Bytes(4 * GIB)),
    };
    let alike = pair(card("RTX 3060", 12 * GIB));
    let spread = at_4k("qwen2.5-32b-instruct", &alike).placement;
    assert_eq!(spread, Placement::Card { cards: vec![0, 1] });
    let unlike = pair(card("RTX 3080", 12 * GIB));
    let missing = at_4k("qwen2.5-32b-instruct", &unlike).placement;
    assert!(matches!(missing, Placement::Nowhere { .. }), "{missing:?}");
    let small = at_4k("mistral-7b-instruct", &alike).placement;
    assert_eq!(small, Placement::Card { cards: vec![0] }, "no more cards than needed");
}

#[test]
fn no_context_is_promised_beyond_what_a_model_was_trained_for() {
    let longest = |context| fit(&shape("phi-3-mini"), &Setting::of(context), &places(GB10)).longest;
    assert_eq!((longest(1024), longest(4096), longest(8192)), (Some(4096), Some(4096), None));
}

#[test]
fn without_a_figure_for_its_memory_a_host_is_unknown_and_not_too_small() {
    let mut places = places(BARE);
    places.ram = None;
    assert_eq!(at_4k("llama-3.2-1b-instruct", &places).placement, Placement::Unknown);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn more_memory_never_holds_fewer_layers(vram in 1_u64..24, ram in 1_u64..64, model in 0_usize..9) {
        let shape = Catalogue::built_in().models.remove(model).shape;
        let layers = |vram: u64| {
            let places = Places { cards: vec![card("x", vram * GIB)], ram: Some(Bytes(ram * GIB)) };
            match fit(&shape, &Setting::of(4096), &places).placement {
                Placement::Card { .. } => shape.layers.len() + 1,
                Placement::Split(split) => split.layers,
                _ => 0,
            }
        };
        prop_assert!(layers(vram + 1) >= layers(vram));
    }

    #[test]
    fn the_longest_context_fits_and_a_longer_one_does_not(vram in 2_u64..24, model in 0_usize..9) {
        let shape = Catalogue::built_in().models.remove(model).shape;
        let places = Places { cards: vec![card("x", vram * GIB)], ram: None };
        let best = fit(&shape, &Setting::of(1024), &places);
        if let Some(longest) = best.longest {
            let at = |context| fit(&shape, &Setting::of(context), &places).placement;
            prop_assert_eq!(&at(longest), &best.placement);
            if shape.context.is_some_and(|most| longest + 256 <= most) {
                prop_assert_ne!(&at(longest + 256), &best.placement);
            }
        }
    }
}
