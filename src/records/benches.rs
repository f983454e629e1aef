//! Benchmarks as files: `logs/bench/…json`, one each with every sample, and `baselines.json`, which names those that others are
//! measured against. Knows nothing of what is in them.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::PathBuf;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::json::read_json;
use super::{Created, Home, RecordsError, create_new, write_atomic};

/// The benchmarks of a home.
#[derive(Clone, Debug)]
pub struct Benches {
    folder: PathBuf,
}

/// Records of one minute, host and model beyond this are no benchmarks but a mistake.
const OF_ONE_NAME: u32 = 1000;

impl Benches {
    /// Those of a home.
    pub fn of(home: &Home) -> Self {
        Self { folder: home.logs().join("bench") }
    }

    /// Keeps one, and tells its name: `stem-NN`, whichever is free. It is never written again.
    pub fn keep(&self, stem: &str, record: &impl Serialize) -> Result<String, RecordsError> {
        let plain = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' };
        let stem: String = stem.chars().map(plain).collect();
        let path = self.path(&stem);
        let encoded = serde_json::to_vec(record);
        let bytes = encoded.map_err(|e| RecordsError::io("write", &path)(io::Error::other(e)))?;
        for number in 1..OF_ONE_NAME {
            let name = format!("{stem}-{number:02}");
            if create_new(&self.path(&name), &bytes)? == Created::New {
                return Ok(name);
            }
        }
        let full = io::Error::other("there are too many of that name");
        Err(RecordsError::io("write", &path)(full))
    }

    /// All of them by name, in the order of their names. One that cannot be understood is passed over.
    pub fn all<T: DeserializeOwned>(&self) -> Result<Vec<(String, T)>, RecordsError> {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(RecordsError::io("read", &self.folder)(error)),
        };
        let mut all = Vec::new();
        for entry in entries {
            let path = entry.map_err(RecordsError::io("read", &self.folder))?.path();
            let name = path.file_name().and_then(|name| name.to_str()?.strip_suffix(".json"));
            let Some(name) = name.filter(|name| *name != BASELINES && !name.starts_with('.'))
            else {
                continue;
            };
            match read_json(&path)? {
                Some(record) => all.push((name.to_owned(), record)),
                None => tracing::warn!(path = %path.display(), "no benchmark is in there"),
            }
        }
        all.sort_by(|(one, _), (other, _)| one.cmp(other));
        Ok(all)
    }

    /// The names of those that others are measured against.
    pub fn baselines(&self) -> Result<BTreeSet<String>, RecordsError> {
        let path = self.path(BASELINES);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeSet::new()),
            Err(error) => return Err(RecordsError::io("read", &path)(error)),
        };
        // Somebody chose them: what is damaged is not taken for none, or the next choice would replace it.
        serde_json::from_slice(&bytes)
            .map_err(|error| RecordsError::io("read", &path)(error.into()))
    }

    /// Writes down which those are.
    pub fn set_baselines(&self, names: &BTreeSet<String>) -> Result<(), RecordsError> {
        let path = self.path(BASELINES);
        let text = serde_json::to_string_pretty(names).map_err(io::Error::other);
        let text = text.map_err(RecordsError::io("write", &path))? + "\n";
        write_atomic(&path, text.as_bytes())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.json"))
    }
}

/// The file that names the baselines.
const BASELINES: &str = "baselines";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn benchmarks_come_back_in_order_and_what_is_none_is_passed_over() {
        let dir = tempfile::tempdir().unwrap();
        let benches = Benches { folder: dir.path().join("bench") };
        assert_eq!(benches.all::<u32>().unwrap(), []);
        assert_eq!(
            benches.keep("20261121-0750-shadow-../a b", &1).unwrap(),
            "20261121-0750-shadow-.._a_b-01"
        );
        assert_eq!(
            benches.keep("20261121-0750-shadow-.._a b", &2).unwrap(),
            "20261121-0750-shadow-.._a_b-02"
        );
        crate::records::write_cache(&dir.path().join("bench/broken.json"), b"{").unwrap();
        let baselines = BTreeSet::from(["20261121-0750-shadow-.._a_b-02".to_owned()]);
        benches.set_baselines(&baselines).unwrap();
        assert_eq!(benches.baselines().unwrap(), baselines);
        let values: Vec<u32> = benches.all().unwrap().into_iter().map(|(_, value)| value).collect();
        assert_eq!(values, [1, 2]);
    }
}
