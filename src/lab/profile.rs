//! The two machines the practice hosts stand in for. Data only.

use super::LabError;

/// Which machine a practice host stands in for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Profile {
    /// A laptop with an integrated GPU and a battery.
    Phantom,
    /// A workhorse with a CUDA card.
    Shadow,
}

impl Profile {
    /// Every profile, in the order hosts are listed.
    pub const ALL: [Self; 2] = [Self::Phantom, Self::Shadow];

    /// The profile of that name.
    pub fn named(name: &str) -> Result<Self, LabError> {
        Self::ALL
            .into_iter()
            .find(|p| p.name() == name)
            .ok_or_else(|| LabError::NoSuchProfile(name.to_owned()))
    }

    /// The name of its host.
    pub fn name(self) -> &'static str {
        match self {
            Self::Phantom => "phantom",
            Self::Shadow => "shadow",
        }
    }

    /// The machine it stands in for, for people.
    pub fn machine(self) -> &'static str {
        match self {
            Self::Phantom => "Samsung Galaxy Book2 Pro, Intel Iris Xe, 16 GB, NVMe",
            Self::Shadow => "Acer Aspire VX15, GTX 1050 Ti 4 GB",
        }
    }

    /// The groups its host belongs to, sorted.
    pub fn groups(self) -> &'static [&'static str] {
        match self {
            Self::Phantom => &["igpu", "laptop"],
            Self::Shadow => &["cuda", "gpu"],
        }
    }

    /// The name its host key is known by.
    pub fn host_key_alias(self) -> String {
        format!("{}.lab", self.name())
    }
}
