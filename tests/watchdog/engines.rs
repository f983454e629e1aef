//! Engines: which absence matters, what stands in for a speed, and what is forgotten.

use std::collections::BTreeMap;

use shelter::fleet::{Engine, EngineKind, EngineState, Notice, Timestamp};
use shelter::watchdog::{Engines, Input, Memory, Rules, Speed, Told};

use super::world::{BEGAN, World, loud, raised};

/// What is found on the first host's ports: an engine in that state, or none while somebody listens there or not.
enum Seen {
    Engine(EngineState),
    Other,
    Nobody,
    NotLooked,
}

fn rounds(world: &mut World, count: usize, seen: &Seen) -> Vec<Told> {
    let (host, mut all) = (world.hosts[0].clone(), Vec::new());
    for _ in 0..count {
        let mut engine = Engine::new(EngineKind::Ollama, 11434, Timestamp(BEGAN + world.at));
        let mut listening = Some(BTreeMap::from([(22, true)]));
        let found = match seen {
            Seen::Engine(state) => {
                engine.state = state.clone();
                std::slice::from_ref(&engine)
            }
            _ => &[],
        };
        match seen {
            Seen::NotLooked => listening = None,
            Seen::Nobody => {}
            Seen::Engine(_) | Seen::Other => {
                listening.as_mut().unwrap().insert(11434, true);
            }
        }
        // What a round hears comes after its tick, which is the world's.
        let told = world.round(5000, &[]);
        let listening = listening.as_ref();
        world.dog.step(Input::Engines(&host, Engines { found, listening }));
        all.extend(told);
    }
    all
}

const WELL: Seen = Seen::Engine(EngineState::Ready);

fn built_in() -> Rules {
    Rules::read(&[]).unwrap()
}

#[test]
fn an_engine_that_was_there_for_a_while_is_missed_and_one_that_was_tried_is_not() {
    let mut world = World::new(&built_in(), 2);
    rounds(&mut world, 100, &WELL);
    assert_eq!(loud(&rounds(&mut world, 30, &Seen::Nobody)), [], "it was there for 8 min");
    rounds(&mut world, 125, &WELL);
    let told = rounds(&mut world, 10, &Seen::Nobody);
    assert_eq!(raised(&told), ["engine@h0:11434"]);
    let text = &loud(&told)[0].1.text;
    assert_eq!(text, "Ollama on port 11434 is gone: nobody listens there");
    let told = rounds(&mut world, 40, &WELL);
    assert_eq!(loud(&told)[0].0, Notice::Cleared);
}

#[test]
fn an_engine_that_answers_errors_hangs_or_made_way_for_another_program_is_told() {
    let unwell = [
        Seen::Engine(EngineState::Unwell("it answers 500".into())),
        Seen::Engine(EngineState::Silent("it did not answer".into())),
        Seen::Other,
    ];
    for seen in unwell {
        let mut world = World::new(&built_in(), 2);
        rounds(&mut world, 125, &WELL);
        assert_eq!(raised(&rounds(&mut world, 10, &seen)), ["engine@h0:11434"]);
    }
    for seen in
        [Seen::Engine(EngineState::Loading), Seen::Engine(EngineState::Locked), Seen::NotLooked]
    {
        let mut world = World::new(&built_in(), 2);
        rounds(&mut world, 125, &WELL);
        assert_eq!(loud(&rounds(&mut world, 200, &seen)), []);
    }
}

#[test]
fn what_was_there_is_known_over_a_restart_and_forgotten_after_a_day() {
    let rules = built_in();
    let mut world = World::new(&rules, 2);
    rounds(&mut world, 125, &WELL);
    let kept = serde_json::to_string(world.dog.memory()).unwrap();
    let memory: Memory = serde_json::from_str(&kept).unwrap();
    let mut later = World::recalling(&rules, 2, memory);
    later.at = world.at;
    assert_eq!(raised(&rounds(&mut later, 20, &Seen::Nobody)), ["engine@h0:11434"]);
    let told = rounds(&mut later, 24 * 720, &Seen::Nobody);
    let words: Vec<Notice> = loud(&told).into_iter().map(|(notice, _)| notice).collect();
    assert_eq!(words, [Notice::Withdrawn]);
    assert!(later.dog.standing().is_empty());
}

#[test]
fn an_engine_that_shall_run_is_missed_though_nobody_ever_saw_it() {
    let mut world = World::wanting(&built_in(), 2, vec![11434]);
    assert_eq!(raised(&rounds(&mut world, 10, &Seen::Nobody)), ["engine@h0:11434"]);
    assert_eq!(loud(&rounds(&mut world, 25 * 720, &Seen::Nobody)), [], "nor is it forgotten");
}

#[test]
fn of_two_measurements_of_a_speed_the_newer_one_counts() {
    let mut world = World::new(&built_in(), 2);
    let host = world.hosts[0].clone();
    let speed = |at: i64, share: f64| {
        let (model, words) = ("phi-3-mini".to_owned(), "as told".to_owned());
        Speed { model, at: Timestamp(at), share, words }
    };
    let mut told = Vec::new();
    for round in 0..100 {
        told.extend(world.round(5000, &[]));
        // A benchmark of yesterday, and what users get.
        world.dog.step(Input::Speed(&host, speed(BEGAN - 86_400_000, 98.0)));
        world.dog.step(Input::Speed(&host, speed(BEGAN + round * 5000, 40.0)));
    }
    assert_eq!(raised(&told), ["engine_slow@h0:phi-3-mini"]);
    // Nobody uses it: that says nothing about its speed, and neither does the old benchmark.
    for _ in 0..200 {
        told = world.round(5000, &[]);
        world.dog.step(Input::Speed(&host, speed(BEGAN - 86_400_000, 98.0)));
        assert_eq!(loud(&told), []);
    }
    for _ in 0..100 {
        told.extend(world.round(5000, &[]));
        world.dog.step(Input::Speed(&host, speed(BEGAN + world.at, 97.0)));
    }
    assert_eq!(loud(&told)[0].0, Notice::Cleared);
}
