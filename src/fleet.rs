//! The words every room shares: hosts, inventories, facts, intents and events. Plain data; does nothing.

mod alert;
mod alert_id;
mod care;
mod engine;
mod event;
mod facts;
mod failure;
mod gpu_sample;
mod history;
mod host;
mod intent;
mod inventory;
mod last_state;
mod measures;
mod millis;
mod outage;
mod reading;
mod run;
mod sample;
mod secret;
mod series;
mod space;
mod state;
mod units;
mod vitals;
mod wish;

pub use alert::{Alert, Halt, HealStage, Hush, Notice, Severity, Watching};
pub use alert_id::{AlertId, Matcher, NoAlert};
pub use care::Care;
pub use engine::{Engine, EngineKind, EngineModel, EngineState, LoadedModel, ModelPlace};
pub use event::{Event, Output, Stamped};
pub use facts::{
    Battery, CpuFacts, Disk, Facts, Gpu, GpuVendor, Init, KeyFacts, Linger, MemoryFacts, OsFacts,
    SudoFacts, SudoRight, Tool,
};
pub use failure::{Failure, FailureKind};
pub use gpu_sample::{GpuProcess, GpuSample, Pcie, Throttle};
pub use history::{CardHistory, CardMeasure, History, Measure, Span, Trend};
pub use host::{
    Endpoint, GroupName, Host, HostName, NameError, Sensors, SshTarget, SudoPolicy, Value, Vars,
    Via,
};
pub use intent::Intent;
pub use inventory::Inventory;
pub use last_state::LastState;
pub use measures::{Celsius, Load, Megahertz, Percent, Rate, Rpm, TokenRate, Watts};
pub use millis::Millis;
pub use outage::{Outage, Parting};
pub use reading::{Named, Quality, Reading, Source};
pub use run::{
    HostEvent, HostOutcome, Purpose, Recap, RunHead, RunId, StepEnd, StepHead, UndoResult, Verdict,
};
pub use sample::{BatterySample, CpuSample, DiskSample, MemorySample, NvidiaTool, Sample, Traffic};
pub use secret::{SECRET_VARIABLE, Secret, SecretFrom, Secrets, secret_variables};
pub use series::Series;
pub use space::{Space, fullness};
pub use state::{Fleet, HostRun, HostState, Look, Reachability, RunState};
pub use units::{Bytes, Timestamp};
pub use vitals::{Service, Skew, Vitals};
pub use wish::Wish;
