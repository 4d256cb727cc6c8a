//! What begins with a word: properties, geometries, times, and the functions of the standard.

use super::{Parser, Read};
use crate::expression::lexer::Token;
use crate::expression::literal::{bbox, closing, is_kind, wkt_shape};
use crate::expression::{Node, SetRelation, SpatialRelation, TemporalRelation};
use crate::value::read_instant;
use crate::{Expression, Fault, Value};

const RESERVED: [&str; 9] = [
    "AND", "OR", "NOT", "LIKE", "BETWEEN", "IN", "IS", "NULL", "DIV",
];

impl Parser<'_> {
    pub(super) fn word(&mut self, at: usize, word: String) -> Read {
        let is = |known: &str| word.eq_ignore_ascii_case(known);
        if is("TRUE") || is("FALSE") {
            return self.node(at, Node::Literal(Value::Bool(is("TRUE"))));
        }
        if RESERVED.iter().any(|reserved| is(reserved)) {
            let message = format!(
                "{word} where a property, a value or a function belongs; a property of that name goes in double quotes"
            );
            return Err(Fault::new(at, message));
        }
        let is_tagged = matches!(&self.next, Some((_, token)) if ["Z", "M", "ZM"].iter().any(|tag| token.is_word(tag)));
        let is_call = matches!(self.next, Some((_, Token::Open)));
        if is_kind(&word) && (is_call || is_tagged) {
            return self.geometry(at);
        }
        if !is_call {
            return self.node(at, Node::Property(word));
        }
        self.call(at, &word)
    }

    /// A geometry that begins at `at`, read from the text itself.
    fn geometry(&mut self, at: usize) -> Read {
        // What is next is the bracket or the letter before it; the geometry ends where its bracket is closed.
        self.lexer.at = at;
        let rest = self.lexer.rest();
        let end =
            closing(rest).ok_or_else(|| Fault::new(at, "a `(` of this geometry is not closed"))?;
        let text = rest.get(..end).unwrap_or_default();
        let shape = wkt_shape(text).map_err(|message| Fault::new(at, message))?;
        self.lexer.at = at + end;
        self.next = self.lexer.next()?;
        self.node(at, shape_literal(shape))
    }

    fn call(&mut self, at: usize, word: &str) -> Read {
        let is = |known: &str| word.eq_ignore_ascii_case(known);
        self.advance()?;
        if is("BBOX") {
            return self.bbox(at);
        }
        if is("DATE") || is("TIMESTAMP") {
            return self.instant(at, is("DATE"));
        }
        if is("INTERVAL") {
            let [from, to] = [self.end_of_interval()?, {
                self.expect(&Token::Comma)?;
                self.end_of_interval()?
            }];
            self.expect(&Token::Close)?;
            return self.interval(at, from, to);
        }
        if is("CASEI") || is("ACCENTI") {
            let inner = Box::new(self.nested(Self::sum)?);
            self.expect(&Token::Close)?;
            let node = if is("CASEI") {
                Node::Casei(inner)
            } else {
                Node::Accenti(inner)
            };
            return self.node(at, node);
        }
        if let Some(relation) = SpatialRelation::of_word(word) {
            let [a, b] = self.two(Self::shape_argument)?;
            return self.node(at, Node::Spatial(relation, a, b));
        }
        if let Some(relation) = TemporalRelation::of_word(word) {
            let [a, b] = self.two(Self::time_argument)?;
            return self.node(at, Node::Temporal(relation, a, b));
        }
        if let Some(relation) = SetRelation::of_word(word) {
            let [a, b] = self.two(Self::element)?;
            return self.node(at, Node::Set(relation, a, b));
        }
        Err(Fault::new(at, unknown(word)))
    }

    fn two(
        &mut self,
        mut read: impl FnMut(&mut Self) -> Read,
    ) -> Result<[Box<Expression>; 2], Fault> {
        let a = self.nested(&mut read)?;
        self.expect(&Token::Comma)?;
        let b = self.nested(&mut read)?;
        self.expect(&Token::Close)?;
        Ok([Box::new(a), Box::new(b)])
    }

    fn shape_argument(&mut self) -> Read {
        let read = self.sum()?;
        match read.node {
            Node::Property(_) | Node::Literal(Value::Shape(_)) => Ok(read),
            _ => Err(Fault::new(
                read.position,
                "a geometry belongs here: a property, POINT(120.28 31.91), or BBOX(west, south, east, north)",
            )),
        }
    }

    fn time_argument(&mut self) -> Read {
        let read = self.sum()?;
        match read.node {
            Node::Property(_)
            | Node::Interval(..)
            | Node::Literal(Value::Date(_) | Value::Instant(_) | Value::Interval(..)) => Ok(read),
            _ => Err(Fault::new(
                read.position,
                "a time belongs here: a property, DATE('2026-11-23'), TIMESTAMP('2026-11-23T02:15:00Z') or INTERVAL(…, …)",
            )),
        }
    }

    /// A list in brackets, or what may stand in one.
    fn element(&mut self) -> Read {
        let at = self.position();
        if !matches!(self.next, Some((_, Token::Open))) {
            return self.sum();
        }
        self.advance()?;
        let all = if self.eat(&Token::Close)? {
            Vec::new()
        } else {
            self.list(|parser| parser.nested(Self::element))?
        };
        self.node(at, Node::List(all))
    }

    fn bbox(&mut self, at: usize) -> Read {
        let all = self.list(Self::unary)?;
        let numbers = all.iter().map(|each| match each.node {
            Node::Literal(Value::Number(number)) => Ok(number),
            _ => Err(Fault::new(each.position, "a number belongs in a box")),
        });
        let numbers: Vec<f64> = numbers.collect::<Result<_, _>>()?;
        let shape = bbox(&numbers).map_err(|message| Fault::new(at, message))?;
        self.node(at, shape_literal(shape))
    }

    fn instant(&mut self, at: usize, is_date: bool) -> Read {
        let text_at = self.position();
        let read = match self.advance()? {
            Some((_, Token::Text(text))) => read_instant(&text),
            _ => None,
        };
        let fitting = read.filter(|value| matches!(value, Value::Date(_)) == is_date);
        let Some(value) = fitting else {
            let right = if is_date {
                "write DATE('2026-11-23')"
            } else {
                "write TIMESTAMP('2026-11-23T02:15:00Z')"
            };
            return Err(Fault::new(
                text_at,
                format!("this is no such time; {right}"),
            ));
        };
        self.expect(&Token::Close)?;
        self.node(at, Node::Literal(value))
    }

    fn end_of_interval(&mut self) -> Read {
        let at = self.position();
        let node = match self.advance()? {
            Some((_, Token::Text(text))) if text == ".." => Some(Node::Literal(Value::Null)),
            Some((_, Token::Text(text))) => read_instant(&text).map(Node::Literal),
            Some((_, Token::Word(name) | Token::Quoted(name))) => Some(Node::Property(name)),
            _ => None,
        };
        let node = node.ok_or_else(|| {
            Fault::new(
                at,
                "an end of an interval is '2026-11-23', '2026-11-23T02:15:00Z', '..' or a property",
            )
        })?;
        self.node(at, node)
    }

    fn interval(&mut self, at: usize, from: Expression, to: Expression) -> Read {
        if let (Node::Literal(a), Node::Literal(b)) = (&from.node, &to.node)
            && let (Some(a), Some(b)) = (a.as_moment(), b.as_moment())
            && a > b
        {
            return Err(Fault::new(
                from.position,
                "an interval begins before it ends",
            ));
        }
        self.node(at, Node::Interval(Box::new(from), Box::new(to)))
    }
}

fn shape_literal(shape: geo::Geometry<f64>) -> Node {
    Node::Literal(Value::Shape(std::borrow::Cow::Owned(shape)))
}

fn unknown(word: &str) -> String {
    let known = SpatialRelation::ALL.iter().map(|each| each.word());
    let known = known
        .chain(TemporalRelation::ALL.iter().map(|each| each.word()))
        .chain(SetRelation::ALL.iter().map(|each| each.word()));
    let known: Vec<&str> = known.collect();
    format!(
        "there is no function {word}; there are CASEI, ACCENTI, DATE, TIMESTAMP, INTERVAL, BBOX, {}",
        known.join(", ")
    )
}
