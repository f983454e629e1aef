//! The catalogue of models: those built in, and those of a user's own `models.yaml`. Fetches nothing.

mod decode;
mod grammar;
mod numbers;

use crate::bench::Shape;
use crate::fleet::Bytes;
use crate::text::{Reports, Source, yaml};

/// The models this program knows.
const BUILT_IN: &str = include_str!("models.yaml");

/// Models by name.
#[derive(Clone, Debug, PartialEq)]
pub struct Catalogue {
    /// The models, in the order of the files, the built-in ones first.
    pub models: Vec<Model>,
}

/// A model that can be fetched.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// What it is called here.
    pub name: String,
    /// What its makers call it.
    pub title: String,
    /// Where the file is fetched from.
    pub url: String,
    /// The file's name.
    pub file: String,
    /// The file's SHA-256 in hex, if it is known.
    pub sha256: Option<String>,
    /// The file's size.
    pub size: Bytes,
    /// How its weights are kept, as `Q4_K_M`.
    pub quantisation: String,
    /// Under what terms it may be used.
    pub licence: String,
    /// What of it takes memory.
    pub shape: Shape,
    /// The fields whose values nobody has confirmed.
    pub unverified: Vec<String>,
}

impl Catalogue {
    /// The catalogue that comes with the program.
    #[expect(clippy::expect_used, reason = "a test reads the built-in catalogue")]
    pub fn built_in() -> Self {
        let source = Source::new("built-in models.yaml", BUILT_IN);
        Self { models: read(&source).expect("the built-in catalogue is well-formed") }
    }

    /// With the models of a user's own file, which take the place of those of the same name.
    pub fn with(mut self, source: &Source) -> Result<Self, Reports> {
        for model in read(source)? {
            match self.models.iter_mut().find(|known| known.name == model.name) {
                Some(known) => *known = model,
                None => self.models.push(model),
            }
        }
        Ok(self)
    }
}

fn read(source: &Source) -> Result<Vec<Model>, Reports> {
    let mut reports = Reports::new();
    let node = yaml::parse(source, &mut reports);
    let models = node.map(|node| decode::models(&node, &mut reports));
    reports.verdict(models).map(|(models, _)| models)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_catalogue_is_well_formed_and_accounts_for_every_byte() {
        let catalogue = Catalogue::built_in();
        let names: Vec<&str> = catalogue.models.iter().map(|m| m.name.as_str()).collect();
        assert_eq!(names[..2], ["mistral-7b-instruct", "phi-3-mini"]);
        for model in &catalogue.models {
            assert_eq!(model.shape.weights(), model.size.0, "{}", model.name);
            let known = model.sha256.is_some();
            assert!(known || !model.unverified.is_empty(), "{} claims too much", model.name);
        }
    }

    #[test]
    fn a_file_of_ones_own_adds_models_and_replaces_them_by_name() {
        let theirs = BUILT_IN.replace("Phi-3 mini 4k instruct", "mine").replace("gemma-2", "gem");
        let both = Catalogue::built_in().with(&Source::new("models.yaml", theirs)).unwrap();
        assert_eq!(both.models.len(), Catalogue::built_in().models.len() + 1);
        assert_eq!(both.models[1].title, "mine");
    }
}
