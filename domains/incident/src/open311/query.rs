//! What a client asks of the list of requests. Pure.

use axum::http::StatusCode;
use jiff::SignedDuration;
use yiwang_kernel::Timestamp;

use super::fault::Open311Fault;
use super::post::Posted;
use crate::model::Status;
use crate::store::ListFilter;

/// Without dates a client gets the last 90 days, as the standard says; and no longer a span at once.
const SPAN: SignedDuration = SignedDuration::from_hours(90 * 24);
/// The standard's size of an answer.
const PAGE_SIZE_MAX: u64 = 1_000;
const PAGE_SIZE_DEFAULT: u64 = 50;
/// Deep pages are for those who ask by dates.
const PAGE_MAX: u64 = 50;
const NUMBERS_MAX: usize = 100;

pub(super) struct RequestsQuery {
    /// Asked for by their numbers; then nothing else counts.
    pub(super) numbers: Vec<String>,
    pub(super) filter: ListFilter,
    pub(super) page_size: u64,
    pub(super) skip_to: u64,
}

impl RequestsQuery {
    pub(super) fn read(query: &Posted, now: Timestamp) -> Result<Self, Open311Fault> {
        let bad = |reason: String| Open311Fault::new(StatusCode::BAD_REQUEST, reason);
        let list = |name: &str| -> Vec<String> {
            let text = query.get(name).unwrap_or_default();
            text.split(',')
                .map(str::trim)
                .filter(|part| !part.is_empty())
                .map(str::to_owned)
                .collect()
        };
        let numbers = list("service_request_id");
        if numbers.len() > NUMBERS_MAX {
            return Err(bad(format!(
                "at most {NUMBERS_MAX} service_request_id at once"
            )));
        }
        let instant = |name: &str| {
            let parse = |text: &str| {
                text.parse::<Timestamp>()
                    .map_err(|_wrong| bad(format!("{name} “{text}” is not a W3C date and time")))
            };
            query.get(name).map(parse).transpose()
        };
        let until = instant("end_date")?;
        let end = until.unwrap_or(now);
        let from = instant("start_date")?.unwrap_or(end - SPAN);
        if end.duration_since(from) > SPAN {
            return Err(bad(
                "start_date and end_date may be 90 days apart at most".to_owned()
            ));
        }
        let mut filter = ListFilter {
            from: Some(from),
            until,
            ..ListFilter::default()
        };
        filter.open = match list("status").as_slice() {
            [one] if one == "open" => Some(true),
            [one] if one == "closed" => Some(false),
            [] | [_, _] => None,
            _ => return Err(bad("status is open, closed or both".to_owned())),
        };
        match list("service_code").as_slice() {
            [] => {}
            [code] => filter.item = Some(code.clone()),
            _ => return Err(bad("one service_code at a time".to_owned())),
        }
        let number = |name: &str, default: u64, max: u64| match query.get(name) {
            None => Ok(default),
            Some(text) => match text.parse::<u64>() {
                Ok(value) if (1..=max).contains(&value) => Ok(value),
                _ => Err(bad(format!("{name} must be a number from 1 to {max}"))),
            },
        };
        let page_size = number("page_size", PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX)?;
        let page = number("page", 1, PAGE_MAX)?;
        Ok(Self {
            numbers,
            filter,
            page_size,
            skip_to: (page - 1) * page_size,
        })
    }
}

/// What the standard calls a status.
pub(super) fn status_word(status: Status) -> &'static str {
    if status.is_open() { "open" } else { "closed" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Result<RequestsQuery, Vec<String>> {
        let now = "2026-11-23T00:00:00Z".parse().unwrap();
        RequestsQuery::read(&Posted::form(query), now).map_err(|fault| fault.reasons)
    }

    #[test]
    fn the_last_ninety_days_are_the_default() {
        let query = read("status=open&service_code=02.01.01&page=3&page_size=20").unwrap();
        assert_eq!(
            query.filter.from.unwrap().to_string(),
            "2026-08-25T00:00:00Z"
        );
        assert_eq!(
            (query.filter.open, query.page_size, query.skip_to),
            (Some(true), 20, 40)
        );
        assert_eq!(read("status=open,closed").unwrap().filter.open, None);
        assert_eq!(read("service_request_id=a,b").unwrap().numbers, ["a", "b"]);
    }

    #[test]
    fn wrong_questions_are_told_what_is_right() {
        for (query, says) in [
            ("start_date=yesterday", "W3C"),
            (
                "start_date=2020-01-01T00:00:00Z&end_date=2026-01-01T00:00:00Z",
                "90 days",
            ),
            ("status=lost", "open, closed"),
            ("page=0", "1 to 50"),
            ("page_size=5000", "1 to 1000"),
            ("service_code=a,b", "one service_code"),
        ] {
            let reasons = read(query).err().unwrap();
            assert!(reasons[0].contains(says), "{query}: {reasons:?}");
        }
    }
}
