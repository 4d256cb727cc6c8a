//! Reads a file on a thread of its own, and hands its records on in pieces.

use std::fs::File;
use std::ops::ControlFlow;
use std::path::PathBuf;

use tokio::sync::mpsc;
use yiwang_geofiles::{Broken, Columns, Fault, Item, Reading, Record, Summary, System, read};

use super::ImportQuery;

/// Records of one piece: as many as are drawn in one write.
const AT_ONCE: usize = 1_000;
/// Pieces that wait to be drawn.
const WAITING: usize = 2;

/// What comes out of a file.
#[derive(Debug)]
pub(crate) enum Piece {
    Records(Vec<Result<Record, Fault>>),
    /// The last one.
    End(Result<Summary, Broken>),
}

/// Begins to read the file; whoever stops listening ends it.
pub(crate) fn open(path: PathBuf, system: System, query: &ImportQuery) -> mpsc::Receiver<Piece> {
    let (pieces, received) = mpsc::channel(WAITING);
    let columns = Columns {
        lon: query.lon.clone(),
        lat: query.lat.clone(),
        wkt: query.wkt.clone(),
    };
    let (encoding, layer) = (query.encoding.clone(), query.table.clone());
    tokio::task::spawn_blocking(move || {
        let mut reading = Reading::of(system, &System::to_lon_lat);
        (reading.encoding, reading.layer, reading.columns) = (encoding, layer, columns);
        let mut waiting = Vec::with_capacity(AT_ONCE);
        let read = read_all(&path, &reading, &mut |item| {
            waiting.push(match item {
                Item::Record(record) => Ok(*record),
                Item::Fault(fault) => Err(fault),
            });
            if waiting.len() < AT_ONCE {
                return ControlFlow::Continue(());
            }
            let piece = Piece::Records(std::mem::take(&mut waiting));
            match pieces.blocking_send(piece) {
                Ok(()) => ControlFlow::Continue(()),
                Err(_nobody_listens) => ControlFlow::Break(()),
            }
        });
        let last = [Piece::Records(waiting), Piece::End(read)];
        for piece in last {
            // Who does not listen any more does not want to know.
            let _nobody_listens = pieces.blocking_send(piece);
        }
    });
    received
}

fn read_all(
    path: &PathBuf,
    reading: &Reading<'_>,
    receiver: &mut dyn FnMut(Item) -> ControlFlow<()>,
) -> Result<Summary, Broken> {
    let file = File::open(path).map_err(|error| Broken {
        what: format!("the file cannot be read: {error}"),
        advice: "send it again".to_owned(),
    })?;
    read(file, reading, receiver)
}
