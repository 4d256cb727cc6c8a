//! The ways by which a city hears of its troubles, how much each brings, and of what.

/// Who reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Source {
    Hotline,
    Collector,
    Grid,
    Citizen,
    Sensor,
    Video,
    Drone,
    Police,
    Superior,
    Enforcement,
    Open311,
}

/// What a source sees: whole domains with their weights, or items by parts of their names.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Taste {
    pub(crate) domains: &'static [(&'static str, f64)],
    pub(crate) fragments: &'static [&'static str],
    /// Weight of an enquiry beside a plain item of the same domain.
    pub(crate) enquiries: f64,
}

/// Share of the reports.
const MIX: [(Source, f64); 10] = [
    (Source::Hotline, 58.0),
    (Source::Collector, 14.0),
    (Source::Grid, 9.0),
    (Source::Citizen, 9.0),
    (Source::Sensor, 3.0),
    (Source::Video, 3.0),
    (Source::Police, 1.6),
    (Source::Drone, 1.0),
    (Source::Superior, 0.8),
    (Source::Enforcement, 0.6),
];

const STREET: &[(&str, f64)] = &[
    ("01", 50.0),
    ("02", 18.0),
    ("04", 10.0),
    ("05", 9.0),
    ("06", 8.0),
    ("07", 3.0),
];

const WITH_A_PHONE: &[(&str, f64)] = &[
    ("01", 30.0),
    ("02", 20.0),
    ("04", 10.0),
    ("05", 8.0),
    ("06", 22.0),
    ("08", 10.0),
];

const ENFORCED: &[(&str, f64)] = &[("01", 6.0), ("10", 4.0)];

const EVERYTHING: &[(&str, f64)] = &[
    ("01", 9.0),
    ("02", 6.0),
    ("03", 4.0),
    ("04", 5.0),
    ("05", 3.0),
    ("06", 12.0),
    ("07", 3.0),
    ("08", 7.0),
    ("09", 5.0),
    ("10", 12.0),
    ("11", 11.0),
    ("12", 9.0),
    ("13", 5.0),
    ("14", 5.0),
    ("15", 10.0),
    ("16", 3.0),
    ("17", 0.4),
];

impl Source {
    pub(crate) const ALL: &'static [Self] = &[
        Self::Hotline,
        Self::Collector,
        Self::Grid,
        Self::Citizen,
        Self::Sensor,
        Self::Video,
        Self::Drone,
        Self::Police,
        Self::Superior,
        Self::Enforcement,
        Self::Open311,
    ];

    /// One source, each as often as in a real city.
    pub(crate) fn draw(dice: &mut crate::dice::Dice) -> Self {
        dice.weighted(&MIX).copied().unwrap_or(Self::Hotline)
    }

    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Hotline => "hotline",
            Self::Collector => "collector",
            Self::Grid => "grid",
            Self::Citizen => "citizen",
            Self::Sensor => "sensor",
            Self::Video => "video",
            Self::Drone => "drone",
            Self::Police => "police",
            Self::Superior => "superior",
            Self::Enforcement => "enforcement",
            Self::Open311 => "open311",
        }
    }

    pub(crate) fn parse(code: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|source| source.code() == code)
    }

    /// Taken in by an officer; the others come from machines of the city's and other systems.
    pub(crate) const fn by_telephone(self) -> bool {
        matches!(self, Self::Hotline | Self::Police | Self::Superior)
    }

    /// There is somebody who wants an answer.
    pub(crate) const fn has_reporter(self) -> bool {
        matches!(
            self,
            Self::Hotline | Self::Citizen | Self::Police | Self::Open311
        )
    }

    /// How many of these are answered at the desk. Over all sources about as many as in a real city.
    pub(crate) const fn answered_at_desk(self) -> f64 {
        match self {
            Self::Hotline => 0.6,
            Self::Citizen | Self::Open311 => 0.2,
            _ => 0.0,
        }
    }

    pub(crate) const fn taste(self) -> Taste {
        match self {
            Self::Hotline | Self::Superior => Taste {
                domains: EVERYTHING,
                fragments: &[],
                enquiries: 9.0,
            },
            Self::Citizen | Self::Open311 => domains(WITH_A_PHONE),
            Self::Collector => domains(STREET),
            Self::Enforcement => domains(ENFORCED),
            Self::Grid => named(&[
                "楼道堆物",
                "消防",
                "邻里",
                "充电",
                "养犬",
                "犬",
                "垃圾",
                "独居",
                "自建房",
                "群租",
                "漏水",
                "井盖",
                "违法建房",
            ]),
            Self::Sensor => named(&[
                "积水",
                "内涝",
                "燃气泄漏",
                "井盖",
                "水压",
                "污水外溢",
                "桥梁损坏",
                "基坑",
                "电梯故障",
            ]),
            Self::Video => named(&[
                "店外经营",
                "游商",
                "暴露垃圾",
                "垃圾桶满",
                "占道违停",
                "消防通道",
                "渣土车",
                "积水",
                "违规撑伞",
            ]),
            Self::Drone => named(&[
                "私搭",
                "加建",
                "焚烧",
                "水域",
                "河道",
                "裸土",
                "偷倒",
                "违法占地",
            ]),
            Self::Police => named(&["噪声", "邻里", "违停", "纠纷", "停电", "树木倒伏", "犬"]),
        }
    }
}

/// Plain items of whole domains.
const fn domains(domains: &'static [(&'static str, f64)]) -> Taste {
    Taste {
        domains,
        fragments: &[],
        enquiries: 0.0,
    }
}

/// Items by parts of their names.
const fn named(fragments: &'static [&'static str]) -> Taste {
    Taste {
        domains: &[],
        fragments,
        enquiries: 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::Dice;

    #[test]
    fn most_reports_come_by_telephone() {
        let mut dice = Dice::of(&[1]);
        let drawn: Vec<Source> = (0..10_000).map(|_| Source::draw(&mut dice)).collect();
        let count = |source| drawn.iter().filter(|one| **one == source).count();
        assert!((5_500..6_100).contains(&count(Source::Hotline)));
        assert!((1_200..1_600).contains(&count(Source::Collector)));
        assert_eq!(count(Source::Open311), 0);
    }

    #[test]
    fn codes_are_read_back() {
        for source in Source::ALL {
            assert_eq!(Source::parse(source.code()), Some(*source));
        }
        assert_eq!(Source::parse("import"), None);
    }
}
