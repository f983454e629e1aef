//! A page of counters in the text form that Prometheus reads. Keeps no page longer than it is read.

use super::figure::Figure;

/// More lines than any honest page has.
const MOST: usize = 50_000;

/// A page of counters and gauges.
pub(super) struct Page<'a>(&'a str);

impl<'a> Page<'a> {
    pub fn new(text: &'a str) -> Self {
        Self(text)
    }

    /// The value under that name, summed over all labels.
    pub fn sum(&self, name: &str) -> Figure<f64> {
        self.fold(name, |sum, value| sum + value)
    }

    /// The largest value under that name.
    pub fn largest(&self, name: &str) -> Figure<f64> {
        self.fold(name, f64::max)
    }

    fn fold(&self, name: &str, join: impl Fn(f64, f64) -> f64) -> Figure<f64> {
        let mut all = Figure::Nothing;
        for line in self.0.lines().take(MOST) {
            let Some(value) = line.strip_prefix(name).and_then(value) else { continue };
            let number = value.parse::<f64>().ok().filter(|n| n.is_finite() && *n >= 0.0);
            all = match (all, number) {
                (Figure::Odd, _) | (_, None) => Figure::Odd,
                (Figure::Told(so_far), Some(number)) => Figure::Told(join(so_far, number)),
                (Figure::Nothing, Some(number)) => Figure::Told(number),
            };
        }
        all
    }

    /// A counter under its name, with the ending that newer exporters give it or without.
    pub fn counter(&self, name: &str) -> Figure<f64> {
        self.sum(&format!("{name}_total")).or(self.sum(name))
    }
}

/// What stands behind a name: labels in braces, if any, and the value. `None` where the name goes on.
fn value(rest: &str) -> Option<&str> {
    let behind = match rest.strip_prefix('{') {
        Some(labels) => &labels[end_of_labels(labels)?..],
        None => rest.starts_with([' ', '\t']).then_some(rest)?,
    };
    behind.split_whitespace().next()
}

/// Where the braces close: not within quotes, in which a backslash hides the next character.
fn end_of_labels(labels: &str) -> Option<usize> {
    let (mut quoted, mut hidden) = (false, false);
    for (at, c) in labels.char_indices() {
        match c {
            _ if hidden => hidden = false,
            '\\' if quoted => hidden = true,
            '"' => quoted = !quoted,
            '}' if !quoted => return Some(at + 1),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# HELP vllm:num_requests_running Requests.\n\
        # TYPE vllm:num_requests_running gauge\n\
        vllm:num_requests_running{engine=\"0\",model_name=\"a } \\\" b\"} 2.0\n\
        vllm:num_requests_running{engine=\"1\",model_name=\"a\"} 1.0 1795269091000\n\
        vllm:num_requests_running_by_priority 7\n\
        vllm:generation_tokens_total{engine=\"0\"} 1.5e+03\n\
        vllm:generation_tokens_created{engine=\"0\"} 1.7e+09\n\
        llamacpp:n_decode_total 1016\n\
        odd NaN\nworse -3\nbroken{x=\"1\" 5\n";

    #[test]
    fn values_are_summed_over_labels_and_longer_names_are_others() {
        let page = Page::new(PAGE);
        assert_eq!(page.sum("vllm:num_requests_running"), Figure::Told(3.0));
        assert_eq!(page.counter("vllm:generation_tokens"), Figure::Told(1500.0));
        assert_eq!(page.counter("llamacpp:n_decode"), Figure::Told(1016.0));
    }

    #[test]
    fn what_is_no_number_is_odd_and_what_is_not_there_is_nothing() {
        let page = Page::new(PAGE);
        for odd in ["odd", "worse"] {
            assert_eq!(page.sum(odd), Figure::Odd, "{odd}");
        }
        for nothing in ["broken", "vllm:num", "absent"] {
            assert_eq!(page.sum(nothing), Figure::Nothing, "{nothing}");
        }
    }
}
