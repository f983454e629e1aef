//! How a model on a host stands, as a page: its figures against the baseline's, the way there, the conditions.

use crate::bench::{CardConditions, Conditions, Shift, Standing, Verdict};
use crate::text::three_digits;
use crate::theme::{Role, State, Theme};
use crate::ui::screens::block::{Block, Line};
use crate::ui::widget::Limits;
use crate::ui::words::Said;

/// The page.
pub(super) fn blocks(standing: &Standing<'_>, points: usize, theme: Theme) -> Vec<Block> {
    let (record, subject) = (standing.newest, &standing.newest.subject);
    let on = Said::new(Role::Label, &record.host);
    let mut blocks = vec![
        Block::Heading(format!("{} {}", subject.model, subject.quantisation), on),
        plain("engine", format!("{} {} {}", subject.engine, subject.build, subject.backend)),
        plain("set to", subject.setting.clone()),
        plain("measured", moment(&record.at)),
        Block::Gap,
    ];
    blocks.extend(way_there(standing, points));
    blocks.extend(figures(standing, theme));
    blocks.extend(unlike(standing));
    blocks.extend(conditions(&record.conditions));
    blocks
}

/// Every record of this kind, the oldest first, on a ground of 0.
fn way_there(standing: &Standing<'_>, points: usize) -> Option<Block> {
    let history = &standing.history;
    let newest = history.last()?;
    let most = history.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    let stretched = |point: usize| history.get(point * history.len() / points.max(1)).copied();
    let line = Line(
        of(history.len()),
        Said::new(Role::Value, format!("{} tokens/s", three_digits(*newest))),
    );
    let points = (0..points).map(stretched).collect();
    Some(Block::Graph(line, points, 0.0..most * 1.1, Limits::default()))
}

fn of(records: usize) -> String {
    match records {
        1 => "one benchmark".to_owned(),
        many => format!("{many} benchmarks, the newest last"),
    }
}

fn figures(standing: &Standing<'_>, theme: Theme) -> Vec<Block> {
    if standing.is_first() {
        let each = standing.newest.figures();
        let pair = |figure: &crate::bench::Figure| {
            let spread = figure.spread;
            let noise =
                format!("{} ± {}", three_digits(spread.mean), three_digits(spread.deviation));
            Block::Pair(figure.name.clone(), Said::new(Role::Text, noise))
        };
        return each.iter().map(pair).collect();
    }
    let baseline = Said::new(Role::Label, moment(&standing.baseline.at));
    let mut blocks = vec![Block::Gap, Block::Heading("Against the baseline".to_owned(), baseline)];
    let fair = standing.comparison.is_fair();
    blocks.extend(standing.comparison.shifts.iter().map(|shift| figure(shift, fair, theme)));
    blocks
}

/// A figure before and now; a verdict only where like is compared with like.
fn figure(shift: &Shift, fair: bool, theme: Theme) -> Block {
    let change = format!("{} to {}", three_digits(shift.before), three_digits(shift.now));
    if !fair {
        return Block::Pair(shift.name.clone(), Said::new(Role::Label, change));
    }
    let mark = theme.mark(match shift.verdict {
        Verdict::Worse => State::Failed,
        Verdict::Same => State::Ok,
        Verdict::Better => State::Changed,
    });
    let word = match shift.verdict {
        Verdict::Same => format!("within {:.0} %", shift.noise),
        Verdict::Worse => format!("{:.0} % worse", -shift.better_by),
        Verdict::Better => format!("{:.0} % better", shift.better_by),
    };
    Block::Pair(
        shift.name.clone(),
        Said::new(mark.role, format!("{change}  {} {word}", mark.glyph)),
    )
}

/// What was not the same, so that no verdict is fair.
fn unlike(standing: &Standing<'_>) -> Vec<Block> {
    let unlike = &standing.comparison.unlike;
    let each = unlike.iter().map(|one| {
        let change = format!("{} to {}", one.before, one.now);
        Block::Pair(one.what.to_owned(), Said::new(Role::Warn, change))
    });
    let title = (!unlike.is_empty()).then(|| [Block::Gap, Block::heading("Not comparable")]);
    title.into_iter().flatten().chain(each).collect()
}

fn conditions(conditions: &Conditions) -> Vec<Block> {
    let Conditions { looks, governors, load_before, heat_first, heat_most, on_battery, cards } =
        conditions;
    let looks = Said::new(Role::Label, format!("{looks} looks"));
    let mut blocks = vec![Block::Gap, Block::Heading("Conditions".to_owned(), looks)];
    let governors: Vec<&str> = governors.iter().map(String::as_str).collect();
    if !governors.is_empty() {
        blocks.push(plain("governor", governors.join(", ")));
    }
    if let Some(load) = load_before {
        blocks.push(plain("load before", format!("{load:.2}")));
    }
    if let (Some(first), Some(most)) = (heat_first, heat_most) {
        blocks.push(plain("heat", format!("{first:.0} to {most:.0} °C")));
    }
    if *on_battery == Some(true) {
        blocks.push(Block::Pair("mains".to_owned(), Said::new(Role::Warn, "▲ on battery")));
    }
    blocks.extend(cards.iter().flat_map(card));
    blocks
}

fn card(card: &CardConditions) -> Vec<Block> {
    let told = |value: Option<f64>, unit: &str| value.map(|value| format!("{value:.0} {unit}"));
    let known = [
        told(card.busy_most, "%"),
        told(card.heat_most, "°C"),
        told(card.power_most, "W"),
        card.link.map(|link| format!("PCIe {} ×{}", link.generation.0, link.width.0)),
    ];
    let known: Vec<String> = known.into_iter().flatten().collect();
    let mut blocks = vec![plain(&card.name, known.join("  "))];
    let held: Vec<&str> = card.held_back_by.iter().flatten().map(String::as_str).collect();
    if !held.is_empty() {
        let said = Said::new(Role::Warn, format!("▲ {}", held.join(", ")));
        blocks.push(Block::Pair("held back by".to_owned(), said));
    }
    blocks
}

fn plain(label: &str, text: String) -> Block {
    Block::Pair(label.to_owned(), Said::new(Role::Text, text))
}

/// A moment as far as people want to know it.
fn moment(at: &str) -> String {
    at.get(..16).unwrap_or(at).replace('T', " ")
}
