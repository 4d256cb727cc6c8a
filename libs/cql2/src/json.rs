//! The same filters as JSON documents, into the same trees.

use std::borrow::Cow;

use geo::Geometry;
use serde_json::Value as Json;

use crate::expression::{
    Arithmetic, Comparison, Expression, Node, Room, SetRelation, SpatialRelation, TemporalRelation,
    bbox, geojson_shape,
};
use crate::value::read_instant;
use crate::{Fault, Value};

type Read = Result<Expression, Fault>;

impl Expression {
    /// Reads a filter from its JSON document.
    pub fn parse_json(json: &Json) -> Result<Self, Fault> {
        let mut reader = Reader { room: Room::new() };
        reader.condition(json, "")
    }
}

struct Reader {
    room: Room,
}

impl Reader {
    fn node(&mut self, at: &str, node: Node) -> Read {
        self.room
            .node()
            .map_err(|message| Fault::at_pointer(at, message))?;
        Ok(Expression::new(0, node))
    }

    fn condition(&mut self, json: &Json, at: &str) -> Read {
        let read = self.any(json, at)?;
        if read.decides() {
            return Ok(read);
        }
        let message =
            r#"a condition belongs here, such as {"op": ">", "args": [{"property": "floors"}, 5]}"#;
        Err(Fault::at_pointer(at, message))
    }

    fn any(&mut self, json: &Json, at: &str) -> Read {
        self.room
            .deeper()
            .map_err(|message| Fault::at_pointer(at, message))?;
        let read = match json {
            Json::Bool(flag) => self.node(at, Node::Literal(Value::Bool(*flag))),
            Json::Number(number) => {
                let number = number.as_f64().filter(|number| number.is_finite());
                let number = number.ok_or_else(|| Fault::at_pointer(at, "this is no number"))?;
                self.node(at, Node::Literal(Value::Number(number)))
            }
            Json::String(text) => self.node(at, Node::Literal(Value::text(text.clone()))),
            Json::Array(all) => {
                let all = self.all(all, at)?;
                self.node(at, Node::List(all))
            }
            Json::Object(_) => self.object(json, at),
            Json::Null => Err(Fault::at_pointer(
                at,
                r#"null is no value here; write {"op": "isNull", "args": […]}"#,
            )),
        };
        self.room.back();
        read
    }

    fn all(&mut self, all: &[Json], at: &str) -> Result<Vec<Expression>, Fault> {
        let read = all
            .iter()
            .enumerate()
            .map(|(place, each)| self.any(each, &format!("{at}/{place}")));
        read.collect()
    }

    fn object(&mut self, json: &Json, at: &str) -> Read {
        if let Some(name) = json.get("property").and_then(Json::as_str) {
            let is_name = !name.is_empty() && !name.contains('"');
            if !is_name {
                return Err(Fault::at_pointer(at, "this is no name of a property"));
            }
            return self.node(at, Node::Property(name.to_owned()));
        }
        for (key, is_date) in [("date", true), ("timestamp", false)] {
            if let Some(text) = json.get(key).and_then(Json::as_str) {
                return match read_instant(text) {
                    Some(value) if matches!(value, Value::Date(_)) == is_date => {
                        self.node(at, Node::Literal(value))
                    }
                    _ => Err(Fault::at_pointer(at, format!("`{text}` is no {key}"))),
                };
            }
        }
        if let Some(ends) = json.get("interval").and_then(Json::as_array) {
            return self.interval(ends, at);
        }
        if let Some(numbers) = json.get("bbox").and_then(Json::as_array) {
            let numbers: Vec<f64> = numbers.iter().filter_map(Json::as_f64).collect();
            return self.shape(bbox(&numbers), at);
        }
        if json.get("type").is_some() {
            return self.shape(geojson_shape(json), at);
        }
        match (
            json.get("op").and_then(Json::as_str),
            json.get("args").and_then(Json::as_array),
        ) {
            (Some(operator), Some(arguments)) => self.call(operator, arguments, at),
            _ => Err(Fault::at_pointer(
                at,
                "an object has op and args, or is a property, date, timestamp, interval, bbox or geometry",
            )),
        }
    }

    fn shape(&mut self, shape: Result<Geometry<f64>, String>, at: &str) -> Read {
        let shape = shape.map_err(|message| Fault::at_pointer(at, message))?;
        self.node(at, Node::Literal(Value::Shape(Cow::Owned(shape))))
    }

    fn interval(&mut self, ends: &[Json], at: &str) -> Read {
        let fault = || {
            Fault::at_pointer(
                at,
                "an interval has two ends: a time, \"..\", or a property",
            )
        };
        let [from, to] = ends else {
            return Err(fault());
        };
        let mut end = |json: &Json| match json {
            Json::String(text) if text == ".." => self.node(at, Node::Literal(Value::Null)),
            Json::String(text) => {
                let value = read_instant(text).ok_or_else(fault)?;
                self.node(at, Node::Literal(value))
            }
            other => match self.any(other, at)? {
                found @ Expression {
                    node: Node::Property(_) | Node::Literal(Value::Date(_) | Value::Instant(_)),
                    ..
                } => Ok(found),
                _ => Err(fault()),
            },
        };
        let (from, to) = (Box::new(end(from)?), Box::new(end(to)?));
        self.node(at, Node::Interval(from, to))
    }

    fn call(&mut self, operator: &str, arguments: &[Json], at: &str) -> Read {
        let at = format!("{at}/args");
        if matches!(operator, "and" | "or") {
            return self.joined(operator == "and", arguments, &at);
        }
        if operator == "not" {
            let [inner] = arguments else {
                return Err(count(operator, 1, arguments, &at));
            };
            let inner = self.condition(inner, &format!("{at}/0"))?;
            return self.node(&at, Node::Not(Box::new(inner)));
        }
        if operator == "in" {
            let [value, Json::Array(list)] = arguments else {
                return Err(Fault::at_pointer(&at, "in takes a value and a list"));
            };
            let value = Box::new(self.any(value, &format!("{at}/0"))?);
            let list = self.all(list, &format!("{at}/1"))?;
            return self.node(&at, Node::In(value, list));
        }
        let mut read = self.all(arguments, &at)?.into_iter().map(Box::new);
        let node = match (
            operator.to_ascii_lowercase().as_str(),
            read.next(),
            read.next(),
            read.next(),
        ) {
            ("isnull", Some(a), None, None) => Node::IsNull(a),
            ("casei", Some(a), None, None) => Node::Casei(a),
            ("accenti", Some(a), None, None) => Node::Accenti(a),
            ("-", Some(a), None, None) => match a.node {
                Node::Literal(Value::Number(number)) => Node::Literal(Value::Number(-number)),
                _ => Node::Minus(a),
            },
            ("like", Some(a), Some(b), None) => Node::Like(a, b),
            ("between", Some(a), Some(b), Some(c)) => Node::Between(Box::new([*a, *b, *c])),
            (_, Some(a), Some(b), None) => binary(operator, a, b, &at)?,
            _ => return Err(unknown(operator, &at)),
        };
        if read.next().is_some() {
            return Err(unknown(operator, &at));
        }
        self.node(&at, node)
    }

    fn joined(&mut self, is_and: bool, arguments: &[Json], at: &str) -> Read {
        let mut all = None;
        for (place, each) in arguments.iter().enumerate() {
            let next = self.condition(each, &format!("{at}/{place}"))?;
            all = Some(match all {
                None => next,
                Some(before) => {
                    let (a, b) = (Box::new(before), Box::new(next));
                    let node = if is_and {
                        Node::And(a, b)
                    } else {
                        Node::Or(a, b)
                    };
                    self.node(at, node)?
                }
            });
        }
        all.ok_or_else(|| Fault::at_pointer(at, "nothing is joined here"))
    }
}

fn binary(operator: &str, a: Box<Expression>, b: Box<Expression>, at: &str) -> Result<Node, Fault> {
    if let Some(comparison) = Comparison::of_word(operator) {
        return Ok(Node::Compare(comparison, a, b));
    }
    if let Some(arithmetic) = Arithmetic::of_word(operator) {
        return Ok(Node::Arithmetic(arithmetic, a, b));
    }
    if let Some(relation) = SpatialRelation::of_word(operator) {
        return Ok(Node::Spatial(relation, a, b));
    }
    if let Some(relation) = TemporalRelation::of_word(operator) {
        return Ok(Node::Temporal(relation, a, b));
    }
    match SetRelation::of_word(operator) {
        Some(relation) => Ok(Node::Set(relation, a, b)),
        None => Err(unknown(operator, at)),
    }
}

fn count(operator: &str, wanted: usize, arguments: &[Json], at: &str) -> Fault {
    let message = format!(
        "{operator} takes {wanted} arguments, not {}",
        arguments.len()
    );
    Fault::at_pointer(at, message)
}

fn unknown(operator: &str, at: &str) -> Fault {
    let message = format!(
        "there is no operator {operator} of so many arguments; there are the comparisons, and, or, not, like, between, in, isNull, the arithmetic, casei, accenti, s_…, t_… and a_…"
    );
    Fault::at_pointer(at, message)
}
