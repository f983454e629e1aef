//! Text in the form of OpenMetrics 1.0: families, each once and whole, and the end mark. Knows no host.

use std::fmt::Write as _;

use super::family::Family;

/// Values by family, in the order in which families were first put in.
#[derive(Default)]
pub struct Exposition {
    families: Vec<(&'static Family, Vec<(String, f64)>)>,
}

/// What a value belongs to: names and values of labels.
pub type Labels<'a> = &'a [(&'a str, &'a str)];

impl Exposition {
    /// Adds a value. What is no number is left out; a second one with the same labels is told from the first.
    pub fn put(&mut self, family: &'static Family, labels: Labels<'_>, value: f64) {
        if !value.is_finite() {
            return;
        }
        let at = self.families.iter().position(|(known, _)| known.name == family.name);
        let at = at.unwrap_or_else(|| {
            self.families.push((family, Vec::new()));
            self.families.len() - 1
        });
        let values = &mut self.families[at].1;
        let mut written = write_labels(labels, 1);
        let mut same = 2;
        while values.iter().any(|(known, _)| *known == written) {
            written = write_labels(labels, same);
            same += 1;
        }
        values.push((written, value));
    }

    /// The same for a value that may not have been told.
    pub fn put_if(&mut self, family: &'static Family, labels: Labels<'_>, value: Option<f64>) {
        if let Some(value) = value {
            self.put(family, labels, value);
        }
    }

    /// All of it, with the end mark.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for (family, values) in &self.families {
            let Family { name, unit, help } = family;
            // Writing into a text cannot fail.
            let _ = writeln!(text, "# TYPE {name} gauge");
            if !unit.is_empty() {
                let _ = writeln!(text, "# UNIT {name} {unit}");
            }
            let _ = writeln!(text, "# HELP {name} {help}");
            for (labels, value) in values {
                let _ = writeln!(text, "{name}{labels} {value}");
            }
        }
        text.push_str("# EOF\n");
        text
    }
}

fn write_labels(labels: Labels<'_>, same: usize) -> String {
    let mut parts: Vec<String> =
        labels.iter().map(|(name, value)| format!("{name}=\"{}\"", escaped(value))).collect();
    if same > 1 {
        parts.push(format!("same=\"{same}\""));
    }
    if parts.is_empty() { String::new() } else { format!("{{{}}}", parts.join(",")) }
}

fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::super::family::{DISK_FREE, HOST};
    use super::*;

    #[test]
    fn families_stay_whole_and_names_of_the_world_stay_inside_their_quotes() {
        let mut out = Exposition::default();
        out.put(&DISK_FREE, &[("host", "a"), ("disk", "/")], 1.5);
        out.put(&HOST, &[("host", "a")], 1.0);
        out.put(&DISK_FREE, &[("host", "b"), ("disk", "x\"} 1\n# EOF\\")], 0.0);
        out.put(&DISK_FREE, &[("host", "a"), ("disk", "/")], 2.0);
        out.put(&DISK_FREE, &[("host", "c")], f64::NAN);
        let expected = "# TYPE shelter_disk_free_bytes gauge\n\
            # UNIT shelter_disk_free_bytes bytes\n\
            # HELP shelter_disk_free_bytes What an ordinary user may still write.\n\
            shelter_disk_free_bytes{host=\"a\",disk=\"/\"} 1.5\n\
            shelter_disk_free_bytes{host=\"b\",disk=\"x\\\"} 1\\n# EOF\\\\\"} 0\n\
            shelter_disk_free_bytes{host=\"a\",disk=\"/\",same=\"2\"} 2\n\
            # TYPE shelter_host_info gauge\n\
            # HELP shelter_host_info A host of the inventory, and whether its sensors are simulated.\n\
            shelter_host_info{host=\"a\"} 1\n# EOF\n";
        assert_eq!(out.text(), expected);
    }
}
