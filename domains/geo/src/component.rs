//! The code of a city component (部件标识码): 16 digits, county 6, class 2, sub-class 2, sequence 6 (GB/T 30428.2).

/// A component's code taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ComponentCode<'a> {
    /// Code of the county.
    pub county: &'a str,
    /// Class and sub-class, as code sets write them.
    pub kind: &'a str,
    /// The whole code as a number: it names the component in tiles.
    pub number: i64,
}

/// Numbers in tiles and in JSON are exact up to here. County codes begin with 82 at most.
const NUMBER_MAX: i64 = (1 << 53) - 1;

impl<'a> ComponentCode<'a> {
    pub(crate) fn parse(code: &'a str) -> Option<Self> {
        let is_code = code.len() == 16 && code.bytes().all(|byte| byte.is_ascii_digit());
        let number: i64 = is_code.then(|| code.parse().ok()).flatten()?;
        ((1..=NUMBER_MAX).contains(&number)).then_some(())?;
        Some(Self {
            county: code.get(..6)?,
            kind: code.get(6..10)?,
            number,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_says_what_it_is_and_where() {
        let code = ComponentCode::parse("3202810103000127").unwrap();
        assert_eq!((code.county, code.kind), ("320281", "0103"));
        assert_eq!(code.number, 3_202_810_103_000_127);
        for wrong in [
            "",
            "320281010300012",
            "32028101030001270",
            "32028101O3000127",
            "9999990103000127",
            "0000000000000000",
        ] {
            assert_eq!(ComponentCode::parse(wrong), None, "{wrong}");
        }
    }
}
