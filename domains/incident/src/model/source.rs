//! Where a case came from.

use super::wire::words;

words! {
    /// The channel a report came in by.
    pub enum Source {
        Hotline = "hotline",
        Collector = "collector",
        Grid = "grid",
        Sensor = "sensor",
        Video = "video",
        Drone = "drone",
        Citizen = "citizen",
        Police = "police",
        Fire = "fire",
        Emergency = "emergency",
        Superior = "superior",
        Enforcement = "enforcement",
        System = "system",
        Open311 = "open311",
        Import = "import",
    }
}

impl Source {
    /// The three characters within a case number.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Hotline => "HOT",
            Self::Collector => "DUM",
            Self::Grid => "GRD",
            Self::Sensor => "IOT",
            Self::Video => "VID",
            Self::Drone => "UAV",
            Self::Citizen => "APP",
            Self::Police => "110",
            Self::Fire => "119",
            Self::Emergency => "EMG",
            Self::Superior => "SUP",
            Self::Enforcement => "ENF",
            Self::System => "SYS",
            Self::Open311 => "311",
            Self::Import => "IMP",
        }
    }

    /// In Chinese, for people.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Hotline => "12345 热线",
            Self::Collector => "数字城管采集员",
            Self::Grid => "网格员",
            Self::Sensor => "物联感知",
            Self::Video => "视频识别",
            Self::Drone => "无人机巡查",
            Self::Citizen => "市民随手拍",
            Self::Police => "110 转办",
            Self::Fire => "119/120 联动",
            Self::Emergency => "应急值守",
            Self::Superior => "上级交办",
            Self::Enforcement => "执法平台",
            Self::System => "系统生成",
            Self::Open311 => "Open311",
            Self::Import => "批量导入",
        }
    }

    pub const fn en(self) -> &'static str {
        match self {
            Self::Hotline => "12345 hotline",
            Self::Collector => "collectors",
            Self::Grid => "grid workers",
            Self::Sensor => "sensors",
            Self::Video => "video",
            Self::Drone => "drones",
            Self::Citizen => "citizens",
            Self::Police => "police (110)",
            Self::Fire => "fire and ambulance",
            Self::Emergency => "emergency desk",
            Self::Superior => "superior platform",
            Self::Enforcement => "enforcement platform",
            Self::System => "the platform itself",
            Self::Open311 => "Open311",
            Self::Import => "bulk import",
        }
    }
}
