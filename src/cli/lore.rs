//! What the console knows that a playbook may ask for by a variable: the catalogue of models, and what of it fits on a host.
//! A playbook without that variable costs nothing.

use crate::bench::{Catalogue, Fit, Model, Placement, Places, Setting, Split, fit, why};
use crate::fleet::{Facts, Value, Vars};
use crate::ops::Lore;
use crate::playbook::Playbook;

use super::exit::Trouble;

/// The variable that asks for the catalogue.
const CATALOGUE: &str = "catalogue";
/// The context models are graded at.
const CONTEXT: u64 = 4096;
/// What a playbook asks for. `None` where it asks for nothing.
pub fn of(
    playbook: &Playbook,
    catalogue: impl FnOnce() -> Result<Catalogue, Trouble>,
) -> Result<Option<Lore>, Trouble> {
    if !playbook.vars.iter().any(|entry| &*entry.key == CATALOGUE) {
        return Ok(None);
    }
    let catalogue = catalogue()?;
    Ok(Some(Box::new(move |facts: &Facts| {
        let models = catalogue.models.iter().map(|model| entry(model, facts)).collect();
        Vars::from([(CATALOGUE.to_owned(), Value::List(models))])
    })))
}

/// A model as a playbook sees it.
fn entry(model: &Model, facts: &Facts) -> Value {
    let places = Places::of(facts);
    let fit = fit(&model.shape, &Setting::of(CONTEXT), &places);
    let fits = !matches!(fit.placement, Placement::Nowhere { .. } | Placement::Unknown);
    let (on_card, in_ram, gpu_layers) = claims(&fit, model);
    let sure = |field: &str| !model.unverified.iter().any(|doubted| doubted == field);
    let text = |text: &str| Value::Text(text.to_owned());
    let whole = |number: u64| Value::Int(i64::try_from(number).unwrap_or(i64::MAX));
    let fields: [(&str, Value); 13] = [
        ("name", text(&model.name)),
        ("title", text(&model.title)),
        ("url", text(&model.url)),
        ("file", text(&model.file)),
        ("sha256", text(model.sha256.as_deref().unwrap_or_default())),
        ("size", whole(model.size.0)),
        ("size_is_sure", Value::Bool(sure("size"))),
        ("layers", whole(model.shape.layers.len() as u64)),
        ("embedding", whole(model.shape.embedding)),
        ("fits", Value::Bool(fits)),
        ("why", text(&format!("{}: {}", model.name, why(&fit, &places)))),
        ("claim", text(&format!("{on_card}:{in_ram}"))),
        (
            "known",
            text(&format!("{} {} {} {gpu_layers}", model.file, model.name, model.quantisation)),
        ),
    ];
    Value::Map(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// Bytes claimed on a card and in RAM, and the layers that go on the card.
fn claims(fit: &Fit, model: &Model) -> (u64, u64, u64) {
    let (total, all) = (fit.demand.total(), model.shape.layers.len() as u64 + 1);
    match &fit.placement {
        Placement::Card { .. } => (total, 0, all),
        Placement::Shared { .. } => (0, total, all),
        Placement::Split(Split { gpu_layers, in_ram, .. }) => {
            (total.saturating_sub(in_ram.0), in_ram.0, *gpu_layers as u64)
        }
        Placement::Memory => (0, total, 0),
        Placement::Nowhere { .. } | Placement::Unknown => (0, 0, 0),
    }
}
