//! What sensors measure, each in a unit of its own. Knows no sensor.

use std::fmt;

use super::Bytes;

macro_rules! measure {
    ($(#[$doc:meta])* $name:ident($inner:ty), $form:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, PartialOrd, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub $inner);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&format!($form, self.0))
            }
        }
    };
}

measure!(
    /// A share, from 0 to 100.
    Percent(f64), "{:.0} %"
);
measure!(
    /// A temperature in degrees Celsius.
    Celsius(f64), "{:.0} °C"
);
measure!(
    /// A power in watts.
    Watts(f64), "{:.1} W"
);
measure!(
    /// A clock in megahertz.
    Megahertz(u32), "{} MHz"
);
measure!(
    /// The speed of a fan in turns per minute.
    Rpm(u32), "{} rpm"
);
measure!(
    /// Bytes per second, over the time between two looks.
    Rate(Bytes), "{}/s"
);
measure!(
    /// Runnable processes, averaged as the kernel does.
    Load(f64), "{:.2}"
);
measure!(
    /// Tokens per second, over the time between two looks.
    TokenRate(f64), "{:.1} tok/s"
);

impl Rate {
    /// The square root of its KiB per second: small and large traffic side by side on one scale.
    pub fn rooted(self) -> f64 {
        (self.0.0 as f64 / 1024.0).sqrt()
    }
}
