//! The ways in which a name may be read.

use pinyin::ToPinyin;

/// Readings kept of one name.
pub const READINGS_MAX: usize = 8;

/// Characters that names read in more than one way, the commoner reading first.
const POLYPHONES: &[(char, &[&str])] = &[
    ('乐', &["le", "yue"]),
    ('乘', &["cheng", "sheng"]),
    ('乾', &["qian", "gan"]),
    ('仇', &["qiu", "chou"]),
    ('会', &["hui", "kuai"]),
    ('传', &["chuan", "zhuan"]),
    ('便', &["bian", "pian"]),
    ('六', &["liu", "lu"]),
    ('冼', &["xian", "sheng"]),
    ('剥', &["bo", "bao"]),
    ('区', &["qu", "ou"]),
    ('单', &["dan", "shan"]),
    ('卜', &["bu", "bo"]),
    ('卡', &["ka", "qia"]),
    ('厦', &["sha", "xia"]),
    ('参', &["can", "shen"]),
    ('召', &["zhao", "shao"]),
    ('吓', &["xia", "he"]),
    ('咽', &["yan", "ye"]),
    ('圩', &["wei", "xu"]),
    ('埋', &["mai", "man"]),
    ('埔', &["pu", "bu"]),
    ('堡', &["bao", "pu"]),
    ('塞', &["sai", "se"]),
    ('壳', &["ke", "qiao"]),
    ('大', &["da", "dai"]),
    ('宿', &["su", "xiu"]),
    ('尉', &["wei", "yu"]),
    ('差', &["cha", "chai"]),
    ('巷', &["xiang", "hang"]),
    ('度', &["du", "duo"]),
    ('弹', &["dan", "tan"]),
    ('强', &["qiang", "jiang"]),
    ('恶', &["e", "wu"]),
    ('扎', &["zha", "za"]),
    ('折', &["zhe", "she"]),
    ('拓', &["tuo", "ta"]),
    ('曾', &["zeng", "ceng"]),
    ('朝', &["chao", "zhao"]),
    ('朴', &["pu", "piao"]),
    ('查', &["cha", "zha"]),
    ('校', &["xiao", "jiao"]),
    ('没', &["mei", "mo"]),
    ('泊', &["bo", "po"]),
    ('洗', &["xi", "xian"]),
    ('浅', &["qian", "jian"]),
    ('浒', &["hu", "xu"]),
    ('涡', &["wo", "guo"]),
    ('熟', &["shu", "shou"]),
    ('率', &["lv", "shuai"]),
    ('畜', &["xu", "chu"]),
    ('番', &["fan", "pan"]),
    ('盖', &["gai", "ge"]),
    ('盛', &["sheng", "cheng"]),
    ('省', &["sheng", "xing"]),
    ('石', &["shi", "dan"]),
    ('祭', &["ji", "zhai"]),
    ('种', &["zhong", "chong"]),
    ('系', &["xi", "ji"]),
    ('给', &["gei", "ji"]),
    ('绿', &["lv", "lu"]),
    ('缪', &["miao", "mou"]),
    ('翟', &["zhai", "di"]),
    ('膀', &["bang", "pang"]),
    ('臂', &["bi", "bei"]),
    ('色', &["se", "shai"]),
    ('荥', &["ying", "xing"]),
    ('莘', &["xin", "shen"]),
    ('薄', &["bo", "bao"]),
    ('藏', &["cang", "zang"]),
    ('蚌', &["bang", "beng"]),
    ('血', &["xue", "xie"]),
    ('行', &["hang", "xing"]),
    ('覃', &["qin", "tan"]),
    ('角', &["jiao", "jue"]),
    ('解', &["jie", "xie"]),
    ('调', &["diao", "tiao"]),
    ('车', &["che", "ju"]),
    ('轧', &["zha", "ya"]),
    ('还', &["huan", "hai"]),
    ('都', &["du", "dou"]),
    ('重', &["zhong", "chong"]),
    ('长', &["chang", "zhang"]),
    ('阿', &["a", "e"]),
    ('降', &["jiang", "xiang"]),
    ('隽', &["juan", "jun"]),
    ('露', &["lu", "lou"]),
    ('颤', &["chan", "zhan"]),
];

/// A name as it may be said: lower-case syllables with one space between them, once for each reading.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Readings(Vec<String>);

impl Readings {
    pub fn of(name: &str) -> Self {
        let mut readings: Vec<Vec<String>> = vec![Vec::new()];
        let mut word = String::new();
        for letter in name.chars() {
            if letter.is_ascii_alphanumeric() {
                word.push(letter.to_ascii_lowercase());
                continue;
            }
            flush(&mut readings, &mut word);
            let ways = ways(letter);
            let room = readings.len() * ways.len() <= READINGS_MAX;
            let ways = if room {
                ways
            } else {
                ways.into_iter().take(1).collect()
            };
            if !ways.is_empty() {
                readings = spread(readings, &ways);
            }
        }
        flush(&mut readings, &mut word);
        let said = readings.into_iter().map(|syllables| syllables.join(" "));
        Self(said.filter(|said| !said.is_empty()).collect())
    }

    /// The readings, the commonest first.
    pub fn said(&self) -> &[String] {
        &self.0
    }

    pub fn into_said(self) -> Vec<String> {
        self.0
    }
}

fn flush(readings: &mut [Vec<String>], word: &mut String) {
    if word.is_empty() {
        return;
    }
    for reading in readings {
        reading.push(word.clone());
    }
    word.clear();
}

fn spread(readings: Vec<Vec<String>>, ways: &[String]) -> Vec<Vec<String>> {
    let with = |reading: Vec<String>| {
        ways.iter().map(move |way| {
            let mut longer = reading.clone();
            longer.push(way.clone());
            longer
        })
    };
    readings.into_iter().flat_map(with).collect()
}

/// The syllables that a character may be; none when it is not Chinese.
fn ways(letter: char) -> Vec<String> {
    if let Some((_, ways)) = POLYPHONES.iter().find(|(of, _)| *of == letter) {
        return ways.iter().map(|way| (*way).to_owned()).collect();
    }
    let plain = letter.to_pinyin().map(pinyin::Pinyin::plain);
    plain
        .map(|plain| plain.replace('ü', "v"))
        .into_iter()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(name: &str) -> Vec<String> {
        Readings::of(name).into_said()
    }

    #[test]
    fn a_name_is_said_by_its_syllables() {
        assert_eq!(said("江阴市"), ["jiang yin shi"]);
        assert_eq!(said("12345 受理席"), ["12345 shou li xi"]);
        assert_eq!(
            said("文定社区01网格").first().unwrap(),
            "wen ding she qu 01 wang ge"
        );
        assert_eq!(said("吕"), ["lv"]);
        assert!(said("——").is_empty());
    }

    #[test]
    fn characters_with_two_readings_in_names_have_both() {
        assert_eq!(said("重庆"), ["zhong qing", "chong qing"]);
        assert_eq!(
            said("行长"),
            ["hang chang", "hang zhang", "xing chang", "xing zhang"]
        );
        assert_eq!(said("单雄"), ["dan xiong", "shan xiong"]);
    }

    #[test]
    fn the_readings_of_a_name_are_bounded() {
        let many = said("重行长乐单曾");
        assert_eq!(many.len(), READINGS_MAX);
        assert_eq!(many.first().unwrap(), "zhong hang chang le dan zeng");
        assert_eq!(said(&"重".repeat(100)).len(), READINGS_MAX);
    }

    #[test]
    fn the_table_says_nothing_twice_and_has_no_character_that_nobody_reads() {
        let mut seen = std::collections::BTreeSet::new();
        for (letter, ways) in POLYPHONES {
            assert!(seen.insert(*letter), "{letter} stands twice");
            assert!(
                ways.len() > 1,
                "{letter} has one reading: the library knows it"
            );
            assert!(letter.to_pinyin().is_some(), "{letter} is not Chinese");
        }
    }
}
