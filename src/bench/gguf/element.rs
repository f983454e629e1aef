//! The types of a tensor's elements: how many share a block, and how many bytes a block takes.

/// An element type by its code in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Element {
    code: u32,
    name: &'static str,
    block: u64,
    bytes: u64,
}

/// Code, name, elements a block, bytes a block; as `ggml` lays them out.
const TABLE: &[Element] = &[
    entry(0, "F32", 1, 4),
    entry(1, "F16", 1, 2),
    entry(2, "Q4_0", 32, 18),
    entry(3, "Q4_1", 32, 20),
    entry(6, "Q5_0", 32, 22),
    entry(7, "Q5_1", 32, 24),
    entry(8, "Q8_0", 32, 34),
    entry(9, "Q8_1", 32, 36),
    entry(10, "Q2_K", 256, 84),
    entry(11, "Q3_K", 256, 110),
    entry(12, "Q4_K", 256, 144),
    entry(13, "Q5_K", 256, 176),
    entry(14, "Q6_K", 256, 210),
    entry(15, "Q8_K", 256, 292),
    entry(16, "IQ2_XXS", 256, 66),
    entry(17, "IQ2_XS", 256, 74),
    entry(18, "IQ3_XXS", 256, 98),
    entry(19, "IQ1_S", 256, 50),
    entry(20, "IQ4_NL", 32, 18),
    entry(21, "IQ3_S", 256, 110),
    entry(22, "IQ2_S", 256, 82),
    entry(23, "IQ4_XS", 256, 136),
    entry(24, "I8", 1, 1),
    entry(25, "I16", 1, 2),
    entry(26, "I32", 1, 4),
    entry(27, "I64", 1, 8),
    entry(28, "F64", 1, 8),
    entry(29, "IQ1_M", 256, 56),
    entry(30, "BF16", 1, 2),
    entry(34, "TQ1_0", 256, 54),
    entry(35, "TQ2_0", 256, 66),
    entry(39, "MXFP4", 32, 17),
    entry(40, "NVFP4", 64, 36),
];

const fn entry(code: u32, name: &'static str, block: u64, bytes: u64) -> Element {
    Element { code, name, block, bytes }
}

impl Element {
    /// The type of that code.
    pub fn of_code(code: u32) -> Option<Self> {
        TABLE.iter().find(|element| element.code == code).copied()
    }

    /// The type of that name, in either case.
    pub fn named(name: &str) -> Option<Self> {
        TABLE.iter().find(|element| element.name.eq_ignore_ascii_case(name)).copied()
    }

    /// Its code in the file.
    pub fn code(self) -> u32 {
        self.code
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        self.name
    }

    /// The bytes of `count` elements, if they fill whole blocks.
    pub fn size_of(self, count: u64) -> Option<u64> {
        count.is_multiple_of(self.block).then(|| (count / self.block).checked_mul(self.bytes))?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_whole_blocks_and_never_overflow() {
        let q4_k = Element::named("q4_k").unwrap();
        assert_eq!((q4_k.code(), q4_k.size_of(512), q4_k.size_of(500)), (12, Some(288), None));
        assert_eq!(Element::of_code(0).unwrap().size_of(u64::MAX), None);
        assert_eq!(Element::of_code(4), None);
    }

    #[test]
    fn no_code_and_no_name_is_there_twice() {
        for (at, one) in TABLE.iter().enumerate() {
            let others = &TABLE[at + 1..];
            assert!(others.iter().all(|other| other.code != one.code && other.name != one.name));
        }
    }
}
