//! Where a host goes in the text of an inventory: behind the last one. Knows lines and nothing of their meaning.

/// The text with an entry, made for the indent of its neighbours, behind the last host. `None` where the hosts do not
/// stand below each other.
pub fn inserted(text: &str, entry: impl FnOnce(usize) -> String) -> Option<String> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let heading = lines.iter().position(|line| line.trim_end() == "hosts:")?;
    let below = lines.iter().enumerate().skip(heading + 1);
    let hosts = below.take_while(|(_, line)| is_aside(line) || indent(line) > 0);
    let told: Vec<(usize, &&str)> = hosts.filter(|(_, line)| !is_aside(line)).collect();
    let (last, wide) = (told.last()?.0, indent(told.first()?.1));
    let mut before: String = lines[..=last].concat();
    if !before.ends_with('\n') {
        before.push('\n');
    }
    Some(before + &entry(wide) + &lines[last + 1..].concat())
}

/// Whether a line says nothing by itself.
fn is_aside(line: &str) -> bool {
    let text = line.trim();
    text.is_empty() || text.starts_with('#')
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}
