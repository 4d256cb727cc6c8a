//! The bits of states and operations.

use serde::{Deserialize, Serialize};

/// A bit with its names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Bit {
    pub bit: u8,
    /// Stable, for programs.
    pub code: &'static str,
    pub zh: &'static str,
    pub en: &'static str,
    /// What it means when the bit is not set, in Chinese and English; empty where that is nothing.
    pub unset: (&'static str, &'static str),
}

const fn bit(bit: u8, code: &'static str, zh: &'static str, en: &'static str) -> Bit {
    Bit {
        bit,
        code,
        zh,
        en,
        unset: ("", ""),
    }
}

impl Bit {
    const fn or(self, zh: &'static str, en: &'static str) -> Self {
        Self {
            unset: (zh, en),
            ..self
        }
    }
}

macro_rules! flags {
    ($(#[$meta:meta])* $name:ident($word:ty), $bits:expr) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
        pub struct $name(pub $word);

        impl $name {
            /// All bits that have a name.
            pub const BITS: &'static [Bit] = $bits;

            /// The bits that are set.
            pub fn set(self) -> impl Iterator<Item = &'static Bit> {
                Self::BITS.iter().filter(move |bit| self.has(bit.bit))
            }

            /// Is this bit set?
            pub fn has(self, bit: u8) -> bool {
                self.0.checked_shr(u32::from(bit)).unwrap_or(0) & 1 == 1
            }
        }
    };
}

const NORMAL: Bit = bit(0, "normal", "正常运行状态", "running").or("测试状态", "in test");
const FIRE: Bit = bit(1, "fire", "火警", "fire");
const FAULT: Bit = bit(2, "fault", "故障", "fault");
const SHIELDED: Bit = bit(3, "shielded", "屏蔽", "shielded");
const SUPERVISED: Bit = bit(4, "supervised", "监管", "supervised");
const STARTED: Bit = bit(5, "started", "启动（开启）", "started").or("停止（关闭）", "stopped");
const FEEDBACK: Bit = bit(6, "feedback", "反馈", "feedback");
const DELAYED: Bit = bit(7, "delayed", "延时状态", "delayed");

flags! {
    /// The state of a system: kind 1.
    SystemFlags(u16), &[
        NORMAL, FIRE, FAULT, SHIELDED, SUPERVISED, STARTED, FEEDBACK, DELAYED,
        bit(8, "mains_fault", "主电故障", "mains fault"),
        bit(9, "backup_fault", "备电故障", "backup power fault"),
        bit(10, "bus_fault", "总线故障", "bus fault"),
        bit(11, "manual", "手动状态", "manual").or("自动状态", "automatic"),
        bit(12, "configuration_changed", "配置改变", "configuration changed"),
        bit(13, "reset", "复位", "reset"),
    ]
}

flags! {
    /// The state of a part: kind 2.
    PartFlags(u16), &[
        NORMAL, FIRE, FAULT, SHIELDED, SUPERVISED, STARTED, FEEDBACK, DELAYED,
        bit(8, "power_fault", "电源故障", "power fault"),
    ]
}

flags! {
    /// The state of the device: kind 21.
    DeviceFlags(u8), &[
        bit(0, "normal", "正常监视状态", "watching").or("测试状态", "in test"),
        FIRE, FAULT,
        bit(3, "mains_fault", "主电故障", "mains fault"),
        bit(4, "backup_fault", "备电故障", "backup power fault"),
        bit(5, "centre_link_fault", "与监控中心通信信道故障", "no channel to the centre"),
        bit(6, "line_fault", "监测连接线路故障", "fault of the line to the systems"),
    ]
}

flags! {
    /// What was done to a system: kind 4.
    OperationFlags(u8), &[
        bit(0, "reset", "复位", "reset"),
        bit(1, "silenced", "消音", "silenced"),
        bit(2, "manual_alarm", "手动报警", "alarm by hand"),
        bit(3, "alarm_cleared", "警情消除", "alarm cleared"),
        bit(4, "self_test", "自检", "self-test"),
        bit(5, "confirmed", "确认", "confirmed"),
        bit(6, "test", "测试", "test"),
    ]
}

flags! {
    /// What was done to the device: kind 24.
    DeviceOperationFlags(u8), &[
        bit(0, "reset", "复位", "reset"),
        bit(1, "silenced", "消音", "silenced"),
        bit(2, "manual_alarm", "手动报警", "alarm by hand"),
        bit(3, "alarm_cleared", "警情消除", "alarm cleared"),
        bit(4, "self_test", "自检", "self-test"),
        bit(5, "duty_answered", "查岗应答", "duty check answered"),
        bit(6, "test", "测试", "test"),
    ]
}

impl SystemFlags {
    pub fn is_fire(self) -> bool {
        self.has(FIRE.bit)
    }

    pub fn is_fault(self) -> bool {
        self.has(FAULT.bit)
    }
}

impl PartFlags {
    pub fn is_fire(self) -> bool {
        self.has(FIRE.bit)
    }

    pub fn is_fault(self) -> bool {
        self.has(FAULT.bit)
    }
}

impl DeviceFlags {
    pub fn is_fire(self) -> bool {
        self.has(FIRE.bit)
    }

    pub fn is_fault(self) -> bool {
        self.has(FAULT.bit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_named() {
        let codes: Vec<_> = PartFlags(0x0102).set().map(|bit| bit.code).collect();
        assert_eq!(codes, ["fire", "power_fault"]);
        assert!(PartFlags(2).is_fire() && !PartFlags(2).is_fault());
        assert_eq!(SystemFlags::BITS[11].unset, ("自动状态", "automatic"));
        for table in [
            SystemFlags::BITS,
            PartFlags::BITS,
            DeviceFlags::BITS,
            OperationFlags::BITS,
        ] {
            assert!(table.iter().zip(0..).all(|(bit, at)| bit.bit == at));
        }
    }
}
