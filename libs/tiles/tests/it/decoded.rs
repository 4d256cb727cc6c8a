//! A decoder of vector tiles, written from the specification and strict about it.

use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Text(String),
    Float(f64),
    Integer(i64),
    Bool(bool),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Feature {
    pub(crate) id: Option<u64>,
    pub(crate) kind: u64,
    pub(crate) tags: BTreeMap<String, Value>,
    /// Points, lines, or rings without their repeated last place.
    pub(crate) parts: Vec<Vec<(i64, i64)>>,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Layer {
    pub(crate) name: String,
    pub(crate) extent: u64,
    pub(crate) features: Vec<Feature>,
}

enum Field<'a> {
    Number(u64),
    Bytes(&'a [u8]),
    Eight([u8; 8]),
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn varint(&mut self) -> u64 {
        let mut value = 0;
        for shift in (0..70).step_by(7) {
            let (byte, rest) = self.0.split_first().expect("a byte");
            self.0 = rest;
            value |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return value;
            }
        }
        panic!("a varint of more than ten bytes")
    }

    fn take(&mut self, count: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(count);
        self.0 = rest;
        taken
    }
}

impl<'a> Iterator for Reader<'a> {
    type Item = (u64, Field<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let tag = self.varint();
        let field = match tag & 7 {
            0 => Field::Number(self.varint()),
            1 => Field::Eight(self.take(8).try_into().unwrap()),
            2 => {
                let length = self.varint() as usize;
                Field::Bytes(self.take(length))
            }
            kind => panic!("wire type {kind}"),
        };
        Some((tag >> 3, field))
    }
}

pub(crate) fn decode(bytes: &[u8]) -> Layer {
    let mut layers = Reader(bytes).map(|field| match field {
        (3, Field::Bytes(bytes)) => layer(bytes),
        (number, _) => panic!("field {number} of a tile"),
    });
    let only = layers.next().unwrap_or_default();
    assert!(layers.next().is_none(), "one layer");
    only
}

fn layer(bytes: &[u8]) -> Layer {
    let mut layer = Layer::default();
    let (mut keys, mut values, mut raw) = (Vec::new(), Vec::new(), Vec::new());
    let mut version = None;
    for field in Reader(bytes) {
        match field {
            (1, Field::Bytes(name)) => layer.name = text(name),
            (2, Field::Bytes(feature)) => raw.push(feature),
            (3, Field::Bytes(key)) => keys.push(text(key)),
            (4, Field::Bytes(bytes)) => values.push(value(bytes)),
            (5, Field::Number(extent)) => layer.extent = extent,
            (15, Field::Number(number)) => version = Some(number),
            (number, _) => panic!("field {number} of a layer"),
        }
    }
    assert_eq!(version, Some(2));
    for (at, key) in keys.iter().enumerate() {
        assert!(!keys[..at].contains(key), "key {key} twice");
    }
    for (at, value) in values.iter().enumerate() {
        assert!(!values[..at].contains(value), "value {value:?} twice");
    }
    let decoded = raw.into_iter().map(|bytes| feature(bytes, &keys, &values));
    layer.features = decoded.collect();
    layer
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn value(bytes: &[u8]) -> Value {
    let mut fields = Reader(bytes);
    let value = match fields.next().expect("a value") {
        (1, Field::Bytes(bytes)) => Value::Text(text(bytes)),
        (3, Field::Eight(bytes)) => Value::Float(f64::from_le_bytes(bytes)),
        (4, Field::Number(bits)) => Value::Integer(bits as i64),
        (6, Field::Number(bits)) => Value::Integer(unzigzag(bits)),
        (7, Field::Number(bits)) => Value::Bool(bits != 0),
        (number, _) => panic!("field {number} of a value"),
    };
    assert!(fields.next().is_none());
    value
}

fn unzigzag(bits: u64) -> i64 {
    (bits >> 1) as i64 ^ -((bits & 1) as i64)
}

fn numbers(bytes: &[u8]) -> Vec<u64> {
    let mut reader = Reader(bytes);
    let mut list = Vec::new();
    while !reader.0.is_empty() {
        list.push(reader.varint());
    }
    list
}

fn feature(bytes: &[u8], keys: &[String], values: &[Value]) -> Feature {
    let (mut id, mut kind, mut tags, mut commands) = (None, 0, BTreeMap::new(), Vec::new());
    for field in Reader(bytes) {
        match field {
            (1, Field::Number(number)) => id = Some(number),
            (2, Field::Bytes(bytes)) => {
                for pair in numbers(bytes).chunks(2) {
                    let key = keys[pair[0] as usize].clone();
                    let before = tags.insert(key, values[pair[1] as usize].clone());
                    assert!(before.is_none());
                }
            }
            (3, Field::Number(number)) => kind = number,
            (4, Field::Bytes(bytes)) => commands = numbers(bytes),
            (number, _) => panic!("field {number} of a feature"),
        }
    }
    let parts = geometry(kind, &commands);
    assert!(!parts.is_empty(), "a feature has a geometry");
    Feature {
        id,
        kind,
        tags,
        parts,
    }
}

fn geometry(kind: u64, commands: &[u64]) -> Vec<Vec<(i64, i64)>> {
    let mut parts: Vec<Vec<(i64, i64)>> = Vec::new();
    let (mut x, mut y) = (0, 0);
    let mut rest = commands.iter().copied();
    let mut is_open = false;
    while let Some(command) = rest.next() {
        let (id, count) = (command & 7, command >> 3);
        assert!(count > 0);
        match id {
            1 => {
                assert!(kind == 1 || (count == 1 && !(kind == 3 && is_open)));
                is_open = true;
                for _ in 0..count {
                    x += unzigzag(rest.next().unwrap());
                    y += unzigzag(rest.next().unwrap());
                    parts.push(vec![(x, y)]);
                }
            }
            2 => {
                assert!(kind != 1 && is_open);
                for _ in 0..count {
                    let (dx, dy) = (
                        unzigzag(rest.next().unwrap()),
                        unzigzag(rest.next().unwrap()),
                    );
                    assert!((dx, dy) != (0, 0), "a step of nothing");
                    (x, y) = (x + dx, y + dy);
                    parts.last_mut().unwrap().push((x, y));
                }
            }
            7 => {
                assert!(kind == 3 && count == 1 && is_open);
                is_open = false;
                assert!(parts.last().unwrap().len() > 2);
            }
            _ => panic!("command {id}"),
        }
    }
    match kind {
        1 => {}
        2 => assert!(parts.iter().all(|line| line.len() > 1)),
        3 => assert!(
            !is_open && area(&parts[0]) > 0,
            "the first ring is an exterior"
        ),
        _ => panic!("kind {kind}"),
    }
    parts
}

/// Twice the area by the surveyor's formula: above zero for an exterior.
pub(crate) fn area(ring: &[(i64, i64)]) -> i64 {
    let next = ring.iter().cycle().skip(1);
    ring.iter()
        .zip(next)
        .map(|(a, b)| a.0 * b.1 - b.0 * a.1)
        .sum()
}

impl Feature {
    /// Where a point is, if it lies in the tile itself.
    pub(crate) fn inside(&self) -> Option<(i64, i64)> {
        let place = self.parts[0][0];
        let own = 0..4096;
        (own.contains(&place.0) && own.contains(&place.1)).then_some(place)
    }
}
