//! Observations are read by time, a piece at a time, from as few series as the page needs: of many series always
//! the one that goes on next. A page begins behind the place where the one before ended, however deep it is.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use yiwang_contracts::{Quality, Sample, Span};
use yiwang_odata::{Bounds, Expression, Node, Query, bounds, is_true};

use super::entity::{Entity, Kind, Stream};
use super::fault::{Answer, StaFault};
use super::find::Source;
use super::row::Seen;
use super::{OBSERVATIONS_TOP_MAX, Reader, page};

/// Values read at once from one series: at first, and at most.
const PIECE_LEAST: usize = 16;
const PIECE_MOST: usize = 10_000;
/// Observations that can be put in another order than that of time.
const SORTED_MAX: usize = 20_000;
/// Times that observations have: 1970 to 2100.
const TIMES: Span = Span {
    from: 0,
    to: 4_102_444_800_000_000,
};

/// A page of observations.
pub(super) struct Observed {
    pub entities: Vec<Entity>,
    /// The option and its value that the next page begins by.
    pub next: Option<(&'static str, String)>,
    pub count: Option<u64>,
}

/// Behind this observation a page begins.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Token {
    time: i64,
    stream: String,
}

impl Token {
    fn parse(text: &str) -> Answer<Self> {
        let fault = || {
            StaFault::bad(
                "query",
                "$skiptoken is what a nextLink has; it is not written by hand",
            )
        };
        let (time, stream) = text.split_once(':').ok_or_else(fault)?;
        Ok(Self {
            time: time.parse().map_err(|_none| fault())?,
            stream: stream.to_owned(),
        })
    }

    fn text(&self) -> String {
        format!("{}:{}", self.time, self.stream)
    }
}

/// The order that is asked for.
enum Sorting {
    NewestFirst,
    OldestFirst,
    /// Something else than time: everything is read, and sorted.
    Other,
}

impl Sorting {
    fn of(query: &Query) -> Self {
        let Some(first) = query.order.first() else {
            return Self::NewestFirst;
        };
        match &first.expression.node {
            Node::Path(path) if matches!(path.as_slice(), [name] if name == "phenomenonTime") => {
                if first.descending {
                    Self::NewestFirst
                } else {
                    Self::OldestFirst
                }
            }
            _ => Self::Other,
        }
    }
}

impl Reader<'_> {
    /// The page of a source of observations that a query asks for.
    pub(super) async fn observed_page(&self, source: &Source, query: &Query) -> Answer<Observed> {
        let filter = query.filter.as_ref();
        let span = filter.map_or(TIMES, |filter| {
            let Bounds { from, to } = bounds(filter, &["phenomenonTime"], self.now);
            Span {
                from: from.max(TIMES.from),
                to: to.min(TIMES.to),
            }
        });
        let mut streams = self.streams_of(source);
        if let Some(filter) = filter {
            streams = self.pruned(streams, filter)?;
        }
        let sorting = Sorting::of(query);
        let newest_first = !matches!(sorting, Sorting::OldestFirst);
        let count = if query.count == Some(true) {
            let scan = Scan::new(self, &streams, span, newest_first, None, PIECE_MOST);
            Some(self.counted(scan, filter).await?)
        } else {
            None
        };
        if matches!(sorting, Sorting::Other) {
            let scan = Scan::new(self, &streams, span, true, None, PIECE_MOST);
            return self.sorted(scan, query, count).await;
        }
        let token = query.skip_token.as_deref().map(Token::parse).transpose()?;
        let wanted = page::top(query, OBSERVATIONS_TOP_MAX) + query.skip.unwrap_or(0) as usize + 1;
        let piece = wanted.div_ceil(streams.len().max(1));
        let scan = Scan::new(self, &streams, span, newest_first, token.as_ref(), piece);
        let mut page = self.by_time(scan, query).await?;
        page.count = count;
        Ok(page)
    }

    /// The streams for which the parts of the condition hold that say something of the stream alone.
    fn pruned(&self, mut streams: Vec<Stream>, filter: &Expression) -> Answer<Vec<Stream>> {
        let of_stream = |part: &&Expression| {
            let paths = part.paths();
            let is_outside = |path: &&[String]| {
                Kind::Observation
                    .relation(path.first().map_or("", |name| name))
                    .is_some()
            };
            !paths.is_empty() && paths.iter().all(is_outside)
        };
        for part in filter.conjuncts().into_iter().filter(of_stream) {
            let mut kept = Vec::new();
            for stream in streams {
                let entity = Entity::Observation(stream.clone(), Box::new(NOTHING));
                if self.holds_for(part, &entity)? {
                    kept.push(stream);
                }
            }
            streams = kept;
        }
        Ok(streams)
    }

    pub(super) fn holds_for(&self, filter: &Expression, entity: &Entity) -> Answer<bool> {
        let seen = Seen {
            reader: self,
            entity,
        };
        is_true(filter, &seen, self.now).map_err(|mut fault| {
            "$filter".clone_into(&mut fault.option);
            fault.into()
        })
    }

    async fn by_time(&self, mut scan: Scan<'_>, query: &Query) -> Answer<Observed> {
        let (top, mut skip) = (
            page::top(query, OBSERVATIONS_TOP_MAX),
            query.skip.unwrap_or(0),
        );
        let mut entities = Vec::new();
        let mut last = None;
        loop {
            if !self.spent.look() {
                // It goes on from here with the next page, which may find more.
                let token: Token = last.ok_or_else(StaFault::too_much)?;
                return Ok(page_of(entities, Some(("$skiptoken", token.text()))));
            }
            let Some((stream, sample)) = scan.next().await? else {
                return Ok(page_of(entities, None));
            };
            let token = Token {
                time: sample.time,
                stream: stream.id(),
            };
            let entity = Entity::Observation(stream, Box::new(sample));
            let holds = match &query.filter {
                Some(filter) => self.holds_for(filter, &entity)?,
                None => true,
            };
            if holds && skip > 0 {
                skip -= 1;
            } else if holds && entities.len() == top {
                let next = last.map(|token: Token| ("$skiptoken", token.text()));
                return Ok(page_of(entities, next));
            } else if holds {
                entities.push(entity);
            }
            last = Some(token);
        }
    }

    async fn counted(&self, mut scan: Scan<'_>, filter: Option<&Expression>) -> Answer<u64> {
        let mut count = 0;
        while let Some((stream, sample)) = scan.next().await? {
            if !self.spent.look() {
                let message =
                    "there are too many observations to be counted; narrow phenomenonTime";
                return Err(StaFault::bad("too_much", message));
            }
            let holds = match filter {
                Some(filter) => {
                    let entity = Entity::Observation(stream, Box::new(sample));
                    self.holds_for(filter, &entity)?
                }
                None => true,
            };
            count += u64::from(holds);
        }
        Ok(count)
    }

    async fn sorted(
        &self,
        mut scan: Scan<'_>,
        query: &Query,
        count: Option<u64>,
    ) -> Answer<Observed> {
        let mut all = Vec::new();
        while let Some((stream, sample)) = scan.next().await? {
            let entity = Entity::Observation(stream, Box::new(sample));
            if let Some(filter) = &query.filter
                && !self.holds_for(filter, &entity)?
            {
                continue;
            }
            if all.len() == SORTED_MAX || !self.spent.look() {
                let message = format!(
                    "more than {SORTED_MAX} observations cannot be put in this order; narrow phenomenonTime, or \
                     order by it"
                );
                return Err(StaFault::bad("too_much", message));
            }
            all.push(entity);
        }
        let mut all = self.in_order(all, query)?;
        let (skip, top) = (
            query.skip.unwrap_or(0) as usize,
            page::top(query, OBSERVATIONS_TOP_MAX),
        );
        let next = (all.len() > skip + top).then(|| ("$skip", (skip + top).to_string()));
        let page = all.drain(skip.min(all.len())..).take(top).collect();
        Ok(Observed {
            count,
            ..page_of(page, next)
        })
    }
}

fn page_of(entities: Vec<Entity>, next: Option<(&'static str, String)>) -> Observed {
    Observed {
        entities,
        next,
        count: None,
    }
}

/// Stands for any observation of a stream where only the stream is asked for.
const NOTHING: Sample = Sample {
    time: 0,
    received: 0,
    value: f64::NAN,
    text: None,
    quality: Quality::Invalid,
};

/// Where one series is being read.
struct Cursor {
    stream: Stream,
    waiting: VecDeque<Sample>,
    left: Span,
    is_done: bool,
    piece: usize,
}

/// Many series being read as one.
struct Scan<'a> {
    reader: &'a Reader<'a>,
    cursors: Vec<Cursor>,
    /// The next time of each, and its place; the least first.
    heap: BinaryHeap<Reverse<(i64, usize)>>,
    newest_first: bool,
}

impl<'a> Scan<'a> {
    fn new(
        reader: &'a Reader<'a>,
        streams: &[Stream],
        span: Span,
        newest_first: bool,
        behind: Option<&Token>,
        piece: usize,
    ) -> Self {
        let mut scan = Self {
            reader,
            cursors: Vec::new(),
            heap: BinaryHeap::new(),
            newest_first,
        };
        let mut streams: Vec<(String, &Stream)> =
            streams.iter().map(|stream| (stream.id(), stream)).collect();
        streams.sort_by(|a, b| a.0.cmp(&b.0));
        for (id, stream) in streams {
            // A series of which nothing is known has nothing.
            let Some(newest) = reader.newest(stream) else {
                continue;
            };
            let left = narrowed(span, newest_first, behind, &id);
            if left.from < left.to && newest.time >= left.from {
                scan.open(stream.clone(), left, newest, piece);
            }
        }
        scan
    }

    fn open(&mut self, stream: Stream, mut left: Span, newest: Sample, piece: usize) {
        let mut waiting = VecDeque::new();
        let mut bound = left.from;
        if self.newest_first {
            bound = newest.time.min(left.to - 1);
            if newest.time < left.to && newest.quality != Quality::Deleted {
                left.to = newest.time;
                waiting.push_back(newest);
            }
        }
        let place = self.cursors.len();
        self.cursors.push(Cursor {
            stream,
            waiting,
            left,
            is_done: false,
            piece: piece.clamp(PIECE_LEAST, PIECE_MOST),
        });
        self.put(bound, place);
    }

    fn put(&mut self, time: i64, place: usize) {
        let key = if self.newest_first { -time } else { time };
        self.heap.push(Reverse((key, place)));
    }

    async fn next(&mut self) -> Answer<Option<(Stream, Sample)>> {
        while let Some(Reverse((_, place))) = self.heap.pop() {
            let Some(cursor) = self.cursors.get_mut(place) else {
                continue;
            };
            if let Some(sample) = cursor.waiting.pop_front() {
                let found = (cursor.stream.clone(), sample);
                let after = match cursor.waiting.front() {
                    Some(next) => Some(next.time),
                    None if cursor.is_done => None,
                    None if self.newest_first => Some(cursor.left.to - 1),
                    None => Some(cursor.left.from),
                };
                if let Some(time) = after {
                    self.put(time, place);
                }
                return Ok(Some(found));
            }
            if cursor.is_done || cursor.left.from >= cursor.left.to {
                continue;
            }
            self.reader.spent.read()?;
            cursor.load(self.reader, self.newest_first).await?;
            if let Some(first) = cursor.waiting.front() {
                let time = first.time;
                self.put(time, place);
            }
        }
        Ok(None)
    }
}

impl Cursor {
    async fn load(&mut self, reader: &Reader<'_>, newest_first: bool) -> Answer<()> {
        let Some(series) = self.stream.series() else {
            self.is_done = true;
            return Ok(());
        };
        let history = &reader.service.history;
        let read = history
            .samples(series, self.left, newest_first, self.piece)
            .await?;
        self.is_done = read.len() < self.piece;
        if let Some(last) = read.last() {
            if newest_first {
                self.left.to = last.time;
            } else {
                self.left.from = last.time + 1;
            }
        }
        self.waiting = read.into();
        self.piece = (self.piece * 2).min(PIECE_MOST);
        Ok(())
    }
}

/// What of a span lies behind a token for the stream `id`; streams at the same time follow each other by id.
fn narrowed(span: Span, newest_first: bool, behind: Option<&Token>, id: &str) -> Span {
    let Some(token) = behind else {
        return span;
    };
    let was_shown = id <= token.stream.as_str();
    if newest_first {
        let to = token.time.saturating_add(i64::from(!was_shown));
        Span {
            to: span.to.min(to),
            ..span
        }
    } else {
        let from = token.time.saturating_add(i64::from(was_shown));
        Span {
            from: span.from.max(from),
            ..span
        }
    }
}

impl Reader<'_> {
    /// The newest value of a stream, from memory.
    pub(super) fn newest(&self, stream: &Stream) -> Option<Sample> {
        let slot = self.service.registry().by_id(stream.binding.device.id)?;
        let live = slot.live();
        live.last.get(usize::from(stream.place))?.get()
    }
}
