//! What was never proven: backups by a restore, speed by a benchmark.

use crate::fleet::HostName;
use crate::text::counted;

use super::known::{limit, names};
use super::{Advice, Known, Stage};

/// The flag that a playbook sets once a backup was restored and found whole.
pub const BACKUP: &str = "backup_proven";
/// The playbook that benchmarks.
const BENCHMARK: &str = "04_llm_benchmark";

/// Hosts of which no backup was ever seen to come back. Silent where no playbook could prove one.
pub fn backups(known: &Known<'_>) -> Vec<Advice> {
    let Some(playbook) = &known.backups.playbook else { return Vec::new() };
    let without: Vec<&HostName> =
        known.hosts.iter().filter(|host| !known.backups.proven.contains(*host)).collect();
    if without.is_empty() {
        return Vec::new();
    }
    let evidence = format!(
        "`{BACKUP}` stands for {} of {}",
        known.hosts.len() - without.len(),
        counted(known.hosts.len(), "host")
    );
    let command = format!("shelter --run {playbook} -l {}", limit(&without));
    let text = format!("no backup of {} is proven by a restore", names(&without));
    vec![Advice { text, evidence, command }]
}

/// Hosts that serve models and whose speed nobody has measured.
pub fn benchmarks(known: &Known<'_>) -> Vec<Advice> {
    let Some(stage) = known.plan.iter().find(|stage| stage.playbook == BENCHMARK) else {
        return Vec::new();
    };
    let never: Vec<&HostName> =
        known.hosts.iter().filter(|host| serves(known, host) && is_new(stage, host)).collect();
    if never.is_empty() {
        return Vec::new();
    }
    vec![Advice {
        text: format!("{} was never benchmarked", names(&never)),
        evidence: format!("it serves models, and no run of {BENCHMARK} went well there"),
        command: format!("shelter --run {BENCHMARK} -l {}", limit(&never)),
    }]
}

fn serves(known: &Known<'_>, host: &HostName) -> bool {
    let look = known.looks().find(|(name, _)| *name == host).map(|(_, look)| look);
    let engines = look.and_then(|look| look.engines.as_deref());
    engines.into_iter().flatten().any(|engine| engine.local_models().next().is_some())
}

fn is_new(stage: &Stage, host: &HostName) -> bool {
    stage
        .hosts
        .iter()
        .any(|(name, last)| name == host && !last.as_ref().is_some_and(super::Last::is_well))
}

#[cfg(test)]
mod tests {
    use super::super::known::scene::{host, last, quiet};
    use super::super::scene::{Scene, cloud, ollama};
    use super::*;
    use crate::fleet::{Fleet, LastState};

    #[test]
    fn hosts_without_a_proven_backup_stand_together() {
        let fleet = Fleet::default();
        let mut known = quiet(&fleet);
        known.backups.proven = [host("shadow")].into();
        assert_eq!(backups(&known), []);
        known.backups.playbook = Some("09_backup_restore".to_owned());
        let raised = backups(&known);
        assert_eq!(raised[0].text, "no backup of phantom is proven by a restore");
        assert_eq!(raised[0].evidence, "`backup_proven` stands for 1 of 2 hosts");
        assert_eq!(raised[0].command, "shelter --run 09_backup_restore -l phantom");
        known.backups.proven = [host("shadow"), host("phantom")].into();
        assert_eq!(backups(&known), []);
    }

    #[test]
    fn only_a_host_that_serves_models_and_has_no_good_benchmark_is_raised() {
        let told = |engine, state: Option<LastState>| {
            let scene = Scene::new().engine(engine);
            let mut known = scene.known();
            let hosts = vec![(Scene::host(), state.and_then(last))];
            known.plan = vec![Stage { playbook: BENCHMARK.to_owned(), hosts }];
            benchmarks(&known)
        };
        let raised = told(ollama(None, None), None);
        assert_eq!(raised[0].command, "shelter --run 04_llm_benchmark -l shadow");
        assert_eq!(told(ollama(None, None), Some(LastState::Failed)).len(), 1);
        assert_eq!(told(ollama(None, None), Some(LastState::Well)), []);
        assert_eq!(told(cloud(), None), []);
        assert_eq!(benchmarks(&Scene::new().engine(ollama(None, None)).known()), []);
    }
}
