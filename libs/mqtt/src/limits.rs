//! What one connection may take up. Every bound has a name; what is over it is refused.

use std::num::NonZeroU16;

use crate::topic::TopicLimits;

/// Shared by all connections of a listener.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one packet, header and all. MQTT 5 clients are told.
    pub packet_bytes_max: usize,
    /// Bytes of a CONNECT, which comes from anybody.
    pub connect_bytes_max: usize,
    /// Seconds in which a CONNECT has to come.
    pub connect_seconds_max: u16,
    /// Bytes of a client identifier.
    pub client_id_bytes_max: usize,
    /// The longest keep alive, and the one of clients that ask for none. MQTT 5 clients are told;
    /// those of 3.1.1 cannot be, and keep their own. 0 for none.
    pub keep_alive_seconds_max: u16,
    /// Publishes of QoS 1 and 2 that may wait for their answer. MQTT 5 clients are told and closed
    /// if they send more; from those of 3.1.1 no more is read until answers have gone out.
    pub publishes_max: NonZeroU16,
    /// Deliveries of QoS 1 that may wait for the client's answer, if it does not want fewer.
    pub deliveries_max: NonZeroU16,
    /// Bytes written and not taken away: deliveries are refused beyond, and nothing is read.
    pub output_bytes_max: usize,
    /// SUBSCRIBE and UNSUBSCRIBE that may wait for their answers; no more is read meanwhile.
    pub requests_max: u16,
    /// Topic aliases that are remembered. MQTT 5 clients are told.
    pub aliases_max: u16,
    /// Of topic names.
    pub topics: TopicLimits,
    /// What happens with a publish of MQTT 3.1.1 that is refused for good, of which its sender
    /// cannot be told (`[MQTT-3.3.5-2]`): acknowledged as if it had been taken, or closed.
    pub v3_acknowledges_refused: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            packet_bytes_max: 256 << 10,
            connect_bytes_max: 16 << 10,
            connect_seconds_max: 10,
            client_id_bytes_max: 128,
            keep_alive_seconds_max: 1_800,
            publishes_max: NonZeroU16::new(256).expect("not 0"),
            deliveries_max: NonZeroU16::new(32).expect("not 0"),
            output_bytes_max: 256 << 10,
            requests_max: 8,
            aliases_max: 8,
            topics: TopicLimits::default(),
            v3_acknowledges_refused: false,
        }
    }
}
