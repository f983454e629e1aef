//! A value as it was read: with its age, its source and how far it can be believed. Absent where it was not told, never 0.

use super::Millis;

/// A value as it was read, or the fact that it was not.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Reading<T> {
    /// The value: there while `quality` is `ok` or `stale`.
    pub value: Option<T>,
    /// How far it can be believed.
    pub quality: Quality,
    /// How long ago it was read. `None` where it never was.
    #[serde(rename = "age_ms")]
    pub age: Option<Millis>,
    /// Where it comes from.
    pub source: Source,
}

/// How far a value can be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quality {
    /// Read when it was due.
    Ok,
    /// Read, but longer ago than it should be.
    Stale,
    /// Not told: nothing measures it there, or it cannot be read.
    Absent,
    /// Something was told that is no number, or one that cannot be.
    Nan,
}

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The kernel's `/proc`.
    Proc,
    /// The kernel's `/sys`.
    Sysfs,
    /// The program `df`.
    Df,
    /// NVIDIA's program `nvidia-smi`.
    NvidiaSmi,
    /// NVIDIA's library, in this program.
    Nvml,
    /// The crate `sysinfo`, in this program.
    Sysinfo,
    /// What an engine answers.
    Engine,
}

/// A value and the name of what it belongs to.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Named<T> {
    /// The sensor, disk or network.
    pub name: String,
    /// The value.
    #[serde(flatten)]
    pub value: T,
}

impl<T> Reading<T> {
    /// A value that was not told.
    pub fn absent(source: Source) -> Self {
        Self { value: None, quality: Quality::Absent, age: None, source }
    }

    /// Whether it was read when it was due.
    pub fn is_fresh(&self) -> bool {
        self.quality == Quality::Ok
    }

    /// The value, where it was read when it was due.
    pub fn fresh(&self) -> Option<&T> {
        self.value.as_ref().filter(|_| self.is_fresh())
    }

    /// The same reading at a later look that told nothing new.
    #[must_use]
    pub fn stale(mut self, age: Millis) -> Self {
        self.age = self.age.map(|_| age);
        if self.quality == Quality::Ok {
            self.quality = Quality::Stale;
        }
        self
    }

    /// The same reading of something that follows from the value.
    pub fn map<U>(self, convert: impl FnOnce(T) -> U) -> Reading<U> {
        let Self { value, quality, age, source } = self;
        Reading { value: value.map(convert), quality, age, source }
    }
}
