//! A fit in words, for people. Prints nothing.

use super::{Fit, Placement, Places, Split};

/// Why the model fits as it does, in one line.
pub fn why(fit: &Fit, places: &Places) -> String {
    let label = |at: usize| places.cards.get(at).map_or("card", |card| card.label());
    match &fit.placement {
        Placement::Card { cards } => match cards.as_slice() {
            [first, _, ..] => {
                format!("spread over {} × {}{}", cards.len(), label(*first), reach(fit))
            }
            [only] if several(places) => format!("whole on the {}{}", label(*only), reach(fit)),
            _ => format!("whole on the card{}", reach(fit)),
        },
        Placement::Shared { card } => {
            format!("whole in RAM, shared with {}{}", label(*card), reach(fit))
        }
        Placement::Split(split) => split_words(split),
        Placement::Memory => format!("in RAM, on the processor{}", reach(fit)),
        Placement::Nowhere { short } => format!("{short} of memory are missing"),
        Placement::Unknown => "how much memory the host has is not known".to_owned(),
    }
}

/// Whether it must be said which card is meant.
fn several(places: &Places) -> bool {
    places.cards.iter().filter(|card| !card.shared && card.memory.is_some()).count() > 1
}

fn reach(fit: &Fit) -> String {
    fit.longest.map_or_else(String::new, |longest| format!(", up to {longest} tokens"))
}

fn split_words(split: &Split) -> String {
    let Split { cards, layers, of, gpu_layers, in_ram } = split;
    let place = if cards.len() > 1 { "the cards" } else { "the card" };
    format!("not whole: {layers} of {of} layers on {place} (-ngl {gpu_layers}), {in_ram} in RAM")
}
