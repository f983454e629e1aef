//! The plan of one host: the playbook resolved with its facts, and how root and survival are had there.

use std::collections::HashMap;

use crate::fleet::{Facts, Host, Init, Linger, Purpose, SudoPolicy, SudoRight};
use crate::playbook::plan::{HostPlan, Login, Mode, PlannedStep, RootBy, Sh, Survival};
use crate::playbook::resolve::{Setting, resolve};
use crate::telemetry::facts::KEY_FN;
use crate::text::Reports;

use super::Order;

/// Kept of each stream of each step on the host.
const OUTPUT_CAP: u64 = 64 << 20;

/// A plan, and why steps in it are skipped by us.
pub struct Planned {
    /// The plan.
    pub plan: HostPlan,
    /// Why the host cannot do a step, by its index.
    pub reasons: HashMap<u32, String>,
}

/// Plans a run for one host. What is wrong is found for all steps at once.
pub fn plan(order: &Order, host: &Host, facts: &Facts) -> Result<Planned, Reports> {
    let host = &with_lore(order, host, facts);
    let setting = Setting {
        host,
        facts,
        fleet: &order.fleet,
        extra: &order.extra,
        files: &*order.files,
        choice: &order.choice,
        secrets: &order.secrets,
    };
    let resolved = resolve(&order.playbook, &setting)?;
    let reasons = reasons(&resolved.steps, &resolved.unsupported);
    let plan = HostPlan {
        run: order.head.run.to_string(),
        playbook: order.head.playbook.clone(),
        host: host.name.clone(),
        console: order.head.actor.clone(),
        facts: facts.key.clone(),
        key_fn: Some(Sh::text(KEY_FN)),
        mode: if order.head.purpose == Purpose::Check { Mode::Check } else { Mode::Apply },
        diff: order.diff,
        login: login(host, facts),
        on_fail: resolved.on_fail,
        survival: survival(facts),
        output_cap: OUTPUT_CAP,
        steps: resolved.steps,
        handlers: resolved.handlers,
        secrets: resolved.secrets,
        without: resolved.without,
    };
    Ok(Planned { plan, reasons })
}

/// The host with what the console knows of it, where its own variables do not say otherwise.
fn with_lore(order: &Order, host: &Host, facts: &Facts) -> Host {
    let mut host = host.clone();
    for (name, value) in order.lore.iter().flat_map(|lore| lore(facts)) {
        host.vars.entry(name).or_insert(value);
    }
    host
}

fn reasons(steps: &[PlannedStep], unsupported: &[(String, String)]) -> HashMap<u32, String> {
    let place = |id: &String| steps.iter().position(|step| step.id == *id);
    let place = |id: &String| place(id).and_then(|at| u32::try_from(at).ok());
    unsupported.iter().filter_map(|(id, why)| Some((place(id)?, why.clone()))).collect()
}

/// Who we are on a host, and how root is reached there.
pub(super) fn login(host: &Host, facts: &Facts) -> Login {
    let user = facts.user.clone().unwrap_or_default();
    let home = facts.home.clone().unwrap_or_default();
    let right = facts.sudo.right;
    let by_doas = facts.sudo.kind.as_deref() == Some("doas");
    let root = match (right, host.sudo) {
        (Some(SudoRight::Root), _) => RootBy::Login,
        (_, SudoPolicy::Never) | (Some(SudoRight::None), _) => RootBy::Nothing,
        (Some(SudoRight::Free), _) | (_, SudoPolicy::NoPassword) if by_doas => RootBy::Doas,
        _ if by_doas => RootBy::Nothing,
        (_, SudoPolicy::Password) => RootBy::SudoPassword,
        (_, SudoPolicy::NoPassword) | (Some(SudoRight::Free), _) => RootBy::Sudo,
        (Some(SudoRight::Password) | None, SudoPolicy::Auto) => RootBy::SudoPassword,
    };
    Login { user, home, root }
}

/// The way out where root cannot be had on a host.
pub(super) fn way_to_root(host: &Host, facts: &Facts) -> String {
    let user = facts.user.as_deref().unwrap_or("USER");
    match (host.sudo, facts.sudo.kind.as_deref()) {
        (SudoPolicy::Never, _) => {
            "`sudo: never` in `shelter.yaml` forbids it; take that out, or name `user: root`".into()
        }
        (_, Some("doas")) => format!(
            "doas asks for a password on a terminal only: write `permit nopass {user}` into \
             /etc/doas.conf there, install sudo, or name `user: root`"
        ),
        (_, Some(_)) => format!("allow {user} to use sudo there, or name `user: root`"),
        (_, None) => "install sudo there, or name `user: root`".to_owned(),
    }
}

/// The best that the facts allow; the program falls back where it must, and says so.
pub(super) fn survival(facts: &Facts) -> Survival {
    match (facts.init, facts.linger) {
        (Some(Init::Systemd), Some(Linger::Enabled)) if facts.uid != Some(0) => Survival::UserUnit,
        (Some(Init::Systemd), _) => Survival::SystemUnit,
        _ => Survival::Session,
    }
}
