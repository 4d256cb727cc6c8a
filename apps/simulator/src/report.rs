//! A report that somebody makes: invented, but such as people write.

use serde_json::{Value, json};
use yiwang_coords::LonLat;
use yiwang_kernel::Timestamp;

use crate::city::{City, Item, Place};
use crate::dice::Dice;
use crate::rhythm::HotDay;
use crate::source::Source;
use crate::words::{ReportWords, fill};

/// References of the simulator's own reports begin so.
pub(crate) const RUN_PREFIX: &str = "SIM-";

/// Share of reports that repeat one that was made shortly before.
/// Of what grid workers find: there is one account for all of them, with one beat.
const ON_BEAT: f64 = 0.5;
const REPEATED: f64 = 0.04;
const ABOUT_HOT_TOPIC: f64 = 0.45;
const SECRET_CALLER: f64 = 0.06;
/// About 15 m.
const JITTER_DEGREES: f64 = 0.000_14;
const PREFIXES: [u16; 8] = [130, 135, 139, 150, 158, 177, 186, 199];

/// What is reported. Its words and place are fixed; who takes it in comes later.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Report {
    pub(crate) source: Source,
    pub(crate) source_ref: String,
    pub(crate) item_code: String,
    pub(crate) item_name: String,
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) address: String,
    pub(crate) position: LonLat,
    pub(crate) reporter: Option<Reporter>,
    pub(crate) occurred_at: Option<Timestamp>,
    /// The number of the report it repeats.
    pub(crate) repeats: Option<u64>,
    /// Found by the grid worker on the own beat.
    pub(crate) on_beat: bool,
}

/// Nobody: the name is a surname, the number cannot exist.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reporter {
    pub(crate) name: String,
    pub(crate) phone: String,
    pub(crate) secret: bool,
}

/// An earlier report, as far as a repetition needs it.
#[derive(Debug, Clone)]
pub(crate) struct Earlier {
    pub(crate) no: u64,
    pub(crate) item_code: String,
    pub(crate) item_name: String,
    pub(crate) address: String,
    pub(crate) position: LonLat,
}

/// What a report is made from.
pub(crate) struct Writer<'a> {
    pub(crate) city: &'a City,
    pub(crate) words: &'a ReportWords,
    /// Distinguishes the runs of one seed: references are for life.
    pub(crate) run: String,
    pub(crate) hot: Option<HotDay>,
    /// When it is noticed; only in real time is that the server's time too.
    pub(crate) occurred_at: Option<Timestamp>,
}

struct Scene<'a> {
    item: &'a Item,
    place: &'a str,
    spot: String,
    position: LonLat,
}

impl Writer<'_> {
    /// Report number `no`, perhaps a repetition of one of `earlier`.
    pub(crate) fn write(&self, no: u64, earlier: &[Earlier], dice: &mut Dice) -> Option<Report> {
        let source = Source::draw(dice);
        let repeats = source.has_reporter() && dice.chance(REPEATED);
        if repeats && let Some(before) = dice.pick(earlier) {
            return Some(self.repeat(no, source, before, dice));
        }
        let topic = self
            .hot
            .filter(|_| source.has_reporter() && dice.chance(ABOUT_HOT_TOPIC));
        let item = topic
            .and_then(|day| self.city.item_like(day.items, dice))
            .or_else(|| self.city.item_for(source, dice))
            .or_else(|| self.city.item_for(Source::Hotline, dice))?;
        let on_beat = source == Source::Grid && !self.city.beat.is_empty() && dice.chance(ON_BEAT);
        let places = if on_beat {
            &self.city.beat
        } else {
            &self.city.places
        };
        let place = dice.pick(places)?;
        let scene = self.scene(item, place, dice);
        let description = self.describe(source, &scene, dice);
        Some(Report {
            source,
            source_ref: self.reference(no),
            item_code: item.code.clone(),
            item_name: item.name.clone(),
            title: self.title(source, &scene, dice),
            description,
            address: format!("{}{}", scene.place, scene.spot),
            position: scene.position,
            reporter: self.reporter(source, dice),
            occurred_at: self.occurred_at,
            repeats: None,
            on_beat,
        })
    }

    fn reference(&self, no: u64) -> String {
        format!("{}-{no}", self.run)
    }

    fn scene<'a>(&self, item: &'a Item, place: &'a Place, dice: &mut Dice) -> Scene<'a> {
        let position = place.point(dice);
        let spot = if dice.chance(0.6) {
            let road = dice.pick(&self.words.roads).map_or("中街", String::as_str);
            format!("{road}{}号", 1 + dice.below(399))
        } else {
            let road = dice.pick(&self.words.roads).map_or("中街", String::as_str);
            let spot = dice.pick(&self.words.spots).map_or("路口", String::as_str);
            format!("{road}{spot}")
        };
        Scene {
            item,
            place: &place.name,
            spot,
            position,
        }
    }

    fn fill(&self, template: &str, scene: &Scene<'_>, dice: &mut Dice) -> String {
        let since = dice.pick(&self.words.since).map_or("昨天", String::as_str);
        let often = dice.pick(&self.words.often).map_or("经常", String::as_str);
        let matter = scene.item.matter();
        let values = [
            ("place", scene.place),
            ("spot", scene.spot.as_str()),
            ("item", matter.as_str()),
            ("since", since),
            ("often", often),
        ];
        fill(template, &values)
    }

    fn title(&self, source: Source, scene: &Scene<'_>, dice: &mut Dice) -> String {
        let titles = self
            .words
            .family(&scene.item.name)
            .map(|family| family.titles.as_slice());
        let own = source.has_reporter() && !scene.item.is_enquiry();
        match titles.and_then(|titles| dice.pick(titles)) {
            Some(title) if own => self.fill(title, scene, dice),
            _ if scene.item.is_enquiry() => scene.item.name.clone(),
            _ => format!("{}{}", scene.place, scene.item.matter()),
        }
    }

    fn describe(&self, source: Source, scene: &Scene<'_>, dice: &mut Dice) -> String {
        let machine = match source {
            Source::Sensor => Some(&self.words.sensor),
            Source::Video => Some(&self.words.video),
            Source::Drone => Some(&self.words.drone),
            Source::Collector => Some(&self.words.collector),
            Source::Grid => Some(&self.words.grid),
            Source::Police => Some(&self.words.police),
            Source::Superior => Some(&self.words.superior),
            _ => None,
        };
        let words = if scene.item.is_enquiry() {
            Some(&self.words.enquiries)
        } else {
            machine
                .or_else(|| {
                    self.words
                        .family(&scene.item.name)
                        .map(|family| &family.texts)
                })
                .or_else(|| self.words.domains.get(scene.item.domain()))
        };
        let template = words
            .and_then(|words| dice.pick(words))
            .map_or("{place}{item}", String::as_str);
        self.fill(template, scene, dice)
    }

    /// The same matter again, in other words, from a few steps away.
    fn repeat(&self, no: u64, source: Source, before: &Earlier, dice: &mut Dice) -> Report {
        let item = Item {
            code: before.item_code.clone(),
            name: before.item_name.clone(),
            grade: String::new(),
        };
        let scene = Scene {
            item: &item,
            place: "",
            spot: before.address.clone(),
            position: LonLat {
                lon: before.position.lon + dice.between(-JITTER_DEGREES, JITTER_DEGREES),
                lat: before.position.lat + dice.between(-JITTER_DEGREES, JITTER_DEGREES),
            },
        };
        let start = dice.pick(&self.words.repeats).cloned().unwrap_or_default();
        let text = self.describe(Source::Citizen, &scene, dice);
        Report {
            source,
            source_ref: self.reference(no),
            item_code: before.item_code.clone(),
            item_name: before.item_name.clone(),
            title: self.title(source, &scene, dice),
            description: format!("{start}{text}"),
            address: before.address.clone(),
            position: scene.position,
            reporter: self.reporter(source, dice),
            occurred_at: self.occurred_at,
            repeats: Some(before.no),
            on_beat: false,
        }
    }

    fn reporter(&self, source: Source, dice: &mut Dice) -> Option<Reporter> {
        if !source.has_reporter() {
            return None;
        }
        let surname = dice.pick(&self.words.surnames)?;
        let manner = if dice.chance(0.5) { "先生" } else { "女士" };
        let prefix = dice.pick(&PREFIXES)?;
        Some(Reporter {
            name: format!("{surname}{manner}"),
            phone: format!("{prefix}00000{:03}", dice.below(1_000)),
            secret: dice.chance(SECRET_CALLER),
        })
    }
}

impl Report {
    /// The body for the officers' API.
    pub(crate) fn rest(&self) -> Value {
        let mut body = json!({
            "source": self.source.code(), "source_ref": self.source_ref, "title": self.title,
            "description": self.description, "item_code": self.item_code, "address": self.address,
            "position": {"lon": self.position.lon, "lat": self.position.lat},
        });
        if let Some(fields) = body.as_object_mut() {
            if let Some(who) = &self.reporter {
                let who = json!({"name": who.name, "phone": who.phone, "secret": who.secret});
                fields.insert("reporter".to_owned(), who);
            }
            if let Some(at) = self.occurred_at {
                fields.insert("occurred_at".to_owned(), Value::String(at.to_string()));
            }
        }
        body
    }

    /// The body of a hotline platform's push.
    pub(crate) fn work_order(&self) -> Value {
        let mut body = json!({
            "ref": self.source_ref, "title": self.title, "text": self.description, "item_code": self.item_code,
            "address": self.address, "position": {"lon": self.position.lon, "lat": self.position.lat},
        });
        if let (Some(who), Some(fields)) = (&self.reporter, body.as_object_mut()) {
            let who = json!({"name": who.name, "phone": who.phone, "secret": who.secret});
            fields.insert("caller".to_owned(), who);
        }
        body
    }

    /// The form for Open311.
    pub(crate) fn open311(&self, api_key: &str) -> Vec<(String, String)> {
        let mut form = vec![
            ("api_key", api_key.to_owned()),
            ("service_code", self.item_code.clone()),
            ("lat", self.position.lat.to_string()),
            ("long", self.position.lon.to_string()),
            ("address_string", self.address.clone()),
            ("description", self.description.clone()),
        ];
        if let Some(who) = &self.reporter {
            form.push(("phone", who.phone.clone()));
            form.push(("last_name", who.name.clone()));
        }
        form.into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    }

    pub(crate) fn as_earlier(&self, no: u64) -> Earlier {
        Earlier {
            no,
            item_code: self.item_code.clone(),
            item_name: self.item_name.clone(),
            address: self.address.clone(),
            position: self.position,
        }
    }
}

/// The name of a run: references of another run of the same seed must not be taken for these.
pub(crate) fn run_name(seed: u64, started: Timestamp) -> String {
    format!("{RUN_PREFIX}{seed}-{}", started.as_second())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::city::tests::small_city;
    use crate::words::Words;

    fn write(count: u64, seed: u64) -> Vec<Report> {
        let city = small_city();
        let words = Words::load().unwrap().reports;
        let writer = Writer {
            city: &city,
            words: &words,
            run: "SIM-1".to_owned(),
            hot: None,
            occurred_at: None,
        };
        let mut earlier: Vec<Earlier> = Vec::new();
        let mut out = Vec::new();
        for no in 0..count {
            let report = writer
                .write(no, &earlier, &mut Dice::of(&[seed, no]))
                .unwrap();
            if report.source.has_reporter() {
                earlier.push(report.as_earlier(no));
            }
            out.push(report);
        }
        out
    }

    #[test]
    fn reports_are_complete_and_invented() {
        for report in write(800, 5) {
            let body = report.rest();
            for field in ["title", "description", "address", "item_code"] {
                let text = body[field].as_str().unwrap();
                assert!(
                    !text.is_empty() && !text.contains(['{', '}']),
                    "{field} of {body}"
                );
            }
            assert!(report.title.chars().count() <= 60, "{}", report.title);
            if let Some(who) = report.reporter {
                assert_eq!(who.phone.len(), 11);
                assert_eq!(&who.phone[3..8], "00000");
            }
        }
    }

    #[test]
    fn the_same_seed_writes_the_same() {
        assert_eq!(write(60, 5), write(60, 5));
        assert_ne!(write(60, 5), write(60, 6));
    }

    #[test]
    fn some_repeat_what_others_said() {
        let reports = write(800, 7);
        let repeats: Vec<&Report> = reports
            .iter()
            .filter(|report| report.repeats.is_some())
            .collect();
        assert!((8..60).contains(&repeats.len()), "{}", repeats.len());
        for repeat in repeats {
            let before = &reports[repeat.repeats.unwrap() as usize];
            assert_eq!(repeat.item_code, before.item_code);
            assert!(repeat.position.distance_m(before.position) < 40.0);
        }
    }

    #[test]
    fn an_open311_form_has_what_the_standard_asks_for() {
        let report = write(40, 5)
            .into_iter()
            .find(|report| report.reporter.is_some())
            .unwrap();
        let names: Vec<String> = report
            .open311("key")
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        assert_eq!(
            names,
            [
                "api_key",
                "service_code",
                "lat",
                "long",
                "address_string",
                "description",
                "phone",
                "last_name"
            ]
        );
    }
}
