//! Whether our own link is blamed: for hosts that were up and fell silent together, and for nothing else.

use shelter::fleet::{Alert, HostName, Millis, Notice, Outage, Skew, Timestamp, Vitals};
use shelter::watchdog::{Contact, Input, Member, Memory, Rules, Span, Tick, Told, Watchdog};

use super::world::{BEGAN, World, loud, raised};

/// What is heard of a host: `None`, that it is up.
type Heard = Option<Outage>;

/// One round of a watchdog, and what it said.
struct Once {
    dog: Watchdog,
    told: Vec<Told>,
}

/// One round over hosts of which so many are watched, so long after the world began.
fn once(heard: &[Heard], watched: usize, memory: Memory, at: i64) -> Once {
    let name = |number: usize| HostName::new(format!("h{number}")).unwrap();
    let member = |number: usize| {
        let (watched, local, engines) = (number < watched, false, Vec::new());
        Member { host: name(number), watched, local, engines }
    };
    let members = (0..heard.len()).map(member).collect();
    let mut dog = Watchdog::new(Rules::read(&[]).unwrap(), members, Span::Once, memory);
    let (wall, now) = (Timestamp(BEGAN + at), Millis(at));
    dog.step(Input::Tick(Tick { wall, boot: now, awake: now, epoch: 1 }));
    for (number, heard) in heard.iter().enumerate().take(watched) {
        let down = |outage| Contact::Down { outage, parted: false, text: String::new() };
        dog.step(Input::Contact(&name(number), heard.map_or(Contact::Up, down)));
        if heard.is_none() {
            let skew = Some(Skew { by: Millis(10), doubt: Millis(10) });
            let boot_id = Some("b007".to_owned());
            dog.step(Input::Vitals(&name(number), &Vitals { skew, boot_id, ..Vitals::default() }));
        }
    }
    let told = dog.judge();
    Once { dog, told }
}

/// What a watchdog remembers over a restart.
fn recalled(dog: &Watchdog) -> Memory {
    serde_json::from_str(&serde_json::to_string(dog.memory()).unwrap()).unwrap()
}

fn names(alerts: &[Alert]) -> Vec<String> {
    alerts.iter().map(|alert| alert.id.to_string()).collect()
}

const OFF: Heard = Some(Outage::NoRoute);
const REFUSED: Heard = Some(Outage::Closed);

#[test]
fn hosts_that_never_were_there_did_not_go_dark_and_are_named_one_by_one() {
    for off in [OFF, Some(Outage::Silent), Some(Outage::NoName), REFUSED] {
        let round = once(&[None, None, off, off], 4, Memory::default(), 0);
        assert_eq!(raised(&round.told), ["unreachable@h2", "unreachable@h3"], "{off:?}");
        let round = once(&[off, off], 2, Memory::default(), 0);
        assert_eq!(raised(&round.told), ["unreachable@h0", "unreachable@h1"], "{off:?}");
    }
}

#[test]
fn an_answer_of_whatever_kind_proves_that_the_link_stands() {
    for outage in [Outage::Closed, Outage::Frozen, Outage::Barred] {
        let mut world = World::new(&Rules::read(&[]).unwrap(), 4);
        world.rounds(10, &[]);
        (world.dark, world.outage) = (vec![0, 1, 2], outage);
        let names = raised(&world.rounds(60, &[]));
        assert_eq!(names, ["unreachable@h0", "unreachable@h1", "unreachable@h2"], "{outage:?}");
    }
}

#[test]
fn a_cut_is_known_from_what_was_up_when_somebody_watched_last() {
    let up = once(&[None, None, OFF, OFF], 4, Memory::default(), 0);
    let cut = once(&[OFF, OFF, OFF, OFF], 4, recalled(&up.dog), 60_000);
    let names = raised(&cut.told);
    assert_eq!(
        names,
        ["own_link"],
        "the two that were away before stay so, the others are cut off"
    );
    let told = loud(&cut.told).into_iter().map(|(_, alert)| alert.evidence).collect::<String>();
    assert!(told.contains("dark together: 2 of 2: h0, h1"), "{told}");
}

#[test]
fn a_machine_without_a_network_needs_no_memory_to_know_it() {
    let cut = Some(Outage::NoNetwork);
    assert_eq!(raised(&once(&[cut, cut], 2, Memory::default(), 0).told), ["own_link"]);
}

#[test]
fn hosts_that_are_known_to_be_away_do_not_go_dark_again_when_this_machine_wakes() {
    let mut world = World::new(&Rules::read(&[]).unwrap(), 10);
    world.rounds(10, &[]);
    for host in 0..4 {
        world.dark.push(host);
        assert_eq!(raised(&world.rounds(30, &[])), [format!("unreachable@h{host}")]);
    }
    world.slept += 3_600_000;
    world.round(3_605_000, &[]);
    assert_eq!(raised(&world.rounds(60, &[])), [""; 0]);
}

#[test]
fn a_watch_with_a_limit_clears_nothing_that_it_did_not_look_at() {
    let up = once(&[None; 4], 4, Memory::default(), 0);
    let cut = once(&[OFF; 4], 4, recalled(&up.dog), 60_000);
    assert_eq!(names(&cut.dog.standing()), ["own_link"]);
    let limited = once(&[None, None, OFF, OFF], 2, recalled(&cut.dog), 120_000);
    assert_eq!(loud(&limited.told), [], "own_link is about hosts that were not looked at");
    let standing = limited.dog.standing();
    assert_eq!(names(&standing), ["own_link"]);
    assert!(!limited.dog.looks_at(&standing[0].id));
    // Whoever looks at all of them does.
    let whole = once(&[None; 4], 4, recalled(&limited.dog), 180_000);
    let over = |(notice, alert): &(Notice, Alert)| (*notice, alert.id.to_string());
    let told: Vec<_> = loud(&whole.told).iter().map(over).collect();
    assert_eq!(told, [(Notice::Cleared, "own_link".to_owned())]);
}

#[test]
fn a_watch_with_a_limit_tells_of_our_link_what_it_sees_itself() {
    let up = once(&[None; 4], 4, Memory::default(), 0);
    let limited = once(&[OFF, OFF, None, None], 2, recalled(&up.dog), 60_000);
    assert_eq!(raised(&limited.told), ["own_link"]);
    let standing = limited.dog.standing();
    assert!(standing.iter().all(|alert| limited.dog.looks_at(&alert.id)), "{standing:?}");
}

#[test]
fn when_the_network_is_back_hosts_that_were_away_before_hold_no_suspicion_up() {
    let cut = Some(Outage::NoNetwork);
    let (here, away) = ([None, None, OFF, OFF], ["unreachable@h2", "unreachable@h3"]);
    let first = once(&here, 4, Memory::default(), 0);
    assert_eq!(raised(&first.told), away);
    let gone = once(&[cut; 4], 4, recalled(&first.dog), 60_000);
    assert_eq!(raised(&gone.told), ["own_link"]);
    let back = once(&here, 4, recalled(&gone.dog), 120_000);
    assert_eq!(names(&back.dog.standing()), away);
    // The same where nobody ever watched before the network went.
    let gone = once(&[cut; 4], 4, Memory::default(), 0);
    let back = once(&here, 4, recalled(&gone.dog), 60_000);
    assert_eq!(names(&back.dog.standing()), away);
}

#[test]
fn a_network_that_goes_and_comes_leaves_alone_what_was_away_before() {
    let mut world = World::new(&Rules::read(&[]).unwrap(), 6);
    world.rounds(10, &[]);
    for host in 0..2 {
        world.dark.push(host);
        assert_eq!(raised(&world.rounds(30, &[])), [format!("unreachable@h{host}")]);
    }
    (world.dark, world.outage) = ((0..6).collect(), Outage::NoNetwork);
    assert_eq!(raised(&world.rounds(60, &[])), ["own_link"]);
    (world.dark, world.outage) = (vec![0, 1], Outage::NoRoute);
    world.rounds(60, &[]);
    assert_eq!(names(&world.dog.standing()), ["unreachable@h0", "unreachable@h1"]);
}
