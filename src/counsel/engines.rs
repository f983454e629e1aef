//! Engines: models that do not run where they seem to run.

use crate::fleet::{Engine, EngineKind, EngineModel, HostName, LoadedModel, Look, ModelPlace};

use super::{Advice, Known};

/// Loaded models of which a part, or all, is not on the card that is there.
pub fn spilled(known: &Known<'_>) -> Vec<Advice> {
    let mut advice = Vec::new();
    for (host, look) in known.looks().filter(|(_, look)| !look.sample.gpus.is_empty()) {
        for (engine, model, held) in loaded(look) {
            let Some(spilled) = held.spilled().filter(|spilled| spilled.0 > 0) else { continue };
            let (Some(all), Some(vram)) = (held.held, held.vram) else { continue };
            let all_of_it = vram.0 == 0;
            let how = if all_of_it { "does not use its card at all" } else { "spills into RAM" };
            advice.push(Advice {
                text: format!("`{}` on {host} {how}, which costs most of its speed", model.name),
                evidence: format!(
                    "{spilled} of {all} is off the card, says {}",
                    says(engine, look)
                ),
                command: if all_of_it {
                    again(host, engine)
                } else {
                    format!("shelter models {host}")
                },
            });
        }
    }
    advice
}

/// Models that an engine lists like its own and passes on to somebody else's machines.
pub fn elsewhere(known: &Known<'_>) -> Vec<Advice> {
    let mut advice = Vec::new();
    for (host, look) in known.looks() {
        for engine in engines(look) {
            let away = engine.models.iter().filter_map(|model| match &model.place {
                ModelPlace::Cloud(to) => Some((model.name.as_str(), to.as_deref())),
                ModelPlace::Here => None,
            });
            let (names, hosts): (Vec<&str>, Vec<Option<&str>>) = away.unzip();
            if names.is_empty() {
                continue;
            }
            let to = hosts.into_iter().flatten().next().unwrap_or("a cloud");
            advice.push(Advice {
                text: format!("{} on {host} looks local and is not", listed(&names)),
                evidence: format!("passed on to {to}, says {}", says(engine, look)),
                command: format!("on {host}: ollama rm {}", names.join(" ")),
            });
        }
    }
    advice
}

/// After a machine has slept, an engine may have lost its card until it is started anew.
fn again(host: &HostName, engine: &Engine) -> String {
    match engine.kind {
        EngineKind::Ollama => format!("on {host}: sudo systemctl restart ollama"),
        _ => format!("on {host}: start {} anew", engine.kind.name()),
    }
}

fn engines(look: &Look) -> impl Iterator<Item = &Engine> {
    look.engines.iter().flat_map(|engines| engines.iter())
}

fn loaded(look: &Look) -> impl Iterator<Item = (&Engine, &EngineModel, &LoadedModel)> {
    engines(look).flat_map(|engine| engine.loaded().map(move |(model, held)| (engine, model, held)))
}

fn says(engine: &Engine, look: &Look) -> String {
    format!("{} on port {} at {}", engine.kind.name(), engine.port, look.at)
}

fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::super::scene::{Scene, card, cloud, ollama};
    use super::*;

    #[test]
    fn only_what_is_off_a_card_that_is_there_is_raised() {
        let told =
            |held, vram| spilled(&Scene::new().card(card()).engine(ollama(held, vram)).known());
        let raised = told(Some(6 << 30), Some(4 << 30));
        assert_eq!(
            raised[0].text,
            "`mistral:7b` on shadow spills into RAM, which costs most of its speed"
        );
        assert!(
            raised[0]
                .evidence
                .starts_with("2.0 GiB of 6.0 GiB is off the card, says Ollama on port 11434")
        );
        assert_eq!(raised[0].command, "shelter models shadow");
        assert_eq!(told(Some(6), Some(0))[0].command, "on shadow: sudo systemctl restart ollama");
        for well in [(Some(6), Some(6)), (None, Some(6)), (Some(6), None)] {
            assert_eq!(told(well.0, well.1), [], "{well:?}");
        }
        let without_card = Scene::new().engine(ollama(Some(6), Some(0)));
        assert_eq!(spilled(&without_card.known()), []);
    }

    #[test]
    fn models_that_are_passed_on_are_raised_with_where_they_go() {
        let raised = elsewhere(&Scene::new().engine(cloud()).known());
        assert_eq!(raised[0].text, "`gpt-oss:120b-cloud` on shadow looks local and is not");
        assert!(raised[0].evidence.starts_with("passed on to https://ollama.com:443, says Ollama"));
        assert_eq!(raised[0].command, "on shadow: ollama rm gpt-oss:120b-cloud");
        assert_eq!(elsewhere(&Scene::new().engine(ollama(Some(1), Some(1))).known()), []);
    }
}
