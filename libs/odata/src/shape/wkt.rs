//! Well-known text: `POINT (30 10)`, `POLYGON ((30 10, 10 20, …))`.

use geo::{Coord, Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};

use super::{POINTS_MAX, Shape};

/// Reads a well-known text; answers what is wrong with it where it is none.
pub fn of_wkt(text: &str) -> Result<Shape, String> {
    let text = text.trim();
    let text = text
        .split_once(';')
        .filter(|(srid, _)| srid.to_ascii_uppercase().starts_with("SRID"))
        .map_or(text, |(_, rest)| rest);
    let kind: String = text
        .chars()
        .take_while(char::is_ascii_alphabetic)
        .collect::<String>()
        .to_ascii_uppercase();
    let rest = text.get(kind.len()..).unwrap_or_default().trim_start();
    let body = rest.trim_start_matches(['Z', 'M', 'z', 'm']).trim_start();
    let mut reader = Reader {
        rest: body,
        room: POINTS_MAX,
    };
    let shape = reader.geometry(&kind).ok_or_else(|| {
        format!("`{text}` is no geometry; write POINT (120.28 31.91) or POLYGON ((x y, …))")
    })?;
    if reader.rest.trim().is_empty() {
        Ok(Shape(shape))
    } else {
        Err(format!(
            "`{}` stands behind the geometry",
            reader.rest.trim()
        ))
    }
}

struct Reader<'a> {
    rest: &'a str,
    room: usize,
}

impl Reader<'_> {
    fn geometry(&mut self, kind: &str) -> Option<Geometry<f64>> {
        Some(match kind {
            "POINT" => {
                // The standard's own example has a comma between the two numbers.
                let list = self.list(Self::numbers)?;
                let numbers: Vec<f64> = list.into_iter().flatten().collect();
                Point::from(coordinate(&numbers)?).into()
            }
            "LINESTRING" => self.line(2)?.into(),
            "POLYGON" => self.polygon()?.into(),
            "MULTIPOINT" => {
                let points = self.list(|reader| {
                    if reader.next_is('(') {
                        reader.list(Self::coordinate)?.into_iter().next()
                    } else {
                        reader.coordinate()
                    }
                });
                MultiPoint::from(points?).into()
            }
            "MULTILINESTRING" => MultiLineString::new(self.list(|reader| reader.line(2))?).into(),
            "MULTIPOLYGON" => MultiPolygon::new(self.list(Self::polygon)?).into(),
            _ => return None,
        })
    }

    fn next_is(&mut self, mark: char) -> bool {
        self.rest = self.rest.trim_start();
        self.rest.starts_with(mark)
    }

    fn eat(&mut self, mark: char) -> Option<()> {
        self.next_is(mark).then_some(())?;
        self.rest = self.rest.get(mark.len_utf8()..)?;
        Some(())
    }

    /// `( a, b, … )`, at least one.
    fn list<T>(&mut self, mut read: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        self.eat('(')?;
        let mut all = vec![read(self)?];
        while self.next_is(',') {
            self.eat(',')?;
            all.push(read(self)?);
        }
        self.eat(')')?;
        Some(all)
    }

    fn numbers(&mut self) -> Option<Vec<f64>> {
        let mut numbers = Vec::new();
        loop {
            self.rest = self.rest.trim_start();
            let end = self
                .rest
                .find(|c: char| !matches!(c, '0'..='9' | '.' | '-' | '+' | 'e' | 'E'));
            let (word, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
            if word.is_empty() {
                return (!numbers.is_empty()).then_some(numbers);
            }
            self.room = self.room.checked_sub(1)?;
            numbers.push(word.parse().ok().filter(|each: &f64| each.is_finite())?);
            self.rest = rest;
        }
    }

    fn coordinate(&mut self) -> Option<Coord<f64>> {
        coordinate(&self.numbers()?)
    }

    fn line(&mut self, least: usize) -> Option<LineString<f64>> {
        let all = self.list(Self::coordinate)?;
        (all.len() >= least).then(|| LineString::from(all))
    }

    fn polygon(&mut self) -> Option<Polygon<f64>> {
        let mut rings = self.list(|reader| reader.line(4))?.into_iter();
        Some(Polygon::new(rings.next()?, rings.collect()))
    }
}

fn coordinate(numbers: &[f64]) -> Option<Coord<f64>> {
    match numbers {
        [x, y] | [x, y, _] | [x, y, _, _] => Some(Coord { x: *x, y: *y }),
        _ => None,
    }
}
