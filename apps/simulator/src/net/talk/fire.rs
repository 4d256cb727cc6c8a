//! Fire units speak GB/T 26875.3: that all parts are in order, now and then that one is faulty, and a fire when the
//! demo's dice say so, which is seldom.

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use yiwang_gb26875::body::{PartAddress, PartState, SystemAddress};
use yiwang_gb26875::names::PartFlags;
use yiwang_gb26875::{Address, Body, Sender};

use super::{heard, now, until_next};
use crate::dice::Dice;
use crate::net::ZONE;
use crate::net::instrument::Instrument;

const FIRE: u16 = 1 << 1;
const FAULT: u16 = 1 << 2;

pub(super) async fn speak(instrument: &Instrument, mut socket: TcpStream) -> anyhow::Result<()> {
    let source: Address = instrument.address.parse()?;
    let mut sender = Sender::new(source, Address::default(), [1, 1], ZONE);
    let mut buffer = Vec::new();
    let mut next = tokio::time::Instant::now() + until_next(instrument, true, false);
    loop {
        tokio::select! {
            () = tokio::time::sleep_until(next) => {
                let at = now();
                let mut dice = Dice::of(&[at.as_second() as u64, instrument.number as u64]);
                let state = match dice.unit() {
                    draw if draw < 0.004 => FIRE,
                    draw if draw < 0.04 => FAULT,
                    _ => 0,
                };
                let body = Body::PartStates(vec![PartState {
                    at: PartAddress {
                        system: SystemAddress { system: 1, address: 1 },
                        part: 42,
                        address: [1, 0, 2, 0],
                    },
                    state: PartFlags(state),
                    description: "示例楼三层走廊感烟".to_owned(),
                    time: Some(at.round(jiff::Unit::Second)?),
                }]);
                socket.write_all(&sender.send(&body, at)?.bytes).await?;
                next += until_next(instrument, false, false);
            }
            came = heard(&mut socket, &mut buffer) => {
                came?;
                buffer.clear();
            }
        }
    }
}
