//! A fleet that exists in a test only: hosts whose values are told, under a clock that is told.

use shelter::fleet::{Alert, HostName, Millis, Notice, Outage, Timestamp, Wish};
use shelter::watchdog::{
    Contact, Detail, Input, Measure, Member, Memory, Rules, Signal, Span, Tick, Told, Watchdog,
};

/// When the world begins.
pub const BEGAN: i64 = 1_795_259_000_000;

/// A fleet and its watchdog.
pub struct World {
    pub dog: Watchdog,
    pub hosts: Vec<HostName>,
    /// Hosts that are dark.
    pub dark: Vec<usize>,
    /// How they look.
    pub outage: Outage,
    /// Milliseconds since the beginning, by the clock that no one sets.
    pub at: i64,
    /// By how much the clock on the wall is off.
    pub step: i64,
    /// How long this machine has slept.
    pub slept: i64,
    pub wishes: Vec<(u64, Wish)>,
}

impl World {
    pub fn new(rules: &Rules, hosts: usize) -> Self {
        Self::recalling(rules, hosts, Memory::default())
    }

    /// Hosts on which engines shall answer on these ports.
    pub fn wanting(rules: &Rules, hosts: usize, ports: Vec<u16>) -> Self {
        Self::made(rules, hosts, Memory::default(), ports)
    }

    pub fn recalling(rules: &Rules, hosts: usize, memory: Memory) -> Self {
        Self::made(rules, hosts, memory, Vec::new())
    }

    fn made(rules: &Rules, hosts: usize, memory: Memory, ports: Vec<u16>) -> Self {
        let hosts: Vec<HostName> =
            (0..hosts).map(|n| HostName::new(format!("h{n}")).unwrap()).collect();
        let members = hosts
            .iter()
            .map(|host| Member {
                host: host.clone(),
                watched: true,
                local: false,
                engines: ports.clone(),
            })
            .collect();
        let dog = Watchdog::new(rules.clone(), members, Span::ForEver, memory);
        let (dark, outage, wishes) = (Vec::new(), Outage::NoRoute, Vec::new());
        Self { dog, hosts, dark, outage, at: 0, step: 0, slept: 0, wishes }
    }

    /// One round, so many milliseconds after the last: what is to be heard, then what was said.
    pub fn round(&mut self, after: i64, values: &[(usize, Measure, &str, f64)]) -> Vec<Told> {
        self.at += after;
        let wall = Timestamp(BEGAN + self.at + self.step);
        let (boot, awake) = (Millis(self.at), Millis(self.at - self.slept));
        self.dog.step(Input::Tick(Tick { wall, boot, awake, epoch: 1 }));
        self.dog.step(Input::Wishes(&self.wishes));
        for (number, host) in self.hosts.iter().enumerate() {
            let contact = match self.dark.contains(&number) {
                true => Contact::Down {
                    outage: self.outage,
                    parted: false,
                    text: "no route to host".into(),
                },
                false => Contact::Up,
            };
            self.dog.step(Input::Contact(host, contact));
        }
        for (host, measure, subject, value) in values {
            if self.dark.contains(host) {
                continue;
            }
            let (subject, detail) = ((*subject).into(), Detail::Words("as told".into()));
            let signal = Signal { measure: *measure, subject, value: Some(*value), detail };
            self.dog.step(Input::Signal(&self.hosts[*host], signal));
        }
        let told = self.dog.judge();
        self.dog.delivered();
        let spent = |name: &u64| told.contains(&Told::Spent(*name));
        self.wishes.retain(|(name, _)| !spent(name));
        told
    }

    /// So many rounds of 5 s; all that was said.
    pub fn rounds(&mut self, count: usize, values: &[(usize, Measure, &str, f64)]) -> Vec<Told> {
        (0..count).flat_map(|_| self.round(5000, values)).collect()
    }
}

/// What was told of alerts, a person being disturbed with it.
pub fn loud(told: &[Told]) -> Vec<(Notice, Alert)> {
    told.iter()
        .filter_map(|told| match told {
            Told::Alert { notice, alert, loud: true } => Some((*notice, (**alert).clone())),
            _ => None,
        })
        .collect()
}

/// The names of the alerts that were raised.
pub fn raised(told: &[Told]) -> Vec<String> {
    let raised = loud(told).into_iter().filter(|(notice, _)| *notice == Notice::Raised);
    raised.map(|(_, alert)| alert.id.to_string()).collect()
}

/// How many heals were wished.
pub fn heals(told: &[Told]) -> usize {
    told.iter().filter(|told| matches!(told, Told::Heal(_))).count()
}
