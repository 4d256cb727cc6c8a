//! From words to a tree, by the rank of operators.

mod calls;

use super::lexer::{Lexer, Token};
use super::{Arithmetic, Expression, NESTING_MAX, NODES_MAX, Node, TEXT_BYTES_MAX};
use crate::{Fault, Value};

impl Expression {
    /// Reads a filter.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        if text.len() > TEXT_BYTES_MAX {
            let message = format!("a filter has at most {TEXT_BYTES_MAX} bytes");
            return Err(Fault::new(TEXT_BYTES_MAX, message));
        }
        let mut parser = Parser::new(text)?;
        let expression = condition(parser.or()?)?;
        match parser.next.take() {
            None => Ok(expression),
            Some((at, token)) => Err(Fault::new(
                at,
                format!(
                    "{} does not belong here; join conditions by AND or OR",
                    token.told()
                ),
            )),
        }
    }
}

/// How much more an expression may hold.
pub(crate) struct Room {
    nodes: usize,
    depth: usize,
}

impl Room {
    pub(crate) fn new() -> Self {
        Self {
            nodes: NODES_MAX,
            depth: NESTING_MAX,
        }
    }

    pub(crate) fn node(&mut self) -> Result<(), String> {
        self.nodes = self
            .nodes
            .checked_sub(1)
            .ok_or_else(|| format!("a filter has at most {NODES_MAX} parts"))?;
        Ok(())
    }

    pub(crate) fn deeper(&mut self) -> Result<(), String> {
        self.depth = self
            .depth
            .checked_sub(1)
            .ok_or_else(|| format!("expressions go at most {NESTING_MAX} deep"))?;
        Ok(())
    }

    pub(crate) fn back(&mut self) {
        self.depth += 1;
    }
}

struct Parser<'a> {
    lexer: Lexer<'a>,
    next: Option<(usize, Token)>,
    end: usize,
    room: Room,
}

type Read = Result<Expression, Fault>;

impl<'a> Parser<'a> {
    fn new(text: &'a str) -> Result<Self, Fault> {
        let mut lexer = Lexer::new(text);
        let next = lexer.next()?;
        Ok(Self {
            lexer,
            next,
            end: text.len(),
            room: Room::new(),
        })
    }

    fn advance(&mut self) -> Result<Option<(usize, Token)>, Fault> {
        let next = self.lexer.next()?;
        Ok(std::mem::replace(&mut self.next, next))
    }

    fn position(&self) -> usize {
        self.next.as_ref().map_or(self.end, |(at, _)| *at)
    }

    fn node(&mut self, position: usize, node: Node) -> Read {
        self.room
            .node()
            .map_err(|message| Fault::new(position, message))?;
        Ok(Expression::new(position, node))
    }

    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        let at = self.position();
        self.room
            .deeper()
            .map_err(|message| Fault::new(at, message))?;
        let read = read(self);
        self.room.back();
        read
    }

    /// Goes over a word if it stands next.
    fn eat_word(&mut self, word: &str) -> Result<bool, Fault> {
        let is_next = matches!(&self.next, Some((_, token)) if token.is_word(word));
        if is_next {
            self.advance()?;
        }
        Ok(is_next)
    }

    fn eat(&mut self, wanted: &Token) -> Result<bool, Fault> {
        let is_next = matches!(&self.next, Some((_, token)) if token == wanted);
        if is_next {
            self.advance()?;
        }
        Ok(is_next)
    }

    fn expect(&mut self, wanted: &Token) -> Result<(), Fault> {
        if self.eat(wanted)? {
            return Ok(());
        }
        let message = match &self.next {
            Some((_, token)) => format!("{} where {} belongs", token.told(), wanted.told()),
            None => format!("{} is missing at the end", wanted.told()),
        };
        Err(Fault::new(self.position(), message))
    }

    fn expect_word(&mut self, wanted: &str) -> Result<(), Fault> {
        if self.eat_word(wanted)? {
            return Ok(());
        }
        Err(Fault::new(
            self.position(),
            format!("{wanted} belongs here"),
        ))
    }

    fn or(&mut self) -> Read {
        self.nested(|parser| {
            let mut left = parser.and()?;
            while let Some(at) = parser.at_word("OR") {
                parser.advance()?;
                let [a, b] = [condition(left)?, condition(parser.and()?)?];
                left = parser.node(at, Node::Or(Box::new(a), Box::new(b)))?;
            }
            Ok(left)
        })
    }

    fn and(&mut self) -> Read {
        let mut left = self.not()?;
        while let Some(at) = self.at_word("AND") {
            self.advance()?;
            let [a, b] = [condition(left)?, condition(self.not()?)?];
            left = self.node(at, Node::And(Box::new(a), Box::new(b)))?;
        }
        Ok(left)
    }

    /// Where a word stands, if it stands next.
    fn at_word(&self, word: &str) -> Option<usize> {
        match &self.next {
            Some((at, token)) if token.is_word(word) => Some(*at),
            _ => None,
        }
    }

    fn not(&mut self) -> Read {
        let at = self.position();
        if self.eat_word("NOT")? {
            let inner = condition(self.nested(Self::not)?)?;
            return self.node(at, Node::Not(Box::new(inner)));
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Read {
        let left = self.sum()?;
        let at = self.position();
        if let Some((_, Token::Compare(operator))) = self.next {
            self.advance()?;
            let right = self.sum()?;
            if matches!(self.next, Some((_, Token::Compare(_)))) {
                let message =
                    "a comparison has two sides; write a < b AND b < c, or b BETWEEN a AND c";
                return Err(Fault::new(self.position(), message));
            }
            let node = Node::Compare(operator, Box::new(left), Box::new(right));
            return self.node(at, node);
        }
        if self.eat_word("IS")? {
            let is_denied = self.eat_word("NOT")?;
            self.expect_word("NULL")?;
            let node = self.node(at, Node::IsNull(Box::new(left)))?;
            return self.denied(is_denied, at, node);
        }
        let is_denied = self.eat_word("NOT")?;
        let node = if self.eat_word("LIKE")? {
            let pattern = self.sum()?;
            Node::Like(Box::new(left), Box::new(pattern))
        } else if self.eat_word("BETWEEN")? {
            let low = self.sum()?;
            self.expect_word("AND")?;
            let high = self.sum()?;
            Node::Between(Box::new([left, low, high]))
        } else if self.eat_word("IN")? {
            self.expect(&Token::Open)?;
            Node::In(Box::new(left), self.list(Self::sum)?)
        } else if is_denied {
            return Err(Fault::new(
                self.position(),
                "LIKE, BETWEEN or IN belongs behind NOT here",
            ));
        } else {
            return Ok(left);
        };
        let node = self.node(at, node)?;
        self.denied(is_denied, at, node)
    }

    fn denied(&mut self, is_denied: bool, at: usize, node: Expression) -> Read {
        if is_denied {
            return self.node(at, Node::Not(Box::new(node)));
        }
        Ok(node)
    }

    /// `a, b, … )`, the `(` being read.
    fn list(&mut self, mut read: impl FnMut(&mut Self) -> Read) -> Result<Vec<Expression>, Fault> {
        let mut all = vec![read(self)?];
        while self.eat(&Token::Comma)? {
            all.push(read(self)?);
        }
        self.expect(&Token::Close)?;
        Ok(all)
    }

    fn sum(&mut self) -> Read {
        self.chain(
            |token| match token {
                Token::Sign('+') => Some(Arithmetic::Add),
                Token::Sign('-') => Some(Arithmetic::Sub),
                _ => None,
            },
            Self::product,
        )
    }

    fn product(&mut self) -> Read {
        self.chain(
            |token| match token {
                Token::Sign('*') => Some(Arithmetic::Mul),
                Token::Sign('/') => Some(Arithmetic::Div),
                Token::Sign('%') => Some(Arithmetic::Mod),
                token if token.is_word("DIV") => Some(Arithmetic::Quotient),
                _ => None,
            },
            Self::power,
        )
    }

    fn power(&mut self) -> Read {
        self.chain(
            |token| (*token == Token::Sign('^')).then_some(Arithmetic::Power),
            Self::unary,
        )
    }

    fn chain(
        &mut self,
        operator: impl Fn(&Token) -> Option<Arithmetic>,
        read: impl Fn(&mut Self) -> Read,
    ) -> Read {
        let mut left = read(self)?;
        while let Some((at, found)) = self
            .next
            .as_ref()
            .and_then(|(at, token)| Some((*at, operator(token)?)))
        {
            self.advance()?;
            let right = read(self)?;
            let node = Node::Arithmetic(found, Box::new(left), Box::new(right));
            left = self.node(at, node)?;
        }
        Ok(left)
    }

    fn unary(&mut self) -> Read {
        let at = self.position();
        if self.eat(&Token::Sign('-'))? {
            let inner = self.nested(Self::unary)?;
            if let Node::Literal(Value::Number(number)) = inner.node {
                return Ok(Expression::new(at, Node::Literal(Value::Number(-number))));
            }
            return self.node(at, Node::Minus(Box::new(inner)));
        }
        if matches!(self.next, Some((_, Token::Sign('+')))) {
            self.advance()?;
            return self.nested(Self::unary);
        }
        self.primary()
    }

    fn primary(&mut self) -> Read {
        match self.advance()? {
            None => Err(Fault::new(self.end, "something is missing at the end")),
            Some((at, Token::Number(number))) => {
                self.node(at, Node::Literal(Value::Number(number)))
            }
            Some((at, Token::Text(text))) => self.node(at, Node::Literal(Value::text(text))),
            Some((at, Token::Quoted(name))) => self.node(at, Node::Property(name)),
            Some((_, Token::Open)) => {
                let inner = self.or()?;
                self.expect(&Token::Close)?;
                Ok(inner)
            }
            Some((at, Token::Word(word))) => self.word(at, word),
            Some((at, token)) => {
                let message = format!(
                    "{} where a property, a value or a function belongs",
                    token.told()
                );
                Err(Fault::new(at, message))
            }
        }
    }
}

/// The expression, which must be something true or false.
fn condition(expression: Expression) -> Read {
    if expression.decides() {
        return Ok(expression);
    }
    let message = "a condition belongs here: a comparison such as floors > 5, or S_INTERSECTS(…)";
    Err(Fault::new(expression.position, message))
}
