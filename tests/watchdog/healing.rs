//! When a playbook heals, when none may, and when healing halts.

use shelter::fleet::{AlertId, HealStage, HostName, NvidiaTool, RunId, Sample, Timestamp, Wish};
use shelter::watchdog::{HealEnd, Input, Measure, Memory, Rules, Told};

use super::world::{World, heals};

const DOWN: [(usize, Measure, &str, f64); 1] = [(0, Measure::Service, "llama", 1.0)];
const UP: [(usize, Measure, &str, f64); 1] = [(0, Measure::Service, "llama", 0.0)];

fn built_in() -> Rules {
    Rules::read(&[]).unwrap()
}

fn llama() -> AlertId {
    AlertId::parse("service@h0:llama").unwrap()
}

fn end(world: &mut World, end: HealEnd) {
    world.dog.step(Input::Healing(&llama(), RunId::new(7)));
    world.dog.step(Input::HealEnded(&llama(), end));
}

fn stages(told: &[Told]) -> Vec<HealStage> {
    let stage = |told: &Told| match told {
        Told::Healed { stage, .. } => Some(stage.clone()),
        _ => None,
    };
    told.iter().filter_map(stage).collect()
}

/// Fails every heal that is wished for so many rounds; all that was said.
fn in_vain(world: &mut World, rounds: usize) -> Vec<Told> {
    let mut all = Vec::new();
    for _ in 0..rounds {
        let told = world.round(5000, &DOWN);
        if heals(&told) > 0 {
            end(world, HealEnd::Failed("it will not".into()));
        }
        all.extend(told);
    }
    all
}

#[test]
fn a_service_that_is_down_is_healed_once_and_judged_when_it_has_settled() {
    let mut world = World::new(&built_in(), 2);
    let told = world.rounds(10, &DOWN);
    assert_eq!(heals(&told), 1);
    end(&mut world, HealEnd::Well);
    let told = world.rounds(20, &UP);
    assert_eq!(stages(&told), [HealStage::Healed]);
    assert_eq!(heals(&world.rounds(300, &UP)), 0);
}

#[test]
fn healing_that_does_not_help_halts_stays_halted_over_a_restart_and_goes_on_when_a_person_says_so()
{
    let rules = built_in();
    let mut world = World::new(&rules, 2);
    let told = in_vain(&mut world, 400);
    assert_eq!(heals(&told), 3);
    let halts = told.iter().filter(|told| matches!(told, Told::Halted(_))).count();
    assert_eq!((halts, stages(&told).len()), (1, 3), "{told:?}");
    let halt = world.dog.halted().unwrap();
    assert_eq!((halt.alert.clone(), halt.run.clone()), (llama(), Some(RunId::new(7))));

    let kept = serde_json::to_string(world.dog.memory()).unwrap();
    let memory: Memory = serde_json::from_str(&kept).unwrap();
    let mut later = World::recalling(&rules, 2, memory);
    later.at = world.at;
    assert_eq!(heals(&later.rounds(2000, &DOWN)), 0, "hours later it is still halted");
    assert!(later.dog.standing()[0].healing.as_deref().unwrap().contains("halted"));
    later.wishes = vec![(9, Wish::Resume { by: "rc@alder".into(), at: Timestamp(0) })];
    let told = later.rounds(3, &DOWN);
    assert!(told.contains(&Told::Resumed { by: "rc@alder".into() }), "{told:?}");
    assert_eq!(heals(&told), 1);
}

#[test]
fn a_service_that_dies_again_after_every_heal_halts_too() {
    let mut world = World::new(&built_in(), 2);
    let mut halted = false;
    let mut healed = 0;
    for _ in 0..6 {
        let told = world.rounds(10, &DOWN);
        halted |= told.iter().any(|told| matches!(told, Told::Halted(_)));
        if heals(&told) > 0 {
            healed += 1;
            end(&mut world, HealEnd::Well);
        }
        world.rounds(15, &UP);
    }
    assert!(halted && healed == 3, "{healed} heals");
}

#[test]
fn what_uses_a_card_whose_telemetry_hangs_is_left_alone() {
    let mut world = World::new(&built_in(), 2);
    let mut told = Vec::new();
    for _ in 0..100 {
        let sample = Sample { nvidia: NvidiaTool::Hung, ..Sample::unknown() };
        world.dog.step(Input::Sample(&HostName::new("h0").unwrap(), &sample));
        told.extend(world.round(5000, &DOWN));
    }
    assert_eq!(heals(&told), 0);
    let standing = world.dog.standing();
    let service = standing.iter().find(|alert| alert.id == llama()).unwrap();
    assert!(service.healing.as_deref().unwrap().contains("must not be killed"), "{service:?}");
    let tool = standing.iter().find(|alert| alert.id.rule == "gpu_telemetry").unwrap();
    assert!(tool.hint.as_deref().unwrap().contains("never `kill -9`"), "{tool:?}");
}

#[test]
fn nothing_is_healed_while_our_own_link_is_suspected_or_the_host_is_away() {
    let mut world = World::new(&built_in(), 4);
    world.rounds(2, &UP);
    world.dark = vec![1, 2];
    let told = world.rounds(100, &DOWN);
    assert_eq!(heals(&told), 0);
    assert!(world.dog.standing().iter().any(|alert| {
        alert.healing.as_deref().is_some_and(|words| words.contains("our own link"))
    }));
    world.dark.clear();
    assert_eq!(heals(&world.rounds(40, &DOWN)), 1);
}

#[test]
fn a_heal_that_could_not_begin_is_no_failure_and_halts_nothing() {
    let mut world = World::new(&built_in(), 2);
    let mut told = Vec::new();
    for _ in 0..600 {
        let round = world.round(5000, &DOWN);
        if heals(&round) > 0 {
            end(&mut world, HealEnd::Unclear("another run holds this host".into()));
        }
        told.extend(round);
    }
    assert!(world.dog.halted().is_none());
    assert!((3..=6).contains(&heals(&told)), "{}", heals(&told));
}

#[test]
fn after_a_restart_in_the_middle_of_a_heal_its_outcome_is_judged_by_what_is_seen() {
    let rules = built_in();
    let mut world = World::new(&rules, 2);
    assert_eq!(heals(&world.rounds(10, &DOWN)), 1);
    let memory = serde_json::from_str(&serde_json::to_string(world.dog.memory()).unwrap()).unwrap();
    let mut later = World::recalling(&rules, 2, memory);
    later.at = world.at;
    assert_eq!(stages(&later.rounds(60, &UP)), [HealStage::Healed]);
}
