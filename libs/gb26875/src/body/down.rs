//! What the centre asks and orders.

use super::SystemAddress;
use super::fields::object;

object! {
    /// The one byte of orders that need no more; 0.
    #[derive(Copy, Default)]
    Reserved[Some(1)] {
        byte: u8,
    }
}

object! {
    /// 64: the records of a system from a time on.
    SystemRecordQuery[Some(3)] {
        at: SystemAddress,
        /// At most so many.
        count: u8,
    } + from
}

object! {
    /// 84: the records of the device from a time on.
    DeviceRecordQuery[Some(1)] {
        /// At most so many.
        count: u8,
    } + from
}

object! {
    /// 90: what the clock is to be set to.
    Clock[Some(0)] {} + time
}

object! {
    /// 91: is anybody there?
    DutyCheck[Some(1)] {
        /// Minutes within which somebody must answer by the key of the device.
        minutes: u8,
    }
}
