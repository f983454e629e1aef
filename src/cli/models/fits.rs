//! `shelter models`: a table for each host, model by model.

use std::io::Write;

use crate::bench::{
    Catalogue, FULLEST, Fit, Model, Placement, Places, Setting, advice, disk_of, fit, fullness, why,
};
use crate::cli::args::Models;
use crate::cli::compose::Console;
use crate::cli::exit::{Exit, Trouble};
use crate::cli::paint::{Paint, Tone};
use crate::cli::table::Table;
use crate::fleet::{Bytes, Host, Sensors};
use crate::ops::{Board, Persistence, Sampling};
use crate::telemetry::sampler::Pace;

use super::setting;
use super::survey::{Known, survey};

/// Seconds between the two looks that rates take.
const PACE: u32 = 2;
/// Where models are put, below a user's home.
const STORE: &str = ".mountain_shelter/models/gguf";

/// Says for every chosen host what fits on it.
pub async fn run(
    console: &Console,
    catalogue: &Catalogue,
    models: &Models,
) -> Result<Exit, Trouble> {
    let hosts = console.select(&models.selection.pattern)?;
    let (mut known, exit) = survey(console, &hosts).await?;
    let setting = setting(models.running);
    let board = if models.now { look(console, &hosts).await? } else { Board::new() };
    let mut out = std::io::stdout().lock();
    for host in &hosts {
        let Some(known) = known.remove(&host.name) else { continue };
        let sample = board.get(&host.name).and_then(|watched| watched.sample.clone());
        let mut places = Places::of(&known.facts);
        if let Some(sample) = &sample {
            places.leave_free(sample);
        }
        let page = Page { host, known, places, now: sample.is_some(), catalogue, setting };
        let text = if models.selection.json { page.json() } else { page.text() };
        writeln!(out, "{text}")?;
    }
    Ok(exit)
}

/// What every host is doing now.
async fn look(console: &Console, hosts: &[Host]) -> Result<Board, Trouble> {
    let reach = console.ways()?.reach;
    let hosts = hosts.to_vec();
    let mut sampling = Sampling::begin(hosts, reach, Pace::seconds(PACE), Persistence::Once);
    Ok(sampling.settled().await)
}

struct Page<'a> {
    host: &'a Host,
    known: Known,
    places: Places,
    /// Whether the places are as they are now.
    now: bool,
    catalogue: &'a Catalogue,
    setting: Setting,
}

impl Page<'_> {
    fn fits(&self, places: &Places) -> impl Iterator<Item = (&Model, Fit)> {
        self.catalogue.models.iter().map(|model| (model, fit(&model.shape, &self.setting, places)))
    }

    fn json(&self) -> String {
        let places = &self.places;
        let models: Vec<_> = self.fits(places).map(|(m, fit)| self.of_model(m, &fit)).collect();
        serde_json::json!({
            "host": self.host.name,
            "simulated": self.host.sensors == Sensors::Simulated,
            "facts_at": self.known.at,
            "context": self.setting.context,
            "cache_type": self.setting.cache,
            "places": places,
            "free_now": self.now,
            "notes": advice(places),
            "models": models,
        })
        .to_string()
    }

    fn text(&self) -> String {
        let paint = Paint::of_stdout();
        let places = &self.places;
        let mut text = self.head(places, paint);
        for note in advice(places) {
            text.push_str(&format!("  {} {note}\n", paint.tone(Tone::Warn, "▲ note")));
        }
        let mut table = Table::new(&["MODEL", "FILE", "NEEDS", "FITS", "WHY"]);
        for (model, fit) in self.fits(places) {
            let needs = Bytes(fit.demand.total().saturating_add(fit.margin.0));
            let (name, size) = (model.name.clone(), model.size.to_string());
            let why = why(&fit, places) + &self.doubts(model);
            table.row(vec![name, size, needs.to_string(), verdict(&fit).to_owned(), why]);
        }
        for line in table.render(paint).lines() {
            text.push_str(&format!("  {line}\n"));
        }
        text
    }

    fn head(&self, places: &Places, paint: Paint) -> String {
        let memory = |memory: Option<Bytes>| memory.map_or("n/a".to_owned(), |m| m.to_string());
        let cards = places.cards.iter().map(|card| {
            let shared = if card.shared { " shared" } else { "" };
            format!("{} ({}{shared}), ", card.label(), memory(card.memory))
        });
        let cards: String = cards.collect();
        let note = match self.host.sensors {
            Sensors::Simulated => "  SIMULATED",
            Sensors::Real => "",
        };
        let remembered = self.known.at.as_ref().filter(|_| !self.now);
        let since = remembered.map_or_else(String::new, |at| format!(", as of {at}"));
        let name = paint.tone(Tone::Strong, self.host.name.as_str());
        format!("{name}{note}  {cards}{} of RAM free{since}\n", memory(places.ram))
    }

    fn doubts(&self, model: &Model) -> String {
        let trained = model.shape.context.filter(|&context| context < self.setting.context);
        let beyond = trained.map(|context| format!("; trained for {context} tokens only"));
        let unverified = (!model.unverified.is_empty())
            .then(|| format!("; unverified: {}", model.unverified.join(", ")));
        let full = self.fullness(model).filter(|percent| *percent > FULLEST);
        let full = full.map(|percent| format!("; its disk would be {percent} % full"));
        [beyond, full, unverified].into_iter().flatten().collect()
    }

    /// How full the disk of the models would be with this one.
    fn fullness(&self, model: &Model) -> Option<u64> {
        let facts = &self.known.facts;
        let store = format!("{}/{STORE}", facts.home.as_deref()?);
        fullness(disk_of(facts, &store)?, model.size)
    }

    fn of_model(&self, model: &Model, fit: &Fit) -> serde_json::Value {
        serde_json::json!({
            "name": model.name,
            "title": model.title,
            "file": model.file,
            "url": model.url,
            "sha256": model.sha256,
            "size": model.size,
            "quantisation": model.quantisation,
            "licence": model.licence,
            "unverified": model.unverified,
            "context": model.shape.context,
            "fit": fit,
            "why": why(fit, &self.places),
            "disk_full": self.fullness(model),
        })
    }
}

fn verdict(fit: &Fit) -> &'static str {
    match fit.placement {
        Placement::Card { .. } => "● card",
        Placement::Shared { .. } => "● shared",
        Placement::Split(_) => "◐ split",
        Placement::Memory => "○ RAM",
        Placement::Nowhere { .. } => "✕ no",
        Placement::Unknown => "? n/a",
    }
}
