//! The figures the watchdog owes, under a clock that is told: flaps, budgets, restarts, a week of a hundred hosts.

use std::collections::BTreeMap;

use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};
use shelter::fleet::{AlertId, Notice};
use shelter::watchdog::{HealEnd, Input, Measure, Memory, Rules, Told};

use super::rules;
use super::world::{World, loud};

#[test]
fn a_thousand_flaps_are_three_notices_at_most() {
    let rules = rules("rules:\n  - {rule: ram, for: 5s, clear_for: 5s}\n");
    for period in [3_usize, 8, 24, 120] {
        let mut world = World::new(&rules, 2);
        let mut told = Vec::new();
        for _ in 0..1000 {
            told.extend(world.rounds(period, &[(0, Measure::Ram, "", 99.0)]));
            told.extend(world.rounds(period, &[(0, Measure::Ram, "", 10.0)]));
        }
        told.extend(world.rounds(1500, &[(0, Measure::Ram, "", 10.0)]));
        let loud = loud(&told);
        assert!((1..=3).contains(&loud.len()), "period {period}: {loud:?}");
        assert!(world.dog.standing().is_empty(), "it is well at the end");
    }
}

/// The beginnings of heals, by cause.
type Begun = BTreeMap<AlertId, Vec<i64>>;

/// Whether so many begin within so long anywhere.
fn most_within(times: &mut [i64], window: i64) -> usize {
    times.sort_unstable();
    let within = |from: &i64| times.iter().filter(|at| (0..window).contains(&(*at - from))).count();
    times.iter().map(within).max().unwrap_or_default()
}

fn within_budget(begun: &Begun) -> Result<(), String> {
    const MINUTE: i64 = 60_000;
    let mut hosts: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    let mut fleet = Vec::new();
    for (id, times) in begun {
        let most = most_within(&mut times.clone(), 30 * MINUTE);
        if most > 3 {
            return Err(format!("{id}: {most} within 30 min"));
        }
        hosts.entry(id.host.as_ref().unwrap().to_string()).or_default().extend(times);
        fleet.extend(times);
    }
    for (host, times) in &mut hosts {
        let most = most_within(times, 60 * MINUTE);
        if most > 6 {
            return Err(format!("{host}: {most} within an hour"));
        }
    }
    match most_within(&mut fleet, 60 * MINUTE) {
        most if most > 10 => Err(format!("the fleet: {most} within an hour")),
        _ => Ok(()),
    }
}

const SERVICES: [&str; 3] = ["a", "b", "c"];

/// One schedule: services that come and go, heals that end in any way, pauses, restarts.
fn schedule(rules: &Rules, seed: u64) -> Begun {
    let mut chance = SmallRng::seed_from_u64(seed);
    let mut world = World::new(rules, 3);
    let mut begun = Begun::new();
    let mut down = [[false; 3]; 3];
    let mut open: Vec<AlertId> = Vec::new();
    for _ in 0..36 {
        for service in down.iter_mut().flatten() {
            if chance.random_ratio(1, 6) {
                *service = !*service;
            }
        }
        let values: Vec<(usize, Measure, &str, f64)> = (0..9)
            .map(|n| {
                (n / 3, Measure::Service, SERVICES[n % 3], f64::from(u8::from(down[n / 3][n % 3])))
            })
            .collect();
        let after = if chance.random_ratio(1, 12) { 600_000 } else { 29_000 };
        for told in world.round(after, &values) {
            if let Told::Heal(order) = told {
                begun.entry(order.alert.clone()).or_default().push(world.at);
                open.push(order.alert);
            }
        }
        while !open.is_empty() && chance.random_ratio(1, 2) {
            let alert = open.swap_remove(chance.random_range(0..open.len()));
            let end = match chance.random_range(0..8) {
                0 => HealEnd::Failed("so it is".into()),
                1 | 2 => HealEnd::Unclear("who knows".into()),
                _ => HealEnd::Well,
            };
            world.dog.step(Input::HealEnded(&alert, end));
        }
        if chance.random_ratio(1, 20) {
            let kept = serde_json::to_string(world.dog.memory()).unwrap();
            let memory: Memory = serde_json::from_str(&kept).unwrap();
            let (at, dark) = (world.at, world.dark.clone());
            world = World::recalling(rules, 3, memory);
            (world.at, world.dark) = (at, dark);
            open.clear();
        }
    }
    begun
}

#[test]
fn the_budget_of_heals_is_never_exceeded_in_ten_thousand_schedules() {
    let rules = rules("rules:\n  - {rule: service, for: 0s}\n");
    let workers: Vec<_> = (0..4_u64)
        .map(|part| {
            let rules = rules.clone();
            std::thread::spawn(move || {
                let mut heals = 0;
                for seed in part * 2500..(part + 1) * 2500 {
                    let begun = schedule(&rules, seed);
                    heals += begun.values().map(Vec::len).sum::<usize>();
                    within_budget(&begun).unwrap_or_else(|why| panic!("schedule {seed}: {why}"));
                }
                heals
            })
        })
        .collect();
    let heals: usize = workers.into_iter().map(|worker| worker.join().unwrap()).sum();
    assert!(heals > 10_000, "only {heals} heals: the schedules try nothing");
}

/// What the disk has, and what was delivered, when the program is killed at some point of its rounds.
struct Killed {
    disk: Option<String>,
    delivered: Vec<Told>,
}

impl Killed {
    /// One round as the program does it; `kill` says before which of its parts it is killed.
    fn round(
        &mut self,
        world: &mut World,
        values: &[(usize, Measure, &str, f64)],
        kill: Option<u8>,
    ) {
        world.at += 5000;
        let (wall, at) = (shelter::fleet::Timestamp(super::world::BEGAN + world.at), world.at);
        let (boot, awake) = (shelter::fleet::Millis(at), shelter::fleet::Millis(at));
        world.dog.step(Input::Tick(shelter::watchdog::Tick { wall, boot, awake, epoch: 1 }));
        for (host, measure, subject, value) in values {
            let host = world.hosts[*host].clone();
            world.dog.step(Input::Contact(&host, shelter::watchdog::Contact::Up));
            let detail = shelter::watchdog::Detail::None;
            let (measure, value) = (*measure, Some(*value));
            let signal =
                shelter::watchdog::Signal { measure, subject: (*subject).into(), value, detail };
            world.dog.step(Input::Signal(&host, signal));
        }
        let told = world.dog.judge();
        if kill == Some(0) {
            return;
        }
        self.keep(world);
        if kill == Some(1) {
            return;
        }
        self.delivered.extend(told);
        if kill == Some(2) {
            return;
        }
        world.dog.delivered();
        self.keep(world);
    }

    fn keep(&mut self, world: &mut World) {
        if let Some(memory) = world.dog.to_remember() {
            self.disk = Some(serde_json::to_string(memory).unwrap());
        }
    }

    /// The program begins again: it first delivers what perhaps was not.
    fn restart(&mut self, rules: &Rules, at: i64) -> World {
        let memory = self.disk.as_deref().map(|kept| serde_json::from_str(kept).unwrap());
        let mut world = World::recalling(rules, 2, memory.unwrap_or_default());
        world.at = at;
        self.delivered.extend(world.dog.undelivered().to_vec());
        world.dog.delivered();
        self.keep(&mut world);
        world
    }
}

#[test]
fn no_alert_is_lost_over_a_thousand_kills_and_restarts() {
    let rules = rules("rules:\n  - {rule: ram, for: 10s, clear_for: 10s}\n");
    let mut chance = SmallRng::seed_from_u64(1);
    for case in 0..1000 {
        let mut killed = Killed { disk: None, delivered: Vec::new() };
        let mut world = World::new(&rules, 2);
        let values = |wrong: bool| {
            [(0, Measure::Ram, "", if wrong { 99.0 } else { 10.0 }), (1, Measure::Ram, "", 10.0)]
        };
        for _ in 0..3 {
            let before = chance.random_range(0..12);
            for _ in 0..before {
                killed.round(&mut world, &values(true), None);
            }
            killed.round(&mut world, &values(true), Some(chance.random_range(0..3)));
            world = killed.restart(&rules, world.at);
        }
        for _ in 0..12 {
            killed.round(&mut world, &values(true), None);
        }
        let raised = |told: &Told| matches!(told, Told::Alert { notice: Notice::Raised, alert, .. } if alert.id.rule == "ram");
        assert!(killed.delivered.iter().any(raised), "case {case}: nobody was told");
        assert_eq!(world.dog.standing().len(), 1, "case {case}");
    }
}

/// Hosts of which some are sick now and then; a value for each measure and round.
fn busy(world: &mut World, rounds: usize) -> usize {
    let mut told = 0;
    for round in 0..rounds {
        let wave = |host: usize| ((round / 7 + host * 13) % 100) as f64;
        let mut values = Vec::new();
        for host in 0..world.hosts.len() {
            values.push((host, Measure::Ram, "", wave(host)));
            values.push((host, Measure::Heat, "", wave(host) * 0.95));
            values.push((host, Measure::Disk, "/", wave(host + 3)));
            values.push((host, Measure::Disk, "/var", 50.0));
            values.push((host, Measure::Service, "llama", 0.0));
        }
        told += loud(&world.round(20_000, &values)).len();
    }
    told
}

/// A day in every run; a week with `SHELTER_LONG=1`, and then tell how long it took.
#[test]
fn days_of_a_hundred_hosts_leave_the_memory_flat() {
    let long = std::env::var_os("SHELTER_LONG").is_some();
    let rounds = if long { 7 * 4320 } else { 4320 };
    let rules = rules("rules:\n  - {rule: service, heal: none}\n");
    let mut world = World::new(&rules, 100);
    let (began, mut sizes) = (std::time::Instant::now(), Vec::new());
    for _ in 0..4 {
        busy(&mut world, rounds / 4);
        sizes.push(serde_json::to_string(world.dog.memory()).unwrap().len());
    }
    if long {
        println!("{} values in {:?}; memory {sizes:?}", rounds * 500, began.elapsed());
    }
    assert!(sizes[3] <= sizes[1] * 11 / 10 + 1000, "it grows: {sizes:?}");
}
