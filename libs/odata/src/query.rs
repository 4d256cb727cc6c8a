//! The options of a question: `$filter`, `$orderby`, `$select`, `$expand`, `$top`, `$skip`, `$count`.

use crate::Fault;
use crate::expression::{Expression, Node};
use crate::text::parts;

/// Bytes of one option.
pub const OPTION_BYTES_MAX: usize = 8_192;
/// The most that may be asked for; a service answers less.
pub const TOP_MAX: u64 = 1_000_000_000;
/// `$expand` within `$expand`.
const EXPAND_DEPTH_MAX: usize = 6;
/// Names in one `$expand`, `$select` or `$orderby`.
const NAMES_MAX: usize = 32;

/// One key of an order.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    pub expression: Expression,
    pub descending: bool,
}

/// A relation to be shown with its entity, with options of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Expand {
    pub name: String,
    pub query: Query,
}

/// A question, read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Query {
    pub filter: Option<Expression>,
    pub order: Vec<Order>,
    /// Empty: everything.
    pub select: Vec<String>,
    pub expand: Vec<Expand>,
    pub top: Option<u64>,
    pub skip: Option<u64>,
    pub count: Option<bool>,
    pub result_format: Option<String>,
    /// Where a page begins, as the service itself wrote it.
    pub skip_token: Option<String>,
    /// The options as they were written, to be repeated in a link to the next page.
    pub written: Vec<(String, String)>,
}

impl Query {
    /// Reads decoded options. Names that begin with `$` and are not known are refused; others are left alone.
    pub fn parse<'a>(options: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, Fault> {
        Self::read(options, EXPAND_DEPTH_MAX)
    }

    fn read<'a>(
        options: impl IntoIterator<Item = (&'a str, &'a str)>,
        depth: usize,
    ) -> Result<Self, Fault> {
        let mut query = Self::default();
        let mut seen = Vec::new();
        for (name, text) in options {
            if !name.starts_with('$') {
                continue;
            }
            let fault = |message: String| Fault::new(0, message).within(name, 0);
            if seen.contains(&name) {
                return Err(fault(format!("{name} stands there twice")));
            }
            seen.push(name);
            query.written.push((name.to_owned(), text.to_owned()));
            if text.len() > OPTION_BYTES_MAX {
                return Err(fault(format!(
                    "an option has at most {OPTION_BYTES_MAX} bytes"
                )));
            }
            query
                .option(name, text, depth)
                .map_err(|fault| fault.within(name, 0))?;
        }
        Ok(query)
    }

    /// Adds what another mention of the same relation shows.
    fn merge(&mut self, other: Self) {
        self.expand.extend(other.expand);
        for (name, text) in other.written {
            match self.written.iter_mut().find(|known| known.0 == name) {
                Some(known) if name == "$expand" => known.1 = format!("{},{text}", known.1),
                Some(_) => {}
                None => self.written.push((name, text)),
            }
        }
    }

    fn option(&mut self, name: &str, text: &str, depth: usize) -> Result<(), Fault> {
        match name {
            "$filter" => self.filter = Some(Expression::parse(text)?),
            "$orderby" => self.order = orders(text)?,
            "$select" => self.select = names(text)?,
            "$expand" => self.expand = expands(text, depth)?,
            "$top" => self.top = Some(number(text)?),
            "$skip" => self.skip = Some(number(text)?),
            "$count" => {
                let flag = text.trim().parse();
                self.count = Some(flag.map_err(|_none| Fault::new(0, "write true or false"))?);
            }
            "$resultFormat" => self.result_format = Some(text.trim().to_owned()),
            "$skiptoken" => self.skip_token = Some(text.to_owned()),
            _ => {
                let known =
                    "$filter, $orderby, $select, $expand, $top, $skip, $count, $resultFormat";
                return Err(Fault::new(0, format!("is not known; there are {known}")));
            }
        }
        Ok(())
    }
}

fn number(text: &str) -> Result<u64, Fault> {
    let number: u64 = text
        .trim()
        .parse()
        .map_err(|_none| Fault::new(0, format!("`{text}` is no whole number from 0")))?;
    Ok(number.min(TOP_MAX))
}

/// The trimmed parts between commas, none of them empty.
fn list(text: &str) -> Result<Vec<(usize, &str)>, Fault> {
    let mut found = Vec::new();
    for (at, part) in parts(text, ',')? {
        let trimmed = part.trim();
        if trimmed.is_empty() {
            return Err(Fault::new(at, "a name is missing"));
        }
        found.push((at + part.len() - part.trim_start().len(), trimmed));
    }
    if found.len() > NAMES_MAX {
        return Err(Fault::new(0, format!("at most {NAMES_MAX} names")));
    }
    Ok(found)
}

fn names(text: &str) -> Result<Vec<String>, Fault> {
    let names = list(text)?.into_iter().map(|(_, name)| match name {
        "@iot.id" => "id".to_owned(),
        _ => name.to_owned(),
    });
    Ok(names.collect())
}

fn orders(text: &str) -> Result<Vec<Order>, Fault> {
    let mut orders = Vec::new();
    for (at, part) in list(text)? {
        let lower = part.to_ascii_lowercase();
        let (key, descending) = if lower.ends_with(" desc") {
            (part.get(..part.len() - 5), true)
        } else if lower.ends_with(" asc") {
            (part.get(..part.len() - 4), false)
        } else {
            (Some(part), false)
        };
        let expression =
            Expression::parse(key.unwrap_or_default()).map_err(|fault| fault.within("", at))?;
        if matches!(expression.node, Node::Literal(_)) {
            return Err(Fault::new(at, "a value orders nothing; name a property"));
        }
        orders.push(Order {
            expression,
            descending,
        });
    }
    Ok(orders)
}

fn expands(text: &str, depth: usize) -> Result<Vec<Expand>, Fault> {
    let mut all: Vec<Expand> = Vec::new();
    for (at, part) in list(text)? {
        let expand = expand(part, depth).map_err(|fault| fault.within("$expand", at))?;
        // `A/B,A/C` shows A once, with both.
        match all.iter_mut().find(|known| known.name == expand.name) {
            Some(known) => known.query.merge(expand.query),
            None => all.push(expand),
        }
    }
    Ok(all)
}

/// `Datastreams/Observations($top=1;$orderby=phenomenonTime desc)`.
fn expand(part: &str, depth: usize) -> Result<Expand, Fault> {
    let Some(depth) = depth.checked_sub(1) else {
        return Err(Fault::new(
            0,
            format!("at most {EXPAND_DEPTH_MAX} within one another"),
        ));
    };
    let end = part.find(['/', '(']).unwrap_or(part.len());
    let (name, rest) = part.split_at(end);
    let name = name.trim();
    let is_name = !name.is_empty() && name.chars().all(char::is_alphanumeric);
    if !is_name {
        return Err(Fault::new(0, format!("`{name}` is no name of a relation")));
    }
    let mut query = Query::default();
    if let Some(inner) = rest.strip_prefix('/') {
        let read = expand(inner, depth).map_err(|fault| fault.within("$expand", end + 1))?;
        query.expand.push(read);
        query.written.push(("$expand".to_owned(), inner.to_owned()));
    } else if let Some(inner) = rest.strip_prefix('(') {
        let inner = inner
            .trim_end()
            .strip_suffix(')')
            .ok_or_else(|| Fault::new(part.len(), "a `)` belongs at the end"))?;
        let mut options = Vec::new();
        for (at, option) in parts(inner, ';')? {
            let (name, text) = option
                .split_once('=')
                .ok_or_else(|| Fault::new(end + 1 + at, "write ($top=1;$select=name)"))?;
            options.push((name.trim(), text));
        }
        query = Query::read(options, depth).map_err(|fault| {
            let message = format!("{}: {}", fault.option, fault.message);
            Fault::new(end + 1 + fault.position, message)
        })?;
    }
    Ok(Expand {
        name: name.to_owned(),
        query,
    })
}
