//! What numbers and bits are called, in Chinese and English. The tables of parts and systems agree with public code of
//! a maker; units and ranges of the analogue values are from memory, not verified.

mod flags;
mod parts;

use serde::Serialize;

pub use flags::{Bit, DeviceFlags, DeviceOperationFlags, OperationFlags, PartFlags, SystemFlags};
pub use parts::part_name;

/// A number with its names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Name {
    pub number: u8,
    pub zh: &'static str,
    pub en: &'static str,
}

pub(super) const fn name(number: u8, zh: &'static str, en: &'static str) -> Name {
    Name { number, zh, en }
}

/// A quantity that is measured.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct AnalogueName {
    pub number: u8,
    pub zh: &'static str,
    pub en: &'static str,
    /// Empty for a bare number.
    pub unit: &'static str,
    pub steps_per_unit: f64,
    pub lowest: f64,
    pub highest: f64,
}

const fn analogue(
    number: u8,
    names: (&'static str, &'static str),
    unit: &'static str,
    steps_per_unit: f64,
    range: (f64, f64),
) -> AnalogueName {
    AnalogueName {
        number,
        zh: names.0,
        en: names.1,
        unit,
        steps_per_unit,
        lowest: range.0,
        highest: range.1,
    }
}

const SYSTEMS: &[Name] = &[
    name(0, "通用", "general"),
    name(1, "火灾报警系统", "fire alarm system"),
    name(10, "消防联动控制器", "linkage controller"),
    name(11, "消火栓系统", "hydrant system"),
    name(12, "自动喷水灭火系统", "sprinkler system"),
    name(13, "气体灭火系统", "gas extinguishing system"),
    name(
        14,
        "水喷雾灭火系统（泵启动方式）",
        "water spray system, by pump",
    ),
    name(
        15,
        "水喷雾灭火系统（压力容器启动方式）",
        "water spray system, by pressure vessel",
    ),
    name(16, "泡沫灭火系统", "foam system"),
    name(17, "干粉灭火系统", "dry powder system"),
    name(18, "防烟排烟系统", "smoke control system"),
    name(19, "防火门及卷帘系统", "fire doors and shutters"),
    name(20, "消防电梯", "fire lift"),
    name(21, "消防应急广播", "emergency broadcast"),
    name(
        22,
        "消防应急照明和疏散指示系统",
        "emergency lights and signs",
    ),
    name(23, "消防电源", "fire power supply"),
    name(24, "消防电话", "fire telephone"),
];

/// The kind of a system; `None` for what the standard reserves and what makers agree (from 128).
pub fn system_name(number: u8) -> Option<&'static Name> {
    find(SYSTEMS, number)
}

pub(super) fn find(table: &'static [Name], number: u8) -> Option<&'static Name> {
    let at = table
        .binary_search_by_key(&number, |name| name.number)
        .ok()?;
    table.get(at)
}

const ANALOGUES: &[AnalogueName] = &[
    analogue(1, ("事件计数", "events"), "件", 1.0, (0.0, 32_000.0)),
    analogue(2, ("高度", "height"), "m", 100.0, (0.0, 320.0)),
    analogue(3, ("温度", "temperature"), "℃", 10.0, (-273.0, 3200.0)),
    analogue(4, ("压力", "pressure"), "MPa", 10.0, (0.0, 3200.0)),
    analogue(5, ("压力", "pressure"), "kPa", 10.0, (0.0, 3200.0)),
    analogue(6, ("气体浓度", "gas"), "%LEL", 10.0, (0.0, 100.0)),
    analogue(7, ("时间", "time"), "s", 1.0, (0.0, 32_000.0)),
    analogue(8, ("电压", "voltage"), "V", 10.0, (0.0, 3200.0)),
    analogue(9, ("电流", "current"), "A", 10.0, (0.0, 3200.0)),
    analogue(10, ("流量", "flow"), "L/s", 10.0, (0.0, 3200.0)),
    analogue(11, ("风量", "air flow"), "m³/min", 10.0, (0.0, 3200.0)),
    analogue(12, ("风速", "air speed"), "m/s", 1.0, (0.0, 20.0)),
];

/// The quantity of an analogue value; `None` for what the standard reserves and what makers agree (from 128).
pub fn analogue_name(number: u8) -> Option<&'static AnalogueName> {
    let at = ANALOGUES
        .binary_search_by_key(&number, |name| name.number)
        .ok()?;
    ANALOGUES.get(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_in_order() {
        assert!(
            SYSTEMS
                .windows(2)
                .all(|pair| pair[0].number < pair[1].number)
        );
        assert!(
            ANALOGUES
                .windows(2)
                .all(|pair| pair[0].number < pair[1].number)
        );
        assert_eq!(system_name(1).map(|name| name.zh), Some("火灾报警系统"));
        assert_eq!(system_name(5), None);
        assert_eq!(
            part_name(42).map(|name| name.zh),
            Some("点型光电感烟火灾探测器")
        );
        assert_eq!(part_name(26), None);
    }
}
