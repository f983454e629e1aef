//! Where on a host a model fits: whole on a card, in memory a card shares, split, in RAM, or not at all.

use super::demand::{compute, layer_cache};
use super::{Card, Demand, Layer, Places, Setting, Shape};
use crate::fleet::Bytes;

/// Contexts are tried in steps of this many tokens.
const STEP: u64 = 256;

/// Where a model fits.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Fit {
    /// Where.
    pub placement: Placement,
    /// What it takes where it would best be: on a card if there is one, else in RAM.
    pub demand: Demand,
    /// What is left free besides.
    pub margin: Bytes,
    /// The longest context that fits in the same way.
    pub longest: Option<u64>,
}

/// Where.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "where", rename_all = "snake_case")]
pub enum Placement {
    /// Whole on one card, or spread over several that are alike.
    Card {
        /// Which.
        cards: Vec<usize>,
    },
    /// Whole in the memory that a card shares with the machine.
    Shared {
        /// Which card.
        card: usize,
    },
    /// Some layers on cards, the others in RAM.
    Split(Split),
    /// Whole in RAM.
    Memory,
    /// Nowhere: this much is missing in the roomiest place.
    Nowhere {
        /// How much.
        short: Bytes,
    },
    /// It is not known how much memory there is.
    Unknown,
}

/// A model split between cards and RAM.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Split {
    /// Which cards.
    pub cards: Vec<usize>,
    /// Layers on them.
    pub layers: usize,
    /// Layers in all.
    pub of: usize,
    /// What llama.cpp's `--n-gpu-layers` is to be: it counts the output as one more.
    pub gpu_layers: usize,
    /// What is left to RAM.
    pub in_ram: Bytes,
}

/// Where the model fits, at its best.
pub fn fit(shape: &Shape, setting: &Setting, places: &Places) -> Fit {
    let asked = Asked { shape, places };
    let placement = asked.placement(setting);
    let own = places.cards.iter().any(|card| card.memory.is_some() && !card.shared);
    let demand = match placement {
        Placement::Shared { .. } => Demand::in_shared(shape, setting),
        Placement::Card { .. } | Placement::Split(_) => Demand::on_card(shape, setting),
        Placement::Nowhere { .. } if own => Demand::on_card(shape, setting),
        _ => Demand::in_memory(shape, setting),
    };
    let longest = asked.longest(setting, &placement);
    Fit { placement, demand, margin: setting.margin, longest }
}

struct Asked<'a> {
    shape: &'a Shape,
    places: &'a Places,
}

impl Asked<'_> {
    fn placement(&self, setting: &Setting) -> Placement {
        let groups = self.groups();
        if let Some(cards) = groups.iter().find_map(|group| self.whole(group, setting)) {
            return Placement::Card { cards };
        }
        let splits = groups.iter().filter_map(|group| self.split(group, setting));
        if let Some(split) = splits.max_by_key(|split| split.layers) {
            return Placement::Split(split);
        }
        let need = Demand::in_shared(self.shape, setting).total().saturating_add(setting.margin.0);
        let shared = |card: &Card| card.shared && card.memory.is_some_and(|m| m.0 >= need);
        if let Some(card) = self.places.cards.iter().position(shared) {
            return Placement::Shared { card };
        }
        self.in_memory(setting)
    }

    fn in_memory(&self, setting: &Setting) -> Placement {
        let need = Demand::in_memory(self.shape, setting).total().saturating_add(setting.margin.0);
        match self.places.ram {
            Some(ram) if ram.0 >= need => Placement::Memory,
            Some(ram) => Placement::Nowhere { short: Bytes(need - ram.0) },
            None => Placement::Unknown,
        }
    }

    /// Cards with memory of their own, those alike together; the roomiest first.
    fn groups(&self) -> Vec<Vec<usize>> {
        let cards = &self.places.cards;
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for (at, card) in cards.iter().enumerate() {
            if card.shared || card.memory.is_none() {
                continue;
            }
            match groups.iter_mut().find(|group| cards[group[0]].like(card)) {
                Some(group) => group.push(at),
                None => groups.push(vec![at]),
            }
        }
        groups.sort_by_key(|group| std::cmp::Reverse(cards[group[0]].memory));
        groups
    }

    /// The fewest cards of a group that hold the whole model.
    fn whole(&self, group: &[usize], setting: &Setting) -> Option<Vec<usize>> {
        let all = self.shape.layers.len();
        let holds = |count: &usize| self.layers_on(&group[..*count], setting) == Some(all);
        (1..=group.len()).find(holds).map(|count| group[..count].to_vec())
    }

    /// As many layers on a group as it holds, if RAM holds the rest.
    fn split(&self, group: &[usize], setting: &Setting) -> Option<Split> {
        let layers = self.layers_on(group, setting).filter(|&layers| layers > 0)?;
        let of = self.shape.layers.len();
        let left = &self.shape.layers[..of - layers];
        let rest = left.iter().map(|layer| need(layer, setting)).fold(0, u64::saturating_add);
        let in_ram = rest.saturating_add(self.shape.input);
        let in_ram = in_ram.saturating_add(compute(self.shape, setting));
        let holds =
            self.places.ram.is_some_and(|ram| ram.0 >= in_ram.saturating_add(setting.margin.0));
        let gpu_layers = layers + 1;
        let cards = group.to_vec();
        holds.then_some(Split { cards, layers, of, gpu_layers, in_ram: Bytes(in_ram) })
    }

    /// How many layers, counted from the last, the cards hold besides the output. `None` where not even that.
    ///
    /// Every card computes, and keeps its margin. llama.cpp fills cards in the same way: the end of
    /// the model first, and a layer is never cut.
    fn layers_on(&self, cards: &[usize], setting: &Setting) -> Option<usize> {
        let taken = compute(self.shape, setting).saturating_add(setting.margin.0);
        let room = |card: &usize| Some(self.places.cards[*card].memory?.0.saturating_sub(taken));
        let mut rooms = cards.iter().filter_map(room);
        let mut room = rooms.next()?.checked_sub(self.shape.output)?;
        let mut count = 0;
        for layer in self.shape.layers.iter().rev() {
            let need = need(layer, setting);
            while room < need {
                match rooms.next() {
                    Some(next) => room = next,
                    None => return Some(count),
                }
            }
            room -= need;
            count += 1;
        }
        Some(count)
    }

    /// The longest context that fits in the same way, as far as the model was trained for.
    fn longest(&self, setting: &Setting, placement: &Placement) -> Option<u64> {
        if matches!(placement, Placement::Nowhere { .. } | Placement::Unknown | Placement::Split(_))
        {
            return None;
        }
        let fits = |steps: u64| {
            let setting = Setting { context: steps * STEP, ..*setting };
            self.placement(&setting) == *placement
        };
        let trained = self.shape.context.filter(|&trained| trained >= setting.context)?;
        let (mut good, mut beyond) = (setting.context / STEP, trained / STEP + 1);
        while good + 1 < beyond {
            let middle = good + (beyond - good) / 2;
            if fits(middle) { good = middle } else { beyond = middle }
        }
        (good > 0).then_some(good * STEP)
    }
}

/// What a layer takes, wherever it is.
fn need(layer: &Layer, setting: &Setting) -> u64 {
    layer.weights.saturating_add(layer_cache(layer, setting))
}
