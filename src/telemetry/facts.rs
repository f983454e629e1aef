//! The facts of a host: the program that asks for them and the parser of its answer. Runs nothing.

mod answer;
mod battery;
mod clock;
mod cpu;
mod disks;
mod gpus;
mod machine;
mod memory;
mod number;
mod os;
mod root;
mod summary;
mod user;

use crate::fleet::{Facts, KeyFacts, Timestamp};
use answer::Answer;

pub(super) use clock::between as skew;
pub use summary::{summary, warnings};

/// The part of the probe that a compiled program embeds to find out whether its facts still hold.
///
/// It defines `shelter_key`, which sets the variable `shelter_key` to [`KeyFacts::digest`] as it is
/// now, and it extends `PATH`, so that each tool named in the facts runs by its name. The digest is
/// taken on the host over: boot id, kernel release, `os-release`, user and groups, home, the path of
/// every tool looked for, and the versions of the graphics drivers. What costs more than reading a
/// file (sudo's answer, free space) is not in it: a program finds that out by doing it. It costs
/// about 4 ms, and must be called by the same `sh` in the session that login gave us, before it
/// detaches: another shell may hold tools itself, and a unit has another `PATH`.
pub const KEY_FN: &str = include_str!("facts_key.sh");

/// The probe without its first line, which names the token. See [`probe`].
const BODY: &str = include_str!("facts.sh");

/// More than any honest host answers.
const LONGEST: usize = 1 << 20;

/// A random word that opens every section of an answer, so that nothing on the host can forge one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token(String);

/// What is known of the exchange that brought an answer.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// The token that was given to [`probe`].
    pub token: Token,
    /// Our clock when the last byte of the probe was handed to the connection.
    pub sent: Timestamp,
    /// Our clock when the last byte of the answer came.
    pub received: Timestamp,
}

/// Why an answer holds no facts.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProbeError {
    /// Nothing came.
    #[error("the shell said nothing")]
    Silent,
    /// Something came, but not the probe's answer: a shell that is none, or a refusal.
    #[error("the shell did not run the probe; it said: {0}")]
    Foreign(String),
    /// The answer has no end.
    #[error("the answer was cut off after {0} bytes")]
    Truncated(usize),
    /// The answer is longer than any honest one.
    #[error("the answer is longer than {LONGEST} bytes")]
    TooLong,
}

impl Token {
    /// A token made of 128 random bits.
    pub fn new(random: u128) -> Self {
        Self(format!("shelter-{random:032x}"))
    }

    /// The token as it stands in the answer.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The probe: one POSIX sh program for the standard input of `sh`.
///
/// It changes nothing on the host, needs no right, and gives up on what hangs.
pub fn probe(token: &Token) -> String {
    format!("shelter_token={}\n{KEY_FN}{BODY}", token.0)
}

/// Reads a probe's answer. What makes no sense is unknown; only an answer without a beginning or
/// an end is refused.
pub fn parse(output: &[u8], exchange: &Exchange) -> Result<Facts, ProbeError> {
    if output.len() > LONGEST {
        return Err(ProbeError::TooLong);
    }
    let text = String::from_utf8_lossy(output);
    let answer = Answer::read(&text, exchange.token.as_str())?;
    let mut facts = Facts { os: os::read(&answer), cpu: cpu::read(&answer), ..Facts::default() };
    facts.hostname = os::hostname(&answer);
    facts.memory = memory::read(&answer);
    facts.tools = machine::tools(&answer);
    facts.package_manager = machine::package_manager(&facts.tools, facts.os.family.as_deref());
    facts.containers = machine::containers(&facts.tools);
    facts.python = machine::python(&answer);
    facts.virtualisation = machine::virtualisation(&answer, facts.os.kernel.as_deref());
    facts.init = machine::init(&answer, facts.os.family.as_deref());
    facts.uptime_s = machine::uptime(&answer);
    facts.gpus = gpus::read(&answer, &facts);
    facts.disks = disks::read(&answer, machine::is_virtual(&answer, &facts));
    facts.battery = battery::read(&answer);
    facts.linger = user::linger(&answer, &facts);
    facts.sudo = root::read(&answer);
    user::read(&answer, &mut facts);
    (facts.clock_skew, facts.clock_doubt) = clock::read(&answer, exchange).unzip();
    facts.key = KeyFacts { boot_id: machine::boot_id(&answer), digest: machine::digest(&answer) };
    Ok(facts)
}
