//! What there is room for: memory and disks of each host, and the models of the catalogue that fit there.

use super::Seen;
use crate::bench::{Catalogue, Fit, Model, Placement, Places, Setting, fit};
use crate::cli::markdown::table;
use crate::cli::models::survey::Known;
use crate::fleet::{Bytes, Disk};

/// The context models are graded at.
const CONTEXT: u64 = 4096;

/// What fits on a host.
#[derive(serde::Serialize)]
pub struct Capacity {
    /// RAM that can be had.
    pub ram: Option<Bytes>,
    /// Memory of the cards, each.
    pub cards: Vec<Option<Bytes>>,
    /// The roomiest disk.
    pub disk: Option<Bytes>,
    /// The largest model that fits whole on a card, if any does.
    pub on_card: Option<String>,
    /// The largest model that fits at all.
    pub largest: Option<String>,
    /// Models of the catalogue that fit, of how many.
    pub fits: (usize, usize),
}

/// What fits on a host, by its facts.
pub fn of(known: &Known, catalogue: &Catalogue) -> Capacity {
    let (places, setting) = (Places::of(&known.facts), Setting::of(CONTEXT));
    let fits: Vec<(&Model, Fit)> = catalogue
        .models
        .iter()
        .map(|model| (model, fit(&model.shape, &setting, &places)))
        .filter(|(_, fit)| !matches!(fit.placement, Placement::Nowhere { .. } | Placement::Unknown))
        .collect();
    let largest = |whole: bool| {
        let on_card = |fit: &Fit| matches!(fit.placement, Placement::Card { .. });
        let chosen = fits.iter().filter(|(_, fit)| !whole || on_card(fit));
        chosen.max_by_key(|(model, _)| model.size).map(|(model, _)| model.name.clone())
    };
    Capacity {
        ram: places.ram,
        cards: places.cards.iter().filter(|card| !card.shared).map(|card| card.memory).collect(),
        disk: known.facts.disks.iter().filter_map(|disk: &Disk| disk.free).max(),
        on_card: largest(true),
        largest: largest(false),
        fits: (fits.len(), catalogue.models.len()),
    }
}

/// A row for each host whose facts are known, and what no host can hold.
pub fn section(seen: &[Seen<'_>], catalogue: &Catalogue) -> String {
    let all: Vec<(String, Capacity)> =
        seen.iter().filter_map(|seen| Some((seen.name(), of(seen.facts?, catalogue)))).collect();
    let rows: Vec<Vec<String>> = all.iter().map(|(name, capacity)| row(name, capacity)).collect();
    let heads = [
        "host",
        "RAM to be had",
        "cards' memory",
        "roomiest disk, free",
        "largest on a card",
        "largest at all",
        "models that fit",
    ];
    let ram: u64 = all.iter().filter_map(|(_, capacity)| capacity.ram).map(|ram| ram.0).sum();
    let cards: u64 = all.iter().flat_map(|(_, c)| c.cards.iter().flatten()).map(|c| c.0).sum();
    format!(
        "## Capacity\n\nAt {CONTEXT} tokens of context. Together {} of RAM and {} on cards, which no one model can have.\n\n{}",
        Bytes(ram),
        Bytes(cards),
        table(&heads, &rows),
    )
}

fn row(name: &str, capacity: &Capacity) -> Vec<String> {
    let bytes = |bytes: Option<Bytes>| bytes.map_or_else(|| "n/a".to_owned(), |b| b.to_string());
    let name_of = |model: &Option<String>| model.clone().unwrap_or_else(|| "none".to_owned());
    let cards: Vec<String> = capacity.cards.iter().map(|card| bytes(*card)).collect();
    vec![
        name.to_owned(),
        bytes(capacity.ram),
        if cards.is_empty() { "none".to_owned() } else { cards.join(" + ") },
        bytes(capacity.disk),
        name_of(&capacity.on_card),
        name_of(&capacity.largest),
        format!("{} of {}", capacity.fits.0, capacity.fits.1),
    ]
}
