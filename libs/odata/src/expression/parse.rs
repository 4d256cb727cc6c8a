//! From words to a tree, by the rank of operators.

use super::lexer::{Lexer, Token};
use super::{EXPRESSION_NODES_MAX, Expression, Function, NESTING_MAX, Node, Operator};
use crate::Fault;

impl Expression {
    /// Reads one expression.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let mut parser = Parser::new(text)?;
        let expression = parser.binary(0)?;
        match parser.next.take() {
            None => Ok(expression),
            Some((at, token)) => Err(Fault::new(
                at,
                format!(
                    "{} does not belong here; join conditions by `and` or `or`",
                    told(&token)
                ),
            )),
        }
    }
}

fn told(token: &Token) -> String {
    match token {
        Token::Open => "`(`".to_owned(),
        Token::Close => "`)`".to_owned(),
        Token::Comma => "`,`".to_owned(),
        Token::Slash => "`/`".to_owned(),
        Token::Minus => "`-`".to_owned(),
        Token::Literal(_) => "a value".to_owned(),
        Token::Word(word) => format!("`{word}`"),
    }
}

struct Parser<'a> {
    lexer: Lexer<'a>,
    next: Option<(usize, Token)>,
    end: usize,
    nodes: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str) -> Result<Self, Fault> {
        let mut lexer = Lexer::new(text);
        let next = lexer.next()?;
        Ok(Self {
            lexer,
            next,
            end: text.len(),
            nodes: 0,
            depth: 0,
        })
    }

    fn advance(&mut self) -> Result<Option<(usize, Token)>, Fault> {
        let next = self.lexer.next()?;
        Ok(std::mem::replace(&mut self.next, next))
    }

    fn position(&self) -> usize {
        self.next.as_ref().map_or(self.end, |(at, _)| *at)
    }

    fn node(&mut self, position: usize, node: Node) -> Result<Expression, Fault> {
        self.nodes += 1;
        if self.nodes > EXPRESSION_NODES_MAX {
            let message = format!("an expression has at most {EXPRESSION_NODES_MAX} parts");
            return Err(Fault::new(position, message));
        }
        Ok(Expression::new(position, node))
    }

    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        self.depth += 1;
        if self.depth > NESTING_MAX {
            let message = format!("brackets go at most {NESTING_MAX} deep");
            return Err(Fault::new(self.position(), message));
        }
        let read = read(self);
        self.depth -= 1;
        read
    }

    fn binary(&mut self, least: u8) -> Result<Expression, Fault> {
        self.nested(|parser| {
            let mut left = parser.unary()?;
            while let Some((at, operator)) = parser.operator(least) {
                parser.advance()?;
                let right = parser.binary(operator.rank() + 1)?;
                let node = Node::Binary(operator, Box::new(left), Box::new(right));
                left = parser.node(at, node)?;
            }
            Ok(left)
        })
    }

    fn operator(&self, least: u8) -> Option<(usize, Operator)> {
        let Some((at, Token::Word(word))) = &self.next else {
            return None;
        };
        let operator = Operator::parse(word)?;
        (operator.rank() >= least).then_some((*at, operator))
    }

    fn unary(&mut self) -> Result<Expression, Fault> {
        match &self.next {
            Some((at, Token::Word(word))) if word == "not" => {
                let at = *at;
                self.advance()?;
                // `not a eq b` denies the comparison, not `a`.
                let inner = self.binary(Operator::Eq.rank())?;
                self.node(at, Node::Not(Box::new(inner)))
            }
            Some((at, Token::Minus)) => {
                let at = *at;
                self.advance()?;
                let inner = self.nested(Self::unary)?;
                self.node(at, Node::Minus(Box::new(inner)))
            }
            _ => self.primary(),
        }
    }

    fn primary(&mut self) -> Result<Expression, Fault> {
        match self.advance()? {
            None => Err(Fault::new(self.end, "something is missing at the end")),
            Some((at, Token::Literal(value))) => self.node(at, Node::Literal(value)),
            Some((_, Token::Open)) => {
                let inner = self.binary(0)?;
                self.close()?;
                Ok(inner)
            }
            Some((at, Token::Word(word))) => {
                if matches!(self.next, Some((_, Token::Open))) {
                    self.call(at, &word)
                } else {
                    self.path(at, word)
                }
            }
            Some((at, token)) => {
                let message = format!(
                    "{} where a property, a value or a function belongs",
                    told(&token)
                );
                Err(Fault::new(at, message))
            }
        }
    }

    fn close(&mut self) -> Result<(), Fault> {
        let at = self.position();
        match self.advance()? {
            Some((_, Token::Close)) => Ok(()),
            Some((_, token)) => Err(Fault::new(
                at,
                format!("{} where a `)` belongs", told(&token)),
            )),
            None => Err(Fault::new(at, "a `(` is not closed")),
        }
    }

    fn call(&mut self, at: usize, name: &str) -> Result<Expression, Fault> {
        let (function, least, most) = Function::parse(name).ok_or_else(|| {
            let names = Function::names();
            Fault::new(
                at,
                format!("there is no function `{name}`; there are {names}"),
            )
        })?;
        self.advance()?;
        let mut arguments = Vec::new();
        if !matches!(self.next, Some((_, Token::Close))) {
            loop {
                arguments.push(self.binary(0)?);
                if !matches!(self.next, Some((_, Token::Comma))) {
                    break;
                }
                self.advance()?;
            }
        }
        self.close()?;
        if !(least..=most).contains(&arguments.len()) {
            let wanted = if least == most {
                least.to_string()
            } else {
                format!("{least} or {most}")
            };
            let message = format!("`{name}` takes {wanted} arguments, not {}", arguments.len());
            return Err(Fault::new(at, message));
        }
        self.node(at, Node::Call(function, arguments))
    }

    fn path(&mut self, at: usize, first: String) -> Result<Expression, Fault> {
        let mut path = vec![first];
        while matches!(self.next, Some((_, Token::Slash))) {
            self.advance()?;
            let position = self.position();
            match self.advance()? {
                Some((_, Token::Word(word))) => path.push(word),
                // A place in a list: `coordinates/0`.
                Some((_, Token::Literal(crate::Value::Number(number)))) => {
                    path.push(number.to_string());
                }
                _ => return Err(Fault::new(position, "a name belongs behind `/`")),
            }
        }
        if let Some(last) = path.last_mut()
            && last == "@iot.id"
        {
            "id".clone_into(last);
        }
        self.node(at, Node::Path(path))
    }
}
