//! Invented names and numbers, always the same for the same seed.

/// A small generator with a fixed sequence (splitmix64); names must not change with a library.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }

    pub(super) fn pick<T: Copy>(&mut self, from: &[T]) -> Option<T> {
        from.get(self.below(from.len())).copied()
    }
}

const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文";
const GIVEN: &str = "安邦博成承达德东方丰刚光国海浩和弘洪华辉嘉建江杰景静娟军君俊凯康兰乐莉力立丽良林玲凌龙梅美明敏鸣楠宁鹏平萍琪倩强青清庆秋仁荣瑞睿珊胜诗书帅爽思松涛婷伟文武希霞祥晓欣新兴雄秀旭学雪雅岩燕阳洋怡艺毅英莹颖永勇雨玉远月云泽展哲振志智忠洲";

/// A name of two or three characters.
pub(super) fn name(dice: &mut Dice) -> String {
    let surnames: Vec<char> = SURNAMES.chars().collect();
    let given: Vec<char> = GIVEN.chars().collect();
    let mut name: String = dice.pick(&surnames).into_iter().collect();
    let length = if dice.below(5) == 0 { 1 } else { 2 };
    name.extend((0..length).filter_map(|_| dice.pick(&given)));
    name
}

/// A number that no telephone has: no mobile number begins with 100.
pub(super) fn phone(number: usize) -> String {
    format!("1000000{number:04}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_names() {
        let names = |seed| {
            let mut dice = Dice::new(seed);
            (0..50).map(|_| name(&mut dice)).collect::<Vec<_>>()
        };
        assert_eq!(names(1), names(1));
        assert_ne!(names(1), names(2));
        assert!(
            names(1)
                .iter()
                .all(|name| (2..=3).contains(&name.chars().count()))
        );
        assert_eq!(phone(17), "10000000017");
    }
}
