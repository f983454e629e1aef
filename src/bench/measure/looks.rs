//! What the script of `04_llm_benchmark` prints while it measures: blocks of looks with the engine's answer behind them.
//! Everything else in between is somebody's chatter.

use std::collections::BTreeSet;

use super::conditions::{CardLook, Conditions, LinkSeen, MachineLook};
use crate::fleet::Throttle;

/// One model's block.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Printed {
    /// The model's name.
    pub model: String,
    /// How its weights are kept.
    pub quantisation: String,
    /// What else was so.
    pub conditions: Conditions,
    /// What the engine printed. Empty where it printed nothing.
    pub json: String,
}

/// The blocks of a text that are whole.
pub fn told(text: &str) -> Vec<Printed> {
    let mut whole = Vec::new();
    let mut block: Option<Printed> = None;
    for line in text.lines() {
        let Some(rest) = line.strip_prefix("shelter-bench ") else { continue };
        let (what, rest) = rest.split_once(' ').unwrap_or((rest, ""));
        match (what, &mut block) {
            ("begin", _) => {
                let (model, quantisation) = rest.split_once(' ').unwrap_or((rest, "n/a"));
                let (model, quantisation) = (model.to_owned(), quantisation.to_owned());
                block = Some(Printed { model, quantisation, ..Printed::default() });
            }
            ("load", Some(told)) => told.conditions.load_before = number(rest),
            ("look", Some(told)) => told.conditions.look(look(rest)),
            ("looks", Some(told)) => {
                told.conditions.looks = rest.parse().unwrap_or(told.conditions.looks);
            }
            ("json", Some(told)) => rest.clone_into(&mut told.json),
            ("end", _) => whole.extend(block.take()),
            _ => {}
        }
    }
    whole
}

/// `GOVERNORS HEAT MAINS`, and for each card ` | ` and nvidia-smi's fields; `-` is not known.
fn look(text: &str) -> MachineLook {
    let mut parts = text.split(" | ");
    let mut words = parts.next().unwrap_or_default().split(' ');
    let mut next = || words.next().unwrap_or("-");
    let governors = next();
    let split = governors.split(',').filter(|word| !matches!(*word, "" | "-"));
    MachineLook {
        governors: split.map(str::to_owned).collect(),
        heat: number(next()).map(|milli| milli / 1000.0),
        on_battery: number(next()).map(|mains| mains == 0.0),
        cards: parts.map(card).collect(),
    }
}

/// name, utilisation, temperature, power, throttle bits, generation, its maximum, width, its maximum.
fn card(text: &str) -> CardLook {
    let mut fields = text.split(',').map(str::trim);
    let mut next = || fields.next().unwrap_or("-");
    let name = next().to_owned();
    let [busy, heat, power] = [next(), next(), next()].map(number);
    let held_back_by = bits(next());
    let [generation, generation_max, width, width_max] =
        [next(), next(), next(), next()].map(small);
    let link = generation.map(|generation| LinkSeen {
        generation: (generation, generation_max),
        width: (width.unwrap_or(0), width_max),
    });
    CardLook { name, busy, heat, power, held_back_by, link }
}

fn number(text: &str) -> Option<f64> {
    text.trim().parse().ok().filter(|number: &f64| number.is_finite() && *number >= 0.0)
}

fn small(text: &str) -> Option<u8> {
    text.parse().ok().filter(|number| *number > 0)
}

/// The driver's bits that are faults.
fn bits(text: &str) -> Option<BTreeSet<String>> {
    const FAULTS: [(u64, Throttle); 7] = [
        (0x4, Throttle::PowerCap),
        (0x8, Throttle::Hardware),
        (0x10, Throttle::Sync),
        (0x20, Throttle::Heat),
        (0x40, Throttle::HardwareHeat),
        (0x80, Throttle::PowerBrake),
        (0x100, Throttle::Display),
    ];
    let bits = u64::from_str_radix(text.strip_prefix("0x")?, 16).ok()?;
    let held = FAULTS.into_iter().filter(|(bit, _)| bits & bit != 0);
    Some(held.filter_map(|(_, reason)| reason.fault()).map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "== warming up\n\
        shelter-bench begin mistral-7b-instruct Q4_K_M\n\
        shelter-bench load 0.25\n\
        shelter-bench look powersave 41000 1 | GTX 1050 Ti, 0, 40, 8.1, 0x0000000000000001, 1, 3, 16, 16\n\
        noise from somewhere\n\
        shelter-bench look performance,performance 78500 1 | GTX 1050 Ti, 99, 81, 66.2, 0x0000000000000024, 3, 3, 16, 16\n\
        shelter-bench look performance - - | GTX 1050 Ti, [N/A], [N/A], [N/A], [N/A], [N/A], [N/A], [N/A], [N/A]\n\
        shelter-bench looks 30\n\
        shelter-bench json [{\"n_gen\":1}]\n\
        shelter-bench end\n\
        shelter-bench begin cut-off Q8_0\n\
        shelter-bench look performance 1 1\n";

    #[test]
    fn a_block_is_read_and_one_that_was_cut_off_is_not() {
        let told = told(TEXT);
        assert_eq!(told.len(), 1);
        let Printed { model, quantisation, conditions, json } = &told[0];
        assert_eq!((model.as_str(), quantisation.as_str()), ("mistral-7b-instruct", "Q4_K_M"));
        assert_eq!(json, "[{\"n_gen\":1}]");
        assert_eq!((conditions.looks, conditions.load_before), (30, Some(0.25)));
        assert_eq!(conditions.governors, ["performance".to_owned(), "powersave".to_owned()].into());
        assert_eq!((conditions.heat_first, conditions.heat_most), (Some(41.0), Some(78.5)));
        assert_eq!(conditions.on_battery, Some(false));
        let card = &conditions.cards[0];
        assert_eq!(card.link.unwrap().generation, (3, Some(3)));
        let faults: Vec<&str> = card.held_back_by.iter().flatten().map(String::as_str).collect();
        assert_eq!(faults, ["heat", "power limit"]);
        assert_eq!(card.power_most, Some(66.2));
    }

    #[test]
    fn nothing_and_nonsense_are_no_conditions() {
        assert_eq!(told("shelter-bench end\nshelter-bench json x\n"), []);
        let nonsense = told("shelter-bench begin m\nshelter-bench look\nshelter-bench end\n");
        let expected = Conditions { looks: 1, ..Conditions::default() };
        assert_eq!(
            (&nonsense[0].conditions, nonsense[0].quantisation.as_str()),
            (&expected, "n/a")
        );
    }
}
