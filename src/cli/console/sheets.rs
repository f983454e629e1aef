//! What a playbook would do on a host, from what is known of the host. Reaches none.

use crate::cli::args::How;
use crate::cli::compose::Console;
use crate::cli::exit::Trouble;
use crate::cli::plan::{Part, Row, part_known};
use crate::cli::run::{Wanted, orders};
use crate::cli::secrets;
use crate::fleet::HostName;
use crate::ops::Order;
use crate::text::{Reports, Style, counted};
use crate::ui::sheet::{Sheet, SheetRow};

/// The plan of a playbook for a host.
pub fn sheet(console: &Console, playbook: &str, host: &HostName) -> Result<Sheet, Trouble> {
    let how = How { limit: Some(host.to_string()), yes: true, ..How::default() };
    let mut notes = String::new();
    let mut orders = orders(console, &Wanted::parse(playbook), &how, &mut notes)?;
    secrets::stand_in(console, &mut orders);
    let mut sheet =
        Sheet { playbook: playbook.to_owned(), host: Some(host.clone()), ..Sheet::default() };
    let Some(order) = orders.first() else {
        sheet.head.push("it is not meant for this host".to_owned());
        return Ok(sheet);
    };
    let mut reports = Reports::new();
    let part = part(console, order, &mut reports)?;
    sheet.head = head(&part);
    sheet.head.extend(reports.render(Style::Plain).lines().map(str::to_owned));
    sheet.rows = part.steps.into_iter().map(row).collect();
    let text = part.program.map(|program| program.text()).unwrap_or_default();
    sheet.program = text.lines().map(str::to_owned).collect();
    Ok(sheet)
}

fn part(console: &Console, order: &Order, reports: &mut Reports) -> Result<Part, Trouble> {
    let host = &order.hosts[0];
    Ok(match console.remembered(host)? {
        Some(cached) => part_known(order, host, &cached.facts, reports),
        None => {
            let why = "nobody has asked it for its facts yet";
            Part::unresolved(order, host, why.to_owned())
        }
    })
}

fn head(part: &Part) -> Vec<String> {
    let runs_as = part.runs_as.as_ref().map(|who| format!("by {who}"));
    let left_out =
        (part.left_out > 0).then(|| format!("{} left out", counted(part.left_out, "step")));
    let said = [part.unknown.clone(), runs_as, part.survival.clone(), left_out];
    said.into_iter().flatten().collect()
}

fn row(row: Row) -> SheetRow {
    let Row { number, name, resource, undo, user, skipped, .. } = row;
    SheetRow { number, name, resource, undo, user, skipped }
}
