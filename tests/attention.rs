//! Hosts are looked at often while somebody looks on, and seldom while nobody does.

use std::time::Duration;

use shelter::fleet::{Host, HostName, Millis, Sensors, SudoPolicy, Value, Via};
use shelter::ops::{Persistence, Sampling, Watched};
use shelter::reach::{Reach, ReachSettings};
use shelter::telemetry::sampler::Pace;

/// More than a shell needs to start on the slowest machine.
const LONG: Duration = Duration::from_secs(60);

fn host() -> Host {
    Host {
        name: HostName::new("box").unwrap(),
        via: Via::Shell(vec!["sh".to_owned()]),
        sudo: SudoPolicy::Never,
        groups: Vec::new(),
        vars: [("engine_ports".to_owned(), Value::List(Vec::new()))].into(),
        sensors: Sensors::Real,
    }
}

async fn until(sampling: &mut Sampling, wanted: impl Fn(&Watched) -> bool) -> Watched {
    let came = async {
        loop {
            let found = sampling.board().into_values().find(&wanted);
            if let Some(watched) = found {
                return watched;
            }
            assert!(sampling.changed().await, "the watch ended");
        }
    };
    tokio::time::timeout(LONG, came).await.expect("it never came to it")
}

#[tokio::test]
async fn a_look_away_slows_the_watch_and_a_look_back_quickens_it_without_a_new_connection() {
    let home = tempfile::tempdir().unwrap();
    let reach = Reach::new(ReachSettings::new(home.path().to_owned()));
    let (often, seldom) = (Pace::seconds(1).silence(), Pace::seconds(120).silence());
    let mut sampling = Sampling::begin(vec![host()], reach, Pace::seconds(1), Persistence::ForEver);
    let at = |pace: Millis| move |w: &Watched| w.patience == Some(pace) && w.sample.is_some();
    let first = until(&mut sampling, at(often)).await;
    sampling.attend(false);
    let slow = until(&mut sampling, at(seldom)).await;
    assert_eq!(slow.contact, first.contact, "the connection stands");
    sampling.attend(true);
    let heard = slow.heard;
    let back = until(&mut sampling, |w| at(often)(w) && w.heard > heard).await;
    assert!(!back.is_stale(back.heard.unwrap()));
}
