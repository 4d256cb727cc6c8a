//! Parts of fire systems.

use super::{Name, find, name};

/// The kind of a part; `None` for what the standard reserves and what makers agree (from 128).
pub fn part_name(number: u8) -> Option<&'static Name> {
    find(PARTS, number)
}

const PARTS: &[Name] = &[
    name(0, "通用", "general"),
    name(1, "火灾报警控制器", "fire alarm controller"),
    name(10, "可燃气体探测器", "combustible gas detector"),
    name(11, "点型可燃气体探测器", "point gas detector"),
    name(12, "独立式可燃气体探测器", "stand-alone gas detector"),
    name(13, "线型可燃气体探测器", "line gas detector"),
    name(16, "电气火灾监控报警器", "electrical fire monitor"),
    name(
        17,
        "剩余电流式电气火灾监控探测器",
        "residual current detector",
    ),
    name(18, "测温式电气火灾监控探测器", "cable temperature detector"),
    name(21, "探测回路", "detection loop"),
    name(22, "火灾显示盘", "fire display panel"),
    name(23, "手动火灾报警按钮", "manual call point"),
    name(24, "消火栓按钮", "hydrant button"),
    name(25, "火灾探测器", "fire detector"),
    name(30, "感温火灾探测器", "heat detector"),
    name(31, "点型感温火灾探测器", "point heat detector"),
    name(
        32,
        "点型感温火灾探测器（S型）",
        "point heat detector, type S",
    ),
    name(
        33,
        "点型感温火灾探测器（R型）",
        "point heat detector, type R",
    ),
    name(34, "线型感温火灾探测器", "line heat detector"),
    name(
        35,
        "线型感温火灾探测器（S型）",
        "line heat detector, type S",
    ),
    name(
        36,
        "线型感温火灾探测器（R型）",
        "line heat detector, type R",
    ),
    name(37, "光纤感温火灾探测器", "fibre heat detector"),
    name(40, "感烟火灾探测器", "smoke detector"),
    name(
        41,
        "点型离子感烟火灾探测器",
        "point ionization smoke detector",
    ),
    name(
        42,
        "点型光电感烟火灾探测器",
        "point photoelectric smoke detector",
    ),
    name(43, "线型光束感烟火灾探测器", "beam smoke detector"),
    name(44, "吸气式感烟火灾探测器", "aspirating smoke detector"),
    name(50, "复合式火灾探测器", "combined detector"),
    name(
        51,
        "复合式感烟感温火灾探测器",
        "combined smoke and heat detector",
    ),
    name(
        52,
        "复合式感光感温火灾探测器",
        "combined flame and heat detector",
    ),
    name(
        53,
        "复合式感光感烟火灾探测器",
        "combined flame and smoke detector",
    ),
    name(61, "紫外火焰探测器", "ultraviolet flame detector"),
    name(62, "红外火焰探测器", "infrared flame detector"),
    name(69, "感光火灾探测器", "flame detector"),
    name(74, "气体探测器", "gas detector"),
    name(78, "图像摄像方式火灾探测器", "video fire detector"),
    name(79, "感声火灾探测器", "acoustic fire detector"),
    name(81, "气体灭火控制器", "gas extinguishing controller"),
    name(82, "消防电气控制装置", "electrical control"),
    name(83, "消防控制室图形显示装置", "control room display"),
    name(84, "模块", "module"),
    name(85, "输入模块", "input module"),
    name(86, "输出模块", "output module"),
    name(87, "输入/输出模块", "input and output module"),
    name(88, "中继模块", "repeater module"),
    name(91, "消防水泵", "fire pump"),
    name(92, "消防水箱", "fire water tank"),
    name(95, "喷淋泵", "sprinkler pump"),
    name(96, "水流指示器", "water flow indicator"),
    name(97, "信号阀", "signal valve"),
    name(98, "报警阀", "alarm valve"),
    name(99, "压力开关", "pressure switch"),
    name(101, "阀驱动装置", "valve drive"),
    name(102, "防火门", "fire door"),
    name(103, "防火阀", "fire damper"),
    name(104, "通风空调", "ventilation"),
    name(105, "泡沫液泵", "foam pump"),
    name(106, "管网电磁阀", "solenoid valve"),
    name(111, "防烟排烟风机", "smoke control fan"),
    name(113, "排烟防火阀", "smoke and fire damper"),
    name(114, "常闭送风口", "air inlet, normally closed"),
    name(115, "排烟口", "smoke outlet"),
    name(116, "电控挡烟垂壁", "smoke curtain"),
    name(117, "防火卷帘控制器", "fire shutter controller"),
    name(118, "防火门监控器", "fire door monitor"),
    name(121, "警报装置", "sounder"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order() {
        assert!(PARTS.windows(2).all(|pair| pair[0].number < pair[1].number));
    }
}
