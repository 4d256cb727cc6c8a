//! Paging by cursor: stable under inserts, bounded in size.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

pub const PAGE_LIMIT_DEFAULT: u32 = 50;
pub const PAGE_LIMIT_MAX: u32 = 500;

/// What a list takes: at most `limit` rows after `cursor` (opaque, from the page before).
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct PageRequest {
    /// Also taken as text: a query string flattened into another type has nothing but texts.
    #[serde(default, deserialize_with = "number_or_text")]
    pub limit: Option<u32>,
    pub cursor: Option<String>,
}

fn number_or_text<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<u32>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Limit {
        Number(u32),
        Text(String),
    }
    match Option::<Limit>::deserialize(deserializer)? {
        None => Ok(None),
        Some(Limit::Number(limit)) => Ok(Some(limit)),
        Some(Limit::Text(text)) => text.parse().map(Some).map_err(serde::de::Error::custom),
    }
}

impl PageRequest {
    /// The number of rows to answer with, within 1..=[`PAGE_LIMIT_MAX`].
    pub fn limit(&self) -> u32 {
        self.limit
            .unwrap_or(PAGE_LIMIT_DEFAULT)
            .clamp(1, PAGE_LIMIT_MAX)
    }

    /// The decoded position to go on from, if one was given.
    pub fn position<T: DeserializeOwned>(&self) -> Result<Option<T>, CursorFault> {
        self.cursor
            .as_deref()
            .map(|text| Cursor::decode(text))
            .transpose()
    }
}

/// One page of a list. `next` is absent on the last page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// Cuts a list that was read one row longer than `limit` into a page; `key` gives the last row's position.
    pub fn cut<K: Serialize>(mut rows: Vec<T>, limit: u32, key: impl Fn(&T) -> K) -> Self {
        let limit = limit as usize;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = if more {
            rows.last().map(|row| Cursor::encode(&key(row)))
        } else {
            None
        };
        Self { items: rows, next }
    }

    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(f).collect(),
            next: self.next,
        }
    }
}

/// The opaque form of a position in a list.
pub struct Cursor;

/// The cursor did not come from a page of this list.
#[derive(Debug, thiserror::Error)]
#[error("the cursor is not one that this list gave")]
pub struct CursorFault;

impl crate::Fault for CursorFault {
    fn kind(&self) -> crate::FaultKind {
        crate::FaultKind::Invalid
    }

    fn code(&self) -> &'static str {
        "page.bad_cursor"
    }
}

impl Cursor {
    pub fn encode<K: Serialize>(key: &K) -> String {
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(key).unwrap_or_default())
    }

    pub fn decode<K: DeserializeOwned>(text: &str) -> Result<K, CursorFault> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_error| CursorFault)?;
        serde_json::from_slice(&bytes).map_err(|_error| CursorFault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_names_its_next_only_when_there_is_more() {
        let page = Page::cut(vec![1, 2, 3], 2, |n| *n);
        assert_eq!(page.items, [1, 2]);
        assert_eq!(
            Cursor::decode::<i32>(page.next.as_deref().unwrap()).unwrap(),
            2
        );
        assert_eq!(Page::cut(vec![1, 2], 2, |n| *n).next, None);
        assert!(Cursor::decode::<i32>("not a cursor").is_err());
    }
}
