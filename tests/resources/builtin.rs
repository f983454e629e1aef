//! The built-in playbooks, executed step by step in a home of their own: met at the second look, and taken back.

use std::path::{Path, PathBuf};
use std::process::Output;

use shelter::playbook::builtin::playbooks;
use shelter::playbook::plan::{PlannedStep, Sh, Undo};
use shelter::playbook::resolve::{Resolved, read};
use shelter::text::Source;

use super::bench::{Shell, run, shells, snapshot};
use crate::playbooks::{bytes_of, phantom};
use crate::support::resolving::{self, Given, Sent};

pub fn resolved(id: &str, home: &Path) -> Resolved {
    let file = playbooks().find(|file| file.path == format!("{id}.yaml")).unwrap();
    resolved_text(file.path, file.text, home)
}

/// A playbook as it becomes for us on a host with that home.
pub fn resolved_text(name: &str, text: &str, home: &Path) -> Resolved {
    let (host, mut facts) = phantom();
    facts.home = Some(home.display().to_string());
    facts.user = Some(own("-un"));
    facts.uid = Some(own("-u").parse().unwrap());
    facts.package_manager = None;
    let (playbook, warnings) =
        read(&Source::new(name, text), []).unwrap_or_else(|reports| panic!("{reports}"));
    assert!(warnings.is_empty(), "{warnings}");
    resolving::resolved(&playbook, &(host, facts), &Given::only(&Sent))
        .unwrap_or_else(|reports| panic!("{reports}"))
}

/// What `id` says of us.
fn own(flag: &str) -> String {
    let output = std::process::Command::new("id").arg(flag).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

/// One home in which the steps of playbooks are executed under one shell.
struct House {
    shell: Shell,
    temp: tempfile::TempDir,
}

impl House {
    fn home(&self) -> PathBuf {
        self.temp.path().join("home of -one")
    }

    fn leg(&self, step: &PlannedStep, item: usize, leg: &Sh) -> Output {
        let save = self.temp.path().join(format!("{}.{item}", step.id));
        std::fs::create_dir_all(&save).unwrap();
        run(&self.shell, &save, step, item, leg)
    }

    fn expect(&self, step: &PlannedStep, item: usize, leg: &Sh, statuses: &[i32]) -> i32 {
        let output = self.leg(step, item, leg);
        let status = output.status.code().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(statuses.contains(&status), "{} under {:?}: {status} {said}", step.id, self.shell);
        status
    }

    /// Makes everything so, and tells how many items were not.
    fn converge(&self, plan: &Resolved) -> usize {
        let mut changed = 0;
        for step in &plan.steps {
            for (at, item) in step.items.iter().enumerate() {
                let check = item.legs.check.as_ref().unwrap();
                if self.expect(step, at, check, &[0, 10]) == 0 {
                    continue;
                }
                if let Undo::Exact(undo) | Undo::BestEffort(undo, _) = &item.legs.undo {
                    self.expect(step, at, &undo.save, &[0]);
                }
                self.expect(step, at, &item.legs.apply, &[0]);
                self.expect(step, at, item.legs.verify.as_ref().unwrap_or(check), &[0]);
                changed += 1;
            }
        }
        changed
    }

    fn undo(&self, plan: &Resolved) {
        for step in plan.steps.iter().rev() {
            for (at, item) in step.items.iter().enumerate().rev() {
                if let Undo::Exact(undo) | Undo::BestEffort(undo, _) = &item.legs.undo {
                    self.expect(step, at, &undo.restore, &[0]);
                }
            }
        }
    }
}

fn in_every_shell(attempt: impl Fn(House)) {
    for shell in shells() {
        let house =
            House { shell: shell.clone().with_usual_tools(), temp: tempfile::tempdir().unwrap() };
        std::fs::create_dir(house.home()).unwrap();
        attempt(house);
    }
}

#[test]
fn every_built_in_playbook_is_sound() {
    let home = Path::new("/root");
    for file in playbooks() {
        let plan = resolved(file.path.strip_suffix(".yaml").unwrap(), home);
        assert!(!plan.steps.is_empty(), "{}", file.path);
    }
}

#[test]
fn structure_inventory_and_folders_are_made_once_and_taken_back() {
    in_every_shell(|house| {
        let empty = snapshot(&house.home());
        let structure = resolved("00_check_structure", &house.home());
        assert_eq!(house.converge(&structure), 12);
        assert_eq!(house.converge(&structure), 0);
        let base = snapshot(&house.home());
        assert!(base.contains_key(".mountain_shelter/logs/memory"));
        for id in ["01_host_inventory", "02_scaffold_dirs"] {
            let plan = resolved(id, &house.home());
            assert!(house.converge(&plan) > 0);
            assert_eq!(house.converge(&plan), 0, "{id}");
            house.undo(&plan);
            assert_eq!(snapshot(&house.home()), base, "{id}");
        }
        house.undo(&structure);
        assert_eq!(snapshot(&house.home()), empty);
    });
}

#[test]
fn a_damaged_tree_is_repaired() {
    in_every_shell(|house| {
        let plan = resolved("00_check_structure", &house.home());
        house.converge(&plan);
        let shelter = house.home().join(".mountain_shelter");
        std::fs::remove_dir(shelter.join("venv")).unwrap();
        std::fs::write(shelter.join("shared.cfg"), "edited by hand").unwrap();
        std::fs::set_permissions(&shelter, std::os::unix::fs::PermissionsExt::from_mode(0o777))
            .unwrap();
        assert_eq!(house.converge(&plan), 3);
        assert_eq!(house.converge(&plan), 0);
    });
}

#[test]
fn the_shared_settings_are_yaml_and_say_who_is_there() {
    let plan = resolved("00_check_structure", Path::new("/root"));
    let step = plan.steps.iter().find(|step| step.id == "shared-settings").unwrap();
    let text = String::from_utf8(bytes_of(&step.items[0].legs.payloads[0]).to_vec()).unwrap();
    let mut reports = shelter::text::Reports::new();
    let node = shelter::text::yaml::parse(&Source::new("shared.cfg", text), &mut reports).unwrap();
    assert!(reports.is_empty(), "{reports}");
    assert!(
        matches!(&node.get("hosts").unwrap().data, shelter::text::yaml::Data::List(hosts) if hosts.len() == 1)
    );
}
