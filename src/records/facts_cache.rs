//! The facts of each host as last gathered: `status/<host>/facts.json`. A cache: losing it costs one exchange.

use std::path::PathBuf;

use crate::fleet::{Facts, HostName, Timestamp};

use super::json::{read_json, write_json};
use super::{Home, RecordsError};

/// The facts of every host, as files.
#[derive(Clone, Debug)]
pub struct FactsCache {
    status: PathBuf,
}

/// Facts with the moment they were gathered.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct CachedFacts {
    /// When, as ISO 8601.
    pub at: String,
    /// What.
    pub facts: Facts,
}

impl FactsCache {
    /// The cache of a home.
    pub fn of(home: &Home) -> Self {
        Self { status: home.status() }
    }

    /// Remembers a host's facts.
    pub fn store(&self, host: &HostName, at: Timestamp, facts: &Facts) -> Result<(), RecordsError> {
        let cached = CachedFacts { at: at.to_string(), facts: facts.clone() };
        write_json(&self.path(host), &cached)
    }

    /// A host's facts. `None` where there are none, and where the file is not what was written:
    /// what cannot be trusted is gathered again.
    pub fn load(&self, host: &HostName) -> Result<Option<CachedFacts>, RecordsError> {
        read_json(&self.path(host))
    }

    fn path(&self, host: &HostName) -> PathBuf {
        self.status.join(host.as_str()).join("facts.json")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::write_cache;

    fn cache() -> (tempfile::TempDir, FactsCache, HostName) {
        let dir = tempfile::tempdir().unwrap();
        let cache = FactsCache { status: dir.path().join("status") };
        (dir, cache, HostName::new("phantom").unwrap())
    }

    #[test]
    fn facts_come_back_as_they_were_stored() {
        let (_dir, cache, host) = cache();
        assert_eq!(cache.load(&host).unwrap(), None);
        let facts = Facts { hostname: Some("phantom".into()), ..Facts::default() };
        cache.store(&host, Timestamp(0), &facts).unwrap();
        let cached = cache.load(&host).unwrap().unwrap();
        assert_eq!((cached.at.as_str(), &cached.facts), ("1970-01-01T00:00:00.000Z", &facts));
    }

    #[test]
    fn a_damaged_file_counts_as_unknown() {
        let (_dir, cache, host) = cache();
        write_cache(&cache.path(&host), b"{\"at\":").unwrap();
        assert_eq!(cache.load(&host).unwrap(), None);
    }
}
