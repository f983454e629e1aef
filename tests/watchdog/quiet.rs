//! What must not be told: sleeps, clocks that are set, what follows from a host that is away, what somebody looks after.

use shelter::fleet::{Hush, Matcher, Millis, Notice, Skew, Timestamp, Vitals, Wish};
use shelter::watchdog::{
    Contact, Input, Measure, Member, Memory, Rules, Span, Tick, Told, Watchdog,
};

use super::world::{BEGAN, World, loud, raised};

fn built_in() -> Rules {
    Rules::read(&[]).unwrap()
}

const WELL: [(usize, Measure, &str, f64); 2] =
    [(0, Measure::Ram, "", 40.0), (1, Measure::Ram, "", 40.0)];

#[test]
fn a_sleep_of_this_machine_raises_nothing_while_links_are_made_anew() {
    let mut world = World::new(&built_in(), 2);
    world.rounds(20, &WELL);
    world.slept += 40 * 60_000;
    world.dark = vec![0, 1];
    let woke = world.round(40 * 60_000 + 5000, &[]);
    assert!(
        woke.iter()
            .any(|told| matches!(told, Told::Remark(text) if text.contains("slept for 40 min"))),
        "{woke:?}"
    );
    let mut told = world.rounds(4, &[]);
    world.dark.clear();
    told.extend(world.rounds(100, &WELL));
    assert_eq!(loud(&told), []);
}

#[test]
fn a_program_that_was_stopped_raises_nothing_by_what_it_did_not_see() {
    let mut world = World::new(&built_in(), 2);
    world.rounds(5, &[(0, Measure::Ram, "", 99.0)]);
    let mut told = world.round(600_000, &[(0, Measure::Ram, "", 99.0)]);
    told.extend(world.rounds(8, &[(0, Measure::Ram, "", 40.0)]));
    assert_eq!(loud(&told), []);
}

#[test]
fn a_clock_that_is_set_raises_nothing_and_neither_ends_nor_prolongs_a_silence() {
    for step in [86_400_000, -86_400_000, 3_600_000] {
        let mut world = World::new(&built_in(), 2);
        let hush = Hush { by: "rc@alder".into(), until: Timestamp(BEGAN + 3_600_000), why: None };
        world.wishes = vec![(1, Wish::Silence { about: Matcher::parse("ram").unwrap(), hush })];
        let full = [(0, Measure::Ram, "", 99.0), (1, Measure::Heat, "", 50.0)];
        let mut told = world.rounds(100, &full);
        world.step = step;
        told.extend(world.rounds(100, &full));
        assert_eq!(loud(&told), [], "{step}: it is silenced for an hour");
        told = world.rounds(1000, &full);
        assert_eq!(world.dog.standing()[0].silenced, None, "{step}: the hour is over");
    }
}

fn skewed(world: &mut World, by: &[i64]) {
    for (number, by) in by.iter().enumerate() {
        let skew = Some(Skew { by: Millis(*by), doubt: Millis(20) });
        let vitals = Vitals { skew, ..Vitals::default() };
        world.dog.step(Input::Vitals(&world.hosts[number].clone(), &vitals));
    }
}

#[test]
fn when_all_clocks_differ_from_ours_alike_it_is_ours_that_is_off() {
    let mut world = World::new(&built_in(), 3);
    let mut told = Vec::new();
    for _ in 0..40 {
        skewed(&mut world, &[3_600_000, 3_600_050, 3_599_990]);
        told.extend(world.round(5000, &[]));
    }
    assert_eq!(raised(&told), ["own_clock"]);
    let mut world = World::new(&built_in(), 3);
    let mut told = Vec::new();
    for _ in 0..40 {
        skewed(&mut world, &[20, 3_600_000, -10]);
        told.extend(world.round(5000, &[]));
    }
    assert_eq!(raised(&told), ["clock@h1"]);
}

#[test]
fn a_host_that_is_away_silences_what_follows_from_it() {
    let mut world = World::new(&built_in(), 5);
    let sick = [(0, Measure::Service, "llama", 1.0), (0, Measure::Disk, "/", 99.0)];
    world.rounds(40, &sick);
    world.dark = vec![0];
    let told = world.rounds(200, &sick);
    assert_eq!(raised(&told), ["unreachable@h0"]);
    assert_eq!(loud(&told).len(), 1, "nothing clears while nothing is known: {told:?}");
    let standing = world.dog.standing();
    let behind = standing.iter().filter(|alert| alert.behind.is_some()).count();
    assert_eq!((standing.len(), behind), (3, 2), "{standing:?}");
}

#[test]
fn most_of_the_fleet_dark_at_once_is_our_own_link_and_one_host_is_not() {
    for (hosts, dark, ours) in
        [(2, 2, true), (2, 1, false), (4, 2, true), (10, 3, false), (10, 4, true)]
    {
        let mut world = World::new(&built_in(), hosts);
        world.rounds(10, &[]);
        world.dark = (0..dark).collect();
        let told = world.rounds(60, &[]);
        let names = raised(&told);
        if ours {
            assert_eq!(names, ["own_link"], "{dark} of {hosts}");
        } else {
            assert_eq!(names.len(), dark, "{dark} of {hosts}: {names:?}");
        }
    }
}

#[test]
fn when_the_link_is_back_a_host_that_stays_away_is_told_of() {
    let mut world = World::new(&built_in(), 4);
    world.rounds(10, &[]);
    world.dark = vec![0, 1, 2];
    world.rounds(30, &[]);
    world.dark = vec![2];
    let told = world.rounds(60, &[]);
    assert_eq!(raised(&told), ["unreachable@h2"]);
    assert!(
        loud(&told)
            .iter()
            .any(|(notice, alert)| *notice == Notice::Cleared && alert.id.rule == "own_link")
    );
}

#[test]
fn what_somebody_acknowledged_is_told_again_only_when_it_comes_again() {
    let mut world = World::new(&built_in(), 2);
    let full = [(0, Measure::Ram, "", 99.0)];
    assert_eq!(raised(&world.rounds(40, &full)), ["ram@h0"]);
    let hush = Hush { by: "rc@alder".into(), until: Timestamp(BEGAN + 86_400_000), why: None };
    world.wishes = vec![(1, Wish::Acknowledge { about: Matcher::parse("ram@h0").unwrap(), hush })];
    assert_eq!(loud(&world.rounds(100, &full)), []);
    assert!(world.dog.standing()[0].acknowledged.is_some());
    let told = world.rounds(1000, &WELL);
    assert!(world.wishes.is_empty(), "it is well, and nobody's care any more: {told:?}");
    assert_eq!(raised(&world.rounds(40, &full)), ["ram@h0"]);
}

#[test]
fn a_watchdog_of_some_hosts_forgets_nothing_of_the_others() {
    let rules = built_in();
    let mut world = World::new(&rules, 2);
    let full = [(0, Measure::Ram, "", 99.0), (1, Measure::Ram, "", 40.0)];
    assert_eq!(raised(&world.rounds(40, &full)), ["ram@h0"]);
    let memory: Memory =
        serde_json::from_str(&serde_json::to_string(world.dog.memory()).unwrap()).unwrap();
    let only_second = |(number, host): (usize, &shelter::fleet::HostName)| Member {
        host: host.clone(),
        watched: number == 1,
        local: false,
        engines: Vec::new(),
    };
    let members = world.hosts.iter().enumerate().map(only_second).collect();
    let mut dog = Watchdog::new(rules, members, Span::Once, memory);
    let now = Millis(world.at + 5000);
    let wall = Timestamp(BEGAN + now.0);
    dog.step(Input::Tick(Tick { wall, boot: now, awake: now, epoch: 1 }));
    dog.step(Input::Contact(&world.hosts[1], Contact::Up));
    let told = dog.judge();
    assert_eq!(loud(&told), [], "{told:?}");
    assert_eq!(dog.standing()[0].id.to_string(), "ram@h0");
}

#[test]
fn where_nobody_wants_to_hear_of_the_link_every_host_is_told_of() {
    let rules = super::rules("rules:\n  - {rule: own_link, enabled: false}\n");
    let mut world = World::new(&rules, 2);
    world.rounds(10, &[]);
    world.dark = vec![0, 1];
    assert_eq!(raised(&world.rounds(20, &[])), ["unreachable@h0", "unreachable@h1"]);
}

#[test]
fn what_came_while_it_was_silenced_and_stays_is_told_when_the_silence_ends() {
    let full = [(0, Measure::Ram, "", 99.0), (1, Measure::Ram, "", 40.0)];
    let wish = || {
        let hush = Hush { by: "rc@alder".into(), until: Timestamp(BEGAN + 1_800_000), why: None };
        vec![(1, Wish::Silence { about: Matcher::parse("@h0").unwrap(), hush })]
    };
    for lifted in [false, true] {
        let mut world = World::new(&built_in(), 2);
        world.wishes = wish();
        assert_eq!(loud(&world.rounds(100, &full)), []);
        if lifted {
            world.wishes.clear();
        }
        let told = loud(&world.rounds(400, &full));
        let words: Vec<(Notice, String)> =
            told.into_iter().map(|(notice, alert)| (notice, alert.id.to_string())).collect();
        assert_eq!(words, [(Notice::Stays, "ram@h0".to_owned())], "lifted: {lifted}");
    }
}
