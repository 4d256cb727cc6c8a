//! Parameters behind the `?`. A repeated name is a list: `status=received&status=accepted`.

use std::borrow::Cow;

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::value::{Error, MapDeserializer, SeqDeserializer};
use serde::de::{
    DeserializeOwned, Deserializer, EnumAccess, IntoDeserializer, VariantAccess, Visitor,
};

use super::names::{Notation, field_fault};
use crate::Problem;

/// The query string's parameters. Empty values count as absent for `Option`s; a repeated name fills a `Vec`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Query<T>(pub T);

impl<T, S> FromRequestParts<S> for Query<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        parse(parts.uri.query().unwrap_or_default()).map(Self)
    }
}

fn parse<T: DeserializeOwned>(query: &str) -> Result<T, Problem> {
    let mut groups: Vec<(Cow<'_, str>, Vec<Cow<'_, str>>)> = Vec::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match groups.iter_mut().find(|(known, _)| *known == name) {
            Some((_, values)) => values.push(value),
            None => groups.push((name, vec![value])),
        }
    }
    let entries = groups
        .into_iter()
        .map(|(name, values)| (Name(name), Values(values)));
    serde_path_to_error::deserialize(MapDeserializer::new(entries)).map_err(
        |error: serde_path_to_error::Error<Error>| {
            let fault = field_fault(error.path(), &error.inner().to_string(), Notation::Name);
            let detail = format!(
                "{}: {}",
                if fault.path.is_empty() {
                    "the query"
                } else {
                    &fault.path
                },
                fault.message
            );
            Problem::new(StatusCode::BAD_REQUEST, "http.invalid_query", detail)
                .with_fields(vec![fault])
        },
    )
}

struct Name<'q>(Cow<'q, str>);

impl<'de> IntoDeserializer<'de> for Name<'de> {
    type Deserializer = serde::de::value::CowStrDeserializer<'de, Error>;

    fn into_deserializer(self) -> Self::Deserializer {
        self.0.into_deserializer()
    }
}

/// All values given for one name, in order.
struct Values<'q>(Vec<Cow<'q, str>>);

impl<'q> Values<'q> {
    fn one(mut self) -> Result<Cow<'q, str>, Error> {
        match (self.0.pop(), self.0.is_empty()) {
            (Some(value), true) => Ok(value),
            _ => Err(serde::de::Error::custom("this may be given only once")),
        }
    }
}

impl<'de> IntoDeserializer<'de> for Values<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

macro_rules! parsed {
    ($($method:ident => $visit:ident as $word:literal,)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            let text = self.one()?;
            match text.parse() {
                Ok(value) => visitor.$visit(value),
                Err(_) => Err(serde::de::Error::custom(concat!("this must be ", $word))),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for Values<'de> {
    type Error = Error;

    parsed! {
        deserialize_bool => visit_bool as "true or false",
        deserialize_i8 => visit_i8 as "a whole number",
        deserialize_i16 => visit_i16 as "a whole number",
        deserialize_i32 => visit_i32 as "a whole number",
        deserialize_i64 => visit_i64 as "a whole number",
        deserialize_u8 => visit_u8 as "a whole number, not negative",
        deserialize_u16 => visit_u16 as "a whole number, not negative",
        deserialize_u32 => visit_u32 as "a whole number, not negative",
        deserialize_u64 => visit_u64 as "a whole number, not negative",
        deserialize_f32 => visit_f32 as "a number",
        deserialize_f64 => visit_f64 as "a number",
        deserialize_char => visit_char as "one character",
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.0.len() > 1 {
            return self.deserialize_seq(visitor);
        }
        self.one()?.into_deserializer().deserialize_any(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.0.iter().all(|value| value.is_empty()) {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let each = self
            .0
            .into_iter()
            .filter(|value| !value.is_empty())
            .map(|value| Values(vec![value]));
        SeqDeserializer::new(each).deserialize_seq(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_enum(Variant(self.one()?))
    }

    serde::forward_to_deserialize_any! {
        str string bytes byte_buf unit unit_struct tuple tuple_struct map struct identifier ignored_any i128 u128
    }
}

/// A unit variant by its name.
struct Variant<'q>(Cow<'q, str>);

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = Error;
    type Variant = OnlyUnit;

    fn variant_seed<S: serde::de::DeserializeSeed<'de>>(
        self,
        seed: S,
    ) -> Result<(S::Value, OnlyUnit), Error> {
        seed.deserialize(self.0.into_deserializer())
            .map(|value| (value, OnlyUnit))
    }
}

struct OnlyUnit;

impl<'de> VariantAccess<'de> for OnlyUnit {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        Ok(())
    }

    fn newtype_variant_seed<S: serde::de::DeserializeSeed<'de>>(
        self,
        _seed: S,
    ) -> Result<S::Value, Error> {
        Err(serde::de::Error::custom("this must be one plain word"))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _len: usize, _visitor: V) -> Result<V::Value, Error> {
        Err(serde::de::Error::custom("this must be one plain word"))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _fields: &'static [&'static str],
        _visitor: V,
    ) -> Result<V::Value, Error> {
        Err(serde::de::Error::custom("this must be one plain word"))
    }
}
