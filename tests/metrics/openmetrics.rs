//! A strict reader of OpenMetrics 1.0 text, as far as the older text of Prometheus has it, too: gauges. What it does not know it refuses.

/// A family with its samples.
#[derive(Debug, Default)]
pub struct Family {
    pub name: String,
    pub kind: String,
    pub unit: String,
    pub help: String,
    pub samples: Vec<Sample>,
}

/// One value.
#[derive(Debug)]
pub struct Sample {
    pub labels: Vec<(String, String)>,
    pub value: f64,
}

impl Sample {
    /// The value of a label.
    pub fn label(&self, name: &str) -> &str {
        let found = self.labels.iter().find(|(known, _)| known == name);
        &found.unwrap_or_else(|| panic!("no label {name}: {self:?}")).1
    }
}

/// Reads a whole exposition.
pub fn parse(text: &str) -> Result<Vec<Family>, String> {
    let body = text.strip_suffix("# EOF\n").ok_or("the end mark is missing")?;
    let mut families: Vec<Family> = Vec::new();
    for line in body.lines() {
        match line.strip_prefix("# ") {
            Some(rest) => metadata(&mut families, rest)?,
            None => sample(&mut families, line)?,
        }
    }
    for family in &families {
        if family.samples.is_empty() {
            return Err(format!("{} has no sample", family.name));
        }
        if !family.unit.is_empty() && !family.name.ends_with(&format!("_{}", family.unit)) {
            return Err(format!("the unit of {} is not at its end", family.name));
        }
    }
    Ok(families)
}

fn metadata(families: &mut Vec<Family>, rest: &str) -> Result<(), String> {
    let mut words = rest.splitn(3, ' ');
    let [Some(what), Some(name), Some(value)] = [words.next(), words.next(), words.next()] else {
        return Err(format!("metadata without a value: {rest}"));
    };
    if !name_is_good(name, true) {
        return Err(format!("{name} is no name"));
    }
    if families.last().is_none_or(|family| family.name != name) {
        if families.iter().any(|family| family.name == name) {
            return Err(format!("{name} is torn apart"));
        }
        families.push(Family { name: name.to_owned(), ..Family::default() });
    }
    let family = families.last_mut().unwrap();
    if !family.samples.is_empty() {
        return Err(format!("metadata of {name} behind its samples"));
    }
    let place = match what {
        "TYPE" if value == "gauge" => &mut family.kind,
        "TYPE" => return Err(format!("{value} is no type of ours")),
        "UNIT" => &mut family.unit,
        "HELP" => &mut family.help,
        _ => return Err(format!("{what} is no metadata")),
    };
    if !place.is_empty() {
        return Err(format!("{what} of {name} twice"));
    }
    *place = value.to_owned();
    Ok(())
}

fn sample(families: &mut [Family], line: &str) -> Result<(), String> {
    let end = line.find(['{', ' ']).ok_or(format!("an empty line or half a sample: {line:?}"))?;
    let (name, mut rest) = line.split_at(end);
    let family = families.last_mut().ok_or(format!("{name} belongs to no family"))?;
    if family.kind.is_empty() || name != family.name {
        return Err(format!("{name} belongs to no family"));
    }
    let mut labels = Vec::new();
    if let Some(inner) = rest.strip_prefix('{') {
        rest = read_labels(inner, &mut labels)?;
    }
    let number = rest.strip_prefix(' ').ok_or(format!("no blank before the value: {line}"))?;
    let plain = number.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b));
    let value = number.parse().ok().filter(|_| plain).ok_or(format!("no number: {number}"))?;
    if family.name.ends_with("_info") && value != 1.0 {
        return Err(format!("the info {name} is {value}"));
    }
    if family.samples.iter().any(|known| known.labels == labels) {
        return Err(format!("{line} twice"));
    }
    family.samples.push(Sample { labels, value });
    Ok(())
}

fn read_labels<'a>(
    mut rest: &'a str,
    labels: &mut Vec<(String, String)>,
) -> Result<&'a str, String> {
    loop {
        let (name, after) = rest.split_once("=\"").ok_or(format!("half a label: {rest}"))?;
        if !name_is_good(name, false) {
            return Err(format!("{name} is no name of a label"));
        }
        if labels.iter().any(|(known, _)| known == name) {
            return Err(format!("the label {name} twice"));
        }
        let (value, length) = read_value(after)?;
        labels.push((name.to_owned(), value));
        rest = &after[length..];
        match rest.strip_prefix(',') {
            Some(more) => rest = more,
            None => return rest.strip_prefix('}').ok_or(format!("labels without end: {rest}")),
        }
    }
}

/// A label's value, and how many bytes it and its closing quote take.
fn read_value(text: &str) -> Result<(String, usize), String> {
    let mut value = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Ok((value, at + 1)),
            '\\' => match chars.next() {
                Some((_, 'n')) => value.push('\n'),
                Some((_, escaped @ ('\\' | '"'))) => value.push(escaped),
                other => return Err(format!("no escape: {other:?}")),
            },
            c => value.push(c),
        }
    }
    Err(format!("a value without end: {text}"))
}

fn name_is_good(name: &str, colons: bool) -> bool {
    let first = |c: char| c.is_ascii_alphabetic() || c == '_' || (colons && c == ':');
    name.starts_with(first) && name.chars().all(|c| first(c) || c.is_ascii_digit())
}
