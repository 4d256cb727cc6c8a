//! What devices tell: kinds 1 to 8 of the fire systems of a building, 21 to 28 of the device itself.

use super::fields::{DESCRIPTION_BYTES, Described, Sized8, object};
use crate::names::{
    AnalogueName, DeviceFlags, DeviceOperationFlags, OperationFlags, PartFlags, SystemFlags,
    analogue_name,
};

object! {
    /// One system of a building.
    #[derive(Copy, Hash)]
    SystemAddress[Some(2)] {
        /// [`crate::names::system_name`].
        system: u8,
        address: u8,
    }
}

object! {
    /// One part of a system.
    #[derive(Copy, Hash)]
    PartAddress[Some(7)] {
        system: SystemAddress,
        /// [`crate::names::part_name`].
        part: u8,
        /// As on the wire. Makers divide it as they like, often into a number and a loop of two bytes each, low byte
        /// first.
        address: [u8; 4],
    }
}

object! {
    /// 1.
    SystemState[Some(4)] {
        at: SystemAddress,
        state: SystemFlags,
    } + time
}

object! {
    /// 2.
    PartState[Some(9 + DESCRIPTION_BYTES)] {
        at: PartAddress,
        state: PartFlags,
        /// Where it is, in the words of whoever set the system up.
        description: String as Described,
    } + time
}

object! {
    /// 3.
    Analogue[Some(10)] {
        at: PartAddress,
        /// [`analogue_name`]; the standard's code of what is measured.
        quantity: u8,
        /// In steps of the quantity.
        steps: i16,
    } + time
}

object! {
    /// 4.
    Operation[Some(4)] {
        at: SystemAddress,
        done: OperationFlags,
        /// The number of who did it.
        operator: u8,
    } + time
}

object! {
    /// 5.
    SystemVersion[Some(4)] {
        at: SystemAddress,
        version: [u8; 2],
    }
}

object! {
    /// 6.
    SystemConfiguration[None] {
        at: SystemAddress,
        description: String as Sized8,
    }
}

object! {
    /// 7.
    PartConfiguration[Some(7 + DESCRIPTION_BYTES)] {
        at: PartAddress,
        description: String as Described,
    }
}

object! {
    /// 8.
    SystemTime[Some(2)] {
        at: SystemAddress,
    } + time
}

object! {
    /// 21.
    DeviceState[Some(1)] {
        state: DeviceFlags,
    } + time
}

object! {
    /// 24.
    DeviceOperation[Some(2)] {
        done: DeviceOperationFlags,
        /// The number of who did it.
        operator: u8,
    } + time
}

object! {
    /// 25.
    DeviceVersion[Some(2)] {
        version: [u8; 2],
    }
}

object! {
    /// 26.
    DeviceConfiguration[None] {
        description: String as Sized8,
    }
}

object! {
    /// 28.
    DeviceTime[Some(0)] {} + time
}

impl PartAddress {
    /// Eight hexadecimal digits, high byte first.
    pub fn text(&self) -> String {
        format!("{:08x}", u32::from_le_bytes(self.address))
    }

    /// The first and the second two bytes as numbers.
    pub fn words(&self) -> (u16, u16) {
        let [a, b, c, d] = self.address;
        (u16::from_le_bytes([a, b]), u16::from_le_bytes([c, d]))
    }
}

impl Analogue {
    /// What is measured, if the standard says.
    pub fn name(&self) -> Option<&'static AnalogueName> {
        analogue_name(self.quantity)
    }

    /// The standard's code of what is measured, as text.
    pub fn code(&self) -> String {
        self.quantity.to_string()
    }

    /// The value in the unit of the quantity; the bare number where the quantity is unknown.
    pub fn value(&self) -> f64 {
        let steps = f64::from(self.steps);
        self.name()
            .map_or(steps, |name| steps / name.steps_per_unit)
    }

    /// Does the value lie where the standard says that it can?
    pub fn is_in_range(&self) -> bool {
        self.name()
            .is_none_or(|name| (name.lowest..=name.highest).contains(&self.value()))
    }
}
