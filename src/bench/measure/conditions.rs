//! What else was so while something was measured: governor, heat, power, the card's link under load, what held it back.
//! Gathered look by look; what was never told stays unknown.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::fleet::{GpuSample, Sample, Throttle};

/// The conditions of one benchmark.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Conditions {
    /// How many looks were taken.
    pub looks: u32,
    /// The frequency governors that were seen.
    pub governors: BTreeSet<String>,
    /// Runnable processes before it began.
    pub load_before: Option<f64>,
    /// The hottest sensor at the first look, in degrees.
    pub heat_first: Option<f64>,
    /// The hottest sensor of all looks.
    pub heat_most: Option<f64>,
    /// Whether it ran without mains at any look.
    pub on_battery: Option<bool>,
    /// Graphics cards, in their order.
    pub cards: Vec<CardConditions>,
}

/// A card's conditions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CardConditions {
    /// Its name.
    pub name: String,
    /// The most it was at work, in percent.
    pub busy_most: Option<f64>,
    /// The hottest it was, in degrees.
    pub heat_most: Option<f64>,
    /// The most it drew, in watts.
    pub power_most: Option<f64>,
    /// What held its clocks back at any look. `None` where it never told.
    pub held_back_by: Option<BTreeSet<String>>,
    /// Its link, as it was when the card was most at work: an idle one is slower by design.
    pub link: Option<LinkSeen>,
}

/// A card's link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkSeen {
    /// Its generation, and the highest it can.
    pub generation: (u8, Option<u8>),
    /// Its lanes, and the most it can.
    pub width: (u8, Option<u8>),
}

/// One look at a card, as far as it told.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CardLook {
    pub name: String,
    pub busy: Option<f64>,
    pub heat: Option<f64>,
    pub power: Option<f64>,
    pub held_back_by: Option<BTreeSet<String>>,
    pub link: Option<LinkSeen>,
}

/// One look at a machine, as far as it told.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MachineLook {
    pub governors: BTreeSet<String>,
    pub heat: Option<f64>,
    pub on_battery: Option<bool>,
    pub cards: Vec<CardLook>,
}

impl Conditions {
    /// Takes in one sample of a host.
    pub fn take(&mut self, sample: &Sample) {
        if self.looks == 0 {
            let load = sample.cpu.load.fresh().map(|[minute, ..]| minute.0);
            self.load_before = self.load_before.or(load);
        }
        let words = |text: &String| text.split([',', ' ']).map(str::to_owned).collect::<Vec<_>>();
        let governors = sample.cpu.governor.fresh().map(words).unwrap_or_default();
        let heats = sample.temperatures.iter().filter_map(|sensor| sensor.value.fresh());
        self.look(MachineLook {
            governors: governors.into_iter().filter(|word| !word.is_empty()).collect(),
            heat: heats.map(|degrees| degrees.0).reduce(f64::max),
            on_battery: sample.mains.fresh().map(|mains| !mains),
            cards: sample.gpus.iter().map(of_card).collect(),
        });
    }

    /// Takes in one look.
    pub(super) fn look(&mut self, look: MachineLook) {
        if self.looks == 0 {
            self.heat_first = look.heat;
        }
        self.looks += 1;
        self.governors.extend(look.governors);
        self.heat_most = most(self.heat_most, look.heat);
        self.on_battery = match (self.on_battery, look.on_battery) {
            (before, None) => before,
            (before, Some(now)) => Some(before.unwrap_or(false) || now),
        };
        for (at, card) in look.cards.into_iter().enumerate() {
            if self.cards.len() <= at {
                self.cards
                    .push(CardConditions { name: card.name.clone(), ..CardConditions::default() });
            }
            self.cards[at].take(card);
        }
    }
}

impl CardConditions {
    fn take(&mut self, look: CardLook) {
        // `>=`: of two looks at full work the later one is deeper in the run.
        let busiest = look.busy.unwrap_or(0.0) >= self.busy_most.unwrap_or(0.0);
        if look.link.is_some() && (busiest || self.link.is_none()) {
            self.link = look.link;
        }
        self.busy_most = most(self.busy_most, look.busy);
        self.heat_most = most(self.heat_most, look.heat);
        self.power_most = most(self.power_most, look.power);
        if let Some(reasons) = look.held_back_by {
            self.held_back_by.get_or_insert_default().extend(reasons);
        }
    }
}

fn of_card(gpu: &GpuSample) -> CardLook {
    let words = |reasons: &Vec<Throttle>| {
        reasons.iter().copied().filter_map(Throttle::fault).map(str::to_owned).collect()
    };
    let link = |generation: &u8| LinkSeen {
        generation: (*generation, gpu.pcie.generation_max.fresh().copied()),
        width: (
            gpu.pcie.width.fresh().map_or(0, |lanes| *lanes),
            gpu.pcie.width_max.fresh().copied(),
        ),
    };
    CardLook {
        name: gpu.name.clone().unwrap_or_else(|| gpu.id.clone()),
        busy: gpu.busy.fresh().map(|share| share.0),
        heat: gpu.temperature.fresh().map(|degrees| degrees.0),
        power: gpu.power.fresh().map(|watts| watts.0),
        held_back_by: gpu.throttled_by.fresh().map(words),
        link: gpu.pcie.generation.fresh().map(link),
    }
}

fn most(before: Option<f64>, now: Option<f64>) -> Option<f64> {
    match (before, now) {
        (Some(before), Some(now)) => Some(before.max(now)),
        (before, now) => before.or(now),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(busy: f64, generation: u8, fault: &str) -> MachineLook {
        let link = LinkSeen { generation: (generation, Some(3)), width: (16, Some(16)) };
        let reasons = if fault.is_empty() { BTreeSet::new() } else { [fault.to_owned()].into() };
        let look = CardLook {
            name: "card".to_owned(),
            busy: Some(busy),
            heat: Some(busy),
            power: None,
            held_back_by: Some(reasons),
            link: Some(link),
        };
        MachineLook {
            heat: Some(busy),
            on_battery: Some(busy > 50.0),
            cards: vec![look],
            ..MachineLook::default()
        }
    }

    #[test]
    fn the_link_counts_as_it_was_under_load_and_every_fault_counts() {
        let mut seen = Conditions::default();
        for look in [card(0.0, 1, ""), card(99.0, 3, "heat"), card(2.0, 1, "")] {
            seen.look(look);
        }
        let card = &seen.cards[0];
        assert_eq!(card.link.unwrap().generation, (3, Some(3)));
        assert_eq!(card.held_back_by, Some(["heat".to_owned()].into()));
        assert_eq!((seen.looks, seen.heat_first, seen.heat_most), (3, Some(0.0), Some(99.0)));
        assert_eq!((seen.on_battery, card.power_most), (Some(true), None));
    }

    #[test]
    fn what_was_never_told_stays_unknown() {
        let mut seen = Conditions::default();
        seen.look(MachineLook::default());
        assert_eq!(seen, Conditions { looks: 1, ..Conditions::default() });
    }
}
