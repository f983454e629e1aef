//! A rule from its draft: every field judged by the others. All that is wrong is said at once.

use crate::fleet::{Millis, Severity};
use crate::text::{Report, Reports, Spanned};
use crate::watchdog::Measure;
use crate::watchdog::measure::Unit;

use super::draft::{Draft, HealDraft};
use super::threshold::{Bound, Threshold};
use super::{Healer, Rule};

/// How long something must be wrong, and well, where a rule does not say.
const HOLD: Millis = Millis(60_000);
const CLEAR_HOLD: Millis = Millis(60_000);
/// How long it is waited after a heal where a rule does not say.
const SETTLE: Millis = Millis(60_000);
/// What a hint may name.
const NAMES: [&str; 2] = ["host", "subject"];

/// The rule. `None`: something is wrong, and was reported.
pub(super) fn finish(draft: Draft, reports: &mut Reports) -> Option<Rule> {
    let name = &draft.name;
    let Some(watch) = &draft.watch else {
        if draft.has_watch {
            return None;
        }
        let message = format!("rule `{}` is not built in and has no `watch`", name.value);
        let words: Vec<&str> = Measure::ALL.iter().map(|(word, _)| *word).collect();
        reports.push(Report::error(message).at(&name.span).expected(words.join(", ")));
        return None;
    };
    let watch = watch.value;
    let threshold = threshold(&draft, watch, reports);
    if let Some(hint) = &draft.hint {
        check_hint(hint, reports);
    }
    let heal = draft.heal.as_ref().and_then(|heal| healer(heal, watch, reports));
    Some(Rule {
        threshold: threshold?,
        watch,
        hosts: draft.hosts,
        on: None,
        of: draft.of.unwrap_or_default(),
        hold: draft.hold.unwrap_or(HOLD),
        clear_hold: draft.clear_hold.unwrap_or(CLEAR_HOLD),
        severity: draft.severity.unwrap_or(Severity::Warning),
        hint: draft.hint.map(|hint| hint.value),
        heal,
        name: draft.name,
    })
}

fn threshold(draft: &Draft, watch: Measure, reports: &mut Reports) -> Option<Threshold> {
    if watch.unit() == Unit::State {
        for bound in [&draft.raise, &draft.clear].into_iter().flatten() {
            let message = format!("`{}` is so or is not: it has no threshold", watch.word());
            reports.push(Report::error(message).at(&bound.span).help("leave this field out"));
        }
        return Some(Threshold::STATE);
    }
    let raise = bound(draft, "raise", watch.unit(), reports);
    let clear = bound(draft, "clear", watch.unit(), reports);
    let (raise, clear) = (raise?, clear?);
    let (above, wrong, well) = (raise.value.above, raise.value.value, clear.value.value);
    if clear.value.above == above {
        let wanted = if above { "<" } else { ">" };
        let message = "`clear` looks the same way as `raise`, so it would clear what is wrong";
        let report = Report::error(message).at(&clear.span).also(&raise.span, "raised by this");
        reports.push(report.expected(format!("`{wanted}` and a value")));
        return None;
    }
    if if above { well > wrong } else { well < wrong } {
        let message = "`clear` overlaps `raise`: a value between them would be both wrong and well";
        let report = Report::error(message).at(&clear.span).also(&raise.span, "raised by this");
        reports.push(report);
        return None;
    }
    let can_be = [(&raise, "raised"), (&clear, "cleared")]
        .map(|(bound, what)| is_within(bound, watch, &format!("never be {what}"), reports));
    can_be.iter().all(|it| *it).then_some(Threshold { above, raise: wrong, clear: well })
}

/// Whether values lie on that side of a bound at all.
fn is_within(bound: &Spanned<Bound>, watch: Measure, never: &str, reports: &mut Reports) -> bool {
    let Bound { above, value } = bound.value;
    let (least, most) = watch.range();
    let reached = if above { value < most } else { value > least };
    if !reached {
        let limit = watch.unit().words(if above { most } else { least });
        let way = if above { "more" } else { "less" };
        let message =
            format!("so `{}` could {never}: it is never {way} than {limit}", watch.word());
        reports.push(Report::error(message).at(&bound.span));
    }
    reached
}

fn bound(draft: &Draft, name: &str, unit: Unit, reports: &mut Reports) -> Option<Spanned<Bound>> {
    let given = if name == "raise" { &draft.raise } else { &draft.clear };
    let Some(given) = given else {
        let message = format!("rule `{}` has no `{name}`", draft.name.value);
        reports.push(Report::error(message).at(&draft.name.span));
        return None;
    };
    match Bound::read(&given.value, unit) {
        Ok(value) => Some(Spanned { value, span: given.span.clone() }),
        Err(expected) => {
            let message = format!("`{name}` cannot be `{}`", given.value);
            reports.push(Report::error(message).at(&given.span).expected(expected));
            None
        }
    }
}

fn healer(
    heal: &Spanned<Option<HealDraft>>,
    watch: Measure,
    reports: &mut Reports,
) -> Option<Healer> {
    let draft = heal.value.as_ref()?;
    if let Some(why) = watch.not_healed() {
        let message = format!("`{}` cannot be healed by a playbook", watch.word());
        reports.push(Report::error(message).at(&heal.span).cause(why));
        return None;
    }
    let (playbook, settle) = (draft.playbook.clone(), draft.settle.unwrap_or(SETTLE));
    Some(Healer { playbook, settle })
}

fn check_hint(hint: &Spanned<String>, reports: &mut Reports) {
    for piece in hint.value.split('{').skip(1) {
        let name = piece.split('}').next().unwrap_or_default();
        if !NAMES.contains(&name) {
            let message = format!("a hint knows no `{{{name}}}`");
            let report = Report::error(message).at(&hint.span).nearest(name, NAMES);
            reports.push(report.expected("`{host}` or `{subject}`"));
        }
    }
}
