//! Filters as trees.

mod geojson;
mod lexer;
mod literal;
mod parse;
mod print;

use crate::value::Value;

pub(crate) use geojson::geojson_shape;
pub(crate) use literal::bbox;
pub(crate) use parse::Room;

/// Bytes of one filter.
pub const TEXT_BYTES_MAX: usize = 64 * 1024;
/// Nodes of one expression.
pub const NODES_MAX: usize = 500;
/// Expressions within one another.
pub const NESTING_MAX: usize = 40;

/// An expression, with where it stood in its text. Two are equal if they say the same, wherever they stood.
#[derive(Debug, Clone)]
pub struct Expression {
    /// Bytes into the text; 0 where it came from JSON.
    pub position: usize,
    pub node: Node,
}

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.node == other.node
    }
}

/// What an expression does.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    Literal(Value<'static>),
    Property(String),
    /// From an instant to another, each a literal, a property, or open where it is a null.
    Interval(Box<Expression>, Box<Expression>),
    List(Vec<Expression>),
    Not(Box<Expression>),
    And(Box<Expression>, Box<Expression>),
    Or(Box<Expression>, Box<Expression>),
    Compare(Comparison, Box<Expression>, Box<Expression>),
    Like(Box<Expression>, Box<Expression>),
    Between(Box<[Expression; 3]>),
    In(Box<Expression>, Vec<Expression>),
    IsNull(Box<Expression>),
    Minus(Box<Expression>),
    Arithmetic(Arithmetic, Box<Expression>, Box<Expression>),
    /// Without regard to upper and lower case.
    Casei(Box<Expression>),
    /// Without regard to accents.
    Accenti(Box<Expression>),
    Spatial(SpatialRelation, Box<Expression>, Box<Expression>),
    Temporal(TemporalRelation, Box<Expression>, Box<Expression>),
    Set(SetRelation, Box<Expression>, Box<Expression>),
}

/// Defines an enumeration with the word that each of its variants is written with.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($variant,)* }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// As it is written.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            pub(crate) fn of_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|each| each.word().eq_ignore_ascii_case(word))
            }
        }
    };
}

words! {
    /// What compares two scalars.
    Comparison { Eq = "=", Ne = "<>", Lt = "<", Le = "<=", Gt = ">", Ge = ">=", }
}
words! {
    /// What reckons with two numbers; `div` leaves the remainder away.
    Arithmetic { Add = "+", Sub = "-", Mul = "*", Div = "/", Mod = "%", Quotient = "div", Power = "^", }
}
words! {
    /// How two shapes lie to each other.
    SpatialRelation {
        Intersects = "S_INTERSECTS",
        Equals = "S_EQUALS",
        Disjoint = "S_DISJOINT",
        Touches = "S_TOUCHES",
        Within = "S_WITHIN",
        Overlaps = "S_OVERLAPS",
        Crosses = "S_CROSSES",
        Contains = "S_CONTAINS",
    }
}
words! {
    /// How two times lie to each other.
    TemporalRelation {
        After = "T_AFTER",
        Before = "T_BEFORE",
        Contains = "T_CONTAINS",
        Disjoint = "T_DISJOINT",
        During = "T_DURING",
        Equals = "T_EQUALS",
        FinishedBy = "T_FINISHEDBY",
        Finishes = "T_FINISHES",
        Intersects = "T_INTERSECTS",
        Meets = "T_MEETS",
        MetBy = "T_METBY",
        OverlappedBy = "T_OVERLAPPEDBY",
        Overlaps = "T_OVERLAPS",
        StartedBy = "T_STARTEDBY",
        Starts = "T_STARTS",
    }
}
words! {
    /// How two lists lie to each other, taken as sets.
    SetRelation { Equals = "A_EQUALS", Contains = "A_CONTAINS", ContainedBy = "A_CONTAINEDBY", Overlaps = "A_OVERLAPS", }
}

impl Expression {
    pub(crate) fn new(position: usize, node: Node) -> Self {
        Self { position, node }
    }

    /// Every property in it, with where it stands.
    pub fn properties(&self) -> Vec<(usize, &str)> {
        let mut found = Vec::new();
        self.visit(&mut |each| {
            if let Node::Property(name) = &each.node {
                found.push((each.position, name.as_str()));
            }
        });
        found
    }

    fn visit<'a>(&'a self, look: &mut impl FnMut(&'a Self)) {
        look(self);
        match &self.node {
            Node::Literal(_) | Node::Property(_) => {}
            Node::Not(a) | Node::IsNull(a) | Node::Minus(a) | Node::Casei(a) | Node::Accenti(a) => {
                a.visit(look);
            }
            Node::Interval(a, b)
            | Node::And(a, b)
            | Node::Or(a, b)
            | Node::Compare(_, a, b)
            | Node::Like(a, b)
            | Node::Arithmetic(_, a, b)
            | Node::Spatial(_, a, b)
            | Node::Temporal(_, a, b)
            | Node::Set(_, a, b) => {
                a.visit(look);
                b.visit(look);
            }
            Node::Between(three) => three.iter().for_each(|each| each.visit(look)),
            Node::List(all) => all.iter().for_each(|each| each.visit(look)),
            Node::In(a, list) => {
                a.visit(look);
                for each in list {
                    each.visit(look);
                }
            }
        }
    }

    /// May it be true or false? A property may be anything.
    pub(crate) fn decides(&self) -> bool {
        match &self.node {
            Node::Literal(value) => matches!(value, Value::Bool(_)),
            Node::Property(_)
            | Node::Not(_)
            | Node::And(..)
            | Node::Or(..)
            | Node::Compare(..)
            | Node::Like(..)
            | Node::Between(_)
            | Node::In(..)
            | Node::IsNull(_)
            | Node::Spatial(..)
            | Node::Temporal(..)
            | Node::Set(..) => true,
            Node::Interval(..)
            | Node::List(_)
            | Node::Minus(_)
            | Node::Arithmetic(..)
            | Node::Casei(_)
            | Node::Accenti(_) => false,
        }
    }
}
