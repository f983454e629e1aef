//! Graphics cards: idle ones that could hold a model, links below what they can under load, and heat.

use crate::fleet::{Bytes, GpuSample, GpuVendor, HostName, Look, Throttle};

use super::{Advice, Known};

/// A card below this share is idle, above the other it is under load; in percent.
const IDLE: f64 = 5.0;
const LOADED: f64 = 50.0;

/// Cards on which nothing runs while a model would fit whole.
pub fn idle(known: &Known<'_>) -> Vec<Advice> {
    each(known, |host, look, card| {
        let model = known.fits.get(host)?;
        let busy = card.busy.fresh().filter(|busy| busy.0 <= IDLE)?;
        let processes = card.processes.fresh().map_or(0, Vec::len);
        if processes > 0 || holds_a_model(look) {
            return None;
        }
        let free = card.vram.fresh().zip(card.vram_used.fresh());
        let free = free.map(|(all, used)| format!(", {} of {all} free", left(*all, *used)));
        Some(Advice {
            text: format!("{} of {host} is idle and could hold {model}", name(card)),
            evidence: format!("busy {busy}{} at {}", free.unwrap_or_default(), look.at),
            command: format!("shelter --run 03_install_models -l {host}"),
        })
    })
}

/// Links that run below their generation. An idle card lowers its link by design, and so only load counts.
pub fn link(known: &Known<'_>) -> Vec<Advice> {
    each(known, |host, look, card| {
        let busy = card.busy.fresh().filter(|busy| busy.0 >= LOADED)?;
        let (now, most) = (card.pcie.generation.fresh()?, card.pcie.generation_max.fresh()?);
        (now < most).then(|| Advice {
            text: format!(
                "the link of {} on {host} runs at PCIe {now} of {most} under load",
                name(card)
            ),
            evidence: format!("busy {busy} at {}", look.at),
            command: format!(
                "on {host}: echo performance | sudo tee /sys/module/pcie_aspm/parameters/policy"
            ),
        })
    })
}

/// Cards that slow down because they are hot.
pub fn heat(known: &Known<'_>) -> Vec<Advice> {
    each(known, |host, look, card| {
        let reasons = card.throttled_by.fresh()?;
        let hot = |reason: &&Throttle| matches!(reason, Throttle::Heat | Throttle::HardwareHeat);
        let reason = reasons.iter().find(hot)?.fault()?;
        let degrees = card.temperature.fresh().map(|degrees| format!(", {degrees}"));
        Some(Advice {
            text: format!("{} of {host} is too hot and slows down", name(card)),
            evidence: format!(
                "held back by {reason}{} at {}",
                degrees.unwrap_or_default(),
                look.at
            ),
            command: cooler(host, card),
        })
    })
}

/// A fifth less power costs little speed and takes most of the heat.
fn cooler(host: &HostName, card: &GpuSample) -> String {
    let limit = card.power_limit.value.filter(|_| card.vendor == GpuVendor::Nvidia);
    match limit {
        Some(limit) => {
            format!("on {host}: sudo nvidia-smi -i {} -pl {:.0}", card.id, limit.0 * 0.8)
        }
        None => format!("on {host}: sensors, then clean its fans or lower the card's power limit"),
    }
}

fn each(
    known: &Known<'_>,
    advise: impl Fn(&HostName, &Look, &GpuSample) -> Option<Advice>,
) -> Vec<Advice> {
    let cards = known.looks().flat_map(|(host, look)| {
        look.sample.gpus.iter().filter(|card| !card.asleep).map(move |card| (host, look, card))
    });
    cards.filter_map(|(host, look, card)| advise(host, look, card)).collect()
}

/// Engines that do not tell how much they hold are given the benefit of the doubt.
fn holds_a_model(look: &Look) -> bool {
    let engines = look.engines.iter().flat_map(|engines| engines.iter());
    engines.flat_map(|engine| engine.loaded()).any(|(_, held)| held.vram != Some(Bytes(0)))
}

fn left(all: Bytes, used: Bytes) -> Bytes {
    Bytes(all.0.saturating_sub(used.0))
}

fn name(card: &GpuSample) -> String {
    card.name.clone().unwrap_or_else(|| card.id.clone())
}

#[cfg(test)]
mod tests {
    use super::super::scene::{Scene, card, ok, ollama};
    use super::*;
    use crate::fleet::{Celsius, GpuProcess, Percent, Reading, Source};

    /// What a rule says about shadow with such a card.
    fn told(
        rule: fn(&Known<'_>) -> Vec<Advice>,
        fits: bool,
        change: impl Fn(&mut GpuSample),
    ) -> Vec<Advice> {
        let mut card = card();
        change(&mut card);
        let scene = Scene::new().card(card);
        let mut known = scene.known();
        if fits {
            known.fits = [(Scene::host(), "Llama 3.2 3B".to_owned())].into();
        }
        rule(&known)
    }

    #[test]
    fn an_idle_card_is_raised_only_where_a_model_fits_and_nothing_runs_on_it() {
        let raised = told(idle, true, |_| {});
        assert_eq!(raised[0].text, "GTX 1050 Ti of shadow is idle and could hold Llama 3.2 3B");
        assert!(raised[0].evidence.starts_with("busy 0 %, 3.7 GiB of 4.0 GiB free at 20"));
        assert_eq!(raised[0].command, "shelter --run 03_install_models -l shadow");
        assert_eq!(told(idle, false, |_| {}), []);
        assert_eq!(told(idle, true, |card| card.busy = ok(Percent(40.0))), []);
        assert_eq!(told(idle, true, |card| card.busy = Reading::absent(Source::Nvml)), []);
        assert_eq!(told(idle, true, |card| card.asleep = true), []);
        let process =
            GpuProcess { pid: 7, name: "blender".into(), memory: None, serves: Vec::new() };
        assert_eq!(told(idle, true, |card| card.processes = ok(vec![process.clone()])), []);
    }

    #[test]
    fn a_card_that_holds_a_model_is_at_work_between_two_questions() {
        for (vram, raised) in [(Some(4), 0), (None, 0), (Some(0), 1)] {
            let scene = Scene::new().card(card()).engine(ollama(Some(4), vram));
            let mut known = scene.known();
            known.fits = [(Scene::host(), "Llama 3.2 3B".to_owned())].into();
            assert_eq!(idle(&known).len(), raised, "{vram:?}");
        }
    }

    #[test]
    fn a_link_is_judged_under_load_alone() {
        let at = |busy: f64, now: u8, most: u8| {
            told(link, false, |card| {
                card.busy = ok(Percent(busy));
                (card.pcie.generation, card.pcie.generation_max) = (ok(now), ok(most));
            })
        };
        let raised = at(97.0, 1, 3);
        assert_eq!(
            raised[0].text,
            "the link of GTX 1050 Ti on shadow runs at PCIe 1 of 3 under load"
        );
        assert!(raised[0].evidence.starts_with("busy 97 % at "));
        assert_eq!((at(2.0, 1, 3), at(97.0, 3, 3)), (Vec::new(), Vec::new()));
        let unknown = told(link, false, |card| {
            card.busy = ok(Percent(97.0));
            card.pcie.generation = ok(1);
        });
        assert_eq!(unknown, []);
    }

    #[test]
    fn only_heat_counts_as_too_hot() {
        let held = |reasons: &[Throttle]| {
            told(heat, false, |card| {
                card.throttled_by = ok(reasons.to_vec());
                card.temperature = ok(Celsius(91.0));
            })
        };
        let raised = held(&[Throttle::PowerCap, Throttle::Heat]);
        assert!(raised[0].evidence.starts_with("held back by heat, 91 °C at "), "{raised:?}");
        assert_eq!(raised[0].command, "on shadow: sudo nvidia-smi -i 0000:01:00.0 -pl 60");
        for calm in
            [vec![], vec![Throttle::Idle], vec![Throttle::PowerCap], vec![Throttle::Setting]]
        {
            assert_eq!(held(&calm), [], "{calm:?}");
        }
    }
}
