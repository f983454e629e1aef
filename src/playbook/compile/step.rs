//! One step as shell functions: its settings, its conditions, its items' legs and payloads.

use super::awaits;
use super::cond;
use super::program::Builder;
use super::valid::CompileError;
use crate::playbook::plan::{
    HostPlan, Legs, Payload, PlannedStep, RunAs, Sh, Surroundings, Undo, quote,
};

/// Writes step `index`; `as_root` tells who runs the program.
pub(super) fn write(
    out: &mut Builder,
    plan: &HostPlan,
    index: usize,
    step: &PlannedStep,
    as_root: bool,
) -> Result<(), CompileError> {
    let Origin { file, line, column } = &Origin::of(step);
    out.comment(&format!("{index}: {} ({file}:{line}:{column})", step.name));
    let user = user(plan, step, as_root);
    out.function(&format!("_s{index}"), &settings(plan, step, user)?);
    if index >= plan.steps.len() {
        out.set(&format!("_h{index}"), &quote(&step.id)?);
    }
    surroundings(out, index, step)?;
    for (letter, condition) in conditions(step) {
        cond::write(out, &format!("_{letter}{index}"), condition, index)?;
    }
    for (n, item) in step.items.iter().enumerate() {
        let awaits = numbers(awaits::on(plan, index, step, item).into_iter());
        legs(out, &format!("{index}_{n}"), &item.legs, &awaits)?;
    }
    Ok(())
}

struct Origin {
    file: String,
    line: u32,
    column: u32,
}

impl Origin {
    fn of(step: &PlannedStep) -> Self {
        let (line, column) = (step.origin.line, step.origin.column);
        Self { file: step.origin.file.display().to_string(), line, column }
    }
}

/// The user to change to, if the program's own is not the step's.
pub(super) fn user<'a>(
    plan: &'a HostPlan,
    step: &'a PlannedStep,
    as_root: bool,
) -> Option<&'a str> {
    let wished = match &step.run_as {
        RunAs::Login => plan.login.user.as_str(),
        RunAs::Root => "root",
        RunAs::User(name) => name,
    };
    (as_root && wished != "root").then_some(wished)
}

fn surrounded(step: &PlannedStep) -> bool {
    let mut own = step.items.iter().filter_map(|item| item.around.as_ref());
    !step.around.is_empty() || own.any(|around| !around.is_empty())
}

fn conditions(step: &PlannedStep) -> impl Iterator<Item = (char, &crate::playbook::plan::Cond)> {
    let all = [
        ('w', &step.when),
        ('u', &step.attempts.until),
        ('g', &step.changed_when),
        ('f', &step.failed_when),
    ];
    all.into_iter().filter_map(|(letter, cond)| Some((letter, cond.as_ref()?)))
}

/// What differs from the defaults in `_load`.
fn settings(
    plan: &HostPlan,
    step: &PlannedStep,
    user: Option<&str>,
) -> Result<String, CompileError> {
    let mut out = vec![format!("_items={}", step.items.len())];
    if let Some(user) = user {
        out.push(format!("_user={}", quote(user)?));
    }
    let limits = &step.limits;
    if limits.total_s != Some(3600) {
        out.push(format!("_total={}", limits.total_s.unwrap_or(0)));
    }
    if let Some(silence) = limits.silence_s {
        out.push(format!("_silence={silence}"));
    }
    if step.attempts.retries > 0 {
        out.push(format!("_retries={} _delay={}", step.attempts.retries, step.attempts.delay_s));
    }
    if !step.outputs.is_empty() {
        let of = step.outputs.iter().map(|(_, at)| at.0 as usize);
        out.push(format!("_outputs='{}'", numbers(of)));
    }
    if !step.needs.is_empty() {
        out.push(format!("_needs='{}'", numbers(step.needs.iter().map(|n| n.0 as usize))));
    }
    if !step.notify.is_empty() {
        let handlers = step.notify.iter().map(|n| n + plan.steps.len());
        out.push(format!("_notify='{}'", numbers(handlers)));
    }
    let flags = flags(step);
    if !flags.is_empty() {
        out.push(format!("_flags={flags}"));
    }
    Ok(out.join(" "))
}

fn numbers(list: impl Iterator<Item = usize>) -> String {
    list.map(|n| n.to_string()).collect::<Vec<_>>().join(" ")
}

/// `i` errors ignored, `d` intent made durable, `e` surroundings, and a letter for each condition.
fn flags(step: &PlannedStep) -> String {
    let own = [('i', step.ignore_errors), ('d', !step.replayable), ('e', surrounded(step))];
    let own = own.into_iter().filter_map(|(letter, set)| set.then_some(letter));
    own.chain(conditions(step).map(|(letter, _)| letter)).collect()
}

/// One function for all items, or one for each that asks for the item's.
fn surroundings(out: &mut Builder, index: usize, step: &PlannedStep) -> Result<(), CompileError> {
    if !surrounded(step) {
        return Ok(());
    }
    if step.items.iter().all(|item| item.around.is_none()) {
        out.block(&format!("_e{index}"), &entered(&step.around)?);
        return Ok(());
    }
    for (n, item) in step.items.iter().enumerate() {
        let around = item.around.as_ref().unwrap_or(&step.around);
        out.block(&format!("_e{index}_{n}"), &entered(around)?);
    }
    out.function(&format!("_e{index}"), &format!("\"_e{index}_$_pi\""));
    Ok(())
}

fn entered(around: &Surroundings) -> Result<String, CompileError> {
    let mut out = Vec::new();
    for (name, value) in &around.env {
        out.push(format!("export {name}={}", quote(value)?));
    }
    if let Some(cwd) = &around.cwd {
        out.push(format!("cd -- {} || return", quote(cwd)?));
    }
    Ok(out.join("\n"))
}

/// The most a leg may write out in the runner's own shell, which never gives back what it took for that.
const LIGHT: usize = 64 * 1024;

fn is_light(legs: &Legs) -> bool {
    let small = |payload: &Payload| match payload {
        Payload::Plain(bytes) => bytes.len() <= LIGHT,
        Payload::Secret(secret) => secret.reveal().len() <= LIGHT,
    };
    legs.apply_inline && legs.payloads.iter().all(small)
}

/// Letters of `_legs`: `c` check, `n` the check needs no process, `a` what applies and saves needs none, `v` verify, `d` preview, `x` undo, `o` ours.
fn legs(out: &mut Builder, place: &str, legs: &Legs, awaits: &str) -> Result<(), CompileError> {
    let mut letters = String::new();
    let mut leg = |letter: &str, function: char, text: Option<&Sh>| {
        if let Some(text) = text {
            letters.push_str(letter);
            out.block(&format!("_{function}{place}"), text.as_str());
        }
    };
    leg(if legs.check_inline { "cn" } else { "c" }, 'c', legs.check.as_ref());
    leg(if is_light(legs) { "a" } else { "" }, 'a', Some(&legs.apply));
    leg("v", 'v', legs.verify.as_ref());
    leg("d", 'd', legs.preview.as_ref());
    if let Undo::Exact(undo) | Undo::BestEffort(undo, _) = &legs.undo {
        leg("x", 'b', Some(&undo.save));
        leg("", 'r', Some(&undo.restore));
        leg("o", 'o', undo.ours.as_ref());
    }
    let awaits = if awaits.is_empty() { String::new() } else { format!(" _of='{awaits}'") };
    out.function(&format!("_i{place}"), &format!("_legs={letters}{awaits}"));
    for (n, payload) in legs.payloads.iter().enumerate() {
        let name = format!("_p{place}_{n}");
        match payload {
            Payload::Plain(blob) => out.blob(&name, blob),
            Payload::Secret(secret) => {
                let slot = out.slot(secret)?;
                out.function(&name, &format!("_slot {slot}"));
            }
        }
    }
    Ok(())
}
