//! The name somebody may have meant.

const LONGEST: usize = 128;

/// The candidate nearest to `name`, if one is near enough to be a slip of the hand.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Names are short; a long text would only cost time.
    if name.len() > LONGEST {
        return None;
    }
    let wanted = name.to_lowercase();
    // A third of the letters may be wrong: `adress` finds `address`, `x` finds nothing.
    let limit = (wanted.chars().count() + 1) / 3;
    candidates
        .into_iter()
        .filter(|candidate| candidate.len() <= LONGEST)
        .map(|candidate| (strsim::osa_distance(&wanted, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= limit && *candidate != name)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_of_the_hand_finds_its_name_and_a_stranger_finds_none() {
        let fields = ["address", "port", "user"];
        assert_eq!(nearest("adress", fields), Some("address"));
        assert_eq!(nearest("prot", fields), Some("port"));
        assert_eq!(nearest("USER", fields), Some("user"));
        assert_eq!(nearest("gateway", fields), None);
        assert_eq!(nearest("x", fields), None);
        assert_eq!(nearest("", fields), None);
        assert_eq!(nearest(&"x".repeat(1 << 20), fields), None);
    }
}
