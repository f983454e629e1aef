//! Readings in words. What was not told is `n/a`, never 0.

use crate::cli::paint::{Paint, Tone};
use crate::fleet::{Bytes, Millis, Quality, Reading};

/// A reading, with what is wrong with it if it cannot be believed as it stands.
pub fn told<T>(reading: &Reading<T>, show: impl Fn(&T) -> String) -> String {
    match (&reading.value, reading.quality) {
        (Some(value), Quality::Ok) => show(value),
        (Some(value), _) => format!("{} (stale, {})", show(value), ago(reading.age)),
        (None, Quality::Nan) => "NaN".to_owned(),
        (None, _) => "n/a".to_owned(),
    }
}

/// A reading of what shows itself.
pub fn plain<T: ToString>(reading: &Reading<T>) -> String {
    told(reading, ToString::to_string)
}

/// A part of a whole.
pub fn part(part: &Reading<Bytes>, whole: &Reading<Bytes>) -> String {
    format!("{} of {}", plain(part), plain(whole))
}

/// What is taken, where what is free is told.
pub fn taken(free: &Reading<Bytes>, whole: &Reading<Bytes>) -> String {
    let Some(all) = whole.value else { return format!("n/a of {}", plain(whole)) };
    part(&free.clone().map(|free| Bytes(all.0.saturating_sub(free.0))), whole)
}

/// An age for people.
pub fn ago(age: Option<Millis>) -> String {
    age.map_or_else(|| "never".to_owned(), |age| format!("{} ago", age.brief()))
}

/// A share over time as a row of bars, from 0 to 100; a blank where nothing is known. Nothing at all
/// while there is only one point: that is the value itself.
pub fn bars(points: &[Option<f64>]) -> String {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    if points.iter().flatten().count() < 2 {
        return String::new();
    }
    let bar = |value: f64| BARS[((value / 12.5) as usize).min(7)];
    points.iter().skip_while(|p| p.is_none()).map(|p| p.map_or(' ', bar)).collect()
}

/// `n/a` is beside the point, `NaN` and `stale` are worth a look.
pub fn toned(paint: Paint, text: &str) -> String {
    if text == "n/a" {
        return paint.tone(Tone::Muted, text);
    }
    if text.contains("NaN") || text.contains("(stale") {
        return paint.tone(Tone::Warn, text);
    }
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fleet::Source;

    fn reading(value: Option<u64>, quality: Quality) -> Reading<Bytes> {
        let age = Some(Millis(12_345));
        Reading { value: value.map(Bytes), quality, age, source: Source::Proc }
    }

    #[test]
    fn bars_tell_a_gap_from_0() {
        assert_eq!(bars(&[None, Some(0.0), None, Some(50.0), Some(100.0)]), "▁ ▅█");
        assert_eq!(bars(&[None, Some(50.0)]), "");
    }

    #[test]
    fn what_is_not_known_is_never_shown_as_0() {
        assert_eq!(plain(&reading(None, Quality::Absent)), "n/a");
        assert_eq!(plain(&reading(None, Quality::Nan)), "NaN");
        assert_eq!(plain(&reading(Some(0), Quality::Ok)), "0 B");
        assert_eq!(plain(&reading(Some(1024), Quality::Stale)), "1.0 KiB (stale, 12 s ago)");
        let (all, unknown) = (reading(Some(2048), Quality::Ok), reading(None, Quality::Absent));
        assert_eq!(taken(&unknown, &all), "n/a of 2.0 KiB");
        assert_eq!(taken(&all, &unknown), "n/a of n/a");
    }
}
