//! What the columns of a table are, by their headers: when, where, what, in which unit.

use std::borrow::Cow;

use super::{Kind, Quantity, Stat};

/// How the cells of a row are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Delimiter {
    Sign(u8),
    /// Any number of spaces and tabs.
    Blank,
}

impl Delimiter {
    pub(super) const ALL: [Self; 4] = [
        Self::Sign(b','),
        Self::Sign(b';'),
        Self::Sign(b'\t'),
        Self::Blank,
    ];

    /// The cells of a line without the blanks around them and without their quotes.
    pub(super) fn cells(self, line: &str) -> Vec<Cow<'_, str>> {
        match self {
            Self::Sign(sign) => split(line, sign),
            Self::Blank => line.split_whitespace().map(Cow::Borrowed).collect(),
        }
    }
}

/// Signs within quotes are no ends of cells, and two quotes within quotes are one.
fn split(line: &str, sign: u8) -> Vec<Cow<'_, str>> {
    let (mut cells, mut begin, mut is_quoted) = (Vec::new(), 0, false);
    for (at, byte) in line.bytes().enumerate() {
        if byte == b'"' {
            is_quoted = !is_quoted;
        } else if byte == sign && !is_quoted {
            cells.push(unquoted(line.get(begin..at).unwrap_or_default()));
            begin = at + 1;
        }
    }
    cells.push(unquoted(line.get(begin..).unwrap_or_default()));
    cells
}

fn unquoted(cell: &str) -> Cow<'_, str> {
    let cell = cell.trim();
    let within = cell
        .strip_prefix('"')
        .and_then(|cell| cell.strip_suffix('"'));
    match within {
        Some(within) if within.contains('"') => Cow::Owned(within.replace("\"\"", "\"")),
        Some(within) => Cow::Borrowed(within.trim()),
        None => Cow::Borrowed(cell),
    }
}

/// Where the time stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TimeColumns {
    Parts {
        year: usize,
        month: usize,
        day: usize,
        hour: Option<usize>,
        minute: Option<usize>,
    },
    /// A date with or without a time, and a column of times if there is one.
    Text { date: usize, time: Option<usize> },
}

/// A column that is played.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct ValueColumn {
    pub at: usize,
    pub quantity: Quantity,
    pub stat: Stat,
    /// What a value is multiplied by to have the unit of its quantity.
    pub scale: f64,
}

/// A table, understood.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Columns {
    pub kind: Kind,
    pub delimiter: Delimiter,
    pub names: Vec<String>,
    pub time: TimeColumns,
    pub station: Option<usize>,
    pub values: Vec<ValueColumn>,
    /// Quantities in a unit that is not known here, with the unit.
    pub unread: Vec<(String, String)>,
}

/// Cubic metres in a cubic foot.
const CUBIC_FOOT: f64 = 0.028_316_846_592;

impl Columns {
    /// If this line heads a table of measurements.
    pub(super) fn of_header(line: &str) -> Option<Self> {
        Delimiter::ALL.into_iter().find_map(|delimiter| {
            let names = delimiter.cells(line).into_iter().map(Cow::into_owned);
            Self::of_names(delimiter, names.collect())
        })
    }

    fn of_names(delimiter: Delimiter, names: Vec<String>) -> Option<Self> {
        let plain: Vec<String> = names.iter().map(|name| Name::of(name).word).collect();
        let find = |words: &[&str]| plain.iter().position(|name| words.contains(&name.as_str()));
        let time = time_columns(find)?;
        let mut unread = Vec::new();
        let mut values: Vec<ValueColumn> = Vec::new();
        for (at, header) in names.iter().enumerate() {
            let name = Name::of(header);
            let Some(quantity) = quantity(&name.word) else {
                continue;
            };
            match scale(quantity, &name.unit) {
                Some(scale) => values.push(ValueColumn {
                    at,
                    quantity,
                    stat: name.stat,
                    scale,
                }),
                None => unread.push((header.clone(), name.unit)),
            }
        }
        // A table of the air may tell of the weather too; rain in it does not make it one of rivers.
        let is_air = values
            .iter()
            .any(|value| value.quantity.kind() == Kind::Air);
        let kind = if is_air { Kind::Air } else { Kind::Hydro };
        values.retain(|value| value.quantity.kind() == kind);
        (!values.is_empty()).then_some(Self {
            kind,
            delimiter,
            time,
            station: find(STATION),
            values,
            unread,
            names,
        })
    }

    /// If this line is a row of a streamflow file of the United States' gauges, which have no header: gauge, year,
    /// month, day, cubic feet a second, a letter.
    pub(super) fn of_row(line: &str) -> Option<Self> {
        let delimiter = Delimiter::Blank;
        let cells = delimiter.cells(line);
        let [gauge, year, month, day, flow, ..] = cells.as_slice() else {
            return None;
        };
        let within = |cell: &str, low: u16, high: u16| {
            cell.parse()
                .is_ok_and(|number: u16| (low..=high).contains(&number))
        };
        let is_row = gauge.len() >= 5
            && gauge.bytes().all(|byte| byte.is_ascii_digit())
            && cells.len() <= 6
            && within(year, 1_800, 2_199)
            && within(month, 1, 12)
            && within(day, 1, 31)
            && flow.parse::<f64>().is_ok();
        let names = ["gauge", "year", "month", "day", "flow", "mark"];
        is_row.then(|| Self {
            kind: Kind::Hydro,
            delimiter,
            names: names.map(str::to_owned).to_vec(),
            time: TimeColumns::Parts {
                year: 1,
                month: 2,
                day: 3,
                hour: None,
                minute: None,
            },
            station: Some(0),
            values: vec![ValueColumn {
                at: 4,
                quantity: Quantity::Flow,
                stat: Stat::Avg,
                scale: CUBIC_FOOT,
            }],
            unread: Vec::new(),
        })
    }
}

const STATION: &[&str] = &[
    "station",
    "stationid",
    "stationname",
    "stationcode",
    "site",
    "siteid",
    "sitename",
    "siteno",
    "gauge",
    "gaugeid",
    "basin",
    "basinid",
    "站点",
    "站名",
    "站码",
    "测站",
    "测站编码",
    "流域",
];

fn time_columns(find: impl Fn(&[&str]) -> Option<usize>) -> Option<TimeColumns> {
    let parts = || {
        Some(TimeColumns::Parts {
            year: find(&["year", "yr", "yyyy", "年"])?,
            month: find(&["month", "mnth", "mon", "mo", "月"])?,
            day: find(&["day", "dy", "dd", "日"])?,
            hour: find(&["hour", "hr", "hh", "时", "小时"]),
            minute: find(&["minute", "mn", "分"]),
        })
    };
    let text = || {
        let whole = ["datetime", "timestamp", "监测时间", "观测时间", "数据时间"];
        let date = find(&whole);
        let (date, time) = match (date, find(&["date", "day", "日期"])) {
            (Some(date), _) => (date, None),
            (None, Some(date)) => (date, find(&["time", "hour", "hr", "时间", "小时"])),
            (None, None) => (find(&["time", "时间"])?, None),
        };
        Some(TimeColumns::Text { date, time })
    };
    parts().or_else(text)
}

/// A header, taken apart: `PM2.5_max (ug/m3)`, `flow_cfs`.
#[derive(Debug)]
struct Name {
    word: String,
    stat: Stat,
    unit: String,
}

impl Name {
    fn of(header: &str) -> Self {
        let lower = header.trim().to_lowercase();
        let (name, unit) = match lower.split_once(['(', '[', '（']) {
            Some((name, unit)) => (name, unit.trim_end_matches([')', ']', '）', ' '])),
            None => (lower.as_str(), ""),
        };
        let mut unit = plain_unit(unit);
        let mut stat = Stat::Avg;
        let mut tokens: Vec<&str> = name
            .split(|letter: char| !letter.is_alphanumeric())
            .filter(|token| !token.is_empty())
            .collect();
        while let [_, .., last] = tokens.as_slice() {
            match *last {
                "avg" | "mean" => stat = Stat::Avg,
                "min" => stat = Stat::Min,
                "max" => stat = Stat::Max,
                last if unit.is_empty() && UNITS.contains(&last) => last.clone_into(&mut unit),
                _ => break,
            }
            tokens.pop();
        }
        Self {
            word: tokens.concat(),
            stat,
            unit,
        }
    }
}

/// Units that stand at the end of a name.
const UNITS: &[&str] = &[
    "cfs", "cms", "m3s", "ls", "m", "cm", "mm", "ft", "in", "ugm3", "mgm3", "ppb", "ppm",
];

fn plain_unit(unit: &str) -> String {
    let plain = unit.chars().filter_map(|letter| match letter {
        '³' => Some('3'),
        'µ' | 'μ' => Some('u'),
        letter if letter.is_alphanumeric() => Some(letter),
        _ => None,
    });
    plain.collect()
}

fn quantity(word: &str) -> Option<Quantity> {
    Some(match word {
        "pm25" => Quantity::Pm25,
        "pm10" => Quantity::Pm10,
        "so2" | "二氧化硫" => Quantity::So2,
        "no2" | "二氧化氮" => Quantity::No2,
        "co" | "一氧化碳" => Quantity::Co,
        "o3" | "臭氧" => Quantity::O3,
        "rain" | "rainfall" | "prcp" | "precip" | "precipitation" | "ppt" | "雨量" | "降雨量"
        | "降水量" => Quantity::Rain,
        "q" | "qobs" | "flow" | "streamflow" | "discharge" | "dischargevol" | "流量" => {
            Quantity::Flow
        }
        "z" | "level" | "waterlevel" | "stage" | "gageheight" | "gaugeheight" | "水位" => {
            Quantity::Level
        }
        _ => return None,
    })
}

/// None for a unit that is not known; no unit is the usual one. Rain by the day or the hour is taken for rain of the
/// step, as the tables that write it so have it.
fn scale(quantity: Quantity, unit: &str) -> Option<f64> {
    if unit.is_empty() {
        return Some(1.0);
    }
    match quantity {
        Quantity::Rain => Some(match unit {
            "mm" | "mmday" | "mmd" | "mmh" | "mmhour" | "毫米" => 1.0,
            "cm" => 10.0,
            "in" => 25.4,
            _ => return None,
        }),
        Quantity::Flow => Some(match unit {
            "m3s" | "cms" | "m3sec" | "立方米秒" => 1.0,
            "cfs" | "ft3s" | "ft3sec" => CUBIC_FOOT,
            "ls" => 0.001,
            _ => return None,
        }),
        Quantity::Level => Some(match unit {
            "m" | "米" => 1.0,
            "cm" => 0.01,
            "mm" => 0.001,
            "ft" => 0.3048,
            _ => return None,
        }),
        _air => Some(match unit {
            "ugm3" | "微克立方米" => 1.0,
            "mgm3" | "毫克立方米" => 1_000.0,
            _ => return None,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Quantity, statistic and factor of a header's columns.
    fn columns(header: &str) -> Vec<(Quantity, Stat, f64)> {
        let found = Columns::of_header(header).unwrap();
        let of = |value: &ValueColumn| (value.quantity, value.stat, value.scale);
        found.values.iter().map(of).collect()
    }

    #[test]
    fn cells_are_told_apart_outside_of_quotes() {
        let cells = |line| Delimiter::Sign(b',').cells(line).join("|");
        let quoted = r#"1, "a, b" ,"say ""no""",,"open"#;
        assert_eq!(cells(quoted), r#"1|a, b|say "no"||"open"#);
        assert_eq!(cells("七,号"), "七|号");
        assert_eq!(Delimiter::Blank.cells(" 1 \t 2 ").join("|"), "1|2");
    }

    #[test]
    fn columns_are_known_by_their_headers_in_any_order() {
        use Quantity::{Co, Flow, Level, Pm10, Pm25, Rain};
        let avg = Stat::Avg;
        assert_eq!(
            columns(
                "\"No\",\"year\",\"month\",\"day\",\"hour\",\"PM2.5\",\"CO\",\"RAIN\",\"wd\",\"station\""
            ),
            [(Pm25, avg, 1.0), (Co, avg, 1.0)]
        );
        assert_eq!(
            columns("site;CO (mg/m³);datetime;pm25_max;PM10 [µg/m3]"),
            [(Co, avg, 1_000.0), (Pm25, Stat::Max, 1.0), (Pm10, avg, 1.0)]
        );
        assert_eq!(
            columns("Year Mnth Day Hr\tdayl(s)\tprcp(mm/day)\ttmax(C)"),
            [(Rain, avg, 1.0)]
        );
        assert_eq!(
            columns("date,discharge_cfs,gage height (ft),水位"),
            [
                (Flow, avg, CUBIC_FOOT),
                (Level, avg, 0.3048),
                (Level, avg, 1.0)
            ]
        );
    }

    #[test]
    fn an_unknown_unit_is_told_and_no_table_is_none() {
        let found = Columns::of_header("date,so2 (ppb),no2").unwrap();
        assert_eq!(found.values.len(), 1);
        assert_eq!(found.unread, [("so2 (ppb)".to_owned(), "ppb".to_owned())]);
        for line in [
            "  44.82",
            "Copyright (c) 2021",
            "time,speed",
            "pm25,pm10",
            "",
        ] {
            assert_eq!(Columns::of_header(line), None, "{line}");
        }
    }

    #[test]
    fn rows_without_a_header_are_known_by_their_form() {
        assert!(Columns::of_row("01022500 2000 01 01   255.00 A:e").is_some());
        for line in [
            "1022 2000 01 01 2.0 A",
            "01022500 2000 13 01 2.0 A",
            "01022500 2000 01 01",
        ] {
            assert!(Columns::of_row(line).is_none(), "{line}");
        }
    }
}
